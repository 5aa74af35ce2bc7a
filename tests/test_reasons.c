/* test_reasons.c - why a film is in a list, said in words: what is shared, with whom, and nothing where nothing is. */
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

static void assert_said(kino_movie *const *like, size_t count, const kino_movie *m, int64_t seed, const char *wanted)
{
    const kino_result r = {.movie = m, .seed = seed};
    kino_buffer b = {0};
    kino_buffer_print(&b, "* "); /* what was there stays */
    kino_reasons_put(&b, like, count, &r);
    assert_string_equal(b.data + 2, wanted);
    free(b.data);
}

static void what_is_shared_is_said(void **state)
{
    (void)state;
    kino_movie seed = {.id = 1, .title = "Alien", .year = 1979}, film = {.id = 2, .title = "x"}, *like[] = {&seed};
    assert_said(like, 1, &film, 1, "");
    seed.directors = (kino_list){directors, 1};
    assert_said(like, 1, &film, 1, "");
    film.directors = (kino_list){directors, 2};
    assert_said(like, 1, &film, 1, "Shares the director Ridley Scott");
    seed.directors.count = 2;
    seed.genres = (kino_list){genres, 2};
    film.genres = (kino_list){lower, 2};
    assert_said(like, 1, &film, 1, "Shares the directors Ridley Scott and Tony Scott; the genres thriller and horror");
    seed.directors.count = seed.genres.count = 0;
    seed.keywords = film.keywords = (kino_list){themes, 7};
    assert_said(like, 1, &film, 1, "Shares the themes a, b, c, d, e and f");
    seed.keywords.count = 0;
    seed.cast = film.cast = (kino_list){cast, 4};
    assert_said(like, 1, &film, 1, "Shares the actors Ann, Ben and Cid");
    seed.cast.count = 1;
    assert_said(like, 1, &film, 1, "Shares the actor Ann");
}

static void of_several_the_nearest_is_named(void **state)
{
    (void)state;
    kino_movie one = {.id = 1, .title = "Alien", .year = 1979, .cast = {cast, 1}}, two = {.id = 2, .title = "Heat"},
               film = {.id = 3, .title = "x", .cast = {cast, 2}}, *like[] = {&one, &two};
    assert_said(like, 2, &film, 1, "Shares the actor Ann; most like Alien (1979)");
    assert_said(like, 2, &film, 2, "Shares the actor Ann; most like Heat");
    film.cast.count = 0;
    assert_said(like, 2, &film, 1, "Most like Alien (1979)");
    assert_said(like, 2, &film, 0, "");
    assert_said(NULL, 0, &film, 0, "");
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
        cmocka_unit_test(what_is_shared_is_said),
        cmocka_unit_test(of_several_the_nearest_is_named),
        cmocka_unit_test(every_part_has_a_name_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
