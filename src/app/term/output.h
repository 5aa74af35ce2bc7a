/* output.h - what people read: text made safe, colour, widths by Unicode, tables.
 *
 * Titles, plots and names are strangers' input: everything shown goes through app_put_safe, which lets no control
 * character through. On a terminal a table that has a column with a share is never wider than the window; elsewhere nothing is
 * cut or coloured.
 *
 *     app_table t = {0};
 *     app_table_column(&t, "Film", 3, false);
 *     app_table_row(&t);
 *     app_table_put(&t, APP_CUT, APP_PLAIN, movie->title);
 *     app_table_put(&t, APP_KEEP, APP_DIM, " (1995)");
 *     app_table_print(&t, &screen);
 *     app_table_free(&t); */
#ifndef KINO_APP_OUTPUT_H
#define KINO_APP_OUTPUT_H

#include <stdio.h>

#include "base/alloc.h"
#include "base/jsontree.h"
#include "kino.h"

typedef struct app_screen {
    FILE *file;
    bool terminal; /* a person looks at it */
    bool color;
    bool moves;   /* the cursor can be sent back: a progress line is possible */
    bool ascii;   /* line drawing must not go beyond ASCII */
    size_t width; /* columns; 0: no limit */
} app_screen;

void app_screen_init(app_screen *s, FILE *file, bool no_color);

typedef enum app_style { APP_PLAIN, APP_BOLD, APP_DIM, APP_STRONG, APP_WARN, APP_PLOT, APP_PROFILE } app_style;

/* Appends the text with every control character (C0, DEL, C1, and those that turn the direction of writing) replaced:
 * white space by one space, the others by U+FFFD; invalid UTF-8 likewise. */
void app_put_safe(kino_buffer *b, const char *text);
/* Appends safe text in a style, where the screen has colour. */
void app_put_styled(kino_buffer *b, const app_screen *s, app_style style, const char *text);
/* Appends safe text in lines of at most `width` columns (0: one line), each behind `indent` spaces. */
void app_put_wrapped(kino_buffer *b, const char *text, size_t width, size_t indent, bool first_is_indented);
/* Appends the beginning of safe text that fits into `width` columns, with "…" at the end if something is missing. */
size_t app_put_cut(kino_buffer *b, const char *text, size_t width, bool ascii);
/* Writes the buffer to the screen and empties it. */
void app_flush(kino_buffer *b, const app_screen *s);

/* "45,466" */
#define APP_NUMBER 32
const char *app_count_text(char out[APP_NUMBER], uint64_t n);
/* "0.35 s", "12.4 s", "3 min 20 s" */
const char *app_seconds_text(char out[APP_NUMBER], double seconds);
/* "1 film", "2 films" into a buffer */
void app_put_counted(kino_buffer *b, uint64_t n, const char *one, const char *many);

/* ---- tables ---- */

typedef enum app_fit {
    APP_KEEP, /* the last to be cut */
    APP_CUT,  /* cut where the column is narrow */
    APP_DROP, /* the first to be cut, and left out when little would remain */
} app_fit;

#define APP_COLUMNS 8
#define APP_SPANS (KINO_MAX_PARTS + 2)

typedef struct app_span {
    char *text; /* safe */
    size_t width;
    app_fit fit;
    app_style style;
} app_span;

typedef struct app_row {
    app_span spans[APP_COLUMNS][APP_SPANS];
    size_t span_count[APP_COLUMNS];
    char *note; /* lines under the row, as they are; NULL: none */
} app_row;

typedef struct app_column {
    const char *name;
    int share;  /* of the room there is; 0: as wide as its widest cell */
    int drop;   /* above 0: left out before a title is cut, the greatest first */
    bool right; /* aligned */
    size_t width, least;
    bool dropped; /* by app_table_print */
} app_column;

typedef struct app_table {
    app_column columns[APP_COLUMNS];
    size_t column_count, row_count, row_capacity;
    size_t at; /* column of the next cell */
    app_row *rows;
    kino_arena memory;
} app_table;

void app_table_column(app_table *t, const char *name, int share, bool right);
/* As before; where there is no room, the column is left out before a column with a share has less than what is in it, those
 * with a greater `drop` first. */
void app_table_optional(app_table *t, const char *name, int share, bool right, int drop);
void app_table_row(app_table *t);
/* Adds a span to the current cell. */
void app_table_put(app_table *t, app_fit fit, app_style style, const char *text);
/* Goes to the next cell of the row. */
void app_table_next(app_table *t);
/* Adds lines below the current row. */
void app_table_note(app_table *t, const char *lines);
void app_table_print(app_table *t, const app_screen *s);
void app_table_free(app_table *t);

/* Writes JSON as one line (several, indented, on a terminal) and frees it. */
void app_print_json(kino_tree *json, const app_screen *s, bool one_line);

#endif
