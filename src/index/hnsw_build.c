/* hnsw_build.c - all rows at once.
 *
 * The nearest rows of every row are found exactly, by bytes, which for tens of thousands of rows is one matrix product
 * with itself and faster than inserting them one by one. Each row then chooses its links by the diversity rule, and
 * the wishes are granted in the order of their rank: everybody's first, everybody's second, ... while both ends have
 * room. Above EXACT_ROWS rows the rest is inserted in batches: a batch searches the graph as it stands, in parallel,
 * then is linked, in order.
 *
 * Every step is a function of the rows alone, so the graph is the same for any thread count. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "base/thread.h"
#include "index/hnsw.h"

enum { EXACT_ROWS = 100000, BATCH = 4096, PASS = 48, BLOCK = 64 };

typedef struct job {
    kino_hnsw *g;
    const kino_vectors *v;
    kino_askers askers;   /* of the subset, by place */
    const uint32_t *ids;  /* [count]: the rows of the subset, ascending */
    const uint8_t *codes; /* [count][stride]: theirs */
    uint8_t *blocks;      /* [padded to BLOCK][stride]: the same as block_u8 lays them out */
    size_t count, near;
    kino_hit *nearest; /* [count][near]: places, then rows */
    uint32_t *chosen;  /* [count][KINO_LINKS] */
    size_t most;
    int8_t *spare;          /* [threads][2 * stride] */
    kino_scratch **scratch; /* [threads] */
    const kino_vectors *subset;
} job;

/* ---- exact neighbours of a subset ---- */

static void make_askers(void *ctx, size_t block, int worker)
{
    job *j = ctx;
    int8_t *spare = j->spare + (size_t)worker * 2 * j->v->stride;
    for (size_t i = block * BLOCK; i < j->count && i < (block + 1) * BLOCK; i++) {
        kino_asker a = kino_asker_make(j->g, j->v, j->ids[i], spare);
        memcpy((int8_t *)j->askers.bytes + i * j->v->stride, a.high, j->v->stride);
        ((int32_t *)j->askers.bias)[i] = a.bias;
        ((float *)j->askers.unit)[i] = a.unit;
    }
}

static void make_blocks(void *ctx, size_t block, int worker)
{
    job *j = ctx;
    const size_t first = block * BLOCK, stride = j->v->stride;
    (void)worker;
    kino_kernels_get()->block_u8(j->codes + first * stride, stride, j->count - first < BLOCK ? j->count - first : BLOCK,
                                 j->blocks + first * stride);
}

/* Min-heap of the best; of equal ones the earlier stays. */
static void heap_put(kino_hit *heap, size_t *count, size_t most, kino_hit h)
{
    size_t i;
    if (*count < most) {
        for (i = (*count)++; i > 0 && kino_hit_before(heap[(i - 1) / 2], h); i = (i - 1) / 2)
            heap[i] = heap[(i - 1) / 2];
    } else {
        for (i = 0;;) {
            size_t child = 2 * i + 1;
            if (child >= most)
                break;
            if (child + 1 < most && kino_hit_before(heap[child], heap[child + 1]))
                child++;
            if (!kino_hit_before(h, heap[child]))
                break;
            heap[i] = heap[child];
            i = child;
        }
    }
    heap[i] = h;
}

static int by_score(const void *a, const void *b)
{
    const kino_hit *x = a, *y = b;
    return kino_hit_before(*x, *y) ? -1 : kino_hit_before(*y, *x);
}

/* PASS rows ask all rows, a block at a time. */
static void find_nearest(void *ctx, size_t pass, int worker)
{
    job *j = ctx;
    const kino_kernels *kern = kino_kernels_get();
    const size_t stride = j->v->stride, from = pass * PASS;
    const size_t mine = j->count - from < PASS ? j->count - from : PASS;
    size_t held[PASS] = {0};
    float floors[PASS], scores[PASS * BLOCK];
    uint64_t above[PASS];
    (void)worker;
    for (size_t q = 0; q < mine; q++)
        floors[q] = -INFINITY;
    for (size_t first = 0; first < j->count; first += BLOCK) {
        size_t rows = j->count - first < BLOCK ? j->count - first : BLOCK;
        kern->scan_block_u8(j->blocks + first * stride, stride, j->v->dim, rows, j->askers.bytes + from * stride, mine,
                            j->askers.bias + from, floors, scores, above);
        for (size_t q = 0; q < mine; q++) {
            kino_hit *heap = j->nearest + (from + q) * j->near;
            for (uint64_t bits = above[q]; bits; bits &= bits - 1) {
                size_t i = (size_t)__builtin_ctzll(bits);
                kino_hit h = {(uint32_t)(first + i), scores[q * BLOCK + i]};
                if (h.row == from + q || (held[q] == j->near && h.score <= heap[0].score))
                    continue;
                heap_put(heap, &held[q], j->near, h);
                if (held[q] == j->near)
                    floors[q] = heap[0].score;
            }
        }
    }
    for (size_t q = 0; q < mine; q++) {
        kino_hit *heap = j->nearest + (from + q) * j->near;
        qsort(heap, held[q], sizeof *heap, by_score);
        for (size_t i = held[q]; i < j->near; i++)
            heap[i].row = KINO_NONE;
    }
}

static void choose_links(void *ctx, size_t block, int worker)
{
    job *j = ctx;
    int8_t *spare = j->spare + (size_t)worker * 2 * j->v->stride;
    for (size_t i = block * BLOCK; i < j->count && i < (block + 1) * BLOCK; i++) {
        const kino_hit *near = j->nearest + i * j->near;
        size_t count = 0;
        while (count < j->near && near[count].row != KINO_NONE)
            count++;
        uint32_t *chosen = j->chosen + i * KINO_LINKS;
        size_t n = kino_hnsw_choose(j->g, j->subset, &j->askers, (uint32_t)i, near, count, j->most, spare, chosen);
        for (size_t c = n; c < KINO_LINKS; c++)
            chosen[c] = KINO_NONE;
    }
}

/* The lists of a level over the rows ids[count], from the exact neighbours of each. */
static void build_level(kino_hnsw *g, const kino_vectors *v, const uint32_t *ids, size_t count, int level, int threads)
{
    const bool all = count == v->n;
    const size_t blocks = (count + BLOCK - 1) / BLOCK;
    job j = {.g = g, .v = v, .ids = ids, .count = count, .most = g->links};
    j.near = count - 1 < g->ef_build ? count - 1 : g->ef_build;
    if (!j.near)
        return;
    kino_vectors subset = *v;
    if (!all) {
        uint8_t *codes = kino_alloc_large(count * v->stride);
        for (size_t i = 0; i < count; i++)
            memcpy(codes + i * v->stride, v->codes + ids[i] * v->stride, v->stride);
        subset.codes = codes;
    }
    j.subset = &subset;
    j.codes = subset.codes;
    j.blocks = kino_alloc_large(blocks * BLOCK * v->stride);
    j.askers.bytes = kino_alloc_large(count * v->stride);
    j.askers.bias = kino_alloc_array(count, sizeof(int32_t));
    j.askers.unit = kino_alloc_array(count, sizeof(float));
    j.nearest = kino_alloc_large(count * j.near * sizeof *j.nearest);
    j.chosen = kino_alloc_large(count * KINO_LINKS * sizeof *j.chosen);
    j.spare = kino_alloc_aligned((size_t)threads * 2 * v->stride);
    kino_parallel(threads, blocks, make_blocks, &j);
    kino_parallel(threads, blocks, make_askers, &j);
    kino_parallel(threads, (count + PASS - 1) / PASS, find_nearest, &j);
    free(j.blocks);
    kino_parallel(threads, blocks, choose_links, &j);
    for (size_t rank = 0; rank < j.most; rank++)
        for (size_t i = 0; i < count; i++) {
            uint32_t c = j.chosen[i * KINO_LINKS + rank];
            if (c != KINO_NONE)
                kino_hnsw_link(g, ids[i], ids[c], level);
        }
    /* Those who came too late everywhere. */
    uint32_t cap = kino_hnsw_cap(g, level), wanted[KINO_LINKS];
    for (size_t i = 0; i < count; i++) {
        if (kino_list_count(kino_hnsw_list(g, ids[i], level), cap) >= cap / 8)
            continue;
        size_t n = 0;
        for (; n < j.most && j.chosen[i * KINO_LINKS + n] != KINO_NONE; n++)
            wanted[n] = ids[j.chosen[i * KINO_LINKS + n]];
        kino_hnsw_attach(g, v, ids[i], level, wanted, n, j.spare);
    }
    if (!all)
        free((void *)subset.codes);
    free((void *)j.askers.bytes);
    free((void *)j.askers.bias);
    free((void *)j.askers.unit);
    free(j.nearest);
    free(j.chosen);
    free(j.spare);
}

/* ---- batches ---- */

static void search_links(void *ctx, size_t i, int worker)
{
    job *j = ctx;
    kino_scratch *s = j->scratch[worker];
    int8_t *spare = j->spare + (size_t)worker * 4 * j->v->stride;
    uint32_t *chosen = j->chosen + i * KINO_LINKS;
    kino_asker asker = kino_asker_make(j->g, j->v, j->ids[i], spare);
    size_t count = kino_hnsw_descend(j->g, j->v, asker, 0, j->g->ef_build, s);
    size_t n = kino_hnsw_choose(j->g, j->v, NULL, j->ids[i], s->pool, count, j->most, spare + 2 * j->v->stride, chosen);
    for (size_t c = n; c < KINO_LINKS; c++)
        chosen[c] = KINO_NONE;
}

static void insert_rest(kino_hnsw *g, const kino_vectors *v, const uint32_t *ids, size_t count, int threads)
{
    job j = {.g = g, .v = v, .most = g->links};
    j.chosen = kino_alloc_array(BATCH * KINO_LINKS, sizeof *j.chosen);
    j.spare = kino_alloc_aligned((size_t)threads * 4 * v->stride);
    j.scratch = kino_alloc_array((size_t)threads, sizeof *j.scratch);
    for (int t = 0; t < threads; t++)
        j.scratch[t] = kino_scratch_new();
    for (size_t from = 0; from < count; from += j.count) {
        j.ids = ids + from;
        j.count = count - from < BATCH ? count - from : BATCH;
        kino_parallel(threads, j.count, search_links, &j);
        for (size_t i = 0; i < j.count; i++) {
            size_t n = 0;
            while (n < KINO_LINKS && j.chosen[i * KINO_LINKS + n] != KINO_NONE)
                n++;
            if (!kino_hnsw_attach(g, v, j.ids[i], 0, j.chosen + i * KINO_LINKS, n, j.spare))
                kino_hnsw_join(g, v, j.ids[i], NULL, j.scratch[0], j.spare);
            kino_hnsw_arrive(g, j.ids[i]);
        }
    }
    for (int t = 0; t < threads; t++)
        kino_scratch_free(j.scratch[t]);
    free(j.scratch);
    free(j.chosen);
    free(j.spare);
}

/* ---- the whole ---- */

/* Rows of at least that level, ascending; returns how many. */
static size_t rows_of_level(const kino_hnsw *g, size_t n, int level, uint32_t *ids)
{
    size_t count = 0;
    for (size_t row = 0; row < n; row++)
        if (kino_hnsw_level(g, row) >= level)
            ids[count++] = (uint32_t)row;
    return count;
}

kino_hnsw *kino_hnsw_build(const kino_vectors *v, const kino_hnsw_params *params, int threads)
{
    kino_hnsw *g = kino_hnsw_empty(params);
    size_t n = v->n, first = n < EXACT_ROWS ? n : EXACT_ROWS;
    if (!n)
        return g;
    threads = kino_thread_count(threads);
    kino_hnsw_reserve(g, n);
    for (size_t row = 0; row < n; row++)
        kino_hnsw_reserve_upper(g, row);
    uint32_t *ids = kino_alloc_array(n, sizeof *ids), *rest = kino_alloc_array(n, sizeof *rest);
    for (int level = 1; level <= KINO_HNSW_MAX_LEVEL; level++) {
        size_t count = rows_of_level(g, n, level, ids);
        if (count > 1)
            build_level(g, v, ids, count, level, threads);
    }
    /* The exact part of the ground: all rows that have upper levels, so that every descent ends in it, and others. */
    size_t upper = rows_of_level(g, n, 1, ids), others = 0, count = 0, rests = 0;
    size_t room = upper < first ? first - upper : 0;
    for (size_t row = 0; row < n; row++) {
        if (kino_hnsw_level(g, row) > 0 || others++ < room)
            ids[count++] = (uint32_t)row;
        else
            rest[rests++] = (uint32_t)row;
    }
    build_level(g, v, ids, count, 0, threads);
    for (size_t i = 0; i < count; i++)
        kino_hnsw_arrive(g, ids[i]);
    kino_scratch *s = kino_scratch_new();
    kino_hnsw_connect(g, v, s);
    kino_scratch_free(s);
    insert_rest(g, v, rest, rests, threads);
    free(ids);
    free(rest);
    return g;
}
