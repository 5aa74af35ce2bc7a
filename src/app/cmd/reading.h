/* reading.h - how a table of films was read: what was wrong with it, what was found out by looking. */
#ifndef APP_CMD_READING_H
#define APP_CMD_READING_H

#include "app/shared/app.h"

/* A line for each count, with the place of the first where it has one; and for each remark. */
void app_put_counts(kino_buffer *b, const kino_count *counts, size_t count);
void app_put_remarks(kino_buffer *b, const kino_build_report *r);
void app_put_unread(kino_buffer *b, const kino_build_report *r);

/* The members "remarks" and "faults"; and an array of counts by any name. */
void app_json_report(kino_tree *root, const kino_build_report *r);
void app_json_counts(kino_tree *root, const char *name, const kino_count *counts, size_t count);

#endif
