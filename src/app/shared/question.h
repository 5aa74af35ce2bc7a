/* question.h - the question of recommend and search, made of the options, the arguments and what was seen. */
#ifndef KINO_APP_QUESTION_H
#define KINO_APP_QUESTION_H

#include "app/shared/history.h"
#include "ask/question.h"

typedef struct app_question {
    kino_ask ask;
    kino_question *asked;
    app_seen seen;
    kino_leanings leanings; /* of the history, once there is an answer */
} app_question;

/* Titles that the catalogue does not have are looked for at TMDB, if the command does that. The caller zeroes `out` and
 * frees it with app_question_free, after a failure too. */
kino_status app_question_read(app *a, kino *k, app_question *out, kino_error *err);
void app_question_free(app_question *q);

/* "Read as genre Thriller, year 2000-2009, no-genre Horror; the rest is "revenge"": what was understood, and how else it
 * can be read; nothing where that is nothing. */
void app_put_understood(kino_buffer *line, const kino_results *r);

#endif
