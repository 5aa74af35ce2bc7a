/* statement.h - inside the store: the connection, its prepared statements, and how they are run. */
#ifndef KINO_STORE_STATEMENT_H
#define KINO_STORE_STATEMENT_H

#include <pthread.h>
#include <sqlite3.h>

#include "store/catalogue.h"

typedef enum kino_statement {
    RAISE_GENERATION,
    GET_GENERATION,
    GET_STAMP,
    PUT_CHANGE,
    COUNT_CHANGES,
    GET_CHANGES,
    GET_HISTORY,
    DROP_STAGED,
    PUT_FILM,
    REMOVE_FILM,
    REMOVE_LISTS,
    REMOVE_PLOT,
    REMOVE_PROFILE,
    PUT_TERM,
    GET_TERM,
    PUT_LIST,
    GET_FILM,
    GET_LISTS,
    PUT_PLOT,
    STAGE_PLOT,
    REUSE_PLOT,
    PUT_PROFILE,
    GET_ORIGIN,
    PUT_HEALED,
    GET_HEALED,
    REMOVE_HEALED,
    GET_FETCHED,
    PUT_BLOB,
    GET_BLOB,
    STATEMENTS,
} kino_statement;

struct kino_catalogue {
    sqlite3 *db;
    char *path;
    pthread_mutex_t lock; /* readers take turns on the prepared statements */
    bool clearing;        /* in this transaction everything is new: changes are not logged */
    sqlite3_stmt *prepared[STATEMENTS];
};

/* What went wrong on this connection, as status and message. */
kino_status kino_store_fail(kino_catalogue *c, kino_error *err);
/* One or more statements without rows or parameters. */
kino_status kino_store_run(kino_catalogue *c, const char *text, kino_error *err);
/* The prepared statement, reset and without bindings. */
kino_status kino_store_prepare(kino_catalogue *c, kino_statement which, sqlite3_stmt **out, kino_error *err);
/* Runs a statement that returns no rows. */
kino_status kino_store_finish(kino_catalogue *c, sqlite3_stmt *s, kino_error *err);
kino_status kino_store_run_with_id(kino_catalogue *c, kino_statement which, int64_t id, kino_error *err);

/* NULL is "". */
void kino_store_bind_text(sqlite3_stmt *s, int column, const char *text);

#endif
