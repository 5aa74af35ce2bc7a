/* made.h - catalogues of made-up films, with vectors whose products are exact, for tests that compare to the last bit.
 *
 * The films lack now this, now that; some are twins of others in all but their id. Their vectors are put into the
 * catalogue's tables in the place of the encoders': four halves each, so that a product of two is a quarter, a half or
 * three quarters in whatever order it is summed, or, where a test wants neighbourhoods, real ones around centres. */
#ifndef KINO_TESTS_MADE_H
#define KINO_TESTS_MADE_H

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sqlite3.h>

#include "base/bytes.h"
#include "kino.h"

enum {
    MADE_FIRST = 1000, /* the first id */
    MADE_TWINS = 15,   /* every so many-th film is a twin of the one before it, */
    MADE_MANY = 60,    /* and one has so many keywords */
    MADE_CENTRES = 40, /* of vectors that are not exact */
};

static inline uint64_t made_random(uint64_t purpose, size_t film, uint64_t below)
{
    return kino_random(77, purpose, film) % below;
}

/* The film that another one is a twin of; itself for most. */
static inline size_t made_model(size_t film)
{
    return film % MADE_TWINS == MADE_TWINS - 1 ? film - 1 : film;
}

static inline void made_names(FILE *f, const char *what, size_t film, size_t count, size_t of, uint64_t purpose)
{
    fputs(",\"[", f);
    for (size_t i = 0, term = made_random(purpose, film, of); i < count; i++)
        fprintf(f, "%s{'id': %zu, 'name': '%s %zu'}", i ? ", " : "",
                100 * (purpose + 1) + (term + i * (i + 1) / 2) % of, what, (term + i * (i + 1) / 2) % of);
    fputs("]\"", f);
}

static inline void made_film(FILE *f, size_t film)
{
    static const char *const languages[] = {"en", "en", "fr", "ja", ""};
    const size_t model = made_model(film), year = made_random(1, model, 90);
    fprintf(f, "%zu,Film %zu,%s,", MADE_FIRST + film, film, languages[made_random(2, model, 5)]);
    if (model % 17 != 3)
        fprintf(f, "%zu-01-01", 1930 + year);
    fputs(",", f);
    if (model % 13 != 5)
        fprintf(f, "%.1f", 60 + .5 * (double)made_random(3, model, 200));
    fputs(",", f);
    if (model % 11 != 4)
        fprintf(f, "%.1f", 2 + .1 * (double)made_random(4, model, 78));
    fputs(",", f);
    if (model % 19 == 7)
        fputs("0", f);
    else if (model % 23 != 8)
        fprintf(f, "%d", (int)exp(.01 * (double)made_random(5, model, 1000)));
    fputs(",", f);
    if (model % 7 == 2)
        fprintf(f, "\"{'id': %zu, 'name': 'Collection %zu'}\"", 9000 + model % 5, model % 5);
    made_names(f, "Genre", model, made_random(6, model, 4), 9, 6);
    made_names(f, "word", model, model == 40 ? MADE_MANY : made_random(7, model, 9), model == 40 ? 500 : 70, 7);
    fprintf(f, ",%zu,Released\n", model % 12);
}

static inline void made_credits(FILE *f, size_t film)
{
    const size_t model = made_model(film);
    if (model % 6 == 1)
        return;
    fprintf(f, "%zu", MADE_FIRST + film);
    made_names(f, "Actor", model, made_random(8, model, 7), 30, 8);
    fprintf(f, ",\"[{'id': %zu, 'name': 'Director %zu', 'job': 'Director'}]\"\n", 5000 + model % 12, model % 12);
}

/* Four halves among the first `of` numbers, or none. */
static inline void made_exact(float *v, int dim, size_t film, uint64_t purpose, int of)
{
    memset(v, 0, (size_t)dim * sizeof *v);
    for (int placed = 0, i = 0; made_random(purpose, film, 20) && placed < 4; i++) {
        const size_t at = made_random(purpose + 1, 1000 * film + (size_t)i, (uint64_t)of);
        placed += v[at] == 0;
        v[at] = made_random(purpose + 2, 1000 * film + at, 5) ? .5f : -.5f;
    }
}

/* A unit vector near the centre of the film's group. */
static inline void made_real(float *v, int dim, size_t film, uint64_t purpose)
{
    const size_t group = made_random(purpose, film, MADE_CENTRES);
    double sum = 0;
    for (int d = 0; d < dim; d++) {
        v[d] = kino_random_unit(1, purpose + 1000 * group, (uint64_t)d) - .5f +
               .8f * (kino_random_unit(2, purpose + 1000 * film, (uint64_t)d) - .5f);
        sum += (double)v[d] * v[d];
    }
    for (int d = 0; d < dim; d++)
        v[d] = (float)(v[d] / sqrt(sum));
}

static inline int made_put(sqlite3 *db, const char *sql, int64_t id, const float *v, int dim)
{
    sqlite3_stmt *s = NULL;
    int bad = sqlite3_prepare_v2(db, sql, -1, &s, NULL);
    bad = bad || sqlite3_bind_blob(s, 1, v, dim * (int)sizeof *v, SQLITE_TRANSIENT) || sqlite3_bind_int64(s, 2, id) ||
          sqlite3_step(s) != SQLITE_DONE;
    sqlite3_finalize(s);
    return bad;
}

/* A film's vectors, in the catalogue, if it has the film: recipe classic drops many. 0: no fault. */
static inline int made_put_vectors(sqlite3 *db, int64_t id, const float *plot, const float *profile)
{
    return made_put(db, "UPDATE plot SET vector = ? WHERE film_id = ?", id, plot, KINO_PLOT_DIM) ||
           made_put(db, "UPDATE profile SET vector = ? WHERE film_id = ?", id, profile, KINO_PROFILE_DIM);
}

static inline sqlite3 *made_open(const char *data_dir)
{
    char path[256];
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/catalogue.db", data_dir);
    if (sqlite3_open(path, &db) || sqlite3_exec(db, "BEGIN", NULL, NULL, NULL)) {
        sqlite3_close(db);
        return NULL;
    }
    return db;
}

static inline int made_close(sqlite3 *db)
{
    int bad = !db || sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    return sqlite3_close(db) || bad;
}

/* `count` films in `folder`/data; exact: vectors whose products are. */
static inline kino_status made_catalogue(const char *folder, const kino_options *opt, kino_recipe recipe, size_t count,
                                         bool exact, kino_error *err)
{
    char films[160], credits[160];
    float plot[KINO_PLOT_DIM], profile[KINO_PROFILE_DIM];
    snprintf(films, sizeof films, "%s/films.csv", folder);
    snprintf(credits, sizeof credits, "%s/credits.csv", folder);
    FILE *f = fopen(films, "w"), *c = fopen(credits, "w");
    fputs(
        "id,original_title,original_language,release_date,runtime,vote_average,vote_count,belongs_to_collection,genres,"
        "keywords,popularity,status\n",
        f);
    fputs("id,cast,crew\n", c);
    for (size_t i = 0; i < count; i++) {
        made_film(f, i);
        made_credits(c, i);
    }
    fclose(f);
    fclose(c);
    kino_build_request req = {.csv = films, .credits = credits, .recipe = recipe, .epochs = 1, .seed = 1};
    kino_status st = kino_build(opt, &req, NULL, err);
    if (st)
        return st;
    sqlite3 *db = made_open(opt->data_dir);
    int bad = !db;
    for (size_t i = 0; !bad && i < count; i++) {
        const size_t model = made_model(i);
        if (exact) {
            made_exact(plot, KINO_PLOT_DIM, model, 20, 12);
            made_exact(profile, KINO_PROFILE_DIM, model, 30, 10);
        } else {
            made_real(plot, KINO_PLOT_DIM, model, 40);
            made_real(profile, KINO_PROFILE_DIM, model, 50);
        }
        bad = made_put_vectors(db, (int64_t)(MADE_FIRST + i), plot, profile);
    }
    bad = made_close(db) || bad;
    return bad ? KINO_FAILED : kino_reindex(opt, err);
}

#endif
