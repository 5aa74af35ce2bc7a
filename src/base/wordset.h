/* wordset.h - distinct strings, numbered in the order in which they came.
 *
 * Zero-initialise; freed by kino_wordset_free. */
#ifndef KINO_BASE_WORDSET_H
#define KINO_BASE_WORDSET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"

typedef struct kino_wordset {
    kino_buffer pool;
    uint32_t *ends;  /* [count]: where each ends in the pool; the next begins there */
    uint64_t *slots; /* [slot_count], a power of 2: upper half of the hash | number + 1; 0: free */
    size_t count, capacity, slot_count;
} kino_wordset;

/* The number of a string, which is put in when it is not there; *fresh says so. */
uint32_t kino_wordset_put(kino_wordset *s, const char *text, size_t n, bool *fresh);

#define KINO_WORDSET_NONE UINT32_MAX
uint32_t kino_wordset_find(const kino_wordset *s, const char *text, size_t n); /* or KINO_WORDSET_NONE */

static inline const char *kino_wordset_text(const kino_wordset *s, uint32_t number, size_t *n)
{
    size_t start = number ? s->ends[number - 1] : 0;
    *n = s->ends[number] - start;
    return s->pool.data + start;
}

void kino_wordset_free(kino_wordset *s);

#endif
