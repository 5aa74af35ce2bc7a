/* unpack.h - streams of gzip, xz and zstd, and what a zip archive holds, piece by piece.
 *
 * xz and zstd need their libraries, which are loaded when a file is packed so; a build that has not found their headers
 * has neither. */
#ifndef KINO_INGEST_UNPACK_H
#define KINO_INGEST_UNPACK_H

#include <stdbool.h>
#include <stddef.h>

typedef enum kino_packing {
    KINO_PACKING_NONE,
    KINO_PACKING_DEFLATE, /* without a header, as in a zip archive */
    KINO_PACKING_GZIP,
    KINO_PACKING_XZ,
    KINO_PACKING_ZSTD,
} kino_packing;

/* By the first bytes of a file; 5 are enough. */
kino_packing kino_packing_of(const unsigned char *bytes, size_t n);
const char *kino_packing_name(kino_packing packing);

typedef struct kino_unpack kino_unpack;

kino_unpack *kino_unpack_new(kino_packing packing); /* NULL: its library is not there */
void kino_unpack_free(kino_unpack *u);              /* NULL is fine */

typedef enum kino_unpacked {
    KINO_UNPACKED_SOME, /* go on: with more bytes when none are left, with room when there is none */
    KINO_UNPACKED_ALL,  /* the end of the stream, and of those behind it */
    KINO_UNPACKED_DAMAGED,
    KINO_UNPACKED_CUT,
} kino_unpacked;

/* Takes from *in, [*left] bytes, and puts into out; *n is what was put. `last`: nothing comes behind these bytes. */
kino_unpacked kino_unpack_step(kino_unpack *u, const unsigned char **in, size_t *left, bool last, unsigned char *out,
                               size_t room, size_t *n);

#endif
