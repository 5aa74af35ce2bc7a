/* find.c - titles -> films. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"
#include "handle/handle.h"
#include "handle/owned.h"

enum {
    MOST = 1000,     /* matches that can be asked for */
    CANDIDATES = 50, /* films of one name: there are 30 named "Alice in Wonderland" and such in all of TMDB */
    MUCH_MORE = 20,  /* a film of so many times the votes of another is the one that people mean */
};

/* The hits as matches that own their strings: the rows may be dropped before the caller is done. */
static kino_status to_matches(kino *k, const kino_title_hit *hits, size_t count, kino_matches **out, kino_error *err)
{
    kino_arena *arena;
    kino_matches *m = kino_matches_new(count, &arena);
    for (size_t i = 0; i < count; i++) {
        kino_movie film;
        const char *kind = kino_title_kind_name(hits[i].kind);
        kino_status st = kino_row_film(k, hits[i].entry, arena, &film, err);
        if (st) {
            kino_matches_free(m);
            return st;
        }
        m->items[i] = (kino_match){
            .id = film.id,
            .title = film.title,
            .original_title = film.original_title,
            .year = film.year,
            .votes = film.votes,
            .match = strcmp(kind, "imdb") ? kind : "id",
            .distance = hits[i].distance,
        };
    }
    *out = m;
    return KINO_OK;
}

/* ---- as people remember titles ---- */

static bool is_there(const kino_title_hit *hits, size_t count, uint32_t film)
{
    for (size_t i = 0; i < count; i++)
        if (hits[i].entry == film)
            return true;
    return false;
}

/* Puts films among the hits of their kind, by their votes, unless they are there as a better one; the last fall out. */
static void put_hits(const kino_rows *r, const kino_wish_hit *films, size_t n, kino_title_kind kind, size_t limit,
                     kino_title_hit *hits, size_t *count)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = 0, old = 0;
        while (at < *count &&
               (hits[at].kind < (int)kind || (hits[at].kind == (int)kind &&
                                              kino_rows_votes(r, hits[at].entry) >= kino_rows_votes(r, films[i].item))))
            at++;
        if (at == limit || is_there(hits, at, films[i].item))
            continue;
        while (old < *count && hits[old].entry != films[i].item)
            old++;
        const size_t last = old < *count ? old : *count < limit ? (*count)++ : limit - 1;
        memmove(hits + at + 1, hits + at, (last - at) * sizeof *hits);
        hits[at] = (kino_title_hit){films[i].item, kind, 0};
    }
}

/* "godfather 2", "Se7en" for "seven", "temple of doom", addresses: what the table of titles does not find, or finds but an
 * unknown film for. */
static kino_status find_as_remembered(kino *k, const char *text, size_t limit, kino_title_hit *hits, size_t *count,
                                      kino_error *err)
{
    static const struct {
        kino_wish_title_way way;
        kino_title_kind kind;
    } ways[] = {{KINO_WISH_EQUAL, KINO_TITLE_ALIAS},
                {KINO_WISH_LOOSE, KINO_TITLE_ALIAS},
                {KINO_WISH_INSIDE, KINO_TITLE_INSIDE}};
    kino_wish_hit films[CANDIDATES];
    kino_wish address = {0};
    kino_buffer folded = {0};
    const kino_status st = kino_use_wishes(k, err);
    if (st)
        return st;
    const kino_wish_lookups *look = kino_wish_catalogue_lookups(k->films->wishes);
    kino_fold(&folded, text, strlen(text));
    for (size_t i = 0; folded.size && i < sizeof ways / sizeof *ways; i++) {
        if (*count && hits[0].kind <= KINO_TITLE_ALIAS && ways[i].way != KINO_WISH_EQUAL)
            break;
        const size_t most = limit < CANDIDATES ? limit : CANDIDATES,
                     found = look->titles(look->ctx, ways[i].way, folded.data, folded.size, most, films);
        put_hits(&k->films->rows, films, found, ways[i].kind, limit, hits, count);
    }
    if (strchr(text, '/')) {
        kino_wish_read(k->films->reader, text, strlen(text), KINO_WISH_AS_SEEN, &address);
        if (address.count == 1 && address.chips[0].kind == KINO_WISH_TITLE && address.chips[0].count) {
            hits[0] = (kino_title_hit){address.chips[0].items[0], KINO_TITLE_ID, 0};
            *count = 1;
        }
    }
    kino_wish_free(&address);
    free(folded.data);
    return KINO_OK;
}

/* Films that a text may mean, the likeliest first. */
static kino_status find(kino *k, const char *text, size_t limit, kino_title_hit *hits, size_t *count, kino_error *err)
{
    *count = kino_titles_find(k->films->rows.base->titles, text, limit, hits);
    if (*count && hits[0].kind <= KINO_TITLE_IMDB)
        return KINO_OK;
    return find_as_remembered(k, text, limit, hits, count, err);
}

kino_status kino_find(kino *k, const char *text, size_t limit, kino_matches **out, kino_error *err)
{
    if (limit < 1 || limit > MOST)
        return kino_fail(err, KINO_USAGE, "find: between 1 and %d films can be asked for", MOST);
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    kino_title_hit *hits = kino_alloc_array(limit, sizeof *hits);
    size_t found = 0;
    st = find(k, text, limit, hits, &found, err);
    if (!st)
        st = to_matches(k, hits, found, out, err);
    free(hits);
    return st;
}

/* "godfather" is the title of a film that hardly anybody knows, but for its case, and that of The Godfather but for the
 * article. Puts such a film behind the known ones; returns how many the user may mean. */
static size_t known_first(const kino_rows *r, kino_title_hit *hits, size_t count)
{
    const kino_title_hit unknown = hits[0];
    size_t n = 1;
    if (hits[0].kind == KINO_TITLE_FOLDED)
        while (n < count && hits[n].kind == KINO_TITLE_ALIAS &&
               kino_rows_votes(r, hits[n].entry) / MUCH_MORE > kino_rows_votes(r, hits[0].entry))
            n++;
    memmove(hits, hits + 1, (n - 1) * sizeof *hits);
    hits[n - 1] = unknown;
    return n;
}

/* Words from inside a title name a film when they stand in no other that is known. */
static kino_titles_answer verdict(const kino_rows *r, const kino_title_hit *hits, size_t count)
{
    if (!count || hits[0].kind != KINO_TITLE_INSIDE)
        return kino_titles_verdict(hits, count);
    return count > 1 && hits[1].kind == KINO_TITLE_INSIDE &&
                   kino_rows_votes(r, hits[1].entry) > kino_rows_votes(r, hits[0].entry) / MUCH_MORE
               ? KINO_TITLES_AMBIGUOUS
               : KINO_TITLES_UNIQUE;
}

kino_status kino_resolve(kino *k, const char *text, bool first, int64_t *id, kino_matches **candidates, kino_error *err)
{
    kino_title_hit hits[CANDIDATES];
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    size_t found = 0;
    st = find(k, text, CANDIDATES, hits, &found, err);
    if (st)
        return st;
    kino_titles_answer answer = verdict(&k->films->rows, hits, found);
    size_t same = found ? known_first(&k->films->rows, hits, found) : 0;
    if ((answer == KINO_TITLES_UNIQUE && same == 1) || (first && found)) {
        *id = kino_rows_id(&k->films->rows, hits[0].entry);
        return KINO_OK;
    }
    if (answer != KINO_TITLES_NONE) { /* only those that are equally close */
        while (answer == KINO_TITLES_AMBIGUOUS && same < found && hits[same].kind == hits[0].kind)
            same++;
        found = hits[0].kind == KINO_TITLE_ID ? found : same;
        st =
            kino_fail(err, KINO_AMBIGUOUS, "\"%s\" could be any of %zu films; add the year or use the id", text, found);
    } else {
        st = kino_fail(err, KINO_NOT_FOUND,
                       found ? "no film \"%s\" in the catalogue; did you mean one of these?"
                             : "no film \"%s\" in the catalogue",
                       text);
    }
    if (candidates) {
        kino_status told = to_matches(k, hits, found, candidates, err);
        st = told ? told : st;
    }
    return st;
}
