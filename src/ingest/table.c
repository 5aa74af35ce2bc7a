/* table.c - the columns of a film table, found by their names. */
#include "ingest/table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/status.h"

#define NOWHERE SIZE_MAX

/* Names of the columns, Kaggle's first; the rest are what re-exports and other tables call them. */
static const struct {
    const char *name;
    kino_cell cell;
} columns[] = {
    {"id", KINO_CELL_ID},
    {"tmdb_id", KINO_CELL_ID},
    {"tmdbid", KINO_CELL_ID},
    {"movie_id", KINO_CELL_ID},
    {"imdb_id", KINO_CELL_IMDB},
    {"imdbid", KINO_CELL_IMDB},
    {"title", KINO_CELL_TITLE},
    {"original_title", KINO_CELL_ORIGINAL_TITLE},
    {"original_language", KINO_CELL_LANGUAGE},
    {"language", KINO_CELL_LANGUAGE},
    {"release_date", KINO_CELL_DATE},
    {"runtime", KINO_CELL_RUNTIME},
    {"vote_average", KINO_CELL_RATING},
    {"vote_count", KINO_CELL_VOTES},
    {"popularity", KINO_CELL_POPULARITY},
    {"overview", KINO_CELL_OVERVIEW},
    {"tagline", KINO_CELL_TAGLINE},
    {"status", KINO_CELL_STATUS},
    {"poster_path", KINO_CELL_POSTER},
    {"belongs_to_collection", KINO_CELL_COLLECTION},
    {"genres", KINO_CELL_GENRES},
    {"keywords", KINO_CELL_KEYWORDS},
    {"production_countries", KINO_CELL_COUNTRIES},
    {"adult", KINO_CELL_ADULT},
    {"cast", KINO_CELL_CAST},
    {"crew", KINO_CELL_CREW},
};
enum { COLUMNS = sizeof columns / sizeof *columns };

static const char *column_name(kino_cell cell)
{
    for (size_t i = 0; i < COLUMNS; i++)
        if (columns[i].cell == cell)
            return columns[i].name;
    return "?";
}

kino_status kino_table_open(kino_csv *csv, const kino_cell *needed, size_t needed_count, kino_arena *arena,
                            kino_faults *faults, kino_table *t, kino_error *err)
{
    const kino_field *f;
    size_t n;
    *t = (kino_table){.csv = csv, .cleaner = {.arena = arena, .faults = faults}};
    kino_status st = kino_csv_next(csv, &f, &n, err);
    if (st)
        return st;
    if (!n)
        return kino_fail(err, KINO_DAMAGED, "%s: empty", kino_csv_name(csv));
    for (int i = 0; i < KINO_CELL_COUNT; i++)
        t->column[i] = NOWHERE;
    for (size_t k = 0; k < COLUMNS; k++) /* in the order of the table: a proper `id` wins over `movie_id` */
        for (size_t i = 0; i < n && t->column[columns[k].cell] == NOWHERE; i++)
            if (kino_field_is(kino_trim(f[i]), columns[k].name))
                t->column[columns[k].cell] = i;
    for (size_t i = 0; i < needed_count; i++) {
        if (t->column[needed[i]] != NOWHERE ||
            (needed[i] == KINO_CELL_TITLE && t->column[KINO_CELL_ORIGINAL_TITLE] != NOWHERE))
            continue;
        bool semicolons = n == 1 && memchr(f[0].text, ';', f[0].size);
        return kino_fail(err, KINO_DAMAGED, "%s: line 1: no column \"%s\"; %s", kino_csv_name(csv),
                         column_name(needed[i]),
                         semicolons ? "its fields have semicolons between them, save it with commas"
                                    : "is this the right file, with a header line?");
    }
    t->width = n;
    t->now.fields = kino_alloc_array(n, sizeof *t->now.fields);
    t->ahead.fields = kino_alloc_array(n, sizeof *t->ahead.fields);
    return KINO_OK;
}

void kino_table_close(kino_table *t)
{
    kino_csv_close(t->csv);
    free(t->now.fields);
    free(t->now.text.data);
    free(t->ahead.fields);
    free(t->ahead.text.data);
    free(t->joined.data);
    free(t->cleaner.buffer.data);
    kino_literals_free(&t->tree);
    free(t->names.items);
    *t = (kino_table){0};
}

kino_field kino_table_cell(const kino_table *t, kino_cell cell)
{
    return t->column[cell] == NOWHERE ? (kino_field){"", 0} : t->now.fields[t->column[cell]];
}

/* ---- records, split ones joined ----
 * The overview of three films of Kaggle's table holds a bare newline: what is behind it became a row of its own. The
 * first half ends with its overview; the second begins with the rest of it, and everything stands too far to the left
 * by the columns before the overview. */

/* Nothing is behind the overview. */
static bool is_first_half(const kino_table *t, const kino_record *r)
{
    const size_t overview = t->column[KINO_CELL_OVERVIEW], id = t->column[KINO_CELL_ID];
    int64_t number;
    if (overview == NOWHERE || overview + 3 >= t->width || id > overview || !kino_parse_id(r->fields[id], &number))
        return false;
    for (size_t i = overview + 1; i < t->width; i++)
        if (r->fields[i].size)
            return false;
    return true;
}

/* What was cut off a record that ends with its overview: its date or its rating is where it would have to be, and
 * nothing is behind the last column. */
static bool is_second_half(const kino_table *t, const kino_record *r)
{
    const size_t overview = t->column[KINO_CELL_OVERVIEW], date = t->column[KINO_CELL_DATE],
                 rating = t->column[KINO_CELL_RATING], adult = t->column[KINO_CELL_ADULT];
    const kino_field *f = r->fields;
    int64_t id;
    char text[11];
    int year;
    double value;
    if (kino_parse_id(f[t->column[KINO_CELL_ID]], &id))
        return false;
    if (adult != NOWHERE && (kino_field_is(f[adult], "true") || kino_field_is(f[adult], "false")))
        return false;
    for (size_t i = t->width - overview; i < t->width; i++)
        if (f[i].size)
            return false;
    bool dated = date != NOWHERE && date > overview && kino_parse_date(f[date - overview], text, &year) > KINO_DATE_BAD;
    bool rated = rating != NOWHERE && rating > overview &&
                 kino_number_parse(f[rating - overview].text, f[rating - overview].size, &value);
    return dated || rated;
}

static kino_status read_record(kino_table *t, kino_record *r, kino_error *err)
{
    const kino_field *f;
    r->count = 0;
    r->kept = false;
    kino_status st = kino_csv_next(t->csv, &f, &r->count, err);
    if (st)
        return st;
    t->records += r->count > 0;
    for (size_t i = 0; i < t->width; i++)
        r->fields[i] = i < r->count ? f[i] : (kino_field){"", 0};
    return KINO_OK;
}

/* Makes a record outlive the reading of the next. */
static void keep(kino_table *t, kino_record *r)
{
    if (r->kept || !r->count)
        return;
    r->text.size = 0;
    for (size_t i = 0; i < t->width; i++)
        kino_buffer_put(&r->text, r->fields[i].text, r->fields[i].size + 1); /* with its zero */
    const char *p = r->text.data;
    for (size_t i = 0; i < t->width; i++) {
        r->fields[i].text = p;
        p += r->fields[i].size + 1;
    }
    r->kept = true;
}

/* The cells of `ahead` stay where they are until the next record is read. */
static void join(kino_table *t)
{
    const size_t overview = t->column[KINO_CELL_OVERVIEW];
    kino_field *f = t->now.fields;
    t->joined.size = 0;
    kino_buffer_put(&t->joined, f[overview].text, f[overview].size);
    kino_buffer_byte(&t->joined, '\n');
    kino_buffer_put(&t->joined, t->ahead.fields[0].text, t->ahead.fields[0].size);
    f[overview] = (kino_field){t->joined.data, t->joined.size};
    for (size_t i = overview + 1; i < t->width; i++)
        f[i] = t->ahead.fields[i - overview];
    t->now.count = t->width;
    t->ahead.count = 0;
}

kino_status kino_table_next(kino_table *t, bool *more, kino_error *err)
{
    size_t *fault = t->cleaner.faults->n;
    kino_status st = KINO_OK;
    t->cleaner.not_utf8 = t->cleaner.control = false;
    *more = false;
    if (t->ahead.count) {
        kino_record r = t->now;
        t->now = t->ahead;
        t->ahead = r;
        t->ahead.count = 0;
    } else {
        st = read_record(t, &t->now, err);
    }
    if (!st && t->join && t->now.count && is_first_half(t, &t->now)) {
        keep(t, &t->now);
        st = read_record(t, &t->ahead, err);
        if (!st && t->ahead.count && is_second_half(t, &t->ahead)) {
            join(t);
            fault[KINO_FAULT_JOINED]++;
        } else if (!st) {
            keep(t, &t->ahead);
        }
    }
    if (st || !t->now.count)
        return st;
    fault[KINO_FAULT_SHORT] += t->now.count < t->width;
    fault[KINO_FAULT_LONG] += t->now.count > t->width;
    *more = true;
    return KINO_OK;
}

kino_row_kind kino_table_row_kind(const kino_table *t)
{
    kino_field id = kino_trim(kino_table_cell(t, KINO_CELL_ID));
    int64_t number;
    char date[11];
    int year;
    if (kino_parse_id(id, &number))
        return KINO_ROW_FILM;
    if (kino_field_is(id, "id") || kino_field_is(id, "tmdb_id"))
        return KINO_ROW_HEADER;
    return kino_parse_date(id, date, &year) > KINO_DATE_BAD ? KINO_ROW_TAIL : KINO_ROW_NO_ID;
}

/* ---- a record to a film ---- */

static void read_titles(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    m->title = kino_clean_line(c, kino_table_cell(t, KINO_CELL_TITLE));
    m->original_title = kino_clean_line(c, kino_table_cell(t, KINO_CELL_ORIGINAL_TITLE));
    if (!*m->title != !*m->original_title) {
        c->faults->n[KINO_FAULT_ONE_TITLE]++;
        if (!*m->title)
            m->title = m->original_title;
        else
            m->original_title = m->title;
    }
}

static void read_words(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    size_t *fault = c->faults->n;
    char imdb[16], language[4];
    kino_field f = kino_trim(kino_table_cell(t, KINO_CELL_IMDB));
    m->imdb_id = "";
    if (kino_parse_imdb(f, imdb))
        m->imdb_id = kino_arena_strdup(c->arena, imdb);
    else
        fault[KINO_FAULT_BAD_IMDB] += f.size && !kino_is_na(f);

    f = kino_trim(kino_table_cell(t, KINO_CELL_LANGUAGE));
    m->language = "";
    if (kino_parse_language(f, language))
        m->language = kino_arena_strdup(c->arena, language);
    else
        fault[f.size && !kino_is_na(f) ? KINO_FAULT_BAD_LANGUAGE : KINO_FAULT_NO_LANGUAGE]++;

    m->overview = kino_clean_text(c, kino_table_cell(t, KINO_CELL_OVERVIEW));
    bool spaces = !*m->overview && kino_table_cell(t, KINO_CELL_OVERVIEW).size;
    if (!*m->overview && !spaces) {
        fault[KINO_FAULT_NO_OVERVIEW]++;
    } else if (spaces || kino_is_placeholder(c, m->overview)) {
        fault[KINO_FAULT_PLACEHOLDER]++;
        m->overview = "";
    }
    m->tagline = kino_clean_line(c, kino_table_cell(t, KINO_CELL_TAGLINE));
    m->status = kino_clean_line(c, kino_table_cell(t, KINO_CELL_STATUS));

    f = kino_trim(kino_table_cell(t, KINO_CELL_POSTER));
    m->poster_path = "";
    if (kino_is_poster(f))
        m->poster_path = kino_arena_strndup(c->arena, f.text, f.size);
    else
        fault[KINO_FAULT_BAD_POSTER] += f.size && !kino_is_na(f);
}

static void read_date(kino_table *t, kino_movie *m)
{
    static const kino_fault reason[] = {[KINO_DATE_NONE] = KINO_FAULT_NO_DATE,
                                        [KINO_DATE_BAD] = KINO_FAULT_BAD_DATE,
                                        [KINO_DATE_OTHER] = KINO_FAULT_OTHER_DATE,
                                        [KINO_DATE_SHORT] = KINO_FAULT_SHORT_YEAR};
    char date[11];
    kino_date_form form = kino_parse_date(kino_table_cell(t, KINO_CELL_DATE), date, &m->year);
    m->date = form > KINO_DATE_BAD ? kino_arena_strdup(t->cleaner.arena, date) : "";
    if (form != KINO_DATE_ISO)
        t->cleaner.faults->n[reason[form]]++;
}

/* A number that is there and not nonsense; otherwise NaN, with the reason counted. */
static double read_number(kino_table *t, kino_cell cell, double most, kino_fault none, kino_fault bad)
{
    kino_field f = kino_trim(kino_table_cell(t, cell));
    double value;
    if (kino_number_parse(f.text, f.size, &value) && value >= 0 && value <= most)
        return value;
    t->cleaner.faults->n[f.size && !kino_is_na(f) ? bad : none]++;
    return NAN;
}

static void read_numbers(kino_table *t, kino_movie *m)
{
    /* The longest film runs 51,420 minutes; votes and popularity are bounded against nonsense alone. */
    enum { LONGEST = 60000 };
    size_t *fault = t->cleaner.faults->n;
    m->runtime = read_number(t, KINO_CELL_RUNTIME, LONGEST, KINO_FAULT_NO_RUNTIME, KINO_FAULT_BAD_RUNTIME);
    if (m->runtime == 0) {
        fault[KINO_FAULT_ZERO_RUNTIME]++;
        m->runtime = NAN;
    }
    double votes = read_number(t, KINO_CELL_VOTES, 1e12, KINO_FAULT_NO_VOTES, KINO_FAULT_NO_VOTES);
    m->votes = isnan(votes) ? -1 : (int64_t)votes;
    m->rating = read_number(t, KINO_CELL_RATING, 10, KINO_FAULT_NO_RATING, KINO_FAULT_BAD_RATING);
    if (m->rating == 0 || (!isnan(m->rating) && m->votes == 0)) {
        fault[KINO_FAULT_ZERO_RATING]++;
        m->rating = NAN;
    }
    kino_field f = kino_table_cell(t, KINO_CELL_POPULARITY);
    m->popularity = read_number(t, KINO_CELL_POPULARITY, 1e12, KINO_FAULT_NO_POPULARITY, KINO_FAULT_NO_POPULARITY);
    if (!isnan(m->popularity) && (memchr(f.text, 'e', f.size) || memchr(f.text, 'E', f.size)))
        fault[KINO_FAULT_SCIENTIFIC]++;
}

static kino_list read_list(kino_table *t, kino_cell cell, kino_fault bad)
{
    t->names.count = 0;
    if (!kino_read_names(&t->cleaner, &t->tree, kino_table_cell(t, cell), &t->names))
        t->cleaner.faults->n[bad]++;
    return kino_names_finish(&t->names, t->cleaner.arena);
}

void kino_table_movie(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    *m = (kino_movie){0};
    kino_parse_id(kino_table_cell(t, KINO_CELL_ID), &m->id);
    read_titles(t, m);
    read_words(t, m);
    read_date(t, m);
    read_numbers(t, m);
    if (!kino_read_named(c, &t->tree, kino_table_cell(t, KINO_CELL_COLLECTION), &m->collection))
        c->faults->n[KINO_FAULT_BAD_COLLECTION]++;
    m->genres = read_list(t, KINO_CELL_GENRES, KINO_FAULT_BAD_GENRES);
    m->keywords = read_list(t, KINO_CELL_KEYWORDS, KINO_FAULT_BAD_KEYWORDS);
    m->countries = read_list(t, KINO_CELL_COUNTRIES, KINO_FAULT_BAD_COUNTRIES);
    c->faults->n[KINO_FAULT_NOT_UTF8] += c->not_utf8;
    c->faults->n[KINO_FAULT_CONTROL] += c->control;
}
