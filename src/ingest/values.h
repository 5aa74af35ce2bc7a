/* values.h - the one reader of values as people and services write them: numbers, marks, lengths, dates, links, kinds.
 *
 * A cell is any bytes. Each function is false for what it cannot read; whether a cell says nothing at all is asked
 * with kino_value_absent, so that a caller can tell what is missing from what is not understood. */
#ifndef KINO_INGEST_VALUES_H
#define KINO_INGEST_VALUES_H

#include "ingest/clean.h"

/* Nothing, or a word for nothing: "\N", "nan", "None", "N/A", "-". */
bool kino_value_absent(kino_field f);

/* 8.7, "8,7", 2,343,110, 1.234.567, 1 234, 2.3M, 12k. One comma before three digits stands between thousands. */
bool kino_value_number(kino_field f, double *out);

/* How well somebody liked a film: a number, 8.7/10, 4 out of 5, 87%, 4½, ★★★½, a thumb. *of is what the best would be,
 * 0 where the cell does not tell. */
bool kino_value_mark(kino_field f, double *value, double *of);

/* Minutes: 142, 142.0, 142 min, 1h 45m, 1 hr 45 min, PT1H45M, 1:45:00. */
bool kino_value_minutes(kino_field f, double *out);

/* A year alone: 1994, 1994.0, (1994), "1994-" and "1994–1996", whose first is taken. From 1800 to 9999. */
bool kino_value_year(kino_field f, int *year);

/* A date in any form of kino_parse_date or with its month as a word (English, German, French, Spanish, Italian), or a
 * year alone, which leaves `out` empty. */
kino_date_form kino_value_date(kino_field f, char out[11], int *year);

/* What the row's own word for its kind says: "TV Series", "tvEpisode", "Série télévisée", "Movie", "Film". */
typedef enum kino_work { KINO_WORK_UNSAID, KINO_WORK_FILM, KINO_WORK_OTHER } kino_work;
kino_work kino_value_kind(kino_field f);
/* Whether a word for the state of a film says that it was not seen yet: "false", "0", "plan to watch". */
bool kino_value_is_waiting(kino_field f);
/* Whether a title is that of an episode: "Show: Season 1: Pilot", "Show S01E02". */
bool kino_value_is_episode(const char *title);

/* Ids in a link or beside a name: themoviedb.org/movie/603-the-matrix, imdb.com/title/tt0133093, imdb://tt0133093,
 * [tmdbid-603], {imdb-tt0133093}. *other: the link is to a series. False when there is no id in it. */
bool kino_value_link(const char *text, int64_t *tmdb, char imdb[16], bool *other);

#endif
