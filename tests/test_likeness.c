/* The measures of likeness, worked out by hand: cosines of tags, likes beside chance, lists by their gains, series, what
 * lists look like; and what kino_eval makes of them for a dozen films. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "eval/interval.h"
#include "eval/likeness.h"

enum { FILMS = 12 };

static char folder[64], data_dir[96], path[4][160];
static kino *catalogue;
static kino_bench bench;

/* Films 1 to 12 of 1981 to 1992, 4 to 6 of unknown year, with 10, 20, ... votes; 1, 2, 3 and 7, 8 are of a collection. */
static void write_films(void)
{
    FILE *f = fopen(path[0], "w"), *links = fopen(path[3], "w");
    fputs("id,title,vote_count,vote_average,release_date,belongs_to_collection\n", f);
    fputs("movieId,imdbId,tmdbId\n", links);
    for (int i = 1; i <= FILMS; i++) {
        char date[16] = "";
        if (i < 4 || i > 6)
            snprintf(date, sizeof date, "%d-01-01", 1980 + i);
        fprintf(f, "%d,Film %d,%d,5,%s,", i, i, 10 * i, date);
        if (i <= 3 || i == 7 || i == 8)
            fprintf(f, "\"{'id': %d, 'name': 'Series %d'}\"", i <= 3 ? 1 : 2, i <= 3 ? 1 : 2);
        fprintf(f, "\n");
        fprintf(links, "%d,1,%d\n", 100 + i, i);
    }
    fclose(f);
    fclose(links);
}

static int begin(void **state)
{
    static const char *const names[] = {"films.csv", "tags.csv", "ratings.csv", "links.csv"};
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    kino_build_request build = {.csv = path[0], .epochs = 1};
    kino_error err = {0};
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", folder);
    for (int i = 0; i < 4; i++)
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
    write_films();
    if (kino_build(&opt, &build, NULL, &err) || kino_open(&opt, &catalogue, &err) ||
        kino_bench_open(catalogue, "test", &bench, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int end(void **state)
{
    char command[160];
    (void)state;
    kino_bench_close(&bench);
    kino_close(catalogue);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static bool near_by(double a, double b, double by)
{
    if (fabs(a - b) <= by)
        return true;
    print_error("%.15f is not %.15f\n", a, b);
    return false;
}

static bool near(double a, double b)
{
    return near_by(a, b, 1e-12);
}

static void write_file(const char *to, const char *text)
{
    FILE *f = fopen(to, "w");
    fputs(text, f);
    fclose(f);
}

/* ---- tags ---- */

/* Film 1 has a, b, c, d, e; film 2 has a, b twice as heavy, c, d, f; film 3 has a and four others. Film 4 has four tags
 * and one of no weight, film 99 is not in the catalogue: of three candidates all have a, two b, c and d, one each other. */
static const char table_of_tags[] = "tmdbId,tag,weight\n"
                                    "1,a,1\n1,b,1\n1,c,1\n1,d,1\n1,e,1\n"
                                    "2,a,1\n2,b,1\n2,\" B \",1\n2,c,1\n2,D,1\n2,f,1\n"
                                    "3,a,1\n3,g,1\n3,h,1\n3,i,1\n3,j,1\n"
                                    "4,a,1\n4,b,1\n4,c,1\n4,d,1\n4,e,0\n"
                                    "99,a,1\n99,b,1\n99,c,1\n99,d,1\n99,e,1\n";

static double cosine_1_2(void)
{
    const double l = log(1.5), m = log(3);
    return (2 * l * l + l * l + l * l) / sqrt(3 * l * l + m * m) / sqrt(4 * l * l + 2 * l * l + m * m);
}

static void tags_are_cosines(void **state)
{
    (void)state;
    kino_tags t;
    kino_error err = {0};
    double gain[FILMS];
    write_file(path[1], table_of_tags);
    assert_int_equal(kino_tags_read(bench.rows, path[1], NULL, &t, &err), KINO_OK);
    assert_int_equal(t.films.count, 3);
    assert_true(t.films.at[0] == 0 && t.films.at[2] == 2 && t.films.at[3] == UINT32_MAX);
    kino_tags_gains(&t, 0, gain);
    assert_true(near(gain[0], 1));
    assert_true(near(gain[1], cosine_1_2()));
    assert_true(near(gain[2], 0)); /* what all have tells nothing */
    kino_tags_gains(&t, 1, gain);
    assert_true(near(gain[0], cosine_1_2()));
    kino_tags_free(&t);
}

/* Film 1: three users say b, one of them twice and in capitals; all else is said once: log 4 and log 2. */
static void users_of_a_tag_are_counted(void **state)
{
    (void)state;
    kino_tags t;
    kino_error err = {0};
    double gain[FILMS];
    write_file(path[1], "userId,movieId,tag,timestamp\n"
                        "7,101,b,1\n8,101,b,2\n9,101,b,3\n9,101,B,4\n7,101,c,1\n7,101,d,1\n7,101,e,1\n7,101,k,1\n"
                        "7,102,b,1\n7,102,c,1\n7,102,g,1\n7,102,h,1\n7,102,i,1\n7,199,b,1\n"
                        "7,103,o,1\n7,103,p,1\n7,103,q,1\n7,103,r,1\n7,103,s,1\n");
    assert_int_equal(kino_tags_read(bench.rows, path[1], NULL, &t, &err), KINO_USAGE); /* whose films? */
    assert_int_equal(kino_tags_read(bench.rows, path[1], path[3], &t, &err), KINO_OK);
    const double l = log(1.5), m = log(3), own = sqrt(4 * l * l + l * l + 3 * m * m),
                 other = sqrt(2 * l * l + 3 * m * m);
    kino_tags_gains(&t, 0, gain);
    assert_true(near(gain[1], (2 * l * l + l * l) / own / other));
    kino_tags_free(&t);
}

static void tags_that_are_none_are_refused(void **state)
{
    (void)state;
    kino_tags t;
    kino_error err = {0};
    write_file(path[1], "tmdbId,tag,weight\n1,a,heavy\n");
    assert_int_equal(kino_tags_read(bench.rows, path[1], NULL, &t, &err), KINO_DAMAGED);
    write_file(path[1], "tmdbId,tag,weight\n1,a,-1\n");
    assert_int_equal(kino_tags_read(bench.rows, path[1], NULL, &t, &err), KINO_DAMAGED);
    write_file(path[1], "tmdbId,weight\n1,1\n");
    assert_int_equal(kino_tags_read(bench.rows, path[1], NULL, &t, &err), KINO_DAMAGED);
}

/* ---- co-likes ---- */

/* Films 0, 1, 2 and 5 are of 1990 to 1994, 3 of 1995, the year of 4 is not known. Users 1 to 8 like 0, 1 and 3; 5 to 12
 * like 2; 1 to 7 like 5, one less than makes a candidate; 1 to 8 like 4. User 9 does not like 0, user 1 likes it twice. */
enum { COLIKED = 6 };

static size_t rate(kino_rating *out)
{
    static const int first[COLIKED] = {1, 1, 5, 1, 1, 1}, last[COLIKED] = {8, 8, 12, 8, 8, 7};
    size_t n = 0;
    for (int user = 1; user <= 12; user++) {
        for (uint32_t film = 0; film < COLIKED; film++)
            if (user >= first[film] && user <= last[film])
                out[n++] = (kino_rating){user, 1, film, 4, true};
        if (user == 1)
            out[n++] = (kino_rating){user, 2, 0, 5, true};
        if (user == 9)
            out[n++] = (kino_rating){user, 2, 0, 3.5, false};
    }
    return n;
}

static void coliked_bench(kino_bench *b, kino_facets *facets, kino_rating *ratings)
{
    const double years[COLIKED] = {1990, 1991, 1994, 1995, NAN, 1990};
    *b = (kino_bench){.films = COLIKED, .facets = facets};
    for (size_t i = 0; i < COLIKED; i++)
        facets[i].year = years[i];
    b->ratings = (kino_ratings){.items = ratings, .count = rate(ratings)};
}

/* Of the 31 likes of 1990 to 1994 users 1 to 4 and 8 have three each, 5 to 7 four: with eight likes of a film the chance of
 * the former is 24/31, of the latter 1, since 32/31 is no chance. */
static void likes_beside_chance_are_worked_out(void **state)
{
    (void)state;
    static kino_facets facets[COLIKED];
    static kino_rating ratings[64];
    kino_bench b;
    kino_colikes c;
    float scratch[2 * COLIKED];
    double gain[COLIKED];
    coliked_bench(&b, facets, ratings);
    kino_colikes_init(&b, &c);
    const double expected = 5 * 24. / 31 + 3;
    assert_int_equal(c.films.count, 4);
    assert_int_equal(c.users, 12);
    assert_true(c.films.at[4] == UINT32_MAX && c.films.at[5] == UINT32_MAX);
    kino_colikes_gains(&c, c.films.at[0], scratch, gain);
    assert_true(near_by(gain[c.films.at[1]], log(13 / (expected + 5)), 1e-6)); /* all eight like both */
    assert_true(gain[c.films.at[2]] == 0);                                     /* four do, fewer than by chance */
    assert_true(
        near_by(gain[c.films.at[3]], 0, 1e-6)); /* eight do; the only film of its years is liked with certainty */
    kino_colikes_gains(&c, c.films.at[3], scratch, gain);
    assert_true(near_by(gain[c.films.at[0]], log(13 / (expected + 5)), 1e-6));
    kino_colikes_free(&c);
}

static void drawn_users_are_as_many(void **state)
{
    (void)state;
    static kino_facets facets[COLIKED];
    static kino_rating ratings[64];
    static float times[12 * KINO_WORLDS], ratio[COLIKED * KINO_WORLDS], expected[COLIKED * KINO_WORLDS];
    kino_bench b;
    kino_colikes c;
    bool differ = false;
    coliked_bench(&b, facets, ratings);
    kino_colikes_init(&b, &c);
    kino_colikes_worlds(&c, times);
    for (size_t w = 0; w < KINO_WORLDS; w++) {
        float sum = 0;
        for (size_t user = 0; user < 12; user++) {
            sum += times[user * KINO_WORLDS + w];
            differ = differ || times[user * KINO_WORLDS + w] != 1;
            assert_true(w || times[user * KINO_WORLDS] == 1);
        }
        assert_true(sum == 12);
    }
    assert_true(differ);
    kino_colikes_ratios(&c, c.films.at[0], times, ratio, expected);
    assert_true(near_by(ratio[c.films.at[1] * KINO_WORLDS], 13 / (5 * 24. / 31 + 8), 1e-6));
    /* A world by hand: how often those who like both films are in it, and their chances. */
    float seen = 0, chance = 0;
    for (size_t user = 0; user < 8; user++) {
        seen += times[user * KINO_WORLDS + 5];
        chance += times[user * KINO_WORLDS + 5] * (user >= 4 && user <= 6 ? 1 : 24 / 31.f);
    }
    assert_true(near_by(ratio[c.films.at[1] * KINO_WORLDS + 5], (seen + 5) / (chance + 5), 1e-6));
    kino_colikes_free(&c);
}

/* ---- lists ---- */

static void a_list_is_worth_its_gains_by_the_best(void **state)
{
    (void)state;
    enum { MANY = 14 };
    const double gain[] = {1, .5, 0, .2}, nothing[] = {1, 0, 0, 0};
    uint32_t top[KINO_EVAL_TOP];
    double many[MANY], own = 0, ideal = 0;
    memset(top, 0xff, sizeof top);
    top[0] = 3;
    top[1] = 1;
    const double best = .5 + .2 / log2(3);
    assert_true(near(kino_list_worth(gain, 4, 0, top), (.2 + .5 / log2(3)) / best));
    top[1] = UINT32_MAX;
    assert_true(near(kino_list_worth(gain, 4, 0, top), .2 / best));
    assert_true(isnan(kino_list_worth(nothing, 4, 0, top)));
    for (size_t i = 0; i < MANY; i++)
        many[i] = (double)(i * 5 % MANY) / MANY;
    for (size_t i = 0; i < KINO_EVAL_TOP; i++) {
        top[i] = (uint32_t)i + 1;
        own += many[i + 1] * kino_discount(i);
        ideal += (double)(MANY - 1 - i) / MANY * kino_discount(i); /* the seed has the least gain */
    }
    assert_true(near(kino_list_worth(many, MANY, 0, top), own / ideal));
}

static void films_that_are_no_candidates_are_passed_over(void **state)
{
    (void)state;
    uint32_t at[] = {0, UINT32_MAX, 1, 2, UINT32_MAX, 3}, rows[] = {0, 2, 3, 5}, top[KINO_EVAL_TOP];
    const uint32_t list[] = {1, 5, 0, 4, 2, UINT32_MAX, 3};
    const kino_candidates c = {rows, at, 4};
    kino_list_candidates(&c, 0, list, 7, top); /* the seed itself is no answer; behind the end of a list is none */
    assert_true(top[0] == 3 && top[1] == 1 && top[2] == UINT32_MAX);
    kino_list_candidates(&c, 0, list, 2, top);
    assert_true(top[0] == 3 && top[1] == UINT32_MAX);
}

/* Two seeds of a series of three, and one of none. */
static void series_are_shares(void **state)
{
    (void)state;
    const uint32_t seeds[] = {0, 6, 9};
    uint32_t rows[] = {5, 2, 9, 3, 4, 5, 0, 1, 2};
    const kino_lists lists = {rows, 3, 3};
    uint32_t others[FILMS];
    double share[3];
    kino_series_others(&bench, others);
    assert_true(others[0] == 2 && others[2] == 2 && others[6] == 1 && others[3] == 0);
    kino_series_shares(&bench, seeds, &lists, share);
    assert_true(near(share[0], .5));
    assert_true(near(share[1], 0));
    assert_true(isnan(share[2]));
}

/* Votes are ten times the id, which is one more than the row. */
static void lists_are_looked_at(void **state)
{
    (void)state;
    const uint32_t seeds[] = {0, 11, 4, 8};
    uint32_t rows[] = {1,  2, 7,          /* two of the film's time; 20, 30, 80 votes to 10 */
                       10, 1, UINT32_MAX, /* one of two; 110 and 20 to 120 */
                       3,  4, 5,          /* of a film whose year is not known: none; 40, 50, 60 to 50 */
                       0,  1, 2};         /* none; 10, 20, 30 to 90 */
    const kino_lists lists = {rows, 3, 4};
    bool chosen[FILMS] = {[0] = true, [8] = true};
    kino_guards g;
    kino_guards_of(&bench, seeds, &lists, NULL, &g);
    assert_int_equal(g.seeds, 4);
    assert_true(near(g.near.value, (2. / 3 + 1. / 2) / 4));
    assert_true(near(g.votes.value, (65. / 120 + 1) / 2)); /* of 3, 65/120, 1, 2/9 */
    assert_true(near(g.few.value, 1. / 4));
    assert_true(near(g.shown, 8. / FILMS));
    assert_true(near(g.commonest, 3. / 4));
    kino_guards_of(&bench, seeds, &lists, chosen, &g);
    assert_int_equal(g.seeds, 2);
    assert_true(near(g.near.value, 1. / 3) && near(g.few.value, .5) && near(g.commonest, 1));
}

/* ---- intervals ---- */

static void intervals_are_those_of_drawn_sets(void **state)
{
    (void)state;
    const double same[] = {.3, NAN, .3, .3}, two[] = {0, 1}, odd[] = {5, 1, NAN, 3}, even[] = {4, 1, 2, 100};
    kino_interval i;
    assert_int_equal(kino_interval_mean(same, 4, &i), 3);
    assert_true(near(i.value, .3) && near(i.low, .3) && near(i.high, .3));
    kino_interval_mean(two, 2, &i);
    assert_true(near(i.value, .5) && near(i.low, 0) && near(i.high, 1));
    kino_interval_median(odd, 4, &i);
    assert_true(near(i.value, 3) && near(i.low, 1) && near(i.high, 5));
    kino_interval_median(even, 4, &i);
    assert_true(near(i.value, 3));
    assert_int_equal(kino_interval_mean(odd, 0, &i), 0);
    assert_true(isnan(i.value) && isnan(i.low));
}

/* ---- the whole ---- */

static void lists_are_asked_like_by_a_program(void **state)
{
    (void)state;
    const uint32_t seeds[] = {0, 5};
    kino_lists lists;
    kino_error err = {0};
    assert_int_equal(kino_lists_ask(&bench, &kino_listers[0], seeds, 2, KINO_LONG_LIST, true, 0, 2, &lists, &err),
                     KINO_OK);
    for (size_t s = 0; s < 2; s++) {
        const int64_t id = (int64_t)seeds[s] + 1;
        const kino_query q = {.like = &id, .like_count = 1, .k = KINO_LONG_LIST, .sequels = true};
        kino_results *list = NULL;
        assert_int_equal(kino_recommend(catalogue, &q, &list, &err), KINO_OK);
        assert_int_equal(list->count, FILMS - 1);
        for (size_t i = 0; i < list->count; i++)
            assert_int_equal(lists.rows[s * KINO_LONG_LIST + i], list->items[i].movie->id - 1);
        assert_int_equal(lists.rows[s * KINO_LONG_LIST + FILMS - 1], UINT32_MAX);
        kino_results_free(list);
    }
    free(lists.rows);
}

/* Of two candidates with a gain, 1 and 2, each is the other's best; 3 is nobody's. Worth 1 where the other comes before 3,
 * else what the second place counts. */
static void kino_eval_measures_tags_alone(void **state)
{
    (void)state;
    static kino_eval_report r;
    const kino_eval_request req = {.tags = path[1]};
    kino_error err = {0};
    double sum = 0;
    write_file(path[1], table_of_tags);
    assert_int_equal(kino_eval(catalogue, &req, &r, &err), KINO_OK);
    for (int64_t id = 1; id <= 2; id++) {
        const kino_query q = {.like = &id, .like_count = 1, .k = KINO_LONG_LIST};
        kino_results *list = NULL;
        assert_int_equal(kino_recommend(catalogue, &q, &list, &err), KINO_OK);
        size_t other = 0, third = 0;
        for (size_t i = 0; i < list->count; i++) {
            other = list->items[i].movie->id == 3 - id ? i : other;
            third = list->items[i].movie->id == 3 ? i : third;
        }
        sum += other < third ? 1 : 1 / log2(3);
        kino_results_free(list);
    }
    assert_int_equal(r.likeness_count, 1);
    assert_int_equal(r.tag_seeds, 2); /* the third has nothing to gain */
    assert_true(near(r.likeness[0].tag.value, sum / 2));
    assert_true(isnan(r.likeness[0].colike.value) && !r.colike_seeds && !r.count);
    assert_int_equal(r.series_seeds, 5);
    assert_int_equal(r.likeness[0].all.seeds, FILMS);
    assert_int_equal(r.likeness[0].tagged.seeds, 3);
    assert_true(near(r.likeness[0].all.shown, 1)); /* ten of eleven: all stand somewhere */
}

static void what_is_compared_with_is_asked_too(void **state)
{
    (void)state;
    static kino_eval_report r;
    const kino_eval_request req = {.baselines = true};
    kino_error err = {0};
    assert_int_equal(kino_eval(catalogue, &req, &r, &err), KINO_OK);
    assert_int_equal(r.likeness_count, kino_lister_count);
    assert_string_equal(r.likeness[0].method, "kino");
    assert_true(isnan(r.likeness[0].tag.value) && !isnan(r.likeness[0].series.value));
    const kino_eval_request half = {.ratings = path[2]};
    assert_int_equal(kino_eval(catalogue, &half, &r, &err), KINO_USAGE);
}

static void an_interruption_ends_it(void **state)
{
    (void)state;
    static kino_eval_report r;
    static const volatile sig_atomic_t now = 1;
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .cancel = &now};
    kino *k = NULL;
    kino_error err = {0};
    assert_int_equal(kino_open(&opt, &k, &err), KINO_OK);
    assert_int_equal(kino_eval(k, &(kino_eval_request){0}, &r, &err), KINO_INTERRUPTED);
    kino_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tags_are_cosines),
        cmocka_unit_test(users_of_a_tag_are_counted),
        cmocka_unit_test(tags_that_are_none_are_refused),
        cmocka_unit_test(likes_beside_chance_are_worked_out),
        cmocka_unit_test(drawn_users_are_as_many),
        cmocka_unit_test(a_list_is_worth_its_gains_by_the_best),
        cmocka_unit_test(films_that_are_no_candidates_are_passed_over),
        cmocka_unit_test(series_are_shares),
        cmocka_unit_test(lists_are_looked_at),
        cmocka_unit_test(intervals_are_those_of_drawn_sets),
        cmocka_unit_test(lists_are_asked_like_by_a_program),
        cmocka_unit_test(kino_eval_measures_tags_alone),
        cmocka_unit_test(what_is_compared_with_is_asked_too),
        cmocka_unit_test(an_interruption_ends_it),
    };
    return cmocka_run_group_tests_name("likeness", tests, begin, end);
}
