/* editdistance.h - edits between two short texts, 64 letters at a time.
 *
 *     kino_edit_pattern p;
 *     kino_edit_prepare(&p, letters, n);                    // n <= 64
 *     int d = kino_edit_distance(&p, other, m);
 *
 * Insertions, deletions, substitutions and transpositions of neighbours cost 1 (optimal string alignment). Myers'
 * bit-parallel matrix column in two words (J. ACM 46, 1999) with the transpositions of Hyyro (2003): a handful of
 * operations for each letter of the other text. */
#ifndef KINO_BASE_EDITDISTANCE_H
#define KINO_BASE_EDITDISTANCE_H

#include <stddef.h>
#include <stdint.h>

enum { KINO_EDIT_LETTERS = 64 };

typedef struct kino_edit_pattern {
    uint64_t where[256]; /* a bit for each place at which a letter stands */
    size_t n;
} kino_edit_pattern;

void kino_edit_prepare(kino_edit_pattern *p, const uint8_t *letters, size_t n);
int kino_edit_distance(const kino_edit_pattern *p, const uint8_t *letters, size_t n);

/* The same for texts of any length, when it is at most `most` <= 7; most + 1 otherwise. */
int kino_edit_within(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, int most);

#endif
