/* reasons.h - why a film is in an answer, in the words of a person: the parts of a score have numbers, and this says what
 * stands behind them.
 *
 *     kino_buffer b = {0};
 *     kino_reasons_put(&b, &list->items[0]);
 *     // "Horror and Science Fiction like Alien (1979); both have the theme android; also by Ridley Scott; seven years later"
 *
 * A clause is said of what both films tell, where its part speaks for the film: without the part it goes. */
#ifndef KINO_ASK_REASONS_H
#define KINO_ASK_REASONS_H

#include "base/alloc.h"
#include "kino.h"

/* A part of the score as a label: "Themes" for "keywords"; the name itself for one that is not known. */
const char *kino_reasons_name(const char *part);
/* What speaks for a film by that part, "actors in common"; "" for one that is not known. */
const char *kino_reasons_meaning(const char *part);

/* Appends one sentence without a full stop: what the film has in common with the one that brought it, and how far it is what
 * the words ask for. Appends nothing where there is nothing to say. */
void kino_reasons_put(kino_buffer *b, const kino_result *r);

#endif
