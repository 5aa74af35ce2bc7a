/* allowed.h - which films may be answered: those that pass the filter and have not been found yet. */
#ifndef KINO_RANK_ALLOWED_H
#define KINO_RANK_ALLOWED_H

#include "rows/filter.h"
#include "rows/rows.h"

/* Rows that may be answered, a bit for each, of the snapshot and of what came later. */
enum { KINO_ROWS_BASE, KINO_ROWS_TAIL, KINO_ROWS_PARTS };
typedef struct kino_allowed {
    uint64_t *bits[KINO_ROWS_PARTS];
} kino_allowed;

void kino_allowed_init(const kino_rows *r, const kino_filter *f, kino_allowed *out);
void kino_allowed_none(const kino_rows *r, kino_allowed *out);
void kino_allowed_copy(const kino_rows *r, const kino_allowed *a, kino_allowed *out);
void kino_allowed_set(const kino_rows *r, size_t row, kino_allowed *a);
void kino_allowed_clear(const kino_rows *r, size_t row, kino_allowed *a);
/* None but these, by their ids, as far as they were allowed. */
void kino_allowed_only(const kino_rows *r, const int64_t *ids, size_t count, kino_allowed *a);
bool kino_allowed_has(const kino_rows *r, size_t row, const kino_allowed *a);
void kino_allowed_and(const kino_rows *r, kino_allowed *a, const kino_allowed *other);
void kino_allowed_or(const kino_rows *r, kino_allowed *a, const kino_allowed *other);
/* The rows that were not, hidden ones too: to be met with what may be answered. */
void kino_allowed_invert(const kino_rows *r, kino_allowed *a);
bool kino_allowed_any(const kino_rows *r, const kino_allowed *a);
void kino_allowed_free(kino_allowed *a);

#endif
