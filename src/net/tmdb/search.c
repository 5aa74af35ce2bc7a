/* search.c - a title or an IMDb id -> the films of TMDB that may be meant. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/titletext.h"
#include "net/tmdb/client.h"
#include "net/tmdb/read.h"

enum {
    LONGEST_TITLE = 1000, /* bytes; the longest title there is has 240 */
    ASKED_FOR_OTHERS = 5, /* candidates whose alternative titles are asked for */
};

typedef struct owned_candidates {
    kino_tmdb_candidates candidates; /* first: the caller's pointer */
    kino_arena arena;
} owned_candidates;

/* Asks for the films of each year (0: of any) at once and appends them. */
static kino_status ask(kino_tmdb *t, owned_candidates *c, const char *title, size_t n, const int *years, size_t count,
                       kino_error *err)
{
    kino_request requests[3] = {0};
    kino_arena paths = {0};
    for (size_t i = 0; i < count; i++) {
        char query[96] = "/search/movie?include_adult=false&page=1&query=";
        if (years[i])
            snprintf(query, sizeof query,
                     "/search/movie?include_adult=false&page=1&primary_release_year=%d&query=", years[i]);
        requests[i].path = kino_tmdb_path(&paths, query, title, n, t->language);
    }
    kino_status st = kino_transport_run(t->transport, requests, count, err);
    for (size_t i = 0; i < count && !st; i++) {
        st = kino_tmdb_outcome(&requests[i], err);
        if (!st && !kino_read_candidates(requests[i].json, &c->arena, &c->candidates))
            st = kino_fail(err, KINO_NETWORK, "TMDB's answer to a search has no results");
    }
    kino_requests_free(requests, count);
    kino_arena_free(&paths);
    return st;
}

/* Gives the first candidates that the year admits the titles under which they are known elsewhere. Titles that
 * do not come fail the search: "not found" would be remembered. */
static kino_status ask_alternatives(kino_tmdb *t, owned_candidates *c, int year, kino_error *err)
{
    kino_request requests[ASKED_FOR_OTHERS] = {0};
    kino_tmdb_candidate *asked[ASKED_FOR_OTHERS];
    kino_arena paths = {0};
    size_t count = 0;
    for (size_t i = 0; i < c->candidates.count && count < ASKED_FOR_OTHERS; i++) {
        kino_tmdb_candidate *film = &c->candidates.items[i];
        char path[64];
        if (year && abs(film->year - year) > 1)
            continue;
        snprintf(path, sizeof path, "/movie/%lld/alternative_titles", (long long)film->id);
        requests[count].path = kino_tmdb_path(&paths, path, NULL, 0, NULL);
        asked[count++] = film;
    }
    kino_status st = kino_transport_run(t->transport, requests, count, err);
    for (size_t i = 0; i < count && !st; i++) {
        if (requests[i].status != KINO_NOT_FOUND)
            st = kino_tmdb_outcome(&requests[i], err);
        kino_list titles = kino_read_alternatives(requests[i].json, &c->arena);
        const char **names = kino_arena_alloc(&c->arena, (titles.count + 1) * sizeof *names);
        for (size_t k = 0; k < titles.count; k++)
            names[k] = titles.items[k].name;
        asked[i]->alternatives = names;
        asked[i]->alternative_count = titles.count;
    }
    kino_requests_free(requests, count);
    kino_arena_free(&paths);
    return st;
}

static bool resembles(const owned_candidates *c, const char *title, int year)
{
    return kino_tmdb_choose(title, year, c->candidates.items, c->candidates.count).verdict != KINO_TMDB_NONE;
}

static kino_status search(kino_tmdb *t, owned_candidates *c, const char *title, size_t n, int year, kino_error *err)
{
    const int around[] = {year - 1, year + 1, 0};
    char *name = kino_arena_strndup(&c->arena, title, n);
    kino_status st = ask(t, c, name, n, &year, 1, err);
    if (!st && year && !resembles(c, name, year))
        st = ask(t, c, name, n, around, 3, err);
    if (!st && !resembles(c, name, year))
        st = ask_alternatives(t, c, year, err);
    return st;
}

kino_status kino_tmdb_search(kino_tmdb *t, const char *title, int year, kino_tmdb_candidates **out, kino_error *err)
{
    size_t n = strlen(title);
    int written = kino_title_cut_year(title, &n, false);
    if (year && written && written != year)
        n = strlen(title);
    if (n > LONGEST_TITLE || strspn(title, " \t\r\n") >= n)
        return kino_fail(err, KINO_USAGE, "a title to search for has 1 to %d bytes", LONGEST_TITLE);
    if (year < 0 || year > 9999)
        return kino_fail(err, KINO_USAGE, "%d is no year", year);
    owned_candidates *c = kino_alloc(sizeof *c);
    kino_transport_begin(t->transport);
    kino_status st = search(t, c, title, n, year ? year : written, err);
    if (st)
        kino_tmdb_candidates_free(&c->candidates);
    else
        *out = &c->candidates;
    return st;
}

void kino_tmdb_candidates_free(kino_tmdb_candidates *candidates)
{
    if (!candidates)
        return;
    owned_candidates *c = (owned_candidates *)candidates;
    free(c->candidates.items);
    kino_arena_free(&c->arena);
    free(c);
}

kino_status kino_tmdb_find_imdb(kino_tmdb *t, const char *imdb_id, int64_t *id, kino_error *err)
{
    size_t digits = !strncmp(imdb_id, "tt", 2) ? strspn(imdb_id + 2, "0123456789") : 0;
    char path[64];
    int64_t found = 0;
    if (digits < 7 || digits > 10 || imdb_id[2 + digits])
        return kino_fail(err, KINO_USAGE, "\"%s\" is no id of IMDb, which is like tt0133093", imdb_id);
    snprintf(path, sizeof path, "/find/%s?external_source=imdb_id", imdb_id);
    kino_request r = {.path = path};
    kino_transport_begin(t->transport);
    kino_status st = kino_transport_run(t->transport, &r, 1, err);
    if (!st)
        st = kino_tmdb_outcome(&r, err);
    if (!st && !kino_read_found(r.json, &found))
        st = kino_fail(err, KINO_NETWORK, "TMDB's answer for %s has no results", imdb_id);
    else if (!st && !found)
        st = kino_fail(err, KINO_NOT_FOUND, "TMDB knows no film %s", imdb_id);
    kino_requests_free(&r, 1);
    if (!st)
        *id = found;
    return st;
}
