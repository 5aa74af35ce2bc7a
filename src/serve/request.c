/* request.c - the parameters of a request -> a question. Their names are those of the command line's options. */
#include "serve/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/utf8.h"

static bool is_space(int32_t c)
{
    return c <= ' ' || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200b) || c == 0x3000;
}

static bool is_blank(const char *text)
{
    const size_t n = strlen(text);
    int32_t c = ' ';
    for (size_t i = 0; i < n && is_space(c);)
        i += kino_utf8_next(text + i, n - i, &c);
    return is_space(c);
}

void kino_param_put(kino_request *r, const char *name, const char *value)
{
    if (r->param_count == KINO_MAX_PARAMS)
        r->too_many = true;
    else
        r->params[r->param_count++] = (kino_param){name, is_blank(value) ? "" : value};
}

const char *kino_param_get(const kino_request *r, const char *name)
{
    for (size_t i = 0; i < r->param_count; i++)
        if (!strcmp(r->params[i].name, name) && *r->params[i].value)
            return r->params[i].value;
    return NULL;
}

static bool names_films(const char *name)
{
    return !strcmp(name, "like") || !strcmp(name, "not");
}

static bool is_list(const char *name)
{
    return names_films(name) || !strcmp(name, "together") || !strcmp(name, "genre") || !strcmp(name, "no_genre") ||
           !strcmp(name, "lang") || !strcmp(name, "country") || !strcmp(name, "with") || !strcmp(name, "director");
}

/* Films by id, or by a title that names one. A title may have a comma in it: only ids are split. */
static kino_status put_films(kino_ask *ask, const char *name, const char *text, kino_error *err)
{
    kino_status st = KINO_OK;
    if (text[strspn(text, "0123456789,")])
        return text[strspn(text, " ,")] ? kino_ask_put(ask, name, text, err) : KINO_OK;
    for (const char *p = text; *p && !st; p += *p == ',') {
        const size_t n = strcspn(p, ",");
        if (n)
            st = kino_ask_put(ask, name, kino_arena_strndup(&ask->memory, p, n), err);
        p += n;
    }
    return st;
}

/* Empty fields of a form say nothing; of what is no list the first one counts. A name that is none is an error for
 * programs, and for a page nothing: addresses of pages get things put behind them. */
static kino_status put_params(const kino_request *r, bool strict, kino_ask *ask, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; i < r->param_count && !st; i++) {
        const kino_param *p = &r->params[i];
        if (strict && !kino_ask_knows(p->name))
            return kino_fail(err, KINO_USAGE, "there is no parameter \"%.40s\"; /api/v1/openapi.json has them all",
                             p->name);
        if (!*p->value || !kino_ask_knows(p->name) || (!is_list(p->name) && kino_param_get(r, p->name) != p->value))
            continue;
        st = names_films(p->name) ? put_films(ask, p->name, p->value, err) : kino_ask_put(ask, p->name, p->value, err);
    }
    return st;
}

typedef struct finding {
    kino *k;
    kino_matches **candidates;
} finding;

/* A number is the film of that id where there is one, even if films have that title: links are made of ids. */
static kino_status find_film(void *ctx, const char *text, int64_t *id, kino_error *err)
{
    enum { DIGITS = 15 };
    const finding *f = ctx;
    kino_movie *film = NULL;
    if (!text[strspn(text, "0123456789")] && strlen(text) <= DIGITS) {
        const int64_t number = strtoll(text, NULL, 10);
        kino_status st = kino_movie_get(f->k, number, &film, NULL);
        kino_movie_free(film);
        if (!st) {
            *id = number;
            return KINO_OK;
        }
    }
    return kino_resolve(f->k, text, false, id, f->candidates, err);
}

kino_status kino_request_question(const kino_request *r, bool strict, kino *k, kino_ask *ask, kino_question *q,
                                  kino_matches **candidates, kino_error *err)
{
    finding f = {k, candidates};
    kino_status st = r->too_many ? kino_fail(err, KINO_USAGE, "more than %d parameters", KINO_MAX_PARAMS) : KINO_OK;
    if (!st)
        st = put_params(r, strict, ask, err);
    return st ? st : kino_question_read(q, k, ask, &(kino_film_finder){find_film, &f}, candidates, err);
}
