/* test_exact.c - the exact search where its bound is tight: rows built so that every error is at its worst, in the
 * worst direction. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "index/index.h"
#include "kern/kern.h"

enum { DIM = 64 };

/* The best of two rows: the second is the nearer one, though by bytes it is as far behind the first as can be. */
static void assert_second_is_best(const float rows[2][DIM], const float *q)
{
    const size_t blocks[1] = {DIM};
    double score[2] = {0};
    for (size_t r = 0; r < 2; r++)
        for (size_t j = 0; j < DIM; j++)
            score[r] += (double)rows[r][j] * (double)q[j];
    assert_true(score[1] > score[0]);
    kino_vectors *v = kino_vectors_new(rows[0], 2, blocks, 1, 1);
    kino_scratch *s = kino_scratch_new();
    kino_hit hit;
    size_t found;
    float bytes[2];
    assert_int_equal(kino_exact_search(v, q, 1, NULL, s, &hit), 1);
    assert_int_equal(hit.row, 1);
    kino_exact_batch(v, q, 1, 1, NULL, 1, &hit, &found);
    assert_int_equal(hit.row, 1);
    kino_vectors_score_all(v, q, s, bytes); /* bytes alone are wrong here, or the rows prove nothing */
    assert_true(bytes[0] > bytes[1]);
    kino_scratch_free(s);
    kino_vectors_free(v);
}

/* A query that bytes hold exactly and rows that lose nearly half a step in each number, one up, the other down: the
 * loss points along the query, so that Cauchy's inequality is an equality. Off by 61 steps of the 62.2 of the bound. */
static void rows_at_the_bound(void **state)
{
    (void)state;
    float rows[2][DIM], q[DIM];
    for (size_t j = 0; j < DIM; j++) {
        q[j] = 1;
        rows[0][j] = (j > 2 ? 1 - 0.49f : -0.49f) / 127;
        rows[1][j] = 0.49f / 127;
    }
    rows[0][0] = rows[1][0] = 1; /* makes the step 1 / 127 */
    assert_second_is_best(rows, q);
}

/* Rows that bytes hold exactly and a query that loses as much: its rest points along the rows. */
static void a_query_at_the_bound(void **state)
{
    (void)state;
    float rows[2][DIM], q[DIM];
    for (size_t j = 0; j < DIM; j++) {
        rows[0][j] = 1;
        rows[1][j] = -1;
        q[j] = ((j <= 30 ? 1 : 0) - 0.49f) / 127;
    }
    rows[1][0] = q[0] = 1;
    assert_second_is_best(rows, q);
}

/* The same below the second byte of the query, of which the first passes tell rows apart only just. */
static void a_rest_at_the_bound(void **state)
{
    (void)state;
    float rows[2][DIM], q[DIM];
    for (size_t j = 0; j < DIM; j++) {
        rows[0][j] = 1;
        rows[1][j] = -1;
        q[j] = ((j >= DIM - 27 ? 1 : 0) - 0.49f) / 254 / 127;
    }
    rows[1][0] = q[0] = 1;
    q[1] = (1 - 126 / 254.0f) / 127; /* one step of the first byte, taken back by the second */
    q[2] = 126 / 254.0f / 127;
    rows[0][2] = -1;
    rows[1][2] = 1;
    assert_second_is_best(rows, q);
}

/* Equal scores go by row, across words of 64 and with every filter; bits behind the last row do not count. */
static void equal_rows_and_stray_bits(void **state)
{
    (void)state;
    enum { N = 150 };
    const size_t blocks[1] = {DIM};
    float *rows = kino_alloc_floats(N * DIM), q[DIM] = {1};
    for (size_t r = 0; r < N; r++)
        rows[r * DIM] = r % 50 == 49 ? 2 : 1;
    kino_vectors *v = kino_vectors_new(rows, N, blocks, 1, 2);
    kino_scratch *s = kino_scratch_new();
    const uint64_t all[3] = {UINT64_MAX, UINT64_MAX, UINT64_MAX}, few[3] = {1 << 5, 1 << 6, UINT64_MAX << 20};
    kino_hit hits[N + 10];
    for (int filtered = 0; filtered < 2; filtered++) {
        assert_int_equal(kino_exact_search(v, q, N + 10, filtered ? all : NULL, s, hits), N);
        for (size_t i = 0; i < N; i++)
            assert_int_equal(hits[i].row, i < 3 ? 50 * i + 49 : (i - 3) + (i - 3) / 49);
    }
    assert_int_equal(kino_exact_search(v, q, 9, few, s, hits), 4);
    assert_int_equal(hits[0].row, 149);
    assert_int_equal(hits[1].row, 5);
    assert_int_equal(hits[2].row, 70);
    assert_int_equal(hits[3].row, 148);
    assert_int_equal(kino_exact_search(v, q, 0, NULL, s, hits), 0);
    kino_scratch_free(s);
    kino_vectors_free(v);
    free(rows);
}

/* Which blocks a row has, and its score by bytes, near the true one. */
static void blocks_and_scores(void **state)
{
    (void)state;
    enum { FIRST = 40, SECOND = 23, ALL = FIRST + SECOND, N = 5 };
    const size_t blocks[2] = {FIRST, SECOND};
    float rows[N][ALL] = {{0}}, q[ALL], scores[N];
    for (size_t j = 0; j < ALL; j++) {
        for (size_t r = 0; r < N; r++)
            rows[r][j] = (j < FIRST ? r != 1 && r != 3 : r != 2 && r != 3) ? kino_random_unit(1, r, j) - 0.5f : 0;
        q[j] = kino_random_unit(2, 0, j) - 0.5f;
    }
    memset(rows[4], 0, sizeof rows[4]);
    rows[4][FIRST - 1] = rows[4][ALL - 1] = 1; /* at the last place alone */
    kino_vectors *v = kino_vectors_new(rows[0], N, blocks, 2, 1);
    kino_scratch *s = kino_scratch_new();
    for (size_t r = 0; r < N; r++) {
        assert_int_equal(kino_vectors_has(v, r, 0), r != 1 && r != 3);
        assert_int_equal(kino_vectors_has(v, r, 1), r != 2 && r != 3);
        assert_false(kino_vectors_has(v, r, 2));
    }
    kino_vectors_score_all(v, q, s, scores);
    for (size_t i = 0; i < N; i++) {
        double exact = 0;
        for (size_t j = 0; j < ALL; j++)
            exact += (double)rows[i][j] * (double)q[j];
        assert_true(fabs((double)scores[i] - exact) < 0.02);
    }
    kino_scratch_free(s);
    kino_vectors_free(v);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_at_the_bound),   cmocka_unit_test(a_query_at_the_bound),
        cmocka_unit_test(a_rest_at_the_bound), cmocka_unit_test(equal_rows_and_stray_bits),
        cmocka_unit_test(blocks_and_scores),
    };
    return cmocka_run_group_tests_name("exact", tests, NULL, NULL);
}
