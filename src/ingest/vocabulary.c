/* vocabulary.c - the names that become columns of the features. */
#include "ingest/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"

static kino_word_count *slot_of(kino_word_count *slots, size_t capacity, const char *word)
{
    size_t i = kino_mix(kino_hash(KINO_HASH_START, word, strlen(word))) & (capacity - 1);
    while (slots[i].word && strcmp(slots[i].word, word))
        i = (i + 1) & (capacity - 1);
    return &slots[i];
}

void kino_word_counts_add(kino_word_counts *c, const char *word)
{
    if (c->count * 2 >= c->capacity) {
        size_t capacity = c->capacity ? c->capacity * 2 : 256;
        kino_word_count *slots = kino_alloc_array(capacity, sizeof *slots);
        for (size_t i = 0; i < c->capacity; i++)
            if (c->slots[i].word)
                *slot_of(slots, capacity, c->slots[i].word) = c->slots[i];
        free(c->slots);
        c->slots = slots;
        c->capacity = capacity;
    }
    kino_word_count *slot = slot_of(c->slots, c->capacity, word);
    c->count += !slot->word;
    slot->word = word;
    slot->films++;
}

void kino_word_counts_free(kino_word_counts *c)
{
    free(c->slots);
    *c = (kino_word_counts){0};
}

static int by_frequency(const void *a, const void *b)
{
    const kino_word_count *x = a, *y = b;
    return x->films != y->films ? (x->films < y->films ? 1 : -1) : strcmp(x->word, y->word);
}

static int by_word(const void *a, const void *b)
{
    return strcmp(((const kino_word_count *)a)->word, ((const kino_word_count *)b)->word);
}

static void index_words(kino_vocabulary *v)
{
    v->words = kino_alloc_array(v->count, sizeof *v->words);
    const char *p = v->text;
    for (size_t i = 0; i < v->count; i++, p += strlen(p) + 1)
        v->words[i] = p;
}

void kino_vocabulary_choose(const kino_word_counts *c, size_t least, size_t most, kino_vocabulary *out)
{
    kino_word_count *chosen = kino_alloc_array(c->count, sizeof *chosen);
    kino_buffer b = {0};
    size_t n = 0;
    for (size_t i = 0; i < c->capacity; i++)
        if (c->slots[i].word && c->slots[i].films >= least)
            chosen[n++] = c->slots[i];
    qsort(chosen, n, sizeof *chosen, by_frequency);
    n = n < most ? n : most;
    qsort(chosen, n, sizeof *chosen, by_word);
    for (size_t i = 0; i < n; i++)
        kino_buffer_put(&b, chosen[i].word, strlen(chosen[i].word) + 1);
    *out = (kino_vocabulary){.text = b.data, .bytes = b.size, .count = n};
    index_words(out);
    free(chosen);
}

void kino_vocabulary_drop_first(kino_vocabulary *v)
{
    if (!v->count)
        return;
    size_t n = strlen(v->text) + 1;
    v->bytes -= n;
    v->count--;
    memmove(v->text, v->text + n, v->bytes);
    free(v->words);
    index_words(v);
}

bool kino_vocabulary_read(const void *text, size_t bytes, size_t most, kino_vocabulary *out)
{
    const char *p = text, *before = NULL;
    size_t count = 0;
    if (bytes && p[bytes - 1])
        return false;
    for (size_t at = 0; at < bytes; at += strlen(p + at) + 1) {
        if (!p[at] || (before && strcmp(before, p + at) >= 0) || ++count > most)
            return false;
        before = p + at;
    }
    *out = (kino_vocabulary){.text = kino_alloc(bytes), .bytes = bytes, .count = count};
    if (bytes)
        memcpy(out->text, text, bytes);
    index_words(out);
    return true;
}

size_t kino_vocabulary_find(const kino_vocabulary *v, const char *word)
{
    size_t low = 0, high = v->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(word, v->words[middle]);
        if (!order)
            return middle;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return v->count;
}

void kino_vocabulary_free(kino_vocabulary *v)
{
    free(v->text);
    free(v->words);
    *v = (kino_vocabulary){0};
}
