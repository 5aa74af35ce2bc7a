/* test_jsonread.c - the strict reader of JSON: what RFC 8259 allows is read, everything else has its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/jsonread.h"
#include "base/limits.h"

static void show(const kino_json *v, kino_buffer *b)
{
    if (v->name)
        kino_buffer_print(b, "%s=", v->name);
    switch (v->kind) {
    case KINO_JSON_NULL:
        kino_buffer_print(b, "null");
        return;
    case KINO_JSON_FALSE:
        kino_buffer_print(b, "false");
        return;
    case KINO_JSON_TRUE:
        kino_buffer_print(b, "true");
        return;
    case KINO_JSON_NUMBER:
        kino_buffer_print(b, "%.17g", v->number);
        return;
    case KINO_JSON_TEXT:
        kino_buffer_print(b, "<%s>", v->text);
        return;
    default:
        break;
    }
    size_t count = 0;
    kino_buffer_byte(b, v->kind == KINO_JSON_ARRAY ? '[' : '{');
    for (const kino_json *one = v->first; one; one = one->next, count++) {
        if (count)
            kino_buffer_byte(b, ' ');
        show(one, b);
    }
    kino_buffer_byte(b, v->kind == KINO_JSON_ARRAY ? ']' : '}');
    assert_int_equal(count, v->count);
}

/* The bytes stand at the end of a block of their own, so that the sanitizer sees a read behind them. */
static kino_status read_bytes(const char *text, size_t n, kino_buffer *b, kino_error *err)
{
    kino_arena memory = {0};
    const kino_json *root = NULL;
    char *exact = malloc(n ? n : 1);
    memcpy(exact, text, n);
    kino_status st = kino_json_read("x.json", exact, n, 1, &memory, &root, err);
    if (!st)
        show(root, b);
    kino_arena_free(&memory);
    free(exact);
    return st;
}

static void sound_json_is_read(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"null", "null"},
        {" true ", "true"},
        {"[false]", "[false]"},
        {"{}", "{}"},
        {"[]", "[]"},
        {"[ ]", "[]"},
        {"-0.5e+2", "-50"},
        {"0", "0"},
        {"10.25", "10.25"},
        {"1E3", "1000"},
        {"9007199254740992", "9007199254740992"},
        {"\"\"", "<>"},
        {"\"a\\\"\\\\\\/\\n\\u00e9\"", "<a\"\\/\n\xC3\xA9>"},
        {"\"\\ud83d\\ude00\"", "<\xF0\x9F\x98\x80>"},
        {"{\"a\":1,\"b\":[{\"c\":null}]}", "{a=1 b=[{c=null}]}"},
        {"\xEF\xBB\xBF[1,\r\n2]", "[1 2]"},
        {"\"\xEF\xBF\xBD\"", "<\xEF\xBF\xBD>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_error err = {0};
        if (read_bytes(cases[i][0], strlen(cases[i][0]), &b, &err))
            fail_msg("%s: %s", cases[i][0], err.text);
        assert_string_equal(b.data, cases[i][1]);
        free(b.data);
    }
}

static void everything_else_is_refused(void **state)
{
    (void)state;
    static const char *const cases[] = {
        "",
        " ",
        "nul",
        "True",
        "'a'",
        "[1,]",
        "[,1]",
        "[1 2]",
        "{\"a\"}",
        "{\"a\":}",
        "{a:1}",
        "{\"a\":1,}",
        "[",
        "{",
        "\"",
        "\"\\",
        "\"\\u12",
        "\"\\u0000\"",
        "\"\\ud800\"",
        "\"\\udc00\"",
        "\"\\ud800\\u0041\"",
        "\"\\x41\"",
        "\"\t\"",
        "01",
        "1.",
        ".5",
        "+1",
        "-",
        "1e",
        "1e999",
        "NaN",
        "Infinity",
        "1.e5",
        "[1]]",
        "1 2",
        "\"\xFF\"",
        "\"\xC3\"",
        "{\"a\":1,\"a\":2}",
        "/* */ 1",
        "[\"a\"",
        "\xEF\xBB",
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_error err = {0};
        if (read_bytes(cases[i], strlen(cases[i]), &b, &err) != KINO_DAMAGED)
            fail_msg("%s was read as %s", cases[i], b.data);
        assert_non_null(strstr(err.text, "x.json: line 1: not JSON: "));
        free(b.data);
    }
    kino_error err = {0};
    assert_int_equal(read_bytes("a\0b", 3, NULL, &err), KINO_DAMAGED);
    assert_int_equal(read_bytes("[1,\n\n x]", 8, NULL, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "line 3"));
}

static void nesting_ends(void **state)
{
    (void)state;
    char text[2000];
    kino_buffer b = {0};
    kino_error err = {0};
    memset(text, '[', 1000);
    memset(text + 1000, ']', 1000);
    assert_int_equal(read_bytes(text, 2000, &b, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "too deeply"));
    assert_int_equal(read_bytes(text + 970, 60, &b, &err), KINO_OK);
    free(b.data);
}

static void members_are_found(void **state)
{
    (void)state;
    static const char text[] = "{\"a\":\"x\",\n\"b\":2,\"c\":2.5,\"d\":-3,\"e\":1e17}";
    kino_arena memory = {0};
    const kino_json *root = NULL;
    int64_t n = 77;
    assert_int_equal(kino_json_read("x", text, sizeof text - 1, 5, &memory, &root, NULL), KINO_OK);
    assert_string_equal(kino_json_text(kino_json_member(root, "a"), "?"), "x");
    assert_string_equal(kino_json_text(kino_json_member(root, "b"), "?"), "?");
    assert_string_equal(kino_json_text(kino_json_member(root, "z"), "?"), "?");
    assert_int_equal(kino_json_member(root, "b")->line, 6);
    assert_null(kino_json_member(kino_json_member(root, "a"), "a"));
    assert_false(kino_json_whole(kino_json_member(root, "c"), 0, 10, &n));
    assert_false(kino_json_whole(kino_json_member(root, "d"), 0, 10, &n));
    assert_false(kino_json_whole(kino_json_member(root, "e"), 0, INT64_MAX, &n));
    assert_false(kino_json_whole(kino_json_member(root, "a"), 0, 10, &n));
    assert_int_equal(n, 77);
    assert_true(kino_json_whole(kino_json_member(root, "b"), 0, 10, &n));
    assert_int_equal(n, 2);
    kino_arena_free(&memory);
}

/* Nesting, members of an object, whole numbers: the last that is taken and the first that is not. */
static void bounds(void **state)
{
    (void)state;
    for (int more = 0; more < 2; more++) {
        kino_buffer text = {0}, shown = {0};
        kino_error err = {0};
        for (int i = 0; i < KINO_LIMIT_JSON_DEPTH + more; i++)
            kino_buffer_byte(&text, '[');
        for (int i = 0; i < KINO_LIMIT_JSON_DEPTH + more; i++)
            kino_buffer_byte(&text, ']');
        assert_int_equal(read_bytes(text.data, text.size, &shown, &err), more ? KINO_DAMAGED : KINO_OK);
        text.size = 0;
        for (int i = 0; i < KINO_LIMIT_JSON_MEMBERS + more; i++)
            kino_buffer_print(&text, "%c\"m%d\":%d", i ? ',' : '{', i, i);
        kino_buffer_byte(&text, '}');
        assert_int_equal(read_bytes(text.data, text.size, &shown, &err), more ? KINO_DAMAGED : KINO_OK);
        text.size = 0;
        for (int i = 0; i < KINO_LIMIT_JSON_MEMBERS + 1; i++) /* an array may have more */
            kino_buffer_print(&text, "%c%d", i ? ',' : '[', i);
        kino_buffer_byte(&text, ']');
        assert_int_equal(read_bytes(text.data, text.size, &shown, &err), KINO_OK);
        free(text.data);
        free(shown.data);
    }
    static const struct {
        double number;
        int64_t low, high;
        bool is;
    } wholes[] = {{5, 5, 5, true},
                  {4, 5, 9, false},
                  {10, 5, 9, false},
                  {9, 5, 9, true},
                  {-3, -3, 3, true},
                  {0.5, 0, 1, false},
                  {0x1p53, 0, INT64_MAX, true},
                  {0x1p53 + 2, 0, INT64_MAX, false},
                  {-0x1p53, INT64_MIN, 0, true},
                  {-0x1p53 - 2, INT64_MIN, 0, false}};
    for (size_t i = 0; i < sizeof wholes / sizeof *wholes; i++) {
        const kino_json v = {.kind = KINO_JSON_NUMBER, .number = wholes[i].number};
        int64_t n = 0;
        assert_int_equal(kino_json_whole(&v, wholes[i].low, wholes[i].high, &n), wholes[i].is);
        assert_true(!wholes[i].is || (double)n == wholes[i].number);
    }
    assert_false(kino_json_whole(NULL, 0, 9, &(int64_t){0}));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sound_json_is_read),
        cmocka_unit_test(everything_else_is_refused),
        cmocka_unit_test(nesting_ends),
        cmocka_unit_test(members_are_found),
        cmocka_unit_test(bounds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
