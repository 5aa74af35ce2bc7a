/* adding.c - films that are added over HTTP: by a program, or by the form of the page. */
#include "serve/adding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask/answer.h"

/* A member of a flat JSON object, as text; false when it is not there. Enough for {"title":"...","year":2025}: strings
 * without escapes other than \" and \\, and whole numbers. */
static bool member(const char *body, size_t n, const char *name, char *out, size_t room)
{
    char quoted[32];
    const size_t length = (size_t)snprintf(quoted, sizeof quoted, "\"%s\"", name);
    for (const char *p = body, *end = body + n; p + length <= end; p++) {
        if (memcmp(p, quoted, length))
            continue;
        const char *v = p + length;
        size_t got = 0;
        while (v < end && (*v == ' ' || *v == '\t' || *v == '\n' || *v == '\r'))
            v++;
        if (v == end || *v++ != ':')
            continue;
        while (v < end && (*v == ' ' || *v == '\t' || *v == '\n' || *v == '\r'))
            v++;
        const bool string = v < end && *v == '"';
        for (v += string; v < end && got + 1 < room; v++) {
            if (string ? *v == '"' : !strchr("0123456789", *v))
                break;
            if (string && *v == '\\' && ++v == end)
                return false;
            out[got++] = *v;
        }
        out[got] = 0;
        return got > 0 && (!string || (v < end && *v == '"'));
    }
    return false;
}

static bool same_origin(const kino_request *r)
{
    const char *host = strstr(r->origin, "://");
    return !*r->origin || (host && !strcmp(host + 3, r->host));
}

void kino_add_movie(kino_site *site, const kino_request *r, kino_response *out)
{
    char title[512], number[32], imdb[32];
    kino_wanted w = {0};
    kino_learned learned = {0};
    kino_matches *candidates = NULL;
    kino_movie *m = NULL;
    kino *k = NULL;
    kino_error err = {0};
    if (!site->allow_writes) {
        kino_respond_error(out, 403, "forbidden", "this server was started without --allow-writes");
        return;
    }
    if (!same_origin(r)) {
        kino_respond_error(out, 403, "forbidden", "films are added from this server's own page alone");
        return;
    }
    if (strncasecmp(r->content_type, "application/json", 16)) {
        kino_respond_error(out, 415, "unsupported_media_type", "the body is JSON, application/json");
        return;
    }
    if (member(r->body, r->body_size, "tmdb", number, sizeof number))
        w.id = strtoll(number, NULL, 10);
    else if (member(r->body, r->body_size, "imdb", imdb, sizeof imdb))
        w.imdb_id = imdb;
    else if (member(r->body, r->body_size, "title", title, sizeof title))
        w.title = title;
    if (member(r->body, r->body_size, "year", number, sizeof number))
        w.year = atoi(number);
    if (!w.id && !w.imdb_id && !w.title) {
        kino_respond_error(out, 400, "bad_request",
                           "the body is {\"title\":\"...\",\"year\":2025}, {\"tmdb\":603} or "
                           "{\"imdb\":\"tt0133093\"}");
        return;
    }
    pthread_mutex_lock(&site->writing);
    kino_status st = kino_open(&site->live->options, &k, &err);
    if (!st)
        st = kino_learn(k, &w, &learned, &candidates, &err);
    if (!st && !learned.saved)
        kino_respond_error(out, 500, "failed", learned.note);
    else if (!st)
        st = kino_movie_get(k, learned.id, &m, &err);
    if (st)
        kino_respond_failure(out, &err, candidates);
    else if (m) {
        kino_respond_tree(out, kino_answer_show(m));
        out->status = learned.known ? 200 : 201;
        kino_live_reopen(site->live, true, NULL);
    }
    kino_movie_free(m);
    kino_matches_free(candidates);
    kino_close(k);
    pthread_mutex_unlock(&site->writing);
}

/* The form of a page that may add: tmdb=ID. */
void kino_add_from_page(kino_site *site, const kino_request *r, kino_response *out)
{
    kino_request json = *r;
    kino_buffer body = {0};
    const char *id = strstr(r->body, "tmdb=");
    if (!id || !strspn(id + 5, "0123456789")) {
        kino_respond_error(out, 400, "bad_request", "which film? tmdb=ID is needed");
        return;
    }
    const long long film = strtoll(id + 5, NULL, 10);
    kino_buffer_print(&body, "{\"tmdb\":%lld}", film);
    json.body = body.data;
    json.body_size = body.size;
    json.content_type = "application/json";
    kino_add_movie(site, &json, out);
    if (out->status < 300) {
        out->body.size = 0;
        kino_respond_film_page(out, film);
    }
    free(body.data);
}
