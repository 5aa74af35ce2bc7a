/* wordset.c - distinct strings in a hash table with open addressing. */
#include "base/wordset.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

#define UPPER UINT64_C(0xffffffff00000000)

static void grow(kino_wordset *s)
{
    size_t count = s->slot_count ? 2 * s->slot_count : 1024;
    uint64_t *slots = kino_alloc_array(count, sizeof *slots);
    for (size_t i = 0; i < s->count; i++) {
        size_t n;
        const char *text = kino_wordset_text(s, (uint32_t)i, &n);
        uint64_t hash = kino_mix(kino_hash(KINO_HASH_START, text, n));
        size_t slot = hash & (count - 1);
        while (slots[slot])
            slot = (slot + 1) & (count - 1);
        slots[slot] = (hash & UPPER) | (i + 1);
    }
    free(s->slots);
    s->slots = slots;
    s->slot_count = count;
}

static bool equal(const kino_wordset *s, uint32_t number, const char *text, size_t n)
{
    size_t length;
    const char *other = kino_wordset_text(s, number, &length);
    return length == n && !memcmp(other, text, n);
}

/* The slot of a string, or the free one where it would be. */
static size_t slot_of(const kino_wordset *s, uint64_t hash, const char *text, size_t n)
{
    size_t slot = hash & (s->slot_count - 1);
    while (s->slots[slot] && (((s->slots[slot] ^ hash) & UPPER) || !equal(s, (uint32_t)s->slots[slot] - 1, text, n)))
        slot = (slot + 1) & (s->slot_count - 1);
    return slot;
}

uint32_t kino_wordset_find(const kino_wordset *s, const char *text, size_t n)
{
    if (!s->slot_count)
        return KINO_WORDSET_NONE;
    const uint64_t taken = s->slots[slot_of(s, kino_mix(kino_hash(KINO_HASH_START, text, n)), text, n)];
    return taken ? (uint32_t)taken - 1 : KINO_WORDSET_NONE;
}

uint32_t kino_wordset_put(kino_wordset *s, const char *text, size_t n, bool *fresh)
{
    if (2 * s->count >= s->slot_count)
        grow(s);
    const uint64_t hash = kino_mix(kino_hash(KINO_HASH_START, text, n));
    const size_t slot = slot_of(s, hash, text, n);
    *fresh = !s->slots[slot];
    if (!*fresh)
        return (uint32_t)s->slots[slot] - 1;
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 1024;
        s->ends = kino_resize_array(s->ends, s->capacity, sizeof *s->ends);
    }
    kino_buffer_put(&s->pool, text, n);
    s->ends[s->count] = (uint32_t)s->pool.size;
    s->slots[slot] = (hash & UPPER) | (s->count + 1);
    return (uint32_t)s->count++;
}

void kino_wordset_free(kino_wordset *s)
{
    free(s->pool.data);
    free(s->ends);
    free(s->slots);
    *s = (kino_wordset){0};
}
