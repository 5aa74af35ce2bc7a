/* csv.h - reads CSV as it is found in the wild, one record at a time, from a file, a pipe or memory.
 *
 *     kino_csv *csv = NULL;
 *     const kino_field *f;
 *     size_t n;
 *     kino_status st = kino_csv_open("movies.csv", &csv, err);           // "-" is standard input
 *     while (!st) {
 *         st = kino_csv_next(csv, &f, &n, err);
 *         if (st || !n)
 *             break;
 *         printf("line %zu: %zu fields, the first is %s\n", kino_csv_line(csv), n, f[0].text);
 *     }
 *     kino_csv_close(csv);
 *
 * The format is RFC 4180 and what other readers (pandas, Python's csv, spreadsheets) accept beside it: CRLF, LF or CR,
 * newlines and "" inside quotes, lines without anything in between (skipped), text behind a closing quote (kept,
 * counted as stray), quotes inside an unquoted field (kept). Between fields there is a comma, a semicolon, a tab or a
 * bar: whatever the first line that has one of them has most of. source.h says out of what compression and encoding
 * the text comes; a byte that is not UTF-8 is handed out as it is, and a field may hold NUL bytes.
 *
 * Errors. KINO_DAMAGED, with the line, for: a quoted field that never ends, a field beyond KINO_LIMIT_FIELD, a record
 * beyond KINO_LIMIT_COLUMNS or KINO_CSV_RECORD bytes; and those of source.h. After an error the reader gives the same
 * error again.
 *
 * Threads: one reader, one thread. */
#ifndef KINO_INGEST_CSV_H
#define KINO_INGEST_CSV_H

#include <stddef.h>

#include "ingest/source.h"
#include "kino.h"

/* Bytes of a whole record: a few fields of the greatest size. It bounds what a hostile file can make us hold. */
#define KINO_CSV_RECORD ((size_t)16 << 20)

/* Zero-terminated; `size` does not count the zero. Valid until the next kino_csv_next or kino_csv_close. */
typedef struct kino_field {
    const char *text;
    size_t size;
} kino_field;

typedef struct kino_csv kino_csv;

/* A file by its path ("-": standard input, left open by close). KINO_NOT_FOUND without it. */
kino_status kino_csv_open(const char *path, kino_csv **out, kino_error *err);
/* A descriptor that the caller lends until close; `name` is for messages. */
kino_csv *kino_csv_from_fd(int fd, const char *name);
/* Bytes that the caller lends until close. */
kino_csv *kino_csv_from_bytes(const void *bytes, size_t size, const char *name);
/* A source, which the reader closes. */
kino_csv *kino_csv_from_source(kino_source *source);
/* The line that the text begins with, if that is not 1; before the first record. */
void kino_csv_begin_at(kino_csv *csv, size_t line);
void kino_csv_close(kino_csv *csv); /* NULL is fine */

/* The next record: *count fields at *fields; *count 0 at the end. A record is never empty. */
kino_status kino_csv_next(kino_csv *csv, const kino_field **fields, size_t *count, kino_error *err);

/* Where the record last handed out began, from 1. */
size_t kino_csv_line(const kino_csv *csv);
/* The name given at open, for messages. */
const char *kino_csv_name(const kino_csv *csv);
/* Closing quotes so far that neither a separator nor a line's end followed. */
size_t kino_csv_stray_quotes(const kino_csv *csv);
/* What stands between fields, and where the text comes from. */
char kino_csv_separator(const kino_csv *csv);
const kino_source *kino_csv_source(const kino_csv *csv);

#endif
