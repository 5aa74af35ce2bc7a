/* catalogue_check.c - is the file sound, and is everything there? */
#include <string.h>

#include "base/status.h"
#include "store/statement.h"

/* The first row of a statement; *found says whether there is one. */
static kino_status first_row(kino_catalogue *c, sqlite3_stmt *s, bool *found, kino_error *err)
{
    const int step = sqlite3_step(s);
    *found = step == SQLITE_ROW;
    return step == SQLITE_ROW || step == SQLITE_DONE ? KINO_OK : kino_store_fail(c, err);
}

static kino_status damaged(const kino_catalogue *c, const char *what, kino_error *err)
{
    return kino_fail(err, KINO_DAMAGED, "%s: damaged catalogue (%s); restore a copy or build it again", c->path, what);
}

static kino_status check_file(kino_catalogue *c, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    bool found = false;
    kino_status st = sqlite3_prepare_v2(c->db, "PRAGMA integrity_check(1)", -1, &s, NULL)
                         ? kino_store_fail(c, err)
                         : first_row(c, s, &found, err);
    if (!st && found && strcmp((const char *)sqlite3_column_text(s, 0), "ok") != 0)
        st = damaged(c, (const char *)sqlite3_column_text(s, 0), err);
    sqlite3_finalize(s);
    s = NULL;
    if (!st)
        st = sqlite3_prepare_v2(c->db, "PRAGMA foreign_key_check", -1, &s, NULL) ? kino_store_fail(c, err)
                                                                                 : first_row(c, s, &found, err);
    if (!st && found)
        st = damaged(c, "a list belongs to no film", err);
    sqlite3_finalize(s);
    return st;
}

kino_status kino_catalogue_check(kino_catalogue *c, uint64_t weights, uint64_t encoder, size_t *without,
                                 kino_error *err)
{
    static const char text[] = "SELECT count(*) FROM film LEFT JOIN plot ON plot.film_id = film.id AND plot.maker = ?"
                               " LEFT JOIN profile ON profile.film_id = film.id AND profile.maker = ?"
                               " WHERE plot.film_id IS NULL OR profile.film_id IS NULL";
    sqlite3_stmt *s = NULL;
    bool found = false;
    pthread_mutex_lock(&c->lock);
    kino_status st = check_file(c, err);
    if (!st && sqlite3_prepare_v2(c->db, text, -1, &s, NULL))
        st = kino_store_fail(c, err);
    if (!st) {
        sqlite3_bind_int64(s, 1, (int64_t)weights);
        sqlite3_bind_int64(s, 2, (int64_t)encoder);
        st = first_row(c, s, &found, err);
    }
    *without = found ? (size_t)sqlite3_column_int64(s, 0) : 0;
    sqlite3_finalize(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}
