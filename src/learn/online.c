/* online.c - TMDB for a handle: the client, what it was asked before, and a film of it on this catalogue's scales. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "learn/online.h"

typedef struct online {
    kino_tmdb *tmdb;
    kino_answers *answers;
} online;

static void close_online(void *what)
{
    online *o = what;
    kino_tmdb_close(o->tmdb);
    kino_answers_close(o->answers);
    free(o);
}

static online *online_of(kino *k)
{
    if (!k->online.what)
        k->online = (kino_attached){kino_alloc(sizeof(online)), close_online};
    return k->online.what;
}

kino_status kino_use_tmdb(kino *k, kino_error *err)
{
    online *o = online_of(k);
    if (k->opt.offline)
        return kino_fail(err, KINO_NETWORK, "TMDB is not asked: --offline");
    if (o->tmdb)
        return KINO_OK;
    const kino_tmdb_options opt = {.key_file = k->key_file, .base_url = k->tmdb_url, .cancel = k->opt.cancel};
    return kino_tmdb_open(&opt, &o->tmdb, err);
}

kino_tmdb *kino_tmdb_of(const kino *k)
{
    const online *o = k->online.what;
    return o ? o->tmdb : NULL;
}

kino_status kino_online(kino *k, kino_error *err)
{
    return kino_use_tmdb(k, err);
}

kino_answers *kino_use_answers(kino *k)
{
    online *o = online_of(k);
    if (!o->answers) {
        kino_buffer b = {0};
        kino_buffer_print(&b, "%s/answers.db", k->data_dir);
        o->answers = kino_answers_open(b.data);
        free(b.data);
    }
    return o->answers;
}

/* ---- popularity ---- */

/* The n-th smallest of some numbers, which are reordered (Hoare's quickselect). */
static double select_nth(double *v, size_t count, size_t n)
{
    size_t low = 0, high = count - 1;
    while (low < high) {
        const double pivot = v[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (v[i] < pivot)
                i++;
            while (v[j] > pivot)
                j--;
            if (i >= j)
                break;
            double swapped = v[i];
            v[i++] = v[j];
            v[j--] = swapped;
        }
        if (n <= j)
            high = j;
        else
            low = j + 1;
    }
    return v[n];
}

/* TMDB's popularity is on another scale every year, and is no number of the data set's. The film gets the popularity
 * that has the rank in the catalogue that its votes have: votes add up and so keep their scale. */
kino_status kino_adapt(kino *k, kino_movie *m, kino_error *err)
{
    kino_status st = kino_use_films(k, false, err);
    if (st)
        return st;
    const kino_segment *base = k->films->rows.base;
    double *known = kino_alloc_array(base->count + 1, sizeof *known);
    size_t count = 0, fewer = 0, equal = 0;
    const int64_t votes = m->votes > 0 ? m->votes : 0;
    for (size_t row = 0; row < base->count; row++) {
        const double popularity = base->numbers[3 * row + 2];
        if (!isfinite(popularity))
            continue;
        known[count++] = popularity;
        fewer += base->counts[2 * row + 1] < votes;
        equal += base->counts[2 * row + 1] == votes;
    }
    m->popularity =
        count ? select_nth(known, count,
                           (size_t)((double)(count - 1) * (((double)fewer + (double)equal / 2) / (double)count)))
              : NAN;
    free(known);
    return KINO_OK;
}
