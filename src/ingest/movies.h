/* movies.h - turns film tables into films: reads, joins, cleans and counts what was wrong.
 *
 *     kino_build_request req = {.csv = "movies_metadata.csv", .keywords = "keywords.csv"};
 *     kino_movies movies = {0};
 *     kino_build_report report = {0};
 *     if (!kino_ingest(&req, &movies, &report, NULL, err))
 *         for (size_t i = 0; i < movies.count; i++)
 *             puts(movies.items[i].title);
 *     kino_movies_free(&movies);
 *
 * Tables. Kaggle's movies_metadata.csv (24 columns, Python lists), tmdb_5000_movies.csv (20, JSON), and any other with a
 * column of titles, also the objects of a JSON file: columns are found by their meaning (columns.h), values read in the
 * forms that people write (values.h). A film without TMDB's id gets one of kino's own (table.h). Companions: keywords.csv
 * (id, keywords); credits.csv (id, cast, crew) or tmdb_5000_credits.csv (movie_id, cast, crew): all directors, the first
 * KINO_CAST of the cast; rows of one id are merged. MovieLens' movies.csv takes its ids from the links.csv beside it.
 *
 * Recipe default throws away no film that a user could ask for. A film is its TMDB id; of several rows with one id, the
 * one with most votes stays (the first of equals). Rows without id or title and those flagged adult are dropped. Zero
 * means unknown for runtime and rating; placeholders for an overview are none. A row that a newline cut in two is
 * joined again, found by content: the first half has nothing behind its overview, the second no number for an id.
 *
 * Recipe classic reproduces an older pipeline, built on pandas, with its quirks; see classic.h for the steps. It drops
 * split rows and keeps those flagged adult, as that pipeline did. report->ladder has the rows left after each step.
 *
 * The report: `rows`, `ladder`, `faults`, `remarks` and `unproved_ids` are set, the rest is left alone. Every fault is
 * counted once a row and reason, with the line of the first where a value could not be read; reasons with count 0 are left
 * out. A remark says what was found out by looking, and which columns were not used.
 *
 * Errors. KINO_NOT_FOUND for a missing file, KINO_DAMAGED for one that is no film table or no CSV (with the line),
 * KINO_FAILED for reading, KINO_INTERRUPTED when *cancel became non-zero. A fault in the data of one film is no error.
 *
 * Threads: any number of calls at once. */
#ifndef KINO_INGEST_MOVIES_H
#define KINO_INGEST_MOVIES_H

#include "ingest/csv.h"
#include "ingest/films.h"
#include "kino.h"

/* Reads the request's files by its recipe. *out is replaced; it is empty on failure. `report` may be NULL. */
kino_status kino_ingest(const kino_build_request *req, kino_movies *out, kino_build_report *report,
                        const volatile sig_atomic_t *cancel, kino_error *err);

/* The films of one table; of the request, which may be NULL, recipe and map count. Closes the reader. */
kino_status kino_ingest_table(kino_csv *csv, const kino_build_request *req, kino_movies *out, kino_build_report *report,
                              const volatile sig_atomic_t *cancel, kino_error *err);

/* Remarks what was found out of a file by looking at it: its encoding, the member of an archive. */
void kino_remark_source(kino_build_report *report, const kino_source *source);

void kino_movies_free(kino_movies *m); /* a zeroed one is fine */

#endif
