/* live.h - the catalogue that a server answers from: a handle shared by all requests, replaced when the catalogue has
 * changed. Requests hold the one they began with; the last of them closes it. */
#ifndef KINO_SERVE_LIVE_H
#define KINO_SERVE_LIVE_H

#include <pthread.h>
#include <stdatomic.h>

#include "kino.h"
#include "serve/cache.h"

typedef struct kino_live_handle {
    kino *k;
    kino_cache *cache; /* of answers from this handle */
    atomic_int holders;
    uint64_t generation;
    uint64_t mark; /* of what answers rest on: catalogue, its generation, models, index, program */
    size_t films;
    atomic_bool cut; /* its snapshot or weights were cut while it read them: it answers nothing any more */
} kino_live_handle;

enum { KINO_LIVE_FILES = 3, KINO_LIVE_SEEN = 3 * KINO_LIVE_FILES }; /* the catalogue, its WAL, the snapshot */

typedef struct kino_live {
    kino_options options;
    size_t cache_bytes;   /* of each handle */
    atomic_size_t *held;  /* counts the bytes of the answers from all handles */
    pthread_mutex_t lock; /* of `now`, held for a moment */
    kino_live_handle *now;
    pthread_mutex_t replacing;     /* held while a handle is opened: no older one can take the place of a newer one */
    uint64_t seen[KINO_LIVE_SEEN]; /* under `replacing`, of the files: inode, size and time of each */
    char *data_dir;
} kino_live;

kino_status kino_live_open(const kino_options *opt, size_t cache_bytes, atomic_size_t *held, kino_live *out,
                           kino_error *err);
void kino_live_close(kino_live *l);

kino_live_handle *kino_live_take(kino_live *l);
void kino_live_give(kino_live_handle *h);

/* Opens the catalogue anew if its files have changed, if they were cut, or always. A failure leaves the old one in
 * place. What was
 * committed before the call is in the handles that are taken after it, even if another thread does the same
 * meanwhile. */
kino_status kino_live_reopen(kino_live *l, bool always, kino_error *err);

#endif
