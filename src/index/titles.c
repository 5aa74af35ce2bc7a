/* titles.c - the title table: keys of every entry, sorted, hashed and ordered by length.
 *
 * Chunks of entries are folded in parallel into pools of their own, which are then joined in order: the table does not
 * depend on the thread count. 45,000 entries have some 95,000 keys. */
#include "index/titles.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "index/titles_table.h"

enum { CHUNK = 1024, SHORTEST_PART = 3, LONGEST_TEXT = 4096 };

typedef struct draft {
    uint64_t front;   /* the first 8 bytes, as a number that sorts like them */
    const char *text; /* set for the sort */
    kino_title_key key;
} draft;

typedef struct chunk {
    kino_buffer pool;
    draft *drafts;
    size_t count, capacity;
} chunk;

typedef struct job {
    const kino_title_entry *entries;
    size_t n;
    chunk *chunks;
} job;

uint32_t kino_imdb_number(const char *text, size_t n)
{
    uint64_t number = 0;
    if (n < 3 || n > 12 || (text[0] | 32) != 't' || (text[1] | 32) != 't')
        return 0;
    for (size_t i = 2; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return 0;
        number = 10 * number + (uint64_t)(text[i] - '0');
    }
    return number <= UINT32_MAX ? (uint32_t)number : 0;
}

static size_t text_length(const char *text)
{
    size_t n = strlen(text);
    return n < LONGEST_TEXT ? n : LONGEST_TEXT;
}

/* The text from `start` to the end of the pool becomes a key, unless the entry has it already. */
static void add_key(chunk *c, size_t first, size_t start, uint32_t entry, int flags)
{
    const char *text = c->pool.data + start;
    size_t n = c->pool.size - start;
    if (!n || n > UINT16_MAX) {
        c->pool.size = start;
        return;
    }
    for (size_t i = first; i < c->count; i++) {
        kino_title_key *k = &c->drafts[i].key;
        if (k->bytes == n && !memcmp(c->pool.data + k->text, text, n)) {
            k->flags |= (uint8_t)flags;
            c->pool.size = start;
            return;
        }
    }
    if (c->count == c->capacity) {
        c->capacity = c->capacity ? 2 * c->capacity : 3 * CHUNK;
        c->drafts = kino_resize_array(c->drafts, c->capacity, sizeof *c->drafts);
    }
    uint8_t letters[KINO_KEY_LONGEST];
    size_t length = kino_title_letters(text, n, letters, sizeof letters);
    draft d = {0, NULL, {(uint32_t)start, entry, (uint16_t)n, (uint8_t)length, (uint8_t)flags}};
    for (size_t i = 0; i < 8; i++)
        d.front = d.front << 8 | (i < n ? (uint8_t)text[i] : 0);
    if (length == n)
        d.key.flags |= KINO_KEY_ASCII;
    c->drafts[c->count++] = d;
}

static void add_forms(chunk *c, size_t first, const char *text, size_t n, uint32_t entry, int flags, bool folded_too)
{
    size_t start = c->pool.size;
    kino_fold(&c->pool, text, n);
    size_t folded = c->pool.size - start;
    char copy[4 * LONGEST_TEXT];
    if (!folded || folded > sizeof copy)
        return;
    memcpy(copy, c->pool.data + start, folded);
    if (folded_too)
        add_key(c, first, start, entry, flags);
    else
        c->pool.size = start;
    start = c->pool.size;
    kino_title_plain(&c->pool, copy, folded);
    add_key(c, first, start, entry, KINO_KEY_PLAIN);
}

static void chunk_keys(void *ctx, size_t number, int worker)
{
    job *j = ctx;
    chunk *c = &j->chunks[number];
    (void)worker;
    for (size_t e = number * CHUNK; e < j->n && e < (number + 1) * CHUNK; e++) {
        const kino_title_entry *entry = &j->entries[e];
        size_t first = c->count, n = text_length(entry->title);
        kino_title_part parts[KINO_TITLE_PARTS];
        add_forms(c, first, entry->title, n, (uint32_t)e, KINO_KEY_TITLE, true);
        if (strcmp(entry->title, entry->original_title))
            add_forms(c, first, entry->original_title, text_length(entry->original_title), (uint32_t)e, 0, true);
        kino_title_split(entry->title, n, parts);
        for (size_t p = 0; p < KINO_TITLE_PARTS; p++)
            if (parts[p].n >= SHORTEST_PART)
                add_forms(c, first, parts[p].text, parts[p].n, (uint32_t)e, 0, false);
    }
}

static int by_text(const void *a, const void *b)
{
    const draft *x = a, *y = b;
    if (x->front != y->front)
        return x->front < y->front ? -1 : 1;
    size_t n = x->key.bytes < y->key.bytes ? x->key.bytes : y->key.bytes;
    int order = memcmp(x->text, y->text, n);
    if (order)
        return order;
    if (x->key.bytes != y->key.bytes)
        return x->key.bytes < y->key.bytes ? -1 : 1;
    return x->key.entry < y->key.entry ? -1 : x->key.entry > y->key.entry;
}

/* Joins the chunks' keys, sorts them and moves them and their texts into the table. */
static void gather(kino_titles *t, const chunk *chunks, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        t->pool_size += chunks[i].pool.size;
        t->key_count += chunks[i].count;
    }
    draft *drafts = kino_alloc_array(t->key_count, sizeof *drafts);
    char *pool = kino_alloc(t->pool_size);
    kino_title_key *keys = kino_alloc_array(t->key_count, sizeof *keys);
    for (size_t i = 0, at = 0; i < count; i++)
        for (size_t k = 0; k < chunks[i].count; k++) {
            drafts[at] = chunks[i].drafts[k];
            drafts[at].text = chunks[i].pool.data + drafts[at].key.text;
            at++;
        }
    qsort(drafts, t->key_count, sizeof *drafts, by_text);
    uint32_t used = 0;
    for (size_t k = 0; k < t->key_count; k++) { /* in the order of the keys: a prefix search reads straight on */
        memcpy(pool + used, drafts[k].text, drafts[k].key.bytes);
        keys[k] = drafts[k].key;
        keys[k].text = used;
        used += drafts[k].key.bytes;
    }
    t->pool_size = used;
    t->pool = pool;
    t->keys = keys;
    free(drafts);
}

static void make_slots(kino_titles *t)
{
    t->slot_count = 16;
    while (t->slot_count < 2 * t->key_count)
        t->slot_count *= 2;
    uint32_t *slots = kino_alloc_array(t->slot_count, sizeof *slots);
    for (size_t k = 0; k < t->key_count; k++) {
        if (!(t->keys[k].flags & KINO_KEY_PLAIN))
            continue;
        size_t slot = kino_title_hash(t->pool + t->keys[k].text, t->keys[k].bytes) & (t->slot_count - 1);
        while (slots[slot])
            slot = (slot + 1) & (t->slot_count - 1);
        slots[slot] = (uint32_t)k + 1;
    }
    t->slots = slots;
}

static void order_by_length(kino_titles *t)
{
    uint32_t *by_length = kino_alloc_array(t->key_count, sizeof *by_length);
    uint32_t *masks = kino_alloc_array(t->key_count, sizeof *masks);
    uint32_t *start = kino_alloc_array(KINO_KEY_LONGEST + 2, sizeof *start), next[KINO_KEY_LONGEST + 2];
    for (size_t k = 0; k < t->key_count; k++)
        start[t->keys[k].letters + 1]++;
    for (size_t i = 1; i < KINO_KEY_LONGEST + 2; i++)
        start[i] += start[i - 1];
    memcpy(next, start, sizeof next);
    for (size_t k = 0; k < t->key_count; k++) {
        uint8_t letters[KINO_KEY_LONGEST];
        size_t n = kino_title_letters(t->pool + t->keys[k].text, t->keys[k].bytes, letters, sizeof letters);
        uint32_t at = next[n]++;
        by_length[at] = (uint32_t)k;
        masks[at] = kino_title_mask(letters, n);
    }
    t->by_length = by_length;
    t->masks = masks;
    t->length_start = start;
}

static int by_number(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void order_imdb(kino_titles *t, const kino_title_entry *entries)
{
    uint64_t *imdb = kino_alloc_array(t->entry_count, sizeof *imdb);
    for (size_t e = 0; e < t->entry_count; e++) {
        const char *id = entries[e].imdb_id;
        uint32_t number = id ? kino_imdb_number(id, strlen(id)) : 0;
        if (number)
            imdb[t->imdb_count++] = (uint64_t)number << 32 | e;
    }
    qsort(imdb, t->imdb_count, sizeof *imdb, by_number);
    t->imdb = imdb;
}

static void entry_of_array(const void *entries, uint32_t entry, kino_title_entry *out)
{
    *out = ((const kino_title_entry *)entries)[entry];
}

kino_titles *kino_titles_build(const kino_title_entry *entries, size_t n, int threads)
{
    kino_titles *t = kino_alloc(sizeof *t);
    size_t count = (n + CHUNK - 1) / CHUNK;
    job j = {entries, n, kino_alloc_array(count, sizeof(chunk))};
    t->entry = entry_of_array;
    t->entries = entries;
    t->entry_count = n;
    kino_parallel(kino_thread_count(threads), count, chunk_keys, &j);
    gather(t, j.chunks, count);
    for (size_t i = 0; i < count; i++) {
        free(j.chunks[i].pool.data);
        free(j.chunks[i].drafts);
    }
    free(j.chunks);
    make_slots(t);
    order_by_length(t);
    order_imdb(t, entries);
    return t;
}

void kino_titles_free(kino_titles *t)
{
    if (!t)
        return;
    if (!t->lent) {
        free((void *)t->pool);
        free((void *)t->keys);
        free((void *)t->slots);
        free((void *)t->by_length);
        free((void *)t->masks);
        free((void *)t->length_start);
        free((void *)t->imdb);
    }
    free(t);
}

void kino_titles_extend(kino_titles *t, const uint64_t *hidden, const kino_titles *tail)
{
    t->hidden = hidden;
    t->tail = tail;
}
