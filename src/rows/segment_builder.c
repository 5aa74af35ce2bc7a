/* segment_builder.c - the catalogue's films as columns, ready to be viewed or written. */
#include "rows/segment_builder.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "rows/keywords.h"
#include "rows/map_layout.h"

/* Growing arrays are buffers of bytes; malloc aligns them for all their types. */
struct kino_segment_builder {
    kino_container_writer writer;
    size_t count;
    uint64_t since;
    const kino_unsaved *unsaved;
    size_t next_unsaved;
    int threads;
    kino_buffer ids, counts, numbers, text_at, texts;
    kino_buffer list_at, list_terms;
    kino_buffer term_ids, term_at, term_names, term_weights;
    kino_buffer term_films, term_last; /* how many have a term; the last of them, from 1 */
    uint32_t *slots;                   /* term + 1 by hash, 0: free; a power of 2 of them */
    size_t term_count, slot_count;
    kino_title_entry *entries;
    kino_titles *titles;
    float *rows;     /* [count][KINO_VECTOR_DIM] */
    float *profiles; /* [count][KINO_PROFILE_DIM]: of the rows */
    kino_vectors *vectors;
    kino_hnsw *graph;
    float *places; /* [count][2] */
    kino_statistics statistics;
    float *plot_mean; /* [count] */
    kino_words *words;
    kino_facts facts;
    kino_postings speak, have;
    kino_esteem esteem;
    float *acclaim, *fame; /* [count] */
    kino_keywords keywords;
    kino_buffer keyword_terms;
    kino_naming naming;
};

const kino_hnsw_params kino_graph_params = {.weights = {1, 0}};

#define PUT(buffer, type, value) kino_buffer_put(buffer, &(type){value}, sizeof(type))

static void put_text(kino_buffer *b, const char *text)
{
    kino_buffer_put(b, text, strlen(text) + 1);
}

/* ---- terms ---- */

static const char *term_name(const kino_segment_builder *b, size_t term)
{
    return b->term_names.data + ((const uint32_t *)(const void *)b->term_at.data)[term];
}

static int64_t term_id(const kino_segment_builder *b, size_t term)
{
    return ((const int64_t *)(const void *)b->term_ids.data)[term];
}

static size_t hash_term(int64_t id, const char *name)
{
    return (size_t)kino_mix(kino_hash(kino_hash(KINO_HASH_START, &id, sizeof id), name, strlen(name)));
}

static void more_slots(kino_segment_builder *b)
{
    b->slot_count = b->slot_count ? 2 * b->slot_count : 4096;
    free(b->slots);
    b->slots = kino_alloc_array(b->slot_count, sizeof *b->slots);
    for (size_t term = 0; term < b->term_count; term++) {
        size_t slot = hash_term(term_id(b, term), term_name(b, term));
        while (b->slots[slot & (b->slot_count - 1)])
            slot++;
        b->slots[slot & (b->slot_count - 1)] = (uint32_t)term + 1;
    }
}

static uint32_t term_of(kino_segment_builder *b, const kino_named *named)
{
    if (2 * b->term_count >= b->slot_count)
        more_slots(b);
    size_t slot = hash_term(named->id, named->name);
    uint32_t *at;
    for (;; slot++) {
        at = &b->slots[slot & (b->slot_count - 1)];
        if (!*at)
            break;
        if (term_id(b, *at - 1) == named->id && !strcmp(term_name(b, *at - 1), named->name))
            return *at - 1;
    }
    PUT(&b->term_ids, int64_t, named->id);
    put_text(&b->term_names, named->name);
    PUT(&b->term_at, uint32_t, (uint32_t)b->term_names.size);
    PUT(&b->term_films, uint32_t, 0);
    PUT(&b->term_last, uint32_t, 0);
    *at = (uint32_t)++b->term_count;
    return *at - 1;
}

/* A film has a term once, whether as director, as actor or as both. */
static void count_film(kino_segment_builder *b, uint32_t term)
{
    uint32_t *last = (uint32_t *)(void *)b->term_last.data + term;
    if (*last == b->count)
        return;
    *last = (uint32_t)b->count;
    ((uint32_t *)(void *)b->term_films.data)[term]++;
}

static void put_list(kino_segment_builder *b, kino_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        uint32_t term = term_of(b, &list.items[i]);
        PUT(&b->list_terms, uint32_t, term);
        count_film(b, term);
    }
    PUT(&b->list_at, uint32_t, (uint32_t)(b->list_terms.size / sizeof(uint32_t)));
}

/* ---- films ---- */

/* `only` holds what is a list of at most one. */
static kino_list list_of(const kino_movie *m, kino_role role, kino_named *only)
{
    switch (role) {
    case KINO_ROLE_LANGUAGE:
        *only = (kino_named){0, m->language};
        return (kino_list){only, *m->language != 0};
    case KINO_ROLE_COLLECTION:
        *only = m->collection;
        return (kino_list){only, m->collection.id != 0};
    case KINO_ROLE_GENRES:
        return m->genres;
    case KINO_ROLE_KEYWORDS:
        return m->keywords;
    case KINO_ROLE_DIRECTORS:
        return m->directors;
    case KINO_ROLE_CAST:
        return m->cast;
    default:
        return m->countries;
    }
}

static void put_film(void *ctx, const kino_movie *m)
{
    kino_segment_builder *b = ctx;
    b->count++;
    PUT(&b->ids, int64_t, m->id);
    PUT(&b->counts, int64_t, m->year);
    PUT(&b->counts, int64_t, m->votes);
    PUT(&b->numbers, double, m->runtime);
    PUT(&b->numbers, double, m->rating);
    PUT(&b->numbers, double, m->popularity);
    for (size_t i = 0; i < KINO_TEXTS; i++)
        put_text(&b->texts, *(const char *const *)(const void *)((const char *)m + kino_text_offsets[i]));
    PUT(&b->text_at, uint64_t, b->texts.size);
    for (int role = 0; role < KINO_ROLES; role++) {
        kino_named only;
        put_list(b, list_of(m, (kino_role)role, &only));
    }
}

/* A film of the catalogue, behind the unsaved with smaller ids; in the place of one with the same. */
static void put_next(void *ctx, const kino_movie *m)
{
    kino_segment_builder *b = ctx;
    while (b->unsaved && b->next_unsaved < b->unsaved->count && b->unsaved->movies[b->next_unsaved].id <= m->id) {
        const kino_movie *unsaved = &b->unsaved->movies[b->next_unsaved++];
        if (unsaved->id < m->id)
            put_film(b, unsaved);
    }
    put_film(b, m);
}

static void weigh_terms(kino_segment_builder *b)
{
    const uint32_t *films = (const uint32_t *)(const void *)b->term_films.data;
    for (size_t term = 0; term < b->term_count; term++)
        PUT(&b->term_weights, float, (float)fmax(log((double)b->count / films[term]), 0));
}

static void add_titles(kino_segment_builder *b)
{
    const char *text = b->texts.data;
    b->entries = kino_alloc_array(b->count, sizeof *b->entries);
    for (size_t i = 0; i < b->count; i++) {
        const int64_t *counts = (const int64_t *)(const void *)b->counts.data + 2 * i;
        const uint64_t *at = (const uint64_t *)(const void *)b->text_at.data + i;
        const char *title = text + *at, *original = title + strlen(title) + 1;
        b->entries[i] = (kino_title_entry){((const int64_t *)(const void *)b->ids.data)[i],
                                           title,
                                           original,
                                           (int)counts[0],
                                           counts[1],
                                           original + strlen(original) + 1};
    }
    b->titles = kino_titles_build(b->entries, b->count, b->threads);
    kino_titles_save(b->titles, &b->writer);
}

static void add(kino_segment_builder *b, const char *name, kino_type type, uint64_t width, const kino_buffer *column)
{
    uint64_t rows = column->size / (kino_type_size(type) * (width ? width : 1));
    kino_container_add(&b->writer, name, type, width ? 2 : 1, (uint64_t[]){rows, width},
                       column->data ? column->data : "");
}

kino_status kino_segment_builder_new(kino_catalogue *c, uint64_t since, const kino_unsaved *unsaved, int threads,
                                     kino_segment_builder **out, kino_error *err)
{
    kino_segment_builder *b = kino_alloc(sizeof *b);
    b->since = since;
    b->unsaved = unsaved;
    b->threads = kino_thread_count(threads);
    PUT(&b->text_at, uint64_t, 0);
    PUT(&b->term_at, uint32_t, 0);
    PUT(&b->list_at, uint32_t, 0);
    kino_status st = kino_catalogue_films(c, since, put_next, b, err);
    if (st) {
        kino_segment_builder_free(b);
        return st;
    }
    for (; unsaved && b->next_unsaved < unsaved->count; b->next_unsaved++)
        put_film(b, &unsaved->movies[b->next_unsaved]);
    weigh_terms(b);
    add(b, "film.ids", KINO_I64, 0, &b->ids);
    add(b, "film.counts", KINO_I64, 2, &b->counts);
    add(b, "film.numbers", KINO_F64, 3, &b->numbers);
    add(b, "film.text_at", KINO_U64, 0, &b->text_at);
    add(b, "film.texts", KINO_U8, 0, &b->texts);
    add(b, "list.at", KINO_U32, 0, &b->list_at);
    add(b, "list.terms", KINO_U32, 0, &b->list_terms);
    add(b, "term.ids", KINO_I64, 0, &b->term_ids);
    add(b, "term.at", KINO_U32, 0, &b->term_at);
    add(b, "term.names", KINO_U8, 0, &b->term_names);
    add(b, "term.weights", KINO_F32, 0, &b->term_weights);
    add_titles(b);
    *out = b;
    return KINO_OK;
}

/* ---- vectors ---- */

static void put_vectors(void *ctx, int64_t id, const float *plot, const float *profile)
{
    kino_segment_builder *b = ctx;
    const int64_t *ids = (const int64_t *)(const void *)b->ids.data;
    size_t low = 0, high = b->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == b->count || ids[low] != id)
        return;
    float *v = b->rows + low * KINO_VECTOR_DIM;
    memcpy(v, plot, KINO_PLOT_DIM * sizeof *v);
    memcpy(v + KINO_PLOT_DIM, profile, KINO_PROFILE_DIM * sizeof *v);
}

/* ---- likeness ---- */

/* The columns as a segment, which lends them: what is derived of a segment can be derived while it is built. */
static kino_segment columns_of(const kino_segment_builder *b)
{
    return (kino_segment){
        .count = b->count,
        .ids = (const int64_t *)(const void *)b->ids.data,
        .counts = (const int64_t *)(const void *)b->counts.data,
        .numbers = (const double *)(const void *)b->numbers.data,
        .text_at = (const uint64_t *)(const void *)b->text_at.data,
        .texts = b->texts.data,
        .text_bytes = b->texts.size,
        .list_at = (const uint32_t *)(const void *)b->list_at.data,
        .list_terms = (const uint32_t *)(const void *)b->list_terms.data,
        .list_size = b->list_terms.size / sizeof(uint32_t),
        .term_at = (const uint32_t *)(const void *)b->term_at.data,
        .term_names = b->term_names.data,
        .term_bytes = b->term_names.size,
        .term_count = b->term_count,
        .profiles = b->profiles,
        .words = b->words,
    };
}

static void put_statistics(kino_segment_builder *b, const kino_segment *base, const kino_statistics *statistics)
{
    if (base)
        b->statistics = base->statistics;
    else if (statistics)
        b->statistics = *statistics;
    else
        kino_statistics_mean(b->rows, b->count, KINO_VECTOR_DIM, b->statistics.mean);
    b->plot_mean = kino_alloc_floats(b->count);
    for (size_t i = 0; i < b->count; i++) {
        double sum = 0;
        for (size_t d = 0; d < KINO_PLOT_DIM; d++)
            sum += (double)b->statistics.mean[d] * b->rows[i * KINO_VECTOR_DIM + d];
        b->plot_mean[i] = (float)sum;
    }
    kino_container_add(&b->writer, "statistics", KINO_F32, 1, (uint64_t[]){KINO_STATISTICS_NUMBERS}, &b->statistics);
    kino_container_add(&b->writer, "film.plot_mean", KINO_F32, 1, (uint64_t[]){b->count}, b->plot_mean);
}

/* Pairs of a row and a term, with the share of the film's unit vector that the term has, in 255ths. */
typedef struct pairs {
    kino_buffer rows, terms, weights;
} pairs;

static void put_pair(pairs *p, uint32_t row, uint32_t term, double share)
{
    PUT(&p->rows, uint32_t, row);
    PUT(&p->terms, uint32_t, term);
    PUT(&p->weights, uint8_t, (uint8_t)lround(255 * fmin(share, 1)));
}

static void build_postings(pairs *p, size_t terms, const char *name, kino_postings *out, kino_container_writer *w)
{
    static const uint32_t none[1];
    kino_postings_build(p->rows.data ? (const uint32_t *)(const void *)p->rows.data : none,
                        p->terms.data ? (const uint32_t *)(const void *)p->terms.data : none,
                        p->weights.data ? (const uint8_t *)p->weights.data : (const uint8_t *)none, p->weights.size,
                        terms, out);
    kino_postings_save(out, name, w);
    free(p->rows.data);
    free(p->terms.data);
    free(p->weights.data);
}

/* The films by the words that they speak of. */
static void put_speak(kino_segment_builder *b)
{
    pairs p = {0};
    for (size_t row = 0; row < b->count; row++) {
        const kino_words_vector v = kino_words_of(b->words, row);
        double squares = 0;
        for (size_t i = 0; i < v.count; i++)
            squares += (double)v.weights[i] * v.weights[i];
        for (size_t i = 0; i < v.count; i++)
            put_pair(&p, (uint32_t)row, v.numbers[i], v.weights[i] / sqrt(squares));
    }
    build_postings(&p, kino_words_numbers(b->words), "speak", &b->speak, &b->writer);
}

/* The films by their keywords, directors and cast; these count for as much as rank/score.h lets them. What is behind those
 * that count, weighs nothing, and is there to be found by. */
static void put_have(kino_segment_builder *b)
{
    static const struct {
        kino_role role;
        bool weighted;
        size_t most;
    } lists[] = {
        {KINO_ROLE_KEYWORDS, true, KINO_LIKE_KEYWORDS},
        {KINO_ROLE_DIRECTORS, false, KINO_LIKE_DIRECTORS},
        {KINO_ROLE_CAST, true, KINO_LIKE_CAST},
    };
    const kino_segment s = columns_of(b);
    const float *weights = (const float *)(const void *)b->term_weights.data;
    pairs p = {0};
    for (size_t row = 0; row < s.count; row++)
        for (size_t l = 0; l < sizeof lists / sizeof *lists; l++) {
            size_t count;
            double squares = 0;
            const uint32_t *terms = kino_segment_terms(&s, lists[l].role, row, &count);
            for (size_t i = 0; i < count && i < lists[l].most; i++) {
                const double w = lists[l].weighted ? weights[terms[i]] : 1;
                squares += w * w;
            }
            for (size_t i = 0; i < count; i++) {
                const uint32_t role = (uint32_t)(lists[l].role - KINO_ROLE_KEYWORDS);
                const double w = lists[l].weighted ? weights[terms[i]] : 1;
                const bool counts = i < lists[l].most && squares > 0;
                put_pair(&p, (uint32_t)row | role << KINO_HAVE_ROLE, terms[i], counts ? w / sqrt(squares) : 0);
            }
        }
    build_postings(&p, b->term_count, "have", &b->have, &b->writer);
}

static void put_esteem(kino_segment_builder *b)
{
    const int64_t *counts = (const int64_t *)(const void *)b->counts.data;
    const double *numbers = (const double *)(const void *)b->numbers.data;
    b->acclaim = kino_alloc_floats(b->count + 1);
    b->fame = kino_alloc_floats(b->count + 1);
    kino_esteem_measure(counts, numbers, b->count, &b->esteem);
    for (size_t i = 0; i < b->count; i++)
        kino_esteem_of(&b->esteem, counts[2 * i + 1], numbers[3 * i + 1], &b->acclaim[i], &b->fame[i]);
    kino_container_add(&b->writer, "esteem", KINO_F32, 1, (uint64_t[]){KINO_ESTEEM_NUMBERS}, &b->esteem);
    kino_container_add(&b->writer, "film.acclaim", KINO_F32, 1, (uint64_t[]){b->count}, b->acclaim);
    kino_container_add(&b->writer, "film.fame", KINO_F32, 1, (uint64_t[]){b->count}, b->fame);
}

/* The vectors of the catalogue, and which of the terms that films have as keywords has which. */
static kino_status put_keywords(kino_segment_builder *b, kino_catalogue *c, kino_error *err)
{
    kino_status st = kino_keywords_read(c, &b->keywords, err);
    const kino_phrases *p = b->keywords.phrases;
    if (st || !p)
        return st;
    for (uint32_t term = 0; term < b->term_count; term++) {
        const char *name = term_name(b, term);
        const size_t phrase = kino_phrases_find(p, name, strlen(name));
        if (phrase == kino_phrases_count(p))
            continue;
        PUT(&b->keyword_terms, uint32_t, term);
        PUT(&b->keyword_terms, uint32_t, (uint32_t)phrase);
    }
    add(b, "keywords.terms", KINO_U32, 2, &b->keyword_terms);
    kino_phrases_save(p, "keywords", &b->writer);
    return st;
}

static void tell_list(const kino_segment *s, kino_role role, size_t row, kino_words_field field, kino_words_listener *l)
{
    size_t count;
    const uint32_t *terms = kino_segment_terms(s, role, row, &count);
    for (size_t i = 0; i < count; i++) {
        const char *name = kino_segment_term(s, terms[i]);
        kino_words_tell(l, field, name, strlen(name));
    }
}

/* The texts of a film for the index of words. */
static void tell_texts(const void *ctx, size_t row, kino_words_listener *l)
{
    static const kino_words_field fields[KINO_TEXTS] = {
        [KINO_TEXT_TITLE] = KINO_WORDS_TITLE,     [KINO_TEXT_ORIGINAL_TITLE] = KINO_WORDS_ORIGINAL_TITLE,
        [KINO_TEXT_IMDB_ID] = KINO_WORDS_FIELDS,  [KINO_TEXT_POSTER_PATH] = KINO_WORDS_FIELDS,
        [KINO_TEXT_DATE] = KINO_WORDS_FIELDS,     [KINO_TEXT_STATUS] = KINO_WORDS_FIELDS,
        [KINO_TEXT_TAGLINE] = KINO_WORDS_TAGLINE, [KINO_TEXT_OVERVIEW] = KINO_WORDS_OVERVIEW,
    };
    const kino_segment *s = ctx;
    const char *text = s->texts + s->text_at[row], *title = text;
    for (int i = 0; i < KINO_TEXTS; i++, text += strlen(text) + 1)
        if (fields[i] != KINO_WORDS_FIELDS && !(i == KINO_TEXT_ORIGINAL_TITLE && !strcmp(text, title)))
            kino_words_tell(l, fields[i], text, strlen(text));
    tell_list(s, KINO_ROLE_KEYWORDS, row, KINO_WORDS_KEYWORDS, l);
    tell_list(s, KINO_ROLE_GENRES, row, KINO_WORDS_GENRES, l);
    tell_list(s, KINO_ROLE_DIRECTORS, row, KINO_WORDS_PEOPLE, l);
    tell_list(s, KINO_ROLE_CAST, row, KINO_WORDS_PEOPLE, l);
    tell_list(s, KINO_ROLE_COLLECTION, row, KINO_WORDS_COLLECTION, l);
}

static void put_words(kino_segment_builder *b, const kino_segment *base)
{
    const kino_segment s = columns_of(b);
    const kino_words_options opt = {.keep = KINO_LIKE_WORDS, .base = base ? base->words : NULL, .threads = b->threads};
    b->words = kino_words_build(b->count, tell_texts, &s, &opt);
    kino_words_save(b->words, &b->writer);
}

kino_status kino_segment_builder_vectors(kino_segment_builder *b, kino_catalogue *c, kino_index_kind index,
                                         const kino_segment *base, const kino_statistics *statistics, kino_error *err)
{
    float *rows = b->rows = kino_alloc_floats(b->count * KINO_VECTOR_DIM);
    for (size_t i = 0; b->unsaved && i < b->unsaved->count; i++) {
        const float *v = b->unsaved->vectors + i * KINO_VECTOR_DIM;
        put_vectors(b, b->unsaved->movies[i].id, v, v + KINO_PLOT_DIM);
    }
    kino_status st = kino_catalogue_vectors(c, b->since, KINO_PLOT_DIM, KINO_PROFILE_DIM, put_vectors, b, err);
    if (st) {
        free(rows);
        b->rows = NULL;
        return st;
    }
    b->profiles = kino_alloc_floats(b->count * KINO_PROFILE_DIM);
    for (size_t i = 0; i < b->count; i++)
        memcpy(b->profiles + i * KINO_PROFILE_DIM, rows + i * KINO_VECTOR_DIM + KINO_PLOT_DIM,
               KINO_PROFILE_DIM * sizeof *rows);
    b->vectors = kino_vectors_new(rows, b->count, (size_t[]){KINO_PLOT_DIM, KINO_PROFILE_DIM}, 2, b->threads);
    kino_container_add(&b->writer, "film.vectors", KINO_F32, 2, (uint64_t[]){b->count, KINO_VECTOR_DIM}, rows);
    kino_container_add(&b->writer, "film.profiles", KINO_F32, 2, (uint64_t[]){b->count, KINO_PROFILE_DIM}, b->profiles);
    kino_vectors_save(b->vectors, &b->writer);
    if (kino_index_choose(b->count, index) == KINO_INDEX_HNSW) {
        b->graph = kino_hnsw_build(b->vectors, &kino_graph_params, b->threads);
        kino_hnsw_save(b->graph, &b->writer);
    }
    put_statistics(b, base, statistics);
    put_words(b, base);
    const kino_segment s = columns_of(b);
    kino_naming_build(&s, &b->naming);
    kino_naming_save(&b->naming, &b->writer);
    if (base)
        return KINO_OK;
    kino_facts_build(&s, &b->facts);
    kino_facts_save(&b->facts, b->count, &b->writer);
    put_speak(b);
    put_have(b);
    put_esteem(b);
    return put_keywords(b, c, err);
}

void kino_segment_builder_places(kino_segment_builder *b)
{
    b->places = kino_map_layout(b->vectors, b->graph, b->threads);
    kino_container_add(&b->writer, "map.places", KINO_F32, 2, (uint64_t[]){b->count, 2}, b->places);
}

/* ---- the whole ---- */

size_t kino_segment_builder_count(const kino_segment_builder *b)
{
    return b->count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const kino_section *)a)->name, ((const kino_section *)b)->name);
}

kino_status kino_segment_builder_view(kino_segment_builder *b, kino_segment **out, kino_error *err)
{
    const size_t count = b->writer.count;
    kino_container c = {.path = "the films in memory",
                        .kind = KINO_KIND_SNAPSHOT,
                        .count = count,
                        .sections = kino_alloc_array(count, sizeof *c.sections)};
    memcpy(c.sections, b->writer.sections, count * sizeof *c.sections);
    qsort(c.sections, count, sizeof *c.sections, by_name);
    return kino_segment_view(&c, out, err);
}

void kino_segment_builder_give_vectors(kino_segment_builder *b, kino_segment *s)
{
    s->joined = b->rows;
    s->profiles = b->profiles;
    s->vectors = b->vectors;
    s->graph = b->graph;
    s->statistics = b->statistics;
    s->plot_mean = b->plot_mean;
    s->words = b->words;
    s->facts = b->facts;
    s->speak = b->speak;
    s->have = b->have;
    s->esteem = b->esteem;
    s->acclaim = b->acclaim;
    s->fame = b->fame;
    s->keywords = b->keywords.phrases;
    s->keyword_terms = (const uint32_t *)(const void *)b->keyword_terms.data;
    s->keyword_term_count = b->keyword_terms.size / (2 * sizeof(uint32_t));
    s->naming = b->naming;
    b->vectors = NULL;
    b->graph = NULL;
    b->words = NULL;
    b->facts = (kino_facts){0};
    b->speak = b->have = (kino_postings){0};
    b->keywords.phrases = NULL;
    b->naming = (kino_naming){.newest_year = 0};
}

kino_container_writer *kino_segment_builder_sections(kino_segment_builder *b)
{
    return &b->writer;
}

void kino_segment_builder_free(kino_segment_builder *b)
{
    if (!b)
        return;
    kino_buffer *buffers[] = {&b->ids,        &b->counts,       &b->numbers,   &b->text_at,      &b->texts,
                              &b->list_at,    &b->list_terms,   &b->term_ids,  &b->term_at,      &b->term_names,
                              &b->term_films, &b->term_weights, &b->term_last, &b->keyword_terms};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        free(buffers[i]->data);
    kino_hnsw_free(b->graph);
    kino_vectors_free(b->vectors);
    kino_titles_free(b->titles);
    kino_container_writer_free(&b->writer);
    kino_words_free(b->words);
    kino_facts_free(&b->facts);
    kino_postings_free(&b->speak);
    kino_postings_free(&b->have);
    kino_keywords_free(&b->keywords);
    kino_naming_free(&b->naming);
    free(b->acclaim);
    free(b->fame);
    free(b->plot_mean);
    free(b->entries);
    free(b->slots);
    free(b->places);
    free(b->rows);
    free(b->profiles);
    free(b);
}
