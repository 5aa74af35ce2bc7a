/* statement.c - the SQL of every prepared statement, and how statements are bound and run. */
#include "store/statement.h"

#include <errno.h>
#include <sys/resource.h>

#include "base/status.h"

static const char *const sql[STATEMENTS] = {
    [RAISE_GENERATION] = "UPDATE meta SET value = value + 1 WHERE name = 'generation'",
    [GET_GENERATION] = "SELECT value FROM meta WHERE name = 'generation'",
    [GET_STAMP] = "SELECT value, (SELECT value FROM meta WHERE name = 'lineage') FROM meta WHERE name = 'generation'",
    [PUT_CHANGE] = "INSERT OR REPLACE INTO change SELECT ?, value + 1 FROM meta WHERE name = 'generation'",
    [COUNT_CHANGES] = "SELECT count(*) FROM change WHERE generation > ?",
    [GET_CHANGES] = "SELECT film_id FROM change WHERE generation > ?",
    [DROP_STAGED] = "DELETE FROM staged_plot WHERE film_id = ? AND (text_hash <> ? OR maker <> ?)",
    [GET_HISTORY] = "SELECT film_id, generation FROM change WHERE +generation > ?1 AND film_id > ?2"
                    " UNION ALL SELECT id, 1 FROM film WHERE ?1 = 0 AND id > ?2"
                    " AND NOT EXISTS (SELECT 1 FROM change WHERE film_id = id) ORDER BY 1 LIMIT ?3",
    [PUT_FILM] = "INSERT OR REPLACE INTO film VALUES(?1,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,"
                 " coalesce(?18, (SELECT source FROM film WHERE id = ?1), 'added'),"
                 " CASE WHEN ?18 IS NULL THEN coalesce((SELECT fetched_at FROM film WHERE id = ?1), ?19) ELSE ?19 END)",
    [REMOVE_FILM] = "DELETE FROM film WHERE id = ?",
    [REMOVE_LISTS] = "DELETE FROM film_term WHERE film_id = ?",
    [REMOVE_PLOT] = "DELETE FROM plot WHERE film_id = ?",
    [REMOVE_PROFILE] = "DELETE FROM profile WHERE film_id = ?",
    [PUT_TERM] = "INSERT INTO term(kind, tmdb_id, name) VALUES(?,?,?)",
    [GET_TERM] = "SELECT term_id FROM term WHERE kind = ? AND tmdb_id = ? AND name = ?",
    [PUT_LIST] = "INSERT INTO film_term VALUES(?,?,?,?)",
    [GET_FILM] = "SELECT id, imdb_id, title, original_title, language, date, year, runtime, rating, votes, popularity,"
                 " overview, tagline, status, poster_path, collection_id, collection FROM film WHERE id = ?",
    [GET_LISTS] = "SELECT role, tmdb_id, name FROM film_term JOIN term USING(term_id) WHERE film_id = ?"
                  " ORDER BY role, position",
    [PUT_PLOT] = "INSERT OR REPLACE INTO plot VALUES(?,?,?,?)",
    [STAGE_PLOT] = "INSERT OR REPLACE INTO staged_plot VALUES(?,?,?,?)",
    [REUSE_PLOT] = "SELECT vector FROM staged_plot WHERE film_id = ?1 AND text_hash = ?2 AND maker = ?3"
                   " UNION ALL SELECT vector FROM plot WHERE film_id = ?1 AND text_hash = ?2 AND maker = ?3 LIMIT 1",
    [PUT_PROFILE] = "INSERT OR REPLACE INTO profile VALUES(?,?,?)",
    [GET_ORIGIN] = "SELECT source, fetched_at FROM film WHERE id = ?",
    [PUT_HEALED] = "INSERT OR REPLACE INTO healed VALUES(?,?,?,?)",
    [GET_HEALED] = "SELECT field FROM healed WHERE film_id = ? AND at < ?",
    [REMOVE_HEALED] = "DELETE FROM healed WHERE film_id = ?1 AND at < coalesce(?2, at + 1)",
    [GET_FETCHED] = "SELECT id FROM film WHERE source = 'tmdb' AND fetched_at < ?1"
                    " UNION SELECT film_id FROM healed JOIN film ON id = film_id WHERE at < ?1 ORDER BY 1",
    [PUT_BLOB] = "INSERT OR REPLACE INTO blob VALUES(?,?)",
    [GET_BLOB] = "SELECT bytes FROM blob WHERE name = ?",
};

/* SQLite does not pass on why a write failed. */
static bool has_file_limit(void)
{
    struct rlimit size;
    return !getrlimit(RLIMIT_FSIZE, &size) && size.rlim_cur != RLIM_INFINITY;
}

kino_status kino_store_fail(kino_catalogue *c, kino_error *err)
{
    int code = sqlite3_errcode(c->db) & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return kino_fail(err, KINO_DAMAGED, "%s: damaged catalogue (%s); restore a copy or build it again", c->path,
                         sqlite3_errmsg(c->db));
    const int system = sqlite3_system_errno(c->db);
    if (code == SQLITE_FULL || (code != SQLITE_ERROR && (system == ENOSPC || system == EDQUOT)))
        return kino_fail(err, KINO_FAILED, "%s: the disk is full; nothing was changed", c->path);
    if (sqlite3_extended_errcode(c->db) == SQLITE_IOERR_WRITE && has_file_limit())
        return kino_fail(err, KINO_FAILED, "%s: a file may not grow so large here (ulimit -f); nothing was changed",
                         c->path);
    if (code == SQLITE_BUSY)
        return kino_fail(err, KINO_FAILED, "%s: another program is writing to the catalogue; try again", c->path);
    return kino_fail(err, KINO_FAILED, "%s: %s", c->path, sqlite3_errmsg(c->db));
}

kino_status kino_store_run(kino_catalogue *c, const char *text, kino_error *err)
{
    return sqlite3_exec(c->db, text, NULL, NULL, NULL) ? kino_store_fail(c, err) : KINO_OK;
}

kino_status kino_store_prepare(kino_catalogue *c, kino_statement which, sqlite3_stmt **out, kino_error *err)
{
    sqlite3_stmt **s = &c->prepared[which];
    if (!*s && sqlite3_prepare_v3(c->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL))
        return kino_store_fail(c, err);
    sqlite3_reset(*s);
    sqlite3_clear_bindings(*s);
    *out = *s;
    return KINO_OK;
}

kino_status kino_store_finish(kino_catalogue *c, sqlite3_stmt *s, kino_error *err)
{
    kino_status st = sqlite3_step(s) == SQLITE_DONE ? KINO_OK : kino_store_fail(c, err);
    sqlite3_reset(s);
    return st;
}

kino_status kino_store_run_with_id(kino_catalogue *c, kino_statement which, int64_t id, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = kino_store_prepare(c, which, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    return kino_store_finish(c, s, err);
}

void kino_store_bind_text(sqlite3_stmt *s, int column, const char *text)
{
    sqlite3_bind_text(s, column, text ? text : "", -1, SQLITE_STATIC);
}
