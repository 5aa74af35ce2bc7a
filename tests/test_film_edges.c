/* test_film_edges.c - which film is meant, where twenty times the votes decide; how a catalogue is counted; where the
 * map puts a film that came later; and what kino_check says of a catalogue with one thing wrong. On a small catalogue
 * with exact vectors. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "films.h"
#include "made.h"

enum { FILMS = 200 };

static char folder[64], data_dir[96];
static kino *k;

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

static void reopen(void)
{
    const kino_options opt = options();
    kino_error err = {0};
    kino_close(k);
    k = NULL;
    if (kino_open(&opt, &k, &err))
        fail_msg("%s", err.text);
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", folder);
    const kino_options opt = options();
    if (made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, FILMS, true, &err) || kino_open(&opt, &k, &err)) {
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

static void change(const char *sql)
{
    char path[160], *why = NULL;
    sqlite3 *db = NULL;
    snprintf(path, sizeof path, "%s/catalogue.db", data_dir);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    if (sqlite3_exec(db, sql, NULL, NULL, &why))
        fail_msg("%s: %s", sql, why);
    sqlite3_close(db);
}

static void add_film(int64_t id, const char *title, int year, int64_t votes)
{
    kino_movie m = {.id = id,
                    .imdb_id = "",
                    .title = title,
                    .original_title = title,
                    .language = "en",
                    .date = "",
                    .year = year,
                    .runtime = NAN,
                    .rating = 6,
                    .votes = votes,
                    .popularity = NAN,
                    .overview = "",
                    .tagline = "",
                    .status = "",
                    .poster_path = "",
                    .collection = {0, ""}};
    kino_error err = {0};
    if (kino_add(k, (const kino_movie *const[]){&m}, 1, &err))
        fail_msg("%s", err.text);
}

static void remove_films(const int64_t *ids, size_t count)
{
    size_t removed = 0;
    assert_int_equal(kino_remove(k, ids, count, &removed, NULL), KINO_OK);
    assert_int_equal(removed, count);
}

/* ---- which film is meant ---- */

static kino_status resolve(const char *text, bool first, int64_t *id, kino_matches **candidates)
{
    *id = 0;
    return kino_resolve(k, text, first, id, candidates, NULL);
}

/* "glass house" is the unknown film's title but for its case, and the known one's but for its article as well. */
static void twenty_times_the_votes_come_first(void **state)
{
    (void)state;
    const int64_t ids[] = {11, 12, 13, 14};
    kino_matches *m = NULL;
    int64_t id;
    add_film(11, "Glass House", 1980, 10);
    add_film(12, "The Glass House", 1990, 219);
    add_film(13, "Red Door", 1980, 10);
    add_film(14, "The Red Door", 1990, 220);
    assert_int_equal(resolve("glass house", false, &id, NULL), KINO_OK);
    assert_int_equal(id, 11);
    assert_int_equal(resolve("red door", false, &id, &m), KINO_AMBIGUOUS);
    assert_int_equal(m->count, 2);
    assert_int_equal(m->items[0].id, 14);
    assert_int_equal(m->items[1].id, 13);
    kino_matches_free(m);
    assert_int_equal(resolve("red door", true, &id, NULL), KINO_OK);
    assert_int_equal(id, 14);
    assert_int_equal(resolve("Red Door", false, &id, NULL), KINO_OK); /* to the letter */
    assert_int_equal(id, 13);
    remove_films(ids, 4);
}

static void only_films_as_close_are_candidates(void **state)
{
    (void)state;
    const int64_t ids[] = {21, 22, 23};
    kino_matches *m = NULL;
    kino_error err = {0};
    int64_t id;
    add_film(21, "Twin Peak", 1980, 10);
    add_film(22, "Twin Peak", 1990, 20);
    add_film(23, "Twin Peaks Return", 1990, 2000);
    assert_int_equal(resolve("Twin Peak", false, &id, &m), KINO_AMBIGUOUS);
    assert_int_equal(m->count, 2);
    assert_int_equal(m->items[0].id, 22); /* more votes */
    kino_matches_free(m);
    m = NULL;
    assert_int_equal(kino_find(k, "Twin Peak", 1000, &m, &err), KINO_OK);
    assert_int_equal(m->count, 3);
    kino_matches_free(m);
    m = NULL;
    assert_int_equal(kino_find(k, "Twin Peak", 1, &m, &err), KINO_OK);
    assert_int_equal(m->count, 1);
    kino_matches_free(m);
    m = NULL;
    assert_int_equal(kino_find(k, "Twin Peak", 0, &m, &err), KINO_USAGE);
    assert_int_equal(kino_find(k, "Twin Peak", 1001, &m, &err), KINO_USAGE);
    assert_int_equal(resolve("Nothing of that name", true, &id, &m), KINO_NOT_FOUND);
    assert_true(id == 0 && m->count == 0);
    kino_matches_free(m);
    remove_films(ids, 3);
}

/* Of more films of one name than anybody will look through, fifty are candidates: the best known. */
static void fifty_films_are_candidates(void **state)
{
    (void)state;
    enum { NAMESAKES = 53 };
    int64_t ids[NAMESAKES], id;
    kino_matches *m = NULL;
    for (size_t i = 0; i < NAMESAKES; i++) {
        ids[i] = 100 + (int64_t)i;
        add_film(ids[i], "Namesake", 1950, 10 + (int64_t)i);
    }
    assert_int_equal(resolve("Namesake", false, &id, &m), KINO_AMBIGUOUS);
    assert_int_equal(m->count, 50);
    assert_int_equal(m->items[0].id, ids[NAMESAKES - 1]);
    kino_matches_free(m);
    remove_films(ids, NAMESAKES);
}

/* ---- histories ---- */

static kino_history *history_of(const char *text)
{
    kino_history *h = NULL;
    kino_error err = {0};
    char *path = text_file(text, strlen(text));
    if (kino_history_read(k, path, NULL, 0, &h, &err))
        fail_msg("%s", err.text);
    unlink(path);
    free(path);
    return h;
}

static void a_history_means_the_film_people_have_seen(void **state)
{
    (void)state;
    const int64_t ids[] = {31, 32, 33, 34, 35, 36, 37, 38};
    add_film(31, "Harbour", 2000, 10);
    add_film(32, "Harbour", 2000, 220);
    add_film(33, "Lantern", 2000, 10);
    add_film(34, "Lantern", 2000, 209); /* not quite so many times as many */
    add_film(35, "Meadow", 2000, 3);
    add_film(36, "Meadow", 2000, 4);
    add_film(37, "Meadow", 2000, 5);
    add_film(38, "Meadow", 2000, 6);
    kino_history *h = history_of("Date,Name,Year,Letterboxd URI,Rating\n"
                                 "2020-01-01,Harbour,2000,https://boxd.it/a,5\n"
                                 "2020-01-02,Lantern,2000,https://boxd.it/b,4\n"
                                 "2020-01-03,Meadow,2000,https://boxd.it/c,3\n");
    assert_int_equal(h->count, 1);
    assert_int_equal(h->films[0].id, 32);
    assert_int_equal(h->unmatched_count, 2);
    assert_true(h->unmatched[0].ambiguous && h->unmatched[1].ambiguous);
    assert_int_equal(h->unmatched[0].candidate_count, 2);
    assert_int_equal(h->unmatched[0].candidates[0].id, 34);
    assert_int_equal(h->unmatched[1].candidate_count, KINO_CANDIDATES);
    kino_history_free(h);
    remove_films(ids, 8);
}

/* The last time counts, of one day the last line; a rating is kept when a later line gives none. */
static void each_film_is_in_a_history_once(void **state)
{
    (void)state;
    kino_history *h = history_of("tmdbId,Rating10,Date\n"
                                 "1004,9,2020-01-03\n1004,5,2020-01-02\n"
                                 "1002,2,2020-01-01\n1002,8,2020-01-01\n"
                                 "1003,7,2020-01-01\n1003,,2020-02-01\n"
                                 "1001,6,\n1001,3,2020-01-01\n");
    const double ratings[] = {.3, .8, .7, .9};
    assert_int_equal(h->count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(h->films[i].id, 1001 + i);
        assert_true(h->films[i].rating == ratings[i]);
    }
    assert_int_equal(h->films[2].day, 18293); /* 2020-02-01 */
    kino_history_free(h);
}

/* ---- counts ---- */

static size_t distinct(const int64_t *ids, size_t count)
{
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        size_t before = 0;
        while (before < i && ids[before] != ids[i])
            before++;
        n += before == i;
    }
    return n;
}

/* Keywords and people, each once; the fingerprint of the weights. */
static void count_names(const kino_info *info)
{
    static int64_t keywords[20000], people[20000];
    size_t keyword_count = 0, people_count = 0;
    const kino_options opt = options();
    kino_embedder *e = NULL;
    for (int64_t id = MADE_FIRST; id < MADE_FIRST + FILMS; id++) {
        kino_movie *m = NULL;
        assert_int_equal(kino_movie_get(k, id, &m, NULL), KINO_OK);
        for (size_t i = 0; i < m->keywords.count; i++)
            keywords[keyword_count++] = m->keywords.items[i].id;
        for (size_t i = 0; i < m->directors.count; i++)
            people[people_count++] = m->directors.items[i].id;
        for (size_t i = 0; i < m->cast.count; i++)
            people[people_count++] = m->cast.items[i].id;
        kino_movie_free(m);
    }
    assert_int_equal(info->keywords, distinct(keywords, keyword_count));
    assert_int_equal(info->people, distinct(people, people_count));
    assert_int_equal(kino_embedder_open(&opt, &e, NULL), KINO_OK);
    assert_true(info->weights_fingerprint == kino_embedder_fingerprint(e));
    assert_true(info->encoder_fingerprint && info->schema_fingerprint && info->bytes > 100000);
    kino_embedder_close(e);
}

static void a_catalogue_is_counted(void **state)
{
    (void)state;
    const int64_t added = 5, gone = MADE_FIRST + 3;
    kino_info a, b;
    kino_error err = {0};
    int64_t *ids = NULL;
    size_t count = 0;
    const kino_options opt = options();
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    reopen();
    assert_int_equal(kino_get_info(k, &a, &err), KINO_OK);
    assert_true(a.films == FILMS && a.snapshot_films == FILMS && a.snapshot_behind == 0);
    assert_int_equal(a.genres, 9);
    count_names(&a);
    assert_int_equal(a.with_plot, 0);
    assert_string_equal(a.recipe, "default");
    assert_string_equal(a.index, "exact");
    assert_int_equal(a.threads, 2);
    assert_false(a.tuned);
    add_film(added, "Added", 2000, 1);
    assert_int_equal(kino_remove(k, &gone, 1, NULL, &err), KINO_OK);
    reopen();
    assert_int_equal(kino_get_info(k, &b, &err), KINO_OK);
    assert_true(b.films == FILMS && b.snapshot_films == FILMS && b.snapshot_behind == 2);
    assert_true(b.generation > a.generation);
    assert_int_equal(kino_ids(k, &ids, &count, &err), KINO_OK);
    assert_int_equal(count, FILMS);
    assert_int_equal(ids[0], added);
    for (size_t i = 1; i < count; i++)
        assert_true(ids[i] > ids[i - 1] && ids[i] != gone);
    free(ids);
    remove_films(&added, 1);
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    reopen();
}

/* ---- the map ---- */

static const kino_place *place_of(const kino_places *p, int64_t id)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].id == id)
            return &p->items[i];
    return NULL;
}

static void genres_and_decades_are_those_of_the_films(void **state)
{
    (void)state;
    kino_places *p = NULL;
    kino_error err = {0};
    size_t films[16] = {0};
    assert_int_equal(kino_map_get(k, &p, &err), KINO_OK);
    for (size_t i = 0; i < p->count; i++) {
        kino_movie *m = NULL;
        assert_int_equal(kino_movie_get(k, p->items[i].id, &m, &err), KINO_OK);
        assert_int_equal(p->items[i].decade, m->year - m->year % 10);
        assert_int_equal(p->items[i].genre >= 0, m->genres.count > 0);
        if (m->genres.count)
            assert_string_equal(p->genres[p->items[i].genre], m->genres.items[0].name);
        films[p->items[i].genre + 1]++;
        kino_movie_free(m);
    }
    for (size_t g = 1; g < p->genre_count; g++) /* the most frequent first, of equals by name */
        assert_true(films[g] > films[g + 1] ||
                    (films[g] == films[g + 1] && strcmp(p->genres[g - 1], p->genres[g]) < 0));
    kino_places_free(p);
}

/* Five nearest, the n-th of which counts a n-th; by hand. */
static void a_later_film_lies_among_its_five_nearest(void **state)
{
    (void)state;
    const int64_t id = 7;
    kino_places *p = NULL;
    kino_error err = {0};
    float plot[KINO_PLOT_DIM], profile[KINO_PROFILE_DIM];
    double most[5] = {-9, -9, -9, -9, -9}, x = 0, y = 0, sum = 0;
    size_t best[5] = {0};
    made_exact(plot, KINO_PLOT_DIM, 701, 20, 12);
    made_exact(profile, KINO_PROFILE_DIM, 701, 30, 10);
    add_film(id, "Added", 1987, 1);
    sqlite3 *db = made_open(data_dir);
    assert_int_equal(made_put_vectors(db, id, plot, profile) || made_close(db), 0);
    reopen();
    assert_int_equal(kino_map_get(k, &p, &err), KINO_OK);
    for (size_t i = 0; i < FILMS; i++) {
        float a[KINO_PLOT_DIM], b[KINO_PROFILE_DIM];
        double near = 0;
        made_exact(a, KINO_PLOT_DIM, made_model(i), 20, 12);
        made_exact(b, KINO_PROFILE_DIM, made_model(i), 30, 10);
        for (int d = 0; d < KINO_PLOT_DIM; d++)
            near += (double)plot[d] * a[d];
        for (int d = 0; d < KINO_PROFILE_DIM; d++)
            near += (double)profile[d] * b[d];
        if (!place_of(p, (int64_t)(MADE_FIRST + i)))
            near = -9; /* removed by the test before */
        for (size_t at = 0; at < 5; at++)
            if (near > most[at]) {
                memmove(most + at + 1, most + at, (4 - at) * sizeof *most);
                memmove(best + at + 1, best + at, (4 - at) * sizeof *best);
                most[at] = near;
                best[at] = i;
                break;
            }
    }
    for (size_t at = 0; at < 5; at++) {
        const kino_place *other = place_of(p, (int64_t)(MADE_FIRST + best[at]));
        x += other->x / (double)(at + 1);
        y += other->y / (double)(at + 1);
        sum += 1 / (double)(at + 1);
    }
    const kino_place *own = place_of(p, id);
    assert_true(fabs(own->x - x / sum) < 1e-6 && fabs(own->y - y / sum) < 1e-6);
    assert_true(own->genre == -1 && own->decade == 1980);
    assert_int_equal(p->items[0].id, id);
    kino_places_free(p);
    remove_films(&id, 1);
}

/* ---- check ---- */

static kino_check_report report;

static kino_status check(const char *what, kino_status *one)
{
    const kino_options opt = options();
    kino_error err = {0};
    const kino_status st = kino_check(&opt, &report, &err);
    *one = KINO_OK;
    for (size_t i = 0; i < report.count; i++)
        if (!strcmp(report.items[i].what, what))
            *one = report.items[i].status;
    return st;
}

static void each_fault_is_told_where_it_is(void **state)
{
    (void)state;
    static const char *const sound[] = {"catalogue", "encoder", "weights", "snapshot"};
    static const struct {
        const char *what, *break_it, *mend_it;
    } faults[] = {
        {"catalogue", "UPDATE plot SET maker = maker + 1 WHERE film_id = 1004",
         "UPDATE plot SET maker = maker - 1 WHERE film_id = 1004"},
        {"catalogue", "UPDATE profile SET maker = maker + 1 WHERE film_id = 1004",
         "UPDATE profile SET maker = maker - 1 WHERE film_id = 1004"},
        {"snapshot", "UPDATE meta SET value = value + 1 WHERE name = 'lineage'",
         "UPDATE meta SET value = value - 1 WHERE name = 'lineage'"},
        {"snapshot", "UPDATE meta SET value = value - 1 WHERE name = 'generation'",
         "UPDATE meta SET value = value + 1 WHERE name = 'generation'"},
        {"encoder", "UPDATE blob SET bytes = zeroblob(length(bytes)) WHERE name = 'encoder'", NULL},
    };
    enum { OF_GENERATION = 3 };
    const kino_options opt = options();
    kino_status one;
    kino_error err = {0};
    kino_close(k);
    k = NULL;
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    assert_int_equal(check("snapshot", &one), KINO_OK);
    assert_int_equal(report.count, 4);
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(report.items[i].what, sound[i]);
        assert_int_equal(report.items[i].status, KINO_OK);
    }
    assert_non_null(strstr(report.items[3].text, "up to date"));
    for (size_t f = 0; f < sizeof faults / sizeof *faults; f++) {
        change(faults[f].break_it);
        assert_int_equal(check(faults[f].what, &one), KINO_DAMAGED);
        assert_int_equal(one, KINO_DAMAGED);
        for (size_t i = 0; i < report.count; i++)
            assert_true(!strcmp(report.items[i].what, faults[f].what) || report.items[i].status == KINO_OK ||
                        (f == OF_GENERATION && !strcmp(report.items[i].what, "catalogue"))); /* changes are to come */
        if (faults[f].mend_it) {
            change(faults[f].mend_it);
            assert_int_equal(check("catalogue", &one), KINO_OK);
        }
    }
}

/* The plots' weights are others: they are what is wrong, not the plots. */
static void other_weights_are_told(void **state)
{
    (void)state;
    kino_status one;
    change("UPDATE blob SET bytes = zeroblob(7) || x'01' WHERE name = 'weights';"
           "UPDATE plot SET maker = 72057594037927936");
    assert_int_not_equal(check("weights", &one), KINO_OK);
    assert_int_equal(one, KINO_DAMAGED);
    check("catalogue", &one);
    assert_int_equal(one, KINO_OK);
}

static void without_a_catalogue_that_is_all(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    opt.data_dir = "/nowhere/at/all";
    assert_int_equal(kino_check(&opt, &report, &err), KINO_NOT_FOUND);
    assert_int_equal(report.count, 1);
    assert_string_equal(report.items[0].what, "catalogue");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(twenty_times_the_votes_come_first),
        cmocka_unit_test(only_films_as_close_are_candidates),
        cmocka_unit_test(fifty_films_are_candidates),
        cmocka_unit_test(a_history_means_the_film_people_have_seen),
        cmocka_unit_test(each_film_is_in_a_history_once),
        cmocka_unit_test(a_catalogue_is_counted),
        cmocka_unit_test(genres_and_decades_are_those_of_the_films),
        cmocka_unit_test(a_later_film_lies_among_its_five_nearest),
        cmocka_unit_test(each_fault_is_told_where_it_is),
        cmocka_unit_test(other_weights_are_told),
        cmocka_unit_test(without_a_catalogue_that_is_all),
    };
    return cmocka_run_group_tests_name("film_edges", tests, make_catalogue, drop_catalogue);
}
