/* test_recommend.c - what an answer promises, whatever the question: k films, none of them a seed, parts that add up,
 * dials that turn it the way they say. On a catalogue of the sample, made once. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kino.h"

static char folder[64];
static kino *k;

static kino_options options(void)
{
    return (kino_options){.data_dir = folder, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 20, .seed = 7};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    kino_options opt = options();
    if (kino_build(&opt, &req, NULL, &err) || kino_open(&opt, &k, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int drop_catalogue(void **state)
{
    (void)state;
    char command[160];
    kino_close(k);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static int64_t id_of(const char *title)
{
    int64_t id = 0;
    kino_error err = {0};
    if (kino_resolve(k, title, true, &id, NULL, &err))
        fail_msg("%s", err.text);
    return id;
}

/* The answer, after everything that holds for all answers was asserted. */
static kino_results *answer(const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < r->count; i++) {
        const kino_result *one = &r->items[i];
        double forwards = 0, backwards = 0;
        bool brought = !q->like_count;
        for (size_t p = 0; p < one->part_count; p++) {
            forwards += one->parts[p].value;
            backwards += one->parts[one->part_count - 1 - p].value;
        }
        assert_true(forwards == one->score && backwards == one->score);
        assert_true(!i || one->score < r->items[i - 1].score ||
                    (one->score == r->items[i - 1].score && one->movie->id > r->items[i - 1].movie->id));
        assert_true(*one->movie->title);
        for (size_t s = 0; s < q->like_count; s++) {
            assert_true(one->movie->id != q->like[s]);
            brought = brought || one->seed == q->like[s];
        }
        for (size_t s = 0; s < q->dislike_count; s++)
            assert_true(one->movie->id != q->dislike[s]);
        assert_true(brought);
        for (size_t j = 0; j < i; j++) {
            assert_true(one->movie->id != r->items[j].movie->id);
            if (!q->sequels && one->movie->collection.id)
                assert_true(one->movie->collection.id != r->items[j].movie->collection.id);
        }
    }
    return r;
}

static bool same(const kino_results *a, const kino_results *b)
{
    bool all = a->count == b->count;
    for (size_t i = 0; all && i < a->count; i++)
        all = a->items[i].movie->id == b->items[i].movie->id && a->items[i].score == b->items[i].score;
    return all;
}

static void every_k_is_given(void **state)
{
    (void)state;
    const int64_t seeds[] = {id_of("Alien"), id_of("Casablanca"), id_of("Toy Story")};
    kino_info info;
    kino_get_info(k, &info, NULL);
    for (size_t n = 1; n <= 3; n++)
        for (size_t wanted = 1; wanted <= KINO_MAX_K; wanted = wanted * 3 + 1) {
            kino_query q = {.like = seeds, .like_count = n, .k = wanted};
            kino_results *r = answer(&q);
            assert_int_equal(r->count, wanted < info.films - n ? wanted : info.films - n);
            kino_results_free(r);
        }
    kino_query few = {
        .like = seeds, .like_count = 1, .k = KINO_MAX_K, .filter = {.genres = {"western"}, .genre_count = 1}};
    kino_results *r = answer(&few), *again;
    assert_in_range(r->count, 3, 100);
    few.k = r->count - 1;
    again = answer(&few);
    assert_int_equal(again->count, r->count - 1);
    kino_results_free(again);
    kino_results_free(r);
}

static double mean_votes(const kino_results *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->count; i++)
        sum += (double)r->items[i].movie->votes / (double)r->count;
    return sum;
}

static void popularity_turns(void **state)
{
    (void)state;
    const int64_t seed = id_of("Casablanca");
    double votes[3];
    for (int i = 0; i < 3; i++) {
        kino_query q = {.like = &seed, .like_count = 1, .popularity = i - 1};
        kino_results *r = answer(&q);
        votes[i] = mean_votes(r);
        kino_results_free(r);
    }
    assert_true(votes[0] < votes[1] && votes[1] < votes[2]);
}

static void diversity_changes_the_list_and_not_the_scores(void **state)
{
    (void)state;
    const int64_t seed = id_of("Alien");
    kino_query q = {.like = &seed, .like_count = 1, .diversity = -1};
    kino_results *plain = answer(&q);
    q.diversity = 0.9;
    kino_results *diverse = answer(&q);
    assert_false(same(plain, diverse));
    assert_int_equal(diverse->items[0].movie->id, plain->items[0].movie->id);
    assert_true(diverse->items[9].score < plain->items[9].score);
    kino_results_free(plain);
    kino_results_free(diverse);
}

static size_t brought_by(const kino_results *r, int64_t seed)
{
    size_t count = 0;
    for (size_t i = 0; i < r->count; i++)
        count += r->items[i].seed == seed;
    return count;
}

static void several_seeds_are_all_served(void **state)
{
    (void)state;
    const int64_t seeds[] = {id_of("Alien"), id_of("Toy Story")};
    const double heavy[] = {5, 1}, light[] = {1, 5};
    kino_query q = {.like = seeds, .like_count = 2, .k = 10};
    kino_results *r = answer(&q);
    assert_true(brought_by(r, seeds[0]) >= 1 && brought_by(r, seeds[1]) >= 1);
    kino_results_free(r);
    q.like_weight = heavy;
    r = answer(&q);
    size_t most = brought_by(r, seeds[0]);
    kino_results_free(r);
    q.like_weight = light;
    r = answer(&q);
    assert_true(brought_by(r, seeds[0]) < most);
    kino_results_free(r);
}

static void the_order_of_seeds_is_nothing(void **state)
{
    (void)state;
    const int64_t one[] = {id_of("Alien"), id_of("Casablanca")}, other[] = {one[1], one[0], one[1]};
    kino_query a = {.like = one, .like_count = 2}, b = {.like = other, .like_count = 3};
    kino_results *x = answer(&a), *y = answer(&b);
    assert_int_equal(x->items[0].movie->id, y->items[0].movie->id);
    assert_true(fabs(x->items[9].score - y->items[9].score) < 1e-5);
    kino_results_free(x);
    kino_results_free(y);
}

static void refusals(void **state)
{
    (void)state;
    const int64_t seed = id_of("Alien");
    const double zero = 0, endless = INFINITY, heavy = 1000001, heaviest = 1000000;
    int64_t many[KINO_MAX_SEEDS + 1];
    for (size_t i = 0; i <= KINO_MAX_SEEDS; i++)
        many[i] = seed;
    kino_query bad[] = {
        {.like = &seed, .like_count = 1, .popularity = 1.5},
        {.like = &seed, .like_count = 1, .popularity = NAN},
        {.like = &seed, .like_count = 1, .diversity = 2},
        {.like = &seed, .like_count = 1, .diversity = NAN},
        {.like = &seed, .like_count = 1, .like_weight = &zero},
        {.like = &seed, .like_count = 1, .like_weight = &endless},
        {.about = "love", .about_weight = -1},
        {.about = "love", .about_weight = NAN},
        {.about = "love", .about_weight = 1000001},
        {.about = ""},
        {.like = &seed, .like_count = 1, .like_weight = &heavy},
        {.like = &seed, .like_count = 1, .dislike = &seed, .dislike_count = 1, .dislike_weight = &zero},
        {.like = many, .like_count = KINO_MAX_SEEDS + 1},
        {.like = &seed, .like_count = 1, .dislike = many, .dislike_count = KINO_MAX_SEEDS + 1},
        {.like = &seed, .like_count = 1, .weights = &(kino_part){"all", 0}, .weight_count = 1},
        {.like = &seed, .like_count = 1, .weights = &(kino_part){"profile", INFINITY}, .weight_count = 1},
        {.like = &seed, .like_count = 1, .weights = &(kino_part){"cast", 1000001}, .weight_count = 1},
        {.like = &seed, .like_count = 1, .weights = &(kino_part){"popularity", 1}, .weight_count = 1},
        {.like = &seed, .like_count = 1, .weights = &(kino_part){"", 1}, .weight_count = 1},
        {.like = &seed, .like_count = 1, .popularity = -1.5},
        {.like = &seed, .like_count = 1, .k = KINO_MAX_K + 1},
        {.like = &seed, .like_count = 1, .filter = {.genre_count = KINO_MAX_FILTER + 1}},
        {.like = &seed, .like_count = 1, .filter = {.no_genre_count = KINO_MAX_FILTER + 1}},
        {.like = &seed, .like_count = 1, .filter = {.language_count = KINO_MAX_FILTER + 1}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        kino_error err = {0};
        kino_results *r = NULL;
        assert_int_equal(kino_recommend(k, &bad[i], &r, &err), KINO_USAGE);
        assert_true(!r && *err.text);
    }
    const kino_query good = {
        .like = &seed, .like_count = 1, .like_weight = &heaviest, .about = "love", .about_weight = 1000000};
    kino_results_free(answer(&good)); /* the most that a weight may be */
}

/* What the films say of themselves counts across the snapshot and what was added later; not to say costs nothing. */
static void a_twin_comes_first_and_silence_costs_little(void **state)
{
    (void)state;
    const int64_t seed = id_of("Alien");
    kino_movie *alien = NULL;
    kino_error err = {0};
    assert_int_equal(kino_movie_get(k, seed, &alien, &err), KINO_OK);
    kino_query q = {.like = &seed, .like_count = 1, .k = 10, .diversity = -1};
    kino_results *before = answer(&q);

    kino_movie stranger = {.id = 999000001,
                           .imdb_id = "",
                           .title = "Zzyzx",
                           .original_title = "Zzyzx",
                           .language = "xx",
                           .date = "1911-01-01",
                           .year = 1911,
                           .runtime = 3,
                           .rating = 1,
                           .votes = 2,
                           .popularity = NAN,
                           .overview = "A street, filmed from a tram.",
                           .tagline = "",
                           .status = "",
                           .poster_path = "",
                           .collection = {0, ""}};
    const kino_movie *list[] = {&stranger};
    assert_int_equal(kino_add(k, list, 1, &err), KINO_OK);
    kino_results *after = answer(&q);
    assert_true(same(before, after)); /* an irrelevant film changes no order */
    kino_results_free(after);
    kino_results_free(before);

    kino_movie twin = *alien, silent = *alien;
    twin.id = 999000002;
    silent.id = 999000003;
    silent.keywords = (kino_list){NULL, 0};
    silent.rating = NAN;
    silent.votes = -1;
    const kino_movie *two[] = {&twin, &silent};
    assert_int_equal(kino_add(k, two, 2, &err), KINO_OK);
    after = answer(&q);
    assert_int_equal(after->items[0].movie->id, twin.id);
    for (size_t p = 0; p < after->items[0].part_count; p++)
        if (!strcmp(after->items[0].parts[p].name, "keywords") || !strcmp(after->items[0].parts[p].name, "genres"))
            assert_true(after->items[0].parts[p].value > 0.05); /* all of them are shared */
    bool found = false;
    for (size_t i = 1; i < after->count; i++)
        found = found || after->items[i].movie->id == silent.id;
    assert_true(found);
    kino_results_free(after);
    kino_movie_free(alien);
}

/* A film's standing is its place in the list, as long as nothing is passed over for diversity. */
static void a_film_stands_where_it_is(void **state)
{
    (void)state;
    const int64_t seed = 348;
    const kino_query q = {.like = &seed, .like_count = 1, .k = 30, .diversity = -1, .sequels = true};
    kino_results *list = answer(&q);
    kino_error err = {0};
    for (size_t i = 0; i < list->count; i += 7) {
        kino_results *two = NULL;
        kino_standing standing;
        assert_int_equal(kino_stand(k, &q, list->items[i].movie->id, &two, &standing, &err), KINO_OK);
        assert_int_equal(standing.rank, i + 1);
        assert_int_equal(two->items[0].movie->id, list->items[i].movie->id);
        assert_true(two->items[0].score == list->items[i].score);
        assert_int_equal(two->items[1].movie->id, list->items[29].movie->id);
        kino_results_free(two);
    }
    kino_results *none = NULL;
    kino_standing standing;
    assert_int_equal(kino_stand(k, &q, seed, &none, &standing, &err), KINO_USAGE);
    assert_int_equal(kino_stand(k, &q, 999999999, &none, &standing, &err), KINO_NOT_FOUND);
    kino_results_free(list);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_k_is_given),
        cmocka_unit_test(popularity_turns),
        cmocka_unit_test(diversity_changes_the_list_and_not_the_scores),
        cmocka_unit_test(several_seeds_are_all_served),
        cmocka_unit_test(the_order_of_seeds_is_nothing),
        cmocka_unit_test(refusals),
        cmocka_unit_test(a_film_stands_where_it_is),
        cmocka_unit_test(a_twin_comes_first_and_silence_costs_little),
    };
    return cmocka_run_group_tests_name("recommend", tests, make_catalogue, drop_catalogue);
}
