/* columns.h - what the columns of a table mean: one list of names for catalogues and histories.
 *
 * Names are compared by their ASCII letters and digits: "Release Date", "release_date" and "releaseDate" are one. Where
 * several columns mean the same, the first of the list is taken. */
#ifndef KINO_INGEST_COLUMNS_H
#define KINO_INGEST_COLUMNS_H

#include <stdbool.h>

#include "base/alloc.h"
#include "ingest/csv.h"

typedef enum kino_cell {
    KINO_CELL_ID,       /* TMDB's */
    KINO_CELL_MOVIE_ID, /* somebody's own, MovieLens' most of the time */
    KINO_CELL_IMDB,
    KINO_CELL_LINK,
    KINO_CELL_TITLE,
    KINO_CELL_ORIGINAL_TITLE,
    KINO_CELL_LANGUAGE,
    KINO_CELL_DATE, /* of release */
    KINO_CELL_YEAR,
    KINO_CELL_RUNTIME,
    KINO_CELL_RATING, /* the mean of many people's */
    KINO_CELL_VOTES,
    KINO_CELL_POPULARITY,
    KINO_CELL_OVERVIEW,
    KINO_CELL_TAGLINE,
    KINO_CELL_STATUS,
    KINO_CELL_POSTER,
    KINO_CELL_COLLECTION,
    KINO_CELL_GENRES,
    KINO_CELL_KEYWORDS,
    KINO_CELL_COUNTRIES,
    KINO_CELL_ADULT,
    KINO_CELL_CAST,
    KINO_CELL_STAR2, /* where each of the cast has a column of its own; the first is KINO_CELL_CAST */
    KINO_CELL_STAR3,
    KINO_CELL_STAR4,
    KINO_CELL_CREW,
    KINO_CELL_DIRECTORS,
    KINO_CELL_TYPE,
    KINO_CELL_SEASON, /* what only series have */
    KINO_CELL_EPISODE,
    /* of a history: */
    KINO_CELL_USER,
    KINO_CELL_OWN,   /* how the person rated, of ten */
    KINO_CELL_TEN,   /* the same beside a column of five */
    KINO_CELL_MARK,  /* how the person rated, unless there is OWN */
    KINO_CELL_SEEN,  /* the day it was seen, rated or listed */
    KINO_CELL_STATE, /* whether it was seen: a flag, a count, "plan to watch" */
    KINO_CELL_COUNT
} kino_cell;

typedef enum kino_table_kind { KINO_TABLE_FILMS = 1, KINO_TABLE_HISTORY = 2 } kino_table_kind;

typedef struct kino_columns {
    size_t at[KINO_CELL_COUNT]; /* SIZE_MAX: there is none */
    size_t count;               /* of the header */
} kino_columns;

/* The columns of a header. `map` has `map_count` decisions, "overview=Plot": that column means that, and nothing else. */
void kino_columns_find(const kino_field *header, size_t count, kino_table_kind kind, const char *const *map,
                       size_t map_count, kino_columns *out);
/* Whether a decision names what there is; for messages. */
bool kino_columns_known(const char *decision);

/* The usual name of what a column means: "overview". */
const char *kino_columns_name(kino_cell cell);
/* Appends the columns that mean nothing here, with commas between them. */
void kino_columns_unused(const kino_columns *c, const kino_field *header, kino_buffer *out);

/* Appends the columns that have a meaning by a name that is not the usual one: "Series_Title as title". */
void kino_columns_guessed(const kino_columns *c, const kino_field *header, kino_buffer *out);

/* The letters and digits of a name, made small, as far as they fit. */
enum { KINO_COLUMN_NAME = 32 };
void kino_columns_plain(kino_field f, char out[KINO_COLUMN_NAME]);

#endif
