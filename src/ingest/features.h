/* features.h - the schema: which columns a film has for the autoencoder, fitted once, saved, applied to any film.
 *
 *     kino_schema *s = NULL;
 *     kino_sparse rows = {0};
 *     kino_status st = kino_schema_fit(recipe, &movies, &s, err);
 *     kino_schema_rows(s, movies.items, movies.count, &rows);         // of kino_schema_columns(s)
 *     kino_schema_save(s, &writer);                                   // s must outlive the writing
 *     kino_schema_free(s);
 *
 * Columns of recipe default: the commonest words of what is told about the films (terms.h); a film that says none of
 * them has an empty row. Columns of recipe classic: numbers, era, language and genres (onehot.h).
 *
 * Errors: kino_schema_load gives KINO_DAMAGED for sections that are absent or make no sense, whatever their checksum,
 * and for a schema of another version.
 * Threads: a schema is read-only once made; any number of threads may apply it. */
#ifndef KINO_INGEST_FEATURES_H
#define KINO_INGEST_FEATURES_H

#include "base/container.h"
#include "base/sparse.h"
#include "ingest/movies.h"
#include "kino.h"

typedef struct kino_schema kino_schema;

/* Fits a schema to films, at least one. Recipe classic takes their `prior`. KINO_USAGE without films. */
kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err);
void kino_schema_free(kino_schema *s); /* NULL is fine */

/* What recipe classic was given as `prior`; zeros for recipe default. */
kino_prior kino_schema_prior(const kino_schema *s);
/* At least one, even where films share no word. */
size_t kino_schema_columns(const kino_schema *s);
kino_recipe kino_schema_recipe(const kino_schema *s);
/* Equal for equal schemas, whatever made them. */
uint64_t kino_schema_fingerprint(const kino_schema *s);

/* Appends the features of films, a row each, always finite. A row does not depend on the other films. */
void kino_schema_rows(const kino_schema *s, const kino_movie *films, size_t count, kino_sparse *out);

/* Adds the sections "schema.*"; their data is lent by the schema until the writer has written. */
void kino_schema_save(const kino_schema *s, kino_container_writer *w);
/* Copies out of the container, which may be closed afterwards. */
kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err);

#endif
