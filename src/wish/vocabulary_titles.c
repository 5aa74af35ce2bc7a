/* vocabulary_titles.c - titles of films, found whole, loosely, misspelt, by words from inside and by address. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "base/utf8.h"
#include "wish/reading.h"
#include "wish/vocabulary_parts.h"

enum { HITS = 16 };

static const char *text_of(kino_wish_vocabulary *v, const kino_buffer *b)
{
    return kino_arena_strndup(&v->memory, b->data ? b->data : "", b->size);
}

/* ---- forms of a title ---- */

/* The plain text without its small words. */
static void loosen(const char *plain, size_t n, kino_buffer *out)
{
    for (size_t at = 0; at < n;) {
        const char *space = memchr(plain + at, ' ', n - at);
        const size_t length = space ? (size_t)(space - plain) - at : n - at;
        if (!kino_is_small(plain + at, length))
            kino_put_words(out, plain + at, length);
        at += length + 1;
    }
}

/* "Se7en" -> "Seven": a digit beside a letter is the letter that it looks like. False when there is none. */
static bool spell(const char *title, kino_buffer *out)
{
    static const char digits[] = "713045", letters[] = "vieoas";
    bool any = false;
    for (const char *p = title; *p; p++) {
        const char *at = strchr(digits, *p);
        const bool beside = (p > title && isalpha((unsigned char)p[-1])) || isalpha((unsigned char)p[1]);
        any |= at && beside;
        kino_buffer_byte(out, at && beside ? letters[at - digits] : *p);
    }
    return any;
}

static void add_loose(kino_wish_vocabulary *v, uint32_t film, const char *title, size_t n)
{
    kino_buffer folded = {0}, plain = {0}, loose = {0};
    const kino_movie *m = &v->films[film];
    kino_fold(&folded, title, n);
    if (folded.size)
        kino_title_plain(&plain, folded.data, folded.size);
    if (plain.size)
        loosen(plain.data, plain.size, &loose);
    if (loose.size && (loose.size != plain.size || memcmp(loose.data, plain.data, plain.size))) {
        const char *text = text_of(v, &loose);
        kino_name_table_add(&v->tables[KINO_TABLE_LOOSE], film, text, text, m->year, m->votes, NULL);
    }
    free(folded.data);
    free(plain.data);
    free(loose.data);
}

static void add_forms(kino_wish_vocabulary *v, uint32_t film)
{
    const kino_movie *m = &v->films[film];
    const char *original = *m->original_title ? m->original_title : m->title;
    kino_title_part parts[KINO_TITLE_PARTS];
    kino_buffer spelled = {0};
    kino_name_table_add(&v->tables[KINO_TABLE_TITLES], film, m->title, original, m->year, m->votes, m->imdb_id);
    add_loose(v, film, m->title, strlen(m->title));
    if (strcmp(m->title, original))
        add_loose(v, film, original, strlen(original));
    kino_title_split(m->title, strlen(m->title), parts);
    for (size_t p = 0; p < KINO_TITLE_PARTS; p++)
        if (parts[p].n)
            add_loose(v, film, parts[p].text, parts[p].n);
    if (spell(m->title, &spelled)) {
        const char *text = text_of(v, &spelled);
        kino_name_table_add(&v->tables[KINO_TABLE_SPELLED], film, text, text, m->year, m->votes, NULL);
    }
    free(spelled.data);
}

/* ---- words of titles ---- */

static void each_word(const char *text, size_t n, void (*take)(void *ctx, const char *word, size_t n), void *ctx)
{
    for (size_t at = 0; at < n;) {
        const char *space = memchr(text + at, ' ', n - at);
        const size_t length = space ? (size_t)(space - text) - at : n - at;
        take(ctx, text + at, length);
        at += length + 1;
    }
}

static void know_title_word(void *ctx, const char *word, size_t n)
{
    kino_known_put(&((kino_wish_vocabulary *)ctx)->known, word, n, KINO_KNOWN_TITLE);
}

typedef struct pairs {
    kino_wordset *words;
    uint64_t *items; /* word << 32 | film */
    size_t count, capacity;
    uint32_t film;
} pairs;

static void pair_word(void *ctx, const char *word, size_t n)
{
    pairs *p = ctx;
    bool fresh;
    if (kino_is_small(word, n))
        return;
    if (p->count == p->capacity) {
        p->capacity = p->capacity ? 2 * p->capacity : 4096;
        p->items = kino_resize_array(p->items, p->capacity, sizeof *p->items);
    }
    p->items[p->count++] = (uint64_t)kino_wordset_put(p->words, word, n, &fresh) << 32 | p->film;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return x < y ? -1 : x > y;
}

static void index_title_words(kino_wish_vocabulary *v)
{
    kino_buffer folded = {0};
    pairs p = {.words = &v->title_words};
    v->plain_at = kino_alloc_array(v->film_count + 1, sizeof *v->plain_at);
    for (size_t i = 0; i < v->film_count; i++) {
        folded.size = 0;
        kino_fold(&folded, v->films[i].title, strlen(v->films[i].title));
        each_word(folded.data, folded.size, know_title_word, v);
        if (folded.size)
            kino_title_plain(&v->plain, folded.data, folded.size);
        v->plain_at[i + 1] = v->plain.size;
        p.film = (uint32_t)i;
        each_word(v->plain.data + v->plain_at[i], v->plain.size - v->plain_at[i], pair_word, &p);
        each_word(v->plain.data + v->plain_at[i], v->plain.size - v->plain_at[i], know_title_word, v);
    }
    if (p.count)
        qsort(p.items, p.count, sizeof *p.items, by_value);
    v->title_word_at = kino_alloc_array(v->title_words.count + 1, sizeof *v->title_word_at);
    v->title_word_films = kino_alloc_array(p.count + 1, sizeof *v->title_word_films);
    for (size_t i = 0; i < p.count; i++) {
        v->title_word_films[i] = (uint32_t)p.items[i];
        v->title_word_at[(p.items[i] >> 32) + 1] = (uint32_t)i + 1;
    }
    free(p.items);
    free(folded.data);
}

/* ---- the lookups ---- */

static void film(const void *ctx, uint32_t number, kino_wish_film *out)
{
    const kino_movie *m = &((const kino_wish_vocabulary *)ctx)->films[number];
    *out = (kino_wish_film){m->title, m->year, m->votes > 0 ? m->votes : 0};
}

static int64_t votes_of(const kino_wish_vocabulary *v, uint32_t number)
{
    return v->films[number].votes > 1 ? v->films[number].votes : 1;
}

static size_t look(const kino_name_table *t, const char *text, size_t n, bool misspelt, size_t most, kino_wish_hit *out)
{
    kino_title_hit hits[HITS];
    size_t found = misspelt ? kino_titles_misspelt(t->titles, text, n, HITS, hits)
                            : kino_titles_equal(t->titles, text, n, HITS, hits);
    found = found < most ? found : most;
    for (size_t i = 0; i < found; i++)
        out[i] = (kino_wish_hit){t->items[hits[i].entry], hits[i].kind > KINO_TITLE_FOLDED};
    return found;
}

/* Whether the folded title begins with the text, spaces aside. */
static bool begins(const char *title, const char *text, size_t n)
{
    kino_buffer folded = {0}, plain = {0}, asked = {0};
    kino_fold(&folded, title, strlen(title));
    if (folded.size)
        kino_title_plain(&plain, folded.data, folded.size);
    kino_title_plain(&asked, text, n);
    size_t a = 0, b = 0;
    while (b < asked.size && a < plain.size) {
        a += a < plain.size && plain.data[a] == ' ';
        b += asked.data[b] == ' ';
        if (a >= plain.size || b >= asked.size || plain.data[a] != asked.data[b])
            break;
        a++;
        b++;
    }
    const bool whole = asked.size && b >= asked.size;
    free(folded.data);
    free(plain.data);
    free(asked.data);
    return whole;
}

/* A back part of one word is no name of a film: "the war" is not "Justice League: War". */
static bool is_back_word(const kino_wish_vocabulary *v, kino_wish_hit hit, const char *text, size_t n)
{
    const kino_movie *m = &v->films[hit.item];
    kino_buffer plain = {0};
    kino_title_plain(&plain, text, n);
    const bool one = !plain.size || !memchr(plain.data, ' ', plain.size);
    free(plain.data);
    return hit.alias && one && !begins(m->title, text, n) && !begins(m->original_title, text, n);
}

static size_t equal(const kino_wish_vocabulary *v, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    enum { BETTER_KNOWN = 20 };
    kino_wish_hit hits[HITS];
    size_t found = look(&v->tables[KINO_TABLE_TITLES], text, n, false, HITS, hits), kept = 0, alias = HITS;
    const size_t spelled =
        found < HITS ? look(&v->tables[KINO_TABLE_SPELLED], text, n, false, HITS - found, hits + found) : 0;
    for (size_t i = found; i < found + spelled; i++)
        hits[i].alias = true;
    for (size_t i = 0; i < found + spelled; i++)
        if (i >= found || !is_back_word(v, hits[i], text, n))
            hits[kept++] = hits[i];
    for (size_t i = 1; i < kept; i++)
        if (hits[i].alias && (alias == HITS || votes_of(v, hits[i].item) > votes_of(v, hits[alias].item)))
            alias = i;
    if (alias < HITS && !hits[0].alias && votes_of(v, hits[alias].item) > BETTER_KNOWN * votes_of(v, hits[0].item)) {
        const kino_wish_hit better = hits[alias]; /* the film that everybody means by it */
        memmove(hits + 1, hits, alias * sizeof *hits);
        hits[0] = better;
    }
    kept = kept < most ? kept : most;
    memcpy(out, hits, kept * sizeof *hits);
    return kept;
}

static size_t loose(const kino_wish_vocabulary *v, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    enum { LEAST = 4 };
    kino_buffer plain = {0}, asked = {0};
    size_t found = 0;
    kino_title_plain(&plain, text, n);
    loosen(plain.data, plain.size, &asked);
    if (asked.size >= LEAST) {
        found = look(&v->tables[KINO_TABLE_LOOSE], asked.data, asked.size, false, most, out);
        if (!found)
            found = look(&v->tables[KINO_TABLE_TITLES], asked.data, asked.size, false, most, out);
    }
    free(plain.data);
    free(asked.data);
    return found;
}

/* Whether the words stand in the title in this order. */
static bool holds_words(const char *title, size_t n, const char *words, size_t words_n)
{
    size_t at = 0;
    for (size_t w = 0; w < words_n;) {
        const char *space = memchr(words + w, ' ', words_n - w);
        const size_t length = space ? (size_t)(space - words) - w : words_n - w;
        for (;;) {
            if (at >= n)
                return false;
            const char *end = memchr(title + at, ' ', n - at);
            const size_t own = end ? (size_t)(end - title) - at : n - at;
            const bool same = own == length && !memcmp(title + at, words + w, length);
            at += own + 1;
            if (same)
                break;
        }
        w += length + 1;
    }
    return true;
}

static void put_best(const kino_wish_vocabulary *v, kino_wish_hit *out, size_t *count, size_t most, uint32_t number)
{
    size_t at = *count;
    while (at && votes_of(v, out[at - 1].item) < votes_of(v, number))
        at--;
    if (at >= most)
        return;
    if (*count < most)
        ++*count;
    memmove(out + at + 1, out + at, (*count - at - 1) * sizeof *out);
    out[at] = (kino_wish_hit){number, true};
}

static size_t inside(const kino_wish_vocabulary *v, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    kino_buffer plain = {0}, asked = {0};
    size_t found = 0;
    uint32_t from = 0, to = UINT32_MAX;
    kino_title_plain(&plain, text, n);
    loosen(plain.data, plain.size, &asked);
    for (size_t at = 0; at < asked.size;) { /* the films of the rarest word */
        const char *space = memchr(asked.data + at, ' ', asked.size - at);
        const size_t length = space ? (size_t)(space - asked.data) - at : asked.size - at;
        const uint32_t word = kino_wordset_find(&v->title_words, asked.data + at, length);
        if (word == KINO_WORDSET_NONE) {
            from = to = 0;
            break;
        }
        if (v->title_word_at[word + 1] - v->title_word_at[word] < to - from) {
            from = v->title_word_at[word];
            to = v->title_word_at[word + 1];
        }
        at += length + 1;
    }
    for (uint32_t k = from; asked.size && k < to; k++) {
        const uint32_t number = v->title_word_films[k];
        if ((k == from || number != v->title_word_films[k - 1]) &&
            holds_words(v->plain.data + v->plain_at[number], v->plain_at[number + 1] - v->plain_at[number], asked.data,
                        asked.size))
            put_best(v, out, &found, most, number);
    }
    free(plain.data);
    free(asked.data);
    return found;
}

static size_t by_id(const kino_wish_vocabulary *v, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    const bool tmdb = n > 3 && !memcmp(text, "id:", 3);
    for (size_t i = 0; most && n < 24 && i < v->film_count; i++) {
        const kino_movie *m = &v->films[i];
        int64_t id = 0;
        for (size_t k = 3; tmdb && k < n && id < INT64_MAX / 100; k++)
            id = 10 * id + text[k] - '0';
        if (tmdb ? id == m->id : strlen(m->imdb_id) == n && !memcmp(m->imdb_id, text, n)) {
            out[0] = (kino_wish_hit){(uint32_t)i, false};
            return 1;
        }
    }
    return 0;
}

static size_t titles(const void *ctx, kino_wish_title_way way, const char *text, size_t n, size_t most,
                     kino_wish_hit *out)
{
    const kino_wish_vocabulary *v = ctx;
    switch (way) {
    case KINO_WISH_EQUAL:
        return equal(v, text, n, most, out);
    case KINO_WISH_LOOSE:
        return loose(v, text, n, most, out);
    case KINO_WISH_MISSPELT:
        return look(&v->tables[KINO_TABLE_TITLES], text, n, true, most, out);
    case KINO_WISH_INSIDE:
        return inside(v, text, n, most, out);
    case KINO_WISH_ID:
        return by_id(v, text, n, most, out);
    }
    return 0;
}

void kino_vocabulary_titles(kino_wish_vocabulary *v, int threads)
{
    for (size_t i = 0; i < v->film_count; i++)
        add_forms(v, (uint32_t)i);
    for (size_t t = KINO_TABLE_TITLES; t <= KINO_TABLE_SPELLED; t++)
        v->tables[t].titles = kino_titles_build(v->tables[t].entries, v->tables[t].count, threads);
    index_title_words(v);
    v->look.titles = titles;
    v->look.film = film;
}
