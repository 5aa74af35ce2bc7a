/* film_rows.c - of the catalogue: films with their lists. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/limits.h"
#include "base/status.h"
#include "store/statement.h"

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
    if (!st)
        st = kino_store_run_with_id(c, REMOVE_PLOT, id, err);
    if (!st)
        st = kino_store_run_with_id(c, REMOVE_PROFILE, id, err);
    return st;
}

kino_status kino_catalogue_clear(kino_catalogue *c, kino_error *err)
{
    return kino_store_run(c, "DELETE FROM film_term; DELETE FROM term; DELETE FROM film; DELETE FROM profile", err);
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

/* Genres of all films, walked beside the films in the same order. */
static kino_status read_genres(kino_catalogue *c, kino_arena *arena, kino_movie *films, size_t count,
                               kino_error *err)
{
    enum { MOST = 64 };
    sqlite3_stmt *s = NULL;
    if (sqlite3_prepare_v2(c->db,
                           "SELECT film_id, term_id FROM film_term WHERE role = 1 ORDER BY film_id, position", -1, &s,
                           NULL))
        return kino_store_fail(c, err);
    sqlite3_stmt *names = NULL;
    kino_named *terms = NULL;
    int64_t *term_ids = NULL;
    size_t term_count = 0;
    kino_status st = KINO_OK;
    if (sqlite3_prepare_v2(c->db, "SELECT term_id, tmdb_id, name FROM term WHERE kind = 1 ORDER BY term_id", -1,
                           &names, NULL)) {
        st = kino_store_fail(c, err);
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
        st = kino_store_fail(c, err);
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
        st = kino_store_fail(c, err);
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
        st = kino_store_fail(c, err);
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
