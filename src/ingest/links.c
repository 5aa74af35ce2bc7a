/* links.c - reads links.csv. */
#include "ingest/links.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/status.h"
#include "ingest/clean.h"
#include "ingest/columns.h"

void kino_movielens_free(kino_movielens *l)
{
    kino_idmap_free(&l->places);
    free(l->items);
    *l = (kino_movielens){0};
}

const kino_link *kino_movielens_get(const kino_movielens *l, int64_t movie)
{
    const uint32_t place = kino_idmap_get(&l->places, movie);
    return place == UINT32_MAX ? NULL : &l->items[place];
}

/* links.csv in the folder of a file. */
static char *beside(const char *path)
{
    kino_buffer b = {0};
    const char *slash = strrchr(path, '/');
    kino_buffer_put(&b, path, slash ? (size_t)(slash - path) + 1 : 0);
    kino_buffer_print(&b, "links.csv");
    return b.data;
}

static kino_field cell(const kino_columns *c, kino_cell which, const kino_field *f, size_t count)
{
    return c->at[which] < count ? f[c->at[which]] : (kino_field){"", 0};
}

static kino_link *new_link(kino_movielens *l)
{
    if (l->count == l->capacity) {
        l->capacity = l->capacity ? 2 * l->capacity : 1024;
        l->items = kino_resize_array(l->items, l->capacity, sizeof *l->items);
    }
    return &l->items[l->count++];
}

static kino_status read_rows(kino_csv *csv, const char *name, kino_movielens *out, kino_error *err)
{
    kino_columns c;
    const kino_field *f;
    size_t count = 0;
    kino_status st = kino_csv_next(csv, &f, &count, err);
    if (st)
        return st;
    kino_columns_find(f, count, KINO_TABLE_HISTORY, NULL, 0, &c);
    if (c.at[KINO_CELL_MOVIE_ID] == SIZE_MAX || (c.at[KINO_CELL_ID] == SIZE_MAX && c.at[KINO_CELL_IMDB] == SIZE_MAX))
        return kino_fail(err, KINO_DAMAGED, "%s: line 1: not MovieLens' links.csv: movieId, imdbId, tmdbId", name);
    while (!st) {
        int64_t id;
        st = kino_csv_next(csv, &f, &count, err);
        if (st || !count)
            break;
        if (!kino_parse_id(cell(&c, KINO_CELL_MOVIE_ID, f, count), &id))
            continue;
        kino_link *one = new_link(out);
        if (!kino_parse_id(cell(&c, KINO_CELL_ID, f, count), &one->tmdb))
            one->tmdb = 0;
        if (!kino_parse_imdb(cell(&c, KINO_CELL_IMDB, f, count), one->imdb))
            one->imdb[0] = 0;
        *kino_idmap_at(&out->places, id) = (uint32_t)(out->count - 1);
    }
    return st;
}

kino_status kino_movielens_read(const char *path, const char *given, kino_movielens *out, kino_error *err)
{
    kino_csv *csv = NULL;
    char *name = given ? kino_strdup(given) : beside(path);
    kino_status st = kino_csv_open(name, &csv, err);
    if (st == KINO_NOT_FOUND && !given)
        st = kino_fail(err, KINO_USAGE, "%s: MovieLens numbers films itself; name its links.csv with --links", path);
    if (!st)
        st = read_rows(csv, name, out, err);
    kino_csv_close(csv);
    free(name);
    return st;
}
