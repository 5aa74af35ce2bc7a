/* training.c - films -> schema -> features -> autoencoder -> profiles. */
#include "make/training.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"

/* How recipe default trains: as little as its profiles are worth as much, in a catalogue of 10,474 films and in parts of
 * it (bench/SPEED.md). What counts is how many films it sees, one as often as another: a few films are seen often, and
 * of many a sample is enough. */
enum {
    BATCH = 64,
    SEEN = 200000, /* films in all epochs */
    MOST_EPOCHS = 40,
    SAMPLE = 50000, /* films */
    PATIENCE = 5,
};
#define LEARNING_RATE 0.0015f
#define HELD_OUT 0.1f

static void epoch_done(void *ctx, int epoch, int epochs, float loss, float val_loss)
{
    const kino_options *opt = ctx;
    if (opt->progress) {
        kino_progress p = {"train", (size_t)epoch, (size_t)epochs, loss, val_loss};
        opt->progress(opt->progress_ctx, &p);
    }
}

/* The encoder of an earlier build with the same key, if there is one. */
static bool reuse_encoder(kino_training *t)
{
    void *key = NULL, *bytes = NULL;
    size_t key_size = 0, size = 0;
    bool reused = false;
    if (!kino_catalogue_get_blob(t->catalogue, "training_key", &key, &key_size, NULL) && key_size == sizeof t->key &&
        kino_u64(key) == t->key && !kino_catalogue_get_blob(t->catalogue, "encoder", &bytes, &size, NULL)) {
        kino_encoder old = {0};
        if (!kino_encoder_load("encoder", bytes, size, &old, NULL)) {
            kino_encoder_free(&t->encoder);
            t->encoder = old;
            reused = true;
        }
    }
    free(key);
    free(bytes);
    return reused;
}

/* The words that an encoder of recipe default was trained on take the place of those of the films. */
static kino_status import_words(kino_training *t, const kino_container *c, kino_error *err)
{
    kino_schema *schema = NULL;
    if (!kino_container_get(c, "schema.head"))
        return kino_fail(err, KINO_USAGE,
                         "%s: says nothing of the words it was trained on; recipe default takes the encoder of another "
                         "catalogue, and one that was trained outside of kino needs --recipe classic",
                         t->req->encoder);
    kino_status st = kino_schema_load(c, &schema, err);
    if (!st && kino_schema_recipe(schema) != KINO_RECIPE_DEFAULT)
        st = kino_fail(err, KINO_USAGE, "%s: made with --recipe classic", t->req->encoder);
    if (st) {
        kino_schema_free(schema);
        return st;
    }
    kino_schema_free(t->encoder.schema);
    t->encoder.schema = schema;
    return KINO_OK;
}

/* An encoder that was trained elsewhere takes the place of training. */
static kino_status import_encoder(kino_training *t, kino_error *err)
{
    kino_container c = {0};
    kino_status st = kino_container_open(t->req->encoder, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, err);
    if (st)
        return st;
    if (t->req->recipe == KINO_RECIPE_DEFAULT)
        st = import_words(t, &c, err);
    if (!st)
        st = kino_autoencoder_load(&c, &t->encoder.autoencoder, err);
    kino_container_close(&c);
    if (st)
        return st;
    const size_t columns = kino_schema_columns(t->encoder.schema);
    if (kino_autoencoder_columns(t->encoder.autoencoder) != columns)
        return kino_fail(err, KINO_USAGE,
                         "%s: made for %zu feature columns, but this data gives %zu; was it trained on "
                         "other data or with the other --recipe?",
                         t->req->encoder, kino_autoencoder_columns(t->encoder.autoencoder), columns);
    return KINO_OK;
}

/* Recipe classic keeps the network's own. */
static void plan(const kino_training *t, size_t films, kino_train_options *o)
{
    if (t->req->recipe == KINO_RECIPE_CLASSIC)
        return;
    const size_t epochs = SEEN / (films < SAMPLE ? films : SAMPLE);
    o->batch = BATCH;
    o->learning_rate = LEARNING_RATE;
    o->validation_share = HELD_OUT;
    o->sample = SAMPLE;
    o->patience = PATIENCE;
    if (!o->max_epochs)
        o->max_epochs = epochs > MOST_EPOCHS ? MOST_EPOCHS : (int)epochs;
}

static kino_status train(kino_training *t, const kino_sparse *features, kino_error *err)
{
    const size_t columns = kino_schema_columns(t->encoder.schema);
    uint8_t *sigmoid = kino_alloc(columns);
    /* The older network's output could not leave 0 to 1, whatever its columns held; classic keeps that. */
    memset(sigmoid, t->req->recipe == KINO_RECIPE_CLASSIC, columns);
    kino_train_options o = {.columns = columns,
                            .sigmoid = sigmoid,
                            .max_epochs = t->req->epochs,
                            .seed = t->req->seed,
                            .threads = kino_thread_count(t->opt->threads),
                            .epoch = epoch_done,
                            .ctx = (void *)t->opt,
                            .cancel = t->opt->cancel};
    plan(t, features->rows, &o);
    kino_train_report *trained = kino_alloc(sizeof *trained);
    kino_status st = kino_autoencoder_train(features, &o, &t->encoder.autoencoder, trained, err);
    if (!st) {
        kino_build_report *r = t->report;
        r->trained = true;
        r->epochs = trained->epochs;
        r->best_epoch = trained->best_epoch;
        memcpy(r->loss, trained->loss, sizeof r->loss);
        memcpy(r->val_loss, trained->val_loss, sizeof r->val_loss);
    }
    free(trained);
    free(sigmoid);
    return st;
}

static uint64_t key_of(const kino_training *t, const kino_sparse *features)
{
    const uint64_t schema = kino_schema_fingerprint(t->encoder.schema);
    const int how[] = {t->req->epochs, BATCH, SEEN, MOST_EPOCHS, SAMPLE, PATIENCE};
    const float rates[] = {LEARNING_RATE, HELD_OUT};
    uint64_t key = kino_hash(KINO_HASH_START, features->index, features->used * sizeof *features->index);
    key = kino_hash(key, features->value, features->used * sizeof *features->value);
    key = kino_hash(key, features->end, features->rows * sizeof *features->end);
    key = kino_hash(key, &schema, sizeof schema);
    key = kino_hash(key, &t->req->seed, sizeof t->req->seed);
    key = kino_hash(key, how, sizeof how);
    return kino_hash(key, rates, sizeof rates);
}

/* The fingerprint is that of the saved container, so that it can be told again from the blob. */
static kino_status stamp_encoder(kino_encoder *e, kino_error *err)
{
    kino_buffer b = {0};
    kino_encoder again = {0};
    kino_encoder_bytes(e, &b);
    void *aligned = kino_alloc_aligned(b.size);
    memcpy(aligned, b.data, b.size);
    kino_status st = kino_encoder_load("encoder", aligned, b.size, &again, err);
    if (!st)
        e->fingerprint = again.fingerprint;
    kino_encoder_free(&again);
    free(aligned);
    free(b.data);
    return st;
}

kino_status kino_training_run(kino_training *t, kino_error *err)
{
    kino_sparse features = {0};
    kino_status st = kino_schema_fit(t->req->recipe, t->movies, &t->encoder.schema, err);
    if (!st && t->req->encoder)
        st = import_encoder(t, err);
    if (st)
        return st;
    kino_schema_rows(t->encoder.schema, t->movies->items, t->movies->count, &features);
    t->report->columns = kino_schema_columns(t->encoder.schema);
    if (!t->req->encoder) {
        t->key = key_of(t, &features);
        if (!reuse_encoder(t))
            st = train(t, &features, err);
    }
    if (!st)
        st = stamp_encoder(&t->encoder, err);
    if (!st) {
        t->profiles = kino_alloc_floats(t->movies->count * KINO_PROFILE_DIM);
        kino_encoder_profiles(&t->encoder, &features, kino_thread_count(t->opt->threads), t->profiles);
    }
    kino_sparse_free(&features);
    return st;
}

void kino_training_free(kino_training *t)
{
    kino_encoder_free(&t->encoder);
    free(t->profiles);
}
