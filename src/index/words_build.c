/* words_build.c - films -> postings with impacts, and a vector of the strongest words of each.
 *
 * Three passes. Chunks of films are heard in parallel, each with stems of its own; the stems of all become the sorted
 * vocabulary; then the chunks are weighed in parallel, each into the places that its postings have by then. Nothing
 * depends on which thread did what. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "index/words_draft.h"
#include "index/words_table.h"

/* What a word counts in a field, and how much a long field lessens it. k1 and the table were chosen by nDCG@10 of 170
 * topics over 1,500 films that viewers had tagged; other weights are all within .005 of these, but keywords twice gain
 * .012, and b of .3 instead of the usual .75 gains .014. */
static const struct {
    float weight, b;
    bool vector; /* part of the text by which films are alike */
} kinds[KINO_WORDS_FIELDS] = {
    [KINO_WORDS_TITLE] = {1, 0.3f, true},    [KINO_WORDS_ORIGINAL_TITLE] = {1, 0.3f, false},
    [KINO_WORDS_KEYWORDS] = {2, 0.1f, true}, [KINO_WORDS_TAGLINE] = {0.5f, 0.3f, true},
    [KINO_WORDS_OVERVIEW] = {1, 0.5f, true}, [KINO_WORDS_GENRES] = {1, 0.1f, true},
    [KINO_WORDS_PEOPLE] = {2, 0.1f, false},  [KINO_WORDS_COLLECTION] = {1, 0.3f, false},
};
/* nDCG@10 of the cosine alone, by viewers' tags of 775 films: 24 words .284, 32 .307, 48 .322, all of them .326; with
 * words of two films and more .328. Choosing words by weight and frequency gained nothing, nor did the length of the
 * whole vector in place of that of what is kept. */
enum { KEEP = 48, LEAST = 5 };

typedef struct candidate {
    float weight;
    uint32_t number;
} candidate;

typedef struct job {
    kino_words_texts_fn texts;
    const void *ctx;
    const kino_words *base;
    kino_words_chunk *chunks;
    size_t films, chunk_count, keep;
    uint32_t least;
    kino_wordset terms; /* of all chunks, in the order in which they came */
    float averages[KINO_WORDS_FIELDS];
    uint32_t *number_of; /* [terms]: of vectors; KINO_WORDS_ABSENT for none */
    float *rarity;       /* [terms]: log(films / films whose texts have it) */
    uint32_t *rows;      /* of each posting */
    uint8_t *impacts;
} job;

static void hear(void *ctx, size_t number, int worker)
{
    job *j = ctx;
    size_t first = number * KINO_WORDS_CHUNK, left = j->films - first;
    (void)worker;
    kino_words_hear(&j->chunks[number], first, left < KINO_WORDS_CHUNK ? left : KINO_WORDS_CHUNK, j->texts, j->ctx);
}

static void average(job *j)
{
    for (size_t field = 0; field < KINO_WORDS_FIELDS; field++) {
        uint64_t words = 0, films = 0;
        for (size_t c = 0; c < j->chunk_count; c++) {
            words += j->chunks[c].field_words[field];
            films += j->chunks[c].field_films[field];
        }
        j->averages[field] = films ? (float)((double)words / (double)films) : 0;
    }
    if (j->base)
        memcpy(j->averages, j->base->averages, sizeof j->averages);
}

/* ---- the vocabulary ---- */

typedef struct name {
    const char *text;
    size_t n;
    uint32_t number; /* in the order in which they came */
} name;

static int by_text(const void *a, const void *b)
{
    const name *x = a, *y = b;
    int order = memcmp(x->text, y->text, x->n < y->n ? x->n : y->n);
    return order ? order : (x->n > y->n) - (x->n < y->n);
}

/* Gives each stem of a chunk its number among all, and counts its films. */
static kino_words_entry *join(job *j)
{
    kino_words_entry *entries = NULL;
    size_t capacity = 0;
    for (size_t c = 0; c < j->chunk_count; c++) {
        kino_words_chunk *chunk = &j->chunks[c];
        for (uint32_t i = 0; i < chunk->stems.count; i++) {
            size_t n;
            bool fresh;
            const char *text = kino_wordset_text(&chunk->stems, i, &n);
            uint32_t term = kino_wordset_put(&j->terms, text, n, &fresh);
            if (term >= capacity) {
                capacity = capacity ? 2 * capacity : 4096;
                entries = kino_resize_array(entries, capacity, sizeof *entries);
            }
            if (fresh)
                entries[term] = (kino_words_entry){0, 0, 0};
            entries[term].films += chunk->stem[i].films;
            entries[term].in_texts += chunk->stem[i].in_texts;
            chunk->stem[i].term = term;
        }
    }
    return entries;
}

/* Sorts the terms; the stems of the chunks have their places afterwards. */
static void sort_terms(job *j, kino_words *w)
{
    kino_words_entry *joined = join(j);
    const size_t count = j->terms.count;
    kino_words_entry *entries = kino_alloc_array(count + 1, sizeof *entries);
    name *names = kino_alloc_array(count + 1, sizeof *names);
    uint32_t *place = kino_alloc_array(count + 1, sizeof *place);
    char *pool = kino_alloc(j->terms.pool.size + 1);
    for (uint32_t i = 0; i < count; i++) {
        names[i].text = kino_wordset_text(&j->terms, i, &names[i].n);
        names[i].number = i;
    }
    qsort(names, count, sizeof *names, by_text);
    for (uint32_t i = 0; i < count; i++) {
        entries[i] = joined[names[i].number];
        entries[i].text = (uint32_t)w->pool_size;
        memcpy(pool + w->pool_size, names[i].text, names[i].n);
        w->pool_size += names[i].n;
        place[names[i].number] = i;
    }
    entries[count].text = (uint32_t)w->pool_size;
    for (size_t c = 0; c < j->chunk_count; c++)
        for (size_t i = 0; i < j->chunks[c].stems.count; i++)
            j->chunks[c].stem[i].term = place[j->chunks[c].stem[i].term];
    w->term_count = count;
    w->pool = pool;
    w->entries = entries;
    free(joined);
    free(names);
    free(place);
}

/* ---- numbers of vectors ---- */

/* Words of many films enough; so many films that their numbers fit into 16 bits. */
static void number_terms(job *j, kino_words *w)
{
    uint32_t *numbers = kino_alloc_array(KINO_WORDS_NUMBERS, sizeof *numbers);
    size_t count;
    do {
        count = 0;
        for (size_t i = 0; i < w->term_count; i++)
            count += w->entries[i].in_texts >= j->least;
    } while (count > KINO_WORDS_NUMBERS && ++j->least);
    for (uint32_t i = 0; i < w->term_count; i++) {
        if (w->entries[i].in_texts < j->least)
            continue;
        numbers[w->number_count] = i;
        j->number_of[i] = (uint32_t)w->number_count++;
        j->rarity[i] = logf((float)w->films / (float)w->entries[i].in_texts);
    }
    w->numbers = numbers;
}

static uint32_t number_in(const kino_words *base, uint32_t term)
{
    size_t low = 0, high = base->number_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (base->numbers[middle] < term)
            low = middle + 1;
        else
            high = middle;
    }
    return low < base->number_count && base->numbers[low] == term ? (uint32_t)low : KINO_WORDS_ABSENT;
}

/* The numbers of the base, whose vectors these will be compared with. */
static void take_numbers(job *j, const kino_words *w)
{
    for (uint32_t i = 0; i < w->term_count; i++) {
        size_t n;
        const char *text = kino_words_text(w, i, &n);
        const uint32_t term = kino_words_find(j->base, text, n);
        if (term == KINO_WORDS_ABSENT || !j->base->entries[term].in_texts)
            continue;
        j->number_of[i] = number_in(j->base, term);
        j->rarity[i] = logf((float)j->base->films / (float)j->base->entries[term].in_texts);
    }
}

static void number(job *j, kino_words *w)
{
    j->number_of = kino_alloc_array(w->term_count, sizeof *j->number_of);
    j->rarity = kino_alloc_floats(w->term_count);
    for (size_t i = 0; i < w->term_count; i++)
        j->number_of[i] = KINO_WORDS_ABSENT;
    if (j->base)
        take_numbers(j, w);
    else
        number_terms(j, w);
}

/* ---- weighing ---- */

/* Where the postings of each term begin among all; each stem of each chunk learns where its own begin. */
static uint64_t *place_postings(job *j, const kino_words *w)
{
    uint64_t *start = kino_alloc_array(w->term_count + 1, sizeof *start);
    uint64_t *next = kino_alloc_array(w->term_count + 1, sizeof *next);
    for (size_t i = 0; i < w->term_count; i++)
        next[i + 1] = start[i + 1] = start[i] + w->entries[i].films;
    for (size_t c = 0; c < j->chunk_count; c++)
        for (size_t i = 0; i < j->chunks[c].stems.count; i++) {
            kino_words_stem *s = &j->chunks[c].stem[i];
            s->next = next[s->term];
            next[s->term] += s->films;
        }
    free(next);
    return start;
}

static uint8_t impact(float tf)
{
    float steps = tf * (KINO_WORDS_K1 + 1) / (tf + KINO_WORDS_K1) / KINO_WORDS_STEP + 0.5f;
    return steps < 1 ? 1 : steps < 255 ? (uint8_t)steps : 255;
}

/* What one word of each field of a film counts. */
static void weigh_fields(const job *j, const kino_words_heard *heard, size_t count, float *weights)
{
    uint64_t words[KINO_WORDS_FIELDS] = {0};
    for (size_t i = 0; i < count; i++)
        words[heard[i].code % KINO_WORDS_FIELDS] += heard[i].count;
    for (size_t field = 0; field < KINO_WORDS_FIELDS; field++) {
        float length = j->averages[field] > 0 ? (float)words[field] / j->averages[field] : 1;
        weights[field] = kinds[field].weight / (1 - kinds[field].b + kinds[field].b * length);
    }
}

static bool heavier(candidate a, candidate b)
{
    return a.weight != b.weight ? a.weight > b.weight : a.number < b.number;
}

/* Puts a word among the heaviest, which are in order. */
static size_t keep_heavy(candidate *best, size_t count, size_t most, candidate new)
{
    if (count == most && !heavier(new, best[most - 1]))
        return count;
    size_t at = count < most ? count++ : most - 1;
    for (; at && heavier(new, best[at - 1]); at--)
        best[at] = best[at - 1];
    best[at] = new;
    return count;
}

static int by_number(const void *a, const void *b)
{
    const candidate *x = a, *y = b;
    return (x->number > y->number) - (x->number < y->number);
}

static void put_vector(kino_words_chunk *c, size_t film, candidate *best, size_t count)
{
    const float step = count ? best[0].weight / 255 : 1;
    qsort(best, count, sizeof *best, by_number);
    for (size_t i = 0; i < count; i++) {
        const uint16_t number = (uint16_t)best[i].number;
        const float steps = best[i].weight / step + 0.5f;
        kino_buffer_put(&c->numbers, &number, sizeof number);
        kino_buffer_byte(&c->weights, (char)(steps < 1 ? 1 : steps < 255 ? (uint8_t)steps : 255));
    }
    c->kept[film] = (uint8_t)count;
}

/* A film's postings and its vector; `stems`: room for as many as there are. */
static void weigh_film(const job *j, kino_words_chunk *c, size_t row, size_t film, uint32_t *stems)
{
    const size_t first = film ? c->film_end[film - 1] : 0;
    const kino_words_heard *heard = c->heard + first;
    const size_t count = c->film_end[film] - first;
    const uint32_t stamp = (uint32_t)(c->films + film) + 1; /* behind those of hearing */
    float weights[KINO_WORDS_FIELDS];
    candidate best[KINO_WORDS_KEEP_MOST];
    size_t distinct = 0, kept = 0;
    weigh_fields(j, heard, count, weights);
    for (size_t i = 0; i < count; i++) {
        const size_t stem = heard[i].code / KINO_WORDS_FIELDS, field = heard[i].code % KINO_WORDS_FIELDS;
        kino_words_stem *s = &c->stem[stem];
        if (s->film_seen != stamp) {
            s->film_seen = stamp;
            s->tf = 0;
            s->in_vector = 0;
            stems[distinct++] = (uint32_t)stem;
        }
        s->tf += weights[field] * (float)heard[i].count;
        s->in_vector += kinds[field].vector ? heard[i].count : 0;
    }
    for (size_t i = 0; i < distinct; i++) {
        kino_words_stem *s = &c->stem[stems[i]];
        const uint32_t number = j->number_of[s->term];
        j->rows[s->next] = (uint32_t)row;
        j->impacts[s->next++] = impact(s->tf);
        if (s->in_vector && number != KINO_WORDS_ABSENT) {
            const float weight = (1 + logf((float)s->in_vector)) * j->rarity[s->term];
            if (weight > 0)
                kept = keep_heavy(best, kept, j->keep, (candidate){weight, number});
        }
    }
    put_vector(c, film, best, kept);
}

static void weigh(void *ctx, size_t number, int worker)
{
    job *j = ctx;
    kino_words_chunk *c = &j->chunks[number];
    uint32_t *stems = kino_alloc_array(c->stems.count, sizeof *stems);
    (void)worker;
    for (size_t i = 0; i < c->films; i++)
        weigh_film(j, c, number * KINO_WORDS_CHUNK + i, i, stems);
    free(stems);
}

/* ---- the arrays ---- */

static uint8_t *put_gap(uint8_t *p, uint32_t gap)
{
    for (; gap >= 128; gap >>= 7)
        *p++ = (uint8_t)(gap | 128);
    *p++ = (uint8_t)gap;
    return p;
}

static size_t gap_bytes(uint32_t gap)
{
    size_t bytes = 1;
    for (; gap >= 128; gap >>= 7)
        bytes++;
    return bytes;
}

/* The postings of each term, for which `start` tells where they are among the rows. */
static void encode(const job *j, const uint64_t *start, kino_words *w)
{
    uint64_t *at = kino_alloc_array(w->term_count + 1, sizeof *at);
    for (size_t term = 0; term < w->term_count; term++) {
        at[term + 1] = at[term];
        for (uint64_t i = start[term]; i < start[term + 1]; i++)
            at[term + 1] += 1 + gap_bytes(j->rows[i] + 1 - (i > start[term] ? j->rows[i - 1] + 1 : 0));
    }
    w->postings_size = at[w->term_count];
    uint8_t *postings = kino_alloc(w->postings_size + 1), *p = postings;
    for (size_t term = 0; term < w->term_count; term++)
        for (uint64_t i = start[term]; i < start[term + 1]; i++) {
            p = put_gap(p, j->rows[i] + 1 - (i > start[term] ? j->rows[i - 1] + 1 : 0));
            *p++ = j->impacts[i];
        }
    w->postings_at = at;
    w->postings = postings;
}

static void join_vectors(const job *j, kino_words *w)
{
    uint32_t *at = kino_alloc_array(w->films + 1, sizeof *at);
    for (size_t row = 0; row < w->films; row++)
        at[row + 1] = at[row] + j->chunks[row / KINO_WORDS_CHUNK].kept[row % KINO_WORDS_CHUNK];
    w->kept = at[w->films];
    uint16_t *numbers = kino_alloc_array(w->kept, sizeof *numbers);
    uint8_t *weights = kino_alloc(w->kept);
    for (size_t c = 0, done = 0; c < j->chunk_count; c++) {
        const kino_words_chunk *chunk = &j->chunks[c];
        if (chunk->weights.size) {
            memcpy(numbers + done, chunk->numbers.data, chunk->numbers.size);
            memcpy(weights + done, chunk->weights.data, chunk->weights.size);
        }
        done += chunk->weights.size;
    }
    w->vector_at = at;
    w->vector_numbers = numbers;
    w->vector_weights = weights;
}

static void drop(job *j)
{
    for (size_t c = 0; c < j->chunk_count; c++)
        kino_words_chunk_free(&j->chunks[c]);
    kino_wordset_free(&j->terms);
    free(j->chunks);
    free(j->number_of);
    free(j->rarity);
    free(j->rows);
    free(j->impacts);
}

kino_words *kino_words_build(size_t films, kino_words_texts_fn texts, const void *ctx, const kino_words_options *opt)
{
    const kino_words_options usual = {0};
    const kino_words_options *o = opt ? opt : &usual;
    const int threads = kino_thread_count(o->threads);
    kino_words *w = kino_alloc(sizeof *w);
    job j = {.texts = texts,
             .ctx = ctx,
             .base = o->base,
             .films = films,
             .chunk_count = (films + KINO_WORDS_CHUNK - 1) / KINO_WORDS_CHUNK,
             .keep = o->keep ? o->keep : KEEP,
             .least = o->least ? o->least : LEAST};
    if (j.keep > KINO_WORDS_KEEP_MOST)
        j.keep = KINO_WORDS_KEEP_MOST;
    w->films = films;
    j.chunks = kino_alloc_array(j.chunk_count, sizeof *j.chunks);
    kino_parallel(threads, j.chunk_count, hear, &j);
    average(&j);
    sort_terms(&j, w);
    number(&j, w);
    uint64_t *start = place_postings(&j, w);
    j.rows = kino_alloc_array(start[w->term_count], sizeof *j.rows);
    j.impacts = kino_alloc(start[w->term_count]);
    kino_parallel(threads, j.chunk_count, weigh, &j);
    encode(&j, start, w);
    join_vectors(&j, w);
    w->averages = memcpy(kino_alloc(sizeof j.averages), j.averages, sizeof j.averages);
    drop(&j);
    free(start);
    return w;
}
