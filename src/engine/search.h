/* search.h - what is asked for in words, or by bounds alone, over the films of a handle. */
#ifndef KINO_ENGINE_SEARCH_H
#define KINO_ENGINE_SEARCH_H

#include "engine/understand.h"
#include "rank/retrieve.h"

#define KINO_CANNOT_STAND "that film cannot be in the answer: it is named in the question, or does not pass the filters"

/* Whether a query, whose words were understood, is answered so: not by a cluster, nor by recipe classic, which compares
 * plots alone; nor when it names films to be like, or that are asked for, and says no more. */
bool kino_is_search(const kino *k, const kino_understanding *u);

/* The best of the allowed films, out of which those that are named are taken, into zeroed results; films are loaded with
 * vectors. Sequels are as good as others where no film is named: who asks by words wants all films that fit. */
kino_status kino_search(kino *k, const kino_understanding *u, kino_allowed *allowed, size_t wanted,
                        kino_owned_results *out, kino_error *err);
/* Where the film of a row stands among all that are allowed; KINO_USAGE when it is not. With it, the last of the answer. */
kino_status kino_search_stand(kino *k, const kino_understanding *u, kino_allowed *allowed, size_t row, size_t wanted,
                              kino_owned_results *out, kino_standing *standing, kino_error *err);

#endif
