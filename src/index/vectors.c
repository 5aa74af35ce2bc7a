/* vectors.c - int8 rows: x_j ~ scale * ratio_b * (code_j - 128).
 *
 * One scale for each row, one ratio for each block: the 32 numbers of a profile are about three times as large as the
 * 384 of a plot, so that a common step would lose a third of the plot's bits; with the ratio folded into the query a
 * row is still one sum of bytes. Two scales for each row were the alternative: a second sum across lanes for nearly
 * nothing, as the ratio of two unit vectors' largest numbers varies little. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "base/thread.h"
#include "index/search.h"
#include "kern/kern.h"

enum { ROW_FLOATS = 12, CHUNK = 256 };

static float largest(const float *x, size_t n)
{
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmaxf(most, fabsf(x[i]));
    return most;
}

/* Row -> bytes. The loss is measured, not estimated, and carries what f32 sums can be off by, so that the bound of
 * exact.c holds against the f32 product as computed: |fl(q.x) - q.x| <= dim u |q||x|, u = 2^-24, and a little for the
 * three roundings of an integer score. */
static void quantise(const kino_vectors *v, const float *x, uint8_t *out)
{
    float scale = 0;
    for (size_t b = 0, at = 0; b < v->blocks; at += v->block_dim[b++])
        scale = fmaxf(scale, largest(x + at, v->block_dim[b]) / v->ratio[b]);
    scale /= 127;
    double lost = 0, kept = 0, length = 0;
    memset(out + v->dim, 0, v->stride - v->dim);
    for (size_t b = 0, j = 0; b < v->blocks; b++) {
        float step = scale * v->ratio[b], inverse = step > 0 ? 1 / step : 0;
        for (size_t end = j + v->block_dim[b]; j < end; j++) {
            long c = lrintf(x[j] * inverse);
            c = c < -127 ? -127 : c > 127 ? 127 : c;
            double off = x[j] - (double)step * (double)c, part = (double)scale * (double)c;
            out[j] = (uint8_t)(c + 128);
            lost += off * off;
            kept += part * part;
            length += (double)x[j] * x[j];
        }
    }
    float tail[3] = {(float)(sqrt(kept) * 1.00001), 0, scale};
    tail[1] = (float)(sqrt(lost) * 1.00001 + (double)(v->dim + 16) * 0x1p-24 * sqrt(length));
    memcpy(out + v->stride - sizeof tail, tail, sizeof tail);
}

typedef struct job {
    const kino_vectors *v;
    uint8_t *codes;
    float *largest; /* [n][blocks] */
} job;

static void measure_chunk(void *ctx, size_t chunk, int worker)
{
    const job *j = ctx;
    const kino_vectors *v = j->v;
    (void)worker;
    for (size_t r = chunk * CHUNK; r < v->n && r < (chunk + 1) * CHUNK; r++)
        for (size_t b = 0, at = 0; b < v->blocks; at += v->block_dim[b++])
            j->largest[r * v->blocks + b] = largest(v->rows + r * v->dim + at, v->block_dim[b]);
}

static void quantise_chunk(void *ctx, size_t chunk, int worker)
{
    const job *j = ctx;
    (void)worker;
    for (size_t r = chunk * CHUNK; r < j->v->n && r < (chunk + 1) * CHUNK; r++)
        quantise(j->v, j->v->rows + r * j->v->dim, j->codes + r * j->v->stride);
}

/* ratio_b: mean of the rows' largest numbers in block b against that of block 0; rows without a block do not count. */
static void choose_ratios(kino_vectors *v, const float *largest)
{
    double first = 1;
    for (size_t b = 0; b < v->blocks; b++) {
        double sum = 0;
        size_t count = 0;
        for (size_t r = 0; r < v->n; r++) {
            sum += largest[r * v->blocks + b];
            count += largest[r * v->blocks + b] > 0;
        }
        double mean = count ? sum / (double)count : 0;
        if (b == 0 && mean > 0)
            first = mean;
        v->ratio[b] = b == 0 || !(mean > 0) ? 1 : (float)(mean / first);
    }
}

static void note_most(kino_vectors *v, size_t row)
{
    v->most_lost = fmaxf(v->most_lost, kino_row_float(v, row, KINO_ROW_LOST));
    v->most_kept = fmaxf(v->most_kept, kino_row_float(v, row, KINO_ROW_KEPT));
}

/* The codes become the handle's own, with room for `rows`. */
static void own(kino_vectors *v, size_t keep, size_t rows)
{
    if (v->owned && rows <= v->capacity)
        return;
    size_t capacity = v->owned && rows < v->capacity + v->capacity / 2 ? v->capacity + v->capacity / 2 : rows;
    uint8_t *codes = kino_alloc_large(capacity * v->stride);
    if (keep)
        memcpy(codes, v->codes, keep * v->stride);
    free(v->owned);
    v->codes = v->owned = codes;
    v->capacity = capacity;
}

void kino_vectors_score_all(const kino_vectors *v, const float *query, kino_scratch *s, float *scores)
{
    enum { AT_ONCE = 64 };
    kino_probe p;
    kino_probe_make(v, query, kino_scratch_probes(s, v->stride, 1), &p);
    for (size_t row = 0; row < v->n; row += AT_ONCE) {
        const size_t count = v->n - row < AT_ONCE ? v->n - row : AT_ONCE;
        kino_kernels_get()->scan_u8(v->codes + row * v->stride, v->stride, count, p.high, p.high_bias, INFINITY,
                                    scores + row);
        for (size_t i = 0; i < count; i++)
            scores[row + i] *= p.unit;
    }
}

bool kino_vectors_has(const kino_vectors *v, size_t row, size_t block)
{
    const uint8_t *codes = v->codes + row * v->stride;
    if (block >= v->blocks)
        return false;
    for (size_t b = 0; b < block; b++)
        codes += v->block_dim[b];
    for (size_t i = 0; i < v->block_dim[block]; i++)
        if (codes[i] != 128)
            return true;
    return false;
}

static size_t stride_of(size_t dim)
{
    return (dim + ROW_FLOATS + 63) / 64 * 64;
}

kino_vectors *kino_vectors_new(const float *rows, size_t n, const size_t *block_dim, size_t blocks, int threads)
{
    kino_vectors *v = kino_alloc(sizeof *v);
    v->rows = rows;
    v->n = n;
    v->blocks = blocks;
    for (size_t b = 0; b < blocks; b++)
        v->dim += v->block_dim[b] = (uint32_t)block_dim[b];
    v->stride = stride_of(v->dim);
    own(v, 0, n ? n : 1);
    job j = {v, v->owned, kino_alloc_array(n * blocks + 1, sizeof(float))};
    threads = kino_thread_count(threads);
    kino_parallel(threads, (n + CHUNK - 1) / CHUNK, measure_chunk, &j);
    choose_ratios(v, j.largest);
    kino_parallel(threads, (n + CHUNK - 1) / CHUNK, quantise_chunk, &j);
    for (size_t r = 0; r < n; r++)
        note_most(v, r);
    free(j.largest);
    return v;
}

void kino_vectors_free(kino_vectors *v)
{
    if (!v)
        return;
    free(v->owned);
    free(v);
}

void kino_vectors_resize(kino_vectors *v, const float *rows, size_t n)
{
    own(v, n < v->n ? n : v->n, n ? n : 1);
    v->rows = rows;
    v->n = n;
}

void kino_vectors_set(kino_vectors *v, size_t row)
{
    own(v, v->n, v->n);
    quantise(v, v->rows + row * v->dim, v->owned + row * v->stride);
    note_most(v, row);
}

/* ---- sections ---- */

/* "index.blocks" [blocks] dims; "index.ratios" [blocks]; "index.lost", "index.kept" [1]; "index.codes" [n][stride]. */
void kino_vectors_save(const kino_vectors *v, kino_container_writer *w)
{
    kino_container_add(w, "index.blocks", KINO_U32, 1, (uint64_t[]){v->blocks}, v->block_dim);
    kino_container_add(w, "index.ratios", KINO_F32, 1, (uint64_t[]){v->blocks}, v->ratio);
    kino_container_add(w, "index.lost", KINO_F32, 1, (uint64_t[]){1}, &v->most_lost);
    kino_container_add(w, "index.kept", KINO_F32, 1, (uint64_t[]){1}, &v->most_kept);
    kino_container_add(w, "index.codes", KINO_U8, 2, (uint64_t[]){v->n, v->stride}, v->codes);
}

kino_status kino_vectors_view(const kino_container *c, const float *rows, size_t n, size_t dim, kino_vectors **out,
                              kino_error *err)
{
    const kino_section *blocks = kino_container_find(c, "index.blocks", KINO_U32, 1, (uint64_t[]){KINO_ANY}, err);
    if (!blocks)
        return KINO_DAMAGED;
    size_t count = blocks->dims[0], sum = 0;
    if (!count || count > KINO_MAX_BLOCKS)
        return kino_fail(err, KINO_DAMAGED, "%s: index.blocks has %zu blocks", c->path, count);
    const kino_section *ratios = kino_container_find(c, "index.ratios", KINO_F32, 1, (uint64_t[]){count}, err);
    const kino_section *lost = ratios ? kino_container_find(c, "index.lost", KINO_F32, 1, (uint64_t[]){1}, err) : NULL;
    const kino_section *kept = lost ? kino_container_find(c, "index.kept", KINO_F32, 1, (uint64_t[]){1}, err) : NULL;
    if (!kept)
        return KINO_DAMAGED;
    for (size_t b = 0; b < count; b++) {
        uint32_t d = ((const uint32_t *)blocks->data)[b];
        float ratio = ((const float *)ratios->data)[b];
        sum += d <= KINO_MAX_DIM ? d : KINO_MAX_DIM + 1;
        if (!(ratio > 0 && isfinite(ratio)))
            return kino_fail(err, KINO_DAMAGED, "%s: index.ratios is out of range", c->path);
    }
    if (sum != dim || !dim || dim > KINO_MAX_DIM)
        return kino_fail(err, KINO_DAMAGED, "%s: index.blocks has %zu numbers, not %zu", c->path, sum, dim);
    const kino_section *codes = kino_container_find(c, "index.codes", KINO_U8, 2, (uint64_t[]){n, stride_of(dim)}, err);
    if (!codes)
        return KINO_DAMAGED;
    kino_vectors *v = kino_alloc(sizeof *v);
    *v = (kino_vectors){.rows = rows,
                        .n = n,
                        .dim = dim,
                        .blocks = count,
                        .codes = codes->data,
                        .stride = stride_of(dim),
                        .most_lost = *(const float *)lost->data,
                        .most_kept = *(const float *)kept->data};
    memcpy(v->block_dim, blocks->data, count * sizeof *v->block_dim);
    memcpy(v->ratio, ratios->data, count * sizeof *v->ratio);
    *out = v;
    return KINO_OK;
}
