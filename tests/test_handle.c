/* A handle: what it copies of its options, and when the snapshot beside its catalogue is made anew and may be trusted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "store/catalogue.h"

static char folder[64], data_dir[96], catalogue[128];
static const int64_t seed = 964;

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
}

__attribute__((format(printf, 1, 0))) static int run(const char *format)
{
    char command[400];
    snprintf(command, sizeof command, format, folder, data_dir);
    return system(command);
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(catalogue, sizeof catalogue, "%s/catalogue.db", data_dir);
    kino_options opt = options();
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 2};
    if (kino_build(&opt, &req, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return run("cp -r '%2$s' '%1$s/made'");
}

/* Each test begins with the catalogue as it was made. */
static int restore_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%2$s' && cp -r '%1$s/made' '%2$s'");
}

static int drop_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%1$s'");
}

/* ---- options ---- */

/* Copies of strings for the time of kino_open, then overwritten and freed. */
typedef struct lent {
    char *text[16];
    size_t count;
} lent;

static const char *lend(lent *l, const char *text)
{
    return l->text[l->count++] = strdup(text);
}

static void take_back(lent *l)
{
    for (size_t i = 0; i < l->count; i++) {
        memset(l->text[i], 'X', strlen(l->text[i]));
        free(l->text[i]);
    }
    l->count = 0;
}

static kino *opened_with(const kino_options *opt)
{
    lent l = {0};
    kino *k = NULL;
    kino_error err = {0};
    kino_options copies = *opt;
    const char **strings[] = {&copies.data_dir, &copies.weights,    &copies.api_key_file, &copies.tmdb_url,
                              &copies.backend,  &copies.backend_ca, &copies.backend_auth};
    for (size_t i = 0; i < sizeof strings / sizeof *strings; i++)
        if (*strings[i])
            *strings[i] = lend(&l, *strings[i]);
    if (kino_open(&copies, &k, &err))
        fail_msg("%s", err.text);
    take_back(&l);
    return k;
}

/* The question fails, since nothing is there, and says of what is not. */
static void question_says(const kino_options *opt, kino_status status, const char *says)
{
    kino *k = opened_with(opt);
    kino_results *r = NULL;
    kino_error err = {0};
    assert_int_equal(kino_recommend(k, &(kino_query){.like = &seed, .like_count = 1}, &r, &err), status);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" is not in \"%s\"", says, err.text);
    kino_close(k);
}

static void strings_of_the_options_may_be_freed(void **state)
{
    (void)state;
    char secret[128];
    kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 1};
    opt.backend = "http://127.0.0.1:9/some-films";
    question_says(&opt, KINO_NETWORK, "index some-films");
    opt.backend_ca = "/nowhere/at/all/ca.pem";
    question_says(&opt, KINO_NOT_FOUND, "/nowhere/at/all/ca.pem: the certificates cannot be read");
    opt.backend_ca = NULL;
    opt.backend_auth = "/nowhere/at/all/secret";
    question_says(&opt, KINO_NOT_FOUND, "/nowhere/at/all/secret: cannot be read");
    snprintf(secret, sizeof secret, "%s/secret", folder);
    FILE *f = fopen(secret, "w");
    fputs("me:hidden\n", f);
    fclose(f);
    opt.backend_auth = secret;
    static const int open_to_others[] = {0644, 0640, 0604, 0620, 0602, 0601};
    for (size_t i = 0; i < sizeof open_to_others / sizeof *open_to_others; i++) {
        assert_int_equal(chmod(secret, (mode_t)open_to_others[i]), 0);
        question_says(&opt, KINO_FAILED, "others may read it; run: chmod 600");
    }

    kino_options plain = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 1};
    plain.api_key_file = "/nowhere/at/all/key";
    plain.tmdb_url = "http://127.0.0.1:9/3";
    kino *k = opened_with(&plain);
    kino_learned learned;
    kino_error err = {0};
    assert_int_equal(kino_learn(k, &(kino_wanted){.id = 5000000}, &learned, NULL, &err), KINO_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/at/all/key"));
    kino_results *r = NULL; /* the weights and the catalogue are found, too */
    assert_int_equal(kino_recommend(k, &(kino_query){.about = "a haunted theatre"}, &r, &err), KINO_OK);
    kino_results_free(r);
    kino_close(k);
}

/* ---- when the snapshot is made anew ---- */

static kino *opened(void)
{
    const kino_options opt = options();
    return opened_with(&opt);
}

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(strings_of_the_options_may_be_freed, restore_catalogue),
        cmocka_unit_test_setup(a_snapshot_far_behind_is_made_anew, restore_catalogue),
        cmocka_unit_test_setup(a_thousand_changes_are_the_most, restore_catalogue),
        cmocka_unit_test_setup(a_change_while_the_snapshot_is_made_is_seen, restore_catalogue),
        cmocka_unit_test_setup(a_change_within_a_tick_of_the_clock_is_seen, restore_catalogue),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
