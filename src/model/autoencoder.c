/* autoencoder.c - the network that makes profiles: its shape, its files, its forward pass. */
#include "model/autoencoder_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/thread.h"

/* ---- the network ---- */

static const size_t widths[LAYERS] = {WIDE, NARROW, CODE, NARROW, WIDE, 0};
static const int norm_layer[NORMS] = {0, 3};

size_t kino_network_inputs(const network *n, int layer)
{
    return layer ? widths[layer - 1] : n->columns;
}

size_t kino_network_width(const network *n, int layer)
{
    return layer < LAYERS - 1 ? widths[layer] : n->padded;
}

static size_t norm_width(int norm)
{
    return widths[norm_layer[norm]];
}

kino_autoencoder *kino_autoencoder_new(size_t columns, const uint8_t *sigmoid, const kino_kernels *kernels)
{
    kino_autoencoder *a = kino_alloc(sizeof *a);
    network *n = &a->n;
    a->table = *kernels;
    a->kernels = &a->table.dense;
    a->decoder = true;
    n->columns = columns;
    n->padded = 16 * ((columns + 15) / 16 | 1);
    a->sigmoid = kino_alloc(n->padded);
    if (sigmoid)
        for (size_t c = 0; c < columns; c++)
            a->sigmoid[c] = sigmoid[c] != 0;
    n->sigmoid = a->sigmoid;
    for (int l = 0; l < LAYERS; l++) /* every part is a multiple of 16 floats, so all are aligned */
        n->count += (kino_network_inputs(n, l) + 1) * kino_network_width(n, l);
    for (int i = 0; i < NORMS; i++)
        n->count += 4 * norm_width(i);
    float *p = n->all = kino_alloc_floats(n->count);
    for (int l = 0; l < LAYERS; l++) {
        n->weight[l] = p;
        n->bias[l] = p += kino_network_inputs(n, l) * kino_network_width(n, l);
        p += kino_network_width(n, l);
    }
    for (int i = 0; i < NORMS; i++) {
        size_t w = norm_width(i);
        n->norm[i] = p;
        for (size_t j = 0; j < w; j++)
            p[j] = p[3 * w + j] = 1;
        p += 4 * w;
        a->stats[i] = kino_alloc_floats(3 * w);
    }
    a->last = kino_alloc_floats(WIDE * columns);
    return a;
}

void kino_norm_moving(size_t n, const float *norm, float *stats)
{
    for (size_t j = 0; j < n; j++) {
        stats[j] = norm[2 * n + j];
        stats[n + j] = 1.0f / sqrtf(norm[3 * n + j] + NORM_EPSILON);
        stats[2 * n + j] = norm[3 * n + j];
    }
}

void kino_autoencoder_finish(kino_autoencoder *a)
{
    for (int i = 0; i < NORMS; i++)
        kino_norm_moving(norm_width(i), a->n.norm[i], a->stats[i]);
    for (size_t i = 0; i < WIDE; i++)
        memcpy(a->last + i * a->n.columns, a->n.weight[LAYERS - 1] + i * a->n.padded, a->n.columns * sizeof *a->last);
}

void kino_autoencoder_free(kino_autoencoder *a)
{
    if (!a)
        return;
    for (int i = 0; i < NORMS; i++)
        free(a->stats[i]);
    free(a->n.all);
    free(a->sigmoid);
    free(a->last);
    free(a);
}

size_t kino_autoencoder_columns(const kino_autoencoder *a)
{
    return a->n.columns;
}

/* ---- inference ---- */

void kino_network_infer(const network *n, const kino_autoencoder_kernels *k, float *const stats[NORMS],
                        const kino_sparse_row *x, size_t rows, float *scratch, float *code, float *y)
{
    float *row = scratch;                     /* [16][128] */
    float *wide = row + KINO_SLICE * WIDE;    /* [128][16] */
    float *narrow = wide + WIDE * KINO_SLICE; /* [64][16] */
    for (size_t r = 0; r < rows; r++)
        k->forward_sparse(WIDE, x[r].count, x[r].index, x[r].value, n->weight[0], n->bias[0], row + r * WIDE);
    memset(row + rows * WIDE, 0, (KINO_SLICE - rows) * WIDE * sizeof *row);
    k->norm_forward(rows, WIDE, row, stats[0], n->norm[0], NULL, row);
    k->transpose(KINO_SLICE, WIDE, row, WIDE, wide, KINO_SLICE);
    k->forward(WIDE, NARROW, n->weight[1], n->bias[1], wide, KINO_SLICE, 1, narrow, KINO_SLICE);
    k->forward(NARROW, CODE, n->weight[2], n->bias[2], narrow, KINO_SLICE, 1, code, KINO_SLICE);
    if (!y)
        return;
    k->forward(CODE, NARROW, n->weight[3], n->bias[3], code, KINO_SLICE, 1, narrow, KINO_SLICE);
    k->transpose(NARROW, KINO_SLICE, narrow, KINO_SLICE, row, NARROW);
    k->norm_forward(KINO_SLICE, NARROW, row, stats[1], n->norm[1], NULL, row);
    k->transpose(KINO_SLICE, NARROW, row, NARROW, narrow, KINO_SLICE);
    k->forward(NARROW, WIDE, n->weight[4], n->bias[4], narrow, KINO_SLICE, 1, wide, KINO_SLICE);
    k->forward(WIDE, n->padded, n->weight[5], n->bias[5], wide, KINO_SLICE, 0, y, KINO_SLICE);
    k->sigmoid(n->padded, n->sigmoid, y);
}

double kino_network_error(const network *n, const kino_autoencoder_kernels *k, const kino_sparse_row *x, size_t rows,
                          float scale, float *y)
{
    size_t count = 0;
    for (size_t r = 0; r < rows; r++)
        count += x[r].count;
    float *kept = kino_alloc_array(count, sizeof *kept), *v = kept;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < x[r].count; i++)
            *v++ = y[x[r].index[i] * KINO_SLICE + r];
    double sum = (double)k->error(rows, n->padded, n->sigmoid, scale, y);
    v = kept;
    for (size_t r = 0; r < rows; r++)
        for (size_t i = 0; i < x[r].count; i++, v++) {
            const uint32_t c = x[r].index[i];
            const float d = *v - x[r].value[i];
            sum += (double)d * (double)d - (double)*v * (double)*v;
            y[c * KINO_SLICE + r] = n->sigmoid[c] ? d * scale * (*v * (1 - *v)) : d * scale;
        }
    free(kept);
    return sum;
}

enum { CHUNK = 256 }; /* rows of a task */

typedef struct inference {
    const kino_autoencoder *a;
    const kino_sparse *rows;
    bool whole; /* the reconstruction, not the code */
    float *out; /* [rows][wanted] */
} inference;

static void infer_chunk(void *ctx, size_t chunk, int worker)
{
    const inference *f = ctx;
    const kino_autoencoder *a = f->a;
    const size_t padded = a->n.padded, wanted = f->whole ? a->n.columns : CODE, width = f->whole ? padded : CODE;
    const size_t count = f->rows->rows, end = (chunk + 1) * CHUNK < count ? (chunk + 1) * CHUNK : count;
    (void)worker;
    float *scratch = kino_alloc_floats(KINO_INFER_SCRATCH + KINO_SLICE * (CODE + width + (f->whole ? padded : 0)));
    float *code = scratch + KINO_INFER_SCRATCH, *by_row = code + KINO_SLICE * CODE;
    float *y = f->whole ? by_row + KINO_SLICE * width : NULL;
    for (size_t at = chunk * CHUNK; at < end; at += KINO_SLICE) {
        kino_sparse_row x[KINO_SLICE];
        const size_t rows = end - at < KINO_SLICE ? end - at : KINO_SLICE;
        for (size_t r = 0; r < rows; r++)
            x[r] = kino_sparse_at(f->rows, at + r);
        kino_network_infer(&a->n, a->kernels, a->stats, x, rows, scratch, code, y);
        a->kernels->transpose(width, KINO_SLICE, y ? y : code, KINO_SLICE, by_row, width);
        for (size_t r = 0; r < rows; r++)
            memcpy(f->out + (at + r) * wanted, by_row + r * width, wanted * sizeof *f->out);
    }
    free(scratch);
}

static void infer(const kino_autoencoder *a, const kino_sparse *rows, int threads, bool whole, float *out)
{
    inference f = {a, rows, whole, out};
    kino_parallel(kino_thread_count(threads), (rows->rows + CHUNK - 1) / CHUNK, infer_chunk, &f);
}

void kino_autoencoder_encode(const kino_autoencoder *a, const kino_sparse *rows, int threads, float *codes)
{
    infer(a, rows, threads, false, codes);
}

bool kino_autoencoder_reconstruct(const kino_autoencoder *a, const kino_sparse *rows, int threads, float *out)
{
    if (a->decoder)
        infer(a, rows, threads, true, out);
    return a->decoder;
}

/* ---- saving and loading ---- */

static size_t saved_width(const network *n, int layer)
{
    return layer < LAYERS - 1 ? widths[layer] : n->columns;
}

static const char *section_name(char out[KINO_SECTION_NAME], int layer, const char *what)
{
    snprintf(out, KINO_SECTION_NAME, "autoencoder.%d.%s", layer, what);
    return out;
}

void kino_autoencoder_save(const kino_autoencoder *a, kino_container_writer *w)
{
    const network *n = &a->n;
    char name[KINO_SECTION_NAME];
    for (int l = 0; l < (a->decoder ? LAYERS : ENCODER); l++) {
        uint64_t dims[2] = {kino_network_inputs(n, l), saved_width(n, l)};
        kino_container_add(w, section_name(name, l, "weight"), KINO_F32, 2, dims,
                           l < LAYERS - 1 ? n->weight[l] : a->last);
        kino_container_add(w, section_name(name, l, "bias"), KINO_F32, 1, dims + 1, n->bias[l]);
    }
    for (int i = 0; i < (a->decoder ? NORMS : 1); i++)
        kino_container_add(w, section_name(name, norm_layer[i], "norm"), KINO_F32, 2, (uint64_t[]){4, norm_width(i)},
                           n->norm[i]);
    if (a->decoder)
        kino_container_add(w, "autoencoder.sigmoid", KINO_U8, 1, (uint64_t[]){n->columns}, a->sigmoid);
}

/* Trained weights are of the order of 1, variances of the order of the squared inputs; far beyond this, products would
 * overflow. */
#define LIMIT_WEIGHT 1e12f

/* Reads [rows][columns] into rows that are `stride` apart. */
static kino_status load_floats(const kino_container *c, int layer, const char *what, uint32_t rank, size_t rows,
                               size_t columns, size_t stride, float *out, kino_error *err)
{
    char name[KINO_SECTION_NAME];
    const uint64_t dims[2] = {rank == 2 ? rows : columns, columns};
    const kino_section *s = kino_container_find(c, section_name(name, layer, what), KINO_F32, rank, dims, err);
    if (!s)
        return KINO_DAMAGED;
    const float *in = s->data;
    for (size_t i = 0; i < rows * columns; i++)
        if (!(fabsf(in[i]) <= LIMIT_WEIGHT))
            return kino_fail(err, KINO_DAMAGED, "%s: section %s holds %g at %zu, which is no weight of a network",
                             c->path, name, in[i], i);
    for (size_t r = 0; r < rows; r++)
        memcpy(out + r * stride, in + r * columns, columns * sizeof *out);
    return KINO_OK;
}

static kino_status load_norm(const kino_container *c, network *n, int i, kino_error *err)
{
    const size_t w = norm_width(i);
    kino_status st = load_floats(c, norm_layer[i], "norm", 2, 4, w, w, n->norm[i], err);
    for (size_t j = 0; !st && j < w; j++)
        if (n->norm[i][3 * w + j] < 0)
            st = kino_fail(err, KINO_DAMAGED, "%s: section autoencoder.%d.norm has a negative variance", c->path,
                           norm_layer[i]);
    return st;
}

static kino_status load_sigmoid(const kino_container *c, kino_autoencoder *a, kino_error *err)
{
    const uint64_t dims[1] = {a->n.columns};
    const kino_section *s = kino_container_find(c, "autoencoder.sigmoid", KINO_U8, 1, dims, err);
    if (!s)
        return KINO_DAMAGED;
    memcpy(a->sigmoid, s->data, a->n.columns);
    for (size_t i = 0; i < a->n.columns; i++)
        if (a->sigmoid[i] > 1)
            return kino_fail(err, KINO_DAMAGED, "%s: section autoencoder.sigmoid holds %d at %zu; 0 and 1 are known",
                             c->path, a->sigmoid[i], i);
    return KINO_OK;
}

kino_status kino_autoencoder_load(const kino_container *c, kino_autoencoder **out, kino_error *err)
{
    const kino_section *first =
        kino_container_find(c, "autoencoder.0.weight", KINO_F32, 2, (uint64_t[]){KINO_ANY, WIDE}, err);
    if (!first)
        return KINO_DAMAGED;
    if (first->dims[0] < 1 || first->dims[0] > KINO_AUTOENCODER_COLUMNS)
        return kino_fail(err, KINO_DAMAGED, "%s: an autoencoder of %llu columns; 1 to %d are possible", c->path,
                         (unsigned long long)first->dims[0], KINO_AUTOENCODER_COLUMNS);
    kino_status st = KINO_OK;
    kino_autoencoder *a = kino_autoencoder_new((size_t)first->dims[0], NULL, kino_kernels_get());
    network *n = &a->n;
    a->decoder = kino_container_get(c, "autoencoder.3.weight") || kino_container_get(c, "autoencoder.5.weight");
    for (int l = 0; !st && l < (a->decoder ? LAYERS : ENCODER); l++) {
        st = load_floats(c, l, "weight", 2, kino_network_inputs(n, l), saved_width(n, l), kino_network_width(n, l),
                         n->weight[l], err);
        if (!st)
            st = load_floats(c, l, "bias", 1, 1, saved_width(n, l), saved_width(n, l), n->bias[l], err);
    }
    for (int i = 0; !st && i < (a->decoder ? NORMS : 1); i++)
        st = load_norm(c, n, i, err);
    if (!st && a->decoder)
        st = load_sigmoid(c, a, err);
    if (st) {
        kino_autoencoder_free(a);
        return st;
    }
    kino_autoencoder_finish(a);
    *out = a;
    return KINO_OK;
}
