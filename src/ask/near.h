/* near.h - whether a typed word may be a slip for a known one. */
#ifndef KINO_ASK_NEAR_H
#define KINO_ASK_NEAR_H

#include <stdbool.h>
#include <stddef.h>

/* Edits (one letter inserted, removed, changed, or two neighbours swapped) between two short words. */
size_t kino_edits(const char *a, const char *b);
/* Whether a word that was typed may be a slip for a known one. */
bool kino_is_near(const char *typed, const char *known);

#endif
