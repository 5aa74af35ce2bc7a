/* cache.h - answers that were given before. The same question to the same handle of the catalogue has the same answer,
 * so a cache belongs to a handle and dies with it: nothing in it is ever out of date.
 *
 *     kino_kept *kept = kino_cache_take(c, key, n);
 *     if (!kept)
 *         kept = kino_cache_put(c, key, n, type, false, &body);  // body is the cache's from here on
 *     send(kept->bytes, kept->size);
 *     kino_kept_give(kept);
 *
 * Bounded in bytes, keys and bookkeeping included; the answer that has gone unasked for longest goes first. An answer
 * that is thrown out lives until the last request that sends it has given it back. Any thread may call; threads wait
 * for each other only when their keys fall into the same of 16 parts. */
#ifndef KINO_SERVE_CACHE_H
#define KINO_SERVE_CACHE_H

#include <stdatomic.h>

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_kept {
    const char *bytes;
    size_t size;
    const char *type; /* Content-Type, static text */
    bool gzip;        /* the bytes are compressed */
    atomic_int holders;
    atomic_size_t *held;
    /* the cache's own */
    uint64_t hash;
    size_t key_size, charge;
    struct kino_kept *next; /* of the same slot */
    struct kino_kept *newer, *older;
    unsigned char key[];
} kino_kept;

typedef struct kino_cache kino_cache;

/* 0 bytes: nothing is kept, everything else is the same. *held counts the bytes of all answers that live, those that
 * the cache has dropped and a client still reads among them; it outlives the last of them. */
kino_cache *kino_cache_open(size_t bytes, atomic_size_t *held);
void kino_cache_close(kino_cache *c); /* NULL is fine; what others hold stays theirs */

/* The answer to this key, or NULL. */
kino_kept *kino_cache_take(kino_cache *c, const void *key, size_t n);
/* Keeps the body, which is empty then, unless it is too large for that; the answer is the caller's in any case. */
kino_kept *kino_cache_put(kino_cache *c, const void *key, size_t n, const char *type, bool gzip, kino_buffer *body);
void kino_kept_give(kino_kept *k);
/* The same for an answer that no cache is to keep. */
kino_kept *kino_kept_new(const char *type, bool gzip, kino_buffer *body, atomic_size_t *held);

size_t kino_cache_bytes(kino_cache *c);

#endif
