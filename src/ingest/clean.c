/* clean.c - the two recipes of cleaning. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "ingest/movies.h"

static int by_id(const void *a, const void *b)
{
    const kino_movie *const *x = a, *const *y = b;
    if ((*x)->id != (*y)->id)
        return ((*x)->id > (*y)->id) - ((*x)->id < (*y)->id);
    if ((*x)->votes != (*y)->votes)  /* more votes first */
        return ((*x)->votes < (*y)->votes) - ((*x)->votes > (*y)->votes);
    return (*x > *y) - (*x < *y);
}

/* Keeps what `keep` says, in order. */
static void filter(kino_movies *m, const bool *keep)
{
    size_t n = 0;
    for (size_t i = 0; i < m->count; i++)
        if (keep[i])
            m->items[n++] = m->items[i];
    m->count = n;
}

static bool is_placeholder(const char *overview)
{
    static const char *const known[] = {"No overview found.", "No Overview", "No overview", "No overview yet.",
                                        "No overview available.", "No plot available.", "N/A", "n/a"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (!strcasecmp(overview, known[i]))
            return true;
    return !strcmp(overview, ".") || !strcmp(overview, "-");
}

static void forget_impossible(kino_movie *m, kino_build_report *report)
{
    if (!m->overview[0]) {
        kino_count_fault(report, "no overview (title used alone)");
    } else if (is_placeholder(m->overview)) {
        m->overview = "";
        kino_count_fault(report, "overview that is a placeholder (taken as none)");
    }
    if (!m->title[0]) {
        m->title = m->original_title;
        kino_count_fault(report, "no title (original title used)");
    } else if (!m->original_title[0]) {
        m->original_title = m->title;
        kino_count_fault(report, "no original title (title used)");
    }
    if (!m->language[0])
        kino_count_fault(report, "no language");
    if (!m->year)
        kino_count_fault(report, "no release date");
    if (isnan(m->runtime) || m->runtime <= 0) {
        m->runtime = NAN;
        kino_count_fault(report, "no runtime, or 0 (unknown)");
    }
    if (m->votes <= 0 || isnan(m->rating) || m->rating <= 0 || m->rating > 10) {
        if (m->votes > 0)
            kino_count_fault(report, "rating 0 or impossible though there are votes (unknown)");
        else
            kino_count_fault(report, "no votes (rating unknown)");
        m->rating = NAN;
    }
    if (isnan(m->popularity) || m->popularity < 0)
        m->popularity = NAN;
    if (!m->genres.count)
        kino_count_fault(report, "no genres");
}

void kino_clean_default(kino_movies *m, kino_build_report *report)
{
    bool *keep = kino_alloc_array(m->count, sizeof *keep);
    const kino_movie **order = kino_alloc_array(m->count, sizeof *order);
    for (size_t i = 0; i < m->count; i++) {
        keep[i] = m->items[i].title[0] || m->items[i].original_title[0];
        if (!keep[i])
            kino_count_fault(report, "no title at all (dropped)");
        order[i] = &m->items[i];
    }
    qsort(order, m->count, sizeof *order, by_id);
    for (size_t i = 1; i < m->count; i++)
        if (order[i]->id == order[i - 1]->id) {
            keep[order[i] - m->items] = false;
            kino_count_fault(report, "id that repeats (the record with more votes kept)");
        }
    filter(m, keep);
    for (size_t i = 0; i < m->count; i++)
        forget_impossible(&m->items[i], report);
    free(keep);
    free(order);
}

/* ---- classic: every fault of it on purpose ---- */

static void step(kino_movies *m, const bool *keep, const char *what, kino_build_report *report)
{
    filter(m, keep);
    if (report->ladder_count < KINO_REPORT_COUNTS)
        report->ladder[report->ladder_count++] = (kino_count){what, m->count};
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The quantile with linear interpolation, as pandas and numpy compute it; sorts v. */
static double quantile(double *v, size_t n, double q)
{
    if (!n)
        return 0;
    qsort(v, n, sizeof *v, ascending);
    double at = q * (double)(n - 1);
    size_t low = (size_t)at;
    return low + 1 < n ? v[low] + (v[low + 1] - v[low]) * (at - (double)low) : v[low];
}

/* The 20 % quantile of the vote counts; v: room for one number a film. */
static double few_votes(const kino_movies *m, double *v)
{
    size_t known = 0;
    for (size_t i = 0; i < m->count; i++)
        if (m->items[i].votes >= 0)
            v[known++] = (double)m->items[i].votes;
    return quantile(v, known, 0.2);
}

static double mean_rating(const kino_movies *m)
{
    double sum = 0;
    size_t known = 0;
    for (size_t i = 0; i < m->count; i++)
        if (!isnan(m->items[i].rating)) {
            sum += m->items[i].rating;
            known++;
        }
    return known ? sum / (double)known : 0;
}

static size_t slot_of(const char *const *table, size_t mask, const char *text)
{
    size_t at = kino_hash(KINO_HASH_START, text, strlen(text)) & mask;
    while (table[at] && strcmp(table[at], text))
        at = (at + 1) & mask;
    return at;
}

void kino_clean_classic(kino_movies *m, kino_build_report *report)
{
    const size_t n = m->count;
    bool *keep = kino_alloc_array(n, sizeof *keep);
    double *v = kino_alloc_array(n, sizeof *v), sum = 0;
    size_t known = 0;
    report->ladder[report->ladder_count++] = (kino_count){"rows", report->rows};
    for (size_t i = 0; i < n; i++)
        keep[i] = m->items[i].date[0] &&
                  (!strcmp(m->items[i].status, "Released") || !strcmp(m->items[i].status, "Post Production"));
    step(m, keep, "released or in post production, with a release date", report);

    double few = few_votes(m, v);
    for (size_t i = 0; i < m->count; i++)
        keep[i] = m->items[i].votes >= 0 && (double)m->items[i].votes >= few;
    step(m, keep, "votes at or above the 20 % quantile", report);

    for (size_t i = 0; i < m->count; i++)
        if (!isnan(m->items[i].runtime)) {
            sum += m->items[i].runtime;
            known++;
        }
    double mean = known ? trunc(sum / (double)known) : 0;
    /* What the weighted rating needs is taken here, before the later steps: features.h. */
    m->rate_votes = few_votes(m, v);
    m->rate_mean = mean_rating(m);
    for (size_t i = 0; i < m->count; i++) {
        if (isnan(m->items[i].runtime))
            m->items[i].runtime = mean;
        keep[i] = m->items[i].runtime >= 60 && m->items[i].runtime <= 200;
    }
    step(m, keep, "runtime 60 to 200 minutes", report);

    for (size_t i = 0; i < m->count; i++)
        keep[i] = m->items[i].popularity <= 12;
    step(m, keep, "popularity at most 12", report);

    size_t slots = 16;
    while (slots < 2 * m->count)
        slots *= 2;
    const char **seen = kino_alloc_array(slots, sizeof *seen);
    for (size_t i = 0; i < m->count; i++) {
        size_t at = slot_of(seen, slots - 1, m->items[i].original_title);
        keep[i] = !seen[at];
        seen[at] = m->items[i].original_title;
    }
    step(m, keep, "first of each original title", report);
    free(seen);
    free(keep);
    free(v);
}
