/* catalogue_check.c - is the file sound, and is everything there? */
#include <stdio.h>
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

/* What can stand in no catalogue of ours: each statement finds a film, or another number, for which it does. */
static const struct {
    const char *fault, *text;
} rules[] = {
    {"film %lld: its id is none", "SELECT id FROM film WHERE id < 1 OR id > 9007199254740992"},
    {"film %lld: a text of it is none",
     "SELECT id FROM film WHERE typeof(imdb_id) || typeof(title) || typeof(original_title) || typeof(language) ||"
     " typeof(date) || typeof(overview) || typeof(tagline) || typeof(status) || typeof(poster_path) ||"
     " typeof(collection) || typeof(source) <> 'texttexttexttexttexttexttexttexttexttexttext'"},
    {"film %lld: its year is none", "SELECT id FROM film WHERE typeof(year) <> 'integer' OR year < 0 OR year > 9999"},
    {"film %lld: its length is none",
     "SELECT id FROM film WHERE typeof(runtime) NOT IN ('null', 'real', 'integer') OR runtime < 0 OR runtime > 1e6"},
    {"film %lld: its rating is none",
     "SELECT id FROM film WHERE typeof(rating) NOT IN ('null', 'real', 'integer') OR rating < 0 OR rating > 10"},
    {"film %lld: its votes are none",
     "SELECT id FROM film WHERE typeof(votes) NOT IN ('null', 'integer') OR votes < 0"},
    {"film %lld: its popularity is none",
     "SELECT id FROM film WHERE typeof(popularity) NOT IN ('null', 'real', 'integer') OR popularity < 0"},
    {"film %lld: its collection is none", "SELECT id FROM film WHERE typeof(collection_id) <> 'integer'"},
    {"film %lld: where its record comes from is not said",
     "SELECT id FROM film WHERE source = '' OR typeof(fetched_at) <> 'integer'"},
    {"film %lld: a list of it is none that a film has", "SELECT film_id FROM film_term WHERE role NOT BETWEEN 1 AND 7"},
    {"film %lld: a list of it has a gap",
     "SELECT film_id FROM film_term GROUP BY film_id, role HAVING min(position) <> 0 OR max(position) <> count(*) - 1"},
    {"film %lld: a list of it has what it cannot have",
     "SELECT film_id FROM film_term JOIN term USING(term_id) WHERE kind <>"
     " CASE role WHEN 1 THEN 1 WHEN 2 THEN 2 WHEN 5 THEN 4 WHEN 7 THEN 5 ELSE 3 END"},
    {"film %lld: it plays more people than its cast has",
     "SELECT film_id FROM film_term GROUP BY film_id HAVING sum(role = 7) NOT IN (0, sum(role = 4))"},
    {"term %lld: its name is none",
     "SELECT term_id FROM term WHERE typeof(name) <> 'text' OR typeof(tmdb_id) <> 'integer'"},
    {"film %lld: there is a plot of it and no film",
     "SELECT film_id FROM plot WHERE film_id NOT IN (SELECT id FROM film)"},
    {"film %lld: there is a profile of it and no film",
     "SELECT film_id FROM profile WHERE film_id NOT IN (SELECT id FROM film)"},
    {"film %lld: a field of it was filled in, and there is no film",
     "SELECT film_id FROM healed WHERE film_id NOT IN (SELECT id FROM film)"},
    {"film %lld: it was changed in a generation to come",
     "SELECT film_id FROM change WHERE typeof(generation) <> 'integer' OR generation <"
     " 0 OR generation > (SELECT value FROM meta WHERE name = 'generation')"},
    {"its generation is not said (%lld of them)",
     "SELECT count(*) FROM meta WHERE name = 'generation' AND typeof(value) = 'integer' AND value >= 0"
     " HAVING count(*) <> 1"},
    {"its lineage is not said (%lld of them)",
     "SELECT count(*) FROM meta WHERE name = 'lineage' AND typeof(value) = 'integer' HAVING count(*) <> 1"},
    {"the index of its changes is missing (%lld of them)",
     "SELECT count(*) FROM sqlite_schema WHERE name = 'change_generation' HAVING count(*) <> 1"},
};

static kino_status check_rules(kino_catalogue *c, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < sizeof rules / sizeof *rules; i++) {
        sqlite3_stmt *s = NULL;
        bool found = false;
        char what[120];
        const int prepared = sqlite3_prepare_v2(c->db, rules[i].text, -1, &s, NULL);
        if (prepared) /* an error in what is ours is a table or column that is not there */
            return prepared == SQLITE_ERROR ? damaged(c, sqlite3_errmsg(c->db), err) : kino_store_fail(c, err);
        st = first_row(c, s, &found, err);
        if (!st && found) {
            snprintf(what, sizeof what, rules[i].fault, (long long)sqlite3_column_int64(s, 0));
            st = damaged(c, what, err);
        }
        sqlite3_finalize(s);
    }
    return st;
}

kino_status kino_catalogue_text_hashes(kino_catalogue *c, uint64_t maker, kino_text_hash_fn fn, void *ctx,
                                       kino_error *err)
{
    sqlite3_stmt *s = NULL;
    int step = SQLITE_DONE;
    pthread_mutex_lock(&c->lock);
    kino_status st = sqlite3_prepare_v2(c->db,
                                        "SELECT film.id, text_hash FROM film JOIN plot ON film_id = film.id AND"
                                        " maker = ? ORDER BY film.id",
                                        -1, &s, NULL)
                         ? kino_store_fail(c, err)
                         : KINO_OK;
    if (!st) {
        sqlite3_bind_int64(s, 1, (int64_t)maker);
        for (step = sqlite3_step(s); step == SQLITE_ROW; step = sqlite3_step(s))
            fn(ctx, sqlite3_column_int64(s, 0), (uint64_t)sqlite3_column_int64(s, 1));
    }
    if (!st && step != SQLITE_DONE)
        st = kino_store_fail(c, err);
    sqlite3_finalize(s);
    pthread_mutex_unlock(&c->lock);
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
    if (!st)
        st = check_rules(c, err);
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
