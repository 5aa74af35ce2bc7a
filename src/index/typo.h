/* typo.h - a text that may be misspelt, ready to be compared with many others.
 *
 *     kino_typo t;
 *     if (kino_typo_prepare(&t, "godfathr", 8))
 *         ... kino_typo_may(&t, mask) && kino_typo_distance(&t, letters, n) <= t.most ... */
#ifndef KINO_INDEX_TYPO_H
#define KINO_INDEX_TYPO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/editdistance.h"

enum { KINO_TYPO_LONGEST = 255 }; /* letters that are looked at */

typedef struct kino_typo {
    uint8_t letters[KINO_TYPO_LONGEST];
    size_t n;
    size_t low, high; /* letters of what it can be */
    int most;         /* edits */
    uint32_t mask;    /* kino_title_mask */
    bool fits;        /* into the pattern */
    kino_edit_pattern pattern;
} kino_typo;

/* False when the text is so short that every edit makes another one of it. */
bool kino_typo_prepare(kino_typo *t, const char *folded, size_t n);
/* The edits from it to letters[n]; more than t->most when there are more. */
int kino_typo_distance(const kino_typo *t, const uint8_t *letters, size_t n);

/* More than `most` bits set? Cheaper than counting them where the processor cannot. */
static inline bool kino_more_bits(uint32_t x, int most)
{
    for (; most > 0; most--)
        x &= x - 1;
    return x != 0;
}

/* An edit brings at most one letter and takes at most one. */
static inline bool kino_typo_may(const kino_typo *t, uint32_t mask)
{
    return !kino_more_bits(mask & ~t->mask, t->most) && !kino_more_bits(t->mask & ~mask, t->most);
}

#endif
