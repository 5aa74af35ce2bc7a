/* keyed.c - numbers in buckets by the hash of their texts. */
#include "index/keyed.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/status.h"
#include "base/titletext.h"

enum { NAME = 48, A_BUCKET = 4, TAG = 8 };

static int by_hash(const void *a, const void *b)
{
    const kino_keyed_entry *x = a, *y = b;
    if (x->hash != y->hash)
        return x->hash < y->hash ? -1 : 1;
    return (x->place > y->place) - (x->place < y->place);
}

/* The bits of the hash that tell the bucket, and those behind them. */
static uint64_t bits_of(uint64_t hash, size_t buckets, uint8_t *tag)
{
    unsigned bits = 0;
    while ((size_t)1 << bits < buckets)
        bits++;
    *tag = (uint8_t)(hash >> (64 - TAG - bits));
    return bits ? hash >> (64 - bits) : 0;
}

void kino_keyed_build(kino_keyed_entry *entries, size_t n, kino_keyed *out)
{
    size_t buckets = 1;
    while (A_BUCKET * buckets < n)
        buckets *= 2;
    uint32_t *starts = kino_alloc_array(buckets + 1, sizeof *starts), *refs = kino_alloc_array(n + 1, sizeof *refs);
    uint8_t *tags = kino_alloc(n + 1);
    for (size_t i = 0; i < n; i++)
        entries[i].place = (uint32_t)i;
    if (n)
        qsort(entries, n, sizeof *entries, by_hash);
    for (size_t i = 0; i < n; i++) {
        starts[bits_of(entries[i].hash, buckets, &tags[i]) + 1]++;
        refs[i] = entries[i].ref;
    }
    for (size_t b = 0; b < buckets; b++)
        starts[b + 1] += starts[b];
    *out = (kino_keyed){starts, tags, refs, buckets, n, true};
}

void kino_keyed_free(kino_keyed *k)
{
    if (k->owned) {
        free((void *)k->starts);
        free((void *)k->tags);
        free((void *)k->refs);
    }
    *k = (kino_keyed){0};
}

static bool is(uint32_t ref, const char *text, size_t n, kino_keyed_text tell, const void *ctx, kino_buffer *own)
{
    own->size = 0;
    tell(ctx, ref, own);
    return own->size && kino_title_equal(own->data, own->size, text, n);
}

kino_keyed_run kino_keyed_find(const kino_keyed *k, const char *text, size_t n, kino_keyed_text tell, const void *ctx)
{
    uint8_t tag;
    kino_buffer own = {0};
    if (!k->count)
        return (kino_keyed_run){0};
    const uint64_t bucket = bits_of(kino_title_hash(text, n), k->buckets, &tag);
    size_t at = k->starts[bucket], end = k->starts[bucket + 1];
    if (end > k->count)
        return (kino_keyed_run){0};
    while (at < end && k->tags[at] != tag)
        at++;
    size_t to = at;
    while (to < end && k->tags[to] == tag)
        to++;
    /* Equal texts stand together; other ones of the same tag before and behind them. */
    while (at < to && !is(k->refs[at], text, n, tell, ctx, &own))
        at++;
    while (to > at + 1 && !is(k->refs[to - 1], text, n, tell, ctx, &own))
        to--;
    free(own.data);
    return to > at ? (kino_keyed_run){k->refs + at, to - at} : (kino_keyed_run){0};
}

/* ---- sections ---- */

static void add(kino_container_writer *w, const char *name, const char *part, kino_type type, uint64_t rows,
                const void *data)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.%s", name, part);
    kino_container_add(w, section, type, 1, (uint64_t[]){rows}, data);
}

static const kino_section *find(const kino_container *c, const char *name, const char *part, kino_type type,
                                uint64_t rows, kino_error *err)
{
    char section[NAME];
    snprintf(section, sizeof section, "%s.%s", name, part);
    return kino_container_find(c, section, type, 1, (uint64_t[]){rows}, err);
}

void kino_keyed_save(const kino_keyed *k, const char *name, kino_container_writer *w)
{
    add(w, name, "starts", KINO_U32, k->buckets + 1, k->starts);
    add(w, name, "tags", KINO_U8, k->count, k->tags);
    add(w, name, "refs", KINO_U32, k->count, k->refs);
}

kino_status kino_keyed_view(const kino_container *c, const char *name, kino_keyed *out, kino_error *err)
{
    const kino_section *starts = find(c, name, "starts", KINO_U32, KINO_ANY, err), *refs = NULL, *tags = NULL;
    if (starts)
        refs = find(c, name, "refs", KINO_U32, KINO_ANY, err);
    if (refs)
        tags = find(c, name, "tags", KINO_U8, refs->dims[0], err);
    if (!tags)
        return KINO_DAMAGED;
    const uint64_t buckets = starts->dims[0] - 1;
    if (starts->dims[0] < 2 || buckets & (buckets - 1) || buckets > UINT32_MAX)
        return kino_fail(err, KINO_DAMAGED, "%s: %s.starts has %llu buckets", c->path, name,
                         (unsigned long long)buckets);
    *out = (kino_keyed){starts->data, tags->data, refs->data, buckets, refs->dims[0], false};
    return KINO_OK;
}

/* ---- misspellings as sections ---- */

void kino_spelling_save(const kino_spelling *s, const char *name, kino_container_writer *w)
{
    add(w, name, "lengths", KINO_U32, KINO_SPELLING_LONGEST + 2, s->starts);
    add(w, name, "masks", KINO_U32, s->count, s->masks);
    add(w, name, "refs", KINO_U32, s->count, s->refs);
}

kino_status kino_spelling_view(const kino_container *c, const char *name, kino_spelling *out, kino_error *err)
{
    const kino_section *starts = find(c, name, "lengths", KINO_U32, KINO_SPELLING_LONGEST + 2, err);
    const kino_section *refs = starts ? find(c, name, "refs", KINO_U32, KINO_ANY, err) : NULL;
    const kino_section *masks = refs ? find(c, name, "masks", KINO_U32, refs->dims[0], err) : NULL;
    if (!masks)
        return KINO_DAMAGED;
    const uint32_t *at = starts->data;
    bool fits = at[KINO_SPELLING_LONGEST + 1] <= refs->dims[0];
    for (size_t i = 0; i <= KINO_SPELLING_LONGEST; i++)
        fits = fits && at[i] <= at[i + 1];
    if (!fits)
        return kino_fail(err, KINO_DAMAGED, "%s: %s.lengths is out of range", c->path, name);
    *out = (kino_spelling){at, masks->data, refs->data, refs->dims[0], false};
    return KINO_OK;
}
