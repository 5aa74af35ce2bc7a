/* vocabulary.h - the lookups of a reader over films in memory.
 *
 *     kino_wish_vocabulary *v = kino_wish_vocabulary_make(films, n, words, threads);    // films and words are lent
 *     kino_wish_reader *reader = kino_wish_reader_open(kino_wish_vocabulary_lookups(v));
 *
 * Titles and names are tables of index/titles.h: titles, titles without their small words, full names, family names,
 * and names of those alone who are well enough known to be looked for behind a misspelling. A film is known by its
 * number in the array, a person by the number in which he first comes in it.
 *
 * Threads: any number may read one. */
#ifndef KINO_WISH_VOCABULARY_H
#define KINO_WISH_VOCABULARY_H

#include "index/words.h"
#include "kino.h"
#include "wish/wish.h"

typedef struct kino_wish_vocabulary kino_wish_vocabulary;

/* films: [n], ids ascending. words: the index of their texts. */
kino_wish_vocabulary *kino_wish_vocabulary_make(const kino_movie *films, size_t n, const kino_words *words,
                                                int threads);
void kino_wish_vocabulary_free(kino_wish_vocabulary *v); /* NULL is fine */

/* Lent until the vocabulary goes. */
const kino_wish_lookups *kino_wish_vocabulary_lookups(const kino_wish_vocabulary *v);

#endif
