/* classic.h - the cleaning of recipe classic: which rows an older pipeline, built on pandas, kept.
 *
 * Each step works on the rows the one before left:
 *   1  second halves of split rows (an id that is no number) dropped; status "Released" or "Post Production" and a
 *      release date present, whatever it says
 *   2  votes >= their 20 % quantile; here C = mean rating and m = 20 % quantile of the votes are taken
 *   3  missing runtimes = int(mean runtime), then runtime 60 to 200
 *   4  popularity <= 12
 *   5  the first of each original title
 * Its quirks are kept: identity is the original title byte for byte; what pandas reads as missing ("NaN", "None",
 * "null", ...) is missing, titles included, and two missing titles are equal; zero is a number. So blockbusters and all
 * but one Hamlet are lost, which is why it is not the default. */
#ifndef KINO_INGEST_CLASSIC_H
#define KINO_INGEST_CLASSIC_H

#include "ingest/films.h"
#include "ingest/table.h"

/* What a row's cells say before they are cleaned; NaN for what is no number. */
typedef struct kino_classic_row {
    bool admitted; /* by step 1 */
    double votes, rating, runtime, popularity;
    const char *title; /* original title; NULL when missing */
    size_t title_size;
} kino_classic_row;

/* The current record of a table; the title goes into the arena. */
kino_classic_row kino_classic_read(const kino_table *t, kino_arena *arena);

/* Keeps the items that every step leaves; rows[count] describe items[count]. Sets their ratings to what the rows said,
 * fills the prior and adds each step to the report's ladder. Returns how many are left. */
size_t kino_classic_select(const kino_classic_row *rows, kino_movie *items, size_t count, kino_prior *prior,
                           kino_build_report *report);

#endif
