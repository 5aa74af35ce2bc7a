/* distance_lanes.h - the order in which dot_f32 sums, which is the same on every level: product i is rounded and added to
 * lane i % 32, and the lanes are folded in halves. Included by each distance_ISA.c. */
#ifndef KINO_KERN_DISTANCE_LANES_H
#define KINO_KERN_DISTANCE_LANES_H

#include <stddef.h>

enum { DOT_LANES = 32 };

/* Adds products [i, n), i being a multiple of 32, and folds. */
static inline float dot_end(const float *a, const float *b, size_t i, size_t n, float lane[DOT_LANES])
{
    for (; i < n; i++)
        lane[i % DOT_LANES] += a[i] * b[i];
    for (size_t half = DOT_LANES / 2; half; half /= 2)
        for (size_t l = 0; l < half; l++)
            lane[l] += lane[l + half];
    return lane[0];
}

#endif
