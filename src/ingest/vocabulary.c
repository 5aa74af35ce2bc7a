/* vocabulary.c - the names that become columns of the features. */
#include "ingest/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/status.h"

/* A word that may become a column. */
typedef struct candidate {
    const char *word; /* zero-terminated */
    uint32_t films;
} candidate;

uint32_t kino_word_counts_number(kino_word_counts *c, const char *word, size_t n)
{
    bool fresh;
    const uint32_t number = kino_wordset_put(&c->words, word, n, &fresh);
    if (number == c->capacity) {
        c->capacity = c->capacity ? 2 * c->capacity : 1024;
        c->films = kino_resize_array(c->films, c->capacity, sizeof *c->films);
        c->last = kino_resize_array(c->last, c->capacity, sizeof *c->last);
    }
    if (fresh) {
        c->films[number] = 0;
        c->last[number] = 0;
    }
    return number;
}

void kino_word_counts_add(kino_word_counts *c, size_t film, uint32_t word)
{
    c->films[word] += c->last[word] != film + 1;
    c->last[word] = film + 1;
}

void kino_word_counts_free(kino_word_counts *c)
{
    kino_wordset_free(&c->words);
    free(c->films);
    free(c->last);
    *c = (kino_word_counts){0};
}

static int by_frequency(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    return x->films != y->films ? (x->films < y->films ? 1 : -1) : strcmp(x->word, y->word);
}

static int by_word(const void *a, const void *b)
{
    return strcmp(((const candidate *)a)->word, ((const candidate *)b)->word);
}

static void index_words(kino_vocabulary *v)
{
    v->words = kino_alloc_array(v->count, sizeof *v->words);
    const char *p = v->text;
    for (size_t i = 0; i < v->count; i++, p += strlen(p) + 1)
        v->words[i] = p;
}

void kino_vocabulary_choose(const kino_word_counts *c, size_t least, size_t most, kino_vocabulary *out,
                            uint32_t **films)
{
    candidate *chosen = kino_alloc_array(c->words.count, sizeof *chosen);
    kino_arena arena = {0};
    kino_buffer b = {0};
    size_t n = 0, length;
    for (uint32_t i = 0; i < c->words.count; i++) {
        if (c->films[i] < least)
            continue;
        const char *word = kino_wordset_text(&c->words, i, &length);
        chosen[n++] = (candidate){kino_arena_strndup(&arena, word, length), c->films[i]};
    }
    qsort(chosen, n, sizeof *chosen, by_frequency);
    n = n < most ? n : most;
    qsort(chosen, n, sizeof *chosen, by_word);
    uint32_t *counts = kino_alloc_array(n, sizeof *counts);
    for (size_t i = 0; i < n; i++) {
        kino_buffer_put(&b, chosen[i].word, strlen(chosen[i].word) + 1);
        counts[i] = chosen[i].films;
    }
    *out = (kino_vocabulary){.text = b.data, .bytes = b.size, .count = n};
    index_words(out);
    if (films)
        *films = counts;
    else
        free(counts);
    free(chosen);
    kino_arena_free(&arena);
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

kino_status kino_vocabulary_load(const kino_container *c, const char *section, size_t most, kino_vocabulary *out,
                                 kino_error *err)
{
    const kino_section *s = kino_container_find(c, section, KINO_U8, 1, (uint64_t[]){KINO_ANY}, err);
    if (!s)
        return KINO_DAMAGED;
    if (!kino_vocabulary_read(s->data, s->bytes, most, out))
        return kino_fail(err, KINO_DAMAGED, "%s: section %s is no ascending list of words", c->path, section);
    return KINO_OK;
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
