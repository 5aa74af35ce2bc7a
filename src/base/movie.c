/* movie.c - a film copied into an arena. */
#include "base/movie.h"

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
