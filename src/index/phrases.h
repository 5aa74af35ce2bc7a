/* phrases.h - short texts and what they mean: the keywords of films, each with its vector, by which a question finds the
 * nearest of them.
 *
 *     kino_phrases *p = kino_phrases_new(texts, count, dim);      // sorted, each once
 *     kino_phrases_set(p, i, vector);                             // for each
 *     kino_phrases_cosines(p, query, cosines);                    // of all, by bytes
 *     size_t i = kino_phrases_find(p, "heist", 5);                // count: it is not there
 *
 * A vector is kept as bytes with a scale, which moves a cosine by less than .002. Reading needs no lock. */
#ifndef KINO_INDEX_PHRASES_H
#define KINO_INDEX_PHRASES_H

#include <stddef.h>
#include <stdint.h>

#include "base/container.h"
#include "kino.h"

enum { KINO_PHRASE_DIM = 384 }; /* at most so many numbers of a vector */

typedef struct kino_phrases kino_phrases;

/* All vectors are zero at first. */
kino_phrases *kino_phrases_new(const char *const *texts, size_t count, size_t dim);
void kino_phrases_free(kino_phrases *p); /* NULL is fine */
/* vector: [dim], of length 1. */
void kino_phrases_set(kino_phrases *p, size_t i, const float *vector);
/* The very bytes of phrase j of another index of the same dim. */
void kino_phrases_take(kino_phrases *p, size_t i, const kino_phrases *from, size_t j);

size_t kino_phrases_count(const kino_phrases *p);
/* The text of a phrase, which is not zero-terminated; "" when the file is damaged. */
const char *kino_phrases_text(const kino_phrases *p, size_t i, size_t *n);
size_t kino_phrases_find(const kino_phrases *p, const char *text, size_t n);
/* cosines[count], each from -1 to 1; query: [dim], of length 1. */
void kino_phrases_cosines(const kino_phrases *p, const float *query, float *cosines);

/* As sections NAME.pool, NAME.at and NAME.rows, lent to the writer until the index goes; and viewed where they lie. Shapes are checked there; a damaged byte can cost answers, never memory. */
void kino_phrases_save(const kino_phrases *p, const char *name, kino_container_writer *w);
kino_status kino_phrases_view(const kino_container *c, const char *name, size_t dim, kino_phrases **out,
                              kino_error *err);

#endif
