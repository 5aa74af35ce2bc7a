/* catalogue_play.h - what the tests of the catalogue share: a folder of their own, a film, and a look at the file beside
 * the library. */
#ifndef KINO_TESTS_CATALOGUE_PLAY_H
#define KINO_TESTS_CATALOGUE_PLAY_H

#include <fcntl.h>
#include <math.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/catalogue.h"

static char folder[64], path[256];

static inline int make_folder(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(path, sizeof path, "%s/deeper/catalogue.db", folder);
    return 0;
}

static inline int drop_folder(void **state)
{
    (void)state;
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static const kino_named genres[] = {{16, "Animation"}, {35, "Comedy"}}, keywords[] = {{0, "toy"}},
                        people[] = {{7879, "John Lasseter"}};

static inline kino_movie film(int64_t id, const char *title)
{
    return (kino_movie){.id = id,
                        .imdb_id = "tt0114709",
                        .title = title,
                        .original_title = title,
                        .language = "en",
                        .date = "1995-10-30",
                        .year = 1995,
                        .runtime = 81,
                        .rating = NAN,
                        .votes = -1,
                        .popularity = 21.9,
                        .overview = "Toys.",
                        .tagline = "",
                        .status = "Released",
                        .poster_path = "/x.jpg",
                        .collection = {10194, "Toy Story Collection"},
                        .genres = {genres, 2},
                        .keywords = {keywords, 1},
                        .directors = {people, 1},
                        .cast = {people, 1}};
}

static inline kino_catalogue *created(void)
{
    kino_catalogue *c = NULL;
    kino_error err = {0};
    kino_status st = kino_catalogue_open(path, KINO_CATALOGUE_CREATE, &c, &err);
    if (st)
        fail_msg("%s", err.text);
    return c;
}

typedef struct count_films {
    size_t count, genres, people;
    int64_t last;
} count_films;

static inline void count_film(void *ctx, const kino_movie *m)
{
    count_films *seen = ctx;
    assert_true(m->id > seen->last);
    seen->last = m->id;
    seen->count++;
    seen->genres += m->genres.count;
    seen->people += m->directors.count + m->cast.count;
}

static inline void count_id(void *ctx, int64_t id)
{
    count_films *seen = ctx;
    seen->last = id;
    seen->count++;
}

static inline void on_disk(const char *statements)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, statements, NULL, NULL, &message))
        fail_msg("%s", message);
    sqlite3_close(db);
}

static inline int number_on_disk(const char *question)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *s = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, question, -1, &s, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(s), SQLITE_ROW);
    const int number = sqlite3_column_int(s, 0);
    sqlite3_finalize(s);
    sqlite3_close(db);
    return number;
}

#endif
