/* history.c - what somebody has seen: the lines of a history become films of the catalogue. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "handle/handle.h"
#include "ingest/history.h"

enum { MUCH_MORE = 20 }; /* times the votes, by which one of two films of a name is the one that people have seen */

typedef struct placed {
    kino_seen film;
    size_t at; /* in the file */
} placed;

typedef struct owned_history {
    kino_history history; /* first: the caller's pointer */
    kino_arena arena;
    placed *lines;
    size_t line_count, capacity, unmatched_capacity;
} owned_history;

/* ---- one line ---- */

static int64_t by_imdb(const kino *k, const char *imdb)
{
    kino_title_hit hit;
    size_t row;
    if (!*imdb || !kino_titles_find(k->films->rows.base->titles, imdb, 1, &hit) || hit.kind != KINO_TITLE_IMDB)
        return 0;
    const kino_segment *segment = kino_rows_segment(&k->films->rows, hit.entry, &row);
    return segment->ids[row];
}

/* What is to be looked for by name: "Heat (1995)", or what was typed. "" when nothing is told. */
static char *name_of(const kino_entry *w)
{
    kino_buffer b = {0};
    kino_buffer_put(&b, w->title, strlen(w->title));
    if (*w->title && w->year)
        kino_buffer_print(&b, " (%d)", w->year);
    return b.data;
}

/* A film of that name may be another one: an id of the same kind that differs says so. */
static bool contradicts(kino *k, const kino_entry *w, int64_t id)
{
    kino_movie *m = NULL;
    bool differs = w->tmdb != 0;
    if (!differs && *w->imdb && !kino_movie_get(k, id, &m, NULL))
        differs = *m->imdb_id && strcmp(m->imdb_id, w->imdb);
    kino_movie_free(m);
    return differs;
}

static bool far_better_known(const kino_matches *m)
{
    for (size_t i = 1; i < m->count; i++)
        if (m->items[0].votes / MUCH_MORE <= m->items[i].votes)
            return false;
    return m->count > 0;
}

/* The film of a line, or 0 and what could be meant. */
static kino_status find_film(kino *k, const kino_entry *w, const char *name, int64_t *id, kino_matches **candidates,
                             bool *ambiguous, kino_error *err)
{
    *id = w->tmdb && kino_rows_find(&k->films->rows, w->tmdb) < k->films->rows.count ? w->tmdb : by_imdb(k, w->imdb);
    if (*id || !name[strspn(name, " ")])
        return KINO_OK;
    kino_error why = {0};
    kino_status st = kino_resolve(k, name, false, id, candidates, &why);
    *ambiguous = st == KINO_AMBIGUOUS;
    if (*ambiguous && far_better_known(*candidates))
        *id = (*candidates)->items[0].id;
    if (*id && contradicts(k, w, *id))
        *id = 0, *ambiguous = false;
    if (!st || st == KINO_AMBIGUOUS || st == KINO_NOT_FOUND)
        return KINO_OK;
    return kino_fail(err, st, "%s", why.text);
}

/* ---- all of them ---- */

static void add_film(owned_history *h, int64_t id, const kino_entry *w)
{
    if (h->line_count == h->capacity) {
        h->capacity = h->capacity ? 2 * h->capacity : 256;
        h->lines = kino_resize_array(h->lines, h->capacity, sizeof *h->lines);
    }
    h->lines[h->line_count] = (placed){{id, w->rating, w->day}, h->line_count};
    h->line_count++;
}

static void add_unmatched(owned_history *h, const kino_entry *w, const char *name, const kino_matches *candidates,
                          bool ambiguous)
{
    kino_history *list = &h->history;
    char id[32] = "a film without id and title";
    if (list->unmatched_count == h->unmatched_capacity) {
        h->unmatched_capacity = h->unmatched_capacity ? 2 * h->unmatched_capacity : 32;
        list->unmatched = kino_resize_array(list->unmatched, h->unmatched_capacity, sizeof *list->unmatched);
    }
    kino_unmatched *one = &list->unmatched[list->unmatched_count++];
    if (w->tmdb)
        snprintf(id, sizeof id, "%lld", (long long)w->tmdb);
    else if (*w->imdb)
        snprintf(id, sizeof id, "%s", w->imdb);
    *one = (kino_unmatched){
        .line = w->line, .text = kino_arena_strdup(&h->arena, *name ? name : id), .ambiguous = ambiguous};
    for (size_t i = 0; candidates && i < candidates->count && i < KINO_CANDIDATES; i++) {
        kino_match *m = &one->candidates[one->candidate_count++];
        *m = candidates->items[i];
        m->title = kino_arena_strdup(&h->arena, m->title);
        m->original_title = kino_arena_strdup(&h->arena, m->original_title);
    }
}

/* By id; of one film the later first, else the one further down in the file. */
static int by_id(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (x->film.id != y->film.id)
        return x->film.id < y->film.id ? -1 : 1;
    if (x->film.day != y->film.day)
        return x->film.day > y->film.day ? -1 : 1;
    return (x->at < y->at) - (x->at > y->at);
}

/* Each film once, with the last rating that there is. */
static void each_once(owned_history *h)
{
    kino_history *list = &h->history;
    list->films = kino_alloc_array(h->line_count + 1, sizeof *list->films);
    if (h->line_count)
        qsort(h->lines, h->line_count, sizeof *h->lines, by_id);
    for (size_t i = 0; i < h->line_count; i++) {
        const kino_seen *film = &h->lines[i].film;
        kino_seen *last = list->count ? &list->films[list->count - 1] : NULL;
        if (!last || last->id != film->id)
            list->films[list->count++] = *film;
        else if (isnan(last->rating))
            last->rating = film->rating;
    }
    free(h->lines);
    h->lines = NULL;
}

kino_status kino_history_read(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                              kino_error *err)
{
    kino_entries w = {0};
    owned_history *h = kino_alloc(sizeof *h);
    kino_status st = kino_use_films(k, false, err);
    if (!st)
        st = kino_entries_read(path, links, user, &w, err);
    h->history.kind = w.kind ? w.kind : "list";
    h->history.skipped = w.skipped;
    for (size_t i = 0; !st && i < w.count; i++) {
        kino_matches *candidates = NULL;
        int64_t id = 0;
        bool ambiguous = false;
        char *name = name_of(&w.items[i]);
        st = find_film(k, &w.items[i], name, &id, &candidates, &ambiguous, err);
        if (!st && id)
            add_film(h, id, &w.items[i]);
        else if (!st)
            add_unmatched(h, &w.items[i], name, candidates, ambiguous);
        kino_matches_free(candidates);
        free(name);
        if (!st && kino_cancelled(&k->opt))
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    kino_entries_free(&w);
    each_once(h);
    if (st)
        kino_history_free(&h->history);
    else
        *out = &h->history;
    return st;
}

void kino_history_free(kino_history *history)
{
    if (!history)
        return;
    owned_history *h = (owned_history *)history;
    kino_arena_free(&h->arena);
    free(h->history.films);
    free(h->history.unmatched);
    free(h);
}
