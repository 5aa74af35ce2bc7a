/* online.h - TMDB for a handle: films that the catalogue does not have, and what it does not know about those it has.
 *
 *   online.c   the client, what it was asked already, a film on this catalogue's scales
 *   learn.c    an unknown film into the catalogue       grow.c     many films from an export
 *   file.c     the films of a file, none of them lost
 *   heal.c     what is missing of films (fields.c)      refresh.c  what came from TMDB asked again, or deleted */
#ifndef KINO_LEARN_ONLINE_H
#define KINO_LEARN_ONLINE_H

#include "handle/handle.h"
#include "net/tmdb/tmdb.h"
#include "store/answers.h"

/* Opens the client on first use; KINO_NETWORK if that is not allowed or not possible. */
kino_status kino_use_tmdb(kino *k, kino_error *err);
/* The client, or NULL before kino_use_tmdb. */
kino_tmdb *kino_tmdb_of(const kino *k);
/* The memory of what was asked before; NULL if nothing can be remembered. */
kino_answers *kino_use_answers(kino *k);
/* A film as TMDB has it, made ready for this catalogue: its popularity is put on the catalogue's scale. */
kino_status kino_adapt(kino *k, kino_movie *m, kino_error *err);

#endif
