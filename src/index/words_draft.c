/* words_draft.c - the texts of films -> how often each stem stands in each field.
 *
 * A word is stemmed when a chunk of films meets it first; from then on it costs one look into a hash table. What a stem
 * was last heard as is remembered with it, so a film's words are counted without sorting them. */
#include "index/words_draft.h"

#include <stdlib.h>
#include <string.h>

#include "base/stem.h"

struct kino_words_listener {
    kino_words_chunk *chunk;
    size_t first; /* what was heard of this film begins there */
    kino_buffer folded;
};

bool kino_words_is_text(kino_words_field field)
{
    return field == KINO_WORDS_KEYWORDS || field == KINO_WORDS_TAGLINE || field == KINO_WORDS_OVERVIEW ||
           field == KINO_WORDS_GENRES;
}

static uint32_t put_stem(kino_words_chunk *c, const char *word, size_t n)
{
    char text[KINO_WORD_LONGEST];
    bool fresh;
    memcpy(text, word, n);
    uint32_t stem = kino_wordset_put(&c->stems, text, kino_stem(text, n), &fresh);
    if (fresh && stem == c->stem_capacity) {
        c->stem_capacity = c->stem_capacity ? 2 * c->stem_capacity : 1024;
        c->stem = kino_resize_array(c->stem, c->stem_capacity, sizeof *c->stem);
    }
    if (fresh)
        c->stem[stem] = (kino_words_stem){.term = KINO_WORDS_ABSENT};
    return stem;
}

/* The stem of a word, KINO_WORDS_ABSENT for a stop word. */
static uint32_t stem_of(kino_words_chunk *c, const char *word, size_t n)
{
    bool fresh;
    uint32_t number = kino_wordset_put(&c->words, word, n, &fresh);
    if (!fresh)
        return c->stem_of[number];
    if (number == c->word_capacity) {
        c->word_capacity = c->word_capacity ? 2 * c->word_capacity : 1024;
        c->stem_of = kino_resize_array(c->stem_of, c->word_capacity, sizeof *c->stem_of);
    }
    c->stem_of[number] = kino_word_is_stop(word, n) ? KINO_WORDS_ABSENT : put_stem(c, word, n);
    return c->stem_of[number];
}

static void count(kino_words_listener *l, uint32_t stem, kino_words_field field)
{
    kino_words_chunk *c = l->chunk;
    uint32_t *last = &c->stem[stem].last[field];
    if (*last > l->first) {
        c->heard[*last - 1].count++;
        return;
    }
    if (c->heard_count == c->heard_capacity) {
        c->heard_capacity = c->heard_capacity ? 2 * c->heard_capacity : 4096;
        c->heard = kino_resize_array(c->heard, c->heard_capacity, sizeof *c->heard);
    }
    c->heard[c->heard_count] = (kino_words_heard){stem * KINO_WORDS_FIELDS + (uint32_t)field, 1};
    *last = (uint32_t)++c->heard_count;
}

void kino_words_tell(kino_words_listener *l, kino_words_field field, const char *text, size_t n)
{
    l->folded.size = 0;
    kino_words_fold(&l->folded, text, n);
    kino_word_reader r = {.text = l->folded.data, .n = l->folded.size};
    while (kino_word_next(&r)) {
        uint32_t stem = stem_of(l->chunk, r.word, r.length);
        if (stem != KINO_WORDS_ABSENT)
            count(l, stem, field);
    }
}

/* Adds the film to the sums of its stems and fields. */
static void end_film(kino_words_listener *l)
{
    kino_words_chunk *c = l->chunk;
    uint64_t words[KINO_WORDS_FIELDS] = {0};
    const uint32_t stamp = (uint32_t)c->films + 1;
    for (size_t i = l->first; i < c->heard_count; i++) {
        kino_words_stem *s = &c->stem[c->heard[i].code / KINO_WORDS_FIELDS];
        const kino_words_field field = c->heard[i].code % KINO_WORDS_FIELDS;
        words[field] += c->heard[i].count;
        s->films += s->film_seen != stamp;
        s->film_seen = stamp;
        if (kino_words_is_text(field)) {
            s->in_texts += s->film_text_seen != stamp;
            s->film_text_seen = stamp;
        }
    }
    for (size_t field = 0; field < KINO_WORDS_FIELDS; field++) {
        c->field_words[field] += words[field];
        c->field_films[field] += words[field] != 0;
    }
    c->film_end[c->films++] = (uint32_t)c->heard_count;
    l->first = c->heard_count;
}

void kino_words_hear(kino_words_chunk *c, size_t first, size_t films, kino_words_texts_fn texts, const void *ctx)
{
    kino_words_listener l = {.chunk = c};
    for (size_t i = 0; i < films; i++) {
        texts(ctx, first + i, &l);
        end_film(&l);
    }
    free(l.folded.data);
    kino_wordset_free(&c->words);
    free(c->stem_of);
    c->stem_of = NULL;
}

void kino_words_chunk_free(kino_words_chunk *c)
{
    kino_wordset_free(&c->words);
    kino_wordset_free(&c->stems);
    free(c->stem_of);
    free(c->stem);
    free(c->heard);
    free(c->numbers.data);
    free(c->weights.data);
}
