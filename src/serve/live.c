/* live.c - replaces the shared handle when the files of the catalogue have changed. */
#include "serve/live.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/status.h"
#include "serve/guard.h"

static void look(const char *data_dir, uint64_t out[KINO_LIVE_SEEN])
{
    static const char *const names[KINO_LIVE_FILES] = {"catalogue.db", "catalogue.db-wal", "snapshot.kino"};
    memset(out, 0, KINO_LIVE_SEEN * sizeof *out);
    for (int i = 0; i < KINO_LIVE_FILES; i++) {
        kino_buffer path = {0};
        struct stat s;
        kino_buffer_print(&path, "%s/%s", data_dir, names[i]);
        if (!stat(path.data, &s) && s.st_size) { /* an empty WAL is none */
            out[3 * i] = (uint64_t)s.st_ino;
            out[3 * i + 1] = (uint64_t)s.st_size;
            out[3 * i + 2] = (uint64_t)s.st_mtim.tv_sec * UINT64_C(1000000000) + (uint64_t)s.st_mtim.tv_nsec;
        }
        free(path.data);
    }
}

static uint64_t mark_of(const kino_info *i)
{
    const uint64_t numbers[] = {i->lineage, i->generation, i->weights_fingerprint, i->encoder_fingerprint, i->tuned};
    uint64_t hash = kino_hash(KINO_HASH_START, numbers, sizeof numbers);
    hash = kino_hash(hash, KINO_VERSION, sizeof KINO_VERSION);
    hash = kino_hash(hash, i->recipe, strlen(i->recipe) + 1);
    return kino_hash(hash, i->index, strlen(i->index) + 1);
}

typedef struct opening {
    const kino_live *live;
    kino_live_handle *handle;
    kino_info info;
    kino_status status;
    kino_error *err;
} opening;

/* The first question pays for what is loaded on demand: it is asked here. */
static void open_handle(void *ctx)
{
    opening *o = ctx;
    kino_live_handle *h = o->handle;
    int64_t *ids = NULL;
    size_t count = 0;
    kino_status st = kino_open(&o->live->options, &h->k, o->err);
    if (!st)
        st = kino_get_info(h->k, &o->info, o->err);
    if (!st)
        st = kino_ids(h->k, &ids, &count, o->err);
    if (!st)
        st = kino_warm(h->k, o->err);
    if (!st && count) {
        kino_results *r = NULL;
        st = kino_recommend(h->k, &(kino_query){.like = ids, .like_count = 1}, &r, o->err);
        kino_results_free(r);
    }
    free(ids);
    h->generation = o->info.generation;
    h->mark = st ? 0 : mark_of(&o->info);
    h->films = count;
    o->status = st;
}

/* A handle whose opening was left in its midst is lost, with its memory. */
static kino_status open_guarded(const kino_live *l, opening *o, kino_error *err)
{
    *o = (opening){.live = l, .handle = kino_alloc(sizeof *o->handle), .err = err};
    if (!kino_guarded(open_handle, o))
        return kino_fail(err, KINO_DAMAGED, "a file of the catalogue was cut while it was opened");
    if (o->status) {
        kino_close(o->handle->k);
        free(o->handle);
        return o->status;
    }
    o->handle->cache = kino_cache_open(l->cache_bytes, l->held);
    o->handle->holders = 1;
    return KINO_OK;
}

kino_status kino_live_open(const kino_options *opt, size_t cache_bytes, atomic_size_t *held, kino_live *out,
                           kino_error *err)
{
    opening o;
    *out = (kino_live){.options = *opt, .cache_bytes = cache_bytes, .held = held};
    pthread_mutex_init(&out->lock, NULL);
    pthread_mutex_init(&out->replacing, NULL);
    kino_status st = open_guarded(out, &o, err);
    if (st)
        return st;
    out->now = o.handle;
    out->data_dir = kino_strdup(o.info.data_dir);
    look(out->data_dir, out->seen);
    return KINO_OK;
}

void kino_live_close(kino_live *l)
{
    if (l->now)
        kino_live_give(l->now);
    free(l->data_dir);
    pthread_mutex_destroy(&l->lock);
    pthread_mutex_destroy(&l->replacing);
}

kino_live_handle *kino_live_take(kino_live *l)
{
    pthread_mutex_lock(&l->lock);
    kino_live_handle *h = l->now;
    h->holders++;
    pthread_mutex_unlock(&l->lock);
    return h;
}

void kino_live_give(kino_live_handle *h)
{
    if (--h->holders == 0) {
        kino_cache_close(h->cache);
        if (!h->cut) /* else nobody knows in which state it was left */
            kino_close(h->k);
        free(h);
    }
}

kino_status kino_live_reopen(kino_live *l, bool always, kino_error *err)
{
    uint64_t now[KINO_LIVE_SEEN];
    opening o;
    kino_live_handle *old = NULL;
    kino_status st = KINO_OK;
    pthread_mutex_lock(&l->replacing);
    look(l->data_dir, now);
    if (!always && !l->now->cut && !memcmp(now, l->seen, sizeof now))
        goto done;
    st = open_guarded(l, &o, err);
    if (st)
        goto done;
    memcpy(l->seen, now, sizeof now);
    pthread_mutex_lock(&l->lock);
    old = l->now;
    l->now = o.handle;
    pthread_mutex_unlock(&l->lock);
done:
    pthread_mutex_unlock(&l->replacing);
    if (old)
        kino_live_give(old);
    return st;
}
