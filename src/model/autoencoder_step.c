/* autoencoder_step.c - one training step by hand.
 *
 * The batch is cut into slices of 16 rows. A slice goes through the network on its own, by whichever thread, but for
 * the batch norms, which need numbers of all slices; so a step has six phases:
 *
 *     1 layer 0                                      by slice   leaves the moments of batch norm 0
 *     2 batch norm 0, layers 1 to 3                  by slice   leaves the moments of batch norm 1
 *     3 batch norm 1, layers 4 and 5, error, back
 *       through 5 and 4 to batch norm 1              by slice   leaves the sums of batch norm 1
 *     4 back through it and 3 to 1, to batch norm 0  by slice   leaves the sums of batch norm 0
 *     5 back through it                              by slice
 *     6 gradients of weights, and Adam at once       by rows of weights
 *
 * What is summed over the batch is summed over slices, or rows, in order: the same bits for any number of threads.
 * Names: `x_u` is by unit, [n][stride], `x_r` by row, [rows][n]; d_ is the derivative of the batch's mean error. */
#include "model/autoencoder_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

#define RANDOM_DROPOUT UINT64_C(0xd409)

/* A part of phase 6: rows [from, from + rows) of a matrix, or (rows 0) all vectors. */
typedef struct part {
    int layer;
    size_t from, rows;
} part;

enum { MOST_PARTS = KINO_TEAM_CHUNKS, ERROR_STRIDE = 8 };

struct trainer {
    network *n;
    const kino_autoencoder_kernels *k;
    step_options o;
    kino_team *team;
    kino_team_phase phases[6];
    part parts[MOST_PARTS];
    size_t part_count;

    size_t lanes; /* batch, padded to slices */
    size_t slices;
    uint64_t step; /* from 1 */
    bool keep_masks;
    float *m, *v;   /* Adam's moments, as network.all */
    kino_adam adam; /* of this step */

    const kino_sparse_row *x; /* the batch */
    size_t rows;
    uint32_t *of_column_index; /* [columns][lanes] rows in which a column is not 0 */
    float *of_column_value;    /* [columns][lanes] */
    size_t *of_column_count;   /* [columns] */

    float *a0_r, *z0_r, *mask0, *g0_r, *d0_r; /* [lanes][128]: relu, batch norm and dropout, mask, d_z, d_y */
    float *t1_u, *t2_u;                       /* [64], [32][lanes]: relu */
    float *a3_r, *z3_r, *mask3, *g3_r, *d3_r; /* [lanes][64] */
    float *t4_u;                              /* [128][lanes] */
    float *y_u;                               /* [slices][padded][16] */
    float *d1_r, *d2_r, *d4_r, *d5_r;         /* [lanes][64], [32], [128], [padded] */
    float *moments[NORMS], *sums[NORMS];      /* [slices][2][width] */
    float *stats[NORMS];                      /* [slices][3][width]: each slice finds the same ones */
    double *error;                            /* [slices][8]: one number, in a line of its own */
    float *block;
};

static size_t rows_of(const trainer *t, size_t slice)
{
    const size_t from = slice * KINO_SLICE;
    return from >= t->rows ? 0 : t->rows - from < KINO_SLICE ? t->rows - from : KINO_SLICE;
}

static void draw_masks(trainer *t, size_t slice, int norm, size_t width, float *mask)
{
    const uint32_t threshold = (uint32_t)lrintf(t->o.dropout * 0x1p24f);
    const float scale = 1 / (1 - t->o.dropout); /* inverted: inference needs no factor */
    for (size_t r = slice * KINO_SLICE; !t->keep_masks && r < (slice + 1) * KINO_SLICE; r++) {
        uint64_t key = kino_random(t->o.seed, RANDOM_DROPOUT + (uint64_t)norm, t->step * KINO_AUTOENCODER_BATCH + r);
        t->k->dropout(width, key, threshold, scale, mask + r * width);
    }
}

/* a = relu(W x + b) */
static void phase_first(void *ctx, size_t slice)
{
    trainer *t = ctx;
    const network *n = t->n;
    const size_t rows = rows_of(t, slice), from = slice * KINO_SLICE;
    for (size_t r = 0; r < rows; r++) {
        const kino_sparse_row *x = &t->x[from + r];
        t->k->forward_sparse(WIDE, x->count, x->index, x->value, n->weight[0], n->bias[0], t->a0_r + (from + r) * WIDE);
    }
    t->k->norm_moments(rows, WIDE, t->a0_r + from * WIDE, t->moments[0] + slice * 2 * WIDE);
    draw_masks(t, slice, 0, WIDE, t->mask0);
    draw_masks(t, slice, 1, NARROW, t->mask3);
}

/* z = mask (gamma (a - mean) / sqrt(variance + epsilon) + beta), the moments being the batch's; on to t3 = relu(..) */
static void phase_narrow(void *ctx, size_t slice)
{
    trainer *t = ctx;
    const network *n = t->n;
    const kino_autoencoder_kernels *k = t->k;
    const size_t rows = rows_of(t, slice), from = slice * KINO_SLICE, stride = t->lanes;
    _Alignas(64) float x_u[WIDE * KINO_SLICE];
    float *stats = t->stats[0] + slice * 3 * WIDE;
    k->norm_stats(t->rows, WIDE, t->moments[0], NORM_EPSILON, stats);
    k->norm_forward(rows, WIDE, t->a0_r + from * WIDE, stats, n->norm[0], t->mask0 + from * WIDE,
                    t->z0_r + from * WIDE);
    k->transpose(KINO_SLICE, WIDE, t->z0_r + from * WIDE, WIDE, x_u, KINO_SLICE);
    k->forward(WIDE, NARROW, n->weight[1], n->bias[1], x_u, KINO_SLICE, 1, t->t1_u + from, stride);
    k->forward(NARROW, CODE, n->weight[2], n->bias[2], t->t1_u + from, stride, 1, t->t2_u + from, stride);
    k->forward(CODE, NARROW, n->weight[3], n->bias[3], t->t2_u + from, stride, 1, x_u, KINO_SLICE);
    k->transpose(NARROW, KINO_SLICE, x_u, KINO_SLICE, t->a3_r + from * NARROW, NARROW);
    k->norm_moments(rows, NARROW, t->a3_r + from * NARROW, t->moments[1] + slice * 2 * NARROW);
}

/* error = sum (y - target)^2, so d_y = 2 (y - target) / (rows columns), and behind a sigmoid d_y y (1 - y);
 * y = W t + b, so d_t = W' d_y; t = relu(..), so d_.. = d_t where t > 0 */
static void phase_output(void *ctx, size_t slice)
{
    trainer *t = ctx;
    const network *n = t->n;
    const kino_autoencoder_kernels *k = t->k;
    const size_t rows = rows_of(t, slice), from = slice * KINO_SLICE, stride = t->lanes, padded = n->padded;
    _Alignas(64) float x_u[NARROW * KINO_SLICE], d4_u[WIDE * KINO_SLICE];
    float *stats = t->stats[1] + slice * 3 * NARROW, *y = t->y_u + slice * padded * KINO_SLICE;
    k->norm_stats(t->rows, NARROW, t->moments[1], NORM_EPSILON, stats);
    k->norm_forward(rows, NARROW, t->a3_r + from * NARROW, stats, n->norm[1], t->mask3 + from * NARROW,
                    t->z3_r + from * NARROW);
    k->transpose(KINO_SLICE, NARROW, t->z3_r + from * NARROW, NARROW, x_u, KINO_SLICE);
    k->forward(NARROW, WIDE, n->weight[4], n->bias[4], x_u, KINO_SLICE, 1, t->t4_u + from, stride);
    k->forward(WIDE, padded, n->weight[5], n->bias[5], t->t4_u + from, stride, 0, y, KINO_SLICE);
    k->sigmoid(padded, n->sigmoid, y);

    const float scale = 2.0f / ((float)t->rows * (float)n->columns);
    t->error[slice * ERROR_STRIDE] = kino_network_error(n, k, t->x + from, rows, scale, y);
    k->transpose(padded, KINO_SLICE, y, KINO_SLICE, t->d5_r + from * padded, padded);
    k->backward(WIDE, padded, n->weight[5], y, KINO_SLICE, t->t4_u + from, stride, d4_u, KINO_SLICE);
    k->transpose(WIDE, KINO_SLICE, d4_u, KINO_SLICE, t->d4_r + from * WIDE, WIDE);
    k->backward(NARROW, WIDE, n->weight[4], d4_u, KINO_SLICE, NULL, 0, x_u, KINO_SLICE);
    k->transpose(NARROW, KINO_SLICE, x_u, KINO_SLICE, t->g3_r + from * NARROW, NARROW);
    k->norm_sums(rows, NARROW, t->a3_r + from * NARROW, stats, t->mask3 + from * NARROW, t->g3_r + from * NARROW,
                 t->sums[1] + slice * 2 * NARROW);
}

/* total[2][n] of sums[slices][2][n] */
static const float *join(const trainer *t, size_t n, const float *sums, float *total)
{
    memcpy(total, sums, 2 * n * sizeof *total);
    for (size_t s = 1; s < t->slices; s++)
        for (size_t i = 0; i < 2 * n; i++)
            total[i] += sums[s * 2 * n + i];
    return total;
}

/* z = gamma u + beta, u = (a - mean) / sigma, so
 * d_a = gamma / sigma (d_z - mean of d_z - u mean of (d_z u)); d_gamma = sum d_z u, d_beta = sum d_z */
static void phase_back(void *ctx, size_t slice)
{
    trainer *t = ctx;
    const network *n = t->n;
    const kino_autoencoder_kernels *k = t->k;
    const size_t rows = rows_of(t, slice), from = slice * KINO_SLICE, stride = t->lanes;
    _Alignas(64) float d_u[WIDE * KINO_SLICE], e_u[NARROW * KINO_SLICE], total[2 * NARROW];
    join(t, NARROW, t->sums[1], total);
    memset(t->d3_r + (from + rows) * NARROW, 0, (KINO_SLICE - rows) * NARROW * sizeof *t->d3_r);
    k->norm_backward(rows, t->rows, NARROW, t->a3_r + from * NARROW, t->stats[1] + slice * 3 * NARROW, n->norm[1],
                     total, t->g3_r + from * NARROW, t->d3_r + from * NARROW);
    k->transpose(KINO_SLICE, NARROW, t->d3_r + from * NARROW, NARROW, e_u, KINO_SLICE);
    k->backward(CODE, NARROW, n->weight[3], e_u, KINO_SLICE, t->t2_u + from, stride, d_u, KINO_SLICE);
    k->transpose(CODE, KINO_SLICE, d_u, KINO_SLICE, t->d2_r + from * CODE, CODE);
    k->backward(NARROW, CODE, n->weight[2], d_u, KINO_SLICE, t->t1_u + from, stride, e_u, KINO_SLICE);
    k->transpose(NARROW, KINO_SLICE, e_u, KINO_SLICE, t->d1_r + from * NARROW, NARROW);
    k->backward(WIDE, NARROW, n->weight[1], e_u, KINO_SLICE, NULL, 0, d_u, KINO_SLICE);
    k->transpose(WIDE, KINO_SLICE, d_u, KINO_SLICE, t->g0_r + from * WIDE, WIDE);
    k->norm_sums(rows, WIDE, t->a0_r + from * WIDE, t->stats[0] + slice * 3 * WIDE, t->mask0 + from * WIDE,
                 t->g0_r + from * WIDE, t->sums[0] + slice * 2 * WIDE);
}

static void phase_last(void *ctx, size_t slice)
{
    trainer *t = ctx;
    const size_t rows = rows_of(t, slice), from = slice * KINO_SLICE;
    _Alignas(64) float total[2 * WIDE];
    join(t, WIDE, t->sums[0], total);
    t->k->norm_backward(rows, t->rows, WIDE, t->a0_r + from * WIDE, t->stats[0] + slice * 3 * WIDE, t->n->norm[0],
                        total, t->g0_r + from * WIDE, t->d0_r + from * WIDE);
}

/* ---- phase 6: d_W = x d_y' over the batch, d_b = sum of d_y ---- */

static kino_moving moving(const trainer *t, float *w)
{
    const size_t at = (size_t)(w - t->n->all);
    return (kino_moving){w, t->m + at, t->v + at};
}

static kino_moving shifted(kino_moving p, size_t by)
{
    return (kino_moving){p.w + by, p.m + by, p.v + by};
}

static const float *by_row(const trainer *t, int layer)
{
    const float *const d[LAYERS] = {t->d0_r, t->d1_r, t->d2_r, t->d3_r, t->d4_r, t->d5_r};
    return d[layer];
}

static void update_vectors(trainer *t)
{
    network *n = t->n;
    _Alignas(64) float total[2 * MOST_OF_A_NORM];
    for (int l = 0; l < LAYERS; l++)
        t->k->update_sum(kino_network_width(n, l), t->rows, by_row(t, l), &t->adam, moving(t, n->bias[l]));
    /* Keras's moving average, but begun with the first batch instead of with 0 and 1, by weights that grow to .01: the
     * same after some hundred steps, and useful before. */
    const float share = (float)((1 - NORM_MOMENTUM) / (1 - pow(NORM_MOMENTUM, (double)t->step)));
    for (int i = 0; i < NORMS; i++) {
        const size_t w = i ? NARROW : WIDE;
        join(t, w, t->sums[i], total);
        t->k->update_sum(2 * w, 1, total, &t->adam, moving(t, n->norm[i])); /* gamma and beta */
        for (size_t j = 0; j < w; j++) {
            n->norm[i][2 * w + j] += share * (t->stats[i][j] - n->norm[i][2 * w + j]);
            n->norm[i][3 * w + j] += share * (t->stats[i][2 * w + j] - n->norm[i][3 * w + j]);
        }
    }
}

static void phase_update(void *ctx, size_t chunk)
{
    trainer *t = ctx;
    const network *n = t->n;
    const part *p = &t->parts[chunk];
    const size_t wide = kino_network_width(n, p->layer), lanes = t->lanes;
    kino_moving w = shifted(moving(t, n->weight[p->layer]), p->from * wide);
    /* what went into each layer; x[k][row] at x[k * unit + row * row_step] */
    const struct {
        const float *x;
        size_t unit, row_step;
    } in[LAYERS] = {{NULL, 0, 0},        {t->z0_r, 1, WIDE},   {t->t1_u, lanes, 1},
                    {t->t2_u, lanes, 1}, {t->z3_r, 1, NARROW}, {t->t4_u, lanes, 1}};
    if (!p->rows)
        update_vectors(t);
    else if (p->layer)
        t->k->update(p->rows, wide, t->rows, in[p->layer].x + p->from * in[p->layer].unit, in[p->layer].unit,
                     in[p->layer].row_step, by_row(t, p->layer), &t->adam, w);
    else
        for (size_t c = p->from; c < p->from + p->rows; c++, w = shifted(w, wide))
            t->k->update_sparse(wide, t->of_column_count[c], t->of_column_index + c * lanes,
                                t->of_column_value + c * lanes, t->d0_r, &t->adam, w);
}

/* Matrices in parts of about the same work; neighbours share a thread. */
static void cut_parts(trainer *t)
{
    const network *n = t->n;
    t->parts[t->part_count++] = (part){0, 0, 0};
    for (int l = 0; l < LAYERS; l++) {
        const size_t inputs = kino_network_inputs(n, l);
        size_t rows = l ? 4096 / kino_network_width(n, l) : 32; /* an update of layer 0 has few products */
        rows = rows < 16 ? 16 : rows / 8 * 8;
        while (!l && inputs > rows * (MOST_PARTS - 40)) /* the others have at most 34 parts */
            rows *= 2;
        for (size_t from = 0; from < inputs; from += rows)
            t->parts[t->part_count++] = (part){l, from, inputs - from < rows ? inputs - from : rows};
    }
}

/* ---- the step ---- */

trainer *kino_trainer_new(network *n, const kino_autoencoder_kernels *k, const step_options *o)
{
    trainer *t = kino_alloc(sizeof *t);
    t->n = n;
    t->k = k;
    t->o = *o;
    t->slices = ((size_t)o->batch + KINO_SLICE - 1) / KINO_SLICE;
    t->lanes = t->slices * KINO_SLICE;
    t->m = kino_alloc_floats(n->count);
    t->v = kino_alloc_floats(n->count);
    t->of_column_index = kino_alloc_array(n->columns * t->lanes, sizeof *t->of_column_index);
    t->of_column_value = kino_alloc_floats(n->columns * t->lanes);
    t->of_column_count = kino_alloc_array(n->columns, sizeof *t->of_column_count);
    const struct {
        float **at;
        size_t width;
    } rows[] = {
        {&t->a0_r, WIDE},   {&t->z0_r, WIDE},   {&t->mask0, WIDE},     {&t->g0_r, WIDE},     {&t->d0_r, WIDE},
        {&t->t1_u, NARROW}, {&t->t2_u, CODE},   {&t->a3_r, NARROW},    {&t->z3_r, NARROW},   {&t->mask3, NARROW},
        {&t->g3_r, NARROW}, {&t->d3_r, NARROW}, {&t->t4_u, WIDE},      {&t->y_u, n->padded}, {&t->d1_r, NARROW},
        {&t->d2_r, CODE},   {&t->d4_r, WIDE},   {&t->d5_r, n->padded},
    };
    const size_t count = sizeof rows / sizeof *rows;
    size_t total = 0;
    for (size_t i = 0; i < count; i++)
        total += rows[i].width * t->lanes;
    float *p = t->block = kino_alloc_floats(total + t->slices * 7 * (WIDE + NARROW));
    for (size_t i = 0; i < count; p += rows[i].width * t->lanes, i++)
        *rows[i].at = p;
    for (int i = 0; i < NORMS; i++) {
        const size_t w = i ? NARROW : WIDE;
        t->moments[i] = p;
        t->sums[i] = p += t->slices * 2 * w;
        t->stats[i] = p += t->slices * 2 * w;
        p += t->slices * 3 * w;
    }
    t->error = kino_alloc_aligned(t->slices * ERROR_STRIDE * sizeof *t->error);
    cut_parts(t);
    void (*const runs[])(void *, size_t) = {phase_first, phase_narrow, phase_output, phase_back, phase_last};
    for (size_t i = 0; i < 5; i++)
        t->phases[i] = (kino_team_phase){runs[i], t->slices};
    t->phases[5] = (kino_team_phase){phase_update, t->part_count};
    t->team = kino_team_start(o->threads, t->phases, 6, t);
    return t;
}

void kino_trainer_free(trainer *t)
{
    if (!t)
        return;
    kino_team_stop(t->team);
    free(t->m);
    free(t->v);
    free(t->of_column_index);
    free(t->of_column_value);
    free(t->of_column_count);
    free(t->block);
    free(t->error);
    free(t);
}

double kino_trainer_step(trainer *t, const kino_sparse_row *x, size_t rows)
{
    t->x = x;
    t->rows = rows;
    t->step++;
    const double b1 = 1 - (double)t->o.less_beta1, b2 = 1 - (double)t->o.less_beta2, s = (double)t->step;
    t->adam = (kino_adam){(float)(t->o.learning_rate * sqrt(1 - pow(b2, s)) / (1 - pow(b1, s))), t->o.less_beta1,
                          t->o.less_beta2, 1e-7f};
    memset(t->of_column_count, 0, t->n->columns * sizeof *t->of_column_count);
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < x[r].count; i++) {
            const size_t c = x[r].index[i], at = c * t->lanes + t->of_column_count[c]++;
            t->of_column_index[at] = (uint32_t)r;
            t->of_column_value[at] = x[r].value[i];
        }
    kino_team_round(t->team);
    double sum = 0;
    for (size_t i = 0; i < t->slices; i++)
        sum += t->error[i * ERROR_STRIDE];
    return sum;
}

const float *kino_trainer_moments(const trainer *t)
{
    return t->m;
}

float *kino_trainer_mask(trainer *t, int norm)
{
    return norm ? t->mask3 : t->mask0;
}

void kino_trainer_keep_masks(trainer *t)
{
    t->keep_masks = true;
}
