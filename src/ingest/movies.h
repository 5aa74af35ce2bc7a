/* movies.h - data sets -> films: Kaggle's "The Movies Dataset", Kaggle's "TMDB 5000", and files of the same columns.
 *
 *     kino_movies films = {0};
 *     kino_ingest(&request, &films, &report, NULL, err);     // cleaned by request.recipe, in the order of the file
 *     kino_movies_free(&films);
 *
 * Columns are found by their names. What is wrong with the data is put right where that is possible and counted, by
 * reason, in report->faults; what each step of the classic cleaning leaves is counted in report->ladder. One call
 * belongs to one thread. Errors: KINO_NOT_FOUND, KINO_DAMAGED (not CSV, or without the columns), KINO_INTERRUPTED. */
#ifndef KINO_INGEST_MOVIES_H
#define KINO_INGEST_MOVIES_H

#include "base/alloc.h"
#include "kino.h"

typedef struct kino_movies {
    kino_arena arena;    /* of all strings and lists */
    kino_movie *items;
    size_t count, capacity;
    /* Classic recipe: the mean rating and the 20 % quantile of the vote counts after its vote filter, from which its
     * weighted rating is computed. */
    double rate_mean, rate_votes;
} kino_movies;

kino_status kino_ingest(const kino_build_request *req, kino_movies *out, kino_build_report *report,
                        const volatile sig_atomic_t *cancel, kino_error *err);
void kino_movies_free(kino_movies *m);

/* ---- the two stages of kino_ingest, for tests ---- */

/* As the file has it: 0 stays 0, what is missing is unknown; split rows are joined when `join` (classic drops both
 * halves). Appends. */
kino_status kino_movies_read(const char *path, bool join, kino_movies *out, kino_build_report *report,
                             const volatile sig_atomic_t *cancel, kino_error *err);
void kino_clean_default(kino_movies *m, kino_build_report *report);
void kino_clean_classic(kino_movies *m, kino_build_report *report);

/* Counts one more of a fault; `what` is static text. */
void kino_count_fault(kino_build_report *report, const char *what);

#endif
