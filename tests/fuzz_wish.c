/* fuzz_wish.c - the reader of questions against anything at all: no text may crash it, leak, or yield a chip that is
 * none. */
#include "fuzz.h"
#include "wish_play.h"

static wish_play films;

/* A chip says what it took: a piece between two characters, in the order of the question, not that of another. */
static void check_chips(const char *text, size_t n, const kino_wish *w)
{
    for (size_t i = 0; i < w->count; i++) {
        const kino_wish_chip *c = &w->chips[i], *before = i ? c - 1 : NULL;
        must(c->from < c->to && c->to <= n && *c->value, "a chip is empty");
        must(((unsigned char)text[c->from] & 0xC0) != 0x80, "a chip begins inside a character");
        must(!before || c->from >= before->to ||
                 (c->from == before->from && c->to == before->to && before->kind == KINO_WISH_GENRE &&
                  c->kind == KINO_WISH_LANGUAGE),
             "chips overlap");
        must(kino_wish_as(c) != NULL, "a chip has no name");
        must(c->kind != KINO_WISH_YEAR || !c->low || !c->high || c->low <= c->high, "a range of years runs backwards");
        must(c->kind > KINO_WISH_WITH || c->count, "a chip of films or people has none");
    }
}

static void close_films(void)
{
    close_wish_play(&films);
}

static void open_films(void)
{
    must(open_wish_play(&films, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_CHANGED), "no films");
    atexit(close_films);
}

/* The first byte chooses the mode. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    kino_wish w = {0};
    if (!size)
        return 0;
    if (!films.reader)
        open_films();
    const size_t n = size - 1;
    char *text = malloc(n + !n); /* of the exact size: a byte too many is seen by the sanitizer */
    memcpy(text, data + 1, n);
    kino_wish_read(films.reader, text, n, (kino_wish_mode)(*data % 3), &w);
    check_chips(text, n, &w);
    must(w.rest && w.match && w.expand, "a text is missing");
    must(w.other != KINO_WISH_OR_TITLE || w.other_film < films.rows.count, "the other film is none");
    kino_wish_free(&w);
    free(text);
    return 0;
}

FUZZ_MAIN("wish", 10, 300)
