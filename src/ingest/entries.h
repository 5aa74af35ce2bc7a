/* entries.h - the lines of a history, what each says about its film, and what the readers of the forms share. */
#ifndef KINO_INGEST_ENTRIES_H
#define KINO_INGEST_ENTRIES_H

#include <stdbool.h>

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_entry {
    size_t line;
    int64_t tmdb;      /* 0: not told */
    char imdb[16];     /* "tt0114709", or "" */
    const char *title; /* "" where only an id is told */
    const char *other; /* the original title, or "" */
    int year;          /* 0: not told */
    bool year_unread;  /* it is told, and cannot be read: the title alone does not decide */
    bool typed;        /* the title is what a person typed: it may bear its year, or be an id */
    bool waiting;      /* the file says that it was not seen yet */
    bool again;        /* from another member of an archive, which may have told of the film already */
    bool unread;       /* it was rated, and how cannot be read */
    double rating;     /* 0 to 1; NaN: none */
    int64_t day;       /* since 1970; 0: not told */
} kino_entry;

typedef struct kino_entries {
    const char *kind;  /* "Letterboxd", "IMDb", "MovieLens", "Trakt", ..., "list" */
    kino_entry *items; /* in the order of the file */
    size_t count, capacity;
    size_t skipped;       /* lines that are no films: series, episodes, games, shows */
    size_t skipped_line;  /* the first of them */
    kino_remark *remarks; /* values that are there and cannot be read */
    size_t remark_count, remark_capacity;
    kino_arena memory;
} kino_entries;

void kino_entries_free(kino_entries *w);

/* A new line at the end, without a film yet. Valid until the next one. */
kino_entry *kino_entries_add(kino_entries *w, size_t line);
/* A text of the file as it may be shown, with what HTML writes for characters read. */
const char *kino_entries_text(kino_entries *w, const char *text, size_t size);
/* A link or a name with ids in it gives its ids to the entry; false when the link is to a series. */
bool kino_entry_link(kino_entry *one, const char *text);
/* A line that is no film. */
void kino_entries_skip(kino_entries *w, size_t line);
/* Something of a line that could not be read, with what it has in common with others, which is lent; or with line 0 and
 * "" something of the whole file. */
void kino_entries_remark(kino_entries *w, size_t line, const char *reason, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
extern const char kino_no_rating[], kino_no_year[];

/* Ratings of one column, to be put on a scale when all are known. Zero-initialise. */
typedef struct kino_marks {
    struct kino_mark {
        size_t entry;
        double value;
    } * items; /* free() */
    size_t count, capacity;
} kino_marks;

/* Reads how the line's film was rated: onto its scale where the cell tells it, else into `marks`. */
void kino_marks_read(kino_marks *m, kino_entries *w, const char *text, size_t size);
/* All of them from 0 to 1: `most` is the best that the column's name promises, 0 where it promises none. What is beyond
 * the scale of the others is no rating, and remarked. Frees the marks. */
void kino_marks_scale(kino_marks *m, kino_entries *w, double most);

/* Days since 1970 of a date in any form of kino_value_date, or of seconds since then; 0 when it is neither. */
int64_t kino_entry_day(const char *text, size_t size);

/* ---- the forms that have a file of their own; history.c, which tells them apart, is the only caller ---- */

/* history_csv.c: KINO_OK and *is false, with nothing read, when the bytes are no table with columns that are known. */
kino_status kino_entries_table(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, bool *is, kino_error *err);
/* history_json.c */
kino_status kino_entries_json(const char *path, const char *bytes, size_t size, kino_entries *out, kino_error *err);

#endif
