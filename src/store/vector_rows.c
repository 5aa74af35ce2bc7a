/* vector_rows.c - of the catalogue: plot and profile vectors, and plots staged by a build. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "store/statement.h"

static kino_status put_vector(kino_catalogue *c, kino_statement which, int64_t id, const uint64_t *text_hash,
                              uint64_t maker, const float *vector, size_t dim, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int column = 1;
    kino_status st = kino_store_prepare(c, which, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, column++, id);
    if (text_hash)
        sqlite3_bind_int64(s, column++, (int64_t)*text_hash);
    sqlite3_bind_int64(s, column++, (int64_t)maker);
    sqlite3_bind_blob(s, column, vector, (int)(dim * sizeof *vector), SQLITE_STATIC);
    st = kino_store_finish(c, s, err);
    if (!st && which != STAGE_PLOT && !c->clearing)
        st = kino_store_run_with_id(c, PUT_CHANGE, id, err);
    return st;
}

kino_status kino_catalogue_put_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                    const float *vector, size_t dim, kino_error *err)
{
    return put_vector(c, PUT_PLOT, id, &text_hash, maker, vector, dim, err);
}

kino_status kino_catalogue_stage_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                      const float *vector, size_t dim, kino_error *err)
{
    return put_vector(c, STAGE_PLOT, id, &text_hash, maker, vector, dim, err);
}

kino_status kino_catalogue_put_profile(kino_catalogue *c, int64_t id, uint64_t maker, const float *vector, size_t dim,
                                       kino_error *err)
{
    return put_vector(c, PUT_PROFILE, id, NULL, maker, vector, dim, err);
}

kino_status kino_catalogue_adopt_staged(kino_catalogue *c, kino_error *err)
{
    return kino_store_run(
        c,
        "INSERT OR REPLACE INTO plot SELECT * FROM staged_plot WHERE film_id IN (SELECT id FROM film);"
        "DELETE FROM staged_plot;"
        "DELETE FROM plot WHERE film_id NOT IN (SELECT id FROM film)",
        err);
}

kino_status kino_catalogue_drop_staged(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                       kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, DROP_STAGED, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_int64(s, 2, (int64_t)text_hash);
    sqlite3_bind_int64(s, 3, (int64_t)maker);
    return kino_store_finish(c, s, err);
}

kino_status kino_catalogue_reuse_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker, float *vector,
                                      size_t dim, bool *found, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, REUSE_PLOT, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_int64(s, 2, (int64_t)text_hash);
    sqlite3_bind_int64(s, 3, (int64_t)maker);
    int step = sqlite3_step(s);
    *found = step == SQLITE_ROW && (size_t)sqlite3_column_bytes(s, 0) == dim * sizeof *vector;
    if (*found)
        memcpy(vector, sqlite3_column_blob(s, 0), dim * sizeof *vector);
    if (step != SQLITE_ROW && step != SQLITE_DONE)
        st = kino_store_fail(c, err);
    sqlite3_reset(s);
    return st;
}

kino_status kino_catalogue_vectors(kino_catalogue *c, uint64_t since, size_t plot_dim, size_t profile_dim,
                                   kino_vector_fn fn, void *ctx, kino_error *err)
{
    static const char *const text[2] = {
        "SELECT film.id, plot.vector, profile.vector FROM film JOIN plot ON plot.film_id = film.id"
        " JOIN profile ON profile.film_id = film.id ORDER BY film.id",
        "SELECT film.id, plot.vector, profile.vector FROM change CROSS JOIN film ON film.id = change.film_id"
        " JOIN plot ON plot.film_id = film.id JOIN profile ON profile.film_id = film.id"
        " WHERE change.generation > ? ORDER BY film.id",
    };
    kino_status st = KINO_OK;
    sqlite3_stmt *s = NULL;
    float *plot = kino_alloc_floats(plot_dim), *profile = kino_alloc_floats(profile_dim);
    int step;
    pthread_mutex_lock(&c->lock);
    if (sqlite3_prepare_v2(c->db, text[since > 0], -1, &s, NULL)) {
        st = kino_store_fail(c, err);
        goto done;
    }
    if (since)
        sqlite3_bind_int64(s, 1, (int64_t)since);
    for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s)) {
        const void *a = sqlite3_column_blob(s, 1), *b = sqlite3_column_blob(s, 2);
        if ((size_t)sqlite3_column_bytes(s, 1) != plot_dim * sizeof *plot ||
            (size_t)sqlite3_column_bytes(s, 2) != profile_dim * sizeof *profile) {
            st = kino_fail(err, KINO_DAMAGED, "%s: a vector of the wrong size; build the catalogue again", c->path);
            goto done;
        }
        memcpy(plot, a, plot_dim * sizeof *plot); /* SQLite promises no alignment */
        memcpy(profile, b, profile_dim * sizeof *profile);
        fn(ctx, sqlite3_column_int64(s, 0), plot, profile);
    }
    if (step != SQLITE_DONE)
        st = kino_store_fail(c, err);
done:
    sqlite3_finalize(s);
    free(plot);
    free(profile);
    pthread_mutex_unlock(&c->lock);
    return st;
}
