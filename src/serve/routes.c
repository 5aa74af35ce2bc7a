/* routes.c - requests -> answers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

#include "base/bytes.h"
#include "serve/answer.h"
#include "serve/request.h"

#define JSON "application/json; charset=utf-8"

void kino_respond_error(kino_response *out, int status, const char *code, const char *message)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *error = kino_tree_object(root, "error");
    kino_tree_text(error, "code", code);
    kino_tree_text(error, "message", message);
    out->status = status;
    out->type = JSON;
    out->body.size = 0;
    kino_tree_put(root, false, &out->body);
}

/* What a failed call of the library is over HTTP. */
static void respond_failure(kino_response *out, const kino_error *err, const kino_matches *candidates)
{
    static const struct { int status; const char *code; } of[] = {
        [KINO_FAILED] = {500, "failed"},       [KINO_USAGE] = {400, "bad_request"},   [KINO_NOT_FOUND] = {404, "not_found"},
        [KINO_AMBIGUOUS] = {404, "ambiguous"}, [KINO_NETWORK] = {503, "network"},     [KINO_DAMAGED] = {500, "damaged"},
        [KINO_INTERRUPTED] = {503, "stopping"},
    };
    kino_respond_error(out, of[err->status].status, of[err->status].code, err->text);
    if (!candidates)
        return;
    kino_tree *root = kino_tree_object(NULL, NULL), *error = kino_tree_object(root, "error");
    kino_tree_text(error, "code", of[err->status].code);
    kino_tree_text(error, "message", err->text);
    kino_tree *list = kino_tree_array(root, "candidates");
    for (size_t i = 0; i < candidates->count; i++)
        kino_answer_match(list, &candidates->items[i]);
    out->body.size = 0;
    kino_tree_put(root, false, &out->body);
}

static void respond_tree(kino_response *out, kino_tree *tree)
{
    out->status = 200;
    out->type = JSON;
    kino_tree_put(tree, false, &out->body);
}

/* The same question to the same generation has the same answer, but for the time that it took. */
static bool is_known(const kino_request *r, const kino_live_handle *h, kino_response *out)
{
    uint64_t hash = kino_hash(KINO_HASH_START, r->path, strlen(r->path));
    for (size_t i = 0; i < r->param_count; i++) {
        hash = kino_hash(hash, r->params[i].name, strlen(r->params[i].name) + 1);
        hash = kino_hash(hash, r->params[i].value, strlen(r->params[i].value) + 1);
    }
    snprintf(out->etag, sizeof out->etag, "W/\"%llx-%016llx\"", (unsigned long long)h->generation,
             (unsigned long long)kino_mix(hash));
    if (!strstr(r->if_none_match, out->etag))
        return false;
    out->status = 304;
    return true;
}

/* ---- the API ---- */

static void find(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    const char *q = kino_param_get(r, "q"), *limit = kino_param_get(r, "limit");
    kino_matches *m = NULL;
    kino_error err = {0};
    char *end = NULL;
    const long most = limit ? strtol(limit, &end, 10) : 10;
    (void)site;
    if (!q)
        kino_respond_error(out, 400, "bad_request", "find needs ?q=TITLE");
    else if (limit && (*end || most < 1 || most > 100))
        kino_respond_error(out, 400, "bad_request", "limit is from 1 to 100");
    else if (kino_find(k, q, (size_t)most, &m, &err))
        respond_failure(out, &err, NULL);
    else
        respond_tree(out, kino_answer_find(q, m));
    kino_matches_free(m);
}

static void recommend(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_question *q = kino_alloc(sizeof *q);
    kino_results *results = NULL;
    kino_matches *candidates = NULL;
    kino_error err = {0};
    (void)site;
    kino_status st = kino_question_read(k, r, q, &candidates, &err);
    if (!st)
        st = kino_recommend(k, &q->query, &results, &err);
    if (st)
        respond_failure(out, &err, candidates);
    else
        respond_tree(out, kino_answer_recommend(&(kino_asked){&q->query, q->like, q->dislike}, results));
    kino_matches_free(candidates);
    kino_results_free(results);
    kino_question_free(q);
    free(q);
}

static void movie(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    const char *text = r->path + strlen("/api/v1/movie/");
    kino_movie *m = NULL;
    kino_error err = {0};
    (void)site;
    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 15)
        kino_respond_error(out, 404, "not_found", "a film is named by its TMDB id: /api/v1/movie/862");
    else if (kino_movie_get(k, strtoll(text, NULL, 10), &m, &err))
        respond_failure(out, &err, NULL);
    else
        respond_tree(out, kino_answer_show(m));
    kino_movie_free(m);
}

/* ---- writing ---- */

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

static void add_movie(kino_site *site, const kino_request *r, kino_response *out)
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
        kino_respond_error(out, 400, "bad_request", "the body is {\"title\":\"...\",\"year\":2025}, {\"tmdb\":603} or "
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
        respond_failure(out, &err, candidates);
    else if (m) {
        respond_tree(out, kino_answer_show(m));
        out->status = learned.known ? 200 : 201;
        kino_live_renew(site->live, true, NULL);
    }
    kino_movie_free(m);
    kino_matches_free(candidates);
    kino_close(k);
    pthread_mutex_unlock(&site->writing);
}

/* ---- the rest ---- */

static void health(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    (void)site;
    (void)k;
    (void)r;
    out->status = 200;
    out->type = "text/plain; charset=utf-8";
    kino_buffer_print(&out->body, "ok\n");
}

static void metrics(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_live_handle *h = kino_live_take(site->live);
    kino_buffer *b = &out->body;
    (void)k;
    (void)r;
    out->status = 200;
    out->type = "text/plain; version=0.0.4; charset=utf-8";
    kino_buffer_print(b, "# HELP kino_requests_total Requests answered.\n# TYPE kino_requests_total counter\n");
    for (int i = 1; i < 6; i++)
        kino_buffer_print(b, "kino_requests_total{class=\"%dxx\"} %lu\n", i, site->by_class[i]);
    kino_buffer_print(b, "# HELP kino_request_seconds_total Time spent on requests.\n"
                      "# TYPE kino_request_seconds_total counter\nkino_request_seconds_total %.6f\n",
                      (double)site->micros / 1e6);
    kino_buffer_print(b, "# HELP kino_films Films in the catalogue.\n# TYPE kino_films gauge\nkino_films %zu\n", h->films);
    kino_buffer_print(b, "# HELP kino_generation Generation of the catalogue.\n# TYPE kino_generation gauge\n"
                      "kino_generation %llu\n", (unsigned long long)h->generation);
    kino_live_give(h);
}

static void page(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_question *q = kino_alloc(sizeof *q);
    kino_results *results = NULL;
    kino_matches *candidates = NULL;
    kino_error err = {0};
    kino_status st = kino_question_read(k, r, q, &candidates, &err);
    if (!st && (q->query.like_count || q->query.about))
        st = kino_recommend(k, &q->query, &results, &err);
    kino_page(site, r, q, results, candidates, st ? err.text : "", &out->body);
    out->status = st == KINO_USAGE ? 400 : st == KINO_NOT_FOUND || st == KINO_AMBIGUOUS ? 404 : st ? 500 : 200;
    out->type = "text/html; charset=utf-8";
    kino_matches_free(candidates);
    kino_results_free(results);
    kino_question_free(q);
    free(q);
}

/* Some film, to begin with. */
static void surprise(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    int64_t *ids = NULL;
    size_t count = 0;
    kino_error err = {0};
    (void)r;
    if (kino_ids(k, &ids, &count, &err)) {
        respond_failure(out, &err, NULL);
    } else {
        const uint64_t pick = kino_mix(site->requests ^ (uint64_t)time(NULL) << 20);
        out->status = 303;
        snprintf(out->location, sizeof out->location, "./?like=%lld", (long long)(count ? ids[pick % count] : 0));
    }
    free(ids);
}

static void asset(const kino_request *r, const char *name, kino_response *out)
{
    const kino_asset *a = kino_asset_find(name);
    if (!a) {
        kino_respond_error(out, 404, "not_found", "there is no such file");
        return;
    }
    snprintf(out->etag, sizeof out->etag, "%s", a->etag);
    out->lasting = true;
    out->type = a->type;
    if (strstr(r->if_none_match, a->etag)) {
        out->status = 304;
        return;
    }
    out->status = 200;
    out->fixed = a->bytes;
    out->fixed_size = (size_t)(a->end - a->bytes);
    out->gzip = true;
}

static const struct route {
    const char *path;      /* ending in '/': with a name behind it */
    void (*answer)(kino_site *, kino *, const kino_request *, kino_response *);
    bool same_for_generation;
} routes[] = {
    {"/", page, false},
    {"/api/v1/find", find, true},
    {"/api/v1/recommend", recommend, true},
    {"/api/v1/movie/", movie, true},
    {"/surprise", surprise, false},
    {"/healthz", health, false},
    {"/metrics", metrics, false},
};

static void route(kino_site *site, const kino_request *r, kino_response *out)
{
    const bool get = !strcmp(r->method, "GET") || !strcmp(r->method, "HEAD");
    if (!strcmp(r->path, "/api/v1/movies")) {
        if (strcmp(r->method, "POST")) {
            out->allow = "POST";
            kino_respond_error(out, 405, "method_not_allowed", "films are added by POST");
        } else {
            add_movie(site, r, out);
        }
        return;
    }
    const bool of_assets = !strncmp(r->path, "/assets/", 8) || !strcmp(r->path, "/api/v1/openapi.json");
    const struct route *found = NULL;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const size_t n = strlen(routes[i].path);
        if (n > 1 && routes[i].path[n - 1] == '/' ? !strncmp(r->path, routes[i].path, n) : !strcmp(r->path, routes[i].path))
            found = &routes[i];
    }
    if (!found && !of_assets) {
        kino_respond_error(out, 404, "not_found", "there is nothing here; the API is at /api/v1/openapi.json");
        return;
    }
    if (!get) {
        out->allow = "GET, HEAD";
        kino_respond_error(out, 405, "method_not_allowed", "this can only be read");
        return;
    }
    if (of_assets) {
        asset(r, r->path + strlen(strncmp(r->path, "/assets/", 8) ? "/api/v1/" : "/assets/"), out);
        return;
    }
    kino_live_handle *h = kino_live_take(site->live);
    if (!found->same_for_generation || !is_known(r, h, out))
        found->answer(site, h->k, r, out);
    if (out->status != 200 && out->status != 304)
        out->etag[0] = 0;
    kino_live_give(h);
}

static uint64_t now_micros(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

void kino_route(kino_site *site, const kino_request *r, kino_response *out)
{
    const uint64_t began = now_micros();
    route(site, r, out);
    site->requests++;
    site->by_class[out->status / 100 % 6]++;
    site->micros += now_micros() - began;
}
