/* idmap.h - from a film's id to its place in an array. */
#ifndef KINO_BASE_IDMAP_H
#define KINO_BASE_IDMAP_H

#include <stddef.h>
#include <stdint.h>

/* Open addressing, at most half full. Zero-initialise. */
typedef struct kino_idmap {
    int64_t *keys; /* [capacity]; 0 is free, and no film's id */
    uint32_t *values;
    size_t count, capacity;
} kino_idmap;

/* Where the value of an id (not 0) is kept; a new one is UINT32_MAX. Valid until the next call. */
uint32_t *kino_idmap_at(kino_idmap *m, int64_t id);
/* The value, or UINT32_MAX. */
uint32_t kino_idmap_get(const kino_idmap *m, int64_t id);
void kino_idmap_free(kino_idmap *m);

#endif
