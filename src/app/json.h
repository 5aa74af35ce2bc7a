/* json.h - JSON for programs: every double comes back as the same double, every 64-bit number is whole,
 * text is valid UTF-8 and no control character is raw.
 *
 * The app_json_* functions add a member to an object; with a NULL name they append to an array. */
#ifndef KINO_APP_JSON_H
#define KINO_APP_JSON_H

#include "app/output.h"
#include "kino.h"

/* A tree that is put together and printed; names are lent. Belongs to its root, which app_json_print frees. */
typedef struct app_json app_json;

app_json *app_json_object(app_json *parent, const char *name);
app_json *app_json_array(app_json *parent, const char *name);
void app_json_text(app_json *parent, const char *name, const char *text);
void app_json_known(app_json *parent, const char *name, const char *text);    /* null for "" */
void app_json_whole(app_json *parent, const char *name, int64_t n);
void app_json_number(app_json *parent, const char *name, double x);           /* null for NaN and infinity */
void app_json_float(app_json *parent, const char *name, float x);             /* its own shortest digits */
void app_json_bool(app_json *parent, const char *name, bool yes);
void app_json_null(app_json *parent, const char *name);
void app_json_hex(app_json *parent, const char *name, uint64_t fingerprint);  /* "0123456789abcdef", null for 0 */
void app_json_names(app_json *parent, const char *name, const kino_list *list);

/* Appends one line, or several that are indented, and frees the object. */
void app_json_put(app_json *json, bool indented, kino_buffer *b);
/* Writes one line (several, indented, on a terminal) and frees the object. */
void app_json_print(app_json *json, const app_screen *s, bool one_line);

/* The fewest digits that read back as this float. */
void app_put_float(kino_buffer *b, float x);

#endif
