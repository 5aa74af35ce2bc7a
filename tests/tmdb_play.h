/* tmdb_play.h - what the tests of TMDB share: the mock, options in a hurry, and one film asked for and judged. */
#ifndef KINO_TESTS_TMDB_PLAY_H
#define KINO_TESTS_TMDB_PLAY_H

#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "mock.h"
#include "net/tmdb/tmdb.h"

static mock plain, secure;
static char folder[64];
static kino_error err;

#define NEEDS(m)                                                                                                       \
    do {                                                                                                               \
        if (!(m).child) {                                                                                              \
            print_message("no python3 or no openssl here: the mock cannot be run\n");                                  \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

static inline double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Answers in a hurry: the pauses are a fiftieth. An answer has all the time that a busy machine may need; a test that is
 * about time sets `total_ms` itself. */
static inline kino_tmdb_options options(const mock *m)
{
    return (kino_tmdb_options){.credential = MOCK_V4,
                               .base_url = m->url,
                               .rate = 1000,
                               .connect_ms = 15000,
                               .total_ms = 20000,
                               .pause_ms = 20,
                               .longest_pause_ms = 5000};
}

static inline kino_tmdb *opened(const kino_tmdb_options *opt)
{
    kino_tmdb *t = NULL;
    mock_ask(opt->base_url == secure.url ? &secure : &plain, "/_reset");
    err = (kino_error){0};
    if (kino_tmdb_open(opt, &t, &err))
        fail_msg("%s", err.text);
    return t;
}

/* One film. Details of it are in *out (freed by the caller); the count of requests is returned. */
static inline int fetch(const mock *m, int64_t id, kino_status expected, kino_tmdb_films **out)
{
    kino_tmdb_options opt = options(m);
    kino_tmdb *t = opened(&opt);
    kino_status st = kino_tmdb_details(t, &id, 1, out, &err);
    kino_status of_film = (*out)->items[0].status;
    if (of_film != expected)
        print_message("%d, %s %s\n", st, err.text, (*out)->items[0].problem);
    assert_int_equal(of_film, expected);
    kino_tmdb_close(t);
    return mock_count(m);
}

static inline void is_lantern_bay(const kino_tmdb_films *f, int64_t id)
{
    assert_int_equal(f->items[0].movie.id, id);
    assert_string_equal(f->items[0].movie.title, "Lantern Bay");
    assert_string_equal(f->items[0].movie.overview, "A keeper counts ships that never arrive.");
    assert_string_equal(f->items[0].problem, "");
}

/* It comes after `requests` requests. */
static inline void comes(int64_t id, int requests)
{
    kino_tmdb_films *f = NULL;
    assert_int_equal(fetch(&plain, id, KINO_OK, &f), requests);
    is_lantern_bay(f, id);
    kino_tmdb_films_free(f);
}

/* It does not, and the message says so. */
static inline void fails(int64_t id, kino_status status, int requests, const char *says)
{
    kino_tmdb_films *f = NULL;
    assert_int_equal(fetch(&plain, id, status, &f), requests);
    if (!strstr(f->items[0].problem, says))
        fail_msg("\"%s\" is not in \"%s\"", says, f->items[0].problem);
    assert_null(strstr(f->items[0].problem, MOCK_V4));
    assert_string_equal(f->items[0].movie.title, "");
    assert_true(isnan(f->items[0].movie.runtime));
    kino_tmdb_films_free(f);
}

/* The film chosen for a title, or minus the verdict's number (0: none). */
static inline int64_t chosen(const char *title, int year, int requests)
{
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    kino_tmdb_candidates *c = NULL;
    if (kino_tmdb_search(t, title, year, &c, &err))
        fail_msg("%s", err.text);
    kino_tmdb_choice choice = kino_tmdb_choose(title, year, c->items, c->count);
    int64_t id = choice.verdict == KINO_TMDB_UNIQUE ? c->items[choice.best].id : -(int64_t)choice.verdict;
    assert_int_equal(mock_count(&plain), requests);
    kino_tmdb_candidates_free(c);
    kino_tmdb_close(t);
    return id;
}

/* ---- before and after a group of tests ---- */

static inline int begin_all(void **state)
{
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kino_tmdb_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    if (!kino_tmdb_available())
        print_message("this kino is built without the network\n");
    else
        mock_start(&plain, NULL, NULL);
    return 0;
}

static inline int end_all(void **state)
{
    char command[128];
    (void)state;
    mock_stop(&plain);
    mock_stop(&secure);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

#endif
