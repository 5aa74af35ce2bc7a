/* file.h - files: read-only mapping, whole-file read, replacement that survives a crash. */
#ifndef KINO_BASE_FILE_H
#define KINO_BASE_FILE_H

#include <sys/uio.h>

#include "kino.h"

/* A file mapped read-only. Zero-initialise; kino_unmap is fine on a zeroed one. */
typedef struct kino_map {
    const unsigned char *bytes;
    size_t size;
} kino_map;

/* KINO_NOT_FOUND when there is no such file. An empty file maps to size 0. */
kino_status kino_map_file(const char *path, kino_map *out, kino_error *err);
void kino_unmap(kino_map *m);

/* Writes the pieces, one behind the other, to a file beside `path`, syncs it, renames it over `path` and syncs the
 * folder. After a crash there is the old file or the new one, whole. */
kino_status kino_replace_file(const char *path, const struct iovec *pieces, size_t count, kino_error *err);

/* Creates a folder and its parents. */
kino_status kino_make_folders(const char *path, kino_error *err);

#endif
