#include "eval/ratings.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/bytes.h"
#include "base/number.h"
#include "base/status.h"
#include "ingest/csv.h"
#include "base/idmap.h"

enum { MOST_COLUMNS = 4 };
#define SPLIT UINT64_C(0x6576616c) /* purpose of the random numbers that halve the users */

/* A file with a header: the places of the wanted columns in it. */
typedef struct sheet {
    kino_csv *csv;
    size_t column[MOST_COLUMNS];
} sheet;

static kino_status open_sheet(const char *path, const char *const *names, size_t count, sheet *out, kino_error *err)
{
    const kino_field *fields;
    size_t n;
    kino_status st = kino_csv_open(path, &out->csv, err);
    if (!st)
        st = kino_csv_next(out->csv, &fields, &n, err);
    for (size_t i = 0; !st && i < count; i++) {
        for (out->column[i] = 0; out->column[i] < n; out->column[i]++)
            if (!strcasecmp(fields[out->column[i]].text, names[i]))
                break;
        if (out->column[i] >= n)
            st = kino_fail(err, KINO_DAMAGED, "%s: has no column %s; is it MovieLens' file?", path, names[i]);
    }
    return st;
}

/* The next line as numbers; what is none is NaN. *more false at the end. */
static kino_status next_line(sheet *s, size_t count, double *out, bool *more, kino_error *err)
{
    const kino_field *fields;
    size_t n;
    kino_status st = kino_csv_next(s->csv, &fields, &n, err);
    *more = !st && n;
    for (size_t i = 0; *more && i < count; i++)
        if (s->column[i] >= n || !kino_number_parse(fields[s->column[i]].text, fields[s->column[i]].size, &out[i]) ||
            fabs(out[i]) > 0x1p53)
            out[i] = NAN;
    return st;
}

static kino_status read_links(const kino_rows *r, const char *path, kino_idmap *films, kino_error *err)
{
    static const char *const names[] = {"movieId", "tmdbId"};
    sheet s = {0};
    double value[2];
    bool more = true;
    kino_status st = open_sheet(path, names, 2, &s, err);
    while (!st && !(st = next_line(&s, 2, value, &more, err)) && more) {
        if (!(value[0] >= 1) || !(value[1] >= 1))
            continue; /* a film that TMDB has not */
        size_t row = kino_rows_find(r, (int64_t)value[1]);
        if (row < r->count)
            *kino_idmap_at(films, (int64_t)value[0]) = (uint32_t)row;
    }
    kino_csv_close(s.csv);
    return st;
}

static kino_status read_ratings(const char *path, const kino_idmap *films, kino_ratings *out, kino_error *err)
{
    static const char *const names[] = {"userId", "movieId", "rating", "timestamp"};
    sheet s = {0};
    double value[4];
    bool more = true;
    size_t room = 0;
    kino_status st = open_sheet(path, names, 4, &s, err);
    while (!st && !(st = next_line(&s, 4, value, &more, err)) && more) {
        uint32_t row = value[1] >= 1 ? kino_idmap_get(films, (int64_t)value[1]) : UINT32_MAX;
        if (isnan(value[0] + value[2] + value[3]))
            st = kino_fail(err, KINO_DAMAGED, "%s:%zu: a rating needs four numbers: userId, movieId, rating, timestamp",
                           path, kino_csv_line(s.csv));
        if (st || row == UINT32_MAX)
            continue;
        if (out->count == room)
            out->items = kino_resize_array(out->items, room = room ? 2 * room : 1024, sizeof *out->items);
        out->items[out->count++] =
            (kino_rating){(int64_t)value[0], (int64_t)value[3], row, (float)value[2], value[2] >= KINO_EVAL_LIKED};
    }
    kino_csv_close(s.csv);
    return st;
}

static int by_user(const void *a, const void *b)
{
    const kino_rating *x = a, *y = b;
    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    if (x->time != y->time)
        return x->time < y->time ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Users with enough likes; the half with the lower random numbers is for tuning. */
static void find_users(kino_ratings *r)
{
    r->users = kino_alloc_array(r->count + 1, sizeof *r->users);
    for (size_t i = 0; i < r->count;) {
        kino_rater u = {.id = r->items[i].user, .begin = i};
        for (; i < r->count && r->items[i].user == u.id; i++)
            u.likes += r->items[i].like;
        u.end = i;
        if (u.likes >= KINO_EVAL_LIKES)
            r->users[r->user_count++] = u;
    }
    uint64_t *drawn = kino_alloc_array(r->user_count + 1, sizeof *drawn);
    for (size_t i = 0; i < r->user_count; i++)
        drawn[i] = kino_random(0, SPLIT, (uint64_t)r->users[i].id);
    qsort(drawn, r->user_count, sizeof *drawn, by_value);
    for (size_t i = 0; i < r->user_count; i++)
        r->users[i].tuning = kino_random(0, SPLIT, (uint64_t)r->users[i].id) < drawn[r->user_count / 2];
    free(drawn);
}

kino_status kino_ratings_read(const kino_rows *r, const char *ratings, const char *links, kino_ratings *out,
                              kino_error *err)
{
    kino_idmap films = {0};
    *out = (kino_ratings){0};
    kino_status st = read_links(r, links, &films, err);
    if (!st)
        st = read_ratings(ratings, &films, out, err);
    if (!st) {
        if (out->count)
            qsort(out->items, out->count, sizeof *out->items, by_user);
        find_users(out);
    }
    kino_idmap_free(&films);
    if (st)
        kino_ratings_free(out);
    return st;
}

void kino_ratings_of(const kino_rows *r, const kino_history *h, kino_ratings *out)
{
    *out = (kino_ratings){.items = kino_alloc_array(h->count + 1, sizeof *out->items)};
    for (size_t i = 0; i < h->count; i++) {
        const kino_seen *film = &h->films[i];
        const size_t row = kino_rows_find(r, film->id);
        if (row < r->count)
            out->items[out->count++] = (kino_rating){.time = film->day,
                                                     .row = (uint32_t)row,
                                                     .stars = (float)(film->rating * KINO_EVAL_STARS),
                                                     .like = film->rating * KINO_EVAL_STARS >= KINO_EVAL_LIKED};
    }
    qsort(out->items, out->count, sizeof *out->items, by_user);
    find_users(out);
}

void kino_ratings_free(kino_ratings *r)
{
    free(r->items);
    free(r->users);
    *r = (kino_ratings){0};
}
