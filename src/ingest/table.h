/* table.h - one film table: finds columns by name and turns rows into films.
 *
 * kino_table_next hands out raw records in which split rows are joined; kino_table_movie turns one into a film. The
 * two are apart because recipe classic also needs what the cells said before they were cleaned. */
#ifndef KINO_INGEST_TABLE_H
#define KINO_INGEST_TABLE_H

#include "ingest/clean.h"
#include "ingest/lists.h"

typedef enum kino_cell {
    KINO_CELL_ID,
    KINO_CELL_IMDB,
    KINO_CELL_TITLE,
    KINO_CELL_ORIGINAL_TITLE,
    KINO_CELL_LANGUAGE,
    KINO_CELL_DATE,
    KINO_CELL_RUNTIME,
    KINO_CELL_RATING,
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
    KINO_CELL_CREW,
    KINO_CELL_COUNT
} kino_cell;

/* A record as wide as the header. Its cells point into the reader's buffer or, once kept, into `text`. */
typedef struct kino_record {
    kino_field *fields;
    size_t count; /* fields the file had; 0: there is no record */
    bool kept;
    kino_buffer text;
} kino_record;

typedef struct kino_table {
    kino_csv *csv;
    size_t column[KINO_CELL_COUNT]; /* SIZE_MAX: not in this table */
    size_t width;                   /* columns of the header */
    bool join;                      /* set it to have split rows joined */
    kino_record now, ahead;         /* the current one, and one that was read to see whether it belongs to that */
    kino_buffer joined;             /* the overview of a joined record */
    size_t records;                 /* read so far */
    kino_cleaner cleaner;
    kino_literals tree;
    kino_names names;
} kino_table;

/* Reads the header. The table owns `csv` from here on, also on failure. `needed` cells must have a column; a title of
 * either kind is enough where KINO_CELL_TITLE is among them. */
kino_status kino_table_open(kino_csv *csv, const kino_cell *needed, size_t needed_count, kino_arena *arena,
                            kino_faults *faults, kino_table *t, kino_error *err);
void kino_table_close(kino_table *t);

/* Goes to the next record; *more false at the end. */
kino_status kino_table_next(kino_table *t, bool *more, kino_error *err);

/* A cell of the current record; empty when there is no such column. Valid until the next record. */
kino_field kino_table_cell(const kino_table *t, kino_cell cell);

/* Whether the current record is a film, and if it has no number for an id, what it is instead. */
typedef enum kino_row_kind { KINO_ROW_FILM, KINO_ROW_TAIL, KINO_ROW_HEADER, KINO_ROW_NO_ID } kino_row_kind;
kino_row_kind kino_table_row_kind(const kino_table *t);

/* The current record, whose id is sound, as a film with cleaned values. */
void kino_table_movie(kino_table *t, kino_movie *m);

#endif
