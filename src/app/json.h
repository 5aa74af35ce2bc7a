/* json.h - JSON for programs, on cJSON: every double comes back as the same double, every 64-bit number is whole,
 * text is valid UTF-8 and no control character is raw.
 *
 * The app_json_* functions add a member to an object; with a NULL name they append to an array. */
#ifndef KINO_APP_JSON_H
#define KINO_APP_JSON_H

#include <cjson/cJSON.h>

#include "app/output.h"
#include "kino.h"

/* Call once, first: out of memory ends the process in cJSON too. */
void app_json_init(void);

cJSON *app_json_object(cJSON *parent, const char *name);
cJSON *app_json_array(cJSON *parent, const char *name);
void app_json_text(cJSON *parent, const char *name, const char *text);
void app_json_known(cJSON *parent, const char *name, const char *text);    /* null for "" */
void app_json_whole(cJSON *parent, const char *name, int64_t n);
void app_json_number(cJSON *parent, const char *name, double x);           /* null for NaN and infinity */
void app_json_float(cJSON *parent, const char *name, float x);             /* its own shortest digits */
void app_json_bool(cJSON *parent, const char *name, bool yes);
void app_json_null(cJSON *parent, const char *name);
void app_json_hex(cJSON *parent, const char *name, uint64_t fingerprint);  /* "0123456789abcdef", null for 0 */
void app_json_names(cJSON *parent, const char *name, const kino_list *list);

/* Writes one line (several, indented, on a terminal) and frees the object. */
void app_json_print(cJSON *json, const app_screen *s, bool one_line);

/* The fewest digits that read back as this float. */
void app_put_float(kino_buffer *b, float x);

#endif
