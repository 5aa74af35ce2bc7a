/* Where candidates come in: what the rough score and the graph find of the naive ranker's list, how many films are scored,
 * and words. Scores of vectors that are not exact may be two grains off, their order likewise. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "made.h"
#include "oracle.h"
#include "rank/candidates.h"

enum { FILMS = 3000, TOP = 10 };

static char folder[64], data_dir[96], sample_dir[96];
static kino *exact, *graph, *sample;
static oracle *o, *of_sample;

static kino *opened(const char *dir, kino_index_kind index)
{
    kino_options opt = {.data_dir = dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2, .index = index};
    kino_error err = {0};
    kino *k = NULL;
    if (kino_open(&opt, &k, &err))
        print_error("%s\n", err.text);
    return k;
}

static int make_catalogues(void **state)
{
    (void)state;
    kino_error err = {0};
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 5, .seed = 7};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/made", folder);
    snprintf(sample_dir, sizeof sample_dir, "%s/sample", folder);
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    kino_status st = made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, FILMS, false, &err);
    opt.data_dir = sample_dir;
    if (st || kino_build(&opt, &req, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    exact = opened(data_dir, KINO_INDEX_EXACT);
    graph = opened(data_dir, KINO_INDEX_HNSW);
    sample = opened(sample_dir, KINO_INDEX_EXACT);
    if (!exact || !graph || !sample)
        return -1;
    o = oracle_new(exact, data_dir);
    of_sample = oracle_new(sample, sample_dir);
    return 0;
}

static int drop_catalogues(void **state)
{
    (void)state;
    char command[160];
    oracle_free(o);
    oracle_free(of_sample);
    kino_close(exact);
    kino_close(graph);
    kino_close(sample);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- comparing ---- */

static kino_results *answer(kino *k, const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    return r;
}

/* A film's parts are the oracle's: those of vectors nearly, all others to the bit. */
static void same_parts(const kino_result *a, const oracle_rated *b)
{
    double sum = 0;
    for (size_t i = 0; i < a->part_count; i++) {
        const size_t p = oracle_part(a->parts[i].name);
        const double allowed = p == oracle_part("plot") || p == oracle_part("profile") ? ORACLE_NEAR : 0;
        sum += a->parts[i].value;
        if (!(fabs(a->parts[i].value - b->parts[p]) <= allowed))
            fail_msg("film %lld: %s is %.9f, and the oracle says %.9f", (long long)a->movie->id, a->parts[i].name,
                     a->parts[i].value, b->parts[p]);
    }
    assert_true(a->score == sum);
    assert_int_equal(a->seed, b->seed);
}

static const oracle_rated *rated_film(const oracle_rated *all, size_t count, int64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (all[i].film->movie->id == id)
            return &all[i];
    fail_msg("film %lld may not be answered", (long long)id);
    return NULL;
}

/* Of a question without diversity and with sequels: the list is the front of all films, but for films of nearly the
 * same score. */
static void same_list(kino *k, const oracle *naive, const kino_query *q)
{
    oracle_rated *all = calloc(naive->count, sizeof *all);
    const size_t among = oracle_rank(naive, q, all), wanted = q->k ? q->k : TOP;
    kino_results *r = answer(k, q);
    assert_int_equal(r->count, wanted < among ? wanted : among);
    for (size_t i = 0; i < r->count; i++) {
        same_parts(&r->items[i], rated_film(all, among, r->items[i].movie->id));
        if (r->items[i].movie->id != all[i].film->movie->id)
            assert_true(fabs(r->items[i].score - all[i].score) <= 2 * ORACLE_NEAR);
        assert_true(!i || r->items[i].score < r->items[i - 1].score ||
                    (r->items[i].score == r->items[i - 1].score && r->items[i].movie->id > r->items[i - 1].movie->id));
    }
    kino_results_free(r);
    free(all);
}

/* ---- the sample ---- */

/* More are asked for than the index would leave out: what every film gives. */
static void the_sample_is_ranked_as_the_oracle_does(void **state)
{
    (void)state;
    static const char *const about[] = {NULL, "a robot that wants to be human", NULL, "love in wartime"};
    static const kino_part weights[] = {{"facts", .5}, {"story", 2}, {"language", 3}};
    for (size_t i = 0; i < of_sample->count; i += 29) {
        const int64_t like[] = {of_sample->films[i].movie->id, of_sample->films[(i + 100) % 690].movie->id},
                      dislike[] = {of_sample->films[(i + 200) % 690].movie->id};
        const kino_query q = {.like = like,
                              .like_count = 1 + i % 2,
                              .dislike = dislike,
                              .dislike_count = i % 3 == 0,
                              .k = 300,
                              .about = about[i % 4],
                              .reading = KINO_READ_PLAINLY,
                              .about_weight = i % 8 < 4 ? 0 : 1.5,
                              .diversity = -1,
                              .sequels = true,
                              .popularity = i % 5 ? 0 : .4,
                              .weights = weights,
                              .weight_count = i % 3 == 1 ? 3 : 0};
        same_list(sample, of_sample, &q);
    }
}

/* ---- candidates ---- */

/* How many of the oracle's first ten are in the answer, all of which is scored as the oracle does it. */
static size_t found_of_ten(kino *k, const kino_query *q)
{
    oracle_rated *rated = calloc(o->count, sizeof *rated);
    const size_t among = oracle_rank(o, q, rated);
    kino_results *r = answer(k, q);
    size_t found = 0;
    assert_int_equal(r->count, TOP);
    for (size_t x = 0; x < TOP; x++) {
        same_parts(&r->items[x], rated_film(rated, among, r->items[x].movie->id));
        assert_true(!x || r->items[x].score <= r->items[x - 1].score);
        found += r->items[x].score >= rated[TOP - 1].score - 2 * ORACLE_NEAR;
    }
    kino_results_free(r);
    free(rated);
    return found;
}

typedef enum kind {
    ONE_SEED,
    THREE_SEEDS,
    WITH_WORDS,
    DISLIKED,
    MUCH_PLOT,
    LITTLE_FACTS,
    POPULAR,
    FILTERED,
    KINDS
} kind;

/* What the rough score leaves out is little, whatever is asked, and with graph or without. */
static void few_of_the_best_are_missed(void **state)
{
    (void)state;
    static const char *const names[KINDS] = {"one seed",  "three seeds",  "with words", "disliked",
                                             "much plot", "little facts", "popular",    "filtered"};
    static const kino_part plot[] = {{"plot", 20}}, facts[] = {{"facts", .2}};
    enum { EACH = 40 };
    kino *const handles[] = {exact, graph};
    for (size_t h = 0; h < 2; h++)
        for (int of = 0; of < KINDS; of++) {
            size_t found = 0;
            for (size_t i = 0; i < EACH; i++) {
                const int64_t like[] = {MADE_FIRST + (int64_t)(i * 71 % FILMS), MADE_FIRST + (int64_t)(i * 24 % FILMS),
                                        MADE_FIRST + (int64_t)(i * 113 % FILMS)},
                              dislike = MADE_FIRST + (int64_t)(i * 59 % FILMS + 1);
                kino_query q = {.like = like,
                                .like_count = of == THREE_SEEDS ? 3 : 1,
                                .dislike = &dislike,
                                .dislike_count = of == DISLIKED,
                                .about = of == WITH_WORDS ? "film 100" : NULL,
                                .reading = KINO_READ_PLAINLY,
                                .weights = of == MUCH_PLOT ? plot : facts,
                                .weight_count = of == MUCH_PLOT || of == LITTLE_FACTS,
                                .popularity = of == POPULAR ? .8 : 0,
                                .k = TOP,
                                .diversity = -1,
                                .sequels = true};
                if (of == FILTERED)
                    q.filter.year_min = 1990;
                found += found_of_ten(handles[h], &q);
            }
            print_message("%s, %s: %.4f of the best ten\n", h ? "graph" : "scan", names[of],
                          (double)found / (TOP * EACH));
            assert_true((double)found >= .97 * TOP * EACH);
        }
}

/* Each part alone puts films in front that the rough score has to know of. The plot, which it does not know, is all that
 * counts when it counts alone. */
static void each_part_alone_finds_its_films(void **state)
{
    (void)state;
    size_t names;
    const char *const *name = kino_weight_names(&names);
    for (size_t p = 0; p < KINO_PART_POPULARITY; p++) {
        enum { EACH = 10 };
        const kino_part weights[] = {{"all", 0}, {name[p], 1}};
        size_t found = 0;
        for (size_t i = 0; i < EACH; i++) {
            const int64_t like = MADE_FIRST + (int64_t)(i * 211 % FILMS);
            const kino_query q = {.like = &like,
                                  .like_count = 1,
                                  .weights = weights,
                                  .weight_count = 2,
                                  .k = TOP,
                                  .diversity = -1,
                                  .sequels = true};
            found += found_of_ten(exact, &q);
        }
        print_message("%s alone: %.3f\n", name[p], (double)found / (TOP * EACH));
        assert_true((double)found >= .97 * TOP * EACH);
    }
}

/* Few films are left by a filter: they are all there, in the right order, and the tail of the list as well as its head. */
static void few_films_are_all_found(void **state)
{
    (void)state;
    const int64_t like = MADE_FIRST + 5;
    for (int year = 1940; year < 2020; year += 20) {
        kino_query q = {.like = &like,
                        .like_count = 1,
                        .k = 500,
                        .sequels = true,
                        .diversity = -1,
                        .filter = {.year_min = year, .year_max = year + 4}};
        same_list(graph, o, &q);
        same_list(exact, o, &q);
        q.filter.year_max = year;
        same_list(graph, o, &q);
        same_list(exact, o, &q);
    }
}

/* The graph links films by their plots: what asks for a profile too is not for it. */
static void the_graph_is_for_plots(void **state)
{
    (void)state;
    float query[KINO_VECTOR_DIM] = {0};
    query[3] = 1;
    assert_true(kino_suits_graph(query));
    query[KINO_VECTOR_DIM - 1] = .001f;
    assert_false(kino_suits_graph(query));
    query[KINO_VECTOR_DIM - 1] = 0;
    query[KINO_PLOT_DIM] = -.001f;
    assert_false(kino_suits_graph(query));
}

/* What an index is asked with, by hand: the mean of what is liked, less half of what is disliked, and the words, of
 * length 1, times what plots count; then the liked films one by one, the heaviest first, and the words. Of recipe classic
 * the profiles are with them. */
static void an_index_is_asked_for_plots(void **state)
{
    (void)state;
    enum { LIKED = 3 };
    static float query[KINO_CANDIDATE_QUERIES][KINO_VECTOR_DIM], liked[LIKED][KINO_VECTOR_DIM], other[KINO_VECTOR_DIM],
        words[KINO_PLOT_DIM];
    kino_facets films[LIKED] = {{.vector = liked[0]}, {.vector = liked[1]}, {.vector = liked[2]}},
                no = {.vector = other};
    double weights[LIKED] = {.25, .5, .25}, one = 1, plot, profile;
    kino_scorer scorer = {.recipe = KINO_RECIPE_DEFAULT};
    kino_taste t;
    kino_taste_init(&t, &scorer);
    t.like = (kino_seeds){films, weights, 1};
    kino_search_weights(&plot, &profile);
    assert_true(fabs(plot - 1 / 13.25) < 1e-15 && fabs(profile - 12.25 / 13.25) < 1e-15);
    for (size_t i = 0; i < LIKED; i++)
        liked[i][i] = liked[i][KINO_PLOT_DIM + i] = 1;
    other[3] = other[KINO_PLOT_DIM + 3] = 1;
    words[4] = 1;
    assert_int_equal(kino_candidates_queries(&t, 0, query), 1);
    assert_true(query[0][0] == 1 && kino_suits_graph(query[0]));

    t.times[KINO_PART_PLOT] = 1.5;
    t.like.count = LIKED;
    t.dislike = (kino_seeds){&no, &one, 1};
    t.about = words;
    t.about_weight = .75;
    assert_int_equal(kino_candidates_queries(&t, 0, query), 1 + LIKED + 1);
    const double length = sqrt(.0625 + .25 + .0625 + .25 + .5625), plots[] = {.25, .5, .25, -.5, .75},
                 facts = sqrt(.0625 + .25 + .0625 + .25);
    for (size_t d = 0; d < 5; d++)
        assert_true(fabs(query[0][d] - 1.5 * plots[d] / length) < 1e-6);
    const size_t order[LIKED] = {1, 0, 2};
    for (size_t i = 0; i < LIKED; i++)
        assert_true(fabsf(query[1 + i][order[i]] - 1.5f) < 1e-6 && kino_suits_graph(query[1 + i]));
    assert_true(query[1 + LIKED][4] == 1 && kino_suits_graph(query[1 + LIKED]));

    t.times[KINO_PART_PROFILE] = 2; /* where the index knows profiles */
    assert_int_equal(kino_candidates_queries(&t, .7, query), 1 + LIKED + 1);
    for (size_t d = 0; d < 4; d++) {
        assert_true(fabs(query[0][d] - 1.5 * .3 * plots[d] / length) < 1e-6);
        assert_true(fabs(query[0][KINO_PLOT_DIM + d] - 2 * .7 * plots[d] / facts) < 1e-6);
    }

    scorer.recipe = KINO_RECIPE_CLASSIC;
    t.times[KINO_PART_PROFILE] = .5;
    assert_int_equal(kino_candidates_queries(&t, 0, query), 1 + LIKED + 1);
    for (size_t d = 0; d < 4; d++) {
        assert_true(fabs(query[0][d] - 1.5 * plot * plots[d] / length) < 1e-6);
        assert_true(fabs(query[0][KINO_PLOT_DIM + d] - .5 * profile * plots[d] / facts) < 1e-6);
    }
    assert_true(fabs(query[1][KINO_PLOT_DIM + 1] - .5 * profile) < 1e-6);
    assert_true(query[1 + LIKED][4] == 1 && kino_suits_graph(query[1 + LIKED]));

    static float many[12][KINO_VECTOR_DIM];
    kino_facets all[12];
    double even[12];
    for (size_t i = 0; i < 12; i++) {
        all[i] = (kino_facets){.vector = many[i]};
        even[i] = 1 / 12.;
    }
    t.like = (kino_seeds){all, even, 12};
    assert_int_equal(kino_candidates_queries(&t, 0, query),
                     KINO_CANDIDATE_QUERIES); /* eight of twelve have a search of their own */
    t.like.count = 0;
    t.dislike.count = 0;
    assert_int_equal(kino_candidates_queries(&t, 0, query), 1); /* words alone: as they are */
    assert_true(query[0][4] == 1 && query[0][0] == 0 && kino_suits_graph(query[0]));
}

/* ---- how many are scored ---- */

/* A catalogue of its own, of films that tell nothing but what `tell` writes behind the id and title. */
typedef struct own {
    char folder[64], dir[96];
    kino *k;
} own;

static own make_own(const char *columns, int count, void (*tell)(FILE *f, int i),
                    void (*place)(int i, float *plot, float *profile))
{
    own x = {.k = NULL};
    char csv[96];
    kino_error err = {0};
    snprintf(x.folder, sizeof x.folder, "/tmp/kino-test-XXXXXX");
    assert_non_null(mkdtemp(x.folder));
    snprintf(x.dir, sizeof x.dir, "%s/data", x.folder);
    snprintf(csv, sizeof csv, "%s/films.csv", x.folder);
    FILE *f = fopen(csv, "w");
    assert_non_null(f);
    fprintf(f, "id,title%s\n", columns);
    for (int i = 0; i < count; i++) {
        fprintf(f, "%d,Film", i + 1);
        tell(f, i);
        fputs("\n", f);
    }
    fclose(f);
    kino_options opt = {.data_dir = x.dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    kino_build_request req = {.csv = csv, .epochs = 1};
    if (kino_build(&opt, &req, NULL, &err))
        fail_msg("%s", err.text);
    sqlite3 *db = made_open(x.dir);
    for (int i = 0; i < count; i++) {
        float plot[KINO_PLOT_DIM] = {0}, profile[KINO_PROFILE_DIM] = {0};
        place(i, plot, profile);
        assert_int_equal(made_put_vectors(db, i + 1, plot, profile), 0);
    }
    assert_int_equal(made_close(db), 0);
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    x.k = opened(x.dir, KINO_INDEX_EXACT);
    return x;
}

static void drop_own(own *x)
{
    char command[160];
    kino_close(x->k);
    snprintf(command, sizeof command, "rm -rf '%s'", x->folder);
    assert_int_equal(system(command), 0);
}

/* Films of which nothing but the plot tells them apart, ever nearer to the first: the rough score, which is without the
 * plot, takes those of the lowest rows. */
static void tell_the_same(FILE *f, int i)
{
    (void)i;
    fputs(",2000-01-01,1000,5", f);
}

static void place_ever_nearer(int i, float *plot, float *profile)
{
    const float angle = i ? 1.5f - .001f * (float)i : 0;
    plot[0] = cosf(angle);
    plot[1] = sinf(angle);
    profile[0] = 1;
}

/* The answer is the last film that was scored. */
static void so_many_films_are_scored(void **state)
{
    (void)state;
    own x = make_own(",release_date,vote_count,vote_average", 1300, tell_the_same, place_ever_nearer);
    const int64_t first = 1;
    for (size_t wanted = 1; wanted <= 7; wanted += 6)
        for (int popular = 0; popular < 2; popular++) {
            const kino_query q = {
                .like = &first, .like_count = 1, .k = wanted, .popularity = popular * .001, .diversity = -1};
            kino_results *r = answer(x.k, &q);
            assert_int_equal(r->items[0].movie->id, 1 + (popular ? 1000 : 150) + 2 * wanted);
            kino_results_free(r);
        }
    /* Once the plot weighs more than twice what it does, the nearest plots are scored too, whatever else is said. */
    for (int i = 0; i < 2; i++) {
        const kino_part plot = {"plot", i ? 2.2 : 1.8};
        const kino_query q = {
            .like = &first, .like_count = 1, .k = 7, .weights = &plot, .weight_count = 1, .diversity = -1};
        kino_results *r = answer(x.k, &q);
        assert_int_equal(r->items[0].movie->id, i ? 1300 : 1 + 150 + 14);
        kino_results_free(r);
    }
    drop_own(&x);
}

/* The nearest six hundred are of one collection; plots lead away from the first film. */
enum { COLLECTED = 600 };

static void tell_collection(FILE *f, int i)
{
    fputs(i && i <= COLLECTED ? ",\"{'id': 5, 'name': 'All of them'}\"" : ",", f);
}

static void place_ever_farther(int i, float *plot, float *profile)
{
    double length = 0, angle = .001 * i;
    for (int d = 1; d < KINO_PLOT_DIM; d++) {
        plot[d] = kino_random_unit(3, (uint64_t)i, (uint64_t)d) - .5f;
        length += (double)plot[d] * plot[d];
    }
    plot[0] = (float)cos(angle);
    for (int d = 1; d < KINO_PLOT_DIM; d++)
        plot[d] = (float)(sin(angle) * plot[d] / sqrt(length));
    profile[0] = 1;
}

/* One of the collection is taken; the films that are taken then come far behind, and are as exactly scored. */
static void the_search_goes_on_until_there_are_enough(void **state)
{
    (void)state;
    own x = make_own(",belongs_to_collection", 900, tell_collection, place_ever_farther);
    oracle *naive = oracle_new(x.k, x.dir);
    const int64_t first = 1;
    for (size_t wanted = 2; wanted < 60; wanted += 19) {
        oracle_rated *want = calloc(naive->count, sizeof *want);
        const kino_query q = {.like = &first, .like_count = 1, .k = wanted, .diversity = -1};
        assert_int_equal(oracle_answer(naive, &q, want), wanted);
        kino_results *r = answer(x.k, &q);
        assert_int_equal(r->count, wanted);
        for (size_t i = 0; i < wanted; i++) {
            assert_int_equal(r->items[i].movie->id, want[i].film->movie->id);
            same_parts(&r->items[i], &want[i]);
        }
        assert_true(r->items[0].movie->id <= COLLECTED + 1);
        assert_true(r->items[1].movie->id > COLLECTED + 1);
        kino_results_free(r);
        free(want);
    }
    oracle_free(naive);
    drop_own(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_sample_is_ranked_as_the_oracle_does),
        cmocka_unit_test(few_of_the_best_are_missed),
        cmocka_unit_test(each_part_alone_finds_its_films),
        cmocka_unit_test(few_films_are_all_found),
        cmocka_unit_test(the_graph_is_for_plots),
        cmocka_unit_test(an_index_is_asked_for_plots),
        cmocka_unit_test(so_many_films_are_scored),
        cmocka_unit_test(the_search_goes_on_until_there_are_enough),
    };
    return cmocka_run_group_tests_name("oracle_graph", tests, make_catalogues, drop_catalogues);
}
