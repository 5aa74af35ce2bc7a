/* test_options.c - the command line: the option table, what it accepts and what it refuses, values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "app/opt/options.h"
#include "ask/near.h"

static kino_error err;

/* Parses words separated by "|". */
static kino_status parse(const char *line, app_args *out)
{
    static char copy[512];
    char *argv[32] = {(char *)"kino"};
    int argc = 1;
    snprintf(copy, sizeof copy, "%s", line);
    for (char *p = copy; p;) {
        char *end = strchr(p, '|');
        argv[argc++] = p;
        if (end)
            *end++ = 0;
        p = end;
    }
    err = (kino_error){0};
    *out = (app_args){0};
    return app_parse(argc, argv, out, &err);
}

static void refused(const char *line, const char *says)
{
    app_args a;
    assert_int_equal(parse(line, &a), KINO_USAGE);
    if (!strstr(err.text, says))
        fail_msg("%s: \"%s\" does not say \"%s\"", line, err.text, says);
}

static void the_table_is_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < app_option_count; i++) {
        const app_option *o = &app_options[i];
        assert_true(o->name || o->letter);
        assert_true(*o->help && *o->group);
        assert_true(o->commands && o->commands < 1u << APP_COMMANDS);
        assert_int_equal(o->kind == KINO_VALUE_FLAG, o->value == NULL);
        assert_true(o->offset < sizeof(app_args));
        if (o->kind == KINO_VALUE_WHOLE || o->kind == KINO_VALUE_REAL || o->kind == KINO_VALUE_RANGE)
            assert_true(o->low < o->high);
        for (size_t j = 0; j < i; j++) {
            assert_true(!o->letter || o->letter != app_options[j].letter);
            if (o->name && app_options[j].name && !strcmp(o->name, app_options[j].name)) {
                assert_false(o->commands & app_options[j].commands);
                assert_int_equal(o->kind == KINO_VALUE_FLAG, app_options[j].kind == KINO_VALUE_FLAG);
            }
            assert_true(o->offset != app_options[j].offset);
        }
    }
    for (int c = 0; c < APP_COMMANDS; c++) {
        assert_true(app_commands[c].name && *app_commands[c].summary && app_commands[c].text);
        assert_true(app_commands[c].least <= app_commands[c].most);
    }
}

/* An example in the help that does not parse would be worse than none. */
static void the_examples_parse(void **state)
{
    (void)state;
    size_t seen = 0;
    for (int c = 0; c < APP_COMMANDS; c++)
        for (size_t i = 0; i < APP_EXAMPLES && app_commands[c].examples[i].line; i++) {
            char words[512] = "";
            size_t n = 0;
            bool quoted = false;
            const char *line = strstr(app_commands[c].examples[i].line, "kino ");
            assert_non_null(line);
            for (const char *p = line + 5; *p && !strchr("<>", *p) && strncmp(p, " |", 2); p++) {
                if (*p == '"')
                    quoted = !quoted;
                else
                    words[n++] = *p == ' ' && !quoted ? '|' : *p;
            }
            while (n && words[n - 1] == '|')
                n--;
            words[n] = 0;
            app_args a;
            if (parse(words, &a))
                fail_msg("%s: %s", app_commands[c].examples[i].line, err.text);
            assert_int_equal(a.command, c);
            app_args_free(&a);
            seen++;
        }
    assert_true(seen > 10);
}

static void options_stand_anywhere(void **state)
{
    (void)state;
    app_args a;
    assert_int_equal(parse("--data=/x|recommend|-k5|Alien|-qv|--year|-1999|Heat|--not|Jaws|--not=Saw|--|-1", &a), 0);
    assert_int_equal(a.command, APP_RECOMMEND);
    assert_string_equal(a.general.data, "/x");
    assert_int_equal(a.ask.k, 5);
    assert_true(a.general.quiet && a.general.verbose && !a.ask.first);
    assert_int_equal(a.ask.year.low, 0);
    assert_int_equal(a.ask.year.high, 1999);
    assert_int_equal(a.words.count, 3);
    assert_string_equal(a.words.items[2], "-1");
    assert_int_equal(a.ask.dislike.count, 2);
    assert_string_equal(a.ask.dislike.items[1], "Saw");
    app_args_free(&a);

    assert_int_equal(parse("recommend|Alien|-1k|7|--genre|Science Fiction , Horror,|--genre=War|--lang|en", &a), 0);
    assert_true(a.ask.first);
    assert_int_equal(a.ask.k, 7);
    assert_int_equal(a.ask.genres.count, 3);
    assert_string_equal(a.ask.genres.items[0], "Science Fiction");
    assert_string_equal(a.ask.genres.items[1], "Horror");
    assert_int_equal(a.ask.languages.count, 1);
    app_args_free(&a);

    assert_int_equal(parse("embed|--format|npy", &a), 0);
    assert_int_equal(a.text.format, APP_NPY);
    app_args_free(&a);
    assert_int_equal(parse("build|--help", &a), 0); /* no file is missed */
    assert_true(a.general.help);
    app_args_free(&a);
    assert_int_equal(parse("find|-", &a), 0);
    assert_string_equal(a.words.items[0], "-");
    app_args_free(&a);
}

static void wrong_lines_are_refused(void **state)
{
    (void)state;
    refused("recomend|x", "did you mean recommend?");
    refused("zzz", "unknown command \"zzz\" (see: kino help)");
    refused("recommend|x|--jsno", "unknown option --jsno; did you mean --json? (see: kino help recommend)");
    refused("recommend|x|--genr=War", "did you mean --genre?");
    refused("recommend|x|--qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqq", "unknown option");
    refused("recommend|x|-Z", "unknown option -Z");
    refused("recommend|x|--epochs|3", "recommend does not take --epochs");
    refused("recommend|x|-k", "-k needs a value");
    refused("recommend|x|--json=yes", "takes no value");
    refused("recommend|x|--json|--ndjson", "either --json or --ndjson");
    refused("recommend|x|-k|1001", "from 1 to 1000");
    refused("build", "usage: kino build FILE...");
    refused("retrain|b", "does not take \"b\"");
    refused("info|x", "usage: kino info (see");
    refused("build|a|--recipe|new", "one of default|classic");
    refused("build|a|--plot=", "followed by nothing");
}

static void ranges(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int low, high;
    } good[] = {{"1994", 1994, 1994}, {"1990-1999", 1990, 1999}, {"1990-", 1990, 0},
                {"-1999", 0, 1999},   {"1994-1994", 1994, 1994}, {"1-9999", 1, 9999}};
    static const char *const bad[] = {
        "",    "-",     "--",    "x",     "1990-x", "1990--1999",           "1999-1990", "0", "-0",
        "0-5", "10000", " 1990", "1990 ", "1e3",    "99999999999999999999", "1990-1999-"};
    kino_range r;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(kino_parse_range("--year", good[i].text, 1, 9999, &r, &err), 0);
        assert_int_equal(r.low, good[i].low);
        assert_int_equal(r.high, good[i].high);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (!kino_parse_range("--year", bad[i], 1, 9999, &r, &err))
            fail_msg("\"%s\" passes for a range", bad[i]);
}

static void numbers(void **state)
{
    (void)state;
    int64_t n;
    uint64_t seed;
    double x;
    assert_int_equal(kino_parse_whole("-k", "17", 1, 1000, &n, &err), 0);
    assert_int_equal(n, 17);
    assert_int_equal(kino_parse_whole("-k", "1000", 1, 1000, &n, &err), 0);
    assert_int_equal(kino_parse_whole("-k", "1", 1, 1000, &n, &err), 0);
    assert_int_equal(kino_parse_whole("-k", "1001", 1, 1000, &n, &err), KINO_USAGE);
    assert_int_equal(kino_parse_whole("-k", "0", 1, 1000, &n, &err), KINO_USAGE);
    static const char *const not_whole[] = {"", " 1", "1 ", "0x10", "1.5", "1e2", "-5", "9223372036854775808", "ten"};
    for (size_t i = 0; i < sizeof not_whole / sizeof *not_whole; i++)
        assert_int_equal(kino_parse_whole("-k", not_whole[i], 1, INT64_MAX, &n, &err), KINO_USAGE);
    assert_int_equal(kino_parse_seed("--seed", "18446744073709551615", &seed, &err), 0);
    assert_true(seed == UINT64_MAX);
    assert_int_equal(kino_parse_seed("--seed", "18446744073709551616", &seed, &err), KINO_USAGE);
    assert_int_equal(kino_parse_seed("--seed", "-1", &seed, &err), KINO_USAGE);
    assert_int_equal(kino_parse_seed("--seed", "", &seed, &err), KINO_USAGE);
    assert_int_equal(kino_parse_real("--min-rating", "7.5", 0, 10, &x, &err), 0);
    assert_true(x == 7.5);
    static const char *const not_real[] = {"", "nan", "inf", "0x1p3", "7,5", "-1", "10.1", "7.5x", ".", "e"};
    for (size_t i = 0; i < sizeof not_real / sizeof *not_real; i++)
        assert_int_equal(kino_parse_real("--min-rating", not_real[i], 0, 10, &x, &err), KINO_USAGE);
}

static void weights(void **state)
{
    (void)state;
    kino_weights w = {.count = 0};
    assert_int_equal(kino_parse_weights("--weight", "plot=3,people=0.5", &w, &err), 0);
    assert_int_equal(w.count, 2);
    assert_string_equal(w.items[0].name, "plot");
    assert_string_equal(w.items[1].name, "people");
    assert_true(w.items[0].value == 3 && w.items[1].value == 0.5);
    assert_int_equal(kino_parse_weights("--weight", "profile=0", &w, &err), 0);
    assert_true(w.count == 1 && w.items[0].value == 0);
    static const char *const bad[] = {"",         "plot",      "plot=",    "plot=1,", ",plot=1",      "plot=-1",
                                      "plot=nan", "stories=1", "plot=1e7", "=1",      "popularity=1", "plots=1"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(kino_parse_weights("--weight", bad[i], &w, &err), KINO_USAGE);
    assert_true(w.count == 1 && w.items[0].value == 0); /* what is refused changes nothing */
    size_t names;
    char all[512] = "", one[32];
    const char *const *name = kino_weight_names(&names);
    for (size_t i = 0; i < names; i++) {
        snprintf(one, sizeof one, "%s%s=%zu", i ? "," : "", name[i], i);
        strcat(all, one);
    }
    assert_int_equal(kino_parse_weights("--weight", all, &w, &err), 0);
    assert_int_equal(w.count, names);
    for (size_t i = 0; i < names; i++)
        assert_true(w.items[i].name == name[i] && w.items[i].value == (double)i);
    strcat(all, ",plot=1");
    assert_int_equal(kino_parse_weights("--weight", all, &w, &err), 0);
    strcat(all, ",plot=2"); /* more than there may be */
    assert_int_equal(kino_parse_weights("--weight", all, &w, &err), KINO_USAGE);
}

static void ages(void **state)
{
    (void)state;
    int64_t seconds;
    assert_int_equal(kino_parse_age("--older", "150d", &seconds, &err), 0);
    assert_int_equal(seconds, 150 * 24 * 60 * 60);
    assert_int_equal(kino_parse_age("--older", "36h", &seconds, &err), 0);
    assert_int_equal(seconds, 36 * 60 * 60);
    assert_int_equal(kino_parse_age("--older", "2m", &seconds, &err), 0);
    assert_int_equal(seconds, 2 * 60);
    static const char *const bad[] = {"", "d", "5", "5 d", "5dd", "-5d", "1.5d", "5s", "1234567d"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(kino_parse_age("--older", bad[i], &seconds, &err), KINO_USAGE);
}

static void near_words(void **state)
{
    (void)state;
    assert_int_equal(kino_edits("json", "json"), 0);
    assert_int_equal(kino_edits("jsno", "json"), 1);
    assert_int_equal(kino_edits("genr", "genre"), 1);
    assert_int_equal(kino_edits("", "abc"), 3);
    assert_int_equal(kino_edits("kitten", "sitting"), 3);
    assert_true(kino_is_near("recomend", "recommend"));
    assert_true(kino_is_near("rec", "recommend"));
    assert_false(kino_is_near("x", "k"));
    assert_false(kino_is_near("bogus", "json"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_sound),
        cmocka_unit_test(the_examples_parse),
        cmocka_unit_test(options_stand_anywhere),
        cmocka_unit_test(wrong_lines_are_refused),
        cmocka_unit_test(ranges),
        cmocka_unit_test(numbers),
        cmocka_unit_test(weights),
        cmocka_unit_test(ages),
        cmocka_unit_test(near_words),
    };
    return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
