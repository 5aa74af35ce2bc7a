/* films.h - what the tests of reading and of features share: films from a text, and where the real tables are. */
#ifndef KINO_TESTS_FILMS_H
#define KINO_TESTS_FILMS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ingest/movies.h"

/* A temporary file with this text; the name is to be unlinked and freed. */
static inline char *text_file(const char *text, size_t size)
{
    char *path = kino_strdup("/tmp/kino-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, size), (ssize_t)size);
    close(fd);
    return path;
}

static inline kino_status read_films(const char *text, kino_recipe recipe, kino_movies *out, kino_build_report *report,
                                     kino_error *err)
{
    char *path = text_file(text, strlen(text));
    kino_build_request req = {.csv = path, .recipe = recipe};
    kino_status st = kino_ingest(&req, out, report, NULL, err);
    unlink(path);
    free(path);
    return st;
}

/* A real table: in $KINO_SHARED_DATA, else ../shared/data. False, and a message, when it is not there. */
static inline bool find_table(const char *name, char path[512])
{
    const char *given = getenv("KINO_SHARED_DATA");
    snprintf(path, 512, "%s/%s", given ? given : "../shared/data", name);
    if (!access(path, R_OK))
        return true;
    print_message("%s is not there: skipped\n", path);
    return false;
}

#endif
