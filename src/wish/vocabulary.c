/* vocabulary.c - the lookups of a reader over films: words and keywords, genres; titles and people are in two files
 * beside. */
#include "wish/vocabulary.h"

#include <stdlib.h>
#include <string.h>

#include "base/genres.h"
#include "base/stem.h"
#include "base/utf8.h"
#include "base/wordtext.h"
#include "wish/reading.h"
#include "wish/vocabulary_parts.h"

/* ---- words ---- */

static int known_as(const kino_known *k, const char *word, size_t n)
{
    const uint32_t number = kino_wordset_find(&k->words, word, n);
    return number == KINO_WORDSET_NONE ? 0 : k->as[number];
}

/* The stem of a word, in a buffer of its own; a long one is its own stem. */
static size_t stem_of(const char *word, size_t n, char out[KINO_WORD_LONGEST])
{
    if (n > KINO_WORD_LONGEST)
        return 0;
    memcpy(out, word, n);
    return kino_stem(out, n);
}

static bool knows(const void *ctx, const char *word, size_t n)
{
    const kino_wish_vocabulary *v = ctx;
    char stem[KINO_WORD_LONGEST];
    if (known_as(&v->known, word, n) & (KINO_KNOWN_TITLE | KINO_KNOWN_NAME))
        return true;
    const size_t length = stem_of(word, n, stem);
    return length && known_as(&v->known, stem, length) & KINO_KNOWN_KEYWORD;
}

static bool first_name(const void *ctx, const char *word, size_t n)
{
    const kino_wish_vocabulary *v = ctx;
    return known_as(&v->known, word, n) & KINO_KNOWN_FIRST;
}

static uint32_t texts(const void *ctx, const char *word, size_t n)
{
    const kino_wish_vocabulary *v = ctx;
    return kino_words_df(v->words, word, n);
}

/* ---- keywords ---- */

static uint32_t keyword(const void *ctx, const char *stems, size_t n)
{
    const kino_wish_vocabulary *v = ctx;
    const uint32_t number = kino_wordset_find(&v->keywords, stems, n);
    return number == KINO_WORDSET_NONE ? 0 : v->keyword_films[number];
}

/* The stems of a keyword, joined by blanks, and each as a known word. */
static void stem_keyword(kino_wish_vocabulary *v, const char *name, kino_buffer *folded, kino_buffer *stems)
{
    folded->size = stems->size = 0;
    kino_words_fold(folded, name, strlen(name));
    for (size_t at = 0; at < folded->size;) {
        char stem[KINO_WORD_LONGEST];
        const char *word = folded->data + at, *space = memchr(word, ' ', folded->size - at);
        const size_t n = space ? (size_t)(space - word) : folded->size - at, length = stem_of(word, n, stem);
        if (length) {
            kino_put_words(stems, stem, length);
            kino_known_put(&v->known, stem, length, KINO_KNOWN_KEYWORD);
        }
        at += n + 1;
    }
}

static void count_keywords(kino_wish_vocabulary *v)
{
    kino_buffer folded = {0}, stems = {0};
    size_t capacity = 0;
    uint32_t *last = NULL; /* the film that a keyword was last met in, from 1: two of one stem count once */
    for (size_t i = 0; i < v->film_count; i++) {
        const kino_list list = v->films[i].keywords;
        for (size_t k = 0; k < list.count; k++) {
            bool fresh;
            stem_keyword(v, list.items[k].name, &folded, &stems);
            if (!stems.size)
                continue;
            const uint32_t number = kino_wordset_put(&v->keywords, stems.data, stems.size, &fresh);
            if (capacity < v->keywords.capacity) {
                capacity = v->keywords.capacity;
                v->keyword_films = kino_resize_array(v->keyword_films, capacity, sizeof *v->keyword_films);
                last = kino_resize_array(last, capacity, sizeof *last);
            }
            if (fresh)
                v->keyword_films[number] = last[number] = 0;
            v->keyword_films[number] += last[number] != i + 1;
            last[number] = (uint32_t)i + 1;
        }
    }
    free(last);
    free(folded.data);
    free(stems.data);
}

/* ---- genres, years, countries ---- */

enum { GENRE_LONGEST = 31 };

static bool genre(const void *ctx, const char *name)
{
    const kino_wish_vocabulary *v = ctx;
    for (uint32_t i = 0; i < v->genres.count; i++) {
        size_t n;
        const char *own = kino_wordset_text(&v->genres, i, &n);
        char text[GENRE_LONGEST + 1];
        if (n > GENRE_LONGEST)
            continue;
        memcpy(text, own, n);
        text[n] = 0;
        if (kino_same_genre(text, name))
            return true;
    }
    return false;
}

static void survey(kino_wish_vocabulary *v)
{
    size_t countries = 0;
    for (size_t i = 0; i < v->film_count; i++) {
        const kino_movie *m = &v->films[i];
        bool fresh;
        for (size_t g = 0; g < m->genres.count; g++)
            kino_wordset_put(&v->genres, m->genres.items[g].name, strlen(m->genres.items[g].name), &fresh);
        countries += m->countries.count != 0;
        if (m->year > v->look.newest_year)
            v->look.newest_year = m->year;
    }
    v->look.films = v->film_count;
    v->look.countries = v->film_count && 2 * countries >= v->film_count;
}

/* ---- the whole ---- */

kino_wish_vocabulary *kino_wish_vocabulary_make(const kino_movie *films, size_t n, const kino_words *words, int threads)
{
    kino_wish_vocabulary *v = kino_alloc(sizeof *v);
    v->films = films;
    v->film_count = n;
    v->words = words;
    v->look = (kino_wish_lookups){
        .ctx = v, .texts = texts, .keyword = keyword, .knows = knows, .first_name = first_name, .genre = genre};
    survey(v);
    count_keywords(v);
    kino_vocabulary_titles(v, threads);
    kino_vocabulary_people(v, threads);
    return v;
}

static void free_table(kino_name_table *t)
{
    kino_titles_free(t->titles);
    free(t->entries);
    free(t->items);
}

void kino_wish_vocabulary_free(kino_wish_vocabulary *v)
{
    if (!v)
        return;
    for (size_t i = 0; i < KINO_NAME_TABLES; i++)
        free_table(&v->tables[i]);
    free(v->plain.data);
    free(v->plain_at);
    free(v->title_word_at);
    free(v->title_word_films);
    free(v->people);
    free(v->written);
    free(v->person_at);
    free(v->person_films);
    free(v->keyword_films);
    free(v->known.as);
    kino_wordset_free(&v->known.words);
    kino_wordset_free(&v->title_words);
    kino_wordset_free(&v->names);
    kino_wordset_free(&v->keywords);
    kino_wordset_free(&v->genres);
    kino_arena_free(&v->memory);
    free(v);
}

const kino_wish_lookups *kino_wish_vocabulary_lookups(const kino_wish_vocabulary *v)
{
    return &v->look;
}
