/* autoencoder_train.c - the training of the autoencoder: epochs, validation, when to stop. */
#include "model/autoencoder_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"

#define RANDOM_WEIGHT UINT64_C(0x3e1)
#define RANDOM_ORDER UINT64_C(0x04de4)
#define RANDOM_SAMPLE UINT64_C(0x5a3e)

/* ---- options and rows ---- */

static kino_status settle(const kino_train_options *in, size_t n, kino_train_options *o, kino_error *err)
{
    *o = *in;
    o->max_epochs = o->max_epochs ? o->max_epochs : 100;
    o->patience = o->patience ? o->patience : 10;
    o->batch = o->batch ? o->batch : 32;
    o->learning_rate = o->learning_rate != 0 ? o->learning_rate : 1e-3f;
    o->dropout = o->dropout != 0 ? o->dropout : 0.2f;
    o->validation_share = o->validation_share != 0 ? o->validation_share : 0.2f;
    if (o->columns < 1 || o->columns > KINO_AUTOENCODER_COLUMNS)
        return kino_fail(err, KINO_USAGE, "cannot train on %zu columns; 1 to %d are possible", o->columns,
                         KINO_AUTOENCODER_COLUMNS);
    if (n < 1)
        return kino_fail(err, KINO_USAGE, "cannot train on no films");
    if (o->max_epochs < 1 || o->max_epochs > KINO_MAX_EPOCHS || o->patience < 1 || o->batch < 2 ||
        o->batch > KINO_AUTOENCODER_BATCH)
        return kino_fail(err, KINO_USAGE,
                         "cannot train for %d epochs, patience %d, batch %d; 1 to %d, at least 1 and "
                         "2 to %d are possible",
                         o->max_epochs, o->patience, o->batch, KINO_MAX_EPOCHS, KINO_AUTOENCODER_BATCH);
    if (!(o->learning_rate > 0 && o->learning_rate <= 1) || !(o->dropout < 1) || !(o->validation_share < 1))
        return kino_fail(err, KINO_USAGE, "cannot train with learning rate %g, dropout %g, validation share %g",
                         o->learning_rate, o->dropout, o->validation_share);
    o->dropout = o->dropout < 0 ? 0 : o->dropout;
    o->validation_share = o->validation_share < 0 ? 0 : o->validation_share;
    return KINO_OK;
}

static kino_status examine(const kino_sparse *rows, size_t columns, kino_error *err)
{
    for (size_t r = 0; r < rows->rows; r++) {
        const kino_sparse_row row = kino_sparse_at(rows, r);
        for (size_t i = 0; i < row.count; i++)
            if (row.index[i] >= columns || !isfinite(row.value[i]))
                return kino_fail(err, KINO_USAGE, "cannot train: column %u of film %zu is %g", row.index[i], r,
                                 (double)row.value[i]);
    }
    return KINO_OK;
}

/* Glorot: uniform within sqrt(6 / (inputs + outputs)). Biases stay 0. */
static void draw_weights(network *n, uint64_t seed)
{
    for (int l = 0; l < LAYERS; l++) {
        const size_t inputs = kino_network_inputs(n, l), width = kino_network_width(n, l);
        const size_t outputs = l < LAYERS - 1 ? width : n->columns;
        const float limit = sqrtf(6.0f / (float)(inputs + outputs));
        for (size_t i = 0; i < inputs; i++)
            for (size_t j = 0; j < outputs; j++)
                n->weight[l][i * width + j] =
                    limit * (2 * kino_random_unit(seed, RANDOM_WEIGHT + (uint64_t)l, i * outputs + j) - 1);
    }
}

static void shuffle(size_t n, uint64_t seed, uint64_t purpose, kino_sparse_row *rows)
{
    for (size_t i = n - 1; i > 0; i--) {
        size_t j = (size_t)(kino_random(seed, purpose, i) % (i + 1));
        kino_sparse_row kept = rows[i];
        rows[i] = rows[j];
        rows[j] = kept;
    }
}

/* All rows, or the sample of them in front. */
static kino_sparse_row *draw_sample(const kino_sparse *rows, const kino_train_options *o)
{
    kino_sparse_row *all = kino_alloc_array(rows->rows, sizeof *all);
    for (size_t r = 0; r < rows->rows; r++)
        all[r] = kino_sparse_at(rows, r);
    if (o->sample)
        shuffle(rows->rows, o->seed, RANDOM_SAMPLE, all);
    return all;
}

/* ---- validation ---- */

enum { CHUNK = 512 }; /* rows of a task */

typedef struct validation {
    const network *n;
    const kino_autoencoder_kernels *k;
    float *stats[NORMS];
    const kino_sparse_row *rows;
    size_t count;
    int threads;
    double *errors; /* [tasks] */
    float *scratch; /* [threads][scratch_size] */
    size_t scratch_size;
} validation;

static void validate_chunk(void *ctx, size_t chunk, int worker)
{
    validation *v = ctx;
    const size_t end = (chunk + 1) * CHUNK < v->count ? (chunk + 1) * CHUNK : v->count;
    float *scratch = v->scratch + (size_t)worker * v->scratch_size;
    float *code = scratch + KINO_INFER_SCRATCH, *y = code + KINO_SLICE * CODE;
    double sum = 0;
    for (size_t at = chunk * CHUNK; at < end; at += KINO_SLICE) {
        const size_t rows = end - at < KINO_SLICE ? end - at : KINO_SLICE;
        kino_network_infer(v->n, v->k, v->stats, v->rows + at, rows, scratch, code, y);
        sum += kino_network_error(v->n, v->k, v->rows + at, rows, 0, y);
    }
    v->errors[chunk] = sum;
}

/* The mean squared error of the network as it stands; NaN without rows. */
static float validate(validation *v)
{
    const size_t tasks = (v->count + CHUNK - 1) / CHUNK;
    double sum = 0;
    kino_norm_moving(WIDE, v->n->norm[0], v->stats[0]);
    kino_norm_moving(NARROW, v->n->norm[1], v->stats[1]);
    kino_parallel(v->threads, tasks, validate_chunk, v);
    for (size_t i = 0; i < tasks; i++)
        sum += v->errors[i];
    return (float)(sum / ((double)v->count * (double)v->n->columns));
}

/* ---- epochs ---- */

typedef struct training {
    const kino_train_options *o;
    const kino_sparse_row *rows; /* those to train on, then those to validate on */
    size_t training_rows;
    network *n;
    trainer *trainer;
    validation v;
    kino_train_report *report;
} training;

static kino_status run_epoch(training *t, int epoch, kino_sparse_row *order, float *loss, kino_error *err)
{
    const size_t n = t->training_rows, batch = (size_t)t->o->batch;
    double sum = 0;
    memcpy(order, t->rows, n * sizeof *order);
    shuffle(n, t->o->seed, RANDOM_ORDER + (uint64_t)epoch, order);
    for (size_t at = 0; at < n; at += batch) {
        if (t->o->cancel && *t->o->cancel)
            return kino_fail(err, KINO_INTERRUPTED, "interrupted in epoch %d of the training", epoch);
        sum += kino_trainer_step(t->trainer, order + at, n - at < batch ? n - at : batch);
    }
    *loss = (float)(sum / ((double)n * (double)t->n->columns));
    if (!isfinite(*loss))
        return kino_fail(err, KINO_USAGE,
                         "the training diverged in epoch %d; are the columns scaled, and the learning "
                         "rate %g small enough?",
                         epoch, t->o->learning_rate);
    return KINO_OK;
}

static kino_status run_epochs(training *t, kino_error *err)
{
    const kino_train_options *o = t->o;
    kino_sparse_row *order = kino_alloc_array(t->training_rows, sizeof *order);
    float *best = kino_alloc_floats(t->n->count), least = INFINITY, loss = 0;
    kino_status st = KINO_OK;
    for (int epoch = 1, waited = 0; epoch <= o->max_epochs && waited < o->patience; epoch++) {
        if ((st = run_epoch(t, epoch, order, &loss, err)))
            break;
        const float val_loss = validate(&t->v), judge = t->v.count ? val_loss : loss;
        t->report->epochs = epoch;
        t->report->loss[epoch - 1] = loss;
        t->report->val_loss[epoch - 1] = val_loss;
        waited++;
        if (judge < least) {
            least = judge;
            waited = 0;
            t->report->best_epoch = epoch;
            memcpy(best, t->n->all, t->n->count * sizeof *best);
        }
        if (o->epoch)
            o->epoch(o->ctx, epoch, o->max_epochs, loss, val_loss);
    }
    if (!st && !t->report->best_epoch)
        st = kino_fail(err, KINO_USAGE, "the training diverged: no epoch had a finite validation loss");
    if (!st)
        memcpy(t->n->all, best, t->n->count * sizeof *best);
    free(order);
    free(best);
    return st;
}

kino_status kino_autoencoder_train_with(const kino_kernels *kernels, const kino_sparse *rows,
                                        const kino_train_options *options, kino_autoencoder **out,
                                        kino_train_report *report, kino_error *err)
{
    kino_train_options o;
    size_t n = rows->rows;
    kino_sparse_row *all = NULL;
    kino_autoencoder *a = NULL;
    training t = {.o = &o, .report = kino_alloc(sizeof *report)};
    kino_status st = settle(options, n, &o, err);
    if (!st)
        st = examine(rows, o.columns, err);
    if (st)
        goto done;
    t.rows = all = draw_sample(rows, &o);
    n = o.sample && o.sample < n ? o.sample : n;

    /* floor(n (1 - share)) rows to train on, the share being the decimal number that its float stands for */
    const double share = round((double)o.validation_share * 1e6) / 1e6;
    t.training_rows = (size_t)floor((double)n * (1 - share) + 1e-9);
    t.training_rows = t.training_rows ? t.training_rows : 1;
    const int threads = kino_thread_count(o.threads);
    a = kino_autoencoder_new(o.columns, o.sigmoid, kernels);
    t.n = &a->n;
    draw_weights(t.n, o.seed);
    t.trainer = kino_trainer_new(t.n, a->kernels,
                                 &(step_options){.batch = o.batch,
                                                 .threads = threads,
                                                 .dropout = o.dropout,
                                                 .learning_rate = o.learning_rate,
                                                 .less_beta1 = 0.1f,
                                                 .less_beta2 = 0.001f,
                                                 .seed = o.seed});
    t.v = (validation){.n = t.n,
                       .k = a->kernels,
                       .stats = {a->stats[0], a->stats[1]},
                       .rows = all + t.training_rows,
                       .count = n - t.training_rows,
                       .threads = threads};
    t.v.scratch_size = KINO_INFER_SCRATCH + KINO_SLICE * (CODE + a->n.padded);
    t.v.scratch = kino_alloc_floats((size_t)threads * t.v.scratch_size);
    t.v.errors = kino_alloc_array(t.v.count / CHUNK + 1, sizeof *t.v.errors);
    st = run_epochs(&t, err);
    if (!st) {
        kino_autoencoder_finish(a);
        *out = a;
        a = NULL;
    }
done:
    if (report)
        *report = *t.report;
    kino_trainer_free(t.trainer);
    kino_autoencoder_free(a);
    free(t.v.scratch);
    free(t.v.errors);
    free(t.report);
    free(all);
    return st;
}

kino_status kino_autoencoder_train(const kino_sparse *rows, const kino_train_options *o, kino_autoencoder **out,
                                   kino_train_report *report, kino_error *err)
{
    return kino_autoencoder_train_with(kino_kernels_get(), rows, o, out, report, err);
}
