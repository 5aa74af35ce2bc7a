/* test_literal.c - Python literals and JSON: what Kaggle's columns hold, and everything that is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/number.h"
#include "ingest/literal.h"

/* A tree as one line of plain notation. */
static size_t show(const kino_literals *t, size_t i, kino_buffer *out)
{
    const kino_literal *v = &t->nodes[i];
    const size_t end = v->end;
    switch (v->type) {
    case KINO_LITERAL_NULL:
        kino_buffer_print(out, "null");
        return end;
    case KINO_LITERAL_BOOL:
        kino_buffer_print(out, v->number ? "true" : "false");
        return end;
    case KINO_LITERAL_NUMBER:
        kino_buffer_print(out, "%.17g", v->number);
        return end;
    case KINO_LITERAL_STRING:
        assert_int_equal(strlen(v->text), v->size);
        kino_buffer_print(out, "<%s>", v->text);
        return end;
    case KINO_LITERAL_LIST:
    case KINO_LITERAL_DICT:
        break;
    }
    const bool dict = v->type == KINO_LITERAL_DICT;
    kino_buffer_byte(out, dict ? '{' : '[');
    bool key = true;
    for (size_t j = i + 1; j < end; key = !key) {
        if (j > i + 1)
            kino_buffer_byte(out, dict && !key ? ':' : ',');
        j = show(t, j, out);
    }
    kino_buffer_byte(out, dict ? '}' : ']');
    return end;
}

static kino_literals tree;

static void expect_n(const char *text, size_t n, const char *want)
{
    kino_buffer b = {0};
    kino_error err = {0};
    if (kino_literal_parse(&tree, text, n, &err))
        fail_msg("%.*s: %s", (int)n, text, err.text);
    assert_int_equal(show(&tree, 0, &b), tree.count);
    assert_string_equal(b.data, want);
    free(b.data);
}

#define EXPECT(text, want) expect_n(text, sizeof text - 1, want)

static void values(void **state)
{
    (void)state;
    EXPECT("[]", "[]");
    EXPECT(" [ ] ", "[]");
    EXPECT("{}", "{}");
    EXPECT("None", "null");
    EXPECT("[None, True, False, null, true, false, NaN, nan]", "[null,true,false,null,true,false,null,null]");
    EXPECT("[1, -2, 3.5, 1e3, -1.5E-2, +4, .5, 5.]", "[1,-2,3.5,1000,-0.014999999999999999,4,0.5,5]");
    EXPECT("[9007199254740992]", "[9007199254740992]");
    EXPECT("(1, 'a',)", "[1,<a>]");
    EXPECT("[1,]", "[1]");
    EXPECT("{'a': 1,}", "{<a>:1}");
    EXPECT("[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]",
           "[{<id>:16,<name>:<Animation>},{<id>:35,<name>:<Comedy>}]");
    EXPECT("[{\"id\": 28, \"name\": \"Action\"}]", "[{<id>:28,<name>:<Action>}]");
    EXPECT("{'a': {'b': [[], {}, [1]]}, 'c': 2}", "{<a>:{<b>:[[],{},[1]]},<c>:2}");
}

static void strings(void **state)
{
    (void)state;
    EXPECT("\"child's play\"", "<child's play>");
    EXPECT("'say \"hi\"'", "<say \"hi\">");
    EXPECT("'it\\'s'", "<it's>");
    EXPECT("'a\\xa0b'", "<a\xC2\xA0"
                        "b>");
    EXPECT("'\\xe9\\u00e9\\U0001F600'", "<\xC3\xA9\xC3\xA9\xF0\x9F\x98\x80>");
    EXPECT("\"\\ud83d\\ude00\"", "<\xF0\x9F\x98\x80>");
    EXPECT("\"Espa\\u00f1ol\"", "<Espa\xC3\xB1ol>");
    EXPECT("'\\ud83d'", "<\xEF\xBF\xBD>"); /* half a pair */
    EXPECT("'\\ude00\\ud83d'", "<\xEF\xBF\xBD\xEF\xBF\xBD>");
    EXPECT("'\\ud83dx\\ud83d\\n'", "<\xEF\xBF\xBDx\xEF\xBF\xBD\n>");
    EXPECT("'\\U00110000'", "<\\U00110000>"); /* beyond Unicode: no escape */
    EXPECT("'\\t\\n\\\\\\/'", "<\t\n\\\\/>"); /* Python keeps the backslash of \/ */
    EXPECT("\"\\/\"", "</>");                 /* JSON does not */
    EXPECT("'\\q\\x4\\u12'", "<\\q\\x4\\u12>");
    EXPECT("'\\101\\60\\0611'", "<A011>");
    EXPECT("'a\\0b\\x00c\\u0000'", "<abc>");
    EXPECT("'a\0b'", "<ab>");
    EXPECT("'a\\\nb'", "<ab>");
    EXPECT("'a\nb'", "<a\nb>");
    EXPECT("u'caf\xC3\xA9'", "<caf\xC3\xA9>");
    EXPECT("['a' 'b' \"c\", u'd']", "[<abc>,<d>]");
    EXPECT("'\xFFok\xC3'", "<\xEF\xBF\xBDok\xEF\xBF\xBD>");
    EXPECT("''", "<>");
}

static void lookups(void **state)
{
    (void)state;
    EXPECT("[{'id': 1, 'name': 'x', 'id': 2, 3: 'name'}, 'id']", "[{<id>:1,<name>:<x>,<id>:2,3:<name>},<id>]");
    assert_true(kino_literal_get(&tree, 1, "id")->number == 2);
    assert_string_equal(kino_literal_get(&tree, 1, "name")->text, "x");
    assert_null(kino_literal_get(&tree, 1, "none"));
    assert_null(kino_literal_get(&tree, 0, "id"));
    assert_null(kino_literal_get(&tree, 999, "id"));
}

static void broken(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "",       " ",
        "[",      "]",
        "{",      "[1",
        "[1 2]",  "[1,,2]",
        "[,]",    "{'a'}",
        "{'a':}", "{'a' 1}",
        "{:1}",   "'",
        "'a",     "\"a'",
        "'a\\",   "'a\\'",
        "[1]]",   "[1] x",
        "nope",   "Nonesuch",
        "-",      "+",
        ".",      "e5",
        "[}",     "{]",
        "(1]",    "{'a': 1, }}",
        "<html>", "u",
        "\\",     "[{'id': 1, 'name': 'cut of",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kino_error err = {0};
        if (kino_literal_parse(&tree, texts[i], strlen(texts[i]), &err) != KINO_DAMAGED)
            fail_msg("accepted: %s", texts[i]);
        assert_non_null(strstr(err.text, "byte "));
        assert_int_equal(tree.count, 0);
    }
}

static void depth_is_bounded(void **state)
{
    (void)state;
    char text[2 * KINO_LITERAL_DEPTH + 8];
    memset(text, '[', KINO_LITERAL_DEPTH);
    memset(text + KINO_LITERAL_DEPTH, ']', KINO_LITERAL_DEPTH);
    assert_int_equal(kino_literal_parse(&tree, text, 2 * KINO_LITERAL_DEPTH, NULL), KINO_OK);
    memset(text, '[', KINO_LITERAL_DEPTH + 1);
    memset(text + KINO_LITERAL_DEPTH + 1, ']', KINO_LITERAL_DEPTH + 1);
    assert_int_equal(kino_literal_parse(&tree, text, 2 * KINO_LITERAL_DEPTH + 2, NULL), KINO_DAMAGED);
    size_t size = KINO_LIMIT_FIELD;
    char *deep = kino_alloc(size + 1);
    memset(deep, '[', size);
    assert_int_equal(kino_literal_parse(&tree, deep, size, NULL), KINO_DAMAGED);
    assert_int_equal(kino_literal_parse(&tree, deep, size + 1, NULL), KINO_DAMAGED);
    memset(deep, '\xFF', size); /* every byte grows to three */
    deep[0] = deep[size - 1] = '\'';
    assert_int_equal(kino_literal_parse(&tree, deep, size, NULL), KINO_OK);
    assert_int_equal(tree.nodes[0].size, 3 * (size - 2));
    free(deep);
}

/* Whatever happens to a text, it is read or refused. */
static void altered_texts(void **state)
{
    (void)state;
    static const char good[] =
        "[{'id': 16, 'name': \"It\\u2019s \\ud83d\\ude00\"}, {'x': (None, True, -1.5e3, '\\xe9')}]";
    char text[sizeof good];
    for (uint64_t round = 0; round < 200000; round++) {
        memcpy(text, good, sizeof good);
        size_t n = sizeof good - 1;
        for (uint64_t k = 0; k < 1 + round % 3; k++) {
            uint64_t r = kino_random(1, round, k);
            text[r % n] = (char)(r >> 32 & 1 ? good[(r >> 40) % n] : (char)(r >> 40));
        }
        n = kino_random(2, round, 0) % 4 ? n : kino_random(3, round, 0) % n;
        char *exact = kino_alloc(n); /* its own block: the address sanitizer sees a step beyond */
        memcpy(exact, text, n);
        if (!kino_literal_parse(&tree, exact, n, NULL))
            for (size_t i = 0; i < tree.count; i++) {
                assert_true(tree.nodes[i].end > i && tree.nodes[i].end <= tree.count);
                assert_int_equal(tree.nodes[i].text[tree.nodes[i].size], 0);
            }
        free(exact);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double want;
    } good[] = {
        {"0", 0},
        {"-0", 0},
        {"21.946943", 21.946943},
        {"2.0E-6", 2e-6},
        {"1e-06", 1e-6},
        {" 97.0 ", 97},
        {"1e22", 1e22},
        {"1e-400", 0},
        {"0e999999999999", 0},
        {"123456789012345678901234567890", 123456789012345678901234567890.0},
        {"0.000000000000000000000000000001", 1e-30},
        {"00012", 12},
        {"9007199254740993", 9007199254740992.0},
    };
    static const char *const bad[] = {"",   " ",   "x",     "1x",  "1 2", "1,5", "0x10", "1e",
                                      "e1", "--1", "1e999", "inf", "nan", "-",   "1.2.3"};
    double value;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        if (!kino_number_parse(good[i].text, strlen(good[i].text), &value))
            fail_msg("refused: %s", good[i].text);
        assert_true(value == good[i].want);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (kino_number_parse(bad[i], strlen(bad[i]), &value))
            fail_msg("accepted: %s", bad[i]);
    for (uint64_t i = 0; i < 100000; i++) { /* what tables hold is read to the last bit */
        char text[40];
        uint64_t r = kino_random(4, 0, i);
        snprintf(text, sizeof text, "%.*f", (int)(r % 7), (double)(r >> 8 & 0xFFFFFFFF) / 1e6);
        assert_true(kino_number_parse(text, strlen(text), &value));
        assert_true(value == strtod(text, NULL));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values),  cmocka_unit_test(strings),       cmocka_unit_test(lookups),
        cmocka_unit_test(broken),  cmocka_unit_test(altered_texts), cmocka_unit_test(depth_is_bounded),
        cmocka_unit_test(numbers),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    kino_literals_free(&tree);
    return failed;
}
