/* lines.h - standard input as lines, in batches, in bounded memory.
 *
 * A line ends at \n, a \r before it is dropped, nothing else ends one; what follows the last \n counts as a line when
 * it is not empty. Of a longer line than KINO_LIMIT_TEXT the rest is passed over: no model looks so far. A batch ends
 * when it is full, or when no more input is there yet, so that somebody who types gets an answer at once. */
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
/* Fills texts, lengths and count; count 0: the end. KINO_INTERRUPTED when *cancel was raised. */
kino_status app_lines_next(app_lines *l, kino_error *err);
void app_lines_free(app_lines *l);

#endif
