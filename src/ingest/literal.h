/* literal.h - Python literals and JSON: the cells of the Kaggle files that hold lists of dictionaries.
 *
 *     const kino_value *v = kino_literal_parse(&arena, text, size);     // NULL: neither Python nor JSON
 *     for (const kino_value *d = v->child; d; d = d->next)
 *         name = kino_value_text(d, "name");
 *
 * One grammar reads both: single and double quotes, None/null, True/true, False/false, \n \x41 \u00e9 \U0001F600 and
 * surrogate pairs, numbers, lists, tuples and dictionaries, trailing commas; nesting to 32 levels. The tree lives in
 * the arena. */
#ifndef KINO_INGEST_LITERAL_H
#define KINO_INGEST_LITERAL_H

#include "base/alloc.h"
#include "kino.h"

typedef enum kino_value_kind { KINO_VALUE_NONE, KINO_VALUE_BOOL, KINO_VALUE_NUMBER, KINO_VALUE_TEXT, KINO_VALUE_LIST,
                               KINO_VALUE_DICT } kino_value_kind;

typedef struct kino_value {
    kino_value_kind kind;
    double number;                /* NUMBER, and BOOL as 0 or 1 */
    const char *text;             /* TEXT, UTF-8 */
    const char *key;              /* of an entry of a DICT */
    struct kino_value *child;     /* first of a LIST or DICT */
    struct kino_value *next;
} kino_value;

const kino_value *kino_literal_parse(kino_arena *arena, const char *text, size_t size);

/* Entries of a dictionary; NULL when v is no dictionary, has no such key, or for _text no text there. */
const kino_value *kino_value_get(const kino_value *v, const char *key);
const char *kino_value_text(const kino_value *v, const char *key);
/* A whole number there, or in a text there; 0 otherwise. */
int64_t kino_value_id(const kino_value *v, const char *key);

#endif
