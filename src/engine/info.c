/* info.c - what a catalogue is, and one film of it. */
#include "base/container.h"
#include "base/movie.h"
#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"
#include "handle/owned.h"
#include "kern/kern.h"
#include "net/tmdb/tmdb.h"

kino_status kino_get_info(kino *k, kino_info *out, kino_error *err)
{
    kino_catalogue_counts n;
    uint64_t generation = 0, lineage = 0;
    kino_container c = {0};
    kino_status st = kino_use_catalogue(k, err);
    if (!st)
        st = kino_catalogue_count(k->catalogue, &n, err);
    if (!st)
        st = kino_catalogue_stamp(k->catalogue, &generation, &lineage, err);
    if (!st)
        st = kino_use_encoder(k, err);
    if (st)
        return st;
    size_t behind = 0;
    double part_weights[KINO_PART_COUNT];
    bool tuned = false;
    if (k->snapshot && !k->sealed)
        st = kino_catalogue_changes(k->catalogue, k->snapshot->stamp.generation, &behind, err);
    if (!st)
        st = kino_tuned_read(k->catalogue, part_weights, &tuned, err);
    if (!st && k->weights)
        st = kino_container_open(k->weights, KINO_KIND_MINILM, KINO_VERIFY_STRUCTURE, &c, err);
    if (st)
        return st;
    *out = (kino_info){
        .data_dir = k->data_dir,
        .weights = k->weights ? k->weights : "",
        .isa = kino_isa_name(kino_kernels_get()->isa),
        .recipe = k->recipe == KINO_RECIPE_CLASSIC ? "classic" : "default",
        .index = kino_index_choose(n.films, k->opt.index) == KINO_INDEX_HNSW ? "hnsw" : "exact",
        .generation = generation,
        .lineage = lineage,
        .films = n.films,
        .with_plot = n.with_plot,
        .genres = n.genres,
        .keywords = n.keywords,
        .people = n.people,
        .bytes = n.bytes,
        .schema_fingerprint = kino_schema_fingerprint(k->encoder.schema),
        .encoder_fingerprint = k->encoder.fingerprint,
        .weights_fingerprint = c.fingerprint,
        .tuned = tuned,
        .snapshot_films = k->snapshot ? k->snapshot->films->count : 0,
        .snapshot_behind = behind,
        .network = kino_tmdb_available(),
        .threads = kino_thread_count(k->opt.threads),
    };
    kino_container_close(&c);
    return KINO_OK;
}

/* Rows of both parts ascend by id, and no film is in both; those that are hidden are left out. */
kino_status kino_ids(kino *k, int64_t **out, size_t *count, kino_error *err)
{
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    int64_t *ids = kino_alloc_array(r->count + 1, sizeof *ids);
    size_t n = 0, next = 0;
    const size_t tail = r->tail ? r->tail->count : 0;
    for (size_t row = 0; row < r->base->count; row++) {
        if (kino_rows_is_hidden(r, row))
            continue;
        while (next < tail && r->tail->ids[next] < r->base->ids[row])
            ids[n++] = r->tail->ids[next++];
        ids[n++] = r->base->ids[row];
    }
    while (next < tail)
        ids[n++] = r->tail->ids[next++];
    *out = ids;
    *count = n;
    return KINO_OK;
}

static bool take_unsaved(kino *k, int64_t id, kino_owned_movie *m)
{
    for (size_t i = 0; i < k->unsaved.count; i++)
        if (k->unsaved.movies[i].id == id) {
            kino_movie_copy(&k->unsaved.movies[i], &m->arena, &m->movie);
            return true;
        }
    return false;
}

/* Where the snapshot is known to be as good as the catalogue. */
static bool take_from_snapshot(kino *k, int64_t id, kino_owned_movie *m)
{
    if (!k->alone && !(k->sealed && kino_snapshot_is_sealed(k->snapshot, k->path)))
        return false;
    size_t row = kino_segment_row(k->snapshot->films, id);
    return row < k->snapshot->films->count && kino_segment_film(k->snapshot->films, row, &m->arena, &m->movie);
}

static kino_status get_from_catalogue(kino *k, int64_t id, kino_owned_movie *m, kino_error *err)
{
    const kino_status st = kino_use_catalogue(k, err);
    return st ? st : kino_catalogue_get(k->catalogue, id, &m->arena, &m->movie, err);
}

kino_status kino_movie_get_all(kino *k, int64_t id, kino_movie **out, kino_error *err)
{
    kino_owned_movie *m = kino_alloc(sizeof *m);
    const bool taken = take_unsaved(k, id, m) || (k->alone && take_from_snapshot(k, id, m));
    const kino_status st = taken ? KINO_OK : get_from_catalogue(k, id, m, err);
    if (st)
        kino_movie_free(&m->movie);
    else
        *out = &m->movie;
    return st;
}

kino_status kino_movie_get(kino *k, int64_t id, kino_movie **out, kino_error *err)
{
    kino_owned_movie *m = kino_alloc(sizeof *m);
    kino_status st = KINO_OK;
    if (!take_unsaved(k, id, m) && !take_from_snapshot(k, id, m))
        st = get_from_catalogue(k, id, m, err);
    if (st)
        kino_movie_free(&m->movie);
    else
        *out = &m->movie;
    return st;
}
