/* allowed.c - the rows that may be answered, bit by bit. */
#include "rank/allowed.h"

#include <stdlib.h>

#include "base/alloc.h"

void kino_allowed_init(const kino_rows *r, const kino_filter *f, kino_allowed *out)
{
    out->bits[KINO_ROWS_BASE] = kino_alloc_array(r->base->count / 64 + 1, sizeof **out->bits);
    out->bits[KINO_ROWS_TAIL] = NULL;
    kino_filter_rows(f, r->base, r->hidden, out->bits[KINO_ROWS_BASE]);
    if (!r->tail)
        return;
    out->bits[KINO_ROWS_TAIL] = kino_alloc_array(r->tail->count / 64 + 1, sizeof **out->bits);
    kino_filter_rows(f, r->tail, NULL, out->bits[KINO_ROWS_TAIL]);
}

static uint64_t *word_of(const kino_rows *r, size_t row, const kino_allowed *a, uint64_t *bit)
{
    uint64_t *bits = a->bits[row < r->base->count ? KINO_ROWS_BASE : KINO_ROWS_TAIL];
    kino_rows_segment(r, row, &row);
    *bit = UINT64_C(1) << row % 64;
    return bits + row / 64;
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

void kino_allowed_free(kino_allowed *a)
{
    free(a->bits[KINO_ROWS_BASE]);
    free(a->bits[KINO_ROWS_TAIL]);
}
