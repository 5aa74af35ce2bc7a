/* test_understand.c - questions in plain words through the engine: what they name becomes seeds and bounds, what they wish
 * for changes scores, and nobody else is asked. On the sample with people. */
#define WITH_PEOPLE
#include "sample_play.h"

#include <math.h>

#include "engine/names.h"
#include "engine/understand.h"

static kino_understanding u;

static void understand(const kino_query *q)
{
    kino_error err = {0};
    kino_understanding_free(&u);
    if (kino_use_films(k, true, &err) || kino_understand(k, q, &u, &err))
        fail_msg("%s", err.text);
}

static kino_results *ask(const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    if (kino_recommend(k, q, &r, &err))
        fail_msg("%s", err.text);
    return r;
}

static kino_results *ask_words(const char *about, size_t wanted)
{
    return ask(&(kino_query){.about = about, .k = wanted});
}

static bool has_name(const kino_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i].name, name))
            return true;
    return false;
}

/* How many films of the answer have the name in a list. */
static size_t films_with(const kino_results *r, size_t list, const char *name)
{
    size_t n = 0;
    for (size_t i = 0; i < r->count; i++) {
        kino_movie *m = NULL;
        assert_int_equal(kino_movie_get(k, r->items[i].movie->id, &m, NULL), KINO_OK);
        n += has_name((const kino_list *)((const char *)m + list), name);
        kino_movie_free(m);
    }
    return n;
}

#define DIRECTORS offsetof(kino_movie, directors)
#define CAST offsetof(kino_movie, cast)
#define GENRES offsetof(kino_movie, genres)

/* ---- names that films have ---- */

static kino_listing *listed(kino_name_kind kind, const char *beginning, size_t limit)
{
    kino_listing *l = NULL;
    kino_error err = {0};
    if (kino_list_names(k, kind, beginning, limit, &l, &err))
        fail_msg("%s", err.text);
    return l;
}

static void names_are_listed_by_their_beginnings(void **state)
{
    (void)state;
    kino_listing *l = listed(KINO_NAME_GENRE, "", 100);
    assert_int_equal(l->count, 18);
    assert_string_equal(l->items[0], "Drama"); /* which most films are */
    kino_listing_free(l);
    l = listed(KINO_NAME_GENRE, "fIcT", 100);
    assert_int_equal(l->count, 1);
    assert_string_equal(l->items[0], "Science Fiction");
    kino_listing_free(l);
    l = listed(KINO_NAME_CAST, "tom h", 100);
    assert_int_equal(l->count, 2);
    assert_string_equal(l->items[0], "Tom Hanks");
    assert_string_equal(l->items[1], "Tom Hardy");
    kino_listing_free(l);
    l = listed(KINO_NAME_DIRECTOR, "kurosawa", 1);
    assert_int_equal(l->count, 1);
    assert_string_equal(l->items[0], "Akira Kurosawa");
    kino_listing_free(l);
    l = listed(KINO_NAME_DIRECTOR, "urosawa", 1);
    assert_int_equal(l->count, 0);
    kino_listing_free(l);
    assert_int_equal(kino_list_names(k, KINO_NAME_CAST, "", 0, &l, NULL), KINO_USAGE);
}

/* Whatever is listed is a name for the filter. */
static void names_that_are_listed_are_understood(void **state)
{
    (void)state;
    kino_listing *l = listed(KINO_NAME_LANGUAGE, "", 100);
    bool german = false;
    assert_true(l->count > 10);
    for (size_t i = 0; i < l->count; i++) {
        const char *codes[KINO_MAX_FILTER];
        size_t count = 0;
        kino_arena memory = {0};
        assert_int_equal(kino_names_of(k, KINO_NAME_LANGUAGE, l->items[i], &memory, codes, &count, NULL), KINO_OK);
        kino_arena_free(&memory);
        german = german || !strcmp(l->items[i], "german");
    }
    assert_true(german);
    kino_listing_free(l);
}

/* ---- films that are named ---- */

static void films_of_one_person_weigh_as_one(void **state)
{
    (void)state;
    understand(&(kino_query){.about = "like alien and in the style of hitchcock"});
    assert_int_equal(u.query.like_count, 4);
    double sum = 0;
    for (size_t i = 0; i < u.query.like_count; i++)
        sum += u.query.like_weight[i];
    assert_true(fabs(sum - 2) < 1e-12);
}

static void a_title_beside_films_is_words(void **state)
{
    (void)state;
    const int64_t alien = id_of("Alien");
    understand(&(kino_query){.about = "heat", .like = &alien, .like_count = 1});
    assert_false(u.titled);
    assert_int_equal(u.query.like_count, 1);
    understand(&(kino_query){.about = "heat"});
    assert_true(u.titled);
    assert_int_equal(u.query.like[0], id_of("Heat (1995)"));
}

static void likes_and_dislikes_of_the_words_are_added(void **state)
{
    (void)state;
    const int64_t alien = id_of("Alien"), jaws = id_of("Jaws");
    const double twice = 2;
    understand(&(kino_query){.about = "like psycho not like jaws",
                             .like = &alien,
                             .like_weight = &twice,
                             .like_count = 1,
                             .dislike = &jaws,
                             .dislike_count = 1});
    assert_int_equal(u.query.like_count, 2);
    assert_int_equal(u.query.like[0], alien);
    assert_true(u.query.like_weight[0] == 2 && u.query.like_weight[1] == 1);
    assert_int_equal(u.query.dislike_count, 1);
}

/* ---- bounds ---- */

static void nations_are_any_and_people_all(void **state)
{
    (void)state;
    kino_results *r = ask_words("french or japanese films", 300);
    bool french = false, japanese = false;
    assert_true(r->count > 1);
    for (size_t i = 0; i < r->count; i++) {
        const bool is_french = !strcmp(r->items[i].movie->language, "fr");
        assert_true(is_french || !strcmp(r->items[i].movie->language, "ja"));
        french |= is_french;
        japanese |= !is_french;
    }
    assert_true(french && japanese);
    kino_results_free(r);
    r = ask_words("with harrison ford or tom hanks", 300);
    const size_t ford = films_with(r, CAST, "Harrison Ford"), hanks = films_with(r, CAST, "Tom Hanks");
    assert_true(ford && hanks && ford < r->count && hanks < r->count && ford + hanks >= r->count);
    kino_results_free(r);
    r = ask_words("with harrison ford and carrie fisher", 300);
    assert_int_equal(films_with(r, CAST, "Harrison Ford"), r->count);
    assert_int_equal(films_with(r, CAST, "Carrie Fisher"), r->count);
    kino_results_free(r);
}

static void a_director_is_one_who_directs(void **state)
{
    (void)state;
    kino_results *r = ask_words("directed by clint eastwood", 300);
    assert_true(r->count && films_with(r, DIRECTORS, "Clint Eastwood") == r->count);
    const kino_query q = {.filter = {.directors = {"clint eastwood"}, .director_count = 1}, .k = 300};
    kino_results *same = ask(&q);
    assert_int_equal(same->count, r->count);
    kino_results *any = ask_words("clint eastwood", 300);
    assert_true(any->count > r->count);
    kino_results_free(any);
    kino_results_free(same);
    kino_results_free(r);
}

static void a_family_sees_no_horror(void **state)
{
    (void)state;
    kino_results *r = ask_words("films for the whole family", 300);
    assert_true(r->count > 10);
    assert_int_equal(films_with(r, GENRES, "Family"), r->count);
    assert_int_equal(films_with(r, GENRES, "Horror"), 0);
    kino_results_free(r);
}

static void a_wish_filters_nothing(void **state)
{
    (void)state;
    kino_results *r = ask_words("1970s", 300);
    assert_int_equal(r->understood_count, 1);
    assert_true(r->understood[0].wish);
    assert_int_equal(r->count, 300);
    size_t inside = 0;
    for (size_t i = 0; i < 10; i++)
        inside += r->items[i].movie->year / 10 == 197;
    assert_true(inside >= 5);
    kino_results_free(r);
}

/* ---- wishes ---- */

static double part_of(const kino_result *one, const char *part)
{
    for (size_t p = 0; p < one->part_count; p++)
        if (!strcmp(one->parts[p].name, part))
            return one->parts[p].value;
    return 0;
}

/* The sum of a part over the answer. */
static double sum_of(const kino_results *r, const char *part)
{
    double sum = 0;
    for (size_t i = 0; i < r->count; i++)
        sum += part_of(&r->items[i], part);
    return sum;
}

static double mean_rating(const kino_results *r)
{
    double sum = 0;
    for (size_t i = 0; i < r->count; i++)
        sum += r->items[i].movie->rating / (double)r->count;
    return sum;
}

static void ranks_bend_the_order(void **state)
{
    (void)state;
    kino_results *best = ask_words("best science fiction", 10), *worst = ask_words("worst science fiction", 10);
    assert_true(mean_rating(best) > mean_rating(worst) + 1);
    kino_results_free(best);
    kino_results_free(worst);
}

static void what_must_not_be_takes_away(void **state)
{
    (void)state;
    kino_results *r = ask_words("space war without aliens", 20);
    assert_true(sum_of(r, "away") != 0);
    kino_results_free(r);
}

/* "scary" alone asks for what such films are; beside other words it is one of them. */
static void a_mood_alone_asks_for_acclaim(void **state)
{
    (void)state;
    kino_results *mood = ask_words("scary", 20), *words = ask_words("scary clown", 20);
    assert_true(sum_of(mood, "acclaim") > 2 * fabs(sum_of(words, "acclaim")));
    assert_true(sum_of(mood, "genres") > 0);
    kino_results_free(mood);
    kino_results_free(words);
}

/* Words that such films bear count a little, though nobody said them. */
static void moods_bring_their_words(void **state)
{
    (void)state;
    kino_results *r = ask_words("scary", 200);
    size_t with_words = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t p = 0; p < r->items[i].part_count; p++)
            with_words += !strcmp(r->items[i].parts[p].name, "words") && r->items[i].parts[p].value > 0;
    assert_true(with_words > 30);
    kino_results_free(r);
}

/* A bare decade counts for more than a year that is wished for beside words, and a language too. */
static void decades_and_languages_are_wished_for(void **state)
{
    (void)state;
    kino_results *r = ask_words("80s", 5);
    assert_true(fabs(sum_of(r, "era") - 5 * 2.0 / 12) < 1e-5);
    kino_results_free(r);
    r = ask_words("a french chef falls in love", 10);
    assert_true(sum_of(r, "language") > 0);
    kino_results_free(r);
}

/* Likeness is told in spreads: about 5 for the nearest, and the same however the parts are weighted as a whole. */
static void likeness_is_in_spreads(void **state)
{
    (void)state;
    const kino_part half = {"all", .5};
    kino_results *r = ask_words("like alien but funny", 10);
    const double most = sum_of(r, "likeness");
    assert_true(most > 10 * 1.0 / 6 && most < 10 * 10.0 / 6);
    kino_results *weighed =
        ask(&(kino_query){.about = "like alien but funny", .k = 10, .weights = &half, .weight_count = 1});
    size_t same = 0;
    for (size_t i = 0; i < r->count; i++)
        for (size_t j = 0; j < weighed->count; j++)
            if (weighed->items[j].movie->id == r->items[i].movie->id) {
                assert_true(fabs(part_of(&weighed->items[j], "likeness") - part_of(&r->items[i], "likeness")) < 1e-4);
                same++;
            }
    assert_true(same >= 3);
    kino_results_free(weighed);
    kino_results_free(r);
}

static void what_is_read_is_told_without_films(void **state)
{
    (void)state;
    kino_results *r = NULL;
    assert_int_equal(kino_read(k, "comedies like Alien, not with tom hanks", KINO_READ_AS_SEEN, &r, NULL), KINO_OK);
    assert_int_equal(r->count, 0);
    assert_int_equal(r->understood_count, 3);
    assert_string_equal(r->understood[0].as, "genre");
    assert_int_equal(r->understood[1].film, id_of("Alien"));
    assert_string_equal(r->understood[2].as, "no-with");
    assert_string_equal(r->rest, "");
    kino_results_free(r);
    r = NULL;
    assert_int_equal(kino_read(k, "comedies", KINO_READ_PLAINLY, &r, NULL), KINO_OK);
    assert_null(r->rest);
    kino_results_free(r);
}

/* ---- names ---- */

static void everyday_names_are_those_of_the_catalogue(void **state)
{
    (void)state;
    const char *out[KINO_MAX_FILTER];
    kino_arena memory = {0};
    kino_error err = {0};
    size_t count = 0;
    assert_int_equal(kino_names_of(k, KINO_NAME_GENRE, "romcom", &memory, out, &count, &err), KINO_OK);
    assert_int_equal(count, 2);
    assert_string_equal(out[0], "Romance");
    assert_string_equal(out[1], "Comedy");
    assert_int_equal(kino_names_of(k, KINO_NAME_LANGUAGE, "German", &memory, out, &count, &err), KINO_OK);
    assert_string_equal(out[2], "de");
    assert_int_equal(kino_names_of(k, KINO_NAME_GENRE, "comedi", &memory, out, &count, &err), KINO_USAGE);
    assert_non_null(strstr(err.text, "Comedy"));
    kino_arena_free(&memory);
}

static const kino_named scary_and_tame[] = {{10751, "Family"}, {27, "Horror"}};

static void add_film(int64_t id, const char *title, int64_t votes)
{
    kino_error err = {0};
    const kino_movie m = {.id = id,
                          .imdb_id = "",
                          .title = title,
                          .original_title = title,
                          .language = "en",
                          .date = "",
                          .year = 1980,
                          .runtime = NAN,
                          .rating = NAN,
                          .votes = votes,
                          .popularity = NAN,
                          .overview = "Nobody knows what it is about, but for a quince.",
                          .tagline = "",
                          .status = "",
                          .poster_path = "",
                          .collection = {0, ""},
                          .genres = {scary_and_tame, 2}};
    const kino_movie *list[] = {&m};
    if (kino_add(k, list, 1, &err))
        fail_msg("%s", err.text);
}

/* Words from inside a title, of which there may be an unknown one; and a film that came later is found by its words. */
static void remembered_titles_and_later_films(void **state)
{
    (void)state;
    const int64_t ids[] = {900000011, 900000012, 900000013};
    int64_t id = 0;
    size_t removed;
    add_film(ids[0], "The Long Quincunx Road", 500);
    add_film(ids[1], "Behind the Quincunx", 10);
    assert_int_equal(kino_resolve(k, "quincunx", false, &id, NULL, NULL), KINO_OK);
    assert_int_equal(id, ids[0]);
    add_film(ids[2], "Another Quincunx Tale", 400);
    assert_int_equal(kino_resolve(k, "quincunx", false, &id, NULL, NULL), KINO_AMBIGUOUS);
    kino_results *r = ask_words("quince", 5);
    assert_int_equal(r->items[0].movie->year, 1980);
    kino_results_free(r);
    r = ask(&(kino_query){.filter = {.year_min = 1980, .year_max = 1980}, .k = 1000});
    size_t later = 0;
    for (size_t i = 0; i < r->count; i++)
        later += r->items[i].movie->id > 900000000;
    assert_int_equal(later, 3);
    kino_results_free(r);
    r = ask_words("films for the whole family", 1000);
    assert_int_equal(films_with(r, GENRES, "Horror"), 0);
    kino_results_free(r);
    assert_int_equal(kino_remove(k, ids, 3, &removed, NULL), KINO_OK);
    r = ask_words("quince", 5);
    for (size_t i = 0; i < r->count; i++)
        assert_true(r->items[i].movie->id < 900000000);
    kino_results_free(r);
}

/* A number that is the id of one film and begins the title of another is asked about. */
static void a_number_is_not_silently_an_id(void **state)
{
    (void)state;
    const int64_t own = 2001;
    int64_t id = 0;
    size_t removed;
    add_film(own, "The Quincunx", 10);
    assert_int_equal(kino_resolve(k, "2001", false, &id, NULL, NULL), KINO_AMBIGUOUS);
    assert_int_equal(kino_resolve(k, "id:2001", false, &id, NULL, NULL), KINO_OK);
    assert_int_equal(id, own);
    assert_int_equal(kino_remove(k, &own, 1, &removed, NULL), KINO_OK);
}

static int end(void **state)
{
    kino_understanding_free(&u);
    return drop_catalogue(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_listed_by_their_beginnings),
        cmocka_unit_test(names_that_are_listed_are_understood),
        cmocka_unit_test(films_of_one_person_weigh_as_one),
        cmocka_unit_test(a_title_beside_films_is_words),
        cmocka_unit_test(likes_and_dislikes_of_the_words_are_added),
        cmocka_unit_test(nations_are_any_and_people_all),
        cmocka_unit_test(a_director_is_one_who_directs),
        cmocka_unit_test(a_family_sees_no_horror),
        cmocka_unit_test(a_wish_filters_nothing),
        cmocka_unit_test(ranks_bend_the_order),
        cmocka_unit_test(what_must_not_be_takes_away),
        cmocka_unit_test(a_mood_alone_asks_for_acclaim),
        cmocka_unit_test(moods_bring_their_words),
        cmocka_unit_test(decades_and_languages_are_wished_for),
        cmocka_unit_test(likeness_is_in_spreads),
        cmocka_unit_test(what_is_read_is_told_without_films),
        cmocka_unit_test(everyday_names_are_those_of_the_catalogue),
        cmocka_unit_test(remembered_titles_and_later_films),
        cmocka_unit_test(a_number_is_not_silently_an_id),
    };
    return cmocka_run_group_tests(tests, make_catalogue, end);
}
