/* onehot.h - the feature columns of recipe classic, in the order pandas gave them.
 *
 *     popularity, runtime, rate                        continuous (z-score, population deviation)
 *     era Modern, era New, era Old                     0 or 1; Old < 2000, Modern 2001-2009, else New
 *     language xx, sorted, without the first           0 or 1 (drop_first)
 *     genre Name, sorted                               0 or 1
 *
 * Weighted rate: v/(v+m) R + m/(m+v) C with rating R of v votes (IMDb's formula for its top 250); C the mean rating, m
 * a quantile of the votes; rounded to one decimal, half to even. An unknown number is the mean, thus 0; a language or
 * genre that was not there when the columns were made is left out. */
#ifndef KINO_INGEST_ONEHOT_H
#define KINO_INGEST_ONEHOT_H

#include "base/container.h"
#include "ingest/movies.h"
#include "ingest/vocabulary.h"

enum {
    KINO_ONEHOT_NUMBERS = 3,
    KINO_ONEHOT_WORDS = 512, /* most languages, and most genres; real tables give 60 to 120 columns in all */
    KINO_ONEHOT_COLUMNS = KINO_ONEHOT_NUMBERS + 3 + 2 * KINO_ONEHOT_WORDS,
};

typedef struct kino_onehot {
    double prior[3];                            /* kino_prior: rating, votes, runtime */
    double moments[KINO_ONEHOT_NUMBERS + 1][2]; /* mean, standard deviation (1 for a constant); the last is unused */
    kino_vocabulary languages, genres;
} kino_onehot;

/* Takes the films' `prior`. KINO_USAGE for more languages or genres than a table of films can have. Freed by
 * kino_onehot_free whatever is returned. */
kino_status kino_onehot_fit(const kino_movies *films, kino_onehot *out, kino_error *err);
void kino_onehot_free(kino_onehot *f);

size_t kino_onehot_columns(const kino_onehot *f);
/* Appends the name of a column: "runtime", "genre Drama". */
void kino_onehot_name(const kino_onehot *f, size_t column, kino_buffer *out);
/* row[columns], always finite. */
void kino_onehot_row(const kino_onehot *f, const kino_movie *m, double *row);
uint64_t kino_onehot_hash(const kino_onehot *f, uint64_t h);

/* The sections schema.prior, .moments, .languages and .genres. */
void kino_onehot_save(const kino_onehot *f, kino_container_writer *w);
kino_status kino_onehot_load(const kino_container *c, kino_onehot *out, kino_error *err);

#endif
