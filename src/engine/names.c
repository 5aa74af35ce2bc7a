/* names.c - genres, languages and countries as people call them -> those of the catalogue. */
#include "engine/names.h"

#include <string.h>

#include "base/status.h"
#include "rank/allowed.h"
#include "wish/names.h"

static bool has(const kino_rows *r, kino_name_kind kind, const char *name)
{
    kino_filter f = {0};
    kino_allowed allowed;
    switch (kind) {
    case KINO_NAME_GENRE:
        f.genres[f.genre_count++] = name;
        break;
    case KINO_NAME_LANGUAGE:
        f.languages[f.language_count++] = name;
        break;
    default:
        f.countries[f.country_count++] = name;
    }
    kino_allowed_init(r, &f, &allowed);
    const bool any = kino_allowed_any(r, &allowed);
    kino_allowed_free(&allowed);
    return any;
}

static const char *called(kino_name_kind kind, const char *name)
{
    switch (kind) {
    case KINO_NAME_GENRE:
        return kino_wish_genre_called(name);
    case KINO_NAME_LANGUAGE:
        return kino_wish_language_called(name);
    default:
        return kino_wish_country_called(name);
    }
}

static kino_status no_such(kino_name_kind kind, const char *name, kino_error *err)
{
    static const char *const kinds[] = {"genre", "language", "country"};
    const char *near = kind == KINO_NAME_GENRE      ? kino_wish_genre_near(name)
                       : kind == KINO_NAME_LANGUAGE ? kino_wish_language_near(name)
                                                    : NULL;
    if (near)
        return kino_fail(err, KINO_USAGE, "no %s \"%.60s\" in the catalogue; did you mean %s?", kinds[kind], name,
                         near);
    return kino_fail(err, KINO_USAGE, "no %s \"%.60s\" in the catalogue; `kino show` tells what a film has",
                     kinds[kind], name);
}

/* A genre is all that its name stands for; of languages and countries one is enough. */
static bool has_what(const kino_rows *r, kino_name_kind kind, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (has(r, kind, names[i]) != (kind == KINO_NAME_GENRE))
            return kind != KINO_NAME_GENRE;
    return kind == KINO_NAME_GENRE;
}

kino_status kino_names_of(kino *k, kino_name_kind kind, const char *name, kino_arena *memory, const char **out,
                          size_t *count, kino_error *err)
{
    const size_t first = *count;
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    const kino_rows *r = &k->films->rows;
    const char *stands_for = has(r, kind, name) ? NULL : called(kind, name);
    if (!stands_for) {
        out[(*count)++] = kino_arena_strdup(memory, name);
        return has(r, kind, name) ? KINO_OK : no_such(kind, name, err);
    }
    for (const char *p = stands_for; *p && *count < KINO_MAX_FILTER;) {
        const size_t n = strcspn(p, "+,");
        out[(*count)++] = kino_arena_strndup(memory, p, n);
        p += n + (p[n] != 0);
    }
    return has_what(r, kind, out + first, *count - first) ? KINO_OK : no_such(kind, name, err);
}
