/* keywords.h - the vectors of keywords, as the catalogue keeps them and as films have them.
 *
 * `kino build` makes one for each keyword of a few films (make/keywords.c) and puts them into the catalogue as a blob, from
 * which the next build takes those that it needs again. A snapshot has a copy, and beside it which term of the films each
 * of them is. A catalogue without the blob is searched without these vectors. */
#ifndef KINO_ROWS_KEYWORDS_H
#define KINO_ROWS_KEYWORDS_H

#include "index/phrases.h"
#include "store/catalogue.h"

enum { KINO_KEYWORD_FILMS = 3 }; /* that must have a keyword for it to have a vector: those of fewer gain nothing */

/* Zero: none. */
typedef struct kino_keywords {
    kino_phrases *phrases; /* NULL: none */
    uint64_t maker;        /* fingerprint of the weights */
    kino_container c;
    void *bytes;
} kino_keywords;

/* What is not there or damaged is none: a build makes it again. */
kino_status kino_keywords_read(kino_catalogue *c, kino_keywords *out, kino_error *err);
/* In the transaction that was begun. */
kino_status kino_keywords_put(kino_catalogue *c, const kino_phrases *p, uint64_t maker, kino_error *err);
void kino_keywords_free(kino_keywords *k);

#endif
