/* golden.h - what the tests of the text encoder share: where the weights are, and the golden texts. */
#ifndef KINO_TESTS_GOLDEN_H
#define KINO_TESTS_GOLDEN_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "model/minilm.h"

/* The f32 weights: $KINO_TEST_WEIGHTS_F32, else where `make weights` puts them. NULL, and a message, without them. */
static inline kino_minilm *open_f32(void)
{
    const char *path = getenv("KINO_TEST_WEIGHTS_F32");
    kino_minilm *m = NULL;
    kino_error err = {0};
    if (kino_minilm_open(path ? path : "build/weights/minilm-l6-v2.f32.kino", &m, &err))
        fprintf(stderr, "%s; run `make weights`\n", err.text);
    return m;
}

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
