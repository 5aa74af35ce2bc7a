/* map.c - kino_map: every film's place, the films that came later included. */
#include "rows/map_layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/thread.h"
#include "handle/handle.h"

typedef struct owned_places {
    kino_places places; /* first: the caller's pointer */
    kino_arena arena;
} owned_places;

typedef struct genre {
    const char *name; /* of a snapshot: to be copied */
    size_t films;
    int index; /* as first met */
} genre;

/* ---- genres ---- */

typedef struct genres {
    genre *items;
    size_t count, capacity;
} genres;

/* There are about twenty: a list that is gone through will do. */
static int genre_of(genres *g, const kino_segment *segment, size_t row)
{
    size_t count = 0, i = 0;
    const uint32_t *terms = kino_segment_terms(segment, KINO_ROLE_GENRES, row, &count);
    const char *name = count ? kino_segment_term(segment, terms[0]) : "";
    if (!*name)
        return -1;
    while (i < g->count && strcmp(g->items[i].name, name))
        i++;
    if (i == g->count) {
        if (g->count == KINO_LIMIT_VOCABULARY)
            return -1;
        if (g->count == g->capacity) {
            g->capacity = 2 * g->capacity + 32;
            g->items = kino_resize_array(g->items, g->capacity, sizeof *g->items);
        }
        g->items[g->count++] = (genre){name, 0, (int)i};
    }
    g->items[i].films++;
    return (int)i;
}

static int by_films(const void *a, const void *b)
{
    const genre *x = a, *y = b;
    return x->films != y->films ? (x->films < y->films ? 1 : -1) : strcmp(x->name, y->name);
}

/* Numbers the genres by how frequent they are, in the list and in the places. */
static void order_genres(genres *g, owned_places *out)
{
    int *now = kino_alloc_array(g->count + 1, sizeof *now);
    const char **names = kino_arena_alloc(&out->arena, (g->count + 1) * sizeof *names);
    if (g->count)
        qsort(g->items, g->count, sizeof *g->items, by_films);
    for (size_t i = 0; i < g->count; i++) {
        now[g->items[i].index] = (int)i;
        names[i] = kino_arena_strdup(&out->arena, g->items[i].name);
    }
    for (size_t i = 0; i < out->places.count; i++)
        if (out->places.items[i].genre >= 0)
            out->places.items[i].genre = now[out->places.items[i].genre];
    out->places.genres = names;
    out->places.genre_count = g->count;
    free(now);
}

/* ---- places ---- */

static bool is_place(const float *at)
{
    return fabsf(at[0]) <= 1 && fabsf(at[1]) <= 1; /* false for NaN: the file may be damaged */
}

/* Among the nearest of the base, the nearest of them the more. */
static void place_among(const kino_segment *base, const float *places, const float *v, kino_scratch *scratch, float *at)
{
    enum { NEAREST = 5 };
    kino_hit hits[NEAREST];
    size_t found = kino_exact_search(base->vectors, v, NEAREST, NULL, scratch, hits);
    float sum = 0;
    at[0] = at[1] = 0;
    for (size_t i = 0; i < found; i++) {
        const float *other = places + 2 * (size_t)hits[i].row, share = 1 / (float)(1 + i);
        if (!is_place(other))
            continue;
        at[0] += share * other[0];
        at[1] += share * other[1];
        sum += share;
    }
    for (int d = 0; d < 2; d++)
        at[d] = sum > 0 ? at[d] / sum : 0;
}

static void put_place(kino_places *p, genres *g, const kino_segment *segment, size_t row, const float *at)
{
    const int64_t year = segment->counts[2 * row];
    const bool sound = is_place(at);
    p->items[p->count++] = (kino_place){
        .id = segment->ids[row],
        .x = sound ? at[0] : 0,
        .y = sound ? at[1] : 0,
        .genre = genre_of(g, segment, row),
        .decade = year > 0 && year < 10000 ? (int)(year - year % 10) : 0,
    };
}

static int by_id(const void *a, const void *b)
{
    const kino_place *x = a, *y = b;
    return (x->id > y->id) - (x->id < y->id);
}

/* Those of the snapshot; where it has none they are made once for the handle. */
static const float *base_places(kino *k)
{
    kino_films *f = k->films;
    const kino_rows *r = &f->rows;
    if (r->base->places)
        return r->base->places;
    pthread_mutex_lock(&k->map_lock);
    if (!f->own_places)
        f->own_places = kino_map_layout(r->base->vectors, r->graph, kino_thread_count(k->opt.threads));
    pthread_mutex_unlock(&k->map_lock);
    return f->own_places;
}

kino_status kino_map_get(kino *k, kino_places **out, kino_error *err)
{
    kino_status st = kino_use_films(k, true, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    genres g = {0};
    const float *places = base_places(k);
    owned_places *p = kino_alloc(sizeof *p);
    p->places.items = kino_arena_alloc(&p->arena, (r->count + 1) * sizeof *p->places.items);
    for (size_t row = 0; row < r->base->count; row++)
        if (!kino_rows_is_hidden(r, row))
            put_place(&p->places, &g, r->base, row, places + 2 * row);
    if (r->tail) {
        kino_scratch *scratch = kino_scratch_new();
        for (size_t row = 0; row < r->tail->count; row++) {
            float at[2];
            place_among(r->base, places, r->tail->joined + row * KINO_VECTOR_DIM, scratch, at);
            put_place(&p->places, &g, r->tail, row, at);
        }
        kino_scratch_free(scratch);
        qsort(p->places.items, p->places.count, sizeof *p->places.items, by_id);
    }
    order_genres(&g, p);
    free(g.items);
    *out = &p->places;
    return KINO_OK;
}

void kino_places_free(kino_places *places)
{
    if (!places)
        return;
    owned_places *p = (owned_places *)places;
    kino_arena_free(&p->arena);
    free(p);
}
