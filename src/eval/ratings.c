/* ratings.c - MovieLens' files, and one person's, joined to films. */
#include "eval/ratings.h"

#include <math.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/status.h"
#include "eval/sheet.h"

#define SPLIT UINT64_C(0x6576616c) /* purpose of the random numbers that halve the users */

kino_status kino_links_read(const kino_rows *r, const char *path, kino_idmap *films, kino_error *err)
{
    static const kino_shape shape = {"movieId", "tmdbId"};
    kino_sheet s = {0};
    kino_status st = kino_sheet_open(path, &shape, 1, &s, err);
    while (!st && !(st = kino_sheet_next(&s, err)) && s.more) {
        const double movie = kino_sheet_number(&s, 0), film = kino_sheet_number(&s, 1);
        if (!(movie >= 1) || !(film >= 1))
            continue; /* a film that TMDB has not */
        const size_t row = kino_rows_find(r, (int64_t)film);
        if (row < r->count)
            *kino_idmap_at(films, (int64_t)movie) = (uint32_t)row;
    }
    kino_sheet_close(&s);
    return st;
}

static kino_status read_ratings(const char *path, const kino_idmap *films, kino_ratings *out, kino_error *err)
{
    static const kino_shape shape = {"userId", "movieId", "rating", "timestamp"};
    kino_sheet s = {0};
    size_t room = 0;
    kino_status st = kino_sheet_open(path, &shape, 1, &s, err);
    while (!st && !(st = kino_sheet_next(&s, err)) && s.more) {
        const double user = kino_sheet_number(&s, 0), movie = kino_sheet_number(&s, 1),
                     stars = kino_sheet_number(&s, 2), time = kino_sheet_number(&s, 3);
        const uint32_t row = movie >= 1 ? kino_idmap_get(films, (int64_t)movie) : UINT32_MAX;
        if (isnan(user + stars + time))
            st = kino_fail(err, KINO_DAMAGED, "%s:%zu: a rating needs four numbers: userId, movieId, rating, timestamp",
                           path, kino_csv_line(s.csv));
        if (st || row == UINT32_MAX)
            continue;
        if (out->count == room)
            out->items = kino_resize_array(out->items, room = room ? 2 * room : 1024, sizeof *out->items);
        out->items[out->count++] =
            (kino_rating){(int64_t)user, (int64_t)time, row, (float)stars, stars >= KINO_EVAL_LIKED};
    }
    kino_sheet_close(&s);
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
    kino_status st = kino_links_read(r, links, &films, err);
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
