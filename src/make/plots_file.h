/* plots_file.h - embedding done elsewhere: the texts of a build as a file, and their vectors from one.
 *
 * Texts are NDJSON, {"id":862,"text":"..."}. Vectors are what `kino embed --records` makes of them: NDJSON,
 * {"id":862,"hash":"0123456789abcdef","weights":"0123456789abcdef","v":[...]}, or NumPy's file with the same four
 * fields in each row. The hash is that of the text, so that a vector cannot end up with another text than its own. */
#ifndef KINO_ENGINE_PLOTS_FILE_H
#define KINO_ENGINE_PLOTS_FILE_H

#include "ingest/movies.h"
#include "store/catalogue.h"

/* Of all films, in their order. "-" is standard output. */
kino_status kino_texts_write(kino_recipe recipe, const kino_movies *movies, const char *path, kino_error *err);

/* Stages the vectors in the catalogue and sets *count. They must come from weights with this fingerprint. KINO_USAGE
 * for other weights, KINO_DAMAGED with name and line for a file of another kind; then nothing new is staged. */
kino_status kino_plots_stage(kino_catalogue *c, const char *path, uint64_t weights, const kino_options *opt,
                             size_t *count, kino_error *err);

#endif
