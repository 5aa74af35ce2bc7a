/* search.h - the weights of all parts of the score by what the answers are worth. */
#ifndef KINO_EVAL_SEARCH_H
#define KINO_EVAL_SEARCH_H

#include "eval/eval.h"

/* Searches from the weights that come with the program those with which viewers' tags and 1.5 times the co-likes of the
 * ratings rise most, and judges them by seeds held out; saves nothing. A minute at most on two cores. An interruption
 * ends it early. KINO_USAGE when there is too little to learn from. */
kino_status kino_tune_likeness(kino_bench *b, const kino_tune_request *req, kino_tune_report *out, kino_error *err);

#endif
