/* Distance kernels: every level against the scalar one, integers to the bit, every tail length. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "kern/kern.h"

enum { MOST = 1024, ROWS = 67, ASKED = 9 };

static void dots(void **state)
{
    (void)state;
    kino_kernels scalar, k;
    assert_true(kino_kernels_for(KINO_ISA_SCALAR, &scalar));
    float *a = kino_alloc_floats(MOST), *b = kino_alloc_floats(MOST);
    int8_t *x = kino_alloc_aligned(MOST), *y = kino_alloc_aligned(MOST);
    for (size_t i = 0; i < MOST; i++) {
        a[i] = kino_random_unit(1, 0, i) - 0.5f;
        b[i] = kino_random_unit(1, 1, i) - 0.5f;
        x[i] = (int8_t)(i % 5 ? (int)(kino_random(1, 2, i) & 255) - 128 : -128); /* the extremes among them */
        y[i] = (int8_t)(i % 3 ? (int)(kino_random(1, 3, i) & 255) - 128 : -128);
    }
    for (int isa = 1; isa < KINO_ISA_COUNT; isa++) {
        if (!kino_kernels_for((kino_isa)isa, &k))
            continue;
        for (size_t n = 0; n <= 448 + 63; n = n == 130 ? 384 : n + 1)
            for (size_t offset = 0; offset < 3; offset++) {
                double exact = 0, size = 0;
                for (size_t i = 0; i < n; i++) {
                    exact += (double)a[i + offset] * b[i];
                    size += fabs((double)a[i + offset] * b[i]);
                }
                assert_true(fabs(k.dot_f32(a + offset, b, n) - exact) <= 1e-6 * size);
                assert_int_equal(k.dot_i8(x + offset, y, n), scalar.dot_i8(x + offset, y, n));
            }
    }
    free(a);
    free(b);
    free(x);
    free(y);
}

static void quantised_rows(void **state)
{
    (void)state;
    static const size_t strides[] = {64, 128, 448, 1088};
    kino_kernels scalar, k;
    assert_true(kino_kernels_for(KINO_ISA_SCALAR, &scalar));
    for (size_t t = 0; t < sizeof strides / sizeof *strides; t++) {
        size_t stride = strides[t];
        uint8_t *rows = kino_alloc_aligned(ROWS * stride);
        uint8_t *block = kino_alloc_aligned(64 * stride);
        int8_t *queries = kino_alloc_aligned(ASKED * stride);
        int32_t bias[ASKED] = {0};
        float want[ASKED * 64], got[ASKED * 64], thresholds[ASKED] = {0, -1e9f, 1e9f, 3};
        uint64_t want_bits[ASKED], got_bits[ASKED];
        uint32_t ids[ROWS];
        for (size_t i = 0; i < ROWS * stride; i++)
            rows[i] = i % 7 ? (uint8_t)kino_random(2, t, i) : 255;
        for (size_t r = 0; r < ROWS; r++) {
            float scale = 0.001f + kino_random_unit(3, t, r);
            memcpy(rows + (r + 1) * stride - 4, &scale, 4);
            ids[r] = (uint32_t)(r * 29 % ROWS);
        }
        for (size_t q = 0; q < ASKED; q++)
            for (size_t j = 0; j < stride - 12; j++) {
                queries[q * stride + j] = (int8_t)(j % 6 ? (int)(kino_random(4, q, j) & 255) - 128 : 127);
                bias[q] += 128 * queries[q * stride + j];
            }
        for (int isa = 1; isa < KINO_ISA_COUNT; isa++) {
            if (!kino_kernels_for((kino_isa)isa, &k))
                continue;
            for (size_t count = 0; count <= 64; count++) {
                scalar.score_u8(rows, stride, ids, count, queries, bias[0], want);
                k.score_u8(rows, stride, ids, count, queries, bias[0], got);
                assert_memory_equal(want, got, count * sizeof *want);
                uint64_t above = scalar.scan_u8(rows, stride, count, queries, bias[0], 1, want);
                assert_true(above == k.scan_u8(rows, stride, count, queries, bias[0], 1, got));
                assert_memory_equal(want, got, count * sizeof *want);
                const size_t asked = count % (ASKED + 1);
                scalar.block_u8(rows, stride, count, block);
                scalar.scan_block_u8(block, stride, stride - 12, count, queries, asked, bias, thresholds, want,
                                     want_bits);
                k.block_u8(rows, stride, count, block);
                k.scan_block_u8(block, stride, stride - 12, count, queries, asked, bias, thresholds, got, got_bits);
                assert_memory_equal(want_bits, got_bits, asked * sizeof *want_bits);
                for (size_t q = 0; q < asked; q++)
                    assert_memory_equal(want + q * 64, got + q * 64, count * sizeof *want);
            }
        }
        free(rows);
        free(block);
        free(queries);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(dots), cmocka_unit_test(quantised_rows)};
    return cmocka_run_group_tests_name("distance", tests, NULL, NULL);
}
