/* rank.h - a taste, and the films scored by it.
 *
 * A few hundred films near the taste are found by the index; each is compared with every seed, part by part. With
 * several seeds a part is mean + KINO_SERVE (that of the seed which likes the film best - mean): the mean alone answers
 * with films between the seeds that please no one's, the best alone forgets what the seeds have in common. A seed likes
 * a film best when its weight times its score is the most.
 *
 * Disliked films take away half of what liked ones give, by the one that the film is most like. Words are compared with
 * the plot: beside liked films half of the cosine, times the weight of the words, is added to that part; alone they are
 * the whole score. Popularity adds its own part. */
#ifndef KINO_RANK_RANK_H
#define KINO_RANK_RANK_H

#include "rank/score.h"
#include "rows/filter.h"

/* Rows that may be answered, a bit for each, of the snapshot and of what came later. */
enum { KINO_ROWS_BASE, KINO_ROWS_TAIL, KINO_ROWS_PARTS };
typedef struct kino_allowed {
    uint64_t *bits[KINO_ROWS_PARTS];
} kino_allowed;

void kino_allowed_init(const kino_rows *r, const kino_filter *f, kino_allowed *out);
void kino_allowed_clear(const kino_rows *r, size_t row, kino_allowed *a);
void kino_allowed_free(kino_allowed *a);

typedef struct kino_seeds {
    kino_facets *films;
    double *weights; /* they sum to 1 */
    size_t count;
} kino_seeds;

typedef struct kino_taste {
    const kino_scorer *scorer;
    kino_seeds like, dislike;
    const float *about; /* [KINO_PLOT_DIM], unit; NULL: no words */
    double about_weight;
    double story, facts;      /* times the parts of the story, and those of the facts; 1 and 1 by default */
    double popularity;        /* -1 to 1 */
    double serve;             /* KINO_SERVE */
    const kino_facets *known; /* of all rows, where they are at hand; or NULL. With films that are not of the rows, but
                                    of a cluster, `row` is a place in these */
} kino_taste;

#define KINO_SERVE 0.5

typedef struct kino_ranked {
    size_t row;
    int64_t id;
    double score, parts[KINO_PART_COUNT]; /* multiples of 2^-20: the parts add up to the score in any order */
    uint32_t seed;                        /* the liked film that it is most like; UINT32_MAX: none was given */
    uint32_t collection;                  /* a term, or UINT32_MAX */
    bool rough;                           /* scored by the bytes of the index; see kino_settle */
} kino_ranked;

/* Seeds with weights (NULL: all 1), in rows that exist. */
void kino_seeds_init(const kino_rows *r, const size_t *rows, const double *weights, size_t count, kino_seeds *out);
void kino_seeds_free(kino_seeds *s);

/* For qsort: best first, equal ones by id. */
int kino_ranked_order(const void *a, const void *b);
/* What the index is asked with: all seeds as one, less the disliked, and the words. query: [KINO_VECTOR_DIM] */
void kino_taste_query(const kino_taste *t, float *query);
/* The queries whose answers together are the candidates: that one, each of several seeds, the words. Returns how many;
 * each is to bring an equal share. */
enum { KINO_TASTE_QUERIES = 10 };
size_t kino_taste_queries(const kino_taste *t, float (*query)[KINO_VECTOR_DIM]);
/* Whether a graph that links films by the usual weights finds what is near this query. */
bool kino_suits_graph(const float *query);
void kino_rate(const kino_taste *t, size_t row, kino_ranked *out);
/* About `pool` of the allowed films, scored, best first, equal ones by id; they are taken out of `allowed`. Fewer than
 * pool: there are no more. Some may be scored roughly. *out is freed by the caller. */
size_t kino_rank(const kino_taste *t, size_t pool, kino_allowed *allowed, kino_ranked **out);
/* Scores the first `sure` of ranked films exactly, and those that could be among them, and sorts all. */
void kino_settle(const kino_taste *t, kino_ranked *films, size_t count, size_t sure);

#endif
