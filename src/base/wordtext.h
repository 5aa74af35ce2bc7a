/* wordtext.h - cuts a text into its words, for an index of them and for a vocabulary. */
#ifndef KINO_BASE_WORDTEXT_H
#define KINO_BASE_WORDTEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/alloc.h"

/* Appends the text as its words are read from: folded, and without the "'s" of "Schindler's". */
void kino_words_fold(kino_buffer *out, const char *text, size_t n);

/* The words of a folded text, one after another, in place:
 *     kino_word_reader r = {.text = folded.data, .n = folded.size};
 *     while (kino_word_next(&r)) ... r.word[0..r.length) ...
 * A word has at most KINO_WORD_LONGEST bytes; what is longer is cut. */
enum { KINO_WORD_LONGEST = 64 };
typedef struct kino_word_reader {
    const char *text;
    size_t n, at;
    const char *word;
    size_t length;
    bool paired; /* the character at `at` ended the last pair */
} kino_word_reader;
bool kino_word_next(kino_word_reader *r);

/* Whether a folded word is one of those that say nothing alone: "the", "about", "film". */
bool kino_word_is_stop(const char *word, size_t n);

#endif
