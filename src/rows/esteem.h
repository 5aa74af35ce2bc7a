/* esteem.h - how well a film is liked and how well it is known, in spreads from the mean of all films.
 *
 * Acclaim is the rating, drawn towards the mean of all by few votes; fame is the logarithm of the votes. Both are measured
 * over the films of a base; a tail is measured by its base. */
#ifndef KINO_ROWS_ESTEEM_H
#define KINO_ROWS_ESTEEM_H

#include <stddef.h>
#include <stdint.h>

typedef struct kino_esteem {
    float rating;                     /* mean of the films with votes */
    float acclaim_mean, acclaim_step; /* step: one spread; 0: all films are alike */
    float fame_mean, fame_step;
} kino_esteem;
enum { KINO_ESTEEM_NUMBERS = 5 };
_Static_assert(sizeof(kino_esteem) == KINO_ESTEEM_NUMBERS * sizeof(float), "saved as floats, one after another");

/* counts: [films][2], of which the second are votes; numbers: [films][3], of which the second are ratings. */
void kino_esteem_measure(const int64_t *counts, const double *numbers, size_t films, kino_esteem *out);
void kino_esteem_of(const kino_esteem *e, int64_t votes, double rating, float *acclaim, float *fame);

#endif
