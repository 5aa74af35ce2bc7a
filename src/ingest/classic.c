/* classic.c - the five steps of recipe classic. */
#include "ingest/classic.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/number.h"
#include "ingest/stats.h"

#define RARELY_VOTED 0.2 /* the quantile */
enum { SHORTEST = 60, LONGEST = 200, MOST_POPULAR = 12 };

static double number_of(const kino_table *t, kino_cell cell)
{
    kino_field f = kino_table_cell(t, cell);
    double value;
    return kino_number_parse(f.text, f.size, &value) ? value : NAN;
}

static bool is_exactly(kino_field f, const char *text)
{
    return f.size == strlen(text) && !memcmp(f.text, text, f.size);
}

kino_classic_row kino_classic_read(const kino_table *t, kino_arena *arena)
{
    kino_field status = kino_table_cell(t, KINO_CELL_STATUS), date = kino_table_cell(t, KINO_CELL_DATE),
               title = kino_table_cell(t, KINO_CELL_ORIGINAL_TITLE);
    kino_classic_row r = {
        .admitted = (is_exactly(status, "Released") || is_exactly(status, "Post Production")) && !kino_is_na(date),
        .votes = number_of(t, KINO_CELL_VOTES),
        .rating = number_of(t, KINO_CELL_RATING),
        .runtime = number_of(t, KINO_CELL_RUNTIME),
        .popularity = number_of(t, KINO_CELL_POPULARITY),
    };
    if (!kino_is_na(title)) {
        r.title = kino_arena_strndup(arena, title.text, title.size);
        r.title_size = title.size;
    }
    return r;
}

static bool same_title(const kino_classic_row *a, const kino_classic_row *b)
{
    if (!a->title || !b->title)
        return a->title == b->title;
    return a->title_size == b->title_size && !memcmp(a->title, b->title, a->title_size);
}

/* Leaves of keep[n], indices into rows, the first of each title. */
static size_t first_of_each_title(const kino_classic_row *rows, uint32_t *keep, size_t n)
{
    size_t capacity = 1024, left = 0;
    while (capacity < 2 * n)
        capacity *= 2;
    uint32_t *slots = kino_alloc_array(capacity, sizeof *slots); /* index + 1 */
    for (size_t i = 0; i < n; i++) {
        const kino_classic_row *r = &rows[keep[i]];
        uint64_t h = kino_mix(kino_hash(KINO_HASH_START, r->title ? r->title : "", r->title_size));
        size_t at = h & (capacity - 1);
        while (slots[at] && !same_title(&rows[slots[at] - 1], r))
            at = (at + 1) & (capacity - 1);
        if (slots[at])
            continue;
        slots[at] = keep[i] + 1;
        keep[left++] = keep[i];
    }
    free(slots);
    return left;
}

static void step(kino_build_report *report, const char *what, size_t left)
{
    if (report->ladder_count < KINO_REPORT_COUNTS)
        report->ladder[report->ladder_count++] = (kino_count){.what = what, .count = left};
}

size_t kino_classic_select(const kino_classic_row *rows, kino_movie *items, size_t count, kino_prior *prior,
                           kino_build_report *report)
{
    uint32_t *keep = kino_alloc_array(count, sizeof *keep);
    double *column = kino_alloc_array(count, sizeof *column), ignored;
    size_t n = 0, left = 0;
    for (size_t i = 0; i < count; i++)
        if (rows[i].admitted)
            keep[n++] = (uint32_t)i;
    step(report, "released or in post production, with a release date", n);

    for (size_t i = 0; i < n; i++)
        column[i] = rows[keep[i]].votes;
    double least = kino_quantile(column, n, RARELY_VOTED);
    for (size_t i = 0; i < n; i++)
        if (rows[keep[i]].votes >= least)
            keep[left++] = keep[i];
    n = left;
    step(report, "votes at least their 20 % quantile", n);

    for (size_t i = 0; i < n; i++)
        column[i] = rows[keep[i]].votes;
    prior->votes = n ? kino_quantile(column, n, RARELY_VOTED) : 0;
    for (size_t i = 0; i < n; i++)
        column[i] = rows[keep[i]].rating;
    kino_mean_std(column, n, &prior->rating, &ignored);
    for (size_t i = 0; i < n; i++)
        column[i] = rows[keep[i]].runtime;
    kino_mean_std(column, n, &prior->runtime, &ignored);
    prior->runtime = trunc(prior->runtime);
    left = 0;
    for (size_t i = 0; i < n; i++) {
        double runtime = isnan(rows[keep[i]].runtime) ? prior->runtime : rows[keep[i]].runtime;
        if (runtime >= SHORTEST && runtime <= LONGEST)
            keep[left++] = keep[i];
    }
    n = left;
    step(report, "runtime 60 to 200 minutes, a missing one being the mean", n);

    left = 0;
    for (size_t i = 0; i < n; i++)
        if (rows[keep[i]].popularity <= MOST_POPULAR)
            keep[left++] = keep[i];
    n = left;
    step(report, "popularity at most 12", n);

    n = first_of_each_title(rows, keep, n);
    step(report, "the first of each original title", n);

    for (size_t i = 0; i < n; i++) {
        items[i] = items[keep[i]]; /* keep[] ascends: never behind i */
        items[i].rating = rows[keep[i]].rating;
    }
    free(keep);
    free(column);
    return n;
}
