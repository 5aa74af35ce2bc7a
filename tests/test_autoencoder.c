/* The autoencoder: training against its promises, files against damage, an imported network against Keras
 * (tests/golden/make_autoencoder.py). */
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

/* ---- training ---- */

/* Rows with structure: four kinds, three numbers that go with them, a group of one-hot columns and one of flags. */
static float *make_rows(size_t n, size_t columns, uint64_t seed)
{
    float *rows = kino_alloc_floats(n * columns + 1);
    for (size_t r = 0; r < n; r++) {
        float *x = rows + r * columns;
        const uint64_t kind = kino_random(seed, 0, r) % 4;
        for (size_t c = 0; c < columns; c++) {
            const float u = kino_random_unit(seed, 1 + c, r);
            if (c < 3)
                x[c] = (float)kind - 1.5f + 0.3f * (u - 0.5f);
            else
                x[c] = (c % 4 == kind ? u < 0.8f : u < 0.05f);
        }
    }
    return rows;
}

static uint8_t *make_kinds(size_t columns)
{
    uint8_t *sigmoid = kino_alloc(columns + 1);
    for (size_t c = 3; c < columns; c++)
        sigmoid[c] = 1;
    return sigmoid;
}

static kino_sparse pack(const float *rows, size_t n, size_t columns)
{
    kino_sparse s = {0};
    for (size_t r = 0; r < n; r++) {
        for (size_t c = 0; c < columns; c++)
            kino_sparse_put(&s, (uint32_t)c, rows[r * columns + c]);
        kino_sparse_end(&s);
    }
    return s;
}

static kino_status try_training(const kino_kernels *k, const float *rows, size_t n, const kino_train_options *o,
                                kino_autoencoder **a, kino_train_report *report, kino_error *err)
{
    kino_sparse s = pack(rows, n, o->columns > KINO_AUTOENCODER_COLUMNS ? 2 : o->columns);
    const kino_status st = kino_autoencoder_train_with(k ? k : kino_kernels_get(), &s, o, a, report, err);
    kino_sparse_free(&s);
    return st;
}

static kino_autoencoder *train(const float *rows, size_t n, const kino_train_options *o, kino_train_report *report)
{
    kino_autoencoder *a = NULL;
    kino_error err = {0};
    if (try_training(NULL, rows, n, o, &a, report, &err))
        fail_msg("%s", err.text);
    return a;
}

static void encode(const kino_autoencoder *a, const float *rows, size_t n, int threads, float *codes)
{
    kino_sparse s = pack(rows, n, kino_autoencoder_columns(a));
    kino_autoencoder_encode(a, &s, threads, codes);
    kino_sparse_free(&s);
}

static bool reconstruct(const kino_autoencoder *a, const float *rows, size_t n, int threads, float *out)
{
    kino_sparse s = pack(rows, n, kino_autoencoder_columns(a));
    const bool whole = kino_autoencoder_reconstruct(a, &s, threads, out);
    kino_sparse_free(&s);
    return whole;
}

static void same_bytes(void **state)
{
    (void)state;
    enum { N = 700, C = 23 };
    float *rows = make_rows(N, C, 1);
    uint8_t *sigmoid = make_kinds(C);
    kino_train_report one, other;
    kino_train_options o = {.columns = C, .sigmoid = sigmoid, .max_epochs = 4, .seed = 5, .threads = 1};
    kino_autoencoder *a = train(rows, N, &o, &one);
    for (int threads = 1; threads <= 4; threads++)
        for (int batch = 0; batch < 2; batch++) {
            o.threads = threads;
            kino_autoencoder *b = train(rows, N, &o, &other);
            assert_memory_equal(a->n.all, b->n.all, a->n.count * sizeof(float));
            assert_memory_equal(&one, &other, sizeof one);
            kino_autoencoder_free(b);
        }
    o.seed = 6;
    kino_autoencoder *c = train(rows, N, &o, &other);
    assert_memory_not_equal(a->n.all, c->n.all, a->n.count * sizeof(float));
    kino_autoencoder_free(a);
    kino_autoencoder_free(c);
    free(rows);
    free(sigmoid);
}

typedef struct told {
    int calls, last;
} told;

/* Losses of a short training: weights, order and masks come from the seed, and the same seed means the same network next
 * year. Whoever changes how a number is drawn changes all profiles, and these. */
static const float golden_losses[2][4] = {{0.3498928f, 0.2153288f, 0.1662697f, 0.1332870f},
                                          {0.2473677f, 0.1664457f, 0.1181535f, 0.1010043f}};

static void losses_are_the_golden_ones(void **state)
{
    (void)state;
    enum { N = 400, C = 23 };
    float *rows = make_rows(N, C, 9);
    uint8_t *sigmoid = make_kinds(C);
    for (kino_isa isa = KINO_ISA_SCALAR; isa < KINO_ISA_COUNT; isa++) {
        kino_kernels k;
        kino_train_report r;
        kino_error err = {0};
        kino_autoencoder *a = NULL;
        const kino_train_options o = {.columns = C, .sigmoid = sigmoid, .max_epochs = 4, .seed = 3, .threads = 2};
        if (!kino_kernels_for(isa, &k))
            continue;
        assert_int_equal(try_training(&k, rows, N, &o, &a, &r, &err), KINO_OK);
        for (int e = 0; e < 4; e++)
            if (!(fabsf(r.loss[e] - golden_losses[0][e]) < 1e-5f && fabsf(r.val_loss[e] - golden_losses[1][e]) < 1e-5f))
                fail_msg("%s: epoch %d: %.7gf, %.7gf", kino_isa_name(isa), e + 1, (double)r.loss[e],
                         (double)r.val_loss[e]);
        kino_autoencoder_free(a);
    }
    free(rows);
    free(sigmoid);
}

/* Of equal epochs the first is kept, and the others are waited for in vain. */
static void equal_epochs(void **state)
{
    (void)state;
    enum { N = 50, C = 5 };
    float *rows = kino_alloc_floats(N * C);
    kino_train_report r;
    const kino_train_options o = {.columns = C, .max_epochs = 20, .patience = 3, .seed = 1, .threads = 1};
    kino_autoencoder_free(train(rows, N, &o, &r)); /* nothing goes in, nothing comes out, and no error has a gradient */
    assert_int_equal(r.best_epoch, 1);
    assert_int_equal(r.epochs, 4);
    assert_true(r.val_loss[0] == 0 && r.val_loss[3] == 0);
    free(rows);
}

static void note_epoch(void *ctx, int epoch, int epochs, float loss, float val_loss)
{
    told *t = ctx;
    assert_int_equal(epoch, ++t->calls);
    assert_true(isfinite(loss) && isfinite(val_loss));
    t->last = epochs;
}

static double mean_error(const kino_autoencoder *a, const float *rows, size_t n, size_t columns)
{
    float *out = kino_alloc_floats(n * columns);
    double sum = 0;
    assert_true(reconstruct(a, rows, n, 2, out));
    for (size_t i = 0; i < n * columns; i++)
        sum += ((double)out[i] - (double)rows[i]) * ((double)out[i] - (double)rows[i]);
    free(out);
    return sum / (double)(n * columns);
}

/* Learns, stops early, and is what it was in its best epoch. */
static void learns_and_stops(void **state)
{
    (void)state;
    enum { N = 1201, C = 37, TRAINED = 960 };
    float *rows = make_rows(N, C, 2);
    uint8_t *sigmoid = make_kinds(C);
    kino_train_report r;
    told t = {0};
    kino_train_options o = {.columns = C,
                            .sigmoid = sigmoid,
                            .patience = 2,
                            .seed = 3,
                            .learning_rate = 0.01f,
                            .epoch = note_epoch,
                            .ctx = &t};
    kino_autoencoder *a = train(rows, N, &o, &r);
    assert_int_equal(t.calls, r.epochs);
    assert_int_equal(t.last, 100);
    assert_true(r.epochs < 100);
    assert_int_equal(r.epochs - r.best_epoch, 2);
    for (int e = 0; e < r.epochs; e++)
        assert_true(r.val_loss[e] >= r.val_loss[r.best_epoch - 1]);
    double error = mean_error(a, rows + TRAINED * C, N - TRAINED, C);
    assert_true(fabs(error / (double)r.val_loss[r.best_epoch - 1] - 1) < 1e-5);

    /* three numbers of variance 1.25 and flags: what a mean of each column would leave is about .2 */
    print_message("# loss from %.3f / %.3f to %.3f / %.3f in %d epochs\n", (double)r.loss[0], (double)r.val_loss[0],
                  (double)r.loss[r.epochs - 1], (double)r.val_loss[r.best_epoch - 1], r.epochs);
    assert_true(r.val_loss[r.best_epoch - 1] < 0.1f);
    kino_autoencoder_free(a);
    free(rows);
    free(sigmoid);
}

static void few_films(void **state)
{
    (void)state;
    enum { C = 9 };
    float *rows = make_rows(40, C, 3), codes[40 * CODE];
    for (size_t n = 1; n <= 40; n++) {
        kino_train_report r;
        kino_train_options o = {.columns = C, .max_epochs = 3, .batch = n % 2 ? 0 : 5, .seed = n};
        kino_autoencoder *a = train(rows, n, &o, &r);
        assert_true(isfinite(r.loss[0]) && (n > 1 ? isfinite(r.val_loss[0]) : isnan(r.val_loss[0])));
        encode(a, rows, n, 1, codes);
        for (size_t i = 0; i < n * CODE; i++)
            assert_true(isfinite(codes[i]) && codes[i] >= 0);
        kino_autoencoder_free(a);
    }
    memset(rows, 0, 40 * C * sizeof *rows); /* films without anything */
    kino_autoencoder *a = train(rows, 40, &(kino_train_options){.columns = C, .max_epochs = 2}, NULL);
    kino_autoencoder_free(a);
    free(rows);
}

/* The last third cannot be learned. In their order the rows that are validated on are among them; of a sample they are
 * like those that are trained on, and no more are used than were asked for. */
static void a_sample_is_fair(void **state)
{
    (void)state;
    enum { N = 600, C = 23 };
    float *rows = make_rows(N, C, 7), *same = make_rows(N, C, 8);
    kino_train_report ordered, drawn, few, all;
    for (size_t i = (size_t)N * 2 / 3 * C; i < (size_t)N * C; i++)
        rows[i] = 4 * (kino_random_unit(9, 0, i) - 0.5f);
    kino_train_options o = {.columns = C, .max_epochs = 20, .validation_share = 0.1f, .seed = 2, .threads = 1};
    kino_autoencoder_free(train(rows, N, &o, &ordered));
    o.sample = N;
    kino_autoencoder_free(train(rows, N, &o, &drawn));
    assert_true(ordered.val_loss[19] > 2 * ordered.loss[19]);
    assert_true(drawn.val_loss[19] < 1.5f * drawn.loss[19]);
    for (size_t r = 1; r < N; r++)
        memcpy(same + r * C, same, C * sizeof *same);
    o.sample = 50;
    kino_autoencoder *a = train(same, N, &o, &few);
    o.sample = 0;
    kino_autoencoder *b = train(same, 50, &o, &all);
    assert_memory_equal(a->n.all, b->n.all, a->n.count * sizeof(float));
    assert_memory_equal(&few, &all, sizeof few);
    kino_autoencoder_free(a);
    kino_autoencoder_free(b);
    free(rows);
    free(same);
}

static const volatile sig_atomic_t stop = 1;

static void refusals(void **state)
{
    (void)state;
    float rows[8] = {1, 0, 0, 1, 1, 1, 0, 0};
    kino_autoencoder *a = NULL;
    kino_error err = {0};
    const kino_train_options bad[] = {
        {.columns = 0},
        {.columns = KINO_AUTOENCODER_COLUMNS + 1},
        {.columns = 2, .batch = 1},
        {.columns = 2, .batch = -3},
        {.columns = 2, .max_epochs = KINO_MAX_EPOCHS + 1},
        {.columns = 2, .patience = -1},
        {.columns = 2, .dropout = 1},
        {.columns = 2, .validation_share = 1},
        {.columns = 2, .learning_rate = NAN},
        {.columns = 2, .learning_rate = -1},
        {.columns = 2, .dropout = NAN},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(try_training(NULL, rows, 4, &bad[i], &a, NULL, &err), KINO_USAGE);
    kino_train_options o = {.columns = 2, .cancel = &stop};
    assert_int_equal(try_training(NULL, rows, 0, &o, &a, NULL, &err), KINO_USAGE);
    assert_int_equal(try_training(NULL, rows, 4, &o, &a, NULL, &err), KINO_INTERRUPTED);
    o.columns = 1; /* a row of two */
    kino_sparse wide = pack(rows, 4, 2);
    assert_int_equal(kino_autoencoder_train(&wide, &o, &a, NULL, &err), KINO_USAGE);
    assert_non_null(strstr(err.text, "column 1"));
    kino_sparse_free(&wide);
    o.columns = 2;
    rows[3] = NAN;
    assert_int_equal(try_training(NULL, rows, 4, &o, &a, NULL, NULL), KINO_USAGE);
    assert_null(a);
}

/* A code depends on its row alone; sizes around those of slices, tasks and registers. */
static void codes_stand_alone(void **state)
{
    (void)state;
    static const size_t columns[] = {1, 2, 15, 16, 17, 31, 106};
    enum { N = 530 };
    for (size_t i = 0; i < sizeof columns / sizeof *columns; i++) {
        const size_t c = columns[i];
        float *rows = make_rows(N, c, 4), codes[N * CODE], one[CODE], some[N * CODE];
        kino_autoencoder *a =
            train(rows, 100, &(kino_train_options){.columns = c, .max_epochs = 2, .threads = 2}, NULL);
        assert_int_equal(kino_autoencoder_columns(a), c);
        encode(a, rows, N, 1, codes);
        encode(a, rows, N, 3, some);
        assert_memory_equal(codes, some, sizeof codes);
        for (size_t r = 0; r < N; r += 37) {
            encode(a, rows + r * c, 1, 1, one);
            assert_memory_equal(one, codes + r * CODE, sizeof one);
        }
        encode(a, rows, 0, 1, one);
        kino_autoencoder_free(a);
        free(rows);
    }
}

/* ---- files ---- */

static kino_status load(const kino_container_writer *w, kino_autoencoder **out)
{
    kino_buffer bytes = {0};
    kino_container c = {0};
    kino_error err = {0};
    kino_container_bytes(w, KINO_KIND_ENCODER, &bytes);
    void *aligned = kino_alloc_aligned(bytes.size);
    memcpy(aligned, bytes.data, bytes.size);
    assert_int_equal(kino_container_view("made", aligned, bytes.size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err),
                     KINO_OK);
    kino_status st = kino_autoencoder_load(&c, out, &err);
    if (st)
        assert_non_null(strstr(err.text, "made: "));
    kino_container_close(&c);
    free(aligned);
    free(bytes.data);
    return st;
}

/* Through a container whose checksums fit, whatever it holds. */
static kino_status reload(const kino_autoencoder *a, kino_autoencoder **out)
{
    kino_container_writer w = {0};
    kino_autoencoder_save(a, &w);
    kino_status st = load(&w, out);
    kino_container_writer_free(&w);
    return st;
}

static void files(void **state)
{
    (void)state;
    enum { N = 90, C = 19 };
    float *rows = make_rows(N, C, 5), codes[N * CODE], again[N * CODE], out[N * C], out_again[N * C];
    uint8_t *sigmoid = make_kinds(C);
    kino_train_options o = {.columns = C, .sigmoid = sigmoid, .max_epochs = 3};
    kino_autoencoder *a = train(rows, N, &o, NULL), *b = NULL;
    kino_container_writer w = {0};
    kino_autoencoder_save(a, &w);
    assert_int_equal(w.count, 15);
    assert_int_equal(load(&w, &b), KINO_OK);
    encode(a, rows, N, 1, codes);
    encode(b, rows, N, 1, again);
    assert_memory_equal(codes, again, sizeof codes);
    assert_true(reconstruct(a, rows, N, 1, out) && reconstruct(b, rows, N, 1, out_again));
    assert_memory_equal(out, out_again, sizeof out);
    for (size_t i = 0; i < N * C; i++)
        assert_true(i % C < 3 || (out[i] >= 0 && out[i] <= 1));
    kino_autoencoder_free(b);
    b = NULL;

    for (size_t missing = 0; missing < w.count; missing++) { /* any section left out, or of another shape */
        kino_container_writer v = {0};
        for (size_t i = 0; i < w.count; i++)
            if (i != missing)
                kino_container_add(&v, w.sections[i].name, w.sections[i].type, w.sections[i].rank, w.sections[i].dims,
                                   w.sections[i].data);
        assert_int_equal(load(&v, &b), KINO_DAMAGED);
        uint64_t dims[2] = {w.sections[missing].dims[0], w.sections[missing].dims[1]};
        dims[w.sections[missing].rank - 1]--;
        kino_container_add(&v, w.sections[missing].name, w.sections[missing].type, w.sections[missing].rank, dims,
                           w.sections[missing].data);
        assert_int_equal(load(&v, &b), KINO_DAMAGED);
        kino_container_writer_free(&v);
    }

    struct {
        float *at, value;
    } damage[] = {{a->n.weight[0], NAN},
                  {a->n.bias[2], INFINITY},
                  {a->n.norm[0] + 3 * WIDE + 5, -1},
                  {a->n.weight[4] + 77, 1e30f},
                  {a->last, -NAN}};
    for (size_t i = 0; i < sizeof damage / sizeof *damage; i++) {
        const float kept = *damage[i].at;
        *damage[i].at = damage[i].value;
        assert_int_equal(reload(a, &b), KINO_DAMAGED);
        *damage[i].at = kept;
    }
    a->sigmoid[4] = 2;
    assert_int_equal(reload(a, &b), KINO_DAMAGED);
    a->sigmoid[4] = 1;
    assert_null(b);

    kino_container_writer half = {0};
    for (size_t i = 0; i < w.count; i++)
        if (strncmp(w.sections[i].name, "autoencoder.3", 13) < 0)
            kino_container_add(&half, w.sections[i].name, w.sections[i].type, w.sections[i].rank, w.sections[i].dims,
                               w.sections[i].data);
    assert_int_equal(half.count, 7);
    assert_int_equal(load(&half, &b), KINO_OK);
    encode(b, rows, N, 1, again);
    assert_memory_equal(codes, again, sizeof codes);
    assert_false(reconstruct(b, rows, N, 1, out));
    kino_container_writer saved = {0};
    kino_autoencoder_save(b, &saved);
    assert_int_equal(saved.count, 7);
    kino_container_writer_free(&saved);
    kino_container_writer_free(&half);
    kino_container_writer_free(&w);
    kino_autoencoder_free(a);
    kino_autoencoder_free(b);
    free(rows);
    free(sigmoid);
}

static void keras(void **state)
{
    (void)state;
    kino_container c = {0};
    kino_error err = {0};
    kino_autoencoder *a = NULL;
    assert_int_equal(
        kino_container_open("tests/golden/autoencoder_keras.kino", KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err),
        KINO_OK);
    assert_int_equal(kino_autoencoder_load(&c, &a, &err), KINO_OK);
    const kino_section *rows = kino_container_get(&c, "rows");
    const float *codes = kino_container_get(&c, "codes")->data, *outputs = kino_container_get(&c, "outputs")->data;
    const size_t n = rows->dims[0], columns = rows->dims[1];
    float *got = kino_alloc_floats(n * (CODE + columns));
    double worst = 0, worst_output = 0;
    encode(a, rows->data, n, 0, got);
    reconstruct(a, rows->data, n, 0, got + n * CODE);
    for (size_t i = 0; i < n * CODE; i++)
        worst = fmax(worst, fabs((double)got[i] - (double)codes[i]) / (1 + fabs((double)codes[i])));
    for (size_t i = 0; i < n * columns; i++)
        worst_output = fmax(worst_output, fabs((double)got[n * CODE + i] - (double)outputs[i]));
    print_message("# codes are Keras's to %.1e, outputs to %.1e\n", worst, worst_output);
    assert_true(worst < 1e-5 && worst_output < 1e-5);
    free(got);
    kino_autoencoder_free(a);
    kino_container_close(&c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_bytes),   cmocka_unit_test(losses_are_the_golden_ones),
        cmocka_unit_test(equal_epochs), cmocka_unit_test(learns_and_stops),
        cmocka_unit_test(few_films),    cmocka_unit_test(a_sample_is_fair),
        cmocka_unit_test(refusals),     cmocka_unit_test(codes_stand_alone),
        cmocka_unit_test(files),        cmocka_unit_test(keras),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
