/* test_wish.c - questions in plain words: what is understood of them, and what is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "wish/lexicon.h"
#include "wish_play.h"

static wish_play play;

/* "text|as|value; ..." */
static void describe(const char *question, const kino_wish *w, kino_buffer *out)
{
    out->size = 0;
    kino_buffer_put(out, "", 0);
    for (size_t i = 0; i < w->count; i++) {
        const kino_wish_chip *c = &w->chips[i];
        kino_buffer_print(out, "%s%.*s|%s|%s", i ? "; " : "", (int)(c->to - c->from), question + c->from, kino_wish_as(c), c->value);
    }
}

/* ---- the golden questions ---- */

static void golden_questions(void **state)
{
    (void)state;
    char line[4096];
    size_t questions = 0, wrong = 0;
    kino_wish w = {0};
    kino_buffer got = {0};
    FILE *f = fopen("tests/golden/wishes.tsv", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (!*line || *line == '#')
            continue;
        char *understood = strchr(line, '\t'), *rest = understood ? strchr(understood + 1, '\t') : NULL;
        assert_non_null(rest);
        *understood++ = *rest++ = 0;
        kino_wish_read(play.reader, line, strlen(line), KINO_WISH_AS_SEEN, &w);
        describe(line, &w, &got);
        questions++;
        if (strcmp(got.size ? got.data : "", understood) || strcmp(w.rest, rest)) {
            wrong++;
            print_message("# %s\n#   got  %s  rest %s\n#   want %s  rest %s\n", line, got.size ? got.data : "", w.rest, understood,
                          rest);
        }
    }
    fclose(f);
    free(got.data);
    kino_wish_free(&w);
    print_message("# %zu questions, %zu not understood\n", questions, wrong);
    assert_true(questions >= 150);
    assert_int_equal(wrong, 0);
}

static int start(void **state)
{
    (void)state;
    return open_wish_play(&play, "data/sample.csv", NULL, "tests/golden/credits.csv") ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    close_wish_play(&play);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_questions),
    };
    return cmocka_run_group_tests_name("wish", tests, start, stop);
}
