/* rank.h - a taste, and the films scored by it.
 *
 * A pass over all films (candidates.h) finds a few hundred near the taste; each is compared with every seed, part by part.
 * With several seeds a part is mean + KINO_SERVE (that of the seed which likes the film best - mean): what the seeds have
 * in common counts most, and none is forgotten. A seed likes a film best when its weight times its score is the most.
 *
 * Disliked films take away half of what liked ones give, by the one that the film is most like. Words are compared with
 * the plot: beside liked films the cosine, both less the mean of all plots, is added to that part, KINO_WORDS times; alone,
 * where retrieve.h is not asked (a cluster's films, recipe classic), the plain cosine is the whole score. Popularity adds
 * its own part. Beside plain cosines, those of words alone or of recipe classic, what is scaled by spreads counts
 * KINO_COSINES times. */
#ifndef KINO_RANK_RANK_H
#define KINO_RANK_RANK_H

#include "rank/allowed.h"
#include "rank/score.h"

typedef struct kino_seeds {
    kino_facets *films;
    double *weights; /* they sum to 1 */
    size_t count;
} kino_seeds;

typedef struct kino_taste {
    const kino_scorer *scorer;
    kino_seeds like, dislike;
    const float *about; /* [KINO_PLOT_DIM], unit; NULL: no words. Set by kino_taste_about */
    double about_mean;  /* its product with the mean of all plots */
    double about_weight;
    double times[KINO_PART_COUNT]; /* what the question multiplies each part by; 1 by default */
    double popularity;             /* -1 to 1 */
    double serve;                  /* KINO_SERVE */
    const kino_facets *known; /* of all rows, where they are at hand; or NULL. With films that are not of the rows, but
                                      of a cluster, `row` is a place in these */
} kino_taste;

#define KINO_SERVE 0.25
enum { KINO_SERVED = 5 }; /* liked films, of which each is to have one in the list */
#define KINO_DISLIKE 0.5  /* how much a disliked film takes away, against what a liked one gives */
#define KINO_WORDS 2.5    /* what words give beside films, against the cosine */
#define KINO_COSINES 0.2  /* what these count beside plain cosines, which are smaller than parts by their spreads */

/* All parts as they are, nothing liked. */
void kino_taste_init(kino_taste *t, const kino_scorer *scorer);
/* Adds words; `about` is lent. */
void kino_taste_about(kino_taste *t, const float *about);

typedef struct kino_ranked {
    size_t row;
    int64_t id;
    double score, parts[KINO_PART_COUNT]; /* multiples of 2^-20: the parts add up to the score in any order */
    uint32_t seed;                        /* the liked film that it is most like; UINT32_MAX: none was given */
    uint32_t collection;                  /* a term, or UINT32_MAX */
    uint32_t directors[KINO_LIKE_DIRECTORS];
    size_t director_count;
} kino_ranked;

/* To a multiple of 2^-20, as every part is: sums of parts are exact in a double. */
double kino_grain(double x);

/* Seeds with weights (NULL: all 1), in rows that exist. */
void kino_seeds_init(const kino_rows *r, const size_t *rows, const double *weights, size_t count, kino_seeds *out);
void kino_seeds_free(kino_seeds *s);

/* For qsort: best first, equal ones by id. */
int kino_ranked_order(const void *a, const void *b);
void kino_rate(const kino_taste *t, size_t row, kino_ranked *out);
/* About `pool` of the allowed films, scored, best first, equal ones by id; they are taken out of `allowed`. Fewer than
 * pool: there are no more. *out is freed by the caller. */
size_t kino_rank(const kino_taste *t, size_t pool, kino_allowed *allowed, kino_ranked **out);

#endif
