/* test_handle.c - a handle: what it copies of its options, what it does not believe of its catalogue, what it refuses
 * to add. */
#include "handle_play.h"

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
    kino_close(k);
    f = fopen(secret, "w");
    fputs("0123456789abcdef0123456789abcdef\n", f);
    fclose(f);
    chmod(secret, 0600);
    plain.api_key_file = secret;
    k = opened_with(&plain);
    assert_int_equal(kino_learn(k, &(kino_wanted){.id = 5000000}, &learned, NULL, &err), KINO_NETWORK);
    assert_non_null(strstr(err.text, "127.0.0.1:9"));
    kino_results *r = NULL; /* the weights and the catalogue are found, too */
    assert_int_equal(kino_recommend(k, &(kino_query){.about = "a haunted theatre"}, &r, &err), KINO_OK);
    kino_results_free(r);
    kino_close(k);
}

/* Opening fails, or the first call that needs what is wrong. */
static void fails_with(kino_status status, const char *says)
{
    kino_options opt = options();
    kino *k = NULL;
    kino_info i;
    kino_results *r = NULL;
    kino_error err = {0};
    kino_status st = kino_open(&opt, &k, &err);
    if (!st)
        st = kino_recommend(k, &(kino_query){.like = &seed, .like_count = 1}, &r, &err);
    kino_results_free(r);
    if (!st)
        st = kino_get_info(k, &i, &err);
    kino_close(k);
    assert_int_equal(st, status);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" is not in \"%s\"", says, err.text);
}

static void a_catalogue_that_lies_is_not_believed(void **state)
{
    static const struct {
        const char *change;
        kino_status status;
        const char *says;
    } cases[] = {
        {"DELETE FROM blob WHERE name = 'recipe'", KINO_NOT_FOUND, "is not finished; run the same kino build again"},
        {"UPDATE blob SET bytes = x'07' WHERE name = 'recipe'", KINO_DAMAGED, "an unknown recipe"},
        {"UPDATE blob SET bytes = x'0000' WHERE name = 'recipe'", KINO_DAMAGED, "an unknown recipe"},
        {"DELETE FROM blob WHERE name = 'encoder'", KINO_NOT_FOUND, "encoder"},
        {"UPDATE blob SET bytes = CAST(substr(bytes, 1, length(bytes) - 500) || x'5a' || substr(bytes, length(bytes) - 498)"
         " AS BLOB) WHERE name = 'encoder'",
         KINO_DAMAGED, "encoder"},
        {"INSERT INTO blob VALUES('part_weights', zeroblob(96))", KINO_DAMAGED, "tuned weights"},
        {"INSERT INTO blob VALUES('part_weights', zeroblob(80))", KINO_OK, ""}, /* of other parts: they do not hold */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        restore_catalogue(state);
        on_disk(cases[i].change);
        fails_with(cases[i].status, cases[i].says);
    }
    restore_catalogue(state);
    on_disk("INSERT INTO blob VALUES('part_weights', x'')"); /* untuned again */
    fails_with(KINO_OK, "");
}

static void films_without_id_or_title_are_refused(void **state)
{
    (void)state;
    kino *k = opened();
    kino_error err = {0};
    kino_movie *m = NULL;
    kino_info before, after;
    assert_int_equal(kino_movie_get(k, seed, &m, &err), KINO_OK);
    assert_int_equal(kino_get_info(k, &before, &err), KINO_OK);
    for (int i = 0; i < 4; i++) {
        kino_movie good = *m, bad = *m;
        good.id = 5000000;
        bad.id = i < 2 ? -i : 5000001;
        if (i >= 2)
            bad.title = bad.original_title = "";
        if (i == 3)
            bad.original_title = "Original";
        const kino_movie *both[] = {&good, &bad};
        assert_int_equal(kino_add(k, both, 2, &err), i == 3 ? KINO_OK : KINO_USAGE);
        assert_true(i == 3 || strstr(err.text, "film 2 of 2") != NULL);
    }
    assert_int_equal(kino_add(k, NULL, 0, &err), KINO_OK);
    assert_int_equal(kino_get_info(k, &after, &err), KINO_OK);
    assert_int_equal(after.films, before.films + 2);
    assert_int_equal(after.generation, before.generation + 1);
    kino_movie_free(m);
    kino_close(k);
}

/* ---- questions in plain words ---- */

static void reads(kino *k, const char *question, const char *as, const char *value)
{
    kino_error err = {0};
    kino_wish w = {0};
    if (kino_use_wishes(k, &err))
        fail_msg("%s", err.text);
    kino_wish_read(k->films->reader, question, strlen(question), KINO_WISH_AS_SEEN, &w);
    assert_int_equal(w.count, as ? 1 : 0);
    if (as) {
        assert_string_equal(kino_wish_as(&w.chips[0]), as);
        assert_string_equal(w.chips[0].value, value);
    }
    kino_wish_free(&w);
}

/* A film is read of as soon as it is there, its people too, and no longer than it is. */
static void a_question_names_the_films_that_are_there(void **state)
{
    (void)state;
    kino *k = opened();
    kino_error err = {0};
    kino_movie *m = NULL;
    const kino_named people[] = {{77777, "Ottoline Grasmere"}};
    size_t removed = 0;
    assert_int_equal(kino_movie_get(k, seed, &m, &err), KINO_OK);
    reads(k, "phantom of the opera", "title", "The Phantom of the Opera (1925)");
    reads(k, "ottoline grasmere", NULL, NULL);
    kino_movie made = *m;
    made.id = 5000000;
    made.title = made.original_title = "The Grasshopper Ledger";
    made.imdb_id = "";
    made.year = 2011;
    made.votes = 5000;
    made.directors = (kino_list){people, 1};
    assert_int_equal(kino_add(k, &(const kino_movie *){&made}, 1, &err), KINO_OK);
    reads(k, "grasshopper ledger", "title", "The Grasshopper Ledger (2011)");
    reads(k, "by ottoline grasmere", "director", "Ottoline Grasmere");
    assert_int_equal(kino_remove(k, (const int64_t[]){made.id, seed}, 2, &removed, &err), KINO_OK);
    reads(k, "grasshopper ledger", NULL, NULL);
    reads(k, "by ottoline grasmere", NULL, NULL);
    reads(k, "phantom of the opera", NULL, NULL);
    kino_movie_free(m);
    kino_close(k);
}

/* ---- the text that is embedded, and where things lie ---- */

static void the_text_is_genres_tagline_keywords_title_plot(void **state)
{
    (void)state;
    enum { MANY = 26 };
    char names[MANY][2];
    kino_named keywords[MANY], genres[] = {{0, "Drama"}, {0, "War"}};
    for (size_t i = 0; i < MANY; i++) {
        names[i][0] = (char)('a' + i);
        names[i][1] = 0;
        keywords[i] = (kino_named){0, names[i]};
    }
    const struct {
        kino_recipe recipe;
        const char *overview, *tagline;
        size_t keywords, genres;
        int year;
        const char *text;
    } cases[] = {
        {KINO_RECIPE_DEFAULT, "A plot.", "See it", 2, 2, 1999, "Drama, War. See it. a, b. Title (1999). A plot."},
        {KINO_RECIPE_DEFAULT, "A plot", "See it!", 0, 0, 0, "See it! Title. A plot."},
        {KINO_RECIPE_DEFAULT, "", "Or?", 1, 1, 0, "Drama. Or? a. Title."},
        {KINO_RECIPE_DEFAULT, "\n So it\t\tbegins \xe2\x80\xa6 ", "  ", 0, 0, 7,
         "Title (7). So it begins \xe2\x80\xa6"},
        {KINO_RECIPE_DEFAULT, "", "", 0, 0, 0, "Title."},
        {KINO_RECIPE_DEFAULT, "A plot.", "", MANY, 0, 0,
         "a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x. Title. A plot."},
        {KINO_RECIPE_CLASSIC, "A plot.", "See it.", 2, 2, 1999, "A plot."},
        {KINO_RECIPE_CLASSIC, "", "See it.", 2, 0, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        const kino_movie m = {.title = "Title",
                              .overview = cases[i].overview,
                              .tagline = cases[i].tagline,
                              .year = cases[i].year,
                              .genres = {genres, cases[i].genres},
                              .keywords = {keywords, cases[i].keywords}};
        kino_buffer_print(&b, ">");
        kino_plot_text(cases[i].recipe, &m, &b); /* behind what is there */
        assert_string_equal(b.data + 1, cases[i].text);
        free(b.data);
    }
}

static void the_catalogue_lies_where_it_is_said(void **state)
{
    (void)state;
    static const char *const names[] = {"KINO_HOME", "XDG_DATA_HOME", "HOME"};
    char *kept[3], *place = NULL;
    kino_error err = {0};
    for (int i = 0; i < 3; i++) {
        kept[i] = getenv(names[i]) ? strdup(getenv(names[i])) : NULL;
        unsetenv(names[i]);
    }
    assert_int_equal(kino_locate_data(NULL, &place, &err), KINO_USAGE);
    static const char *const expected[] = {"/c/.local/share/kino", "/b/kino", "/a", "/d"};
    for (int i = 0; i < 4; i++) { /* each goes before those that were set already */
        if (i < 3)
            setenv(names[2 - i], i == 0 ? "/c" : i == 1 ? "/b" : "/a", 1);
        const kino_options opt = {.data_dir = i == 3 ? "/d" : NULL};
        assert_int_equal(kino_locate_data(&opt, &place, &err), KINO_OK);
        assert_string_equal(place, expected[i]);
        free(place);
    }
    setenv("KINO_HOME", "", 1); /* empty is not set */
    assert_int_equal(kino_locate_data(NULL, &place, &err), KINO_OK);
    assert_string_equal(place, "/b/kino");
    free(place);
    for (int i = 0; i < 3; i++) {
        if (kept[i])
            setenv(names[i], kept[i], 1);
        else
            unsetenv(names[i]);
        free(kept[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(strings_of_the_options_may_be_freed, restore_catalogue),
        cmocka_unit_test_setup(a_catalogue_that_lies_is_not_believed, restore_catalogue),
        cmocka_unit_test_setup(films_without_id_or_title_are_refused, restore_catalogue),
        cmocka_unit_test_setup(a_question_names_the_films_that_are_there, restore_catalogue),
        cmocka_unit_test_setup(the_text_is_genres_tagline_keywords_title_plot, restore_catalogue),
        cmocka_unit_test_setup(the_catalogue_lies_where_it_is_said, restore_catalogue),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
