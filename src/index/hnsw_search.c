/* hnsw_search.c - the way through the graph.
 *
 * One pool, sorted by score, is both the list of what to visit next and of what was found; the high bit of a row says
 * that it was expanded. (Two heaps, as in the paper, cost twice the moves and a branch that is hard to predict.) Every
 * neighbour that was not seen is prefetched before the first is scored, then they are scored together: the walk is
 * bound by the latency of memory, and this overlaps it. Scores on the way are integers times a scale; only what is
 * handed out is scored in f32. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "index/hnsw.h"

enum {
    EXPANDED_BIT = 31,
    DEFAULT_EF = 96,
    UPPER_EF = 8,
    SLACK = 16,
    SOON = 8,        /* places ahead whose lists are likely to be read soon */
    FEW_REFUSED = 8, /* of one in so many rows, those that are not allowed are dropped after the walk, not in it */
};
#define EXPANDED (UINT32_C(1) << EXPANDED_BIT)

static void prefetch(const kino_vectors *v, uint32_t row)
{
    const uint8_t *p = v->codes + row * v->stride;
    for (size_t i = 0; i < v->stride; i += 64)
        __builtin_prefetch(p + i);
}

static void prefetch_list(const kino_hnsw *g, uint32_t row)
{
    const uint32_t *list = g->ground + (size_t)row * KINO_GROUND_LINKS;
    __builtin_prefetch(list);
    __builtin_prefetch(list + KINO_LINKS);
}

static void pool_room(kino_scratch *s, size_t ef)
{
    if (ef + 1 > s->pool_capacity) {
        s->pool_capacity = ef + 1;
        s->pool = kino_resize_array(s->pool, s->pool_capacity, sizeof *s->pool);
    }
}

/* Inserts by score, equal ones by arrival, which is the order of the lists; returns the place. */
static size_t pool_insert(kino_hit *pool, size_t *count, size_t ef, uint32_t row, float score)
{
    size_t low = 0, high = *count;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (pool[mid].score < score)
            high = mid;
        else
            low = mid + 1;
    }
    if (low == ef)
        return ef;
    *count += *count < ef;
    memmove(pool + low + 1, pool + low, (*count - low - 1) * sizeof *pool);
    pool[low] = (kino_hit){row, score};
    return low;
}

size_t kino_hnsw_walk(const kino_hnsw *g, const kino_vectors *v, kino_asker asker, int level, size_t count, size_t ef,
                      kino_scratch *s)
{
    const kino_kernels *kern = kino_kernels_get();
    const uint32_t cap = kino_hnsw_cap(g, level);
    const uint16_t epoch = kino_scratch_epoch(s, g->n);
    uint16_t *seen = s->seen;
    uint32_t fresh[KINO_GROUND_LINKS];
    float scores[KINO_GROUND_LINKS];
    pool_room(s, ef);
    kino_hit *pool = s->pool;
    count = count < ef ? count : ef;
    for (size_t i = 0; i < count; i++)
        seen[pool[i].row] = epoch;
    for (size_t next = 0; next < count;) {
        if (pool[next].row & EXPANDED) {
            next++;
            continue;
        }
        const uint32_t *list = kino_hnsw_list(g, pool[next].row, level);
        pool[next].row |= EXPANDED;
        size_t news = 0;
        for (uint32_t i = 0; list && i < cap && list[i] < g->n; i++) {
            uint32_t row = list[i];
            if (seen[row] == epoch)
                continue;
            seen[row] = epoch;
            prefetch(v, row);
            fresh[news++] = row;
        }
        kern->score_u8(v->codes, v->stride, fresh, news, asker.high, asker.bias, scores);
        size_t first = next + 1;
        for (size_t i = 0; i < news; i++) {
            if (count == ef && !(scores[i] > pool[ef - 1].score))
                continue;
            size_t at = pool_insert(pool, &count, ef, fresh[i], scores[i]);
            if (at < next + SOON)
                prefetch_list(g, fresh[i]);
            if (at < first)
                first = at;
        }
        next = first;
    }
    for (size_t i = 0; i < count; i++)
        pool[i].row &= ~EXPANDED;
    return count;
}

size_t kino_hnsw_descend(const kino_hnsw *g, const kino_vectors *v, kino_asker asker, int level, size_t ef,
                         kino_scratch *s)
{
    if (g->entry >= g->n)
        return 0;
    pool_room(s, ef);
    size_t count = 1;
    s->pool[0].row = g->entry;
    kino_kernels_get()->score_u8(v->codes, v->stride, &g->entry, 1, asker.high, asker.bias, &s->pool[0].score);
    for (int l = g->top; l > level; l--)
        count = kino_hnsw_walk(g, v, asker, l, count, l > 1 ? 1 : ef < UPPER_EF ? ef : UPPER_EF, s);
    return kino_hnsw_walk(g, v, asker, level, count, ef, s);
}

/* ---- with a filter ---- */

/* As kino_hnsw_walk on the ground, but what is allowed goes to s->found as well, at most `most` of it. */
static size_t walk_filtered(const kino_hnsw *g, const kino_vectors *v, kino_asker asker, size_t count, size_t ef,
                            const uint64_t *allowed, size_t most, kino_scratch *s)
{
    const kino_kernels *kern = kino_kernels_get();
    const uint32_t cap = kino_hnsw_cap(g, 0);
    const uint16_t epoch = kino_scratch_epoch(s, g->n);
    uint32_t fresh[KINO_GROUND_LINKS];
    float scores[KINO_GROUND_LINKS];
    size_t found = 0;
    pool_room(s, ef);
    kino_hit *pool = s->pool;
    count = count < ef ? count : ef;
    for (size_t i = 0; i < count; i++) {
        s->seen[pool[i].row] = epoch;
        if (kino_bit(allowed, pool[i].row))
            found = kino_hit_insert(s->found, found, most, pool[i]);
    }
    for (size_t next = 0; next < count;) {
        if (pool[next].row & EXPANDED) {
            next++;
            continue;
        }
        const uint32_t *list = kino_hnsw_list(g, pool[next].row, 0);
        pool[next].row |= EXPANDED;
        size_t news = 0;
        for (uint32_t i = 0; i < cap && list[i] < g->n; i++) {
            uint32_t row = list[i];
            if (s->seen[row] == epoch)
                continue;
            s->seen[row] = epoch;
            prefetch(v, row);
            fresh[news++] = row;
        }
        kern->score_u8(v->codes, v->stride, fresh, news, asker.high, asker.bias, scores);
        size_t first = next + 1;
        for (size_t i = 0; i < news; i++) {
            if (count == ef && !(scores[i] > pool[ef - 1].score))
                continue;
            if (kino_bit(allowed, fresh[i]))
                found = kino_hit_insert(s->found, found, most, (kino_hit){fresh[i], scores[i]});
            size_t at = pool_insert(pool, &count, ef, fresh[i], scores[i]);
            if (at < next + SOON)
                prefetch_list(g, fresh[i]);
            if (at < first)
                first = at;
        }
        next = first;
    }
    return found;
}

/* ---- search ---- */

static void found_room(kino_scratch *s, size_t count)
{
    if (count > s->found_capacity) {
        s->found_capacity = count;
        s->found = kino_resize_array(s->found, count, sizeof *s->found);
    }
}

/* Exact, among the allowed rows that are in the graph. */
static size_t scan_instead(const kino_hnsw *g, const kino_vectors *v, const float *query, size_t k,
                           const uint64_t *allowed, kino_scratch *s, kino_hit *hits)
{
    if (g->nodes == v->n)
        return kino_exact_search(v, query, k, allowed, s, hits);
    size_t words = (v->n + 63) / 64, own = (g->n + 63) / 64;
    if (words > s->bits_capacity) {
        s->bits_capacity = words;
        s->bits = kino_resize_array(s->bits, words, sizeof *s->bits);
    }
    for (size_t w = 0; w < words; w++)
        s->bits[w] = w < own ? g->present[w] & (allowed ? allowed[w] : ~UINT64_C(0)) : 0;
    return kino_exact_search(v, query, k, s->bits, s, hits);
}

/* A scan reads every allowed row, a walk about 25 for each place in a pool that must be 1 / share times as large. */
static bool scan_is_cheaper(size_t n, size_t passing, size_t ef)
{
    return (double)passing * (double)passing < 25.0 * (double)ef * (double)n;
}

/* Scores the candidates in f32: all that may, by the likely error, be among the k best. */
static size_t rescore(const kino_vectors *v, const float *query, const kino_probe *p, const kino_hit *from,
                      size_t count, size_t k, kino_hit *hits)
{
    const kino_kernels *kern = kino_kernels_get();
    float likely = 0.2f * (p->high_rest * v->most_kept + p->length * v->most_lost);
    float floor = count > k && p->unit > 0 ? from[k - 1].score - likely / p->unit : -INFINITY;
    size_t found = 0, last = k < count ? k : count;
    while (last < count && from[last].score >= floor)
        last++;
    for (size_t i = 0; i < last; i++) {
        const char *x = (const char *)(v->rows + (size_t)from[i].row * v->dim);
        for (size_t j = 0; j < v->dim * sizeof(float); j += 64)
            __builtin_prefetch(x + j);
    }
    for (size_t i = 0; i < last; i++) {
        uint32_t row = from[i].row;
        float score = kern->dot_f32(query, v->rows + (size_t)row * v->dim, v->dim);
        found = kino_hit_insert(hits, found, k, (kino_hit){row, score});
    }
    return found;
}

static size_t keep_allowed(kino_hit *pool, size_t count, const uint64_t *allowed)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (kino_bit(allowed, pool[i].row))
            pool[kept++] = pool[i];
    return kept;
}

size_t kino_hnsw_search(const kino_hnsw *g, const kino_vectors *v, const float *query, size_t k, size_t ef,
                        const uint64_t *allowed, kino_scratch *s, kino_hit *hits)
{
    size_t passing = g->nodes;
    if (!k || !passing || g->n > v->n)
        return 0;
    if (allowed) {
        passing = kino_bits_count(allowed, g->n);
        if (!passing)
            return 0;
    }
    ef = ef ? ef : DEFAULT_EF;
    ef = ef > k ? ef : k;
    if (passing <= ef || (allowed && scan_is_cheaper(g->n, passing, ef)))
        return scan_instead(g, v, query, k, allowed, s, hits);
    kino_probe p;
    kino_probe_make(v, query, kino_scratch_probes(s, v->stride, 1), &p);
    kino_asker asker = {p.high, p.high_bias, p.unit};
    const size_t due = k < passing ? k : passing, most = ef > k + SLACK ? ef : k + SLACK;
    const size_t all = (size_t)((double)ef * (double)g->n / (double)passing), wide = all < g->n ? all : g->n;
    size_t count = 0;
    kino_hit *from = NULL;
    if (!allowed || passing > g->n - g->n / FEW_REFUSED) {
        count = kino_hnsw_descend(g, v, asker, 0, allowed ? wide : ef, s);
        from = s->pool;
        if (allowed)
            count = keep_allowed(from, count, allowed);
    }
    if (allowed && count < due) {
        found_room(s, most + 1);
        count = kino_hnsw_descend(g, v, asker, 1, UPPER_EF, s);
        count = walk_filtered(g, v, asker, count, wide, allowed, most, s);
        from = s->found;
    }
    const size_t found = rescore(v, query, &p, from, count, k, hits);
    return found >= due ? found : scan_instead(g, v, query, k, allowed, s, hits);
}
