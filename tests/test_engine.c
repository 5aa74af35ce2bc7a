/* test_engine.c - the library through its public header: build, open, find, recommend, add, remove, embed; and what it
 * refuses. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "kino.h"

static char folder[64], data_dir[96];
static kino_build_report report;

static const char *weights(void)
{
    const char *path = getenv("KINO_TEST_WEIGHTS");
    return path ? path : NULL;
}

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = weights(), .threads = 2};
}

static kino_status build(const char *csv, int epochs, kino_error *err)
{
    kino_options opt = options();
    kino_build_request req = {.csv = csv, .epochs = epochs, .seed = 7};
    return kino_build(&opt, &req, &report, err);
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    if (build("data/sample.csv", 30, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int drop_catalogue(void **state)
{
    (void)state;
    char command[160];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

static kino *opened(void)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_error err = {0};
    if (kino_open(&opt, &k, &err))
        fail_msg("%s", err.text);
    return k;
}

static int64_t id_of(kino *k, const char *title)
{
    int64_t id = 0;
    kino_error err = {0};
    if (kino_resolve(k, title, false, &id, NULL, &err))
        fail_msg("%s", err.text);
    return id;
}

static kino_results *recommend(kino *k, const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    return r;
}

static bool contains(const kino_results *r, const char *title)
{
    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->items[i].movie->title, title))
            return true;
    return false;
}

static void a_second_build_reuses_everything(void **state)
{
    (void)state;
    kino_error err = {0};
    size_t films = report.films;
    assert_true(report.films >= 500 && report.trained && report.embedded == films);
    assert_int_equal(build("data/sample.csv", 30, &err), KINO_OK);
    assert_int_equal(report.embedded, 0);
    assert_int_equal(report.reused, films);
    assert_false(report.trained);
}

static void neighbours_are_related(void **state)
{
    (void)state;
    kino *k = opened();
    int64_t alien = id_of(k, "Alien");
    kino_query q = {.like = &alien, .like_count = 1, .k = 10};
    kino_results *r = recommend(k, &q);
    assert_int_equal(r->count, 10);
    assert_true(contains(r, "Aliens"));
    assert_false(contains(r, "Alien"));
    for (size_t i = 0; i < r->count; i++) {
        const kino_result *one = &r->items[i];
        double sum = 0;
        for (size_t p = one->part_count; p-- > 0;)
            sum += one->parts[p].value;
        assert_true(sum == one->score); /* to the last bit, in any order */
        assert_true(i == 0 || one->score <= r->items[i - 1].score);
    }
    kino_results *again = recommend(k, &q);
    for (size_t i = 0; i < r->count; i++)
        assert_true(r->items[i].movie->id == again->items[i].movie->id && r->items[i].score == again->items[i].score);
    kino_results_free(again);
    kino_results_free(r);
    kino_close(k);
}

static void exact_and_graph_agree(void **state)
{
    (void)state;
    kino_options opt = options();
    kino *exact = opened(), *graph = NULL;
    opt.index = KINO_INDEX_HNSW;
    assert_int_equal(kino_open(&opt, &graph, NULL), KINO_OK);
    static const char *const titles[] = {"Alien", "Casablanca", "Metropolis", "Psycho"};
    int same = 0;
    for (size_t t = 0; t < 4; t++) {
        int64_t id = id_of(exact, titles[t]);
        kino_query q = {.like = &id, .like_count = 1, .k = 10};
        kino_results *a = recommend(exact, &q), *b = recommend(graph, &q);
        assert_int_equal(a->count, b->count);
        for (size_t i = 0; i < a->count; i++)
            for (size_t j = 0; j < b->count; j++)
                same += a->items[i].movie->id == b->items[j].movie->id;
        kino_results_free(a);
        kino_results_free(b);
    }
    assert_true(same >= 38); /* of 40 */
    kino_close(exact);
    kino_close(graph);
}

static void filters_act_before(void **state)
{
    (void)state;
    kino *k = opened();
    int64_t alien = id_of(k, "Alien");
    kino_query q = {.like = &alien, .like_count = 1, .k = 10};
    q.filter.languages[0] = "FR";
    q.filter.language_count = 1;
    q.filter.genres[0] = "drama";
    q.filter.genre_count = 1;
    q.filter.year_min = 1930;
    q.filter.runtime_max = 200;
    kino_results *r = recommend(k, &q);
    assert_int_equal(r->count, 10);
    for (size_t i = 0; i < r->count; i++) {
        assert_string_equal(r->items[i].movie->language, "fr");
        assert_true(r->items[i].movie->year >= 1930 && r->items[i].movie->runtime <= 200);
    }
    kino_results_free(r);
    q.filter.min_votes = INT64_MAX;
    r = recommend(k, &q);
    assert_int_equal(r->count, 0);
    kino_results_free(r);
    kino_close(k);
}

static void several_seeds_words_and_weights(void **state)
{
    (void)state;
    kino *k = opened();
    int64_t like[2] = {id_of(k, "Alien"), id_of(k, "Casablanca")}, not = id_of(k, "Aliens");
    const kino_part weights[] = {{"facts", 0}, {"plot", 2}};
    kino_query q = {.like = like,
                    .like_count = 2,
                    .dislike = &not,
                    .dislike_count = 1,
                    .about = "love in wartime",
                    .k = 20,
                    .weights = weights,
                    .weight_count = 2};
    kino_results *r = recommend(k, &q);
    assert_int_equal(r->count, 20);
    assert_false(contains(r, "Alien") || contains(r, "Aliens") || contains(r, "Casablanca"));
    for (size_t i = 0; i < r->count; i++)
        for (size_t p = 0; p < r->items[i].part_count; p++)
            assert_true(r->items[i].parts[p].value == 0 || strcmp(r->items[i].parts[p].name, "era") != 0);
    kino_results_free(r);
    kino_query words = {.about = "a robot or a machine that turns against its makers", .k = 10};
    r = recommend(k, &words);
    assert_int_equal(r->count, 10);
    assert_true(contains(r, "The Terminator") || contains(r, "Blade Runner") || contains(r, "Metropolis") ||
                contains(r, "2001: A Space Odyssey"));
    kino_results_free(r);
    kino_close(k);
}

static void titles_are_found(void **state)
{
    (void)state;
    kino *k = opened();
    kino_error err = {0};
    kino_matches *m = NULL;
    int64_t id = 0, first = 0;
    assert_int_equal(kino_resolve(k, "Hamlet", false, &id, &m, &err), KINO_AMBIGUOUS);
    assert_true(m->count >= 3);
    for (size_t i = 0; i < m->count; i++)
        assert_string_equal(m->items[i].title, "Hamlet");
    kino_matches_free(m);
    m = NULL;
    assert_int_equal(kino_resolve(k, "hamlet (1996)", false, &id, NULL, &err), KINO_OK);
    assert_int_equal(kino_resolve(k, "Hamlet", true, &first, NULL, &err), KINO_OK);
    assert_true(id > 0 && first > 0);
    assert_int_equal(kino_resolve(k, "no such film at all", false, &id, &m, &err), KINO_NOT_FOUND);
    assert_non_null(m);
    kino_matches_free(m);
    assert_int_equal(kino_find(k, "casablanca", 5, &m, &err), KINO_OK);
    assert_string_equal(m->items[0].title, "Casablanca");
    assert_string_equal(m->items[0].match, "folded");
    kino_matches_free(m);
    assert_int_equal(kino_find(k, "x", 0, &m, &err), KINO_USAGE);
    kino_close(k);
}

static void films_come_and_go(void **state)
{
    (void)state;
    kino *k = opened(), *other = NULL;
    kino_error err = {0};
    kino_info before, after;
    kino_named genres[] = {{878, "Science Fiction"}, {27, "Horror"}};
    kino_movie m = {.id = 999000001,
                    .imdb_id = "",
                    .title = "The Thing in the Hold",
                    .original_title = "The Thing in the Hold",
                    .language = "en",
                    .date = "2031-05-05",
                    .year = 2031,
                    .runtime = 117,
                    .rating = 8,
                    .votes = 4500,
                    .popularity = NAN,
                    .overview = "The crew of a mining spaceship answers a distress call and brings a "
                                "deadly alien creature on board that hunts them through the corridors one by one.",
                    .tagline = "",
                    .status = "Released",
                    .poster_path = "",
                    .collection = {0, ""},
                    .genres = {genres, 2}};
    const kino_movie *list[] = {&m};
    assert_int_equal(kino_get_info(k, &before, &err), KINO_OK);
    assert_int_equal(kino_add(k, list, 1, &err), KINO_OK);
    assert_int_equal(kino_get_info(k, &after, &err), KINO_OK);
    assert_int_equal(after.films, before.films + 1);
    assert_true(after.generation > before.generation);
    int64_t alien = id_of(k, "Alien");
    const kino_part story[] = {{"facts", 0}, {"people", 0}};
    kino_query q = {.like = &alien, .like_count = 1, .k = 10, .weights = story, .weight_count = 2};
    kino_results *r = recommend(k, &q);
    assert_true(contains(r, "The Thing in the Hold"));
    kino_results_free(r);
    kino_options opt = options();
    assert_int_equal(kino_open(&opt, &other, &err), KINO_OK); /* it is on disk */
    kino_movie *copy = NULL;
    assert_int_equal(kino_movie_get(other, m.id, &copy, &err), KINO_OK);
    assert_string_equal(copy->overview, m.overview);
    assert_int_equal(copy->genres.count, 2);
    kino_movie_free(copy);
    kino_close(other);
    size_t removed = 0;
    assert_int_equal(kino_remove(k, (int64_t[]){m.id, 1234567890}, 2, &removed, &err), KINO_OK);
    assert_int_equal(removed, 1);
    r = recommend(k, &q);
    assert_false(contains(r, "The Thing in the Hold"));
    kino_results_free(r);
    assert_int_equal(kino_movie_get(k, m.id, &copy, &err), KINO_NOT_FOUND);
    m.id = 0;
    assert_int_equal(kino_add(k, list, 1, &err), KINO_USAGE);
    kino_close(k);
}

/* One film is "godfather" but for the case, the other but for the article. */
static void known_films_are_not_hidden(void **state)
{
    (void)state;
    kino *k = opened();
    kino_error err = {0};
    kino_matches *candidates = NULL;
    kino_movie m = {.id = 134474,
                    .imdb_id = "",
                    .title = "Godfather",
                    .original_title = "Godfather",
                    .language = "ml",
                    .date = "1991-11-15",
                    .year = 1991,
                    .runtime = 150,
                    .rating = 7,
                    .votes = 4,
                    .popularity = NAN,
                    .overview = "Four brothers have sworn never to let a woman into their house.",
                    .tagline = "",
                    .status = "Released",
                    .poster_path = "",
                    .collection = {0, ""}};
    const kino_movie *list[] = {&m};
    int64_t id = 0;
    assert_int_equal(kino_add(k, list, 1, &err), KINO_OK);
    assert_int_equal(kino_resolve(k, "godfather", false, &id, &candidates, &err), KINO_AMBIGUOUS);
    assert_string_equal(candidates->items[0].title, "The Godfather");
    assert_string_equal(candidates->items[candidates->count - 1].title, "Godfather");
    kino_matches_free(candidates);
    assert_int_equal(kino_resolve(k, "godfather", true, &id, NULL, &err), KINO_OK);
    assert_int_equal(id, 238);
    assert_int_equal(kino_resolve(k, "Godfather", false, &id, NULL, &err), KINO_OK);
    assert_int_equal(id, m.id);
    assert_int_equal(kino_remove(k, &m.id, 1, NULL, &err), KINO_OK);
    kino_close(k);
}

static void questions_that_make_no_sense_are_refused(void **state)
{
    (void)state;
    kino *k = opened();
    kino_error err = {0};
    kino_results *r = NULL;
    int64_t alien = id_of(k, "Alien"), nobody = 123456789;
    const kino_part below = {"plot", -1}, no_number = {"plot", NAN};
    kino_query none = {.k = 5}, many = {.like = &alien, .like_count = 1, .k = KINO_MAX_K + 1},
               unknown = {.like = &nobody, .like_count = 1},
               negative = {.like = &alien, .like_count = 1, .weights = &below, .weight_count = 1},
               nan_weight = {.like = &alien, .like_count = 1, .weights = &no_number, .weight_count = 1};
    assert_int_equal(kino_recommend(k, &none, &r, &err), KINO_USAGE);
    assert_int_equal(kino_recommend(k, &many, &r, &err), KINO_USAGE);
    assert_int_equal(kino_recommend(k, &unknown, &r, &err), KINO_NOT_FOUND);
    assert_int_equal(kino_recommend(k, &negative, &r, &err), KINO_USAGE);
    assert_int_equal(kino_recommend(k, &nan_weight, &r, &err), KINO_USAGE);
    assert_null(r);
    kino_close(k);
}

static volatile sig_atomic_t stop;

static void stop_while_embedding(void *ctx, const kino_progress *p)
{
    (void)ctx;
    if (!strcmp(p->stage, "embed") && p->done > 0)
        stop = 1;
}

static void an_interrupted_build_leaves_the_old_catalogue(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    kino *k = opened();
    kino_info before, after;
    char csv[128];
    snprintf(csv, sizeof csv, "%s/other.csv", folder);
    FILE *f = fopen(csv, "w");
    assert_non_null(f);
    fputs("id,title,genres,overview\n", f);
    for (int i = 1; i <= 3000; i++)
        fprintf(f, "%d,Film %d,[],A plot number %d about a lighthouse keeper.\n", i, i, i);
    fclose(f);
    assert_int_equal(kino_get_info(k, &before, &err), KINO_OK);
    size_t films = before.films;
    kino_close(k);
    stop = 0;
    opt.cancel = &stop;
    opt.progress = stop_while_embedding;
    kino_build_request req = {.csv = csv, .epochs = 1};
    assert_int_equal(kino_build(&opt, &req, &report, &err), KINO_INTERRUPTED);
    k = opened();
    assert_int_equal(kino_get_info(k, &after, &err), KINO_OK);
    assert_int_equal(after.films, films);
    id_of(k, "Casablanca");
    kino_close(k);
}

static void missing_and_damaged_things_are_told(void **state)
{
    (void)state;
    kino_error err = {0};
    kino *k = NULL;
    kino_embedder *e = NULL;
    kino_options opt = {.data_dir = "/nowhere/at/all"};
    assert_int_equal(kino_open(&opt, &k, &err), KINO_NOT_FOUND);
    assert_non_null(strstr(err.text, "kino build"));
    opt.weights = "/nowhere/weights.kino";
    assert_int_equal(kino_embedder_open(&opt, &e, &err), KINO_NOT_FOUND);
    opt.weights = "data/sample.csv";
    assert_int_equal(kino_embedder_open(&opt, &e, &err), KINO_DAMAGED);
    assert_null(k);
    assert_null(e);
}

static void texts_become_unit_vectors(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_embedder *e = NULL;
    assert_int_equal(kino_embedder_open(&opt, &e, NULL), KINO_OK);
    const char *texts[] = {"a ghost in the attic", "", "a ghost in the attic"};
    float v[3][KINO_PLOT_DIM], sum = 0;
    int32_t ids[KINO_MAX_TOKENS];
    assert_int_equal(kino_embed(e, texts, NULL, 3, v[0], NULL), KINO_OK);
    for (int i = 0; i < KINO_PLOT_DIM; i++)
        sum += v[0][i] * v[0][i];
    assert_true(fabsf(sum - 1) < 1e-5f);
    assert_memory_equal(v[0], v[2], sizeof v[0]);
    assert_int_equal(kino_tokenize(e, texts[0], strlen(texts[0]), ids), 7);
    assert_int_equal(ids[0], 101);
    assert_int_equal(ids[6], 102);
    kino_embedder_close(e);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_second_build_reuses_everything),
        cmocka_unit_test(neighbours_are_related),
        cmocka_unit_test(exact_and_graph_agree),
        cmocka_unit_test(filters_act_before),
        cmocka_unit_test(several_seeds_words_and_weights),
        cmocka_unit_test(titles_are_found),
        cmocka_unit_test(films_come_and_go),
        cmocka_unit_test(known_films_are_not_hidden),
        cmocka_unit_test(questions_that_make_no_sense_are_refused),
        cmocka_unit_test(an_interrupted_build_leaves_the_old_catalogue),
        cmocka_unit_test(missing_and_damaged_things_are_told),
        cmocka_unit_test(texts_become_unit_vectors),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
