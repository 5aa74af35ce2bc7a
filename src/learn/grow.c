/* grow.c - many films at once: from TMDB's daily export of ids, from a file. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/limits.h"
#include "base/status.h"
#include "learn/online.h"
#include "base/textfile.h"

enum { AT_ONCE = 64 }; /* films of one transaction, the most that an interruption loses */

/* ---- the export ---- */

typedef struct wanted {
    kino_tmdb_export *items;
    size_t count, capacity;
} wanted;

static void want(wanted *w, const kino_tmdb_export *e)
{
    if (w->count == w->capacity) {
        w->capacity = w->capacity ? 2 * w->capacity : 4096;
        w->items = kino_resize_array(w->items, w->capacity, sizeof *w->items);
    }
    w->items[w->count++] = *e;
}

static int most_popular_first(const void *a, const void *b)
{
    const kino_tmdb_export *x = a, *y = b;
    if (x->popularity != y->popularity)
        return x->popularity < y->popularity ? 1 : -1;
    return (x->id > y->id) - (x->id < y->id);
}

static kino_status read_export(kino *k, const kino_grow_request *req, wanted *w, kino_grow_report *report,
                               kino_error *err)
{
    kino_textfile *file = NULL;
    char *line;
    size_t n;
    kino_status st = kino_textfile_open(req->file, &file, err);
    while (!st) {
        st = kino_textfile_line(file, &line, &n, err);
        if (st || !line)
            break;
        kino_tmdb_export e;
        if (!n)
            continue;
        if (!kino_tmdb_read_export(line, n, &e))
            st = kino_fail(err, KINO_DAMAGED, "%s: line %zu is none of TMDB's export of film ids",
                           kino_textfile_name(file), kino_textfile_number(file));
        else if (++report->listed > KINO_LIMIT_FILMS)
            st = kino_fail(err, KINO_DAMAGED, "%s: more than %d films", kino_textfile_name(file), KINO_LIMIT_FILMS);
        else if (!e.adult && !e.video && (req->min_popularity > 0 ? e.popularity >= req->min_popularity : true)) {
            e.popularity = isnan(e.popularity) ? 0 : e.popularity;
            want(w, &e);
        }
        if (!st && kino_cancelled(&k->opt))
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted; nothing was added yet");
    }
    kino_textfile_close(file);
    if (w->count)
        qsort(w->items, w->count, sizeof *w->items, most_popular_first);
    if (req->limit && w->count > req->limit)
        w->count = req->limit;
    report->wanted = w->count;
    return st;
}

/* ---- films of TMDB ---- */

/* Films that came, into the catalogue. */
static kino_status save_films(kino *k, const kino_tmdb_films *films, const char *source, size_t *added, kino_error *err)
{
    const kino_movie **movies = kino_alloc_array(films->count + 1, sizeof *movies);
    kino_computed computed = {0};
    kino_status st = KINO_OK;
    size_t count = 0;
    for (size_t i = 0; !st && i < films->count; i++) {
        kino_movie *m = &films->items[i].movie;
        if (films->items[i].status || (!*m->title && !*m->original_title))
            continue;
        st = kino_adapt(k, m, err);
        movies[count++] = m;
    }
    if (!st && count)
        st = kino_compute(k, movies, count, &computed, err);
    if (!st && count)
        st = kino_save(k, movies, &computed, count, source, NULL, NULL, err);
    if (!st)
        *added += count;
    kino_computed_free(&computed);
    free(movies);
    return st;
}

/* Fetches and saves; how each id went is counted and, for those that TMDB has not, remembered. */
static kino_status fetch_some(kino *k, const int64_t *ids, size_t count, kino_grow_report *report, kino_error *err)
{
    kino_tmdb_films *films = NULL;
    kino_error later = {0};
    kino_status st = kino_tmdb_details(kino_tmdb_of(k), ids, count, &films, err);
    for (size_t i = 0; films && i < films->count; i++) {
        const kino_tmdb_film *f = &films->items[i];
        const bool gone = f->status == KINO_NOT_FOUND || (!f->status && !*f->movie.title && !*f->movie.original_title);
        char question[32];
        snprintf(question, sizeof question, "film %lld", (long long)ids[i]);
        if (gone)
            kino_answers_put(kino_use_answers(k), question, 0);
        report->gone += gone;
        report->failed += !st && f->status && !gone;
    }
    if (films) { /* also when the call failed in the middle: those that came are kept */
        kino_status saved = save_films(k, films, "tmdb", &report->added, st ? &later : err);
        st = st ? st : saved;
    }
    kino_tmdb_films_free(films);
    return st;
}

static bool is_gone(kino *k, int64_t id)
{
    enum { A_MONTH = 30 * 24 * 3600 };
    char question[32];
    int64_t answer;
    snprintf(question, sizeof question, "film %lld", (long long)id);
    return kino_answers_get(kino_use_answers(k), question, A_MONTH, &answer);
}

kino_status kino_grow(kino *k, const kino_grow_request *req, kino_grow_report *out, kino_error *err)
{
    const double started = kino_now_ms();
    kino_grow_report report = {0};
    wanted w = {0};
    int64_t ids[AT_ONCE];
    kino_status st = kino_use_tmdb(k, err); /* which also loads what reads the export */
    if (!st)
        st = read_export(k, req, &w, &report, err);
    if (!st)
        st = kino_use_films(k, false, err);
    size_t left = 0;
    for (size_t i = 0; !st && i < w.count; i++) { /* what is left to fetch moves to the front */
        if (kino_rows_find(&k->films->rows, w.items[i].id) < k->films->rows.count)
            report.known++;
        else if (is_gone(k, w.items[i].id))
            report.gone++;
        else
            w.items[left++] = w.items[i];
    }
    for (size_t i = 0; !st && i < left;) {
        size_t count = 0;
        kino_report(&k->opt, "fetch", i, left);
        for (; i < left && count < AT_ONCE; i++)
            ids[count++] = w.items[i].id;
        st = fetch_some(k, ids, count, &report, err);
        if (!st && kino_cancelled(&k->opt))
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    if (!st)
        kino_report(&k->opt, "fetch", left, left);
    if (report.added)
        kino_update_snapshot(k, "the films are saved, but ");
    report.seconds = (kino_now_ms() - started) / 1e3;
    if (out)
        *out = report;
    free(w.items);
    return st;
}
