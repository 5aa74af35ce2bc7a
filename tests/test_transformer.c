/* test_transformer.c - what a transformer does between its products: every level against plain loops in double
 * precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define KINO_LANES_SCALAR
#include "base/alloc.h"
#include "base/bytes.h"
#include "kern/lanes.h"
#include "naive.h"

static levels all;

static int fill_tables(void **state)
{
    (void)state;
    naive_levels(&all);
    return 0;
}

static float *noise(uint64_t purpose, size_t n, float scale)
{
    float *p = kino_alloc_floats(n);
    for (size_t i = 0; i < n; i++)
        p[i] = (kino_random_unit(1, purpose, i) - 0.5f) * 2 * scale;
    return p;
}

static void assert_near(const float *got, const double *want, size_t n, double tolerance, const char *isa)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs((double)got[i] - want[i]) <= tolerance))
            fail_msg("%s: [%zu] is %.9g, expected %.9g", isa, i, (double)got[i], want[i]);
}

/* ---- the functions of lanes.h, of which no kernel shows the last digits ---- */

static void powers_of_two(void **state)
{
    (void)state;
    float x[LANES], fine[LANES], coarse[LANES];
    for (int round = 0; round < 40000; round++) {
        for (int i = 0; i < LANES; i++)
            x[i] = -(float)(round * LANES + i) * 0x1p-12f;
        lanes_store(fine, lanes_exp2(lanes_load(x)));
        lanes_store(coarse, lanes_exp2_coarse(lanes_load(x)));
        for (int i = 0; i < LANES; i++) {
            const double want = exp2(fmax((double)x[i], -126));
            assert_true(fabs((double)fine[i] / want - 1) <= 1e-7);
            assert_true(fabs((double)coarse[i] / want - 1) <= (x[i] > -125 ? 8e-5 : 2e-4));
        }
    }
}

static void coarse_gelu(void **state)
{
    (void)state;
    float x[LANES], y[LANES];
    for (int round = -30000; round < 30000; round++) {
        for (int i = 0; i < LANES; i++)
            x[i] = (float)(round * LANES + i) * 0x1p-14f;
        lanes_store(y, lanes_gelu_coarse(lanes_load(x)));
        for (int i = 0; i < LANES; i++) {
            const double want = naive_gelu((double)x[i]);
            assert_true(fabs((double)y[i] - want) <= (fabsf(x[i]) < 2 ? 1.1e-5 : fmax(1e-4, 2.4e-5 * want)));
        }
    }
}

/* ---- kernels ---- */

static void gelu_is_that_of_the_exact_erf(void **state)
{
    (void)state;
    enum { N = 1 << 16 };
    float *x = kino_alloc_floats(N), *y = kino_alloc_floats(N + 1), *first = kino_alloc_floats(N);
    for (size_t t = 0; t < all.count; t++) {
        for (size_t i = 0; i < N; i++)
            y[i] = x[i] = ((float)i - N / 2) * (24.0f / N);
        all.table[t].gelu(y, N);
        for (size_t i = 0; i < N; i++)
            if (fabs((double)y[i] - naive_gelu((double)x[i])) > 2e-7 + 1.2e-7 * fabs((double)x[i]))
                fail_msg("%s: gelu(%.9g) = %.9g", kino_isa_name(all.table[t].isa), (double)x[i], (double)y[i]);
        if (t)
            assert_memory_equal(y, first, N * sizeof *y);
        memcpy(first, y, N * sizeof *y);
        for (size_t n = 0; n < 64 * 16; n += 16) {
            y[n] = 2;
            all.table[t].gelu(y, n);
            assert_true(y[n] == 2);
        }
    }
    free(x), free(y), free(first);
}

static void layer_norm(void **state)
{
    (void)state;
    enum { ROWS = 5, N = 400 };
    float *x = noise(7, ROWS * N, 3), *more = noise(8, ROWS * N, 1), *gain = noise(9, 2 * N, 1);
    float *got = kino_alloc_floats(ROWS * N + 1), *first = kino_alloc_floats(ROWS * N);
    double want[N];
    for (size_t n = 16; n <= N; n += 16)
        for (int residual = 0; residual < 2; residual++)
            for (size_t t = 0; t < all.count; t++) {
                const size_t rows = n / 16 % (ROWS + 1);
                got[rows * n] = 12345;
                all.table[t].layernorm(rows, n, x, residual ? more : NULL, gain, got);
                assert_true(got[rows * n] == 12345);
                for (size_t r = 0; r < rows; r++) {
                    naive_layernorm(n, x + r * n, residual ? more + r * n : NULL, gain, want);
                    assert_near(got + r * n, want, n, 3e-6, kino_isa_name(all.table[t].isa));
                }
                if (t)
                    assert_memory_equal(got, first, rows * n * sizeof *got);
                memcpy(first, got, rows * n * sizeof *got);
            }
    for (size_t t = 0; t < all.count; t++) {
        /* A constant row has no direction; it must not become NaN. In place, with the residual the same. */
        float flat[384];
        for (size_t i = 0; i < 384; i++)
            flat[i] = 1;
        all.table[t].layernorm(1, 384, flat, flat, gain, flat);
        for (size_t i = 0; i < 384; i++)
            assert_true(fabsf(flat[i] - gain[384 + i]) <= 1e-6f);
        /* A row whose variance is 1e-12 itself shows what stands under the root. */
        for (size_t i = 0; i < 384; i++)
            flat[i] = i % 2 ? 1e-6f : -1e-6f;
        naive_layernorm(384, flat, NULL, gain, want);
        all.table[t].layernorm(1, 384, flat, NULL, gain, flat);
        assert_near(flat, want, 384, 1e-6, kino_isa_name(all.table[t].isa));
    }
    free(x), free(more), free(gain), free(got), free(first);
}

enum { HEADS = 2, HEADS_DIM = HEADS * KINO_HEAD };

static void self_attention(void **state)
{
    (void)state;
    float *qkv = noise(10, KINO_MAX_TOKENS * 3 * HEADS_DIM, 2),
          *got = kino_alloc_floats(KINO_MAX_TOKENS * HEADS_DIM + 1);
    float *first = kino_alloc_floats(KINO_MAX_TOKENS * HEADS_DIM);
    float *scratch = kino_alloc_floats(KINO_ATTENTION_SCRATCH(KINO_MAX_TOKENS));
    double want[KINO_HEAD];
    for (size_t tokens = 1; tokens <= KINO_MAX_TOKENS; tokens += tokens < 70 ? 1 : 31)
        for (size_t t = 0; t < all.count; t++) {
            got[tokens * HEADS_DIM] = 12345;
            all.table[t].attention(tokens, HEADS, qkv, scratch, got);
            assert_true(got[tokens * HEADS_DIM] == 12345);
            for (size_t h = 0; h < HEADS; h++)
                for (size_t q = 0; q < tokens; q += 1 + tokens / 16) {
                    naive_attention(tokens, HEADS, qkv, q, h, want);
                    assert_near(got + q * HEADS_DIM + h * KINO_HEAD, want, KINO_HEAD, 5e-6,
                                kino_isa_name(all.table[t].isa));
                }
            if (t)
                assert_memory_equal(got, first, tokens * HEADS_DIM * sizeof *got);
            memcpy(first, got, tokens * HEADS_DIM * sizeof *got);
        }
    free(qkv), free(got), free(first), free(scratch);
}

/* x ~ scale * (code - 128): the largest of a head becomes 1 or 255, every number the nearest step. */
static void heads_as_bytes(void **state)
{
    (void)state;
    enum { ROWS = 33, N = 3 * HEADS_DIM };
    float *x = noise(11, ROWS * N, 2), scale[ROWS * N / KINO_HEAD], first_scale[ROWS * N / KINO_HEAD];
    uint8_t code[ROWS * N], first[ROWS * N];
    memset(x + 2 * KINO_HEAD, 0, KINO_HEAD * sizeof *x); /* a head without anything */
    x[5] = 300;
    x[KINO_HEAD + 31] = -300;
    for (size_t rows = 0; rows <= ROWS; rows++)
        for (size_t t = 0; t < all.count; t++) {
            memset(code, 77, sizeof code);
            all.table[t].quantise_heads(rows, N, x, code, scale);
            for (size_t i = 0; i < rows * N; i += KINO_HEAD) {
                double most = 0;
                for (size_t j = i; j < i + KINO_HEAD; j++)
                    most = fmax(most, fabs((double)x[j]));
                assert_true(fabs((double)scale[i / KINO_HEAD] - most / 127) <= 1e-6 * most + 1e-30);
                for (size_t j = i; j < i + KINO_HEAD; j++) {
                    const double at = most > 0 ? 128 + 127 * (double)x[j] / most : 128;
                    assert_true(fabs(code[j] - at) <= 0.5001 && code[j] >= 1);
                }
            }
            assert_true(rows == ROWS || code[rows * N] == 77);
            if (t) {
                assert_memory_equal(code, first, rows * N);
                assert_memory_equal(scale, first_scale, rows * N / KINO_HEAD * sizeof *scale);
            }
            memcpy(first, code, rows * N);
            memcpy(first_scale, scale, rows * N / KINO_HEAD * sizeof *scale);
        }
    free(x);
}

/* A first token with large weights and small values is there, as in the real network. */
static void self_attention_of_bytes(void **state)
{
    (void)state;
    const size_t n = KINO_MAX_TOKENS * 3 * HEADS_DIM, scales = KINO_MAX_TOKENS * 3 * HEADS;
    float *qkv = noise(12, n, 2), *got = kino_alloc_floats(KINO_MAX_TOKENS * HEADS_DIM + 1);
    float *first = kino_alloc_floats(KINO_MAX_TOKENS * HEADS_DIM), *scale = kino_alloc_floats(scales);
    float *scratch = kino_alloc_floats(KINO_ATTENTION_SCRATCH(KINO_MAX_TOKENS));
    uint8_t *code = kino_alloc_aligned(n);
    double want[KINO_HEAD], slack[KINO_HEAD];
    for (size_t i = 0; i < HEADS_DIM; i++) {
        qkv[HEADS_DIM + i] *= 2;
        qkv[2 * HEADS_DIM + i] *= 0.02f;
    }
    memset(qkv + 6 * HEADS_DIM, 0, KINO_HEAD * sizeof *qkv);
    all.table[0].quantise_heads(KINO_MAX_TOKENS, 3 * HEADS_DIM, qkv, code, scale);
    for (size_t tokens = 1; tokens <= KINO_MAX_TOKENS; tokens += tokens < 70 ? 1 : 31)
        for (size_t t = 0; t < all.count; t++) {
            got[tokens * HEADS_DIM] = 12345;
            all.table[t].attention_i8(tokens, HEADS, code, scale, scratch, got);
            assert_true(got[tokens * HEADS_DIM] == 12345);
            for (size_t h = 0; h < HEADS && !t; h++)
                for (size_t q = 0; q < tokens; q += 1 + tokens / 16) {
                    naive_attention_i8(tokens, HEADS, code, scale, q, h, want, slack);
                    for (size_t d = 0; d < KINO_HEAD; d++) {
                        const double v = (double)got[q * HEADS_DIM + h * KINO_HEAD + d];
                        if (!(fabs(v - want[d]) <= slack[d] + 1e-6))
                            fail_msg("%zu tokens, query %zu: %.9g, expected %.9g within %.2g", tokens, q, v, want[d],
                                     slack[d]);
                    }
                }
            if (t)
                assert_memory_equal(got, first, tokens * HEADS_DIM * sizeof *got);
            memcpy(first, got, tokens * HEADS_DIM * sizeof *got);
        }
    free(qkv), free(got), free(first), free(scratch), free(scale), free(code);
}

static void pooling(void **state)
{
    (void)state;
    enum { N = 384 };
    float *x = noise(11, KINO_MAX_TOKENS * N, 1), got[N + 1], first[N];
    double want[N];
    for (size_t tokens = 1; tokens <= KINO_MAX_TOKENS; tokens += tokens < 64 ? 1 : 32)
        for (size_t n = 16; n <= N; n += tokens % 8 ? N - 16 : 16)
            for (size_t t = 0; t < all.count; t++) {
                naive_pool(tokens, n, x, want);
                got[n] = 12345;
                all.table[t].pool(tokens, n, x, got);
                assert_near(got, want, n, 5e-7, kino_isa_name(all.table[t].isa));
                assert_true(got[n] == 12345);
                if (t)
                    assert_memory_equal(got, first, n * sizeof *got);
                memcpy(first, got, n * sizeof *got);
            }
    memset(x, 0, N * sizeof *x); /* what has no direction stays 0 */
    for (size_t t = 0; t < all.count; t++) {
        all.table[t].pool(1, N, x, got);
        for (size_t i = 0; i < N; i++)
            assert_true(got[i] == 0);
    }
    free(x);
}

/* ---- bytes ---- */

static kino_codes new_codes(size_t rows, size_t k)
{
    return (kino_codes){kino_alloc(rows * k), kino_alloc_floats(rows), kino_alloc_floats(rows)};
}

static void free_codes(kino_codes *c)
{
    free(c->code), free(c->scale), free(c->zero);
}

/* One row of codes is that of x[n]: the step, the whole zero, and every number's nearest step. */
static void assert_codes(const kino_codes *c, size_t row, size_t n, const double *x, const char *isa)
{
    double step, zero;
    naive_steps(n, x, &step, &zero);
    assert_true(fabs((double)c->scale[row] - step) <= 2e-6 * step + 1e-30);
    assert_true(c->zero[row] == rintf(c->zero[row]) && fabs((double)c->zero[row] - zero) <= 0.501);
    for (size_t i = 0; i < n; i++) {
        const double at = fmin(fmax((double)c->zero[row] + (step > 0 ? x[i] / step : 0), 0), 255);
        if (!(fabs(c->code[row * n + i] - at) <= 0.502))
            fail_msg("%s: row %zu, [%zu] is %d, expected %g", isa, row, i, c->code[row * n + i], at);
    }
}

static void rows_as_bytes(void **state)
{
    (void)state;
    enum { N = 1536, ROWS = 7 };
    float *x = noise(30, ROWS * N, 2), *copy = kino_alloc_floats(ROWS * N);
    double want[N];
    kino_codes c = new_codes(ROWS + 1, N), first = new_codes(ROWS, N);
    for (int mixed = 0; mixed < 2; mixed++)
        for (size_t n = mixed ? KINO_MIX : 16; n <= N; n += mixed ? KINO_MIX : n < 1024 ? 16 : 128) {
            for (size_t r = 0; r < ROWS; r++)
                for (size_t i = 0; i < n; i++) {
                    float *one = &x[r * n + i];
                    *one = (kino_random_unit(31, r, i) - 0.5f) * 4;
                    if (r == 1)
                        *one = 0;
                    else if (r == 2)
                        *one = fabsf(*one) + 3;
                    else if (r == 3 && i == 5)
                        *one = 1000;
                    else if (r == 4)
                        *one = -1 - fabsf(*one);
                }
            for (size_t rows = 0; rows <= ROWS; rows += 1 + rows % 2)
                for (size_t t = 0; t < all.count; t++) {
                    memcpy(copy, x, ROWS * n * sizeof *x);
                    memset(c.code, 77, (ROWS + 1) * N);
                    all.table[t].quantise(rows, n, copy, mixed, &c);
                    assert_int_equal(c.code[rows * n], 77);
                    for (size_t r = 0; r < rows; r++) {
                        for (size_t i = 0; i < n; i++)
                            want[i] = (double)x[r * n + i];
                        if (mixed)
                            naive_mix(n, want);
                        assert_codes(&c, r, n, want, kino_isa_name(all.table[t].isa));
                    }
                    if (t) {
                        assert_memory_equal(c.code, first.code, rows * n);
                        assert_memory_equal(c.scale, first.scale, rows * sizeof(float));
                        for (size_t r = 0; r < rows; r++)
                            assert_true(c.zero[r] == first.zero[r]); /* 0 may have either sign */
                    }
                    memcpy(first.code, c.code, rows * n);
                    memcpy(first.scale, c.scale, rows * sizeof(float));
                    memcpy(first.zero, c.zero, rows * sizeof(float));
                }
        }
    free(x), free(copy), free_codes(&c), free_codes(&first);
}

static void layer_norm_as_bytes(void **state)
{
    (void)state;
    enum { ROWS = 5 };
    const size_t room = ROWS * KINO_MAX_NORM;
    float *x = noise(40, room, 3), *add = noise(41, room, 1), *gain = noise(42, 2 * KINO_MAX_NORM, 1);
    float *gain2 = noise(43, 2 * KINO_MAX_NORM, 2), *got = kino_alloc_floats(room + 1),
          *first = kino_alloc_floats(room);
    double want[KINO_MAX_NORM];
    kino_codes c = new_codes(ROWS, KINO_MAX_NORM), first_codes = new_codes(ROWS, KINO_MAX_NORM);
    for (size_t n = KINO_MIX; n <= KINO_MAX_NORM; n += KINO_MIX)
        for (int residual = 0; residual < 2; residual++)
            for (size_t t = 0; t < all.count; t++) {
                memcpy(got, x, ROWS * n * sizeof *x);
                got[ROWS * n] = 12345;
                all.table[t].layernorm_codes(ROWS, n, got, residual ? add : NULL, gain, gain2, &c);
                assert_true(got[ROWS * n] == 12345);
                for (size_t r = 0; r < ROWS; r++) {
                    const float *more = residual ? add + r * n : NULL;
                    naive_layernorm(n, x + r * n, more, gain, want);
                    assert_near(got + r * n, want, n, 3e-6, kino_isa_name(all.table[t].isa));
                    naive_layernorm(n, x + r * n, more, gain2, want);
                    naive_mix(n, want);
                    assert_codes(&c, r, n, want, kino_isa_name(all.table[t].isa));
                }
                if (t) {
                    assert_memory_equal(got, first, ROWS * n * sizeof *got);
                    assert_memory_equal(c.code, first_codes.code, ROWS * n);
                }
                memcpy(first, got, ROWS * n * sizeof *got);
                memcpy(first_codes.code, c.code, ROWS * n);
            }
    free(x), free(add), free(gain), free(gain2), free(got), free(first), free_codes(&c), free_codes(&first_codes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(powers_of_two),
        cmocka_unit_test(coarse_gelu),
        cmocka_unit_test(gelu_is_that_of_the_exact_erf),
        cmocka_unit_test(layer_norm),
        cmocka_unit_test(self_attention),
        cmocka_unit_test(heads_as_bytes),
        cmocka_unit_test(self_attention_of_bytes),
        cmocka_unit_test(pooling),
        cmocka_unit_test(rows_as_bytes),
        cmocka_unit_test(layer_norm_as_bytes),
    };
    return cmocka_run_group_tests_name("transformer", tests, fill_tables, NULL);
}
