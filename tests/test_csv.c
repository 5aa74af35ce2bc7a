/* The CSV reader and the literal parser, on what the data sets hold and on what they might. */
#define _GNU_SOURCE
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ingest/csv.h"
#include "ingest/literal.h"

/* Reads `bytes`, joins fields with | and records with / into *out; returns the status. */
static kino_status read_all(const char *bytes, size_t n, kino_buffer *out, kino_error *err)
{
    kino_csv csv;
    kino_status st;
    FILE *f = tmpfile();
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    rewind(f);
    kino_csv_init(&csv, f, "x.csv");
    kino_buffer_put(out, "", 0);
    while (!(st = kino_csv_next(&csv, err)) && csv.count)
        for (size_t i = 0; i < csv.count; i++) {
            assert_int_equal(strlen(csv.fields[i].text), csv.fields[i].size);
            kino_buffer_print(out, "%s%s", csv.fields[i].text, i + 1 < csv.count ? "|" : "/");
        }
    kino_csv_free(&csv);
    fclose(f);
    return st;
}

static void records(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"a,b\n1,2\n", "a|b/1|2/"},
        {"a,b\r\n1,2\r\n", "a|b/1|2/"},
        {"a,b\n1,2", "a|b/1|2/"},
        {"\xef\xbb\xbfid,b\n", "id|b/"},
        {"\xef\xbbx,b\n", "\xef\xbbx|b/"},
        {"\"a,b\",c\n", "a,b|c/"},
        {"\"say \"\"hi\"\"\",c\n", "say \"hi\"|c/"},
        {"\"two\nlines\",c\n", "two\nlines|c/"},
        {"\"two\r\nlines\",c\r\n", "two\r\nlines|c/"},
        {"a\"b,c\n", "a\"b|c/"},
        {",,\n", "||/"},
        {"\"\"\n", "/"},
        {"a\n\n\nb\n", "a/b/"},
        {"a\rb,c\n", "a\rb|c/"},
        {"\"closed\"tail,b\n", "closedtail|b/"},
        {"", ""},
        {"\n", ""},
        {"\xef\xbb\xbf", ""},
        {"'[{\"\"id\"\": 1}]',x\n", "'[{\"\"id\"\": 1}]'|x/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_error err = {0};
        assert_int_equal(read_all(cases[i].in, strlen(cases[i].in), &b, &err), KINO_OK);
        assert_string_equal(b.data, cases[i].out);
        free(b.data);
    }
}

static void zero_bytes_are_dropped(void **state)
{
    (void)state;
    kino_buffer b = {0};
    assert_int_equal(read_all("a\0b,c\n", 6, &b, NULL), KINO_OK);
    assert_string_equal(b.data, "ab|c/");
    free(b.data);
}

static void faults_name_the_line(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_error err = {0};
    const char *open_quote = "a,b\n\"x\ny\",1\n2,\"never closed\nand on\n";
    assert_int_equal(read_all(open_quote, strlen(open_quote), &b, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "x.csv, line 4"));
    free(b.data);

    b = (kino_buffer){0};
    kino_buffer wide = {0};
    for (int i = 0; i < KINO_LIMIT_COLUMNS + 1; i++)
        kino_buffer_print(&wide, "x,");
    assert_int_equal(read_all(wide.data, wide.size, &b, &err), KINO_DAMAGED);
    free(wide.data);
    free(b.data);

    b = (kino_buffer){0};
    kino_buffer tall = {0};
    char block[4096];
    memset(block, 'x', sizeof block);
    while (tall.size <= KINO_LIMIT_FIELD + 1)
        kino_buffer_put(&tall, block, sizeof block);
    assert_int_equal(read_all(tall.data, tall.size, &b, &err), KINO_DAMAGED);
    free(tall.data);
    free(b.data);
}

static void literals(void **state)
{
    (void)state;
    kino_arena a = {0};
    static const char python[] = "[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': \"Director's Cut\", 'x': None},"
                                 " {'name': 'caf\\xe9 \\u2019 \\U0001F600 \\'q\\'', 'ok': True, 'id': 7.0,}]";
    const kino_value *v = kino_literal_parse(&a, python, strlen(python));
    assert_non_null(v);
    assert_int_equal(v->kind, KINO_VALUE_LIST);
    assert_int_equal(kino_value_id(v->child, "id"), 16);
    assert_string_equal(kino_value_text(v->child->next, "name"), "Director's Cut");
    assert_int_equal(kino_value_get(v->child->next, "x")->kind, KINO_VALUE_NONE);
    assert_string_equal(kino_value_text(v->child->next->next, "name"), "café ’ 😀 'q'");
    assert_int_equal(kino_value_id(v->child->next->next, "id"), 7);
    assert_null(kino_value_text(v, "name"));

    static const char json[] = "{\"a\": [1, -2.5e3, null, true, \"\\ud83d\\ude00\\/\"], \"b\": {}}";
    v = kino_literal_parse(&a, json, strlen(json));
    assert_non_null(v);
    const kino_value *list = kino_value_get(v, "a");
    assert_true(list->child->next->number == -2500);
    assert_string_equal(list->child->next->next->next->next->text, "😀/");

    static const char *const broken[] = {
        "", "[", "]", "[1", "[1 2]", "{'a'}", "{'a': }", "{1: 2}", "'open", "\"x\\u12\"", "[1]]", "nope", "--1", "1e999",
        "{'a': 1", "[,]", "\\",
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
        if (kino_literal_parse(&a, broken[i], strlen(broken[i])))
            fail_msg("accepted: %s", broken[i]);
    char deep[2000];
    memset(deep, '[', sizeof deep);
    assert_null(kino_literal_parse(&a, deep, sizeof deep));
    static const char lone[] = "'\\ud800 \\udc00 \\x00'";
    v = kino_literal_parse(&a, lone, strlen(lone));
    assert_string_equal(v->text, "\xef\xbf\xbd \xef\xbf\xbd \xef\xbf\xbd");
    kino_arena_free(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(records),
        cmocka_unit_test(zero_bytes_are_dropped),
        cmocka_unit_test(faults_name_the_line),
        cmocka_unit_test(literals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
