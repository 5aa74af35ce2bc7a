/* test_derive.c - the snapshot of a catalogue: when it is made anew, and when it may be trusted. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <math.h>

#include "handle_play.h"

/* ---- when the snapshot is made anew ---- */

/* Removes the first films, all in one change of the catalogue, and says how many changes the snapshot has not. */
static size_t behind_after(size_t remove)
{
    kino *k = opened();
    int64_t *ids = NULL;
    size_t count = 0, removed = 0;
    kino_info info;
    kino_error err = {0};
    assert_int_equal(kino_ids(k, &ids, &count, &err), KINO_OK);
    assert_true(remove < count);
    assert_int_equal(kino_remove(k, ids, remove, &removed, &err), KINO_OK);
    assert_int_equal(removed, remove);
    assert_int_equal(kino_get_info(k, &info, &err), KINO_OK);
    assert_int_equal(info.films, count - remove);
    free(ids);
    kino_close(k);
    return info.snapshot_behind;
}

static size_t films(void)
{
    kino *k = opened();
    kino_info info;
    assert_int_equal(kino_get_info(k, &info, NULL), KINO_OK);
    kino_close(k);
    return info.films;
}

/* Up to a twentieth of it is searched beside the snapshot. */
static void a_snapshot_far_behind_is_made_anew(void **state)
{
    (void)state;
    enum { EVEN = 660 };
    kino_options opt = options();
    behind_after(films() - EVEN);
    assert_int_equal(kino_reindex(&opt, NULL), KINO_OK);
    assert_int_equal(behind_after(EVEN / 20 - 1), EVEN / 20 - 1);
    assert_int_equal(behind_after(1), EVEN / 20);
    assert_int_equal(behind_after(1), 0);
    assert_int_equal(behind_after(1), 1); /* of the new one */
}

/* A film with vectors that need no model. */
static void put_made_up(kino_catalogue *c, int64_t id, uint64_t weights, uint64_t encoder)
{
    float plot[KINO_PLOT_DIM] = {0}, profile[KINO_PROFILE_DIM] = {0};
    char title[32];
    snprintf(title, sizeof title, "Film %lld", (long long)id);
    const kino_movie m = {.id = id,
                          .imdb_id = "",
                          .title = title,
                          .original_title = title,
                          .language = "en",
                          .date = "",
                          .overview = "",
                          .tagline = "",
                          .status = "",
                          .poster_path = "",
                          .collection = {0, ""}};
    plot[id % KINO_PLOT_DIM] = profile[id / KINO_PLOT_DIM % KINO_PROFILE_DIM] = 1;
    assert_int_equal(kino_catalogue_put(c, &m, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_plot(c, id, 1, weights, plot, KINO_PLOT_DIM, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, id, encoder, profile, KINO_PROFILE_DIM, NULL), KINO_OK);
}

/* And up to a thousand changes of a great catalogue. */
static void a_thousand_changes_are_the_most(void **state)
{
    (void)state;
    enum { MOST = 1000, FILMS = MOST * 20 + 100 };
    kino_options opt = options();
    kino_catalogue *c = NULL;
    const size_t there = films();
    assert_int_equal(kino_catalogue_open(catalogue, KINO_CATALOGUE_WRITE, &c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    for (size_t i = there; i < FILMS; i++)
        put_made_up(c, 1000000 + (int64_t)i, 1, 1);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    kino_catalogue_close(c);
    assert_int_equal(kino_reindex(&opt, NULL), KINO_OK);
    assert_int_equal(behind_after(MOST - 1), MOST - 1);
    assert_int_equal(behind_after(1), MOST);
    assert_int_equal(behind_after(1), 0);
}

/* ---- when the snapshot may be trusted without a look into the catalogue ---- */

static bool frozen;          /* the clock stands at the time of the catalogue's last change */
static int looks, change_at; /* at the catalogue's file; at which of them it is changed, 0: never */
static void change_the_catalogue(void);

int clock_gettime(clockid_t clock, struct timespec *t)
{
    struct stat s;
    if (!frozen || clock != CLOCK_REALTIME)
        return (int)syscall(SYS_clock_gettime, clock, t);
    const int failed = (int)syscall(SYS_newfstatat, AT_FDCWD, catalogue, &s, 0);
    *t = s.st_mtim;
    return failed;
}

int stat(const char *path, struct stat *out)
{
    if (!strcmp(path, catalogue) && ++looks == change_at)
        change_the_catalogue();
    return (int)syscall(SYS_newfstatat, AT_FDCWD, path, out, 0);
}

/* As another program would: the overview of a film becomes another one of the same length. */
static void change_the_catalogue(void)
{
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(catalogue, &db), SQLITE_OK);
    assert_int_equal(
        sqlite3_exec(
            db,
            "BEGIN IMMEDIATE;"
            "UPDATE film SET overview = replace(hex(zeroblob(length(overview) / 2)), '00', 'zz') WHERE id = 964;"
            "INSERT OR REPLACE INTO change SELECT 964, value + 1 FROM meta WHERE name = 'generation';"
            "UPDATE meta SET value = value + 1 WHERE name = 'generation'; COMMIT;"
            "PRAGMA wal_checkpoint(TRUNCATE)",
            NULL, NULL, NULL),
        SQLITE_OK);
    sqlite3_close(db);
}

static bool change_is_seen(void)
{
    kino *k = opened();
    kino_movie *m = NULL;
    kino_error err = {0};
    if (kino_movie_get(k, 964, &m, &err))
        fail_msg("%s", err.text);
    const bool seen = !strncmp(m->overview, "zzzz", 4);
    kino_movie_free(m);
    kino_close(k);
    return seen;
}

static void a_change_while_the_snapshot_is_made_is_seen(void **state)
{
    (void)state;
    kino_options opt = options();
    looks = change_at = 0;
    assert_int_equal(kino_reindex(&opt, NULL), KINO_OK);
    assert_true(looks >= 2);
    change_at = looks; /* the last one is that behind the reading */
    looks = 0;
    assert_int_equal(kino_reindex(&opt, NULL), KINO_OK);
    assert_int_equal(looks > change_at ? change_at : looks, change_at);
    change_at = 0;
    assert_true(change_is_seen());
}

/* The time of a file has a grain: what changes twice within it looks as if it had changed once. */
static void a_change_within_a_tick_of_the_clock_is_seen(void **state)
{
    (void)state;
    kino_options opt = options();
    struct stat before, after;
    frozen = true;
    assert_int_equal(kino_reindex(&opt, NULL), KINO_OK);
    frozen = false;
    assert_int_equal(stat(catalogue, &before), 0);
    change_the_catalogue();
    assert_int_equal(utimensat(AT_FDCWD, catalogue, (struct timespec[]){before.st_atim, before.st_mtim}, 0), 0);
    assert_int_equal(stat(catalogue, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
    assert_int_equal(after.st_ino, before.st_ino);
    assert_true(change_is_seen());
}

/* A copy of the catalogue from before beside the snapshot of after: the snapshot knows films that this one has not. */
static void a_snapshot_of_a_later_state_is_not_used(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_results *r = NULL;
    kino_error err = {0};
    size_t removed;
    kino *k = opened();
    assert_int_equal(kino_remove(k, (const int64_t[]){348, 679}, 2, &removed, &err), KINO_OK);
    kino_close(k);
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    assert_int_equal(run("cp '%1$s/made/catalogue.db' '%2$s/catalogue.db'"), 0);
    k = opened();
    int64_t *ids = NULL;
    size_t count = 0, alien = 0;
    assert_int_equal(kino_ids(k, &ids, &count, &err), KINO_OK);
    for (size_t i = 0; i < count; i++)
        alien += ids[i] == 348 || ids[i] == 679;
    assert_int_equal(alien, 2);
    assert_int_equal(kino_recommend(k, &(kino_query){.like = &seed, .like_count = 1, .k = 5}, &r, &err), KINO_OK);
    kino_results_free(r);
    free(ids);
    kino_close(k);
}

/* The same films, built anew: rows of the other catalogue are none of this one's. */
static void a_snapshot_of_another_catalogue_is_not_used(void **state)
{
    (void)state;
    kino_error err = {0};
    assert_int_equal(run("cp '%2$s/snapshot.kino' '%1$s/first'"), 0);
    on_disk("UPDATE film SET title = 'Another Phantom' WHERE id = 964; UPDATE meta SET value = random() WHERE name = "
            "'lineage'");
    assert_int_equal(run("cp '%1$s/first' '%2$s/snapshot.kino'"), 0);
    kino *k = opened();
    int64_t id = 0;
    assert_int_equal(kino_resolve(k, "another phantom", false, &id, NULL, &err), KINO_OK);
    assert_int_equal(id, 964);
    kino_close(k);
}

/* ---- one state of the catalogue ---- */

static const char
    *change_before; /* what the next statement begins with that another program is quicker than; NULL: none */

int sqlite3_prepare_v2(sqlite3 *db, const char *text, int size, sqlite3_stmt **out, const char **rest)
{
    int (*real)(sqlite3 *, const char *, int, sqlite3_stmt **, const char **);
    void *f = dlsym(RTLD_NEXT, "sqlite3_prepare_v2");
    memcpy(&real, &f, sizeof f);
    if (change_before && strstr(text, change_before)) {
        change_before = NULL;
        change_the_catalogue();
    }
    return real(db, text, size, out, rest);
}

/* A film that changes while the films are read, between any two of the questions that read them, is there once. */
static void what_is_read_is_of_one_state(void **state)
{
    static const char *const statements[] = {"SELECT film_id FROM change", "FROM change CROSS JOIN film ON",
                                             "FROM change CROSS JOIN film_term",
                                             "plot.vector, profile.vector FROM change"};
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        int64_t *ids = NULL;
        size_t count = 0, removed = 0;
        kino_results *r = NULL;
        kino_error err = {0};
        restore_catalogue(state);
        kino *k = opened();
        assert_int_equal(kino_remove(k, (const int64_t[]){348}, 1, &removed, &err), KINO_OK); /* there is a tail */
        kino_close(k);
        k = opened();
        change_before = statements[i];
        assert_int_equal(kino_ids(k, &ids, &count, &err), KINO_OK);
        const kino_query q = {.like = &(int64_t){129}, .like_count = 1, .k = 1000};
        assert_int_equal(kino_recommend(k, &q, &r, &err), KINO_OK);
        for (size_t j = 1; j < count; j++)
            assert_true(ids[j - 1] < ids[j]);
        for (size_t a = 0; a < r->count; a++)
            for (size_t b = 0; b < a; b++)
                assert_true(r->items[a].movie->id != r->items[b].movie->id);
        free(ids);
        kino_results_free(r);
        kino_close(k);
        change_before = NULL;
    }
}

/* Weights of the parts that are none: what is wrong with the file costs time, never an answer. */
static void weights_that_are_none_are_not_used(void **state)
{
    (void)state;
    static const double bad[][2] = {{2, 0}, {-1, 0}, {0, 0}, {NAN, 0}};
    char answers[2][4096] = {"", ""};
    kino_info info;
    kino *first = opened();
    assert_int_equal(kino_get_info(first, &info, NULL), KINO_OK);
    kino_close(first);
    for (size_t i = 0; i <= sizeof bad / sizeof *bad; i++) {
        char *text = answers[i > 0];
        size_t at = 0;
        kino_results *r = NULL;
        kino_error err = {0};
        if (i) {
            double weights[KINO_PART_COUNT];
            kino_catalogue *c = NULL;
            kino_segment_builder *b = NULL;
            kino_stamp stamp = {0};
            char name[128];
            snprintf(name, sizeof name, "%s/snapshot.kino", data_dir);
            for (size_t p = 0; p < KINO_PART_COUNT; p++)
                weights[p] = bad[i - 1][p > 0];
            assert_int_equal(kino_catalogue_open(catalogue, KINO_CATALOGUE_READ, &c, NULL), KINO_OK);
            assert_int_equal(kino_stamp_read(c, &stamp, NULL), KINO_OK);
            assert_true(stamp.weights == info.weights_fingerprint && stamp.encoder == info.encoder_fingerprint &&
                        stamp.generation == info.generation && stamp.lineage != 0);
            assert_int_equal(kino_segment_builder_new(c, 0, NULL, 1, &b, NULL), KINO_OK);
            assert_int_equal(kino_segment_builder_vectors(b, c, KINO_INDEX_AUTO, NULL, NULL, NULL), KINO_OK);
            stamp.films = kino_segment_builder_count(b);
            kino_catalogue_close(c);
            assert_true(kino_catalogue_seal(catalogue, stamp.seal));
            assert_int_equal(kino_snapshot_save(b, &stamp, weights, KINO_PART_COUNT, name, NULL), KINO_OK);
            kino_segment_builder_free(b);
        }
        kino *k = opened();
        if (kino_recommend(k, &(kino_query){.like = &seed, .like_count = 1, .k = 20}, &r, &err))
            fail_msg("%s", err.text);
        for (size_t j = 0; j < r->count; j++)
            at += (size_t)snprintf(text + at, sizeof *answers - at, "%lld %.9f\n", (long long)r->items[j].movie->id,
                                   r->items[j].score);
        kino_results_free(r);
        kino_close(k);
        if (i)
            assert_string_equal(answers[1], answers[0]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_snapshot_far_behind_is_made_anew, restore_catalogue),
        cmocka_unit_test_setup(a_thousand_changes_are_the_most, restore_catalogue),
        cmocka_unit_test_setup(a_change_while_the_snapshot_is_made_is_seen, restore_catalogue),
        cmocka_unit_test_setup(a_change_within_a_tick_of_the_clock_is_seen, restore_catalogue),
        cmocka_unit_test_setup(a_snapshot_of_a_later_state_is_not_used, restore_catalogue),
        cmocka_unit_test_setup(a_snapshot_of_another_catalogue_is_not_used, restore_catalogue),
        cmocka_unit_test_setup(what_is_read_is_of_one_state, restore_catalogue),
        cmocka_unit_test_setup(weights_that_are_none_are_not_used, restore_catalogue),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
