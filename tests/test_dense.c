/* test_dense.c - kernels of the trained network: every level against plain loops in double precision, with every
 * tail. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "naive.h"

enum { MOST = 64 * 144 };

static levels all;
static float *w, *x, *bias, *dy, *got;

static float *noise(uint64_t purpose)
{
    float *p = kino_alloc_floats(MOST);
    for (size_t i = 0; i < MOST; i++)
        p[i] = 2 * kino_random_unit(11, purpose, i) - 1;
    return p;
}

static int start(void **state)
{
    (void)state;
    naive_levels(&all);
    w = noise(1), x = noise(2), bias = noise(3), dy = noise(4), got = noise(5);
    for (size_t i = 0; i < MOST; i += 3)
        x[i] = 0; /* a relu's outputs are often 0 */
    return 0;
}

static int stop(void **state)
{
    (void)state;
    free(w), free(x), free(bias), free(dy), free(got);
    return 0;
}

#define EACH_LEVEL(d)                                                                                                  \
    for (size_t level = 0; level < all.count; level++)                                                                 \
        for (const kino_autoencoder_kernels *d = &all.table[level].dense; d; d = NULL)

static void near(double is, double want, double tolerance)
{
    if (!(fabs(is - want) <= tolerance * (1 + fabs(want))))
        fail_msg("%.9g, expected %.9g", is, want);
}

/* ---- products ---- */

static void products_by_unit(void **state)
{
    (void)state;
    enum { STRIDE = 32, OUT = 48 };
    EACH_LEVEL(d)
    for (size_t k = 0; k < 64; k++)
        for (size_t n = 16; n <= 64; n += 16)
            for (int relu = 0; relu < 2; relu++) {
                memset(got, 0, MOST * sizeof *got);
                d->forward(k, n, w, bias, x, STRIDE, relu, got, OUT);
                for (size_t j = 0; j < n; j++)
                    for (size_t r = 0; r < OUT; r++) {
                        double sum = (double)bias[j];
                        for (size_t i = 0; i < k; i++)
                            sum += (double)x[i * STRIDE + r] * (double)w[i * n + j];
                        near((double)got[j * OUT + r], r >= KINO_SLICE ? 0 : relu ? fmax(sum, 0) : sum, 3e-6);
                    }
            }
}

static void gradients_by_unit(void **state)
{
    (void)state;
    enum { STRIDE = 16, GATE = 32, OUT = 48 };
    EACH_LEVEL(d)
    for (size_t k = 16; k <= 64; k += 16)
        for (size_t n = 16; n <= 144; n += 16)
            for (int gated = 0; gated < 2; gated++) {
                memset(got, 0, MOST * sizeof *got);
                d->backward(k, n, w, dy, STRIDE, gated ? x : NULL, GATE, got, OUT);
                for (size_t i = 0; i < k; i++)
                    for (size_t r = 0; r < OUT; r++) {
                        double sum = 0;
                        for (size_t j = 0; j < n; j++)
                            sum += (double)w[i * n + j] * (double)dy[j * STRIDE + r];
                        const bool closed = r >= KINO_SLICE || (gated && x[i * GATE + r] <= 0);
                        near((double)got[i * OUT + r], closed ? 0 : sum, 3e-6);
                    }
            }
}

/* ---- Adam ---- */

static const kino_adam adam = {0.01f, 0.1f, 0.001f, 1e-7f};

/* Parameters of which the first `count` take a step and the rest must stay. */
static void check_steps(const kino_autoencoder_kernels *d, size_t count, const double *gradient,
                        void (*step)(const kino_autoencoder_kernels *d, const void *ctx, kino_moving p),
                        const void *ctx)
{
    float *p[3];
    for (int i = 0; i < 3; i++) {
        p[i] = noise((uint64_t)(20 + i));
        for (size_t j = 0; i == 2 && j < MOST; j++)
            p[i][j] = fabsf(p[i][j]) + 0.1f;
    }
    step(d, ctx, (kino_moving){p[0], p[1], p[2]});
    float *was[] = {noise(20), noise(21), noise(22)};
    for (size_t j = 0; j < MOST; j++) {
        double v[3] = {(double)was[0][j], (double)was[1][j], (double)(fabsf(was[2][j]) + 0.1f)};
        if (j < count)
            naive_adam(&adam, gradient[j], &v[0], &v[1], &v[2]);
        for (int i = 0; i < 3; i++)
            near((double)p[i][j], v[i], j < count ? 3e-6 : 0);
    }
    for (int i = 0; i < 3; i++)
        free(p[i]), free(was[i]);
}

typedef struct task {
    size_t k, n, rows, x_unit, x_row;
    const uint32_t *index;
} task;

static void update(const kino_autoencoder_kernels *d, const void *ctx, kino_moving p)
{
    const task *t = ctx;
    d->update(t->k, t->n, t->rows, x, t->x_unit, t->x_row, dy, &adam, p);
}

static void update_sparse(const kino_autoencoder_kernels *d, const void *ctx, kino_moving p)
{
    const task *t = ctx;
    d->update_sparse(t->n, t->rows, t->index, x, dy, &adam, p);
}

static void update_sum(const kino_autoencoder_kernels *d, const void *ctx, kino_moving p)
{
    const task *t = ctx;
    d->update_sum(t->n, t->rows, dy, &adam, p);
}

static void steps_of_a_matrix(void **state)
{
    (void)state;
    double *gradient = kino_alloc_array(MOST, sizeof *gradient);
    EACH_LEVEL(d)
    for (size_t rows = 0; rows < 64; rows++)
        for (int by_row = 0; by_row < 2; by_row++) {
            const size_t k = 8 * (rows % 5 + 1), n = 16 * (rows % 9 + 1);
            const task t = {.k = k, .n = n, .rows = rows, .x_unit = by_row ? 1 : 64, .x_row = by_row ? k : 1};
            for (size_t i = 0; i < k * n; i++) {
                gradient[i] = 0;
                for (size_t r = 0; r < rows; r++)
                    gradient[i] += (double)x[i / n * t.x_unit + r * t.x_row] * (double)dy[r * n + i % n];
            }
            check_steps(d, k * n, gradient, update, &t);
        }
    free(gradient);
}

static void the_sparse_layer(void **state)
{
    (void)state;
    uint32_t index[64];
    double gradient[144];
    for (uint32_t i = 0; i < 64; i++)
        index[i] = i * 29 % 64;
    EACH_LEVEL(d)
    for (size_t count = 0; count < 64; count++) {
        const size_t n = 16 * (count % 9 + 1);
        got[n] = 12345;
        d->forward_sparse(n, count, index, x, w, bias, got);
        for (size_t j = 0; j < n; j++) {
            double sum = (double)bias[j];
            gradient[j] = 0;
            for (size_t i = 0; i < count; i++) {
                sum += (double)x[i] * (double)w[index[i] * n + j];
                gradient[j] += (double)x[i] * (double)dy[index[i] * n + j];
            }
            near((double)got[j], fmax(sum, 0), 3e-6);
        }
        assert_true(got[n] == 12345);
        check_steps(d, n, gradient, update_sparse, &(task){.n = n, .rows = count, .index = index});
        for (size_t j = 0; j < n; j++) {
            gradient[j] = 0;
            for (size_t r = 0; r < count; r++)
                gradient[j] += (double)dy[r * n + j];
        }
        check_steps(d, n, gradient, update_sum, &(task){.n = n, .rows = count});
    }
}

/* Moments of a weight whose gradient stays 0 fade, but never into the denormals. */
static void moments_do_not_fade_into_denormals(void **state)
{
    (void)state;
    EACH_LEVEL(d)
    {
        float none[16] = {0}, p[3][16];
        for (int i = 0; i < 48; i++)
            p[i / 16][i % 16] = 1;
        for (int round = 0; round < 3000; round++) {
            d->update_sum(16, 1, none, &(kino_adam){0.01f, 0.1f, 0.1f, 1e-7f}, (kino_moving){p[0], p[1], p[2]});
            for (int i = 0; i < 48; i++)
                assert_true(p[i / 16][i % 16] == 0 || fabsf(p[i / 16][i % 16]) >= 0x1p-126f);
        }
        for (int i = 0; i < 16; i++)
            assert_true(fabsf(p[1][i]) < 1e-20f && fabsf(p[2][i]) < 1e-28f);
    }
}

static void transposed(void **state)
{
    (void)state;
    enum { IN = 80, OUT = 96 };
    EACH_LEVEL(d)
    for (size_t rows = 16; rows <= 64; rows += 16)
        for (size_t columns = 16; columns <= 64; columns += 16) {
            memset(got, 0, MOST * sizeof *got);
            d->transpose(rows, columns, x, IN, got, OUT);
            for (size_t c = 0; c < 64; c++)
                for (size_t r = 0; r < OUT; r++)
                    assert_true(got[c * OUT + r] == (c < columns && r < rows ? x[r * IN + c] : 0));
        }
}

/* ---- batch normalisation ---- */

static void moments_of_a_slice(void **state)
{
    (void)state;
    EACH_LEVEL(d)
    for (size_t rows = 0; rows < 64; rows++) {
        const size_t n = 16 * (rows % 9 + 1);
        got[2 * n] = 12345;
        d->norm_moments(rows, n, x, got);
        for (size_t j = 0; j < n; j++) {
            double mean, variance;
            naive_moments(rows, n, x, j, &mean, &variance);
            near((double)got[j], mean, 1e-6);
            near((double)got[n + j], variance * (double)rows, 1e-5);
        }
        assert_true(got[2 * n] == 12345);
    }
}

/* Slices joined are the whole. */
static void stats_of_all_rows(void **state)
{
    (void)state;
    enum { N = 32, SLICES = 8 };
    float moments[SLICES][2][N], epsilon = 1e-3f;
    EACH_LEVEL(d)
    for (size_t rows = 1; rows <= SLICES * KINO_SLICE; rows++) {
        for (size_t s = 0; s * KINO_SLICE < rows; s++)
            d->norm_moments(rows - s * KINO_SLICE < KINO_SLICE ? rows - s * KINO_SLICE : KINO_SLICE, N,
                            x + s * KINO_SLICE * N, moments[s][0]);
        d->norm_stats(rows, N, moments[0][0], epsilon, got);
        for (size_t j = 0; j < N; j++) {
            double mean, variance;
            naive_moments(rows, N, x, j, &mean, &variance);
            near((double)got[j], mean, 1e-6);
            near((double)got[N + j] * sqrt(variance + (double)epsilon), 1, 1e-5);
            near((double)got[2 * N + j], variance, 1e-6);
        }
    }
}

static void normalised(void **state)
{
    (void)state;
    EACH_LEVEL(d)
    for (size_t rows = 0; rows < 40; rows++)
        for (int masked = 0; masked < 2; masked++) {
            const size_t n = 16 * (rows % 9 + 1);
            got[rows * n] = 12345;
            d->norm_forward(rows, n, x, w, bias, masked ? dy : NULL, got);
            for (size_t i = 0; i < rows * n; i++) {
                const size_t j = i % n;
                const double v =
                    ((double)x[i] - (double)w[j]) * (double)w[n + j] * (double)bias[j] + (double)bias[n + j];
                near((double)got[i], v * (masked ? (double)dy[i] : 1), 1e-6);
            }
            assert_true(got[rows * n] == 12345);
        }
}

static void gradients_of_the_norm(void **state)
{
    (void)state;
    float sums[2 * 144];
    EACH_LEVEL(d)
    for (size_t rows = 0; rows < 40; rows++) {
        const size_t n = 16 * (rows % 9 + 1), rows_all = rows + 7;
        memcpy(got, dy, MOST * sizeof *got);
        d->norm_sums(rows, n, x, w, bias, got, sums);
        for (size_t j = 0; j < n; j++) {
            double gamma = 0, beta = 0;
            for (size_t i = j; i < rows * n; i += n) {
                const double g = (double)dy[i] * (double)bias[i];
                near((double)got[i], g, 1e-7);
                gamma += g * ((double)x[i] - (double)w[j]) * (double)w[n + j];
                beta += g;
            }
            near((double)sums[j], gamma, 1e-5);
            near((double)sums[n + j], beta, 1e-5);
        }
        assert_memory_equal(got + rows * n, dy + rows * n, 64 * sizeof *got);
        got[rows * n] = 12345;
        d->norm_backward(rows, rows_all, n, x, w, bias, sums, dy, got);
        for (size_t i = 0; i < rows * n; i++) {
            const size_t j = i % n;
            const double scale = (double)w[n + j], share = 1.0 / (double)rows_all;
            const double v = (double)dy[i] - (double)sums[n + j] * share -
                             ((double)x[i] - (double)w[j]) * scale * (double)sums[j] * share;
            near((double)got[i], x[i] > 0 ? (double)bias[j] * scale * v : 0, 2e-6);
        }
        assert_true(got[rows * n] == 12345);
    }
}

/* ---- dropout and output ---- */

static void dropped_out(void **state)
{
    (void)state;
    enum { N = 1 << 14 };
    float *mask = kino_alloc_floats(N), *first = kino_alloc_floats(N);
    EACH_LEVEL(d)
    {
        size_t dropped = 0, pairs = 0;
        for (uint64_t key = 0; key < 8; key++) {
            d->dropout(N, kino_mix(key), (uint32_t)(0.2 * (1 << 24)), 1.25f, mask);
            for (size_t i = 0; i < N; i++) {
                assert_true(mask[i] == 0 || mask[i] == 1.25f);
                dropped += mask[i] == 0;
                pairs += i && mask[i] == 0 && mask[i - 1] == 0;
            }
        }
        if (level)
            assert_memory_equal(mask, first, N * sizeof *mask);
        memcpy(first, mask, N * sizeof *mask);
        /* of 131,072: a fifth, and a fifth of that with a dropped neighbour; four standard deviations */
        assert_true(fabs((double)dropped - 26214.4) < 4 * 145);
        assert_true(fabs((double)pairs - 5242.6) < 4 * 84);
        /* Each half of the key makes another mask; the ends of the range drop nothing and everything. */
        for (uint64_t bit = 1; bit; bit <<= 1) {
            size_t same = 0;
            d->dropout(N, kino_mix(7) ^ bit, (uint32_t)(0.2 * (1 << 24)), 1.25f, mask);
            for (size_t i = 0; i < N; i++)
                same += mask[i] == first[i];
            assert_true(same < N * 3 / 4);
        }
        d->dropout(N, 5, 0, 1.25f, mask);
        for (size_t i = 0; i < N; i++)
            assert_true(mask[i] == 1.25f);
        d->dropout(N, 5, 1 << 24, 1.25f, mask);
        for (size_t i = 0; i < N; i++)
            assert_true(mask[i] == 0);
    }
    /* One unit in 2^24 is dropped at a threshold of 1, and that one is kept at 0. */
    const kino_autoencoder_kernels *d = &all.table[all.count - 1].dense;
    bool found = false;
    for (uint64_t key = 0; !found && key < 8192; key++) {
        size_t at = 0;
        d->dropout(N, key, 1, 1.25f, mask);
        while (at < N && mask[at] != 0)
            at++;
        found = at < N;
        d->dropout(N, key, 0, 1.25f, mask);
        assert_true(!found || mask[at] == 1.25f);
    }
    assert_true(found);
    free(mask), free(first);
}

static void sigmoids(void **state)
{
    (void)state;
    EACH_LEVEL(d)
    for (int i = 0; i < 2000; i++) {
        const uint8_t which[3] = {1, 0, 2};
        float y[3 * 16], was[3 * 16];
        for (int j = 0; j < 48; j++)
            was[j] = y[j] = (float)(i - 1000) * 0.1f + (float)j * 0.00617f;
        y[0] = was[0] = i == 7 ? 0 : was[0];
        d->sigmoid(3, which, y);
        for (int j = 0; j < 48; j++) {
            const double want = which[j / 16] ? naive_sigmoid((double)was[j]) : (double)was[j];
            assert_true(fabs((double)y[j] - want) <= 1e-5 * fabs(want) + 1e-37);
        }
    }
}

static void errors(void **state)
{
    (void)state;
    uint8_t which[64];
    for (size_t i = 0; i < 64; i++)
        which[i] = i % 3 == 0;
    EACH_LEVEL(d)
    for (size_t rows = 0; rows <= KINO_SLICE; rows++)
        for (size_t n = 0; n < 64; n++) {
            double sum = 0;
            memcpy(got, x, MOST * sizeof *got);
            const double is = (double)d->error(rows, n, which, 0.3f, got);
            for (size_t i = 0; i < n * KINO_SLICE; i++) {
                const double y = (double)x[i], off = i % KINO_SLICE < rows ? y : 0;
                sum += off * off;
                near((double)got[i], 0.3 * off * (which[i / KINO_SLICE] ? y * (1 - y) : 1), 1e-6);
            }
            near(is, sum, 3e-6);
            assert_true(got[n * KINO_SLICE] == x[n * KINO_SLICE]);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(products_by_unit),
        cmocka_unit_test(gradients_by_unit),
        cmocka_unit_test(steps_of_a_matrix),
        cmocka_unit_test(the_sparse_layer),
        cmocka_unit_test(moments_do_not_fade_into_denormals),
        cmocka_unit_test(transposed),
        cmocka_unit_test(moments_of_a_slice),
        cmocka_unit_test(stats_of_all_rows),
        cmocka_unit_test(normalised),
        cmocka_unit_test(gradients_of_the_norm),
        cmocka_unit_test(dropped_out),
        cmocka_unit_test(sigmoids),
        cmocka_unit_test(errors),
    };
    return cmocka_run_group_tests_name("dense", tests, start, stop);
}
