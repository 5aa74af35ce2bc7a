/* autoencoder.h - kernels of a small dense network that is trained: products, batch normalisation, dropout, Adam.
 *
 * A batch is handled in slices of KINO_SLICE rows. Activations have one of two layouts: by row, [rows][n], or by unit,
 * [n][stride], in which the rows of a slice are the lanes of a register and follow each other. n is a multiple of 16
 * and every pointer is 64-byte aligned. Products need no transposed copy of the weights: by unit, forward and backward
 * walk the same matrix, one along its columns, one along its rows.
 *
 * Every sum has one order, which depends neither on how the work is cut nor on the instruction set; levels with a
 * fused multiply-add give the same bits. */
#ifndef KINO_KERN_AUTOENCODER_H
#define KINO_KERN_AUTOENCODER_H

#include <stddef.h>
#include <stdint.h>

#define KINO_SLICE 16

/* One step of Adam as Keras has it: m += (g - m)(1 - beta1), v += (g^2 - v)(1 - beta2),
 * w -= rate m / (sqrt(v) + epsilon), rate being learning rate * sqrt(1 - beta2^t) / (1 - beta1^t). */
typedef struct kino_adam {
    float rate, less_beta1, less_beta2, epsilon; /* less: 1 - beta */
} kino_adam;

/* Where a gradient goes: parameters and their two moments. A rate of 0 moves the moments alone. */
typedef struct kino_moving {
    float *w, *m, *v;
} kino_moving;

typedef struct kino_autoencoder_kernels {
    /* y[n] = bias[n] + sum_k x[k] w[k][n], for one slice by unit; relu or not */
    void (*forward)(size_t k, size_t n, const float *w, const float *bias, const float *x, size_t x_stride, int relu,
                    float *y, size_t y_stride);
    /* dx[k] = sum_n w[k][n] dy[n], for one slice by unit; 0 where gate[k] (NULL: no gate), the relu's output, is 0 */
    void (*backward)(size_t k, size_t n, const float *w, const float *dy, size_t dy_stride, const float *gate,
                     size_t gate_stride, float *dx, size_t dx_stride);
    /* dw[k][n] = sum over rows r of x[k][r] dy[r][n], and a step of Adam with it. x[k][r] is x[k * x_unit + r * x_row];
     * k is a multiple of 8. */
    void (*update)(size_t k, size_t n, size_t rows, const float *x, size_t x_unit, size_t x_row, const float *dy,
                   const kino_adam *adam, kino_moving p);

    /* The same two for a layer whose inputs are mostly 0. y[n] = relu(bias[n] + sum_i value[i] w[index[i]][n]): one
     * row */
    void (*forward_sparse)(size_t n, size_t count, const uint32_t *index, const float *value, const float *w,
                           const float *bias, float *y);
    /* dw[n] = sum_i value[i] dy[index[i]][n]: one row of the matrix */
    void (*update_sparse)(size_t n, size_t count, const uint32_t *index, const float *value, const float *dy,
                          const kino_adam *adam, kino_moving p);
    /* dw[n] = sum over rows of dy[r][n]: a bias, or with rows = 1 whatever has its gradient already */
    void (*update_sum)(size_t n, size_t rows, const float *dy, const kino_adam *adam, kino_moving p);

    /* out[c][r] = in[r][c]; rows and columns are multiples of 16 */
    void (*transpose)(size_t rows, size_t columns, const float *in, size_t in_stride, float *out, size_t out_stride);

    /* ---- batch normalisation, by row ---- */

    /* moments[2][n]: mean of x[rows][n], and sum of squared deviations from it; zeros for no rows */
    void (*norm_moments)(size_t rows, size_t n, const float *x, float *moments);
    /* stats[3][n] = mean, 1 / sqrt(variance + epsilon), variance, of `rows` rows in slices, from moments[slice][2][n] */
    void (*norm_stats)(size_t rows, size_t n, const float *moments, float epsilon, float *stats);
    /* y = ((x - mean) scale gamma + beta) mask, over x[rows][n]; stats as above, gain[2][n] = gamma, beta; mask may be
     * NULL */
    void (*norm_forward)(size_t rows, size_t n, const float *x, const float *stats, const float *gain,
                         const float *mask, float *y);
    /* dy *= mask; sums[2][n] = sum dy (x - mean) scale, sum dy: the gradients of gamma and beta */
    void (*norm_sums)(size_t rows, size_t n, const float *x, const float *stats, const float *mask, float *dy,
                      float *sums);
    /* dx = gamma scale (dy - sums[1] / rows_all - (x - mean) scale sums[0] / rows_all), 0 where x, a relu's output,
     * is 0 */
    void (*norm_backward)(size_t rows, size_t rows_all, size_t n, const float *x, const float *stats, const float *gain,
                          const float *sums, const float *dy, float *dx);

    /* mask[n] = scale, or 0 with probability threshold / 2^24; a function of key and position */
    void (*dropout)(size_t n, uint64_t key, uint32_t threshold, float scale, float *mask);
    /* The sigmoid of the units that want one, in place; y[n], by unit, one slice, stride 16 */
    void (*sigmoid)(size_t n, const uint8_t *which, float *y);
    /* The error of an output where 0 is wanted: y[n] becomes scale y, times the derivative y (1 - y) of a sigmoid; 0 in
     * lanes from `rows` on. Returns the sum of y^2. By unit, one slice, stride 16 */
    float (*error)(size_t rows, size_t n, const uint8_t *which, float scale, float *y);
} kino_autoencoder_kernels;

#endif
