#include "ingest/movies.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/limits.h"
#include "base/status.h"
#include "base/utf8.h"
#include "ingest/csv.h"
#include "ingest/literal.h"

enum { CAST = 10, ASK_EVERY = 512 };  /* actors kept of a film; rows between two looks at `cancel` */

typedef enum column {
    ADULT, COLLECTION, GENRES, ID, IMDB_ID, LANGUAGE, ORIGINAL_TITLE, OVERVIEW, POPULARITY, POSTER, COUNTRIES, DATE,
    RUNTIME, STATUS, TAGLINE, TITLE, RATING, VOTES, KEYWORDS, COLUMNS,
} column;

static const char *const column_names[COLUMNS] = {
    "adult", "belongs_to_collection", "genres", "id", "imdb_id", "original_language", "original_title", "overview",
    "popularity", "poster_path", "production_countries", "release_date", "runtime", "status", "tagline", "title",
    "vote_average", "vote_count", "keywords",
};

void kino_count_fault(kino_build_report *report, const char *what)
{
    for (size_t i = 0; i < report->faults_count; i++)
        if (!strcmp(report->faults[i].what, what)) {
            report->faults[i].count++;
            return;
        }
    if (report->faults_count < KINO_REPORT_COUNTS)
        report->faults[report->faults_count++] = (kino_count){what, 1};
}

void kino_movies_free(kino_movies *m)
{
    kino_arena_free(&m->arena);
    free(m->items);
    *m = (kino_movies){0};
}

/* ---- cells ---- */

typedef struct reader {
    kino_csv csv;
    int at[COLUMNS];          /* position of each column, -1: absent */
    size_t width;
    kino_movies *out;
    kino_build_report *report;
    kino_arena scratch;       /* of one row */
    kino_buffer text;
} reader;

static kino_field cell(const reader *r, column c)
{
    return r->at[c] >= 0 && (size_t)r->at[c] < r->csv.count ? r->csv.fields[r->at[c]] : (kino_field){"", 0};
}

static bool is_digits(kino_field f)
{
    for (size_t i = 0; i < f.size; i++)
        if (f.text[i] < '0' || f.text[i] > '9')
            return false;
    return f.size > 0 && f.size < 18;
}

static bool is_boolean(kino_field f)
{
    return !strcasecmp(f.text, "true") || !strcasecmp(f.text, "false");
}

/* White space at the ends removed, invalid bytes replaced. */
static const char *clean_text(reader *r, kino_field f)
{
    while (f.size && strchr(" \t\r\n", f.text[0]))
        f.text++, f.size--;
    while (f.size && strchr(" \t\r\n", f.text[f.size - 1]))
        f.size--;
    r->text.size = 0;
    kino_buffer_put(&r->text, "", 0);
    kino_utf8_clean(&r->text, f.text, f.size);
    if (r->text.size != f.size || memcmp(r->text.data, f.text, f.size))
        kino_count_fault(r->report, "text with bytes that are not UTF-8");
    return kino_arena_strndup(&r->out->arena, r->text.data, r->text.size);
}

static double number(reader *r, column c, const char *fault)
{
    kino_field f = cell(r, c);
    char *end;
    if (!f.size)
        return NAN;
    double v = strtod(f.text, &end);
    while (*end == ' ')
        end++;
    if (*end || !isfinite(v)) {
        kino_count_fault(r->report, fault);
        return NAN;
    }
    if (c == POPULARITY && strpbrk(f.text, "eE"))
        kino_count_fault(r->report, "popularity in scientific notation (read)");
    return v;
}

/* "1995-10-30", or as spreadsheets write it, "10/30/1995" or "10/30/95". */
static void date(reader *r, kino_movie *m)
{
    kino_field f = cell(r, DATE);
    int y = 0, mo = 0, d = 0, n = 0;
    m->date = "";
    if (!f.size)
        return;
    bool fine = sscanf(f.text, "%4d-%2d-%2d%n", &y, &mo, &d, &n) == 3 && (size_t)n == f.size;
    if (!fine && sscanf(f.text, "%2d/%2d/%4d%n", &mo, &d, &y, &n) == 3 && (size_t)n == f.size) {
        if (y < 100)
            y += y < 30 ? 2000 : 1900;  /* the pivot that spreadsheets use */
        fine = true;
        kino_count_fault(r->report, "date as a spreadsheet writes it (read)");
    }
    if (!fine || y < 1870 || y > 2200 || mo < 1 || mo > 12 || d < 1 || d > 31) {
        kino_count_fault(r->report, "release date that is none");
        return;
    }
    char iso[40];
    snprintf(iso, sizeof iso, "%04d-%02d-%02d", y, mo, d);
    m->date = kino_arena_strdup(&r->out->arena, iso);
    m->year = y;
}

/* A list of {"id", "name"}; with `job`, of those that have it. At most `most`. */
static kino_list list_of(reader *r, const kino_value *v, const char *id_key, const char *job, size_t most)
{
    size_t n = 0;
    for (const kino_value *e = v->child; e; e = e->next)
        n++;
    kino_named *items = kino_arena_alloc(&r->out->arena, (n ? n : 1) * sizeof *items);
    n = 0;
    for (const kino_value *e = v->child; e && n < most; e = e->next) {
        const char *name = kino_value_text(e, "name"), *does = job ? kino_value_text(e, "job") : NULL;
        if (name && *name && (!job || (does && !strcmp(does, job))))
            items[n++] = (kino_named){kino_value_id(e, id_key), kino_arena_strdup(&r->out->arena, name)};
    }
    return (kino_list){items, n};
}

static const kino_value *literal(reader *r, kino_field f, kino_value_kind kind, const char *fault)
{
    if (!f.size || !strcmp(f.text, "[]") || !strcmp(f.text, "{}"))
        return NULL;
    const kino_value *v = kino_literal_parse(&r->scratch, f.text, f.size);
    if (!v || v->kind != kind) {
        kino_count_fault(r->report, fault);
        return NULL;
    }
    return v;
}

static kino_list named_list(reader *r, column c, const char *id_key, const char *fault)
{
    const kino_value *v = literal(r, cell(r, c), KINO_VALUE_LIST, fault);
    return v ? list_of(r, v, id_key, NULL, KINO_LIMIT_LIST) : (kino_list){NULL, 0};
}

/* ---- rows ---- */

static void read_row(reader *r, kino_movie *m)
{
    *m = (kino_movie){.collection.name = ""};
    m->id = strtoll(cell(r, ID).text, NULL, 10);
    m->imdb_id = clean_text(r, cell(r, IMDB_ID));
    m->title = clean_text(r, cell(r, TITLE));
    m->original_title = clean_text(r, cell(r, ORIGINAL_TITLE));
    m->language = clean_text(r, cell(r, LANGUAGE));
    m->overview = clean_text(r, cell(r, OVERVIEW));
    m->tagline = clean_text(r, cell(r, TAGLINE));
    m->status = clean_text(r, cell(r, STATUS));
    m->poster_path = clean_text(r, cell(r, POSTER));
    date(r, m);
    m->runtime = number(r, RUNTIME, "runtime that is no number");
    m->rating = number(r, RATING, "rating that is no number");
    m->popularity = number(r, POPULARITY, "popularity that is no number");
    double votes = number(r, VOTES, "vote count that is no number");
    m->votes = votes >= 0 && votes < 1e12 ? (int64_t)votes : -1;
    m->genres = named_list(r, GENRES, "id", "genres that cannot be read");
    m->keywords = named_list(r, KEYWORDS, "id", "keywords that cannot be read");
    m->countries = named_list(r, COUNTRIES, "id", "countries that cannot be read");
    const kino_value *v = literal(r, cell(r, COLLECTION), KINO_VALUE_DICT, "collection that cannot be read");
    const char *name = kino_value_text(v, "name");
    if (name)
        m->collection = (kino_named){kino_value_id(v, "id"), kino_arena_strdup(&r->out->arena, name)};
}

static kino_status open_csv(const char *path, FILE **out, kino_error *err)
{
    *out = strcmp(path, "-") ? fopen(path, "rb") : stdin;
    return *out ? KINO_OK : kino_fail_errno(err, errno == ENOENT ? KINO_NOT_FOUND : KINO_FAILED, "%s", path);
}

static void close_csv(FILE *f)
{
    if (f && f != stdin)
        fclose(f);
}

static kino_status read_header(reader *r, const char *path, kino_error *err)
{
    kino_status st = kino_csv_next(&r->csv, err);
    if (st)
        return st;
    r->width = r->csv.count;
    for (int c = 0; c < COLUMNS; c++) {
        r->at[c] = -1;
        for (size_t i = 0; i < r->csv.count; i++)
            if (!strcmp(r->csv.fields[i].text, column_names[c]) ||
                (c == ID && r->at[ID] < 0 && !strcmp(r->csv.fields[i].text, "tmdb_id")))
                r->at[c] = (int)i;
    }
    static const column needed[] = {ID, TITLE, GENRES, OVERVIEW};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++)
        if (r->at[needed[i]] < 0)
            return kino_fail(err, KINO_DAMAGED, "%s, line 1: no column \"%s\"; is this movies_metadata.csv or "
                             "tmdb_5000_movies.csv?", path, column_names[needed[i]]);
    return KINO_OK;
}

/* A row whose overview had a newline outside quotes comes as two records: the first ends in the overview, the second
 * begins there, so its fields 1 to 14 are columns 10 to 23 of the Movies Dataset. */
static bool is_tail(const reader *r)
{
    return r->at[ADULT] == 0 && !is_digits(cell(r, ID)) && !is_boolean(cell(r, ADULT)) && r->csv.count >= 15;
}

static void join_tail(reader *r, kino_movie *m)
{
    kino_buffer overview = {0};
    kino_field shifted[KINO_LIMIT_COLUMNS];
    memset(shifted, 0, sizeof shifted);
    kino_movie half = *m, whole;
    kino_buffer_print(&overview, "%s\n%s", m->overview, r->csv.fields[0].text);
    size_t count = r->csv.count;
    memcpy(shifted, r->csv.fields, sizeof shifted);
    for (size_t i = 0; i < 24; i++)
        r->csv.fields[i] = i >= 10 && i - 9 < count ? shifted[i - 9] : (kino_field){"", 0};
    r->csv.count = 24;
    read_row(r, &whole);
    *m = whole;
    m->id = half.id;
    m->imdb_id = half.imdb_id;
    m->genres = half.genres;
    m->language = half.language;
    m->original_title = half.original_title;
    m->collection = half.collection;
    m->overview = kino_arena_strndup(&r->out->arena, overview.data, overview.size);
    free(overview.data);
}

static kino_movie *push(kino_movies *m)
{
    if (m->count == m->capacity) {
        m->capacity = m->capacity ? 2 * m->capacity : 1024;
        m->items = kino_resize_array(m->items, m->capacity, sizeof *m->items);
    }
    return &m->items[m->count++];
}

kino_status kino_movies_read(const char *path, bool join, kino_movies *out, kino_build_report *report,
                             const volatile sig_atomic_t *cancel, kino_error *err)
{
    reader *r = kino_alloc(sizeof *r);
    FILE *f = NULL;
    r->out = out;
    r->report = report;
    kino_status st = open_csv(path, &f, err);
    if (st)
        goto done;
    kino_csv_init(&r->csv, f, path);
    st = read_header(r, path, err);
    bool open_half = false;  /* the record before could be the first half of a split row */
    while (!st && !(st = kino_csv_next(&r->csv, err)) && r->csv.count) {
        report->rows++;
        if (report->rows % ASK_EVERY == 0 && cancel && *cancel) {
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted while reading %s", path);
            break;
        }
        kino_arena_free(&r->scratch);
        if (is_tail(r)) {
            if (join && open_half) {
                join_tail(r, &out->items[out->count - 1]);
                kino_count_fault(report, "row split in two by a newline (joined)");
            } else {
                kino_count_fault(report, "second half of a split row (dropped)");
            }
            open_half = false;
            continue;
        }
        if (!is_digits(cell(r, ID)) || strtoll(cell(r, ID).text, NULL, 10) <= 0) {
            kino_count_fault(report, "row without an id (dropped)");
            continue;
        }
        if (out->count == KINO_LIMIT_FILMS) {
            st = kino_fail(err, KINO_FAILED, "%s: more than %d films", path, KINO_LIMIT_FILMS);
            break;
        }
        kino_movie *m = push(out);
        read_row(r, m);
        open_half = !cell(r, TITLE).size && !cell(r, STATUS).size;
        if (!strcasecmp(cell(r, ADULT).text, "true") && join) {
            kino_count_fault(report, "adult film (dropped)");
            out->count--;
        }
    }
done:
    close_csv(f);
    kino_csv_free(&r->csv);
    kino_arena_free(&r->scratch);
    free(r->text.data);
    free(r);
    return st;
}

/* ---- companion files ---- */

typedef struct by_id {
    int64_t id;
    size_t row;
} by_id;

static int ascending(const void *a, const void *b)
{
    const by_id *x = a, *y = b;
    return x->id != y->id ? (x->id > y->id) - (x->id < y->id) : (x->row > y->row) - (x->row < y->row);
}

static size_t first_of(const by_id *index, size_t n, int64_t id)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t mid = low + (high - low) / 2;
        if (index[mid].id < id)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}

static int find_column(const kino_csv *csv, const char *name)
{
    for (size_t i = 0; i < csv->count; i++)
        if (!strcmp(csv->fields[i].text, name))
            return (int)i;
    return -1;
}

/* keywords.csv (id, keywords) and credits.csv (id or movie_id, cast, crew), joined by id. An id that repeats in the
 * companion file counts once. */
static kino_status join_companion(const char *path, kino_movies *films, kino_build_report *report, kino_error *err)
{
    reader *r = kino_alloc(sizeof *r);
    by_id *index = kino_alloc_array(films->count, sizeof *index);
    FILE *f = NULL;
    r->out = films;
    r->report = report;
    for (size_t i = 0; i < films->count; i++)
        index[i] = (by_id){films->items[i].id, i};
    qsort(index, films->count, sizeof *index, ascending);
    kino_status st = open_csv(path, &f, err);
    if (st)
        goto done;
    kino_csv_init(&r->csv, f, path);
    st = kino_csv_next(&r->csv, err);
    if (st)
        goto done;
    int id = find_column(&r->csv, "id"), keywords = find_column(&r->csv, "keywords");
    int cast = find_column(&r->csv, "cast"), crew = find_column(&r->csv, "crew");
    if (id < 0)
        id = find_column(&r->csv, "movie_id");
    if (id < 0 || (keywords < 0 && cast < 0 && crew < 0)) {
        st = kino_fail(err, KINO_DAMAGED, "%s, line 1: no columns id and keywords, or id, cast and crew; is this "
                       "keywords.csv or credits.csv?", path);
        goto done;
    }
    while (!(st = kino_csv_next(&r->csv, err)) && r->csv.count) {
        kino_arena_free(&r->scratch);
        int64_t film = (size_t)id < r->csv.count ? strtoll(r->csv.fields[id].text, NULL, 10) : 0;
        size_t at = first_of(index, films->count, film);
        if (at == films->count || index[at].id != film)
            continue;
        kino_list words = {0}, actors = {0}, directors = {0};
        for (int part = 0; part < 3; part++) {
            int column = part == 0 ? keywords : part == 1 ? cast : crew;
            if (column < 0 || (size_t)column >= r->csv.count)
                continue;
            const kino_value *v = literal(r, r->csv.fields[column], KINO_VALUE_LIST, "companion list that cannot be read");
            if (v && part == 0)
                words = list_of(r, v, "id", NULL, KINO_LIMIT_LIST);
            else if (v && part == 1)
                actors = list_of(r, v, "id", NULL, CAST);
            else if (v)
                directors = list_of(r, v, "id", "Director", KINO_LIMIT_LIST);
        }
        for (; at < films->count && index[at].id == film; at++) {
            kino_movie *m = &films->items[index[at].row];
            m->keywords = words.count ? words : m->keywords;
            m->cast = actors.count ? actors : m->cast;
            m->directors = directors.count ? directors : m->directors;
        }
    }
done:
    close_csv(f);
    kino_csv_free(&r->csv);
    kino_arena_free(&r->scratch);
    free(r->text.data);
    free(r);
    free(index);
    return st;
}

kino_status kino_ingest(const kino_build_request *req, kino_movies *out, kino_build_report *report,
                        const volatile sig_atomic_t *cancel, kino_error *err)
{
    const bool classic = req->recipe == KINO_RECIPE_CLASSIC;
    kino_status st = kino_movies_read(req->csv, !classic, out, report, cancel, err);
    if (!st && req->keywords)
        st = join_companion(req->keywords, out, report, err);
    if (!st && req->credits)
        st = join_companion(req->credits, out, report, err);
    if (st) {
        kino_movies_free(out);
        return st;
    }
    if (classic)
        kino_clean_classic(out, report);
    else
        kino_clean_default(out, report);
    return KINO_OK;
}
