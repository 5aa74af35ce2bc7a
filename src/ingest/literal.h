/* literal.h - one parser for the lists in film tables: Python literals and JSON.
 *
 *     kino_literals t = {0};                                             // reused from text to text
 *     if (!kino_literal_parse(&t, "[{'id': 16, 'name': \"It's\"}]", 27, err))
 *         for (size_t i = 1; i < t.nodes[0].end; i = t.nodes[i].end) {   // the items of the list
 *             const kino_literal *name = kino_literal_get(&t, i, "name");
 *             if (name && name->type == KINO_LITERAL_STRING)
 *                 puts(name->text);
 *         }
 *     kino_literals_free(&t);
 *
 * Both languages are read at once, since files mix them: strings in ' or ", also with Python 2's u prefix and adjacent
 * ones joined; lists, tuples and dicts, a comma before the end allowed; None null True true False false NaN; decimal
 * numbers. Escapes: \\ \' \" \a \b \f \n \r \t \v \/ \newline, octal, \xhh, \uhhhh (two surrogates make one
 * character), \Uhhhhhhhh. Half a surrogate pair and bytes that are not UTF-8 become U+FFFD; a zero character is left
 * out; an unknown escape stays as it is, as in Python.
 *
 * Errors: KINO_DAMAGED with the byte where it went wrong; nesting beyond KINO_LITERAL_DEPTH is one. The tree is then
 * empty. Threads: a tree belongs to one thread. */
#ifndef KINO_INGEST_LITERAL_H
#define KINO_INGEST_LITERAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kino.h"

/* Nesting; the film tables have 2. */
#define KINO_LITERAL_DEPTH 32

typedef enum kino_literal_type {
    KINO_LITERAL_NULL,
    KINO_LITERAL_BOOL,   /* number 0 or 1 */
    KINO_LITERAL_NUMBER, /* number; exact for whole numbers up to 2^53 */
    KINO_LITERAL_STRING, /* text, size: valid UTF-8 without zero characters, zero-terminated */
    KINO_LITERAL_LIST,   /* items follow */
    KINO_LITERAL_DICT,   /* key, value, key, value, ... follow */
} kino_literal_type;

typedef struct kino_literal {
    kino_literal_type type;
    uint32_t end; /* index of the node behind this value and all inside it */
    double number;
    const char *text; /* "" when not a string */
    size_t size;
} kino_literal;

/* A parsed text: values in the order of the text, the first is the whole. Zero-initialise. */
typedef struct kino_literals {
    kino_literal *nodes;
    size_t count, capacity;
    char *text;
    size_t text_capacity;
} kino_literals;

/* Parses text[0..size) in place of what the tree held. */
kino_status kino_literal_parse(kino_literals *tree, const char *text, size_t size, kino_error *err);

/* The value of a dict's key (the last one, when it repeats); NULL when nodes[dict] is no dict or lacks the key. */
const kino_literal *kino_literal_get(const kino_literals *tree, size_t dict, const char *key);

void kino_literals_free(kino_literals *tree);

#endif
