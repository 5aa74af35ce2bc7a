/* keywords.h - makes the vectors of keywords that questions are compared with. */
#ifndef KINO_MAKE_KEYWORDS_H
#define KINO_MAKE_KEYWORDS_H

#include "ingest/films.h"
#include "model/minilm.h"
#include "rows/keywords.h"

/* Of the keywords that KINO_KEYWORD_FILMS of the films have. Vectors that the catalogue has of the same weights are taken
 * from it. */
kino_status kino_keywords_make(kino_catalogue *c, const kino_movies *films, kino_minilm *minilm,
                               const kino_options *opt, kino_phrases **out, kino_error *err);

#endif
