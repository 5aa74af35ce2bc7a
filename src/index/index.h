/* index.h - the rows nearest to a query vector: an exact scan and a graph (HNSW) behind one shape of call.
 *
 * A row is `dim` numbers made of blocks: for kino the plot (384, unit) and the profile (32, unit or zero), joined and
 * unscaled. A score is the inner product of the query with a row. Weights of the blocks belong to the question: scale
 * the query, score(q, x) = sum_b w_b q_b.x_b = <q', x>, and search with q', which need not be a unit vector.
 *
 *     kino_vectors *v = kino_vectors_new(rows, n, (size_t[]){384, 32}, 2, threads);    // rows are lent, not copied
 *     kino_hnsw *g = kino_index_choose(n, KINO_INDEX_AUTO) == KINO_INDEX_HNSW ? kino_hnsw_build(v, NULL, threads) : NULL;
 *     kino_scratch *s = kino_scratch_new();                                            // one for each thread
 *     kino_hit hits[10];
 *     size_t found = g ? kino_hnsw_search(g, v, query, 10, 0, NULL, s, hits)
 *                      : kino_exact_search(v, query, 10, NULL, s, hits);
 *
 * Answers. Best first, equal scores by row number; the score is the f32 inner product with the row as the kernel
 * dot_f32 computes it. Exact search returns what sorting all n such products would return, always: see exact.c for
 * the bound. NaN in rows or query is a fault of the caller; the order is then undefined, memory stays safe.
 *
 * Filters. `allowed` has one bit for each row (bit r % 64 of word r / 64; bits from n on are ignored), NULL admits
 * all. They act inside the search: min(k, rows allowed) hits are returned, by the graph too.
 *
 * Threads. Searches may run on one kino_vectors and one kino_hnsw from any number of threads, each with its own
 * scratch. Whatever changes either (kino_vectors_set, _resize, kino_hnsw_insert, _remove) needs it alone.
 *
 * The same rows, parameters and seed give the same codes and the same graph, whatever the thread count and the
 * instruction set. Scores are the same whatever the thread count; dot_f32 may differ in the last bits between
 * instruction sets. */
#ifndef KINO_INDEX_INDEX_H
#define KINO_INDEX_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/container.h"
#include "kino.h"

typedef struct kino_hit {
    uint32_t row;
    float score;
} kino_hit;

/* Working memory of one search at a time; it grows to what the largest search needed and is then reused. */
typedef struct kino_scratch kino_scratch;

kino_scratch *kino_scratch_new(void);
void kino_scratch_free(kino_scratch *s); /* NULL is fine */

/* ---- vectors: f32 rows and the int8 rows derived from them ---- */

#define KINO_MAX_BLOCKS 4
#define KINO_MAX_DIM 1024 /* so that no sum of bytes leaves 32 bits; see kern.h */

/* Where a quantised row keeps, from its end, three floats: the scale of its codes, the length of what quantisation
 * lost, |x - x~|, and the length of what it kept, |x~|. */
#define KINO_ROW_SCALE 4
#define KINO_ROW_LOST 8
#define KINO_ROW_KEPT 12

typedef struct kino_vectors {
    const float *rows; /* [n][dim], lent until kino_vectors_free or _resize */
    size_t n, dim;
    size_t blocks;
    uint32_t block_dim[KINO_MAX_BLOCKS];
    /* x ~ scale * ratio_b * (code - 128): one scale for each row, one ratio for each block, since the numbers of a
     * short unit vector are larger than those of a long one. */
    float ratio[KINO_MAX_BLOCKS];
    float most_lost, most_kept; /* the largest of any row, for the bound of the exact search */
    const uint8_t *codes;       /* [n][stride]: dim codes, zeros, three floats; 64-byte aligned */
    size_t stride;              /* a multiple of 64 */
    uint8_t *owned;             /* the codes, when not lent */
    size_t capacity;            /* rows that fit into `owned` */
} kino_vectors;

/* Quantises n rows of sum(block_dim) <= KINO_MAX_DIM numbers. */
kino_vectors *kino_vectors_new(const float *rows, size_t n, const size_t *block_dim, size_t blocks, int threads);
void kino_vectors_free(kino_vectors *v); /* NULL is fine */

/* The caller's rows moved, grew or shrank: `rows` are the n rows from now on. Rows that are new must be _set. */
void kino_vectors_resize(kino_vectors *v, const float *rows, size_t n);
/* Row `row` of the caller's changed: quantise it again. */
void kino_vectors_set(kino_vectors *v, size_t row);

/* scores[n]: of each row ~ <query, row>, by bytes. */
void kino_vectors_score_all(const kino_vectors *v, const float *query, kino_scratch *s, float *scores);
/* Whether a block of a row is not zero, by bytes: for blocks that are unit vectors or zero. */
bool kino_vectors_has(const kino_vectors *v, size_t row, size_t block);

/* As sections "index.*" of a container: added to a writer, which lends them; and lent from a container, with the f32
 * rows [n][dim] beside it lent by the caller. Shapes are validated; a wrong byte in a code costs recall, nothing else. */
void kino_vectors_save(const kino_vectors *v, kino_container_writer *w);
kino_status kino_vectors_view(const kino_container *c, const float *rows, size_t n, size_t dim, kino_vectors **out,
                              kino_error *err);

/* ---- exact ---- */

/* The k best of the allowed rows; returns how many there are: min(k, allowed). query: [dim]; hits: [k]. */
size_t kino_exact_search(const kino_vectors *v, const float *query, size_t k, const uint64_t *allowed, kino_scratch *s,
                         kino_hit *hits);

/* The same for many queries at once, which reads the rows once for several of them. queries: [count][dim]; hits:
 * [count][k]; found: [count]. `allowed` holds for all of them. Each answer equals that of kino_exact_search. */
void kino_exact_batch(const kino_vectors *v, const float *queries, size_t count, size_t k, const uint64_t *allowed,
                      int threads, kino_hit *hits, size_t *found);

/* ---- HNSW ---- */

#define KINO_HNSW_MAX_LEVEL 8

/* Zero fields take the default. */
typedef struct kino_hnsw_params {
    uint32_t links;    /* of a node above the ground, M: default and at most 16; 2M at the ground */
    uint32_t ef_build; /* candidates from which a node's links are chosen; default 96 */
    uint64_t seed;
    float weights[KINO_MAX_BLOCKS]; /* of the blocks in the metric of the graph; all 0: all 1 */
} kino_hnsw_params;

typedef struct kino_hnsw kino_hnsw;

kino_hnsw *kino_hnsw_build(const kino_vectors *v, const kino_hnsw_params *params, int threads);
void kino_hnsw_free(kino_hnsw *g); /* NULL is fine */

/* The k best that the graph finds among the allowed rows, looking at a pool of `ef` candidates (0: the default, which
 * gives recall@10 of .95 and more at even weights; below k it is k). v must be the vectors the graph was built of. Few
 * allowed rows are scanned instead; whenever the graph finds less than it must, so are all. */
size_t kino_hnsw_search(const kino_hnsw *g, const kino_vectors *v, const float *query, size_t k, size_t ef,
                        const uint64_t *allowed, kino_scratch *s, kino_hit *hits);

/* Row `row`, quantised already (kino_vectors_set), enters the graph; one that is in it is first taken out, which makes
 * this the update as well. */
void kino_hnsw_insert(kino_hnsw *g, const kino_vectors *v, size_t row, kino_scratch *s);
/* Row `row` leaves the graph: its neighbours are linked with each other where they need it. Nothing of it remains. It
 * is no longer found by kino_hnsw_search (the exact search is told by `allowed`). False when it was not in it. */
bool kino_hnsw_remove(kino_hnsw *g, const kino_vectors *v, size_t row, kino_scratch *s);

bool kino_hnsw_has(const kino_hnsw *g, size_t row);

/* What a check of the whole graph found; for `kino check` and the tests. */
typedef struct kino_hnsw_report {
    size_t nodes, links; /* at the ground; a link counts at both of its ends */
    size_t unreachable;  /* nodes that no way from the entry leads to */
    size_t one_sided;    /* links whose other end does not know them, on any level */
    size_t bad;          /* links to rows that are not in the graph, to the node itself, or repeated */
    size_t bytes;        /* of the graph without the vectors */
    int top_level;
} kino_hnsw_report;
void kino_hnsw_check(const kino_hnsw *g, kino_hnsw_report *out);

/* As sections "graph.*", lent to the writer until the graph changes or goes; see kino_vectors_save. A viewed graph is read-only: links that are out of range are passed
 * over by the search, so that a damaged file can cost recall, never memory. */
void kino_hnsw_save(kino_hnsw *g, kino_container_writer *w);
kino_status kino_hnsw_view(const kino_container *c, size_t n, kino_hnsw **out, kino_error *err);

/* ---- choice ---- */

/* KINO_INDEX_EXACT or KINO_INDEX_HNSW for n rows; `wanted` other than KINO_INDEX_AUTO is obeyed. */
kino_index_kind kino_index_choose(size_t n, kino_index_kind wanted);

#endif
