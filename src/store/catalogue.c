#include "store/catalogue.h"

#include <libgen.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/limits.h"
#include "base/status.h"
#include "store/schema.h"

enum { BUSY_MS = 20000 };  /* a writer waits this long for another one */

/* What a term is, and in which of the film's lists it stands; people stand in two. */
typedef enum list_kind { GENRE = 1, KEYWORD, PERSON, COUNTRY } list_kind;
typedef enum list_role { ROLE_GENRE = 1, ROLE_KEYWORD, ROLE_DIRECTOR, ROLE_CAST, ROLE_COUNTRY, ROLE_END } list_role;

static const list_kind kind_of[ROLE_END] = {0, GENRE, KEYWORD, PERSON, PERSON, COUNTRY};

static kino_list *list_of(kino_movie *m, int role)
{
    switch (role) {
    case ROLE_GENRE:
        return &m->genres;
    case ROLE_KEYWORD:
        return &m->keywords;
    case ROLE_DIRECTOR:
        return &m->directors;
    case ROLE_CAST:
        return &m->cast;
    case ROLE_COUNTRY:
        return &m->countries;
    }
    return NULL;
}

enum statement {
    RAISE_GENERATION,
    GET_GENERATION,
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
    PUT_BLOB,
    GET_BLOB,
    STATEMENTS,
};

static const char *const sql[STATEMENTS] = {
    [RAISE_GENERATION] = "UPDATE meta SET value = value + 1 WHERE name = 'generation'",
    [GET_GENERATION] = "SELECT value FROM meta WHERE name = 'generation'",
    [PUT_FILM] = "INSERT OR REPLACE INTO film VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
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
    [PUT_BLOB] = "INSERT OR REPLACE INTO blob VALUES(?,?)",
    [GET_BLOB] = "SELECT bytes FROM blob WHERE name = ?",
};

struct kino_catalogue {
    sqlite3 *db;
    char *path;
    pthread_mutex_t lock;               /* readers take turns on the prepared statements */
    sqlite3_stmt *prepared[STATEMENTS];
};

static kino_status fail(kino_catalogue *c, kino_error *err)
{
    int code = sqlite3_errcode(c->db) & 0xff;
    if (code == SQLITE_CORRUPT || code == SQLITE_NOTADB)
        return kino_fail(err, KINO_DAMAGED, "%s: damaged catalogue (%s); restore a copy or build it again", c->path,
                         sqlite3_errmsg(c->db));
    if (code == SQLITE_BUSY)
        return kino_fail(err, KINO_FAILED, "%s: another program is writing to the catalogue; try again", c->path);
    return kino_fail(err, KINO_FAILED, "%s: %s", c->path, sqlite3_errmsg(c->db));
}

static kino_status run(kino_catalogue *c, const char *text, kino_error *err)
{
    return sqlite3_exec(c->db, text, NULL, NULL, NULL) ? fail(c, err) : KINO_OK;
}

/* The prepared statement, reset. */
static kino_status prepare(kino_catalogue *c, enum statement which, sqlite3_stmt **out, kino_error *err)
{
    sqlite3_stmt **s = &c->prepared[which];
    if (!*s && sqlite3_prepare_v3(c->db, sql[which], -1, SQLITE_PREPARE_PERSISTENT, s, NULL))
        return fail(c, err);
    sqlite3_reset(*s);
    sqlite3_clear_bindings(*s);
    *out = *s;
    return KINO_OK;
}

/* Runs a statement that returns no rows. */
static kino_status finish(kino_catalogue *c, sqlite3_stmt *s, kino_error *err)
{
    kino_status st = sqlite3_step(s) == SQLITE_DONE ? KINO_OK : fail(c, err);
    sqlite3_reset(s);
    return st;
}

static kino_status run_with_id(kino_catalogue *c, enum statement which, int64_t id, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = prepare(c, which, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, id);
    return finish(c, s, err);
}

static kino_status pragma_number(kino_catalogue *c, const char *text, int64_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = KINO_OK;
    if (sqlite3_prepare_v2(c->db, text, -1, &s, NULL) || sqlite3_step(s) != SQLITE_ROW)
        st = fail(c, err);
    else
        *out = sqlite3_column_int64(s, 0);
    sqlite3_finalize(s);
    return st;
}

static kino_status migrate(kino_catalogue *c, kino_catalogue_mode mode, kino_error *err)
{
    int64_t version = 0, application = 0;
    kino_status st = pragma_number(c, "PRAGMA user_version", &version, err);
    if (!st)
        st = pragma_number(c, "PRAGMA application_id", &application, err);
    if (st)
        return st;
    if (version == KINO_CATALOGUE_VERSION && application == KINO_CATALOGUE_APPLICATION)
        return KINO_OK;
    if (version > KINO_CATALOGUE_VERSION && application == KINO_CATALOGUE_APPLICATION)
        return kino_fail(err, KINO_DAMAGED, "%s: catalogue version %lld, this program knows %d; use a newer kino",
                         c->path, (long long)version, KINO_CATALOGUE_VERSION);
    if (version != 0 || application != 0)
        return kino_fail(err, KINO_DAMAGED, "%s: a database, but not a kino catalogue", c->path);
    int64_t tables = 0;
    st = pragma_number(c, "SELECT count(*) FROM sqlite_schema", &tables, err);
    if (st)
        return st;
    if (tables || mode != KINO_CATALOGUE_CREATE)
        return kino_fail(err, KINO_DAMAGED, "%s: a database, but not a kino catalogue", c->path);
    st = run(c, "PRAGMA journal_mode = WAL; BEGIN IMMEDIATE", err);
    pragma_number(c, "PRAGMA user_version", &version, NULL);  /* another process may have been first */
    for (int64_t v = version; !st && v < KINO_CATALOGUE_VERSION; v++)
        st = run(c, kino_catalogue_migrations[v], err);
    if (!st) {
        char *stamp = sqlite3_mprintf("PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT",
                                      KINO_CATALOGUE_APPLICATION, KINO_CATALOGUE_VERSION);
        st = run(c, stamp, err);
        sqlite3_free(stamp);
    }
    if (st)
        kino_catalogue_rollback(c);
    return st;
}

kino_status kino_catalogue_open(const char *path, kino_catalogue_mode mode, kino_catalogue **out, kino_error *err)
{
    kino_status st = KINO_OK;
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
    int flags = mode == KINO_CATALOGUE_READ ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE;
    if (mode == KINO_CATALOGUE_CREATE)
        flags |= SQLITE_OPEN_CREATE;
    int code = sqlite3_open_v2(path, &c->db, flags | SQLITE_OPEN_FULLMUTEX, NULL);
    if (mode == KINO_CATALOGUE_READ && code == SQLITE_OK) {
        /* On a read-only medium the WAL's index cannot be made; without a WAL the file can be read as immutable. */
        int64_t probe;
        if (pragma_number(c, "PRAGMA user_version", &probe, NULL) && access(path, W_OK)) {
            char *uri = sqlite3_mprintf("file:%s?immutable=1", path);
            sqlite3_close_v2(c->db);
            code = sqlite3_open_v2(uri, &c->db, flags | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_URI, NULL);
            sqlite3_free(uri);
        }
    }
    if (code) {
        st = c->db ? fail(c, err) : kino_fail(err, KINO_FAILED, "%s: cannot open", path);
        goto done;
    }
    sqlite3_busy_timeout(c->db, BUSY_MS);
    st = migrate(c, mode, err);
    if (!st)
        st = run(c, "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF;"
                    "PRAGMA cell_size_check = ON; PRAGMA mmap_size = 1073741824", err);
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
    return run(c, "BEGIN IMMEDIATE", err);
}

kino_status kino_catalogue_commit(kino_catalogue *c, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = prepare(c, RAISE_GENERATION, &s, err);
    if (!st)
        st = finish(c, s, err);
    return st ? st : run(c, "COMMIT", err);
}

void kino_catalogue_rollback(kino_catalogue *c)
{
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_reset(c->prepared[i]);
    if (!sqlite3_get_autocommit(c->db))
        sqlite3_exec(c->db, "ROLLBACK", NULL, NULL, NULL);
}

kino_status kino_catalogue_generation(kino_catalogue *c, uint64_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = prepare(c, GET_GENERATION, &s, err);
    if (!st && sqlite3_step(s) != SQLITE_ROW)
        st = fail(c, err);
    if (!st)
        *out = (uint64_t)sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}

/* ---- films ---- */

static void bind_text(sqlite3_stmt *s, int column, const char *text)
{
    sqlite3_bind_text(s, column, text ? text : "", -1, SQLITE_STATIC);
}

static void bind_known(sqlite3_stmt *s, int column, double value)
{
    if (isnan(value))
        sqlite3_bind_null(s, column);
    else
        sqlite3_bind_double(s, column, value);
}

static kino_status prepare_term(kino_catalogue *c, enum statement which, int role, const kino_named *term,
                                sqlite3_stmt **out, kino_error *err)
{
    kino_status st = prepare(c, which, out, err);
    if (!st) {
        sqlite3_bind_int(*out, 1, kind_of[role]);
        sqlite3_bind_int64(*out, 2, term->id);
        bind_text(*out, 3, term->name);
    }
    return st;
}

/* The row of a term, which is made when it is new. */
static kino_status term_row(kino_catalogue *c, int role, const kino_named *term, int64_t *out, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = prepare_term(c, GET_TERM, role, term, &s, err);
    if (st)
        return st;
    int step = sqlite3_step(s);
    if (step == SQLITE_ROW)
        *out = sqlite3_column_int64(s, 0);
    sqlite3_reset(s);
    if (step == SQLITE_ROW)
        return KINO_OK;
    if (step != SQLITE_DONE)
        return fail(c, err);
    st = prepare_term(c, PUT_TERM, role, term, &s, err);
    if (!st)
        st = finish(c, s, err);
    *out = sqlite3_last_insert_rowid(c->db);
    return st;
}

static kino_status put_list(kino_catalogue *c, int64_t film, int role, const kino_list *list, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < list->count && i < KINO_LIMIT_LIST; i++) {
        sqlite3_stmt *s = NULL;
        int64_t term = 0;
        st = term_row(c, role, &list->items[i], &term, err);
        if (!st)
            st = prepare(c, PUT_LIST, &s, err);
        if (st)
            break;
        sqlite3_bind_int64(s, 1, film);
        sqlite3_bind_int(s, 2, role);
        sqlite3_bind_int(s, 3, (int)i);
        sqlite3_bind_int64(s, 4, term);
        st = finish(c, s, err);
    }
    return st;
}

kino_status kino_catalogue_put(kino_catalogue *c, const kino_movie *m, const char *source, kino_error *err)
{
    kino_status st = run_with_id(c, REMOVE_LISTS, m->id, err);
    sqlite3_stmt *s = NULL;
    if (!st)
        st = prepare(c, PUT_FILM, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, m->id);
    bind_text(s, 2, m->imdb_id);
    bind_text(s, 3, m->title);
    bind_text(s, 4, m->original_title);
    bind_text(s, 5, m->language);
    bind_text(s, 6, m->date);
    sqlite3_bind_int(s, 7, m->year);
    bind_known(s, 8, m->runtime);
    bind_known(s, 9, m->rating);
    if (m->votes < 0)
        sqlite3_bind_null(s, 10);
    else
        sqlite3_bind_int64(s, 10, m->votes);
    bind_known(s, 11, m->popularity);
    bind_text(s, 12, m->overview);
    bind_text(s, 13, m->tagline);
    bind_text(s, 14, m->status);
    bind_text(s, 15, m->poster_path);
    sqlite3_bind_int64(s, 16, m->collection.id);
    bind_text(s, 17, m->collection.name);
    bind_text(s, 18, source);
    sqlite3_bind_int64(s, 19, (int64_t)time(NULL));
    st = finish(c, s, err);
    for (int role = 1; !st && role < ROLE_END; role++)
        st = put_list(c, m->id, role, list_of((kino_movie *)m, role), err);
    return st;
}

kino_status kino_catalogue_remove(kino_catalogue *c, int64_t id, bool *removed, kino_error *err)
{
    kino_status st = run_with_id(c, REMOVE_FILM, id, err);
    *removed = !st && sqlite3_changes(c->db) > 0;
    if (!st)
        st = run_with_id(c, REMOVE_PLOT, id, err);
    if (!st)
        st = run_with_id(c, REMOVE_PROFILE, id, err);
    return st;
}

kino_status kino_catalogue_clear(kino_catalogue *c, kino_error *err)
{
    return run(c, "DELETE FROM film_term; DELETE FROM term; DELETE FROM film; DELETE FROM profile", err);
}

static char *text_column(kino_arena *a, sqlite3_stmt *s, int column)
{
    const char *text = (const char *)sqlite3_column_text(s, column);
    return kino_arena_strndup(a, text ? text : "", text ? (size_t)sqlite3_column_bytes(s, column) : 0);
}

static double number_column(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? NAN : sqlite3_column_double(s, column);
}

static int64_t votes_column(sqlite3_stmt *s, int column)
{
    return sqlite3_column_type(s, column) == SQLITE_NULL ? -1 : sqlite3_column_int64(s, column);
}

static void read_film(sqlite3_stmt *s, kino_arena *a, kino_movie *m)
{
    *m = (kino_movie){
        .id = sqlite3_column_int64(s, 0),
        .imdb_id = text_column(a, s, 1),
        .title = text_column(a, s, 2),
        .original_title = text_column(a, s, 3),
        .language = text_column(a, s, 4),
        .date = text_column(a, s, 5),
        .year = sqlite3_column_int(s, 6),
        .runtime = number_column(s, 7),
        .rating = number_column(s, 8),
        .votes = votes_column(s, 9),
        .popularity = number_column(s, 10),
        .overview = text_column(a, s, 11),
        .tagline = text_column(a, s, 12),
        .status = text_column(a, s, 13),
        .poster_path = text_column(a, s, 14),
        .collection = {sqlite3_column_int64(s, 15), text_column(a, s, 16)},
    };
}

/* Reads rows (role, tmdb_id, name) of one film, ordered by role and position. */
static kino_status read_lists(kino_catalogue *c, sqlite3_stmt *s, kino_arena *a, kino_movie *m, kino_error *err)
{
    kino_named *items = NULL;
    size_t count = 0, capacity = 0;
    int role = 0, step;
    do {
        step = sqlite3_step(s);
        int next = step == SQLITE_ROW ? sqlite3_column_int(s, 0) : 0;
        if (next != role && count) {
            kino_list *list = list_of(m, role);
            if (list) {
                kino_named *kept = kino_arena_alloc(a, count * sizeof *kept);
                memcpy(kept, items, count * sizeof *kept);
                *list = (kino_list){kept, count};
            }
            count = 0;
        }
        role = next;
        if (step == SQLITE_ROW && count < KINO_LIMIT_LIST) {
            if (count == capacity) {
                capacity = capacity ? 2 * capacity : 32;
                items = kino_resize_array(items, capacity, sizeof *items);
            }
            items[count++] = (kino_named){sqlite3_column_int64(s, 1), text_column(a, s, 2)};
        }
    } while (step == SQLITE_ROW);
    free(items);
    return step == SQLITE_DONE ? KINO_OK : fail(c, err);
}

kino_status kino_catalogue_get(kino_catalogue *c, int64_t id, kino_arena *arena, kino_movie *out, kino_error *err)
{
    sqlite3_stmt *s = NULL, *lists = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = prepare(c, GET_FILM, &s, err);
    if (st)
        goto done;
    sqlite3_bind_int64(s, 1, id);
    int step = sqlite3_step(s);
    if (step == SQLITE_DONE) {
        st = kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id);
        goto done;
    }
    if (step != SQLITE_ROW) {
        st = fail(c, err);
        goto done;
    }
    read_film(s, arena, out);
    st = prepare(c, GET_LISTS, &lists, err);
    if (st)
        goto done;
    sqlite3_bind_int64(lists, 1, id);
    st = read_lists(c, lists, arena, out, err);
done:
    sqlite3_reset(s);
    sqlite3_reset(lists);
    pthread_mutex_unlock(&c->lock);
    return st;
}

/* Genres of all films, walked beside the films in the same order. */
static kino_status read_genres(kino_catalogue *c, kino_arena *arena, kino_movie *films, size_t count,
                               kino_error *err)
{
    enum { MOST = 64 };
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(c->db,
                           "SELECT film_id, term_id FROM film_term WHERE role = 1 ORDER BY film_id, position", -1, &s,
                           NULL))
        return fail(c, err);
    sqlite3_stmt *names = NULL;
    kino_named *terms = NULL;
    int64_t *term_ids = NULL;
    size_t term_count = 0;
    kino_status st = KINO_OK;
    if (sqlite3_prepare_v2(c->db, "SELECT term_id, tmdb_id, name FROM term WHERE kind = 1 ORDER BY term_id", -1,
                           &names, NULL)) {
        st = fail(c, err);
        goto done;
    }
    while (sqlite3_step(names) == SQLITE_ROW) {
        terms = kino_resize_array(terms, term_count + 1, sizeof *terms);
        term_ids = kino_resize_array(term_ids, term_count + 1, sizeof *term_ids);
        term_ids[term_count] = sqlite3_column_int64(names, 0);
        terms[term_count++] = (kino_named){sqlite3_column_int64(names, 1), text_column(arena, names, 2)};
    }
    kino_named found[MOST];
    size_t at = 0, n = 0;
    int step;
    do {
        step = sqlite3_step(s);
        int64_t id = step == SQLITE_ROW ? sqlite3_column_int64(s, 0) : INT64_MAX;
        while (at < count && films[at].id < id) {
            if (n) {
                kino_named *kept = kino_arena_alloc(arena, n * sizeof *kept);
                memcpy(kept, found, n * sizeof *kept);
                films[at].genres = (kino_list){kept, n};
                n = 0;
            }
            at++;
        }
        if (step == SQLITE_ROW && n < MOST) {
            int64_t term = sqlite3_column_int64(s, 1);
            for (size_t t = 0; t < term_count; t++)
                if (term_ids[t] == term) {
                    found[n++] = terms[t];
                    break;
                }
        }
    } while (step == SQLITE_ROW);
    if (step != SQLITE_DONE)
        st = fail(c, err);
done:
    free(terms);
    free(term_ids);
    sqlite3_finalize(names);
    sqlite3_finalize(s);
    return st;
}

kino_status kino_catalogue_list(kino_catalogue *c, kino_arena *arena, kino_movie **out, size_t *count,
                                kino_error *err)
{
    kino_status st = KINO_OK;
    sqlite3_stmt *s = NULL;
    kino_movie *films = NULL;
    size_t n = 0, capacity = 0;
    int step;
    pthread_mutex_lock(&c->lock);
    if (sqlite3_prepare_v2(c->db,
                           "SELECT id, imdb_id, title, original_title, language, year, runtime, rating, votes"
                           " FROM film ORDER BY id",
                           -1, &s, NULL)) {
        st = fail(c, err);
        goto done;
    }
    while ((step = sqlite3_step(s)) == SQLITE_ROW && n < KINO_LIMIT_FILMS) {
        if (n == capacity) {
            capacity = capacity ? 2 * capacity : 1024;
            films = kino_resize_array(films, capacity, sizeof *films);
        }
        films[n++] = (kino_movie){
            .id = sqlite3_column_int64(s, 0),
            .imdb_id = text_column(arena, s, 1),
            .title = text_column(arena, s, 2),
            .original_title = text_column(arena, s, 3),
            .language = text_column(arena, s, 4),
            .year = sqlite3_column_int(s, 5),
            .runtime = number_column(s, 6),
            .rating = number_column(s, 7),
            .votes = votes_column(s, 8),
            .date = "", .overview = "", .tagline = "", .status = "", .poster_path = "", .collection = {0, ""},
            .popularity = NAN,
        };
    }
    if (step != SQLITE_DONE) {
        st = fail(c, err);
        goto done;
    }
    st = read_genres(c, arena, films, n, err);
    if (st)
        goto done;
    *out = kino_arena_alloc(arena, n * sizeof **out);
    if (n)
        memcpy(*out, films, n * sizeof **out);
    *count = n;
done:
    sqlite3_finalize(s);
    free(films);
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

/* ---- vectors ---- */

static kino_status put_vector(kino_catalogue *c, enum statement which, int64_t id, const uint64_t *text_hash,
                              uint64_t maker, const float *vector, size_t dim, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int column = 1;
    kino_status st = prepare(c, which, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, column++, id);
    if (text_hash)
        sqlite3_bind_int64(s, column++, (int64_t)*text_hash);
    sqlite3_bind_int64(s, column++, (int64_t)maker);
    sqlite3_bind_blob(s, column, vector, (int)(dim * sizeof *vector), SQLITE_STATIC);
    return finish(c, s, err);
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

kino_status kino_catalogue_put_profile(kino_catalogue *c, int64_t id, uint64_t maker, const float *vector,
                                       size_t dim, kino_error *err)
{
    return put_vector(c, PUT_PROFILE, id, NULL, maker, vector, dim, err);
}

kino_status kino_catalogue_adopt_staged(kino_catalogue *c, kino_error *err)
{
    return run(c, "INSERT OR REPLACE INTO plot SELECT * FROM staged_plot WHERE film_id IN (SELECT id FROM film);"
                  "DELETE FROM staged_plot;"
                  "DELETE FROM plot WHERE film_id NOT IN (SELECT id FROM film)", err);
}

kino_status kino_catalogue_reuse_plot(kino_catalogue *c, int64_t id, uint64_t text_hash, uint64_t maker,
                                      float *vector, size_t dim, bool *found, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = prepare(c, REUSE_PLOT, &s, err);
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
        st = fail(c, err);
    sqlite3_reset(s);
    return st;
}

kino_status kino_catalogue_vectors(kino_catalogue *c, size_t plot_dim, size_t profile_dim, kino_vector_fn fn,
                                   void *ctx, kino_error *err)
{
    kino_status st = KINO_OK;
    sqlite3_stmt *s = NULL;
    float *plot = kino_alloc_floats(plot_dim), *profile = kino_alloc_floats(profile_dim);
    int step;
    pthread_mutex_lock(&c->lock);
    if (sqlite3_prepare_v2(c->db,
                           "SELECT film.id, plot.vector, profile.vector FROM film"
                           " JOIN plot ON plot.film_id = film.id JOIN profile ON profile.film_id = film.id"
                           " ORDER BY film.id",
                           -1, &s, NULL)) {
        st = fail(c, err);
        goto done;
    }
    while ((step = sqlite3_step(s)) == SQLITE_ROW) {
        const void *a = sqlite3_column_blob(s, 1), *b = sqlite3_column_blob(s, 2);
        if ((size_t)sqlite3_column_bytes(s, 1) != plot_dim * sizeof *plot ||
            (size_t)sqlite3_column_bytes(s, 2) != profile_dim * sizeof *profile) {
            st = kino_fail(err, KINO_DAMAGED, "%s: a vector of the wrong size; build the catalogue again", c->path);
            goto done;
        }
        memcpy(plot, a, plot_dim * sizeof *plot);  /* SQLite promises no alignment */
        memcpy(profile, b, profile_dim * sizeof *profile);
        fn(ctx, sqlite3_column_int64(s, 0), plot, profile);
    }
    if (step != SQLITE_DONE)
        st = fail(c, err);
done:
    sqlite3_finalize(s);
    free(plot);
    free(profile);
    pthread_mutex_unlock(&c->lock);
    return st;
}

/* ---- blobs ---- */

kino_status kino_catalogue_put_blob(kino_catalogue *c, const char *name, const void *bytes, size_t size,
                                    kino_error *err)
{
    sqlite3_stmt *s = NULL;
    kino_status st = prepare(c, PUT_BLOB, &s, err);
    if (st)
        return st;
    bind_text(s, 1, name);
    sqlite3_bind_blob64(s, 2, bytes, size, SQLITE_STATIC);
    return finish(c, s, err);
}

kino_status kino_catalogue_get_blob(kino_catalogue *c, const char *name, void **bytes, size_t *size,
                                    kino_error *err)
{
    sqlite3_stmt *s = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = prepare(c, GET_BLOB, &s, err);
    if (st)
        goto done;
    bind_text(s, 1, name);
    int step = sqlite3_step(s);
    if (step == SQLITE_ROW) {
        *size = (size_t)sqlite3_column_bytes(s, 0);
        *bytes = kino_alloc_aligned(*size + 1);
        if (*size)
            memcpy(*bytes, sqlite3_column_blob(s, 0), *size);
    } else {
        st = step == SQLITE_DONE ? kino_fail(err, KINO_NOT_FOUND, "%s: has no %s", c->path, name) : fail(c, err);
    }
done:
    sqlite3_reset(s);
    pthread_mutex_unlock(&c->lock);
    return st;
}
