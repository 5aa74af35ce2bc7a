/* test_make.c - building and retraining: what is replaced, what is taken over, what an interruption keeps, and what is
 * refused. */
#include "catalogue_play.h"

#include "handle/handle.h"

static char data_dir[96], csv[96];
static volatile sig_atomic_t cancelled;
static const char *cancel_at; /* a stage at which the call is cancelled; NULL: none */
static void (*meanwhile)(void);

static void progress(void *ctx, const kino_progress *p)
{
    (void)ctx;
    if (cancel_at && !strcmp(p->stage, cancel_at))
        cancelled = 1;
    if (meanwhile && !strcmp(p->stage, "train")) {
        void (*once)(void) = meanwhile;
        meanwhile = NULL;
        once();
    }
}

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir,
                          .weights = getenv("KINO_TEST_WEIGHTS"),
                          .threads = 2,
                          .progress = progress,
                          .cancel = &cancelled};
}

static int begin(void **state)
{
    if (make_folder(state))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(csv, sizeof csv, "%s/films.csv", folder);
    snprintf(path, sizeof path, "%s/catalogue.db", data_dir);
    cancelled = 0;
    cancel_at = NULL;
    meanwhile = NULL;
    return 0;
}

/* Films with ids [first, first + count); number 3 has the plot that is given, or none. */
static void write_table(int first, int count, const char *plot)
{
    static const char *const words[] = {"gardener", "sailor", "clock", "river", "winter", "letter", "bridge"};
    FILE *f = fopen(csv, "w");
    assert_non_null(f);
    fprintf(f, "id,title,overview,genres,release_date,vote_average,vote_count,runtime,original_language,"
               "original_title,status,popularity\n");
    for (int i = first; i < first + count; i++) {
        const bool none = i == 3 && !*plot;
        fprintf(f, "%d,Film %d,\"%s%s%s\",\"[{'id': 18, 'name': 'Drama'}]\",%d-01-01,7,100,90,en,Film %d,Released,5\n",
                i, i, i == 3 ? plot : "A", none ? "" : words[i % 7], none ? "" : " looks for it.", 1950 + i % 70, i);
    }
    fclose(f);
}

static kino_build_report report;

static kino_status build(int epochs, uint64_t seed, kino_recipe recipe)
{
    kino_options opt = options();
    kino_error err = {0};
    const kino_build_request req = {.csv = csv, .epochs = epochs, .seed = seed, .recipe = recipe};
    cancelled = 0;
    const kino_status st = kino_build(&opt, &req, &report, &err);
    if (st && !err.text[0])
        fail_msg("nothing is said");
    return st;
}

static kino_info info(void)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_info i = {0};
    kino_error err = {0};
    if (kino_open(&opt, &k, &err) || kino_get_info(k, &i, &err))
        fail_msg("%s", err.text);
    kino_close(k);
    return i;
}

static void what_fits_is_taken_over(void **state)
{
    (void)state;
    const struct {
        const char *plot;
        int epochs;
        uint64_t seed;
        size_t embedded;
        bool trained;
    } steps[] = {
        {"A ", 2, 1, 20, true},  {"A ", 2, 1, 0, false},  {"The ", 2, 1, 1, false}, /* the same words */
        {"The ", 3, 1, 0, true}, {"The ", 3, 2, 0, true}, {"Aclock, a ", 3, 2, 1, true},
    };
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        write_table(1, 20, steps[i].plot);
        assert_int_equal(build(steps[i].epochs, steps[i].seed, KINO_RECIPE_DEFAULT), KINO_OK);
        assert_int_equal(report.films, 20);
        assert_int_equal(report.embedded, steps[i].embedded);
        assert_int_equal(report.reused, 20 - steps[i].embedded);
        assert_int_equal(report.trained, steps[i].trained);
    }
}

static void a_build_replaces_everything(void **state)
{
    (void)state;
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    write_table(11, 15, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(report.reused, 10);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film"), 15);
    assert_int_equal(number_on_disk("SELECT min(id) FROM film"), 11);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film WHERE id NOT IN (SELECT film_id FROM plot)"), 0);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film WHERE id NOT IN (SELECT film_id FROM profile)"), 0);
    const kino_info i = info();
    assert_true(i.films == 15 && i.snapshot_films == 15 && i.snapshot_behind == 0);
}

static void an_interruption_keeps_what_was_embedded(void **state)
{
    (void)state;
    write_table(1, 20, "A");
    cancel_at = "save";
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_INTERRUPTED);
    cancel_at = NULL;
    kino_options opt = options();
    kino *k = NULL;
    kino_error err = {0};
    assert_int_equal(kino_open(&opt, &k, &err), KINO_NOT_FOUND); /* no reader takes it for a catalogue */
    assert_non_null(strstr(err.text, "run the same kino build again"));
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(report.embedded, 0);
    assert_int_equal(info().films, 20);
}

/* What an interrupted build has embedded of another text is not adopted by the next one. */
static void a_plot_is_that_of_its_text(void **state)
{
    (void)state;
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    const int before = number_on_disk("SELECT text_hash & 0xffffff FROM plot WHERE film_id = 3");
    write_table(1, 20, "Another");
    cancel_at = "save";
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_INTERRUPTED);
    cancel_at = NULL;
    assert_int_equal(number_on_disk("SELECT text_hash & 0xffffff FROM plot WHERE film_id = 3"), before);
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(number_on_disk("SELECT text_hash & 0xffffff FROM plot WHERE film_id = 3"), before);
    assert_int_equal(number_on_disk("SELECT count(*) FROM staged_plot"), 0);
}

/* Recipe classic embeds nothing but the plot: where there is none, a film is like no other. */
static void without_a_plot_a_film_is_like_no_other(void **state)
{
    (void)state;
    kino_options opt = options();
    kino *k = NULL;
    kino_error err = {0};
    write_table(1, 20, "");
    assert_int_equal(build(2, 1, KINO_RECIPE_CLASSIC), KINO_OK);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film WHERE overview = ''"), 1);
    assert_int_equal(kino_open(&opt, &k, &err), KINO_OK);
    kino_movie without = film(5000000, "Without"), with = film(5000001, "With");
    without.overview = "";
    without.tagline = "See it.";
    with.overview = "A plot.";
    const kino_movie *both[] = {&without, &with};
    assert_int_equal(kino_add(k, both, 2, &err), KINO_OK);
    kino_close(k);
    assert_int_equal(number_on_disk("SELECT vector = zeroblob(length(vector)) FROM plot WHERE film_id = 5000000"), 1);
    assert_int_equal(number_on_disk("SELECT vector = zeroblob(length(vector)) FROM plot WHERE film_id = 5000001"), 0);
    assert_int_equal(number_on_disk("SELECT count(DISTINCT text_hash) FROM plot WHERE film_id >= 5000000"), 2);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film JOIN plot ON id = film_id WHERE overview = ''"
                                    " AND vector <> zeroblob(length(vector))"),
                     0);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film JOIN plot ON id = film_id WHERE overview <> ''"
                                    " AND vector = zeroblob(length(vector))"),
                     0);
}

/* A later film has the profile of one that says the same, and none when it says nothing that was said before. */
static void a_later_profile_is_made_of_the_same_words(void **state)
{
    (void)state;
    kino_options opt = options();
    kino *k = NULL;
    kino_error err = {0};
    static const kino_named drama[] = {{18, "Drama"}};
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(kino_open(&opt, &k, &err), KINO_OK);
    kino_movie same = film(5000000, "Film 1"), nothing = film(5000001, "Zzyzx");
    same.overview = "Asailor looks for it."; /* as number 1 */
    same.genres = (kino_list){drama, 1};
    nothing.overview = "";
    nothing.genres = nothing.keywords = (kino_list){0};
    const kino_movie *both[] = {&same, &nothing};
    assert_int_equal(kino_add(k, both, 2, &err), KINO_OK);
    kino_close(k);
    assert_int_equal(number_on_disk("SELECT count(DISTINCT vector) FROM profile WHERE film_id IN (1, 5000000)"), 1);
    assert_int_equal(number_on_disk("SELECT vector = zeroblob(length(vector)) FROM profile WHERE film_id = 1"), 0);
    assert_int_equal(number_on_disk("SELECT vector = zeroblob(length(vector)) FROM profile WHERE film_id = 5000001"),
                     1);
}

/* ---- retraining ---- */

static void add_a_film(void)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_movie m = film(900, "Meanwhile");
    kino_error err = {0};
    opt.progress = NULL;
    if (kino_open(&opt, &k, &err) || kino_add(k, &(const kino_movie *){&m}, 1, &err))
        fail_msg("%s", err.text);
    kino_close(k);
}

static void retraining_renews_what_was_made_by_the_encoder(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    const kino_info before = info();
    assert_int_equal(kino_retrain(&opt, 3, 9, &report, &err), KINO_OK);
    const kino_info after = info();
    assert_true(after.encoder_fingerprint != before.encoder_fingerprint && after.generation > before.generation);
    assert_true(after.films == 20 && after.snapshot_films == 20 && after.snapshot_behind == 0);
    assert_int_equal(number_on_disk("SELECT count(DISTINCT maker) FROM profile"), 1);

    meanwhile = add_a_film; /* its profile would be of the old encoder */
    assert_int_equal(kino_retrain(&opt, 3, 10, &report, &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "nothing was changed"));
    assert_true(info().encoder_fingerprint == after.encoder_fingerprint);
    assert_int_equal(info().films, 21);
    assert_int_equal(number_on_disk("SELECT count(DISTINCT maker) FROM profile"), 1);
}

/* ---- refusals ---- */

static void what_cannot_be_built_is_refused(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    write_table(1, 20, "A");
    assert_int_equal(build(KINO_MAX_EPOCHS + 1, 1, KINO_RECIPE_DEFAULT), KINO_USAGE);
    assert_int_equal(build(-1, 1, KINO_RECIPE_DEFAULT), KINO_USAGE);
    assert_true(access(path, F_OK) != 0);
    write_table(1, 0, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_FAILED);
    assert_true(access(path, F_OK) != 0);
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    const kino_info before = info();
    assert_int_equal(kino_retrain(&opt, KINO_MAX_EPOCHS + 1, 1, NULL, &err), KINO_USAGE);
    assert_int_equal(kino_retrain(&opt, -1, 1, NULL, &err), KINO_USAGE);
    assert_int_equal(info().generation, before.generation);
}

/* The catalogue's encoder, as a file. */
static void export_encoder(const char *file)
{
    kino_catalogue *c = NULL;
    kino_error err = {0};
    void *bytes = NULL;
    size_t size = 0;
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, &err), KINO_OK);
    assert_int_equal(kino_catalogue_get_blob(c, "encoder", &bytes, &size, &err), KINO_OK);
    kino_catalogue_close(c);
    FILE *f = fopen(file, "wb");
    assert_int_equal(fwrite(bytes, 1, size, f), size);
    fclose(f);
    free(bytes);
}

/* An encoder brings its words along in recipe default, and has to fit the columns of the data in recipe classic. */
static void an_encoder_of_another_catalogue(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    kino_build_report *other = kino_alloc(sizeof *other);
    char elsewhere[96], words[96], facts[96];
    snprintf(elsewhere, sizeof elsewhere, "%s/other", folder);
    snprintf(words, sizeof words, "%s/words.kino", folder);
    snprintf(facts, sizeof facts, "%s/facts.kino", folder);
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_CLASSIC), KINO_OK);
    export_encoder(facts);
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    export_encoder(words);
    opt.data_dir = elsewhere;

    kino_build_request req = {.csv = "data/sample.csv", .encoder = words};
    assert_int_equal(kino_build(&opt, &req, other, &err), KINO_OK);
    assert_int_equal(other->columns, report.columns);
    assert_false(other->trained);
    req.encoder = facts;
    assert_int_equal(kino_build(&opt, &req, NULL, &err), KINO_USAGE);
    assert_non_null(strstr(err.text, "recipe classic"));
    req.encoder = "tests/golden/autoencoder_keras.kino"; /* no schema */
    assert_int_equal(kino_build(&opt, &req, NULL, &err), KINO_USAGE);
    assert_non_null(strstr(err.text, "words"));

    req = (kino_build_request){.csv = csv, .encoder = facts, .recipe = KINO_RECIPE_CLASSIC};
    assert_int_equal(kino_build(&opt, &req, NULL, &err), KINO_OK);
    req.csv = "data/sample.csv";
    assert_int_equal(kino_build(&opt, &req, NULL, &err), KINO_USAGE);
    assert_non_null(strstr(err.text, "feature columns"));
    free(other);
}

/* Recipe default had facts in the place of words once. Such a catalogue takes no film until it is trained anew. */
static void an_encoder_of_an_older_kino(void **state)
{
    (void)state;
    kino_options opt = options();
    kino_error err = {0};
    kino_catalogue *c = NULL;
    kino *k = NULL;
    kino_container_writer w = {0};
    kino_buffer b = {0};
    write_table(1, 20, "A");
    assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
    kino_container_add(&w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, (const uint32_t[]){1, KINO_RECIPE_DEFAULT});
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    kino_container_writer_free(&w);
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_WRITE, &c, &err), KINO_OK);
    assert_int_equal(kino_catalogue_begin(c, &err), KINO_OK);
    assert_int_equal(kino_catalogue_put_blob(c, "encoder", b.data, b.size, &err), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, &err), KINO_OK);
    kino_catalogue_close(c);
    free(b.data);

    const kino_movie m = film(900, "Later");
    assert_int_equal(kino_open(&opt, &k, &err), KINO_OK);
    assert_int_equal(kino_add(k, &(const kino_movie *){&m}, 1, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "run kino retrain"));
    kino_close(k);
    assert_int_equal(number_on_disk("SELECT count(*) FROM film"), 20);
    assert_int_equal(kino_retrain(&opt, 2, 1, &report, &err), KINO_OK);
    add_a_film();
    assert_int_equal(info().films, 21);
}

/* A schema and a network that do not belong together, in a container that is sound. */
static void an_encoder_of_two_is_refused(void **state)
{
    (void)state;
    kino_encoder encoders[2] = {{0}}, mixed;
    kino_buffer b = {0};
    kino_error err = {0};
    char command[200];
    for (int i = 0; i < 2; i++) {
        kino_catalogue *c = NULL;
        void *bytes = NULL;
        size_t size = 0;
        write_table(1, 20, "A");
        snprintf(command, sizeof command, "head -n 100 data/sample.csv >'%s'", csv);
        assert_int_equal(i ? system(command) : 0, 0);
        assert_int_equal(build(2, 1, KINO_RECIPE_DEFAULT), KINO_OK);
        assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, &err), KINO_OK);
        assert_int_equal(kino_catalogue_get_blob(c, "encoder", &bytes, &size, &err), KINO_OK);
        assert_int_equal(kino_encoder_load("encoder", bytes, size, &encoders[i], &err), KINO_OK);
        kino_catalogue_close(c);
        free(bytes);
    }
    mixed = (kino_encoder){.schema = encoders[0].schema, .autoencoder = encoders[1].autoencoder};
    kino_encoder_bytes(&mixed, &b);
    void *aligned = kino_alloc_aligned(b.size);
    memcpy(aligned, b.data, b.size);
    assert_int_equal(kino_encoder_load("mixed", aligned, b.size, &mixed, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "the autoencoder"));
    free(aligned);
    free(b.data);
    kino_encoder_free(&encoders[0]);
    kino_encoder_free(&encoders[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_fits_is_taken_over, begin, drop_folder),
        cmocka_unit_test_setup_teardown(a_build_replaces_everything, begin, drop_folder),
        cmocka_unit_test_setup_teardown(an_interruption_keeps_what_was_embedded, begin, drop_folder),
        cmocka_unit_test_setup_teardown(a_plot_is_that_of_its_text, begin, drop_folder),
        cmocka_unit_test_setup_teardown(without_a_plot_a_film_is_like_no_other, begin, drop_folder),
        cmocka_unit_test_setup_teardown(a_later_profile_is_made_of_the_same_words, begin, drop_folder),
        cmocka_unit_test_setup_teardown(retraining_renews_what_was_made_by_the_encoder, begin, drop_folder),
        cmocka_unit_test_setup_teardown(what_cannot_be_built_is_refused, begin, drop_folder),
        cmocka_unit_test_setup_teardown(an_encoder_of_another_catalogue, begin, drop_folder),
        cmocka_unit_test_setup_teardown(an_encoder_of_an_older_kino, begin, drop_folder),
        cmocka_unit_test_setup_teardown(an_encoder_of_two_is_refused, begin, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
