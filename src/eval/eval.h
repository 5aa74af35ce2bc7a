/* eval.h - the next film that was rated: questions from ratings, methods that rank all films, figures. How much answers
 * are like what was asked for is in likeness.h.
 *
 * protocol.c  questions, ranks, figures with their intervals      ratings.c   the ratings, sheet.c their files
 * methods.c   kino, and what it is compared with                  classic.c   the older fusion, made anew for the films
 * tune.c      the weights of kino's parts, fitted to ratings      interval.c  how sure a figure is
 *
 * A question is a film that a user liked, to be found from what the user liked before. A method gives every film of
 * the catalogue a score; those that the user had rated by then are left out; the rank of the film asked for is the mean
 * rank among equals. */
#ifndef KINO_EVAL_EVAL_H
#define KINO_EVAL_EVAL_H

#include "eval/ratings.h"
#include "handle/handle.h"
#include "rank/choose.h"

enum {
    KINO_EVAL_TOP = 10,
    KINO_EVAL_SEEDS = KINO_MAX_SEEDS,
    KINO_EVAL_QUESTIONS = 60, /* of a user at most */
};

typedef struct kino_question {
    uint32_t user;  /* into users */
    uint32_t likes; /* of the user before this one */
    size_t target;  /* into items */
} kino_question;

typedef struct kino_questions {
    kino_question *items;
    size_t count;
} kino_questions;

/* Each like of a user but the first, `most` and one at most; of one half of the users, with so many likes before, not
 * before a moment. The caller frees the items. */
kino_questions kino_questions_ask(const kino_ratings *r, bool tuning, uint32_t most, size_t likes_before,
                                  int64_t since);
/* The rows that the last `most` likes before the target name, latest first; returns how many. */
size_t kino_question_seeds(const kino_ratings *r, const kino_question *q, size_t most, size_t *rows);

/* What methods learn from the ratings of others. */
typedef struct kino_learned_model {
    double *likes;       /* [films] users who like it */
    size_t *liker_at;    /* [films + 1] into likers */
    uint32_t *likers;    /* users, by film */
    size_t *like_at;     /* [users + 1] into like_rows */
    uint32_t *like_rows; /* films, by user */
} kino_learned_model;

typedef struct kino_bench {
    kino *k;
    const kino_rows *rows;
    size_t films;
    kino_ratings ratings;
    kino_facets *facets; /* [films] */
    double *fame_rank;   /* [films] share of films with fewer votes */
    float *classic;      /* [films][KINO_VECTOR_DIM]: the older fusion's own vectors; NULL without weights */
    kino_learned_model learned;
} kino_bench;

/* One way to rank: what the method is given, and its constants. */
typedef struct kino_method kino_method;
struct kino_method {
    const char *name;
    size_t seeds; /* the last so many likes; 0: all */
    void (*score)(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds, size_t count,
                  double *score); /* [films] */
    double popularity, diversity, serve;
    size_t pool;
    bool sequels; /* several films of a collection may be in the list */
    bool classic; /* needs the older fusion's vectors */
};

/* The films, without ratings; `who` needs them, for the message. Closed also after a failure. */
kino_status kino_bench_open(kino *k, const char *who, kino_bench *b, kino_error *err);
void kino_bench_close(kino_bench *b);

typedef struct kino_answer {
    double rank; /* of the film asked for, from 0 */
    uint32_t top[KINO_EVAL_TOP];
    double fame, diversity, sequels;
} kino_answer;

/* On all threads: answers[q->count]. Those that were cancelled are left as they are. */
void kino_bench_answer(const kino_bench *b, const kino_method *m, const kino_questions *q, kino_answer *answers);

typedef struct kino_worth {
    double hits, gain, inverse, count; /* sums of HR@10, NDCG@10 and the reciprocal rank, over so many answers */
} kino_worth;

kino_worth kino_worth_of(const kino_answer *a, size_t count);

/* From ratings of the chosen users that are earlier than `before`. */
void kino_learned_init(const kino_bench *b, bool of_tuning, bool of_test, int64_t before, kino_learned_model *out);
void kino_learned_free(kino_learned_model *l);

extern const kino_method kino_eval_one[], kino_eval_five[], kino_eval_history[], kino_eval_later[];
extern const size_t kino_eval_one_count, kino_eval_five_count, kino_eval_history_count, kino_eval_later_count;

/* The older fusion's vectors of all films: its 106 columns, its network with sigmoid outputs, the overview alone. */
kino_status kino_eval_classic(kino_bench *b, kino_error *err);

#endif
