/* naive.h - every numeric kernel once more: plain loops in double precision, written from what kern.h, autoencoder.h
 * and lanes.h promise and not from their bodies, which all levels share. Include it behind <math.h>. */
#ifndef KINO_TESTS_NAIVE_H
#define KINO_TESTS_NAIVE_H

#include <math.h>
#include <stddef.h>
#include <stdint.h>

#include "kern/kern.h"
#include "kino.h"

#define NAIVE static inline __attribute__((unused))

/* The tables of all levels this machine has. */
typedef struct levels {
    kino_kernels table[KINO_ISA_COUNT];
    size_t count;
} levels;

NAIVE void naive_levels(levels *l)
{
    l->count = 0;
    for (int isa = 0; isa < KINO_ISA_COUNT; isa++)
        l->count += (size_t)kino_kernels_for((kino_isa)isa, &l->table[l->count]);
}

NAIVE double naive_gelu(double x)
{
    return 0.5 * x * erfc(-x / sqrt(2));
}

NAIVE double naive_sigmoid(double x)
{
    return 1 / (1 + exp(-x));
}

/* One output of a product of floats: a[k] times column c of panels [n / 32][k][32]. */
NAIVE double naive_product(size_t k, const float *a, const float *w, const float *bias, size_t c)
{
    double sum = (double)bias[c];
    for (size_t i = 0; i < k; i++)
        sum += (double)a[i] * (double)w[c / 32 * 32 * k + i * 32 + c % 32];
    return sum;
}

/* One weight of panels of bytes, [n / 32][k / 4][32][4]. */
NAIVE size_t naive_byte_place(size_t k, size_t c, size_t i)
{
    return c / 32 * 32 * k + i / 4 * 128 + c % 32 * 4 + i % 4;
}

/* One weight of panels of bf16, [n / 32][k / 2][32][2]. */
NAIVE size_t naive_pair_place(size_t k, size_t c, size_t i)
{
    return c / 32 * 32 * k + i / 2 * 64 + c % 32 * 2 + i % 2;
}

/* x[n] becomes (x + residual - mean) / sqrt(variance + 1e-12) * gain + offset */
NAIVE void naive_layernorm(size_t n, const float *x, const float *residual, const float *gain, double *out)
{
    double mean = 0, variance = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = (double)x[i] + (residual ? (double)residual[i] : 0);
        mean += out[i] / (double)n;
    }
    for (size_t i = 0; i < n; i++)
        variance += (out[i] - mean) * (out[i] - mean) / (double)n;
    for (size_t i = 0; i < n; i++)
        out[i] = (out[i] - mean) / sqrt(variance + 1e-12) * (double)gain[i] + (double)gain[n + i];
}

/* In each 128 numbers the eight that stand 16 apart become Hadamard's matrix times them. */
NAIVE void naive_mix(size_t n, double *x)
{
    for (size_t i = 0; i < n; i += KINO_MIX)
        for (size_t c = i; c < i + 16; c++) {
            double sum[8] = {0};
            for (size_t row = 0; row < 8; row++)
                for (size_t j = 0; j < 8; j++)
                    sum[row] += x[c + 16 * j] * (__builtin_popcount((unsigned)(row & j)) % 2 ? -1 : 1);
            for (size_t row = 0; row < 8; row++)
                x[c + 16 * row] = sum[row];
        }
}

/* The range of x[n], zero included, is cut into 255 steps: the size of one, and where 0 lies among them, unrounded. */
NAIVE void naive_steps(size_t n, const double *x, double *step, double *zero)
{
    double least = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        least = fmin(least, x[i]);
        most = fmax(most, x[i]);
    }
    *step = (most - least) / 255;
    *zero = *step > 0 ? -least / *step : 0;
}

/* out[32] of one query and head: softmax, by powers of two, of the queries' products with the keys, times the values. */
NAIVE void naive_attention(size_t tokens, size_t heads, const float *qkv, size_t query, size_t head, double *out)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim;
    const float *q = qkv + query * step + head * KINO_HEAD, *keys = qkv + dim + head * KINO_HEAD, *values = keys + dim;
    double weights[KINO_MAX_TOKENS], top = -INFINITY, sum = 0;
    for (size_t t = 0; t < tokens; t++) {
        weights[t] = 0;
        for (size_t d = 0; d < KINO_HEAD; d++)
            weights[t] += (double)q[d] * (double)keys[t * step + d];
        top = fmax(top, weights[t]);
    }
    for (size_t t = 0; t < tokens; t++) {
        weights[t] = exp2(weights[t] - top);
        sum += weights[t];
    }
    for (size_t d = 0; d < KINO_HEAD; d++) {
        out[d] = 0;
        for (size_t t = 0; t < tokens; t++)
            out[d] += weights[t] / sum * (double)values[t * step + d];
    }
}

/* The same of bytes: a weight times its value's scale becomes one of 255 steps. Where a step is nearly between two codes
 * either is right: slack[32] is what those may make of the result, with what the coarse power of two may. */
NAIVE void naive_attention_i8(size_t tokens, size_t heads, const uint8_t *qkv, const float *scale, size_t query,
                              size_t head, double *out, double *slack)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim, scales = 3 * heads;
    const uint8_t *q = qkv + query * step + head * KINO_HEAD, *keys = qkv + dim + head * KINO_HEAD,
                  *values = keys + dim;
    double p[KINO_MAX_TOKENS], top = -INFINITY, sum = 0, most = 0;
    for (size_t t = 0; t < tokens; t++) {
        int64_t dot = 0;
        for (size_t d = 0; d < KINO_HEAD; d++)
            dot += (q[d] - 128) * (keys[t * step + d] - 128);
        p[t] = (double)dot * (double)scale[query * scales + head] * (double)scale[t * scales + heads + head];
        top = fmax(top, p[t]);
    }
    for (size_t t = 0; t < tokens; t++) {
        p[t] = exp2(p[t] - top);
        sum += p[t];
        p[t] *= (double)scale[t * scales + 2 * heads + head];
        most = fmax(most, p[t]);
    }
    for (size_t d = 0; d < KINO_HEAD; d++)
        out[d] = slack[d] = 0;
    for (size_t t = 0; t < tokens; t++) {
        const double at = 255 * p[t] / most, code = rint(at), off = fabs(at - code);
        for (size_t d = 0; d < KINO_HEAD; d++) {
            const double value = values[t * step + d] - 128, one = most / 255 / sum;
            out[d] += code * value * one;
            slack[d] += fabs(value) * one * ((off > 0.5 - 4e-4 * at - 1e-3) + 3e-4 * code);
        }
    }
}

/* The mean over tokens, of length 1. */
NAIVE void naive_pool(size_t tokens, size_t n, const float *x, double *out)
{
    double square = 0;
    for (size_t i = 0; i < n; i++) {
        out[i] = 0;
        for (size_t t = 0; t < tokens; t++)
            out[i] += (double)x[t * n + i] / (double)tokens;
        square += out[i] * out[i];
    }
    for (size_t i = 0; i < n; i++)
        out[i] /= sqrt(square);
}

/* ---- the trained network ---- */

/* One step of Adam for one parameter. */
NAIVE void naive_adam(const kino_adam *a, double g, double *w, double *m, double *v)
{
    *m += (g - *m) * (double)a->less_beta1;
    *v += (g * g - *v) * (double)a->less_beta2;
    *w -= (double)a->rate * *m / (sqrt(*v) + (double)a->epsilon);
}

/* Mean and variance of column j of x[rows][n]. */
NAIVE void naive_moments(size_t rows, size_t n, const float *x, size_t j, double *mean, double *variance)
{
    *mean = *variance = 0;
    for (size_t r = 0; r < rows; r++)
        *mean += (double)x[r * n + j] / (double)rows;
    for (size_t r = 0; r < rows; r++)
        *variance += ((double)x[r * n + j] - *mean) * ((double)x[r * n + j] - *mean) / (double)rows;
}

#endif
