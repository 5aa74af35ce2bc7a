/* stem.h - the stem of an English word: "haunts", "haunted" and "haunting" are one word to a search.
 *
 *     char word[] = "mysteries";
 *     size_t n = kino_stem(word, 9);                        // word[0..n) is "mysteri"
 *
 * The algorithm is the one of M. F. Porter, "An algorithm for suffix stripping", Program 14 (1980), without the changes
 * that its author made later. A stem is a key and not a word: it is compared, never shown. */
#ifndef KINO_BASE_STEM_H
#define KINO_BASE_STEM_H

#include <stddef.h>

/* Stems word[0..n) in place; returns the length of the stem, which is never longer. Only a word of three and more
 * letters, all of them from a to z, is changed. */
size_t kino_stem(char *word, size_t n);

#endif
