/* export.h - films as a table that kino and others read: the columns of Kaggle's movies_metadata.csv as far as a film has
 * them, its keywords, cast and crew beside them, and the year, which a film without a date has too.
 *
 * Read again and written again it is the same, byte for byte: texts are written so that kino_clean_text gives them back
 * ("&amp;" and "&lt;" only where they would be taken for HTML), numbers with as many digits as they need. */
#ifndef KINO_INGEST_EXPORT_H
#define KINO_INGEST_EXPORT_H

#include "base/alloc.h"
#include "kino.h"

/* The line of the columns' names; of NDJSON there is none. */
void kino_export_header(kino_export_form form, kino_buffer *out);
/* A film as a record of CSV, or as an object on a line. */
void kino_export_film(kino_export_form form, const kino_movie *m, kino_buffer *out);

#endif
