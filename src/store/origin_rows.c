/* origin_rows.c - of the catalogue: where records come from, and which of their fields were filled in. */
#include <string.h>
#include <time.h>

#include "base/status.h"
#include "store/statement.h"

kino_status kino_catalogue_origin(kino_catalogue *c, int64_t id, kino_origin *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_ORIGIN, &s, err);
    if (st)
        goto done;
    sqlite3_bind_int64(s, 1, id);
    int step = sqlite3_step(s);
    if (step == SQLITE_ROW) {
        *out = (kino_origin){.fetched_at = sqlite3_column_int64(s, 1)};
        strncpy(out->source, (const char *)sqlite3_column_text(s, 0), sizeof out->source - 1);
    } else {
        st = step == SQLITE_DONE
                 ? kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id)
                 : kino_store_fail(c, err);
    }
done:
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_put_healed(kino_catalogue *c, int64_t id, const char *field, const char *source,
                                      kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, PUT_HEALED, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    kino_store_bind_text(s, 2, field);
    kino_store_bind_text(s, 3, source);
    sqlite3_bind_int64(s, 4, (int64_t)time(NULL));
    return kino_store_finish(c, s, err);
}

kino_status kino_catalogue_healed(kino_catalogue *c, int64_t id, int64_t before, kino_name_fn fn, void *ctx,
                                  kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int step;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_HEALED, &s, err);
    if (!st) {
        sqlite3_bind_int64(s, 1, id);
        sqlite3_bind_int64(s, 2, before);
        for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
            fn(ctx, (const char *)sqlite3_column_text(s, 0));
        if (step != SQLITE_DONE)
            st = kino_store_fail(c, err);
        sqlite3_reset(s);
    }
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_remove_healed(kino_catalogue *c, int64_t id, int64_t before, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, REMOVE_HEALED, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    sqlite3_bind_int64(s, 2, before);
    return kino_store_finish(c, s, err);
}

kino_status kino_catalogue_fetched(kino_catalogue *c, int64_t before, kino_id_fn fn, void *ctx, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int step;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_FETCHED, &s, err);
    if (!st) {
        sqlite3_bind_int64(s, 1, before);
        for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
            fn(ctx, sqlite3_column_int64(s, 0));
        if (step != SQLITE_DONE)
            st = kino_store_fail(c, err);
        sqlite3_reset(s);
    }
    pthread_mutex_unlock(&c->lock);
    return st;
}
