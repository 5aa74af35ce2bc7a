/* movies.c - a table of films to kino_movie, one of each id. */
#include "ingest/movies.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/limits.h"
#include "base/status.h"
#include "ingest/classic.h"
#include "ingest/companions.h"
#include "ingest/imdb.h"
#include "ingest/links.h"
#include "ingest/merge.h"
#include "ingest/objects.h"
#include "ingest/select.h"
#include "ingest/table.h"
#include "ingest/tags.h"

typedef struct reading {
    kino_recipe recipe;
    const volatile sig_atomic_t *cancel;
    kino_movies movies;
    size_t capacity;
    kino_classic_row *rows; /* recipe classic: [capacity], what movies.items are made from */
    kino_idmap places;      /* recipe default: where an id is in movies.items */
    kino_faults *faults;
    size_t dropped; /* rows without id or title, halves, headers */
    kino_build_report *report;
} reading;

static void step(kino_build_report *report, const char *what, size_t left)
{
    report->ladder[report->ladder_count++] = (kino_count){.what = what, .count = left};
}

static kino_movie *new_movie(reading *r)
{
    kino_movies *m = &r->movies;
    if (m->count == r->capacity) {
        r->capacity = r->capacity ? r->capacity * 2 : 4096;
        m->items = kino_resize_array(m->items, r->capacity, sizeof *m->items);
        if (r->recipe == KINO_RECIPE_CLASSIC)
            r->rows = kino_resize_array(r->rows, r->capacity, sizeof *r->rows);
    }
    return &m->items[m->count++];
}

/* Of two rows with one id that with more votes; the place in the order is the first one's. */
static void settle_by_id(reading *r, const kino_movie *m)
{
    uint32_t *place = kino_idmap_at(&r->places, m->id);
    if (*place == UINT32_MAX) {
        *place = (uint32_t)r->movies.count;
        *new_movie(r) = *m;
        return;
    }
    r->faults->n[KINO_FAULT_DUPLICATE]++;
    if (m->votes > r->movies.items[*place].votes)
        r->movies.items[*place] = *m;
}

static void read_row(reading *r, kino_table *t)
{
    static const kino_fault reason[] = {[KINO_ROW_OTHER] = KINO_FAULT_NO_FILM,
                                        [KINO_ROW_TAIL] = KINO_FAULT_TAIL,
                                        [KINO_ROW_HEADER] = KINO_FAULT_HEADER_AGAIN,
                                        [KINO_ROW_NO_ID] = KINO_FAULT_NO_ID};
    kino_row_kind kind = kino_table_row_kind(t);
    kino_movie m;
    if (kind != KINO_ROW_FILM) {
        r->faults->n[reason[kind]]++;
        r->dropped++;
        return;
    }
    if (r->recipe == KINO_RECIPE_CLASSIC) {
        kino_movie *item = new_movie(r);
        kino_table_movie(t, item);
        r->rows[r->movies.count - 1] = kino_classic_read(t, &r->movies.arena);
        return;
    }
    if (kino_parse_flag(kino_table_cell(t, KINO_CELL_ADULT))) {
        r->faults->n[KINO_FAULT_ADULT]++;
        return;
    }
    kino_table_movie(t, &m);
    if (!*m.title) {
        r->faults->n[KINO_FAULT_NO_TITLE]++;
        r->dropped++;
        return;
    }
    settle_by_id(r, &m);
}

void kino_remark_source(kino_build_report *report, const kino_source *source)
{
    const char *member = kino_source_member(source), *encoding = kino_source_encoding(source);
    if (*member && report->remark_count < KINO_REPORT_REMARKS)
        snprintf(report->remarks[report->remark_count++], KINO_REMARK, "%s of the archive was read", member);
    if (strcmp(encoding, "UTF-8") && report->remark_count < KINO_REPORT_REMARKS)
        snprintf(report->remarks[report->remark_count++], KINO_REMARK, "the text is %s", encoding);
}

static void remark_separator(reading *r, char separator)
{
    if (separator != ',')
        kino_faults_remark(r->faults, "between fields there is a %s",
                           separator == ';'   ? "semicolon"
                           : separator == '|' ? "bar"
                                              : "tab");
}

/* A table as it is, or of the objects of a JSON file, which is then in `bytes`. */
static kino_status open_table(const char *path, kino_buffer *bytes, kino_csv **out, kino_error *err)
{
    const size_t most = (size_t)1 << 30;
    kino_source *source = NULL;
    kino_buffer text = {0};
    char first = 0;
    kino_status st = kino_source_open(path, &source, err);
    if (!st)
        st = kino_source_peek(source, &first, err);
    if (!st && first != '{' && first != '[') {
        *out = kino_csv_from_source(source);
        return KINO_OK;
    }
    if (!st)
        st = kino_source_rest(source, most, &text, err);
    if (!st)
        st = kino_objects_table(kino_source_name(source), text.data, text.size, bytes, err);
    if (!st) {
        *out = kino_csv_from_bytes(bytes->data, bytes->size, kino_source_name(source));
        kino_csv_begin_at(*out, 0);
    }
    kino_source_close(source);
    free(text.data);
    return st;
}

static kino_status read_table(reading *r, const kino_build_request *req, kino_csv *csv, kino_error *err)
{
    static const kino_cell needed[] = {KINO_CELL_TITLE};
    enum { PAUSE = 1024 };
    kino_table t;
    bool more = true;
    kino_status st = kino_table_open(csv, needed, 1, req->map, req->map_count, &r->movies.arena, r->faults, &t, err);
    t.join = r->recipe == KINO_RECIPE_DEFAULT;
    while (!st) {
        st = kino_table_next(&t, &more, err);
        if (st || !more)
            break;
        if (r->cancel && t.records % PAUSE == 0 && *r->cancel)
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
        else if (r->movies.count == KINO_LIMIT_FILMS)
            st = kino_fail(err, KINO_DAMAGED, "%s: line %zu: more than %d films", kino_csv_name(csv),
                           kino_csv_line(csv), KINO_LIMIT_FILMS);
        else
            read_row(r, &t);
    }
    r->report->rows += t.records;
    r->report->unproved_ids = t.unproved;
    r->faults->n[KINO_FAULT_STRAY_QUOTE] += kino_csv_stray_quotes(csv);
    remark_separator(r, kino_csv_separator(csv));
    kino_remark_source(r->report, kino_csv_source(csv));
    kino_table_close(&t);
    return st;
}

/* Recipe classic knows no ids; the catalogue does. Real tables have no two left at this point. */
static void drop_repeated_ids(reading *r)
{
    kino_movies *m = &r->movies;
    size_t left = 0;
    for (size_t i = 0; i < m->count; i++) {
        uint32_t *place = kino_idmap_at(&r->places, m->items[i].id);
        if (*place != UINT32_MAX) {
            r->faults->n[KINO_FAULT_DUPLICATE]++;
            continue;
        }
        *place = (uint32_t)left;
        m->items[left++] = m->items[i];
    }
    m->count = left;
}

/* Numbers of MovieLens' own become TMDB's by the links.csv beside the table, and where there is none, kino's own. */
static kino_status give_ids(reading *r, const char *path, kino_error *err)
{
    kino_movielens links = {0};
    kino_error why = {0};
    kino_status st = kino_movielens_read(path, NULL, &links, &why);
    if (st && st != KINO_USAGE)
        kino_fail(err, st, "%s", why.text);
    else
        kino_faults_remark(r->faults, "nothing proves that the ids are TMDB's: %s",
                           st ? "films have ids of kino's own" : "those of the links.csv beside it were taken");
    for (size_t i = 0; (!st || st == KINO_USAGE) && i < r->movies.count; i++) {
        kino_movie *m = &r->movies.items[i];
        const kino_link *link = kino_movielens_get(&links, m->id);
        if (link && *link->imdb && !*m->imdb_id)
            m->imdb_id = kino_arena_strdup(&r->movies.arena, link->imdb);
        m->id = link && link->tmdb ? link->tmdb : kino_own_id(m);
    }
    kino_movielens_free(&links);
    kino_idmap_free(&r->places);
    r->places = (kino_idmap){0};
    drop_repeated_ids(r);
    return st == KINO_USAGE ? KINO_OK : st;
}

/* A file's own remarks, then its films with ids. Closes the reader. */
static kino_status read_file(reading *r, const kino_build_request *req, const char *path, kino_csv *csv,
                             kino_error *err)
{
    r->report->unproved_ids = false;
    kino_status st = read_table(r, req, csv, err);
    return !st && r->report->unproved_ids && path ? give_ids(r, path, err) : st;
}

/* ---- further files ---- */

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

/* Films of a further table, into the list. */
static kino_status read_more(reading *r, kino_merging *merging, const kino_build_request *req, const char *path,
                             kino_error *err)
{
    kino_csv *csv = NULL;
    kino_buffer bytes = {0};
    reading next = {.recipe = r->recipe, .cancel = r->cancel, .faults = r->faults, .report = r->report};
    next.movies.arena = r->movies.arena;
    kino_status st = open_table(path, &bytes, &csv, err);
    if (!st)
        st = read_file(&next, req, path, csv, err);
    r->movies.arena = next.movies.arena;
    if (!st) {
        const kino_merged n = kino_merge(merging, &r->movies, &next.movies);
        r->faults->n[KINO_FAULT_CONTRADICTED] += n.contradicted;
        kino_faults_remark(r->faults, "%s: %zu films, of which %zu were there already", base_of(path),
                           n.joined + n.added, n.joined);
    }
    r->dropped += next.dropped;
    kino_idmap_free(&next.places);
    free(next.movies.items);
    free(bytes.data);
    return st;
}

/* Tables of films are merged; MovieLens' tags wait until it is known which films stay. */
static kino_status read_further(reading *r, const kino_build_request *req, const char **tags, kino_error *err)
{
    kino_merging merging = {0};
    kino_status st = KINO_OK;
    *tags = NULL;
    for (size_t i = 0; !st && i < req->more_count; i++) {
        const kino_beside kind = kino_beside_kind(req->more[i]);
        if (kind == KINO_BESIDE_TAGS)
            *tags = req->more[i];
        else if (kind == KINO_BESIDE_NOTHING)
            st = read_more(r, &merging, req, req->more[i], err);
    }
    kino_merging_free(&merging);
    return st;
}

/* The file that is IMDb's title.basics, or NULL. */
static const char *basics_of(const kino_build_request *req)
{
    if (req->csv && kino_imdb_is_basics(req->csv))
        return req->csv;
    for (size_t i = 0; i < req->more_count; i++)
        if (kino_imdb_is_basics(req->more[i]))
            return req->more[i];
    return NULL;
}

/* ---- which films stay ---- */

static void select_films(reading *r, const kino_build_request *req)
{
    kino_movies *m = &r->movies;
    kino_build_report *report = r->report;
    step(report, "rows read", report->rows);
    if (r->recipe == KINO_RECIPE_CLASSIC) {
        m->count = kino_classic_select(r->rows, m->items, m->count, &m->prior, report);
        drop_repeated_ids(r);
        return;
    }
    size_t left = report->rows - r->faults->n[KINO_FAULT_JOINED] - r->dropped;
    step(report, "whole, with an id and a title", left);
    step(report, "not flagged adult", left - r->faults->n[KINO_FAULT_ADULT]);
    step(report, req->more_count ? "one of each film" : "one of each id", m->count);
    if (req->min_votes > 0) {
        kino_select_voted(m, req->min_votes);
        step(report, "with enough votes", m->count);
    }
    if (req->top) {
        kino_select_top(m, req->top);
        step(report, "those with the most votes", m->count);
    }
    kino_idmap_free(&r->places);
    for (size_t i = 0; i < m->count; i++)
        *kino_idmap_at(&r->places, m->items[i].id) = (uint32_t)i;
}

static kino_status check(const kino_build_request *req, kino_error *err)
{
    for (size_t i = 0; i < req->map_count; i++)
        if (!kino_columns_known(req->map[i]))
            return kino_fail(err, KINO_USAGE, "\"%s\" says of no column what it means; try overview=NAME", req->map[i]);
    if (req->recipe == KINO_RECIPE_CLASSIC && (req->more_count || req->top || req->min_votes))
        return kino_fail(err, KINO_USAGE, "recipe classic takes one table, and all of it");
    return KINO_OK;
}

static kino_status ingest(const kino_build_request *req, kino_csv *csv, kino_movies *out, kino_build_report *report,
                          const volatile sig_atomic_t *cancel, kino_error *err)
{
    kino_build_report *own = NULL;
    const char *tags = NULL, *basics = basics_of(req);
    if (!report)
        report = own = kino_alloc(sizeof *own);
    report->rows = report->faults_count = report->ladder_count = report->remark_count = 0;
    kino_faults *faults = kino_alloc(sizeof *faults);
    reading r = {.recipe = req->recipe, .cancel = cancel, .faults = faults, .report = report};
    *out = (kino_movies){0};
    kino_status st = read_file(&r, req, req->csv, csv, err);
    const bool unproved = report->unproved_ids;
    if (!st && req->more_count)
        st = read_further(&r, req, &tags, err);
    report->unproved_ids = unproved;
    if (!st && basics)
        st = kino_imdb_ratings(basics, &r.movies, faults, cancel, err);
    if (!st)
        select_films(&r, req);
    if (!st && basics)
        st = kino_imdb_people(basics, &r.movies, faults, cancel, err);
    if (!st && tags)
        st = kino_join_tags(tags, &r.places, &r.movies, err);
    if (!st && req->keywords)
        st = kino_join_keywords(req->keywords, &r.places, &r.movies, faults, cancel, err);
    if (!st && req->credits)
        st = kino_join_credits(req->credits, &r.places, &r.movies, faults, cancel, err);
    kino_faults_report(faults, report);
    if (st)
        kino_movies_free(&r.movies);
    else
        *out = r.movies;
    kino_idmap_free(&r.places);
    free(r.rows);
    free(faults);
    free(own);
    return st;
}

kino_status kino_ingest(const kino_build_request *req, kino_movies *out, kino_build_report *report,
                        const volatile sig_atomic_t *cancel, kino_error *err)
{
    kino_csv *csv = NULL;
    kino_buffer bytes = {0};
    *out = (kino_movies){0};
    kino_status st = check(req, err);
    if (!st)
        st = open_table(req->csv, &bytes, &csv, err);
    if (!st)
        st = ingest(req, csv, out, report, cancel, err);
    free(bytes.data);
    return st;
}

kino_status kino_ingest_table(kino_csv *csv, const kino_build_request *req, kino_movies *out, kino_build_report *report,
                              const volatile sig_atomic_t *cancel, kino_error *err)
{
    static const kino_build_request usual;
    const kino_status st = check(req ? req : &usual, err);
    if (st) {
        kino_csv_close(csv);
        return st;
    }
    return ingest(req ? req : &usual, csv, out, report, cancel, err);
}

void kino_movies_free(kino_movies *m)
{
    kino_arena_free(&m->arena);
    free(m->items);
    *m = (kino_movies){0};
}
