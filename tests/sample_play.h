/* sample_play.h - what the tests on a catalogue of the sample share: made once, opened as `k`, and a film by its title.
 * WITH_PEOPLE, defined before: with those of tests/golden/credits.csv. */
#ifndef KINO_TESTS_SAMPLE_PLAY_H
#define KINO_TESTS_SAMPLE_PLAY_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kino.h"

static char folder[64];
static kino *k;

static inline kino_options options(void)
{
    return (kino_options){.data_dir = folder, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

static inline int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
#ifdef WITH_PEOPLE
    const kino_build_request req = {
        .csv = "data/sample.csv", .credits = "tests/golden/credits.csv", .epochs = 20, .seed = 7};
#else
    const kino_build_request req = {.csv = "data/sample.csv", .epochs = 20, .seed = 7};
#endif
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    const kino_options opt = options();
    if (kino_build(&opt, &req, NULL, &err) || kino_open(&opt, &k, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static inline int drop_catalogue(void **state)
{
    (void)state;
    char command[160];
    kino_close(k);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static inline int64_t id_of(const char *title)
{
    int64_t id = 0;
    kino_error err = {0};
    if (kino_resolve(k, title, true, &id, NULL, &err))
        fail_msg("%s", err.text);
    return id;
}

#endif
