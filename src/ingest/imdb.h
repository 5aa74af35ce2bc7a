/* imdb.h - IMDb's own tables beside its title.basics: ratings, and who made a film and played in it.
 *
 * The files lie in the folder of title.basics.tsv and bear its ending: title.ratings, title.crew, title.principals and
 * name.basics. Each is optional; name.basics gives the others their names. People have names and no ids here, for the
 * numbers of IMDb's people are not those of TMDB's. title.akas is not read: a film has two titles, which are in
 * title.basics. */
#ifndef KINO_INGEST_IMDB_H
#define KINO_INGEST_IMDB_H

#include "ingest/faults.h"
#include "ingest/films.h"

/* Whether the path is that of IMDb's title.basics, packed or not. */
bool kino_imdb_is_basics(const char *path);

/* Ratings and votes of films that have an IMDb id. */
kino_status kino_imdb_ratings(const char *basics, kino_movies *movies, kino_faults *faults,
                              const volatile sig_atomic_t *cancel, kino_error *err);
/* Directors and cast. */
kino_status kino_imdb_people(const char *basics, kino_movies *movies, kino_faults *faults,
                             const volatile sig_atomic_t *cancel, kino_error *err);

#endif
