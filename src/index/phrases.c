/* phrases.c - texts, sorted, and their vectors as bytes. */
#include "index/phrases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kern/kern.h"

enum { NAME = 32, LINE = 64, ZERO = 128, MOST = 127 };

struct kino_phrases {
    size_t count, dim, stride, pool_size;
    const char *pool;    /* the texts, one behind another */
    const uint32_t *at;  /* [count + 1] */
    const uint8_t *rows; /* [count][stride]: as scan_u8 takes them */
    uint8_t *own;        /* the same, where they are not lent by a container */
};

/* Numbers, and behind them a scale. */
static size_t stride_of(size_t dim)
{
    return (dim + sizeof(float) + LINE - 1) / LINE * LINE;
}

kino_phrases *kino_phrases_new(const char *const *texts, size_t count, size_t dim)
{
    kino_phrases *p = kino_alloc(sizeof *p);
    uint32_t *at = kino_alloc_array(count + 1, sizeof *at);
    kino_buffer pool = {0};
    for (size_t i = 0; i < count; i++) {
        kino_buffer_put(&pool, texts[i], strlen(texts[i]));
        at[i + 1] = (uint32_t)pool.size;
    }
    p->count = count;
    p->dim = dim;
    p->stride = stride_of(dim);
    p->own = kino_alloc(count * p->stride + 1);
    p->pool_size = pool.size;
    p->pool = pool.data ? pool.data : kino_alloc(1);
    p->at = at;
    p->rows = p->own;
    return p;
}

void kino_phrases_free(kino_phrases *p)
{
    if (!p)
        return;
    if (p->own) {
        free((void *)p->pool);
        free((void *)p->at);
        free(p->own);
    }
    free(p);
}

/* Returns what a code counts. */
static float quantise(const float *vector, size_t dim, int8_t *codes)
{
    float most = 0;
    for (size_t d = 0; d < dim; d++)
        most = fmaxf(most, fabsf(vector[d]));
    const float inverse = most > 0 ? MOST / most : 0;
    for (size_t d = 0; d < dim; d++) {
        const long code = lrintf(vector[d] * inverse);
        codes[d] = (int8_t)(code < -MOST ? -MOST : code > MOST ? MOST : code);
    }
    return most / MOST;
}

void kino_phrases_set(kino_phrases *p, size_t i, const float *vector)
{
    int8_t codes[KINO_PHRASE_DIM];
    uint8_t *row = p->own + i * p->stride;
    const float scale = quantise(vector, p->dim, codes);
    for (size_t d = 0; d < p->dim; d++)
        row[d] = (uint8_t)(codes[d] + ZERO);
    memcpy(row + p->stride - sizeof scale, &scale, sizeof scale);
}

void kino_phrases_take(kino_phrases *p, size_t i, const kino_phrases *from, size_t j)
{
    memcpy(p->own + i * p->stride, from->rows + j * p->stride, p->stride);
}

size_t kino_phrases_count(const kino_phrases *p)
{
    return p->count;
}

const char *kino_phrases_text(const kino_phrases *p, size_t i, size_t *n)
{
    const uint32_t at = p->at[i], end = p->at[i + 1];
    *n = at <= end && end <= p->pool_size ? end - at : 0;
    return *n ? p->pool + at : "";
}

static int compare(const kino_phrases *p, size_t i, const char *text, size_t n)
{
    size_t length;
    const char *own = kino_phrases_text(p, i, &length);
    const int order = memcmp(own, text, length < n ? length : n);
    return order ? order : (length > n) - (length < n);
}

size_t kino_phrases_find(const kino_phrases *p, const char *text, size_t n)
{
    size_t low = 0, high = p->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare(p, middle, text, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < p->count && !compare(p, low, text, n) ? low : p->count;
}

void kino_phrases_cosines(const kino_phrases *p, const float *query, float *cosines)
{
    int8_t codes[KINO_PHRASE_DIM + LINE] = {0};
    int32_t bias = 0;
    const float unit = quantise(query, p->dim, codes);
    for (size_t d = 0; d < p->dim; d++)
        bias += ZERO * codes[d];
    for (size_t i = 0; i < p->count; i += LINE) {
        const size_t count = p->count - i < LINE ? p->count - i : LINE;
        kino_kernels_get()->scan_u8(p->rows + i * p->stride, p->stride, count, codes, bias, INFINITY, cosines + i);
    }
    for (size_t i = 0; i < p->count; i++) {
        const float cosine = unit * cosines[i];
        cosines[i] = cosine > -1 ? fminf(cosine, 1) : -1; /* NaN, of a damaged scale, is -1 */
    }
}

/* ---- sections ---- */

static void add(kino_container_writer *w, const char *name, const char *part, kino_type type, uint32_t rank,
                uint64_t rows, uint64_t width, const void *data)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.%s", name, part);
    kino_container_add(w, section, type, rank, (uint64_t[]){rows, width}, data);
}

void kino_phrases_save(const kino_phrases *p, const char *name, kino_container_writer *w)
{
    add(w, name, "pool", KINO_U8, 1, p->pool_size, 0, p->pool);
    add(w, name, "at", KINO_U32, 1, p->count + 1, 0, p->at);
    add(w, name, "rows", KINO_U8, 2, p->count, p->stride, p->rows);
}

static const kino_section *find(const kino_container *c, const char *name, const char *part, kino_type type,
                                uint32_t rank, uint64_t rows, uint64_t width, kino_error *err)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.%s", name, part);
    return kino_container_find(c, section, type, rank, (uint64_t[]){rows, width}, err);
}

kino_status kino_phrases_view(const kino_container *c, const char *name, size_t dim, kino_phrases **out,
                              kino_error *err)
{
    const size_t stride = stride_of(dim);
    const kino_section *pool = find(c, name, "pool", KINO_U8, 1, KINO_ANY, 0, err), *rows = NULL, *at = NULL;
    if (pool)
        rows = find(c, name, "rows", KINO_U8, 2, KINO_ANY, stride, err);
    if (rows)
        at = find(c, name, "at", KINO_U32, 1, rows->dims[0] + 1, 0, err);
    if (!at)
        return KINO_DAMAGED;
    kino_phrases *p = kino_alloc(sizeof *p);
    *p = (kino_phrases){.count = rows->dims[0],
                        .dim = dim,
                        .stride = stride,
                        .pool_size = pool->dims[0],
                        .pool = pool->data,
                        .at = at->data,
                        .rows = rows->data};
    *out = p;
    return KINO_OK;
}
