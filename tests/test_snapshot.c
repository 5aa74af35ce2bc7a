/* test_snapshot.c - the index snapshot: what a stale, missing, foreign or damaged one does to answers (nothing), and
 * kino_check. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "kino.h"

static char folder[64], data_dir[96], snapshot[128], kept[128];
static char last_note[512];

static void take_note(void *ctx, const char *text)
{
    (void)ctx;
    snprintf(last_note, sizeof last_note, "%s", text);
}

static kino_options options(void)
{
    return (kino_options){
        .data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2, .note = take_note};
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
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(snapshot, sizeof snapshot, "%s/snapshot.kino", data_dir);
    snprintf(kept, sizeof kept, "%s/kept", folder);
    kino_options opt = options();
    kino_build_request req = {.csv = "data/sample.csv", .epochs = 5};
    if (kino_build(&opt, &req, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return run("cp -p '%s' '%s'", snapshot, kept);
}

static int drop_catalogue(void **state)
{
    (void)state;
    return run("rm -rf '%s'%s", folder, "");
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

/* Answers to a few questions as text, to be compared. */
static void ask(kino *k, char *out, size_t size)
{
    static const int64_t films[] = {348, 11, 129, 278};
    size_t at = 0;
    kino_error err = {0};
    for (size_t i = 0; i < sizeof films / sizeof *films; i++) {
        kino_query q = {.like = &films[i], .like_count = 1, .k = 12};
        kino_results *r = NULL;
        kino_matches *m = NULL;
        if (kino_recommend(k, &q, &r, &err))
            fail_msg("%s", err.text);
        for (size_t j = 0; j < r->count; j++)
            at += (size_t)snprintf(out + at, size - at, "%lld %s %.6f\n", (long long)r->items[j].movie->id,
                                   r->items[j].movie->overview, r->items[j].score);
        kino_results_free(r);
        assert_int_equal(kino_find(k, "the", 20, &m, &err), KINO_OK);
        for (size_t j = 0; j < m->count; j++)
            at += (size_t)snprintf(out + at, size - at, "%lld %s\n", (long long)m->items[j].id, m->items[j].title);
        kino_matches_free(m);
        assert_true(at < size);
    }
}

enum { ANSWERS = 1 << 16 };

static void same_answers(const char *expected)
{
    static char now[ANSWERS];
    kino *k = opened();
    ask(k, now, sizeof now);
    assert_string_equal(now, expected);
    kino_close(k);
}

static void without_it_answers_are_the_same(void **state)
{
    (void)state;
    static char with[ANSWERS];
    kino *k = opened();
    last_note[0] = 0;
    ask(k, with, sizeof with);
    kino_close(k);
    assert_string_equal(last_note, "");
    unlink(snapshot);
    same_answers(with);
    assert_non_null(strstr(last_note, "there is no index snapshot"));
    assert_int_equal(run("head -c 100 data/sample.csv >'%s'%s", snapshot, ""), 0);
    same_answers(with);
    assert_non_null(strstr(last_note, "not a kino file"));
    k = opened(); /* and is mended when there is time */
    kino_reindex_if_stale(k);
    kino_close(k);
    last_note[0] = 0;
    same_answers(with);
    assert_string_equal(last_note, "");
    assert_int_equal(run("cp -p '%s' '%s'", snapshot, kept), 0);
}

/* Changes since are seen at once, beside the snapshot as it was; those who still have the old one see them too. */
static void a_stale_one_serves(void **state)
{
    (void)state;
    kino_error err = {0};
    kino *k = opened();
    kino_movie *alien = NULL;
    size_t removed = 0;
    assert_int_equal(kino_movie_get(k, 348, &alien, &err), KINO_OK);
    kino_movie twin = *alien;
    twin.id = 900001;
    twin.imdb_id = "";
    twin.title = twin.original_title = "A Quite New Film";
    assert_int_equal(kino_add(k, &(const kino_movie *){&twin}, 1, &err), KINO_OK);
    assert_int_equal(kino_remove(k, (const int64_t[]){679}, 1, &removed, &err), KINO_OK); /* Aliens */
    assert_int_equal(removed, 1);
    kino_close(k);
    for (int round = 0; round < 2; round++) {
        int64_t id = 0, like = 348;
        kino_results *r = NULL;
        kino_query q = {.like = &like, .like_count = 1, .k = 700};
        k = opened();
        last_note[0] = 0;
        assert_int_equal(kino_resolve(k, "a quite new film", false, &id, NULL, &err), KINO_OK);
        assert_int_equal(id, 900001);
        assert_int_equal(kino_resolve(k, "id:679", false, &id, NULL, &err), KINO_NOT_FOUND);
        assert_int_equal(kino_recommend(k, &q, &r, &err), KINO_OK);
        assert_int_equal(r->items[0].movie->id, 900001);
        assert_int_equal(r->count, 696);
        for (size_t i = 0; i < r->count; i++)
            assert_true(r->items[i].movie->id != 679 && (!i || r->items[i - 1].score >= r->items[i].score));
        kino_results_free(r);
        kino_close(k);
        assert_string_equal(last_note, "");
        if (!round) { /* the snapshot of before, which is still of this catalogue */
            assert_int_equal(run("cp -p '%s' '%s'", kept, snapshot), 0);
        }
    }
    kino_movie_free(alien);
    k = opened();
    assert_int_equal(kino_remove(k, (const int64_t[]){900001}, 1, &removed, &err), KINO_OK);
    kino_close(k);
}

static const kino_check_item *item(const kino_check_report *r, const char *what)
{
    for (size_t i = 0; i < r->count; i++)
        if (!strcmp(r->items[i].what, what))
            return &r->items[i];
    return NULL;
}

static void check_finds_what_is_wrong(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_check_report r;
    kino_error err = {0};
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    assert_int_equal(kino_check(&opt, &r, &err), KINO_OK);
    assert_int_equal(r.count, 4);
    FILE *f = fopen(snapshot, "r+b");
    assert_int_equal(fseek(f, -1000, SEEK_END), 0);
    const int c = fgetc(f);
    fseek(f, -1000, SEEK_END);
    fputc(c ^ 1, f);
    fclose(f);
    assert_int_equal(kino_check(&opt, &r, &err), KINO_DAMAGED);
    assert_int_equal(item(&r, "snapshot")->status, KINO_DAMAGED);
    assert_non_null(strstr(item(&r, "snapshot")->text, "checksum"));
    assert_int_equal(item(&r, "catalogue")->status, KINO_OK);
    assert_int_equal(kino_reindex(&opt, &err), KINO_OK);
    assert_int_equal(kino_check(&opt, &r, &err), KINO_OK);

    char database[128];
    snprintf(database, sizeof database, "%s/catalogue.db", data_dir);
    f = fopen(database, "r+b");
    assert_int_equal(fseek(f, 4096 * 3, SEEK_SET), 0);
    for (int i = 0; i < 4096; i++)
        fputc(0xa5, f);
    fclose(f);
    assert_int_equal(kino_check(&opt, &r, &err), KINO_DAMAGED);
    assert_int_equal(item(&r, "catalogue")->status, KINO_DAMAGED);
    opt.data_dir = "/nowhere/at/all";
    assert_int_equal(kino_check(&opt, &r, &err), KINO_NOT_FOUND);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_it_answers_are_the_same),
        cmocka_unit_test(a_stale_one_serves),
        cmocka_unit_test(check_finds_what_is_wrong),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
