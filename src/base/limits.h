/* limits.h - every bound on what comes from outside, with its reason. */
#ifndef KINO_BASE_LIMITS_H
#define KINO_BASE_LIMITS_H

#include <stdint.h>

/* Longest field of a CSV record. The longest known (cast of a feature film) has 35 KB. */
#define KINO_LIMIT_FIELD ((size_t)4 << 20)
/* Columns of a CSV record; the widest known file has 24. */
#define KINO_LIMIT_COLUMNS 256
/* Bytes of one value in the catalogue. The largest, vectors of all keywords, has about 30 MB. */
#define KINO_LIMIT_BLOB ((size_t)512 << 20)
/* Films of one catalogue: ids of the index are 32-bit, and TMDB has about a million. */
#define KINO_LIMIT_FILMS 50000000
/* Largest id. A number of JSON is a double, in which the whole numbers beyond it run into each other: a film would get
 * the id of another. */
#define KINO_LIMIT_ID ((INT64_C(1) << 53) - 1)
/* Items of one list of a film (a cast of thousands is cut). */
#define KINO_LIMIT_LIST 4096
/* Bytes of a text that the tokeniser looks at: 256 tokens of 100 four-byte characters, with ample white space. */
#define KINO_LIMIT_TEXT ((size_t)1 << 20)
/* Nesting of JSON that is read, which is a recursion, and members of one of its objects, which are compared pairwise. */
#define KINO_LIMIT_JSON_DEPTH 32
#define KINO_LIMIT_JSON_MEMBERS 256
/* Bytes of a history of films that were seen: fifty years of a film a day fit twenty times into it as JSON. */
#define KINO_LIMIT_HISTORY ((size_t)256 << 20)
/* Sections of a container, and bytes of the whole. */
#define KINO_LIMIT_SECTIONS 4096
/* Vocabulary entries of one feature column. */
#define KINO_LIMIT_VOCABULARY 4096

#endif
