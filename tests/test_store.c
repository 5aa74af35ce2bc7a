/* test_store.c - the catalogue, call by call: what its header promises of records, marks, vectors, changes, seals, and
 * of several programs at once. */
#include <pthread.h>
#include <stdatomic.h>

#include "base/limits.h"
#include "base/movie.h"
#include "catalogue_play.h"
#include "store/answers.h"

static void see(void *ctx, int64_t id, const float *plot, const float *profile)
{
    float *sum = ctx;
    *sum += (float)id * plot[0] + profile[1];
}

static void change(kino_catalogue *c, int64_t id, const char *title, const char *source)
{
    kino_movie m = film(id, title);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &m, source, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
}

static void unknown_is_not_nothing(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    kino_arena a = {0};
    static kino_named many[KINO_LIMIT_LIST + 10];
    char names[sizeof many / sizeof *many][8];
    const kino_named namesakes[] = {{1, "Steve McQueen"}, {2, "Steve McQueen"}, {0, "Steve McQueen"}, {0, "Nobody"}};
    for (size_t i = 0; i < sizeof many / sizeof *many; i++) {
        snprintf(names[i], sizeof names[i], "k%zu", i);
        many[i] = (kino_named){0, names[i]};
    }
    kino_movie in = film(5, "Five"), out;
    in.votes = 0;
    in.rating = 0;
    in.year = 0;
    in.cast = (kino_list){namesakes, 4};
    in.keywords = (kino_list){many, sizeof many / sizeof *many};
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &in, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_get(c, 5, &a, &out, NULL), KINO_OK);
    assert_int_equal(out.votes, 0);
    assert_true(out.rating == 0);
    assert_int_equal(out.keywords.count, KINO_LIMIT_LIST); /* the first ones, in their order */
    assert_string_equal(out.keywords.items[KINO_LIMIT_LIST - 1].name, names[KINO_LIMIT_LIST - 1]);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film_term WHERE role = 2"), KINO_LIMIT_LIST);
    in.keywords.count = KINO_LIMIT_LIST;
    assert_true(kino_movie_equal(&in, &out));
    kino_arena_free(&a);
    kino_catalogue_close(c);
}

static void records_keep_where_they_came_from(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    kino_origin origin, again;
    count_films seen = {0};
    change(c, 1, "One", "tmdb");
    change(c, 2, "Two", "added");
    assert_int_equal(kino_catalogue_origin(c, 1, &origin, NULL), KINO_OK);
    assert_string_equal(origin.source, "tmdb");
    assert_true(origin.fetched_at > 1700000000);
    assert_int_equal(kino_catalogue_origin(c, 3, &again, NULL), KINO_NOT_FOUND);
    on_disk("UPDATE film SET fetched_at = 1000");
    change(c, 1, "One, healed", NULL); /* the same record with something filled in */
    assert_int_equal(kino_catalogue_origin(c, 1, &again, NULL), KINO_OK);
    assert_string_equal(again.source, "tmdb");
    assert_int_equal(again.fetched_at, 1000);
    const struct {
        int64_t before;
        size_t count;
    } cases[] = {{1000, 0}, {1001, 1}, {0, 0}, {INT64_MAX, 1}};
    for (size_t i = 0; i < 4; i++) {
        seen = (count_films){0};
        assert_int_equal(kino_catalogue_fetched(c, cases[i].before, count_id, &seen, NULL), KINO_OK);
        assert_int_equal(seen.count, cases[i].count);
    }
    change(c, 1, "One, by the user", "added");
    assert_int_equal(kino_catalogue_origin(c, 1, &again, NULL), KINO_OK);
    assert_string_equal(again.source, "added");
    assert_true(again.fetched_at > 1700000000);
    kino_catalogue_close(c);
}

static void count_name(void *ctx, const char *name)
{
    assert_true(*name != 0);
    ++*(size_t *)ctx;
}

static size_t healed(kino_catalogue *c, int64_t id, int64_t before)
{
    size_t count = 0;
    assert_int_equal(kino_catalogue_healed(c, id, before, count_name, &count, NULL), KINO_OK);
    return count;
}

static void marks_of_healing_end_with_the_record(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    bool removed;
    count_films seen = {0};
    for (int round = 0; round < 4; round++) {
        change(c, 1, "One", "csv");
        change(c, 2, "Two", "csv");
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_healed(c, 1, "poster", "tmdb:1", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_healed(c, 1, "poster", "tmdb:1", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_healed(c, 1, "year", "tmdb:1", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_healed(c, 2, "year", "tmdb:2", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
        on_disk("UPDATE healed SET at = 1000 WHERE field = 'poster'; UPDATE healed SET at = 2000 WHERE field = 'year'");
        assert_int_equal(healed(c, 1, 1000), 0);
        assert_int_equal(healed(c, 1, 1001), 1);
        assert_int_equal(healed(c, 1, 2001), 2);
        seen = (count_films){0};
        assert_int_equal(kino_catalogue_fetched(c, 2000, count_id, &seen, NULL), KINO_OK);
        assert_true(seen.count == 1 && seen.last == 1);
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        if (round == 0) {
            kino_movie m = film(1, "One of the user's own");
            assert_int_equal(kino_catalogue_put(c, &m, "added", NULL), KINO_OK);
        } else if (round == 1) {
            assert_int_equal(kino_catalogue_remove(c, 1, &removed, NULL), KINO_OK);
        } else if (round == 2) {
            assert_int_equal(kino_catalogue_clear(c, NULL), KINO_OK);
        } else {
            kino_movie m = film(1, "One, with more filled in");
            assert_int_equal(kino_catalogue_put(c, &m, NULL, NULL), KINO_OK);
            assert_int_equal(kino_catalogue_remove_healed(c, 1, 2000, NULL), KINO_OK);
        }
        assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
        assert_int_equal(healed(c, 1, INT64_MAX), round == 3);
        assert_int_equal(healed(c, 2, INT64_MAX), round != 2);
    }
    kino_catalogue_close(c);
}

static void what_is_removed_leaves_nothing(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    const float plot[4] = {1, 0, 0, 0}, profile[2] = {1, 0};
    float sum = 0;
    size_t without = 0;
    bool removed = false, found = false;
    float back[4];
    change(c, 1, "One", "csv");
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_plot(c, 1, 5, 6, plot, 4, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, 1, 7, profile, 2, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_reuse_plot(c, 1, 5, 6, back, 4, &found, NULL), KINO_OK);
    assert_true(found);
    assert_int_equal(kino_catalogue_reuse_plot(c, 1, 4, 6, back, 4, &found, NULL), KINO_OK);
    assert_false(found);
    assert_int_equal(kino_catalogue_reuse_plot(c, 1, 5, 7, back, 4, &found, NULL), KINO_OK);
    assert_false(found);
    assert_int_equal(kino_catalogue_vectors(c, 0, 3, 2, see, &sum, NULL),
                     KINO_DAMAGED); /* neither shorter nor longer */
    assert_int_equal(kino_catalogue_vectors(c, 0, 4, 1, see, &sum, NULL), KINO_DAMAGED);
    assert_int_equal(kino_catalogue_vectors(c, 0, 4, 3, see, &sum, NULL), KINO_DAMAGED);
    assert_int_equal(kino_catalogue_check(c, 6, 7, &without, NULL), KINO_OK);
    assert_int_equal(without, 0);
    assert_int_equal(kino_catalogue_check(c, 66, 7, &without, NULL), KINO_OK);
    assert_int_equal(without, 1);
    assert_int_equal(kino_catalogue_check(c, 6, 77, &without, NULL), KINO_OK);
    assert_int_equal(without, 1);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(c, 1, &removed, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_reuse_plot(c, 1, 5, 6, back, 4, &found, NULL), KINO_OK);
    assert_false(found);
    assert_int_equal(number_on_disk("SELECT count(*) FROM profile"), 0);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film_term"), 0);
    assert_int_equal(kino_catalogue_check(c, 6, 7, &without, NULL), KINO_OK);
    change(c, 1, "One again", "csv");
    assert_int_equal(kino_catalogue_check(c, 6, 7, &without, NULL), KINO_OK);
    assert_int_equal(without, 1);
    sum = 0;
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_plot(c, 1, 5, 6, plot, 4, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, 1, 7, profile, 2, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    uint64_t generation = 0;
    assert_int_equal(kino_catalogue_generation(c, &generation, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_vectors(c, generation, 4, 2, see, &sum, NULL), KINO_OK);
    assert_true(sum == 0); /* none since */
    assert_int_equal(kino_catalogue_vectors(c, generation - 1, 4, 2, see, &sum, NULL), KINO_OK);
    assert_true(sum != 0);
    on_disk("PRAGMA foreign_keys = OFF; INSERT INTO film_term SELECT 99, 1, 0, term_id FROM term LIMIT 1");
    kino_error err = {0};
    assert_int_equal(kino_catalogue_check(c, 6, 7, &without, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "belongs to no film"));
    kino_catalogue_close(c);
}

/* What no question stumbles over is found all the same. */
static void a_check_reads_everything(void **state)
{
    (void)state;
    size_t without = 0;
    kino_catalogue_close(created());
    on_disk(
        "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, ' NOT NULL', '') WHERE name = 'change'");
    on_disk("INSERT INTO change VALUES(77, NULL)");
    on_disk("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'generation INTEGER', 'generation"
            " INTEGER NOT NULL') WHERE name = 'change'");
    kino_catalogue *c = created();
    assert_int_equal(kino_catalogue_check(c, 6, 7, &without, NULL), KINO_DAMAGED);
    kino_catalogue_close(c);
}

static void staged_plots_are_those_of_their_text(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    const float plot[2] = {1, 0};
    float back[2];
    bool found;
    uint64_t generation = 0;
    size_t count = 1;
    assert_int_equal(kino_catalogue_generation(c, &generation, NULL), KINO_OK);
    const struct {
        uint64_t text, maker;
        bool stays;
    } cases[] = {{1, 2, true}, {1, 3, false}, {4, 2, false}, {4, 3, false}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_stage_plot(c, 8, 1, 2, plot, 2, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_stage_plot(c, 9, 1, 2, plot, 2, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_drop_staged(c, 8, cases[i].text, cases[i].maker, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_reuse_plot(c, 8, 1, 2, back, 2, &found, NULL), KINO_OK);
        assert_int_equal(found, cases[i].stays);
        assert_int_equal(kino_catalogue_reuse_plot(c, 9, 1, 2, back, 2, &found, NULL), KINO_OK);
        assert_true(found);
    }
    assert_int_equal(kino_catalogue_changes(c, generation, &count, NULL), KINO_OK);
    assert_int_equal(count, 0); /* no reader sees what is staged */
    kino_catalogue_close(c);
}

/* What was changed since, in pages; a film that is as it was when the lineage began is there for 0 alone. */
static void history_comes_in_pages(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    kino_change got[8];
    size_t count = 0;
    uint64_t lineage = 0, generation = 0;
    bool removed;
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_clear(c, NULL), KINO_OK);
    for (int64_t id = 1; id <= 4; id++) {
        kino_movie m = film(id, "First");
        assert_int_equal(kino_catalogue_put(c, &m, "csv", NULL), KINO_OK);
    }
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stamp(c, &generation, &lineage, NULL), KINO_OK);
    change(c, 3, "Third again", "added");
    change(c, 7, "Seventh", "added");
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(c, 2, &removed, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_history(c, 0, 0, got, 8, &count, NULL), KINO_OK);
    const kino_change all[] = {{1, 1}, {2, generation + 3}, {3, generation + 1}, {4, 1}, {7, generation + 2}};
    assert_int_equal(count, 5);
    for (size_t i = 0; i < 5; i++)
        assert_true(got[i].id == all[i].id && got[i].generation == all[i].generation);
    assert_int_equal(kino_catalogue_history(c, 0, 2, got, 2, &count, NULL), KINO_OK);
    assert_true(count == 2 && got[0].id == 3 && got[1].id == 4);
    assert_int_equal(kino_catalogue_history(c, 0, 7, got, 2, &count, NULL), KINO_OK);
    assert_int_equal(count, 0);
    assert_int_equal(kino_catalogue_history(c, generation + 1, 0, got, 8, &count, NULL), KINO_OK);
    assert_true(count == 2 && got[0].id == 2 && got[1].id == 7);
    kino_catalogue_close(c);
}

/* Clearing puts an end to the record of changes for its own transaction alone. */
static void only_the_clearing_transaction_is_not_recorded(void **state)
{
    (void)state;
    for (int committed = 0; committed < 2; committed++) {
        kino_catalogue *c = created();
        uint64_t generation = 0, lineage = 0;
        size_t count = 0;
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_clear(c, NULL), KINO_OK);
        if (committed)
            assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
        else
            kino_catalogue_rollback(c);
        assert_int_equal(kino_catalogue_stamp(c, &generation, &lineage, NULL), KINO_OK);
        change(c, 1 + committed, "One", "added");
        assert_int_equal(kino_catalogue_changes(c, generation, &count, NULL), KINO_OK);
        assert_int_equal(count, 1);
        kino_catalogue_close(c);
    }
}

static void what_is_held_is_of_one_generation(void **state)
{
    (void)state;
    kino_catalogue *writer = created(), *reader = NULL;
    uint64_t before = 0, during = 0, after = 0;
    change(writer, 1, "One", "csv");
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &reader, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_hold(reader, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_generation(reader, &before, NULL), KINO_OK);
    change(writer, 2, "Two", "csv");
    count_films seen = {0};
    assert_int_equal(kino_catalogue_generation(reader, &during, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_films(reader, 0, count_film, &seen, NULL), KINO_OK);
    assert_true(during == before && seen.count == 1);
    kino_catalogue_release(reader);
    assert_int_equal(kino_catalogue_generation(reader, &after, NULL), KINO_OK);
    assert_int_equal(after, before + 1);
    assert_int_equal(kino_catalogue_begin(reader, NULL) || kino_catalogue_remove(reader, 1, &(bool){false}, NULL),
                     1); /* a reader changes nothing */
    kino_catalogue_close(reader);
    kino_catalogue_close(writer);
}

static void a_seal_tells_that_nothing_has_changed(void **state)
{
    (void)state;
    uint64_t seal[KINO_CATALOGUE_SEAL] = {0}, again[KINO_CATALOGUE_SEAL], other[KINO_CATALOGUE_SEAL];
    struct stat s;
    kino_catalogue *c = created();
    assert_false(kino_catalogue_seal("/nowhere/at/all", seal));
    change(c, 1, "One", "csv");
    assert_false(kino_catalogue_seal(path, seal)); /* it is in the WAL */
    kino_catalogue_settle(c);
    assert_true(kino_catalogue_seal(path, seal));
    assert_true(kino_catalogue_seal(path, again));
    assert_memory_equal(seal, again, sizeof seal);
    change(c, 1, "Another", "csv");
    assert_false(kino_catalogue_seal(path, again));
    kino_catalogue_close(c);
    assert_true(kino_catalogue_seal(path, again));
    assert_memory_not_equal(seal, again, sizeof seal);
    stat(path, &s);
    for (int what = 0; what < 3;
         what++) { /* a nanosecond later, a byte longer, another file of the same size and time */
        char copy[128];
        snprintf(copy, sizeof copy, "cd '%s/deeper' && cp -p catalogue.db 2 && mv 2 catalogue.db", folder);
        if (what == 1)
            assert_int_equal(truncate(path, s.st_size + 1), 0);
        if (what == 2)
            assert_int_equal(system(copy), 0);
        const struct timespec times[2] = {s.st_atim, {s.st_mtim.tv_sec, (s.st_mtim.tv_nsec + 1) % 1000000000}};
        assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
        assert_true(kino_catalogue_seal(path, other));
        assert_memory_not_equal(again, other, sizeof again);
        memcpy(again, other, sizeof again);
    }
}

/* ---- several at once ---- */

typedef struct second {
    atomic_bool begun;
    kino_status st;
} second;

static void *write_second(void *ctx)
{
    second *w = ctx;
    kino_catalogue *c = NULL;
    kino_arena a = {0};
    kino_movie m;
    w->st = kino_catalogue_open(path, KINO_CATALOGUE_WRITE, &c, NULL);
    if (!w->st)
        w->st = kino_catalogue_begin(c, NULL);
    w->begun = true;
    if (!w->st)
        w->st = kino_catalogue_get(c, 1, &a, &m, NULL); /* what the first one has committed */
    if (!w->st)
        w->st = kino_catalogue_remove(c, 1, &(bool){false}, NULL);
    if (!w->st)
        w->st = kino_catalogue_commit(c, NULL);
    kino_arena_free(&a);
    kino_catalogue_close(c);
    return NULL;
}

static void a_second_writer_waits_for_the_first(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    second w = {.st = KINO_FAILED};
    pthread_t thread;
    kino_movie one = film(1, "One");
    kino_arena a = {0};
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(pthread_create(&thread, NULL, write_second, &w), 0);
    for (int i = 0; i < 40 && !w.begun; i++)
        usleep(5000);
    assert_false(w.begun);
    assert_int_equal(kino_catalogue_put(c, &one, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    pthread_join(thread, NULL);
    assert_int_equal(w.st, KINO_OK);
    assert_int_equal(kino_catalogue_get(c, 1, &a, &one, NULL), KINO_NOT_FOUND);
    kino_arena_free(&a);
    kino_catalogue_close(c);
}

static void several_may_make_it_at_once(void **state)
{
    (void)state;
    enum { MAKERS = 6, ROUNDS = 12 };
    for (int round = 0; round < ROUNDS; round++) {
        pid_t maker[MAKERS];
        int go[2], failed = 0;
        char name[128];
        snprintf(name, sizeof name, "%s/round%d/catalogue.db", folder, round);
        assert_int_equal(pipe(go), 0);
        fflush(NULL);
        for (int i = 0; i < MAKERS; i++) {
            maker[i] = fork();
            if (!maker[i]) {
                kino_catalogue *c = NULL;
                char end;
                close(go[1]);
                (void)!read(go[0], &end, 1); /* all begin when the parent lets go */
                _exit(kino_catalogue_open(name, KINO_CATALOGUE_CREATE, &c, NULL) != KINO_OK);
            }
        }
        close(go[0]);
        close(go[1]);
        for (int i = 0; i < MAKERS; i++) {
            int status = 1;
            waitpid(maker[i], &status, 0);
            failed += status != 0;
        }
        assert_int_equal(failed, 0);
    }
}

/* ---- answers.db ---- */

static void answers_are_remembered_for_a_while(void **state)
{
    (void)state;
    char name[128];
    int64_t answer = 0;
    snprintf(name, sizeof name, "%s/answers.db", folder);
    for (int round = 0; round < 2; round++) { /* also by the next program */
        kino_answers *a = kino_answers_open(name);
        assert_non_null(a);
        if (!round) {
            assert_false(kino_answers_get(a, "q", 100, &answer));
            kino_answers_put(a, "q", 6);
            kino_answers_put(a, "q", 7);
            kino_answers_put(a, "other", 8);
        }
        assert_true(kino_answers_get(a, "q", 100, &answer));
        assert_int_equal(answer, 7);
        assert_false(kino_answers_get(a, "q", 0, &answer));
        assert_false(kino_answers_get(a, "Q", 100, &answer));
        kino_answers_close(a);
    }
    assert_null(kino_answers_open("/nowhere/at/all/answers.db"));
    kino_answers_put(NULL, "q", 1);
    assert_false(kino_answers_get(NULL, "q", 100, &answer));
    kino_answers_close(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unknown_is_not_nothing, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(records_keep_where_they_came_from, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(marks_of_healing_end_with_the_record, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_is_removed_leaves_nothing, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_check_reads_everything, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(staged_plots_are_those_of_their_text, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(history_comes_in_pages, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(only_the_clearing_transaction_is_not_recorded, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(what_is_held_is_of_one_generation, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_seal_tells_that_nothing_has_changed, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_second_writer_waits_for_the_first, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(several_may_make_it_at_once, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(answers_are_remembered_for_a_while, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
