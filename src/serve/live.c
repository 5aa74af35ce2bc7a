/* live.c - replaces the shared handle when the files of the catalogue have changed. */
#include "serve/live.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/alloc.h"

static void look(const char *path, uint64_t out[6])
{
    kino_buffer wal = {0};
    struct stat s;
    kino_buffer_print(&wal, "%s-wal", path);
    memset(out, 0, 6 * sizeof *out);
    for (int i = 0; i < 2; i++)
        if (!stat(i ? wal.data : path, &s) && (!i || s.st_size)) {
            out[3 * i] = (uint64_t)s.st_ino;
            out[3 * i + 1] = (uint64_t)s.st_size;
            out[3 * i + 2] = (uint64_t)s.st_mtim.tv_sec * UINT64_C(1000000000) + (uint64_t)s.st_mtim.tv_nsec;
        }
    free(wal.data);
}

/* The first question pays for what is loaded on demand: it is asked here. */
static kino_status open_handle(const kino_live *l, kino_live_handle **out, kino_error *err)
{
    kino_live_handle *h = kino_alloc(sizeof *h);
    kino_info info;
    int64_t *ids = NULL;
    size_t count = 0;
    kino_status st = kino_open(&l->options, &h->k, err);
    if (!st)
        st = kino_get_info(h->k, &info, err);
    if (!st)
        st = kino_ids(h->k, &ids, &count, err);
    if (!st)
        st = kino_warm(h->k, err);
    if (!st && count) {
        kino_results *r = NULL;
        st = kino_recommend(h->k, &(kino_query){.like = ids, .like_count = 1}, &r, err);
        kino_results_free(r);
    }
    free(ids);
    if (st) {
        kino_close(h->k);
        free(h);
        return st;
    }
    h->cache = kino_cache_open(l->cache_bytes);
    h->holders = 1;
    h->generation = info.generation;
    h->films = count;
    *out = h;
    return KINO_OK;
}

kino_status kino_live_open(const kino_options *opt, size_t cache_bytes, kino_live *out, kino_error *err)
{
    kino_info info;
    *out = (kino_live){.options = *opt, .cache_bytes = cache_bytes};
    pthread_mutex_init(&out->lock, NULL);
    pthread_mutex_init(&out->replacing, NULL);
    kino_status st = open_handle(out, &out->now, err);
    if (!st)
        st = kino_get_info(out->now->k, &info, err);
    if (st)
        return st;
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s/catalogue.db", info.data_dir);
    out->path = b.data;
    look(out->path, out->seen);
    return KINO_OK;
}

void kino_live_close(kino_live *l)
{
    if (l->now)
        kino_live_give(l->now);
    free(l->path);
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
        kino_close(h->k);
        free(h);
    }
}

kino_status kino_live_reopen(kino_live *l, bool always, kino_error *err)
{
    uint64_t now[6];
    kino_live_handle *fresh = NULL, *old = NULL;
    kino_status st = KINO_OK;
    pthread_mutex_lock(&l->replacing);
    look(l->path, now);
    if (!always && !memcmp(now, l->seen, sizeof now))
        goto done;
    st = open_handle(l, &fresh, err);
    if (st)
        goto done;
    memcpy(l->seen, now, sizeof now);
    pthread_mutex_lock(&l->lock);
    old = l->now;
    l->now = fresh;
    pthread_mutex_unlock(&l->lock);
done:
    pthread_mutex_unlock(&l->replacing);
    if (old)
        kino_live_give(old);
    return st;
}
