/* test_together.c - films for several people: what each would be given alone says what is best for all. */
#include <math.h>

#include "rank/together.h"
#include "sample_play.h"

enum { K = 20, ALL = 697 };

static kino_results *asked(const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    return r;
}

/* Every film's score for one person, best first: no choice, whatever anybody has named is left out. */
static kino_results *alone(const int64_t *likes, size_t count, const int64_t *unseen, size_t unseen_count)
{
    return asked(&(kino_query){.like = likes,
                               .like_count = count,
                               .k = ALL,
                               .diversity = -1,
                               .sequels = true,
                               .unseen = unseen,
                               .unseen_count = unseen_count});
}

static double share_of(const kino_results *r, int64_t id)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].movie->id == id)
            return fmax(r->items[i].score / r->items[0].score, 0);
    fail_msg("film %lld is not there", (long long)id);
    return 0;
}

static void the_least_pleased_counts(void **state)
{
    (void)state;
    const int64_t likes[] = {id_of("Alien"), id_of("The Matrix"), id_of("Titanic")};
    const size_t whose[] = {0, 0, 1};
    kino_results *mine = alone(likes, 2, likes, 3), *yours = alone(likes + 2, 1, likes, 3);
    kino_results *all = asked(
        &(kino_query){.like = likes, .like_person = whose, .like_count = 3, .k = K, .diversity = -1, .sequels = true});
    const double scale = (mine->items[0].score + yours->items[0].score) / 2;
    assert_int_equal(all->count, K);
    for (size_t i = 0; i < K; i++) {
        const kino_result *r = &all->items[i];
        const double a = share_of(mine, r->movie->id), b = share_of(yours, r->movie->id);
        double sum = 0;
        assert_int_equal(r->person_count, 2);
        assert_true(fabs(r->people[0].share - a) < 1e-9);
        assert_true(fabs(r->people[1].share - b) < 1e-9);
        assert_true(r->people[0].seed == likes[0] || r->people[0].seed == likes[1]);
        assert_true(r->people[1].seed == likes[2]);
        assert_true(fabs(r->score - scale * (.75 * fmin(a, b) + .25 * (a + b) / 2)) < 1e-4);
        for (size_t p = 0; p < r->part_count; p++)
            sum += r->parts[p].value;
        assert_true(sum == r->score);
    }
    /* No film that was left out would have served better than the last. */
    for (size_t i = 0; i < mine->count; i++) {
        const int64_t id = mine->items[i].movie->id;
        const double a = share_of(mine, id), b = share_of(yours, id);
        bool there = false;
        for (size_t j = 0; j < K; j++)
            there = there || all->items[j].movie->id == id;
        if (!there)
            assert_true(scale * (.75 * fmin(a, b) + .25 * (a + b) / 2) < all->items[K - 1].score + 1e-4);
    }
    kino_results_free(mine);
    kino_results_free(yours);
    kino_results_free(all);
}

static void one_person_alone_is_served_as_always(void **state)
{
    (void)state;
    const int64_t like = id_of("Alien");
    const size_t whose = 0;
    kino_results *usual = asked(&(kino_query){.like = &like, .like_count = 1, .diversity = -1});
    kino_results *person = asked(&(kino_query){.like = &like, .like_person = &whose, .like_count = 1, .diversity = -1});
    assert_int_equal(usual->count, person->count);
    for (size_t i = 0; i < usual->count; i++) {
        assert_true(usual->items[i].movie->id == person->items[i].movie->id);
        assert_true(fabs(usual->items[i].score - person->items[i].score) < 1e-4);
    }
    assert_true(person->items[0].people[0].share == 1);
    kino_results_free(usual);
    kino_results_free(person);
}

static void histories_are_served_together(void **state)
{
    (void)state;
    kino_seen seen[2][2] = {{{id_of("Alien"), 1, 0}, {id_of("The Matrix"), 0.9, 0}}, {{id_of("Titanic"), 1, 0}, {0}}};
    seen[1][1] = (kino_seen){id_of("Toy Story"), 0.1, 0}; /* seen and not liked: in no answer all the same */
    const kino_history histories[] = {{.films = seen[0], .count = 2}, {.films = seen[1], .count = 2}};
    const kino_history *const people[] = {&histories[0], &histories[1]};
    const kino_query q = {.k = ALL}; /* all that there are */
    kino_results *r = NULL;
    kino_error err = {0};
    assert_int_equal(kino_recommend_together(k, people, 2, &q, &r, &err), KINO_OK);
    assert_int_equal(r->count, ALL - 4);
    for (size_t i = 0; i < r->count; i++) {
        assert_int_equal(r->items[i].person_count, 2);
        assert_true(r->items[i].people[1].seed == seen[1][0].id);
        for (int p = 0; p < 2; p++)
            for (int f = 0; f < 2; f++)
                assert_true(r->items[i].movie->id != seen[p][f].id);
    }
    kino_results_free(r);
}

/* A film is to please one taste of somebody who has two, not both of them nor the lesser one. */
static void each_taste_of_a_person_may_be_pleased(void **state)
{
    (void)state;
    static const char *const titles[] = {"Alien", "Aliens", "The Thing", "Toy Story", "Finding Nemo", "Monsters, Inc."};
    enum { LIKED = sizeof titles / sizeof *titles, SPACE = 3 };
    kino_seen mine[LIKED], yours[] = {{id_of("Titanic"), 1, 0}};
    for (size_t i = 0; i < LIKED; i++)
        mine[i] = (kino_seen){id_of(titles[i]), 1, 0};
    const kino_history histories[] = {{.films = mine, .count = LIKED}, {.films = yours, .count = 1}};
    const kino_history *const people[] = {&histories[0], &histories[1]};
    kino_results *r = NULL;
    kino_error err = {0};
    size_t from[2] = {0};
    assert_int_equal(kino_recommend_together(k, people, 2, &(kino_query){.k = 100}, &r, &err), KINO_OK);
    for (size_t i = 0; i < r->count; i++)
        for (size_t f = 0; f < LIKED; f++)
            from[f >= SPACE] += r->items[i].people[0].seed == mine[f].id;
    assert_true(from[0] >= 5 && from[1] >= 5);
    assert_int_equal(from[0] + from[1], r->count);
    kino_results_free(r);
}

static void what_makes_no_company_is_refused(void **state)
{
    (void)state;
    const int64_t likes[] = {id_of("Alien"), id_of("Titanic")};
    const size_t gap[] = {0, 2}, many[] = {0, KINO_MAX_PEOPLE};
    kino_seen nothing = {INT64_C(1) << 40, 1, 0};
    const kino_history stranger = {.films = &nothing, .count = 1};
    const kino_history *const people[] = {&stranger, &stranger};
    const kino_query q = {.k = K};
    kino_results *r = NULL;
    kino_standing standing;
    kino_error err = {0};
    assert_int_equal(kino_recommend(k, &(kino_query){.like = likes, .like_person = gap, .like_count = 2}, &r, &err),
                     KINO_USAGE);
    assert_int_equal(kino_recommend(k, &(kino_query){.like = likes, .like_person = many, .like_count = 2}, &r, &err),
                     KINO_USAGE);
    assert_int_equal(kino_recommend_together(k, people, 1, &q, &r, &err), KINO_USAGE);
    assert_int_equal(kino_recommend_together(k, people, KINO_MAX_PEOPLE + 1, &q, &r, &err), KINO_USAGE);
    assert_int_equal(kino_recommend_together(k, people, 2, &q, &r, &err), KINO_NOT_FOUND);
    assert_int_equal(kino_stand(k, &(kino_query){.like = likes, .like_person = (size_t[]){0, 1}, .like_count = 2},
                                id_of("Toy Story"), &r, &standing, &err),
                     KINO_USAGE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_pleased_counts),         cmocka_unit_test(one_person_alone_is_served_as_always),
        cmocka_unit_test(histories_are_served_together),    cmocka_unit_test(each_taste_of_a_person_may_be_pleased),
        cmocka_unit_test(what_makes_no_company_is_refused),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
