/* test_base.c - UTF-8, folding, memory, threads, messages. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/number.h"
#include "base/status.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "base/wordset.h"

/* Expected values: Python's bytes.decode("utf-8", "replace"). */
static void invalid_utf8_is_replaced_as_python_does(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"plain", "plain"},
        {"caf\xc3\xa9", "caf\xc3\xa9"},
        {"\xff", "\xef\xbf\xbd"},
        {"\xc3", "\xef\xbf\xbd"},
        {"\xc3(", "\xef\xbf\xbd("},
        {"\xe2\x82", "\xef\xbf\xbd"},
        {"\xe2\x82x", "\xef\xbf\xbdx"},
        {"\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
        {"\xf0\x9f\x98", "\xef\xbf\xbd"},
        {"\xed\xa0\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xc0\xaf", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf5\x80", "\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xf4\x90\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
        {"\xe0\x80\x80", "\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_utf8_clean(&b, cases[i].in, strlen(cases[i].in));
        assert_string_equal(b.data, cases[i].out);
        free(b.data);
    }
}

static void folding(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"Amélie", "amelie"},
        {"Ame\xcc\x81lie", "amelie"},
        {"WALL·E", "wall e"},
        {"Ocean's Eleven", "oceans eleven"},
        {"Ocean’s Eleven", "oceans eleven"},
        {"  Alien\t³ ", "alien 3"},
        {"Fast & Furious", "fast and furious"},
        {"&", "and"},
        {"Æon Flux", "aeon flux"},
        {"Wałęsa, Øyvind, Þór, Đỗ, DIYARBAKIR ı", "walesa oyvind thor do diyarbakir i"},
        {"l'œuvre", "loeuvre"},
        {"STRASSE straße", "strasse strasse"},
        {"Léon: The Professional", "leon the professional"},
        {"千と千尋の神隠し", "千と千尋の神隠し"},
        {"ﬁn", "fin"},
        {"М", "м"},
        {"", ""},
        {"...", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_buffer_put(&b, "", 0);
        kino_fold(&b, cases[i].in, strlen(cases[i].in));
        assert_string_equal(b.data, cases[i].out);
        free(b.data);
    }
}

static void width(void **state)
{
    (void)state;
    assert_int_equal(kino_utf8_width("abc", 3), 3);
    assert_int_equal(kino_utf8_width("é", 2), 1);
    assert_int_equal(kino_utf8_width("e\xcc\x81", 3), 1);
    assert_int_equal(kino_utf8_width("千と", 6), 4);
}

static void arena(void **state)
{
    (void)state;
    kino_arena a = {0};
    char *first = kino_arena_strdup(&a, "first");
    unsigned char *large = kino_arena_alloc(&a, 1 << 20);
    for (int i = 0; i < 100000; i++) {
        char *p = kino_arena_alloc(&a, (size_t)i % 37);
        assert_int_equal((uintptr_t)p % 16, 0);
    }
    assert_int_equal(large[(1 << 20) - 1], 0);
    assert_string_equal(first, "first");
    assert_string_equal(kino_arena_strdup(&a, NULL), "");
    kino_arena_free(&a);
    assert_null(a.head);
}

static void count_up(void *ctx, size_t i, int worker)
{
    (void)worker;
    ((int *)ctx)[i]++;
}

static void every_task_runs_once(void **state)
{
    (void)state;
    for (int threads = 1; threads < 9; threads++) {
        int seen[1000] = {0};
        kino_parallel(threads, 1000, count_up, seen);
        for (int i = 0; i < 1000; i++)
            assert_int_equal(seen[i], 1);
    }
    kino_parallel(4, 0, count_up, NULL);
}

static void a_message_is_one_line(void **state)
{
    (void)state;
    kino_error err = {0};
    assert_int_equal(kino_fail(&err, KINO_DAMAGED, "a%sb", "\n\033[31m"), KINO_DAMAGED);
    assert_string_equal(err.text, "a??[31mb");
    assert_int_equal(kino_fail(NULL, KINO_USAGE, "x"), KINO_USAGE);
    assert_int_equal(kino_exit_code(KINO_INTERRUPTED), 130);
    assert_int_equal(kino_exit_code(KINO_AMBIGUOUS), 3);
}

static void random_numbers(void **state)
{
    (void)state;
    double sum = 0;
    for (uint64_t i = 0; i < 100000; i++) {
        float u = kino_random_unit(1, 2, i);
        assert_true(u >= 0 && u < 1);
        sum += (double)u;
    }
    assert_true(sum / 100000 > .495 && sum / 100000 < .505);
    assert_true(kino_random(1, 2, 3) != kino_random(1, 3, 2));
    assert_true(kino_random(1, 2, 3) == kino_random(1, 2, 3));
}

static void assert_number(double x)
{
    char want[40], got[KINO_NUMBER_ROOM];
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(want, sizeof want, "%.*g", precision, x);
        if (strtod(want, NULL) == x)
            break;
    }
    const size_t n = kino_number_print(x, got);
    assert_string_equal(got, want);
    assert_int_equal(n, strlen(want));
}

/* The C library's printf and strtod are what the digits have to agree with. */
static void numbers_are_written_as_printf_does(void **state)
{
    (void)state;
    static const double edges[] = {0,
                                   -0.0,
                                   1e-4,
                                   9.99999999999999e-5,
                                   1e14,
                                   99999999999999.98,
                                   1e15,
                                   1e300,
                                   5e-324,
                                   .1,
                                   .3,
                                   .5,
                                   100,
                                   1e-3,
                                   999999999999999.9,
                                   99999999999999.99,
                                   4503599627370497.5,
                                   7.7,
                                   1e22};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        assert_number(edges[i]);
        assert_number(nextafter(edges[i], 1e308));
        assert_number(-nextafter(edges[i], 0));
    }
    for (int e = -20; e < 60; e++) {
        assert_number(ldexp(1, e));
        assert_number(nextafter(ldexp(1, e), 0));
        assert_number(nextafter(ldexp(1, e), 1e308));
    }
    for (uint64_t i = 0; i < 20000; i++) {
        const uint64_t r = kino_random(1, 2, i);
        double any;
        memcpy(&any, &r, sizeof any);
        assert_number(isfinite(any) ? any : 0);
        assert_number((double)(int64_t)(r >> 40) * 0x1p-20 - 8); /* a part of a score */
        assert_number((double)(r >> 50) / 10);                   /* a rating */
        assert_number(ldexp((double)(r >> 11), (int)(r % 60) - 66));
        assert_number((double)(r >> (r % 60)));
    }
}

/* Looking for a string puts none in. */
static void strings_are_numbered(void **state)
{
    (void)state;
    kino_wordset s = {0};
    char text[16];
    bool fresh;
    assert_int_equal(kino_wordset_find(&s, "a", 1), KINO_WORDSET_NONE);
    for (uint32_t i = 0; i < 3000; i++) {
        const size_t n = (size_t)snprintf(text, sizeof text, "%u", (unsigned)i);
        assert_int_equal(kino_wordset_find(&s, text, n), KINO_WORDSET_NONE);
        assert_int_equal(kino_wordset_put(&s, text, n, &fresh), i);
        assert_true(fresh);
        assert_int_equal(kino_wordset_find(&s, text, n), i);
        assert_int_equal(kino_wordset_put(&s, text, n, &fresh), i);
        assert_false(fresh);
    }
    assert_int_equal(s.count, 3000);
    assert_int_equal(kino_wordset_find(&s, "77", 1), 7);
    kino_wordset_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(invalid_utf8_is_replaced_as_python_does),
        cmocka_unit_test(folding),
        cmocka_unit_test(width),
        cmocka_unit_test(arena),
        cmocka_unit_test(strings_are_numbered),
        cmocka_unit_test(every_task_runs_once),
        cmocka_unit_test(a_message_is_one_line),
        cmocka_unit_test(random_numbers),
        cmocka_unit_test(numbers_are_written_as_printf_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
