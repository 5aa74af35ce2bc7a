/* request.h - a request without the library that received it. */
#ifndef KINO_SERVE_REQUEST_H
#define KINO_SERVE_REQUEST_H

#include "ask/question.h"
#include "serve/names.h"
#include "serve/page.h"

typedef kino_page_pair kino_param; /* decoded */

enum { KINO_MAX_PARAMS = 64 };

typedef struct kino_request {
    const char *method, *path; /* the path behind the base path, decoded */
    kino_param params[KINO_MAX_PARAMS];
    size_t param_count;
    bool too_many;                                                       /* more parameters than that */
    const char *if_none_match, *origin, *content_type, *accept_encoding; /* "" when absent */
    kino_caller caller;
    const char *body;
    size_t body_size;
} kino_request;

/* Adds a parameter; a value of blanks alone says nothing and becomes "". The strings are lent. */
void kino_param_put(kino_request *r, const char *name, const char *value);

/* The value of a parameter, or NULL; the first one of that name that is not empty. */
const char *kino_param_get(const kino_request *r, const char *name);

/* Reads the question from the parameters into a fresh kino_ask and question; as kino_question_read. strict: a parameter
 * of another name is KINO_USAGE. */
kino_status kino_request_question(const kino_request *r, bool strict, kino *k, kino_ask *ask, kino_question *q,
                                  kino_matches **candidates, kino_error *err);

#endif
