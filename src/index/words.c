/* words.c - the vocabulary of a words index, and the index as a whole. */
#include "index/words.h"

#include <stdlib.h>
#include <string.h>

#include "base/stem.h"
#include "index/words_table.h"

const char *kino_words_text(const kino_words *w, uint32_t term, size_t *n)
{
    const uint32_t at = w->entries[term].text, end = w->entries[term + 1].text;
    *n = at <= end && end <= w->pool_size ? end - at : 0;
    return *n ? w->pool + at : "";
}

static int compare(const kino_words *w, uint32_t term, const char *text, size_t n)
{
    size_t length;
    const char *other = kino_words_text(w, term, &length);
    int order = memcmp(other, text, length < n ? length : n);
    return order ? order : (length > n) - (length < n);
}

uint32_t kino_words_lower(const kino_words *w, const char *text, size_t n)
{
    uint32_t low = 0, high = (uint32_t)w->term_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare(w, middle, text, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t kino_words_find(const kino_words *w, const char *stem, size_t n)
{
    uint32_t term = kino_words_lower(w, stem, n);
    return term < w->term_count && !compare(w, term, stem, n) ? term : KINO_WORDS_ABSENT;
}

size_t kino_words_films(const kino_words *w)
{
    return w->films + (w->tail ? w->tail->films : 0);
}

uint32_t kino_words_df(const kino_words *w, const char *word, size_t n)
{
    char stem[KINO_WORD_LONGEST];
    uint32_t films = 0;
    if (!n || n > sizeof stem)
        return 0;
    memcpy(stem, word, n);
    n = kino_stem(stem, n);
    for (; w; w = w->tail) {
        uint32_t term = kino_words_find(w, stem, n);
        if (term != KINO_WORDS_ABSENT)
            films += w->entries[term].in_texts;
    }
    return films;
}

void kino_words_extend(kino_words *w, const uint64_t *hidden, const kino_words *tail)
{
    w->hidden = hidden;
    w->tail = tail;
}

void kino_words_free(kino_words *w)
{
    if (!w)
        return;
    if (!w->lent) {
        free((void *)w->pool);
        free((void *)w->entries);
        free((void *)w->postings_at);
        free((void *)w->postings);
        free((void *)w->averages);
        free((void *)w->numbers);
        free((void *)w->vector_at);
        free((void *)w->vector_numbers);
        free((void *)w->vector_weights);
    }
    free(w);
}
