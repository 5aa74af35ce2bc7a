/* refresh.c - asks TMDB again for what came from it, or deletes that. Its terms want one or the other within six
 * months. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/movie.h"
#include "base/status.h"
#include "learn/online.h"
#include "learn/fields.h"

enum { AT_ONCE = 64 };

typedef struct aged {
    int64_t *ids;
    size_t count, capacity;
} aged;

static void gather(void *ctx, int64_t id)
{
    aged *a = ctx;
    if (a->count == a->capacity) {
        a->capacity = a->capacity ? 2 * a->capacity : 256;
        a->ids = kino_resize_array(a->ids, a->capacity, sizeof *a->ids);
    }
    a->ids[a->count++] = id;
}

static int64_t before(int64_t older_than_seconds)
{
    return (int64_t)time(NULL) - older_than_seconds;
}

/* ---- films with what is to become of them ---- */

typedef struct film {
    kino_movie movie;
    kino_film_field fields[KINO_FIELDS]; /* those that came from TMDB, of a film that did not */
    size_t count;
} film;

static void add_field(void *ctx, const char *name)
{
    film *f = ctx;
    const kino_film_field field = kino_field_of(name);
    if (field < KINO_FIELDS && f->count < KINO_FIELDS)
        f->fields[f->count++] = field;
}

typedef struct batch {
    kino *k;
    int64_t before; /* seconds since 1970 */
    film replaced[AT_ONCE], patched[AT_ONCE];
    size_t replaced_count, patched_count;
    bool refreshing; /* else purging */
    kino_arena arena;
} batch;

/* Sorts a film into the batch: a new record, or a record with new fields. `from` NULL: purged. */
static kino_status add_film(batch *b, int64_t id, const kino_movie *from, kino_error *err)
{
    kino_catalogue *c = b->k->catalogue;
    kino_origin origin;
    kino_status st = kino_catalogue_origin(c, id, &origin, err);
    if (st)
        return st;
    if (!strcmp(origin.source, "tmdb")) {
        film *f = &b->replaced[b->replaced_count++];
        *f = (film){.movie = {.id = id}};
        if (!from)
            return KINO_OK;
        kino_movie_copy(from, &b->arena, &f->movie);
        return kino_adapt(b->k, &f->movie, err);
    }
    film *f = &b->patched[b->patched_count++];
    *f = (film){0};
    st = kino_catalogue_get(c, id, &b->arena, &f->movie, err);
    if (!st)
        st = kino_catalogue_healed(c, id, b->before, add_field, f, err);
    kino_movie copy;
    if (from)
        kino_movie_copy(from, &b->arena, &copy);
    for (size_t i = 0; !st && i < f->count; i++)
        kino_field_take(&f->movie, from ? &copy : NULL, f->fields[i]);
    return st;
}

static kino_status mark(void *ctx, kino_catalogue *c, size_t i, bool *put, kino_error *err)
{
    const batch *b = ctx;
    const film *f = &b->patched[i];
    char source[32];
    (void)put;
    snprintf(source, sizeof source, "tmdb:%lld", (long long)f->movie.id);
    kino_status st = kino_catalogue_remove_healed(c, f->movie.id, b->before, err);
    for (size_t j = 0; !st && b->refreshing && j < f->count; j++)
        st = kino_catalogue_put_healed(c, f->movie.id, kino_field_names[f->fields[j]], source, err);
    return st;
}

static kino_status save(batch *b, film *films, size_t count, const char *source, kino_before_put fn, kino_error *err)
{
    const kino_movie *movies[AT_ONCE];
    kino_computed computed = {0};
    if (!count)
        return KINO_OK;
    for (size_t i = 0; i < count; i++)
        movies[i] = &films[i].movie;
    kino_status st = kino_compute(b->k, movies, count, &computed, err);
    if (!st)
        st = kino_save(b->k, movies, &computed, count, source, fn, b, err);
    kino_computed_free(&computed);
    return st;
}

static kino_status list_aged(kino *k, int64_t before, aged *a, kino_error *err)
{
    kino_catalogue *c = NULL;
    kino_status st = kino_catalogue_open(k->path, KINO_CATALOGUE_WRITE, &c, err); /* brings an older one up to date */
    if (!st)
        st = kino_catalogue_fetched(c, before, gather, a, err);
    kino_catalogue_close(c);
    return st ? st : kino_use_catalogue(k, err);
}

static kino_status interrupted(kino_error *err)
{
    return kino_fail(err, KINO_INTERRUPTED, "interrupted; what was done so far is saved");
}

/* ---- refresh ---- */

static kino_status refresh_some(batch *b, const int64_t *ids, size_t count, kino_refresh_report *report,
                                kino_error *err)
{
    kino_tmdb_films *films = NULL;
    kino_status st = kino_tmdb_details(kino_tmdb_of(b->k), ids, count, &films, err), asked = st;
    b->replaced_count = b->patched_count = 0;
    st = films ? KINO_OK : st;
    for (size_t i = 0; !st && films && i < films->count; i++) {
        const kino_tmdb_film *f = &films->items[i];
        report->gone += f->status == KINO_NOT_FOUND;
        report->failed += f->status && f->status != KINO_NOT_FOUND;
        if (!f->status && (*f->movie.title || *f->movie.original_title))
            st = add_film(b, ids[i], &f->movie, err);
    }
    if (!st)
        st = save(b, b->replaced, b->replaced_count, "tmdb", NULL, err);
    if (!st)
        st = save(b, b->patched, b->patched_count, NULL, mark, err);
    if (!st)
        report->renewed += b->replaced_count + b->patched_count;
    kino_tmdb_films_free(films);
    kino_arena_free(&b->arena);
    return st ? st : asked;
}

kino_status kino_refresh(kino *k, int64_t older_than_seconds, kino_refresh_report *out, kino_error *err)
{
    kino_refresh_report report = {0};
    aged a = {0};
    batch *b = kino_alloc(sizeof *b);
    *b = (batch){.k = k, .before = before(older_than_seconds), .refreshing = true};
    kino_status st = list_aged(k, b->before, &a, err);
    if (!st && a.count)
        st = kino_use_tmdb(k, err);
    report.asked = a.count;
    for (size_t i = 0; !st && i < a.count; i += AT_ONCE) {
        kino_report(&k->opt, "refresh", i, a.count);
        st = refresh_some(b, a.ids + i, a.count - i < AT_ONCE ? a.count - i : AT_ONCE, &report, err);
        if (!st && kino_cancelled(&k->opt))
            st = interrupted(err);
    }
    if (report.renewed)
        kino_update_snapshot(k, "the films are saved, but ");
    if (out)
        *out = report;
    free(a.ids);
    free(b);
    return st;
}

/* ---- purge ---- */

kino_status kino_purge(kino *k, int64_t older_than_seconds, size_t *films, size_t *fields, kino_error *err)
{
    size_t removed = 0, emptied = 0;
    aged a = {0};
    batch *b = kino_alloc(sizeof *b);
    *b = (batch){.k = k, .before = before(older_than_seconds)};
    kino_status st = list_aged(k, b->before, &a, err);
    for (size_t i = 0; !st && i < a.count; i += AT_ONCE) {
        int64_t ids[AT_ONCE];
        size_t gone = 0;
        b->replaced_count = b->patched_count = 0;
        for (size_t j = i; !st && j < a.count && j < i + AT_ONCE; j++)
            st = add_film(b, a.ids[j], NULL, err);
        if (!st)
            st = save(b, b->patched, b->patched_count, NULL, mark, err);
        for (size_t j = 0; j < b->replaced_count; j++)
            ids[j] = b->replaced[j].movie.id;
        for (size_t j = 0; j < b->patched_count; j++)
            emptied += b->patched[j].count;
        if (!st && b->replaced_count)
            st = kino_remove(k, ids, b->replaced_count, &gone, err);
        removed += gone;
        kino_arena_free(&b->arena);
        if (!st && kino_cancelled(&k->opt))
            st = interrupted(err);
    }
    if (emptied)
        kino_update_snapshot(k, "the films are saved, but ");
    if (films)
        *films = removed;
    if (fields)
        *fields = emptied;
    free(a.ids);
    free(b);
    return st;
}
