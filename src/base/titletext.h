/* titletext.h - the forms in which titles are compared.
 *
 * Folded (kino_fold): "The Lord of the Rings: The Two Towers" -> "the lord of the rings the two towers".
 * Plain: a folded text without a leading article, with numbers as digits and usual abbreviations spelled out:
 * "lord of the rings the 2 towers". Two plain texts are compared without their spaces, so that "spiderman" is
 * "spider man".
 * Letters: one byte for a code point, so that an edit is an edit in every script; ASCII is itself. */
#ifndef KINO_BASE_TITLETEXT_H
#define KINO_BASE_TITLETEXT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alloc.h"

/* Appends the plain form of a folded text. */
void kino_title_plain(kino_buffer *out, const char *folded, size_t n);

/* Whether a plain word is one of those that are left out of a title by those who type it: "of", "the", "part"; and
 * whether it is an article that the plain form leaves out. */
bool kino_title_is_small(const char *word, size_t n);
bool kino_title_is_article(const char *word, size_t n);
/* Appends the plain text without its small words. */
void kino_title_loosen(kino_buffer *out, const char *plain, size_t n);

/* A part of a raw title; n is 0 when there is none. */
typedef struct kino_title_part {
    const char *text;
    size_t n;
} kino_title_part;

/* The parts before the first ':', ' - ' or '(' of a title, after it, and after the last one; and the rest of
 * "L'Avventura" after its article. */
enum { KINO_TITLE_PARTS = 4 };
void kino_title_split(const char *title, size_t n, kino_title_part parts[KINO_TITLE_PARTS]);

/* "Matrix, The" -> "The Matrix" appended to out; false when the text is not of that shape. */
bool kino_title_swap_article(kino_buffer *out, const char *text, size_t n);

/* "(1996)" or, when `bare`, " 1996" at the end: the year, and the length without it in *n; 0 when there is none. */
int kino_title_cut_year(const char *text, size_t *n, bool bare);

/* A hash of the text without its spaces, and whether two such texts are equal. */
uint64_t kino_title_hash(const char *text, size_t n);
bool kino_title_equal(const char *a, size_t a_n, const char *b, size_t b_n);

/* Letters of at most `most` code points; returns how many. */
size_t kino_title_letters(const char *folded, size_t n, uint8_t *out, size_t most);
/* Which letters occur, as a set of 32. */
uint32_t kino_title_mask(const uint8_t *letters, size_t n);

#endif
