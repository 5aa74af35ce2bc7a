/* cache.c - keeps answers in 16 parts with a lock each; in each part, the longest unasked goes first. */
#include "serve/cache.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum {
    PARTS = 16,
    USUAL = 4096,  /* bytes of an answer, for the number of slots */
    LARGEST = 4,   /* an answer that takes more than this share of a part would push out too many others */
    OVERHEAD = 64, /* of two allocations */
};

typedef struct part {
    _Alignas(64) pthread_mutex_t lock;
    kino_kept **slots;
    kino_kept *newest, *oldest;
    size_t bytes;
} part;

struct kino_cache {
    part parts[PARTS];
    size_t slots, room; /* of each part; powers of two, bytes */
    atomic_size_t *held;
};

kino_cache *kino_cache_open(size_t bytes, atomic_size_t *held)
{
    kino_cache *c = kino_alloc_aligned(sizeof *c);
    c->held = held;
    c->room = bytes / PARTS;
    c->slots = 16;
    while (c->slots < c->room / USUAL)
        c->slots *= 2;
    for (int i = 0; i < PARTS; i++) {
        pthread_mutex_init(&c->parts[i].lock, NULL);
        c->parts[i].slots = kino_alloc_array(c->slots, sizeof *c->parts[i].slots);
    }
    return c;
}

void kino_kept_give(kino_kept *k)
{
    if (--k->holders == 0) {
        *k->held -= k->size;
        free((void *)(uintptr_t)k->bytes);
        free(k);
    }
}

void kino_cache_close(kino_cache *c)
{
    if (!c)
        return;
    for (int i = 0; i < PARTS; i++) {
        for (kino_kept *k = c->parts[i].newest, *older; k; k = older) {
            older = k->older;
            kino_kept_give(k);
        }
        free(c->parts[i].slots);
        pthread_mutex_destroy(&c->parts[i].lock);
    }
    free(c);
}

/* ---- within a part, locked ---- */

static kino_kept **find(const kino_cache *c, part *p, uint64_t hash, const void *key, size_t n)
{
    kino_kept **at = &p->slots[hash / PARTS & (c->slots - 1)];
    while (*at && ((*at)->hash != hash || (*at)->key_size != n || memcmp((*at)->key, key, n)))
        at = &(*at)->next;
    return at;
}

static void unlink_age(part *p, kino_kept *k)
{
    *(k->newer ? &k->newer->older : &p->newest) = k->older;
    *(k->older ? &k->older->newer : &p->oldest) = k->newer;
}

static void link_newest(part *p, kino_kept *k)
{
    k->newer = NULL;
    k->older = p->newest;
    *(p->newest ? &p->newest->newer : &p->oldest) = k;
    p->newest = k;
}

static void drop(const kino_cache *c, part *p, kino_kept *k)
{
    *find(c, p, k->hash, k->key, k->key_size) = k->next;
    unlink_age(p, k);
    p->bytes -= k->charge;
    kino_kept_give(k);
}

/* ---- */

static uint64_t hash_of(const void *key, size_t n)
{
    return kino_mix(kino_hash(KINO_HASH_START, key, n));
}

kino_kept *kino_cache_take(kino_cache *c, const void *key, size_t n)
{
    if (!c->room)
        return NULL;
    const uint64_t hash = hash_of(key, n);
    part *p = &c->parts[hash % PARTS];
    pthread_mutex_lock(&p->lock);
    kino_kept *k = *find(c, p, hash, key, n);
    if (k) {
        k->holders++;
        unlink_age(p, k);
        link_newest(p, k);
    }
    pthread_mutex_unlock(&p->lock);
    return k;
}

static kino_kept *new_kept(const void *key, size_t n, const char *type, bool gzip, kino_buffer *body,
                           atomic_size_t *held)
{
    kino_kept *k = kino_alloc(sizeof *k + n);
    if (body->data)
        body->data = kino_resize_array(body->data, body->size + 1, 1); /* it has grown by doubling */
    *k = (kino_kept){.bytes = body->data ? body->data : kino_strdup(""),
                     .size = body->size,
                     .type = type,
                     .gzip = gzip,
                     .holders = 1,
                     .held = held,
                     .hash = hash_of(key, n),
                     .key_size = n,
                     .charge = sizeof *k + n + body->size + OVERHEAD};
    memcpy(k->key, key, n);
    *held += k->size;
    *body = (kino_buffer){0};
    return k;
}

kino_kept *kino_kept_new(const char *type, bool gzip, kino_buffer *body, atomic_size_t *held)
{
    return new_kept("", 0, type, gzip, body, held);
}

kino_kept *kino_cache_put(kino_cache *c, const void *key, size_t n, const char *type, bool gzip, kino_buffer *body)
{
    kino_kept *k = new_kept(key, n, type, gzip, body, c->held);
    if (k->charge > c->room / LARGEST)
        return k;
    part *p = &c->parts[k->hash % PARTS];
    pthread_mutex_lock(&p->lock);
    kino_kept *before = *find(c, p, k->hash, key, n); /* another thread had the same question */
    if (before)
        drop(c, p, before);
    while (p->bytes + k->charge > c->room)
        drop(c, p, p->oldest);
    kino_kept **slot = find(c, p, k->hash, key, n);
    k->holders++;
    *slot = k;
    link_newest(p, k);
    p->bytes += k->charge;
    pthread_mutex_unlock(&p->lock);
    return k;
}

size_t kino_cache_bytes(kino_cache *c)
{
    size_t bytes = 0;
    for (int i = 0; i < PARTS; i++) {
        pthread_mutex_lock(&c->parts[i].lock);
        bytes += c->parts[i].bytes;
        pthread_mutex_unlock(&c->parts[i].lock);
    }
    return bytes;
}
