/* question.h - from what the options say to a question with its films. */
#ifndef KINO_APP_QUESTION_H
#define KINO_APP_QUESTION_H

#include "app/history.h"

typedef struct app_question {
    int64_t like_ids[KINO_MAX_SEEDS], dislike_ids[KINO_MAX_SEEDS];
    kino_movie *like[KINO_MAX_SEEDS], *dislike[KINO_MAX_SEEDS];
    double like_weight[KINO_MAX_SEEDS], dislike_weight[KINO_MAX_SEEDS];
    char *text; /* of search; owned */
    app_seen seen;
    kino_leanings leanings; /* of the history, once there is an answer */
    kino_query query;
} app_question;

typedef struct app_asking {
    app *a;
    kino *k;
    const app_args *args;      /* lent until the question is freed */
    kino_matches **candidates; /* gets those of a title that names no single film, to be freed; NULL: they are told as
                                    app_resolve does */
} app_asking;

/* All but what was seen, which is the caller's to read. `out` is zeroed; freed by app_question_free, after a failure too. */
kino_status app_question_read(const app_asking *c, app_question *out, kino_error *err);
void app_question_free(app_question *q);

#endif
