/* fuzz.h - what the fuzzers share. `make fuzz` builds them for libFuzzer, which looks for inputs that take new ways
 * through the code; as a test each replays its kept corpus, tests/corpus/NAME: whole, cut, and with a few bytes changed,
 * the same ones each time. */
#ifndef KINO_TESTS_FUZZ_H
#define KINO_TESTS_FUZZ_H

#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/utf8.h"
#include "kino.h"

enum { FUZZ_MOST = 1 << 20 }; /* bytes of an input, and of any text that comes of one */

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
    uint8_t *exact = calloc(size + !size, 1);
    memcpy(exact, bytes, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

/* Bytes altered, taken out, doubled: a few of them. */
static inline size_t change(uint8_t *bytes, size_t n, size_t most, uint64_t seed)
{
    const size_t turns = 1 + kino_random(seed, 1, 0) % 4;
    for (size_t turn = 1; turn <= turns && n; turn++) {
        const size_t at = kino_random(seed, 2, turn) % n, far = kino_random(seed, 3, turn) % 24;
        const size_t length = at + far > n ? n - at : far;
        switch (kino_random(seed, 4, turn) % 4) {
        case 0:
            bytes[at] = (uint8_t)kino_random(seed, 5, turn);
            break;
        case 1:
            bytes[at] ^= (uint8_t)(1 << kino_random(seed, 5, turn) % 8);
            break;
        case 2:
            memmove(bytes + at, bytes + at + length, n - at - length);
            n -= length;
            break;
        default:
            if (n + length > most)
                break;
            memmove(bytes + at + length, bytes + at, n - at);
            n += length;
        }
    }
    return n;
}

/* One kept input. */
static inline void replay_file(const char *path, size_t cuts, size_t changes)
{
    uint8_t *bytes = malloc(FUZZ_MOST), *changed = malloc(FUZZ_MOST);
    FILE *f = fopen(path, "rb");
    const size_t n = f ? fread(bytes, 1, FUZZ_MOST, f) : 0;
    if (f)
        fclose(f);
    for (size_t cut = 1; cut <= cuts; cut++)
        play(bytes, n * cut / cuts);
    for (size_t i = 0; i < changes; i++) {
        memcpy(changed, bytes, n);
        play(changed, change(changed, n, FUZZ_MOST, i));
    }
    free(bytes);
    free(changed);
}

static inline int replay(const char *name, size_t cuts, size_t changes)
{
    char path[512];
    size_t files = 0;
    snprintf(path, sizeof path, "tests/corpus/%s", name);
    DIR *dir = opendir(path);
    for (struct dirent *e = dir ? readdir(dir) : NULL; e; e = readdir(dir)) {
        if (*e->d_name == '.')
            continue;
        snprintf(path, sizeof path, "tests/corpus/%s/%.200s", name, e->d_name);
        replay_file(path, cuts, changes);
        files++;
    }
    if (dir)
        closedir(dir);
    play((const uint8_t *)"", 0);
    printf("%s 1 - the kept inputs of %s do no harm (%zu)\n1..1\n", files ? "ok" : "not ok", name, files);
    return !files;
}
/* Each kept input is played with so many cuts, the last of which is the whole of it, and with so many changes. */
#define FUZZ_MAIN(name, cuts, changes)                                                                                 \
    int main(void)                                                                                                     \
    {                                                                                                                  \
        return replay(name, cuts, changes);                                                                            \
    }
#else
#define FUZZ_MAIN(name, cuts, changes)
#endif

#endif
