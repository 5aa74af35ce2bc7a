/* autoencoder_body.h - the kernels of autoencoder.h over lanes.h; included once by each autoencoder_ISA.c, which defines
 * AUTOENCODER_FILL, TILE_ROWS (4 or 8, as registers allow), TILE_WIDE (lanes side by side in `update`) and
 * transpose16. */
#include <string.h>

#include "kern/kern.h"
#include "kern/lanes.h"

/* c[r][l] += sum_t a[r * a_row + t * a_step] v[t * v_stride + 16 l]: one broadcast and `wide` products a row. What is
 * constant at the call is constant in here. */
INLINE void tile(lanes c[TILE_ROWS][TILE_WIDE], size_t wide, size_t count, const float *a, size_t a_row, size_t a_step,
                 const float *v, size_t v_stride)
{
    for (size_t t = 0; t < count; t++, a += a_step, v += v_stride) {
        lanes x[TILE_WIDE];
#pragma GCC unroll 4
        for (size_t l = 0; l < wide; l++)
            x[l] = lanes_load(v + LANES * l);
#pragma GCC unroll 8
        for (size_t r = 0; r < TILE_ROWS; r++) {
            lanes b = lanes_set(a[r * a_row]);
#pragma GCC unroll 4
            for (size_t l = 0; l < wide; l++)
                c[r][l] = lanes_fma(b, x[l], c[r][l]);
        }
    }
}

/* ---- products ---- */

static void forward(size_t k, size_t n, const float *w, const float *bias, const float *x, size_t x_stride, int relu,
                    float *y, size_t y_stride)
{
    const lanes floor = lanes_set(relu ? 0 : -3.4028235e38f);
    for (size_t j = 0; j < n; j += TILE_ROWS) {
        lanes c[TILE_ROWS][TILE_WIDE];
#pragma GCC unroll 8
        for (size_t r = 0; r < TILE_ROWS; r++)
            c[r][0] = lanes_set(bias[j + r]);
        tile(c, 1, k, w + j, 1, n, x, x_stride);
#pragma GCC unroll 8
        for (size_t r = 0; r < TILE_ROWS; r++)
            lanes_store(y + (j + r) * y_stride, lanes_max(c[r][0], floor));
    }
}

static void backward(size_t k, size_t n, const float *w, const float *dy, size_t dy_stride, const float *gate,
                     size_t gate_stride, float *dx, size_t dx_stride)
{
    for (size_t i = 0; i < k; i += TILE_ROWS) {
        lanes c[TILE_ROWS][TILE_WIDE];
#pragma GCC unroll 8
        for (size_t r = 0; r < TILE_ROWS; r++)
            c[r][0] = lanes_set(0);
        tile(c, 1, n, w + i * n, n, 1, dy, dy_stride);
#pragma GCC unroll 8
        for (size_t r = 0; r < TILE_ROWS; r++) {
            lanes v = gate ? lanes_gate(c[r][0], lanes_load(gate + (i + r) * gate_stride)) : c[r][0];
            lanes_store(dx + (i + r) * dx_stride, v);
        }
    }
}

/* ---- Adam ---- */

/* A number that is added and taken off again leaves no denormals behind: the moments of a weight whose gradient stays
 * 0 would fade into them, and they cost some processors a hundred cycles an operation. Against epsilon = 1e-7 what is
 * lost is nothing. */
#define FLUSH_M 1e-20f
#define FLUSH_V 1e-28f

/* Root and quotient are the processor's own: approximations with Newton steps took as long (13 us for 47,616 weights
 * on Zen 4) and differ from maker to maker. */
INLINE void adam_step(const kino_adam *a, lanes g, kino_moving p, size_t at)
{
    lanes m = lanes_load(p.m + at), v = lanes_load(p.v + at), w = lanes_load(p.w + at);
    m = lanes_fma(lanes_sub(g, m), lanes_set(a->less_beta1), m);
    v = lanes_fma(lanes_sub(lanes_mul(g, g), v), lanes_set(a->less_beta2), v);
    m = lanes_sub(lanes_add(m, lanes_set(FLUSH_M)), lanes_set(FLUSH_M));
    v = lanes_sub(lanes_add(v, lanes_set(FLUSH_V)), lanes_set(FLUSH_V));
    lanes step = lanes_div(lanes_mul(m, lanes_set(a->rate)), lanes_add(lanes_sqrt(v), lanes_set(a->epsilon)));
    lanes_store(p.m + at, m);
    lanes_store(p.v + at, v);
    lanes_store(p.w + at, lanes_sub(w, step));
}

INLINE void update_tile(size_t wide, size_t n, size_t rows, const float *x, size_t x_unit, size_t x_row,
                        const float *dy, const kino_adam *adam, kino_moving p, size_t at)
{
    lanes c[TILE_ROWS][TILE_WIDE];
#pragma GCC unroll 8
    for (size_t r = 0; r < TILE_ROWS; r++)
#pragma GCC unroll 4
        for (size_t l = 0; l < wide; l++)
            c[r][l] = lanes_set(0);
    tile(c, wide, rows, x, x_unit, x_row, dy, n);
#pragma GCC unroll 8
    for (size_t r = 0; r < TILE_ROWS; r++)
#pragma GCC unroll 4
        for (size_t l = 0; l < wide; l++)
            adam_step(adam, c[r][l], p, at + r * n + LANES * l);
}

static void update(size_t k, size_t n, size_t rows, const float *x, size_t x_unit, size_t x_row, const float *dy,
                   const kino_adam *adam, kino_moving p)
{
    for (size_t i = 0; i < k; i += TILE_ROWS) {
        size_t j = 0;
        for (; j + TILE_WIDE * LANES <= n; j += TILE_WIDE * LANES)
            update_tile(TILE_WIDE, n, rows, x + i * x_unit, x_unit, x_row, dy + j, adam, p, i * n + j);
        for (; j < n; j += LANES)
            update_tile(1, n, rows, x + i * x_unit, x_unit, x_row, dy + j, adam, p, i * n + j);
    }
}

/* ---- the sparse layer ---- */

/* c[l] += sum_i value[i] rows[index[i]][16 l] */
INLINE void gather(lanes c[TILE_ROWS], size_t wide, size_t n, size_t count, const uint32_t *index, const float *value,
                   const float *rows)
{
    for (size_t i = 0; i < count; i++) {
        const float *row = rows + index[i] * n;
        lanes b = lanes_set(value[i]);
#pragma GCC unroll 8
        for (size_t l = 0; l < wide; l++)
            c[l] = lanes_fma(b, lanes_load(row + LANES * l), c[l]);
    }
}

INLINE void forward_sparse_part(size_t wide, size_t n, size_t count, const uint32_t *index, const float *value,
                                const float *w, const float *bias, float *y)
{
    lanes c[TILE_ROWS];
#pragma GCC unroll 8
    for (size_t l = 0; l < wide; l++)
        c[l] = lanes_load(bias + LANES * l);
    gather(c, wide, n, count, index, value, w);
#pragma GCC unroll 8
    for (size_t l = 0; l < wide; l++)
        lanes_store(y + LANES * l, lanes_max(c[l], lanes_set(0)));
}

static void forward_sparse(size_t n, size_t count, const uint32_t *index, const float *value, const float *w,
                           const float *bias, float *y)
{
    size_t j = 0;
    for (; j + TILE_ROWS * LANES <= n; j += TILE_ROWS * LANES)
        forward_sparse_part(TILE_ROWS, n, count, index, value, w + j, bias + j, y + j);
    for (; j < n; j += LANES)
        forward_sparse_part(1, n, count, index, value, w + j, bias + j, y + j);
}

INLINE void update_sparse_part(size_t wide, size_t n, size_t count, const uint32_t *index, const float *value,
                               const float *dy, const kino_adam *adam, kino_moving p, size_t at)
{
    lanes c[TILE_ROWS];
#pragma GCC unroll 8
    for (size_t l = 0; l < wide; l++)
        c[l] = lanes_set(0);
    gather(c, wide, n, count, index, value, dy);
#pragma GCC unroll 8
    for (size_t l = 0; l < wide; l++)
        adam_step(adam, c[l], p, at + LANES * l);
}

static void update_sparse(size_t n, size_t count, const uint32_t *index, const float *value, const float *dy,
                          const kino_adam *adam, kino_moving p)
{
    size_t j = 0;
    for (; j + TILE_ROWS * LANES <= n; j += TILE_ROWS * LANES)
        update_sparse_part(TILE_ROWS, n, count, index, value, dy + j, adam, p, j);
    for (; j < n; j += LANES)
        update_sparse_part(1, n, count, index, value, dy + j, adam, p, j);
}

static void update_sum(size_t n, size_t rows, const float *dy, const kino_adam *adam, kino_moving p)
{
    for (size_t j = 0; j < n; j += LANES) {
        lanes g = lanes_set(0);
        for (size_t r = 0; r < rows; r++)
            g = lanes_add(g, lanes_load(dy + r * n + j));
        adam_step(adam, g, p, j);
    }
}

static void transpose(size_t rows, size_t columns, const float *in, size_t in_stride, float *out, size_t out_stride)
{
    for (size_t r = 0; r < rows; r += 16)
        for (size_t c = 0; c < columns; c += 16)
            transpose16(in + r * in_stride + c, in_stride, out + c * out_stride + r, out_stride);
}

/* ---- batch normalisation ---- */

static void norm_moments(size_t rows, size_t n, const float *x, float *moments)
{
    const lanes share = lanes_set(rows ? 1.0f / (float)rows : 0);
    for (size_t j = 0; j < n; j += LANES) {
        lanes sum = lanes_set(0), square = sum;
        for (size_t r = 0; r < rows; r++)
            sum = lanes_add(sum, lanes_load(x + r * n + j));
        lanes mean = lanes_mul(sum, share);
        for (size_t r = 0; r < rows; r++) {
            lanes d = lanes_sub(lanes_load(x + r * n + j), mean);
            square = lanes_fma(d, d, square);
        }
        lanes_store(moments + j, mean);
        lanes_store(moments + n + j, square);
    }
}

/* Joined as Chan, Golub and LeVeque do: squares of slices, and of their means about the mean of all. */
static void norm_stats(size_t rows, size_t n, const float *moments, float epsilon, float *stats)
{
    const size_t slices = (rows + KINO_SLICE - 1) / KINO_SLICE;
    const lanes share = lanes_set(1.0f / (float)rows);
    for (size_t j = 0; j < n; j += LANES) {
        lanes sum = lanes_set(0), square = sum;
        for (size_t s = 0; s < slices; s++) {
            lanes count = lanes_set((float)(s + 1 < slices ? KINO_SLICE : rows - s * KINO_SLICE));
            sum = lanes_fma(count, lanes_load(moments + 2 * s * n + j), sum);
        }
        lanes mean = lanes_mul(sum, share);
        for (size_t s = 0; s < slices; s++) {
            lanes count = lanes_set((float)(s + 1 < slices ? KINO_SLICE : rows - s * KINO_SLICE));
            lanes d = lanes_sub(lanes_load(moments + 2 * s * n + j), mean);
            square = lanes_add(square, lanes_load(moments + (2 * s + 1) * n + j));
            square = lanes_fma(lanes_mul(d, d), count, square);
        }
        lanes variance = lanes_mul(square, share);
        lanes_store(stats + j, mean);
        lanes_store(stats + n + j, lanes_div(lanes_set(1), lanes_sqrt(lanes_add(variance, lanes_set(epsilon)))));
        lanes_store(stats + 2 * n + j, variance);
    }
}

static void norm_forward(size_t rows, size_t n, const float *x, const float *stats, const float *gain,
                         const float *mask, float *y)
{
    for (size_t j = 0; j < n; j += LANES) {
        lanes mean = lanes_load(stats + j), factor = lanes_mul(lanes_load(stats + n + j), lanes_load(gain + j));
        lanes beta = lanes_load(gain + n + j);
        for (size_t i = j; i < rows * n; i += n) {
            lanes v = lanes_fma(lanes_sub(lanes_load(x + i), mean), factor, beta);
            lanes_store(y + i, mask ? lanes_mul(v, lanes_load(mask + i)) : v);
        }
    }
}

static void norm_sums(size_t rows, size_t n, const float *x, const float *stats, const float *mask, float *dy,
                      float *sums)
{
    for (size_t j = 0; j < n; j += LANES) {
        lanes mean = lanes_load(stats + j), scale = lanes_load(stats + n + j);
        lanes gamma = lanes_set(0), beta = gamma;
        for (size_t i = j; i < rows * n; i += n) {
            lanes g = lanes_mul(lanes_load(dy + i), lanes_load(mask + i));
            lanes_store(dy + i, g);
            beta = lanes_add(beta, g);
            gamma = lanes_fma(g, lanes_mul(lanes_sub(lanes_load(x + i), mean), scale), gamma);
        }
        lanes_store(sums + j, gamma);
        lanes_store(sums + n + j, beta);
    }
}

static void norm_backward(size_t rows, size_t rows_all, size_t n, const float *x, const float *stats, const float *gain,
                          const float *sums, const float *dy, float *dx)
{
    const lanes share = lanes_set(1.0f / (float)rows_all);
    for (size_t j = 0; j < n; j += LANES) {
        lanes mean = lanes_load(stats + j), scale = lanes_load(stats + n + j);
        lanes factor = lanes_mul(scale, lanes_load(gain + j));
        lanes tilt = lanes_mul(scale, lanes_mul(lanes_load(sums + j), share));
        lanes level = lanes_mul(lanes_load(sums + n + j), share);
        for (size_t i = j; i < rows * n; i += n) {
            lanes v = lanes_load(x + i), d = lanes_sub(lanes_load(dy + i), level);
            d = lanes_sub(d, lanes_mul(lanes_sub(v, mean), tilt));
            lanes_store(dx + i, lanes_gate(lanes_mul(d, factor), v));
        }
    }
}

/* ---- dropout and output ---- */

/* Integers by the compiler's own vectors, which every instruction set has. */
typedef uint32_t words __attribute__((vector_size(64)));

static void dropout(size_t n, uint64_t key, uint32_t threshold, float scale, float *mask)
{
    const uint32_t low = (uint32_t)key, high = (uint32_t)(key >> 32);
    words count = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint32_t bits;
    memcpy(&bits, &scale, sizeof bits);
    for (size_t j = 0; j < n; j += LANES, count += LANES) {
        words h = (count + low) * 0x9e3779b9u; /* two rounds of multiply and fold, a half of the key before each */
        h = (h ^ h >> 16) + high;
        h *= 0x21f0aaadu;
        h = (h ^ h >> 15) * 0xd35a2d97u;
        h = (h ^ h >> 15) >> 8;
        h = (words)(h >= threshold) & bits;
        memcpy(mask + j, &h, sizeof h);
    }
}

/* 1 / (1 + e^-|x|), or e^-|x| times that for x < 0: nothing overflows, and small results keep their digits. */
INLINE lanes sigmoid_of(lanes x)
{
    lanes zero = lanes_set(0), one = lanes_set(1);
    lanes low = lanes_min(x, zero), high = lanes_max(x, zero);
    lanes e = lanes_exp2(lanes_mul(lanes_sub(low, high), lanes_set(1.44269504089f)));
    lanes top = lanes_max(lanes_gate(one, x), e); /* 1 for x > 0, else e: at 0 both are 1 */
    return lanes_div(top, lanes_add(one, e));
}

static void sigmoid(size_t n, const uint8_t *which, float *y)
{
    for (size_t j = 0; j < n; j++)
        if (which[j])
            lanes_store(y + j * LANES, sigmoid_of(lanes_load(y + j * LANES)));
}

static float error(size_t rows, size_t n, const uint8_t *which, float scale, float *y)
{
    float some[LANES];
    for (size_t r = 0; r < LANES; r++)
        some[r] = r < rows;
    const lanes alive = lanes_load(some), factor = lanes_mul(alive, lanes_set(scale)), one = lanes_set(1);
    lanes sum = lanes_set(0);
    for (size_t j = 0; j < n; j++) {
        lanes v = lanes_load(y + j * LANES), d = lanes_mul(v, alive);
        sum = lanes_fma(d, d, sum);
        d = lanes_mul(d, factor);
        lanes_store(y + j * LANES, which[j] ? lanes_mul(d, lanes_mul(v, lanes_sub(one, v))) : d);
    }
    return lanes_sum(sum);
}

void AUTOENCODER_FILL(kino_kernels *k)
{
    k->dense = (kino_autoencoder_kernels){
        .forward = forward,
        .backward = backward,
        .update = update,
        .forward_sparse = forward_sparse,
        .update_sparse = update_sparse,
        .update_sum = update_sum,
        .transpose = transpose,
        .norm_moments = norm_moments,
        .norm_stats = norm_stats,
        .norm_forward = norm_forward,
        .norm_sums = norm_sums,
        .norm_backward = norm_backward,
        .dropout = dropout,
        .sigmoid = sigmoid,
        .error = error,
    };
}
