/* What kino_recommend and kino_stand answer is what the naive ranker of oracle.c does, to the last bit: on made-up
 * films with exact vectors, for hundreds of questions drawn at random and for those at the edge. */
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
#include "oracle.h"

/* All of them are candidates of every question: the ranker scores 150 at least. */
enum { FILMS = 150 };

static char folder[64], data_dir[96];
static kino *k;
static oracle *o;

static kino_options options(void)
{
    return (kino_options){
        .data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 2, .index = KINO_INDEX_EXACT};
}

static int make_catalogue(void **state)
{
    (void)state;
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/data", folder);
    const kino_options opt = options();
    if (made_catalogue(folder, &opt, KINO_RECIPE_DEFAULT, FILMS, true, &err) || kino_open(&opt, &k, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    o = oracle_new(k, data_dir);
    return 0;
}

static int drop_catalogue(void **state)
{
    (void)state;
    char command[160];
    oracle_free(o);
    kino_close(k);
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- comparing ---- */

static void same_film(const kino_result *a, const oracle_rated *b, size_t place)
{
    double sum = 0;
    if (a->movie->id != b->film->movie->id || a->seed != b->seed)
        fail_msg("place %zu: film %lld by %lld, and the oracle says %lld by %lld", place, (long long)a->movie->id,
                 (long long)a->seed, (long long)b->film->movie->id, (long long)b->seed);
    assert_string_equal(a->movie->title, b->film->movie->title);
    for (size_t i = 0; i < a->part_count; i++) {
        const size_t p = oracle_part(a->parts[i].name);
        sum += a->parts[i].value;
        if (a->parts[i].value != b->parts[p])
            fail_msg("place %zu: %s is %.9f, and the oracle says %.9f", place, a->parts[i].name, a->parts[i].value,
                     b->parts[p]);
    }
    assert_true(a->score == b->score && a->score == sum);
}

/* Asks both; returns how many films there are in the list. */
static size_t ask(kino *handle, const oracle *naive, const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    oracle_rated *want = calloc(naive->count, sizeof *want);
    const size_t n = oracle_answer(naive, q, want);
    if (kino_recommend(handle, q, &r, &err))
        fail_msg("%s", err.text);
    for (size_t i = 0; i < r->count && i < n; i++)
        same_film(&r->items[i], &want[i], i);
    assert_int_equal(r->count, n);
    kino_results_free(r);
    free(want);
    return n;
}

/* ---- questions drawn at random ---- */

typedef struct drawn {
    kino_query q;
    kino_part weights[3];
    int64_t like[8], dislike[4], unseen[12];
    double like_weight[8], dislike_weight[4];
} drawn;

static uint64_t draw(uint64_t question, uint64_t purpose, uint64_t below)
{
    return kino_random(5, question, purpose) % below;
}

static int64_t draw_film(uint64_t question, uint64_t purpose)
{
    return MADE_FIRST + (int64_t)draw(question, purpose, FILMS);
}

static void draw_filter(uint64_t n, kino_filter *f)
{
    static const char *const genres[] = {"genre 1", "GENRE 4", "Genre 7"};
    static const char *const languages[] = {"EN", "fr"};
    if (!draw(n, 60, 3))
        f->year_min = 1930 + (int)draw(n, 61, 60);
    if (!draw(n, 62, 3))
        f->year_max = 1960 + (int)draw(n, 63, 60);
    if (!draw(n, 64, 4))
        f->runtime_min = 60 + (int)draw(n, 65, 60);
    if (!draw(n, 66, 4))
        f->runtime_max = 100 + (int)draw(n, 67, 60);
    if (!draw(n, 68, 4))
        f->min_rating = 2 + .1 * (double)draw(n, 69, 60);
    if (!draw(n, 70, 4))
        f->min_votes = (int64_t)draw(n, 71, 300);
    if (!draw(n, 72, 4))
        f->genres[f->genre_count++] = genres[draw(n, 73, 3)];
    if (!draw(n, 74, 6))
        f->genres[f->genre_count++] = genres[draw(n, 75, 3)];
    if (!draw(n, 76, 4))
        f->no_genres[f->no_genre_count++] = genres[draw(n, 77, 3)];
    for (size_t i = 0; i < 2; i++)
        if (!draw(n, 78 + i, 4))
            f->languages[f->language_count++] = languages[i];
}

static void draw_question(uint64_t n, drawn *d)
{
    static const size_t ks[] = {0, 1, 2, 3, 5, 10, 20, 40, 149, KINO_MAX_K};
    static const double diversities[] = {-1, -.5, 0, .1, .25, .5, .9, 1}, popularities[] = {0, 0, -1, -.3, .5, 1};
    static const double times[] = {0, .3, .5, 1, 2, 5};
    size_t name_count;
    const char *const *names = kino_weight_names(&name_count);
    memset(d, 0, sizeof *d);
    kino_query *q = &d->q;
    q->like = d->like;
    q->like_count = 1 + (draw(n, 1, 2) ? draw(n, 2, 8) : 0);
    for (size_t i = 0; i < q->like_count; i++) {
        d->like[i] = draw_film(n, 10 + i);
        d->like_weight[i] = .25 * (double)(1 + draw(n, 20 + i, 12));
    }
    q->like_weight = draw(n, 3, 2) ? d->like_weight : NULL;
    q->dislike = d->dislike;
    q->dislike_count = draw(n, 4, 3) ? 0 : 1 + draw(n, 5, 3);
    for (size_t i = 0; i < q->dislike_count; i++) {
        d->dislike[i] = draw_film(n, 30 + i);
        d->dislike_weight[i] = .25 * (double)(1 + draw(n, 35 + i, 12));
    }
    q->dislike_weight = draw(n, 6, 2) ? d->dislike_weight : NULL;
    q->unseen = d->unseen;
    q->unseen_count = draw(n, 7, 3) ? 0 : draw(n, 8, 12);
    for (size_t i = 0; i < q->unseen_count; i++)
        d->unseen[i] = i ? draw_film(n, 40 + i) : 99999;
    q->k = ks[draw(n, 9, sizeof ks / sizeof *ks)];
    q->diversity = diversities[draw(n, 50, sizeof diversities / sizeof *diversities)];
    q->popularity = popularities[draw(n, 51, sizeof popularities / sizeof *popularities)];
    q->sequels = draw(n, 52, 3) == 0;
    q->weights = d->weights;
    q->weight_count = draw(n, 53, 3) ? 0 : 1 + draw(n, 54, 3);
    for (size_t i = 0; i < q->weight_count; i++)
        d->weights[i] = (kino_part){names[draw(n, 80 + i, name_count)], times[draw(n, 90 + i, 6)]};
    for (size_t i = 0; i < q->weight_count; i++)
        if (!strcmp(d->weights[i].name, "all") && d->weights[i].value == 0)
            d->weights[i].value = .5; /* else nothing might be left */
    if (draw(n, 55, 2))
        draw_filter(n, &q->filter);
}

static void drawn_questions(kino *handle, uint64_t from, uint64_t count)
{
    size_t films = 0, short_lists = 0;
    for (uint64_t n = from; n < from + count; n++) {
        drawn d;
        draw_question(n, &d);
        const size_t found = ask(handle, o, &d.q);
        films += found;
        short_lists += found < (d.q.k ? d.q.k : 10);
    }
    assert_true(films > 5 * count && short_lists > count / 20); /* the draw is neither empty nor idle */
}

static void any_question_is_answered_as_the_oracle_does(void **state)
{
    (void)state;
    drawn_questions(k, 0, 400);
}

static void a_warm_handle_answers_the_same(void **state)
{
    (void)state;
    kino *warm = NULL;
    const kino_options opt = options();
    assert_int_equal(kino_open(&opt, &warm, NULL), KINO_OK);
    assert_int_equal(kino_warm(warm, NULL), KINO_OK);
    drawn_questions(warm, 1000, 150);
    kino_close(warm);
}

/* One after the other, each film beside every other: what a film lacks, and its twin. */
static void every_film_is_a_seed(void **state)
{
    (void)state;
    size_t ties = 0;
    for (int64_t id = MADE_FIRST; id < MADE_FIRST + FILMS; id += 3) {
        const kino_query q = {.like = &id, .like_count = 1, .k = KINO_MAX_K, .diversity = -1, .sequels = true};
        assert_int_equal(ask(k, o, &q), FILMS - 1);
        oracle_rated *r = calloc(FILMS, sizeof *r);
        oracle_rank(o, &q, r);
        for (size_t i = 1; i < FILMS - 1; i++)
            ties += r[i].score == r[i - 1].score;
        free(r);
    }
    assert_true(ties > FILMS); /* twins of equal score were there */
}

/* ---- questions at the edge ---- */

static const int64_t seed = MADE_FIRST + 44;

/* Each bound of a filter exactly at what a film has, one below and one above it. */
static void bounds_are_met_exactly(void **state)
{
    (void)state;
    const kino_query plain = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .diversity = -1, .sequels = true};
    for (size_t i = 0; i < FILMS; i += 7) {
        const kino_movie *m = o->films[i].movie;
        for (int off = -1; off <= 1; off++)
            for (int bound = 0; bound < 6; bound++) {
                kino_query q = plain;
                kino_filter *f = &q.filter;
                f->year_min = bound == 0 && m->year ? m->year + off : 0;
                f->year_max = bound == 1 && m->year ? m->year + off : 0;
                f->runtime_min = bound == 2 && m->runtime > 0 ? (int)m->runtime + off : 0;
                f->runtime_max = bound == 3 && m->runtime > 0 ? (int)m->runtime + off : 0;
                f->min_rating = bound == 4 && m->rating > 0 ? m->rating + .1 * off : 0;
                f->min_votes = bound == 5 && m->votes > 0 ? m->votes + off : 0;
                ask(k, o, &q);
            }
    }
}

static bool is_in(const kino_query *q, int64_t id)
{
    kino_results *r = NULL;
    bool found = false;
    assert_int_equal(kino_recommend(k, q, &r, NULL), KINO_OK);
    for (size_t i = 0; i < r->count; i++)
        found = found || r->items[i].movie->id == id;
    kino_results_free(r);
    return found;
}

/* Said once more without the oracle: a film passes its own figures and not the next ones. */
static void a_film_passes_its_own_figures(void **state)
{
    (void)state;
    size_t films = 0;
    for (size_t i = 0; i < FILMS; i++) {
        const kino_movie *m = o->films[i].movie;
        if (m->id == seed || !m->year || isnan(m->runtime) || isnan(m->rating) || m->votes < 2 ||
            m->runtime != floor(m->runtime))
            continue;
        kino_query q = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .sequels = true};
        q.filter = (kino_filter){.year_min = m->year,
                                 .year_max = m->year,
                                 .runtime_min = (int)m->runtime,
                                 .runtime_max = (int)m->runtime,
                                 .min_rating = m->rating,
                                 .min_votes = m->votes};
        assert_true(is_in(&q, m->id));
        for (int bound = 0; bound < 6; bound++) {
            kino_query other = q;
            other.filter.year_min += bound == 0;
            other.filter.year_max -= bound == 1;
            other.filter.runtime_min += bound == 2;
            other.filter.runtime_max -= bound == 3;
            other.filter.min_rating = bound == 4 ? nextafter(m->rating, 11) : m->rating;
            other.filter.min_votes += bound == 5;
            assert_false(is_in(&other, m->id));
        }
        films++;
    }
    assert_true(films > 25);
}

static void what_is_unknown_passes_no_bound(void **state)
{
    (void)state;
    const kino_filter loosest[] = {{.year_min = 1},         {.year_max = 9999},   {.runtime_min = 1},
                                   {.runtime_max = 100000}, {.min_rating = 1e-9}, {.min_votes = 1}};
    size_t dropped[6] = {0};
    for (size_t b = 0; b < 6; b++) {
        kino_query q = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .sequels = true, .filter = loosest[b]};
        ask(k, o, &q);
        for (size_t i = 0; i < FILMS; i++) {
            const kino_movie *m = o->films[i].movie;
            const bool tells[] = {m->year, m->year, m->runtime > 0, m->runtime > 0, m->rating > 0, m->votes > 0};
            dropped[b] += m->id != seed && !tells[b];
        }
        assert_true(dropped[b] > 0);
    }
}

/* Lists of 32 names, the last of which decides. */
static void the_last_name_of_a_filter_counts(void **state)
{
    (void)state;
    kino_query q = {.like = &seed, .like_count = 1, .k = KINO_MAX_K, .sequels = true};
    for (size_t i = 0; i < KINO_MAX_FILTER; i++) {
        q.filter.no_genres[i] = i + 1 < KINO_MAX_FILTER ? "no such genre" : "Genre 3";
        q.filter.languages[i] = i + 1 < KINO_MAX_FILTER ? "xx" : "ja";
        q.filter.genres[i] = i + 1 < KINO_MAX_FILTER ? "Genre 5" : "Genre 6";
    }
    q.filter.no_genre_count = q.filter.language_count = KINO_MAX_FILTER;
    assert_true(ask(k, o, &q) > 5);
    q.filter.no_genre_count = q.filter.language_count = 0;
    q.filter.genre_count = KINO_MAX_FILTER;
    assert_true(ask(k, o, &q) > 0);
    q.filter.genres[KINO_MAX_FILTER - 1] = "no such genre";
    assert_int_equal(ask(k, o, &q), 0);
}

/* A filter leaves hardly anything but one collection: it gives one of its films, then, when there are too few, all. */
static void sequels_come_where_there_is_nothing_else(void **state)
{
    (void)state;
    int64_t unseen[FILMS];
    size_t n = 0, of_collection = 0;
    for (size_t i = 0; i < FILMS; i++) {
        const kino_movie *m = o->films[i].movie;
        if (m->collection.id == 9002 && m->id != seed)
            of_collection++;
        else if (m->id != seed && m->id > MADE_FIRST + 3)
            unseen[n++] = m->id;
    }
    assert_true(of_collection > 2);
    for (size_t wanted = 1; wanted < of_collection + 6; wanted++)
        for (int sequels = 0; sequels < 2; sequels++) {
            const kino_query q = {
                .like = &seed, .like_count = 1, .k = wanted, .unseen = unseen, .unseen_count = n, .sequels = sequels};
            const size_t found = ask(k, o, &q);
            assert_int_equal(found, wanted < of_collection + 3 ? wanted : of_collection + 3);
        }
}

static void most_seeds_with_weights(void **state)
{
    (void)state;
    int64_t ids[KINO_MAX_SEEDS];
    double weights[KINO_MAX_SEEDS];
    for (size_t i = 0; i < KINO_MAX_SEEDS; i++) {
        ids[i] = MADE_FIRST + (int64_t)(i % 40);
        weights[i] = 1 + (double)(i % 7) * (i < 20);
    }
    const kino_query q = {.like = ids,
                          .like_weight = weights,
                          .like_count = KINO_MAX_SEEDS,
                          .k = 50,
                          .dislike = &seed,
                          .dislike_count = 1};
    assert_int_equal(ask(k, o, &q), 50);
}

/* ---- standing ---- */

static void a_film_stands_where_the_oracle_has_it(void **state)
{
    (void)state;
    for (uint64_t n = 2000; n < 2060; n++) {
        drawn d;
        draw_question(n, &d);
        oracle_rated *want = calloc(FILMS, sizeof *want);
        const size_t among = oracle_rank(o, &d.q, want), wanted = d.q.k ? d.q.k : 10;
        for (size_t at = 0; at < among; at += 1 + among / 5) {
            kino_results *two = NULL;
            kino_standing standing;
            kino_error err = {0};
            if (kino_stand(k, &d.q, want[at].film->movie->id, &two, &standing, &err))
                fail_msg("%s", err.text);
            assert_int_equal(standing.rank, at + 1);
            assert_int_equal(standing.among, among);
            assert_int_equal(two->count, 2);
            same_film(&two->items[0], &want[at], at);
            same_film(&two->items[1], &want[(wanted < among ? wanted : among) - 1], wanted);
            kino_results_free(two);
        }
        free(want);
    }
}

/* What cannot be answered does not stand, and is not counted among those that do. */
static void an_unseen_film_does_not_stand(void **state)
{
    (void)state;
    const int64_t unseen[] = {MADE_FIRST + 1, MADE_FIRST + 2, 123456789};
    kino_query q = {.like = &seed, .like_count = 1};
    kino_results *two = NULL;
    kino_standing all, rest;
    kino_error err = {0};
    assert_int_equal(kino_stand(k, &q, MADE_FIRST + 3, &two, &all, &err), KINO_OK);
    kino_results_free(two);
    assert_int_equal(all.among, FILMS - 1);
    q.unseen = unseen;
    q.unseen_count = 3;
    assert_int_equal(kino_stand(k, &q, MADE_FIRST + 3, &two, &rest, &err), KINO_OK);
    kino_results_free(two);
    assert_int_equal(rest.among, FILMS - 3);
    assert_int_equal(kino_stand(k, &q, unseen[0], &two, &rest, &err), KINO_USAGE);
    assert_int_equal(kino_stand(k, &q, seed, &two, &rest, &err), KINO_USAGE);
    assert_int_equal(kino_stand(k, &q, unseen[2], &two, &rest, &err), KINO_NOT_FOUND);
}

/* ---- the older recipe ---- */

static void the_classic_recipe_has_two_parts(void **state)
{
    (void)state;
    char own_folder[64], own_dir[96], command[160];
    kino *classic = NULL;
    kino_error err = {0};
    snprintf(own_folder, sizeof own_folder, "/tmp/kino-test-XXXXXX");
    assert_non_null(mkdtemp(own_folder));
    snprintf(own_dir, sizeof own_dir, "%s/data", own_folder);
    kino_options opt = options();
    opt.data_dir = own_dir;
    if (made_catalogue(own_folder, &opt, KINO_RECIPE_CLASSIC, 60, true, &err) || kino_open(&opt, &classic, &err))
        fail_msg("%s", err.text);
    oracle *naive = oracle_new(classic, own_dir);
    assert_true(naive->classic && naive->count > 20);
    for (size_t i = 0; i < naive->count; i++) {
        const int64_t ids[] = {naive->films[i].movie->id, naive->films[(i + 3) % naive->count].movie->id};
        kino_query q = {.like = ids, .like_count = 1 + i % 2, .k = 20};
        ask(classic, naive, &q);
        q.diversity = .6;
        ask(classic, naive, &q);
        q.popularity = 1;
        q.dislike = &naive->films[(i + 7) % naive->count].movie->id;
        q.dislike_count = 1;
        ask(classic, naive, &q);
    }
    oracle_free(naive);
    kino_close(classic);
    snprintf(command, sizeof command, "rm -rf '%s'", own_folder);
    assert_int_equal(system(command), 0);
}

/* ---- films that come and go ---- */

static void put_exact_vectors(const int64_t *ids, size_t count)
{
    sqlite3 *db = made_open(data_dir);
    assert_non_null(db);
    for (size_t i = 0; i < count; i++) {
        float plot[KINO_PLOT_DIM], profile[KINO_PROFILE_DIM];
        made_exact(plot, KINO_PLOT_DIM, 700 + i % 4, 20, 12);
        made_exact(profile, KINO_PROFILE_DIM, 700 + i % 4, 30, 10);
        assert_int_equal(made_put_vectors(db, ids[i], plot, profile), 0);
    }
    assert_int_equal(made_close(db), 0);
}

/* The last test: films behind the snapshot count as those in it do, and those removed or replaced are gone. */
static void films_come_and_go(void **state)
{
    (void)state;
    enum { ADDED = 6, REMOVED = 1, REPLACED = 2 }; /* a twentieth: with more the snapshot would be made anew */
    kino_named keywords[] = {{800, "word 0"}, {801, "word 1"}, {800, "word 0"}, {0, "no film of the base has it"}};
    kino_named people[8];
    char names[8][16];
    kino_movie films[ADDED], *old[ADDED];
    const kino_movie *list[ADDED];
    int64_t ids[ADDED], removed[REMOVED];
    kino_error err = {0};
    const kino_options opt = options();
    for (int i = 0; i < 8; i++) {
        snprintf(names[i], sizeof names[i], "Director %d", i);
        people[i] = (kino_named){5000 + i, names[i]};
    }
    for (size_t i = 0; i < ADDED; i++) { /* some with the id of an old film, the others before and behind all */
        assert_int_equal(kino_movie_get(k, MADE_FIRST + 20 + (int64_t)i, &old[i], NULL), KINO_OK);
        films[i] = *old[i];
        films[i].id = ids[i] = i < REPLACED ? MADE_FIRST + 100 + (int64_t)i
                               : i < 4      ? 10 + (int64_t)i
                                            : 5000 + (int64_t)i;
        films[i].title = "Added";
        films[i].language = i < 2 ? "cn" : i < 4 ? "zh" : old[i]->language; /* which no film of the base has */
        films[i].votes = i == 1 ? 0 : films[i].votes; /* rated by nobody, whatever the rating is */
        if (i == 2)                                   /* the first six of eight count */
            films[i].directors = (kino_list){people, 8};
        films[i].keywords = (kino_list){keywords, i % 5};
        list[i] = &films[i];
    }
    for (size_t i = 0; i < REMOVED; i++)
        removed[i] = MADE_FIRST + 120 + (int64_t)i;
    if (kino_add(k, list, ADDED, &err) || kino_remove(k, removed, REMOVED, NULL, &err))
        fail_msg("%s", err.text);
    kino_close(k);
    put_exact_vectors(ids, ADDED);
    assert_int_equal(kino_open(&opt, &k, &err), KINO_OK);
    oracle_read_again(o, k, data_dir, ADDED);
    assert_int_equal(o->count, FILMS + ADDED - REPLACED - REMOVED);
    for (size_t i = 0; i < ADDED; i++) {
        kino_query q = {.like = &ids[i], .like_count = 1, .k = KINO_MAX_K, .diversity = -1, .sequels = true};
        assert_int_equal(ask(k, o, &q), o->count - 1);
        q.diversity = .4;
        q.k = 30;
        q.sequels = false;
        ask(k, o, &q);
        q.like = &seed;
        q.unseen = ids;
        q.unseen_count = ADDED;
        q.filter.min_votes = 3;
        ask(k, o, &q);
    }
    for (uint64_t n = 3000; n < 3120; n++) {
        drawn d;
        draw_question(n, &d);
        bool there = true;
        for (size_t i = 0; i < d.q.like_count + d.q.dislike_count; i++)
            there = there && oracle_find(o, i < d.q.like_count ? d.like[i] : d.dislike[i - d.q.like_count]);
        if (there)
            ask(k, o, &d.q);
    }
    assert_int_equal(kino_warm(k, &err), KINO_OK);
    const kino_query last = {.like = ids, .like_count = ADDED, .k = 40};
    ask(k, o, &last);
    for (size_t i = 0; i < ADDED; i++)
        kino_movie_free(old[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_question_is_answered_as_the_oracle_does),
        cmocka_unit_test(a_warm_handle_answers_the_same),
        cmocka_unit_test(every_film_is_a_seed),
        cmocka_unit_test(bounds_are_met_exactly),
        cmocka_unit_test(a_film_passes_its_own_figures),
        cmocka_unit_test(what_is_unknown_passes_no_bound),
        cmocka_unit_test(the_last_name_of_a_filter_counts),
        cmocka_unit_test(sequels_come_where_there_is_nothing_else),
        cmocka_unit_test(most_seeds_with_weights),
        cmocka_unit_test(a_film_stands_where_the_oracle_has_it),
        cmocka_unit_test(an_unseen_film_does_not_stand),
        cmocka_unit_test(the_classic_recipe_has_two_parts),
        cmocka_unit_test(films_come_and_go),
    };
    return cmocka_run_group_tests_name("oracle", tests, make_catalogue, drop_catalogue);
}
