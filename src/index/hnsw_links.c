/* hnsw_links.c - lists of links: who gets one, who gives one up. */
#include <math.h>
#include <stdlib.h>

#include "base/alloc.h"
#include "index/hnsw.h"

kino_asker kino_asker_make(const kino_hnsw *g, const kino_vectors *v, size_t row, int8_t *bytes)
{
    float q[KINO_MAX_DIM];
    const float *x = v->rows + row * v->dim;
    for (size_t b = 0, j = 0; b < v->blocks; b++)
        for (size_t end = j + v->block_dim[b]; j < end; j++)
            q[j] = g->weights[b] * x[j];
    kino_probe p;
    kino_probe_make(v, q, bytes, &p);
    return (kino_asker){p.high, p.high_bias, p.unit};
}

static kino_asker asker_of(const kino_hnsw *g, const kino_vectors *v, const kino_askers *askers, uint32_t row,
                           int8_t *spare)
{
    if (askers && askers->bytes)
        return (kino_asker){askers->bytes + row * v->stride, askers->bias[row], askers->unit[row]};
    return kino_asker_make(g, v, row, spare);
}

size_t kino_hnsw_choose(const kino_hnsw *g, const kino_vectors *v, const kino_askers *askers, uint32_t row,
                        const kino_hit *candidates, size_t count, size_t most, int8_t *spare, uint32_t *chosen)
{
    const kino_kernels *kern = kino_kernels_get();
    uint32_t others[KINO_GROUND_LINKS + 1]; /* the row, then those chosen */
    float scores[KINO_GROUND_LINKS + 1];
    size_t n = 0;
    others[0] = row;
    for (size_t i = 0; i < count && n < most; i++) {
        uint32_t c = candidates[i].row;
        kino_asker asker = asker_of(g, v, askers, c, spare);
        kern->score_u8(v->codes, v->stride, others, n + 1, asker.high, asker.bias, scores);
        bool taken = false;
        for (size_t j = 1; !taken && j <= n; j++)
            taken = scores[j] > scores[0];
        if (taken)
            continue;
        chosen[n] = c;
        others[++n] = c;
    }
    return n;
}

bool kino_hnsw_link(kino_hnsw *g, uint32_t a, uint32_t b, int level)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    uint32_t *x = kino_hnsw_list(g, a, level), *y = kino_hnsw_list(g, b, level);
    uint32_t i = kino_list_count(x, cap), j = kino_list_count(y, cap);
    if (a == b || i == cap || j == cap || kino_list_has(x, cap, b))
        return false;
    x[i] = b;
    y[j] = a;
    return true;
}

static void drop(uint32_t *list, uint32_t cap, uint32_t row)
{
    uint32_t count = kino_list_count(list, cap);
    for (uint32_t i = 0; i < count; i++)
        if (list[i] == row) {
            list[i] = list[count - 1];
            list[count - 1] = KINO_NONE;
            return;
        }
}

void kino_hnsw_unlink(kino_hnsw *g, uint32_t a, uint32_t b, int level)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    drop(kino_hnsw_list(g, a, level), cap, b);
    drop(kino_hnsw_list(g, b, level), cap, a);
}

static bool share_neighbour(const kino_hnsw *g, uint32_t a, uint32_t b, int level)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    const uint32_t *x = kino_hnsw_list(g, a, level), *y = kino_hnsw_list(g, b, level);
    for (uint32_t i = 0; i < cap && x[i] != KINO_NONE; i++)
        if (kino_list_has(y, cap, x[i]))
            return true;
    return false;
}

/* A full row drops the weakest link whose ends have a common neighbour and whose other end has enough others; with
 * `instead`, only one that is weaker than a link with that row would be. */
static bool give_up(kino_hnsw *g, const kino_vectors *v, uint32_t row, const uint32_t *instead, int level,
                    int8_t *spare)
{
    uint32_t cap = kino_hnsw_cap(g, level), *list = kino_hnsw_list(g, row, level);
    uint32_t ids[KINO_GROUND_LINKS + 1];
    float scores[KINO_GROUND_LINKS + 1], bound = INFINITY;
    size_t count = kino_list_count(list, cap);
    memcpy(ids, list, count * sizeof *ids);
    if (instead)
        ids[count] = *instead;
    kino_asker asker = kino_asker_make(g, v, row, spare);
    kino_kernels_get()->score_u8(v->codes, v->stride, ids, count + (instead != NULL), asker.high, asker.bias, scores);
    if (instead)
        bound = scores[count];
    for (;;) {
        size_t weakest = count;
        for (size_t i = 0; i < count; i++)
            if (scores[i] < bound && (weakest == count || scores[i] < scores[weakest]))
                weakest = i;
        if (weakest == count)
            return false;
        uint32_t other = ids[weakest];
        uint32_t has = kino_list_count(kino_hnsw_list(g, other, level), cap);
        if ((!instead || has > cap / 4) && share_neighbour(g, row, other, level)) {
            kino_hnsw_unlink(g, row, other, level);
            return true;
        }
        scores[weakest] = INFINITY;
    }
}

bool kino_hnsw_press(kino_hnsw *g, const kino_vectors *v, uint32_t a, uint32_t b, int level, int8_t *spare)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    uint32_t *x = kino_hnsw_list(g, a, level), *y = kino_hnsw_list(g, b, level);
    if (a == b || kino_list_has(x, cap, b))
        return false;
    if (x[cap - 1] != KINO_NONE && !give_up(g, v, a, NULL, level, spare))
        return false;
    if (y[cap - 1] != KINO_NONE && !give_up(g, v, b, NULL, level, spare))
        return false;
    return kino_hnsw_link(g, a, b, level);
}

bool kino_hnsw_attach(kino_hnsw *g, const kino_vectors *v, uint32_t row, int level, const uint32_t *chosen,
                      size_t count, int8_t *spare)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    const uint32_t *own = kino_hnsw_list(g, row, level);
    for (size_t i = 0; i < count; i++) {
        const uint32_t *theirs = kino_hnsw_list(g, chosen[i], level);
        if (theirs[cap - 1] != KINO_NONE && !give_up(g, v, chosen[i], &row, level, spare))
            continue;
        kino_hnsw_link(g, row, chosen[i], level);
    }
    for (size_t i = 0; i < count && own[0] == KINO_NONE; i++)
        kino_hnsw_press(g, v, row, chosen[i], level, spare);
    return own[0] != KINO_NONE;
}

/* ---- the whole ---- */

kino_hnsw *kino_hnsw_empty(const kino_hnsw_params *params)
{
    kino_hnsw *g = kino_alloc(sizeof *g);
    bool weighted = false;
    if (params) {
        g->links = params->links;
        g->ef_build = params->ef_build;
        g->seed = params->seed;
        for (size_t b = 0; b < KINO_MAX_BLOCKS; b++)
            weighted = weighted || params->weights[b] > 0;
    }
    for (size_t b = 0; b < KINO_MAX_BLOCKS; b++)
        g->weights[b] = weighted ? params->weights[b] : 1;
    g->links = !g->links || g->links > KINO_LINKS ? KINO_LINKS : g->links < 4 ? 4 : g->links;
    g->ef_build = !g->ef_build ? 96 : g->ef_build < 2 * g->links ? 2 * g->links : g->ef_build;
    g->entry = KINO_NONE;
    return g;
}

void kino_hnsw_free(kino_hnsw *g)
{
    if (!g)
        return;
    if (!g->lent) {
        free(g->ground);
        free(g->upper_at);
        free(g->upper);
        free(g->present);
    }
    free(g);
}

static void *grow(void *old, size_t used, size_t size)
{
    void *p = kino_alloc_large(size);
    if (used)
        memcpy(p, old, used);
    free(old);
    return p;
}

void kino_hnsw_reserve(kino_hnsw *g, size_t n)
{
    if (n <= g->n)
        return;
    if (n > g->row_capacity) {
        size_t capacity = g->row_capacity ? g->row_capacity + g->row_capacity / 2 : n, words = (g->n + 63) / 64;
        capacity = ((capacity > n ? capacity : n) + 63) / 64 * 64;
        const size_t list = KINO_GROUND_LINKS * sizeof *g->ground;
        g->ground = grow(g->ground, g->n * list, capacity * list);
        g->upper_at = grow(g->upper_at, g->n * sizeof *g->upper_at, capacity * sizeof *g->upper_at);
        g->present = grow(g->present, words * sizeof *g->present, capacity / 8);
        g->row_capacity = capacity;
    }
    memset(g->ground + (size_t)g->n * KINO_GROUND_LINKS, 0xff, (n - g->n) * KINO_GROUND_LINKS * sizeof *g->ground);
    memset(g->upper_at + g->n, 0xff, (n - g->n) * sizeof *g->upper_at);
    g->n = (uint32_t)n;
}

void kino_hnsw_reserve_upper(kino_hnsw *g, size_t row)
{
    uint32_t level = (uint32_t)kino_hnsw_level(g, row);
    if (!level || g->upper_at[row] != KINO_NONE)
        return;
    if (g->upper_count + level > g->upper_capacity) {
        g->upper_capacity = 2 * g->upper_capacity + 64;
        g->upper = kino_resize_array(g->upper, g->upper_capacity * KINO_LINKS, sizeof *g->upper);
    }
    memset(g->upper + (size_t)g->upper_count * KINO_LINKS, 0xff, level * KINO_LINKS * sizeof *g->upper);
    g->upper_at[row] = g->upper_count;
    g->upper_count += level;
}

void kino_hnsw_arrive(kino_hnsw *g, uint32_t row)
{
    int level = kino_hnsw_level(g, row);
    g->present[row / 64] |= UINT64_C(1) << row % 64;
    g->nodes++;
    if (g->entry == KINO_NONE || level > g->top) {
        g->entry = row;
        g->top = level;
    }
}

bool kino_hnsw_has(const kino_hnsw *g, size_t row)
{
    return row < g->n && kino_bit(g->present, row);
}

/* ---- connection ---- */

void kino_hnsw_flood(const kino_hnsw *g, uint32_t row, uint8_t *reached, uint32_t *queue)
{
    size_t head = 0, tail = 0;
    reached[row] = 1;
    queue[tail++] = row;
    while (head < tail) {
        const uint32_t *list = kino_hnsw_list(g, queue[head++], 0);
        for (uint32_t i = 0; i < kino_hnsw_cap(g, 0) && list[i] < g->n; i++)
            if (!reached[list[i]]) {
                reached[list[i]] = 1;
                queue[tail++] = list[i];
            }
    }
}

void kino_hnsw_join(kino_hnsw *g, const kino_vectors *v, uint32_t row, const uint8_t *reached, kino_scratch *s,
                    int8_t *spare)
{
    kino_asker asker = kino_asker_make(g, v, row, spare);
    size_t count = kino_hnsw_descend(g, v, asker, 0, g->ef_build, s);
    for (size_t i = 0; i < count; i++)
        if ((!reached || reached[s->pool[i].row]) &&
            kino_hnsw_press(g, v, row, s->pool[i].row, 0, spare + 2 * v->stride))
            return;
    for (uint32_t i = 0; i < g->n; i++) /* all near ones are full and need every link: anyone */
        if ((reached ? reached[i] : kino_bit(g->present, i)) && kino_hnsw_press(g, v, row, i, 0, spare + 2 * v->stride))
            return;
}

void kino_hnsw_connect(kino_hnsw *g, const kino_vectors *v, kino_scratch *s)
{
    if (g->entry == KINO_NONE)
        return;
    uint8_t *reached = kino_alloc(g->n);
    uint32_t *queue = kino_alloc_array(g->n, sizeof *queue);
    int8_t *spare = kino_alloc_aligned(4 * v->stride);
    kino_hnsw_flood(g, g->entry, reached, queue);
    for (uint32_t row = 0; row < g->n; row++) {
        if (reached[row] || !kino_bit(g->present, row))
            continue;
        kino_hnsw_join(g, v, row, reached, s, spare);
        kino_hnsw_flood(g, row, reached, queue);
    }
    free(reached);
    free(queue);
    free(spare);
}
