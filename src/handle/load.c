/* load.c - the films of the catalogue: those of the snapshot, and what has changed since.
 *
 * A snapshot that is behind still serves. The changes since its generation, which the catalogue has recorded, are read
 * into a second, small segment that is searched exactly; what they replace or remove is hidden. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"

kino_status kino_row_film(kino *k, size_t row, kino_arena *arena, kino_movie *out, kino_error *err)
{
    const kino_segment *segment = kino_rows_segment(&k->films->rows, row, &row);
    if (kino_segment_film(segment, row, arena, out))
        return KINO_OK;
    kino_status st = kino_use_catalogue(k, err);
    return st ? st : kino_catalogue_get(k->catalogue, segment->ids[row], arena, out, err);
}

/* ---- loading ---- */

static void hide(void *ctx, int64_t id)
{
    kino_rows_hide(ctx, id);
}

/* What the catalogue has that the snapshot has not. */
static kino_status load_tail(kino *k, kino_films *f, kino_error *err)
{
    kino_rows *r = &f->rows;
    const uint64_t since = k->snapshot->stamp.generation;
    size_t changes = 0;
    kino_status st = kino_catalogue_changes(k->catalogue, since, &changes, err);
    if (st || (!changes && !k->unsaved.count))
        return st;
    r->hidden = kino_alloc_array(r->base->count / 64 + 1, sizeof *r->hidden);
    st = kino_catalogue_changed(k->catalogue, since, hide, r, err);
    if (!st)
        st = kino_segment_builder_new(k->catalogue, since, &k->unsaved, k->opt.threads, &f->tail_builder, err);
    if (!st && kino_segment_builder_count(f->tail_builder)) {
        st = kino_segment_builder_vectors(f->tail_builder, k->catalogue, KINO_INDEX_EXACT, r->base, NULL, err);
        if (!st)
            st = kino_segment_builder_view(f->tail_builder, &r->tail, err);
        if (!st)
            kino_rows_match_terms(r);
    }
    if (!st)
        kino_titles_extend(r->base->titles, r->hidden, r->tail ? r->tail->titles : NULL);
    if (!st && r->base->words)
        kino_words_extend(r->base->words, r->hidden, r->tail ? r->tail->words : NULL);
    return st;
}

/* Without a snapshot: everything from the catalogue, the vectors when they are wanted. */
static kino_status load_base(kino *k, kino_films *f, kino_error *err)
{
    kino_status st = kino_segment_builder_new(k->catalogue, 0, &k->unsaved, k->opt.threads, &f->base_builder, err);
    return st ? st : kino_segment_builder_view(f->base_builder, &f->rows.base, err);
}

/* The snapshot is all there is to know. */
static bool snapshot_suffices(const kino *k)
{
    return (k->sealed || k->alone) && !k->unsaved.count;
}

static kino_status load_weights(kino *k, kino_films *f, kino_error *err)
{
    bool tuned = false;
    kino_part_weights(f->weights);
    if (!k->sealed && !k->alone)
        return kino_tuned_read(k->catalogue, f->weights, &tuned, err);
    if (k->snapshot->tuned)
        memcpy(f->weights, k->snapshot->tuned, sizeof f->weights);
    return KINO_OK;
}

/* Whether the snapshot is of this catalogue, and not of a later state of it. */
static bool fits(const kino_snapshot *s, uint64_t lineage, uint64_t generation)
{
    return s && lineage && s->stamp.lineage == lineage && s->stamp.generation <= generation;
}

static kino_status load_from_catalogue(kino *k, kino_films *f, kino_error *err)
{
    kino_status st = kino_catalogue_hold(k->catalogue, err);
    if (st)
        return st;
    st = kino_catalogue_stamp(k->catalogue, &f->generation, &f->lineage, err);
    if (!st && fits(k->snapshot, f->lineage, f->generation)) {
        f->rows.base = k->snapshot->films;
        st = load_tail(k, f, err);
    } else if (!st) {
        if (k->snapshot)
            kino_note(&k->opt,
                      "the index snapshot is of another catalogue; the films are read from the catalogue itself, "
                      "which takes longer");
        st = load_base(k, f, err);
    }
    kino_catalogue_release(k->catalogue);
    return st;
}

static kino_status load(kino *k, kino_films *f, kino_error *err)
{
    kino_rows *r = &f->rows;
    kino_status st = KINO_OK;
    if (!k->snapshot)
        kino_note(&k->opt, k->fault.text);
    if (snapshot_suffices(k)) {
        r->base = k->snapshot->films;
        f->generation = k->snapshot->stamp.generation;
        f->lineage = k->snapshot->stamp.lineage;
    } else {
        st = load_from_catalogue(k, f, err);
    }
    if (!st)
        st = load_weights(k, f, err);
    if (st)
        return st;
    kino_rows_init(r);
    return KINO_OK;
}

/* Vectors, if they are not there yet, and the index that the options ask for. */
static kino_status load_vectors(kino *k, kino_films *f, kino_error *err)
{
    kino_rows *r = &f->rows;
    if (f->base_builder) {
        kino_statistics statistics;
        bool measured = false;
        kino_status st = kino_statistics_read(k->catalogue, &statistics, &measured, err);
        if (!st)
            st = kino_segment_builder_vectors(f->base_builder, k->catalogue, k->opt.index, NULL,
                                              measured ? &statistics : NULL, err);
        if (st)
            return st;
        kino_segment_builder_give_vectors(f->base_builder, r->base);
        kino_rows_init(r);
    }
    kino_scorer_init(&f->scorer, r, k->recipe, f->weights);
    if (kino_index_choose(r->base->count, k->opt.index) == KINO_INDEX_HNSW) {
        if (!r->base->graph)
            f->own_graph = kino_hnsw_build(r->base->vectors, &kino_graph_params, kino_thread_count(k->opt.threads));
        r->graph = r->base->graph ? r->base->graph : f->own_graph;
    }
    f->vectors = true;
    return KINO_OK;
}

kino_status kino_use_films(kino *k, bool vectors, kino_error *err)
{
    kino_status st = snapshot_suffices(k) ? KINO_OK : kino_use_catalogue(k, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->films) {
        kino_films *f = kino_alloc(sizeof *f);
        st = load(k, f, err);
        if (st)
            kino_films_free(f);
        else
            k->films = f;
    }
    if (!st && vectors && !k->films->vectors)
        st = load_vectors(k, k->films, err);
    pthread_mutex_unlock(&k->lock);
    return st;
}

/* Facets hold pointers into themselves: they stay where they were made. */
static kino_facets *all_facets(const kino_rows *r)
{
    kino_facets *all = kino_alloc_array(r->count + 1, sizeof *all);
    for (size_t row = 0; row < r->count; row++)
        kino_facets_of(r, row, &all[row]);
    return all;
}

kino_status kino_warm(kino *k, kino_error *err)
{
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->films->facets)
        k->films->facets = all_facets(&k->films->rows);
    pthread_mutex_unlock(&k->lock);
    return KINO_OK;
}

kino_status kino_use_term_numbers(kino *k, kino_error *err)
{
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->films->rows.numbers)
        kino_rows_number_terms(&k->films->rows);
    pthread_mutex_unlock(&k->lock);
    return KINO_OK;
}

kino_status kino_use_wishes(kino *k, kino_error *err)
{
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    kino_films *f = k->films;
    if (!f->reader) {
        f->wishes = kino_wish_catalogue_open(&f->rows);
        f->reader = kino_wish_reader_open(kino_wish_catalogue_lookups(f->wishes));
    }
    pthread_mutex_unlock(&k->lock);
    return KINO_OK;
}

void kino_films_free(kino_films *f)
{
    if (!f)
        return;
    kino_wish_reader_close(f->reader);
    kino_wish_catalogue_close(f->wishes);
    kino_rows *r = &f->rows;
    if (r->numbers)
        kino_idmap_free(r->numbers);
    free(r->numbers);
    free(f->facets);
    kino_hnsw_free(f->own_graph);
    free(f->own_places);
    if (f->base_builder)
        kino_segment_close(r->base);
    else if (r->base) {
        kino_titles_extend(r->base->titles, NULL, NULL);
        if (r->base->words)
            kino_words_extend(r->base->words, NULL, NULL);
    }
    kino_segment_close(r->tail);
    kino_segment_builder_free(f->base_builder);
    kino_segment_builder_free(f->tail_builder);
    free(r->tail_terms);
    free(r->hidden);
    free(f);
}
