/* score.h - what makes two films alike, in parts that a user can be told.
 *
 *     kino_facets a, b;
 *     double part[KINO_PART_COUNT];
 *     kino_facets_of(rows, seed, &a);
 *     kino_facets_of(rows, candidate, &b);
 *     kino_likeness(scorer, &a, &b, part);             // each: its weight times a likeness that is mostly in 0 to 1
 *
 * The score is the sum of the parts. Where one of the two films does not tell (no keywords, no votes, no plot), the
 * part is what it is for films on the average: not to know costs nothing and wins nothing. */
#ifndef KINO_RANK_SCORE_H
#define KINO_RANK_SCORE_H

#include "rows/rows.h"

enum { KINO_FACET_GENRES = 12, KINO_FACET_KEYWORDS = 48, KINO_FACET_PEOPLE = 16 };

/* A set of terms, ascending, and the root of the sum of their squared weights. */
typedef struct kino_terms {
    uint32_t *items;
    size_t count;
    double norm;
} kino_terms;

/* What is compared of a film; NaN, no language and empty sets are unknown. A copy lends the sets of the original. */
typedef struct kino_facets {
    int64_t id;
    const float *vector;       /* [KINO_VECTOR_DIM] */
    bool plot, profile;        /* its blocks are not zero */
    double year, fame, rating; /* fame: log(1 + votes); of a film without a single vote no rating is known */
    uint32_t language;         /* a term, or UINT32_MAX */
    uint32_t collection;       /* the same */
    kino_terms genres, keywords, people;
    uint32_t genre_terms[KINO_FACET_GENRES], keyword_terms[KINO_FACET_KEYWORDS], people_terms[KINO_FACET_PEOPLE];
} kino_facets;

void kino_facets_of(const kino_rows *r, size_t row, kino_facets *out);
/* Those of a film that is in no row, by rows with term numbers; it and its vector have to outlive them. */
void kino_facets_of_film(const kino_rows *r, const kino_movie *m, const float *vector, kino_facets *out);

/* The parts, in the order in which they are told. */
typedef enum kino_part_kind {
    KINO_PART_PLOT,
    KINO_PART_PROFILE,
    KINO_PART_GENRES,
    KINO_PART_KEYWORDS,
    KINO_PART_ERA,
    KINO_PART_LANGUAGE,
    KINO_PART_ACCLAIM,
    KINO_PART_FAME,
    KINO_PART_PEOPLE,
    KINO_PART_POPULARITY,
    KINO_PART_COUNT
} kino_part_kind;

const char *kino_part_name(kino_part_kind part);
/* The parts of recipe classic are plot and profile; the first this many kinds make a score there. */
size_t kino_part_count(kino_recipe recipe);

/* The weights of the parts as they come with the program: out[KINO_PART_COUNT]. */
void kino_part_weights(double *out);
/* Whether these may be weights: each from 0 to 1, not all 0. */
bool kino_part_weights_valid(const double *weights);

/* What scores are made with. */
typedef struct kino_scorer {
    const kino_rows *rows;
    kino_recipe recipe;
    double weights[KINO_PART_COUNT];
} kino_scorer;

/* part[KINO_PART_COUNT]; that of popularity, which is the question's, is 0. */
void kino_likeness(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double *part);
/* The same with these cosines for those of the vectors, where both films have them. */
void kino_likeness_by(const kino_scorer *s, const kino_facets *a, const kino_facets *b, double plot, double profile,
                      double *part);
/* The part of popularity with the dial at 1: how well known and liked a film is for itself, about 0 for the average
 * film and for one that nobody has voted on. */
double kino_prior_part(const kino_facets *f);

/* Weights of the two blocks in the search that finds the films to be scored. */
void kino_search_weights(kino_recipe recipe, double *plot, double *profile);

#endif
