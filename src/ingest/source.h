/* source.h - the bytes of a file of any origin as UTF-8: out of gzip and zip, from UTF-16 and Windows-1252.
 *
 * What a file is is found by looking at it. A zip archive gives the member that is a list of films: by its name, else
 * the largest that can be one. Text is UTF-16 by its mark or its zeros; it is Windows-1252 when the first bytes beyond
 * ASCII are no UTF-8 anywhere near. Only a piece of the file is in memory, of a zip archive the whole.
 *
 * Errors. KINO_NOT_FOUND without the file, KINO_FAILED and KINO_INTERRUPTED when reading fails, KINO_DAMAGED for a
 * stream that is broken or cut and for a file that is no text: a Git LFS pointer, a web page, Parquet, Excel, SQLite
 * and the like are named for what they are. One source, one thread. */
#ifndef KINO_INGEST_SOURCE_H
#define KINO_INGEST_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_source kino_source;

kino_status kino_source_open(const char *path, kino_source **out, kino_error *err); /* "-": standard input */
/* A descriptor or bytes that the caller lends until close; `name` is for messages. */
kino_source *kino_source_from_fd(int fd, const char *name);
kino_source *kino_source_from_bytes(const void *bytes, size_t size, const char *name);
void kino_source_close(kino_source *s); /* NULL is fine */

/* Of a zip archive this member and no other, also below one folder for all; KINO_NOT_FOUND where it is not there. Before
 * the first byte is read; the name is lent. */
void kino_source_choose(kino_source *s, const char *member);

/* The first byte that is not white space, left to be read; 0 for an empty file. */
kino_status kino_source_peek(kino_source *s, char *out, kino_error *err);
/* Up to `room` bytes, 16 at least; *n 0 at the end. */
kino_status kino_source_read(kino_source *s, char *out, size_t room, size_t *n, kino_error *err);
/* Everything from here to the end, appended; beyond `most` bytes KINO_DAMAGED. */
kino_status kino_source_rest(kino_source *s, size_t most, kino_buffer *out, kino_error *err);

const char *kino_source_name(const kino_source *s);
/* "Windows-1252", "UTF-16" or "UTF-8", as far as the file was read. */
const char *kino_source_encoding(const kino_source *s);
/* The member of a zip archive that is read, or "". */
const char *kino_source_member(const kino_source *s);

#endif
