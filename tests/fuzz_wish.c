/* fuzz_wish.c - the reader of questions against anything at all: no text may crash it, leak, or yield a chip that is
 * none.
 *
 * With libFuzzer:  clang -DKINO_LIBFUZZER -D_DEFAULT_SOURCE -fsanitize=fuzzer,address,undefined -Isrc -Itests
 *                  tests/fuzz_wish.c build/libkino.a -lutf8proc -lsqlite3 -lz -lm -lpthread
 * Otherwise it changes true questions for some seconds (KINO_FUZZ_SECONDS), the same way each time. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "wish_play.h"

static wish_play play;

static void must(int holds, const char *what, const char *text, size_t n)
{
    if (!holds) {
        printf("# %s: %.*s\n", what, (int)n, text);
        fflush(stdout);
        abort();
    }
}

/* A chip says what it took: a piece between two characters, in the order of the question, not that of another. */
static void check_chips(const char *text, size_t n, const kino_wish *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const kino_wish_chip *c = &w->chips[i], *before = i ? c - 1 : NULL;
        must(c->from < c->to && c->to <= n && *c->value, "a chip is empty", text, n);
        must(((unsigned char)text[c->from] & 0xC0) != 0x80, "a chip begins inside a character", text, n);
        must(!before || c->from >= before->to ||
                 (c->from == before->from && c->to == before->to && before->kind == KINO_WISH_GENRE &&
                  c->kind == KINO_WISH_LANGUAGE),
             "chips overlap", text, n);
        must(kino_wish_as(c) != NULL, "a chip has no name", text, n);
        must(c->kind != KINO_WISH_YEAR || !c->low || !c->high || c->low <= c->high, "a range of years runs backwards",
             text, n);
        must(c->kind > KINO_WISH_WITH || c->count, "a chip of films or people has none", text, n);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the mode. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kino_wish w = {0};
    if (!size)
        return 0;
#ifdef KINO_LIBFUZZER
    if (!play.reader && !open_wish_play(&play, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_CHANGED))
        abort();
#endif
    const size_t n = size - 1;
    char *text = malloc(n + !n); /* of the exact size: a byte too many is seen by the sanitizer */
    memcpy(text, data + 1, n);
    kino_wish_read(play.reader, text, n, (kino_wish_mode)(*data % 3), &w);
    check_chips(text, n, &w);
    must(w.rest && w.match && w.expand, "a text is missing", text, n);
    must(w.other != KINO_WISH_OR_TITLE || w.other_film < play.rows.count, "the other film is none", text, n);
    kino_wish_free(&w);
    free(text);
    return 0;
}

#ifndef KINO_LIBFUZZER
static const char *const pieces[] = {
    "\"",
    "(",
    ")",
    "-",
    "\xE2\x80\x93",
    "<",
    ">",
    "%",
    "\\",
    "'",
    "\xE2\x80\x99",
    "\xC3\xA9",
    "\xC3\x9F",
    "\xF0\x9F\x8E\xAC",
    "\xE5\x8D\x83",
    "\xCC\x81",
    "\xE2\x80\xAE",
    "\t",
    "\n",
    "not ",
    " but ",
    " like ",
    "from ",
    " to ",
    " and ",
    " or ",
    "90s",
    "1990",
    " without ",
    " by ",
    " with ",
    " the ",
    " a ",
    " in ",
    " ",
    "  ",
    "+",
    "&",
    "99999999999",
    "0",
    "\xC4\xB0",
    "\xC4\xB1",
    "\xEF\xAC\x81",
    "\xED\x9F\xBF",
    "\xFF",
    "\xC3",
    "between ",
    " early ",
    " hours ",
    "under ",
    "non ",
    "directed ",
    "nineteen ",
    " brothers",
    "scarier",
    "'s",
    "s",
    "2h30",
    ".5",
    "letterboxd.com/film/",
    "imdb.com/title/tt",
    "id:",
};

static size_t splice(char *text, size_t n, size_t most, size_t at, const char *piece, size_t length)
{
    if (n + length > most)
        return n;
    memmove(text + at + length, text + at, n - at);
    memcpy(text + at, piece, length);
    return n + length;
}

static size_t mutate(char *text, size_t n, size_t most, const char *other, uint64_t seed)
{
    const size_t turns = kino_random(seed, 1, 0) % 6;
    for (size_t turn = 1; turn <= turns; turn++) {
        const size_t at = kino_random(seed, 2, turn) % (n + 1), length = kino_random(seed, 3, turn) % 6;
        const char *piece = pieces[kino_random(seed, 4, turn) % (sizeof pieces / sizeof *pieces)];
        switch (kino_random(seed, 5, turn) % 5) {
        case 0:
        case 1:
            n = splice(text, n, most, at, piece, strlen(piece));
            break;
        case 2: {
            const size_t cut = at + length > n ? n - at : length;
            memmove(text + at, text + at + cut, n - at - cut);
            n -= cut;
            break;
        }
        case 3:
            n = splice(text, n, most, at, other, strlen(other));
            break;
        default:
            n = splice(text, n, most, n, text + at, n - at);
        }
    }
    return n;
}

/* The questions of the golden file. */
static char **read_seeds(kino_arena *a, size_t *count)
{
    char line[4096], **seeds = kino_alloc_array(1024, sizeof *seeds);
    FILE *f = fopen("tests/golden/wishes.tsv", "r");
    *count = 0;
    while (f && fgets(line, sizeof line, f) && *count < 1024)
        if (*line != '#')
            seeds[(*count)++] = kino_arena_strndup(a, line, strcspn(line, "\t\n"));
    if (f)
        fclose(f);
    return seeds;
}

int main(void)
{
    enum { MOST = 6000 };
    const char *asked = getenv("KINO_FUZZ_SECONDS");
    const double seconds = asked ? atof(asked) : 3;
    static char input[1 + 2 * MOST];
    kino_arena a = {0};
    size_t count;
    char **seeds = read_seeds(&a, &count);
    uint64_t i = 0;
    printf("1..1\n");
    if (!count || !open_wish_play(&play, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_CHANGED))
        return 1;
    for (clock_t begin = clock(); (double)(clock() - begin) < seconds * CLOCKS_PER_SEC; i++) {
        const char *seed = seeds[i % count], *other = seeds[kino_random(i, 6, 0) % count];
        size_t n = strlen(seed);
        memcpy(input + 1, seed, n);
        input[0] = (char)(i < 2 * count ? i / count : kino_random(i, 7, 0) & 127);
        n = i < 2 * count ? n : mutate(input + 1, n, MOST, other, i);
        LLVMFuzzerTestOneInput((const uint8_t *)input, 1 + n);
    }
    close_wish_play(&play);
    kino_arena_free(&a);
    free(seeds);
    printf("# %llu questions\nok 1 - no question breaks the reader\n", (unsigned long long)i);
    return 0;
}
#endif
