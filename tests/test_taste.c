/* test_taste.c - from a history to films: what is matched and what is not, what was seen stays out, every taste is
 * served. On a catalogue of the sample, made once. */
#include <math.h>
#include <strings.h>

#include "sample_play.h"

#include "films.h"

static kino_history *history_of(const char *text)
{
    kino_history *h = NULL;
    kino_error err = {0};
    char *path = text_file(text, strlen(text));
    if (kino_history_read(k, path, NULL, 0, &h, &err))
        fail_msg("%s", err.text);
    unlink(path);
    free(path);
    return h;
}

static const kino_seen *seen(const kino_history *h, int64_t id)
{
    for (size_t i = 0; i < h->count; i++)
        if (h->films[i].id == id)
            return &h->films[i];
    return NULL;
}

static void lines_become_films(void **state)
{
    (void)state;
    kino_history *h = history_of("Date,Name,Year,Letterboxd URI,Rating\n"
                                 "2020-01-01,Alien,1979,https://boxd.it/a,5\n"
                                 "2020-01-02,The Thing,1983,https://boxd.it/b,4\n" /* a year off */
                                 "2020-01-03,amelie,2001,https://boxd.it/c,3.5\n"
                                 "2020-01-04,Alein,1979,https://boxd.it/d,3\n" /* never guessed */
                                 "2020-01-05,Alien,1999,https://boxd.it/e,3\n" /* nor another year's film */
                                 "2020-01-06,Qwertzuiop,1999,https://boxd.it/f,3\n"
                                 "2021-01-01,Alien,1979,https://boxd.it/a,2\n"      /* seen again */
                                 "2021-02-01,The Thing,1982,https://boxd.it/b,\n"); /* again, and not rated */
    assert_string_equal(h->kind, "Letterboxd");
    assert_int_equal(h->count, 3);
    assert_true(seen(h, 348)->rating == .4 && seen(h, 1091)->rating == .8);
    assert_int_equal(seen(h, 348)->day, 18628);
    assert_int_equal(h->unmatched_count, 3);
    assert_int_equal(h->unmatched[0].line, 5);
    assert_string_equal(h->unmatched[0].text, "Alein (1979)");
    assert_int_equal(h->unmatched[0].candidates[0].id, 348);
    assert_false(h->unmatched[0].ambiguous);
    assert_int_equal(h->unmatched[1].line, 6);
    assert_int_equal(h->unmatched[1].candidates[0].id, 348);
    assert_int_equal(h->unmatched[2].line, 7);
    assert_int_equal(h->unmatched[2].candidate_count, 0);
    kino_history_free(h);
}

static void ids_come_first(void **state)
{
    (void)state;
    kino_history *h = history_of(
        "[{\"movie\":{\"title\":\"Something else\",\"year\":1979,\"ids\":{\"tmdb\":348,\"imdb\":\"tt0078748\"}}},\n"
        "{\"movie\":{\"title\":\"In another tongue\",\"year\":1950,\"ids\":{\"imdb\":\"tt0084787\"}}},\n"
        "{\"movie\":{\"title\":\"The Shining\",\"year\":1980,\"ids\":{\"trakt\":4}}},\n"
        "{\"movie\":{\"title\":\"The Shining\",\"year\":1980,\"ids\":{\"imdb\":\"tt9999998\"}}},\n" /* another one */
        "{\"movie\":{\"title\":\"The Shining\",\"year\":1980,\"ids\":{\"tmdb\":99999999}}}]");
    assert_int_equal(h->count, 3);
    assert_non_null(seen(h, 348));
    assert_non_null(seen(h, 1091));
    assert_non_null(seen(h, 694));
    assert_int_equal(h->unmatched_count, 2);
    assert_int_equal(h->unmatched[0].line, 4);
    kino_history_free(h);
    h = history_of(
        "[{\"movie\":{\"title\":\"Alien\",\"year\":1979,\"ids\":{\"tmdb\":348,\"imdb\":\"tt9999999\"}}},\n"
        "{\"movie\":{\"title\":\"Another\",\"year\":2008,\"ids\":{\"tmdb\":1091}}}]"); /* each against the other */
    assert_int_equal(h->count, 0);
    assert_int_equal(h->unmatched_count, 2);
    assert_string_equal(h->unmatched[0].why, "it says tt9999999, and 348, Alien (1979), is tt0078748");
    assert_string_equal(h->unmatched[1].why, "1091 is The Thing (1982) here");
    kino_history_free(h);
    h = history_of("348\n99999999\n1091\n");
    assert_int_equal(h->count, 2);
    assert_int_equal(h->unmatched_count, 1);
    assert_string_equal(h->unmatched[0].text, "99999999");
    kino_history_free(h);
    h = history_of("tt0078748\nThe Thing (1982)\n\nthe shining\n");
    assert_int_equal(h->count, 3);
    assert_int_equal(h->unmatched_count, 0);
    kino_history_free(h);
}

static bool has(const kino_results *r, int64_t id)
{
    for (size_t i = 0; i < r->count; i++)
        if (r->items[i].movie->id == id)
            return true;
    return false;
}

/* The search goes on until there are k, however many of the nearest were seen. */
static void what_was_seen_is_not_answered(void **state)
{
    (void)state;
    const int64_t alien = 348;
    kino_query q = {.like = &alien, .like_count = 1, .k = 60};
    kino_results *all = NULL, *rest = NULL;
    int64_t ids[62] = {-5, 987654321};
    assert_int_equal(kino_recommend(k, &q, &all, NULL), KINO_OK);
    for (size_t i = 0; i < 60; i++)
        ids[i + 2] = all->items[i].movie->id;
    q.unseen = ids;
    q.unseen_count = 62;
    assert_int_equal(kino_recommend(k, &q, &rest, NULL), KINO_OK);
    assert_int_equal(rest->count, 60);
    for (size_t i = 0; i < 62; i++)
        assert_false(has(rest, ids[i]));
    kino_results_free(rest);
    q.k = 1000; /* all there are: the sample less Alien and the sixty */
    kino_info info;
    assert_int_equal(kino_get_info(k, &info, NULL), KINO_OK);
    assert_int_equal(kino_recommend(k, &q, &rest, NULL), KINO_OK);
    assert_int_equal(rest->count, info.films - 61);
    kino_results_free(rest);
    kino_results_free(all);
}

static size_t of_genre(const kino_results *r, const char *genre)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t g = 0; g < r->items[i].movie->genres.count; g++)
            n += !strcasecmp(r->items[i].movie->genres.items[g].name, genre);
    return n;
}

static kino_results *taste(const kino_history *h, size_t count, kino_leanings *l)
{
    kino_query q = {.k = count};
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend_history(k, h, &q, l, &r, &err))
        fail_msg("%s", err.text);
    assert_int_equal(r->count, count);
    double shares = 0;
    for (size_t c = 0; c < l->count; c++) {
        assert_true(l->items[c].films[0] && l->items[c].share > 0);
        assert_true(!c || l->items[c].share <= l->items[c - 1].share);
        shares += l->items[c].share;
    }
    assert_true(fabs(shares - 1) < 1e-9);
    for (size_t i = 0; i < r->count; i++) {
        double sum = 0;
        assert_null(seen(h, r->items[i].movie->id));
        assert_non_null(seen(h, r->items[i].seed));
        for (size_t p = 0; p < r->items[i].part_count; p++)
            sum += r->items[i].parts[p].value;
        assert_true(sum == r->items[i].score);
        for (size_t j = 0; j < i; j++)
            assert_true(r->items[j].movie->id != r->items[i].movie->id);
    }
    return r;
}

static const char horror_and_westerns[] =
    "tmdbId,Title,Year,Rating10\n539,Psycho,1960,9\n9552,,,9\n694,,,10\n948,,,8\n764,,,9\n1091,,,9\n377,,,9\n"
    "288,,,9\n3114,,,9\n966,,,9\n391,,,10\n429,,,9\n335,,,9\n642,,,8\n862,,,1\n408,,,1\n8587,,,2\n";

static void each_taste_is_served(void **state)
{
    (void)state;
    kino_leanings l;
    kino_history *h = history_of(horror_and_westerns);
    assert_int_equal(h->count, 17);
    kino_results *r = taste(h, 8, &l);
    assert_true(l.count >= 2);
    assert_true(of_genre(r, "Horror") >= 2 && of_genre(r, "Western") >= 2);
    assert_int_equal(of_genre(r, "Animation"), 0); /* what was rated badly is no taste */
    kino_leanings again;
    kino_results *same = taste(h, 8, &again);
    assert_memory_equal(&l, &again, sizeof l);
    for (size_t i = 0; i < r->count; i++)
        assert_true(r->items[i].movie->id == same->items[i].movie->id && r->items[i].score == same->items[i].score);
    kino_results_free(same);
    kino_results_free(r);
    kino_history_free(h);
}

static double share_of(const char *text, int64_t id)
{
    kino_leanings l;
    kino_history *h = history_of(text);
    double share = 0;
    kino_results_free(taste(h, 5, &l));
    for (size_t c = 0; c < l.count; c++)
        for (size_t f = 0; f < KINO_LEANING_FILMS; f++)
            if (l.items[c].films[f] == id)
                share = l.items[c].share;
    kino_history_free(h);
    return share;
}

static void later_and_higher_weighs_more(void **state)
{
    (void)state;
    const double even = share_of("tmdbId,Date\n539,2020-01-01\n9552,2020-01-01\n694,2020-01-01\n391,2020-01-01\n"
                                 "429,2020-01-01\n335,2020-01-01\n",
                                 429);
    const double aged = share_of("tmdbId,Date\n539,2020-01-01\n9552,2020-01-01\n694,2020-01-01\n391,1990-01-01\n"
                                 "429,1990-01-01\n335,1990-01-01\n",
                                 429);
    const double rated = share_of("tmdbId,Rating10\n539,8\n9552,8\n694,8\n391,10\n429,10\n335,10\n862,1\n", 429);
    assert_true(even > 0 && aged > 0 && rated > 0);
    assert_true(aged < even && even < rated);
}

static void small_and_impossible_histories(void **state)
{
    (void)state;
    kino_leanings l;
    kino_results *r = NULL;
    kino_error err = {0};
    kino_query q = {.k = 5};
    kino_history *h = history_of("348\n");
    kino_results_free(taste(h, 5, &l));
    assert_int_equal(l.count, 1);
    const int64_t id = 862;
    q.like = &id;
    q.like_count = 1;
    assert_int_equal(kino_recommend_history(k, h, &q, NULL, &r, &err), KINO_USAGE);
    q.like_count = 0;
    q.k = KINO_MAX_K + 1;
    assert_int_equal(kino_recommend_history(k, h, &q, NULL, &r, &err), KINO_USAGE);
    kino_history_free(h);
    h = history_of("99999999\n");
    assert_int_equal(kino_recommend_history(k, h, &q, NULL, &r, &err), KINO_NOT_FOUND);
    kino_history_free(h);
    /* all that was not seen, filtered */
    h = history_of("694\n539\n391\n");
    q = (kino_query){.k = 1000, .filter = {.genres = {"Western"}, .genre_count = 1}};
    assert_int_equal(kino_recommend_history(k, h, &q, NULL, &r, &err), KINO_OK);
    assert_int_equal(of_genre(r, "Western"), r->count);
    kino_results *all = NULL;
    const int64_t western = 391;
    q.like = &western;
    q.like_count = 1;
    assert_int_equal(kino_recommend(k, &q, &all, &err), KINO_OK);
    assert_int_equal(r->count, all->count);
    kino_results_free(all);
    kino_results_free(r);
    kino_history_free(h);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_films),
        cmocka_unit_test(ids_come_first),
        cmocka_unit_test(what_was_seen_is_not_answered),
        cmocka_unit_test(each_taste_is_served),
        cmocka_unit_test(later_and_higher_weighs_more),
        cmocka_unit_test(small_and_impossible_histories),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
