/* faults.h - what can be wrong with a film table, and how often it was. One table: reasons and their texts. */
#ifndef KINO_INGEST_FAULTS_H
#define KINO_INGEST_FAULTS_H

#include <stddef.h>

#include "kino.h"

/* In the order of the report; at most KINO_REPORT_COUNTS. */
#define KINO_FAULTS(X)                                                                                                 \
    X(JOINED, "row cut in two by a newline, joined")                                                                   \
    X(TAIL, "second half of a row, dropped")                                                                           \
    X(HEADER_AGAIN, "header repeated among the rows, dropped")                                                         \
    X(NO_ID, "row without a usable id, dropped")                                                                       \
    X(NO_TITLE, "row without any title, dropped")                                                                      \
    X(NO_FILM, "row that is no film (series, episode, game), dropped")                                                 \
    X(ADULT, "flagged adult, dropped")                                                                                 \
    X(DUPLICATE, "id repeated, the row with more votes kept")                                                          \
    X(CONTRADICTED, "number of another film in an earlier file, dropped")                                              \
    X(SHORT, "row with fewer fields than the header")                                                                  \
    X(LONG, "row with more fields than the header")                                                                    \
    X(STRAY_QUOTE, "text behind a closing quote")                                                                      \
    X(NOT_UTF8, "bytes that are not UTF-8, replaced")                                                                  \
    X(CONTROL, "control characters, removed")                                                                          \
    X(ONE_TITLE, "one of the two titles missing, the other used")                                                      \
    X(NO_OVERVIEW, "overview missing")                                                                                 \
    X(PLACEHOLDER, "overview a placeholder, taken as missing")                                                         \
    X(NO_LANGUAGE, "language missing")                                                                                 \
    X(BAD_LANGUAGE, "language not a code, taken as missing")                                                           \
    X(NO_DATE, "release date missing")                                                                                 \
    X(BAD_DATE, "release date unreadable, taken as missing")                                                           \
    X(OTHER_DATE, "release date in another form, read")                                                                \
    X(SHORT_YEAR, "release year of two digits, guessed")                                                               \
    X(NO_RUNTIME, "runtime missing")                                                                                   \
    X(ZERO_RUNTIME, "runtime zero, taken as unknown")                                                                  \
    X(BAD_RUNTIME, "runtime unreadable, taken as unknown")                                                             \
    X(NO_RATING, "rating missing")                                                                                     \
    X(ZERO_RATING, "rating zero or without a vote, taken as unknown")                                                  \
    X(BAD_RATING, "rating unreadable, taken as unknown")                                                               \
    X(NO_VOTES, "votes missing or unreadable")                                                                         \
    X(NO_POPULARITY, "popularity missing or unreadable")                                                               \
    X(SCIENTIFIC, "popularity in scientific notation, read")                                                           \
    X(BAD_GENRES, "genres unreadable")                                                                                 \
    X(BAD_KEYWORDS, "keywords unreadable")                                                                             \
    X(BAD_COUNTRIES, "countries unreadable")                                                                           \
    X(BAD_COLLECTION, "collection unreadable")                                                                         \
    X(NAMELESS, "list item without a name, dropped")                                                                   \
    X(BAD_IMDB, "IMDb id unreadable, taken as missing")                                                                \
    X(BAD_POSTER, "poster path unreadable, taken as missing")                                                          \
    X(KEYWORDS_NO_ID, "keywords file: row without a usable id, dropped")                                               \
    X(KEYWORDS_AGAIN, "keywords file: id repeated, merged")                                                            \
    X(KEYWORDS_ALIEN, "keywords file: film not among those kept")                                                      \
    X(CREDITS_NO_ID, "credits file: row without a usable id, dropped")                                                 \
    X(CREDITS_AGAIN, "credits file: id repeated, merged")                                                              \
    X(CREDITS_ALIEN, "credits file: film not among those kept")                                                        \
    X(BAD_CREDITS, "cast or crew unreadable")

typedef enum kino_fault {
#define X(name, text) KINO_FAULT_##name,
    KINO_FAULTS(X)
#undef X
        KINO_FAULT_COUNT
} kino_fault;

_Static_assert(KINO_FAULT_COUNT <= KINO_REPORT_COUNTS, "every reason has its place in the report");

typedef struct kino_faults {
    size_t n[KINO_FAULT_COUNT];
    size_t line[KINO_FAULT_COUNT];              /* of the first, where the reason is a value that cannot be read */
    char sample[KINO_FAULT_COUNT][KINO_SAMPLE]; /* that value */
    char remarks[KINO_REPORT_REMARKS][KINO_REMARK];
    size_t remark_count;
} kino_faults;

/* A value that is there and cannot be read. */
void kino_faults_bad(kino_faults *f, kino_fault fault, size_t line, const char *text, size_t size);
/* One line about the whole table; what is said already is not said again. */
void kino_faults_remark(kino_faults *f, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Those that occurred, into report->faults, and the remarks. */
void kino_faults_report(const kino_faults *f, kino_build_report *report);

#endif
