/* test_search.c - words alone, through a handle: what is added is found by them at once and what is removed is not, and the
 * question's filters, weights and dislikes hold. */
#include "handle_play.h"

#include <math.h>

enum { STRANGER = 990001 };

static kino_results *ask(kino *k, const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    return r;
}

/* The place of a film in the answer, from 1; 0: it is not there. */
static size_t place_of(const kino_results *r, int64_t id)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].movie->id == id)
            return i + 1;
    return 0;
}

static double part_of(const kino_result *r, const char *name)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (!strcmp(r->parts[i].name, name))
            return r->parts[i].value;
    return 0;
}

static kino_movie stranger(const char *overview)
{
    return (kino_movie){.id = STRANGER,
                        .imdb_id = "",
                        .title = "The Clockwork Harbour",
                        .original_title = "The Clockwork Harbour",
                        .language = "en",
                        .date = "",
                        .year = 2011,
                        .runtime = 90,
                        .rating = NAN,
                        .votes = -1,
                        .popularity = NAN,
                        .overview = overview,
                        .tagline = "",
                        .status = "",
                        .poster_path = "",
                        .collection = {0, ""}};
}

static void parts_add_up_to_the_score(void **state)
{
    (void)state;
    kino *k = opened();
    kino_results *r = ask(k, &(kino_query){.about = "a war between robots and people", .k = 1000});
    assert_true(r->count > 200);
    for (size_t i = 0; i < r->count; i++) {
        double sum = 0;
        assert_int_equal(r->items[i].part_count, r->items[0].part_count);
        for (size_t p = 0; p < r->items[i].part_count; p++) {
            assert_string_equal(r->items[i].parts[p].name, r->items[0].parts[p].name);
            sum += r->items[i].parts[p].value;
        }
        assert_true(sum == r->items[i].score);
        assert_true(!i || r->items[i - 1].score >= r->items[i].score);
    }
    assert_true(part_of(&r->items[0], "words") > 0);
    assert_true(part_of(&r->items[0], "plot") > 0);
    kino_results_free(r);
    kino_close(k);
}

static void a_film_is_found_by_its_words_while_it_is_there(void **state)
{
    (void)state;
    kino_error err = {0};
    size_t removed = 0;
    const int64_t id = STRANGER;
    const kino_query q = {.about = "zorblax", .k = 5};
    kino_movie m = stranger("A zorblax keeps the tides in time.");
    const kino_movie *all[] = {&m};
    kino *k = opened();
    assert_int_equal(kino_add(k, all, 1, &err), KINO_OK);
    kino_results *r = ask(k, &q);
    assert_int_equal(r->items[0].movie->id, STRANGER);
    assert_true(part_of(&r->items[0], "words") > 0 && part_of(&r->items[1], "words") == 0);
    kino_results_free(r);
    m = stranger("A lighthouse keeps the tides in time."); /* in its own place */
    assert_int_equal(kino_add(k, all, 1, &err), KINO_OK);
    r = ask(k, &q);
    for (size_t i = 0; i < r->count; i++)
        assert_true(part_of(&r->items[i], "words") == 0);
    kino_results_free(r);
    r = ask(k, &(kino_query){.about = "clockwork harbor lighthouse", .k = 5});
    assert_int_equal(r->items[0].movie->id, STRANGER);
    kino_results_free(r);
    assert_int_equal(kino_remove(k, &id, 1, &removed, &err), KINO_OK);
    assert_int_equal(removed, 1);
    r = ask(k, &(kino_query){.about = "clockwork harbor lighthouse", .k = 1000});
    assert_int_equal(place_of(r, STRANGER), 0);
    kino_results_free(r);
    kino_close(k);
}

static void another_handle_and_a_new_snapshot_find_the_same(void **state)
{
    (void)state;
    kino_error err = {0};
    const kino_options opt = options();
    const kino_query q = {.about = "clockwork tides", .k = 3};
    kino_movie m = stranger("A zorblax keeps the tides in time.");
    const kino_movie *all[] = {&m};
    kino *k = opened();
    assert_int_equal(kino_add(k, all, 1, &err), KINO_OK);
    kino_close(k);
    k = opened();
    kino_results *r = ask(k, &q);
    assert_int_equal(r->items[0].movie->id, STRANGER);
    kino_results_free(r);
    kino_close(k);
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    k = opened();
    r = ask(k, &q);
    assert_int_equal(r->items[0].movie->id, STRANGER);
    kino_results_free(r);
    kino_close(k);
}

static void filters_dislikes_and_weights_hold(void **state)
{
    (void)state;
    const char *about = "a war between robots and people";
    const kino_part no_words[] = {{"words", 0}, {"acclaim", 2}};
    kino *k = opened();
    kino_results *r = ask(k, &(kino_query){.about = about, .k = 20}), *other;
    other = ask(
        k, &(kino_query){.about = about, .k = 20, .filter = {.year_max = 1979, .genres = {"Drama"}, .genre_count = 1}});
    assert_true(other->count > 5);
    for (size_t i = 0; i < other->count; i++)
        assert_true(other->items[i].movie->year <= 1979 && other->items[i].movie->year);
    kino_results_free(other);
    const int64_t first = r->items[0].movie->id;
    other = ask(k, &(kino_query){.about = about, .k = 20, .dislike = &first, .dislike_count = 1});
    assert_int_equal(place_of(other, first), 0);
    assert_true(part_of(&other->items[0], "away") != 0);
    kino_results_free(other);
    other = ask(k, &(kino_query){.about = about, .k = 1000, .weights = no_words, .weight_count = 2});
    for (size_t i = 0; i < 20; i++) {
        const kino_result *same = &other->items[place_of(other, r->items[i].movie->id) - 1];
        assert_true(part_of(same, "words") == 0);
        assert_true(part_of(same, "plot") == part_of(&r->items[i], "plot"));
        assert_true(fabs(part_of(same, "acclaim") - 2 * part_of(&r->items[i], "acclaim")) < 1e-5);
    }
    kino_results_free(other);
    other = ask(k, &(kino_query){.about = about, .k = 20, .diversity = 0.7});
    assert_int_equal(other->count, 20);
    size_t left = 0;
    for (size_t i = 0; i < 20; i++) {
        left += !place_of(other, r->items[i].movie->id);
        assert_true(!i || other->items[i - 1].score >= other->items[i].score);
    }
    assert_true(left > 0);
    kino_results_free(other);
    kino_results_free(r);
    kino_close(k);
}

/* Who asks by words wants all films that fit, also those of one collection. */
static void sequels_are_among_what_is_found(void **state)
{
    (void)state;
    kino_error err = {0};
    kino_movie two[2] = {stranger("A zorblax keeps the tides."), stranger("The zorblax comes back.")};
    const kino_movie *all[] = {&two[0], &two[1]};
    two[1].id++;
    two[0].collection = two[1].collection = (kino_named){77, "Zorblax Collection"};
    kino *k = opened();
    assert_int_equal(kino_add(k, all, 2, &err), KINO_OK);
    kino_results *r = ask(k, &(kino_query){.about = "zorblax", .k = 2});
    assert_true(place_of(r, STRANGER) && place_of(r, STRANGER + 1));
    kino_results_free(r);
    kino_close(k);
}

static void a_film_stands_where_it_is_listed(void **state)
{
    (void)state;
    kino_error err = {0};
    kino_standing standing;
    kino_results *two = NULL;
    const kino_query q = {.about = "a war between robots and people", .k = 10};
    kino *k = opened();
    kino_results *r = ask(k, &q);
    assert_int_equal(kino_stand(k, &q, r->items[6].movie->id, &two, &standing, &err), KINO_OK);
    assert_int_equal(standing.rank, 7);
    assert_int_equal(two->items[0].movie->id, r->items[6].movie->id);
    assert_true(two->items[0].score == r->items[6].score);
    assert_int_equal(two->items[1].movie->id, r->items[9].movie->id);
    kino_results_free(two);
    const kino_query recent = {.about = q.about, .filter = {.year_min = r->items[6].movie->year + 1}};
    assert_int_equal(kino_stand(k, &recent, r->items[6].movie->id, &two, &standing, &err), KINO_USAGE);
    kino_results_free(r);
    kino_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(parts_add_up_to_the_score, restore_catalogue),
        cmocka_unit_test_setup(a_film_is_found_by_its_words_while_it_is_there, restore_catalogue),
        cmocka_unit_test_setup(another_handle_and_a_new_snapshot_find_the_same, restore_catalogue),
        cmocka_unit_test_setup(filters_dislikes_and_weights_hold, restore_catalogue),
        cmocka_unit_test_setup(sequels_are_among_what_is_found, restore_catalogue),
        cmocka_unit_test_setup(a_film_stands_where_it_is_listed, restore_catalogue),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
