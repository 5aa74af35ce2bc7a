/* film_rows.c - of the catalogue: films with their lists. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/status.h"
#include "store/statement.h"

/* What a term is, and in which of the film's lists it stands; people stand in two. */
typedef enum list_kind { GENRE = 1, KEYWORD, PERSON, COUNTRY, CHARACTER } list_kind;
typedef enum list_role {
    ROLE_GENRE = 1,
    ROLE_KEYWORD,
    ROLE_DIRECTOR,
    ROLE_CAST,
    ROLE_COUNTRY,
    ROLE_WRITER,
    ROLE_CHARACTER,
    ROLE_END
} list_role;

static const list_kind kind_of[ROLE_END] = {0, GENRE, KEYWORD, PERSON, PERSON, COUNTRY, PERSON, CHARACTER};

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
    case ROLE_WRITER:
        return &m->writers;
    case ROLE_CHARACTER:
        return &m->characters;
    }
    return NULL;
}

static void bind_known(sqlite3_stmt *s, int column, double value)
{
    if (isnan(value))
        sqlite3_bind_null(s, column);
    else
        sqlite3_bind_double(s, column, value);
}

static kino_status prepare_term(kino_catalogue *c, kino_statement which, int role, const kino_named *term,
                                sqlite3_stmt **out, kino_error *err)
{
    kino_status st = kino_store_prepare(c, which, out, err);
    if (!st) {
        sqlite3_bind_int(*out, 1, kind_of[role]);
        sqlite3_bind_int64(*out, 2, term->id);
        kino_store_bind_text(*out, 3, term->name);
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
        return kino_store_fail(c, err);
    st = prepare_term(c, PUT_TERM, role, term, &s, err);
    if (!st)
        st = kino_store_finish(c, s, err);
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
            st = kino_store_prepare(c, PUT_LIST, &s, err);
        if (st)
            break;
        sqlite3_bind_int64(s, 1, film);
        sqlite3_bind_int(s, 2, role);
        sqlite3_bind_int(s, 3, (int)i);
        sqlite3_bind_int64(s, 4, term);
        st = kino_store_finish(c, s, err);
    }
    return st;
}

kino_status kino_catalogue_put(kino_catalogue *c, const kino_movie *m, const char *source, kino_error *err)
{
    kino_status st = kino_store_run_with_id(c, REMOVE_LISTS, m->id, err);
    sqlite3_stmt *s = NULL;
    if (!st && source) /* another record: nothing in it was filled in */
        st = kino_store_run_with_id(c, REMOVE_HEALED, m->id, err);
    if (!st && !c->clearing)
        st = kino_store_run_with_id(c, PUT_CHANGE, m->id, err);
    if (!st)
        st = kino_store_prepare(c, PUT_FILM, &s, err);
    if (st)
        return st;
    sqlite3_bind_int64(s, 1, m->id);
    kino_store_bind_text(s, 2, m->imdb_id);
    kino_store_bind_text(s, 3, m->title);
    kino_store_bind_text(s, 4, m->original_title);
    kino_store_bind_text(s, 5, m->language);
    kino_store_bind_text(s, 6, m->date);
    sqlite3_bind_int(s, 7, m->year);
    bind_known(s, 8, m->runtime);
    bind_known(s, 9, m->rating);
    if (m->votes < 0)
        sqlite3_bind_null(s, 10);
    else
        sqlite3_bind_int64(s, 10, m->votes);
    bind_known(s, 11, m->popularity);
    kino_store_bind_text(s, 12, m->overview);
    kino_store_bind_text(s, 13, m->tagline);
    kino_store_bind_text(s, 14, m->status);
    kino_store_bind_text(s, 15, m->poster_path);
    sqlite3_bind_int64(s, 16, m->collection.id);
    kino_store_bind_text(s, 17, m->collection.name);
    if (source)
        kino_store_bind_text(s, 18, source);
    sqlite3_bind_int64(s, 19, (int64_t)time(NULL));
    st = kino_store_finish(c, s, err);
    for (int role = 1; !st && role < ROLE_END; role++)
        st = put_list(c, m->id, role, list_of((kino_movie *)m, role), err);
    return st;
}

kino_status kino_catalogue_remove(kino_catalogue *c, int64_t id, bool *removed, kino_error *err)
{
    kino_status st = kino_store_run_with_id(c, REMOVE_FILM, id, err);
    *removed = !st && sqlite3_changes(c->db) > 0;
    if (*removed)
        st = kino_store_run_with_id(c, PUT_CHANGE, id, err);
    if (!st)
        st = kino_store_run_with_id(c, REMOVE_PLOT, id, err);
    if (!st)
        st = kino_store_run_with_id(c, REMOVE_HEALED, id, err);
    if (!st)
        st = kino_store_run_with_id(c, REMOVE_PROFILE, id, err);
    return st;
}

kino_status kino_catalogue_clear(kino_catalogue *c, kino_error *err)
{
    c->clearing = true;
    return kino_store_run(
        c,
        "DELETE FROM film_term; DELETE FROM term; DELETE FROM film; DELETE FROM profile;"
        "DELETE FROM change; DELETE FROM healed; UPDATE meta SET value = random() WHERE name = 'lineage'",
        err);
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

/* The items of one list of a film, while they arrive. */
typedef struct gathered {
    kino_named *items;
    size_t count, capacity;
    int role;
} gathered;

static void finish_list(gathered *g, kino_arena *a, kino_movie *m)
{
    kino_list *list = list_of(m, g->role);
    if (g->count && list) {
        kino_named *kept = kino_arena_alloc(a, g->count * sizeof *kept);
        memcpy(kept, g->items, g->count * sizeof *kept);
        *list = (kino_list){kept, g->count};
    }
    g->count = 0;
}

/* Takes the columns (role, tmdb_id, name) from `column` on; rows come ordered by role and position. */
static void gather(gathered *g, sqlite3_stmt *s, int column, kino_arena *a, kino_movie *m)
{
    int role = sqlite3_column_int(s, column);
    if (role != g->role)
        finish_list(g, a, m);
    g->role = role;
    if (g->count == KINO_LIMIT_LIST)
        return;
    if (g->count == g->capacity) {
        g->capacity = g->capacity ? 2 * g->capacity : 32;
        g->items = kino_resize_array(g->items, g->capacity, sizeof *g->items);
    }
    g->items[g->count++] = (kino_named){sqlite3_column_int64(s, column + 1), text_column(a, s, column + 2)};
}

static kino_status read_lists(kino_catalogue *c, sqlite3_stmt *s, kino_arena *a, kino_movie *m, kino_error *err)
{
    gathered g = {0};
    int step;
    for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
        gather(&g, s, 0, a, m);
    finish_list(&g, a, m);
    free(g.items);
    return step == SQLITE_DONE ? KINO_OK : kino_store_fail(c, err);
}

kino_status kino_catalogue_get(kino_catalogue *c, int64_t id, kino_arena *arena, kino_movie *out, kino_error *err)
{
    sqlite3_stmt *s = NULL, *lists = NULL;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_FILM, &s, err);
    if (st)
        goto done;
    sqlite3_bind_int64(s, 1, id);
    int step = sqlite3_step(s);
    if (step == SQLITE_DONE) {
        st = kino_fail(err, KINO_NOT_FOUND, "no film with the id %lld in the catalogue", (long long)id);
        goto done;
    }
    if (step != SQLITE_ROW) {
        st = kino_store_fail(c, err);
        goto done;
    }
    read_film(s, arena, out);
    st = kino_store_prepare(c, GET_LISTS, &lists, err);
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

#define FILM_COLUMNS                                                                                                   \
    "id, imdb_id, title, original_title, language, date, year, runtime, rating, votes, popularity,"                    \
    " overview, tagline, status, poster_path, collection_id, collection"
#define LIST_COLUMNS "film_term.film_id, role, tmdb_id, name"

kino_status kino_catalogue_films(kino_catalogue *c, uint64_t since, kino_film_fn fn, void *ctx, kino_error *err)
{
    static const char
        *const film_sql[2] =
            {
                "SELECT " FILM_COLUMNS " FROM film ORDER BY id",
                "SELECT " FILM_COLUMNS " FROM change CROSS JOIN film ON id = film_id WHERE generation > ? ORDER BY id",
            },
               *const list_sql[2] = {
                   "SELECT " LIST_COLUMNS " FROM film_term JOIN term USING(term_id) ORDER BY film_id, role, position",
                   "SELECT " LIST_COLUMNS " FROM change CROSS JOIN film_term ON film_term.film_id = change.film_id"
                   " JOIN term USING(term_id) WHERE generation > ? ORDER BY film_term.film_id, role, position",
               };
    kino_status st = KINO_OK;
    sqlite3_stmt *s = NULL, *lists = NULL;
    kino_arena arena = {0};
    gathered g = {0};
    int step, list_step;
    pthread_mutex_lock(&c->lock);
    if (sqlite3_prepare_v2(c->db, film_sql[since > 0], -1, &s, NULL) ||
        sqlite3_prepare_v2(c->db, list_sql[since > 0], -1, &lists, NULL)) {
        st = kino_store_fail(c, err);
        goto done;
    }
    if (since) {
        sqlite3_bind_int64(s, 1, (int64_t)since);
        sqlite3_bind_int64(lists, 1, (int64_t)since);
    }
    list_step = sqlite3_step(lists);
    size_t count = 0;
    for (step = sqlite3_step(s); step == SQLITE_ROW && count < KINO_LIMIT_FILMS; step = sqlite3_step(s), count++) {
        kino_movie m;
        read_film(s, &arena, &m);
        for (; list_step == SQLITE_ROW && sqlite3_column_int64(lists, 0) <= m.id; list_step = sqlite3_step(lists))
            if (sqlite3_column_int64(lists, 0) == m.id)
                gather(&g, lists, 1, &arena, &m);
        finish_list(&g, &arena, &m);
        fn(ctx, &m);
        kino_arena_free(&arena);
    }
    if (step != SQLITE_DONE || (list_step != SQLITE_DONE && list_step != SQLITE_ROW))
        st = kino_store_fail(c, err);
done:
    free(g.items);
    sqlite3_finalize(s);
    sqlite3_finalize(lists);
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_changed(kino_catalogue *c, uint64_t since, kino_id_fn fn, void *ctx, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int step = SQLITE_DONE;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_CHANGES, &s, err);
    if (!st) {
        sqlite3_bind_int64(s, 1, (int64_t)since);
        for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
            fn(ctx, sqlite3_column_int64(s, 0));
        if (step != SQLITE_DONE)
            st = kino_store_fail(c, err);
        sqlite3_reset(s);
    }
    pthread_mutex_unlock(&c->lock);
    return st;
}

kino_status kino_catalogue_history(kino_catalogue *c, uint64_t since, int64_t after, kino_change *out, size_t most,
                                   size_t *count, kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int step = SQLITE_DONE;
    pthread_mutex_lock(&c->lock);
    kino_status st = kino_store_prepare(c, GET_HISTORY, &s, err);
    *count = 0;
    if (!st) {
        sqlite3_bind_int64(s, 1, (int64_t)since);
        sqlite3_bind_int64(s, 2, after);
        sqlite3_bind_int64(s, 3, (int64_t)most);
        for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
            out[(*count)++] = (kino_change){sqlite3_column_int64(s, 0), (uint64_t)sqlite3_column_int64(s, 1)};
        if (step != SQLITE_DONE)
            st = kino_store_fail(c, err);
        sqlite3_reset(s);
    }
    pthread_mutex_unlock(&c->lock);
    return st;
}
