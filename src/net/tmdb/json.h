/* json.h - cJSON, loaded when it is first needed, as libcurl is (curl.h): a kino that only answers questions does not
 * wait for another shared object, and a static one has none.
 *
 * Values are cJSON's own, and this is all that is needed of it. NULL is accepted: it has no type and no member. */
#ifndef KINO_NET_JSON_H
#define KINO_NET_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "kino.h"

/* Called before the others, from any thread; KINO_FAILED if there is no cJSON. */
kino_status kino_json_load(kino_error *err);

/* Parses text[0..n) as an object, and changes it on the way; NULL if it is none. kino_json_free frees the object. */
cJSON *kino_json_parse(char *text, size_t n);
void kino_json_free(cJSON *json); /* NULL is fine */

const cJSON *kino_json_get(const cJSON *object, const char *name); /* NULL: no such member */
size_t kino_json_size(const cJSON *array);

static inline bool kino_json_is(const cJSON *json, int type) /* cJSON_Object, cJSON_String, ... */
{
    return json && (json->type & 0xff) == type;
}

#endif
