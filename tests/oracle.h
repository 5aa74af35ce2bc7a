/* oracle.h - the naive ranker: what an answer has to be, worked out without the code that is tested.
 *
 *     oracle *o = oracle_new(k, data_dir);            // the films as they are now are the base
 *     size_t n = oracle_answer(o, &query, films);     // [o->count]: the list that kino_recommend has to give
 *     oracle_free(o);
 *
 * It reads films by kino_movie_get, vectors and statistics from the catalogue's own tables, rates every film in every
 * part, sorts all of them and chooses from the front. It knows nothing of an index, of a rough score and of candidates,
 * and shares no line with src/rank. The vectors of words are made by index/words.h, which has tests of its own. Its
 * constants are written out again in oracle.c: whoever changes one of the ranker's has to say so there. */
#ifndef KINO_TESTS_ORACLE_H
#define KINO_TESTS_ORACLE_H

#include "kino.h"

#include "index/words.h"

enum { ORACLE_PARTS = 12, ORACLE_TERMS = 64 };

/* A grain of a part; where two sums of floats differ in their last bits, parts may differ by two of these. */
#define ORACLE_GRAIN 0x1p-20
#define ORACLE_NEAR 0x1p-19

typedef struct oracle_set {
    int terms[ORACLE_TERMS], count;
    double squares[ORACLE_TERMS], length; /* of the terms' weights */
} oracle_set;

typedef struct oracle_film {
    kino_movie *movie;
    float plot[KINO_PLOT_DIM], profile[KINO_PROFILE_DIM];
    bool has_plot, has_profile;
    oracle_set genres, keywords, directors, cast;
    size_t row;       /* in the words */
    double plot_mean; /* product of the plot with the mean of all plots */
} oracle_film;

typedef struct oracle_term {
    int64_t id;
    char *name;
    int films; /* of the base that have it */
} oracle_term;

typedef struct oracle {
    oracle_film *films; /* [count], by id */
    size_t count;
    size_t base, tail; /* films of the base, those gone since too; films added or replaced since */
    oracle_term *terms;
    int term_count;
    bool classic;                   /* the recipe */
    kino_words *base_words, *words; /* of the films of the base; of the films as they are, numbered as those are */
    float mean[KINO_PLOT_DIM];      /* of all plots, when they were measured */
    double mean_square, spreads[ORACLE_PARTS];
    kino_embedder *embedder;
} oracle;

typedef struct oracle_rated {
    const oracle_film *film;
    double parts[ORACLE_PARTS], score;
    int64_t seed; /* 0: none */
} oracle_rated;

/* Fails the test when something cannot be read. */
oracle *oracle_new(kino *k, const char *data_dir);
void oracle_free(oracle *o); /* NULL is fine */
/* The films as they are after a change, `tail` of which are not those of the base. */
void oracle_read_again(oracle *o, kino *k, const char *data_dir, size_t tail);

/* The place of a part among `parts`. */
size_t oracle_part(const char *name);
const oracle_film *oracle_find(const oracle *o, int64_t id);
/* How alike two films are in each part, before weights and spreads: part[ORACLE_PARTS]. */
void oracle_likeness(const oracle *o, const oracle_film *a, const oracle_film *b, double *part);
/* Whether a film tells what a part compares. */
bool oracle_tells(const oracle *o, const oracle_film *f, size_t part);
/* Every film that may be answered, best first; out: [o->count]. Returns how many. */
size_t oracle_rank(const oracle *o, const kino_query *q, oracle_rated *out);
/* The list itself. */
size_t oracle_answer(const oracle *o, const kino_query *q, oracle_rated *out);

#endif
