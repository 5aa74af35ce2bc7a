/* test_fields.c - which fields of a film are lacking, to the last value that is not, and what filling one in takes
 * over. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "learn/fields.h"

static const kino_named genres[] = {{18, "Drama"}, {35, "Comedy"}};

static kino_movie whole(void)
{
    return (kino_movie){.id = 1,
                        .title = "One",
                        .date = "1995-10-30",
                        .year = 1995,
                        .runtime = 81,
                        .rating = 7,
                        .votes = 10,
                        .overview = "A plot.",
                        .poster_path = "/x.jpg",
                        .genres = {genres, 2}};
}

static int this_year(void)
{
    const time_t now = time(NULL);
    struct tm t;
    return 1900 + gmtime_r(&now, &t)->tm_year;
}

static void a_field_is_unknown_or_impossible(void **state)
{
    (void)state;
    kino_movie m = whole();
    for (kino_film_field f = 0; f < KINO_FIELDS; f++)
        assert_false(kino_field_lacks(&m, f));
    const struct {
        double rating;
        bool lacks;
    } ratings[] = {{0, true}, {-1, true}, {NAN, true}, {0.1, false}, {10, false}, {10.1, true}, {INFINITY, true}};
    for (size_t i = 0; i < sizeof ratings / sizeof *ratings; i++) {
        m.rating = ratings[i].rating;
        assert_int_equal(kino_field_lacks(&m, KINO_FIELD_RATING), ratings[i].lacks);
    }
    const struct {
        double minutes;
        bool lacks;
    } runtimes[] = {{0, true}, {-1, true}, {NAN, true}, {1, false}, {1440, false}, {1441, true}};
    for (size_t i = 0; i < sizeof runtimes / sizeof *runtimes; i++) {
        m.runtime = runtimes[i].minutes;
        assert_int_equal(kino_field_lacks(&m, KINO_FIELD_RUNTIME), runtimes[i].lacks);
    }
    const int now = this_year();
    const struct {
        int year;
        bool lacks;
    } years[] = {{0, true}, {1873, true}, {1874, false}, {now, false}, {now + 10, false}, {now + 11, true}};
    for (size_t i = 0; i < sizeof years / sizeof *years; i++) {
        m.year = years[i].year;
        assert_int_equal(kino_field_lacks(&m, KINO_FIELD_YEAR), years[i].lacks);
    }
    m.votes = 0;
    assert_false(kino_field_lacks(&m, KINO_FIELD_VOTES)); /* nobody has voted, which is known */
    m.votes = -1;
    assert_true(kino_field_lacks(&m, KINO_FIELD_VOTES));
    m.genres.count = 0;
    assert_true(kino_field_lacks(&m, KINO_FIELD_GENRES));
    m.overview = m.poster_path = "";
    assert_true(kino_field_lacks(&m, KINO_FIELD_OVERVIEW) && kino_field_lacks(&m, KINO_FIELD_POSTER));
}

/* A field, and no other one. */
static void a_field_is_taken_whole_and_alone(void **state)
{
    (void)state;
    static const kino_named other_genres[] = {{27, "Horror"}};
    kino_movie from = whole();
    from.date = "2001-02-03";
    from.year = 2001;
    from.runtime = 90;
    from.rating = 5;
    from.votes = 3;
    from.overview = "Another plot.";
    from.poster_path = "/y.jpg";
    from.genres = (kino_list){other_genres, 1};
    for (int unknown = 0; unknown < 2; unknown++)
        for (kino_film_field f = 0; f < KINO_FIELDS; f++) {
            kino_movie m = whole();
            kino_field_take(&m, unknown ? NULL : &from, f);
            assert_int_equal(strcmp(m.overview, "A plot.") != 0, f == KINO_FIELD_OVERVIEW);
            assert_int_equal(strcmp(m.poster_path, "/x.jpg") != 0, f == KINO_FIELD_POSTER);
            assert_int_equal(m.rating != 7, f == KINO_FIELD_RATING);
            assert_int_equal(m.votes != 10, f == KINO_FIELD_VOTES);
            assert_int_equal(m.runtime != 81, f == KINO_FIELD_RUNTIME);
            assert_int_equal(m.year != 1995, f == KINO_FIELD_YEAR);
            assert_int_equal(strcmp(m.date, "1995-10-30") != 0, f == KINO_FIELD_YEAR); /* the day goes with the year */
            assert_int_equal(m.genres.count != 2, f == KINO_FIELD_GENRES);
            assert_int_equal(kino_field_lacks(&m, f), unknown);
            assert_string_equal(m.title, "One");
            assert_int_equal(kino_field_of(kino_field_names[f]), f);
        }
    assert_int_equal(kino_field_of("title"), KINO_FIELDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_field_is_unknown_or_impossible),
                                       cmocka_unit_test(a_field_is_taken_whole_and_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
