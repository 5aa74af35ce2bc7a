/* vocabulary_parts.c - the two containers that all parts of a vocabulary fill. */
#include "wish/vocabulary_parts.h"

void kino_known_put(kino_known *k, const char *word, size_t n, int as)
{
    bool fresh;
    const uint32_t number = kino_wordset_put(&k->words, word, n, &fresh);
    if (k->capacity < k->words.capacity) {
        k->as = kino_resize_array(k->as, k->words.capacity, 1);
        k->capacity = k->words.capacity;
    }
    k->as[number] = (uint8_t)((fresh ? 0 : k->as[number]) | as);
}

void kino_name_table_add(kino_name_table *t, uint32_t item, const char *text, const char *other, int year,
                         int64_t votes, const char *imdb)
{
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        t->entries = kino_resize_array(t->entries, t->capacity, sizeof *t->entries);
        t->items = kino_resize_array(t->items, t->capacity, sizeof *t->items);
    }
    t->entries[t->count] = (kino_title_entry){(int64_t)t->count + 1, text, other, year, votes, imdb};
    t->items[t->count++] = item;
}
