/* test_taste_shares.c - a whole taste, worked out by hand: how much each film of a history weighs, which films make a
 * group, what share of the answer a group has, and whose turn it is. The films lie in three heaps of equal vectors, so
 * that the groups are known; what one group is answered with is kino_recommend's, which test_oracle holds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "made.h"

enum { FILMS = 240, HEAPS = 3, MOST = 120 };

static char folder[64], data_dir[96];
static kino *k;

/* A film's heap; behind those in three heaps there are films in ten, and, from CROSSED on, films with the profile of
 * one heap and the plot of another. */
enum { CROSSED = 200, TEN = 10 };

static size_t profile_of(size_t film)
{
    return film < MOST ? film % HEAPS : film < CROSSED ? film % TEN : film % 2;
}

static size_t plot_of(size_t film)
{
    return film < CROSSED ? profile_of(film) : film / 2 % 2;
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", folder);
    const kino_options opt = {.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2};
    if (made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, FILMS, true, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    sqlite3 *db = made_open(data_dir);
    int bad = !db;
    for (size_t i = 0; !bad && i < FILMS; i++) {
        float plot[KINO_PLOT_DIM] = {0}, profile[KINO_PROFILE_DIM] = {0};
        plot[plot_of(i)] = profile[profile_of(i)] = 1;
        bad = made_put_vectors(db, (int64_t)(MADE_FIRST + i), plot, profile);
    }
    bad = made_close(db) || bad;
    return bad || kino_reindex(&opt, &err) || kino_open(&opt, &k, &err) ? -1 : 0;
}

static int drop_catalogue(void **state)
{
    (void)state;
    char command[160];
    kino_close(k);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- a taste by hand ---- */

typedef struct liked {
    int64_t id;
    double weight;
    size_t heap;
} liked;

typedef struct group {
    liked films[MOST];
    size_t count, taken, at;
    double weight;
    kino_results *list;
} group;

static int heaviest_film(const void *a, const void *b)
{
    const liked *x = a, *y = b;
    if (x->weight != y->weight)
        return x->weight > y->weight ? -1 : 1;
    return x->id < y->id ? -1 : 1;
}

static int heaviest_group(const void *a, const void *b)
{
    const group *x = a, *y = b;
    return (x->weight < y->weight) - (x->weight > y->weight);
}

/* Rated: from .5 at the least rating of a like, which is the mean or 7 of 10, to 1 at the best. Not rated: a half, or,
 * where others are, a quarter. A quarter of it remains for ever; of the rest half is gone every five years. */
static double weight_by_hand(const kino_history *h, size_t i)
{
    double sum = 0, rated = 0, weight = .5;
    int64_t last = 0;
    for (size_t f = 0; f < h->count; f++) {
        if (!isnan(h->films[f].rating)) {
            sum += h->films[f].rating;
            rated++;
        }
        last = h->films[f].day > last ? h->films[f].day : last;
    }
    const double least = rated > 0 ? fmin(sum / rated, .7) : NAN;
    if (rated > 0)
        weight = isnan(h->films[i].rating)           ? .25
                 : h->films[i].rating < least - 1e-9 ? 0
                                                     : .5 + .5 * (h->films[i].rating - least) / (1 - least);
    if (h->films[i].day)
        weight *= .25 + .75 * pow(.5, (double)(last - h->films[i].day) / (5 * 365.25));
    return weight;
}

static size_t groups_by_hand(const kino_history *h, group *groups)
{
    size_t kept = 0;
    memset(groups, 0, HEAPS * sizeof *groups);
    for (size_t i = 0; i < h->count; i++) {
        const size_t film = (size_t)(h->films[i].id - MADE_FIRST);
        group *g = &groups[profile_of(film)];
        const liked one = {h->films[i].id, weight_by_hand(h, i), profile_of(film)};
        if (film >= FILMS || one.weight <= 0)
            continue;
        g->films[g->count++] = one;
        g->weight += one.weight;
    }
    qsort(groups, HEAPS, sizeof *groups, heaviest_group);
    for (size_t c = 0; c < HEAPS; c++) {
        qsort(groups[c].films, groups[c].count, sizeof *groups[c].films, heaviest_film);
        kept += groups[c].count > 0;
    }
    return kept;
}

static void ask_group(const kino_history *h, const kino_query *q, group *g)
{
    int64_t ids[32], unseen[MOST + 8];
    double weights[32];
    kino_query own = *q;
    own.like = ids;
    own.like_weight = weights;
    for (size_t i = 0; i < g->count && i < 32; i++) {
        ids[i] = g->films[i].id;
        weights[i] = g->films[i].weight;
        own.like_count = i + 1;
    }
    own.unseen = unseen;
    for (size_t i = 0; i < q->unseen_count; i++)
        unseen[i] = q->unseen[i];
    for (size_t i = 0; i < h->count; i++)
        unseen[own.unseen_count++] = h->films[i].id;
    assert_int_equal(kino_recommend(k, &own, &g->list, NULL), KINO_OK);
}

static bool is_taken(const kino_result *const *list, size_t count, const kino_movie *m, bool sequels)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->movie->id == m->id ||
            (!sequels && m->collection.id && list[i]->movie->collection.id == m->collection.id))
            return true;
    return false;
}

/* Whoever has had least of its share, the first of equals; a second film of a collection only when all have no
 * other. */
static size_t turns_by_hand(group *groups, size_t count, size_t wanted, bool sequels, const kino_result **list)
{
    size_t n = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (size_t c = 0; c < count; c++)
            groups[c].at = 0;
        for (bool any = true; any && n < wanted;) {
            group *next = NULL;
            any = false;
            for (size_t c = 0; c < count; c++) {
                group *g = &groups[c];
                while (g->at < g->list->count && is_taken(list, n, g->list->items[g->at].movie, sequels || pass))
                    g->at++;
                if (g->at < g->list->count &&
                    (!next || g->weight / (double)(2 * g->taken + 1) > next->weight / (double)(2 * next->taken + 1)))
                    next = g;
            }
            if (next) {
                list[n++] = &next->list->items[next->at++];
                next->taken++;
                any = true;
            }
        }
    }
    return n;
}

/* Asks both and compares everything; the share of the greatest group. */
static double compare(const kino_seen *films, size_t count, const kino_query *q)
{
    static group groups[HEAPS];
    const kino_result *want[KINO_MAX_K];
    kino_history h = {.kind = "list", .films = (kino_seen *)films, .count = count};
    kino_leanings l;
    kino_results *r = NULL;
    kino_error err = {0};
    double sum = 0;
    const size_t kept = groups_by_hand(&h, groups);
    for (size_t c = 0; c < kept; c++) {
        ask_group(&h, q, &groups[c]);
        sum += groups[c].weight;
    }
    const size_t n = turns_by_hand(groups, kept, q->k ? q->k : 10, q->sequels, want);
    if (kino_recommend_history(k, &h, q, &l, &r, &err))
        fail_msg("%s", err.text);
    assert_int_equal(l.count, kept);
    for (size_t c = 0; c < kept; c++) {
        assert_true(fabs(l.items[c].share - groups[c].weight / sum) < 1e-9);
        assert_int_equal(l.items[c].liked, groups[c].count);
        for (size_t f = 0; f < KINO_LEANING_FILMS; f++)
            assert_int_equal(l.items[c].films[f], f < groups[c].count ? groups[c].films[f].id : 0);
    }
    assert_int_equal(r->count, n);
    for (size_t i = 0; i < n; i++) {
        assert_int_equal(r->items[i].movie->id, want[i]->movie->id);
        assert_true(fabs(r->items[i].score - want[i]->score) <= 0x1p-19); /* weights may differ in their last bit */
        assert_int_equal(r->items[i].seed, want[i]->seed);
    }
    for (size_t c = 0; c < kept; c++)
        kino_results_free(groups[c].list);
    kino_results_free(r);
    return l.items[0].share;
}

/* ---- histories ---- */

static kino_seen seen(size_t film, double rating, int64_t day)
{
    return (kino_seen){MADE_FIRST + (int64_t)film, rating, day};
}

/* Eighteen films make three groups: nine, six and three of a heap. */
static void shares_are_those_of_the_films(void **state)
{
    (void)state;
    kino_seen films[18];
    for (size_t i = 0; i < 18; i++)
        films[i] = seen(i < 9 ? 3 * i : i < 15 ? 3 * i + 1 : 3 * i + 2, NAN, 0);
    for (size_t wanted = 0; wanted <= 60; wanted += 6)
        assert_true(fabs(compare(films, 18, &(kino_query){.k = wanted}) - .5) < 1e-9);
    compare(films, 18, &(kino_query){.k = 12, .sequels = true, .diversity = -1});
    compare(films, 18, &(kino_query){.k = 12, .popularity = .5, .diversity = .6});
}

/* As many groups as the root of half the films: one of three, two of eight, three of thirteen. */
static void as_many_groups_as_the_root_of_half(void **state)
{
    (void)state;
    const size_t counts[] = {1, 2, 3, 4, 5, 8, 12, 13, 18, 24, 25, 40, 84, 85, 112, 113, 120};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        kino_seen films[MOST];
        kino_leanings l;
        kino_results *r = NULL;
        const kino_query q = {.k = 5};
        const size_t heaps = counts[c] < HEAPS ? counts[c] : HEAPS,
                     groups = (size_t)floor(sqrt((double)counts[c] / 2) + .5);
        for (size_t i = 0; i < counts[c]; i++)
            films[i] = seen(i, NAN, 0);
        const kino_history h = {.films = films, .count = counts[c]};
        assert_int_equal(kino_recommend_history(k, &h, &q, &l, &r, NULL), KINO_OK);
        assert_int_equal(l.count, groups < 1 ? 1 : groups < heaps ? groups : heaps); /* of equal films, one group */
        kino_results_free(r);
    }
}

static void there_are_eight_groups_at_most(void **state)
{
    (void)state;
    kino_seen films[CROSSED];
    for (size_t i = 0; i < CROSSED; i++)
        films[i] = seen(i, NAN, 0);
    for (size_t count = 160; count <= CROSSED; count += 40) { /* nine, and ten, by the root */
        kino_leanings l;
        kino_results *r = NULL;
        const kino_history h = {.films = films + CROSSED - count, .count = count};
        assert_int_equal(kino_recommend_history(k, &h, &(kino_query){.k = 5}, &l, &r, NULL), KINO_OK);
        assert_int_equal(l.count, KINO_MAX_LEANINGS);
        kino_results_free(r);
    }
}

/* Sixteen rated films, three groups. What has exactly the mean is liked; what is below it and below 7 of 10 is not. */
static void ratings_decide_what_is_liked(void **state)
{
    (void)state;
    const double ratings[][8] = {{.9, .8, .7, .7, 1, .6, .3, .2},      {.5, .5, .5, .5, .5, .5, .5, .5},
                                 {1, .98, .96, .94, .92, .9, .7, .69}, {.7, .7, .7, .7, .9, .9, .9, .9},
                                 {.1, .2, .3, .4, .5, .6, .45, .05},   {.8, .8, NAN, NAN, .8, NAN, .6, .9}};
    for (size_t r = 0; r < sizeof ratings / sizeof *ratings; r++) {
        kino_seen films[16];
        for (size_t i = 0; i < 16; i++) /* seven, five and four of a heap */
            films[i] = seen(3 * i + (i * 3 % 16 >= 7) + (i * 3 % 16 >= 12), ratings[r][i / 2], 0);
        size_t count_liked = 0;
        const kino_history h = {.films = films, .count = 16};
        for (size_t i = 0; i < 16; i++)
            count_liked += weight_by_hand(&h, i) > 0;
        if (count_liked >= 13) /* enough for three groups */
            compare(films, 16, &(kino_query){.k = 12});
        kino_leanings l;
        kino_results *list = NULL;
        assert_int_equal(kino_recommend_history(k, &h, &(kino_query){.k = 5}, &l, &list, NULL), KINO_OK);
        size_t told = 0;
        for (size_t c = 0; c < l.count; c++)
            told += l.items[c].liked;
        assert_int_equal(told, count_liked);
        kino_results_free(list);
    }
}

/* Two heaps of films, rated and dated: a share says what a rating or a day weighs. */
static double share_of_first(kino_seen first, kino_seen second)
{
    kino_seen films[8];
    for (size_t i = 0; i < 8; i++) {
        films[i] = i < 4 ? first : second;
        films[i].id = MADE_FIRST + (int64_t)(i < 4 ? 3 * i : 3 * i + 1);
    }
    compare(films, 8, &(kino_query){.k = 10});
    kino_leanings l;
    kino_results *r = NULL;
    const kino_history h = {.films = films, .count = 8};
    assert_int_equal(kino_recommend_history(k, &h, &(kino_query){.k = 5}, &l, &r, NULL), KINO_OK);
    kino_results_free(r);
    return (l.items[0].films[0] - MADE_FIRST) % 3 == 0 ? l.items[0].share : l.items[1].share;
}

static void ratings_and_days_weigh(void **state)
{
    (void)state;
    enum { DAY = 15000, YEARS = 3652 }; /* ten years, of which the half of a day is missing */
    assert_true(fabs(share_of_first(seen(0, 1, 0), seen(0, .7, 0)) - 1 / 1.5) < 1e-6);      /* 1 : .5 */
    assert_true(fabs(share_of_first(seen(0, .85, 0), seen(0, .7, 0)) - .75 / 1.25) < 1e-6); /* .75 : .5 */
    assert_true(fabs(share_of_first(seen(0, .7, 0), seen(0, NAN, 0)) - .5 / .75) < 1e-6);   /* .5 : .25 */
    const double old = .25 + .75 * exp2(-YEARS / (5 * 365.25));
    assert_true(fabs(share_of_first(seen(0, NAN, DAY), seen(0, NAN, DAY - YEARS)) - 1 / (1 + old)) < 1e-9);
    assert_true(fabs(share_of_first(seen(0, NAN, DAY), seen(0, NAN, 0)) - .5) < 1e-9); /* no day: as good as today */
}

/* A group is a genre and an era before it is a story: profiles decide, not plots. */
static void the_facts_make_the_groups(void **state)
{
    (void)state;
    kino_seen films[8];
    kino_leanings l;
    kino_results *r = NULL;
    for (size_t i = 0; i < 8; i++)
        films[i] = seen(CROSSED + i, NAN, 0);
    const kino_history h = {.films = films, .count = 8};
    assert_int_equal(kino_recommend_history(k, &h, &(kino_query){.k = 5}, &l, &r, NULL), KINO_OK);
    assert_int_equal(l.count, 2);
    for (size_t c = 0; c < 2; c++)
        for (size_t f = 1; f < KINO_LEANING_FILMS; f++)
            assert_int_equal((l.items[c].films[f] - l.items[c].films[0]) % 2, 0);
    kino_results_free(r);
}

/* More films than a group asks with, and films that the catalogue does not have. */
static void great_histories_and_strange_films(void **state)
{
    (void)state;
    kino_seen films[MOST];
    for (size_t i = 0; i < MOST; i++)
        films[i] = seen(i, .7 + .3 * (double)(i * 7 % 31) / 31, 12000 + (int64_t)(i * 13 % 4000));
    compare(films, MOST, &(kino_query){.k = 30});
    films[7].id = 77;
    const int64_t unseen[] = {MADE_FIRST + 150, MADE_FIRST + 151, MADE_FIRST + 152, 5};
    compare(films, 100, &(kino_query){.k = 40, .unseen = unseen, .unseen_count = 4});
}

/* Films of collections alone: one of each first, then others of them. */
static void a_second_film_of_a_collection_comes_last(void **state)
{
    (void)state;
    kino_seen films[18];
    int64_t unseen[FILMS];
    size_t n = 0;
    for (size_t i = 0; i < 18; i++)
        films[i] = seen(3 * i + i / 6, NAN, 0);
    for (size_t i = 0; i < FILMS; i++)
        if (made_model(i) % 7 != 2)
            unseen[n++] = MADE_FIRST + (int64_t)i;
    const kino_history h = {.films = films, .count = 18};
    assert_true(n > 100 && n < FILMS - 20);
    for (size_t wanted = 3; wanted < 14; wanted += 2) {
        kino_leanings l;
        kino_results *r = NULL;
        size_t first = 0;
        const kino_query q = {.k = wanted, .unseen = unseen, .unseen_count = n};
        assert_int_equal(kino_recommend_history(k, &h, &q, &l, &r, NULL), KINO_OK);
        assert_int_equal(r->count, wanted);
        for (size_t i = 0; i < r->count; i++) {
            bool again = false;
            for (size_t j = 0; j < i; j++)
                again = again || r->items[j].movie->collection.id == r->items[i].movie->collection.id;
            first += !again;
            assert_true(!again || first == (wanted < 5 ? wanted : 5)); /* there are five */
        }
        kino_results_free(r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shares_are_those_of_the_films),
        cmocka_unit_test(as_many_groups_as_the_root_of_half),
        cmocka_unit_test(there_are_eight_groups_at_most),
        cmocka_unit_test(ratings_decide_what_is_liked),
        cmocka_unit_test(ratings_and_days_weigh),
        cmocka_unit_test(the_facts_make_the_groups),
        cmocka_unit_test(great_histories_and_strange_films),
        cmocka_unit_test(a_second_film_of_a_collection_comes_last),
    };
    return cmocka_run_group_tests_name("taste_shares", tests, make_catalogue, drop_catalogue);
}
