/* hnsw_file.c - the graph as sections of a container, and its examination. */
#include <stdlib.h>

#include "base/alloc.h"
#include "base/status.h"
#include "index/hnsw.h"

/* "graph.shape" u32: rows, nodes, entry, top, links, ef_build, seed low, seed high. */
enum { SHAPE_ROWS, SHAPE_NODES, SHAPE_ENTRY, SHAPE_TOP, SHAPE_LINKS, SHAPE_EF, SHAPE_SEED, SHAPE_SEED_HIGH, SHAPE };

void kino_hnsw_save(kino_hnsw *g, kino_container_writer *w)
{
    uint32_t *s = g->shape;
    s[SHAPE_ROWS] = g->n;
    s[SHAPE_NODES] = g->nodes;
    s[SHAPE_ENTRY] = g->entry;
    s[SHAPE_TOP] = (uint32_t)g->top;
    s[SHAPE_LINKS] = g->links;
    s[SHAPE_EF] = g->ef_build;
    s[SHAPE_SEED] = (uint32_t)g->seed;
    s[SHAPE_SEED_HIGH] = (uint32_t)(g->seed >> 32);
    kino_container_add(w, "graph.shape", KINO_U32, 1, (uint64_t[]){SHAPE}, s);
    kino_container_add(w, "graph.weights", KINO_F32, 1, (uint64_t[]){KINO_MAX_BLOCKS}, g->weights);
    kino_container_add(w, "graph.ground", KINO_U32, 2, (uint64_t[]){g->n, KINO_GROUND_LINKS}, g->ground);
    kino_container_add(w, "graph.upper_at", KINO_U32, 1, (uint64_t[]){g->n}, g->upper_at);
    kino_container_add(w, "graph.upper", KINO_U32, 2, (uint64_t[]){g->upper_count, KINO_LINKS}, g->upper);
    kino_container_add(w, "graph.present", KINO_U64, 1, (uint64_t[]){((uint64_t)g->n + 63) / 64}, g->present);
}

kino_status kino_hnsw_view(const kino_container *c, size_t n, kino_hnsw **out, kino_error *err)
{
    const kino_section *shape = kino_container_find(c, "graph.shape", KINO_U32, 1, (uint64_t[]){SHAPE}, err);
    if (!shape)
        return KINO_DAMAGED;
    const uint32_t *s = shape->data;
    if (s[SHAPE_ROWS] != n || s[SHAPE_NODES] > n || s[SHAPE_TOP] > KINO_HNSW_MAX_LEVEL || s[SHAPE_LINKS] < 4 ||
        s[SHAPE_LINKS] > KINO_LINKS || (n ? s[SHAPE_ENTRY] >= n && s[SHAPE_NODES] : s[SHAPE_NODES]))
        return kino_fail(err, KINO_DAMAGED, "%s: graph.shape is out of range", c->path);
    const kino_section *weights =
        kino_container_find(c, "graph.weights", KINO_F32, 1, (uint64_t[]){KINO_MAX_BLOCKS}, err);
    const kino_section *ground =
        weights ? kino_container_find(c, "graph.ground", KINO_U32, 2, (uint64_t[]){n, KINO_GROUND_LINKS}, err) : NULL;
    const kino_section *upper_at =
        ground ? kino_container_find(c, "graph.upper_at", KINO_U32, 1, (uint64_t[]){n}, err) : NULL;
    const kino_section *upper =
        upper_at ? kino_container_find(c, "graph.upper", KINO_U32, 2, (uint64_t[]){KINO_ANY, KINO_LINKS}, err) : NULL;
    const kino_section *present =
        upper ? kino_container_find(c, "graph.present", KINO_U64, 1, (uint64_t[]){((uint64_t)n + 63) / 64}, err) : NULL;
    if (!present)
        return KINO_DAMAGED;
    if (upper->dims[0] > UINT32_MAX)
        return kino_fail(err, KINO_DAMAGED, "%s: graph.upper is too long", c->path);
    kino_hnsw *g = kino_alloc(sizeof *g);
    *g = (kino_hnsw){
        .n = (uint32_t)n,
        .nodes = s[SHAPE_NODES],
        .entry = s[SHAPE_NODES] ? s[SHAPE_ENTRY] : KINO_NONE,
        .top = (int32_t)s[SHAPE_TOP],
        .links = s[SHAPE_LINKS],
        .ef_build = s[SHAPE_EF],
        .seed = s[SHAPE_SEED] | (uint64_t)s[SHAPE_SEED_HIGH] << 32,
        .ground = (uint32_t *)ground->data,
        .upper_at = (uint32_t *)upper_at->data,
        .upper = (uint32_t *)upper->data,
        .present = (uint64_t *)present->data,
        .upper_count = (uint32_t)upper->dims[0],
        .lent = true,
    };
    memcpy(g->weights, weights->data, sizeof g->weights);
    *out = g;
    return KINO_OK;
}

/* ---- examination ---- */

static void check_list(const kino_hnsw *g, uint32_t row, int level, kino_hnsw_report *r)
{
    uint32_t cap = kino_hnsw_cap(g, level);
    const uint32_t *list = kino_hnsw_list(g, row, level);
    if (!list) {
        r->bad++;
        return;
    }
    uint32_t count = kino_list_count(list, cap);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t other = list[i];
        if (other == row || !kino_hnsw_has(g, other) || kino_hnsw_level(g, other) < level ||
            kino_list_has(list, i, other)) {
            r->bad++;
            continue;
        }
        const uint32_t *theirs = kino_hnsw_list(g, other, level);
        r->one_sided += !theirs || !kino_list_has(theirs, cap, row);
    }
    for (uint32_t i = count; i < KINO_LINKS * (level ? 1u : 2u); i++)
        r->bad += list[i] != KINO_NONE; /* behind the end */
    if (!level)
        r->links += count;
}

void kino_hnsw_check(const kino_hnsw *g, kino_hnsw_report *out)
{
    *out = (kino_hnsw_report){.nodes = g->nodes, .top_level = g->top};
    uint8_t *reached = kino_alloc(g->n);
    uint32_t *queue = kino_alloc_array(g->n, sizeof *queue);
    if (g->entry < g->n && kino_hnsw_has(g, g->entry))
        kino_hnsw_flood(g, g->entry, reached, queue);
    for (uint32_t row = 0; row < g->n; row++) {
        if (!kino_hnsw_has(g, row))
            continue;
        out->unreachable += !reached[row];
        for (int level = kino_hnsw_level(g, row); level >= 0; level--)
            check_list(g, row, level, out);
    }
    out->bytes = (size_t)g->n * (KINO_GROUND_LINKS + 1) * sizeof(uint32_t) + (g->n + 63) / 64 * sizeof(uint64_t) +
                 (size_t)g->upper_count * KINO_LINKS * sizeof(uint32_t);
    free(reached);
    free(queue);
}

kino_index_kind kino_index_choose(size_t n, kino_index_kind wanted)
{
    enum { CROSSOVER = 15000 }; /* a fresh process pays page faults for every row that a walk touches */
    if (wanted != KINO_INDEX_AUTO)
        return wanted;
    return n < CROSSOVER ? KINO_INDEX_EXACT : KINO_INDEX_HNSW;
}
