/* answers.h - what a service has answered and is not to be asked again soon: that it knows no film of some title, that
 * a poster is there. A small SQLite file beside the catalogue, apart from it so that remembering changes no catalogue.
 * Nothing but time is lost with it: whatever goes wrong here is as if nothing were remembered. */
#ifndef KINO_STORE_ANSWERS_H
#define KINO_STORE_ANSWERS_H

#include "kino.h"

typedef struct kino_answers kino_answers;

kino_answers *kino_answers_open(const char *path); /* NULL when that is impossible, which the others take */
void kino_answers_close(kino_answers *a);
void kino_answers_put(kino_answers *a, const char *question, int64_t answer);
/* False when there is none, or only one of more than `seconds` ago. */
bool kino_answers_get(kino_answers *a, const char *question, int64_t seconds, int64_t *out);

#endif
