/* history_csv.c - histories that are tables: the columns are found by their names, letters and digits of which
 * count. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/idmap.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"
#include "ingest/clean.h"
#include "ingest/entries.h"

typedef enum role { TMDB, IMDB, MOVIELENS, USER, TITLE, YEAR, POINTS, RATING, DATE, TYPE, ROLES } role;

/* Where several columns have a role, the first of this list takes it: a diary has the day of the entry too. */
static const struct {
    const char *name;
    role role;
} names[] = {
    {"tmdbid", TMDB},       {"tmdb", TMDB},         {"imdbid", IMDB},     {"imdb", IMDB},       {"const", IMDB},
    {"movieid", MOVIELENS}, {"userid", USER},       {"name", TITLE},      {"title", TITLE},     {"year", YEAR},
    {"releaseyear", YEAR},  {"yourrating", POINTS}, {"yourated", POINTS}, {"rating10", POINTS}, {"rating", RATING},
    {"watcheddate", DATE},  {"daterated", DATE},    {"date", DATE},       {"timestamp", DATE},  {"created", DATE},
    {"titletype", TYPE},
};

enum { PREAMBLE = 8, NAME = 24 }; /* records in front of the header; letters of a column's name that are looked at */

typedef struct columns {
    size_t at[ROLES];      /* SIZE_MAX: there is none */
    bool letterboxd, imdb; /* a column that only they have */
} columns;

static void plain_name(kino_field f, char out[NAME])
{
    size_t n = 0;
    for (size_t i = 0; i < f.size && n + 1 < NAME; i++)
        if (isalnum((unsigned char)f.text[i]))
            out[n++] = (char)tolower((unsigned char)f.text[i]);
    out[n] = 0;
}

/* Whether a record is a header: one that tells by what its films can be known. */
static bool find_columns(const kino_field *f, size_t count, columns *out)
{
    size_t best[ROLES];
    *out = (columns){0};
    for (int r = 0; r < ROLES; r++)
        out->at[r] = best[r] = SIZE_MAX;
    for (size_t c = 0; c < count; c++) {
        char name[NAME];
        plain_name(f[c], name);
        out->letterboxd = out->letterboxd || !strcmp(name, "letterboxduri");
        out->imdb = out->imdb || !strcmp(name, "const");
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const role r = names[i].role;
            if (strcmp(name, names[i].name) || i >= best[r])
                continue;
            best[r] = i;
            out->at[r] = c;
        }
    }
    if (out->at[TMDB] < count || out->at[IMDB] < count || out->at[MOVIELENS] < count)
        return true;
    return out->at[TITLE] < count &&
           (count == 1 || out->at[YEAR] < count || out->at[RATING] < count || out->at[POINTS] < count);
}

static kino_field cell(const columns *c, role r, const kino_field *f, size_t count)
{
    return c->at[r] < count ? kino_trim(f[c->at[r]]) : (kino_field){"", 0};
}

/* Goes to the record behind the header, which may have lines about the file in front of it. */
static bool find_header(kino_csv *csv, columns *out)
{
    const kino_field *f;
    size_t count;
    for (int i = 0; i < PREAMBLE; i++) {
        if (kino_csv_next(csv, &f, &count, NULL) || !count)
            return false;
        if (find_columns(f, count, out))
            return true;
    }
    return false;
}

/* ---- MovieLens: its own numbers to ids ---- */

typedef struct movielens_link {
    int64_t tmdb;
    char imdb[16];
} movielens_link;

typedef struct movielens_links {
    kino_idmap places;
    movielens_link *items;
    size_t count, capacity;
} movielens_links;

static void free_links(movielens_links *l)
{
    kino_idmap_free(&l->places);
    free(l->items);
}

/* links.csv in the folder of ratings.csv. */
static char *beside(const char *path)
{
    kino_buffer b = {0};
    const char *slash = strrchr(path, '/');
    kino_buffer_put(&b, path, slash ? (size_t)(slash - path) + 1 : 0);
    kino_buffer_print(&b, "links.csv");
    return b.data;
}

static void read_ids(const columns *c, const kino_field *f, size_t count, int64_t *tmdb, char imdb[16])
{
    if (!kino_parse_id(cell(c, TMDB, f, count), tmdb))
        *tmdb = 0;
    if (!kino_parse_imdb(cell(c, IMDB, f, count), imdb))
        imdb[0] = 0;
}

static kino_status read_links(const char *path, const char *given, movielens_links *out, kino_error *err)
{
    kino_csv *csv = NULL;
    columns c;
    const kino_field *f;
    size_t count = 0;
    char *name = given ? kino_strdup(given) : beside(path);
    kino_status st = kino_csv_open(name, &csv, err);
    if (st == KINO_NOT_FOUND && !given)
        st = kino_fail(err, KINO_USAGE, "%s: MovieLens numbers films itself; name its links.csv with --links", path);
    if (!st &&
        (!find_header(csv, &c) || c.at[MOVIELENS] == SIZE_MAX || (c.at[TMDB] == SIZE_MAX && c.at[IMDB] == SIZE_MAX)))
        st = kino_fail(err, KINO_DAMAGED, "%s: line 1: not MovieLens' links.csv: movieId, imdbId, tmdbId", name);
    while (!st) {
        int64_t id;
        st = kino_csv_next(csv, &f, &count, err);
        if (st || !count)
            break;
        if (!kino_parse_id(cell(&c, MOVIELENS, f, count), &id))
            continue;
        if (out->count == out->capacity) {
            out->capacity = out->capacity ? 2 * out->capacity : 1024;
            out->items = kino_resize_array(out->items, out->capacity, sizeof *out->items);
        }
        movielens_link *one = &out->items[out->count];
        read_ids(&c, f, count, &one->tmdb, one->imdb);
        *kino_idmap_at(&out->places, id) = (uint32_t)out->count++;
    }
    kino_csv_close(csv);
    free(name);
    return st;
}

/* ---- the table ---- */

static bool contains(kino_field f, const char *word)
{
    char name[NAME];
    plain_name(f, name);
    return strstr(name, word) != NULL;
}

/* IMDb's "TV Series", "TV Mini Series", "TV Episode", "Podcast Episode", "Video Game". */
static bool is_no_film(kino_field type)
{
    return contains(type, "series") || contains(type, "episode") || contains(type, "game");
}

static void read_entry(const columns *c, const kino_field *f, size_t count, kino_entries *out, kino_entry *w)
{
    const kino_field title = cell(c, TITLE, f, count), date = cell(c, DATE, f, count);
    const kino_field points = cell(c, c->at[POINTS] != SIZE_MAX ? POINTS : RATING, f, count);
    double number;
    kino_buffer clean = {0};
    read_ids(c, f, count, &w->tmdb, w->imdb);
    kino_utf8_clean(&clean, title.text, title.size);
    w->title = kino_arena_strdup(&out->memory, clean.data);
    free(clean.data);
    const kino_field year = cell(c, YEAR, f, count);
    if (kino_number_parse(year.text, year.size, &number) && number >= 1800 && number <= 9999)
        w->year = (int)number;
    if (kino_number_parse(points.text, points.size, &number) && number >= 0 && number <= 100)
        w->rating = number;
    w->day = kino_entry_day(date.text, date.size);
}

/* Ratings as they stand to 0..1: ten points where the column says so, else by the highest. */
static void scale_ratings(kino_entries *w, bool points)
{
    double most = points ? 10 : 5;
    for (size_t i = 0; i < w->count; i++)
        if (w->items[i].rating > most)
            most = w->items[i].rating > 10 ? 100 : 10;
    for (size_t i = 0; i < w->count; i++)
        w->items[i].rating /= most;
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

static kino_status read_rows(const char *path, kino_csv *csv, const columns *c, const movielens_links *l,
                             int64_t wanted, kino_entries *out, kino_error *err)
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
        if (c->at[USER] != SIZE_MAX)
            st = is_user(path, csv, cell(c, USER, f, count), wanted, &user, &mine, err);
        if (st)
            break;
        if (!mine)
            continue;
        if (is_no_film(cell(c, TYPE, f, count))) {
            out->skipped++;
            continue;
        }
        kino_entry *w = kino_entries_add(out, kino_csv_line(csv));
        read_entry(c, f, count, out, w);
        if (c->at[MOVIELENS] == SIZE_MAX || w->tmdb || *w->imdb)
            continue;
        const uint32_t place =
            kino_parse_id(cell(c, MOVIELENS, f, count), &own) ? kino_idmap_get(&l->places, own) : UINT32_MAX;
        if (place != UINT32_MAX) {
            w->tmdb = l->items[place].tmdb;
            memcpy(w->imdb, l->items[place].imdb, sizeof w->imdb);
        }
    }
    if (!st && wanted && !out->count && c->at[USER] != SIZE_MAX)
        st = kino_fail(err, KINO_NOT_FOUND, "%s: no ratings of user %lld", path, (long long)wanted);
    return st;
}

kino_status kino_entries_table(const char *path, const char *bytes, size_t size, const char *links_path, int64_t user,
                               kino_entries *out, bool *is, kino_error *err)
{
    columns c;
    movielens_links l = {0};
    kino_status st = KINO_OK;
    kino_csv *csv = kino_csv_from_bytes(bytes, size, path);
    *is = find_header(csv, &c);
    if (!*is)
        goto done;
    const bool movielens = c.at[MOVIELENS] != SIZE_MAX;
    if (bytes[0] == 'L' && size > 10 && !memcmp(bytes, "Letterboxd", 10))
        out->kind = "Letterboxd"; /* an exported list has no column of their own */
    else if (movielens)
        out->kind = "MovieLens";
    else if (c.imdb)
        out->kind = "IMDb";
    else
        out->kind = c.letterboxd ? "Letterboxd" : "list";
    if (movielens && c.at[TMDB] == SIZE_MAX && c.at[IMDB] == SIZE_MAX)
        st = read_links(path, links_path, &l, err);
    if (!st)
        st = read_rows(path, csv, &c, &l, user, out, err);
    scale_ratings(out, c.at[POINTS] != SIZE_MAX);
done:
    free_links(&l);
    kino_csv_close(csv);
    return st;
}
