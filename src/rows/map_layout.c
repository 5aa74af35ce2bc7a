/* map_layout.c - rows -> places.
 *
 * Tried and given up: sequential stochastic descent, as UMAP has it, depends on the order of the threads; steps that
 * are not divided by a row's weight swing for ever when all rows move at once. */
#include "rows/map_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/thread.h"

enum {
    NEAREST = 15, /* rows that pull a row, and those that it is one of the nearest of */
    POOL = 40,    /* candidates that the graph looks at for them */
    PUSHES = 6,   /* random rows that push a row, in each epoch */
    EPOCHS = 300,
    CHUNK = 512,   /* rows of a task */
    TURNS = 8,     /* of the power iteration */
    SAMPLE = 8192, /* rows that the principal components are taken from */
};

typedef struct layout {
    const kino_vectors *v;
    const kino_hnsw *graph;
    kino_scratch *scratch[KINO_MAX_THREADS];
    size_t n;
    uint32_t *near;      /* [n][NEAREST]; n: none */
    float *pull;         /* [n][NEAREST] */
    uint32_t *edge_at;   /* [n + 1] */
    uint32_t *edge;      /* both ways */
    float *weight, *sum; /* of an edge; of the edges of a row, [n] */
    float *from, *to;    /* [n][2] */
    double axis[2][KINO_MAX_DIM], mean[KINO_MAX_DIM];
    float step;
    int epoch;
} layout;

static size_t chunks(const layout *l)
{
    return (l->n + CHUNK - 1) / CHUNK;
}

static size_t chunk_end(const layout *l, size_t chunk)
{
    return (chunk + 1) * CHUNK < l->n ? (chunk + 1) * CHUNK : l->n;
}

/* ---- who pulls ---- */

/* UMAP's weights: the nearest row pulls with 1, and the others so that together they pull like log2(NEAREST). */
static void weigh(const float *far, size_t count, float *pull)
{
    const double target = log2(NEAREST);
    double low = 0, high = 1e3, scale = 1;
    for (int turn = 0; turn < 40; turn++) {
        double sum = 0;
        for (size_t i = 0; i < count; i++)
            sum += exp(-(double)(far[i] - far[0]) / scale);
        if (sum > target)
            high = scale;
        else
            low = scale;
        scale = (low + high) / 2;
    }
    for (size_t i = 0; i < count; i++)
        pull[i] = (float)exp(-(double)(far[i] - far[0]) / scale);
}

static void find_near(void *ctx, size_t chunk, int worker)
{
    layout *l = ctx;
    kino_hit hits[NEAREST + 1];
    float far[NEAREST];
    if (!l->scratch[worker])
        l->scratch[worker] = kino_scratch_new();
    for (size_t row = chunk * CHUNK; row < chunk_end(l, chunk); row++) {
        const float *query = l->v->rows + row * l->v->dim;
        size_t count = 0,
               found = l->graph
                           ? kino_hnsw_search(l->graph, l->v, query, NEAREST + 1, POOL, NULL, l->scratch[worker], hits)
                           : kino_exact_search(l->v, query, NEAREST + 1, NULL, l->scratch[worker], hits);
        uint32_t *near = l->near + row * NEAREST;
        for (size_t i = 0; i < found && count < NEAREST; i++)
            if (hits[i].row != row) {
                far[count] = -hits[i].score;
                near[count++] = hits[i].row;
            }
        weigh(far, count, l->pull + row * NEAREST);
        for (; count < NEAREST; count++)
            near[count] = (uint32_t)l->n;
    }
}

static float pull_of(const layout *l, uint32_t row, uint32_t on)
{
    for (size_t i = 0; i < NEAREST; i++)
        if (l->near[row * (size_t)NEAREST + i] == on)
            return l->pull[row * (size_t)NEAREST + i];
    return 0;
}

/* Each pull becomes an edge that is there for both ends, once; a and b pulling each other are a + b - ab. */
static void join_edges(layout *l)
{
    const size_t all = l->n * NEAREST;
    uint32_t *fill = kino_alloc_array(l->n + 1, sizeof *fill);
    l->edge_at = kino_alloc_array(l->n + 1, sizeof *l->edge_at);
    for (int pass = 0; pass < 2; pass++) {
        for (size_t i = 0; i < all; i++) {
            uint32_t a = (uint32_t)(i / NEAREST), b = l->near[i];
            float back = b < l->n ? pull_of(l, b, a) : 0;
            if (b == l->n || (back > 0 && b < a)) /* the pair was met at b */
                continue;
            if (pass) {
                l->edge[fill[a]] = b;
                l->edge[fill[b]] = a;
                l->weight[fill[a]] = l->weight[fill[b]] = l->pull[i] + back - l->pull[i] * back;
            }
            fill[a]++;
            fill[b]++;
        }
        if (!pass) {
            for (size_t row = 0; row < l->n; row++) {
                l->edge_at[row + 1] = l->edge_at[row] + fill[row];
                fill[row] = l->edge_at[row];
            }
            l->edge = kino_alloc_array((size_t)l->edge_at[l->n] + 1, sizeof *l->edge);
            l->weight = kino_alloc_array((size_t)l->edge_at[l->n] + 1, sizeof *l->weight);
        }
    }
    for (size_t row = 0; row < l->n; row++)
        for (uint32_t e = l->edge_at[row]; e < l->edge_at[row + 1]; e++)
            l->sum[row] += l->weight[e];
    free(fill);
}

/* ---- where it begins ---- */

/* The two principal components of a sample of the rows, by power iteration. */
static void find_axes(layout *l)
{
    const size_t dim = l->v->dim, stride = l->n / SAMPLE + 1;
    size_t count = 0;
    for (size_t row = 0; row < l->n; row += stride, count++)
        for (size_t d = 0; d < dim; d++)
            l->mean[d] += l->v->rows[row * dim + d];
    for (size_t d = 0; d < dim; d++)
        l->mean[d] /= (double)count;
    for (int which = 0; which < 2; which++) {
        double *axis = l->axis[which], next[KINO_MAX_DIM];
        for (size_t d = 0; d < dim; d++)
            axis[d] = kino_random_unit(1, (uint64_t)which, d) - .5;
        for (int turn = 0; turn < TURNS; turn++) {
            double length = 0, along = 0;
            memset(next, 0, sizeof next);
            for (size_t row = 0; row < l->n; row += stride) {
                const float *x = l->v->rows + row * dim;
                double dot = 0;
                for (size_t d = 0; d < dim; d++)
                    dot += (x[d] - l->mean[d]) * axis[d];
                for (size_t d = 0; d < dim; d++)
                    next[d] += dot * (x[d] - l->mean[d]);
            }
            for (size_t d = 0; which && d < dim; d++)
                along += next[d] * l->axis[0][d];
            for (size_t d = 0; d < dim; d++) {
                next[d] -= which ? along * l->axis[0][d] : 0;
                length += next[d] * next[d];
            }
            for (size_t d = 0; d < dim; d++)
                axis[d] = length > 0 ? next[d] / sqrt(length) : 0;
        }
    }
}

static void project(void *ctx, size_t chunk, int worker)
{
    layout *l = ctx;
    const size_t dim = l->v->dim;
    (void)worker;
    for (size_t row = chunk * CHUNK; row < chunk_end(l, chunk); row++)
        for (int which = 0; which < 2; which++) {
            double at = 0;
            for (size_t d = 0; d < dim; d++)
                at += (l->v->rows[row * dim + d] - l->mean[d]) * l->axis[which][d];
            /* equal rows begin a little apart, else nothing would ever part them */
            l->from[2 * row + which] = (float)(20 * at) + .02f * kino_random_unit(2, (uint64_t)which, row);
        }
}

/* ---- epochs ---- */

static float most(float x)
{
    return x > 2 ? 2 : x < -2 ? -2 : x;
}

/* Attraction d / (1 + d^2) and repulsion d / ((e + d^2) (1 + d^2)), both those of the likelihood of LargeVis, divided by
 * what pulls the row altogether. */
static void move(void *ctx, size_t chunk, int worker)
{
    layout *l = ctx;
    const float *at = l->from;
    (void)worker;
    for (size_t row = chunk * CHUNK; row < chunk_end(l, chunk); row++) {
        const float x = at[2 * row], y = at[2 * row + 1];
        float fx = 0, fy = 0, px = 0, py = 0;
        for (uint32_t e = l->edge_at[row]; e < l->edge_at[row + 1]; e++) {
            const float dx = at[2 * l->edge[e]] - x, dy = at[2 * l->edge[e] + 1] - y;
            const float g = l->weight[e] / (1 + dx * dx + dy * dy);
            fx += g * dx;
            fy += g * dy;
        }
        uint64_t r = kino_random(3, (uint64_t)l->epoch, row);
        for (int i = 0; i < PUSHES; i++) {
            const size_t other = (size_t)(((r & UINT32_MAX) * l->n) >> 32);
            const float dx = x - at[2 * other], dy = y - at[2 * other + 1], d = dx * dx + dy * dy;
            const float g = 1 / ((.01f + d) * (1 + d));
            px += most(g * dx);
            py += most(g * dy);
            r = kino_mix(r);
        }
        const float sum = l->sum[row] > 0 ? l->sum[row] : 1;
        l->to[2 * row] = x + l->step * (fx / sum + px);
        l->to[2 * row + 1] = y + l->step * (fy / sum + py);
    }
}

static int by_size(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

/* Centred; nearly all rows come to lie within the circle of .9, and the few that are far away between it and 1. */
static void fit(layout *l)
{
    double x = 0, y = 0;
    for (size_t row = 0; row < l->n; row++) {
        x += l->from[2 * row];
        y += l->from[2 * row + 1];
    }
    float *far = l->to;
    for (size_t row = 0; row < l->n; row++) {
        l->from[2 * row] -= (float)(x / (double)l->n);
        l->from[2 * row + 1] -= (float)(y / (double)l->n);
        far[row] = hypotf(l->from[2 * row], l->from[2 * row + 1]);
    }
    qsort(far, l->n, sizeof *far, by_size);
    const float unit = l->n && far[l->n * 99 / 100] > 0 ? far[l->n * 99 / 100] / .9f : 1;
    for (size_t row = 0; row < l->n; row++) {
        float *at = l->from + 2 * row, r = hypotf(at[0], at[1]) / unit;
        float to = r > .9f ? 1 - .1f * .1f / (r - .8f) : r;
        for (int d = 0; d < 2; d++)
            at[d] = r > 0 ? at[d] / unit / r * to : 0;
    }
}

float *kino_map_layout(const kino_vectors *v, const kino_hnsw *graph, int threads)
{
    layout *l = kino_alloc(sizeof *l);
    *l = (layout){.v = v,
                  .graph = graph,
                  .n = v->n,
                  .near = kino_alloc_array(v->n * NEAREST + 1, sizeof *l->near),
                  .pull = kino_alloc_array(v->n * NEAREST + 1, sizeof *l->pull),
                  .sum = kino_alloc_array(v->n + 1, sizeof *l->sum),
                  .from = kino_alloc_floats(2 * v->n + 1),
                  .to = kino_alloc_floats(2 * v->n + 1)};
    kino_parallel(threads, chunks(l), find_near, l);
    join_edges(l);
    if (l->n)
        find_axes(l);
    kino_parallel(threads, chunks(l), project, l);
    for (l->epoch = 0; l->epoch < EPOCHS; l->epoch++) {
        l->step = .6f * (1 - (float)l->epoch / EPOCHS);
        kino_parallel(threads, chunks(l), move, l);
        float *was = l->from;
        l->from = l->to;
        l->to = was;
    }
    fit(l);
    float *out = l->from;
    for (int i = 0; i < KINO_MAX_THREADS; i++)
        kino_scratch_free(l->scratch[i]);
    void *own[] = {l->near, l->pull, l->edge_at, l->edge, l->weight, l->sum, l->to};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        free(own[i]);
    free(l);
    return out;
}
