/* jsonread.h - reads JSON that somebody else wrote, strictly: RFC 8259 and nothing beside it.
 *
 *     kino_arena memory = {0};
 *     const kino_json *root = NULL;
 *     if (!kino_json_read("ratings.json", bytes, size, 1, &memory, &root, err))
 *         for (const kino_json *one = root->first; one; one = one->next)
 *             puts(kino_json_text(kino_json_member(one, "title"), ""));
 *     kino_arena_free(&memory);
 *
 * The text must be UTF-8, a byte order mark aside, and hold one value. Refused, as KINO_DAMAGED with name and line: a
 * member that is there twice, a NUL in a text, half a surrogate pair, values nested deeper than KINO_LIMIT_JSON_DEPTH,
 * anything behind the value. */
#ifndef KINO_BASE_JSONREAD_H
#define KINO_BASE_JSONREAD_H

#include "base/alloc.h"
#include "kino.h"

typedef enum kino_json_kind {
    KINO_JSON_NULL,
    KINO_JSON_FALSE,
    KINO_JSON_TRUE,
    KINO_JSON_NUMBER,
    KINO_JSON_TEXT,
    KINO_JSON_ARRAY,
    KINO_JSON_OBJECT,
} kino_json_kind;

typedef struct kino_json {
    kino_json_kind kind;
    size_t line;      /* where it begins */
    const char *name; /* of a member of an object, else NULL */
    const char *text; /* of a text */
    double number;
    struct kino_json *first, *next; /* of an array or object; and what follows this in it */
    size_t count;                   /* of an array or object */
} kino_json;

/* `name` and the number of the first line are for messages. Everything lives in the arena. */
kino_status kino_json_read(const char *name, const char *text, size_t size, size_t first_line, kino_arena *memory,
                           const kino_json **out, kino_error *err);

/* The member of an object; NULL when there is none, or `object` is NULL or no object. */
const kino_json *kino_json_member(const kino_json *object, const char *name);
/* The text, or `otherwise` if the value is not a text or NULL. */
const char *kino_json_text(const kino_json *value, const char *otherwise);
/* Whether it is a whole number that an int64_t holds exactly, within bounds. */
bool kino_json_whole(const kino_json *value, int64_t low, int64_t high, int64_t *out);

#endif
