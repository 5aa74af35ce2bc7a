/* catalogue.c - opens and closes a catalogue, brings it to the present version, begins and ends transactions. */
#include "store/catalogue.h"

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/schema.h"
#include "store/statement.h"

enum {
    BUSY_MS = 20000,  /* a writer waits this long for another one */
    SETTLE_MS = 1000, /* and this long for readers, who may be at it for minutes */
};

static kino_status pragma_number(kino_catalogue *c, const char *text, int64_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = KINO_OK;
    if (sqlite3_prepare_v2(c->db, text, -1, &s, NULL) || sqlite3_step(s) != SQLITE_ROW)
        st = kino_store_fail(c, err);
    else
        *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return st;
}

/* What a database says of itself; all of one moment, since another process may be making it. */
typedef struct identity {
    int64_t version, application, tables;
} identity;

static kino_status identify(kino_catalogue *c, identity *out, kino_error *err)
{
    kino_status st = pragma_number(c, "PRAGMA user_version", &out->version, err);
    if (!st)
        st = pragma_number(c, "PRAGMA application_id", &out->application, err);
    if (!st)
        st = pragma_number(c, "SELECT count(*) FROM sqlite_schema", &out->tables, err);
    return st;
}

/* Whether it can be used in this mode, as it is or, when *old, after it was brought up to date. */
static kino_status judge(const kino_catalogue *c, const identity *i, kino_catalogue_mode mode, bool *old,
                         kino_error *err)
{
    const bool kinos = i->application == KINO_CATALOGUE_APPLICATION && i->version > 0;
    const bool empty = !i->application && !i->version && !i->tables;
    if (kinos && i->version > KINO_CATALOGUE_VERSION)
        return kino_fail(err, KINO_DAMAGED, "%s: catalogue version %lld, this program knows %d; use a newer kino",
                         c->path, (long long)i->version, KINO_CATALOGUE_VERSION);
    if (empty && mode != KINO_CATALOGUE_CREATE)
        return kino_fail(err, KINO_NOT_FOUND,
                         "no catalogue at %s yet: its first build has not come to its end; make one with: kino build "
                         "FILE.csv",
                         c->path);
    if (!kinos && !(empty && mode == KINO_CATALOGUE_CREATE))
        return kino_fail(err, KINO_DAMAGED,
                         "%s: a database, but not a kino catalogue; kino build makes one in another folder (--data)",
                         c->path);
    *old = i->version < KINO_CATALOGUE_VERSION && mode != KINO_CATALOGUE_READ; /* an older one can be read as it is */
    return KINO_OK;
}

/* SQLite does not wait by itself where another process is at this. */
static kino_status use_wal(kino_catalogue *c, kino_error *err)
{
    enum { PAUSE_MS = 10 };
    kino_status st = kino_store_run(c, "PRAGMA journal_mode = WAL", err);
    for (int ms = 0; st && (sqlite3_errcode(c->db) & 0xff) == SQLITE_BUSY && ms < BUSY_MS; ms += PAUSE_MS) {
        sqlite3_sleep(PAUSE_MS);
        st = kino_store_run(c, "PRAGMA journal_mode = WAL", err);
    }
    return st;
}

static kino_status migrate(kino_catalogue *c, kino_catalogue_mode mode, kino_error *err)
{
    identity i = {0};
    bool old = false;
    kino_status st = kino_catalogue_hold(c, err);
    if (!st)
        st = identify(c, &i, err);
    kino_catalogue_release(c);
    if (!st)
        st = judge(c, &i, mode, &old, err);
    if (st || !old)
        return st;
    st = use_wal(c, err);
    if (!st)
        st = kino_catalogue_begin(c, err);
    if (!st)
        st = identify(c, &i, err); /* another process may have been first */
    if (!st)
        st = judge(c, &i, mode, &old, err);
    for (int64_t v = i.version; !st && v < KINO_CATALOGUE_VERSION; v++)
        st = kino_store_run(c, kino_catalogue_migrations[v], err);
    if (!st) {
        char *stamp = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                                      KINO_CATALOGUE_APPLICATION, KINO_CATALOGUE_VERSION);
        st = kino_store_run(c, stamp, err);
        sqlite3_free(stamp);
    }
    if (st)
        kino_catalogue_rollback(c);
    return st;
}

/* A path as SQLite reads it from a URI: what would begin a query, a fragment or an escape is escaped, and so is the
 * second of two slashes, which would begin the name of a host. Freed by the caller. */
static char *immutable_uri(const char *path)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "file:");
    for (const char *p = path; *p; p++)
        if (strchr("?#%", *p) || (*p == '/' && p > path && p[-1] == '/'))
            kino_buffer_print(&b, "%%%02x", (unsigned)(unsigned char)*p);
        else
            kino_buffer_byte(&b, *p);
    kino_buffer_print(&b, "?immutable=1");
    return b.data;
}

/* Whether there are changes beside the file. */
static bool has_wal(const char *path)
{
    kino_buffer name = {0};
    struct stat wal;
    kino_buffer_print(&name, "%s-wal", path);
    const bool has = !stat(name.data, &wal) && wal.st_size;
    free(name.data);
    return has;
}

kino_status kino_catalogue_open(const char *path, kino_catalogue_mode mode, kino_catalogue **out, kino_error *err)
{
    kino_status st = KINO_OK;
    struct stat file;
    char *copy = NULL;
    kino_catalogue *c = kino_alloc(sizeof *c);
    c->path = kino_strdup(path);
    pthread_mutex_init(&c->lock, NULL);
    if (mode == KINO_CATALOGUE_CREATE) {
        copy = kino_strdup(path);
        st = kino_make_folders(dirname(copy), err);
        if (st)
            goto done;
    } else if (access(path, F_OK)) {
        st = kino_fail(err, KINO_NOT_FOUND, "no catalogue at %s; make one with: kino build FILE.csv", path);
        goto done;
    }
    if (!stat(path, &file) && !S_ISREG(file.st_mode)) { /* SQLite would wait for somebody who writes into a FIFO */
        st = kino_fail(err, KINO_FAILED, "%s: not a regular file", path);
        goto done;
    }
    int flags = mode == KINO_CATALOGUE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == KINO_CATALOGUE_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(path, &c->db, flags | SQLITE_OPEN_FULLMUTEX, NULL);
    if (mode == KINO_CATALOGUE_READ && code == SQLITE_OK) {
        /* On a read-only medium the WAL's index cannot be made; without a WAL the file can be read as immutable. */
        int64_t probe;
        if (pragma_number(c, "PRAGMA user_version", &probe, NULL) && access(path, W_OK)) {
            if (has_wal(path)) {
                st = kino_fail(err, KINO_FAILED,
                               "%s: its last changes lie in %s-wal, which can only be read where its folder can be "
                               "written; copy both to such a place",
                               path, path);
                goto done;
            }
            char *uri = immutable_uri(path);
            sqlite3_close_v2(c->db);
            code = sqlite3_open_v2(uri, &c->db, flags | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_URI, NULL);
            free(uri);
        }
    }
    if (code) {
        st = c->db ? kino_store_fail(c, err) : kino_fail(err, KINO_FAILED, "%s: cannot open", path);
        goto done;
    }
    sqlite3_busy_timeout(c->db, BUSY_MS);
    st = migrate(c, mode, err);
    if (!st)
        st = kino_store_run(c,
                            "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
                            "PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 1073741824",
                            err);
done:
    free(copy);
    if (st)
        kino_catalogue_close(c);
    else
        *out = c;
    return st;
}

void kino_catalogue_close(kino_catalogue *c)
{
    if (!c)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(c->prepared[i]);
    sqlite3_close_v2(c->db);
    pthread_mutex_destroy(&c->lock);
    free(c->path);
    free(c);
}

kino_status kino_catalogue_begin(kino_catalogue *c, kino_error *err)
{
    return kino_store_run(c, "BEGIN IMMEDIATE", err);
}

kino_status kino_catalogue_commit(kino_catalogue *c, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, RAISE_GENERATION, &s, err);
    if (!st)
        st = kino_store_finish(c, s, err);
    if (!st)
        st = kino_store_run(c, "COMMIT", err);
    c->clearing = c->clearing && st;
    return st;
}

void kino_catalogue_rollback(kino_catalogue *c)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_reset(c->prepared[i]);
    c->clearing = false;
    if (!sqlite3_get_autocommit(c->db))
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

kino_status kino_catalogue_hold(kino_catalogue *c, kino_error *err)
{
    return kino_store_run(c, "BEGIN", err);
}

void kino_catalogue_release(kino_catalogue *c)
{
    if (!sqlite3_get_autocommit(c->db))
        sqlite3_exec(c->db, "COMMIT", NULL, NULL, NULL); /* which, unlike ROLLBACK, leaves other readers alone */
}

kino_status kino_catalogue_generation(kino_catalogue *c, uint64_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_GENERATION, &s, err);
    if (!st && sqlite3_step(s) != SQLITE_ROW)
        st = kino_store_fail(c, err);
    if (!st)
        *out = (uint64_t)sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}

bool kino_catalogue_seal(const char *path, uint64_t out[KINO_CATALOGUE_SEAL])
{
    struct stat file, wal;
    char name[4096];
    if (snprintf(name, sizeof name, "%s-wal", path) >= (int)sizeof name || stat(path, &file) ||
        (stat(name, &wal) ? errno != ENOENT : wal.st_size != 0))
        return false;
    out[0] = (uint64_t)file.st_ino;
    out[1] = (uint64_t)file.st_size;
    out[2] = (uint64_t)file.st_mtim.tv_sec * UINT64_C(1000000000) + (uint64_t)file.st_mtim.tv_nsec;
    return true;
}

void kino_catalogue_settle(kino_catalogue *c)
{
    sqlite3_busy_timeout(c->db, SETTLE_MS);
    sqlite3_wal_checkpoint_v2(c->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL, NULL);
    sqlite3_busy_timeout(c->db, BUSY_MS);
}

kino_status kino_catalogue_stamp(kino_catalogue *c, uint64_t *generation, uint64_t *lineage, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_STAMP, &s, err);
    if (!st && sqlite3_step(s) != SQLITE_ROW)
        st = kino_store_fail(c, err);
    if (!st) {
        *generation = (uint64_t)sqlite3_column_int64(s, 0);
        *lineage = (uint64_t)sqlite3_column_int64(s, 1); /* NULL, before version 2, is 0 */
    }
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_changes(kino_catalogue *c, uint64_t since, size_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, COUNT_CHANGES, &s, err);
    if (!st) {
        sqlite3_bind_int64(s, 1, (int64_t)since);
        if (sqlite3_step(s) != SQLITE_ROW)
            st = kino_store_fail(c, err);
        else
            *out = (size_t)sqlite3_column_int64(s, 0);
    }
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_count(kino_catalogue *c, kino_catalogue_counts *out, kino_error *err)
{
    static const char *const queries[] = {
        "SELECT count(*) FROM film",
        "SELECT count(*) FROM film WHERE overview <> ''",
        "SELECT count(*) FROM term WHERE kind = 1",
        "SELECT count(*) FROM term WHERE kind = 2",
        "SELECT count(*) FROM term WHERE kind = 3",
        "SELECT page_count * page_size FROM pragma_page_count, pragma_page_size",
    };
    int64_t v[6] = {0};
    kino_status st = KINO_OK;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < sizeof queries / sizeof *queries && !st; i++)
        st = pragma_number(c, queries[i], &v[i], err);
    pthread_mutex_unlock(&c->lock);
    if (!st)
        *out = (kino_catalogue_counts){(size_t)v[0], (size_t)v[1], (size_t)v[2],
                                       (size_t)v[3], (size_t)v[4], (uint64_t)v[5]};
    return st;
}

/* ---- blobs ---- */

kino_status kino_catalogue_put_blob(kino_catalogue *c, const char *name, const void *bytes, size_t size,
                                    kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, PUT_BLOB, &s, err);
    if (st)
        return st;
    kino_store_bind_text(s, 1, name);
    sqlite3_bind_blob64(s, 2, bytes, size, SQLITE_STATIC);
    return kino_store_finish(c, s, err);
}

kino_status kino_catalogue_get_blob(kino_catalogue *c, const char *name, void **bytes, size_t *size, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_BLOB, &s, err);
    if (st)
        goto done;
    kino_store_bind_text(s, 1, name);
    int step = sqlite3_step(s);
    if (step == SQLITE_ROW) {
        *size = (size_t)sqlite3_column_bytes(s, 0);
        if (*size > KINO_LIMIT_BLOB) {
            st = kino_fail(err, KINO_DAMAGED, "%s: its %s is too large to be true", c->path, name);
            goto done;
        }
        *bytes = kino_alloc_aligned(*size + 1);
        if (*size)
            memcpy(*bytes, sqlite3_column_blob(s, 0), *size);
    } else {
        st = step == SQLITE_DONE ? kino_fail(err, KINO_NOT_FOUND, "%s: has no %s", c->path, name)
                                 : kino_store_fail(c, err);
    }
done:
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}
