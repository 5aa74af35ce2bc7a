/* golden.h - what the tests of the text encoder share: the weights, and the golden texts. */
#ifndef KINO_TESTS_GOLDEN_H
#define KINO_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "model/minilm.h"

/* The text encoder in the weights that are committed: $KINO_TEST_WEIGHTS_INT8, else those of weights/. NULL, and a
 * message, if they cannot be read. */
static inline kino_minilm *open_int8(void)
{
    const char *path = getenv("KINO_TEST_WEIGHTS_INT8");
    kino_minilm *m = NULL;
    kino_error err = {0};
    if (kino_minilm_open(path ? path : "weights/minilm-l6-v2.int8.kino", &m, &err))
        fprintf(stderr, "%s\n", err.text);
    return m;
}

/* Skips the test of this name, and says so, where `make weights` has not put this file. */
#define NEED_WEIGHTS(test, path)                                                                                       \
    do {                                                                                                               \
        if (access(path, F_OK)) {                                                                                      \
            print_message("# skipped: %s: no %s: make weights fetches it\n", test, path);                              \
            skip();                                                                                                    \
        }                                                                                                              \
    } while (0)

/* A line of tests/golden/: decodes the %XX of p[0..n) in place; returns the bytes left. */
static inline size_t decode_golden(char *p, size_t n)
{
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] == '%' && n - i > 2) {
            char hex[3] = {p[i + 1], p[i + 2], 0};
            p[out++] = (char)strtol(hex, NULL, 16);
            i += 2;
        } else {
            p[out++] = p[i];
        }
    }
    return out;
}

#endif
