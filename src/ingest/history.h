/* history.h - what somebody has seen, as other services write it down: lines that name films, not films yet.
 *
 *     kino_entries w = {0};
 *     if (!kino_entries_read("ratings.csv", NULL, 0, &w, err))
 *         for (size_t i = 0; i < w.count; i++)
 *             printf("line %zu: %s (%d), rated %g of 1\n", w.items[i].line, w.items[i].title, w.items[i].year,
 *                    w.items[i].rating);
 *     kino_entries_free(&w);
 *
 * The forms are told apart by looking: JSON, a table with columns that are known (columns.h), else a list of ids, titles
 * and links, in which a line that begins with "# " says nothing. data/SOURCES.md has them all. MovieLens' numbers become
 * ids by its links.csv, the one given or the one beside the file. Series, episodes and games are skipped and counted.
 *
 * Ratings go from 0 to 1: each column has its scale, five stars, ten points or percent, by its name or by most of its
 * values, unless a cell tells its own ("8/10"). What is there and cannot be read becomes a remark with its line. */
#ifndef KINO_INGEST_HISTORY_H
#define KINO_INGEST_HISTORY_H

#include "ingest/entries.h"
#include "kino.h"

/* "-" is standard input. `links` may be NULL; `user` picks one of MovieLens' users, 0 where there is only one.
 * KINO_NOT_FOUND without the file, KINO_DAMAGED for one that cannot be read, KINO_USAGE where links or a user are
 * missing. Freed by kino_entries_free, on failure too. */
kino_status kino_entries_read(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err);
/* The films of a file that somebody chooses from: of an archive of Letterboxd the watchlist; or those of a folder of
 * films (library.h). */
kino_status kino_entries_among(const char *path, const char *links, int64_t user, kino_entries *out, kino_error *err);
/* The same from bytes; `path` is for messages and to find links.csv beside it. */
kino_status kino_entries_parse(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, kino_error *err);

#endif
