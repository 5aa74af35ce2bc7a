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

uint32_t kino_wordset_put(kino_wordset *s, const char *text, size_t n, bool *fresh)
{
    if (2 * s->count >= s->slot_count)
        grow(s);
    const uint64_t hash = kino_mix(kino_hash(KINO_HASH_START, text, n));
    size_t slot = hash & (s->slot_count - 1);
    for (; s->slots[slot]; slot = (slot + 1) & (s->slot_count - 1)) {
        uint32_t number = (uint32_t)s->slots[slot] - 1;
        if (!((s->slots[slot] ^ hash) & UPPER) && equal(s, number, text, n)) {
            *fresh = false;
            return number;
        }
    }
    if (s->count == s->capacity) {
        s->capacity = s->capacity ? 2 * s->capacity : 1024;
        s->ends = kino_resize_array(s->ends, s->capacity, sizeof *s->ends);
    }
    kino_buffer_put(&s->pool, text, n);
    s->ends[s->count] = (uint32_t)s->pool.size;
    s->slots[slot] = (hash & UPPER) | (s->count + 1);
    *fresh = true;
    return (uint32_t)s->count++;
}

void kino_wordset_free(kino_wordset *s)
{
    free(s->pool.data);
    free(s->ends);
    free(s->slots);
    *s = (kino_wordset){0};
}
