/* fuzz.h - what the fuzzers of the readers of files share. `make fuzz` builds them for libFuzzer, which looks for inputs
 * that take new ways through the code; as a test each replays its kept corpus, tests/corpus/NAME, whole and cut. */
#ifndef KINO_TESTS_FUZZ_H
#define KINO_TESTS_FUZZ_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "kino.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static inline void must(int holds, const char *what)
{
    if (holds)
        return;
    printf("# %s\n", what);
    fflush(stdout);
    abort();
}

/* Valid UTF-8 that may be shown. */
static inline void check_text(const char *s)
{
    must(s != NULL, "a text is NULL");
    for (size_t n = strlen(s), i = 0; i < n;) {
        int32_t c;
        const size_t step = kino_utf8_next(s + i, n - i, &c);
        must(c != 0xFFFD || !memcmp(s + i, "\xEF\xBF\xBD", step < 3 ? 3 : step), "a text is no UTF-8");
        must(c == '\n' || (c >= ' ' && (c < 0x7F || c >= 0xA0)), "a text has a control character");
        i += step;
    }
}

#ifndef KINO_LIBFUZZER
/* What is behind the bytes belongs to nobody. */
static inline void play(const uint8_t *bytes, size_t size)
{
    uint8_t *exact = malloc(size ? size : 1);
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static inline int replay(const char *name)
{
    enum { MOST = 1 << 20, CUTS = 40 };
    uint8_t *bytes = malloc(MOST);
    char path[512];
    size_t files = 0;
    snprintf(path, sizeof path, "tests/corpus/%s", name);
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        if (*e->d_name == '.')
            continue;
        snprintf(path, sizeof path, "tests/corpus/%s/%.200s", name, e->d_name);
        FILE *f = fopen(path, "rb");
        const size_t n = f ? fread(bytes, 1, MOST, f) : 0;
        if (f)
            fclose(f);
        for (size_t cut = 0; cut <= CUTS; cut++)
            play(bytes, n * cut / CUTS);
        files++;
    }
    if (dir)
        closedir(dir);
    free(bytes);
    printf("%s 1 - the kept inputs of %s do no harm (%zu)\n1..1\n", files ? "ok" : "not ok", name, files);
    return !files;
}
#define FUZZ_MAIN(name)                                                                                                \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        return replay(name);                                                                                           \
    }
#else
#define FUZZ_MAIN(name)
#endif

#endif
