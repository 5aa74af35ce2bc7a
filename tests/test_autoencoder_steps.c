/* The autoencoder's gradients against finite differences and PyTorch's, its steps against PyTorch's. Golden data:
 * tests/golden/make_autoencoder.py. */
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
#include "model/autoencoder_parts.h"

enum { COLUMNS = 11, ROWS = 21, STEPS = 5, TENSORS = 14 };

static const char *const names[TENSORS] = {"0.weight", "1.weight", "2.weight", "3.weight", "4.weight",
                                           "5.weight", "0.bias",   "1.bias",   "2.bias",   "3.bias",
                                           "4.bias",   "5.bias",   "0.norm",   "3.norm"};
static const size_t units[LAYERS + 1] = {COLUMNS, WIDE, NARROW, CODE, NARROW, WIDE, COLUMNS};
static kino_container golden;

/* ---- the golden batches ---- */

/* A parameter tensor: where it lies, [rows][columns] of rows that are `stride` apart. */
typedef struct tensor {
    float *at;
    size_t rows, columns, stride;
} tensor;

static tensor find_tensor(const network *n, int i)
{
    if (i < LAYERS)
        return (tensor){n->weight[i], units[i], units[i + 1], kino_network_width(n, i)};
    if (i < 2 * LAYERS)
        return (tensor){n->bias[i - LAYERS], 1, units[i - LAYERS + 1], 0};
    const size_t w = i == 12 ? WIDE : NARROW;
    return (tensor){n->norm[i - 12], 2, w, w};
}

static void draw_parameters(network *n)
{
    for (int i = 0; i < TENSORS; i++) {
        tensor t = find_tensor(n, i);
        const uint64_t purpose = (uint64_t)(i < 6 ? i : i < 12 ? 16 + i - 6 : i == 12 ? 32 : 35);
        const float scale = sqrtf(6.0f / (float)(t.rows + t.columns));
        for (size_t r = 0; r < t.rows; r++)
            for (size_t c = 0; c < t.columns; c++) {
                const double u = (double)kino_random_unit(7, purpose, r * t.columns + c);
                t.at[r * t.stride + c] = i < 6    ? (float)(2 * u - 1) * scale
                                         : i < 12 ? (float)(u * 0.4 - 0.1)
                                                  : (float)(r ? u - 0.5 : u + 0.5);
            }
    }
}

static const void *section(const char *prefix, const char *name)
{
    char full[KINO_SECTION_NAME];
    snprintf(full, sizeof full, "%s%s", prefix, name);
    const kino_section *s = kino_container_get(&golden, full);
    assert_non_null(s);
    return s->data;
}

/* The rows of dense data that are not 0; three arrays in one block, freed by free(rows). */
static kino_sparse_row *make_sparse(const float *rows, size_t n, size_t columns)
{
    kino_sparse_row *out = kino_alloc(n * (sizeof *out + columns * (sizeof(uint32_t) + sizeof(float))));
    float *value = (float *)(out + n);
    uint32_t *index = (uint32_t *)(value + n * columns);
    for (size_t r = 0; r < n; r++) {
        out[r] = (kino_sparse_row){index + r * columns, value + r * columns, 0};
        for (size_t c = 0; c < columns; c++)
            if (rows[r * columns + c] != 0) {
                index[r * columns + out[r].count] = (uint32_t)c;
                value[r * columns + out[r].count++] = rows[r * columns + c];
            }
    }
    return out;
}

typedef struct golden_run {
    kino_kernels k;
    kino_autoencoder *a;
    trainer *t;
    double loss[STEPS];
} golden_run;

static void run_golden(kino_isa isa, int steps, float less_beta1, float rate, int threads, golden_run *g)
{
    kino_kernels_for(isa, &g->k);
    g->a = kino_autoencoder_new(COLUMNS, section("", "sigmoid"), &g->k);
    draw_parameters(&g->a->n);
    g->t = kino_trainer_new(&g->a->n, g->a->kernels,
                            &(step_options){.batch = 32,
                                            .threads = threads,
                                            .dropout = 0.2f,
                                            .learning_rate = rate,
                                            .less_beta1 = less_beta1,
                                            .less_beta2 = 0.001f});
    kino_trainer_keep_masks(g->t);
    for (int s = 0; s < steps; s++) {
        for (int i = 0; i < NORMS; i++) {
            const size_t n = ROWS * (i ? NARROW : WIDE);
            const uint8_t *kept = (const uint8_t *)section("mask.", i ? "3" : "0") + (size_t)s * n;
            for (size_t j = 0; j < n; j++)
                kino_trainer_mask(g->t, i)[j] = kept[j] ? 1 / 0.8f : 0;
        }
        kino_sparse_row *x = make_sparse((const float *)section("", "inputs") + s * ROWS * COLUMNS, ROWS, COLUMNS);
        g->loss[s] = kino_trainer_step(g->t, x, ROWS) / (ROWS * COLUMNS);
        free(x);
    }
}

static void end_golden(golden_run *g)
{
    kino_trainer_free(g->t);
    kino_autoencoder_free(g->a);
}

#define EACH_LEVEL(isa)                                                                                                \
    for (kino_isa isa = KINO_ISA_SCALAR; isa <= KINO_ISA_AVX512; isa++)                                                \
        if (kino_kernels_for(isa, &(kino_kernels){0}))

/* ---- gradients ---- */

/* Every gradient, to a part of the largest of its tensor. */
static void gradients_torch(void **state)
{
    (void)state;
    EACH_LEVEL(isa)
    {
        golden_run g;
        double worst = 0;
        run_golden(isa, 1, 1, 0, 1, &g);
        assert_true(fabs(g.loss[0] / ((const double *)section("", "loss"))[0] - 1) < 1e-6);
        for (int i = 0; i < TENSORS; i++) {
            const tensor t = find_tensor(&g.a->n, i);
            const float *wanted = section("gradient.", names[i]);
            const float *got = kino_trainer_moments(g.t) + (t.at - g.a->n.all);
            double most = 0, off = 0;
            for (size_t r = 0; r < t.rows; r++)
                for (size_t c = 0; c < t.columns; c++) {
                    most = fmax(most, fabs((double)wanted[r * t.columns + c]));
                    off = fmax(off, fabs((double)got[r * t.stride + c] - (double)wanted[r * t.columns + c]));
                }
            assert_true(most > 0);
            worst = fmax(worst, off / most);
        }
        print_message("# %s: gradients are PyTorch's to %.1e of the largest of each tensor\n", kino_isa_name(isa),
                      worst);
        assert_true(worst < 1e-5);
        end_golden(&g);
    }
}

/* The loss by the book, in double precision, of the first golden batch. */
static double reference_loss(const double *const p[TENSORS])
{
    static double h[ROWS][WIDE], z[ROWS][WIDE];
    const float *x = section("", "inputs");
    const uint8_t *sigmoid = section("", "sigmoid");
    double loss = 0;
    for (size_t r = 0; r < ROWS; r++)
        for (size_t c = 0; c < COLUMNS; c++)
            h[r][c] = (double)x[r * COLUMNS + c];
    for (int l = 0; l < LAYERS; l++) {
        const size_t in = units[l], out = units[l + 1];
        for (size_t r = 0; r < ROWS; r++)
            for (size_t j = 0; j < out; j++) {
                double sum = p[LAYERS + l][j];
                for (size_t i = 0; i < in; i++)
                    sum += h[r][i] * p[l][i * out + j];
                z[r][j] = l < LAYERS - 1 && sum < 0 ? 0 : sum;
            }
        if (l == 0 || l == 3) {
            const uint8_t *kept = section("mask.", l ? "3" : "0");
            const double *gain = p[l ? 13 : 12];
            for (size_t j = 0; j < out; j++) {
                double mean = 0, variance = 0;
                for (size_t r = 0; r < ROWS; r++)
                    mean += z[r][j] / ROWS;
                for (size_t r = 0; r < ROWS; r++)
                    variance += (z[r][j] - mean) * (z[r][j] - mean) / ROWS;
                for (size_t r = 0; r < ROWS; r++)
                    z[r][j] = (gain[j] * (z[r][j] - mean) / sqrt(variance + 1e-3) + gain[out + j]) *
                              (kept[r * out + j] ? 1 / 0.8 : 0);
            }
        }
        memcpy(h, z, sizeof h);
    }
    for (size_t r = 0; r < ROWS; r++)
        for (size_t j = 0; j < COLUMNS; j++) {
            const double y = sigmoid[j] ? 1 / (1 + exp(-h[r][j])) : h[r][j], d = y - (double)x[r * COLUMNS + j];
            loss += d * d / (ROWS * COLUMNS);
        }
    return loss;
}

/* Some of every tensor, by central differences of the loss by the book. */
static void gradients_differences(void **state)
{
    (void)state;
    enum { SAMPLES = 48 };
    golden_run g;
    double *p[TENSORS];
    run_golden(KINO_ISA_SCALAR, 0, 1, 0, 1, &g);
    for (int i = 0; i < TENSORS; i++) {
        const tensor t = find_tensor(&g.a->n, i);
        p[i] = kino_alloc_array(t.rows * t.columns, sizeof **p);
        for (size_t r = 0; r < t.rows; r++)
            for (size_t c = 0; c < t.columns; c++)
                p[i][r * t.columns + c] = (double)t.at[r * t.stride + c];
    }
    assert_true(fabs(reference_loss((const double *const *)p) / ((const double *)section("", "loss"))[0] - 1) < 1e-7);

    static double slopes[TENSORS][SAMPLES];
    for (int i = 0; i < TENSORS; i++) {
        const tensor t = find_tensor(&g.a->n, i);
        for (size_t s = 0; s < SAMPLES; s++) {
            double *at = &p[i][kino_random(9, (uint64_t)i, s) % (t.rows * t.columns)], old = *at;
            *at = old + 1e-7;
            slopes[i][s] = reference_loss((const double *const *)p);
            *at = old - 1e-7;
            slopes[i][s] = (slopes[i][s] - reference_loss((const double *const *)p)) / 2e-7;
            *at = old;
        }
    }
    end_golden(&g);
    EACH_LEVEL(isa)
    {
        double worst = 0;
        run_golden(isa, 1, 1, 0, 1, &g);
        for (int i = 0; i < TENSORS; i++) {
            const tensor t = find_tensor(&g.a->n, i);
            const float *got = kino_trainer_moments(g.t) + (t.at - g.a->n.all);
            double most = 0, off = 0;
            for (size_t s = 0; s < SAMPLES; s++) {
                const size_t at = kino_random(9, (uint64_t)i, s) % (t.rows * t.columns);
                const double v = (double)got[at / t.columns * t.stride + at % t.columns];
                most = fmax(most, fabs(slopes[i][s]));
                off = fmax(off, fabs(slopes[i][s] - v));
            }
            worst = fmax(worst, off / most);
        }
        print_message("# %s: gradients are the loss's differences to %.1e of the largest of each tensor\n",
                      kino_isa_name(isa), worst);
        assert_true(worst < 1e-4);
        end_golden(&g);
    }
    for (int i = 0; i < TENSORS; i++)
        free(p[i]);
}

/* Five steps: losses, weights, moving statistics. Where a gradient is next to nothing, Adam takes its sign alone. */
static void steps_torch(void **state)
{
    (void)state;
    EACH_LEVEL(isa)
    {
        golden_run g;
        double worst = 0, sum = 0;
        size_t count = 0;
        run_golden(isa, STEPS, 0.1f, 1e-3f, 1, &g);
        for (int s = 0; s < STEPS; s++)
            assert_true(fabs(g.loss[s] / ((const double *)section("", "loss"))[s] - 1) < 1e-5);
        for (int i = 0; i < TENSORS; i++) {
            tensor t = find_tensor(&g.a->n, i);
            const float *wanted = section("after.", names[i]);
            t.rows = i >= 12 ? 4 : t.rows;
            for (size_t r = 0; r < t.rows; r++)
                for (size_t c = 0; c < t.columns; c++, count++) {
                    const double off = fabs((double)t.at[r * t.stride + c] - (double)wanted[r * t.columns + c]);
                    worst = fmax(worst, off);
                    sum += off;
                }
        }
        print_message("# %s: five steps of .001 later weights are PyTorch's to %.1e, in the mean %.1e\n",
                      kino_isa_name(isa), worst, sum / (double)count);
        assert_true(worst < 1e-4 && sum / (double)count < 1e-7);
        end_golden(&g);
    }
}

/* The error of a slice against rows written out: by the book, in double precision. */
static void errors_of_sparse_rows(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 16, 17, 40};
    enum { MOST = 48 };
    EACH_LEVEL(isa)
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++)
        for (size_t rows = 1; rows <= KINO_SLICE; rows++) {
            const size_t n = columns[i];
            uint8_t sigmoid[MOST] = {0};
            float target[KINO_SLICE * MOST] = {0}, was[MOST * KINO_SLICE] = {0};
            _Alignas(64) float y[MOST * KINO_SLICE];
            double sum = 0;
            kino_kernels k;
            kino_kernels_for(isa, &k);
            for (size_t c = 0; c < n; c++) {
                sigmoid[c] = c % 3 == 0;
                for (size_t r = 0; r < KINO_SLICE; r++) {
                    was[c * KINO_SLICE + r] = 0.1f + 0.8f * kino_random_unit(5, c, r);
                    target[r * n + c] = kino_random_unit(6, c, r) < 0.3f ? 2 * kino_random_unit(7, c, r) : 0;
                }
            }
            memcpy(y, was, sizeof y);
            kino_autoencoder *a = kino_autoencoder_new(n, sigmoid, &k);
            kino_sparse_row *x = make_sparse(target, rows, n);
            const double got = kino_network_error(&a->n, a->kernels, x, rows, 0.25f, y);
            for (size_t c = 0; c < n; c++)
                for (size_t r = 0; r < KINO_SLICE; r++) {
                    const double v = (double)was[c * KINO_SLICE + r];
                    const double d = r < rows ? v - (double)target[r * n + c] : 0;
                    sum += d * d;
                    assert_true(fabs((double)y[c * KINO_SLICE + r] - 0.25 * d * (sigmoid[c] ? v * (1 - v) : 1)) < 1e-6);
                }
            assert_true(fabs(got - sum) < 1e-5 * sum);
            free(x);
            kino_autoencoder_free(a);
        }
}

/* The padding of matrices, which save and load leave out, stays zero. */
static void padding_stays_zero(void **state)
{
    (void)state;
    golden_run g;
    run_golden(KINO_ISA_SCALAR, STEPS, 0.1f, 1e-3f, 1, &g);
    for (size_t r = 0; r < WIDE; r++)
        for (size_t c = COLUMNS; c < g.a->n.padded; c++)
            assert_true(g.a->n.weight[5][r * g.a->n.padded + c] == 0 && g.a->n.bias[5][c] == 0);
    end_golden(&g);
}

/* Levels with a fused multiply-add agree to the bit, and with any number of threads. */
static void levels_agree(void **state)
{
    (void)state;
    golden_run first = {0}, g;
    EACH_LEVEL(isa)
    for (int threads = 1; threads <= 3; threads++) {
        if (isa == KINO_ISA_SCALAR)
            continue;
        run_golden(isa, STEPS, 0.1f, 1e-3f, threads, &g);
        if (!first.a) {
            first = g;
            continue;
        }
        assert_memory_equal(g.a->n.all, first.a->n.all, g.a->n.count * sizeof(float));
        assert_memory_equal(g.loss, first.loss, sizeof g.loss);
        end_golden(&g);
    }
    end_golden(&first);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gradients_torch),    cmocka_unit_test(gradients_differences),
        cmocka_unit_test(steps_torch),        cmocka_unit_test(errors_of_sparse_rows),
        cmocka_unit_test(padding_stays_zero), cmocka_unit_test(levels_agree),
    };
    kino_error err = {0};
    if (kino_container_open("tests/golden/autoencoder.kino", KINO_KIND_ENCODER, KINO_VERIFY_ALL, &golden, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kino_container_close(&golden);
    return failed;
}
