/* handle_play.h - what the tests of a handle share: the catalogue of the sample, whole again before each test. */
#ifndef KINO_TESTS_HANDLE_PLAY_H
#define KINO_TESTS_HANDLE_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "handle/handle.h"

static char folder[64], data_dir[96], catalogue[128];
static const int64_t seed = 964;

static inline kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

__attribute__((format(printf, 1, 0))) static inline int run(const char *format)
{
    char command[400];
    snprintf(command, sizeof command, format, folder, data_dir);
    return system(command);
}

static inline int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(catalogue, sizeof catalogue, "%s/catalogue.db", data_dir);
    kino_options opt = options();
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 2};
    if (kino_build(&opt, &req, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return run("cp -r '%2$s' '%1$s/made'");
}

/* Each test begins with the catalogue as it was made. */
static inline int restore_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%2$s' && cp -r '%1$s/made' '%2$s'");
}

static inline int drop_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%1$s'");
}

/* Copies of strings for the time of kino_open, then overwritten and freed. */
typedef struct lent {
    char *text[16];
    size_t count;
} lent;

static inline const char *lend(lent *l, const char *text)
{
    l->text[l->count] = strdup(text);
    return l->text[l->count++];
}

static inline void take_back(lent *l)
{
    for (size_t i = 0; i < l->count; i++) {
        memset(l->text[i], 'X', strlen(l->text[i]));
        free(l->text[i]);
    }
    l->count = 0;
}

static inline kino *opened_with(const kino_options *opt)
{
    lent l = {0};
    kino *k = NULL;
    kino_error err = {0};
    kino_options copies = *opt;
    const char **strings[] = {&copies.data_dir, &copies.weights,    &copies.api_key_file, &copies.tmdb_url,
                              &copies.backend,  &copies.backend_ca, &copies.backend_auth};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (*strings[i])
            *strings[i] = lend(&l, *strings[i]);
    if (kino_open(&copies, &k, &err))
        fail_msg("%s", err.text);
    take_back(&l);
    return k;
}

static inline kino *opened(void)
{
    const kino_options opt = options();
    return opened_with(&opt);
}

static inline void on_disk(const char *statements)
{
    sqlite3 *db = NULL;
    char *message = NULL;
    assert_int_equal(sqlite3_open(catalogue, &db), SQLITE_OK);
    if (sqlite3_exec(db, statements, NULL, NULL, &message))
        fail_msg("%s", message);
    sqlite3_close(db);
}

#endif
