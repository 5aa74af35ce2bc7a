/* details.c - TMDB ids -> films with all their details. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "net/tmdb/client.h"
#include "net/tmdb/films.h"
#include "net/tmdb/read.h"

enum { CHUNK = 64 }; /* films asked for at once: their answers are in memory together */

static void read_answer(kino_owned_films *o, kino_tmdb_film *f, const kino_request *r, const char *language)
{
    f->status = r->status;
    f->problem = r->status ? kino_arena_strdup(&o->arena, r->problem) : "";
    if (r->status || kino_read_film(r->json, &o->arena, f)) {
        if (*f->movie.overview)
            f->overview_language = kino_arena_strdup(&o->arena, language);
        return;
    }
    kino_film_set_unknown(f, f->id);
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
static kino_status ask_again(kino_tmdb *t, kino_owned_films *o, kino_tmdb_film *films, size_t count, kino_error *err)
{
    kino_request requests[CHUNK] = {0};
    kino_tmdb_film *asked[CHUNK];
    const char *languages[CHUNK];
    kino_arena paths = {0};
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        char path[64];
        const char *language = other_language(t, &films[i]);
        if (!language)
            continue;
        snprintf(path, sizeof path, "/movie/%lld", (long long)films[i].id);
        asked[n] = &films[i];
        languages[n] = language;
        requests[n].path = kino_tmdb_path(&paths, path, NULL, 0, language);
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

static kino_status ask(kino_tmdb *t, kino_owned_films *o, kino_tmdb_film *films, size_t count, kino_error *err)
{
    kino_request requests[CHUNK] = {0};
    kino_arena paths = {0};
    for (size_t i = 0; i < count; i++) {
        char path[128];
        snprintf(path, sizeof path, "/movie/%lld?append_to_response=credits,keywords,external_ids,alternative_titles",
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
    kino_owned_films *o = kino_films_new(ids, count);
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
