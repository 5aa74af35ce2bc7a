/* answers.c - keeps what a service answered in a small SQLite file; losing it loses time only. */
#include "store/answers.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"

enum { BUSY_MS = 200 }; /* an answer that another program's writing holds up is forgotten */

struct kino_answers {
    sqlite3 *db;
};

kino_answers *kino_answers_open(const char *path)
{
    kino_answers *a = kino_alloc(sizeof *a);
    if (sqlite3_open_v2(path, &a->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_FULLMUTEX, NULL) ||
        sqlite3_busy_timeout(a->db, BUSY_MS) ||
        sqlite3_exec(a->db,
                     "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY;"
                     "CREATE TABLE IF NOT EXISTS answer(question TEXT PRIMARY KEY, answer INTEGER NOT NULL,"
                     " at INTEGER NOT NULL) WITHOUT ROWID",
                     NULL, NULL, NULL)) {
        kino_answers_close(a);
        return NULL;
    }
    return a;
}

void kino_answers_close(kino_answers *a)
{
    if (!a)
        return;
    sqlite3_close_v2(a->db);
    free(a);
}

void kino_answers_put(kino_answers *a, const char *question, int64_t answer)
{
    sqlite3_stmt *s = NULL;
    if (a && !sqlite3_prepare_v2(a->db, "INSERT OR REPLACE INTO answer VALUES(?,?,?)", -1, &s, NULL)) {
        sqlite3_bind_text(s, 1, question, -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 2, answer);
        sqlite3_bind_int64(s, 3, (int64_t)time(NULL));
        sqlite3_step(s);
    }
    sqlite3_finalize(s);
}

bool kino_answers_get(kino_answers *a, const char *question, int64_t seconds, int64_t *out)
{
    sqlite3_stmt *s = NULL;
    bool found = false;
    if (a && !sqlite3_prepare_v2(a->db, "SELECT answer FROM answer WHERE question = ? AND at > ?", -1, &s, NULL)) {
        sqlite3_bind_text(s, 1, question, -1, SQLITE_STATIC);
        sqlite3_bind_int64(s, 2, (int64_t)time(NULL) - seconds);
        found = sqlite3_step(s) == SQLITE_ROW;
        if (found)
            *out = sqlite3_column_int64(s, 0);
    }
    sqlite3_finalize(s);
    return found;
}
