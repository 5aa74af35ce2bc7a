/* objects.h - the objects of a JSON file, however they stand in it: one a line or over several, in an array, in pages. */
#ifndef KINO_INGEST_OBJECTS_H
#define KINO_INGEST_OBJECTS_H

#include "base/jsonread.h"
#include "ingest/csv.h"

/* `tree` is NULL for bytes that are no JSON, which are handed out as far as they go. */
typedef kino_status (*kino_object_fn)(void *ctx, kino_field object, const kino_json *tree, size_t line,
                                      kino_error *err);

/* Calls fn for each object, of a page ({"page":1,"results":[...]}) for each of its list. Ends with what fn returns when
 * that is no success; its error then has the line in front. */
kino_status kino_objects_each(const char *bytes, size_t size, kino_object_fn fn, void *ctx, kino_error *err);

/* The objects as a CSV table, its header a union of their members. Each begins in its own line where that can be, if the
 * header is line 0. What is in arrays and objects becomes a cell of JSON. */
kino_status kino_objects_table(const char *name, const char *bytes, size_t size, kino_buffer *csv, kino_error *err);

#endif
