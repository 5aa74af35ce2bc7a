/* history.h - what somebody has seen, as other services write it down: lines that name films, not films yet.
 *
 *     kino_entries w = {0};
 *     if (!kino_entries_read("ratings.csv", NULL, 0, &w, err))
 *         for (size_t i = 0; i < w.count; i++)
 *             printf("line %zu: %s (%d), rated %g of 1\n", w.items[i].line, w.items[i].title, w.items[i].year,
 *                    w.items[i].rating);
 *     kino_entries_free(&w);
 *
 * The forms are told apart by the names of the columns, in any order:
 *   Letterboxd  ratings, watched, watchlist, diary, reviews; an exported list, which has lines about itself in front
 *   IMDb        ratings, watchlist and lists, of today and of the years before; series, episodes and games are skipped
 *   MovieLens   ratings.csv, whose numbers links.csv turns into ids: the one given, else the one beside it
 *   Trakt       JSON: ratings, history, watched, watchlist, collection, lists; shows are skipped
 *   other CSV   with a column of titles, TMDB or IMDb ids
 *   a list      a TMDB id, an IMDb id or a title on each line; a line that begins with "# " says nothing
 *
 * Ratings go from 0 to 1: five stars, ten points and percent are told apart by the column or by the highest there
 * is. */
#ifndef KINO_INGEST_HISTORY_H
#define KINO_INGEST_HISTORY_H

#include "ingest/entries.h"
#include "kino.h"

/* "-" is standard input. `links` may be NULL; `user` picks one of MovieLens' users, 0 where there is only one.
 * KINO_NOT_FOUND without the file, KINO_DAMAGED for one that cannot be read, KINO_USAGE where links or a user are
 * missing. Freed by kino_entries_free, on failure too. */
kino_status kino_entries_read(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err);
/* The same from bytes; `path` is for messages and to find links.csv beside it. */
kino_status kino_entries_parse(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, kino_error *err);

#endif
