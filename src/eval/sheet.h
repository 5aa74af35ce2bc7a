/* sheet.h - a CSV file with a header, of which a few columns are wanted.
 *
 *     static const kino_shape shapes[] = {{"movieId", "tmdbId"}};
 *     kino_sheet s = {0};
 *     kino_status st = kino_sheet_open(path, shapes, 1, &s, err);
 *     while (!st && !(st = kino_sheet_next(&s, err)) && s.more)
 *         use(kino_sheet_number(&s, 0), kino_sheet_number(&s, 1));
 *     kino_sheet_close(&s); */
#ifndef KINO_EVAL_SHEET_H
#define KINO_EVAL_SHEET_H

#include "ingest/csv.h"

enum { KINO_SHEET_COLUMNS = 4 };

/* The names of the wanted columns; NULL ends them. */
typedef const char *const kino_shape[KINO_SHEET_COLUMNS];

/* Zero-initialise. */
typedef struct kino_sheet {
    kino_csv *csv;
    size_t shape; /* which of the shapes the file has */
    size_t column[KINO_SHEET_COLUMNS];
    kino_field cells[KINO_SHEET_COLUMNS]; /* of the present line; good until the next one */
    size_t count;
    bool more; /* there is a present line */
} kino_sheet;

/* The first shape whose columns are all there. KINO_DAMAGED if there is none. Closed also after a failure. */
kino_status kino_sheet_open(const char *path, const kino_shape *shapes, size_t shape_count, kino_sheet *out,
                            kino_error *err);
kino_status kino_sheet_next(kino_sheet *s, kino_error *err);
/* A cell of the present line as a number; NaN if it is none, or too great for a whole one. */
double kino_sheet_number(const kino_sheet *s, size_t column);
void kino_sheet_close(kino_sheet *s);

#endif
