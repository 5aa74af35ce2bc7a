/* Kernels of the trained network: every level against the scalar one, and what they promise. */
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
#include "kern/kern.h"

#define EACH_LEVEL(isa)                                                                                                \
    for (kino_isa isa = KINO_ISA_SCALAR; isa <= KINO_ISA_AVX512; isa++)                                                \
        if (kino_kernels_for(isa, &(kino_kernels){0}))

enum { MOST = 64 * 144 };

static float *noise(uint64_t purpose)
{
    float *p = kino_alloc_floats(MOST);
    for (size_t i = 0; i < MOST; i++)
        p[i] = 2 * kino_random_unit(11, purpose, i) - 1;
    return p;
}

static void near(const float *a, const float *b, size_t n, float tolerance)
{
    for (size_t i = 0; i < n; i++)
        assert_true(fabsf(a[i] - b[i]) <= tolerance * (1 + fabsf(b[i])));
}

static void kernels(void **state)
{
    (void)state;
    static const size_t sizes[][2] = {{16, 16}, {48, 32}, {64, 112}, {32, 144}, {128, 64}};
    kino_kernels scalar, k;
    kino_kernels_for(KINO_ISA_SCALAR, &scalar);
    const kino_autoencoder_kernels *s = &scalar.dense, *d = &k.dense;
    float *w = noise(1), *x = noise(2), *bias = noise(3), *dy = noise(4), *one = noise(5), *two = noise(5);
    float *p[2][3];
    const uint32_t index[8] = {0, 3, 5, 6, 7, 9, 12, 13};
    uint8_t which[144];
    for (size_t i = 0; i < 144; i++)
        which[i] = i % 3 == 0;
    EACH_LEVEL(isa)
    {
        kino_kernels_for(isa, &k);
        for (size_t z = 0; z < sizeof sizes / sizeof *sizes; z++) {
            const size_t m = sizes[z][0], n = sizes[z][1];
            for (int relu = 0; relu < 2; relu++) {
                s->forward(m, n, w, bias, x, 32, relu, one, 16);
                d->forward(m, n, w, bias, x, 32, relu, two, 16);
                near(two, one, n * 16, 1e-5f);
            }
            s->backward(m, n, w, dy, 16, NULL, 0, one, 32);
            d->backward(m, n, w, dy, 16, NULL, 0, two, 32);
            near(two, one, m * 32, 1e-5f);
            s->backward(m, n, w, dy, 16, x, 32, one, 16);
            d->backward(m, n, w, dy, 16, x, 32, two, 16);
            near(two, one, m * 16, 1e-5f);
            s->transpose(m, n, x, n, one, m);
            d->transpose(m, n, x, n, two, m);
            assert_memory_equal(one, two, m * n * sizeof *one);
            for (size_t count = 0; count <= 8; count++) {
                s->forward_sparse(n, count, index, bias, w, bias, one);
                d->forward_sparse(n, count, index, bias, w, bias, two);
                near(two, one, n, 1e-6f);
            }

            const kino_adam adam = {0.01f, 0.1f, 0.001f, 1e-7f};
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 3; j++)
                    p[i][j] = kino_alloc_floats(MOST);
            for (size_t rows = 1; rows < 40; rows += 13) {
                kino_moving a = {p[0][0], p[0][1], p[0][2]}, b = {p[1][0], p[1][1], p[1][2]};
                s->update(m, n, rows, x, 1, m, dy, &adam, a);
                d->update(m, n, rows, x, 1, m, dy, &adam, b);
                s->update(m, n, rows, x, 48, 1, dy, &adam, a);
                d->update(m, n, rows, x, 48, 1, dy, &adam, b);
                s->update_sparse(n, rows % 9, index, bias, dy, &adam, a);
                d->update_sparse(n, rows % 9, index, bias, dy, &adam, b);
                s->update_sum(n, rows, dy, &adam, a);
                d->update_sum(n, rows, dy, &adam, b);
            }
            near(p[1][0], p[0][0], MOST, 1e-4f);
            near(p[1][1], p[0][1], MOST, 1e-5f);
            near(p[1][2], p[0][2], MOST, 1e-5f);
            for (int i = 0; i < 2; i++)
                for (int j = 0; j < 3; j++)
                    free(p[i][j]);

            for (size_t rows = 0; rows <= 16; rows++) {
                s->norm_moments(rows, n, x, one);
                d->norm_moments(rows, n, x, two);
                near(two, one, 2 * n, 1e-6f);
                s->norm_stats(16 + rows + !rows, n, x, 1.5f, one); /* squared deviations may be negative here */
                d->norm_stats(16 + rows + !rows, n, x, 1.5f, two);
                near(two, one, 3 * n, 1e-5f);
                s->norm_forward(rows, n, x, w, bias, rows % 2 ? dy : NULL, one);
                d->norm_forward(rows, n, x, w, bias, rows % 2 ? dy : NULL, two);
                near(two, one, rows * n, 1e-6f);
                s->norm_backward(rows, 20, n, x, w, bias, dy, w, one);
                d->norm_backward(rows, 20, n, x, w, bias, dy, w, two);
                near(two, one, rows * n, 1e-6f);
                memcpy(one, dy, MOST * sizeof *one);
                memcpy(two, dy, MOST * sizeof *two);
                s->norm_sums(rows, n, x, w, bias, one, p[0][0] = kino_alloc_floats(2 * n));
                d->norm_sums(rows, n, x, w, bias, two, p[1][0] = kino_alloc_floats(2 * n));
                near(p[1][0], p[0][0], 2 * n, 1e-5f);
                near(two, one, MOST, 1e-6f);
                free(p[0][0]);
                free(p[1][0]);
                memcpy(one, x, MOST * sizeof *one);
                memcpy(two, x, MOST * sizeof *two);
                s->sigmoid(n, which, one);
                d->sigmoid(n, which, two);
                near(two, one, n * 16, 1e-6f);
                const float e = s->error(rows, n, which, 0.3f, w, one), f = d->error(rows, n, which, 0.3f, w, two);
                assert_true(fabsf(e - f) <= 1e-5f * e);
                near(two, one, n * 16, 1e-6f);
            }
            s->dropout(n, 99 + z, 1 << 22, 1.25f, one);
            d->dropout(n, 99 + z, 1 << 22, 1.25f, two);
            assert_memory_equal(one, two, n * sizeof *one);
        }
    }
    float *all[] = {w, x, bias, dy, one, two};
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        free(all[i]);
}

/* Sigmoid over all it may meet, and the share and spread of what dropout drops. */
static void sigmoid_and_dropout(void **state)
{
    (void)state;
    enum { N = 1 << 14 };
    float *y = kino_alloc_floats(N);
    EACH_LEVEL(isa)
    {
        kino_kernels k;
        kino_kernels_for(isa, &k);
        for (int i = 0; i < 2000; i++) {
            uint8_t which = 1;
            for (int j = 0; j < 16; j++)
                y[j] = (float)(i - 1000) * 0.1f + (float)j * 0.00617f;
            float x[16];
            memcpy(x, y, sizeof x);
            k.dense.sigmoid(1, &which, y);
            for (int j = 0; j < 16; j++) {
                const double wanted = 1 / (1 + exp(-(double)x[j]));
                assert_true(fabs((double)y[j] - wanted) <= 1e-5 * wanted + 1e-37);
            }
        }
        size_t dropped = 0, pairs = 0;
        for (uint64_t key = 0; key < 8; key++) {
            k.dense.dropout(N, kino_mix(key), (uint32_t)(0.2 * (1 << 24)), 1.25f, y);
            for (size_t i = 0; i < N; i++) {
                assert_true(y[i] == 0 || y[i] == 1.25f);
                dropped += y[i] == 0;
                pairs += i && y[i] == 0 && y[i - 1] == 0;
            }
        }
        /* of 131,072: a fifth, and a fifth of that with a dropped neighbour; four standard deviations */
        assert_true(fabs((double)dropped - 26214.4) < 4 * 145);
        assert_true(fabs((double)pairs - 5242.6) < 4 * 84);
    }
    free(y);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kernels),
        cmocka_unit_test(sigmoid_and_dropout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
