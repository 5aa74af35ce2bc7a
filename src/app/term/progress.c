/* progress.c - draws the progress line and prints the line of an epoch. */
#include "app/term/progress.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PATIENCE 0.5 /* seconds before a line appears */
#define PAUSE 0.1    /* seconds between two pictures of it */

double app_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

void app_progress_init(app_progress *p, const app_screen *screen, bool quiet)
{
    *p = (app_progress){.screen = screen, .quiet = quiet, .loss = NAN, .best = INFINITY};
}

void app_progress_clear(app_progress *p)
{
    if (p->shown)
        fputs("\r\033[K", p->screen->file);
    p->shown = false;
}

static void put_time(kino_buffer *b, double seconds)
{
    if (seconds < 3600)
        kino_buffer_print(b, "%d:%02d", (int)seconds / 60, (int)seconds % 60);
    else if (seconds < 360000)
        kino_buffer_print(b, "%d:%02d:%02d", (int)seconds / 3600, (int)seconds / 60 % 60, (int)seconds % 60);
}

static void draw(app_progress *p, const kino_progress *r, double now)
{
    enum { BAR = 20 };
    const app_screen *s = p->screen;
    kino_buffer b = {0}, line = {0};
    char number[APP_NUMBER];
    double rate = r->done > p->first ? (double)(r->done - p->first) / (now - p->began) : 0;
    kino_buffer_print(&b, "%s  ", r->stage);
    if (r->total) {
        size_t full = r->done >= r->total ? BAR : (size_t)((double)r->done / (double)r->total * BAR);
        for (size_t i = 0; i < BAR; i++)
            kino_buffer_print(&b, "%s", i < full ? (s->ascii ? "=" : "━") : (s->ascii ? "." : "─"));
        kino_buffer_print(&b, "  %s/", app_count_text(number, r->done));
        kino_buffer_print(&b, "%s  %d%%", app_count_text(number, r->total),
                          (int)(100.0 * (double)r->done / (double)r->total));
    } else {
        kino_buffer_print(&b, "%s", app_count_text(number, r->done));
    }
    if (rate >= 10)
        kino_buffer_print(&b, "  %s/s", app_count_text(number, (uint64_t)rate));
    else if (rate > 0)
        kino_buffer_print(&b, "  %.1f/s", rate);
    if (rate > 0 && r->total > r->done) {
        kino_buffer_print(&b, "  ");
        put_time(&b, (double)(r->total - r->done) / rate);
        kino_buffer_print(&b, " left");
    }
    if (!isnan(p->loss))
        kino_buffer_print(&b, "  loss %.5f  val_loss %.5f  best %.5f", p->loss, p->val_loss, p->best);
    kino_buffer_print(&line, "\r");
    app_put_cut(&line, b.data, s->width - 1, s->ascii);
    kino_buffer_print(&line, "\033[K");
    app_flush(&line, s);
    fflush(s->file);
    free(b.data);
    p->shown = true;
    p->drawn = now;
}

static void put_epoch(app_progress *p, const kino_progress *r, bool best)
{
    const app_screen *s = p->screen;
    kino_buffer b = {0};
    int digits = snprintf(NULL, 0, "%zu", r->total);
    kino_buffer_print(&b, "epoch %*zu/%zu  loss %.6f  val_loss %.6f", digits, r->done, r->total, r->loss, r->val_loss);
    if (best)
        app_put_styled(&b, s, APP_STRONG, "  best");
    kino_buffer_byte(&b, '\n');
    app_flush(&b, s);
    fflush(s->file);
}

static void take_epoch(app_progress *p, const kino_progress *r)
{
    const bool best = r->val_loss < p->best;
    p->loss = r->loss;
    p->val_loss = r->val_loss;
    p->best = best ? r->val_loss : p->best;
    if (!p->screen->moves)
        put_epoch(p, r, best);
}

void app_progress_report(void *ctx, const kino_progress *r)
{
    app_progress *p = ctx;
    if (p->quiet)
        return;
    double now = app_now();
    if (strcmp(p->stage, r->stage)) {
        app_progress_clear(p);
        snprintf(p->stage, sizeof p->stage, "%s", r->stage);
        p->began = p->drawn = now;
        p->first = r->done;
        p->loss = NAN;
        p->best = INFINITY;
    }
    if (!isnan(r->loss))
        take_epoch(p, r);
    if (!p->screen->moves || (now - p->began < PATIENCE && isnan(r->loss)))
        return;
    if (r->total && r->done >= r->total)
        app_progress_clear(p);
    else if (!p->shown || now - p->drawn >= PAUSE)
        draw(p, r, now);
}
