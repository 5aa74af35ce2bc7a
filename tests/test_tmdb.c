/* TMDB, played by mock_tmdb.py: each way in which it answers, with status, message, what is read, and how many requests
 * it took. */
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <sys/stat.h>
#include <time.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "mock.h"
#include "net/tmdb.h"

static mock plain, secure;
static char folder[64];
static kino_error err;

#define NEEDS(m)                                                                      \
    do {                                                                              \
        if (!(m).child) {                                                             \
            print_message("no python3 or no openssl here: the mock cannot be run\n"); \
            skip();                                                                   \
        }                                                                             \
    } while (0)

static double now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

/* Answers in a hurry: the pauses are a fiftieth. */
static kino_tmdb_options options(const mock *m)
{
    return (kino_tmdb_options){.credential = MOCK_V4, .base_url = m->url, .rate = 1000, .connect_ms = 1500,
                               .total_ms = 1000, .pause_ms = 20, .longest_pause_ms = 5000};
}

static kino_tmdb *opened(const kino_tmdb_options *opt)
{
    kino_tmdb *t = NULL;
    mock_ask(opt->base_url == secure.url ? &secure : &plain, "/_reset");
    err = (kino_error){0};
    if (kino_tmdb_open(opt, &t, &err))
        fail_msg("%s", err.text);
    return t;
}

/* One film. Details of it are in *out (freed by the caller); the count of requests is returned. */
static int fetch(const mock *m, int64_t id, kino_status expected, kino_tmdb_films **out)
{
    kino_tmdb_options opt = options(m);
    kino_tmdb *t = opened(&opt);
    kino_status st = kino_tmdb_details(t, &id, 1, out, &err);
    kino_status of_film = (*out)->items[0].status;
    if (of_film != expected)
        print_message("%d, %s %s\n", st, err.text, (*out)->items[0].problem);
    assert_int_equal(of_film, expected);
    kino_tmdb_close(t);
    return mock_count(m);
}

static void is_lantern_bay(const kino_tmdb_films *f, int64_t id)
{
    assert_int_equal(f->items[0].movie.id, id);
    assert_string_equal(f->items[0].movie.title, "Lantern Bay");
    assert_string_equal(f->items[0].movie.overview, "A keeper counts ships that never arrive.");
    assert_string_equal(f->items[0].problem, "");
}

/* It comes after `requests` requests. */
static void comes(int64_t id, int requests)
{
    kino_tmdb_films *f = NULL;
    assert_int_equal(fetch(&plain, id, KINO_OK, &f), requests);
    is_lantern_bay(f, id);
    kino_tmdb_films_free(f);
}

/* It does not, and the message says so. */
static void fails(int64_t id, kino_status status, int requests, const char *says)
{
    kino_tmdb_films *f = NULL;
    assert_int_equal(fetch(&plain, id, status, &f), requests);
    if (!strstr(f->items[0].problem, says))
        fail_msg("\"%s\" is not in \"%s\"", says, f->items[0].problem);
    assert_null(strstr(f->items[0].problem, MOCK_V4));
    assert_string_equal(f->items[0].movie.title, "");
    assert_true(isnan(f->items[0].movie.runtime));
    kino_tmdb_films_free(f);
}

/* ---- the key ---- */

static void keys_are_told_by_their_shape(void **state)
{
    (void)state;
    assert_int_equal(kino_tmdb_key_kind_of(MOCK_V3), KINO_TMDB_KEY_V3);
    assert_int_equal(kino_tmdb_key_kind_of("0123456789ABCDEF0123456789ABCDEF"), KINO_TMDB_KEY_V3);
    assert_int_equal(kino_tmdb_key_kind_of(MOCK_V4), KINO_TMDB_KEY_V4);
    static const char *const none[] = {"", "0123456789abcdef0123456789abcde", "0123456789abcdef0123456789abcdeg",
                                       "eyJ", "eyJa.b", "eyJa..b", "eyJa.b.", "eyJa.b.c.d", "eyJa.b c.d",
                                       "eyJa.b\r\n.d", "changeme"};
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
    chmod(path, 0600);
    assert_int_equal(kino_tmdb_credential(NULL, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V3);
    put(path, "api_key = \"" MOCK_V3 "\"\r\ntoken: " MOCK_V4 "\r\n", 0600);
    assert_int_equal(kino_tmdb_credential(path, key, &err), KINO_OK);
    assert_string_equal(key, MOCK_V4);

    setenv("TMDB_API_KEY", " " MOCK_V3 "\n", 1);  /* before the config file, behind a file that was named */
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
    kino_tmdb_wipe(key, sizeof key);
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
    static const char *const urls[] = {"http://api.themoviedb.org/3", "ftp://127.0.0.1/3", "https://", "themoviedb",
                                       "https://user:word@127.0.0.1/3", "https://127.0.0.1/3?a=b", "file:///etc/passwd",
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
        usleep(200000);  /* what was under way when it ended is still counted */
    }
}

static void a_key_that_is_sent_back_is_not_shown(void **state)
{
    NEEDS(plain);
    (void)state;
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

/* ---- search and choice ---- */

/* The film chosen for a title, or minus the verdict's number (0: none). */
static int64_t chosen(const char *title, int year, int requests)
{
    kino_tmdb_options opt = options(&plain);
    kino_tmdb *t = opened(&opt);
    kino_tmdb_candidates *c = NULL;
    if (kino_tmdb_search(t, title, year, &c, &err))
        fail_msg("%s", err.text);
    kino_tmdb_choice choice = kino_tmdb_choose(title, year, c->items, c->count);
    int64_t id = choice.verdict == KINO_TMDB_UNIQUE ? c->items[choice.best].id : -(int64_t)choice.verdict;
    assert_int_equal(mock_count(&plain), requests);
    kino_tmdb_candidates_free(c);
    kino_tmdb_close(t);
    return id;
}

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

/* ---- details ---- */

static void everything_about_a_film_is_read(void **state)
{
    NEEDS(plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    assert_int_equal(fetch(&plain, 9001, KINO_OK, &f), 1);
    is_lantern_bay(f, 9001);
    const kino_movie *m = &f->items[0].movie;
    assert_string_equal(m->imdb_id, "tt0009001");
    assert_string_equal(m->original_title, "Lantern Bay");
    assert_string_equal(m->language, "en");
    assert_string_equal(m->date, "2025-04-23");
    assert_int_equal(m->year, 2025);
    assert_float_equal(m->runtime, 103, 0);
    assert_float_equal(m->rating, 7.7, 0);
    assert_int_equal(m->votes, 812);
    assert_float_equal(m->popularity, 93.9, 0);
    assert_string_equal(m->tagline, "Keep the light.");
    assert_string_equal(m->status, "Released");
    assert_string_equal(m->poster_path, "/p9001.jpg");
    assert_int_equal(m->collection.id, 0);
    assert_int_equal(m->genres.count, 2);
    assert_int_equal(m->genres.items[1].id, 53);
    assert_string_equal(m->genres.items[1].name, "Thriller");
    assert_int_equal(m->keywords.count, 2);
    assert_string_equal(m->keywords.items[0].name, "lighthouse");
    assert_int_equal(m->directors.count, 1);
    assert_string_equal(m->directors.items[0].name, "Ada Helm");
    assert_int_equal(m->cast.count, KINO_TMDB_CAST);
    for (size_t i = 0; i < m->cast.count; i++)
        assert_int_equal(m->cast.items[i].id, 500 + i);
    assert_int_equal(m->countries.count, 1);
    assert_string_equal(m->countries.items[0].name, "United States of America");
    assert_string_equal(f->items[0].overview_language, "en-US");
    assert_int_equal(f->items[0].alternative_titles.count, 1);
    assert_string_equal(f->items[0].alternative_titles.items[0].name, "La Baie aux lanternes");
    assert_false(f->items[0].adult);
    kino_tmdb_films_free(f);
}

static void an_unfinished_entry_is_read(void **state)
{
    NEEDS(plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    assert_int_equal(fetch(&plain, 9002, KINO_OK, &f), 1);  /* its language is English: there is no other to ask in */
    const kino_movie *m = &f->items[0].movie;
    assert_string_equal(m->title, "Untitled");
    assert_string_equal(m->imdb_id, "");
    assert_string_equal(m->overview, "");
    assert_string_equal(m->poster_path, "");
    assert_string_equal(f->items[0].overview_language, "");
    assert_int_equal(m->year, 0);
    assert_int_equal(m->votes, 0);
    assert_true(isnan(m->runtime));
    assert_true(isnan(m->rating));
    assert_int_equal(m->genres.count + m->keywords.count + m->directors.count + m->cast.count + m->countries.count, 0);
    kino_tmdb_films_free(f);
}

static void a_plot_comes_in_the_second_language(void **state)
{
    NEEDS(plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    assert_int_equal(fetch(&plain, 9003, KINO_OK, &f), 2);
    assert_string_equal(f->items[0].movie.overview, "Un gardien compte les navires.");
    assert_string_equal(f->items[0].overview_language, "fr");
    assert_string_equal(f->items[0].movie.title, "Lantern Bay");
    kino_tmdb_films_free(f);

    kino_tmdb_options opt = options(&plain);
    int64_t id = 9003;
    opt.second_language = "";
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
    assert_string_equal(f->items[0].movie.overview, "");
    assert_int_equal(mock_count(&plain), 1);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void wrong_types_are_unknown(void **state)
{
    NEEDS(plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    assert_int_equal(fetch(&plain, 9611, KINO_OK, &f), 1);
    const kino_movie *m = &f->items[0].movie;
    assert_string_equal(m->title, "Lantern Bay");
    assert_string_equal(m->original_title, "Lantern Bay");
    assert_string_equal(m->imdb_id, "tt0009611");
    assert_string_equal(m->language, "");
    assert_string_equal(m->overview, "");
    assert_string_equal(m->status, "");
    assert_int_equal(m->year, 0);
    assert_float_equal(m->runtime, 97, 0);
    assert_float_equal(m->rating, 7, 0);
    assert_int_equal(m->votes, 26279);
    assert_int_equal(m->collection.id, 9);
    assert_int_equal(m->genres.count, 2);
    assert_int_equal(m->genres.items[0].id, 35);
    assert_int_equal(m->genres.items[1].id, 0);
    assert_string_equal(m->genres.items[1].name, "Odd");
    assert_int_equal(m->directors.count, 1);
    assert_int_equal(m->directors.items[0].id, 0);
    assert_int_equal(m->keywords.count + m->cast.count + m->countries.count, 0);
    kino_tmdb_films_free(f);
}

static void strange_characters_are_survived(void **state)
{
    NEEDS(plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    assert_int_equal(fetch(&plain, 9612, KINO_OK, &f), 1);
    const kino_movie *m = &f->items[0].movie;
    assert_string_equal(m->title, "T \xF0\x9F\x8E\xAC");
    assert_string_equal(m->original_title, "\xF0\xA0\xAE\xB7\xE9\x87\x8E");
    assert_string_equal(m->overview, "A\xEF\xBF\xBD keeper\xEF\xBF\xBD [31m counts ships that never arrive.");
    assert_string_equal(m->tagline, "Keep\xEF\xBF\xBD the light.");
    kino_tmdb_films_free(f);
    assert_int_equal(chosen("Astral", 0, 1), -KINO_TMDB_AMBIGUOUS);
}

static void films_that_are_not_there(void **state)
{
    NEEDS(plain);
    (void)state;
    fails(4242424, KINO_NOT_FOUND, 1, "The resource you requested could not be found.");
    fails(9621, KINO_NOT_FOUND, 1, "HTTP 404");
    fails(9618, KINO_NOT_FOUND, 1, "could not be found");  /* HTTP 200, but status_code 34 */
    fails(9616, KINO_NETWORK, 1, "not about this film");
}

static void refused_requests_are_not_sent_again(void **state)
{
    NEEDS(plain);
    (void)state;
    fails(9400, KINO_NETWORK, 1, "HTTP 400: Invalid page");
    fails(9422, KINO_NETWORK, 1, "HTTP 422: append_to_response must be shorter");
}

static void a_fault_is_that_of_one_film(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    const int64_t ids[] = {9001, 4242424, 9422, 9611, 9616};
    const kino_status expected[] = {KINO_OK, KINO_NOT_FOUND, KINO_NETWORK, KINO_OK, KINO_NETWORK};
    kino_tmdb_films *f = NULL;
    kino_tmdb *t = opened(&opt);
    (void)state;
    assert_int_equal(kino_tmdb_details(t, ids, 5, &f, &err), KINO_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(f->items[i].id, ids[i]);
        assert_int_equal(f->items[i].status, expected[i]);
    }
    assert_int_equal(mock_count(&plain), 5);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void a_poster_is_there_or_gone(void **state)
{
    NEEDS(plain);
    static const char *const paths[] = {"/p9001.jpg", "/gone.jpg", "/later.jpg", "/moved.jpg", "/private.jpg"};
    static const kino_status expected[] = {KINO_OK, KINO_NOT_FOUND, KINO_OK, KINO_NETWORK, KINO_NETWORK};
    kino_tmdb_options opt = options(&plain);
    kino_status got[5];
    char images[64];
    (void)state;
    snprintf(images, sizeof images, "http://127.0.0.1:%d/t/p", plain.port);
    opt.images_url = images;
    opt.credential = MOCK_V3;
    for (int v4 = 0; v4 < 2; v4++) {
        kino_tmdb *t = opened(&opt);
        int64_t id = 0;
        assert_int_equal(kino_tmdb_posters(t, paths, 5, got, &err), KINO_OK);
        for (int i = 0; i < 5; i++)
            assert_int_equal(got[i], expected[i]);
        assert_int_equal(mock_count(&plain), 6);
        assert_int_equal(kino_tmdb_posters(t, paths, 1, got, &err), KINO_OK);
        assert_string_equal(mock_ask(&plain, "/_last"), "/t/p/w92/p9001.jpg ");  /* no key, nowhere */
        assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK);  /* the same handles do both */
        assert_int_equal(kino_tmdb_posters(t, &(const char *){"x.jpg"}, 1, got, &err), KINO_USAGE);
        kino_tmdb_close(t);
        opt.credential = MOCK_V4;
    }
}

/* ---- what passes ---- */

static void too_many_requests_are_slowed_down(void **state)
{
    NEEDS(plain);
    (void)state;
    double begin = now_ms();
    comes(9429, 2);
    assert_true(now_ms() - begin >= 990);
    comes(9430, 3);
    begin = now_ms();
    comes(9432, 2);  /* a date, whole seconds */
    assert_true(now_ms() - begin >= 900);
    fails(9431, KINO_NETWORK, 1, "asks to wait 3600 s");
}

static void a_fault_of_the_server_passes(void **state)
{
    NEEDS(plain);
    (void)state;
    comes(9500, 2);
    double begin = now_ms();
    comes(9502, 2);
    assert_true(now_ms() - begin >= 990);
    fails(9501, KINO_NETWORK, 4, "HTTP 503: Service offline");
    fails(9603, KINO_NETWORK, 4, "HTTP 502");
}

static void a_broken_answer_is_asked_for_again(void **state)
{
    NEEDS(plain);
    (void)state;
    comes(9600, 2);
    fails(9601, KINO_NETWORK, 4, "not whole, or no JSON");
    comes(9602, 2);
    comes(9604, 2);
    comes(9605, 2);
}

static void unusual_answers_are_read(void **state)
{
    NEEDS(plain);
    (void)state;
    comes(9606, 1);
    comes(9607, 1);
    comes(9610, 1);
    fails(9608, KINO_NETWORK, 1, "larger than 4 MB");
    fails(9609, KINO_NETWORK, 1, "larger than 4 MB");
}

static void redirects_go_nowhere_else(void **state)
{
    NEEDS(plain);
    (void)state;
    fails(9614, KINO_NETWORK, 1, "redirects to where the key may not go");
    fails(9619, KINO_NETWORK, 1, "redirects to where the key may not go");
}

/* ---- rate, budget, cancelling, addresses ---- */

static void many_films_come_at_once_but_not_too_many(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t ids[100];
    (void)state;
    for (int i = 0; i < 100; i++)
        ids[i] = 9700 + i;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, ids, 100, &f, &err), KINO_OK);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(f->items[i].status, KINO_OK);
        assert_int_equal(f->items[i].movie.id, ids[i]);
    }
    assert_int_equal(mock_count(&plain), 100);
    assert_in_range(atoi(mock_ask(&plain, "/_peak")), 3, 8);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void a_connection_is_kept(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    kino_tmdb *t = opened(&opt);
    for (int64_t id = 100000; id < 100012; id++) {
        assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
        assert_int_equal(f->items[0].movie.id, id);
        kino_tmdb_films_free(f);
    }
    assert_int_equal(atoi(mock_ask(&plain, "/_connections")), 1);
    kino_tmdb_close(t);
}

static void the_rate_is_kept(void **state)
{
    NEEDS(plain);
    enum { COUNT = 28, RATE = 40, BURST = 8 };
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t ids[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++)
        ids[i] = 100000 + i;
    opt.rate = RATE;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, ids, COUNT, &f, &err), KINO_OK);
    char *p = (char *)mock_ask(&plain, "/_times");
    double last = 0;
    for (int i = 0; i < COUNT; i++)
        last = strtod(p, &p);
    assert_true(last >= 1e3 * (COUNT - BURST) / RATE - 60);
    assert_true(last < 2e3 * COUNT / RATE);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void a_budget_is_kept(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    const int64_t ids[] = {9620, 9001};
    kino_tmdb_films *f = NULL;
    (void)state;
    opt.total_ms = 20000;
    kino_tmdb *t = opened(&opt);
    kino_tmdb_set_budget(t, 300);
    double begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, ids, 2, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < 400);
    assert_non_null(strstr(err.text, "no answer within the time given"));
    assert_int_equal(f->items[0].status, KINO_NETWORK);
    assert_int_equal(f->items[1].status, KINO_OK);
    kino_tmdb_films_free(f);
    int64_t many[70];  /* two runs */
    for (int i = 0; i < 70; i++)
        many[i] = 9620;
    begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, many, 70, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < 400);
    assert_int_equal(f->items[69].status, KINO_NETWORK);
    kino_tmdb_films_free(f);
    kino_tmdb_set_budget(t, 0);
    assert_int_equal(kino_tmdb_details(t, ids + 1, 1, &f, &err), KINO_OK);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static volatile sig_atomic_t cancelled;

static void *cancel_soon(void *unused)
{
    usleep(150000);
    cancelled = 1;
    return unused;
}

static void a_call_can_be_cancelled(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t id = 9620;
    pthread_t canceller;
    (void)state;
    opt.total_ms = 20000;
    opt.cancel = &cancelled;
    kino_tmdb *t = opened(&opt);
    cancelled = 0;
    double begin = now_ms();
    pthread_create(&canceller, NULL, cancel_soon, NULL);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_INTERRUPTED);
    pthread_join(canceller, NULL);
    assert_true(now_ms() - begin < 600);
    assert_int_equal(f->items[0].status, KINO_INTERRUPTED);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

/* The address of a port on which nobody listens. */
static void dead_address(char out[64])
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    snprintf(out, 64, "http://127.0.0.1:%d/3", ntohs(a.sin_port));
}

static void the_other_address_helps(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    char dead[64], dead_too[64];
    const int64_t ids[] = {9001, 9700, 9701, 9702};
    (void)state;
    dead_address(dead);
    opt.base_url = dead;
    opt.fallback_url = plain.url;
    opt.tries = 1;
    kino_tmdb *t = opened(&opt);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(kino_tmdb_details(t, ids, 4, &f, &err), KINO_OK);
        is_lantern_bay(f, 9001);
        assert_int_equal(mock_count(&plain), 4 * i);
        kino_tmdb_films_free(f);
    }
    kino_tmdb_close(t);

    dead_address(dead_too);
    opt.fallback_url = dead_too;
    t = opened(&opt);
    double begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, ids, 4, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < 1000);
    assert_non_null(strstr(err.text, "cannot be reached"));
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void the_environment_gives_the_address(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    int64_t id = 0;
    (void)state;
    setenv("KINO_TMDB_URL", plain.url, 1);
    setenv("TMDB_API_KEY", MOCK_V3, 1);
    opt.base_url = opt.credential = NULL;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK);
    assert_int_equal(mock_count(&plain), 1);
    kino_tmdb_close(t);
    unsetenv("KINO_TMDB_URL");
    unsetenv("TMDB_API_KEY");
}

/* ---- TLS ---- */

static void a_certificate_is_checked(void **state)
{
    NEEDS(secure);
    char bundle[128];
    const char *before = getenv("SSL_CERT_FILE");
    char *kept = before ? kino_strdup(before) : NULL;
    kino_tmdb_films *f = NULL;
    int64_t id = 9001;
    (void)state;
    kino_tmdb_options opt = options(&secure);
    unsetenv("SSL_CERT_FILE");
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_NETWORK);
    assert_non_null(strstr(err.text, "cannot be reached"));
    assert_int_equal(mock_count(&secure), 0);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);

    opt.fallback_url = plain.url;  /* who stands between may have broken the first only */
    t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);

    snprintf(bundle, sizeof bundle, "%s/ca.pem", folder);
    setenv("SSL_CERT_FILE", bundle, 1);
    assert_int_equal(fetch(&secure, 9001, KINO_OK, &f), 1);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9613, KINO_OK, &f), 2);  /* https to the same host: allowed */
    is_lantern_bay(f, 9613);
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9615, KINO_NETWORK, &f), 4);
    assert_non_null(strstr(f->items[0].problem, "in circles"));
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9619, KINO_NETWORK, &f), 1);  /* not down to http */
    kino_tmdb_films_free(f);
    if (kept)
        setenv("SSL_CERT_FILE", kept, 1);
    else
        unsetenv("SSL_CERT_FILE");
    free(kept);
}

/* ---- before and after ---- */

static bool make_certificates(void)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd %s && exec >/dev/null 2>&1 && "
             "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=kino test CA' -keyout ca.key -out ca.pem && "
             "openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr && "
             "printf 'subjectAltName=IP:127.0.0.1\\n' >ext && "
             "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext "
             "-out server.pem", folder);
    return system(command) == 0;
}

static int begin_all(void **state)
{
    char certificate[128], key[128];
    (void)state;
    snprintf(folder, sizeof folder, "/tmp/kino_tmdb_XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(certificate, sizeof certificate, "%s/server.pem", folder);
    snprintf(key, sizeof key, "%s/server.key", folder);
    if (!kino_tmdb_available())
        print_message("this kino is built without the network\n");
    else if (mock_start(&plain, NULL, NULL) && make_certificates())
        mock_start(&secure, certificate, key);
    return 0;
}

static int end_all(void **state)
{
    char command[128];
    (void)state;
    mock_stop(&plain);
    mock_stop(&secure);
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_told_by_their_shape),
        cmocka_unit_test(the_key_is_found_and_kept_private),
        cmocka_unit_test(the_choice_is_careful),
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
        cmocka_unit_test(everything_about_a_film_is_read),
        cmocka_unit_test(an_unfinished_entry_is_read),
        cmocka_unit_test(a_plot_comes_in_the_second_language),
        cmocka_unit_test(wrong_types_are_unknown),
        cmocka_unit_test(strange_characters_are_survived),
        cmocka_unit_test(films_that_are_not_there),
        cmocka_unit_test(refused_requests_are_not_sent_again),
        cmocka_unit_test(a_fault_is_that_of_one_film),
        cmocka_unit_test(a_poster_is_there_or_gone),
        cmocka_unit_test(too_many_requests_are_slowed_down),
        cmocka_unit_test(a_fault_of_the_server_passes),
        cmocka_unit_test(a_broken_answer_is_asked_for_again),
        cmocka_unit_test(unusual_answers_are_read),
        cmocka_unit_test(redirects_go_nowhere_else),
        cmocka_unit_test(many_films_come_at_once_but_not_too_many),
        cmocka_unit_test(a_connection_is_kept),
        cmocka_unit_test(the_rate_is_kept),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(a_call_can_be_cancelled),
        cmocka_unit_test(the_other_address_helps),
        cmocka_unit_test(the_environment_gives_the_address),
        cmocka_unit_test(a_certificate_is_checked),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
