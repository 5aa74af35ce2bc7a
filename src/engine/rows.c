#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "engine/engine.h"

size_t kino_row_of(const kino_rows *r, int64_t id)
{
    size_t low = 0, high = r->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (r->films[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low < r->count && r->films[low].id == id ? low : r->count;
}

static void take_vectors(void *ctx, int64_t id, const float *plot, const float *profile)
{
    kino_rows *r = ctx;
    size_t row = kino_row_of(r, id);
    if (row < r->count) {
        float *v = r->joined + row * KINO_VECTOR_DIM;
        memcpy(v, plot, KINO_PLOT_DIM * sizeof *v);
        memcpy(v + KINO_PLOT_DIM, profile, KINO_PROFILE_DIM * sizeof *v);
    }
}

static kino_titles *build_titles(kino_rows *r, int threads)
{
    kino_title_entry *entries = kino_arena_alloc(&r->arena, r->count * sizeof *entries);
    for (size_t i = 0; i < r->count; i++) {
        const kino_movie *m = &r->films[i];
        entries[i] = (kino_title_entry){m->id, m->title, m->original_title, m->year, m->votes, m->imdb_id};
    }
    return kino_titles_build(entries, r->count, threads);
}

static kino_status load_films(kino *k, kino_rows *r, kino_error *err)
{
    kino_status st = kino_catalogue_list(k->catalogue, &r->arena, &r->films, &r->count, err);
    if (!st)
        r->titles = build_titles(r, kino_thread_count(k->opt.threads));
    return st;
}

static kino_status load_vectors(kino *k, kino_rows *r, kino_error *err)
{
    int threads = kino_thread_count(k->opt.threads);
    r->joined = kino_alloc_floats(r->count * KINO_VECTOR_DIM);
    kino_status st = kino_catalogue_vectors(k->catalogue, KINO_PLOT_DIM, KINO_PROFILE_DIM, take_vectors, r, err);
    if (st) {
        free(r->joined);
        r->joined = NULL;
        return st;
    }
    r->vectors = kino_vectors_new(r->joined, r->count, (size_t[]){KINO_PLOT_DIM, KINO_PROFILE_DIM}, 2, threads);
    if (kino_index_choose(r->count, k->opt.index) == KINO_INDEX_HNSW)
        r->graph = kino_hnsw_build(r->vectors, NULL, threads);
    return KINO_OK;
}

kino_status kino_use_rows(kino *k, bool vectors, kino_error *err)
{
    kino_status st = KINO_OK;
    pthread_mutex_lock(&k->lock);
    if (!k->rows) {
        kino_rows *r = kino_alloc(sizeof *r);
        st = load_films(k, r, err);
        if (st)
            kino_rows_free(r);
        else
            k->rows = r;
    }
    if (!st && vectors && !k->rows->vectors)
        st = load_vectors(k, k->rows, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

void kino_rows_free(kino_rows *r)
{
    if (!r)
        return;
    kino_hnsw_free(r->graph);
    kino_vectors_free(r->vectors);
    kino_titles_free(r->titles);
    free(r->joined);
    kino_arena_free(&r->arena);
    free(r);
}
