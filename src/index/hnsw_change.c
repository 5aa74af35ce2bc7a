/* hnsw_change.c - one row in, one row out.
 *
 * Taking a row out leaves up to 32 neighbours, each with a free place. Those that lost their only way to each other are
 * joined again along a tree of the nearest pairs; then the nearest pairs that are not linked yet fill the free places,
 * so that degrees, and with them recall, survive the removal of most of the graph. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "index/hnsw.h"

void kino_hnsw_insert(kino_hnsw *g, const kino_vectors *v, size_t row, kino_scratch *s)
{
    if (kino_hnsw_has(g, row))
        kino_hnsw_remove(g, v, row, s);
    kino_hnsw_reserve(g, row + 1);
    kino_hnsw_reserve_upper(g, row);
    int8_t *bytes = kino_scratch_probes(s, v->stride, 2), *spare = bytes + 2 * v->stride;
    kino_asker asker = kino_asker_make(g, v, row, bytes);
    int level = kino_hnsw_level(g, row);
    if (g->entry != KINO_NONE) {
        level = level < g->top ? level : g->top;
        size_t count = kino_hnsw_descend(g, v, asker, level, g->ef_build, s);
        for (;;) {
            uint32_t chosen[KINO_LINKS];
            size_t n = kino_hnsw_choose(g, v, NULL, (uint32_t)row, s->pool, count, g->links, spare, chosen);
            bool linked = kino_hnsw_attach(g, v, (uint32_t)row, level, chosen, n, spare);
            if (!level--) {
                if (!linked)
                    kino_hnsw_join(g, v, (uint32_t)row, NULL, s, bytes);
                break;
            }
            count = kino_hnsw_walk(g, v, asker, level, count, g->ef_build, s);
        }
    }
    kino_hnsw_arrive(g, (uint32_t)row);
}

/* ---- removal ---- */

typedef struct pair {
    float score;
    uint8_t a, b;
} pair;

static int by_score(const void *x, const void *y)
{
    const pair *p = x, *q = y;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return p->a != q->a ? p->a - q->a : p->b - q->b;
}

static uint8_t root(uint8_t *parent, uint8_t i)
{
    while (parent[i] != i)
        i = parent[i] = parent[parent[i]];
    return i;
}

/* Joins in parent[] those of the rows that are linked or have a common neighbour: whoever meets a row that another has
 * met before belongs to it. */
static void join_linked(const kino_hnsw *g, const uint32_t *rows, size_t count, int level, uint8_t *parent)
{
    enum { SLOTS = 4096 }; /* 32 rows know 1,056 with themselves */
    uint32_t who[SLOTS];
    uint8_t first[SLOTS];
    memset(who, 0xff, sizeof who);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *list = kino_hnsw_list(g, rows[i], level);
        uint32_t n = kino_list_count(list, kino_hnsw_cap(g, level));
        for (uint32_t l = 0; l <= n; l++) {
            uint32_t row = l < n ? list[l] : rows[i];
            size_t slot = row * UINT32_C(2654435761) >> 20;
            while (who[slot] != KINO_NONE && who[slot] != row)
                slot = (slot + 1) % SLOTS;
            if (who[slot] == KINO_NONE) {
                who[slot] = row;
                first[slot] = (uint8_t)i;
            }
            parent[root(parent, (uint8_t)i)] = root(parent, first[slot]);
        }
    }
}

static void repair(kino_hnsw *g, const kino_vectors *v, const uint32_t *rows, size_t count, int level, int8_t *spare)
{
    pair pairs[KINO_GROUND_LINKS * (KINO_GROUND_LINKS - 1) / 2];
    uint8_t parent[KINO_GROUND_LINKS], gained[KINO_GROUND_LINKS] = {0};
    float scores[KINO_GROUND_LINKS];
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        parent[i] = (uint8_t)i;
        kino_asker asker = kino_asker_make(g, v, rows[i], spare);
        kino_kernels_get()->score_u8(v->codes, v->stride, rows, i, asker.high, asker.bias, scores);
        for (size_t j = 0; j < i; j++)
            pairs[n++] = (pair){scores[j] * asker.unit, (uint8_t)j, (uint8_t)i};
    }
    qsort(pairs, n, sizeof *pairs, by_score);
    join_linked(g, rows, count, level, parent);
    for (int force = 0; force < 2; force++) /* first where there is room */
        for (size_t p = 0; p < n; p++) {
            uint8_t a = pairs[p].a, b = pairs[p].b, x = root(parent, a), y = root(parent, b);
            if (x == y)
                continue;
            if (force ? kino_hnsw_press(g, v, rows[a], rows[b], level, spare)
                      : kino_hnsw_link(g, rows[a], rows[b], level)) {
                parent[x] = y;
                gained[a]++, gained[b]++;
            }
        }
    for (size_t p = 0; p < n; p++) {
        uint8_t a = pairs[p].a, b = pairs[p].b;
        if (!gained[a] && !gained[b] && kino_hnsw_link(g, rows[a], rows[b], level))
            gained[a]++, gained[b]++;
    }
}

/* The lowest row of the highest level. */
static void choose_entry(kino_hnsw *g)
{
    g->entry = KINO_NONE;
    g->top = 0;
    for (uint32_t row = 0; row < g->n; row++) {
        if (!kino_bit(g->present, row))
            continue;
        int level = kino_hnsw_level(g, row);
        if (g->entry == KINO_NONE || level > g->top) {
            g->entry = row;
            g->top = level;
        }
    }
}

bool kino_hnsw_remove(kino_hnsw *g, const kino_vectors *v, size_t row, kino_scratch *s)
{
    if (!kino_hnsw_has(g, row))
        return false;
    int8_t *spare = kino_scratch_probes(s, v->stride, 1);
    for (int level = kino_hnsw_level(g, row); level >= 0; level--) {
        uint32_t *list = kino_hnsw_list(g, row, level), rows[KINO_GROUND_LINKS];
        size_t count = kino_list_count(list, kino_hnsw_cap(g, level));
        memcpy(rows, list, count * sizeof *rows);
        for (size_t i = 0; i < count; i++)
            kino_hnsw_unlink(g, (uint32_t)row, rows[i], level);
        repair(g, v, rows, count, level, spare);
    }
    g->present[row / 64] &= ~(UINT64_C(1) << row % 64);
    g->nodes--;
    if (g->entry == row)
        choose_entry(g);
    return true;
}
