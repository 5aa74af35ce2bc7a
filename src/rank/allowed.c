/* allowed.c - the rows that may be answered, bit by bit. */
#include "rank/allowed.h"

#include <stdlib.h>

#include "base/alloc.h"

/* The words of bits of a part; 0: there is no such part. */
static size_t words_of(const kino_rows *r, int part)
{
    const kino_segment *segment = part == KINO_ROWS_BASE ? r->base : r->tail;
    return segment ? segment->count / 64 + 1 : 0;
}

void kino_allowed_none(const kino_rows *r, kino_allowed *out)
{
    for (int part = 0; part < KINO_ROWS_PARTS; part++)
        out->bits[part] = words_of(r, part) ? kino_alloc_array(words_of(r, part), sizeof **out->bits) : NULL;
}

void kino_allowed_init(const kino_rows *r, const kino_filter *f, kino_allowed *out)
{
    kino_allowed_none(r, out);
    kino_filter_rows(f, r->base, r->hidden, out->bits[KINO_ROWS_BASE]);
    if (r->tail)
        kino_filter_rows(f, r->tail, NULL, out->bits[KINO_ROWS_TAIL]);
}

void kino_allowed_copy(const kino_rows *r, const kino_allowed *a, kino_allowed *out)
{
    kino_allowed_none(r, out);
    kino_allowed_or(r, out, a);
}

static uint64_t *word_of(const kino_rows *r, size_t row, const kino_allowed *a, uint64_t *bit)
{
    uint64_t *bits = a->bits[row < r->base->count ? KINO_ROWS_BASE : KINO_ROWS_TAIL];
    kino_rows_segment(r, row, &row);
    *bit = UINT64_C(1) << row % 64;
    return bits + row / 64;
}

void kino_allowed_set(const kino_rows *r, size_t row, kino_allowed *a)
{
    uint64_t bit, *word = word_of(r, row, a, &bit);
    *word |= bit;
}

void kino_allowed_clear(const kino_rows *r, size_t row, kino_allowed *a)
{
    uint64_t bit, *word = word_of(r, row, a, &bit);
    *word &= ~bit;
}

void kino_allowed_only(const kino_rows *r, const int64_t *ids, size_t count, kino_allowed *a)
{
    kino_allowed only = {{NULL, NULL}};
    only.bits[KINO_ROWS_BASE] = kino_alloc_array(r->base->count / 64 + 1, sizeof **only.bits);
    if (r->tail)
        only.bits[KINO_ROWS_TAIL] = kino_alloc_array(r->tail->count / 64 + 1, sizeof **only.bits);
    for (size_t i = 0; i < count; i++) {
        const size_t row = kino_rows_find(r, ids[i]);
        if (row == r->count || !kino_allowed_has(r, row, a))
            continue;
        uint64_t bit, *word = word_of(r, row, &only, &bit);
        *word |= bit;
    }
    kino_allowed_free(a);
    *a = only;
}

bool kino_allowed_has(const kino_rows *r, size_t row, const kino_allowed *a)
{
    uint64_t bit;
    const uint64_t *word = word_of(r, row, a, &bit);
    return *word & bit;
}

void kino_allowed_and(const kino_rows *r, kino_allowed *a, const kino_allowed *other)
{
    for (int part = 0; part < KINO_ROWS_PARTS; part++)
        for (size_t w = 0; w < words_of(r, part); w++)
            a->bits[part][w] &= other->bits[part][w];
}

void kino_allowed_or(const kino_rows *r, kino_allowed *a, const kino_allowed *other)
{
    for (int part = 0; part < KINO_ROWS_PARTS; part++)
        for (size_t w = 0; w < words_of(r, part); w++)
            a->bits[part][w] |= other->bits[part][w];
}

void kino_allowed_invert(const kino_rows *r, kino_allowed *a)
{
    for (int part = 0; part < KINO_ROWS_PARTS; part++) {
        const size_t words = words_of(r, part);
        for (size_t w = 0; w < words; w++)
            a->bits[part][w] = ~a->bits[part][w];
        if (words)
            a->bits[part][words - 1] &= (UINT64_C(1) << (part == KINO_ROWS_BASE ? r->base : r->tail)->count % 64) - 1;
    }
}

bool kino_allowed_any(const kino_rows *r, const kino_allowed *a)
{
    for (int part = 0; part < KINO_ROWS_PARTS; part++)
        for (size_t w = 0; w < words_of(r, part); w++)
            if (a->bits[part][w])
                return true;
    return false;
}

void kino_allowed_free(kino_allowed *a)
{
    free(a->bits[KINO_ROWS_BASE]);
    free(a->bits[KINO_ROWS_TAIL]);
}
