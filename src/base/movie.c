/* movie.c - a film copied into an arena, and compared with another record of it. */
#include "base/movie.h"

#include <math.h>
#include <string.h>

static kino_list copy_list(const kino_list *list, kino_arena *arena)
{
    kino_named *items = kino_arena_alloc(arena, list->count * sizeof *items);
    for (size_t i = 0; i < list->count; i++)
        items[i] = (kino_named){list->items[i].id, kino_arena_strdup(arena, list->items[i].name)};
    return (kino_list){items, list->count};
}

void kino_movie_copy(const kino_movie *m, kino_arena *arena, kino_movie *out)
{
    *out = *m;
    const char **texts[] = {&out->imdb_id,     &out->title,          &out->original_title, &out->language,
                            &out->date,        &out->overview,       &out->tagline,        &out->status,
                            &out->poster_path, &out->collection.name};
    kino_list *lists[] = {&out->genres, &out->keywords, &out->directors, &out->cast, &out->countries};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        *texts[i] = kino_arena_strdup(arena, *texts[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        *lists[i] = copy_list(lists[i], arena);
}

static bool same_list(const kino_list *a, const kino_list *b)
{
    bool same = a->count == b->count;
    for (size_t i = 0; same && i < a->count; i++)
        same = a->items[i].id == b->items[i].id && !strcmp(a->items[i].name, b->items[i].name);
    return same;
}

static bool same_number(double a, double b)
{
    return a == b || (isnan(a) && isnan(b));
}

bool kino_movie_equal(const kino_movie *a, const kino_movie *b)
{
    const char *const texts[][2] = {{a->imdb_id, b->imdb_id},
                                    {a->title, b->title},
                                    {a->original_title, b->original_title},
                                    {a->language, b->language},
                                    {a->date, b->date},
                                    {a->overview, b->overview},
                                    {a->tagline, b->tagline},
                                    {a->status, b->status},
                                    {a->poster_path, b->poster_path},
                                    {a->collection.name, b->collection.name}};
    bool same = a->id == b->id && a->year == b->year && a->votes == b->votes && a->collection.id == b->collection.id &&
                same_number(a->runtime, b->runtime) && same_number(a->rating, b->rating) &&
                same_number(a->popularity, b->popularity);
    for (size_t i = 0; same && i < sizeof texts / sizeof *texts; i++)
        same = !strcmp(texts[i][0], texts[i][1]);
    return same && same_list(&a->genres, &b->genres) && same_list(&a->keywords, &b->keywords) &&
           same_list(&a->directors, &b->directors) && same_list(&a->cast, &b->cast) &&
           same_list(&a->countries, &b->countries);
}
