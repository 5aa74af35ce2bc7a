/* details.c - TMDB ids -> films with all their details. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "net/client.h"
#include "net/read.h"

enum { CHUNK = 64 };  /* films asked for at once: their answers are in memory together */

typedef struct owned_films {
    kino_tmdb_films films;  /* first: the caller's pointer */
    kino_arena arena;
} owned_films;

static void set_unknown(kino_tmdb_film *f, int64_t id)
{
    *f = (kino_tmdb_film){
        .id = id,
        .problem = "",
        .movie = {.id = id, .imdb_id = "", .title = "", .original_title = "", .language = "", .date = "",
                  .runtime = NAN, .rating = NAN, .votes = -1, .popularity = NAN, .overview = "", .tagline = "",
                  .status = "", .poster_path = "", .collection = {.name = ""}},
        .overview_language = "",
    };
}

static void read_answer(owned_films *o, kino_tmdb_film *f, const kino_request *r, const char *language)
{
    f->status = r->status;
    f->problem = r->status ? kino_arena_strdup(&o->arena, r->problem) : "";
    if (r->status || kino_read_film(r->json, &o->arena, f)) {
        if (*f->movie.overview)
            f->overview_language = kino_arena_strdup(&o->arena, language);
        return;
    }
    set_unknown(f, f->id);
    f->status = KINO_NETWORK;
    f->problem = "TMDB's answer is not about this film";
}

/* The language in which a film without a plot is asked for again; NULL: none. */
static const char *other_language(const kino_tmdb *t, const kino_tmdb_film *f)
{
    const char *second = t->second_language;
    if (!second)
        second = kino_tmdb_same_language(t->language, "en-US") ? f->movie.language : "en-US";
    bool spoken = *second && strcmp(second, "xx") && !kino_tmdb_same_language(second, t->language);
    return f->status || *f->movie.overview || !spoken ? NULL : second;
}

/* The plots of those that have none in the first language. A second answer that does not come takes nothing from the
 * film. */
static kino_status ask_again(kino_tmdb *t, owned_films *o, kino_tmdb_film *films, size_t count, kino_error *err)
{
    kino_request requests[CHUNK] = {0};
    kino_tmdb_film *asked[CHUNK];
    const char *languages[CHUNK];
    kino_arena paths = {0};
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        if (!(languages[n] = other_language(t, &films[i])))
            continue;
        snprintf(path, sizeof path, "/movie/%lld", (long long)films[i].id);
        asked[n] = &films[i];
        requests[n].path = kino_tmdb_path(&paths, path, NULL, 0, languages[n]);
        n++;
    }
    kino_status st = n ? kino_transport_run(t->transport, requests, n, err) : KINO_OK;
    for (size_t i = 0; i < n; i++) {
        asked[i]->movie.overview = kino_read_overview(requests[i].json, &o->arena);
        if (*asked[i]->movie.overview)
            asked[i]->overview_language = kino_arena_strdup(&o->arena, languages[i]);
    }
    kino_requests_free(requests, n);
    kino_arena_free(&paths);
    return st;
}

static kino_status ask(kino_tmdb *t, owned_films *o, kino_tmdb_film *films, size_t count, kino_error *err)
{
    kino_request requests[CHUNK] = {0};
    kino_arena paths = {0};
    for (size_t i = 0; i < count; i++) {
        char path[128];
        snprintf(path, sizeof path,
                 "/movie/%lld?append_to_response=credits,keywords,external_ids,alternative_titles",
                 (long long)films[i].id);
        requests[i].path = kino_tmdb_path(&paths, path, NULL, 0, t->language);
    }
    kino_status st = kino_transport_run(t->transport, requests, count, err);
    for (size_t i = 0; i < count; i++)
        read_answer(o, &films[i], &requests[i], t->language);
    kino_requests_free(requests, count);
    kino_arena_free(&paths);
    return st ? st : ask_again(t, o, films, count, err);
}

kino_status kino_tmdb_details(kino_tmdb *t, const int64_t *ids, size_t count, kino_tmdb_films **out, kino_error *err)
{
    kino_error why = {0};
    kino_status st = KINO_OK;
    for (size_t i = 0; i < count; i++)
        if (ids[i] < 1)
            return kino_fail(err, KINO_USAGE, "%lld is no id of TMDB", (long long)ids[i]);
    kino_transport_begin(t->transport);
    owned_films *o = kino_alloc(sizeof *o);
    o->films.count = count;
    o->films.items = kino_arena_alloc(&o->arena, (count + 1) * sizeof *o->films.items);
    for (size_t i = 0; i < count; i++)
        set_unknown(&o->films.items[i], ids[i]);
    for (size_t i = 0; i < count; i += CHUNK) {
        size_t n = count - i < CHUNK ? count - i : CHUNK;
        if (!st) {
            st = ask(t, o, o->films.items + i, n, &why);
            continue;
        }
        for (size_t k = i; k < i + n; k++) {
            o->films.items[k].status = st;
            o->films.items[k].problem = kino_arena_strdup(&o->arena, why.text);
        }
    }
    *out = &o->films;
    return st ? kino_fail(err, st, "%s", why.text) : KINO_OK;
}

void kino_tmdb_films_free(kino_tmdb_films *films)
{
    if (!films)
        return;
    owned_films *o = (owned_films *)films;
    kino_arena_free(&o->arena);
    free(o);
}
