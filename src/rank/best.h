/* best.h - the rows with the greatest scores, of those that may be answered. */
#ifndef KINO_RANK_BEST_H
#define KINO_RANK_BEST_H

#include <stddef.h>
#include <stdint.h>

typedef struct kino_best {
    float score;
    uint32_t row;
} kino_best;

/* Adds rows first .. first + n to the `count` in the heap, which keeps the `most` best, of equal ones those that come
 * first; returns how many it has. score: [n]; bits: [n / 64 + 1], a bit for each that may be there. */
size_t kino_best_keep(const float *score, const uint64_t *bits, size_t n, size_t first, size_t most, kino_best *heap,
                      size_t count);

#endif
