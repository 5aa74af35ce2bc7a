/* file.c - the films of a file into the catalogue: what is there is compared first, and nothing of it is lost. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/jsonread.h"
#include "base/limits.h"
#include "base/movie.h"
#include "base/status.h"
#include "ingest/movies.h"
#include "ingest/objects.h"
#include "ingest/source.h"
#include "ingest/table.h"
#include "ingest/values.h"
#include "learn/online.h"

enum { MOST = 100000 }; /* films of one JSON file: all of them are in memory, so that a damaged file adds nothing */
#define MOST_BYTES ((size_t)2 << 30)

typedef struct adding {
    kino *k;
    const kino_add_request *req;
    kino_add_report *report;
    kino_arena arena;          /* of the films as they were */
    const kino_movie **movies; /* [count], to be put */
    size_t count;
} adding;

/* ---- one film against the one that is there ---- */

static void refuse(kino_add_report *r, const kino_movie *there, const kino_movie *m)
{
    if (r->refused++ < KINO_ADD_REFUSALS)
        snprintf(r->refusals[r->refused - 1], KINO_REMARK, "%lld is %s (%d) here, not %s (%d)", (long long)there->id,
                 there->title, there->year, m->title, m->year);
}

/* A film of the file is put as it is where it is new, with what is kept of the one that is there, or not at all. */
static kino_status consider(adding *a, kino_movie *m, kino_error *err)
{
    kino_movie there;
    kino_error why = {0};
    kino_status st = kino_catalogue_get(a->k->catalogue, m->id, &a->arena, &there, &why);
    if (st == KINO_NOT_FOUND) {
        a->report->added++;
        a->movies[a->count++] = m;
        return KINO_OK;
    }
    if (st)
        return kino_fail(err, st, "%s", why.text);
    if (kino_movie_is_another(&there, m) && !a->req->replace) {
        refuse(a->report, &there, m);
        return KINO_OK;
    }
    if (!a->req->replace)
        kino_movie_keep(&there, m);
    const unsigned fields = kino_movie_differences(&there, m);
    if (!fields) {
        a->report->unchanged++;
        return KINO_OK;
    }
    a->report->changed++;
    a->report->changed_fields |= fields;
    a->movies[a->count++] = m;
    return KINO_OK;
}

/* ---- ids that are not TMDB's ---- */

/* The film here that a film without an id of TMDB's is: by IMDb's id, else by title and year; 0: none. */
static int64_t known_as(kino *k, const kino_movie *m)
{
    kino_title_hit hits[2];
    kino_buffer name = {0};
    size_t row;
    if (*m->imdb_id)
        kino_buffer_print(&name, "%s", m->imdb_id);
    else
        kino_buffer_print(&name, "%s (%d)", m->title, m->year);
    const size_t found = kino_titles_find(k->films->rows.base->titles, name.data, 2, hits);
    const bool one = found && (*m->imdb_id ? hits[0].kind == KINO_TITLE_IMDB
                                           : m->year && kino_titles_verdict(hits, found) == KINO_TITLES_UNIQUE &&
                                                 hits[0].kind <= KINO_TITLE_FOLDED);
    free(name.data);
    return one ? kino_rows_segment(&k->films->rows, hits[0].entry, &row)->ids[row] : 0;
}

/* Numbers of which nothing proves that they are TMDB's are held against the films here. One that fits proves them all;
 * where none does and none contradicts, they are somebody's own. False when one contradicts. */
static bool settle_ids(adding *a, kino_movies *movies)
{
    size_t fit = 0, unfit = 0;
    for (size_t i = 0; a->report->reading.unproved_ids && i < movies->count; i++) {
        kino_movie there;
        if (kino_catalogue_get(a->k->catalogue, movies->items[i].id, &a->arena, &there, NULL))
            continue;
        const bool another = kino_movie_is_another(&there, &movies->items[i]);
        fit += !another;
        unfit += another;
    }
    for (size_t i = 0; i < movies->count; i++) {
        kino_movie *m = &movies->items[i];
        if (a->report->reading.unproved_ids && !fit && !unfit)
            m->id = kino_own_id(m);
        const int64_t known = m->id >= KINO_OWN_IDS ? known_as(a->k, m) : 0;
        m->id = known ? known : m->id;
    }
    return !unfit;
}

static kino_status save(adding *a, const char *source, kino_error *err)
{
    kino_computed computed = {0};
    if (!a->count || a->req->dry_run)
        return KINO_OK;
    kino_status st = kino_compute(a->k, a->movies, a->count, &computed, err);
    if (!st)
        st = kino_save(a->k, a->movies, &computed, a->count, source, NULL, NULL, err);
    kino_computed_free(&computed);
    if (!st)
        kino_update_snapshot(a->k, "the films are saved, but ");
    return st;
}

/* ---- JSON: TMDB's details, one after another, in an array or in the pages of its lists ---- */

/* Whether the object says itself that it is a series. */
static bool is_series(const kino_json *object)
{
    const char *type = kino_json_text(kino_json_member(object, "media_type"), "");
    return kino_value_kind((kino_field){type, strlen(type)}) == KINO_WORK_OTHER ||
           kino_json_member(object, "first_air_date");
}

typedef struct details {
    kino_tmdb_films **films; /* [count] */
    size_t count, capacity, skipped;
} details;

static kino_status read_one(void *ctx, kino_field object, const kino_json *tree, size_t line, kino_error *err)
{
    details *d = ctx;
    (void)line;
    if (tree && is_series(tree)) {
        d->skipped++;
        return KINO_OK;
    }
    if (d->count == d->capacity) {
        d->capacity = d->capacity ? 2 * d->capacity : 256;
        d->films = kino_resize_array(d->films, d->capacity, sizeof *d->films);
    }
    kino_status st = d->count == MOST ? kino_fail(err, KINO_DAMAGED, "more than %d films; split the file", MOST)
                                      : kino_tmdb_read_details(object.text, object.size, &d->films[d->count], err);
    d->count += !st;
    return st;
}

static kino_status add_json(adding *a, const char *name, const kino_buffer *bytes, kino_error *err)
{
    details d = {0};
    kino_error why = {0};
    kino_status st = kino_objects_each(bytes->data, bytes->size, read_one, &d, &why);
    if (st)
        kino_fail(err, st, "%s: %s; nothing was added", name, why.text);
    a->movies = kino_alloc_array(d.count + 1, sizeof *a->movies);
    a->report->no_films = d.skipped;
    for (size_t i = 0; !st && i < d.count; i++) {
        kino_movie *m = &d.films[i]->items[0].movie;
        if (d.films[i]->items[0].status || (!*m->title && !*m->original_title))
            continue;
        st = kino_adapt(a->k, m, err);
        if (!st)
            st = consider(a, m, err);
    }
    if (!st)
        st = save(a, "tmdb", err);
    for (size_t i = 0; i < d.count; i++)
        kino_tmdb_films_free(d.films[i]);
    free(d.films);
    return st;
}

/* ---- a table ---- */

static kino_status add_table(adding *a, kino_source *source, const kino_buffer *bytes, kino_error *err)
{
    const kino_build_request req = {.map = a->req->map, .map_count = a->req->map_count};
    kino_movies movies = {0};
    kino_status st = kino_ingest_table(kino_csv_from_bytes(bytes->data, bytes->size, kino_source_name(source)), &req,
                                       &movies, &a->report->reading, a->k->opt.cancel, err);
    kino_remark_source(&a->report->reading, source);
    a->movies = kino_alloc_array(movies.count + 1, sizeof *a->movies);
    const bool fits = st || settle_ids(a, &movies) || a->req->replace;
    for (size_t i = 0; !st && i < movies.count; i++)
        st = consider(a, &movies.items[i], err);
    if (!fits) { /* then the others have the wrong numbers too */
        a->report->refused += a->count;
        a->report->added = a->report->changed = a->report->unchanged = a->report->changed_fields = a->count = 0;
    }
    if (!st)
        st = save(a, "added", err);
    kino_movies_free(&movies);
    return st;
}

kino_status kino_add_file(kino *k, const kino_add_request *req, kino_add_report *report, kino_error *err)
{
    kino_source *source = NULL;
    kino_buffer bytes = {0};
    kino_add_report *own = NULL;
    if (!report)
        report = own = kino_alloc(sizeof *own);
    *report = (kino_add_report){0};
    adding a = {.k = k, .req = req, .report = report};
    kino_status st = kino_use_catalogue(k, err);
    if (!st)
        st = kino_use_films(k, false, err);
    if (!st)
        st = kino_source_open(req->path, &source, err);
    if (!st)
        st = kino_source_rest(source, MOST_BYTES, &bytes, err);
    if (st)
        goto done;
    const char first = bytes.data[strspn(bytes.data, " \t\r\n")];
    if (!first)
        st = kino_fail(err, KINO_DAMAGED, "%s: is empty", kino_source_name(source));
    else if (first == '{' || first == '[')
        st = add_json(&a, kino_source_name(source), &bytes, err);
    else
        st = add_table(&a, source, &bytes, err);
done:
    kino_source_close(source);
    kino_arena_free(&a.arena);
    free(a.movies);
    free(bytes.data);
    free(own);
    return st;
}
