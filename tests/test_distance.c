/* test_distance.c - distance kernels: every level against plain loops and, to the bit, against each other, with every tail
 * length. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "naive.h"

enum { MOST = 1024, ROWS = 67, ASKED = 9 };

static void dots(void **state)
{
    (void)state;
    levels l;
    naive_levels(&l);
    float *a = kino_alloc_floats(MOST), *b = kino_alloc_floats(MOST);
    int8_t *x = kino_alloc_aligned(MOST), *y = kino_alloc_aligned(MOST);
    for (size_t i = 0; i < MOST; i++) {
        a[i] = kino_random_unit(1, 0, i) - 0.5f;
        b[i] = kino_random_unit(1, 1, i) - 0.5f;
        x[i] = (int8_t)(i % 5 ? (int)(kino_random(1, 2, i) & 255) - 128 : -128); /* the extremes among them */
        y[i] = (int8_t)(i % 3 ? (int)(kino_random(1, 3, i) & 255) - 128 : -128);
    }
    for (size_t n = 0; n <= 448 + 63; n = n == 130 ? 384 : n + 1)
        for (size_t offset = 0; offset < 3; offset++) {
            double exact = 0, size = 0;
            int64_t sum = 0;
            for (size_t i = 0; i < n; i++) {
                exact += (double)a[i + offset] * (double)b[i];
                size += fabs((double)a[i + offset] * (double)b[i]);
                sum += x[i + offset] * y[i];
            }
            for (size_t t = 0; t < l.count; t++) {
                assert_true(fabs((double)l.table[t].dot_f32(a + offset, b, n) - exact) <= 1e-6 * size);
                assert_true(l.table[t].dot_f32(a + offset, b, n) == l.table[0].dot_f32(a + offset, b, n));
                assert_int_equal(l.table[t].dot_i8(x + offset, y, n), sum);
            }
        }
    free(a);
    free(b);
    free(x);
    free(y);
}

/* As kern.h says: an integer that fits 32 bits, rounded once to a float, times the row's scale. */
static float score(const uint8_t *row, size_t stride, const int8_t *query, int32_t bias)
{
    int64_t sum = -(int64_t)bias;
    float scale;
    for (size_t j = 0; j < stride - 4; j++)
        sum += (int64_t)row[j] * query[j];
    memcpy(&scale, row + stride - 4, sizeof scale);
    return (float)sum * scale;
}

static void quantised_rows(void **state)
{
    (void)state;
    static const size_t strides[] = {64, 128, 448, 1088};
    levels l;
    naive_levels(&l);
    for (size_t t = 0; t < sizeof strides / sizeof *strides; t++) {
        const size_t stride = strides[t];
        uint8_t *rows = kino_alloc_aligned(ROWS * stride), *block = kino_alloc_aligned(64 * stride);
        int8_t *queries = kino_alloc_aligned(ASKED * stride);
        int32_t bias[ASKED] = {0};
        float want[ASKED * ROWS], got[ASKED * 64], thresholds[ASKED] = {0, -1e9f, 1e9f, 3};
        uint64_t bits[ASKED];
        uint32_t ids[ROWS];
        for (size_t i = 0; i < ROWS * stride; i++)
            rows[i] = i % 7 ? (uint8_t)kino_random(2, t, i) : 255;
        for (size_t r = 0; r < ROWS; r++) {
            float scale = 0.001f + kino_random_unit(3, t, r);
            memcpy(rows + (r + 1) * stride - 4, &scale, 4);
            ids[r] = (uint32_t)(r * 29 % ROWS);
        }
        for (size_t q = 0; q < ASKED; q++) {
            for (size_t j = 0; j < stride - 12; j++) {
                queries[q * stride + j] = (int8_t)(j % 6 ? (int)(kino_random(4, q, j) & 255) - 128 : 127);
                bias[q] += 128 * queries[q * stride + j];
            }
            for (size_t r = 0; r < ROWS; r++)
                want[q * ROWS + r] = score(rows + r * stride, stride, queries + q * stride, bias[q]);
        }
        thresholds[4] = want[4 * ROWS]; /* a threshold that is met exactly */
        for (size_t i = 0; i < l.count; i++)
            for (size_t count = 0; count <= 64; count++) {
                const kino_kernels *k = &l.table[i];
                k->score_u8(rows, stride, ids, count, queries, bias[0], got);
                for (size_t r = 0; r < count; r++)
                    assert_true(got[r] == want[ids[r]]);
                const uint64_t above = k->scan_u8(rows, stride, count, queries, bias[0], want[5], got);
                for (size_t r = 0; r < 64; r++)
                    assert_true((above >> r & 1) == (r < count && want[r] >= want[5]));
                assert_memory_equal(got, want, count * sizeof *want);
                const size_t asked = count % (ASKED + 1);
                k->block_u8(rows, stride, count, block);
                k->scan_block_u8(block, stride, stride - 12, count, queries, asked, bias, thresholds, got, bits);
                for (size_t q = 0; q < asked; q++) {
                    assert_memory_equal(got + q * 64, want + q * ROWS, count * sizeof *want);
                    for (size_t r = 0; r < 64; r++)
                        assert_true((bits[q] >> r & 1) == (r < count && want[q * ROWS + r] >= thresholds[q]));
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
