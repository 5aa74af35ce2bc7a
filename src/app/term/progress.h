/* progress.h - the progress line on standard error: stage, done/total, rate, time left. It appears on a terminal only,
 * for work that takes longer than half a second. The epochs of a training are told in it at once, with their losses; elsewhere
 * each is a plain line. */
#ifndef KINO_APP_PROGRESS_H
#define KINO_APP_PROGRESS_H

#include "app/term/output.h"
#include "kino.h"

typedef struct app_progress {
    const app_screen *screen;
    bool quiet;
    bool shown; /* a line stands on the screen */
    char stage[24];
    size_t first;                /* done when the stage began */
    double began, drawn;         /* seconds */
    double loss, val_loss, best; /* of the last epoch, NaN: none; the lowest of validation so far */
} app_progress;

void app_progress_init(app_progress *p, const app_screen *screen, bool quiet);
/* For kino_options.progress; ctx is an app_progress. */
void app_progress_report(void *ctx, const kino_progress *report);
/* Takes the line away; before anything else is written. */
void app_progress_clear(app_progress *p);

double app_now(void); /* seconds of a clock that only goes forward */

#endif
