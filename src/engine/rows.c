/* rows.c - the films of the catalogue: those of the snapshot, and what has changed since.
 *
 * A snapshot that is behind still serves. The changes since its generation, which the catalogue has recorded, are read
 * into a second, small part that is searched exactly; what they replace or remove is hidden. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "engine/score.h"
#include "ingest/idmap.h"

/* ---- access ---- */

static bool is_hidden(const kino_rows *r, size_t row)
{
    return r->hidden && r->hidden[row / 64] >> row % 64 & 1;
}

size_t kino_row_of(const kino_rows *r, int64_t id)
{
    size_t row = kino_snapshot_row(r->base, id);
    if (row < r->base->count && !is_hidden(r, row))
        return row;
    return r->tail ? r->base->count + kino_snapshot_row(r->tail, id) : r->count;
}

const kino_snapshot *kino_part_of(const kino_rows *r, size_t row, size_t *own)
{
    bool base = row < r->base->count;
    *own = base ? row : row - r->base->count;
    return base ? r->base : r->tail;
}

const float *kino_row_vector(const kino_rows *r, size_t row)
{
    const kino_snapshot *part = kino_part_of(r, row, &row);
    return part->joined + row * KINO_VECTOR_DIM;
}

uint32_t kino_rows_term(const kino_rows *r, const kino_snapshot *part, uint32_t term)
{
    return part == r->base ? term : term < part->term_count ? r->tail_terms[term] : UINT32_MAX;
}

double kino_rows_term_weight(const kino_rows *r, uint32_t term)
{
    if (term >= r->base->term_count)
        return r->rarest;
    double w = r->base->term_weights[term];
    return w >= 0 && w < 64 ? w : 0;
}

kino_status kino_row_film(kino *k, size_t row, kino_arena *arena, kino_movie *out, kino_error *err)
{
    const kino_snapshot *part = kino_part_of(k->rows, row, &row);
    if (kino_snapshot_film(part, row, arena, out))
        return KINO_OK;
    kino_status st = kino_use_catalogue(k, err);
    return st ? st : kino_catalogue_get(k->catalogue, part->ids[row], arena, out, err);
}

/* ---- loading ---- */

/* A hash of id and name; those of a million terms hardly ever meet, and where they do, two keywords are one. */
int64_t kino_term_key(int64_t id, const char *name)
{
    return (int64_t)(kino_mix(kino_hash(kino_hash(KINO_HASH_START, &id, sizeof id), name, strlen(name))) | 1);
}

static int64_t term_key(const kino_snapshot *s, uint32_t term)
{
    return kino_term_key(s->term_ids[term], kino_snapshot_term(s, term));
}

static void hide(void *ctx, int64_t id)
{
    kino_rows *r = ctx;
    size_t row = kino_snapshot_row(r->base, id);
    if (row < r->base->count)
        r->hidden[row / 64] |= UINT64_C(1) << row % 64;
}

/* Finds the terms of the tail in the base. Both know a term by its id and name. */
static void match_terms(kino_rows *r)
{
    const kino_snapshot *base = r->base, *tail = r->tail;
    kino_idmap own = {0};
    r->tail_terms = kino_alloc_array(tail->term_count, sizeof *r->tail_terms);
    for (uint32_t t = 0; t < tail->term_count; t++) {
        r->tail_terms[t] = (uint32_t)base->term_count + t;
        *kino_idmap_at(&own, term_key(tail, t)) = t;
    }
    for (uint32_t t = 0; t < base->term_count; t++) {
        uint32_t same = kino_idmap_get(&own, term_key(base, t));
        if (same != UINT32_MAX)
            r->tail_terms[same] = t;
    }
    kino_idmap_free(&own);
}

/* What the catalogue has that the snapshot has not. */
static kino_status load_tail(kino *k, kino_rows *r, kino_error *err)
{
    const uint64_t since = k->snapshot->stamp.generation;
    size_t changes = 0;
    kino_status st = kino_catalogue_changes(k->catalogue, since, &changes, err);
    if (st || (!changes && !k->guests.count))
        return st;
    r->hidden = kino_alloc_array(r->base->count / 64 + 1, sizeof *r->hidden);
    st = kino_catalogue_changed(k->catalogue, since, hide, r, err);
    if (!st)
        st = kino_draft_new(k->catalogue, since, &k->guests, k->opt.threads, &r->tail_draft, err);
    if (!st && kino_draft_count(r->tail_draft)) {
        st = kino_draft_vectors(r->tail_draft, k->catalogue, KINO_INDEX_EXACT, err);
        if (!st)
            st = kino_draft_view(r->tail_draft, &r->tail, err);
        if (!st)
            match_terms(r);
    }
    if (!st)
        kino_titles_extend(r->base->titles, r->hidden, r->tail ? r->tail->titles : NULL);
    return st;
}

/* Without a snapshot: everything from the catalogue, the vectors when they are wanted. */
static kino_status load_base(kino *k, kino_rows *r, kino_error *err)
{
    kino_status st = kino_draft_new(k->catalogue, 0, &k->guests, k->opt.threads, &r->base_draft, err);
    return st ? st : kino_draft_view(r->base_draft, &r->base, err);
}

static kino_status load_weights(kino *k, kino_rows *r, kino_error *err)
{
    bool tuned = false;
    kino_part_weights(r->part_weights);
    if (!k->sealed)
        return kino_tuned_read(k->catalogue, r->part_weights, &tuned, err);
    if (k->snapshot->part_weights)
        memcpy(r->part_weights, k->snapshot->part_weights, KINO_PART_COUNT * sizeof *r->part_weights);
    return KINO_OK;
}

static kino_status load(kino *k, kino_rows *r, kino_error *err)
{
    kino_status st = KINO_OK;
    uint64_t generation = 0, lineage = 0;
    if (!k->snapshot)
        kino_note(&k->opt, k->fault.text);
    if (k->sealed && !k->guests.count) {
        r->base = k->snapshot;
        goto done;
    }
    st = kino_catalogue_hold(k->catalogue, err);
    if (st)
        return st;
    st = kino_catalogue_stamp(k->catalogue, &generation, &lineage, err);
    const kino_stamp *stamp = k->snapshot ? &k->snapshot->stamp : NULL;
    if (!st && stamp && lineage && stamp->lineage == lineage && stamp->generation <= generation) {
        r->base = k->snapshot;
        st = load_tail(k, r, err);
    } else if (!st) {
        if (stamp)
            kino_note(&k->opt, "the index snapshot is of another catalogue; the films are read from the catalogue itself, "
                      "which takes longer");
        st = load_base(k, r, err);
    }
    kino_catalogue_release(k->catalogue);
done:
    if (!st)
        st = load_weights(k, r, err);
    if (st)
        return st;
    const bool sealed = k->sealed && !k->guests.count;
    r->generation = sealed ? k->snapshot->stamp.generation : generation;
    r->lineage = sealed ? k->snapshot->stamp.lineage : lineage;
    r->count = r->base->count + (r->tail ? r->tail->count : 0);
    r->rarest = log((double)r->count);
    return KINO_OK;
}

/* Vectors, if they are not there yet, and the index that the options ask for. */
static kino_status load_vectors(kino *k, kino_rows *r, kino_error *err)
{
    kino_status st = KINO_OK;
    if (r->base_draft) {
        st = kino_draft_vectors(r->base_draft, k->catalogue, k->opt.index, err);
        if (st)
            return st;
        kino_draft_give_vectors(r->base_draft, r->base);
    }
    if (kino_index_choose(r->base->count, k->opt.index) == KINO_INDEX_HNSW) {
        if (!r->base->graph)
            r->own_graph = kino_hnsw_build(r->base->vectors, &kino_graph_params, kino_thread_count(k->opt.threads));
        r->graph = r->base->graph ? r->base->graph : r->own_graph;
    }
    r->vectors = true;
    return KINO_OK;
}

kino_status kino_use_rows(kino *k, bool vectors, kino_error *err)
{
    kino_status st = k->sealed && !k->guests.count ? KINO_OK : kino_use_catalogue(k, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->rows) {
        kino_rows *r = kino_alloc(sizeof *r);
        st = load(k, r, err);
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
    kino_status st = kino_use_rows(k, true, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    if (!k->rows->facets)
        k->rows->facets = all_facets(k->rows);
    pthread_mutex_unlock(&k->lock);
    return KINO_OK;
}

kino_status kino_use_term_numbers(kino *k, kino_error *err)
{
    kino_status st = kino_use_rows(k, true, err);
    if (st)
        return st;
    pthread_mutex_lock(&k->lock);
    const kino_rows *r = k->rows;
    if (!r->numbers) {
        kino_idmap *numbers = kino_alloc(sizeof *numbers);
        for (uint32_t t = 0; t < r->base->term_count; t++)
            *kino_idmap_at(numbers, term_key(r->base, t)) = t;
        for (uint32_t t = 0; r->tail && t < r->tail->term_count; t++)
            *kino_idmap_at(numbers, term_key(r->tail, t)) = r->tail_terms[t];
        k->rows->numbers = numbers;
    }
    pthread_mutex_unlock(&k->lock);
    return KINO_OK;
}

void kino_rows_free(kino_rows *r)
{
    if (!r)
        return;
    if (r->numbers)
        kino_idmap_free(r->numbers);
    free(r->numbers);
    free(r->facets);
    kino_hnsw_free(r->own_graph);
    free(r->own_places);
    if (r->base_draft)
        kino_snapshot_close(r->base);
    else if (r->base)
        kino_titles_extend(r->base->titles, NULL, NULL);
    kino_snapshot_close(r->tail);
    kino_draft_free(r->base_draft);
    kino_draft_free(r->tail_draft);
    free(r->tail_terms);
    free(r->hidden);
    free(r);
}
