/* test_recommend.c - what an answer promises, whatever the question: k films, none of them a seed, parts that add up,
 * dials that turn it the way they say. On a catalogue of the sample, made once. */
#include <math.h>

#include "sample_play.h"

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

/* Each of two to five liked films has brought something, whatever they are. */
static void every_seed_is_served(void **state)
{
    (void)state;
    int64_t *ids = NULL;
    size_t count = 0, lists = 0;
    assert_int_equal(kino_ids(k, &ids, &count, NULL), KINO_OK);
    for (size_t i = 0; i < count; i += 5) {
        const int64_t seeds[] = {ids[i], ids[(i * 7 + 100) % count], ids[(i * 3 + 211) % count], ids[(i + 317) % count],
                                 ids[(i * 11 + 401) % count]};
        const size_t n = 2 + lists++ % 4;
        const kino_query q = {.like = seeds, .like_count = n};
        bool again = false;
        for (size_t a = 0; a < n; a++)
            for (size_t b = 0; b < a; b++)
                again = again || seeds[a] == seeds[b];
        if (again)
            continue;
        kino_results *r = answer(&q);
        for (size_t s = 0; s < n; s++)
            if (!brought_by(r, seeds[s]))
                fail_msg("of %zu films, %lld has brought nothing", n, (long long)seeds[s]);
        kino_results_free(r);
    }
    free(ids);
}

/* ---- weights ---- */

static const kino_result *result_of(const kino_results *r, int64_t id)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].movie->id == id)
            return &r->items[i];
    fail_msg("film %lld is not in the list", (long long)id);
    return NULL;
}

/* By each name that a weight may have: twice as much is twice the part, to a grain, in every film; nothing else moves.
 * Nought takes the part away. */
static void a_weight_multiplies_its_parts(void **state)
{
    (void)state;
    static const char *const of_group[][7] = {{"story", "plot", "words", "keywords"},
                                              {"people", "director", "cast"},
                                              {"facts", "profile", "genres", "era", "language", "acclaim", "fame"}};
    const int64_t seed = id_of("Alien");
    kino_query q = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .sequels = true};
    kino_results *plain = answer(&q);
    size_t names;
    const char *const *name = kino_weight_names(&names);
    assert_int_equal(names, 15);
    for (size_t n = 0; n < names; n++)
        for (int times = 0; times <= 2; times += 2) {
            const kino_part weights[] = {{name[n], 7}, {name[n], times}}; /* the last one holds */
            size_t meant = 0;
            if (!strcmp(name[n], "all") && !times)
                continue;
            q.weights = weights;
            q.weight_count = 2;
            kino_results *weighed = answer(&q);
            assert_int_equal(weighed->count, plain->count);
            for (size_t i = 0; i < weighed->count; i++) {
                const kino_result *one = &weighed->items[i], *before = result_of(plain, one->movie->id);
                assert_int_equal(one->part_count, 12);
                for (size_t p = 0; p < one->part_count; p++) {
                    bool is = !strcmp(one->parts[p].name, name[n]) ||
                              (!strcmp(name[n], "all") && strcmp(one->parts[p].name, "popularity") != 0);
                    for (size_t g = 0; g < 3; g++)
                        for (size_t m = 1; m < 7 && of_group[g][m] && !strcmp(name[n], of_group[g][0]); m++)
                            is = is || !strcmp(one->parts[p].name, of_group[g][m]);
                    const double was = before->parts[p].value, now = one->parts[p].value;
                    assert_true(is ? fabs(now - times * was) <= 0x1p-20 : now == was);
                    meant += is && !i;
                }
            }
            assert_int_equal(meant, !strcmp(name[n], "all")      ? 11
                                    : !strcmp(name[n], "facts")  ? 6
                                    : !strcmp(name[n], "story")  ? 3
                                    : !strcmp(name[n], "people") ? 2
                                                                 : 1);
            kino_results_free(weighed);
        }
    kino_results_free(plain);
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

static double part_of(const kino_result *r, const char *name)
{
    for (size_t p = 0; p < r->part_count; p++)
        if (!strcmp(r->parts[p].name, name))
            return r->parts[p].value;
    fail_msg("there is no %s", name);
    return 0;
}

/* A film that tells nothing has in each part what is usual: the likenesses of score.c's table, by the ratios of two
 * parts whose spreads are measured, or by the spread that comes with the program. */
static void silence_is_what_is_usual(void **state)
{
    (void)state;
    const int64_t seed = id_of("Alien");
    kino_error err = {0};
    kino_movie silent = {.id = 999000009,
                         .imdb_id = "",
                         .title = "Qqqq",
                         .original_title = "Qqqq",
                         .language = "",
                         .date = "",
                         .runtime = NAN,
                         .rating = NAN,
                         .votes = -1,
                         .popularity = NAN,
                         .overview = "",
                         .tagline = "",
                         .status = "",
                         .poster_path = "",
                         .collection = {0, ""}};
    assert_int_equal(kino_add(k, &(const kino_movie *){&silent}, 1, &err), KINO_OK);
    const kino_query q = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .sequels = true};
    kino_results *r = answer(&q);
    const kino_result *one = result_of(r, silent.id);
    /* Aliens shares the language and no credits are told: language 1 and director .01. */
    const kino_result *aliens = result_of(r, id_of("Aliens"));
    assert_true(fabs(part_of(one, "language") - .9 * part_of(aliens, "language")) <= 0x1p-20);
    assert_true(fabs(part_of(one, "director") - .01 * .03 / .054) <= 0x1p-20);
    assert_true(fabs(part_of(one, "cast") - .01 * .05 / .026) <= 0x1p-20);
    /* As many votes and stars as the seed has are a likeness of 1. */
    assert_true(fabs(part_of(one, "acclaim") - .78 * part_of(aliens, "acclaim")) <= 0x1p-19);
    assert_true(fabs(part_of(one, "fame") - .75 * part_of(aliens, "fame")) <= 0x1p-19);
    size_t removed;
    assert_int_equal(kino_remove(k, &silent.id, 1, &removed, &err), KINO_OK);
    kino_results_free(r);
}

static kino_list only(kino_named *items, size_t count)
{
    return (kino_list){items, count};
}

/* Thirty twins of a film, by two people who direct alone or together: two of each in ten, four in twenty. */
static void two_of_a_director_in_ten(void **state)
{
    (void)state;
    enum { TWINS = 30 };
    const int64_t seed = id_of("Casablanca");
    kino_named people[] = {{801, "Ann Other"}, {802, "Bob Other"}};
    kino_movie *m = NULL, twins[TWINS];
    const kino_movie *list[TWINS];
    int64_t ids[TWINS];
    kino_error err = {0};
    assert_int_equal(kino_movie_get(k, seed, &m, &err), KINO_OK);
    for (size_t i = 0; i < TWINS; i++) {
        twins[i] = *m;
        ids[i] = twins[i].id = 999100000 + (int64_t)i;
        twins[i].directors = i % 3 == 0 ? only(people, 1) : i % 3 == 1 ? only(people + 1, 1) : only(people, 2);
        list[i] = &twins[i];
    }
    assert_int_equal(kino_add(k, list, TWINS, &err), KINO_OK);
    for (size_t wanted = 5; wanted <= 20; wanted += 5) {
        const size_t most = wanted <= 10 ? 2 : 4;
        kino_query q = {.like = &seed, .like_count = 1, .k = wanted, .diversity = -1};
        kino_results *r = answer(&q);
        size_t by[2] = {0};
        for (size_t i = 0; i < wanted; i++)
            for (size_t d = 0; d < r->items[i].movie->directors.count; d++)
                by[r->items[i].movie->directors.items[d].id == 802]++;
        assert_true(by[0] <= most && by[1] <= most && by[0] + by[1] >= most);
        kino_results_free(r);
        q.sequels = true; /* asked for as many as there are */
        r = answer(&q);
        for (size_t i = 0; i < wanted; i++)
            assert_true(r->items[i].movie->directors.count);
        kino_results_free(r);
    }
    assert_int_equal(kino_remove(k, ids, TWINS, NULL, &err), KINO_OK);
    kino_movie_free(m);
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
        cmocka_unit_test(every_seed_is_served),
        cmocka_unit_test(a_weight_multiplies_its_parts),
        cmocka_unit_test(the_order_of_seeds_is_nothing),
        cmocka_unit_test(refusals),
        cmocka_unit_test(a_film_stands_where_it_is),
        cmocka_unit_test(silence_is_what_is_usual),
        cmocka_unit_test(two_of_a_director_in_ten),
        cmocka_unit_test(a_twin_comes_first_and_silence_costs_little),
    };
    return cmocka_run_group_tests_name("recommend", tests, make_catalogue, drop_catalogue);
}
