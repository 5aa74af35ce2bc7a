/* history.h - --unseen, --among and --history: the files read, matched, and what did not match told on standard error. */
#ifndef KINO_APP_HISTORY_H
#define KINO_APP_HISTORY_H

#include "app/shared/app.h"

typedef struct app_seen {
    kino_history *histories[KINO_MAX_PEOPLE]; /* of each --history */
    size_t history_count;
    int64_t *unseen, *among; /* of all --unseen, of all --among; NULL: there is none */
    size_t unseen_count, among_count;
} app_seen;

kino_status app_seen_read(app *a, kino *k, app_seen *out, kino_error *err);
void app_seen_free(app_seen *s);

/* "For a.csv (120 films) and b.csv (80 films)" */
void app_put_company(kino_buffer *b, const app *a, const app_seen *s);
/* "From the 120 films of ratings.csv: 40 % like Alien and The Thing, ..." */
void app_put_leanings(kino_buffer *b, kino *k, const app *a, const app_seen *s, const kino_leanings *l);
/* {"file":..., "films":120, ..., "tastes":[{"share":0.4,"liked":30,"films":[{"id":348,...}]}]} under "history"; of several
 * people, whose tastes are not told, an array "histories" */
void app_json_leanings(kino_tree *object, kino *k, const app *a, const app_seen *s, const kino_leanings *l);

#endif
