/* csv.h - a streaming CSV reader: RFC 4180, BOM, CRLF, embedded newlines.
 *
 *     kino_csv csv;
 *     kino_csv_init(&csv, file, "movies.csv");
 *     while (!(st = kino_csv_next(&csv, err)) && csv.count)      // count 0: the end
 *         use(csv.fields[0].text, csv.fields[0].size);          // valid until the next call
 *     kino_csv_free(&csv);
 *
 * One reader belongs to one thread; the FILE stays the caller's. A quote that is never closed, a field above
 * KINO_LIMIT_FIELD or a record above KINO_LIMIT_COLUMNS is KINO_DAMAGED, with the line where it began. */
#ifndef KINO_INGEST_CSV_H
#define KINO_INGEST_CSV_H

#include <stdio.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "kino.h"

typedef struct kino_field {
    const char *text;  /* zero-terminated; zero bytes of the file are dropped */
    size_t size;
} kino_field;

typedef struct kino_csv {
    FILE *file;
    const char *name;  /* for messages */
    size_t line;       /* where the current record began, from 1 */
    size_t next_line;
    kino_field fields[KINO_LIMIT_COLUMNS];
    size_t count;
    kino_buffer bytes; /* of the current record */
    bool started;
} kino_csv;

void kino_csv_init(kino_csv *csv, FILE *file, const char *name);
void kino_csv_free(kino_csv *csv);
kino_status kino_csv_next(kino_csv *csv, kino_error *err);

#endif
