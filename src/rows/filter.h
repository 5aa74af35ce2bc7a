/* filter.h - which rows pass the bounds of a question. */
#ifndef KINO_ROWS_FILTER_H
#define KINO_ROWS_FILTER_H

#include "rows/segment.h"

/* People are the caller's. Sets in bits[count / 64 + 1] the rows of a segment that pass; `hidden` as in kino_rows. */
void kino_filter_rows(const kino_filter *f, const kino_segment *segment, const uint64_t *hidden, uint64_t *bits);

#endif
