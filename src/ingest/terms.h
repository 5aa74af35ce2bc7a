/* terms.h - the feature columns of recipe default: the commonest words of what is told about the films.
 *
 * The words of a film are those of its overview, tagline, keywords, title and genres, without stop words and single
 * bytes, as stems. A column is one of the KINO_TERMS most common of them, of those that KINO_TERM_FILMS films have. Of N
 * films df have the word and this one says it tf times: (1 + ln tf) ln(N / df) stands in its column, and the row has the
 * length KINO_TERMS_LENGTH. Rows of length 1 would have numbers so small that the network learns next to nothing.
 *
 * Words and counts are saved, so a film that comes later has the columns and the weights of those that were there. */
#ifndef KINO_INGEST_TERMS_H
#define KINO_INGEST_TERMS_H

#include "base/container.h"
#include "base/sparse.h"
#include "ingest/movies.h"
#include "ingest/vocabulary.h"

enum {
    KINO_TERMS = 2048,
    KINO_TERM_FILMS = 2, /* a word of one film makes it like no other; a large catalogue has commoner ones enough */
    KINO_TERMS_LENGTH = 20,
};

typedef struct kino_terms {
    kino_vocabulary words;
    uint32_t *films; /* [1 + words.count] all that were counted, then those with each word */
    double *weight;  /* [words.count] ln(all / those with it) */
} kino_terms;

void kino_terms_fit(const kino_movies *films, kino_terms *out);
void kino_terms_free(kino_terms *t);

/* Appends a row for each film, which is empty when it says none of the words. */
void kino_terms_rows(const kino_terms *t, const kino_movie *films, size_t count, kino_sparse *out);
uint64_t kino_terms_hash(const kino_terms *t, uint64_t h);

/* The sections schema.words (u8, zero-terminated, ascending) and schema.films (u32 [1 + words]: of all, of each). */
void kino_terms_save(const kino_terms *t, kino_container_writer *w);
kino_status kino_terms_load(const kino_container *c, kino_terms *out, kino_error *err);

#endif
