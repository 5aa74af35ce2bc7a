/* history_csv.c - histories that are tables: the columns are found by their names, letters and digits of which
 * count. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "ingest/columns.h"
#include "ingest/entries.h"
#include "ingest/links.h"
#include "ingest/values.h"

enum { PREAMBLE = 8 }; /* records in front of the header */

typedef struct columns {
    kino_columns known;
    bool letterboxd, imdb, netflix; /* a column that only they have, or the two that Netflix writes */
} columns;

static bool has(const columns *c, kino_cell cell)
{
    return c->known.at[cell] != SIZE_MAX;
}

/* Whether a record is a header: one that tells by what its films can be known. A day or a link beside the title is
 * enough in the first record alone: an exported list has a line of that kind about itself. */
static bool find_columns(const kino_field *f, size_t count, bool first, columns *out)
{
    enum { STRONG = 6 };
    static const kino_cell beside[] = {KINO_CELL_YEAR, KINO_CELL_DATE, KINO_CELL_MARK, KINO_CELL_OWN,
                                       KINO_CELL_TEN,  KINO_CELL_TYPE, KINO_CELL_SEEN, KINO_CELL_LINK};
    *out = (columns){0};
    kino_columns_find(f, count, KINO_TABLE_HISTORY, NULL, 0, &out->known);
    for (size_t c = 0; c < count; c++) {
        char name[KINO_COLUMN_NAME];
        kino_columns_plain(f[c], name);
        out->letterboxd = out->letterboxd || !strcmp(name, "letterboxduri");
        out->imdb = out->imdb || !strcmp(name, "const");
        out->netflix = out->netflix || !strcmp(name, "supplementalvideotype");
    }
    out->netflix = out->netflix || (count == 2 && kino_field_is(f[0], "title") && kino_field_is(f[1], "date"));
    if (has(out, KINO_CELL_ID) || has(out, KINO_CELL_IMDB) || has(out, KINO_CELL_MOVIE_ID))
        return true;
    bool told = count == 1;
    for (size_t i = 0; i < (first ? sizeof beside / sizeof *beside : STRONG); i++)
        told = told || has(out, beside[i]);
    return told && has(out, KINO_CELL_TITLE);
}

static kino_field cell(const columns *c, kino_cell which, const kino_field *f, size_t count)
{
    return c->known.at[which] < count ? kino_trim(f[c->known.at[which]]) : (kino_field){"", 0};
}

/* Goes to the record behind the header, which may have lines about the file in front of it. */
static bool find_header(kino_csv *csv, columns *out, kino_entries *w)
{
    const kino_field *f;
    size_t count;
    kino_buffer unused = {0};
    for (int i = 0; i < PREAMBLE; i++) {
        if (kino_csv_next(csv, &f, &count, NULL) || !count)
            return false;
        if (!find_columns(f, count, i == 0, out))
            continue;
        kino_columns_unused(&out->known, f, &unused);
        if (unused.size)
            kino_entries_remark(w, 0, "", "columns not used: %s", unused.data);
        free(unused.data);
        return true;
    }
    return false;
}

static void read_ids(const columns *c, const kino_field *f, size_t count, int64_t *tmdb, char imdb[16])
{
    if (!kino_parse_id(cell(c, KINO_CELL_ID, f, count), tmdb))
        *tmdb = 0;
    if (!kino_parse_imdb(cell(c, KINO_CELL_IMDB, f, count), imdb))
        imdb[0] = 0;
}

/* ---- the table ---- */

/* IMDb's "TV Series", "TV Mini Series", "TV Episode", "Podcast Episode", "Video Game"; and what has seasons. */
static bool is_no_film(const columns *c, const kino_field *f, size_t count)
{
    const kino_work kind = kino_value_kind(cell(c, KINO_CELL_TYPE, f, count));
    double number;
    for (int part = KINO_CELL_SEASON; part <= KINO_CELL_EPISODE; part++) {
        const kino_field value = cell(c, (kino_cell)part, f, count);
        if (!kino_value_absent(value) && (!kino_value_number(value, &number) || number > 0))
            return true;
    }
    return kind == KINO_WORK_OTHER ||
           (kind == KINO_WORK_UNSAID && kino_value_is_episode(cell(c, KINO_CELL_TITLE, f, count).text));
}

static void read_year(const columns *c, const kino_field *f, size_t count, kino_entries *out, kino_entry *w)
{
    const kino_field year = cell(c, KINO_CELL_YEAR, f, count), release = cell(c, KINO_CELL_DATE, f, count);
    char date[11];
    int told;
    if (kino_value_year(year, &w->year))
        return;
    if (!kino_value_absent(year)) {
        kino_entries_remark(out, w->line, kino_no_year, "\"%.40s\" is no year", year.text);
        w->year_unread = true;
    } else if (kino_value_date(release, date, &told) > KINO_DATE_BAD)
        w->year = told;
}

/* The ratings of the columns: of one that is the person's own for certain, and of one that may be. */
typedef struct ratings {
    kino_marks own, other;
} ratings;

static void read_rating(const columns *c, const kino_field *f, size_t count, kino_entries *out, ratings *r)
{
    const kino_field own = cell(c, has(c, KINO_CELL_OWN) ? KINO_CELL_OWN : KINO_CELL_TEN, f, count);
    const kino_field mark = cell(c, KINO_CELL_MARK, f, count);
    if (!kino_value_absent(own) || has(c, KINO_CELL_OWN)) /* beside "Your Rating", "Rating" is everybody's */
        kino_marks_read(&r->own, out, own.text, own.size);
    else
        kino_marks_read(&r->other, out, mark.text, mark.size);
}

/* False when its link is to a series. */
static bool read_entry(const columns *c, const kino_field *f, size_t count, kino_entries *out, kino_entry *w)
{
    const kino_field title = cell(c, KINO_CELL_TITLE, f, count), date = cell(c, KINO_CELL_SEEN, f, count),
                     other = cell(c, KINO_CELL_ORIGINAL_TITLE, f, count);
    read_ids(c, f, count, &w->tmdb, w->imdb);
    w->title = kino_entries_text(out, title.text, title.size);
    w->other = kino_entries_text(out, other.text, other.size);
    read_year(c, f, count, out, w);
    w->day = kino_entry_day(date.text, date.size);
    w->waiting = kino_value_is_waiting(cell(c, KINO_CELL_STATE, f, count));
    return kino_entry_link(w, cell(c, KINO_CELL_LINK, f, count).text);
}

/* The one user whose films these are; false for a line of another one. */
static kino_status is_user(const char *path, const kino_csv *csv, kino_field f, int64_t wanted, int64_t *user, bool *is,
                           kino_error *err)
{
    int64_t id;
    if (!kino_parse_id(f, &id))
        return kino_fail(err, KINO_DAMAGED, "%s: line %zu: \"%s\" is no user", path, kino_csv_line(csv), f.text);
    *is = id == (wanted ? wanted : *user ? *user : id);
    if (!wanted && !*is)
        return kino_fail(err, KINO_USAGE, "%s: line %zu: the ratings of several users; name one: --user %lld", path,
                         kino_csv_line(csv), (long long)*user);
    *user = id;
    return KINO_OK;
}

static kino_status read_rows(const char *path, kino_csv *csv, const columns *c, const kino_movielens *l, int64_t wanted,
                             kino_entries *out, ratings *r, kino_error *err)
{
    const kino_field *f;
    size_t count = 0;
    int64_t user = 0, own;
    kino_status st;
    while (true) {
        bool mine = true;
        st = kino_csv_next(csv, &f, &count, err);
        if (st || !count)
            break;
        if (has(c, KINO_CELL_USER))
            st = is_user(path, csv, cell(c, KINO_CELL_USER, f, count), wanted, &user, &mine, err);
        if (st)
            break;
        if (!mine)
            continue;
        if (is_no_film(c, f, count)) {
            kino_entries_skip(out, kino_csv_line(csv));
            continue;
        }
        kino_entry *w = kino_entries_add(out, kino_csv_line(csv));
        if (!read_entry(c, f, count, out, w)) {
            out->count--;
            kino_entries_skip(out, kino_csv_line(csv));
            continue;
        }
        read_rating(c, f, count, out, r);
        if (!has(c, KINO_CELL_MOVIE_ID) || w->tmdb || *w->imdb)
            continue;
        const kino_link *link =
            kino_parse_id(cell(c, KINO_CELL_MOVIE_ID, f, count), &own) ? kino_movielens_get(l, own) : NULL;
        if (link) {
            w->tmdb = link->tmdb;
            memcpy(w->imdb, link->imdb, sizeof w->imdb);
        }
    }
    if (!st && wanted && !out->count && has(c, KINO_CELL_USER))
        st = kino_fail(err, KINO_NOT_FOUND, "%s: no ratings of user %lld", path, (long long)wanted);
    return st;
}

kino_status kino_entries_table(const char *path, const char *bytes, size_t size, const char *links_path, int64_t user,
                               kino_entries *out, bool *is, kino_error *err)
{
    columns c;
    kino_movielens l = {0};
    ratings r = {0};
    kino_status st = KINO_OK;
    kino_csv *csv = kino_csv_from_bytes(bytes, size, path);
    *is = find_header(csv, &c, out);
    if (!*is)
        goto done;
    const bool movielens = has(&c, KINO_CELL_MOVIE_ID);
    if (bytes[0] == 'L' && size > 10 && !memcmp(bytes, "Letterboxd", 10))
        out->kind = "Letterboxd"; /* an exported list has no column of their own */
    else if (movielens)
        out->kind = "MovieLens";
    else if (c.imdb)
        out->kind = "IMDb";
    else
        out->kind = c.letterboxd ? "Letterboxd" : c.netflix ? "Netflix" : "list";
    if (movielens && !has(&c, KINO_CELL_ID) && !has(&c, KINO_CELL_IMDB))
        st = kino_movielens_read(path, links_path, &l, err);
    if (!st)
        st = read_rows(path, csv, &c, &l, user, out, &r, err);
    kino_marks_scale(&r.own, out, 10);
    kino_marks_scale(&r.other, out, c.letterboxd ? 5 : 0);
done:
    kino_movielens_free(&l);
    kino_csv_close(csv);
    return st;
}
