/* clean.h - turns single cells of a film table into values. A cell is any bytes; the value is sound. */
#ifndef KINO_INGEST_CLEAN_H
#define KINO_INGEST_CLEAN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/alloc.h"
#include "ingest/csv.h"
#include "ingest/faults.h"

/* What reading cells needs: where texts live, what is counted, and room to work in. */
typedef struct kino_cleaner {
    kino_arena *arena;
    kino_faults *faults;
    kino_buffer buffer, plain; /* free() of their data */
    bool not_utf8, control;    /* of the current row: each is counted once a row */
} kino_cleaner;

/* Text as it may be shown: HTML read, valid UTF-8, no control characters, no white space at the ends. A line break stays in a
 * text of several lines and is a space in one of a single line. In the arena; "" for an empty one. */
const char *kino_clean_line(kino_cleaner *c, kino_field f);
const char *kino_clean_text(kino_cleaner *c, kino_field f);

/* Whether an overview says nothing: "No overview found.", "N/A", "...". */
bool kino_is_placeholder(kino_cleaner *c, const char *overview);

/* A TMDB id, also as "862.0": from 1 to KINO_LIMIT_ID. */
bool kino_parse_id(kino_field f, int64_t *id);

/* An IMDb title id as "tt0114709", also from the number alone. */
bool kino_parse_imdb(kino_field f, char out[16]);

typedef enum kino_date_form {
    KINO_DATE_NONE,
    KINO_DATE_BAD,
    KINO_DATE_ISO,
    KINO_DATE_OTHER,
    KINO_DATE_SHORT,
} kino_date_form;

/* A date as "YYYY-MM-DD" and its year. Other forms: 2001/5/31, 8/20/1997 (day first when only that is possible),
 * 8/20/97 (years up to KINO_SHORT_YEAR are of this century), a date with a time behind it. */
#define KINO_SHORT_YEAR 29
kino_date_form kino_parse_date(kino_field f, char out[11], int *year);

/* True, true, TRUE, 1, yes. */
bool kino_parse_flag(kino_field f);

/* A language code: two or three letters, made small. */
bool kino_parse_language(kino_field f, char out[4]);

/* "/name.jpg" of harmless characters. */
bool kino_is_poster(kino_field f);

/* The field without white space at its ends. */
kino_field kino_trim(kino_field f);
bool kino_field_is(kino_field f, const char *text); /* equal, ASCII case aside */

/* Whether pandas takes the cell for a missing value. */
bool kino_is_na(kino_field f);

#endif
