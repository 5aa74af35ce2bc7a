/* score.h - what makes two films alike, in parts that a user can be told.
 *
 *     kino_facets a, b;
 *     double part[KINO_PART_COUNT];
 *     kino_facets_of(rows, seed, &a);
 *     kino_facets_of(rows, candidate, &b);
 *     kino_likeness(scorer, &a, &b, part);             // each: weight / spread times a likeness, mostly in 0 to 1
 *
 * The score is the sum of the parts. The likeness of a part spreads over candidates by as much as `kino build` has
 * measured; divided by that, a weight says what its part does to the order. Where one of the two films does not tell (no
 * keywords, no votes, no plot), the part is what it is for films on the average: not to know costs nothing and wins
 * nothing.
 *
 * The likeness of
 *   plot                         cosine of the plots less the mean of all plots
 *   words                        cosine of the strongest words of the texts (index/words.h)
 *   profile                      cosine of the codes
 *   genres, director             shared / sqrt(n_a n_b)
 *   keywords, cast               cosine of sets, each term weighted by how rare it is
 *   language                     1 or 0; Cantonese counts as Chinese
 *   era, acclaim, fame           1 - difference / scale, of log(1 + years), of stars, of log(1 + votes)
 * Recipe classic has plot and profile alone: cosines times fixed weights. */
#ifndef KINO_RANK_SCORE_H
#define KINO_RANK_SCORE_H

#include "rows/rows.h"

/* A set of terms, ascending, and the root of the sum of their squared weights. */
typedef struct kino_term_set {
    uint32_t *items;
    size_t count;
    double norm;
} kino_term_set;

/* What is compared of a film; NaN, no language and empty sets are unknown. A copy lends the sets of the original. */
typedef struct kino_facets {
    int64_t id;
    const float *vector;       /* [KINO_VECTOR_DIM] */
    bool plot, profile;        /* its blocks are not zero */
    double plot_mean;          /* product of the plot with the mean of all plots */
    double year, fame, rating; /* fame: log(1 + votes) */
    uint32_t language;         /* a term, or UINT32_MAX */
    uint32_t collection;       /* the same */
    kino_words_vector words;
    double words_norm;
    kino_term_set genres, keywords, directors, cast;
    uint32_t genre_terms[KINO_LIKE_GENRES], keyword_terms[KINO_LIKE_KEYWORDS], director_terms[KINO_LIKE_DIRECTORS],
        cast_terms[KINO_LIKE_CAST];
} kino_facets;

void kino_facets_of(const kino_rows *r, size_t row, kino_facets *out);
/* Those of a film that is in no row, by rows with term numbers; it, its vector and the words have to outlive them.
 * words: of its texts, with the numbers of the rows; may be empty. */
void kino_facets_of_film(const kino_rows *r, const kino_movie *m, const float *vector, kino_words_vector words,
                         kino_facets *out);

/* The parts, in the order in which they are told. */
typedef enum kino_part_kind {
    KINO_PART_PLOT,
    KINO_PART_WORDS,
    KINO_PART_PROFILE,
    KINO_PART_GENRES,
    KINO_PART_KEYWORDS,
    KINO_PART_DIRECTOR,
    KINO_PART_CAST,
    KINO_PART_ERA,
    KINO_PART_LANGUAGE,
    KINO_PART_ACCLAIM,
    KINO_PART_FAME,
    KINO_PART_POPULARITY,
    KINO_PART_COUNT
} kino_part_kind;

const char *kino_part_name(kino_part_kind part);
/* Whether a part makes a score of this recipe. */
bool kino_part_is_of(kino_recipe recipe, kino_part_kind part);
/* The parts that a name stands for, a bit each: that of a part, or "story" (plot, words, keywords), "people" (director,
 * cast), "facts" (genres, era, language, acclaim, fame, profile), "all". 0: nothing is called that. */
unsigned kino_parts_named(const char *name);

/* The weights of the parts as they come with the program: out[KINO_PART_COUNT]. */
void kino_part_weights(double *out);
/* Whether these may be weights: each from 0 to 1, not all 0. */
bool kino_part_weights_valid(const double *weights);
/* The spreads that parts are divided by: those measured, within a factor of 2 of what comes with the program, which
 * serves where nothing was measured. out[KINO_PART_COUNT] */
void kino_part_spreads(const kino_statistics *s, double *out);

/* What scores are made with. */
typedef struct kino_scorer {
    const kino_rows *rows;
    kino_recipe recipe;
    double weights[KINO_PART_COUNT];
    double factors[KINO_PART_COUNT]; /* of the likenesses: weight / spread */
    double mean_square;              /* of the mean of all plots */
} kino_scorer;

/* With these weights, and the statistics of the rows, which have to have vectors. */
void kino_scorer_init(kino_scorer *s, const kino_rows *r, kino_recipe recipe, const double *weights);
/* With other weights. */
void kino_scorer_weigh(kino_scorer *s, const double *weights);

/* part[KINO_PART_COUNT]; that of popularity, which is the question's, is 0. */
void kino_likeness(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double *part);
/* The cosine of a film's plot and of words, whose product with the mean of all plots is `about_mean`, both less the
 * mean. */
double kino_plot_cosine(const kino_scorer *s, double product, double mean_a, double mean_b);

/* The likeness of a part where one film does not tell. */
double kino_part_unknown(kino_part_kind part);
/* The likeness of two numbers of a part (era: years). */
double kino_part_of_numbers(kino_part_kind part, double a, double b);
/* The part of popularity with the dial at 1: how well known and liked a film is for itself, about 0 for the average
 * film and for one that nobody has voted on. */
double kino_prior_part(double rating, double fame);

/* Weights of the two blocks in the search of recipe classic. */
void kino_search_weights(double *plot, double *profile);

#endif
