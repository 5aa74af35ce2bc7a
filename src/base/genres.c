/* genres.c - names of genres that data sets have for the same thing. */
#include "base/genres.h"

#include <stddef.h>
#include <strings.h>

/* The name that TMDB has for it. */
static const char *usual_name(const char *name)
{
    static const char *const others[][2] = {
        {"Musical", "Music"}, {"Children", "Family"}, {"Sci-Fi", "Science Fiction"}};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcasecmp(name, others[i][0]))
            return others[i][1];
    return name;
}

bool kino_same_genre(const char *a, const char *b)
{
    return !strcasecmp(usual_name(a), usual_name(b));
}
