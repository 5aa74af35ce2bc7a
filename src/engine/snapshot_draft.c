/* snapshot_draft.c - the catalogue's films as columns, ready to be viewed or written. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "base/thread.h"
#include "engine/map.h"
#include "engine/score.h"
#include "engine/snapshot.h"

/* Growing arrays are buffers of bytes; malloc aligns them for all their types. */
struct kino_draft {
    kino_container_writer writer;
    size_t count;
    uint64_t since;
    const kino_guests *guests;
    size_t next_guest;
    int threads;
    kino_buffer ids, counts, numbers, text_at, texts;
    kino_buffer list_at, list_terms;
    kino_buffer term_ids, term_at, term_names, term_films, term_weights;
    uint32_t *slots;            /* term + 1 by hash, 0: free; a power of 2 of them */
    size_t term_count, slot_count;
    kino_title_entry *entries;
    kino_titles *titles;
    float *rows;                /* [count][KINO_VECTOR_DIM] */
    float *profiles;            /* [count][KINO_PROFILE_DIM]: of the rows */
    kino_vectors *vectors;
    kino_hnsw *graph;
    float *places;              /* [count][2] */
};

const kino_hnsw_params kino_graph_params = {.weights = {0.1f, 0.9f}};

#define PUT(buffer, type, value) kino_buffer_put(buffer, &(type){value}, sizeof(type))

static void put_text(kino_buffer *b, const char *text)
{
    kino_buffer_put(b, text, strlen(text) + 1);
}

/* ---- terms ---- */

static const char *term_name(const kino_draft *d, size_t term)
{
    return d->term_names.data + ((const uint32_t *)(const void *)d->term_at.data)[term];
}

static int64_t term_id(const kino_draft *d, size_t term)
{
    return ((const int64_t *)(const void *)d->term_ids.data)[term];
}

static size_t hash_term(int64_t id, const char *name)
{
    return (size_t)kino_mix(kino_hash(kino_hash(KINO_HASH_START, &id, sizeof id), name, strlen(name)));
}

static void more_slots(kino_draft *d)
{
    d->slot_count = d->slot_count ? 2 * d->slot_count : 4096;
    free(d->slots);
    d->slots = kino_alloc_array(d->slot_count, sizeof *d->slots);
    for (size_t term = 0; term < d->term_count; term++) {
        size_t slot = hash_term(term_id(d, term), term_name(d, term));
        while (d->slots[slot & (d->slot_count - 1)])
            slot++;
        d->slots[slot & (d->slot_count - 1)] = (uint32_t)term + 1;
    }
}

static uint32_t term_of(kino_draft *d, const kino_named *named)
{
    if (2 * d->term_count >= d->slot_count)
        more_slots(d);
    size_t slot = hash_term(named->id, named->name);
    uint32_t *at;
    for (;; slot++) {
        at = &d->slots[slot & (d->slot_count - 1)];
        if (!*at)
            break;
        if (term_id(d, *at - 1) == named->id && !strcmp(term_name(d, *at - 1), named->name))
            return *at - 1;
    }
    PUT(&d->term_ids, int64_t, named->id);
    put_text(&d->term_names, named->name);
    PUT(&d->term_at, uint32_t, (uint32_t)d->term_names.size);
    PUT(&d->term_films, uint32_t, 0);
    *at = (uint32_t)++d->term_count;
    return *at - 1;
}

static void put_list(kino_draft *d, const kino_named *items, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t term = term_of(d, &items[i]);
        PUT(&d->list_terms, uint32_t, term);
        ((uint32_t *)(void *)d->term_films.data)[term]++;
    }
    PUT(&d->list_at, uint32_t, (uint32_t)(d->list_terms.size / sizeof(uint32_t)));
}

/* ---- films ---- */

static void put_film(void *ctx, const kino_movie *m)
{
    kino_draft *d = ctx;
    const kino_named language = {0, m->language};
    const char *const texts[] = {m->title, m->original_title, m->imdb_id, m->poster_path, m->date, m->status,
                                 m->tagline, m->overview};  /* the order that snapshot.c reads */
    d->count++;
    PUT(&d->ids, int64_t, m->id);
    PUT(&d->counts, int64_t, m->year);
    PUT(&d->counts, int64_t, m->votes);
    PUT(&d->numbers, double, m->runtime);
    PUT(&d->numbers, double, m->rating);
    PUT(&d->numbers, double, m->popularity);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        put_text(&d->texts, texts[i]);
    PUT(&d->text_at, uint64_t, d->texts.size);
    put_list(d, &language, *m->language != 0);  /* the order of kino_role */
    put_list(d, m->genres.items, m->genres.count);
    put_list(d, m->keywords.items, m->keywords.count);
    put_list(d, m->directors.items, m->directors.count);
    put_list(d, m->cast.items, m->cast.count);
    put_list(d, m->countries.items, m->countries.count);
    put_list(d, &m->collection, m->collection.id != 0);
}

/* A film of the catalogue, behind the guests with smaller ids; in the place of one with the same. */
static void put_next(void *ctx, const kino_movie *m)
{
    kino_draft *d = ctx;
    while (d->guests && d->next_guest < d->guests->count && d->guests->movies[d->next_guest].id <= m->id) {
        const kino_movie *guest = &d->guests->movies[d->next_guest++];
        if (guest->id < m->id)
            put_film(d, guest);
    }
    put_film(d, m);
}

static void weigh_terms(kino_draft *d)
{
    const uint32_t *films = (const uint32_t *)(const void *)d->term_films.data;
    for (size_t term = 0; term < d->term_count; term++)
        PUT(&d->term_weights, float, (float)fmax(log((double)d->count / films[term]), 0));
}

static void add_titles(kino_draft *d)
{
    const char *text = d->texts.data;
    d->entries = kino_alloc_array(d->count, sizeof *d->entries);
    for (size_t i = 0; i < d->count; i++) {
        const int64_t *counts = (const int64_t *)(const void *)d->counts.data + 2 * i;
        const uint64_t *at = (const uint64_t *)(const void *)d->text_at.data + i;
        const char *title = text + *at, *original = title + strlen(title) + 1;
        d->entries[i] = (kino_title_entry){((const int64_t *)(const void *)d->ids.data)[i], title, original,
                                           (int)counts[0], counts[1], original + strlen(original) + 1};
    }
    d->titles = kino_titles_build(d->entries, d->count, d->threads);
    kino_titles_save(d->titles, &d->writer);
}

static void add(kino_draft *d, const char *name, kino_type type, uint64_t width, const kino_buffer *b)
{
    uint64_t rows = b->size / (kino_type_size(type) * (width ? width : 1));
    kino_container_add(&d->writer, name, type, width ? 2 : 1, (uint64_t[]){rows, width}, b->data ? b->data : "");
}

kino_status kino_draft_new(kino_catalogue *c, uint64_t since, const kino_guests *guests, int threads, kino_draft **out,
                           kino_error *err)
{
    kino_draft *d = kino_alloc(sizeof *d);
    d->since = since;
    d->guests = guests;
    d->threads = kino_thread_count(threads);
    PUT(&d->text_at, uint64_t, 0);
    PUT(&d->term_at, uint32_t, 0);
    PUT(&d->list_at, uint32_t, 0);
    kino_status st = kino_catalogue_films(c, since, put_next, d, err);
    if (st) {
        kino_draft_free(d);
        return st;
    }
    for (; guests && d->next_guest < guests->count; d->next_guest++)
        put_film(d, &guests->movies[d->next_guest]);
    weigh_terms(d);
    add(d, "film.ids", KINO_I64, 0, &d->ids);
    add(d, "film.counts", KINO_I64, 2, &d->counts);
    add(d, "film.numbers", KINO_F64, 3, &d->numbers);
    add(d, "film.text_at", KINO_U64, 0, &d->text_at);
    add(d, "film.texts", KINO_U8, 0, &d->texts);
    add(d, "list.at", KINO_U32, 0, &d->list_at);
    add(d, "list.terms", KINO_U32, 0, &d->list_terms);
    add(d, "term.ids", KINO_I64, 0, &d->term_ids);
    add(d, "term.at", KINO_U32, 0, &d->term_at);
    add(d, "term.names", KINO_U8, 0, &d->term_names);
    add(d, "term.weights", KINO_F32, 0, &d->term_weights);
    add_titles(d);
    *out = d;
    return KINO_OK;
}

/* ---- vectors ---- */

static void put_vectors(void *ctx, int64_t id, const float *plot, const float *profile)
{
    kino_draft *d = ctx;
    const int64_t *ids = (const int64_t *)(const void *)d->ids.data;
    size_t low = 0, high = d->count;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (ids[mid] < id)
            low = mid + 1;
        else
            high = mid;
    }
    if (low == d->count || ids[low] != id)
        return;
    float *v = d->rows + low * KINO_VECTOR_DIM;
    memcpy(v, plot, KINO_PLOT_DIM * sizeof *v);
    memcpy(v + KINO_PLOT_DIM, profile, KINO_PROFILE_DIM * sizeof *v);
}

kino_status kino_draft_vectors(kino_draft *d, kino_catalogue *c, kino_index_kind index, kino_error *err)
{
    float *rows = d->rows = kino_alloc_floats(d->count * KINO_VECTOR_DIM);
    for (size_t i = 0; d->guests && i < d->guests->count; i++) {
        const float *v = d->guests->vectors + i * KINO_VECTOR_DIM;
        put_vectors(d, d->guests->movies[i].id, v, v + KINO_PLOT_DIM);
    }
    kino_status st = kino_catalogue_vectors(c, d->since, KINO_PLOT_DIM, KINO_PROFILE_DIM, put_vectors, d, err);
    if (st) {
        free(rows);
        d->rows = NULL;
        return st;
    }
    d->profiles = kino_alloc_floats(d->count * KINO_PROFILE_DIM);
    for (size_t i = 0; i < d->count; i++)
        memcpy(d->profiles + i * KINO_PROFILE_DIM, rows + i * KINO_VECTOR_DIM + KINO_PLOT_DIM,
               KINO_PROFILE_DIM * sizeof *rows);
    d->vectors = kino_vectors_new(rows, d->count, (size_t[]){KINO_PLOT_DIM, KINO_PROFILE_DIM}, 2, d->threads);
    kino_container_add(&d->writer, "film.vectors", KINO_F32, 2, (uint64_t[]){d->count, KINO_VECTOR_DIM}, rows);
    kino_container_add(&d->writer, "film.profiles", KINO_F32, 2, (uint64_t[]){d->count, KINO_PROFILE_DIM}, d->profiles);
    kino_vectors_save(d->vectors, &d->writer);
    if (kino_index_choose(d->count, index) == KINO_INDEX_HNSW) {
        d->graph = kino_hnsw_build(d->vectors, &kino_graph_params, d->threads);
        kino_hnsw_save(d->graph, &d->writer);
    }
    return KINO_OK;
}

void kino_draft_places(kino_draft *d)
{
    d->places = kino_map_layout(d->vectors, d->graph, d->threads);
    kino_container_add(&d->writer, "map.places", KINO_F32, 2, (uint64_t[]){d->count, 2}, d->places);
}

/* ---- the whole ---- */

size_t kino_draft_count(const kino_draft *d)
{
    return d->count;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const kino_section *)a)->name, ((const kino_section *)b)->name);
}

kino_status kino_draft_view(kino_draft *d, kino_snapshot **out, kino_error *err)
{
    const size_t count = d->writer.count;
    kino_container c = {.path = "the films in memory", .kind = KINO_KIND_SNAPSHOT, .count = count,
                        .sections = kino_alloc_array(count, sizeof *c.sections)};
    memcpy(c.sections, d->writer.sections, count * sizeof *c.sections);
    qsort(c.sections, count, sizeof *c.sections, by_name);
    return kino_snapshot_view(&c, out, err);
}

void kino_draft_give_vectors(kino_draft *d, kino_snapshot *s)
{
    s->joined = d->rows;
    s->profiles = d->profiles;
    s->vectors = d->vectors;
    s->graph = d->graph;
    d->vectors = NULL;
    d->graph = NULL;
}

kino_status kino_draft_write(kino_draft *d, const kino_stamp *stamp, const double *part_weights, const char *path,
                             kino_error *err)
{
    if (part_weights)
        kino_container_add(&d->writer, "snapshot.part_weights", KINO_F64, 1, (uint64_t[]){KINO_PART_COUNT}, part_weights);
    kino_container_add(&d->writer, "snapshot.stamp", KINO_U64, 1, (uint64_t[]){sizeof *stamp / sizeof(uint64_t)}, stamp);
    return kino_container_write(&d->writer, KINO_KIND_SNAPSHOT, path, err);
}

void kino_draft_free(kino_draft *d)
{
    if (!d)
        return;
    kino_buffer *buffers[] = {&d->ids, &d->counts, &d->numbers, &d->text_at, &d->texts, &d->list_at,
                              &d->list_terms, &d->term_ids, &d->term_at, &d->term_names,
                              &d->term_films, &d->term_weights};
    for (size_t i = 0; i < sizeof buffers / sizeof *buffers; i++)
        free(buffers[i]->data);
    kino_hnsw_free(d->graph);
    kino_vectors_free(d->vectors);
    kino_titles_free(d->titles);
    kino_container_writer_free(&d->writer);
    free(d->entries);
    free(d->slots);
    free(d->places);
    free(d->rows);
    free(d->profiles);
    free(d);
}
