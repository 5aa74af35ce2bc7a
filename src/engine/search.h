/* search.h - a wish in words, without a film that is liked, over the films of a handle. */
#ifndef KINO_ENGINE_SEARCH_H
#define KINO_ENGINE_SEARCH_H

#include "handle/handle.h"
#include "handle/owned.h"
#include "rank/retrieve.h"

#define KINO_CANNOT_STAND "that film cannot be in the answer: it is named in the question, or does not pass the filters"

/* Whether the question is answered so: not by a cluster, nor by recipe classic, which compares plots alone. */
bool kino_is_search(const kino *k, const kino_query *q);

/* The best of the allowed films, out of which the disliked ones are taken, into zeroed results; films are loaded with
 * vectors. Sequels are as good as others: who asks by words wants all films that fit. */
kino_status kino_search(kino *k, const kino_query *q, kino_allowed *allowed, size_t wanted, kino_owned_results *out,
                        kino_error *err);
/* Where the film of a row stands among all that are allowed; KINO_USAGE when it is not. With it, the last of the answer. */
kino_status kino_search_stand(kino *k, const kino_query *q, kino_allowed *allowed, size_t row, size_t wanted,
                              kino_owned_results *out, kino_standing *standing, kino_error *err);

#endif
