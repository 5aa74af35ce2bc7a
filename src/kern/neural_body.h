/* neural_body.h - what a transformer does between its matrix products, written over lanes.h; included once by each
 * neural_ISA.c, which defines NEURAL_FILL. The contracts are in kern.h. */
#include <math.h>

#include "kern/kern.h"
#include "kern/lanes.h"

static void gelu(float *x, size_t n)
{
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(x + i, lanes_gelu(lanes_load(x + i)));
}

/* sum = x + residual into out; returns the mean and what the deviation is divided by */
INLINE lanes moments(size_t n, const float *x, const float *residual, float *out, lanes *scale)
{
    lanes sum = lanes_set(0), square = sum;
    const float share = 1.0f / (float)n;
    for (size_t i = 0; i < n; i += LANES) {
        lanes v = lanes_load(x + i);
        if (residual)
            v = lanes_add(v, lanes_load(residual + i));
        lanes_store(out + i, v);
        sum = lanes_add(sum, v);
    }
    lanes mean = lanes_set(lanes_sum(sum) * share);
    for (size_t i = 0; i < n; i += LANES) {
        lanes v = lanes_sub(lanes_load(out + i), mean);
        square = lanes_fma(v, v, square);
    }
    /* BERT's 1e-12 under the root, which keeps a constant row finite. */
    *scale = lanes_set(1.0f / sqrtf(lanes_sum(square) * share + 1e-12f));
    return mean;
}

static void layernorm(size_t rows, size_t n, const float *x, const float *residual, const float *gain, float *out)
{
    const float *bias = gain + n;
    for (size_t r = 0; r < rows; r++, x += n, out += n) {
        lanes scale, mean = moments(n, x, residual, out, &scale);
        residual = residual ? residual + n : NULL;
        for (size_t i = 0; i < n; i += LANES) {
            lanes v = lanes_mul(lanes_sub(lanes_load(out + i), mean), scale);
            lanes_store(out + i, lanes_fma(v, lanes_load(gain + i), lanes_load(bias + i)));
        }
    }
}

/* The butterflies of Hadamard's matrix of order 8, over eight registers: x[i] becomes a sum of +-x[j]. */
INLINE void mix(lanes x[8])
{
#pragma GCC unroll 3
    for (size_t step = 1; step < 8; step *= 2)
#pragma GCC unroll 8
        for (size_t i = 0; i < 8; i++)
            if (!(i & step)) {
                lanes a = x[i], b = x[i + step];
                x[i] = lanes_add(a, b);
                x[i + step] = lanes_sub(a, b);
            }
}

/* Stores 128 mixed numbers, and widens the range low..high to hold them. */
INLINE void put_mixed(lanes x[8], float *out, lanes *low, lanes *high)
{
    mix(x);
#pragma GCC unroll 8
    for (size_t i = 0; i < 8; i++) {
        lanes_store(out + i * LANES, x[i]);
        *low = lanes_min(*low, x[i]);
        *high = lanes_max(*high, x[i]);
    }
}

/* One row of codes. Ties go to even; the top code may be passed by a rounding, hence the minimum. */
INLINE void put_codes(size_t n, const float *x, lanes low, lanes high, size_t row, kino_codes *out)
{
    float least = lanes_smallest(low), most = lanes_largest(high);
    least = least < 0 ? least : 0;
    most = most > 0 ? most : 0;
    float range = most - least > 1e-30f ? most - least : 1e-30f;
    lanes per = lanes_set(255.0f / range), top = lanes_set(255.0f);
    lanes zero = lanes_round(lanes_mul(lanes_set(-least), per));
    uint8_t *code = out->code + row * n;
    for (size_t i = 0; i < n; i += LANES) {
        lanes v = lanes_add(lanes_round(lanes_mul(lanes_load(x + i), per)), zero);
        lanes_store_bytes(code + i, lanes_min(lanes_max(v, lanes_set(0)), top));
    }
    float zeros[LANES];
    lanes_store(zeros, zero);
    out->zero[row] = zeros[0];
    out->scale[row] = range * (1.0f / 255.0f);
}

static void quantise(size_t rows, size_t n, float *x, int mixed, kino_codes *out)
{
    for (size_t r = 0; r < rows; r++, x += n) {
        lanes low = lanes_set(0), high = low;
        for (size_t i = 0; mixed && i < n; i += KINO_MIX) {
            lanes v[8];
#pragma GCC unroll 8
            for (size_t j = 0; j < 8; j++)
                v[j] = lanes_load(x + i + j * LANES);
            put_mixed(v, x + i, &low, &high);
        }
        for (size_t i = 0; !mixed && i < n; i += LANES) {
            lanes v = lanes_load(x + i);
            low = lanes_min(low, v);
            high = lanes_max(high, v);
        }
        put_codes(n, x, low, high, r, out);
    }
}

static void layernorm_codes(size_t rows, size_t n, float *x, const float *add, const float *gain,
                            const float *gain_codes, kino_codes *out)
{
    const float *bias = gain + n, *bias_codes = gain_codes + n;
    float smooth[KINO_MAX_NORM];
    for (size_t r = 0; r < rows; r++, x += n) {
        lanes scale, mean = moments(n, x, add, x, &scale);
        lanes low = lanes_set(0), high = low;
        add = add ? add + n : NULL;
        for (size_t i = 0; i < n; i += KINO_MIX) {
            lanes v[8];
#pragma GCC unroll 8
            for (size_t j = 0; j < 8; j++) {
                const size_t at = i + j * LANES;
                lanes u = lanes_mul(lanes_sub(lanes_load(x + at), mean), scale);
                lanes_store(x + at, lanes_fma(u, lanes_load(gain + at), lanes_load(bias + at)));
                v[j] = lanes_fma(u, lanes_load(gain_codes + at), lanes_load(bias_codes + at));
            }
            put_mixed(v, smooth + i, &low, &high);
        }
        put_codes(n, smooth, low, high, r, out);
    }
}

/* scores[rows][stride] = 2^(q k - largest of the row), zeros behind `tokens`; sums[rows] */
static void scores_of_rows(size_t rows, size_t tokens, size_t stride, const float *q, size_t q_stride,
                           const float *keys /* [32][stride] */, float *scores, float *inverse)
{
    for (size_t r = 0; r < rows; r++, q += q_stride, scores += stride) {
        lanes top = lanes_set(-INFINITY), sum = lanes_set(0);
        for (size_t t = 0; t < stride; t += LANES) {
            lanes s = lanes_set(0);
            for (size_t d = 0; d < KINO_HEAD; d++)
                s = lanes_fma(lanes_set(q[d]), lanes_load(keys + d * stride + t), s);
            lanes_store(scores + t, s);
        }
        for (size_t t = tokens; t < stride; t++)
            scores[t] = -INFINITY;
        for (size_t t = 0; t < stride; t += LANES)
            top = lanes_max(top, lanes_load(scores + t));
        top = lanes_set(lanes_largest(top));
        for (size_t t = 0; t < stride; t += LANES) {
            lanes s = lanes_exp2(lanes_sub(lanes_load(scores + t), top));
            lanes_store(scores + t, s);
            sum = lanes_add(sum, s);
        }
        inverse[r] = 1.0f / lanes_sum(sum);
    }
}

/* Four rows at a time: enough independent sums to hide the latency of the multiply-adds. */
enum { QUERIES = 4 };

static void attention(size_t tokens, size_t heads, const float *qkv, float *scratch, float *out)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim, stride = (tokens + LANES - 1) / LANES * LANES;
    float *keys = scratch, *scores = keys + KINO_HEAD * stride, inverse[QUERIES];
    for (size_t h = 0; h < heads; h++) {
        const float *q = qkv + h * KINO_HEAD, *k = q + dim, *v = k + dim;
        for (size_t d = 0; d < KINO_HEAD; d++)
            for (size_t t = 0; t < stride; t++)
                keys[d * stride + t] = t < tokens ? k[t * step + d] : 0;
        for (size_t r = 0; r < tokens; r += QUERIES) {
            size_t rows = tokens - r < QUERIES ? tokens - r : QUERIES;
            scores_of_rows(rows, tokens, stride, q + r * step, step, keys, scores, inverse);
            for (size_t i = 0; i < rows; i++) {
                const float *p = scores + i * stride;
                lanes low = lanes_set(0), high = low;
                for (size_t t = 0; t < tokens; t++) {
                    lanes weight = lanes_set(p[t]);
                    low = lanes_fma(weight, lanes_load(v + t * step), low);
                    high = lanes_fma(weight, lanes_load(v + t * step + LANES), high);
                }
                float *o = out + (r + i) * dim + h * KINO_HEAD;
                lanes_store(o, lanes_mul(low, lanes_set(inverse[i])));
                lanes_store(o + LANES, lanes_mul(high, lanes_set(inverse[i])));
            }
        }
    }
}

static void pool(size_t tokens, size_t n, const float *x, float *out)
{
    lanes square = lanes_set(0), share = lanes_set(1.0f / (float)tokens);
    for (size_t i = 0; i < n; i += LANES) {
        lanes sum = lanes_set(0);
        for (size_t t = 0; t < tokens; t++)
            sum = lanes_add(sum, lanes_load(x + t * n + i));
        sum = lanes_mul(sum, share);
        lanes_store(out + i, sum);
        square = lanes_fma(sum, sum, square);
    }
    float length = sqrtf(lanes_sum(square));
    lanes scale = lanes_set(1.0f / (length > 1e-12f ? length : 1e-12f));
    for (size_t i = 0; i < n; i += LANES)
        lanes_store(out + i, lanes_mul(lanes_load(out + i), scale));
}

void NEURAL_FILL(kino_kernels *k)
{
    k->gelu = gelu;
    k->layernorm = layernorm;
    k->quantise = quantise;
    k->layernorm_codes = layernorm_codes;
    k->attention = attention;
    k->pool = pool;
}
