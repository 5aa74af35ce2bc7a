/* question.h - the one reader of questions. It turns names and texts, from the command line, a line of JSON or an
 * address, into a query with its films.
 *
 *     kino_ask ask;
 *     kino_ask_init(&ask);
 *     st = kino_ask_put(&ask, "like", "Alien", &err);
 *     if (!st)
 *         st = kino_ask_put(&ask, "year", "1980-1989", &err);
 *     kino_question *q = kino_question_new();
 *     if (!st)
 *         st = kino_question_read(q, k, &ask, NULL, &candidates, &err);
 *     if (!st)
 *         st = kino_recommend(k, &q->query, &results, &err);
 *     kino_question_free(q);
 *     kino_ask_free(&ask); */
#ifndef KINO_ASK_QUESTION_H
#define KINO_ASK_QUESTION_H

#include "ask/values.h"
#include "kino.h"

/* What a question says before its films are looked up. The caller lends the texts. */
typedef struct kino_ask {
    kino_words like, dislike; /* titles or ids; "Alien^2" counts twice */
    kino_words together;      /* of each further person: titles or ids, parted by ";" */
    const char *about;        /* NULL: nothing */
    int as;                   /* kino_reading_mode */
    int sort;                 /* kino_sort */
    kino_weights weight;
    double diversity; /* NaN: not said */
    double popularity;
    bool sequels;
    bool first; /* of several films of a title, take the best known */
    int64_t k;  /* 0: not said */
    kino_words genres, no_genres, languages, countries, with, directors;
    kino_range year, runtime;
    double min_rating;
    int64_t min_votes;
    int64_t *unseen; /* ids */
    size_t unseen_count;
    kino_arena memory;
} kino_ask;

void kino_ask_init(kino_ask *a);
void kino_ask_free(kino_ask *a);
/* A copy that more can be put into. It shares the texts of the original. */
kino_ask kino_ask_copy(const kino_ask *a);

/* Adds ids that must not be in the answer. */
void kino_ask_unseen(kino_ask *a, const int64_t *ids, size_t count);

/* A member by its name, with - or _, or by its letter: those of fields.h, "like" and "unseen". KINO_USAGE, with the
 * name, for what is no member or no value of it. */
kino_status kino_ask_put(kino_ask *a, const char *name, const char *text, kino_error *err);
/* Whether it says which films may be answered, so that it is a question without any film or word. */
bool kino_ask_filters(const kino_ask *a);
/* Whether there is a member of that name. */
bool kino_ask_knows(const char *name);

typedef struct kino_question {
    int64_t like_ids[KINO_MAX_SEEDS], dislike_ids[KINO_MAX_SEEDS];
    kino_movie *like[KINO_MAX_SEEDS], *dislike[KINO_MAX_SEEDS]; /* [query.like_count], [query.dislike_count] */
    double like_weight[KINO_MAX_SEEDS], dislike_weight[KINO_MAX_SEEDS];
    size_t like_person[KINO_MAX_SEEDS]; /* who likes each, where there are several people */
    kino_query query;                   /* its pointers lead into this and into the kino_ask */
    kino_arena memory;
} kino_question;

kino_question *kino_question_new(void);
void kino_question_free(kino_question *q); /* NULL is fine */

/* How a text becomes the id of a film; NULL means kino_resolve. */
typedef struct kino_film_finder {
    kino_status (*find)(void *ctx, const char *text, int64_t *id, kino_error *err);
    void *ctx;
} kino_film_finder;

/* Adds a liked film; one that is there already counts once. */
kino_status kino_question_like(kino_question *q, kino *k, int64_t id, double weight, kino_error *err);
/* Looks the films up and fills in the query, behind what was liked by kino_question_like. The ask has to outlive the
 * question. After a failure the question holds what was read before it. If kino_resolve was asked, *candidates (or
 * NULL) gets the films that a title could mean; the caller frees them. */
kino_status kino_question_read(kino_question *q, kino *k, const kino_ask *a, const kino_film_finder *finder,
                               kino_matches **candidates, kino_error *err);

#endif
