/* test_tmdb.c - TMDB, played by mock_tmdb.py: the key, search, which film is meant, and files of what was fetched; with
 * status, message, what is read, and how many requests it took. */
#include "base/bytes.h"
#include "tmdb_play.h"

/* ---- the key ---- */

static void keys_are_told_by_their_shape(void **state)
{
    (void)state;
    assert_int_equal(kino_tmdb_key_kind_of(MOCK_V3), KINO_TMDB_KEY_V3);
    assert_int_equal(kino_tmdb_key_kind_of("0123456789ABCDEF0123456789ABCDEF"), KINO_TMDB_KEY_V3);
    assert_int_equal(kino_tmdb_key_kind_of(MOCK_V4), KINO_TMDB_KEY_V4);
    static const char *const none[] = {"",
                                       "0123456789abcdef0123456789abcde",
                                       "0123456789abcdef0123456789abcdef0",
                                       "0123456789abcdef0123456789abcdeg",
                                       "eyJ",
                                       "eyJa.b",
                                       "eyJa..b",
                                       "eyJa.b.",
                                       "eyJa.b.c.d",
                                       "eyJa.b c.d",
                                       "eyJa.b\r\n.d",
                                       "changeme"};
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(kino_tmdb_key_kind_of(none[i]), KINO_TMDB_NO_KEY);
}

static void put(const char *path, const char *text, mode_t mode)
{
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs(text, f);
    fclose(f);
    chmod(path, mode);
}

static void the_key_is_found_and_kept_private(void **state)
{
    char path[128], missing[128], key[KINO_TMDB_KEY_SIZE] = "";
    (void)state;
    snprintf(missing, sizeof missing, "%s/none", folder);
    unsetenv("TMDB_API_KEY");
    setenv("XDG_CONFIG_HOME", folder, 1);
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_NETWORK);
    assert_non_null(strstr(err.text, "https://www.themoviedb.org/settings/api"));
    assert_non_null(strstr(err.text, "/kino/tmdb.key"));
    assert_int_equal(kino_tmdb_credential(missing, key, &err), KINO_NOT_FOUND);

    snprintf(path, sizeof path, "%s/kino", folder);
    mkdir(path, 0700);
    snprintf(path, sizeof path, "%s/kino/tmdb.key", folder);
    put(path, MOCK_V3 "\n", 0644);
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "chmod 600"));
    assert_null(strstr(err.text, MOCK_V3));
    static const mode_t open_to_others[] = {0640, 0604, 0620, 0602, 0610, 0601, 0660, 0606};
    for (size_t i = 0; i < sizeof open_to_others / sizeof *open_to_others; i++) {
        chmod(path, open_to_others[i]);
        assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_FAILED);
        assert_non_null(strstr(err.text, "others may read this key"));
        assert_string_equal(key, "");
    }
    chmod(path, 0400);
    assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_OK);
    assert_int_equal(kino_tmdb_credential(folder, key, &err), KINO_USAGE); /* a folder is no file */
    chmod(path, 0600);
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V3);
    put(path, "api_key = \"" MOCK_V3 "\"\r\ntoken: " MOCK_V4 "\r\n", 0600);
    assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V4);

    setenv("TMDB_API_KEY", " " MOCK_V3 "\n", 1); /* before the config file, behind a file that was named */
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V3);
    assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V4);
    setenv("TMDB_API_KEY", "my secret", 1);
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_USAGE);
    assert_null(strstr(err.text, "my secret"));
    put(path, "my secret", 0600);
    assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_USAGE);
    assert_null(strstr(err.text, "my secret"));
    unsetenv("TMDB_API_KEY");
    kino_wipe(key, sizeof key);
    for (size_t i = 0; i < sizeof key; i++)
        assert_int_equal(key[i], 0);
}

static void libcurl_is_loaded_when_it_is_used(void **state)
{
    (void)state;
#ifdef __linux__
    char line[512];
    bool loaded = false;
    FILE *f = fopen("/proc/self/maps", "r");
    while (f && fgets(line, sizeof line, f))
        loaded |= strstr(line, "libcurl") != NULL;
    if (f)
        fclose(f);
    assert_false(loaded);
#endif
}

static void options_out_of_range_are_refused(void **state)
{
    NEEDS(plain);
    static const char *const urls[] = {"http://api.themoviedb.org/3",
                                       "ftp://127.0.0.1/3",
                                       "https://",
                                       "themoviedb",
                                       "https://user:word@127.0.0.1/3",
                                       "https://127.0.0.1/3?a=b",
                                       "file:///etc/passwd",
                                       "http://127.0.0.1.example.com/3"};
    kino_tmdb *t = NULL;
    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof *urls; i++) {
        kino_tmdb_options opt = options(&plain);
        opt.base_url = urls[i];
        assert_int_equal(kino_tmdb_open(&opt, &t, &err), KINO_USAGE);
    }
    kino_tmdb_options opt = options(&plain);
    opt.credential = "no key";
    assert_int_equal(kino_tmdb_open(&opt, &t, &err), KINO_USAGE);
    opt = options(&plain);
    opt.language = "en&api_key=x";
    assert_int_equal(kino_tmdb_open(&opt, &t, &err), KINO_USAGE);
    opt = options(&plain);
    opt.max_in_flight = 9;
    assert_int_equal(kino_tmdb_open(&opt, &t, &err), KINO_USAGE);
    opt = options(&plain);
    t = opened(&opt);
    int64_t id = 0;
    kino_tmdb_films *f = NULL;
    kino_tmdb_candidates *c = NULL;
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_USAGE);
    assert_int_equal(kino_tmdb_find_imdb(t, "tt12", &id, &err), KINO_USAGE);
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001/../x", &id, &err), KINO_USAGE);
    assert_int_equal(kino_tmdb_search(t, "  ", 0, &c, &err), KINO_USAGE);
    assert_int_equal(kino_tmdb_details(t, &id, 0, &f, &err), KINO_OK);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
    kino_tmdb_close(NULL);
    assert_int_equal(mock_count(&plain), 0);
}

static void a_key_goes_where_it_belongs(void **state)
{
    NEEDS(plain);
    (void)state;
    for (int v3 = 0; v3 < 2; v3++) {
        kino_tmdb_options opt = options(&plain);
        int64_t id = 0;
        opt.credential = v3 ? MOCK_V3 : MOCK_V4;
        kino_tmdb *t = opened(&opt);
        assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK);
        assert_int_equal(id, 9001);
        const char *last = mock_ask(&plain, "/_last");
        assert_int_equal(strstr(last, "api_key=" MOCK_V3) != NULL, v3);
        assert_int_equal(strstr(last, "Bearer " MOCK_V4) != NULL, !v3);
        kino_tmdb_close(t);
    }
}

static void a_refused_key_ends_everything(void **state)
{
    NEEDS(plain);
    static const char *const wrong[] = {"ffffffffffffffffffffffffffffffff", "eyJhbGciOiJub25lIn0.eyJ3IjoxfQ.d3Jvbmc"};
    int64_t ids[40];
    (void)state;
    for (int i = 0; i < 40; i++)
        ids[i] = 9700 + i;
    for (size_t i = 0; i < 2; i++) {
        kino_tmdb_options opt = options(&plain);
        kino_tmdb_films *f = NULL;
        opt.credential = wrong[i];
        kino_tmdb *t = opened(&opt);
        assert_int_equal(kino_tmdb_details(t, ids, 1, &f, &err), KINO_NETWORK);
        assert_int_equal(mock_count(&plain), 1);
        assert_non_null(strstr(err.text, "it refuses the key: HTTP 401: Invalid API key: You must be granted"));
        assert_null(strstr(err.text, wrong[i]));
        kino_tmdb_films_free(f);
        assert_int_equal(kino_tmdb_details(t, ids, 40, &f, &err), KINO_NETWORK);
        assert_in_range(mock_count(&plain), 2, 9);
        for (int k = 0; k < 40; k++)
            assert_int_equal(f->items[k].status, KINO_NETWORK);
        kino_tmdb_films_free(f);
        kino_tmdb_close(t);
        usleep(200000); /* what was under way when it ended is still counted */
    }
}

static void a_key_that_is_sent_back_is_not_shown(void **state)
{
    NEEDS(plain);
    (void)state;
    for (int64_t cut = 9622; cut <= 9623; cut++) { /* nor a part of it, where a message is cut off */
        kino_tmdb_films *cut_off = NULL;
        fetch(&plain, cut, KINO_NETWORK, &cut_off);
        assert_non_null(strstr(cut_off->items[0].problem, "xxx"));
        assert_null(strstr(cut_off->items[0].problem, "eyJ"));
        kino_tmdb_films_free(cut_off);
    }
    fails(9617, KINO_NETWORK, 1, "bad request: /3/movie/9617");
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t id = 9617;
    opt.credential = MOCK_V3;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
    assert_int_equal(f->items[0].status, KINO_NETWORK);
    assert_null(strstr(f->items[0].problem, "01234567"));
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

/* ---- what was fetched before ---- */

static void lines_of_files_are_read(void **state)
{
    static const char line[] = "{\"id\":7,\"title\":\"Lantern Bay\",\"overview\":\"A keeper.\",\"runtime\":null}\n";
    static const char *const none[] = {"",
                                       "{",
                                       "[]",
                                       "null",
                                       "{\"id\":7}",
                                       "{\"title\":\"x\"}",
                                       "{\"id\":0,\"title\":\"x\"}",
                                       "{\"success\":false,\"status_code\":34,\"status_message\":\"x\"}"};
    static const char export[] = "{\"adult\":false,\"id\":3924,\"original_title\":\"B\",\"popularity\":2.4,"
                                 "\"video\":true}";
    kino_tmdb_films *f = NULL;
    kino_tmdb_export e;
    (void)state;
    assert_int_equal(kino_tmdb_read_details(line, sizeof line - 1, &f, &err), KINO_OK);
    assert_int_equal(f->items[0].id, 7);
    assert_string_equal(f->items[0].movie.title, "Lantern Bay");
    assert_true(isnan(f->items[0].movie.runtime));
    kino_tmdb_films_free(f);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(kino_tmdb_read_details(none[i], strlen(none[i]), &f, &err), KINO_DAMAGED);
    assert_true(kino_tmdb_read_export(export, sizeof export - 1, &e));
    assert_int_equal(e.id, 3924);
    assert_float_equal(e.popularity, 2.4, 0);
    assert_false(e.adult);
    assert_true(e.video);
    assert_false(kino_tmdb_read_export("{\"id\":-4}", 9, &e));
}

/* ---- search and choice ---- */

static void one_film_is_found(void **state)
{
    NEEDS(plain);
    (void)state;
    assert_int_equal(chosen("Lantern Bay", 0, 1), 9001);
    assert_int_equal(chosen("Lantern Bay", 2025, 1), 9001);
    assert_int_equal(chosen("lantern bay (2003)", 0, 1), 9101);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    kino_tmdb_candidates *c = NULL;
    assert_int_equal(kino_tmdb_search(t, "Lantern Bay", 0, &c, &err), KINO_OK);
    assert_int_equal(c->count, 2);
    assert_int_equal(c->items[0].id, 9001);
    assert_int_equal(c->items[0].year, 2025);
    assert_string_equal(c->items[0].date, "2025-04-23");
    assert_string_equal(c->items[0].language, "en");
    assert_int_equal(c->items[0].votes, 812);
    assert_float_equal(c->items[0].popularity, 7.25, 0);
    kino_tmdb_candidates_free(c);
    kino_tmdb_close(t);
}

static void nothing_found_is_success(void **state)
{
    NEEDS(plain);
    (void)state;
    assert_int_equal(chosen("Nothing At All & 100%", 0, 1), -KINO_TMDB_NONE);
    assert_non_null(strstr(mock_ask(&plain, "/_last"), "query=Nothing%20At%20All%20%26%20100%25"));
    assert_int_equal(chosen("Nothing At All", 1999, 4), -KINO_TMDB_NONE);
}

static void one_title_in_three_years_is_ambiguous(void **state)
{
    NEEDS(plain);
    (void)state;
    assert_int_equal(chosen("The Silver Tide", 0, 1), -KINO_TMDB_AMBIGUOUS);
    assert_int_equal(chosen("The Silver Tide", 1988, 1), 9012);
    assert_int_equal(chosen("The Silver Tide (2014)", 0, 1), 9013);
    assert_int_equal(chosen("The Silver Tide", 1975, 4), -KINO_TMDB_NONE);
}

static void a_year_may_be_one_off(void **state)
{
    NEEDS(plain);
    (void)state;
    assert_int_equal(chosen("Paper Harbour", 2019, 1), 9021);
    assert_int_equal(chosen("Paper Harbour", 2020, 4), 9021);
    assert_int_equal(chosen("Paper Harbour", 2018, 4), 9021);
    assert_int_equal(chosen("Paper Harbour", 2016, 4), -KINO_TMDB_NONE);
}

static void an_alternative_title_is_one(void **state)
{
    NEEDS(plain);
    (void)state;
    assert_int_equal(chosen("Le Phare Perdu", 0, 2), 9031);
}

static void search_fails(const char *title, const char *says)
{
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    kino_tmdb_candidates *c = NULL;
    assert_int_equal(kino_tmdb_search(t, title, 0, &c, &err), KINO_NETWORK);
    if (!strstr(err.text, says))
        fail_msg("\"%s\" is not in \"%s\"", says, err.text);
    assert_int_equal(mock_count(&plain), 1);
    kino_tmdb_close(t);
}

static void a_refused_search_says_why(void **state)
{
    NEEDS(plain);
    (void)state;
    search_fails("Refused Text", "query must be provided");
    search_fails("Page Zero", "Invalid page: Pages start at 1 and max at 500.");
    search_fails("No List", "no results");
}

static void a_search_with_wrong_types_is_read(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    kino_tmdb_candidates *c = NULL;
    (void)state;
    assert_int_equal(kino_tmdb_search(t, "Flipped", 0, &c, &err), KINO_OK);
    assert_int_equal(c->count, 2);
    assert_int_equal(c->items[0].id, 9052);
    assert_int_equal(c->items[0].votes, 12);
    assert_int_equal(c->items[0].year, 0);
    assert_string_equal(c->items[0].language, "");
    assert_string_equal(c->items[0].original_title, "");
    assert_true(isnan(c->items[0].popularity));
    assert_int_equal(c->items[1].id, 9055);
    assert_int_equal(c->items[1].votes, -1);
    assert_int_equal(c->items[1].year, 0);
    kino_tmdb_candidates_free(c);
    kino_tmdb_close(t);
}

static void the_choice_is_careful(void **state)
{
    static const kino_tmdb_candidate films[] = {
        {.id = 1, .title = "Mission: Impossible - Fallout", .original_title = "", .year = 2018, .votes = 8000},
        {.id = 2, .title = "Fallout", .original_title = "", .year = 1998, .votes = 3},
        {.id = 3, .title = "Rocky II", .original_title = "", .year = 1979, .votes = 3000},
        {.id = 4, .title = "Rocky III", .original_title = "", .year = 1982, .votes = 2900},
        {.id = 5, .title = "The Godfather", .original_title = "Il padrino", .year = 1972, .votes = 19000},
        {.id = 6, .title = "Spider-Man", .original_title = "", .year = 2002, .votes = 18000},
        {.id = 7, .title = "Spider-Man 2", .original_title = "", .year = 2004, .votes = 14000},
        {.id = 8, .title = "Unfinished", .original_title = "", .year = 0, .votes = -1},
        {.id = 9, .title = "Unfinished", .original_title = "", .year = 0, .votes = 0},
        {.id = 10, .title = "千と千尋の神隠し", .original_title = "", .year = 2001, .votes = 10},
    };
    static const struct {
        const char *text;
        int year, verdict;
        int64_t best, second;
    } cases[] = {
        {"Fallout", 0, KINO_TMDB_AMBIGUOUS, 2, 1},
        {"Fallout", 1998, KINO_TMDB_UNIQUE, 2, 0},
        {"Fallout (2018)", 0, KINO_TMDB_UNIQUE, 1, 0},
        {"Rocky 2", 0, KINO_TMDB_UNIQUE, 3, 0},
        {"rocky three", 0, KINO_TMDB_UNIQUE, 4, 0},
        {"Rocky 4", 0, KINO_TMDB_NONE, 0, 0},
        {"godfather", 0, KINO_TMDB_UNIQUE, 5, 0},
        {"The Godfahter", 0, KINO_TMDB_UNIQUE, 5, 0},
        {"il padrino", 0, KINO_TMDB_UNIQUE, 5, 0},
        {"The Godfather", 1973, KINO_TMDB_UNIQUE, 5, 0},
        {"The Godfather", 1974, KINO_TMDB_NONE, 0, 0},
        {"spiderman", 0, KINO_TMDB_UNIQUE, 6, 0},
        {"Mission: Impossible", 0, KINO_TMDB_AMBIGUOUS, 1, 0},
        {"unfinished", 0, KINO_TMDB_AMBIGUOUS, 9, 8},
        {"unfinished", 2020, KINO_TMDB_NONE, 0, 0},
        {"千と千尋の神隠し", 0, KINO_TMDB_UNIQUE, 10, 0},
        {"", 0, KINO_TMDB_NONE, 0, 0},
        {"!?", 0, KINO_TMDB_NONE, 0, 0},
        {"God", 0, KINO_TMDB_NONE, 0, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_tmdb_choice c = kino_tmdb_choose(cases[i].text, cases[i].year, films, sizeof films / sizeof *films);
        int64_t best = c.best == SIZE_MAX ? 0 : films[c.best].id;
        int64_t second = c.second == SIZE_MAX ? 0 : films[c.second].id;
        if ((int)c.verdict != cases[i].verdict || best != cases[i].best || second != cases[i].second)
            fail_msg("\"%s\": verdict %d, %d before %d", cases[i].text, (int)c.verdict, (int)best, (int)second);
    }
    assert_int_equal(kino_tmdb_choose("x", 0, NULL, 0).verdict, KINO_TMDB_NONE);
}

static void an_imdb_id_leads_to_a_film(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    int64_t id = 0;
    (void)state;
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK);
    assert_int_equal(id, 9001);
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0000001", &id, &err), KINO_NOT_FOUND);
    assert_non_null(strstr(err.text, "tt0000001"));
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0009999", &id, &err), KINO_NETWORK);
    assert_int_equal(mock_count(&plain), 3);
    kino_tmdb_close(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_told_by_their_shape),
        cmocka_unit_test(the_key_is_found_and_kept_private),
        cmocka_unit_test(the_choice_is_careful),
        cmocka_unit_test(lines_of_files_are_read),
        cmocka_unit_test(libcurl_is_loaded_when_it_is_used),
        cmocka_unit_test(options_out_of_range_are_refused),
        cmocka_unit_test(a_key_goes_where_it_belongs),
        cmocka_unit_test(a_refused_key_ends_everything),
        cmocka_unit_test(a_key_that_is_sent_back_is_not_shown),
        cmocka_unit_test(one_film_is_found),
        cmocka_unit_test(nothing_found_is_success),
        cmocka_unit_test(one_title_in_three_years_is_ambiguous),
        cmocka_unit_test(a_year_may_be_one_off),
        cmocka_unit_test(an_alternative_title_is_one),
        cmocka_unit_test(a_refused_search_says_why),
        cmocka_unit_test(a_search_with_wrong_types_is_read),
        cmocka_unit_test(an_imdb_id_leads_to_a_film),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
