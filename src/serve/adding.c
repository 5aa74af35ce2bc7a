/* adding.c - films that are added over HTTP: by a program, or by the form of the page. */
#include "serve/adding.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "ask/answer.h"
#include "base/jsonread.h"
#include "base/limits.h"
#include "base/status.h"
#include "serve/guard.h"

enum { LAST_YEAR = 9999 };

/* The body of a program's request: the film's id at TMDB, else its id at IMDb, else its title, which may have a year
 * beside it. The strings live in the arena. */
static kino_status read_wanted(const kino_request *r, kino_arena *memory, kino_wanted *out, kino_error *err)
{
    const kino_json *root = NULL;
    kino_error why = {0};
    int64_t year = 0;
    if (kino_json_read("the body", r->body, r->body_size, 1, memory, &root, &why))
        return kino_fail(err, KINO_USAGE, "%s", why.text);
    const kino_json *tmdb = kino_json_member(root, "tmdb"), *of_year = kino_json_member(root, "year");
    if (tmdb && !kino_json_whole(tmdb, 1, KINO_LIMIT_ID, &out->id))
        return kino_fail(err, KINO_USAGE, "tmdb is the id of a film, a whole number from 1");
    if (of_year && !kino_json_whole(of_year, 1, LAST_YEAR, &year))
        return kino_fail(err, KINO_USAGE, "year is a whole number from 1 to %d", LAST_YEAR);
    const char *imdb = kino_json_text(kino_json_member(root, "imdb"), "");
    const char *title = kino_json_text(kino_json_member(root, "title"), "");
    out->year = (int)year;
    if (!out->id && *imdb)
        out->imdb_id = imdb;
    else if (!out->id && *title)
        out->title = title;
    else if (!out->id)
        return kino_fail(err, KINO_USAGE,
                         "the body is {\"title\":\"...\",\"year\":2025}, {\"tmdb\":603} or "
                         "{\"imdb\":\"tt0133093\"}");
    return KINO_OK;
}

/* Whether films may be added by this request; the refusal otherwise. */
static bool may_add(const kino_site *site, const kino_request *r, kino_response *out)
{
    if (!site->allow_writes)
        kino_respond_error(out, 403, "forbidden", "this server was started without --allow-writes");
    else if (!kino_origin_is_own(&r->caller, r->origin))
        kino_respond_error(out, 403, "forbidden", "films are added from this server's own page alone");
    return !out->status;
}

bool kino_adds(const kino_site *site, const kino_request *r)
{
    return site->allow_writes && !strcmp(r->method, "POST") &&
           (!strcmp(r->path, "/api/v1/movies") || !strcmp(r->path, "/add"));
}

/* Whether a Content-Type is JSON's, with or without parameters. */
static bool is_json(const char *type)
{
    static const char json[] = "application/json";
    return !strncasecmp(type, json, sizeof json - 1) && strchr("; \t", type[sizeof json - 1]);
}

typedef struct learning {
    kino_site *site;
    const kino_wanted *wanted;
    kino_response *out;
} learning;

/* The film becomes the answer once the server answers from a catalogue that has it. */
static void learn(void *ctx)
{
    const learning *l = ctx;
    kino_learned learned = {0};
    kino_matches *candidates = NULL;
    kino_movie *m = NULL;
    kino *k = NULL;
    kino_error err = {0};
    kino_status st = kino_open(&l->site->live->options, &k, &err);
    if (!st)
        st = kino_learn(k, l->wanted, &learned, &candidates, &err);
    if (!st && !learned.saved)
        kino_respond_error(l->out, 500, "failed", learned.note);
    else if (!st)
        st = kino_movie_get(k, learned.id, &m, &err);
    if (st) {
        kino_respond_failure(l->out, &err, candidates);
    } else if (m) {
        kino_respond_tree(l->out, kino_answer_show(m));
        l->out->status = learned.known ? 200 : 201;
    }
    kino_movie_free(m);
    kino_matches_free(candidates);
    kino_close(k);
}

static void learn_guarded(kino_site *site, const kino_wanted *w, kino_response *out)
{
    learning l = {site, w, out};
    if (!kino_guarded(learn, &l))
        kino_respond_error(out, 500, "damaged", "a file of the catalogue was cut while it was read");
    else if (out->status < 300)
        kino_live_reopen(site->live, true, NULL);
}

void kino_add_movie(kino_site *site, const kino_request *r, kino_response *out)
{
    kino_arena memory = {0};
    kino_wanted w = {0};
    kino_error err = {0};
    if (!may_add(site, r, out))
        return;
    if (!is_json(r->content_type))
        kino_respond_error(out, 415, "unsupported_media_type", "the body is JSON, application/json");
    else if (read_wanted(r, &memory, &w, &err))
        kino_respond_error(out, 400, "bad_request", err.text);
    else
        learn_guarded(site, &w, out);
    kino_arena_free(&memory);
}

void kino_add_from_page(kino_site *site, const kino_request *r, kino_response *out)
{
    const char *id = !strncmp(r->body, "tmdb=", 5) ? r->body + 5 : "";
    char *end = NULL;
    const kino_wanted w = {.id = strspn(id, "0123456789") ? strtoll(id, &end, 10) : 0};
    if (!may_add(site, r, out))
        return;
    if (w.id <= 0 || w.id > KINO_LIMIT_ID || *end) {
        kino_respond_error(out, 400, "bad_request", "which film? tmdb=ID is needed");
        return;
    }
    learn_guarded(site, &w, out);
    if (out->status < 300) {
        out->body.size = 0;
        kino_respond_film_page(out, w.id);
    }
}
