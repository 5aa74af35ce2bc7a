/* facts.h - the feature columns of recipe classic, in the order pandas gave them.
 *
 *     popularity, runtime, rate                        continuous (z-score, population deviation)
 *     era Modern, era New, era Old                     0 or 1; Old < 2000, Modern 2001-2009, else New
 *     language xx, sorted, without the first           0 or 1 (drop_first)
 *     genre Name, sorted                               0 or 1
 *
 * Weighted rate: v/(v+m) R + m/(m+v) C with rating R of v votes (IMDb's formula for its top 250); C the mean rating, m
 * a quantile of the votes; rounded to one decimal, half to even. An unknown number is the mean, thus 0; a language or
 * genre that was not there when the columns were made is left out. */
#ifndef KINO_INGEST_FACTS_H
#define KINO_INGEST_FACTS_H

#include "base/container.h"
#include "ingest/movies.h"
#include "ingest/vocabulary.h"

enum {
    KINO_FACTS_NUMBERS = 3,
    KINO_FACTS_WORDS = 512, /* most languages, and most genres; real tables give 60 to 120 columns in all */
    KINO_FACTS_COLUMNS = KINO_FACTS_NUMBERS + 3 + 2 * KINO_FACTS_WORDS,
};

typedef struct kino_facts {
    double prior[3];                           /* kino_prior: rating, votes, runtime */
    double moments[KINO_FACTS_NUMBERS + 1][2]; /* mean, standard deviation (1 for a constant); the last is unused */
    kino_vocabulary languages, genres;
} kino_facts;

/* Takes the films' `prior`. KINO_USAGE for more languages or genres than a table of films can have. Freed by
 * kino_facts_free whatever is returned. */
kino_status kino_facts_fit(const kino_movies *films, kino_facts *out, kino_error *err);
void kino_facts_free(kino_facts *f);

size_t kino_facts_columns(const kino_facts *f);
/* Appends the name of a column: "runtime", "genre Drama". */
void kino_facts_name(const kino_facts *f, size_t column, kino_buffer *out);
/* row[columns], always finite. */
void kino_facts_row(const kino_facts *f, const kino_movie *m, double *row);
uint64_t kino_facts_hash(const kino_facts *f, uint64_t h);

/* The sections schema.prior, .moments, .languages and .genres. */
void kino_facts_save(const kino_facts *f, kino_container_writer *w);
kino_status kino_facts_load(const kino_container *c, kino_facts *out, kino_error *err);

#endif
