/* test_catalogue.c - the catalogue: what was committed is there, what was rolled back is not, foreign files are
 * refused. */
#include "catalogue_play.h"

static void a_film_comes_back_whole(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    kino_arena a = {0};
    kino_movie in = film(862, "Toy Story'; DROP TABLE film"), out;
    uint64_t before, after;
    assert_int_equal(kino_catalogue_generation(c, &before, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &in, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &in, "csv", NULL), KINO_OK); /* replaces */
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_generation(c, &after, NULL), KINO_OK);
    assert_int_equal(after, before + 1);
    assert_int_equal(kino_catalogue_get(c, 862, &a, &out, NULL), KINO_OK);
    assert_string_equal(out.title, in.title);
    assert_int_equal(out.year, 1995);
    assert_true(out.runtime == 81 && isnan(out.rating) && out.popularity == 21.9);
    assert_int_equal(out.votes, -1);
    assert_int_equal(out.genres.count, 2);
    assert_string_equal(out.genres.items[1].name, "Comedy");
    assert_int_equal(out.genres.items[1].id, 35);
    assert_string_equal(out.directors.items[0].name, "John Lasseter");
    assert_string_equal(out.cast.items[0].name, "John Lasseter");
    assert_string_equal(out.keywords.items[0].name, "toy");
    assert_int_equal(out.countries.count, 0);
    assert_int_equal(out.collection.id, 10194);
    count_films seen = {0};
    assert_int_equal(kino_catalogue_films(c, 0, count_film, &seen, NULL), KINO_OK);
    assert_true(seen.count == 1 && seen.genres == 2 && seen.people == 2);
    assert_int_equal(kino_catalogue_get(c, 1, &a, &out, NULL), KINO_NOT_FOUND);
    kino_arena_free(&a);
    kino_catalogue_close(c);
}

static void a_rollback_leaves_nothing(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    kino_arena a = {0};
    kino_movie in = film(1, "One"), out;
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &in, "csv", NULL), KINO_OK);
    kino_catalogue_rollback(c);
    assert_int_equal(kino_catalogue_get(c, 1, &a, &out, NULL), KINO_NOT_FOUND);
    kino_arena_free(&a);
    kino_catalogue_close(c);
}

static void changes_are_recorded(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    uint64_t start, now, lineage, other;
    count_films seen = {0};
    bool removed = false;
    size_t n = 0;
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    for (int64_t id = 1; id <= 5; id++) {
        kino_movie m = film(id, "One of five");
        assert_int_equal(kino_catalogue_put(c, &m, "csv", NULL), KINO_OK);
    }
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stamp(c, &start, &lineage, NULL), KINO_OK);
    assert_true(lineage != 0);
    assert_int_equal(kino_catalogue_changes(c, start, &n, NULL), KINO_OK);
    assert_int_equal(n, 0);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    kino_movie two = film(2, "Another two"), six = film(6, "Six");
    assert_int_equal(kino_catalogue_put(c, &two, "tmdb", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &six, "tmdb", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(c, 4, &removed, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(c, 99, &removed, NULL), KINO_OK); /* was never there: no change */
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_changes(c, start, &n, NULL), KINO_OK);
    assert_int_equal(n, 3);
    assert_int_equal(kino_catalogue_films(c, start, count_film, &seen, NULL), KINO_OK);
    assert_true(seen.count == 2 && seen.last == 6 && seen.genres == 4 && seen.people == 4);
    seen = (count_films){0};
    assert_int_equal(kino_catalogue_changed(c, start, count_id, &seen, NULL), KINO_OK);
    assert_int_equal(seen.count, 3);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_clear(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &two, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stamp(c, &now, &other, NULL), KINO_OK);
    assert_true(now > start && other != lineage);
    assert_int_equal(kino_catalogue_changes(c, 0, &n, NULL), KINO_OK);
    assert_int_equal(n, 0);
    kino_catalogue_close(c);
}

/* A catalogue as version 1 made it: read as it is, brought up to date by the first writer. */
static void an_older_catalogue_is_brought_up_to_date(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    uint64_t generation, lineage = 1;
    kino_movie in = film(1, "One");
    kino_arena a = {0};
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &in, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    kino_catalogue_close(c);
    sqlite3 *db = NULL;
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db,
                                  "DROP TABLE change; DROP TABLE healed; DELETE FROM meta WHERE name = 'lineage';"
                                  "PRAGMA user_version = 1",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(db);
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stamp(c, &generation, &lineage, NULL), KINO_OK);
    assert_true(generation > 0 && lineage == 0);
    kino_catalogue_close(c);
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_WRITE, &c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stamp(c, &generation, &lineage, NULL), KINO_OK);
    assert_true(generation > 0 && lineage != 0);
    assert_int_equal(kino_catalogue_get(c, 1, &a, &in, NULL), KINO_OK);
    kino_arena_free(&a);
    kino_catalogue_close(c);
}

static void see(void *ctx, int64_t id, const float *plot, const float *profile)
{
    float *sum = ctx;
    *sum += (float)id * plot[0] + profile[1];
}

static void vectors(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    float plot[4] = {1, 2, 3, 4}, profile[2] = {5, 6}, back[4] = {0}, sum = 0;
    bool found = false, removed = false;
    kino_movie one = film(10, "Ten"), two = film(20, "Twenty");
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stage_plot(c, 10, 77, 88, plot, 4, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_stage_plot(c, 30, 77, 88, plot, 4, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_reuse_plot(c, 10, 77, 88, back, 4, &found, NULL), KINO_OK);
    assert_true(found && back[3] == 4);
    assert_int_equal(kino_catalogue_reuse_plot(c, 10, 78, 88, back, 4, &found, NULL), KINO_OK);
    assert_false(found); /* another text */
    assert_int_equal(kino_catalogue_reuse_plot(c, 10, 77, 89, back, 4, &found, NULL), KINO_OK);
    assert_false(found); /* other weights */
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &one, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &two, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, 10, 1, profile, 2, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_adopt_staged(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_vectors(c, 0, 4, 2, see, &sum, NULL), KINO_OK);
    assert_true(sum == 16); /* film 20 has no vectors, plot 30 no film */
    kino_error err = {0};
    assert_int_equal(kino_catalogue_vectors(c, 0, 5, 2, see, &sum, &err), KINO_DAMAGED);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_remove(c, 10, &removed, NULL), KINO_OK);
    assert_true(removed);
    assert_int_equal(kino_catalogue_remove(c, 10, &removed, NULL), KINO_OK);
    assert_false(removed);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    sum = 0;
    assert_int_equal(kino_catalogue_vectors(c, 0, 4, 2, see, &sum, NULL), KINO_OK);
    assert_true(sum == 0);
    kino_catalogue_close(c);
}

static void blobs(void **state)
{
    (void)state;
    kino_catalogue *c = created();
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(kino_catalogue_get_blob(c, "x", &bytes, &size, NULL), KINO_NOT_FOUND);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_blob(c, "x", "abc", 3, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_get_blob(c, "x", &bytes, &size, NULL), KINO_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(bytes, "abc", 3);
    assert_int_equal((uintptr_t)bytes % 64, 0);
    free(bytes);
    kino_catalogue_close(c);
}

static void a_killed_writer_leaves_the_last_commit(void **state)
{
    (void)state;
    kino_catalogue_close(created());
    for (int round = 0; round < 5; round++) {
        int to_parent[2];
        assert_int_equal(pipe(to_parent), 0);
        pid_t child = fork();
        if (!child) {
            kino_catalogue *c = NULL;
            if (kino_catalogue_open(path, KINO_CATALOGUE_WRITE, &c, NULL))
                _exit(1);
            for (int64_t id = 1000 * round + 1;; id++) {
                kino_movie m = film(id, "Killed");
                if (kino_catalogue_begin(c, NULL) || kino_catalogue_put(c, &m, "csv", NULL) ||
                    kino_catalogue_commit(c, NULL) || write(to_parent[1], &id, sizeof id) != sizeof id)
                    _exit(1);
            }
        }
        close(to_parent[1]);
        int64_t last = 0, id;
        for (int i = 0; i < 3 + round && read(to_parent[0], &id, sizeof id) == sizeof id; i++)
            last = id;
        kill(child, SIGKILL);
        int status;
        waitpid(child, &status, 0);
        while (read(to_parent[0], &id, sizeof id) == sizeof id)
            last = id;
        close(to_parent[0]);
        kino_catalogue *c = created();
        kino_arena a = {0};
        for (id = 1000 * round + 1; id <= last; id++) {
            kino_movie m;
            assert_int_equal(kino_catalogue_get(c, id, &a, &m, NULL), KINO_OK);
        }
        kino_arena_free(&a);
        kino_catalogue_close(c);
    }
}

static void write_file(const char *name, const char *bytes, size_t n)
{
    FILE *f = fopen(name, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(bytes, 1, n, f), n);
    fclose(f);
}

static void foreign_and_damaged_files_are_refused(void **state)
{
    (void)state;
    kino_catalogue *c = NULL;
    kino_error err = {0};
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, &err), KINO_NOT_FOUND);
    char text[128];
    snprintf(text, sizeof text, "%s/text.db", folder);
    char noise[8192];
    memset(noise, 'x', sizeof noise);
    write_file(text, noise, sizeof noise);
    assert_int_equal(kino_catalogue_open(text, KINO_CATALOGUE_READ, &c, &err), KINO_DAMAGED);
    assert_int_equal(kino_catalogue_open(text, KINO_CATALOGUE_CREATE, &c, &err), KINO_DAMAGED);
    assert_null(c);
}

/* A newer kino's catalogue is none that this program understands: it is not opened, and stays what it is. */
static void a_newer_catalogue_is_refused(void **state)
{
    (void)state;
    static const kino_catalogue_mode modes[] = {KINO_CATALOGUE_READ, KINO_CATALOGUE_WRITE, KINO_CATALOGUE_CREATE};
    kino_catalogue_close(created());
    const int ours = number_on_disk("PRAGMA user_version");
    for (int version = ours; version <= 99; version += version == ours ? 1 : 98 - ours) {
        char stamp[64];
        snprintf(stamp, sizeof stamp, "PRAGMA user_version = %d", version);
        on_disk(stamp);
        for (size_t i = 0; i < 3; i++) {
            kino_catalogue *c = NULL;
            kino_error err = {0};
            assert_int_equal(kino_catalogue_open(path, modes[i], &c, &err), version > ours ? KINO_DAMAGED : KINO_OK);
            assert_true(version > ours ? !c && strstr(err.text, "use a newer kino") : c != NULL);
            kino_catalogue_close(c);
            assert_int_equal(number_on_disk("PRAGMA user_version"), version);
        }
    }
}

/* Databases of others are left as they are, with tables and without, whatever they say of themselves. */
static void a_database_of_others_is_refused(void **state)
{
    (void)state;
    static const char *const others[] = {"PRAGMA application_id = 5", "PRAGMA user_version = 2",
                                         "PRAGMA application_id = 5; PRAGMA user_version = 2",
                                         "PRAGMA application_id = 5; PRAGMA user_version = 99", "CREATE TABLE x(y)"};
    kino_catalogue_close(created()); /* makes the folder */
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        unlink(path);
        on_disk(others[i]);
        for (int mode = KINO_CATALOGUE_READ; mode <= KINO_CATALOGUE_CREATE; mode++) {
            kino_catalogue *c = NULL;
            assert_int_equal(kino_catalogue_open(path, (kino_catalogue_mode)mode, &c, NULL), KINO_DAMAGED);
            assert_null(c);
        }
        assert_int_equal(number_on_disk("SELECT count(*) FROM sqlite_schema WHERE name = 'film'"), 0);
    }
    unlink(path);
    on_disk("VACUUM"); /* an empty database becomes a catalogue where one may be made, and is none yet elsewhere */
    kino_catalogue *c = NULL;
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_WRITE, &c, NULL), KINO_NOT_FOUND);
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, NULL), KINO_NOT_FOUND);
    kino_catalogue_close(created());
}

/* Opens the catalogue as somebody who may write nothing, in a process of its own; 0 when it has one film, "One". */
static int read_as_nobody(const char *name)
{
    fflush(NULL);
    const pid_t child = fork();
    if (!child) {
        kino_catalogue *c = NULL;
        kino_arena a = {0};
        kino_movie m;
        if (!geteuid() && setuid(65534))
            _exit(9);
        if (kino_catalogue_open(name, KINO_CATALOGUE_READ, &c, NULL))
            _exit(1);
        _exit(kino_catalogue_get(c, 1, &a, &m, NULL) || strcmp(m.title, "One") ? 2 : 0);
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

/* On a read-only medium, whatever its folders are called: each name would be another file to SQLite's URIs. */
static void a_catalogue_that_cannot_be_written_is_read(void **state)
{
    (void)state;
    static const char *const names[] = {"plain", "what?mode=memory",  "#1", "100%41%", "%",
                                        "a b&c", "x?immutable=0#y%2f"};
    kino_movie one = film(1, "One");
    chmod(folder, 0755);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char home[128], doubled[256];
        snprintf(home, sizeof home, "%s/%s", folder, names[i]);
        snprintf(path, sizeof path, "%s/catalogue.db", home);
        snprintf(doubled, sizeof doubled, "/%s//%s//catalogue.db", folder, names[i]);
        kino_catalogue *c = created();
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put(c, &one, "csv", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
        kino_catalogue_close(c);
        assert_int_equal(chmod(path, 0444), 0);
        assert_int_equal(chmod(home, 0555), 0);
        const int got = read_as_nobody(path), also = read_as_nobody(doubled);
        chmod(home, 0755);
        if (got || also)
            fail_msg("%s: %d, %d", names[i], got, also);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_film_comes_back_whole, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(changes_are_recorded, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(an_older_catalogue_is_brought_up_to_date, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_rollback_leaves_nothing, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(vectors, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(blobs, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_killed_writer_leaves_the_last_commit, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(foreign_and_damaged_files_are_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_newer_catalogue_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_database_of_others_is_refused, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_catalogue_that_cannot_be_written_is_read, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
