/* answers.h - what a service has answered and need not be asked again soon: that it knows no film of some title, that a
 * poster is there. It is a small SQLite file beside the catalogue, so that remembering does not change the catalogue.
 * Losing it costs time alone, so whatever goes wrong here means that nothing is remembered. */
#ifndef KINO_STORE_ANSWERS_H
#define KINO_STORE_ANSWERS_H

#include "kino.h"

typedef struct kino_answers kino_answers;

kino_answers *kino_answers_open(const char *path); /* NULL if that fails; the other calls accept it */
void kino_answers_close(kino_answers *a);
void kino_answers_put(kino_answers *a, const char *question, int64_t answer);
/* False if there is no answer, or only one that is more than `seconds` old. */
bool kino_answers_get(kino_answers *a, const char *question, int64_t seconds, int64_t *out);

#endif
