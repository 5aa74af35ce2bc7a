/* test_live.c - the handle that a server answers from: replaced when the catalogue has changed, by several threads at
 * once, and never by an older one than it has. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/live.h"

static char folder[64], data_dir[96], snapshot[128];
static const int64_t like = 964;
static atomic_size_t held;

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 1};
}

static int run(const char *format, const char *a, const char *b)
{
    char command[400];
    snprintf(command, sizeof command, format, a, b);
    return system(command);
}

static int make_catalogue(void **state)
{
    (void)state;
    char csv[96], other[96], snapshot_of_other[128];
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(other, sizeof other, "%s/other", folder);
    snprintf(csv, sizeof csv, "%s/films.csv", folder);
    snprintf(snapshot, sizeof snapshot, "%s/snapshot.kino", data_dir);
    snprintf(snapshot_of_other, sizeof snapshot_of_other, "%s/snapshot.kino", other);
    kino_options opt = options();
    kino_build_request req = {.csv = csv, .epochs = 2};
    if (run("head -n 61 data/sample.csv >'%s'%s", csv, "") || kino_build(&opt, &req, NULL, &err) ||
        run("cp -r '%s' '%s'", data_dir, other))
        return -1;
    opt.data_dir = other;
    if (kino_build(&opt, &req, NULL, &err)) /* the same films, another lineage */
        return -1;
    return run("mv '%s' '%s'", snapshot_of_other, folder);
}

static int drop_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%s'%s", folder, "");
}

static void add(int64_t id)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_movie *m = NULL;
    kino_error err = {0};
    char title[32];
    snprintf(title, sizeof title, "Film %lld", (long long)id);
    if (kino_open(&opt, &k, &err) || kino_movie_get(k, like, &m, &err))
        fail_msg("%s", err.text);
    kino_movie twin = *m;
    twin.id = id;
    twin.imdb_id = "";
    twin.title = twin.original_title = title;
    if (kino_add(k, &(const kino_movie *){&twin}, 1, &err))
        fail_msg("%s", err.text);
    kino_movie_free(m);
    kino_close(k);
}

/* Whether the handle's own list of films has it. */
static bool lists(kino *k, int64_t id)
{
    int64_t *ids = NULL;
    size_t count = 0;
    bool found = false;
    if (kino_ids(k, &ids, &count, NULL))
        return false;
    for (size_t i = 0; i < count; i++)
        found = found || ids[i] == id;
    free(ids);
    return found;
}

static bool has(kino_live *l, int64_t id)
{
    kino_live_handle *h = kino_live_take(l);
    const bool found = lists(h->k, id);
    kino_live_give(h);
    return found;
}

static void a_change_is_seen_and_only_a_change(void **state)
{
    (void)state;
    kino_live l;
    kino_error err = {0};
    kino_options opt = options();
    assert_int_equal(kino_live_open(&opt, 0, &held, &l, &err), KINO_OK);
    kino_live_handle *first = kino_live_take(&l);
    const uint64_t generation = first->generation;
    const size_t films = first->films;
    assert_int_equal(kino_live_reopen(&l, false, &err), KINO_OK);
    assert_ptr_equal(l.now, first); /* nothing has changed */
    assert_int_equal(first->holders, 2);
    assert_int_equal(kino_live_reopen(&l, true, &err), KINO_OK);
    assert_ptr_not_equal(l.now, first);
    assert_int_equal(first->holders, 1); /* this test's */
    kino_live_handle *second = kino_live_take(&l);
    add(800001);
    assert_false(has(&l, 800001));
    assert_int_equal(kino_live_reopen(&l, false, &err), KINO_OK);
    assert_true(has(&l, 800001));
    assert_ptr_not_equal(l.now, second);
    assert_true(l.now->generation > generation);
    kino_live_handle *third = l.now;
    assert_int_equal(kino_live_reopen(&l, false, &err), KINO_OK);
    assert_ptr_equal(l.now, third); /* one change, one renewal */
    assert_int_equal(l.now->films, films + 1);
    assert_true(lists(first->k, like) && !lists(first->k, 800001)); /* what a request began with stays as it was */
    kino_live_give(first);
    kino_live_give(second);
    kino_live_close(&l);
}

static void a_failure_leaves_the_old_one(void **state)
{
    (void)state;
    kino_live l;
    kino_error err = {0};
    kino_options opt = options();
    char away[128];
    snprintf(away, sizeof away, "%s/away", folder);
    assert_int_equal(kino_live_open(&opt, 0, &held, &l, &err), KINO_OK);
    kino_live_handle *first = l.now;
    assert_int_equal(rename(data_dir, away), 0);
    assert_int_not_equal(kino_live_reopen(&l, false, &err), KINO_OK);
    assert_true(err.text[0] != 0);
    assert_ptr_equal(l.now, first);
    assert_int_equal(rename(away, data_dir), 0);
    assert_int_equal(kino_live_reopen(&l, false, &err), KINO_OK); /* the same files as before */
    assert_ptr_equal(l.now, first);
    kino_live_close(&l);
}

/* ---- two renewals at once ---- */

static _Thread_local bool slow;
static atomic_bool reading, added, overtaken;

/* Told while the catalogue is read, within one state of it, since the snapshot beside it is another catalogue's. The
 * slow thread waits there until the fast one is through, or, where that waits for the slow one, for a second. */
static void wait_if_slow(void *ctx, const char *text)
{
    (void)ctx;
    if (!slow || !strstr(text, "of another catalogue"))
        return;
    reading = true;
    for (int i = 0; i < 200 && !overtaken; i += added)
        nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    slow = false;
}

static void *renew_slowly(void *ctx)
{
    slow = true;
    assert_int_equal(kino_live_reopen(ctx, true, NULL), KINO_OK);
    return NULL;
}

static void a_newer_handle_is_not_replaced_by_an_older_one(void **state)
{
    (void)state;
    kino_live l;
    kino_error err = {0};
    kino_options opt = options();
    pthread_t thread;
    opt.note = wait_if_slow;
    assert_int_equal(run("cp '%s/snapshot.kino' '%s'", folder, snapshot), 0);
    assert_int_equal(kino_live_open(&opt, 0, &held, &l, &err), KINO_OK);
    assert_int_equal(pthread_create(&thread, NULL, renew_slowly, &l), 0);
    while (!reading)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    add(800002);
    assert_int_equal(run("cp '%s/snapshot.kino' '%s'", folder, snapshot), 0);
    added = true;
    assert_int_equal(kino_live_reopen(&l, true, &err), KINO_OK); /* as after a film that was added over HTTP */
    assert_true(has(&l, 800002));
    overtaken = true;
    pthread_join(thread, NULL);
    assert_true(has(&l, 800002));
    kino_live_close(&l);
}

/* ---- readers, renewals and a writer ---- */

static atomic_bool done;

static void *read_on(void *ctx)
{
    size_t *wrong = kino_alloc(sizeof *wrong);
    while (!done)
        *wrong += !has(ctx, like);
    return wrong;
}

static void *renew_on(void *ctx)
{
    size_t *wrong = kino_alloc(sizeof *wrong);
    for (; !done; nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL)) /* else nobody else would get the mutex */
        *wrong += kino_live_reopen(ctx, false, NULL) != KINO_OK;
    return wrong;
}

static void readers_and_renewals_at_once(void **state)
{
    (void)state;
    enum { READERS = 4, RENEWALS = 2 };
    kino_live l;
    kino_error err = {0};
    kino_options opt = options();
    pthread_t thread[READERS + RENEWALS];
    assert_int_equal(kino_live_open(&opt, 1 << 20, &held, &l, &err), KINO_OK);
    for (int i = 0; i < READERS + RENEWALS; i++)
        assert_int_equal(pthread_create(&thread[i], NULL, i < READERS ? read_on : renew_on, &l), 0);
    for (int64_t id = 800010; id < 800020; id++) {
        add(id);
        assert_int_equal(kino_live_reopen(&l, true, &err), KINO_OK);
        assert_true(has(&l, id));
    }
    done = true;
    for (int i = 0; i < READERS + RENEWALS; i++) {
        void *wrong = NULL;
        pthread_join(thread[i], &wrong);
        assert_int_equal(*(size_t *)wrong, 0);
        free(wrong);
    }
    kino_live_close(&l);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_change_is_seen_and_only_a_change),
        cmocka_unit_test(a_failure_leaves_the_old_one),
        cmocka_unit_test(a_newer_handle_is_not_replaced_by_an_older_one),
        cmocka_unit_test(readers_and_renewals_at_once),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
