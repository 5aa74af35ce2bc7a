/* features.h - the schema: which columns a film has for the autoencoder, fitted once, saved, applied to any film.
 *
 *     kino_schema *s = NULL;
 *     kino_status st = kino_schema_fit(recipe, &movies, &s, err);
 *     size_t d = kino_schema_columns(s);
 *     kino_schema_row(s, &movies.items[0], row);                      // row [d]
 *     kino_schema_save(s, &writer);                                   // s must outlive the writing
 *     kino_schema_free(s);
 *
 * Columns of recipe default (all continuous ones z-scored, clipped and scaled, see the table in features.c):
 *     year, votes (log(1 + v)), rating (weighted), runtime             continuous
 *     language xx for each of KINO_LANGUAGE_FILMS, language other      0 or 1
 *     genre Name for each of KINO_GENRE_FILMS                          0 or 2
 * An unknown number is the mean, thus 0. An unknown language has no 1, a rare one is "other"; a genre that the schema
 * has not seen is left out.
 *
 * Columns of recipe classic, in the order pandas gave them:
 *     popularity, runtime, rate                                        continuous (z-score, population deviation)
 *     era Modern, era New, era Old                                     0 or 1; Old < 2000, Modern 2001-2009, else New
 *     language xx, sorted, without the first (drop_first)              0 or 1
 *     genre Name, sorted                                               0 or 1
 *
 * Weighted rate: v/(v+m) R + m/(m+v) C with rating R of v votes (IMDb's formula for its top 250); C the mean rating, m
 * a quantile of the votes. Classic rounds it to one decimal, half to even.
 *
 * Errors: kino_schema_load gives KINO_DAMAGED for sections that are absent or make no sense, whatever their checksum.
 * Threads: a schema is read-only once made; any number of threads may apply it. */
#ifndef KINO_INGEST_FEATURES_H
#define KINO_INGEST_FEATURES_H

#include "base/container.h"
#include "ingest/movies.h"
#include "kino.h"

/* Films that a language or genre must have for a column of its own (recipe default). */
#define KINO_LANGUAGE_FILMS 5
#define KINO_GENRE_FILMS 2
/* The most columns that either recipe may have; real tables give 60 to 120. What is beyond is left out, rarest first
 * (default), or an error (classic). */
#define KINO_SCHEMA_WORDS 512

typedef struct kino_schema kino_schema;

/* Fits a schema to films, at least one. Recipe classic takes their `prior`. KINO_USAGE without films. */
kino_status kino_schema_fit(kino_recipe recipe, const kino_movies *films, kino_schema **out, kino_error *err);
void kino_schema_free(kino_schema *s); /* NULL is fine */

/* What recipe classic was given as `prior`. */
kino_prior kino_schema_prior(const kino_schema *s);
size_t kino_schema_columns(const kino_schema *s);
const char *kino_schema_column_name(const kino_schema *s, size_t column); /* "year", "genre Drama" */
kino_recipe kino_schema_recipe(const kino_schema *s);
/* Equal for equal schemas, whatever made them. */
uint64_t kino_schema_fingerprint(const kino_schema *s);

/* The features of a film: row [columns], always finite. */
void kino_schema_row(const kino_schema *s, const kino_movie *m, float *row);
/* The same before rounding to single precision. */
void kino_schema_row_f64(const kino_schema *s, const kino_movie *m, double *row);

/* Adds the sections "schema.*"; their data is lent by the schema until the writer has written. */
void kino_schema_save(const kino_schema *s, kino_container_writer *w);
/* Copies out of the container, which may be closed afterwards. */
kino_status kino_schema_load(const kino_container *c, kino_schema **out, kino_error *err);

#endif
