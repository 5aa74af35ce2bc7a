/* films.c - films with their memory, and those that are read from what was fetched before. */
#include "net/tmdb/films.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "net/tmdb/read.h"
#include "net/tmdb/reply.h"

enum { LONGEST_DETAILS = 4 << 20, LONGEST_EXPORT_LINE = 1 << 14 };

void kino_film_set_unknown(kino_tmdb_film *f, int64_t id)
{
    *f = (kino_tmdb_film){
        .id = id,
        .problem = "",
        .movie = {.id = id,
                  .imdb_id = "",
                  .title = "",
                  .original_title = "",
                  .language = "",
                  .date = "",
                  .runtime = NAN,
                  .rating = NAN,
                  .votes = -1,
                  .popularity = NAN,
                  .overview = "",
                  .tagline = "",
                  .status = "",
                  .poster_path = "",
                  .collection = {.name = ""}},
        .overview_language = "",
    };
}

kino_owned_films *kino_films_new(const int64_t *ids, size_t count)
{
    kino_owned_films *o = kino_alloc(sizeof *o);
    o->films.count = count;
    o->films.items = kino_arena_alloc(&o->arena, (count + 1) * sizeof *o->films.items);
    for (size_t i = 0; i < count; i++)
        kino_film_set_unknown(&o->films.items[i], ids[i]);
    return o;
}

void kino_tmdb_films_free(kino_tmdb_films *films)
{
    if (!films)
        return;
    kino_owned_films *o = (kino_owned_films *)films;
    kino_arena_free(&o->arena);
    free(o);
}

/* NULL for what is no JSON object, or too long. */
static cJSON *parse(const char *text, size_t n, size_t most)
{
    char *copy = n && n <= most ? memcpy(kino_alloc(n), text, n) : NULL;
    cJSON *json = copy ? kino_json_parse(copy, n) : NULL;
    free(copy);
    return json;
}

kino_status kino_tmdb_read_details(const char *json, size_t n, kino_tmdb_films **out, kino_error *err)
{
    if (kino_json_load(err))
        return KINO_FAILED;
    cJSON *details = parse(json, n, LONGEST_DETAILS);
    int64_t id = kino_read_id(details);
    kino_owned_films *o = kino_films_new(&id, 1);
    bool read = id && kino_read_film(details, &o->arena, &o->films.items[0]) && *o->films.items[0].movie.title;
    kino_json_free(details);
    if (!read) {
        kino_tmdb_films_free(&o->films);
        return kino_fail(err, KINO_DAMAGED, "these are no details of a film as TMDB gives them");
    }
    *out = &o->films;
    return KINO_OK;
}

bool kino_tmdb_read_export(const char *line, size_t n, kino_tmdb_export *out)
{
    cJSON *json = parse(line, n, LONGEST_EXPORT_LINE);
    *out = (kino_tmdb_export){
        .id = kino_read_id(json),
        .popularity = kino_read_popularity(json),
        .adult = kino_json_is(kino_json_get(json, "adult"), cJSON_True),
        .video = kino_json_is(kino_json_get(json, "video"), cJSON_True),
    };
    kino_json_free(json);
    return out->id != 0;
}
