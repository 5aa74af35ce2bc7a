/* fields.c - tells which fields of a film are missing, and fills them in from another record. */
#include "learn/fields.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum {
    FIRST_FILM = 1874, /* the year of the oldest moving pictures */
    AHEAD = 10,        /* years for which films are announced */
    LONGEST = 60 * 24, /* minutes; some films last longer, and are right in no list */
};

const char *const kino_field_names[KINO_FIELDS] = {"poster",  "overview", "rating", "votes",
                                                   "runtime", "year",     "genres"};

kino_film_field kino_field_of(const char *name)
{
    kino_film_field f = 0;
    while (f < KINO_FIELDS && strcmp(name, kino_field_names[f]))
        f++;
    return f;
}

/* Within hours of New Year; a library call would read the time zone from a file first. */
static int this_year(void)
{
    return 1970 + (int)(time(NULL) / 31556952); /* seconds of a mean Gregorian year */
}

bool kino_field_lacks(const kino_movie *m, kino_film_field f)
{
    switch (f) {
    case KINO_FIELD_POSTER:
        return !*m->poster_path;
    case KINO_FIELD_OVERVIEW:
        return !*m->overview;
    case KINO_FIELD_RATING:
        return !(m->rating > 0 && m->rating <= 10);
    case KINO_FIELD_VOTES:
        return m->votes < 0;
    case KINO_FIELD_RUNTIME:
        return !(m->runtime > 0 && m->runtime <= LONGEST);
    case KINO_FIELD_YEAR:
        return m->year < FIRST_FILM || m->year > this_year() + AHEAD;
    case KINO_FIELD_GENRES:
        return !m->genres.count;
    case KINO_FIELDS:
        break;
    }
    return false;
}

void kino_field_take(kino_movie *m, const kino_movie *from, kino_film_field f)
{
    static const kino_movie unknown = {
        .date = "", .overview = "", .poster_path = "", .runtime = NAN, .rating = NAN, .votes = -1};
    from = from ? from : &unknown;
    switch (f) {
    case KINO_FIELD_POSTER:
        m->poster_path = from->poster_path;
        break;
    case KINO_FIELD_OVERVIEW:
        m->overview = from->overview;
        break;
    case KINO_FIELD_RATING:
        m->rating = from->rating;
        break;
    case KINO_FIELD_VOTES:
        m->votes = from->votes;
        break;
    case KINO_FIELD_RUNTIME:
        m->runtime = from->runtime;
        break;
    case KINO_FIELD_YEAR:
        m->year = from->year;
        m->date = from->date;
        break;
    case KINO_FIELD_GENRES:
        m->genres = from->genres;
        break;
    case KINO_FIELDS:
        break;
    }
}

const char *kino_field_text(kino_arena *a, const kino_movie *m, kino_film_field f)
{
    kino_buffer b = {0};
    kino_buffer_put(&b, "", 0);
    if (f == KINO_FIELD_POSTER || f == KINO_FIELD_OVERVIEW)
        kino_buffer_print(&b, "%s", f == KINO_FIELD_POSTER ? m->poster_path : m->overview);
    else if (f == KINO_FIELD_RATING && isfinite(m->rating))
        kino_buffer_print(&b, "%.1f", m->rating);
    else if (f == KINO_FIELD_VOTES && m->votes >= 0)
        kino_buffer_print(&b, "%lld", (long long)m->votes);
    else if (f == KINO_FIELD_RUNTIME && isfinite(m->runtime))
        kino_buffer_print(&b, "%.0f min", m->runtime);
    else if (f == KINO_FIELD_YEAR && m->year)
        kino_buffer_print(&b, "%d", m->year);
    for (size_t i = 0; f == KINO_FIELD_GENRES && i < m->genres.count; i++)
        kino_buffer_print(&b, "%s%s", i ? ", " : "", m->genres.items[i].name);
    const char *text = kino_arena_strdup(a, b.data);
    free(b.data);
    return text;
}
