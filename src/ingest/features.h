/* features.h - the feature schema: films -> the rows that the autoencoder reads.
 *
 *     kino_schema *s = NULL;
 *     kino_schema_fit(recipe, &films, &s, err);
 *     float row[kino_schema_columns(s)];
 *     kino_schema_row(s, &films.items[0], row);
 *     kino_schema_free(s);
 *
 * A schema is which columns there are, in which order, with vocabularies, means and scales. It is fitted once, saved
 * with the encoder that was trained on it, and applied to any film afterwards: a language or genre that it has never
 * seen has no column, an unknown number is the mean. Read-only after fitting or loading: any number of threads.
 *
 * Default recipe, numbers first, then languages, then genres:
 *   year x 3, log(1 + votes) x 2, weighted rating x 1.5, runtime x 0.3, each z-scored first; one column for each
 *   language of at least KINO_LANGUAGE_FILMS films and one for all others; one for each genre.
 * Classic recipe, the 106 columns of the predecessor on the whole Movies Dataset:
 *   popularity, runtime, weighted rating, z-scored; era Modern, New, Old; languages but the first; genres; the last two
 *   in alphabetical order.
 *
 * Weighted rating: v / (v + m) R + m / (v + m) C, a film's own rating R of v votes pulled towards the mean C, m being
 * the 20 % quantile of votes (classic: rounded to one decimal). */
#ifndef KINO_INGEST_FEATURES_H
#define KINO_INGEST_FEATURES_H

#include "base/container.h"
#include "ingest/movies.h"
#include "kino.h"

#define KINO_LANGUAGE_FILMS 5

typedef enum kino_column_kind { KINO_COLUMN_CONTINUOUS = 0, KINO_COLUMN_BINARY = 1 } kino_column_kind;

typedef struct kino_schema kino_schema;

kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err);
void kino_schema_free(kino_schema *s);

size_t kino_schema_columns(const kino_schema *s);
const uint8_t *kino_schema_kinds(const kino_schema *s);                 /* [columns], kino_column_kind */
const char *kino_schema_column_name(const kino_schema *s, size_t column);
uint64_t kino_schema_fingerprint(const kino_schema *s);
void kino_schema_row(const kino_schema *s, const kino_movie *m, float *row);  /* row: [columns] */

/* As sections "schema.*"; what is added is lent by the schema until the writer has written. */
void kino_schema_save(const kino_schema *s, kino_container_writer *w);
kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err);

#endif
