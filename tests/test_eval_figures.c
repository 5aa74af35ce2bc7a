/* The figures of kino eval, worked out by hand: three users and a dozen films in the bench itself; four users through
 * kino_eval, halves, ties, intervals and all; and what a method of the bench answers beside kino_recommend. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "eval/eval.h"
#include "made.h"

static char folder[64], data_dir[96], path[3][160];

static int make_folder(void **state)
{
    static const char *const names[] = {"films.csv", "ratings.csv", "links.csv"};
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", folder);
    for (int i = 0; i < 3; i++)
        snprintf(path[i], sizeof path[i], "%s/%s", folder, names[i]);
    return 0;
}

static int drop_folder(void **state)
{
    (void)state;
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static bool near(double a, double b)
{
    if (fabs(a - b) < 1e-12)
        return true;
    print_error("%.15f is not %.15f\n", a, b);
    return false;
}

/* ---- three users ---- */

enum { FILMS = 12, RATINGS = 9 };

/* A method that scores every film by a table: three of .8, and the last film worst. */
static const double table[FILMS] = {.9, .8, .8, .8, .5, .4, .1, .1, .1, .1, .1, .05};

static void by_table(const kino_bench *b, const kino_method *m, const kino_question *q, const size_t *seeds,
                     size_t count, double *score)
{
    (void)b, (void)m, (void)q, (void)seeds, (void)count;
    memcpy(score, table, sizeof table);
}

/* User, time, film, stars, like. The first likes 0, 1, 2; the second 4, 3, 11 and has seen 0; the third 5 and 11. */
static kino_rating rated[RATINGS] = {{1, 1, 0, 5, true},  {1, 2, 1, 4, true}, {1, 3, 2, 4, true},
                                     {2, 1, 0, 2, false}, {2, 2, 4, 5, true}, {2, 3, 3, 5, true},
                                     {2, 4, 11, 5, true}, {3, 1, 5, 5, true}, {3, 2, 11, 5, true}};
static kino_rater raters[3] = {{1, 0, 3, 3, false}, {2, 3, 7, 3, false}, {3, 7, 9, 2, false}};

typedef struct bench {
    struct kino k;
    kino_bench b;
    kino_facets facets[FILMS];
    float vectors[FILMS][KINO_VECTOR_DIM];
    double fame_rank[FILMS];
} bench;

/* Even and odd films have one plot each; 0, 2 and 4 are of a collection, the others of none. */
static bench *make_bench(void)
{
    bench *x = calloc(1, sizeof *x);
    x->k.opt.threads = 2;
    x->b = (kino_bench){.k = &x->k, .films = FILMS, .facets = x->facets, .fame_rank = x->fame_rank};
    x->b.ratings = (kino_ratings){rated, RATINGS, raters, 3};
    for (size_t i = 0; i < FILMS; i++) {
        x->vectors[i][i % 2] = 1;
        x->fame_rank[i] = (double)i / FILMS;
        x->facets[i].vector = x->vectors[i];
        x->facets[i].collection = i <= 4 && i % 2 == 0 ? 7 : UINT32_MAX;
    }
    return x;
}

static void questions_are_likes_but_the_first(void **state)
{
    (void)state;
    const kino_ratings r = {rated, RATINGS, raters, 3};
    kino_questions q = kino_questions_ask(&r, false, 60, 1, INT64_MIN);
    const size_t targets[] = {1, 2, 5, 6, 8};
    const uint32_t users[] = {0, 0, 1, 1, 2}, likes[] = {1, 2, 1, 2, 1};
    size_t rows[4];
    assert_int_equal(q.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(q.items[i].target, targets[i]);
        assert_int_equal(q.items[i].user, users[i]);
        assert_int_equal(q.items[i].likes, likes[i]);
    }
    assert_int_equal(kino_question_seeds(&r, &q.items[3], 4, rows), 2); /* latest first; what was disliked is none */
    assert_true(rows[0] == 3 && rows[1] == 4);
    assert_int_equal(kino_question_seeds(&r, &q.items[3], 1, rows), 1);
    assert_int_equal(rows[0], 3);
    free(q.items);
    q = kino_questions_ask(&r, false, 1, 1, INT64_MIN); /* one and one at most */
    assert_int_equal(q.count, 3);
    free(q.items);
    q = kino_questions_ask(&r, false, 60, 2, INT64_MIN);
    assert_int_equal(q.count, 2);
    free(q.items);
    q = kino_questions_ask(&r, false, 60, 1, 3); /* not before a moment, which counts itself */
    assert_int_equal(q.count, 3);
    free(q.items);
    q = kino_questions_ask(&r, true, 60, 1, INT64_MIN);
    assert_int_equal(q.count, 0);
    free(q.items);
}

static void ranks_and_lists_are_those_worked_out(void **state)
{
    (void)state;
    bench *x = make_bench();
    kino_questions q = kino_questions_ask(&x->b.ratings, false, 60, 1, INT64_MIN);
    const kino_method method = {.name = "table", .seeds = 1, .score = by_table};
    kino_answer a[5];
    kino_bench_answer(&x->b, &method, &q, a);
    /* 1: beside 2 and 3, of the same score: the mean of places 0, 1 and 2. 2: beside 3. 3: beside 1 and 2. 11: behind
     * 1, 2, 5 to 10. 11 again: behind ten, which is no hit. */
    const double ranks[] = {1, .5, 1, 8, 10};
    for (size_t i = 0; i < 5; i++)
        assert_true(near(a[i].rank, ranks[i]));
    const uint32_t first[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10}, last[] = {0, 1, 2, 3, 4, 6, 7, 8, 9, 10};
    assert_memory_equal(a[0].top, first, sizeof first);
    assert_memory_equal(a[4].top, last, sizeof last);
    assert_true(near(a[0].fame, 5.5 / FILMS));
    assert_true(near(a[0].diversity, 1 - 20.0 / 45));       /* five even and five odd films: 20 of 45 pairs are alike */
    assert_true(near(a[4].diversity, 1 - (15.0 + 6) / 45)); /* six even and four odd */
    assert_true(near(a[0].sequels, .2));                    /* after 0 come 2 and 4 */
    assert_true(near(a[1].sequels, 0));                     /* 1 is of no collection, and neither are most others */
    const kino_worth w = kino_worth_of(a, 5);
    assert_true(near(w.count, 5));
    assert_true(near(w.hits / 5, .8));
    assert_true(near(w.gain / 5, (2 / log2(3) + 1 / log2(2.5) + 1 / log2(10)) / 5));
    assert_true(near(w.inverse / 5, (2 / 2. + 1 / 1.5 + 1 / 9. + 1 / 11.) / 5));
    const kino_method all = {.name = "table", .seeds = 0, .score = by_table};
    kino_bench_answer(&x->b, &all, &q, a);
    assert_true(near(a[1].sequels, .2)); /* 0 is a seed too: 2 and 4 */
    assert_true(near(a[0].rank, 1));
    free(q.items);
    free(x);
}

/* A film that was rated badly and later liked can be asked for; a film that comes twice is found once. */
static void a_rating_that_changed_is_asked_for(void **state)
{
    (void)state;
    bench *x = make_bench();
    kino_rating twice[] = {{1, 1, 3, 5, true}, {1, 2, 0, 1, false}, {1, 3, 0, 5, true}};
    kino_rater one = {1, 0, 3, 2, false};
    x->b.ratings = (kino_ratings){twice, 3, &one, 1};
    kino_questions q = kino_questions_ask(&x->b.ratings, false, 60, 1, INT64_MIN);
    const kino_method method = {.name = "table", .seeds = 1, .score = by_table};
    kino_answer a;
    assert_int_equal(q.count, 1);
    kino_bench_answer(&x->b, &method, &q, &a);
    assert_true(near(a.rank, 0));
    free(q.items);
    free(x);
}

static const kino_method *method_of(const kino_method *methods, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (!strcmp(methods[i].name, name))
            return &methods[i];
    fail_msg("no method %s", name);
    return NULL;
}

/* Likes that come together, over the root of how often each is liked, and 20. */
static void neighbours_are_scored_by_hand(void **state)
{
    (void)state;
    bench *x = make_bench();
    double score[FILMS], likes[FILMS];
    const kino_question q = {0, 1, 1};
    const kino_method *knn = method_of(kino_eval_one, kino_eval_one_count, "ItemKNN"),
                      *popular = method_of(kino_eval_one, kino_eval_one_count, "popularity");
    kino_learned_init(&x->b, false, true, INT64_MAX, &x->b.learned);
    knn->score(&x->b, knn, &q, (size_t[]){11}, 1, score);
    assert_true(near(score[4], 1 / (sqrt(2) + 20))); /* the second user; 11 is liked twice */
    assert_true(near(score[5], 1 / (sqrt(2) + 20)));
    assert_true(near(score[11], 2 / (2. + 20)));
    assert_true(near(score[0], 0)); /* seen and not liked */
    knn->score(&x->b, knn, &q, (size_t[]){11, 3}, 2, score);
    assert_true(near(score[4], 1 / (sqrt(2) + 20) + 1 / 21.));
    popular->score(&x->b, popular, &q, NULL, 0, likes);
    assert_true(near(likes[11], 2) && near(likes[0], 1) && near(likes[6], 0));
    kino_learned_free(&x->b.learned);
    kino_learned_init(&x->b, false, true, 3, &x->b.learned); /* before a moment, which does not count */
    popular->score(&x->b, popular, &q, NULL, 0, likes);
    assert_true(near(likes[11], 1) && near(likes[2], 0) && near(likes[4], 1));
    kino_learned_free(&x->b.learned);
    kino_learned_init(&x->b, true, false, INT64_MAX, &x->b.learned); /* nobody is of that half */
    popular->score(&x->b, popular, &q, NULL, 0, likes);
    assert_true(near(likes[11], 0));
    kino_learned_free(&x->b.learned);
    free(x);
}

/* ---- kino_eval ---- */

static kino *open_catalogue(void)
{
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    kino_error err = {0};
    kino *k = NULL;
    if (kino_open(&opt, &k, &err))
        fail_msg("%s", err.text);
    return k;
}

static uint64_t number_of_user(int64_t id)
{
    return kino_random(0, UINT64_C(0x6576616c), (uint64_t)id);
}

static int by_number(const void *a, const void *b)
{
    const uint64_t x = number_of_user(*(const int64_t *)a), y = number_of_user(*(const int64_t *)b);
    return (x > y) - (x < y);
}

static void rate_films(FILE *f, int64_t user, int first, int time)
{
    for (int i = 0; i < 6; i++)
        fprintf(f, "%lld,%d,4.0,%d\n", (long long)user, first + i + 100, time + i);
    fprintf(f, "%lld,%d,3.5,%d\n", (long long)user, first + 10 + 100, time + 100); /* not liked */
}

static void write_films(int count)
{
    FILE *f = fopen(path[0], "w"), *links = fopen(path[2], "w");
    fputs("id,title,vote_count,vote_average\n", f);
    fputs("movieId,imdbId,tmdbId\n", links);
    for (int i = 1; i <= count; i++) {
        fprintf(f, "%d,Film %d,%d,5\n", i, i, 10 * i);
        fprintf(links, "%d,1,%d\n", 100 + i, i);
    }
    fclose(f);
    fclose(links);
}

/* A catalogue of these films, open. */
static kino *catalogue_of(int count)
{
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    kino_build_request build = {.csv = path[0], .epochs = 1};
    kino_error err = {0};
    write_films(count);
    if (kino_build(&opt, &build, NULL, &err))
        fail_msg("%s", err.text);
    return open_catalogue();
}

static const kino_eval_row *row_of(const kino_eval_report *r, const char *task, const char *method)
{
    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->rows[i].task, task) && !strcmp(r->rows[i].method, method))
            return &r->rows[i];
    fail_msg("no %s, %s", task, method);
    return NULL;
}

/* Films 1 to 20, the later the better known. Two users, of the tuning half, like 1 to 6 and 2 to 7; of the other half A
 * likes 1 to 6 and B 7 to 12, whatever their ids are; a fifth likes too little to be asked. */
static kino_eval_report evaluate(bool tuning)
{
    static kino_eval_report report;
    int64_t users[] = {11, 12, 13, 14};
    kino_error err = {0};
    qsort(users, 4, sizeof *users, by_number);
    FILE *f = fopen(path[1], "w");
    fputs("userId,movieId,rating,timestamp\n", f);
    rate_films(f, users[0], 1, 1);
    rate_films(f, users[1], 2, 7);
    rate_films(f, users[2], 1, 13);
    rate_films(f, users[3], 7, 19);
    for (int i = 0; i < 5; i++)
        fprintf(f, "15,%d,5,1000\n", 101 + i);
    fclose(f);
    kino *k = catalogue_of(20);
    const kino_eval_request req = {.ratings = path[1], .links = path[2], .tuning = tuning};
    if (kino_eval(k, &req, &report, &err))
        fail_msg("%s", err.text);
    kino_close(k);
    return report;
}

static void the_figures_are_those_worked_out(void **state)
{
    (void)state;
    const kino_eval_report r = evaluate(false);
    const kino_eval_row *p = row_of(&r, "one seed", "popularity");
    double gain = 0, inverse = 0, other = 0;
    assert_int_equal(r.films, 20);
    assert_int_equal(r.users, 2);
    assert_int_equal(p->questions, 10);
    assert_int_equal(p->users, 2);
    /* A's n-th like shares its place with those up to 6: ranks 2, 1.5, 1, .5, 0. B's come behind six, among what nobody
     * likes: 12, 11.5, 11, 10.5, 10, none of which is a hit. */
    for (int n = 0; n < 5; n++) {
        const double a = 2 - .5 * n, b = 12 - .5 * n;
        gain += 1 / log2(a + 2) / 5;
        inverse += 1 / (a + 1) / 5;
        other += 1 / (b + 1) / 5;
    }
    assert_true(near(p->hit_rate.value, .5) && near(p->hit_rate.low, 0) && near(p->hit_rate.high, 1));
    assert_true(near(p->ndcg.value, gain / 2) && near(p->ndcg.low, 0) && near(p->ndcg.high, gain));
    assert_true(near(p->mrr.value, (inverse + other) / 2) && near(p->mrr.low, other) && near(p->mrr.high, inverse));
    /* A's lists are n to n + 9, from 2 to 15 in all: 2 to 6 are liked twice, 7 once, the others by nobody. B's are 2 to
     * 6, 1, and the first four of those from 8 on that were not seen, up to 15. */
    assert_true(near(p->coverage, 15.0 / 20));
    /* The seed that B likes last is liked by one who likes 2 to 7 too; that A likes last by both. */
    const kino_eval_row *knn = row_of(&r, "one seed", "ItemKNN");
    assert_true(near(knn->hit_rate.value, .9));
    /* With five seeds and the whole history only the last like is left. */
    assert_int_equal(row_of(&r, "five seeds", "ItemKNN")->questions, 2);
    assert_int_equal(row_of(&r, "whole history", "popularity")->questions, 2);
    assert_true(near(row_of(&r, "whole history", "popularity")->mrr.value, (1 / 1. + 1 / 11.) / 2));
    /* Four fifths of all 29 likes come before B's last, 12, which is the only question: behind 1 to 6, among nine. */
    p = row_of(&r, "after a date", "popularity");
    assert_int_equal(p->questions, 1);
    assert_int_equal(p->users, 1);
    assert_true(near(p->mrr.value, 1 / 11.));
}

/* The other half: what A and B like is what is learned. */
static void the_tuning_half_is_asked_instead(void **state)
{
    (void)state;
    const kino_eval_report r = evaluate(true);
    const kino_eval_row *p = row_of(&r, "one seed", "popularity");
    double inverse = 0;
    assert_int_equal(r.users, 2);
    assert_int_equal(p->questions, 10);
    /* 1 to 12 are liked once each: of those that are left, 11 to 7, the target is the middle. */
    for (int n = 1; n <= 5; n++) {
        const double rank = (12 - n - 1) / 2.0;
        inverse += 2 / (rank + 1) / 10;
    }
    assert_true(near(p->mrr.value, inverse));
    assert_true(near(p->hit_rate.value, 1));
}

/* Fame is the share of films with fewer votes. */
static void a_lists_fame_is_of_its_films(void **state)
{
    (void)state;
    const kino_eval_report r = evaluate(false);
    const kino_eval_row *p = row_of(&r, "whole history", "popularity");
    /* A, who has seen 1 to 5: 6, 7, then 8 to 15. B, who has seen 7 to 11: 1 to 6, then 12 to 15. */
    assert_true(
        near(p->fame,
             ((5 + 6 + 7 + 8 + 9 + 10 + 11 + 12 + 13 + 14) + (0 + 1 + 2 + 3 + 4 + 5 + 11 + 12 + 13 + 14)) / 20. / 20));
    assert_true(near(p->coverage, 15.0 / 20));
}

/* Two users who like 70 of 80 films in the same order: of the n-th like the 70 - n behind it are as popular. */
static void long_histories_are_asked_in_part(void **state)
{
    (void)state;
    enum { ALL = 80, LIKES = 70 };
    static kino_eval_report r;
    kino_error err = {0};
    kino *k = catalogue_of(ALL);
    FILE *f = fopen(path[1], "w");
    fputs("userId,movieId,rating,timestamp\n", f);
    for (int user = 1; user <= 2; user++)
        for (int i = 0; i < LIKES; i++)
            fprintf(f, "%d,%d,5,%d\n", user, 101 + i, 10 + i);
    fclose(f);
    const kino_eval_request req = {.ratings = path[1], .links = path[2]};
    if (kino_eval(k, &req, &r, &err))
        fail_msg("%s", err.text);
    assert_int_equal(row_of(&r, "one seed", "popularity")->questions, 60); /* the second like to the 61st */
    assert_int_equal(row_of(&r, "five seeds", "ItemKNN")->questions, 16);  /* the sixth to the 21st */
    const kino_eval_row *p = row_of(&r, "whole history", "popularity");
    assert_int_equal(p->questions, 2); /* the last two */
    assert_true(near(p->mrr.value, (1 / 1.5 + 1 / 1.) / 2));
    kino_close(k);
}

/* A list of ten needs films that are not in it. */
static void ten_films_are_too_few(void **state)
{
    (void)state;
    kino_error err = {0};
    for (int films = 10; films <= 11; films++) {
        kino *k = catalogue_of(films);
        kino_bench b = {0};
        assert_int_equal(kino_bench_open(k, "test", &b, &err), films == 10 ? KINO_USAGE : KINO_OK);
        kino_bench_close(&b);
        kino_close(k);
    }
}

static void too_few_users_are_refused(void **state)
{
    (void)state;
    static kino_eval_report report;
    kino_error err = {0};
    evaluate(false);
    kino *k = open_catalogue();
    kino_eval_request req = {.ratings = path[1], .links = path[2]};
    FILE *f = fopen(path[1], "w");
    fputs("userId,movieId,rating,timestamp\n", f);
    rate_films(f, 1, 1, 1);
    for (int i = 0; i < 5; i++)
        fprintf(f, "2,%d,5,1\n", 101 + i);
    fclose(f);
    assert_int_equal(kino_eval(k, &req, &report, &err), KINO_USAGE);
    f = fopen(path[1], "a");
    fprintf(f, "2,106,4,9\n"); /* the sixth like */
    fclose(f);
    assert_int_equal(kino_eval(k, &req, &report, &err), KINO_OK);
    kino_close(k);
}

/* ---- kino's own methods ---- */

/* The front of a method's scores is the list that kino_recommend gives, in its order. */
static void the_bench_answers_as_the_program_does(void **state)
{
    (void)state;
    enum { MADE = 600, RATED = 9 };
    kino_error err = {0};
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    if (made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, MADE, false, &err))
        fail_msg("%s", err.text);
    kino *k = open_catalogue();
    kino_bench b = {0};
    assert_int_equal(kino_bench_open(k, "test", &b, &err), KINO_OK);
    kino_rating own[RATED];
    kino_rater one = {1, 0, RATED, RATED, false};
    b.ratings = (kino_ratings){own, RATED, &one, 1};
    for (size_t n = 0; n < 20; n++) {
        for (size_t i = 0; i < RATED; i++)
            own[i] = (kino_rating){1, (int64_t)i, (uint32_t)((n * 37 + i * 101) % MADE), 5, i != 3};
        const kino_question q = {0, RATED - 2, RATED - 1};
        const struct {
            const kino_method *m;
            kino_query q;
        } asked[] = {
            {&kino_eval_one[0], {.like_count = 1}},
            {&kino_eval_one[1], {.like_count = 1, .diversity = -1, .sequels = true}},
            {&kino_eval_one[2], {.like_count = 1, .popularity = .5}},
            {&kino_eval_one[3], {.like_count = 1, .popularity = 1}},
            {&kino_eval_five[1], {.like_count = 5}},
            {&kino_eval_history[0], {.like_count = RATED - 2}},
        };
        for (size_t a = 0; a < sizeof asked / sizeof *asked; a++) {
            double score[MADE];
            size_t seeds[KINO_EVAL_SEEDS];
            int64_t like[RATED], unseen[RATED];
            kino_query ask = asked[a].q;
            kino_results *list = NULL;
            const size_t most = asked[a].m->seeds ? asked[a].m->seeds : KINO_EVAL_SEEDS;
            assert_int_equal(kino_question_seeds(&b.ratings, &q, most, seeds), ask.like_count);
            for (size_t i = 0; i < ask.like_count; i++)
                like[i] = MADE_FIRST + (int64_t)seeds[i];
            for (size_t i = 0; i + 1 < RATED; i++)
                unseen[i] = MADE_FIRST + own[i].row;
            ask.like = like;
            ask.unseen = unseen;
            ask.unseen_count = RATED - 1;
            assert_int_equal(kino_recommend(k, &ask, &list, &err), KINO_OK);
            asked[a].m->score(&b, asked[a].m, &q, seeds, ask.like_count, score);
            for (size_t i = 0; i + 1 < RATED; i++)
                score[own[i].row] = -INFINITY;
            for (size_t i = 0; i < list->count; i++) {
                size_t best = 0;
                for (size_t f = 1; f < MADE; f++)
                    best = score[f] > score[best] ? f : best;
                assert_int_equal(MADE_FIRST + best, list->items[i].movie->id);
                score[best] = -INFINITY;
            }
            kino_results_free(list);
        }
    }
    b.ratings = (kino_ratings){0};
    kino_bench_close(&b);
    kino_close(k);
}

/* ---- kino_tune ---- */

/* What was fitted is drawn towards the program's own weights by the number of likes, and those of one person's likes
 * that are held out are the last fifth. */
static void tuned_weights_are_mixed_by_hand(void **state)
{
    (void)state;
    enum { MADE = 200, LIKES = 50 };
    kino_error err = {0};
    kino_tune_report r;
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    if (made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, MADE, false, &err))
        fail_msg("%s", err.text);
    FILE *f = fopen(path[1], "w");
    fputs("tmdbId,Rating10,Date\n", f);
    for (int i = 0; i < LIKES; i++)
        fprintf(f, "%d,%d,2020-%02d-%02d\n", MADE_FIRST + i * 3, i % 2 ? 8 : 10, 1 + i / 25, 1 + i % 25);
    fprintf(f, "%d,7,2021-01-01\n", MADE_FIRST + 160); /* a mark too low for a like */
    fclose(f);
    kino *k = open_catalogue();
    const kino_tune_request req = {.ratings = path[1], .dry_run = true};
    if (kino_tune(k, &req, &r, &err))
        fail_msg("%s", err.text);
    assert_int_equal(r.questions + r.held_out, LIKES - 1);
    assert_int_equal(r.held_out, LIKES / 5);
    const double share = (double)r.questions / ((double)r.questions + 500);
    double before = 0, fitted = 0;
    for (size_t p = 0; p < r.part_count; p++) {
        const kino_tuned_part *t = &r.parts[p];
        if (isnan(t->fitted)) {
            assert_true(t->after == t->before);
            continue;
        }
        assert_true(near(t->after, nearbyint(1000 * (share * t->fitted + (1 - share) * t->before)) / 1000));
        assert_true(t->fitted >= 0);
        before += t->before;
        fitted += t->fitted;
    }
    assert_true(before > .5 && near(before, fitted));
    assert_false(r.saved);
    kino_close(k);
}

static kino_status tune(kino *k, kino_tune_report *r)
{
    const kino_tune_request req = {.ratings = path[1], .dry_run = true};
    kino_error err = {0};
    return kino_tune(k, &req, r, &err);
}

/* One person's 26 likes make twenty questions to learn from and five to judge by; 25 are too few. */
static void twenty_questions_are_the_least(void **state)
{
    (void)state;
    kino *k = catalogue_of(40);
    for (int likes = 25; likes <= 26; likes++) {
        kino_tune_report r;
        FILE *f = fopen(path[1], "w");
        fputs("tmdbId,Rating10,Date\n", f);
        for (int i = 0; i < likes; i++)
            fprintf(f, "%d,8,2020-01-%02d\n", 1 + i, 1 + i);
        fclose(f);
        assert_int_equal(tune(k, &r), likes == 25 ? KINO_USAGE : KINO_OK);
        assert_int_equal(r.questions, likes - 6);
        assert_int_equal(r.held_out, 5);
    }
    kino_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(questions_are_likes_but_the_first),
        cmocka_unit_test(ranks_and_lists_are_those_worked_out),
        cmocka_unit_test(a_rating_that_changed_is_asked_for),
        cmocka_unit_test(neighbours_are_scored_by_hand),
        cmocka_unit_test(the_figures_are_those_worked_out),
        cmocka_unit_test(the_tuning_half_is_asked_instead),
        cmocka_unit_test(a_lists_fame_is_of_its_films),
        cmocka_unit_test(long_histories_are_asked_in_part),
        cmocka_unit_test(ten_films_are_too_few),
        cmocka_unit_test(too_few_users_are_refused),
        cmocka_unit_test(the_bench_answers_as_the_program_does),
        cmocka_unit_test(tuned_weights_are_mixed_by_hand),
        cmocka_unit_test(twenty_questions_are_the_least),
    };
    return cmocka_run_group_tests_name("eval_figures", tests, make_folder, drop_folder);
}
