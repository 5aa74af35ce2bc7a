/* The tokeniser against HF tokenizers (tests/golden/make_minilm.py), and its behaviour at the edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "golden.h"

static kino_minilm *m;

static int open_weights(void **state)
{
    (void)state;
    m = open_int8();
    return m ? 0 : -1;
}

static int close_weights(void **state)
{
    (void)state;
    kino_minilm_close(m);
    return 0;
}

static void ids_are_those_of_the_reference(void **state)
{
    (void)state;
    FILE *f = fopen("tests/golden/wordpiece.txt", "r");
    assert_non_null(f);
    char *line = NULL;
    size_t capacity = 0, texts = 0, wrong = 0;
    for (ssize_t n; (n = getline(&line, &capacity, f)) > 0; texts++) {
        char *tab = memchr(line, '\t', (size_t)n), *p = tab + 1;
        int32_t ids[KINO_MAX_TOKENS];
        assert_non_null(tab);
        char *text = kino_alloc((size_t)(tab - line) + 1);
        memcpy(text, line, (size_t)(tab - line));
        size_t length = decode_golden(text, (size_t)(tab - line));
        size_t got = kino_minilm_tokenize(m, text, length, ids), i = 0;
        bool same = true;
        for (; *p && *p != '\n'; i++) {
            long id = strtol(p, &p, 10);
            same = same && i < got && id == ids[i];
        }
        if (!same || i != got) {
            wrong++;
            print_error("line %zu: %.*s: %zu ids, expected %zu\n", texts + 1, (int)(tab - line), line, got, i);
        }
        free(text);
    }
    free(line);
    fclose(f);
    assert_int_equal(wrong, 0);
    assert_true(texts >= 300);
}

static void ten_megabytes_are_fine(void **state)
{
    (void)state;
    static const char *const units[] = {"film ", " ",     "a",   "\xcc\x81", "\xff", "\xf0\x9f\x8e\xac",
                                        "[SE",   "[SEP]", "\xc3"};
    static const size_t expected[] = {256, 2, 3, 2, 2, 3, 256, 256, 2};
    const size_t size = 10 << 20;
    char *text = kino_alloc(size);
    int32_t ids[KINO_MAX_TOKENS];
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (size_t i = 0, n = strlen(units[u]); i < size; i++)
            text[i] = units[u][i % n];
        assert_int_equal(kino_minilm_tokenize(m, text, size, ids), expected[u]);
        assert_int_equal(ids[0], 101);
        assert_int_equal(ids[expected[u] - 1], 102);
    }
    free(text);
}

/* The bytes behind the text are never looked at: each prefix of a nasty text lies at the end of its own allocation,
 * where the address sanitizer sees an overrun. */
static void never_reads_behind_the_text(void **state)
{
    (void)state;
    static const char nasty[] = "[SEP] caf\xc3\xa9 [MASK] \xf0\x9f\x8e\xac\xe2\x82 [CL";
    int32_t ids[KINO_MAX_TOKENS];
    for (size_t n = 0; n < sizeof nasty; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, nasty, n);
        size_t got = kino_minilm_tokenize(m, copy, n, ids);
        assert_in_range(got, 2, 20);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_those_of_the_reference),
        cmocka_unit_test(ten_megabytes_are_fine),
        cmocka_unit_test(never_reads_behind_the_text),
    };
    return cmocka_run_group_tests(tests, open_weights, close_weights);
}
