/* search.h - what exact.c and the hnsw files share; not for other layers. */
#ifndef KINO_INDEX_SEARCH_H
#define KINO_INDEX_SEARCH_H

#include <string.h>

#include "index/index.h"

/* A query as bytes. With y_j = query_j * ratio_b and a row's codes c:
 *   y_j = unit * high_j + unit / 254 * low_j + rest_j,   <query, x> = scale * sum c_j y_j + <query, what x lost>
 * so that one pass over `high` scores rows well, `low` refines some, and the bounds below say how well. */
typedef struct kino_probe {
    const int8_t *high, *low;    /* [stride] each, zero behind dim */
    int32_t high_bias, low_bias; /* 128 * sum */
    float unit;
    float high_rest, low_rest; /* lengths of y - unit high, and of that - unit / 254 low */
    float length;              /* of the query */
} kino_probe;

struct kino_scratch {
    int8_t *bytes; /* of the probes */
    size_t bytes_size;
    uint32_t *row; /* candidates of a scan: [capacity] each */
    float *raw, *refined;
    size_t capacity;
    float *best; /* heap of the k best raw scores */
    size_t best_capacity;
    uint16_t *seen; /* [seen_rows]: epoch in which a row was met */
    size_t seen_rows;
    uint16_t epoch;
    kino_hit *pool; /* of a graph search */
    size_t pool_capacity;
    kino_hit *found;
    size_t found_capacity;
    uint64_t *bits; /* a filter of its own */
    size_t bits_capacity;
};

/* Room for `count` probes; the bytes of probe i begin at bytes + 2 i stride. */
int8_t *kino_scratch_probes(kino_scratch *s, size_t stride, size_t count);
void kino_scratch_candidates(kino_scratch *s, size_t count); /* row, raw, refined: at least; contents kept */
/* A new epoch over `rows` rows: none is seen. */
uint16_t kino_scratch_epoch(kino_scratch *s, size_t rows);

/* Zeroed; in large pages where the system has them, which random reads of a large array need. free(). */
void *kino_alloc_large(size_t size);

/* Fills the probe and its 2 * stride bytes. */
void kino_probe_make(const kino_vectors *v, const float *query, int8_t *bytes, kino_probe *p);

static inline float kino_row_float(const kino_vectors *v, size_t row, size_t from_end)
{
    float f;
    memcpy(&f, v->codes + (row + 1) * v->stride - from_end, sizeof f);
    return f;
}

/* Two hits in the order of an answer. */
static inline bool kino_hit_before(kino_hit a, kino_hit b)
{
    return a.score > b.score || (a.score == b.score && a.row < b.row);
}

/* Inserts into hits[count], sorted, of at most k; returns the new count. */
static inline size_t kino_hit_insert(kino_hit *hits, size_t count, size_t k, kino_hit h)
{
    if (count == k) {
        if (!k || !kino_hit_before(h, hits[k - 1]))
            return count;
        count--;
    }
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kino_hit_before(hits[middle], h))
            low = middle + 1;
        else
            high = middle;
    }
    memmove(hits + low + 1, hits + low, (count - low) * sizeof *hits);
    hits[low] = h;
    return count + 1;
}

static inline bool kino_bit(const uint64_t *bits, size_t i)
{
    return bits[i / 64] >> i % 64 & 1;
}

static inline size_t kino_bits_count(const uint64_t *bits, size_t n)
{
    size_t count = 0;
    for (size_t w = 0; w < n / 64; w++)
        count += (size_t)__builtin_popcountll(bits[w]);
    if (n % 64)
        count += (size_t)__builtin_popcountll(bits[n / 64] & ((UINT64_C(1) << n % 64) - 1));
    return count;
}

#endif
