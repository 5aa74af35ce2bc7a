/* test_tmdb_details.c - TMDB, played by mock_tmdb.py: details of films, in each way in which it answers; with status,
 * message, what is read, and how many requests it took. */
#include "tmdb_play.h"

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
    assert_int_equal(fetch(&plain, 9002, KINO_OK, &f), 1); /* its language is English: there is no other to ask in */
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
    fails(9618, KINO_NOT_FOUND, 1, "could not be found"); /* HTTP 200, but status_code 34 */
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
        assert_string_equal(mock_ask(&plain, "/_last"), "/t/p/w92/p9001.jpg ");    /* no key, nowhere */
        assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK); /* the same handles do both */
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
    comes(9432, 2); /* a date, whole seconds */
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
    comes(9605, 2);
}

/* A byte now and then is not enough: the time is one for the whole answer. */
static void a_slow_answer_is_asked_for_again(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    const int64_t id = 9604;
    (void)state;
    opt.total_ms = 4000;
    kino_tmdb *t = opened(&opt);
    double begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
    assert_true(now_ms() - begin < 50000); /* the whole of it would take 100 s */
    assert_int_equal(mock_count(&plain), 2);
    is_lantern_bay(f, id);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
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
    for (int64_t id = 9640; id < 9650; id++) /* private addresses, other schemes, users, names that only begin alike */
        fails(id, KINO_NETWORK, 1, "redirects to where the key may not go");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(everything_about_a_film_is_read),     cmocka_unit_test(an_unfinished_entry_is_read),
        cmocka_unit_test(a_plot_comes_in_the_second_language), cmocka_unit_test(wrong_types_are_unknown),
        cmocka_unit_test(strange_characters_are_survived),     cmocka_unit_test(films_that_are_not_there),
        cmocka_unit_test(refused_requests_are_not_sent_again), cmocka_unit_test(a_fault_is_that_of_one_film),
        cmocka_unit_test(a_poster_is_there_or_gone),           cmocka_unit_test(too_many_requests_are_slowed_down),
        cmocka_unit_test(a_fault_of_the_server_passes),        cmocka_unit_test(a_broken_answer_is_asked_for_again),
        cmocka_unit_test(a_slow_answer_is_asked_for_again),    cmocka_unit_test(unusual_answers_are_read),
        cmocka_unit_test(redirects_go_nowhere_else),
    };
    return cmocka_run_group_tests(tests, begin_all, end_all);
}
