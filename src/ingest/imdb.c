/* imdb.c - reads IMDb's tables one after the other; only what belongs to the films is kept in memory. */
#include "ingest/imdb.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/idmap.h"
#include "base/status.h"
#include "ingest/clean.h"
#include "ingest/csv.h"
#include "ingest/lists.h"
#include "ingest/values.h"

static const char basics_name[] = "title.basics.";

static const char *base_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

bool kino_imdb_is_basics(const char *path)
{
    return !strncasecmp(base_of(path), basics_name, sizeof basics_name - 1);
}

typedef struct tables {
    const char *basics;
    kino_movies *movies;
    kino_idmap films; /* IMDb's number of a film -> its place */
    kino_faults *faults;
    const volatile sig_atomic_t *cancel;
} tables;

/* ---- one table: lines of the columns that are wanted ---- */

enum { MOST_WANTED = 4 };
typedef void (*row_fn)(void *ctx, const kino_field *cells);

/* The number in "tt0133093" or "nm0000206"; 0: there is none. */
static int64_t number_of(kino_field f)
{
    int64_t n = 0;
    for (size_t i = 2; i < f.size && i < 14; i++) {
        if (f.text[i] < '0' || f.text[i] > '9')
            return 0;
        n = 10 * n + (f.text[i] - '0');
    }
    return n;
}

static kino_status read_rows(tables *t, kino_csv *csv, const char *const *wanted, row_fn fn, void *ctx, kino_error *err)
{
    enum { PAUSE = 65536 };
    const kino_field *f;
    size_t count, at[MOST_WANTED], columns = 0, rows = 0;
    kino_status st = kino_csv_next(csv, &f, &count, err);
    for (; !st && columns < MOST_WANTED && wanted[columns]; columns++) {
        at[columns] = 0;
        while (at[columns] < count && !kino_field_is(f[at[columns]], wanted[columns]))
            at[columns]++;
        if (at[columns] == count)
            return kino_fail(err, KINO_DAMAGED, "%s: line 1: no column \"%s\"; is this IMDb's table?",
                             kino_csv_name(csv), wanted[columns]);
    }
    while (!st) {
        kino_field cells[MOST_WANTED] = {{"", 0}};
        st = kino_csv_next(csv, &f, &count, err);
        if (st || !count)
            break;
        for (size_t c = 0; c < columns; c++)
            if (at[c] < count)
                cells[c] = f[at[c]];
        fn(ctx, cells);
        if (++rows % PAUSE == 0 && t->cancel && *t->cancel)
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    return st;
}

/* Opens a table beside title.basics, with its ending or another usual one; NULL: there is none. */
static kino_status open_beside(const char *basics, const char *name, kino_csv **out, kino_error *err)
{
    const char *endings[] = {base_of(basics) + sizeof basics_name - 1, "tsv.gz", "tsv"};
    *out = NULL;
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        kino_buffer path = {0};
        kino_error why = {0};
        kino_buffer_put(&path, basics, (size_t)(base_of(basics) - basics));
        kino_buffer_print(&path, "%s.%s", name, endings[i]);
        kino_status st = kino_csv_open(path.data, out, &why);
        free(path.data);
        if (!st)
            return KINO_OK;
        if (st != KINO_NOT_FOUND)
            return kino_fail(err, st, "%s", why.text);
    }
    return KINO_OK;
}

/* Reads the table where it is there; *there may be NULL. */
static kino_status read_table(tables *t, const char *name, const char *const *wanted, row_fn fn, void *ctx, bool *there,
                              kino_error *err)
{
    kino_csv *csv = NULL;
    kino_status st = open_beside(t->basics, name, &csv, err);
    *there = csv != NULL;
    if (st || !csv)
        return st;
    st = read_rows(t, csv, wanted, fn, ctx, err);
    if (!st)
        kino_faults_remark(t->faults, "%s was read beside it", base_of(kino_csv_name(csv)));
    kino_csv_close(csv);
    return st;
}

static void index_films(tables *t)
{
    for (size_t i = 0; i < t->movies->count; i++) {
        const char *imdb = t->movies->items[i].imdb_id;
        const int64_t key = number_of((kino_field){imdb, strlen(imdb)});
        if (key)
            *kino_idmap_at(&t->films, key) = (uint32_t)i;
    }
}

static uint32_t film_of(const tables *t, kino_field tconst)
{
    const int64_t key = number_of(tconst);
    return key ? kino_idmap_get(&t->films, key) : UINT32_MAX;
}

/* ---- ratings ---- */

static void put_rating(void *ctx, const kino_field *cells)
{
    tables *t = ctx;
    double rating, votes;
    const uint32_t place = film_of(t, cells[0]);
    if (place == UINT32_MAX || !kino_value_number(cells[1], &rating) || !kino_value_number(cells[2], &votes) ||
        rating < 0 || rating > 10 || votes < 1)
        return;
    kino_movie *m = &t->movies->items[place];
    if ((int64_t)votes <= m->votes)
        return;
    m->rating = rating;
    m->votes = (int64_t)votes;
}

kino_status kino_imdb_ratings(const char *basics, kino_movies *movies, kino_faults *faults,
                              const volatile sig_atomic_t *cancel, kino_error *err)
{
    static const char *const wanted[MOST_WANTED] = {"tconst", "averageRating", "numVotes"};
    tables t = {.basics = basics, .movies = movies, .faults = faults, .cancel = cancel};
    bool there;
    index_films(&t);
    kino_status st = read_table(&t, "title.ratings", wanted, put_rating, &t, &there, err);
    kino_idmap_free(&t.films);
    return st;
}

/* ---- people ---- */

/* Numbers of people, as the tables have them, until their names are known: of each film [KINO_CAST], 0 at the end. */
typedef struct people {
    tables tables;
    int64_t (*directors)[KINO_CAST], (*cast)[KINO_CAST];
    kino_idmap names; /* of those who are wanted: places in `texts` */
    const char **texts;
    size_t count;
} people;

static void add_person(people *p, int64_t *list, int64_t number)
{
    size_t n = 0;
    while (n < KINO_CAST && list[n] && list[n] != number)
        n++;
    if (!number || n == KINO_CAST || list[n])
        return;
    list[n] = number;
    uint32_t *place = kino_idmap_at(&p->names, number);
    if (*place == UINT32_MAX)
        *place = (uint32_t)p->count++;
}

static void put_crew(void *ctx, const kino_field *cells)
{
    people *p = ctx;
    const uint32_t place = film_of(&p->tables, cells[0]);
    if (place == UINT32_MAX)
        return;
    for (const char *at = cells[1].text, *end = at + cells[1].size; at < end;) {
        const char *comma = memchr(at, ',', (size_t)(end - at));
        const char *stop = comma ? comma : end;
        add_person(p, p->directors[place], number_of((kino_field){at, (size_t)(stop - at)}));
        at = stop + 1;
    }
}

/* The table is in the order of the credits. */
static void put_principal(void *ctx, const kino_field *cells)
{
    people *p = ctx;
    const uint32_t place = film_of(&p->tables, cells[0]);
    if (place == UINT32_MAX)
        return;
    if (kino_field_is(cells[2], "actor") || kino_field_is(cells[2], "actress") || kino_field_is(cells[2], "self"))
        add_person(p, p->cast[place], number_of(cells[1]));
    else if (kino_field_is(cells[2], "director"))
        add_person(p, p->directors[place], number_of(cells[1]));
}

static void put_name(void *ctx, const kino_field *cells)
{
    people *p = ctx;
    const int64_t number = number_of(cells[0]);
    const uint32_t place = number ? kino_idmap_get(&p->names, number) : UINT32_MAX;
    kino_cleaner cleaner = {.arena = &p->tables.movies->arena, .faults = p->tables.faults};
    if (place != UINT32_MAX)
        p->texts[place] = kino_clean_line(&cleaner, cells[1]);
    free(cleaner.buffer.data);
    free(cleaner.plain.data);
}

/* The names of a list, where the film has none yet. */
static void give(people *p, const int64_t *numbers, kino_list *list)
{
    kino_names names = {0};
    for (size_t i = 0; i < KINO_CAST && numbers[i]; i++) {
        const char *name = p->texts[kino_idmap_get(&p->names, numbers[i])];
        if (name && *name)
            kino_names_add(&names, 0, name);
    }
    if (!list->count)
        *list = kino_names_finish(&names, &p->tables.movies->arena);
    free(names.items);
}

kino_status kino_imdb_people(const char *basics, kino_movies *movies, kino_faults *faults,
                             const volatile sig_atomic_t *cancel, kino_error *err)
{
    static const char *const crew[MOST_WANTED] = {"tconst", "directors"},
                             *const principals[MOST_WANTED] = {"tconst", "nconst", "category"},
                             *const names[MOST_WANTED] = {"nconst", "primaryName"};
    people p = {.tables = {.basics = basics, .movies = movies, .faults = faults, .cancel = cancel}};
    bool there;
    p.directors = kino_alloc_array(movies->count + 1, sizeof *p.directors);
    p.cast = kino_alloc_array(movies->count + 1, sizeof *p.cast);
    index_films(&p.tables);
    kino_status st = read_table(&p.tables, "title.crew", crew, put_crew, &p, &there, err);
    if (!st)
        st = read_table(&p.tables, "title.principals", principals, put_principal, &p, &there, err);
    p.texts = kino_alloc_array(p.count + 1, sizeof *p.texts);
    if (!st && p.count)
        st = read_table(&p.tables, "name.basics", names, put_name, &p, &there, err);
    if (!st && p.count && !there)
        kino_faults_remark(faults, "name.basics is not beside it, so nobody has a name");
    for (size_t i = 0; !st && i < movies->count; i++) {
        give(&p, p.directors[i], &movies->items[i].directors);
        give(&p, p.cast[i], &movies->items[i].cast);
    }
    kino_idmap_free(&p.tables.films);
    kino_idmap_free(&p.names);
    free(p.directors);
    free(p.cast);
    free(p.texts);
    return st;
}
