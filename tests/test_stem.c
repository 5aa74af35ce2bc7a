/* test_stem.c - the stemmer: every pair of tests/golden/stems.txt, and what it leaves alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/stem.h"

static void expect(const char *word, const char *stem)
{
    char text[64];
    size_t n = strlen(word);
    memcpy(text, word, n + 1);
    n = kino_stem(text, n);
    if (n != strlen(stem) || memcmp(text, stem, n) != 0)
        fail_msg("%s: %.*s and not %s", word, (int)n, text, stem);
}

static void words_have_the_stems_of_the_reference(void **state)
{
    (void)state;
    FILE *f = fopen("tests/golden/stems.txt", "r");
    char word[64], stem[64];
    size_t count = 0;
    assert_non_null(f);
    for (; fscanf(f, "%63s %63s", word, stem) == 2; count++)
        expect(word, stem);
    fclose(f);
    assert_int_equal(count, 1185);
}

/* Steps whose effect few words show. */
static void the_paper_decides(void **state)
{
    (void)state;
    expect("trekking", "trek"); /* any double consonant but l, s and z */
    expect("revving", "rev");
    expect("yyying", "yy");
    expect("syzygy", "syzygi");
    expect("sayyid", "sayyid");
}

static void other_words_stay(void **state)
{
    (void)state;
    expect("", "");
    expect("s", "s");
    expect("as", "as");
    expect("ies", "i");
    expect("sss", "sss");
    expect("1990s", "1990s");
    expect("se7ens", "se7ens");
    expect("Robbers", "Robbers");
    expect("\xd0\xb1\xd1\x80\xd0\xb0\xd1\x82s", "\xd0\xb1\xd1\x80\xd0\xb0\xd1\x82s");
}

/* A long word costs no stack and nothing beyond its length. */
static void a_long_word(void **state)
{
    (void)state;
    static char text[100000];
    memset(text, 'y', sizeof text);
    assert_int_equal(kino_stem(text, 4000), 4000);
    memset(text, 's', sizeof text);
    assert_int_equal(kino_stem(text, sizeof text), sizeof text);
    assert_memory_equal(text + sizeof text - 2, "ss", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_have_the_stems_of_the_reference),
        cmocka_unit_test(the_paper_decides),
        cmocka_unit_test(other_words_stay),
        cmocka_unit_test(a_long_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
