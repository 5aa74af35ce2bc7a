/* transformer_body.h - what a transformer does between its matrix products, written over lanes.h; included once by each
 * transformer_ISA.c, which defines TRANSFORMER_FILL. The contracts are in kern.h. */
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

/* One row of codes; the range low..high has 0 in it. A rounding may pass 0, hence the maximum. */
INLINE void put_codes(size_t n, const float *x, lanes low, lanes high, size_t row, kino_codes *out)
{
    const float least = lanes_smallest(low), most = lanes_largest(high);
    const float range = most - least > 1e-30f ? most - least : 1e-30f;
    lanes per = lanes_set(255.0f / range), none = lanes_set(0);
    lanes zero = lanes_round(lanes_mul(lanes_set(-least), per));
    uint8_t *code = out->code + row * n;
    for (size_t i = 0; i < n; i += LANES)
        lanes_store_bytes(code + i, lanes_max(lanes_fma(lanes_load(x + i), per, zero), none));
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

static void quantise_heads(size_t rows, size_t n, const float *x, uint8_t *code, float *scale)
{
    for (size_t i = 0; i < rows * n; i += KINO_HEAD, x += KINO_HEAD, code += KINO_HEAD) {
        lanes low = lanes_load(x), high = lanes_load(x + LANES), none = lanes_set(0), middle = lanes_set(128);
        lanes size = lanes_max(lanes_max(low, lanes_sub(none, low)), lanes_max(high, lanes_sub(none, high)));
        float most = lanes_largest(size);
        most = most > 1e-30f ? most : 1e-30f;
        lanes per = lanes_set(127.0f / most);
        lanes_store_bytes(code, lanes_fma(low, per, middle));
        lanes_store_bytes(code + LANES, lanes_fma(high, per, middle));
        *scale++ = most * (1.0f / 127.0f);
    }
}

/* ---- attention ----
 * Both of its products are tiles: `ROWS_AT_ONCE` rows by one or two registers, as separate variables (an array would
 * stay in memory), each sum in the order of k whatever the tile. */
#ifdef KINO_LANES_AVX512
enum { ROWS_AT_ONCE = 8, WIDE = 2 };
#elif defined(KINO_LANES_NEON)
enum { ROWS_AT_ONCE = 5, WIDE = 1 };
#else
enum { ROWS_AT_ONCE = 6, WIDE = 1 };
#endif

#define ROWS(each) each(0) each(1) each(2) each(3) each(4) each(5) each(6) each(7)
#define CLEAR(r) lanes l##r = lanes_set(0), h##r = l##r;
#define STEP(r)                                                                                                        \
    if (r < rows) {                                                                                                    \
        lanes x = lanes_set(a[r * a_step + i]);                                                                        \
        l##r = lanes_fma(x, left, l##r);                                                                               \
        if (wide == 2)                                                                                                 \
            h##r = lanes_fma(x, right, h##r);                                                                          \
    }
#define STORE(r)                                                                                                       \
    if (r < rows) {                                                                                                    \
        lanes_store(out + r * out_step, l##r);                                                                         \
        if (wide == 2)                                                                                                 \
            lanes_store(out + r * out_step + LANES, h##r);                                                             \
    }

/* out[rows][16 wide] = a[rows][k] b[k][16 wide], each with its own distance between rows */
INLINE void tile_rows(size_t rows, int wide, size_t k, const float *a, size_t a_step, const float *b, size_t b_step,
                      float *out, size_t out_step)
{
    ROWS(CLEAR)
    for (size_t i = 0; i < k; i++) {
        lanes left = lanes_load(b + i * b_step), right = wide == 2 ? lanes_load(b + i * b_step + LANES) : left;
        ROWS(STEP)
    }
    ROWS(STORE)
}

#undef ROWS
#undef CLEAR
#undef STEP
#undef STORE

#define TAIL(rows)                                                                                                     \
    case rows:                                                                                                         \
        tile_rows(rows, wide, k, a, a_step, b, b_step, out, out_step);                                                 \
        break;

INLINE void tile(size_t rows, int wide, size_t k, const float *a, size_t a_step, const float *b, size_t b_step,
                 float *out, size_t out_step)
{
    /* clang-format off */
    switch (rows) {
        TAIL(1) TAIL(2) TAIL(3) TAIL(4)
    default:
        tile_rows(ROWS_AT_ONCE, wide, k, a, a_step, b, b_step, out, out_step);
    case 0:
        break;
#if !defined(KINO_LANES_NEON)
        TAIL(5)
#endif
#if defined(KINO_LANES_AVX512)
        TAIL(6) TAIL(7)
#endif
    }
    /* clang-format on */
}

/* scores[stride] become 2^(score - largest), those from `tokens` on 0 or nearly; returns 1 / their sum. */
static float softmax(size_t tokens, size_t stride, float *scores)
{
    lanes top = lanes_set(-INFINITY), sum = lanes_set(0);
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
    return 1.0f / lanes_sum(sum);
}

static void attention(size_t tokens, size_t heads, const float *qkv, float *scratch, float *out)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim, stride = (tokens + LANES - 1) / LANES * LANES;
    float *keys = scratch /* [32][stride] */, *scores = keys + KINO_HEAD * stride /* [ROWS_AT_ONCE][stride] */;
    for (size_t h = 0; h < heads; h++) {
        const float *q = qkv + h * KINO_HEAD, *k = q + dim, *v = k + dim;
        for (size_t t = 0; t < stride; t++)
            for (size_t d = 0; d < KINO_HEAD; d++)
                keys[d * stride + t] = t < tokens ? k[t * step + d] : 0;
        for (size_t r = 0; r < tokens; r += ROWS_AT_ONCE) {
            size_t rows = tokens - r < ROWS_AT_ONCE ? tokens - r : ROWS_AT_ONCE;
            for (size_t t = 0; t < stride; t += LANES)
                tile(rows, 1, KINO_HEAD, q + r * step, step, keys + t, stride, scores + t, stride);
            lanes inverse[ROWS_AT_ONCE];
            for (size_t i = 0; i < rows; i++)
                inverse[i] = lanes_set(softmax(tokens, stride, scores + i * stride));
            float *o = out + r * dim + h * KINO_HEAD;
            for (size_t c = 0; c < KINO_HEAD; c += LANES * WIDE)
                tile(rows, WIDE, tokens, scores, stride, v + c, step, o + c, dim);
            /* Divided at the end: 32 numbers a row and not `tokens`. */
            for (size_t i = 0; i < rows; i++, o += dim)
                for (size_t c = 0; c < KINO_HEAD; c += LANES)
                    lanes_store(o + c, lanes_mul(lanes_load(o + c), inverse[i]));
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

void TRANSFORMER_FILL(kino_kernels *k)
{
    k->gelu = gelu;
    k->layernorm = layernorm;
    k->quantise = quantise;
    k->layernorm_codes = layernorm_codes;
    k->quantise_heads = quantise_heads;
    k->attention = attention;
    k->pool = pool;
}
