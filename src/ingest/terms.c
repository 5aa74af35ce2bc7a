/* terms.c - the feature columns of recipe default: the commonest words of what is told about the films. */
#include "ingest/terms.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/stem.h"
#include "base/wordtext.h"

#define NONE UINT32_MAX

enum { SHORTEST = 2 }; /* bytes of a word */

/* ---- the words of a film ---- */

/* Hears films as numbers of words: `place` gives each stem one, or NONE. It is asked once for a word, however often that
 * is said, for stems take longer than a look into a table. */
typedef struct listener {
    uint32_t (*place)(void *ctx, const char *stem, size_t n); /* stem[n] is zero */
    void *ctx;
    kino_wordset words; /* as they stand in the texts */
    uint32_t *placed;   /* [room] */
    size_t room;
    kino_buffer folded;
    uint32_t *heard; /* [count] of the film */
    size_t count, heard_room;
} listener;

static uint32_t place_word(listener *l, const char *word, size_t n)
{
    char stem[KINO_WORD_LONGEST + 1];
    if (n < SHORTEST || kino_word_is_stop(word, n))
        return NONE;
    memcpy(stem, word, n);
    const size_t length = kino_stem(stem, n);
    stem[length] = 0;
    return l->place(l->ctx, stem, length);
}

static uint32_t number_of(listener *l, const char *word, size_t n)
{
    bool fresh;
    const uint32_t i = kino_wordset_put(&l->words, word, n, &fresh);
    if (i == l->room) {
        l->room = l->room ? 2 * l->room : 1024;
        l->placed = kino_resize_array(l->placed, l->room, sizeof *l->placed);
    }
    if (fresh)
        l->placed[i] = place_word(l, word, n);
    return l->placed[i];
}

static void hear(listener *l, const char *text)
{
    l->folded.size = 0;
    kino_words_fold(&l->folded, text, strlen(text));
    kino_word_reader r = {.text = l->folded.data, .n = l->folded.size};
    while (kino_word_next(&r)) {
        const uint32_t number = number_of(l, r.word, r.length);
        if (number == NONE)
            continue;
        if (l->count == l->heard_room) {
            l->heard_room = l->heard_room ? 2 * l->heard_room : 256;
            l->heard = kino_resize_array(l->heard, l->heard_room, sizeof *l->heard);
        }
        l->heard[l->count++] = number;
    }
}

static void hear_film(listener *l, const kino_movie *m)
{
    l->count = 0;
    hear(l, m->overview);
    hear(l, m->tagline);
    hear(l, m->title);
    for (size_t i = 0; i < m->keywords.count; i++)
        hear(l, m->keywords.items[i].name);
    for (size_t i = 0; i < m->genres.count; i++)
        hear(l, m->genres.items[i].name);
}

static void listener_free(listener *l)
{
    kino_wordset_free(&l->words);
    free(l->placed);
    free(l->folded.data);
    free(l->heard);
}

/* ---- fit ---- */

static uint32_t place_stem(void *ctx, const char *stem, size_t n)
{
    return kino_word_counts_number(ctx, stem, n);
}

static void derive(kino_terms *t)
{
    t->weight = kino_alloc_array(t->words.count, sizeof *t->weight);
    for (size_t i = 0; i < t->words.count; i++)
        t->weight[i] = log((double)t->films[0] / (double)t->films[1 + i]);
}

void kino_terms_fit(const kino_movies *films, kino_terms *out)
{
    kino_word_counts counts = {0};
    listener l = {.place = place_stem, .ctx = &counts};
    uint32_t *with = NULL;
    for (size_t i = 0; i < films->count; i++) {
        hear_film(&l, &films->items[i]);
        for (size_t w = 0; w < l.count; w++)
            kino_word_counts_add(&counts, i, l.heard[w]);
    }
    *out = (kino_terms){0};
    kino_vocabulary_choose(&counts, KINO_TERM_FILMS, KINO_TERMS, &out->words, &with);
    out->films = kino_alloc_array(1 + out->words.count, sizeof *out->films);
    out->films[0] = (uint32_t)films->count;
    for (size_t i = 0; i < out->words.count; i++)
        out->films[1 + i] = with[i];
    derive(out);
    kino_word_counts_free(&counts);
    listener_free(&l);
    free(with);
}

void kino_terms_free(kino_terms *t)
{
    kino_vocabulary_free(&t->words);
    free(t->films);
    free(t->weight);
}

uint64_t kino_terms_hash(const kino_terms *t, uint64_t h)
{
    const uint32_t rule[] = {KINO_TERMS_LENGTH}; /* rows of another length are other rows */
    h = kino_hash(h, rule, sizeof rule);
    h = kino_hash(h, t->films, (1 + t->words.count) * sizeof *t->films);
    return kino_hash(h, t->words.text, t->words.bytes);
}

/* ---- rows ---- */

static uint32_t place_column(void *ctx, const char *stem, size_t n)
{
    const kino_terms *t = ctx;
    (void)n;
    const size_t column = kino_vocabulary_find(&t->words, stem);
    return column < t->words.count ? (uint32_t)column : NONE;
}

static int ascending(const void *a, const void *b)
{
    const uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* How often columns[0] stands at the beginning of the sorted columns. */
static size_t run(const uint32_t *columns, size_t count)
{
    size_t n = 1;
    while (n < count && columns[n] == columns[0])
        n++;
    return n;
}

static double weight_of(const kino_terms *t, uint32_t column, size_t times)
{
    return (1 + log((double)times)) * t->weight[column];
}

/* A row of the columns that were heard. */
static void put_row(const kino_terms *t, uint32_t *columns, size_t count, kino_sparse *out)
{
    double square = 0;
    if (count)
        qsort(columns, count, sizeof *columns, ascending);
    for (size_t i = 0, n; i < count; i += n) {
        n = run(columns + i, count - i);
        square += weight_of(t, columns[i], n) * weight_of(t, columns[i], n);
    }
    const double scale = square > 0 ? KINO_TERMS_LENGTH / sqrt(square) : 0;
    for (size_t i = 0, n; i < count; i += n) {
        n = run(columns + i, count - i);
        kino_sparse_put(out, columns[i], (float)(weight_of(t, columns[i], n) * scale));
    }
    kino_sparse_end(out);
}

void kino_terms_rows(const kino_terms *t, const kino_movie *films, size_t count, kino_sparse *out)
{
    listener l = {.place = place_column, .ctx = (void *)t};
    for (size_t i = 0; i < count; i++) {
        hear_film(&l, &films[i]);
        put_row(t, l.heard, l.count, out);
    }
    listener_free(&l);
}

/* ---- saved ---- */

void kino_terms_save(const kino_terms *t, kino_container_writer *w)
{
    kino_container_add(w, "schema.words", KINO_U8, 1, (uint64_t[]){t->words.bytes}, t->words.text);
    kino_container_add(w, "schema.films", KINO_U32, 1, (uint64_t[]){1 + t->words.count}, t->films);
}

static kino_status load_films(const kino_container *c, kino_terms *t, kino_error *err)
{
    const uint64_t dims[1] = {1 + t->words.count};
    const kino_section *s = kino_container_find(c, "schema.films", KINO_U32, 1, dims, err);
    if (!s)
        return KINO_DAMAGED;
    t->films = kino_alloc_array(dims[0], sizeof *t->films);
    memcpy(t->films, s->data, s->bytes);
    for (size_t i = 0; i < dims[0]; i++)
        if (!t->films[i] || t->films[i] > t->films[0])
            return kino_fail(err, KINO_DAMAGED, "%s: section schema.films has %u films of %u at %zu", c->path,
                             t->films[i], t->films[0], i);
    return KINO_OK;
}

kino_status kino_terms_load(const kino_container *c, kino_terms *out, kino_error *err)
{
    kino_terms t = {0};
    kino_status st = kino_vocabulary_load(c, "schema.words", KINO_TERMS, &t.words, err);
    if (!st)
        st = load_films(c, &t, err);
    if (st) {
        kino_terms_free(&t);
        return st;
    }
    derive(&t);
    *out = t;
    return KINO_OK;
}
