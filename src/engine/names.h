/* names.h - genres, languages and countries as people call them -> those of the catalogue. */
#ifndef KINO_ENGINE_NAMES_H
#define KINO_ENGINE_NAMES_H

#include "handle/handle.h"

/* One name of a genre, a language or a country as the catalogue has it: out[*count..] gets what it stands for, at most up to KINO_MAX_FILTER, in the arena. What
 * no film has is KINO_USAGE, with what may be meant. */
kino_status kino_names_of(kino *k, kino_name_kind kind, const char *name, kino_arena *memory, const char **out,
                          size_t *count, kino_error *err);

#endif
