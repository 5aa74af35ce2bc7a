/* history.c - what somebody has seen: the lines of a history become films of the catalogue. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
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

static int64_t by_imdb(kino *k, const char *imdb)
{
    int64_t id = 0;
    return *imdb && !kino_resolve(k, imdb, false, &id, NULL, NULL) ? id : 0;
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

enum { OTHER_NAMES = 5, NAME = 256 };

static void put_name(char out[OTHER_NAMES][NAME], size_t *count, const char *title, size_t n, int year)
{
    while (n && title[n - 1] == ' ')
        n--;
    if (n && *count < OTHER_NAMES)
        snprintf(out[(*count)++], NAME, "%.*s (%d)", n < 200 ? (int)n : 200, title, year);
}

/* Other names that the line may mean by its title, of a film of its year: the original title, what follows " - ", what
 * stands before "or (", "a.k.a." or a bracket. */
static size_t other_names(const kino_entry *w, char out[OTHER_NAMES][NAME])
{
    static const char *const ends[] = {" or (", " a.k.a. ", " aka ", " ("};
    size_t count = 0;
    if (!w->year)
        return 0;
    if (strcmp(w->other, w->title))
        put_name(out, &count, w->other, strlen(w->other), w->year);
    const char *dash = strstr(w->title, " - ");
    if (dash)
        put_name(out, &count, dash + 3, strlen(dash + 3), w->year);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        const char *end = strstr(w->title, ends[i]);
        if (end)
            put_name(out, &count, w->title, (size_t)(end - w->title), w->year);
    }
    return count;
}

/* ---- what a line says of its film, held against the film ---- */

static bool same_name(const char *a, const char *b)
{
    kino_buffer x = {0}, y = {0};
    kino_fold(&x, a, strlen(a));
    kino_fold(&y, b, strlen(b));
    const bool same = x.size && x.size == y.size && !memcmp(x.data, y.data, x.size);
    free(x.data);
    free(y.data);
    return same;
}

static bool bears_name(const kino_movie *m, const char *name)
{
    return *name && (same_name(name, m->title) || same_name(name, m->original_title));
}

/* "" when the film can be meant. An IMDb id decides alone; a title differs in every country, so it takes a year with it
 * that is more than one off. */
static void contradiction(const kino_entry *w, const kino_movie *m, kino_buffer *out)
{
    if (*w->imdb && *m->imdb_id) {
        if (strcmp(w->imdb, m->imdb_id))
            kino_buffer_print(out, "it says %s, and %lld, %s (%d), is %s", w->imdb, (long long)m->id, m->title, m->year,
                              m->imdb_id);
        return;
    }
    const bool named = bears_name(m, w->title) || bears_name(m, w->other);
    if (w->year && m->year && abs(w->year - m->year) > 1 && *w->title && !named)
        kino_buffer_print(out, "%lld is %s (%d) here", (long long)m->id, m->title, m->year);
}

/* A film of that name may be another one: an id of TMDB's that differs says so. Where the catalogue made the id itself,
 * it cannot be compared. */
static bool has_another_id(const kino_entry *w, int64_t id)
{
    return w->tmdb != 0 && id < KINO_OWN_IDS && w->tmdb != id;
}

static bool far_better_known(const kino_matches *m)
{
    for (size_t i = 1; i < m->count; i++)
        if (m->items[0].votes / MUCH_MORE <= m->items[i].votes)
            return false;
    return m->count > 0;
}

/* The film of that name, or 0 and what could be meant. */
static kino_status find_by_name(kino *k, const char *name, int64_t *id, kino_matches **candidates, bool *ambiguous,
                                kino_error *err)
{
    kino_error why = {0};
    kino_status st = kino_resolve(k, name, false, id, candidates, &why);
    *ambiguous = st == KINO_AMBIGUOUS;
    if (*ambiguous && far_better_known(*candidates))
        *id = (*candidates)->items[0].id;
    if (!st || st == KINO_AMBIGUOUS || st == KINO_NOT_FOUND)
        return KINO_OK;
    return kino_fail(err, st, "%s", why.text);
}

/* The film of a line, or 0, what could be meant and what contradicts what. */
static kino_status find_film(kino *k, const kino_entry *w, const char *name, int64_t *id, kino_matches **candidates,
                             bool *ambiguous, kino_buffer *why, kino_error *err)
{
    char others[OTHER_NAMES][NAME];
    kino_movie *m = NULL;
    kino_status st = KINO_OK;
    *id = w->tmdb && kino_rows_find(&k->films->rows, w->tmdb) < k->films->rows.count ? w->tmdb : by_imdb(k, w->imdb);
    const bool by_id = *id != 0;
    if (!by_id && w->year_unread) {
        kino_buffer_print(why, "its year cannot be read");
        return KINO_OK;
    }
    if (!by_id && name[strspn(name, " ")])
        st = find_by_name(k, name, id, candidates, ambiguous, err);
    const size_t count = *id || *ambiguous || st ? 0 : other_names(w, others);
    for (size_t i = 0; !st && !*id && i < count; i++) {
        kino_matches *more = NULL;
        st = find_by_name(k, others[i], id, &more, ambiguous, err);
        kino_matches_free(more);
    }
    if (st || !*id || kino_movie_get(k, *id, &m, NULL))
        return st;
    contradiction(w, m, why);
    if (why->size || (!by_id && has_another_id(w, *id)))
        *id = 0, *ambiguous = false;
    kino_movie_free(m);
    return st;
}

/* ---- all of them ---- */

static void add_film(owned_history *h, int64_t id, const kino_entry *w)
{
    if (h->line_count == h->capacity) {
        h->capacity = h->capacity ? 2 * h->capacity : 256;
        h->lines = kino_resize_array(h->lines, h->capacity, sizeof *h->lines);
    }
    h->lines[h->line_count] = (placed){{id, w->unread ? -1 : w->rating, w->day}, h->line_count};
    h->line_count++;
}

static void add_unmatched(owned_history *h, const kino_entry *w, const char *name, const kino_matches *candidates,
                          bool ambiguous, const char *why)
{
    kino_history *list = &h->history;
    char id[32] = "a film without id and title";
    for (size_t i = 0; w->again && i < list->unmatched_count; i++)
        if (!strcmp(list->unmatched[i].text, name))
            return;
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
        .line = w->line,
        .text = kino_arena_strdup(&h->arena, *name ? name : id),
        .why = kino_arena_strdup(&h->arena, why),
        .ambiguous = ambiguous,
    };
    for (size_t i = 0; !*why && candidates && i < candidates->count && i < KINO_CANDIDATES; i++) {
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
        else if (isnan(last->rating) || (last->rating < 0 && film->rating >= 0))
            last->rating = film->rating;
    }
    free(h->lines);
    h->lines = NULL;
}

static void keep_remarks(owned_history *h, const kino_entries *w)
{
    kino_history *list = &h->history;
    list->remarks = kino_alloc_array(w->remark_count + 1, sizeof *list->remarks);
    list->remark_count = w->remark_count;
    for (size_t i = 0; i < w->remark_count; i++)
        list->remarks[i] =
            (kino_remark){w->remarks[i].line, w->remarks[i].reason, kino_arena_strdup(&h->arena, w->remarks[i].text)};
}

/* Where no film was seen, the file is a library or a list, and says nothing of that. */
static bool some_were_seen(const kino_entries *w)
{
    for (size_t i = 0; i < w->count; i++)
        if (!w->items[i].waiting)
            return true;
    return false;
}

typedef kino_status (*reader_fn)(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err);

static kino_status match(kino *k, reader_fn reader, const char *path, const char *links, int64_t user,
                         kino_history **out, kino_error *err)
{
    kino_entries w = {0};
    owned_history *h = kino_alloc(sizeof *h);
    kino_status st = kino_use_films(k, false, err);
    if (!st)
        st = reader(path, links, user, &w, err);
    h->history.kind = w.kind ? w.kind : "list";
    h->history.skipped = w.skipped;
    h->history.skipped_line = w.skipped_line;
    const bool told = reader == kino_entries_read && some_were_seen(&w);
    keep_remarks(h, &w);
    for (size_t i = 0; !st && i < w.count; i++) {
        if (told && w.items[i].waiting) {
            h->history.waiting++;
            continue;
        }
        kino_matches *candidates = NULL;
        int64_t id = 0;
        bool ambiguous = false;
        char *name = name_of(&w.items[i]);
        kino_buffer why = {0};
        kino_buffer_put(&why, "", 0);
        st = find_film(k, &w.items[i], name, &id, &candidates, &ambiguous, &why, err);
        if (!st && id)
            add_film(h, id, &w.items[i]);
        else if (!st)
            add_unmatched(h, &w.items[i], name, candidates, ambiguous, why.data);
        kino_matches_free(candidates);
        free(why.data);
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

kino_status kino_history_read(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                              kino_error *err)
{
    return match(k, kino_entries_read, path, links, user, out, err);
}

kino_status kino_among_read(kino *k, const char *path, const char *links, int64_t user, kino_history **out,
                            kino_error *err)
{
    return match(k, kino_entries_among, path, links, user, out, err);
}

void kino_history_free(kino_history *history)
{
    if (!history)
        return;
    owned_history *h = (owned_history *)history;
    kino_arena_free(&h->arena);
    free(h->history.films);
    free(h->history.unmatched);
    free(h->history.remarks);
    free(h);
}
