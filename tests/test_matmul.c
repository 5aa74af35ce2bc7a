/* test_matmul.c - matrix products: every level against sums in double precision, with every tail. */
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
#include "naive.h"

enum { ROWS = 64, N = 96, MOST = 1536 };

static levels all;

static int fill_tables(void **state)
{
    (void)state;
    naive_levels(&all);
    return 0;
}

#if defined(__x86_64__)
/* Whether the system names all of these among the processor's flags; -1 where it tells nothing. */
static int has_flags(const char *const *flags)
{
    char line[8192];
    FILE *f = fopen("/proc/cpuinfo", "r");
    int all_there = -1;
    while (f && all_there < 0 && fgets(line, sizeof line, f)) {
        if (strncmp(line, "flags", 5))
            continue;
        all_there = 1;
        for (; *flags; flags++) {
            const char *at = strstr(line, *flags);
            while (at && (at[-1] != ' ' || !strchr(" \n", at[strlen(*flags)])))
                at = strstr(at + 1, *flags);
            all_there = all_there && at;
        }
    }
    if (f)
        fclose(f);
    return all_there;
}
#endif

/* A level is there where the system names what it is made of, and nowhere else; the best is taken. */
static void levels_are_those_of_the_machine(void **state)
{
    (void)state;
#if defined(__x86_64__)
    static const char *const flags[KINO_ISA_COUNT][9] = {
        [KINO_ISA_AVX2] = {"avx2", "fma", "f16c"},
        [KINO_ISA_AVXVNNI] = {"avx2", "fma", "f16c", "avx_vnni"},
        [KINO_ISA_AVX512] = {"avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl"},
        [KINO_ISA_AVX512VNNI] = {"avx2", "fma", "f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni"},
        [KINO_ISA_AVX512BF16] = {"f16c", "avx512f", "avx512bw", "avx512dq", "avx512vl", "avx512_vnni", "avx512_bf16"},
    };
    kino_kernels k;
    for (int isa = KINO_ISA_AVX2; isa < KINO_ISA_COUNT; isa++) {
        const int named = has_flags(flags[isa]);
        if (named >= 0 && kino_kernels_for((kino_isa)isa, &k) != named)
            fail_msg("%s is %s", kino_isa_name((kino_isa)isa), named ? "there and not taken" : "not there and taken");
    }
    assert_false(kino_kernels_for(KINO_ISA_NEON, &k) || kino_kernels_for(KINO_ISA_NEONDOT, &k));
    assert_true(kino_kernels_for(KINO_ISA_SSE2, &k));
#endif
    assert_int_equal(all.table[0].isa, KINO_ISA_SCALAR);
    if (!getenv("KINO_ISA"))
        assert_int_equal(kino_kernels_get()->isa, all.table[all.count - 1].isa);
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

/* out[rows][n] with `stride` floats from row to row, none of which behind n may be touched. */
static void check_floats(size_t rows, size_t n, size_t k, size_t stride)
{
    float *a = noise(1, ROWS * MOST, 1), *w = noise(2, N * MOST, 0.2f), *bias = noise(3, N, 1);
    float *got = kino_alloc_floats(ROWS * (N + 5) + 1);
    double *sums = kino_alloc_array(rows * n + 1, sizeof *sums), want[N];
    for (size_t i = 0; i < rows * n; i++)
        sums[i] = naive_product(k, a + i / n * k, w, bias, i % n);
    for (size_t t = 0; t < all.count; t++)
        for (int gelu = 0; gelu < 2; gelu++) {
            for (size_t i = 0; i < rows * stride + 1; i++)
                got[i] = 12345;
            all.table[t].matmul_f32(rows, n, k, a, w, bias, gelu, got, stride);
            for (size_t r = 0; r < rows; r++) {
                for (size_t c = 0; c < n; c++)
                    want[c] = gelu ? naive_gelu(sums[r * n + c]) : sums[r * n + c];
                assert_near(got + r * stride, want, n, 2e-5, kino_isa_name(all.table[t].isa));
                for (size_t c = n; c < stride; c++)
                    assert_true(got[r * stride + c] == 12345);
            }
            assert_true(got[rows * stride] == 12345);
        }
    free(a), free(w), free(bias), free(got), free(sums);
}

static void products_of_floats(void **state)
{
    (void)state;
    for (size_t rows = 0; rows < ROWS; rows++)
        check_floats(rows, 32 * (rows % 3 + 1), 7, 32 * (rows % 3 + 1));
    for (size_t k = 0; k < 64; k++)
        check_floats(k % 13, 64, k, 64 + k % 6);
    for (size_t rows = 1; rows < 14; rows += 4) {
        check_floats(rows, 96, 384, 96);
        check_floats(rows, 32, 1536, 37);
    }
}

/* The same row has the same bits whatever stands around it. */
static void rows_do_not_depend_on_each_other(void **state)
{
    (void)state;
    const size_t n = 64, k = 384;
    float *a = noise(4, ROWS * k, 1), *w = noise(5, n * k, 0.2f), *bias = noise(6, n, 1);
    float *out = kino_alloc_floats(ROWS * n), one[64];
    for (size_t t = 0; t < all.count; t++)
        for (size_t rows = 1; rows <= ROWS; rows++) {
            all.table[t].matmul_f32(rows, n, k, a, w, bias, 1, out, n);
            for (size_t r = 0; r < rows; r++) {
                all.table[t].matmul_f32(1, n, k, a + r * k, w, bias, 1, one, n);
                assert_memory_equal(one, out + r * n, sizeof one);
            }
        }
    free(a), free(w), free(bias), free(out);
}

/* ---- 16 bits ---- */

/* What a machine may call a sum of products of bf16: numbers below 2^-126 are 0. */
static double of_bf16(uint16_t half)
{
    const uint32_t bits = (uint32_t)half << 16;
    float x;
    memcpy(&x, &bits, sizeof x);
    return fabsf(x) < 0x1p-126f ? 0 : (double)x;
}

static void products_of_bf16(void **state)
{
    (void)state;
    enum { K = 768, SOME = 27 };
    uint16_t *a = kino_alloc_aligned(SOME * K * 2), *w = kino_alloc_aligned(N * K * 2);
    float *x = noise(50, SOME * K, 1), *y = noise(51, N * K, 0.1f), *bias = noise(52, N, 1), got[SOME * N + 1];
    for (size_t t = 0; t < all.count; t++) {
        const kino_kernels *kern = &all.table[t];
        if (!kern->matmul_bf16)
            continue;
        kern->to_bf16(SOME * K, x, a);
        kern->to_bf16(N * K, y, w);
        for (size_t rows = 0; rows <= SOME; rows++)
            for (int gelu = 0; gelu < 2; gelu++) {
                const size_t n = 32 * (rows % 3 + 1), k = rows % 4 == 3 ? 768 : 2 + 2 * rows;
                got[rows * n] = 12345;
                kern->matmul_bf16(rows, n, k, a, w, bias, gelu, got);
                for (size_t i = 0; i < rows * n; i++) {
                    double sum = (double)bias[i % n];
                    for (size_t j = 0; j < k; j++)
                        sum += of_bf16(a[i / n * k + j]) * of_bf16(w[naive_pair_place(k, i % n, j)]);
                    const double want = gelu ? naive_gelu(sum) : sum;
                    assert_true(fabs((double)got[i] - want) <= 1e-5 + (gelu ? fmax(1e-4, 2.4e-5 * want) : 0));
                }
                assert_true(got[rows * n] == 12345);
            }
    }
    free(a), free(w), free(x), free(y), free(bias);
}

/* Every upper half with the lower halves around the middle: to nearest, ties to even. */
static void floats_to_bf16(void **state)
{
    (void)state;
    static const uint32_t lower[] = {0, 1, 0x7fff, 0x8000, 0x8001, 0xffff};
    float x[16];
    uint16_t out[16];
    for (size_t t = 0; t < all.count; t++)
        for (uint32_t upper = 0x0080; all.table[t].to_bf16 && upper < 0x7f80; upper += 3)
            for (size_t i = 0; i < sizeof lower / sizeof *lower; i++) {
                const uint32_t bits = upper << 16 | lower[i];
                for (size_t j = 0; j < 16; j++)
                    memcpy(&x[j], &bits, sizeof bits);
                x[3] = -x[3];
                all.table[t].to_bf16(16, x, out);
                const uint32_t want = upper + (lower[i] > 0x8000 || (lower[i] == 0x8000 && upper % 2));
                assert_int_equal(out[0], want);
                assert_int_equal(out[3], want | 0x8000);
                assert_int_equal(out[15], want);
            }
}

/* Every value of 16 bits, at every place of a panel. */
static void weights_of_16_bits(void **state)
{
    (void)state;
    enum { K = 1 << 11 };
    uint16_t *w = kino_alloc_aligned(K * 64);
    float *out = kino_alloc_floats(K * 32 + 1);
    for (size_t i = 0; i < K * 32; i++)
        w[i] = (uint16_t)(i * 40503);
    for (size_t t = 0; t < all.count; t++)
        for (size_t k = 2; k <= K; k = k < 64 ? k + 2 : 8 * k) {
            out[k * 32] = 12345;
            all.table[t].widen_bf16(k, w, out);
            for (size_t i = 0; i < k; i++)
                for (size_t c = 0; c < 32; c++) {
                    const uint32_t want = (uint32_t)w[naive_pair_place(k, c, i)] << 16;
                    assert_memory_equal(out + i * 32 + c, &want, sizeof want);
                }
            all.table[t].widen_f16(k, w, out);
            for (size_t i = 0; i < k * 32; i++) {
                const int sign = w[i] >> 15 ? -1 : 1, exponent = w[i] >> 10 & 31, digits = w[i] & 1023;
                double want = exponent ? ldexp(1024 + digits, exponent - 25) : ldexp(digits, -24);
                if (exponent == 31)
                    want = digits ? (double)NAN : (double)INFINITY;
                assert_true(isnan(want) ? isnan(out[i]) : (double)out[i] == sign * want);
                assert_true(isnan(want) || !signbit(out[i]) == (sign > 0));
            }
            assert_true(out[k * 32] == 12345);
        }
    free(w), free(out);
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

/* One size: random bytes, or the largest there are, which a sum of 16 bits would not hold. */
static void check_bytes(size_t rows, size_t n, size_t k, bool extreme)
{
    float *scale = noise(20, N, 0.01f), *bias = noise(21, N, 1), *after = noise(22, N, 1);
    float *got = kino_alloc_floats(ROWS * N + 1), *first = kino_alloc_floats(ROWS * N);
    double *sums = kino_alloc_array(ROWS * N, sizeof *sums);
    int8_t *w = kino_alloc(N * MOST);
    int32_t sum[N];
    kino_codes in = new_codes(ROWS, k);
    for (size_t i = 0; i < rows * k; i++)
        in.code[i] = extreme ? 255 : (uint8_t)(kino_random(2, k, i) >> 56);
    for (size_t r = 0; r < rows; r++) {
        in.scale[r] = 0.02f + 0.001f * (float)r;
        in.zero[r] = extreme ? 0 : (float)(100 + r);
    }
    for (size_t c = 0; c < n; c++) {
        sum[c] = 0;
        for (size_t i = 0; i < k; i++) {
            const int v = extreme ? (c % 2 ? 127 : -127) : (int)(kino_random(3, c, i) >> 33) % 255 - 127;
            w[naive_byte_place(k, c, i)] = (int8_t)v;
            sum[c] += v;
        }
    }
    for (size_t i = 0; i < rows * n; i++) {
        const size_t r = i / n, c = i % n;
        double t = 0;
        for (size_t j = 0; j < k; j++)
            t += (in.code[r * k + j] - (double)in.zero[r]) * w[naive_byte_place(k, c, j)];
        sums[i] = t * (double)scale[c] * (double)in.scale[r] + (double)bias[c];
    }
    const kino_matrix m = {n, k, w, bias, scale, sum};
    for (int gelu = 0; gelu < 2; gelu++)
        for (size_t t = 0; t < all.count; t++) {
            got[rows * n] = 12345;
            all.table[t].matmul_i8(&m, rows, &in, gelu ? after : NULL, got);
            assert_true(got[rows * n] == 12345);
            for (size_t i = 0; i < rows * n; i++) {
                const double factor = (double)after[i % n], want = gelu ? naive_gelu(sums[i]) * factor : sums[i];
                const double coarse = gelu ? fmax(1e-4 * fabs(factor), 2.4e-5 * fabs(want)) : 0;
                if (!(fabs((double)got[i] - want) <= 1e-5 + 2e-6 * fabs(want) + coarse))
                    fail_msg("%s: %zu x %zu x %zu: [%zu] is %.9g, expected %.9g", kino_isa_name(all.table[t].isa), rows,
                             n, k, i, (double)got[i], want);
            }
            if (t)
                assert_memory_equal(got, first, rows * n * sizeof *got);
            memcpy(first, got, rows * n * sizeof *got);
        }
    free_codes(&in);
    free(scale), free(bias), free(after), free(got), free(first), free(sums), free(w);
}

static void products_of_bytes(void **state)
{
    (void)state;
    for (size_t rows = 0; rows < ROWS; rows++)
        check_bytes(rows, 32 * (rows % 3 + 1), 36, rows % 5 == 0);
    for (size_t k = 4; k < 4 * 64; k += 4)
        check_bytes(k / 4 % 13, 64, k, k % 20 == 0);
    for (size_t rows = 1; rows < 14; rows += 3)
        for (int extreme = 0; extreme < 2; extreme++) {
            check_bytes(rows, 96, 384, extreme);
            check_bytes(rows, 32, 1536, extreme);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels_are_those_of_the_machine),
        cmocka_unit_test(products_of_floats),
        cmocka_unit_test(rows_do_not_depend_on_each_other),
        cmocka_unit_test(products_of_bf16),
        cmocka_unit_test(floats_to_bf16),
        cmocka_unit_test(weights_of_16_bits),
        cmocka_unit_test(products_of_bytes),
    };
    return cmocka_run_group_tests_name("matmul", tests, fill_tables, NULL);
}
