/* movie.c - a film copied into an arena, and compared with another record of it. */
#include "base/movie.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

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
    kino_list *lists[] = {&out->genres,    &out->keywords, &out->directors, &out->cast,
                          &out->countries, &out->writers,  &out->characters};
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

/* The texts and lists of a film, and where they are; then the numbers, which have a bit each behind those. */
static const struct {
    const char *name;
    size_t at;
} texts[] =
    {
        {"IMDb id", offsetof(kino_movie, imdb_id)},
        {"title", offsetof(kino_movie, title)},
        {"original title", offsetof(kino_movie, original_title)},
        {"language", offsetof(kino_movie, language)},
        {"date", offsetof(kino_movie, date)},
        {"overview", offsetof(kino_movie, overview)},
        {"tagline", offsetof(kino_movie, tagline)},
        {"status", offsetof(kino_movie, status)},
        {"poster", offsetof(kino_movie, poster_path)},
},
  lists[] = {
      {"genres", offsetof(kino_movie, genres)},         {"keywords", offsetof(kino_movie, keywords)},
      {"directors", offsetof(kino_movie, directors)},   {"cast", offsetof(kino_movie, cast)},
      {"countries", offsetof(kino_movie, countries)},   {"writers", offsetof(kino_movie, writers)},
      {"characters", offsetof(kino_movie, characters)},
};
static const char *const numbers[] = {"year", "runtime", "rating", "votes", "popularity", "collection"};
enum {
    TEXTS = sizeof texts / sizeof *texts,
    LISTS = sizeof lists / sizeof *lists,
    NUMBERS = sizeof numbers / sizeof *numbers,
    TEXT = sizeof(const char *),
};

static const char *text_of(const kino_movie *m, size_t i)
{
    const char *text;
    memcpy(&text, (const char *)m + texts[i].at, sizeof text);
    return text;
}

static const kino_list *list_of(const kino_movie *m, size_t i)
{
    return (const kino_list *)(const void *)((const char *)m + lists[i].at);
}

unsigned kino_movie_differences(const kino_movie *a, const kino_movie *b)
{
    const bool same[NUMBERS] = {
        a->year == b->year,
        same_number(a->runtime, b->runtime),
        same_number(a->rating, b->rating),
        a->votes == b->votes,
        same_number(a->popularity, b->popularity),
        a->collection.id == b->collection.id && !strcmp(a->collection.name, b->collection.name),
    };
    unsigned fields = 0;
    for (size_t i = 0; i < TEXTS; i++)
        fields |= (unsigned)(strcmp(text_of(a, i), text_of(b, i)) != 0) << i;
    for (size_t i = 0; i < LISTS; i++)
        fields |= (unsigned)!same_list(list_of(a, i), list_of(b, i)) << (TEXTS + i);
    for (size_t i = 0; i < NUMBERS; i++)
        fields |= (unsigned)!same[i] << (TEXTS + LISTS + i);
    return fields;
}

void kino_movie_field_names(unsigned fields, char *out, size_t room)
{
    size_t n = 0;
    *out = 0;
    for (size_t i = 0; i < TEXTS + LISTS + NUMBERS && n < room; i++) {
        const char *name = i < TEXTS           ? texts[i].name
                           : i < TEXTS + LISTS ? lists[i - TEXTS].name
                                               : numbers[i - TEXTS - LISTS];
        if (fields >> i & 1)
            n += (size_t)snprintf(out + n, room - n, "%s%s", n ? ", " : "", name);
    }
}

void kino_movie_keep(const kino_movie *older, kino_movie *m)
{
    const bool one_title = !strcmp(m->title, m->original_title) && strcmp(older->title, older->original_title);
    if (one_title && !strcmp(m->title, older->original_title)) /* the original title alone was told */
        m->title = older->title;
    else if (one_title)
        m->original_title = older->original_title;
    if (!*m->date && (!m->year || m->year == older->year))
        m->date = older->date;
    for (size_t i = 0; i < TEXTS; i++)
        if (!*text_of(m, i) && texts[i].at != offsetof(kino_movie, date))
            memcpy((char *)m + texts[i].at, (const char *)older + texts[i].at, TEXT);
    for (size_t i = 0; i < LISTS; i++)
        if (!list_of(m, i)->count)
            memcpy((char *)m + lists[i].at, (const char *)older + lists[i].at, sizeof(kino_list));
    if (m->characters.count != m->cast.count) /* those of another cast */
        m->characters = (kino_list){0};
    if (!m->year)
        m->year = older->year;
    if (isnan(m->runtime))
        m->runtime = older->runtime;
    if (isnan(m->rating))
        m->rating = older->rating;
    if (m->votes < 0)
        m->votes = older->votes;
    if (isnan(m->popularity))
        m->popularity = older->popularity;
    if (!m->collection.id)
        m->collection = older->collection;
}

static bool same_title(const char *a, const char *b)
{
    kino_buffer x = {0}, y = {0};
    kino_fold(&x, a, strlen(a));
    kino_fold(&y, b, strlen(b));
    const bool same = x.size == y.size && (!x.size || !memcmp(x.data, y.data, x.size));
    free(x.data);
    free(y.data);
    return same;
}

bool kino_movie_is_another(const kino_movie *a, const kino_movie *b)
{
    if (*a->imdb_id && *b->imdb_id)
        return strcmp(a->imdb_id, b->imdb_id) != 0;
    if (!a->year || !b->year)
        return !same_title(a->title, b->title) && !same_title(a->original_title, b->title) &&
               !same_title(a->title, b->original_title);
    return abs(a->year - b->year) > 1;
}

bool kino_movie_equal(const kino_movie *a, const kino_movie *b)
{
    return a->id == b->id && !kino_movie_differences(a, b);
}
