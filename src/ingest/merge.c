/* merge.c - finds the film that a film of another file is, and takes the richer of what both say. */
#include "ingest/merge.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/movie.h"
#include "ingest/table.h"

#define SEVERAL (UINT32_MAX - 1) /* films of one name and year */

static int64_t imdb_key(const kino_movie *m)
{
    return *m->imdb_id ? strtoll(m->imdb_id + 2, NULL, 10) : 0;
}

/* What kino's own id would be by title and year; 0 without a year, which says too little. */
static int64_t name_key(const kino_movie *m, const char *title)
{
    const kino_movie named = {.imdb_id = "", .title = title, .year = m->year};
    return m->year && *title ? kino_own_id(&named) : 0;
}

static void know(kino_idmap *map, int64_t key, uint32_t place)
{
    if (!key)
        return;
    uint32_t *at = kino_idmap_at(map, key);
    *at = *at == UINT32_MAX || *at == place ? place : SEVERAL;
}

static void index_film(kino_merging *g, const kino_movie *m, uint32_t place)
{
    know(&g->by_id, m->id, place);
    know(&g->by_imdb, imdb_key(m), place);
    know(&g->by_name, name_key(m, m->title), place);
    know(&g->by_name, name_key(m, m->original_title), place);
}

static bool is_tmdb(int64_t id)
{
    return id < KINO_OWN_IDS;
}

/* Whether ids that both know keep them apart. */
static bool have_other_ids(const kino_movie *a, const kino_movie *b)
{
    return (is_tmdb(a->id) && is_tmdb(b->id) && a->id != b->id) ||
           (*a->imdb_id && *b->imdb_id && strcmp(a->imdb_id, b->imdb_id) != 0);
}

/* The place of the same film, or UINT32_MAX; *other: its number is there and is another film's. `own` are the names of the
 * further file. */
static uint32_t find(const kino_merging *g, const kino_idmap *own, const kino_movies *into, const kino_movie *m,
                     bool *other)
{
    const int64_t keys[] = {name_key(m, m->title), name_key(m, m->original_title)};
    uint32_t place = is_tmdb(m->id) ? kino_idmap_get(&g->by_id, m->id) : UINT32_MAX;
    *other = place != UINT32_MAX && kino_movie_is_another(&into->items[place], m);
    if (place != UINT32_MAX)
        return place;
    place = imdb_key(m) ? kino_idmap_get(&g->by_imdb, imdb_key(m)) : UINT32_MAX;
    for (size_t i = 0; i < 2 && place >= SEVERAL; i++)
        place = keys[i] && kino_idmap_get(own, keys[i]) != SEVERAL ? kino_idmap_get(&g->by_name, keys[i]) : UINT32_MAX;
    if (place >= SEVERAL) /* kino's own, of a name that several films have */
        place = kino_idmap_get(&g->by_id, m->id);
    return place < SEVERAL && !have_other_ids(&into->items[place], m) ? place : UINT32_MAX;
}

static void take_longer(kino_list *list, const kino_list *other)
{
    if (other->count > list->count)
        *list = *other;
}

/* What the film leaves out is taken from the other record, the longer overview and lists, and the rating that more people
 * gave. */
static void take_richer(kino_movie *m, const kino_movie *other)
{
    const bool voted = other->votes > m->votes && isfinite(other->rating);
    if (voted) {
        m->rating = other->rating;
        m->votes = other->votes;
    }
    kino_movie_keep(other, m);
    if (strlen(other->overview) > strlen(m->overview))
        m->overview = other->overview;
    take_longer(&m->genres, &other->genres);
    take_longer(&m->keywords, &other->keywords);
    take_longer(&m->directors, &other->directors);
    if (other->cast.count > m->cast.count)
        m->characters = other->characters;
    take_longer(&m->cast, &other->cast);
    take_longer(&m->writers, &other->writers);
    take_longer(&m->countries, &other->countries);
    if (!is_tmdb(m->id) && is_tmdb(other->id))
        m->id = other->id;
}

kino_merged kino_merge(kino_merging *g, kino_movies *into, const kino_movies *from)
{
    kino_merged merged = {0};
    kino_idmap own = {0};
    for (size_t i = 0; i < from->count; i++) {
        know(&own, name_key(&from->items[i], from->items[i].title), (uint32_t)i);
        know(&own, name_key(&from->items[i], from->items[i].original_title), (uint32_t)i);
    }
    for (; g->known < into->count; g->known++)
        index_film(g, &into->items[g->known], (uint32_t)g->known);
    into->items = kino_resize_array(into->items, into->count + from->count + 1, sizeof *into->items);
    for (size_t i = 0; i < from->count; i++) {
        bool other = false;
        const uint32_t place = find(g, &own, into, &from->items[i], &other);
        if (other) {
            merged.contradicted++;
        } else if (place != UINT32_MAX) {
            take_richer(&into->items[place], &from->items[i]);
            index_film(g, &into->items[place], place);
            merged.joined++;
        } else {
            into->items[into->count++] = from->items[i];
            merged.added++;
        }
    }
    for (; g->known < into->count; g->known++)
        index_film(g, &into->items[g->known], (uint32_t)g->known);
    kino_idmap_free(&own);
    return merged;
}

void kino_merging_free(kino_merging *g)
{
    kino_idmap_free(&g->by_id);
    kino_idmap_free(&g->by_imdb);
    kino_idmap_free(&g->by_name);
    *g = (kino_merging){0};
}
