/* test_spread.c - what scores rest on besides films: the mean of all plots and the spreads of the parts, how they are
 * measured, kept and trusted; and weights that were tuned for other parts. On the sample, whole again before each test. */
#include "base/bytes.h"

#include "handle_play.h"

#include <math.h>

#include "oracle.h"
#include "rank/spread.h"

enum { SEEDS = 300, NEAR = 400, LEAST_PAIRS = 1000, ANSWERED = 30 };

static int64_t ids[ANSWERED];
static double parts[ANSWERED][KINO_MAX_PARTS];

static kino_snapshot *snapshot(void)
{
    kino_snapshot *s = NULL;
    kino_error err = {0};
    char *path = kino_snapshot_path(data_dir);
    if (kino_snapshot_open(path, &s, &err))
        fail_msg("%s", err.text);
    free(path);
    return s;
}

static kino_statistics stored(void)
{
    kino_snapshot *s = snapshot();
    const kino_statistics statistics = s->films->statistics;
    kino_snapshot_close(s);
    return statistics;
}

static void reindexed(void)
{
    const kino_options opt = options();
    kino_error err = {0};
    if (kino_reindex(&opt, &err))
        fail_msg("%s", err.text);
}

static void put_blob(const char *name, const void *bytes, size_t size)
{
    kino_catalogue *c = NULL;
    assert_int_equal(kino_catalogue_open(catalogue, KINO_CATALOGUE_WRITE, &c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_blob(c, name, bytes, size, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    kino_catalogue_close(c);
}

/* ---- measuring ---- */

static double plots(const oracle_film *a, const oracle_film *b)
{
    double sum = 0;
    for (int d = 0; d < KINO_PLOT_DIM; d++)
        sum += (double)a->plot[d] * b->plot[d];
    return sum;
}

typedef struct near {
    double plots;
    size_t film;
} near;

static int nearest_first(const void *a, const void *b)
{
    const near *x = a, *y = b;
    return x->plots != y->plots ? (x->plots > y->plots ? -1 : 1) : x->film < y->film ? -1 : 1;
}

/* The variance of each part between a film and those of the nearest plots, over pairs that both tell. */
static void variances(const oracle *o, size_t seed_film, double *variance, double *pairs)
{
    const oracle_film *a = &o->films[seed_film];
    near *all = calloc(o->count, sizeof *all);
    double sum[ORACLE_PARTS] = {0}, square[ORACLE_PARTS] = {0}, part[ORACLE_PARTS];
    for (size_t i = 0; i < o->count; i++)
        all[i] = (near){i == seed_film ? 2 : plots(a, &o->films[i]), i};
    qsort(all, o->count, sizeof *all, nearest_first);
    memset(pairs, 0, ORACLE_PARTS * sizeof *pairs);
    for (size_t i = 1; i <= NEAR; i++) {
        const oracle_film *b = &o->films[all[i].film];
        oracle_likeness(o, a, b, part);
        for (size_t p = 0; p < ORACLE_PARTS; p++)
            if (oracle_tells(o, a, p) && oracle_tells(o, b, p)) {
                sum[p] += part[p];
                square[p] += part[p] * part[p];
                pairs[p]++;
            }
    }
    for (size_t p = 0; p < ORACLE_PARTS; p++)
        variance[p] = pairs[p] > 1 ? square[p] / pairs[p] - sum[p] * sum[p] / pairs[p] / pairs[p] : 0;
    free(all);
}

/* All spreads by hand, over films drawn by number; returns how many are measured. */
static size_t same_by_hand(const oracle *o, const kino_statistics *s)
{
    double sum[ORACLE_PARTS] = {0}, pairs[ORACLE_PARTS] = {0}, seeds[ORACLE_PARTS] = {0};
    size_t measured = 0;
    for (size_t i = 0; i < SEEDS; i++) {
        double variance[ORACLE_PARTS], told[ORACLE_PARTS];
        variances(o, kino_random(0, 0x737072, i) % o->count, variance, told);
        for (size_t p = 0; p < ORACLE_PARTS; p++) {
            sum[p] += variance[p];
            pairs[p] += told[p];
            seeds[p] += told[p] > 1;
        }
    }
    for (size_t p = 0; p + 1 < ORACLE_PARTS; p++) {
        const double spread = pairs[p] >= LEAST_PAIRS ? sqrt(sum[p] / seeds[p]) : 0;
        if (!(fabs(spread - s->spreads[p]) <= 1e-3 * spread))
            fail_msg("%s: %.6f, by hand %.6f", kino_part_name((kino_part_kind)p), (double)s->spreads[p], spread);
        measured += spread > 0;
    }
    return measured;
}

static void a_build_measures_mean_and_spreads(void **state)
{
    (void)state;
    kino *k = opened();
    oracle *o = oracle_new(k, data_dir);
    const kino_statistics s = stored();
    for (int d = 0; d < KINO_PLOT_DIM; d++) {
        double mean = 0;
        for (size_t i = 0; i < o->count; i++)
            mean += o->films[i].plot[d] / (double)o->count;
        assert_true(fabs(mean - s.mean[d]) < 1e-7);
    }
    assert_int_equal(same_by_hand(o, &s), 9); /* the sample has no credits */
    assert_true(s.spreads[KINO_PART_DIRECTOR] == 0 && s.spreads[KINO_PART_POPULARITY] == 0);
    oracle_free(o);
    kino_close(k);
}

/* Where half of the films do not tell their year and few their votes, pairs that both tell are measured. */
static void pairs_that_both_tell_are_measured(void **state)
{
    (void)state;
    on_disk("UPDATE film SET year = 0 WHERE id % 2; UPDATE film SET votes = -1, rating = NULL WHERE id % 9");
    reindexed();
    kino *k = opened();
    oracle *o = oracle_new(k, data_dir);
    kino_snapshot *snap = snapshot();
    kino_rows rows = {.base = snap->films};
    kino_statistics s = rows.base->statistics;
    kino_rows_init(&rows);
    kino_spreads_measure(&rows, KINO_RECIPE_DEFAULT, 2, &s);
    assert_true(s.spreads[KINO_PART_ERA] > 0 &&
                s.spreads[KINO_PART_ERA] != rows.base->statistics.spreads[KINO_PART_ERA]);
    assert_in_range(same_by_hand(o, &s), 7, 9);
    kino_snapshot_close(snap);
    oracle_free(o);
    kino_close(k);
}

static void threads_change_no_spread(void **state)
{
    (void)state;
    kino_snapshot *snap = snapshot();
    kino_rows rows = {.base = snap->films};
    kino_statistics one = rows.base->statistics, many = one;
    kino_rows_init(&rows);
    kino_spreads_measure(&rows, KINO_RECIPE_DEFAULT, 1, &one);
    kino_spreads_measure(&rows, KINO_RECIPE_DEFAULT, 7, &many);
    assert_memory_equal(&one, &many, sizeof one);
    assert_memory_equal(&one, &rows.base->statistics, sizeof one);
    kino_spreads_measure(&rows, KINO_RECIPE_CLASSIC, 2, &many);
    for (size_t p = 0; p < KINO_MAX_PARTS; p++)
        assert_true(many.spreads[p] == 0);
    kino_snapshot_close(snap);
}

/* ---- trusting ---- */

static void spreads_are_trusted_within_a_factor_of_two(void **state)
{
    (void)state;
    static const struct {
        double measured, used;
    } plot[] = {{0, .049},     {.049, .049}, {.06, .06},   {.024, .0245},
                {.001, .0245}, {.097, .097}, {.099, .098}, {9, .098}};
    double spreads[KINO_PART_COUNT];
    for (size_t i = 0; i < sizeof plot / sizeof *plot; i++) {
        kino_statistics s = {.mean = {0}};
        s.spreads[KINO_PART_PLOT] = (float)plot[i].measured;
        kino_part_spreads(&s, spreads);
        assert_true(fabs(spreads[KINO_PART_PLOT] - plot[i].used) < 1e-8);
        assert_true(spreads[KINO_PART_DIRECTOR] == .054 && spreads[KINO_PART_POPULARITY] == 1);
    }
}

static void answer_into(double (*out)[KINO_MAX_PARTS])
{
    kino *k = opened();
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, &(kino_query){.like = &seed, .like_count = 1, .k = KINO_MAX_K}, &r, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < ANSWERED; i++) {
        size_t at = 0;
        if (out == parts)
            ids[i] = r->items[i].movie->id;
        while (r->items[at].movie->id != ids[i])
            at++;
        for (size_t p = 0; p < r->items[at].part_count; p++)
            out[i][p] = r->items[at].parts[p].value;
    }
    kino_results_free(r);
    kino_close(k);
}

/* The stored ones make the score: all of them far too wide, or too narrow, and every part is half or twice what it is with
 * the usual ones. */
static void stored_spreads_make_the_score(void **state)
{
    (void)state;
    static const float far[] = {100, .001f};
    static double now[ANSWERED][KINO_MAX_PARTS];
    kino_statistics s = stored();
    memset(s.spreads, 0, sizeof s.spreads);
    put_blob("statistics", &s, sizeof s);
    reindexed();
    answer_into(parts);
    for (int i = 0; i < 2; i++) {
        for (int p = 0; p < KINO_MAX_PARTS; p++)
            s.spreads[p] = far[i];
        put_blob("statistics", &s, sizeof s);
        reindexed();
        answer_into(now);
        for (size_t n = 0; n < ANSWERED; n++)
            for (int p = 0; p < KINO_PART_POPULARITY; p++)
                assert_true(fabs(now[n][p] - parts[n][p] * (i ? 2 : .5)) <= 0x1p-20);
    }
}

/* ---- kept ---- */

static void damaged_statistics_are_told(void **state)
{
    (void)state;
    const kino_options opt = options();
    for (int i = 0; i < 6; i++) {
        kino_error err = {0};
        restore_catalogue(state);
        struct {
            kino_statistics s;
            float more;
        } bad = {.s = stored()};
        if (i == 2)
            bad.s.spreads[KINO_MAX_PARTS - 1] = NAN;
        else if (i == 3)
            bad.s.spreads[0] = -1;
        else if (i == 4)
            bad.s.mean[0] = 1.1f;
        else if (i == 5)
            bad.s.mean[KINO_PLOT_DIM - 1] = NAN;
        put_blob("statistics", &bad, sizeof bad.s - (i == 0) + (i == 1));
        assert_int_equal(kino_reindex(&opt, &err), KINO_DAMAGED);
        assert_non_null(strstr(err.text, "kino retrain"));
    }
}

/* A catalogue of before they were measured: the mean is that of its films, the spreads are the usual ones. */
static void without_statistics_films_speak_for_themselves(void **state)
{
    (void)state;
    const kino_statistics before = stored();
    on_disk("DELETE FROM blob WHERE name = 'statistics'");
    reindexed();
    const kino_statistics after = stored();
    assert_memory_equal(after.mean, before.mean, sizeof after.mean);
    for (size_t p = 0; p < KINO_MAX_PARTS; p++)
        assert_true(after.spreads[p] == 0);
}

/* A film that comes moves neither mean nor spreads. */
static void films_change_no_statistics(void **state)
{
    (void)state;
    const kino_statistics before = stored();
    kino *k = opened();
    kino_movie *m = NULL;
    kino_error err = {0};
    assert_int_equal(kino_movie_get(k, seed, &m, &err), KINO_OK);
    kino_movie twin = *m;
    twin.id = 900001;
    assert_int_equal(kino_add(k, &(const kino_movie *){&twin}, 1, &err), KINO_OK);
    kino_movie_free(m);
    kino_close(k);
    reindexed();
    const kino_statistics after = stored();
    assert_memory_equal(&after, &before, sizeof after);
}

/* ---- weights and files of other versions ---- */

static void tuned_weights_of_other_parts_do_not_hold(void **state)
{
    (void)state;
    static double now[ANSWERED][KINO_MAX_PARTS];
    answer_into(parts);
    double weights[KINO_PART_COUNT] = {1};
    put_blob(KINO_TUNED_BLOB, weights, 10 * sizeof *weights); /* as there were once */
    for (int anew = 0; anew < 2; anew++) {
        answer_into(now);
        assert_memory_equal(now, parts, sizeof now);
        reindexed();
    }
    put_blob(KINO_TUNED_BLOB, weights, sizeof weights); /* those of its own do: the plot alone counts */
    reindexed();
    answer_into(now);
    for (size_t i = 0; i < ANSWERED; i++)
        for (int p = 1; p < KINO_PART_POPULARITY; p++)
            assert_true(now[i][p] == 0);
}

static char last_note[512];

static void note(void *ctx, const char *message)
{
    (void)ctx;
    snprintf(last_note, sizeof last_note, "%s", message);
}

/* A snapshot of another version's layout is made anew before anything is asked, without a word. */
static void an_old_snapshot_is_made_anew(void **state)
{
    (void)state;
    static double now[ANSWERED][KINO_MAX_PARTS];
    kino_catalogue *c = NULL;
    kino_segment_builder *b = NULL;
    kino_stamp stamp = {0};
    kino_options opt = options();
    char *path = kino_snapshot_path(data_dir);
    answer_into(parts);
    assert_int_equal(kino_catalogue_open(catalogue, KINO_CATALOGUE_READ, &c, NULL), KINO_OK);
    assert_int_equal(kino_stamp_read(c, &stamp, NULL), KINO_OK);
    assert_int_equal(kino_segment_builder_new(c, 0, NULL, 1, &b, NULL), KINO_OK);
    assert_int_equal(kino_segment_builder_vectors(b, c, KINO_INDEX_AUTO, NULL, NULL, NULL), KINO_OK);
    stamp.films = kino_segment_builder_count(b);
    stamp.layout--;
    kino_catalogue_close(c);
    assert_int_equal(kino_snapshot_save(b, &stamp, NULL, 0, path, NULL), KINO_OK);
    kino_segment_builder_free(b);
    opt.note = note;
    kino *k = opened_with(&opt);
    kino_reindex_if_stale(k);
    kino_close(k);
    assert_string_equal(last_note, "");
    kino_snapshot *s = snapshot();
    assert_int_equal(s->stamp.layout, KINO_SNAPSHOT_LAYOUT);
    kino_snapshot_close(s);
    answer_into(now);
    assert_memory_equal(now, parts, sizeof now);
    free(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_build_measures_mean_and_spreads, restore_catalogue),
        cmocka_unit_test_setup(pairs_that_both_tell_are_measured, restore_catalogue),
        cmocka_unit_test_setup(threads_change_no_spread, restore_catalogue),
        cmocka_unit_test(spreads_are_trusted_within_a_factor_of_two),
        cmocka_unit_test_setup(stored_spreads_make_the_score, restore_catalogue),
        cmocka_unit_test_setup(damaged_statistics_are_told, restore_catalogue),
        cmocka_unit_test_setup(without_statistics_films_speak_for_themselves, restore_catalogue),
        cmocka_unit_test_setup(films_change_no_statistics, restore_catalogue),
        cmocka_unit_test_setup(tuned_weights_of_other_parts_do_not_hold, restore_catalogue),
        cmocka_unit_test_setup(an_old_snapshot_is_made_anew, restore_catalogue),
    };
    return cmocka_run_group_tests_name("spread", tests, make_catalogue, drop_catalogue);
}
