/* genres.h - names of genres that data sets have for the same thing. */
#ifndef KINO_BASE_GENRES_H
#define KINO_BASE_GENRES_H

#include <stdbool.h>

/* Whether two names are the same genre: equal but for case, or "Music" and "Musical", "Family" and "Children", "Science
 * Fiction" and "Sci-Fi". */
bool kino_same_genre(const char *a, const char *b);

#endif
