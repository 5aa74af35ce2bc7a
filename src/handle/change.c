/* change.c - films added to and removed from an existing catalogue. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"

/* The connection that a handle reads with is read-only; a change opens its own for the time it takes. */
static kino_status open_for_writing(kino *k, kino_catalogue **out, kino_error *err)
{
    return kino_catalogue_open(k->path, KINO_CATALOGUE_WRITE, out, err);
}

/* Changes that are searched beside the snapshot before it is made anew: so many, or this share of it. */
enum { MOST_CHANGES = 1000, ONE_IN = 20 };

static bool is_behind(kino *k)
{
    uint64_t generation = 0, lineage = 0;
    size_t changes = 0;
    const kino_stamp *stamp = k->snapshot ? &k->snapshot->stamp : NULL;
    if (!stamp || !k->snapshot->films->places || kino_use_catalogue(k, NULL) ||
        kino_catalogue_stamp(k->catalogue, &generation, &lineage, NULL) || stamp->lineage != lineage ||
        stamp->generation > generation || kino_catalogue_changes(k->catalogue, stamp->generation, &changes, NULL))
        return true;
    return changes > MOST_CHANGES || changes * ONE_IN > k->snapshot->films->count;
}

void kino_update_snapshot(kino *k, const char *saved)
{
    kino_reopen_snapshot(k); /* another program may have made one */
    if (is_behind(k))
        kino_remake_snapshot(k, saved);
}

void kino_remake_snapshot(kino *k, const char *saved)
{
    kino_error err = {0};
    char *path = kino_snapshot_path(k->data_dir);
    kino_report(&k->opt, "index", 0, 0);
    if (kino_derive_snapshot(k->path, path, k->opt.threads, &err)) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "%sthe index snapshot could not be made: %s", saved, err.text);
        kino_note(&k->opt, b.data);
        free(b.data);
    }
    kino_reopen_snapshot(k);
    free(path);
}

void kino_reindex_if_stale(kino *k)
{
    if (k->alone || (k->sealed && k->snapshot->films->places) || access(k->data_dir, W_OK))
        return;
    kino_update_snapshot(k, "");
}

kino_status kino_compute(kino *k, const kino_movie *const *movies, size_t count, kino_computed *out, kino_error *err)
{
    kino_status st = kino_use_minilm(k, err);
    if (!st)
        st = kino_use_encoder(k, err);
    if (st || !count)
        return st;
    const int threads = kino_thread_count(k->opt.threads);
    kino_buffer text = {0};
    kino_sparse features = {0};
    float *profiles = kino_alloc_floats(count * KINO_PROFILE_DIM);
    float *plots = kino_alloc_floats(count * KINO_PLOT_DIM);
    const char **texts = kino_alloc_array(count, sizeof *texts);
    size_t *lengths = kino_alloc_array(count, sizeof *lengths);
    for (size_t i = 0; i < count; i++) {
        size_t start = text.size;
        kino_schema_rows(k->encoder.schema, movies[i], 1, &features);
        kino_plot_text(k->recipe, movies[i], &text);
        lengths[i] = text.size - start;
    }
    for (size_t i = 0, start = 0; i < count; start += lengths[i++])
        texts[i] = text.data ? text.data + start : "";
    kino_encoder_profiles(&k->encoder, &features, threads, profiles);
    st = kino_minilm_embed(k->minilm, threads, texts, lengths, count, plots, NULL, NULL, k->opt.cancel, err);
    if (!st) {
        out->vectors = kino_alloc_floats(count * KINO_VECTOR_DIM);
        out->text_hashes = kino_alloc_array(count, sizeof *out->text_hashes);
    }
    for (size_t i = 0; !st && i < count; i++) {
        float *v = out->vectors + i * KINO_VECTOR_DIM;
        if (lengths[i]) /* else similar to nothing */
            memcpy(v, plots + i * KINO_PLOT_DIM, KINO_PLOT_DIM * sizeof *v);
        memcpy(v + KINO_PLOT_DIM, profiles + i * KINO_PROFILE_DIM, KINO_PROFILE_DIM * sizeof *v);
        out->text_hashes[i] = kino_hash(KINO_HASH_START, texts[i], lengths[i]);
    }
    free(text.data);
    kino_sparse_free(&features);
    free(profiles);
    free(plots);
    free(texts);
    free(lengths);
    return st;
}

void kino_computed_free(kino_computed *c)
{
    free(c->vectors);
    free(c->text_hashes);
    *c = (kino_computed){0};
}

kino_status kino_save(kino *k, const kino_movie *const *movies, const kino_computed *computed, size_t count,
                      const char *source, kino_before_put before, void *ctx, kino_error *err)
{
    const uint64_t maker = kino_minilm_fingerprint(k->minilm);
    kino_catalogue *c = NULL;
    bool *there = kino_alloc_array(count + 1, sizeof *there);
    uint64_t generation = 0;
    kino_status st = open_for_writing(k, &c, err);
    if (!st)
        st = kino_catalogue_begin(c, err);
    for (size_t i = 0; !st && i < count; i++) {
        const float *v = computed->vectors + i * KINO_VECTOR_DIM;
        bool put = true;
        if (before)
            st = before(ctx, c, i, &put, err);
        if (st || !put)
            continue;
        st = kino_catalogue_put(c, movies[i], source, err);
        if (!st)
            st = kino_catalogue_put_plot(c, movies[i]->id, computed->text_hashes[i], maker, v, KINO_PLOT_DIM, err);
        if (!st)
            st = kino_catalogue_put_profile(c, movies[i]->id, k->encoder.fingerprint, v + KINO_PLOT_DIM,
                                            KINO_PROFILE_DIM, err);
        there[i] = !st;
    }
    if (!st)
        st = kino_catalogue_commit(c, err);
    if (!st && k->saved && !kino_catalogue_generation(c, &generation, NULL))
        for (size_t i = 0; i < count; i++)
            if (there[i])
                k->saved(k, movies[i], computed->vectors + i * KINO_VECTOR_DIM, generation);
    if (c)
        kino_catalogue_rollback(c);
    kino_catalogue_close(c);
    free(there);
    return st;
}

kino_status kino_add(kino *k, const kino_movie *const *movies, size_t count, kino_error *err)
{
    kino_computed computed = {0};
    for (size_t i = 0; i < count; i++)
        if (movies[i]->id <= 0 || movies[i]->id > KINO_LIMIT_ID ||
            (!movies[i]->title[0] && !movies[i]->original_title[0]))
            return kino_fail(err, KINO_USAGE,
                             "film %zu of %zu has no id, one beyond 2^53, or no title; nothing was added", i + 1,
                             count);
    if (!count)
        return KINO_OK;
    kino_status st = kino_compute(k, movies, count, &computed, err);
    if (!st)
        st = kino_save(k, movies, &computed, count, "added", NULL, NULL, err);
    kino_computed_free(&computed);
    if (!st)
        kino_update_snapshot(k, "the films are saved, but ");
    return st;
}

kino_status kino_remove(kino *k, const int64_t *ids, size_t count, size_t *removed, kino_error *err)
{
    kino_catalogue *c = NULL;
    size_t gone = 0;
    kino_status st = open_for_writing(k, &c, err);
    if (!st)
        st = kino_catalogue_begin(c, err);
    for (size_t i = 0; !st && i < count; i++) {
        bool was = false;
        st = kino_catalogue_remove(c, ids[i], &was, err);
        gone += was;
    }
    if (!st)
        st = kino_catalogue_commit(c, err);
    if (c)
        kino_catalogue_rollback(c);
    kino_catalogue_close(c);
    if (!st) {
        kino_update_snapshot(k, "the films are saved, but ");
        if (removed)
            *removed = gone;
    }
    return st;
}

kino_status kino_tuned_save(kino *k, const double *weights, kino_error *err)
{
    kino_catalogue *c = NULL;
    kino_status st = kino_catalogue_open(k->path, KINO_CATALOGUE_WRITE, &c, err);
    if (!st)
        st = kino_catalogue_begin(c, err);
    if (!st)
        st = kino_catalogue_put_blob(c, KINO_TUNED_BLOB, weights ? weights : (const double[]){0},
                                     weights ? KINO_PART_COUNT * sizeof *weights : 0, err);
    if (!st)
        st = kino_catalogue_commit(c, err);
    if (c)
        kino_catalogue_rollback(c);
    kino_catalogue_close(c);
    if (!st)
        kino_remake_snapshot(k, "the weights are saved, but ");
    return st;
}
