/* tags.h - MovieLens' tags.csv, what its users said of films, as keywords. */
#ifndef KINO_INGEST_TAGS_H
#define KINO_INGEST_TAGS_H

#include "base/idmap.h"
#include "ingest/films.h"

/* What belongs to a data set by its columns and is no table of films; a file that cannot be read is nothing of that. */
typedef enum kino_beside { KINO_BESIDE_NOTHING, KINO_BESIDE_LINKS, KINO_BESIDE_TAGS } kino_beside;
kino_beside kino_beside_kind(const char *path);

/* The tags that most users gave a film, KINO_TAGS at most, behind its keywords; MovieLens' numbers become ids by the
 * links.csv beside the file. `places` maps TMDB's ids to movies->items. */
#define KINO_TAGS 20
kino_status kino_join_tags(const char *path, const kino_idmap *places, kino_movies *movies, kino_error *err);

#endif
