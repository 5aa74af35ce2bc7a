/* query.c - the parameters of a request -> a question. Their names are those of the command line's options. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "serve/request.h"

const char *kino_param_get(const kino_request *r, const char *name)
{
    for (size_t i = 0; i < r->param_count; i++)
        if (!strcmp(r->params[i].name, name) && *r->params[i].value)
            return r->params[i].value;
    return NULL;
}

static kino_status read_number(const kino_request *r, const char *name, double low, double high, double *out,
                               kino_error *err)
{
    const char *text = kino_param_get(r, name);
    char *end = NULL;
    if (!text)
        return KINO_OK;
    double x = strtod(text, &end);
    if (*end || end == text || !(x >= low && x <= high))
        return kino_fail(err, KINO_USAGE, "%s takes a number from %g to %g, not \"%.40s\"", name, low, high, text);
    *out = x;
    return KINO_OK;
}

static kino_status read_whole(const kino_request *r, const char *name, int64_t low, int64_t high, int64_t *out,
                              kino_error *err)
{
    double x = NAN;
    kino_status st = read_number(r, name, (double)low, (double)high, &x, err);
    if (!st && !isnan(x)) {
        if (x != floor(x))
            return kino_fail(err, KINO_USAGE, "%s takes a whole number", name);
        *out = (int64_t)x;
    }
    return st;
}

/* "1994", "1990-1999", "1990-", "-1999" */
static kino_status read_range(const kino_request *r, const char *name, int *low, int *high, kino_error *err)
{
    const char *text = kino_param_get(r, name), *dash;
    char *end;
    if (!text)
        return KINO_OK;
    dash = strchr(text, '-');
    long from = dash == text ? 0 : strtol(text, &end, 10), to = from;
    bool sound = strspn(text, "0123456789-") == strlen(text) && strlen(text) < 12 && text[1 + (dash == text)] != 0;
    if (dash == text || (sound && *end == '-'))
        to = strtol(dash + 1, &end, 10);
    if (!sound || *end || from < 0 || to < 0 || from > 9999 || to > 9999 || (from && to && from > to))
        return kino_fail(err, KINO_USAGE, "%s takes 1994, 1990-1999, 1990- or -1999, not \"%.40s\"", name, text);
    *low = (int)from;
    *high = (int)to;
    return KINO_OK;
}

/* All values of a parameter, each a list with commas between. */
static kino_status read_list(const kino_request *r, const char *name, kino_arena *memory, const char **out,
                             size_t *count, size_t most, kino_error *err)
{
    for (size_t i = 0; i < r->param_count; i++) {
        if (strcmp(r->params[i].name, name))
            continue;
        for (const char *p = r->params[i].value; *p; p += *p == ',') {
            size_t n = strcspn(p, ",");
            if (n && *count == most)
                return kino_fail(err, KINO_USAGE, "%s: at most %zu", name, most);
            if (n)
                out[(*count)++] = kino_arena_strndup(memory, p, n);
            p += n;
        }
    }
    return KINO_OK;
}

/* A number is the film of that id where there is one, be there films of that title or not: links are made of ids. */
static kino_status read_film(kino *k, const char *text, bool number, int64_t *id, kino_movie **film,
                             kino_matches **candidates, kino_error *err)
{
    if (number && strlen(text) < 16) {
        *id = strtoll(text, NULL, 10);
        kino_status st = kino_movie_get(k, *id, film, err);
        if (st != KINO_NOT_FOUND)
            return st;
    }
    kino_status st = kino_resolve(k, text, false, id, candidates, err);
    return st ? st : kino_movie_get(k, *id, film, err);
}

/* Films by id, or by a title that names one. A title may have a comma in it: only ids are split. */
static kino_status read_films(kino *k, const kino_request *r, const char *name, int64_t *ids, kino_movie **films,
                              size_t *count, kino_matches **candidates, kino_error *err)
{
    for (size_t i = 0; i < r->param_count; i++) {
        const char *p = r->params[i].value;
        if (strcmp(r->params[i].name, name) || !p[strspn(p, " ,")])
            continue;
        const bool numbers = !p[strspn(p, "0123456789,")];
        while (*p) {
            char one[512];
            int64_t id = 0;
            bool seen = false;
            size_t n = numbers ? strcspn(p, ",") : strlen(p);
            if (n >= sizeof one)
                return kino_fail(err, KINO_USAGE, "%s: a title of more than %zu bytes", name, sizeof one - 1);
            memcpy(one, p, n);
            one[n] = 0;
            p += n;
            p += *p == ',';
            if (!n)
                continue;
            kino_movie *film = NULL;
            kino_status st = read_film(k, one, numbers, &id, &film, candidates, err);
            for (size_t j = 0; j < *count; j++)
                seen = seen || ids[j] == id;
            if (st || seen) {
                kino_movie_free(film);
                if (st)
                    return st;
                continue;
            }
            if (*count == KINO_MAX_SEEDS) {
                kino_movie_free(film);
                return kino_fail(err, KINO_USAGE, "%s: at most %d films", name, KINO_MAX_SEEDS);
            }
            films[*count] = film;
            ids[(*count)++] = id;
        }
    }
    return KINO_OK;
}

kino_status kino_question_read(kino *k, const kino_request *r, kino_question *q, kino_matches **candidates,
                               kino_error *err)
{
    kino_query *query = &q->query;
    kino_filter *f = &query->filter;
    int64_t count = 10;
    double plot = NAN, profile = NAN;
    *q = (kino_question){.query = {.like = q->like_ids, .dislike = q->dislike_ids}};
    kino_status st = r->too_many ? kino_fail(err, KINO_USAGE, "more than %d parameters", KINO_MAX_PARAMS) : KINO_OK;
    if (!st)
        st = read_whole(r, "k", 1, KINO_MAX_K, &count, err);
    if (!st)
        st = read_range(r, "year", &f->year_min, &f->year_max, err);
    if (!st)
        st = read_range(r, "runtime", &f->runtime_min, &f->runtime_max, err);
    if (!st)
        st = read_number(r, "min_rating", 0, 10, &f->min_rating, err);
    if (!st)
        st = read_whole(r, "min_votes", 0, 1000000000, &f->min_votes, err);
    if (!st)
        st = read_number(r, "diversity", 0, 1, &query->diversity, err);
    if (!st)
        st = read_number(r, "popularity", -1, 1, &query->popularity, err);
    if (!st)
        st = read_number(r, "plot", 0, 1000, &plot, err);
    if (!st)
        st = read_number(r, "profile", 0, 1000, &profile, err);
    if (!st)
        st = read_list(r, "genre", &q->memory, f->genres, &f->genre_count, KINO_MAX_FILTER, err);
    if (!st)
        st = read_list(r, "no_genre", &q->memory, f->no_genres, &f->no_genre_count, KINO_MAX_FILTER, err);
    if (!st)
        st = read_list(r, "lang", &q->memory, f->languages, &f->language_count, KINO_MAX_FILTER, err);
    if (!st)
        st = read_films(k, r, "like", q->like_ids, q->like, &query->like_count, candidates, err);
    if (!st)
        st = read_films(k, r, "not", q->dislike_ids, q->dislike, &query->dislike_count, candidates, err);
    if (st)
        return st;
    const char *weight = kino_param_get(r, "weight");
    if (weight && sscanf(weight, "plot=%lf,profile=%lf", &plot, &profile) != 2)
        return kino_fail(err, KINO_USAGE, "weight takes plot=X,profile=Y, not \"%.40s\"", weight);
    query->k = (size_t)count;
    query->about = kino_param_get(r, "about");
    query->weighted = !isnan(plot) || !isnan(profile);
    query->weight_plot = isnan(plot) ? 1 : plot;
    query->weight_profile = isnan(profile) ? 1 : profile;
    if (query->diversity == 0 && kino_param_get(r, "diversity"))
        query->diversity = -1;
    return KINO_OK;
}

void kino_question_free(kino_question *q)
{
    for (size_t i = 0; i < KINO_MAX_SEEDS; i++) {
        kino_movie_free(q->like[i]);
        kino_movie_free(q->dislike[i]);
    }
    kino_arena_free(&q->memory);
}
