/* entries.h - the lines of a history, what each says about its film, and what the readers of the forms share. */
#ifndef KINO_INGEST_ENTRIES_H
#define KINO_INGEST_ENTRIES_H

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_entry {
    size_t line;
    int64_t tmdb;      /* 0: not told */
    char imdb[16];     /* "tt0114709", or "" */
    const char *title; /* "" where only an id is told */
    int year;          /* 0: not told */
    bool typed;        /* the title is what a person typed: it may bear its year, or be an id */
    double rating;     /* 0 to 1; NaN: none */
    int64_t day;       /* since 1970; 0: not told */
} kino_entry;

typedef struct kino_entries {
    const char *kind;  /* "Letterboxd", "IMDb", "MovieLens", "Trakt", "list" */
    kino_entry *items; /* in the order of the file */
    size_t count, capacity;
    size_t skipped; /* lines that are no films: series, episodes, games, shows */
    kino_arena memory;
} kino_entries;

void kino_entries_free(kino_entries *w);

/* A new line at the end, without a film yet. Valid until the next one. */
kino_entry *kino_entries_add(kino_entries *w, size_t line);
/* Days since 1970 of a date in any form of kino_parse_date, or of seconds since then; 0 when it is neither. */
int64_t kino_entry_day(const char *text, size_t size);

/* ---- the forms that have a file of their own; history.c, which tells them apart, is the only caller ---- */

/* history_csv.c: KINO_OK and *is false, with nothing read, when the bytes are no table with columns that are known. */
kino_status kino_entries_table(const char *path, const char *bytes, size_t size, const char *links, int64_t user,
                               kino_entries *out, bool *is, kino_error *err);
/* history_json.c */
kino_status kino_entries_json(const char *path, const char *bytes, size_t size, kino_entries *out, kino_error *err);

#endif
