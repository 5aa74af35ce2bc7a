/* test_map.c - the map: the same bytes for every thread count, neighbours near, every film there once, also those added
 * later. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "rows/map_layout.h"
#include "kino.h"

static char folder[64], data_dir[96];

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    kino_options opt = options();
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 30, .seed = 7};
    if (kino_build(&opt, &req, NULL, &err)) {
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

/* ---- the layout ---- */

enum { GROUPS = 8, OF_EACH = 60, DIM = 64 };

/* Rows around GROUPS centres. */
static float *made_up_rows(size_t n)
{
    float *rows = calloc(n * DIM, sizeof *rows);
    for (size_t i = 0; i < n; i++) {
        float sum = 0;
        for (size_t d = 0; d < DIM; d++) {
            float x = kino_random_unit(1, i % GROUPS, d) - .5f + .7f * (kino_random_unit(2, i, d) - .5f);
            rows[i * DIM + d] = x;
            sum += x * x;
        }
        for (size_t d = 0; d < DIM; d++)
            rows[i * DIM + d] /= sqrtf(sum);
    }
    return rows;
}

static void the_thread_count_changes_nothing(void **state)
{
    (void)state;
    enum { N = 2000 };
    float *rows = made_up_rows(N);
    kino_vectors *v = kino_vectors_new(rows, N, (size_t[]){DIM}, 1, 1);
    kino_hnsw *g = kino_hnsw_build(v, NULL, 1);
    for (int graph = 0; graph < 2; graph++) {
        float *one = kino_map_layout(v, graph ? g : NULL, 1), *three = kino_map_layout(v, graph ? g : NULL, 3);
        assert_memory_equal(one, three, 2 * N * sizeof *one);
        free(one);
        free(three);
    }
    kino_hnsw_free(g);
    kino_vectors_free(v);
    free(rows);
}

static void what_belongs_together_lies_together(void **state)
{
    (void)state;
    enum { N = GROUPS * OF_EACH };
    float *rows = made_up_rows(N);
    kino_vectors *v = kino_vectors_new(rows, N, (size_t[]){DIM}, 1, 1);
    float *at = kino_map_layout(v, NULL, 2);
    size_t same = 0;
    for (size_t i = 0; i < N; i++) { /* the nearest on the plane is one of the group */
        size_t best = N;
        float least = INFINITY;
        assert_true(hypotf(at[2 * i], at[2 * i + 1]) <= 1);
        for (size_t j = 0; j < N; j++) {
            float far = hypotf(at[2 * i] - at[2 * j], at[2 * i + 1] - at[2 * j + 1]);
            if (j != i && far < least) {
                least = far;
                best = j;
            }
        }
        same += best % GROUPS == i % GROUPS;
    }
    assert_true(same > N * 9 / 10);
    free(at);
    kino_vectors_free(v);
    free(rows);
}

static void few_and_equal_rows_are_laid_out(void **state)
{
    (void)state;
    enum { MOST = 40 };
    float *rows = calloc(MOST * DIM, sizeof *rows);
    for (size_t i = 0; i < MOST; i++)
        rows[i * DIM] = 1;
    for (size_t n = 0; n <= MOST; n = n < 3 ? n + 1 : n + 37) {
        kino_vectors *v = kino_vectors_new(rows, n, (size_t[]){DIM}, 1, 1);
        float *at = kino_map_layout(v, NULL, 2);
        for (size_t i = 0; i < 2 * n; i++)
            assert_true(fabsf(at[i]) <= 1);
        free(at);
        kino_vectors_free(v);
    }
    free(rows);
}

/* ---- the catalogue's ---- */

static kino *opened(void)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_error err = {0};
    if (kino_open(&opt, &k, &err))
        fail_msg("%s", err.text);
    return k;
}

static kino_places *places(kino *k)
{
    kino_places *p = NULL;
    kino_error err = {0};
    if (kino_map_get(k, &p, &err))
        fail_msg("%s", err.text);
    return p;
}

static const kino_place *place_of(const kino_places *p, int64_t id)
{
    for (size_t i = 0; i < p->count; i++)
        if (p->items[i].id == id)
            return &p->items[i];
    return NULL;
}

static int64_t id_of(kino *k, const char *title)
{
    int64_t id = 0;
    kino_error err = {0};
    if (kino_resolve(k, title, false, &id, NULL, &err))
        fail_msg("%s", err.text);
    return id;
}

static void every_film_is_there_once(void **state)
{
    (void)state;
    kino *k = opened();
    kino_info info;
    assert_int_equal(kino_get_info(k, &info, NULL), KINO_OK);
    kino_places *p = places(k);
    assert_int_equal(p->count, info.films);
    size_t films[64] = {0};
    assert_in_range(p->genre_count, 10, 30);
    for (size_t i = 0; i < p->count; i++) {
        assert_true(i == 0 || p->items[i - 1].id < p->items[i].id);
        assert_true(hypotf(p->items[i].x, p->items[i].y) <= 1);
        assert_true(p->items[i].genre < (int)p->genre_count && p->items[i].decade % 10 == 0);
        if (p->items[i].genre >= 0)
            films[p->items[i].genre]++;
    }
    for (size_t i = 1; i < p->genre_count; i++)
        assert_true(films[i] && films[i] <= films[i - 1]);
    int64_t alien = id_of(k, "Alien");
    kino_movie *m = NULL;
    assert_int_equal(kino_movie_get(k, alien, &m, NULL), KINO_OK);
    const kino_place *at = place_of(p, alien);
    assert_string_equal(p->genres[at->genre], m->genres.items[0].name);
    assert_int_equal(at->decade, m->year / 10 * 10);
    kino_movie_free(m);
    kino_places_free(p);
    kino_places *again = places(k);
    assert_int_equal(again->count, info.films);
    kino_places_free(again);
    kino_close(k);
}

static void films_added_and_removed(void **state)
{
    (void)state;
    kino *k = opened();
    const int64_t alien = id_of(k, "Alien"), gone = id_of(k, "Amélie");
    kino_movie *m = NULL;
    kino_error err = {0};
    assert_int_equal(kino_movie_get(k, alien, &m, &err), KINO_OK);
    kino_movie twin = *m;
    twin.id = 99999999;
    size_t removed = 0;
    assert_int_equal(kino_add(k, (const kino_movie *const[]){&twin}, 1, &err), KINO_OK);
    assert_int_equal(kino_remove(k, &gone, 1, &removed, &err), KINO_OK);
    assert_int_equal(removed, 1);
    kino_places *p = places(k);
    assert_null(place_of(p, gone));
    const kino_place *a = place_of(p, alien), *b = place_of(p, twin.id);
    assert_non_null(a);
    assert_non_null(b);
    assert_true(hypotf(a->x - b->x, a->y - b->y) < .5f);
    for (size_t i = 1; i < p->count; i++)
        assert_true(p->items[i - 1].id < p->items[i].id);
    kino_places_free(p);
    kino_movie_free(m);
    kino_close(k);
}

static void without_a_snapshot_it_is_made_once(void **state)
{
    (void)state;
    char path[128];
    snprintf(path, sizeof path, "%s/snapshot.kino", data_dir);
    assert_int_equal(unlink(path), 0);
    kino *k = opened();
    kino_places *one = places(k), *two = places(k);
    assert_true(one->count > 600 && one->count == two->count);
    assert_memory_equal(one->items, two->items, one->count * sizeof *one->items);
    kino_places_free(one);
    kino_places_free(two);
    kino_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_thread_count_changes_nothing), cmocka_unit_test(what_belongs_together_lies_together),
        cmocka_unit_test(few_and_equal_rows_are_laid_out),  cmocka_unit_test(every_film_is_there_once),
        cmocka_unit_test(films_added_and_removed),          cmocka_unit_test(without_a_snapshot_it_is_made_once),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
