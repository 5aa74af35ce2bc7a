/* find.c - titles -> films. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "handle/handle.h"
#include "handle/owned.h"

enum {
    MOST = 1000,     /* matches that can be asked for */
    CANDIDATES = 50, /* films of one name: there are 30 named "Alice in Wonderland" and such in all of TMDB */
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

kino_status kino_find(kino *k, const char *text, size_t limit, kino_matches **out, kino_error *err)
{
    if (limit < 1 || limit > MOST)
        return kino_fail(err, KINO_USAGE, "find: between 1 and %d films can be asked for", MOST);
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    kino_title_hit *hits = kino_alloc_array(limit, sizeof *hits);
    size_t found = kino_titles_find(k->films->rows.base->titles, text, limit, hits);
    st = to_matches(k, hits, found, out, err);
    free(hits);
    return st;
}

/* "godfather" is the title of a film that hardly anybody knows, but for its case, and that of The Godfather but for the
 * article. Puts such a film behind the known ones; returns how many the user may mean. */
static size_t known_first(const kino_rows *r, kino_title_hit *hits, size_t count)
{
    enum { MUCH_MORE = 20 };
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

kino_status kino_resolve(kino *k, const char *text, bool first, int64_t *id, kino_matches **candidates, kino_error *err)
{
    kino_title_hit hits[CANDIDATES];
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    size_t found = kino_titles_find(k->films->rows.base->titles, text, CANDIDATES, hits);
    kino_titles_answer answer = kino_titles_verdict(hits, found);
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
