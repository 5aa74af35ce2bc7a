/* encoding.h - which encoding a text is in, by looking, and its bytes as UTF-8. */
#ifndef KINO_INGEST_ENCODING_H
#define KINO_INGEST_ENCODING_H

#include <stdbool.h>
#include <stddef.h>

typedef enum kino_encoding {
    KINO_ENCODING_UNDECIDED, /* ASCII so far */
    KINO_ENCODING_UTF8,
    KINO_ENCODING_WINDOWS,
    KINO_ENCODING_UTF16_LE,
    KINO_ENCODING_UTF16_BE
} kino_encoding;

/* By the beginning of a text: a mark, or zeros at every other byte; *mark: the bytes of the mark. */
kino_encoding kino_encoding_begin(const unsigned char *p, size_t n, size_t *mark);

/* Decodes what it can of [n] bytes into out, 16 of room at least, and decides the encoding where that is open. *taken: the
 * bytes that were read; those of a character that the end has cut wait for more, unless nothing follows. Returns the bytes
 * that were put. */
size_t kino_encoding_decode(kino_encoding *e, const unsigned char *p, size_t n, bool last, char *out, size_t room,
                            size_t *taken);

#endif
