/* test_output.c - what reaches screens and programs: safe text, widths, tables, JSON numbers, the lines of a stream,
 * the loss curve. */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/jsontree.h"
#include "app/cmd/lines.h"
#include "app/term/output.h"
#include "app/cmd/plot.h"
#include "base/bytes.h"
#include "base/limits.h"
#include "base/utf8.h"

static void safe(const char *in, const char *out)
{
    kino_buffer b = {0};
    app_put_safe(&b, in);
    assert_string_equal(b.data ? b.data : "", out);
    free(b.data);
}

static void control_characters_do_not_pass(void **state)
{
    (void)state;
    safe("Amélie 千と千尋", "Amélie 千と千尋");
    safe("a\033[31mb", "a\xef\xbf\xbd[31mb");
    safe("a\xc2\x9b"
         "31mb",
         "a\xef\xbf\xbd"
         "31mb"); /* CSI of C1 */
    safe("a\r\nb\tc", "a b c");
    safe("a\x7f\x01", "a\xef\xbf\xbd\xef\xbf\xbd");
    safe("a\xe2\x80\xae"
         "b\xe2\x81\xa6",
         "ab"); /* overrides of direction */
    safe("a\xff", "a\xef\xbf\xbd");
    safe("", "");
}

static void cut(const char *in, size_t width, const char *out)
{
    kino_buffer b = {0};
    size_t used = app_put_cut(&b, in, width, false);
    assert_string_equal(b.data ? b.data : "", out);
    assert_int_equal(used, b.data ? kino_utf8_width(b.data, b.size) : 0);
    assert_true(used <= width);
    free(b.data);
}

static void text_is_cut_by_columns(void **state)
{
    (void)state;
    cut("Amélie", 6, "Amélie");
    cut("Amélie", 5, "Amél…");
    cut("千と千尋", 8, "千と千尋");
    cut("千と千尋", 7, "千と千…");
    cut("千と千尋", 6, "千と…");
    cut("Horror, War", 8, "Horror…");
    cut("e\xcc\x81t\xcc\x81"
        "e",
        2, "e\xcc\x81…");
}

static char *printed(FILE *file)
{
    static char text[65536];
    fflush(file);
    rewind(file);
    size_t n = fread(text, 1, sizeof text - 1, file);
    text[n] = 0;
    return text;
}

static void fill(app_table *t)
{
    app_table_column(t, "#", 0, true);
    app_table_column(t, "Film", 9, false);
    app_table_column(t, "Genres", 5, false);
    app_table_column(t, "Score", 0, true);
    for (int i = 0; i < 3; i++) {
        app_table_row(t);
        app_table_put(t, APP_KEEP, APP_PLAIN, i ? "10" : "9");
        app_table_next(t);
        app_table_put(t, APP_CUT, APP_BOLD,
                      i == 1 ? "Pirates of the Caribbean: The Curse of the Black Pearl" : "千と千尋の神隠し");
        app_table_put(t, APP_KEEP, APP_DIM, " (2003)");
        app_table_put(t, APP_DROP, APP_DIM, "  An original title that is long");
        app_table_next(t);
        app_table_put(t, APP_CUT, APP_PLAIN, "Adventure, Fantasy, Action");
        app_table_next(t);
        app_table_put(t, APP_KEEP, APP_PLAIN, "0.81");
    }
}

static void tables_fit_the_terminal(void **state)
{
    (void)state;
    for (size_t width = 24; width < 150; width++) {
        app_table t = {0};
        app_screen s = {.file = tmpfile(), .terminal = true, .width = width};
        size_t first = 0;
        fill(&t);
        app_table_print(&t, &s);
        for (char *line = strtok(printed(s.file), "\n"); line; line = strtok(NULL, "\n")) {
            size_t w = kino_utf8_width(line, strlen(line));
            assert_true(w <= width);
            assert_true(!first || w == first); /* the right edge is straight */
            first = w;
            if (strchr(line, '0') && !strstr(line, "(2003)"))
                fail_msg("the year is gone at %zu columns: %s", width, line);
        }
        app_table_free(&t);
        fclose(s.file);
    }
    app_table t = {0};
    app_screen s = {.file = tmpfile()};
    fill(&t);
    app_table_print(&t, &s);
    char *text = printed(s.file);
    assert_non_null(strstr(text, "The Curse of the Black Pearl (2003)  An original title that is long"));
    assert_null(strchr(text, '\033'));
    app_table_free(&t);
    fclose(s.file);
}

/* The lines of a list as kino recommend prints it. */
static char *listed(size_t width, const char *title)
{
    app_table t = {0};
    app_screen s = {.file = tmpfile(), .terminal = true, .width = width};
    app_table_column(&t, "#", 0, true);
    app_table_column(&t, "Film", 9, false);
    app_table_optional(&t, "Genres", 5, false, 2);
    app_table_optional(&t, "Rated", 0, true, 1);
    app_table_column(&t, "Score", 0, true);
    app_table_optional(&t, "", 0, false, 3);
    const char *cells[] = {"1", title, "Adventure, Fantasy", "8.0", "4.72", "========"};
    app_table_row(&t);
    for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
        app_table_put(&t, i == 1 || i == 2 ? APP_CUT : APP_KEEP, APP_PLAIN, cells[i]);
        if (i == 1)
            app_table_put(&t, APP_DROP, APP_PLAIN, "  Another title");
        app_table_next(&t);
    }
    app_table_print(&t, &s);
    app_table_free(&t);
    char *text = printed(s.file);
    fclose(s.file);
    return text;
}

/* Bar, genres and rating go, in this order, before a letter of the title does. */
static void a_title_is_cut_last(void **state)
{
    (void)state;
    static const char title[] = "Pirates of the Caribbean (2003)", *const order[] = {"Rated", "Advent", "===="};
    size_t there = 0;
    for (size_t width = 1; width < 120; width++) {
        const char *text = listed(width, title);
        size_t now = 0;
        for (size_t i = 0; i < 3; i++)
            if (strstr(text, order[i])) {
                assert_int_equal(now, i);
                now++;
            }
        assert_true(now >= there); /* what is there stays there where the window is wider */
        there = now;
        if (now)
            assert_non_null(strstr(text, title));
    }
    assert_int_equal(there, 3);
    assert_non_null(strstr(listed(119, title), "Another title"));
}

/* Of any width, with letters that take two columns. */
static void no_line_is_wider_than_the_window(void **state)
{
    (void)state;
    for (size_t width = 11; width < 100; width++)
        for (char *line = strtok(listed(width, "千と千尋の神隠しと千と千尋の神隠し (2001)"), "\n"); line;
             line = strtok(NULL, "\n"))
            assert_true(kino_utf8_width(line, strlen(line)) <= width);
    for (size_t width = 6; width < 60; width++) {
        kino_buffer b = {0};
        app_put_wrapped(&b, "A word, and 千と千尋の神隠し千と千尋の神隠し千と千尋の神隠し, and incomprehensibilities.",
                        width, 4, false);
        for (char *line = strtok(b.data, "\n"); line; line = strtok(NULL, "\n"))
            assert_true(kino_utf8_width(line, strlen(line)) <= width);
        free(b.data);
    }
}

static double json_number(double x)
{
    kino_buffer b = {0};
    kino_tree *object = kino_tree_object(NULL, NULL);
    kino_tree_number(object, "x", x);
    kino_tree_put(object, false, &b);
    double back = strtod(b.data + strlen("{\"x\":"), NULL);
    free(b.data);
    return back;
}

static void numbers_come_back(void **state)
{
    (void)state;
    static const double some[] = {0,     0.1,     1.0 / 3, 0x1p-20, 0.81 + 0x1p-50,
                                  1e300, -5e-324, DBL_MAX, 7.3,     123456789012345678.0};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        assert_true(json_number(some[i]) == some[i]);
    for (uint64_t i = 0; i < 20000; i++) {
        double grain = (double)(int64_t)(kino_random(1, 2, i) >> 43) * 0x1p-20 - 1, any;
        uint64_t bits = kino_random(1, 3, i);
        memcpy(&any, &bits, sizeof any);
        assert_true(json_number(grain) == grain);
        if (isfinite(any))
            assert_true(json_number(any) == any);
    }
    kino_tree *object = kino_tree_object(NULL, NULL);
    kino_tree_number(object, "nan", NAN);
    kino_tree_whole(object, "id", INT64_MAX);
    kino_tree_text(object, "t", "a\xff\"\033\xc2\x9b\xe2\x80\xae\x7f\n");
    app_screen s = {.file = tmpfile()};
    app_print_json(object, &s, true);
    assert_string_equal(printed(s.file), "{\"nan\":null,\"id\":9223372036854775807,\"t\":\"a\xef\xbf\xbd\\\"\\u001b"
                                         "\\u009b\\u202e\\u007f\\n\"}\n");
    fclose(s.file);
}

static void check_float(float x)
{
    kino_buffer b = {0};
    kino_put_float(&b, x);
    float back = strtof(b.data, NULL);
    if (memcmp(&back, &x, sizeof x) && !(x == 0 && back == 0))
        fail_msg("%.9g is written as %s", (double)x, b.data);
    assert_true((float)strtod(b.data, NULL) == x);
    assert_true(b.size <= 17);
    assert_true(strchr("-0123456789", b.data[0]) && b.data[b.size - 1] >= '0' && b.data[b.size - 1] <= '9');
    free(b.data);
}

static void floats_come_back(void **state)
{
    (void)state;
    static const float some[] = {0,          -0.0f,       1,       -1,      0.5f,         0.1f, 1e-4f,
                                 9.9999e-5f, 0.99999994f, FLT_MIN, FLT_MAX, FLT_TRUE_MIN, 0.25f};
    for (size_t i = 0; i < sizeof some / sizeof *some; i++)
        check_float(some[i]);
    for (uint64_t i = 0; i < 300000; i++) {
        float x = kino_random_unit(5, 1, i) - 0.5f, any;
        uint32_t bits = (uint32_t)kino_random(5, 2, i);
        check_float(x * 0.2f);
        check_float(x * 0.002f);
        memcpy(&any, &bits, sizeof any);
        if (isfinite(any))
            check_float(any);
    }
}

/* What the reader makes of bytes: each line behind "<" and ">". */
static char *split(const char *bytes, size_t n, size_t piece)
{
    static char out[4096];
    static const volatile sig_atomic_t no_cancel;
    int ends[2];
    size_t at = 0;
    assert_int_equal(pipe(ends), 0);
    app_lines *l = malloc(sizeof *l);
    app_lines_init(l, ends[0], &no_cancel);
    out[0] = 0;
    for (size_t done = 0;;) {
        if (done < n) {
            size_t part = n - done < piece ? n - done : piece;
            assert_int_equal(write(ends[1], bytes + done, part), part);
            done += part;
            if (done == n)
                close(ends[1]);
            else if (!memchr(bytes + done - part, '\n', part))
                continue; /* nothing to hand out: the reader would wait for ever */
        } else if (!n) {
            close(ends[1]);
            n = done = SIZE_MAX;
        }
        assert_int_equal(app_lines_next(l, &(kino_error){0}), KINO_OK);
        if (!l->count && done >= n)
            break;
        for (size_t i = 0; i < l->count; i++)
            at += (size_t)snprintf(out + at, sizeof out - at, "<%.*s>", (int)l->lengths[i], l->texts[i]);
    }
    app_lines_free(l);
    free(l);
    close(ends[0]);
    return out;
}

static void lines_end_at_newlines_alone(void **state)
{
    (void)state;
    static const struct {
        const char *in, *out;
    } cases[] = {
        {"", ""},
        {"\n", "<>"},
        {"a\nb\n", "<a><b>"},
        {"a\r\nb", "<a><b>"},
        {"a\n\nb\n\n", "<a><><b><>"},
        {"a\rb\n", "<a\rb>"},
        {"a\r\r\n", "<a\r>"},
        {"\r\n", "<>"},
        {"a\r", "<a\r>"},
        {"\r", "<\r>"},
        {"a\f\v\xe2\x80\xa8"
         "b\n",
         "<a\f\v\xe2\x80\xa8"
         "b>"},
        {"a\n\r\n\rb\r\n", "<a><><\rb>"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t piece = 1; piece < 6; piece++) {
            const char *out = split(cases[i].in, strlen(cases[i].in), piece);
            if (strcmp(out, cases[i].out))
                fail_msg("case %zu in pieces of %zu: %s", i, piece, out);
        }
}

static void long_streams_come_through(void **state)
{
    (void)state;
    static const volatile sig_atomic_t no_cancel;
    FILE *file = tmpfile();
    enum { LINES = 5000 };
    size_t n = 0, long_ones = 0;
    for (int i = 0; i < LINES; i++) {
        if (i % 1000 == 999) {
            for (size_t j = 0; j < KINO_LIMIT_TEXT / 64 + 1000; j++)
                fprintf(file, "%064d", i); /* longer than any model looks */
            fputc('\n', file);
        } else {
            fprintf(file, "line %d\n", i);
        }
    }
    fflush(file);
    lseek(fileno(file), 0, SEEK_SET);
    app_lines *l = malloc(sizeof *l);
    app_lines_init(l, fileno(file), &no_cancel);
    while (!app_lines_next(l, NULL) && l->count) {
        assert_true(l->count <= APP_LINES && l->text.size < ((size_t)8 << 20));
        for (size_t i = 0; i < l->count; i++, n++) {
            char want[32];
            int length = snprintf(want, sizeof want, "line %zu", n);
            if (n % 1000 == 999) {
                assert_int_equal(l->lengths[i], KINO_LIMIT_TEXT);
                long_ones++;
            } else {
                assert_int_equal(l->lengths[i], length);
                assert_memory_equal(l->texts[i], want, (size_t)length);
            }
        }
    }
    assert_int_equal(n, LINES);
    assert_int_equal(long_ones, LINES / 1000);
    app_lines_free(l);
    free(l);
    fclose(file);
}

static void curves_of_all_shapes_are_drawn(void **state)
{
    (void)state;
    kino_build_report *r = calloc(1, sizeof *r);
    for (int shape = 0; shape < 6; shape++) {
        static const int epochs[] = {0, 1, 2, 40, 100, KINO_MAX_EPOCHS};
        r->epochs = epochs[shape];
        r->best_epoch = r->epochs;
        for (int i = 0; i < r->epochs; i++) {
            r->loss[i] = shape == 2 ? 0.5f : 0.0156f + 1.0f / (float)(i + 1);
            r->val_loss[i] = shape == 4 ? NAN : 0.5f;
        }
        kino_buffer b = {0};
        app_plot_loss(&b, r);
        assert_true(!strncmp(b.data, "<svg ", 5) && !strcmp(b.data + b.size - 7, "</svg>\n"));
        assert_null(strstr(b.data, "inf"));
        assert_int_equal(strstr(b.data, "d=\"M") != NULL, r->epochs > 0);
        assert_null(strstr(b.data, "\"nan"));
        assert_null(strstr(b.data, " nan "));
        assert_true(b.size < 200000);
        if (r->epochs == 40) { /* a tick at every fifth epoch */
            assert_non_null(strstr(b.data, ">5</text>"));
            assert_non_null(strstr(b.data, ">40</text>"));
            assert_null(strstr(b.data, ">6</text>"));
        }
        free(b.data);
    }
    free(r);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(control_characters_do_not_pass),
        cmocka_unit_test(text_is_cut_by_columns),
        cmocka_unit_test(tables_fit_the_terminal),
        cmocka_unit_test(a_title_is_cut_last),
        cmocka_unit_test(no_line_is_wider_than_the_window),
        cmocka_unit_test(numbers_come_back),
        cmocka_unit_test(floats_come_back),
        cmocka_unit_test(lines_end_at_newlines_alone),
        cmocka_unit_test(long_streams_come_through),
        cmocka_unit_test(curves_of_all_shapes_are_drawn),
    };
    return cmocka_run_group_tests_name("output", tests, NULL, NULL);
}
