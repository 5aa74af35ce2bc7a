/* Lists in cells, and what is counted over many films: names, people, vocabularies, figures of a column. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "ingest/lists.h"
#include "ingest/stats.h"
#include "ingest/vocabulary.h"

static kino_arena arena;
static kino_faults faults;
static kino_cleaner cleaner = {.arena = &arena, .faults = &faults};
static kino_literals tree;
static kino_names names;

static int stop(void **state)
{
    (void)state;
    free(cleaner.buffer.data);
    free(cleaner.plain.data);
    free(names.items);
    kino_literals_free(&tree);
    kino_arena_free(&arena);
    return 0;
}

static kino_field field(const char *text)
{
    return (kino_field){text, strlen(text)};
}

/* "1:a 0:b" for a list of those ids and names, "-" for one that cannot be read */
static const char *shown(bool sound)
{
    static char text[256];
    text[0] = 0;
    for (size_t i = 0; i < names.count; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%lld:%s", i ? " " : "",
                 (long long)names.items[i].id, names.items[i].name);
    return sound ? text : "-";
}

static void names_in_cells(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", ""},
        {" nan ", ""},
        {"[]", ""},
        {"Drama", "0:Drama"},
        {"Drama, War ,,Drama", "0:Drama 0:War"},
        {"Drama|War, and peace", "0:Drama 0:War, and peace"},
        {"[{'id': 18, 'name': 'Drama'}, {'id': 18, 'name': 'Again'}]", "18:Drama"},
        {"[{'id': 1, 'name': 'A'}, {'id': 2, 'name': 'A'}, {'id': 0, 'name': 'A'}]", "1:A 2:A"},
        {"[{'id': 1.5, 'name': 'A'}, {'id': -1, 'name': 'B'}, {'id': '3', 'name': 'C'}]", "0:A 0:B 0:C"},
        {"[{'id': 9007199254740991, 'name': 'A'}, {'id': 9007199254740993, 'name': 'B'}]", "9007199254740991:A 0:B"},
        {"[\"A\", \"B\", \"A\"]", "0:A 0:B"},
        {"[{'id': 1}, {'name': ''}, {'name': 'C'}]", "0:C"},
        {"{'id': 1, 'name': 'A'}", "-"},
        {"[{'id'", "-"},
        {"7.5", "-"},
        {"'A'", "-"},
        {"\"A\"", "-"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        names.count = 0;
        faults = (kino_faults){0};
        assert_string_equal(shown(kino_read_names(&cleaner, &tree, field(cases[i][0]), KINO_VOCABLE_ANY, &names)),
                            cases[i][1]);
        assert_int_equal(faults.n[KINO_FAULT_NAMELESS], i == 11 ? 2 : 0);
    }
    /* A cast of thousands is cut; a finished list is a copy. */
    static char text[KINO_LIMIT_LIST + 2][8];
    names.count = 0;
    for (size_t i = 0; i < KINO_LIMIT_LIST + 2; i++) {
        snprintf(text[i], sizeof text[i], "n%zu", i);
        kino_names_add(&names, 0, text[i]);
    }
    assert_int_equal(names.count, KINO_LIMIT_LIST);
    const kino_list list = kino_names_finish(&names, &arena);
    assert_int_equal(list.count, KINO_LIMIT_LIST);
    assert_string_equal(list.items[KINO_LIMIT_LIST - 1].name, text[KINO_LIMIT_LIST - 1]);
    assert_int_equal(names.count, 0);
    kino_names_add_all(&names, (kino_list){list.items, 3});
    assert_string_equal(shown(true), "0:n0 0:n1 0:n2");
}

static void one_name(void **state)
{
    (void)state;
    static const struct {
        const char *cell;
        bool sound;
        int64_t id;
        const char *name;
    } cases[] = {
        {"", true, 0, ""},
        {"NaN", true, 0, ""},
        {"None", true, 0, ""},
        {"null", true, 0, ""},
        {"{}", true, 0, ""},
        {"[]", true, 0, ""},
        {"{'id': 5, 'name': 'X Collection'}", true, 5, "X Collection"},
        {"{'name': 'X'}", true, 0, ""},
        {"{'id': 5}", true, 0, ""},
        {"{'id': 5, 'name': 7}", true, 0, ""},
        {"[{'id': 5, 'name': 'X'}]", false, 0, ""},
        {"5", false, 0, ""},
        {"'x'", false, 0, ""},
        {"{'id': 5", false, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_named out = {9, "x"};
        if (kino_read_named(&cleaner, &tree, field(cases[i].cell), &out) != cases[i].sound)
            fail_msg("%s", cases[i].cell);
        assert_int_equal(out.id, cases[i].id);
        assert_string_equal(out.name, cases[i].name);
    }
}

static void people(void **state)
{
    (void)state;
    static const char cast[] =
        "[{'id': 1, 'name': 'A', 'order': 2}, {'id': 2, 'name': 'B'}, {'id': 3, 'name': 'C', 'order': 0},"
        " {'id': 4, 'name': '', 'order': 1}, {'id': 5, 'name': 'E', 'order': 2},"
        " {'id': 6, 'name': 'F'}]";
    static const char crew[] = "[{'id': 1, 'name': 'A', 'job': 'Writer'}, {'id': 2, 'name': 'B', 'job': 'Director'},"
                               " {'id': 3, 'name': 'C', 'job': 7}, {'id': 4, 'name': 'D'},"
                               " {'id': 5, 'name': 'E', 'job': 'Director'}]";
    static const char *const by_most[] = {
        "", "3:C", "3:C 1:A", "3:C 1:A 5:E", "3:C 1:A 5:E 2:B", "3:C 1:A 5:E 2:B 6:F"};
    for (size_t most = 0; most < 6; most++) {
        names.count = 0;
        assert_string_equal(shown(kino_read_people(&cleaner, &tree, field(cast), NULL, most, &names)), by_most[most]);
    }
    names.count = 0;
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field(crew), "Director", 9, &names)), "2:B 5:E");
    names.count = 0;
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field(crew), "Cook", 9, &names)), "");
    names.count = 0;
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field(crew), "Screenplay|Writer", 9, &names)), "1:A");
    names.count = 0;
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field("{}"), NULL, 9, &names)), "-");
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field("[1"), NULL, 9, &names)), "-");
    assert_string_equal(shown(kino_read_people(&cleaner, &tree, field("null"), NULL, 9, &names)), "");
}

/* By the id where there is one, else by the name; one for each of the cast, in its order. */
static void characters(void **state)
{
    (void)state;
    static const char cell[] = "[{'id': 1, 'name': 'A', 'character': 'Ash'}, {'id': 2, 'name': 'B', 'character': 7},"
                               " {'name': 'C', 'character': '  Cat '}]";
    static const kino_named people[] = {{0, "C"}, {2, "B"}, {1, "Other"}, {0, "D"}};
    const kino_list cast = {people, 4}, nobody = {people + 3, 1};
    const kino_list played = kino_read_characters(&cleaner, &tree, field(cell), &cast);
    assert_int_equal(played.count, 4);
    assert_string_equal(played.items[0].name, "Cat");
    assert_string_equal(played.items[1].name, "");
    assert_string_equal(played.items[2].name, "Ash");
    assert_string_equal(played.items[3].name, "");
    assert_int_equal(kino_read_characters(&cleaner, &tree, field(cell), &nobody).count, 0);
    assert_int_equal(kino_read_characters(&cleaner, &tree, field("A, B"), &cast).count, 0);
    assert_int_equal(kino_read_characters(&cleaner, &tree, field(""), &cast).count, 0);
}

/* ---- vocabularies ---- */

static void count_word(kino_word_counts *c, size_t film, const char *word)
{
    kino_word_counts_add(c, film, kino_word_counts_number(c, word, strlen(word)));
}

static void words_are_chosen(void **state)
{
    (void)state;
    kino_word_counts c = {0};
    static char many[2000][8];
    static const char *const words[] = {"b", "a", "c", "a", "c", "d", "c", "b"};
    for (size_t i = 0; i < 8; i++) {
        count_word(&c, i, words[i]);
        count_word(&c, i, words[i]); /* a film says it twice */
    }
    assert_int_equal(c.words.count, 4);
    kino_vocabulary v;
    uint32_t *films;
    static const struct {
        size_t least, most;
        const char *want;
    } cases[] = {{1, 9, "a b c d "}, {2, 9, "a b c "}, {3, 9, "c "}, {4, 9, ""},
                 {1, 2, "a c "},     {1, 3, "a b c "}, {1, 0, ""}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char text[32] = "";
        kino_vocabulary_choose(&c, cases[i].least, cases[i].most, &v, &films);
        for (size_t w = 0; w < v.count; w++) {
            strcat(strcat(text, v.words[w]), " ");
            assert_int_equal(kino_vocabulary_find(&v, v.words[w]), w);
            assert_int_equal(films[w], *v.words[w] == 'c' ? 3 : *v.words[w] == 'd' ? 1 : 2);
        }
        free(films);
        assert_string_equal(text, cases[i].want);
        assert_int_equal(v.bytes, strlen(text));
        assert_int_equal(kino_vocabulary_find(&v, "aa"), v.count);
        assert_int_equal(kino_vocabulary_find(&v, ""), v.count);
        kino_vocabulary_free(&v);
    }
    kino_vocabulary_choose(&c, 1, 9, &v, NULL);
    kino_vocabulary_drop_first(&v);
    assert_int_equal(v.count, 3);
    assert_string_equal(v.words[0], "b");
    assert_int_equal(kino_vocabulary_find(&v, "d"), 2);
    kino_vocabulary_free(&v);
    for (size_t i = 0; i < 2000; i++) {
        snprintf(many[i], sizeof many[i], "%zu", i);
        count_word(&c, 8 + i, many[i]);
        count_word(&c, 8 + i, many[i / 2]);
    }
    assert_int_equal(c.words.count, 2004);
    kino_vocabulary_choose(&c, 3, 4000, &v, NULL);
    assert_int_equal(v.count, 1000); /* those from 1 to 999, and "c"; 0 is in the films 0 and 1 */
    kino_vocabulary_free(&v);
    kino_word_counts_free(&c);
}

static void words_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t bytes, most;
        bool sound;
    } cases[] = {
        {"", 0, 3, true},       {"a\0b\0", 4, 3, true},     {"a\0b\0", 4, 2, true},  {"a\0b\0", 4, 1, false},
        {"a\0b", 3, 3, false},  {"b\0a\0", 4, 3, false},    {"a\0a\0", 4, 3, false}, {"\0", 1, 3, false},
        {"a\0\0", 3, 3, false}, {"a\0ab\0b\0", 7, 3, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_vocabulary v = {0};
        if (kino_vocabulary_read(cases[i].text, cases[i].bytes, cases[i].most, &v) != cases[i].sound)
            fail_msg("case %zu", i);
        if (cases[i].sound && cases[i].bytes)
            assert_memory_equal(v.text, cases[i].text, cases[i].bytes);
        kino_vocabulary_free(&v);
    }
}

/* ---- figures ---- */

static void figures_of_a_column(void **state)
{
    (void)state;
    const double x[] = {3, (double)NAN, 1, 4, (double)NAN, 2}, one[] = {7}, none[] = {(double)NAN};
    double mean, std;
    kino_mean_std(x, 6, &mean, &std);
    assert_true(mean == 2.5 && fabs(std - sqrt(1.25)) < 1e-15);
    kino_mean_std(one, 1, &mean, &std);
    assert_true(mean == 7 && std == 0);
    kino_mean_std(none, 1, &mean, &std);
    assert_true(mean == 0 && std == 0);
    assert_true(kino_quantile(x, 6, 0) == 1 && kino_quantile(x, 6, 1) == 4 && kino_quantile(x, 6, 0.5) == 2.5);
    assert_true(fabs(kino_quantile(x, 6, 0.2) - 1.6) < 1e-15 && kino_quantile(one, 1, 0.9) == 7);
    assert_true(isnan(kino_quantile(none, 1, 0.5)) && isnan(kino_quantile(NULL, 0, 0.5)));
    /* Compensated: a large number that comes and goes takes nothing with it. */
    const double large[] = {1, 1e100, 1, -1e100};
    kino_mean_std(large, 4, &mean, &std);
    assert_true(mean == 0.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_in_cells),      cmocka_unit_test(one_name),         cmocka_unit_test(people),
        cmocka_unit_test(characters),          cmocka_unit_test(words_are_chosen), cmocka_unit_test(words_are_read),
        cmocka_unit_test(figures_of_a_column),
    };
    return cmocka_run_group_tests_name("lists", tests, NULL, stop);
}
