/* table.c - the columns of a film table, found by their names. */
#include "ingest/table.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "ingest/films.h"
#include "ingest/values.h"

#define NOWHERE SIZE_MAX

/* Whether a table has a column that TMDB's own have and other sources' seldom: then its movie_id is TMDB's too. */
static bool is_of_tmdb(const kino_columns *c)
{
    static const kino_cell proof[] = {KINO_CELL_CREW, KINO_CELL_POPULARITY, KINO_CELL_POSTER, KINO_CELL_COLLECTION};
    for (size_t i = 0; i < sizeof proof / sizeof *proof; i++)
        if (c->at[proof[i]] != NOWHERE)
            return true;
    return false;
}

/* The header in the cleaner's words: which columns mean nothing here, and which were taken for something by their name. */
static void remark_columns(kino_table *t, const kino_field *header)
{
    kino_buffer unused = {0}, guessed = {0};
    kino_columns_unused(&t->columns, header, &unused);
    kino_columns_guessed(&t->columns, header, &guessed);
    if (unused.size)
        kino_faults_remark(t->cleaner.faults, "columns not used: %s", unused.data);
    if (guessed.size)
        kino_faults_remark(t->cleaner.faults, "columns taken by their names: %s", guessed.data);
    free(unused.data);
    free(guessed.data);
}

kino_status kino_table_open(kino_csv *csv, const kino_cell *needed, size_t needed_count, const char *const *map,
                            size_t map_count, kino_arena *arena, kino_faults *faults, kino_table *t, kino_error *err)
{
    const kino_field *f;
    size_t n;
    *t = (kino_table){.csv = csv, .cleaner = {.arena = arena, .faults = faults}};
    kino_status st = kino_csv_next(csv, &f, &n, err);
    if (st)
        return st;
    if (!n)
        return kino_fail(err, KINO_DAMAGED, "%s: empty", kino_csv_name(csv));
    kino_columns_find(f, n, KINO_TABLE_FILMS, map, map_count, &t->columns);
    size_t *at = t->columns.at;
    if (at[KINO_CELL_ID] == NOWHERE && at[KINO_CELL_MOVIE_ID] != NOWHERE) {
        at[KINO_CELL_ID] = at[KINO_CELL_MOVIE_ID];
        t->unproved = !is_of_tmdb(&t->columns);
    }
    at[KINO_CELL_MOVIE_ID] = NOWHERE;
    for (size_t i = 0; i < needed_count; i++)
        if (at[needed[i]] == NOWHERE && (needed[i] != KINO_CELL_TITLE || at[KINO_CELL_ORIGINAL_TITLE] == NOWHERE))
            return kino_fail(err, KINO_DAMAGED,
                             "%s: line 1: no column \"%s\"; is this the right file, with a header line?",
                             kino_csv_name(csv), kino_columns_name(needed[i]));
    remark_columns(t, f);
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
    free(t->cleaner.plain.data);
    kino_literals_free(&t->tree);
    free(t->names.items);
    *t = (kino_table){0};
}

/* "\\N" is what databases write for nothing; every other word can be a title. */
kino_field kino_table_cell(const kino_table *t, kino_cell cell)
{
    static const kino_field nothing = {"", 0};
    const kino_field f = t->columns.at[cell] == NOWHERE ? nothing : t->now.fields[t->columns.at[cell]];
    return f.size == 2 && !memcmp(f.text, "\\N", 2) ? nothing : f;
}

/* ---- records, split ones joined ----
 * The overview of three films of Kaggle's table holds a bare newline: what is behind it became a row of its own. The
 * first half ends with its overview; the second begins with the rest of it, and everything stands too far to the left
 * by the columns before the overview. */

/* Nothing is behind the overview. */
static bool is_first_half(const kino_table *t, const kino_record *r)
{
    const size_t overview = t->columns.at[KINO_CELL_OVERVIEW], id = t->columns.at[KINO_CELL_ID];
    int64_t number;
    if (id == NOWHERE || overview == NOWHERE || overview + 3 >= t->width || id > overview ||
        !kino_parse_id(r->fields[id], &number))
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
    const size_t overview = t->columns.at[KINO_CELL_OVERVIEW], date = t->columns.at[KINO_CELL_DATE],
                 rating = t->columns.at[KINO_CELL_RATING], adult = t->columns.at[KINO_CELL_ADULT];
    const kino_field *f = r->fields;
    int64_t id;
    char text[11];
    int year;
    double value;
    if (kino_parse_id(f[t->columns.at[KINO_CELL_ID]], &id))
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
    const size_t overview = t->columns.at[KINO_CELL_OVERVIEW];
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

/* Its own word for what it is, a length in seasons, a number of a season or an episode. */
static bool is_no_film(const kino_table *t)
{
    const kino_field runtime = kino_table_cell(t, KINO_CELL_RUNTIME);
    double number;
    for (int cell = KINO_CELL_SEASON; cell <= KINO_CELL_EPISODE; cell++) {
        const kino_field f = kino_table_cell(t, (kino_cell)cell);
        if (!kino_value_absent(f) && (!kino_value_number(f, &number) || number > 0))
            return true;
    }
    return kino_value_kind(kino_table_cell(t, KINO_CELL_TYPE)) == KINO_WORK_OTHER ||
           (!kino_value_minutes(runtime, &number) && kino_value_kind(runtime) == KINO_WORK_OTHER);
}

/* IMDb's id of the row, from a column of its own, from a link or from where the id should be. */
static bool find_imdb(const kino_table *t, char imdb[16])
{
    const kino_field id = kino_trim(kino_table_cell(t, KINO_CELL_ID)), link = kino_table_cell(t, KINO_CELL_LINK);
    int64_t tmdb;
    bool other;
    if (kino_parse_imdb(kino_table_cell(t, KINO_CELL_IMDB), imdb))
        return true;
    if (id.size > 2 && (id.text[0] | 0x20) == 't' && kino_parse_imdb(id, imdb))
        return true;
    return kino_value_link(link.text, &tmdb, imdb, &other) && *imdb;
}

kino_row_kind kino_table_row_kind(const kino_table *t)
{
    kino_field id = kino_trim(kino_table_cell(t, KINO_CELL_ID));
    int64_t number;
    char date[11], imdb[16];
    int year;
    if (is_no_film(t))
        return KINO_ROW_OTHER;
    if (t->columns.at[KINO_CELL_ID] == NOWHERE || kino_parse_id(id, &number) || (id.size > 2 && find_imdb(t, imdb)))
        return KINO_ROW_FILM;
    if (kino_field_is(id, "id") || kino_field_is(id, "tmdb_id"))
        return KINO_ROW_HEADER;
    return kino_parse_date(id, date, &year) > KINO_DATE_BAD ? KINO_ROW_TAIL : KINO_ROW_NO_ID;
}

/* ---- a record to a film ---- */

/* Counts a value that is there and cannot be read, and says where the first was. */
static void bad(kino_table *t, kino_fault fault, kino_cell cell)
{
    const kino_field f = kino_trim(kino_table_cell(t, cell));
    kino_faults_bad(t->cleaner.faults, fault, kino_csv_line(t->csv), f.text, f.size);
}

/* The length without the spaces at its end. */
static size_t without_spaces(const char *text, size_t n)
{
    while (n && text[n - 1] == ' ')
        n--;
    return n;
}

/* "Matrix, The (1999)" of a table that has no other place for the year. */
static void split_title(kino_table *t, kino_movie *m)
{
    static const char *const articles[] = {", The", ", A", ", An"};
    size_t n = strlen(m->title);
    int year;
    if (t->columns.at[KINO_CELL_YEAR] != NOWHERE || t->columns.at[KINO_CELL_DATE] != NOWHERE || n < 8 ||
        m->title[n - 7] != ' ' || m->title[n - 6] != '(' || !kino_value_year((kino_field){m->title + n - 6, 6}, &year))
        return;
    n = without_spaces(m->title, n - 7);
    kino_buffer b = {0};
    for (size_t i = 0; i < sizeof articles / sizeof *articles && !b.size; i++) {
        const size_t a = strlen(articles[i]);
        if (n > a && !memcmp(m->title + n - a, articles[i], a))
            kino_buffer_print(&b, "%s %.*s", articles[i] + 2, (int)without_spaces(m->title, n - a), m->title);
    }
    const bool same = m->original_title == m->title;
    m->title = b.size ? kino_arena_strdup(t->cleaner.arena, b.data) : kino_arena_strndup(t->cleaner.arena, m->title, n);
    m->original_title = same ? m->title : m->original_title;
    m->year = year;
    free(b.data);
}

int64_t kino_own_id(const kino_movie *m)
{
    const uint64_t first = KINO_OWN_IDS, titles = 2 * first, room = 700000000000000;
    kino_buffer b = {0};
    if (*m->imdb_id)
        return (int64_t)(first + strtoull(m->imdb_id + 2, NULL, 10) % first);
    kino_fold(&b, m->title, strlen(m->title));
    kino_buffer_print(&b, " %d", m->year);
    const uint64_t hash = kino_hash(KINO_HASH_START, b.data, b.size);
    free(b.data);
    return (int64_t)(titles + hash % room);
}

static const char *read_title(kino_table *t, kino_cell cell)
{
    const char *title = kino_clean_line(&t->cleaner, kino_table_cell(t, cell));
    return strcmp(title, "\\N") ? title : ""; /* with control characters in it, it was not seen before */
}

static void read_titles(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    m->title = read_title(t, KINO_CELL_TITLE);
    m->original_title = read_title(t, KINO_CELL_ORIGINAL_TITLE);
    if (!*m->title != !*m->original_title) {
        c->faults->n[KINO_FAULT_ONE_TITLE]++;
        if (!*m->title)
            m->title = m->original_title;
        else
            m->original_title = m->title;
    }
}

static const char *told(kino_table *t, kino_cell cell)
{
    const kino_field f = kino_table_cell(t, cell);
    return kino_value_absent(f) ? "" : kino_clean_line(&t->cleaner, f);
}

static void read_words(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    size_t *fault = c->faults->n;
    char imdb[16], language[4];
    kino_field f = kino_trim(kino_table_cell(t, KINO_CELL_IMDB));
    m->imdb_id = "";
    if (find_imdb(t, imdb))
        m->imdb_id = kino_arena_strdup(c->arena, imdb);
    else if (!kino_value_absent(f))
        bad(t, KINO_FAULT_BAD_IMDB, KINO_CELL_IMDB);

    f = kino_trim(kino_table_cell(t, KINO_CELL_LANGUAGE));
    m->language = "";
    if (kino_parse_language(f, language))
        m->language = kino_arena_strdup(c->arena, language);
    else if (kino_value_absent(f))
        fault[KINO_FAULT_NO_LANGUAGE]++;
    else
        bad(t, KINO_FAULT_BAD_LANGUAGE, KINO_CELL_LANGUAGE);

    m->overview = kino_clean_text(c, kino_table_cell(t, KINO_CELL_OVERVIEW));
    bool spaces = !*m->overview && kino_table_cell(t, KINO_CELL_OVERVIEW).size;
    if (!*m->overview && !spaces) {
        fault[KINO_FAULT_NO_OVERVIEW]++;
    } else if (spaces || kino_is_placeholder(c, m->overview)) {
        fault[KINO_FAULT_PLACEHOLDER]++;
        m->overview = "";
    }
    m->tagline = told(t, KINO_CELL_TAGLINE);
    m->status = told(t, KINO_CELL_STATUS);

    f = kino_trim(kino_table_cell(t, KINO_CELL_POSTER));
    m->poster_path = "";
    if (kino_is_poster(f))
        m->poster_path = kino_arena_strndup(c->arena, f.text, f.size);
    else if (!kino_value_absent(f))
        bad(t, KINO_FAULT_BAD_POSTER, KINO_CELL_POSTER);
}

/* A year in a column of its own decides the century of a date of two digits, and stands in for what is missing. */
static void read_date(kino_table *t, kino_movie *m)
{
    static const kino_fault reason[] = {[KINO_DATE_NONE] = KINO_FAULT_NO_DATE,
                                        [KINO_DATE_BAD] = KINO_FAULT_BAD_DATE,
                                        [KINO_DATE_OTHER] = KINO_FAULT_OTHER_DATE,
                                        [KINO_DATE_SHORT] = KINO_FAULT_SHORT_YEAR};
    char date[11] = "";
    int beside = 0;
    const kino_field year = kino_table_cell(t, KINO_CELL_YEAR);
    const bool told = kino_value_year(year, &beside);
    kino_date_form form = kino_value_date(kino_table_cell(t, KINO_CELL_DATE), date, &m->year);
    if (form == KINO_DATE_SHORT && told && (beside - m->year) % 100 == 0) {
        m->year = beside;
        memcpy(date, (char[5]){(char)('0' + beside / 1000 % 10), (char)('0' + beside / 100 % 10)}, 2);
        form = KINO_DATE_OTHER;
    }
    m->date = form > KINO_DATE_BAD ? kino_arena_strdup(t->cleaner.arena, date) : "";
    if (form <= KINO_DATE_BAD)
        m->year = beside;
    if (!told && !kino_value_absent(year))
        bad(t, KINO_FAULT_BAD_DATE, KINO_CELL_YEAR);
    if (form == KINO_DATE_BAD)
        bad(t, KINO_FAULT_BAD_DATE, KINO_CELL_DATE);
    else if (form != KINO_DATE_ISO && !(form == KINO_DATE_NONE && told))
        t->cleaner.faults->n[reason[form]]++;
}

/* A value that is there and not nonsense; otherwise NaN, with the reason counted. */
static double bounded(kino_table *t, kino_cell cell, bool read, double value, double most, kino_fault none,
                      kino_fault unread)
{
    if (read && value >= 0 && value <= most)
        return value;
    if (kino_value_absent(kino_table_cell(t, cell)))
        t->cleaner.faults->n[none]++;
    else
        bad(t, unread, cell);
    return NAN;
}

static double read_number(kino_table *t, kino_cell cell, kino_fault fault)
{
    double value = 0;
    const bool read = kino_value_number(kino_table_cell(t, cell), &value);
    return bounded(t, cell, read, value, 1e12, fault, fault); /* a bound against nonsense alone */
}

static double read_mark(kino_table *t)
{
    double value = 0, of;
    const bool read = kino_value_mark(kino_table_cell(t, KINO_CELL_RATING), &value, &of);
    return bounded(t, KINO_CELL_RATING, read, of > 0 ? value / of * 10 : value, 10, KINO_FAULT_NO_RATING,
                   KINO_FAULT_BAD_RATING);
}

static void read_numbers(kino_table *t, kino_movie *m)
{
    enum { LONGEST = 60000 }; /* the longest film runs 51,420 minutes */
    size_t *fault = t->cleaner.faults->n;
    double minutes = 0;
    const bool read = kino_value_minutes(kino_table_cell(t, KINO_CELL_RUNTIME), &minutes);
    m->runtime = bounded(t, KINO_CELL_RUNTIME, read, minutes, LONGEST, KINO_FAULT_NO_RUNTIME, KINO_FAULT_BAD_RUNTIME);
    if (m->runtime == 0) {
        fault[KINO_FAULT_ZERO_RUNTIME]++;
        m->runtime = NAN;
    }
    double votes = read_number(t, KINO_CELL_VOTES, KINO_FAULT_NO_VOTES);
    m->votes = isnan(votes) ? -1 : (int64_t)votes;
    m->rating = read_mark(t);
    if (m->rating == 0 || (!isnan(m->rating) && m->votes == 0)) {
        fault[KINO_FAULT_ZERO_RATING]++;
        m->rating = NAN;
    }
    kino_field f = kino_table_cell(t, KINO_CELL_POPULARITY);
    m->popularity = read_number(t, KINO_CELL_POPULARITY, KINO_FAULT_NO_POPULARITY);
    if (!isnan(m->popularity) && (memchr(f.text, 'e', f.size) || memchr(f.text, 'E', f.size)))
        fault[KINO_FAULT_SCIENTIFIC]++;
}

static kino_list read_list(kino_table *t, kino_cell cell, kino_vocable words, kino_fault fault)
{
    t->names.count = 0;
    if (!kino_read_names(&t->cleaner, &t->tree, kino_table_cell(t, cell), words, &t->names))
        bad(t, fault, cell);
    return kino_names_finish(&t->names, t->cleaner.arena);
}

/* The first of the cast, from one column or from four. */
static kino_list read_cast(kino_table *t)
{
    t->names.count = 0;
    for (int cell = KINO_CELL_CAST; cell <= KINO_CELL_STAR4; cell++)
        if (!kino_read_people(&t->cleaner, &t->tree, kino_table_cell(t, (kino_cell)cell), NULL, KINO_CAST, &t->names))
            bad(t, KINO_FAULT_BAD_CREDITS, (kino_cell)cell);
    if (t->names.count > KINO_CAST)
        t->names.count = KINO_CAST;
    return kino_names_finish(&t->names, t->cleaner.arena);
}

static kino_list read_directors(kino_table *t)
{
    const bool crew = t->columns.at[KINO_CELL_DIRECTORS] == NOWHERE;
    const kino_cell cell = crew ? KINO_CELL_CREW : KINO_CELL_DIRECTORS;
    t->names.count = 0;
    if (!kino_read_people(&t->cleaner, &t->tree, kino_table_cell(t, cell), crew ? KINO_DIRECTS : NULL, KINO_LIMIT_LIST,
                          &t->names))
        bad(t, KINO_FAULT_BAD_CREDITS, cell);
    return kino_names_finish(&t->names, t->cleaner.arena);
}

static kino_list read_writers(kino_table *t)
{
    t->names.count = 0;
    if (!kino_read_people(&t->cleaner, &t->tree, kino_table_cell(t, KINO_CELL_CREW), KINO_WRITES, KINO_LIMIT_LIST,
                          &t->names))
        bad(t, KINO_FAULT_BAD_CREDITS, KINO_CELL_CREW);
    return kino_names_finish(&t->names, t->cleaner.arena);
}

void kino_table_movie(kino_table *t, kino_movie *m)
{
    kino_cleaner *c = &t->cleaner;
    *m = (kino_movie){0};
    read_titles(t, m);
    read_words(t, m);
    read_date(t, m);
    read_numbers(t, m);
    if (!kino_read_named(c, &t->tree, kino_table_cell(t, KINO_CELL_COLLECTION), &m->collection))
        bad(t, KINO_FAULT_BAD_COLLECTION, KINO_CELL_COLLECTION);
    m->genres = read_list(t, KINO_CELL_GENRES, KINO_VOCABLE_GENRES, KINO_FAULT_BAD_GENRES);
    m->keywords = read_list(t, KINO_CELL_KEYWORDS, KINO_VOCABLE_ANY, KINO_FAULT_BAD_KEYWORDS);
    m->countries = read_list(t, KINO_CELL_COUNTRIES, KINO_VOCABLE_ANY, KINO_FAULT_BAD_COUNTRIES);
    m->cast = read_cast(t);
    m->directors = read_directors(t);
    m->writers = read_writers(t);
    m->characters = kino_read_characters(c, &t->tree, kino_table_cell(t, KINO_CELL_CAST), &m->cast);
    split_title(t, m);
    if (!kino_parse_id(kino_table_cell(t, KINO_CELL_ID), &m->id))
        m->id = kino_own_id(m);
    c->faults->n[KINO_FAULT_NOT_UTF8] += c->not_utf8;
    c->faults->n[KINO_FAULT_CONTROL] += c->control;
}
