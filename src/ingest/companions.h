/* companions.h - keywords.csv and credits.csv, joined to films by id. */
#ifndef KINO_INGEST_COMPANIONS_H
#define KINO_INGEST_COMPANIONS_H

#include "base/idmap.h"
#include "ingest/faults.h"
#include "ingest/films.h"

/* Each reads a file and merges its lists into the films; `places` maps ids to movies->items. */
kino_status kino_join_keywords(const char *path, const kino_idmap *places, kino_movies *movies, kino_faults *faults,
                               const volatile sig_atomic_t *cancel, kino_error *err);
kino_status kino_join_credits(const char *path, const kino_idmap *places, kino_movies *movies, kino_faults *faults,
                              const volatile sig_atomic_t *cancel, kino_error *err);

#endif
