/* merge.h - films of several files become one list: of a film that more than one file has, the richer of what they say.
 *
 * Films are the same by TMDB's id, else by IMDb's, else by title or original title and year, where only one film has them.
 * Where both ids are known and differ, or a number of TMDB's belongs to another film by IMDb's id or by title and year, it
 * is not the same one. */
#ifndef KINO_INGEST_MERGE_H
#define KINO_INGEST_MERGE_H

#include "base/idmap.h"
#include "ingest/films.h"

/* Zero-initialise. */
typedef struct kino_merging {
    kino_idmap by_id, by_imdb, by_name; /* places in the list */
    size_t known;                       /* films of the list that are in them */
} kino_merging;

typedef struct kino_merged {
    size_t joined, added;
    size_t contradicted; /* not taken: another film has the number */
} kino_merged;

/* `from` is put to `into`, whose items are resized; texts and lists of both have to be in one arena. */
kino_merged kino_merge(kino_merging *m, kino_movies *into, const kino_movies *from);
void kino_merging_free(kino_merging *m);

#endif
