/* test_reasons.c - why a film is in an answer, said in words, which its parts carry. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ask/reasons.h"

static const kino_named directors[] = {{1, "Ridley Scott"}, {2, "Tony Scott"}};
static const kino_named cast[] = {{3, "Ann"}, {4, "Ben"}, {5, "Cid"}, {6, "Dee"}};
static const kino_named genres[] = {{7, "Horror"}, {8, "Thriller"}};
static const kino_named lower[] = {{0, "thriller"}, {0, "horror"}};
static const kino_named themes[] = {{9, "a"}, {9, "b"}, {9, "c"}, {9, "d"}, {9, "e"}, {9, "f"}, {9, "g"}};

static kino_movie seed, film;
static kino_result result;

static void said(const char *wanted)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "* "); /* what was there stays */
    kino_reasons_put(&b, &result);
    assert_string_equal(b.data + 2, wanted);
    free(b.data);
}

static void set_part(const char *name, double value)
{
    size_t i = 0;
    while (i < result.part_count && strcmp(result.parts[i].name, name) != 0)
        i++;
    result.parts[i] = (kino_part){name, value};
    result.part_count += i == result.part_count;
}

static int begin(void **state)
{
    (void)state;
    seed = (kino_movie){.id = 1, .title = "Alien", .year = 1979};
    film = (kino_movie){.id = 2, .title = "x", .year = 1986};
    result = (kino_result){.movie = &film, .beside = &seed, .seed = 1, .score = 1};
    return 0;
}

static void what_is_shared_is_said(void **state)
{
    (void)state;
    said("Like Alien (1979)");
    seed.year = 0;
    said("Like Alien");
    seed.year = 1979;
    set_part("genres", .1);
    set_part("keywords", .1);
    set_part("director", .1);
    set_part("cast", .1);
    set_part("era", .1);
    said("Like Alien (1979); seven years later");
    seed.directors = (kino_list){directors, 1};
    said("Like Alien (1979); seven years later");
    film.directors = (kino_list){directors, 2};
    said("Like Alien (1979); also by Ridley Scott; seven years later");
    seed.directors.count = 2;
    seed.genres = (kino_list){genres, 2};
    film.genres = (kino_list){lower, 2};
    said("thriller and horror like Alien (1979); also by Ridley Scott and Tony Scott; seven years later");
    seed.keywords = film.keywords = (kino_list){themes, 7};
    seed.cast = film.cast = (kino_list){cast, 4};
    said(
        "thriller and horror like Alien (1979); both have the themes a, b, c, d and e; also by Ridley Scott and Tony Scott; "
        "also with Ann, Ben and Cid; seven years later");
    seed.keywords.count = seed.cast.count = 1;
    seed.directors.count = seed.genres.count = 0;
    said("Like Alien (1979); both have the theme a; also with Ann; seven years later");
}

static void years_are_counted(void **state)
{
    (void)state;
    static const struct {
        int year;
        const char *wanted;
    } cases[] = {{1979, "Like Alien (1979); of the same year"},
                 {1980, "Like Alien (1979); a year later"},
                 {1978, "Like Alien (1979); a year earlier"},
                 {1977, "Like Alien (1979); two years earlier"},
                 {1991, "Like Alien (1979); twelve years later"},
                 {1992, "Like Alien (1979)"},
                 {0, "Like Alien (1979)"}};
    set_part("era", .1);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        film.year = cases[i].year;
        said(cases[i].wanted);
    }
}

/* A sentence is made of the parts: without one its clause goes, and one that speaks against the film has none. */
static void without_its_part_a_clause_goes(void **state)
{
    (void)state;
    static const struct {
        const char *part, *clause;
    } cases[] = {{"genres", "Horror and Thriller like"},
                 {"keywords", "both have the theme"},
                 {"director", "also by"},
                 {"cast", "also with"},
                 {"era", "seven years later"}};
    seed.genres = film.genres = (kino_list){genres, 2};
    seed.keywords = film.keywords = (kino_list){themes, 1};
    seed.directors = film.directors = (kino_list){directors, 1};
    seed.cast = film.cast = (kino_list){cast, 1};
    for (double value = -.1; value < .2; value += .1)
        for (size_t without = 0; without < sizeof cases / sizeof *cases; without++) {
            kino_buffer b = {0};
            for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                set_part(cases[i].part, i == without ? value : .1);
            kino_reasons_put(&b, &result);
            for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
                assert_int_equal(strstr(b.data, cases[i].clause) != NULL, i != without || value > .05);
            free(b.data);
        }
}

static void a_wish_in_words_has_its_own(void **state)
{
    (void)state;
    result.beside = NULL;
    said("");
    set_part("plot", .5);
    set_part("acclaim", .05); /* less than a tenth of the score */
    said("Near in meaning");
    set_part("words", .2);
    set_part("fame", .1);
    said("What is told of it has these words; near in meaning; well known");
    set_part("plot", -.5);
    said("What is told of it has these words; well known");
    result.beside = &seed; /* words beside a film to be like: one part is all of the likeness */
    seed.genres = film.genres = (kino_list){genres, 1};
    set_part("likeness", .4);
    said("Horror like Alien (1979); seven years later; what is told of it has these words; well known");
    set_part("likeness", -.4);
    said("Like Alien (1979); what is told of it has these words; well known");
    result.beside = &film;
    result.part_count = 0;
    result.named = true;
    said("The film that was asked for");
}

static void every_part_has_a_name_and_a_meaning(void **state)
{
    (void)state;
    size_t count;
    const char *const *names = kino_weight_names(&count);
    for (size_t i = 0; i < count && strcmp(names[i], "story") != 0; i++) {
        assert_string_not_equal(kino_reasons_name(names[i]), names[i]);
        assert_string_not_equal(kino_reasons_meaning(names[i]), "");
    }
    assert_string_not_equal(kino_reasons_meaning("popularity"), "");
    assert_string_equal(kino_reasons_name("else"), "else");
    assert_string_equal(kino_reasons_meaning("else"), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_shared_is_said, begin),
        cmocka_unit_test_setup(years_are_counted, begin),
        cmocka_unit_test_setup(without_its_part_a_clause_goes, begin),
        cmocka_unit_test_setup(a_wish_in_words_has_its_own, begin),
        cmocka_unit_test(every_part_has_a_name_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
