/* understand.h - what the words of a query ask for, over the films of a handle: the films that they name, the bounds that
 * they set, and what is left to be compared.
 *
 *     kino_understanding u;
 *     st = kino_understand(k, &query, &u, &err);
 *     ... u.query is the query with the films that the words name, and without the words ...
 *     kino_understanding_bound(rows, &u, &allowed);
 *     kino_understanding_tell(rows, &u, query.about, owned);
 *     kino_understanding_free(&u); */
#ifndef KINO_ENGINE_UNDERSTAND_H
#define KINO_ENGINE_UNDERSTAND_H

#include "handle/handle.h"
#include "handle/owned.h"
#include "rank/allowed.h"
#include "wish/wish.h"

typedef struct kino_understanding {
    bool read; /* the words were read; else they are what is compared, and all but the query is zero */
    bool more; /* there is more in them than films to be like and bounds: something that scores are made of */
    kino_wish wish;
    kino_query query; /* its pointers lead into this and into the query that was understood */
    const kino_wish_lookups *look;
    int64_t like[KINO_MAX_SEEDS], dislike[KINO_MAX_SEEDS];
    double like_weight[KINO_MAX_SEEDS], dislike_weight[KINO_MAX_SEEDS];
    bool titled;                   /* the words are the title of a film, which comes first */
    size_t title;                  /* its row */
    bool dropped[KINO_WISH_CHIPS]; /* bounds that would leave nothing */
} kino_understanding;

/* Reads the words as the query says. Freed by kino_understanding_free, whatever is returned. */
kino_status kino_understand(kino *k, const kino_query *q, kino_understanding *out, kino_error *err);
void kino_understanding_free(kino_understanding *u);

/* Takes the films out of `allowed` that the bounds do not admit. Where nothing would be left, the fewest kinds of bounds
 * are dropped that let something stand. */
void kino_understanding_bound(const kino_rows *r, kino_understanding *u, kino_allowed *allowed);

/* What was understood of the question, into results. */
void kino_understanding_tell(const kino_rows *r, const kino_understanding *u, const char *question,
                             kino_owned_results *out);

#endif
