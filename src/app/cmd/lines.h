/* lines.h - standard input as lines, in batches, in bounded memory.
 *
 * A line ends at \n and nowhere else; a \r before it is dropped. What follows the last \n is a line if it is not empty.
 * What goes beyond KINO_LIMIT_TEXT is skipped, because no model looks that far. A batch ends when it is full or when no
 * more input is there yet, so that somebody who types gets an answer at once. */
#ifndef KINO_APP_LINES_H
#define KINO_APP_LINES_H

#include "base/alloc.h"
#include "kino.h"

#define APP_LINES 512

typedef struct app_lines {
    int file; /* descriptor */
    const volatile sig_atomic_t *cancel;
    bool ended;       /* nothing is left to read */
    bool held_return; /* a \r was read that may stand before a \n */
    bool started;     /* the line in work has begun */
    size_t length;    /* bytes of it that are kept */
    char *chunk;      /* what was read and not looked at yet */
    size_t at, end;
    /* the batch */
    kino_buffer text;
    size_t starts[APP_LINES], lengths[APP_LINES];
    const char *texts[APP_LINES];
    size_t count;
} app_lines;

void app_lines_init(app_lines *l, int file, const volatile sig_atomic_t *cancel);
/* Fills texts, lengths and count; a count of 0 is the end. KINO_INTERRUPTED when *cancel was raised. */
kino_status app_lines_next(app_lines *l, kino_error *err);
void app_lines_free(app_lines *l);

#endif
