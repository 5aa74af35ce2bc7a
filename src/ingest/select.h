/* select.h - the films of a data set that are worth their room: by votes. */
#ifndef KINO_INGEST_SELECT_H
#define KINO_INGEST_SELECT_H

#include "ingest/films.h"

/* Leaves films with `least` votes or more, in their order. */
void kino_select_voted(kino_movies *m, int64_t least);
/* Leaves the `most` with the most votes, the first of equals, in their order. */
void kino_select_top(kino_movies *m, size_t most);

#endif
