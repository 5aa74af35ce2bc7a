/* Matrix products and the kernels between them: every instruction set of this machine against the scalar reference,
 * with every tail, and the scalar reference against the same in double precision. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "kern/kern.h"

enum { ROWS = 40, MOST = 1536 };

static kino_kernels tables[KINO_ISA_COUNT];
static size_t table_count;

static int fill_tables(void **state)
{
    (void)state;
    for (int isa = 0; isa < KINO_ISA_COUNT; isa++)
        table_count += (size_t)kino_kernels_for((kino_isa)isa, &tables[table_count]);
    return 0;
}

static float *noise(uint64_t purpose, size_t n, float scale)
{
    float *p = kino_alloc_floats(n);
    for (size_t i = 0; i < n; i++)
        p[i] = (kino_random_unit(1, purpose, i) - 0.5f) * 2 * scale;
    return p;
}

static void assert_near(const float *got, const float *want, size_t n, float tolerance, const char *isa)
{
    for (size_t i = 0; i < n; i++)
        if (!(fabsf(got[i] - want[i]) <= tolerance))
            fail_msg("%s: [%zu] is %.9g, expected %.9g", isa, i, (double)got[i], (double)want[i]);
}

static double exact_gelu(double x)
{
    return 0.5 * x * (1 + erf(x / sqrt(2)));
}

static void product_in_double(size_t rows, size_t n, size_t k, const float *a, const float *w, const float *bias,
                              int gelu, float *out)
{
    for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < n; c++) {
            double sum = bias[c];
            for (size_t i = 0; i < k; i++)
                sum += (double)a[r * k + i] * w[c / 32 * 32 * k + i * 32 + c % 32];
            out[r * n + c] = (float)(gelu ? exact_gelu(sum) : sum);
        }
}

static void products_of_floats(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{32, 1}, {32, 7}, {64, 33}, {96, 384}, {32, 1536}};
    float *a = noise(1, ROWS * MOST, 1), *w = noise(2, 96 * MOST, 0.2f), *bias = noise(3, 96, 1);
    float *want = kino_alloc_floats(ROWS * 96), *got = kino_alloc_floats(ROWS * 96 + 1);
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t rows = 0; rows <= ROWS; rows += rows < 30 ? 1 : 5)
            for (int gelu = 0; gelu < 2; gelu++) {
                size_t n = sizes[s][0], k = sizes[s][1];
                product_in_double(rows, n, k, a, w, bias, gelu, want);
                for (size_t t = 0; t < table_count; t++) {
                    got[rows * n] = 12345;
                    tables[t].matmul_f32(rows, n, k, a, w, bias, gelu, got, n);
                    assert_near(got, want, rows * n, 2e-5f, kino_isa_name(tables[t].isa));
                    assert_true(got[rows * n] == 12345);
                }
            }
    free(a), free(w), free(bias), free(want), free(got);
}

/* The same row has the same bits whatever stands around it. */
static void rows_do_not_depend_on_each_other(void **state)
{
    (void)state;
    const size_t n = 64, k = 384;
    float *a = noise(4, ROWS * k, 1), *w = noise(5, n * k, 0.2f), *bias = noise(6, n, 1);
    float *all = kino_alloc_floats(ROWS * n), one[64];
    for (size_t t = 0; t < table_count; t++)
        for (size_t rows = 1; rows <= ROWS; rows++) {
            tables[t].matmul_f32(rows, n, k, a, w, bias, 1, all, n);
            for (size_t r = 0; r < rows; r++) {
                tables[t].matmul_f32(1, n, k, a + r * k, w, bias, 1, one, n);
                assert_memory_equal(one, all + r * n, sizeof one);
            }
        }
    free(a), free(w), free(bias), free(all);
}

static void gelu_is_that_of_the_exact_erf(void **state)
{
    (void)state;
    enum { N = 1 << 16 };
    float *x = kino_alloc_floats(N), *y = kino_alloc_floats(N);
    for (size_t t = 0; t < table_count; t++) {
        for (size_t i = 0; i < N; i++)
            y[i] = x[i] = ((float)i - N / 2) * (24.0f / N);
        tables[t].gelu(y, N);
        for (size_t i = 0; i < N; i++)
            if (fabs(y[i] - exact_gelu(x[i])) > 2e-7 + 1.2e-7 * fabs((double)x[i]))
                fail_msg("%s: gelu(%.9g) = %.9g", kino_isa_name(tables[t].isa), (double)x[i], (double)y[i]);
    }
    free(x), free(y);
}

static void layer_norm(void **state)
{
    (void)state;
    const size_t rows = 5;
    float *x = noise(7, rows * 384, 3), *more = noise(8, rows * 384, 1), *gain = noise(9, 2 * 384, 1), want[384];
    float *got = kino_alloc_floats(rows * 384);
    for (size_t n = 16; n <= 384; n += 16)
        for (int residual = 0; residual < 2; residual++)
            for (size_t t = 0; t < table_count; t++) {
                tables[t].layernorm(rows, n, x, residual ? more : NULL, gain, got);
                for (size_t r = 0; r < rows; r++) {
                    double mean = 0, square = 0, v[384];
                    for (size_t i = 0; i < n; i++) {
                        v[i] = (double)x[r * n + i] + (residual ? (double)more[r * n + i] : 0);
                        mean += v[i] / (double)n;
                    }
                    for (size_t i = 0; i < n; i++)
                        square += (v[i] - mean) * (v[i] - mean) / (double)n;
                    for (size_t i = 0; i < n; i++)
                        want[i] = (float)((v[i] - mean) / sqrt(square + 1e-12) * gain[i] + gain[n + i]);
                    assert_near(got + r * n, want, n, 3e-6f, kino_isa_name(tables[t].isa));
                }
            }
    /* A constant row has no direction; it must not become NaN. In place, with the residual the same. */
    for (size_t t = 0; t < table_count; t++) {
        float flat[384];
        for (size_t i = 0; i < 384; i++)
            flat[i] = 1;
        tables[t].layernorm(1, 384, flat, flat, gain, flat);
        assert_near(flat, gain + 384, 384, 1e-6f, kino_isa_name(tables[t].isa));
    }
    free(x), free(more), free(gain), free(got);
}

/* out[32] of one query and head by the book */
static void attend_in_double(size_t tokens, size_t heads, const float *qkv, size_t query, size_t head, float *out)
{
    const size_t dim = heads * KINO_HEAD, step = 3 * dim;
    const float *q = qkv + query * step + head * KINO_HEAD, *keys = qkv + dim + head * KINO_HEAD, *values = keys + dim;
    double weights[256], top = -INFINITY, sum = 0;
    for (size_t k = 0; k < tokens; k++) {
        weights[k] = 0;
        for (size_t d = 0; d < KINO_HEAD; d++)
            weights[k] += (double)q[d] * (double)keys[k * step + d];
        top = weights[k] > top ? weights[k] : top;
    }
    for (size_t k = 0; k < tokens; k++)
        sum += weights[k] = exp2(weights[k] - top);
    for (size_t d = 0; d < KINO_HEAD; d++) {
        double o = 0;
        for (size_t k = 0; k < tokens; k++)
            o += weights[k] / sum * (double)values[k * step + d];
        out[d] = (float)o;
    }
}

enum { HEADS = 2, HEADS_DIM = HEADS * KINO_HEAD, MOST_TOKENS = 256 };

static void self_attention(void **state)
{
    (void)state;
    float *qkv = noise(10, MOST_TOKENS * 3 * HEADS_DIM, 2), *got = kino_alloc_floats(MOST_TOKENS * HEADS_DIM);
    float *scratch = kino_alloc_floats(KINO_ATTENTION_SCRATCH(MOST_TOKENS)), want[KINO_HEAD];
    for (size_t tokens = 1; tokens <= MOST_TOKENS; tokens += tokens < 70 ? 1 : 31)
        for (size_t t = 0; t < table_count; t++) {
            tables[t].attention(tokens, HEADS, qkv, scratch, got);
            for (size_t h = 0; h < HEADS; h++)
                for (size_t q = 0; q<tokens; q += tokens> 20 ? 7 : 1) {
                    attend_in_double(tokens, HEADS, qkv, q, h, want);
                    assert_near(got + q * HEADS_DIM + h * KINO_HEAD, want, KINO_HEAD, 2e-5f,
                                kino_isa_name(tables[t].isa));
                }
        }
    free(qkv), free(got), free(scratch);
}

/* What bytes lose is lost in quantise_heads, bounded by half a step, and in the weights p, by half of 1/255 of the
 * largest; a first token with large weights and small values is there as in the real network. */
static void self_attention_of_bytes(void **state)
{
    (void)state;
    const size_t n = MOST_TOKENS * 3 * HEADS_DIM, scales = MOST_TOKENS * 3 * HEADS;
    float *qkv = noise(11, n, 2), *got = kino_alloc_floats(MOST_TOKENS * HEADS_DIM), want[KINO_HEAD];
    float *first = kino_alloc_floats(MOST_TOKENS * HEADS_DIM), *first_scale = kino_alloc_floats(scales);
    float *scratch = kino_alloc_floats(KINO_ATTENTION_SCRATCH(MOST_TOKENS)), *scale = kino_alloc_floats(scales);
    uint8_t *code = kino_alloc_aligned(n), *first_code = kino_alloc_aligned(n);
    for (size_t i = 0; i < HEADS_DIM; i++) {
        qkv[HEADS_DIM + i] *= 2;
        qkv[2 * HEADS_DIM + i] *= 0.02f;
    }
    memset(qkv + 6 * HEADS_DIM, 0, KINO_HEAD * sizeof *qkv); /* a head without anything */
    for (size_t t = 0; t < table_count; t++) {
        tables[t].quantise_heads(MOST_TOKENS, 3 * HEADS_DIM, qkv, code, scale);
        for (size_t i = 0; !t && i < n; i++) {
            const float back = scale[i / KINO_HEAD] * (float)(code[i] - 128);
            assert_true(code[i] && fabsf(back - qkv[i]) <= 0.501f * scale[i / KINO_HEAD]);
        }
        if (t) {
            assert_memory_equal(code, first_code, n);
            assert_memory_equal(scale, first_scale, scales * sizeof *scale);
        }
        memcpy(first_code, code, n);
        memcpy(first_scale, scale, scales * sizeof *scale);
    }
    for (size_t i = 0; i < n; i++)
        qkv[i] = scale[i / KINO_HEAD] * (float)(code[i] - 128);
    for (size_t tokens = 1; tokens <= MOST_TOKENS; tokens += tokens < 70 ? 1 : 31)
        for (size_t t = 0; t < table_count; t++) {
            tables[t].attention_i8(tokens, HEADS, code, scale, scratch, got);
            for (size_t h = 0; h < HEADS && !t; h++)
                for (size_t q = 0; q<tokens; q += tokens> 20 ? 7 : 1) {
                    attend_in_double(tokens, HEADS, qkv, q, h, want);
                    assert_near(got + q * HEADS_DIM + h * KINO_HEAD, want, KINO_HEAD, 0.04f, "bytes");
                }
            if (t)
                assert_memory_equal(got, first, tokens * HEADS_DIM * sizeof *got);
            memcpy(first, got, tokens * HEADS_DIM * sizeof *got);
        }
    free(qkv), free(got), free(first), free(first_scale), free(scratch), free(scale), free(code), free(first_code);
}

static void pooling(void **state)
{
    (void)state;
    float *x = noise(11, 256 * 384, 1), got[384], want[384];
    for (size_t tokens = 1; tokens <= 256; tokens += 15)
        for (size_t t = 0; t < table_count; t++) {
            double mean[384], square = 0;
            for (size_t i = 0; i < 384; i++) {
                mean[i] = 0;
                for (size_t r = 0; r < tokens; r++)
                    mean[i] += (double)x[r * 384 + i] / (double)tokens;
                square += mean[i] * mean[i];
            }
            for (size_t i = 0; i < 384; i++)
                want[i] = (float)(mean[i] / sqrt(square));
            tables[t].pool(tokens, 384, x, got);
            assert_near(got, want, 384, 1e-6f, kino_isa_name(tables[t].isa));
        }
    free(x);
}

/* ---- bytes: the same bits on every level ---- */

static kino_codes new_codes(size_t rows, size_t k)
{
    return (kino_codes){kino_alloc(rows * k), kino_alloc_floats(rows), kino_alloc_floats(rows)};
}

static void free_codes(kino_codes *c)
{
    free(c->code), free(c->scale), free(c->zero);
}

static void products_of_bytes(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{32, 4}, {64, 36}, {96, 384}, {32, 1536}};
    enum { N = 96 };
    float *scale = noise(20, N, 0.01f), *bias = noise(21, N, 1), *after = noise(22, N, 1);
    float *want = kino_alloc_floats(ROWS * N), *got = kino_alloc_floats(ROWS * N + 1),
          *first = kino_alloc_floats(ROWS * N);
    int8_t *w = kino_alloc(N * MOST);
    int32_t sum[N];
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t rows = 0; rows <= ROWS; rows += rows < 26 ? 1 : 7)
            for (int extreme = 0; extreme < 2; extreme++) {
                const size_t n = sizes[s][0], k = sizes[s][1];
                kino_codes in = new_codes(ROWS, k);
                for (size_t i = 0; i < rows * k; i++)
                    in.code[i] = extreme ? 255 : (uint8_t)(kino_random(2, s, i) >> 56);
                for (size_t r = 0; r < rows; r++) {
                    in.scale[r] = 0.02f + 0.001f * (float)r;
                    in.zero[r] = extreme ? 0 : (float)(100 + r);
                }
                for (size_t c = 0; c < n; c++) {
                    sum[c] = 0;
                    for (size_t i = 0; i < k; i++) {
                        int v = extreme ? (c % 2 ? 127 : -127) : (int)(kino_random(3, c, i) >> 33) % 255 - 127;
                        w[c / 32 * 32 * k + i / 4 * 128 + c % 32 * 4 + i % 4] = (int8_t)v;
                        sum[c] += v;
                    }
                }
                kino_matrix m = {n, k, w, bias, scale, sum};
                for (int gelu = 0; gelu < 2; gelu++) {
                    for (size_t r = 0; r < rows; r++)
                        for (size_t c = 0; c < n; c++) {
                            double t = 0;
                            for (size_t i = 0; i < k; i++)
                                t += (in.code[r * k + i] - (double)in.zero[r]) *
                                     w[c / 32 * 32 * k + i / 4 * 128 + c % 32 * 4 + i % 4];
                            t = t * scale[c] * in.scale[r] + bias[c];
                            want[r * n + c] = (float)(gelu ? exact_gelu(t) * after[c] : t);
                        }
                    bool have_first = false;
                    for (size_t t = 0; t < table_count; t++) {
                        got[rows * n] = 12345;
                        tables[t].matmul_i8(&m, rows, &in, gelu ? after : NULL, got);
                        assert_true(got[rows * n] == 12345);
                        for (size_t i = 0; i < rows * n; i++)
                            if (!(fabsf(got[i] - want[i]) <= 1e-4f + (gelu ? 3e-5f : 2e-6f) * fabsf(want[i]) +
                                                                 (gelu ? 2e-4f * fabsf(after[i % n]) : 0)))
                                fail_msg("%s: %zu x %zu x %zu: [%zu] is %.9g, expected %.9g",
                                         kino_isa_name(tables[t].isa), rows, n, k, i, (double)got[i], (double)want[i]);
                        if (have_first)
                            assert_memory_equal(got, first, rows * n * sizeof *got);
                        memcpy(first, got, rows * n * sizeof *got);
                        have_first = true;
                    }
                }
                free_codes(&in);
            }
    free(scale), free(bias), free(after), free(want), free(got), free(first), free(w);
}

/* What the eight that stand 16 apart become, by the definition of Hadamard's matrix. */
static void mix_in_double(size_t n, const double *x, double *out)
{
    for (size_t i = 0; i < n; i++) {
        size_t row = i % KINO_MIX / 16;
        out[i] = 0;
        for (size_t j = 0; j < 8; j++)
            out[i] += x[i / KINO_MIX * KINO_MIX + 16 * j + i % 16] * (__builtin_parity((unsigned)(row & j)) ? -1 : 1);
    }
}

static void assert_codes(const kino_codes *c, size_t row, size_t n, const double *want, const char *isa)
{
    for (size_t i = 0; i < n; i++) {
        double v = (double)c->scale[row] * (c->code[row * n + i] - (double)c->zero[row]);
        if (!(fabs(v - want[i]) <= 0.502 * (double)c->scale[row] + 1e-5))
            fail_msg("%s: row %zu, [%zu] is %g, expected %g, step %g", isa, row, i, v, want[i], (double)c->scale[row]);
    }
}

static void rows_as_bytes(void **state)
{
    (void)state;
    enum { N = 1536, SOME = 6 };
    float *x = noise(30, SOME * N, 2), *copy = kino_alloc_floats(SOME * N);
    double exact[N], mixed[N];
    for (size_t i = 0; i < N; i++) {
        x[N + i] = 0;                                /* a zero row */
        x[2 * N + i] = fabsf(x[2 * N + i]) + 3;      /* far from zero: zero stays in the range */
        x[3 * N + i] = i == 5 ? 1000 : x[3 * N + i]; /* one large value */
    }
    kino_codes c = new_codes(SOME, N), first = new_codes(SOME, N);
    for (int with_mix = 0; with_mix < 2; with_mix++)
        for (size_t n = KINO_MIX; n <= N; n += KINO_MIX) {
            bool have_first = false;
            for (size_t t = 0; t < table_count; t++) {
                memcpy(copy, x, SOME * N * sizeof *x);
                tables[t].quantise(SOME, n, copy, with_mix, &c);
                for (size_t r = 0; r < SOME; r++) {
                    for (size_t i = 0; i < n; i++)
                        mixed[i] = exact[i] = x[r * n + i];
                    if (with_mix)
                        mix_in_double(n, exact, mixed);
                    assert_codes(&c, r, n, mixed, kino_isa_name(tables[t].isa));
                }
                if (have_first) {
                    assert_memory_equal(c.code, first.code, SOME * n);
                    assert_memory_equal(c.scale, first.scale, SOME * sizeof(float));
                }
                memcpy(first.code, c.code, SOME * n);
                memcpy(first.scale, c.scale, SOME * sizeof(float));
                have_first = true;
            }
        }
    free(x), free(copy), free_codes(&c), free_codes(&first);
}

static void layer_norm_as_bytes(void **state)
{
    (void)state;
    enum { N = 384, SOME = 5 };
    float *x = noise(40, SOME * N, 3), *add = noise(41, SOME * N, 1), *gain = noise(42, 2 * N, 1);
    float *gain2 = noise(43, 2 * N, 2), *want = kino_alloc_floats(SOME * N), *want2 = kino_alloc_floats(SOME * N);
    float *got = kino_alloc_floats(SOME * N);
    double exact[N], mixed[N];
    kino_codes c = new_codes(SOME, N);
    for (int residual = 0; residual < 2; residual++)
        for (size_t t = 0; t < table_count; t++) {
            tables[0].layernorm(SOME, N, x, residual ? add : NULL, gain, want);
            tables[0].layernorm(SOME, N, x, residual ? add : NULL, gain2, want2);
            memcpy(got, x, SOME * N * sizeof *x);
            tables[t].layernorm_codes(SOME, N, got, residual ? add : NULL, gain, gain2, &c);
            assert_near(got, want, SOME * N, 3e-6f, kino_isa_name(tables[t].isa));
            for (size_t r = 0; r < SOME; r++) {
                for (size_t i = 0; i < N; i++)
                    exact[i] = want2[r * N + i];
                mix_in_double(N, exact, mixed);
                assert_codes(&c, r, N, mixed, kino_isa_name(tables[t].isa));
            }
        }
    free(x), free(add), free(gain), free(gain2), free(want), free(want2), free(got), free_codes(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_of_floats),
        cmocka_unit_test(rows_do_not_depend_on_each_other),
        cmocka_unit_test(gelu_is_that_of_the_exact_erf),
        cmocka_unit_test(layer_norm),
        cmocka_unit_test(self_attention),
        cmocka_unit_test(self_attention_of_bytes),
        cmocka_unit_test(pooling),
        cmocka_unit_test(products_of_bytes),
        cmocka_unit_test(rows_as_bytes),
        cmocka_unit_test(layer_norm_as_bytes),
    };
    return cmocka_run_group_tests(tests, fill_tables, NULL);
}
