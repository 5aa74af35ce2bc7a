/* jsontree.h - JSON for programs: every double comes back as the same double, every 64-bit number is whole,
 * text is valid UTF-8 and no control character is raw.
 *
 * The kino_tree_* functions add a member to an object; with a NULL name they append to an array. */
#ifndef KINO_BASE_JSONTREE_H
#define KINO_BASE_JSONTREE_H

#include "base/alloc.h"
#include "kino.h"

/* A tree that is put together and printed; names are lent. Belongs to its root, which kino_tree_put frees. */
typedef struct kino_tree kino_tree;

kino_tree *kino_tree_object(kino_tree *parent, const char *name);
kino_tree *kino_tree_array(kino_tree *parent, const char *name);
void kino_tree_text(kino_tree *parent, const char *name, const char *text);
void kino_tree_known(kino_tree *parent, const char *name, const char *text); /* null for "" */
void kino_tree_whole(kino_tree *parent, const char *name, int64_t n);
void kino_tree_number(kino_tree *parent, const char *name, double x); /* null for NaN and infinity */
void kino_tree_float(kino_tree *parent, const char *name, float x);   /* its own shortest digits */
void kino_tree_bool(kino_tree *parent, const char *name, bool yes);
void kino_tree_null(kino_tree *parent, const char *name);
void kino_tree_hex(kino_tree *parent, const char *name, uint64_t fingerprint); /* "0123456789abcdef", null for 0 */
void kino_tree_names(kino_tree *parent, const char *name, const kino_list *list);

/* Appends one line, or several that are indented, and frees the object. */
void kino_tree_put(kino_tree *json, bool indented, kino_buffer *b);
/* The fewest digits that read back as this float. */
void kino_put_float(kino_buffer *b, float x);

#endif
