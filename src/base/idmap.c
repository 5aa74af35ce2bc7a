/* idmap.c - a hash table of film ids. */
#include "base/idmap.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "base/bytes.h"

static size_t slot_of(const kino_idmap *m, int64_t id)
{
    size_t i = kino_mix((uint64_t)id) & (m->capacity - 1);
    while (m->keys[i] && m->keys[i] != id)
        i = (i + 1) & (m->capacity - 1);
    return i;
}

static void grow(kino_idmap *m)
{
    kino_idmap bigger = {.capacity = m->capacity ? m->capacity * 2 : 1024, .count = m->count};
    bigger.keys = kino_alloc_array(bigger.capacity, sizeof *bigger.keys);
    bigger.values = kino_alloc_array(bigger.capacity, sizeof *bigger.values);
    for (size_t i = 0; i < m->capacity; i++) {
        if (!m->keys[i])
            continue;
        size_t slot = slot_of(&bigger, m->keys[i]);
        bigger.keys[slot] = m->keys[i];
        bigger.values[slot] = m->values[i];
    }
    kino_idmap_free(m);
    *m = bigger;
}

uint32_t *kino_idmap_at(kino_idmap *m, int64_t id)
{
    if (m->count * 2 >= m->capacity)
        grow(m);
    size_t slot = slot_of(m, id);
    if (!m->keys[slot]) {
        m->keys[slot] = id;
        m->values[slot] = UINT32_MAX;
        m->count++;
    }
    return &m->values[slot];
}

uint32_t kino_idmap_get(const kino_idmap *m, int64_t id)
{
    if (!m->capacity)
        return UINT32_MAX;
    size_t slot = slot_of(m, id);
    return m->keys[slot] ? m->values[slot] : UINT32_MAX;
}

void kino_idmap_free(kino_idmap *m)
{
    free(m->keys);
    free(m->values);
    *m = (kino_idmap){0};
}
