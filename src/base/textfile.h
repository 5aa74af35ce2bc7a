/* textfile.h - a file, compressed by gzip or not, or standard input: line by line, or all that is left.
 *
 * Errors. KINO_NOT_FOUND without the file, KINO_FAILED when reading fails, KINO_DAMAGED for a broken or cut gzip
 * stream, a line beyond KINO_LIMIT_FIELD and one with a NUL byte. One reader, one thread. */
#ifndef KINO_BASE_TEXTFILE_H
#define KINO_BASE_TEXTFILE_H

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_textfile kino_textfile;

kino_status kino_textfile_open(const char *path, kino_textfile **out, kino_error *err); /* "-": standard input */
void kino_textfile_close(kino_textfile *t);                                             /* NULL is fine */

/* The first byte that is not white space, left in place to be read; -1 at the end. */
int kino_textfile_peek(kino_textfile *t);
/* The next line without its end, zero-terminated, valid until the next call; *line NULL at the end. */
kino_status kino_textfile_line(kino_textfile *t, char **line, size_t *n, kino_error *err);
/* Everything from here to the end, appended; at most `most` bytes, else KINO_DAMAGED. */
kino_status kino_textfile_rest(kino_textfile *t, size_t most, kino_buffer *out, kino_error *err);

/* The line that was read last, from 1, and the file's name for messages. */
size_t kino_textfile_number(const kino_textfile *t);
const char *kino_textfile_name(const kino_textfile *t);

#endif
