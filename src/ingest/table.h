/* table.h - one film table: finds columns by name and turns rows into films.
 *
 * kino_table_next hands out raw records in which split rows are joined; kino_table_movie turns one into a film. The
 * two are apart because recipe classic also needs what the cells said before they were cleaned. */
#ifndef KINO_INGEST_TABLE_H
#define KINO_INGEST_TABLE_H

#include "ingest/clean.h"
#include "ingest/columns.h"
#include "ingest/lists.h"

/* A record as wide as the header. Its cells point into the reader's buffer or, once kept, into `text`. */
typedef struct kino_record {
    kino_field *fields;
    size_t count; /* fields the file had; 0: there is no record */
    bool kept;
    kino_buffer text;
} kino_record;

typedef struct kino_table {
    kino_csv *csv;
    kino_columns columns;
    size_t width;           /* columns of the header */
    bool unproved;          /* its ids are a column of which nothing proves that they are TMDB's */
    bool join;              /* set it to have split rows joined */
    kino_record now, ahead; /* the current one, and one that was read to see whether it belongs to that */
    kino_buffer joined;     /* the overview of a joined record */
    size_t records;         /* read so far */
    kino_cleaner cleaner;
    kino_literals tree;
    kino_names names;
} kino_table;

/* Reads the header. The table owns `csv` from here on, also on failure. `needed` cells must have a column; a title of
 * either kind is enough where KINO_CELL_TITLE is among them. `map` as of kino_columns_find. */
kino_status kino_table_open(kino_csv *csv, const kino_cell *needed, size_t needed_count, const char *const *map,
                            size_t map_count, kino_arena *arena, kino_faults *faults, kino_table *t, kino_error *err);
void kino_table_close(kino_table *t);

/* Goes to the next record; *more false at the end. */
kino_status kino_table_next(kino_table *t, bool *more, kino_error *err);

/* A cell of the current record; empty when there is no such column. Valid until the next record. */
kino_field kino_table_cell(const kino_table *t, kino_cell cell);

/* Whether the current record is a film; OTHER is a series, an episode, a game. If it has no number for an id where the
 * table has ids, what it is instead. */
typedef enum kino_row_kind {
    KINO_ROW_FILM,
    KINO_ROW_OTHER,
    KINO_ROW_TAIL,
    KINO_ROW_HEADER,
    KINO_ROW_NO_ID
} kino_row_kind;
kino_row_kind kino_table_row_kind(const kino_table *t);

/* The current record, whose id is sound, as a film with cleaned values. */
void kino_table_movie(kino_table *t, kino_movie *m);

/* The id of a film that TMDB's is not known of: from IMDb's, else from title and year, the same in every build. It is
 * above 10^11, where TMDB's never come, and has 15 digits at most. */
int64_t kino_own_id(const kino_movie *m);

#endif
