/* keyed.h - numbers that are found by their texts, in a table that does not hold the texts.
 *
 *     kino_keyed k = {0};
 *     kino_keyed_build(entries, n, &k);                              // of each text its hash, the best first
 *     kino_keyed_run run = kino_keyed_find(&k, "de niro", 7, tell, ctx);
 *     for (size_t i = 0; i < run.count; i++) ... run.refs[i] ...     // of equal texts as they came
 *     kino_keyed_free(&k);
 *
 * What a number stands for has its text elsewhere; `tell` makes it anew for the few that have the same hash. So an entry
 * costs six or seven bytes. Texts are compared without their spaces, as titles are (base/titletext.h).
 *
 * Beside it stands a second table for texts that may be misspelt: numbers by the length of their texts, with the letters
 * that occur in each.
 *
 * The same entries give the same bytes. Both can be saved as sections, and viewed where they lie in a mapped file: shapes
 * are checked then, what is in them when it is used, and a number by its `tell`. */
#ifndef KINO_INDEX_KEYED_H
#define KINO_INDEX_KEYED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/alloc.h"
#include "base/container.h"

/* Appends the text of a number; of one out of range nothing. */
typedef void (*kino_keyed_text)(const void *ctx, uint32_t ref, kino_buffer *out);

typedef struct kino_keyed {
    const uint32_t *starts; /* [buckets + 1]: by the upper bits of the hash */
    const uint8_t *tags;    /* [count]: the next eight bits, ascending within a bucket */
    const uint32_t *refs;   /* [count] */
    size_t buckets, count;  /* buckets: a power of 2 */
    bool owned;             /* else the arrays belong to a container */
} kino_keyed;

typedef struct kino_keyed_entry {
    uint64_t hash; /* kino_title_hash of the text */
    uint32_t ref, place;
} kino_keyed_entry;

typedef struct kino_keyed_run {
    const uint32_t *refs;
    size_t count;
} kino_keyed_run;

/* entries: [n]; their `place` is set and their order changed here. */
void kino_keyed_build(kino_keyed_entry *entries, size_t n, kino_keyed *out);
void kino_keyed_free(kino_keyed *k);
/* As sections NAME.starts, NAME.tags and NAME.refs. */
void kino_keyed_save(const kino_keyed *k, const char *name, kino_container_writer *w);
kino_status kino_keyed_view(const kino_container *c, const char *name, kino_keyed *out, kino_error *err);

/* The numbers of the texts that are equal to this one. In a damaged file others may be among them. */
kino_keyed_run kino_keyed_find(const kino_keyed *k, const char *text, size_t n, kino_keyed_text tell, const void *ctx);

/* ---- misspellings ---- */

typedef struct kino_spelling {
    const uint32_t *starts; /* [KINO_SPELLING_LONGEST + 2]: where each length begins */
    const uint32_t *masks;  /* [count]: kino_title_mask */
    const uint32_t *refs;   /* [count] */
    size_t count;
    bool owned;
} kino_spelling;
enum { KINO_SPELLING_LONGEST = 255 };

void kino_spelling_build(const uint32_t *refs, size_t n, kino_keyed_text tell, const void *ctx, kino_spelling *out);
void kino_spelling_free(kino_spelling *s);
void kino_spelling_save(const kino_spelling *s, const char *name, kino_container_writer *w);
kino_status kino_spelling_view(const kino_container *c, const char *name, kino_spelling *out, kino_error *err);

/* Calls `take` for each number whose text is few edits away, but not for those that are only longer or shorter than may
 * be. The text is folded. */
typedef void (*kino_spelling_take)(void *to, uint32_t ref, int distance, const char *text, size_t n);
void kino_spelling_find(const kino_spelling *s, const char *text, size_t n, kino_keyed_text tell, const void *ctx,
                        kino_spelling_take take, void *to);

#endif
