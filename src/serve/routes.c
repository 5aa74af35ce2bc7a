/* routes.c - requests -> answers. */
#include "serve/routes.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "ask/answer.h"
#include "base/bytes.h"
#include "serve/adding.h"
#include "serve/assets.h"
#include "serve/encode.h"
#include "serve/guard.h"

/* What is asked, as bytes: the path, then the parameters by name. Which of two names comes first says nothing, nor does an
 * empty value. */
static void put_key(kino_buffer *key, const kino_request *r)
{
    const kino_param *sorted[KINO_MAX_PARAMS];
    size_t count = 0;
    for (size_t i = 0; i < r->param_count; i++) {
        const kino_param *p = &r->params[i];
        size_t at = *p->value ? count++ : 0;
        if (!*p->value)
            continue;
        for (; at && strcmp(sorted[at - 1]->name, p->name) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = p;
    }
    kino_buffer_put(key, r->path, strlen(r->path) + 1);
    for (size_t i = 0; i < count; i++) {
        kino_buffer_put(key, sorted[i]->name, strlen(sorted[i]->name) + 1);
        kino_buffer_put(key, sorted[i]->value, strlen(sorted[i]->value) + 1);
    }
}

/* The part of a tag that is compared: W/ before it says nothing here. */
static const char *bare(const char *tag)
{
    return !strncmp(tag, "W/", 2) ? tag + 2 : tag;
}

static bool has_tag(const char *if_none_match, const char *tag)
{
    return !strcmp(if_none_match, "*") || strstr(if_none_match, bare(tag));
}

/* The same question to the same films has the same answer, but for the time that it took; and a page is that of this
 * program, as it was started. */
static bool is_known(const kino_site *site, const kino_request *r, const kino_live_handle *h, const kino_buffer *key,
                     kino_response *out)
{
    const char *program = kino_asset_find("style.css")->etag;
    uint64_t hash = kino_hash(KINO_HASH_START, program, strlen(program) + 1);
    hash = kino_hash(hash, site->base_path, strlen(site->base_path) + 1);
    hash = kino_hash(hash, &h->mark, sizeof h->mark);
    hash = kino_hash(hash, site->allow_writes ? "w" : "r", 1);
    hash = kino_hash(hash, key->data, key->size);
    snprintf(out->etag, sizeof out->etag, "W/\"%llx-%016llx\"", (unsigned long long)h->generation,
             (unsigned long long)kino_mix(hash));
    if (!has_tag(r->if_none_match, out->etag))
        return false;
    out->status = 304;
    return true;
}

/* ---- the API ---- */

static void find(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    const char *q = kino_param_get(r, "q"), *limit = kino_param_get(r, "limit");
    enum { PEOPLE = 3 };
    kino_matches *m = NULL;
    kino_people *people = NULL;
    kino_error err = {0};
    char *end = NULL;
    const long most = limit ? strtol(limit, &end, 10) : 10;
    (void)site;
    bool stray = false;
    for (size_t i = 0; i < r->param_count; i++)
        if (strcmp(r->params[i].name, "q") != 0 && strcmp(r->params[i].name, "limit") != 0)
            stray = true;
    if (stray)
        kino_respond_error(out, 400, "bad_request", "find takes q and limit and nothing else");
    else if (!q)
        kino_respond_error(out, 400, "bad_request", "find needs ?q=TITLE");
    else if (limit && (*end || most < 1 || most > 100))
        kino_respond_error(out, 400, "bad_request", "limit is from 1 to 100");
    else if (kino_find(k, q, (size_t)most, &m, &err) || kino_people_find(k, q, PEOPLE, &people, &err))
        kino_respond_failure(out, &err, NULL);
    else
        kino_respond_tree(out, kino_answer_find(q, m, people));
    kino_people_free(people);
    kino_matches_free(m);
}

static void recommend(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_ask ask;
    kino_question *q = kino_question_new();
    kino_results *results = NULL;
    kino_matches *candidates = NULL;
    kino_error err = {0};
    (void)site;
    kino_ask_init(&ask);
    kino_status st = kino_request_question(r, true, k, &ask, q, &candidates, &err);
    if (!st)
        st = kino_recommend(k, &q->query, &results, &err);
    if (st)
        kino_respond_failure(out, &err, candidates);
    else
        kino_respond_tree(out, kino_answer_recommend(q, results));
    kino_matches_free(candidates);
    kino_results_free(results);
    kino_question_free(q);
    kino_ask_free(&ask);
}

static void movie(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    const char *text = r->path + strlen("/api/v1/movie/");
    kino_movie *m = NULL;
    kino_error err = {0};
    (void)site;
    if (!*text || strspn(text, "0123456789") != strlen(text) || strlen(text) > 15)
        kino_respond_error(out, 404, "not_found", "a film is named by its TMDB id: /api/v1/movie/862");
    else if (kino_movie_get_all(k, strtoll(text, NULL, 10), &m, &err))
        kino_respond_failure(out, &err, NULL);
    else
        kino_respond_tree(out, kino_answer_show(m));
    kino_movie_free(m);
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
    kino_buffer_print(b,
                      "# HELP kino_request_seconds_total Time spent on requests.\n"
                      "# TYPE kino_request_seconds_total counter\nkino_request_seconds_total %.6f\n",
                      (double)site->micros / 1e6);
    kino_buffer_print(b, "# HELP kino_films Films in the catalogue.\n# TYPE kino_films gauge\nkino_films %zu\n",
                      h->films);
    kino_buffer_print(b,
                      "# HELP kino_generation Generation of the catalogue.\n# TYPE kino_generation gauge\n"
                      "kino_generation %llu\n",
                      (unsigned long long)h->generation);
    kino_buffer_print(b,
                      "# HELP kino_answers_total Answers that hold for a generation, by where they came from.\n"
                      "# TYPE kino_answers_total counter\nkino_answers_total{from=\"cache\"} %lu\n"
                      "kino_answers_total{from=\"catalogue\"} %lu\n",
                      site->remembered, site->computed);
    kino_buffer_print(b,
                      "# HELP kino_cache_bytes Kept answers.\n# TYPE kino_cache_bytes gauge\n"
                      "kino_cache_bytes %zu\n",
                      kino_cache_bytes(h->cache));
    kino_buffer_print(b,
                      "# HELP kino_late_total Connections that took too long and were ended.\n"
                      "# TYPE kino_late_total counter\nkino_late_total %lu\n",
                      site->visits.late);
    kino_buffer_print(b,
                      "# HELP kino_held_bytes Answers that are kept or under way.\n"
                      "# TYPE kino_held_bytes gauge\nkino_held_bytes %zu\n",
                      site->held);
    kino_buffer_print(b,
                      "# HELP kino_waiting Requests that wait for the network.\n# TYPE kino_waiting gauge\n"
                      "kino_waiting %zu\n",
                      kino_tasks_waiting(site->additions) + kino_tasks_waiting(site->questions));
    kino_live_give(h);
}

/* ---- the page ---- */

/* Some film, to begin with. */
static void surprise(kino_site *site, kino *k, kino_response *out)
{
    int64_t *ids = NULL;
    size_t count = 0;
    kino_error err = {0};
    if (kino_ids(k, &ids, &count, &err))
        kino_respond_failure(out, &err, NULL);
    else
        kino_respond_film_page(out, count ? ids[kino_mix(site->requests ^ (uint64_t)time(NULL) << 20) % count] : 0);
    free(ids);
}

/* What q was taken for: in the place of q stands the film to be like, or the words that films are to be about. */
typedef struct looked_up {
    char id[24];
    kino_buffer about;
    kino_matches *candidates;
    kino_error unknown; /* no film is called so: the words may say nothing */
    bool or_words;      /* it is a title, and may be words */
} looked_up;

static void put_in_place(kino_request *r, const char *name, const char *value)
{
    for (size_t i = 0; i < r->param_count; i++)
        if (!strcmp(r->params[i].name, "q"))
            r->params[i] = (kino_param){name, value};
        else if (!strcmp(r->params[i].name, name) && !strcmp(name, "about"))
            r->params[i].value = ""; /* it is part of the new one */
}

/* A title that names one film becomes that film; of several they are candidates. Everything else is a wish in words. */
static kino_status look_up(kino *k, kino_request *r, looked_up *out, kino_error *err)
{
    int64_t found = 0;
    kino_results *read = NULL;
    const char *q = kino_param_get(r, "q"), *about = kino_param_get(r, "about");
    if (!q)
        return KINO_OK;
    kino_status st = kino_read(k, q, KINO_READ_AS_SEEN, &read, err);
    if (st)
        return st;
    const bool title =
        read->understood_count == 1 && read->understood[0].film && !strcmp(read->understood[0].as, "title");
    if (title || !read->understood_count)
        st = kino_resolve(k, q, false, &found, &out->candidates, title ? err : &out->unknown);
    if (st == KINO_NOT_FOUND && title)
        found = read->understood[0].film;
    if (found) {
        st = KINO_OK;
        out->or_words = title && read->other;
        snprintf(out->id, sizeof out->id, "%lld", (long long)found);
        put_in_place(r, "like", out->id);
    } else if (st != KINO_AMBIGUOUS) {
        st = KINO_OK;
        kino_buffer_print(&out->about, about ? "%s, %s" : "%s", q, about);
        put_in_place(r, "about", out->about.data);
    } else if (!title) {
        *err = out->unknown;
    }
    if (found) {
        kino_matches_free(out->candidates);
        out->candidates = NULL;
    }
    kino_results_free(read);
    return st;
}

/* Whether the answer to a text that names no film shows that it says nothing either: no film has a word of it. */
static bool says_nothing(const looked_up *l, const kino_results *r)
{
    if (!l->unknown.status || !r || r->understood_count)
        return false;
    for (size_t i = 0; i < r->count; i++)
        for (size_t p = 0; p < r->items[i].part_count; p++)
            if (!strcmp(r->items[i].parts[p].name, "words"))
                return false;
    return true;
}

/* A page of what could be meant by a title is an answer. */
static int status_of_page(kino_status looked, kino_status st)
{
    if (looked == KINO_NOT_FOUND || looked == KINO_AMBIGUOUS)
        return 200;
    switch (st) {
    case KINO_OK:
        return 200;
    case KINO_USAGE:
        return 400;
    case KINO_NOT_FOUND:
    case KINO_AMBIGUOUS:
        return 404;
    default:
        return 500;
    }
}

static void show_page(kino_site *site, kino *k, const kino_request *asked, kino_response *out,
                      void (*write)(const kino_page *, kino_buffer *))
{
    kino_ask ask;
    kino_question *q = kino_question_new();
    kino_page_seed *seeds = kino_alloc_array(2 * KINO_MAX_SEEDS, sizeof *seeds);
    kino_request r = *asked;
    kino_results *results = NULL;
    looked_up l = {.id = ""};
    kino_error err = {0};
    size_t count = 0;
    kino_ask_init(&ask);
    kino_status looked = look_up(k, &r, &l, &err);
    kino_status st =
        kino_request_question(&r, false, k, &ask, q, l.candidates ? NULL : &l.candidates, looked ? NULL : &err);
    if (!kino_param_get(&r, "k"))
        q->query.k = KINO_PAGE_FILMS;
    if (q->query.k > KINO_PAGE_MOST)
        q->query.k = KINO_PAGE_MOST;
    if (!st && (q->query.like_count || q->query.about || kino_ask_filters(&ask)))
        st = kino_recommend(k, &q->query, &results, looked ? NULL : &err);
    if (!st && !looked && says_nothing(&l, results)) {
        looked = l.unknown.status;
        err = l.unknown;
        r = *asked;
    } else if (!looked && !st) {
        kino_matches_free(l.candidates);
        l.candidates = NULL;
    }
    /* What other people like stands in a field of its own. */
    const size_t own = ask.like.count > 0;
    for (size_t i = 0; i < q->query.like_count; i++)
        if (!q->query.like_person || q->like_person[i] < own)
            seeds[count++] = (kino_page_seed){q->like_ids[i], q->like[i]->title, q->like[i]->year, false};
    for (size_t i = 0; i < q->query.dislike_count; i++)
        seeds[count++] = (kino_page_seed){q->dislike_ids[i], q->dislike[i]->title, q->dislike[i]->year, true};
    st = looked ? looked : st;
    const kino_page p = {.query = r.params,
                         .query_count = r.param_count,
                         .seeds = seeds,
                         .seed_count = count,
                         .like = q->like,
                         .like_count = q->query.like_count,
                         .results = results,
                         .error = st ? &err : NULL,
                         .candidates = l.candidates,
                         .or_words = l.or_words ? kino_param_get(asked, "q") : NULL,
                         .unknown = l.unknown.status && !looked ? kino_param_get(asked, "q") : NULL,
                         .may_add = site->allow_writes};
    write(&p, &out->body);
    out->status = status_of_page(looked, st);
    out->type = "text/html; charset=utf-8";
    kino_matches_free(l.candidates);
    free(l.about.data);
    kino_results_free(results);
    kino_question_free(q);
    kino_ask_free(&ask);
    free(seeds);
}

static void page(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    if (kino_param_get(r, "surprise"))
        surprise(site, k, out);
    else
        show_page(site, k, r, out, kino_page_films);
}

/* ---- a film, a person ---- */

enum { SERIES = 30, ALIKE = 12, CREDITS = 120 };

static void put_fault_page(const kino_error *err, kino_response *out)
{
    const kino_page p = {.error = err, .up = "../"};
    kino_page_absent(&p, &out->body);
    out->status = err->status == KINO_NOT_FOUND ? 404 : 500;
    out->type = "text/html; charset=utf-8";
}

static int by_year(const void *a, const void *b)
{
    const kino_movie *x = *(const kino_movie *const *)a, *y = *(const kino_movie *const *)b;
    return x->year != y->year ? (x->year > y->year) - (x->year < y->year) : (x->id > y->id) - (x->id < y->id);
}

/* The others of a film's collection, which are more like it than nearly all, by their years. */
static size_t find_series(const kino_movie *m, const kino_results *like, const kino_movie *out[SERIES])
{
    size_t count = 0;
    for (size_t i = 0; like && m->collection.id && i < like->count && count < SERIES; i++)
        if (like->items[i].movie->collection.id == m->collection.id)
            out[count++] = like->items[i].movie;
    if (count)
        qsort(out, count, sizeof *out, by_year);
    return count;
}

static void film(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    const char *text = r->path + strlen("/film/");
    const bool number = *text && strspn(text, "0123456789") == strlen(text) && strlen(text) <= 15;
    const int64_t id = number ? strtoll(text, NULL, 10) : 0;
    kino_movie *m = NULL;
    kino_results *alike = NULL, *all = NULL;
    const kino_movie *series[SERIES];
    kino_error err = {KINO_NOT_FOUND, "a film is named by its TMDB id: film/862"};
    (void)site;
    if (!number || kino_movie_get_all(k, id, &m, &err)) {
        put_fault_page(&err, out);
        return;
    }
    /* Without a plot it is like no other: that is no fault of the page. */
    if (m->collection.id)
        kino_recommend(k, &(kino_query){.like = &id, .like_count = 1, .k = 2 * SERIES, .sequels = true}, &all, NULL);
    kino_recommend(k, &(kino_query){.like = &id, .like_count = 1, .k = ALIKE}, &alike, NULL);
    const kino_page p = {.up = "../", .results = alike};
    kino_page_film(&p, m, series, find_series(m, all, series), &out->body);
    out->status = 200;
    out->type = "text/html; charset=utf-8";
    kino_results_free(alike);
    kino_results_free(all);
    kino_movie_free(m);
}

static size_t get_films(kino *k, const int64_t *ids, size_t count, kino_movie *out[CREDITS])
{
    size_t got = 0;
    for (size_t i = 0; i < count && got < CREDITS; i++)
        got += !kino_movie_get(k, ids[i], &out[got], NULL);
    return got;
}

static void person(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_people *people = NULL;
    kino_movie *directed[CREDITS] = {NULL}, *played[CREDITS] = {NULL};
    kino_error err = {0};
    (void)site;
    kino_status st = kino_people_find(k, r->path + strlen("/person/"), 1, &people, &err);
    if (!st && !people->count)
        err = (kino_error){KINO_NOT_FOUND, "nobody in the catalogue is called so"};
    if (st || !people->count) {
        put_fault_page(&err, out);
        kino_people_free(people);
        return;
    }
    const kino_person *who = &people->items[0];
    const kino_page p = {.up = "../"};
    kino_page_credits c = {.name = who->name,
                           .directed = (const kino_movie *const *)directed,
                           .played = (const kino_movie *const *)played};
    c.directed_count = get_films(k, who->directed, who->directed_count, directed);
    c.played_count = get_films(k, who->played, who->played_count, played);
    kino_page_person(&p, &c, &out->body);
    out->status = 200;
    out->type = "text/html; charset=utf-8";
    for (size_t i = 0; i < CREDITS; i++) {
        kino_movie_free(directed[i]);
        kino_movie_free(played[i]);
    }
    kino_people_free(people);
}

static void map(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    show_page(site, k, r, out, kino_page_map);
}

static void map_file(kino_site *site, kino *k, const kino_request *r, kino_response *out)
{
    kino_places *places = NULL;
    kino_error err = {0};
    (void)site;
    (void)r;
    if (kino_map_get(k, &places, &err)) {
        kino_respond_failure(out, &err, NULL);
        return;
    }
    kino_page_map_file(places, &out->body);
    out->status = 200;
    out->type = "application/octet-stream";
    kino_places_free(places);
}

static void asset(const kino_request *r, const kino_asset *a, kino_response *out)
{
    snprintf(out->etag, sizeof out->etag, "W/%s", a->etag);
    out->lasting = true;
    out->type = a->type;
    if (has_tag(r->if_none_match, a->etag)) {
        out->status = 304;
        return;
    }
    out->status = 200;
    out->gzip = kino_takes_gzip(r->accept_encoding);
    if (out->gzip) {
        out->fixed = a->bytes;
        out->fixed_size = (size_t)(a->end - a->bytes);
    } else {
        kino_gunzip(a->bytes, (size_t)(a->end - a->bytes), &out->body);
    }
}

static const struct route {
    const char *path; /* ending in '/': with a name behind it */
    void (*answer)(kino_site *, kino *, const kino_request *, kino_response *);
    bool same_for_generation;
    bool asks; /* of the cluster, if there is one */
} routes[] = {
    {"/", page, true, true},
    {"/api/v1/find", find, true, false},
    {"/api/v1/recommend", recommend, true, true},
    {"/api/v1/movie/", movie, true, false},
    {"/film/", film, true, false},
    {"/person/", person, true, false},
    {"/map", map, true, true},
    {"/api/v1/map", map_file, true, false},
    {"/healthz", health, false, false},
    {"/metrics", metrics, false, false},
};

static const struct route *route_of(const char *path)
{
    const struct route *found = NULL;
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        const size_t n = strlen(routes[i].path);
        if (n > 1 && routes[i].path[n - 1] == '/' ? !strncmp(path, routes[i].path, n) : !strcmp(path, routes[i].path))
            found = &routes[i];
    }
    return found;
}

static bool is_read(const kino_request *r)
{
    return !strcmp(r->method, "GET") || !strcmp(r->method, "HEAD");
}

kino_tasks *kino_route_tasks(const kino_site *site, const kino_request *r)
{
    if (kino_adds(site, r))
        return site->additions;
    const struct route *route = route_of(r->path);
    return site->live->options.backend && route && route->asks && is_read(r) ? site->questions : NULL;
}

typedef struct answering {
    kino_site *site;
    kino *k;
    const kino_request *request;
    kino_response *out;
    const struct route *route;
} answering;

static void call_route(void *ctx)
{
    const answering *a = ctx;
    a->route->answer(a->site, a->k, a->request, a->out);
}

static void was_cut(kino_response *out)
{
    kino_respond_error(out, 500, "damaged",
                       "a file of the catalogue was cut while it was read; the catalogue is being opened anew");
    out->retry_after = 1;
    out->close = true;
}

/* The answer of a route, within the bounds of one answer. */
static void answer(kino_site *site, kino_live_handle *h, const struct route *route, const kino_request *r,
                   kino_response *out)
{
    answering a = {site, h->k, r, out, route};
    if (h->cut) {
        was_cut(out);
        return;
    }
    out->body.most = KINO_ANSWER_MOST;
    if (!kino_guarded(call_route, &a)) {
        h->cut = true;
        *out = (kino_response){0}; /* what it had is lost */
        was_cut(out);
    } else if (out->body.overfull) {
        out->body.size = 0;
        out->body.most = 0;
        out->body.overfull = false;
        kino_respond_error(out, 400, "answer_too_large", "the answer would be larger than 16 MB: ask for fewer films");
    }
}

/* Answers that hold as long as the handle are kept, compressed or not, as they were asked for. */
static void answer_once(kino_site *site, kino_live_handle *h, const struct route *route, const kino_request *r,
                        kino_buffer *key, kino_response *out)
{
    const bool gzip = kino_takes_gzip(r->accept_encoding);
    kino_buffer_byte(key, (char)gzip);
    out->kept = kino_cache_take(h->cache, key->data, key->size);
    if (out->kept) {
        site->remembered++;
        out->status = 200;
        out->type = out->kept->type;
        out->gzip = out->kept->gzip;
        return;
    }
    if (site->held > site->held_most) {
        kino_respond_busy(out, 5, "busy", "too many answers are under way to clients that take them slowly");
        return;
    }
    site->computed++;
    answer(site, h, route, r, out);
    out->gzip = gzip && kino_gzip(&out->body);
    if (out->status == 200)
        out->kept = kino_cache_put(h->cache, key->data, key->size, out->type, out->gzip, &out->body);
}

static void read_route(kino_site *site, const struct route *route, const kino_request *r, kino_response *out)
{
    kino_live_handle *h = kino_live_take(site->live);
    /* An index of a search cluster changes without this handle. */
    if (route->same_for_generation && !r->too_many && !site->live->options.backend) {
        kino_buffer key = {0};
        put_key(&key, r);
        if (!is_known(site, r, h, &key, out))
            answer_once(site, h, route, r, &key, out);
        free(key.data);
    } else {
        answer(site, h, route, r, out);
        out->gzip = kino_takes_gzip(r->accept_encoding) && kino_gzip(&out->body);
    }
    if (out->status != 200 && out->status != 304)
        out->etag[0] = 0;
    kino_live_give(h);
}

/* Films are added by POST, and nothing else is changed. */
static bool added(kino_site *site, const kino_request *r, kino_response *out)
{
    const bool post = !strcmp(r->method, "POST");
    if (post && !strcmp(r->path, "/add")) {
        kino_add_from_page(site, r, out);
        return true;
    }
    if (strcmp(r->path, "/api/v1/movies") != 0)
        return false;
    if (post) {
        kino_add_movie(site, r, out);
    } else {
        out->allow = "POST";
        kino_respond_error(out, 405, "method_not_allowed", "films are added by POST");
    }
    return true;
}

static void route(kino_site *site, const kino_request *r, kino_response *out)
{
    if (!kino_names_allow(&site->names, r->caller.host)) {
        kino_respond_error(out, 421, "wrong_host",
                           "this server does not go by that name; start it with --host NAME if it is meant to");
        return;
    }
    if (added(site, r, out))
        return;
    const kino_asset *file = kino_asset_find(!strcmp(r->path, "/api/v1/openapi.json") ? "openapi.json"
                                             : *r->path                               ? r->path + 1
                                                                                      : "");
    const struct route *found = route_of(r->path);
    if (!found && !file) {
        kino_respond_error(out, 404, "not_found", "there is nothing here; the API is at /api/v1/openapi.json");
    } else if (!is_read(r)) {
        out->allow = "GET, HEAD";
        kino_respond_error(out, 405, "method_not_allowed", "this can only be read");
    } else if (file) {
        asset(r, file, out);
    } else {
        read_route(site, found, r, out);
    }
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
