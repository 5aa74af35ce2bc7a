/* hnsw.h - the graph as the hnsw_*.c files see it; not for other layers.
 *
 * Every link has two ends: where a knows b, b knows a, on each level. That is what makes a true delete cheap (the
 * neighbours of a node are all that know it), and it makes one promise possible that the usual one-way lists cannot
 * give: the ground level is connected, always. It is connected when built; an insert adds a node with at least one
 * link; a link is only given up when its ends have another neighbour in common, so both stay connected through it; a
 * delete reconnects the neighbours before it is done.
 *
 * The level of a row is a hash of (seed, row): it needs no memory and does not change when a row leaves and comes
 * back. Arrays are flat, of 32-bit row numbers with a fixed stride, lists filled from the front and ended by KINO_NONE.
 * One comparison, id < n, is both the end of a list and the bound that keeps a damaged file harmless. */
#ifndef KINO_INDEX_HNSW_H
#define KINO_INDEX_HNSW_H

#include <string.h>

#include "base/bytes.h"
#include "index/search.h"
#include "kern/kern.h"

#define KINO_NONE UINT32_MAX

enum { KINO_LINKS = 16, KINO_GROUND_LINKS = 2 * KINO_LINKS };

struct kino_hnsw {
    uint32_t n;     /* rows that the arrays cover */
    uint32_t nodes; /* rows that are in the graph */
    uint32_t entry; /* KINO_NONE: empty */
    int32_t top;    /* level of the entry */
    uint32_t links; /* M <= KINO_LINKS; the ground has 2 M */
    uint32_t ef_build;
    uint64_t seed;
    float weights[KINO_MAX_BLOCKS];
    uint32_t *ground;   /* [n][KINO_GROUND_LINKS] */
    uint32_t *upper_at; /* [n]: first list of a row in `upper`, KINO_NONE for rows of level 0 */
    uint32_t *upper;    /* [upper_count][KINO_LINKS]: lists of levels 1, 2, ... of a row, one behind the other */
    uint64_t *present;  /* bitmap over n */
    uint32_t upper_count;
    size_t row_capacity, upper_capacity;
    bool lent;         /* the arrays belong to a container */
    uint32_t shape[8]; /* for kino_hnsw_save, whose data must stay until written */
};

static inline int kino_hnsw_level(const kino_hnsw *g, size_t row)
{
    enum { LEVELS = 11 };
    uint64_t r = kino_random(g->seed, LEVELS, row);
    int level = r ? __builtin_clzll(r) / 4 : KINO_HNSW_MAX_LEVEL; /* one in 16 goes up */
    return level < KINO_HNSW_MAX_LEVEL ? level : KINO_HNSW_MAX_LEVEL;
}

static inline uint32_t kino_hnsw_cap(const kino_hnsw *g, int level)
{
    return level ? g->links : 2 * g->links;
}

/* The list of a row < n on a level; NULL when there is none (only in a damaged file). */
static inline uint32_t *kino_hnsw_list(const kino_hnsw *g, size_t row, int level)
{
    if (!level)
        return g->ground + row * KINO_GROUND_LINKS;
    size_t at = (size_t)g->upper_at[row] + (size_t)level - 1;
    return g->upper_at[row] != KINO_NONE && at < g->upper_count ? g->upper + at * KINO_LINKS : NULL;
}

static inline uint32_t kino_list_count(const uint32_t *list, uint32_t cap)
{
    uint32_t count = 0;
    while (count < cap && list[count] != KINO_NONE)
        count++;
    return count;
}

static inline bool kino_list_has(const uint32_t *list, uint32_t cap, uint32_t row)
{
    for (uint32_t i = 0; i < cap && list[i] != KINO_NONE; i++)
        if (list[i] == row)
            return true;
    return false;
}

/* ---- search ---- */

/* The query as bytes: the `high` part of a probe. */
typedef struct kino_asker {
    const int8_t *high;
    int32_t bias;
    float unit;
} kino_asker;

/* The search of one level from s->pool[0..count), which are scored, into a pool of ef; returns its size. Scores are raw:
 * in units of the asker. */
size_t kino_hnsw_walk(const kino_hnsw *g, const kino_vectors *v, kino_asker asker, int level, size_t count, size_t ef,
                      kino_scratch *s);
/* The same from the entry down to `level`. */
size_t kino_hnsw_descend(const kino_hnsw *g, const kino_vectors *v, kino_asker asker, int level, size_t ef,
                         kino_scratch *s);

/* ---- links ---- */

/* Rows as askers, with the weights of the graph's metric; bytes: [2 * stride], lent to the asker. */
kino_asker kino_asker_make(const kino_hnsw *g, const kino_vectors *v, size_t row, int8_t *bytes);

/* Askers made beforehand, or, where bytes is NULL, when they are needed. */
typedef struct kino_askers {
    const int8_t *bytes; /* [n][stride] */
    const int32_t *bias;
    const float *unit;
} kino_askers;

/* The diversity rule: of the candidates, the best first, those that are not closer to one chosen before than to the
 * row itself; at most `most` into chosen. `spare`: [2 * stride]. */
size_t kino_hnsw_choose(const kino_hnsw *g, const kino_vectors *v, const kino_askers *askers, uint32_t row,
                        const kino_hit *candidates, size_t count, size_t most, int8_t *spare, uint32_t *chosen);

/* A link at both ends; false when an end is full, when they are one, or are linked. */
bool kino_hnsw_link(kino_hnsw *g, uint32_t a, uint32_t b, int level);
void kino_hnsw_unlink(kino_hnsw *g, uint32_t a, uint32_t b, int level);
/* The same, but a full end gives up its weakest link that is not needed (see above), false when it has none. */
bool kino_hnsw_press(kino_hnsw *g, const kino_vectors *v, uint32_t a, uint32_t b, int level, int8_t *spare);
/* Links a row with the chosen ones: where one is full only if the row is nearer to it than what it would give up. A
 * row that found no place is pressed upon the first that can. False when it still has no link. */
bool kino_hnsw_attach(kino_hnsw *g, const kino_vectors *v, uint32_t row, int level, const uint32_t *chosen,
                      size_t count, int8_t *spare);

/* ---- the whole ---- */

kino_hnsw *kino_hnsw_empty(const kino_hnsw_params *params);
/* Room for rows below n; and for the upper lists of a row. */
void kino_hnsw_reserve(kino_hnsw *g, size_t n);
void kino_hnsw_reserve_upper(kino_hnsw *g, size_t row);
/* The row counts: present, entry, top. */
void kino_hnsw_arrive(kino_hnsw *g, uint32_t row);
/* Marks all that a way on the ground leads to from a row. reached, queue: [n] */
void kino_hnsw_flood(const kino_hnsw *g, uint32_t row, uint8_t *reached, uint32_t *queue);
/* Links a row that has none on the ground with what is nearest of `reached` (NULL: of what can be found). */
void kino_hnsw_join(kino_hnsw *g, const kino_vectors *v, uint32_t row, const uint8_t *reached, kino_scratch *s,
                    int8_t *spare);
/* Joins the parts of the ground that no way joins. */
void kino_hnsw_connect(kino_hnsw *g, const kino_vectors *v, kino_scratch *s);

#endif
