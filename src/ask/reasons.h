/* reasons.h - why a film is in an answer, in the words of a person: the parts of a score have numbers, and this says what
 * stands behind them.
 *
 *     kino_buffer b = {0};
 *     kino_reasons_put(&b, like, like_count, &list->items[0]);
 *     // "Shares the director Ridley Scott; the genres Horror and Thriller; the theme android"
 *
 * Only what both films tell is said: it is true whatever the weights of the parts are. */
#ifndef KINO_ASK_REASONS_H
#define KINO_ASK_REASONS_H

#include "base/alloc.h"
#include "kino.h"

/* A part of the score as a label: "Themes" for "keywords"; the name itself for one that is not known. */
const char *kino_reasons_name(const char *part);
/* What speaks for a film by that part, "actors in common"; "" for one that is not known. */
const char *kino_reasons_meaning(const char *part);

/* Appends one sentence without a full stop: the directors, actors, genres and keywords that the film has in common with
 * one of the liked ones; of several, also the one that it is most like. Appends nothing where there is nothing to say. */
void kino_reasons_put(kino_buffer *b, kino_movie *const *like, size_t count, const kino_result *r);

#endif
