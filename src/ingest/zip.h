/* zip.h - which member of a zip archive is the list of films: by its name, else the largest that can be one. */
#ifndef KINO_INGEST_ZIP_H
#define KINO_INGEST_ZIP_H

#include <stdbool.h>
#include <stddef.h>

#include "kino.h"

typedef struct kino_zip_member {
    const char *name; /* [name_size] in the archive */
    size_t name_size;
    size_t start, size; /* of its content in the archive */
    bool packed;        /* by deflate; else it is stored as it is */
} kino_zip_member;

/* Of the whole archive. `chosen`: this member and no other, also below one folder, or NULL; KINO_NOT_FOUND where it is not
 * there. `name` is for messages. */
kino_status kino_zip_find(const unsigned char *bytes, size_t size, const char *chosen, const char *name,
                          kino_zip_member *out, kino_error *err);

#endif
