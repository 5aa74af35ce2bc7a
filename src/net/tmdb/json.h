/* json.h - cJSON, loaded when it is first needed, as curl.h does it with libcurl: a kino that only answers questions
 * does not wait for another shared object, and a static one has none.
 *
 * Values are cJSON's own; what is not here is not needed. NULL is no object, no array, no number and has no member. */
#ifndef KINO_NET_JSON_H
#define KINO_NET_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "kino.h"

/* Once before the others, from any thread; KINO_FAILED where there is no cJSON. */
kino_status kino_json_load(kino_error *err);

/* The object that text[0..n), which it changes, is; NULL when it is none. Freed by kino_json_free. */
cJSON *kino_json_parse(char *text, size_t n);
void kino_json_free(cJSON *json); /* NULL is fine */

const cJSON *kino_json_get(const cJSON *object, const char *name); /* NULL: no such member */
size_t kino_json_size(const cJSON *array);

static inline bool kino_json_is(const cJSON *json, int type) /* cJSON_Object, cJSON_String, ... */
{
    return json && (json->type & 0xff) == type;
}

#endif
