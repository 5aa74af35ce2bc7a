/* phrases.c - texts, sorted, and their vectors as bytes. */
#include "index/phrases.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "kern/kern.h"

enum { NAME = 32, MOST = 127 };

struct kino_phrases {
    size_t count, dim, pool_size;
    const char *pool;    /* the texts, one behind another */
    const uint32_t *at;  /* [count + 1] */
    const int8_t *codes; /* [count][dim] */
    const float *scales; /* [count] */
    int8_t *own_codes;   /* the same, where they are not lent by a container */
    float *own_scales;
};

kino_phrases *kino_phrases_new(const char *const *texts, size_t count, size_t dim)
{
    kino_phrases *p = kino_alloc(sizeof *p);
    uint32_t *at = kino_alloc_array(count + 1, sizeof *at);
    kino_buffer pool = {0};
    for (size_t i = 0; i < count; i++) {
        kino_buffer_put(&pool, texts[i], strlen(texts[i]));
        at[i + 1] = (uint32_t)pool.size;
    }
    p->own_codes = kino_alloc(count * dim + 1);
    p->own_scales = kino_alloc_floats(count + 1);
    p->count = count;
    p->dim = dim;
    p->pool_size = pool.size;
    p->pool = pool.data ? pool.data : kino_alloc(1);
    p->at = at;
    p->codes = p->own_codes;
    p->scales = p->own_scales;
    return p;
}

void kino_phrases_free(kino_phrases *p)
{
    if (!p)
        return;
    if (p->own_codes) {
        free((void *)p->pool);
        free((void *)p->at);
        free(p->own_codes);
        free(p->own_scales);
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
    p->own_scales[i] = quantise(vector, p->dim, p->own_codes + i * p->dim);
}

void kino_phrases_take(kino_phrases *p, size_t i, const kino_phrases *from, size_t j)
{
    memcpy(p->own_codes + i * p->dim, from->codes + j * p->dim, p->dim);
    p->own_scales[i] = from->scales[j];
}

size_t kino_phrases_count(const kino_phrases *p)
{
    return p->count;
}

size_t kino_phrases_dim(const kino_phrases *p)
{
    return p->dim;
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
    int8_t *codes = kino_alloc(p->dim + 1);
    const float unit = quantise(query, p->dim, codes);
    const kino_kernels *kernels = kino_kernels_get();
    for (size_t i = 0; i < p->count; i++) {
        const float cosine = unit * p->scales[i] * (float)kernels->dot_i8(codes, p->codes + i * p->dim, p->dim);
        cosines[i] = cosine > -1 ? fminf(cosine, 1) : -1; /* NaN, of a damaged scale, is -1 */
    }
    free(codes);
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
    add(w, name, "codes", KINO_I8, 2, p->count, p->dim, p->codes);
    add(w, name, "scales", KINO_F32, 1, p->count, 0, p->scales);
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
    const kino_section *pool = find(c, name, "pool", KINO_U8, 1, KINO_ANY, 0, err), *codes = NULL, *at = NULL,
                       *scales = NULL;
    if (pool)
        codes = find(c, name, "codes", KINO_I8, 2, KINO_ANY, dim, err);
    if (codes)
        at = find(c, name, "at", KINO_U32, 1, codes->dims[0] + 1, 0, err);
    if (at)
        scales = find(c, name, "scales", KINO_F32, 1, codes->dims[0], 0, err);
    if (!scales)
        return KINO_DAMAGED;
    kino_phrases *p = kino_alloc(sizeof *p);
    *p = (kino_phrases){.count = codes->dims[0],
                        .dim = dim,
                        .pool_size = pool->dims[0],
                        .pool = pool->data,
                        .at = at->data,
                        .codes = codes->data,
                        .scales = scales->data};
    *out = p;
    return KINO_OK;
}
