/* Films as rows: what a segment says of them is what the catalogue says, what is unsaved or newer stands beside it, and a
 * file that lies is not believed. */
#include "catalogue_play.h"

#include "base/bytes.h"
#include "base/movie.h"
#include "rows/rows.h"
#include "rows/snapshot.h"

enum { FILMS = 70 }; /* more than a word of bits */

static const kino_named drama[] = {{18, "Drama"}}, both[] = {{18, "Drama"}, {35, "Comedy"}},
                        namesakes[] = {{1, "Steve McQueen"}, {2, "Steve McQueen"}, {0, "Anna"}, {0, "Bert"}};

/* Film number i; everything about it is another thing than of its neighbours. */
static kino_movie made_up(int64_t i, char title[32])
{
    kino_movie m = film(10 * i, title);
    snprintf(title, 32, "Film %lld", (long long)i);
    m.imdb_id = i % 2 ? "tt0000001" : "";
    m.original_title = i % 3 ? title : "";
    m.overview = i % 4 ? "Somebody looks for it." : "";
    m.tagline = i % 5 ? "See it." : "";
    m.year = 1900 + (int)i;
    m.runtime = 80 + (double)i;
    m.rating = i % 7 ? 5 + (double)(i % 40) / 10 : NAN;
    m.votes = i % 6 ? 1000 + i : -1;
    m.popularity = 2.5 * (double)i;
    m.language = i % 8 ? "en" : "";
    m.collection = i % 9 ? (kino_named){0, ""} : (kino_named){7, "Seventh Collection"};
    m.genres = i % 10 ? (kino_list){drama, 1} : (kino_list){both, 2};
    m.cast = i % 11 ? (kino_list){0} : (kino_list){namesakes, 4};
    m.keywords = m.directors = (kino_list){0};
    return m;
}

static void unit_vectors(int64_t i, float v[KINO_VECTOR_DIM])
{
    memset(v, 0, KINO_VECTOR_DIM * sizeof *v);
    v[i % KINO_PLOT_DIM] = 1;
    v[KINO_PLOT_DIM + i % KINO_PROFILE_DIM] = 1;
}

static void put(kino_catalogue *c, int64_t i)
{
    char title[32];
    float v[KINO_VECTOR_DIM];
    const kino_movie m = made_up(i, title);
    unit_vectors(i, v);
    assert_int_equal(kino_catalogue_put(c, &m, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_plot(c, m.id, 1, 1, v, KINO_PLOT_DIM, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put_profile(c, m.id, 1, v + KINO_PLOT_DIM, KINO_PROFILE_DIM, NULL), KINO_OK);
}

static kino_catalogue *filled(void)
{
    kino_catalogue *c = created();
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    for (int64_t i = 1; i <= FILMS; i++)
        put(c, i);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    return c;
}

static kino_segment_builder *built(kino_catalogue *c, uint64_t since, const kino_unsaved *unsaved,
                                   kino_index_kind index)
{
    kino_segment_builder *b = NULL;
    assert_int_equal(kino_segment_builder_new(c, since, unsaved, 1, &b, NULL), KINO_OK);
    assert_int_equal(kino_segment_builder_vectors(b, c, index, NULL, NULL, NULL), KINO_OK);
    return b;
}

static kino_segment *viewed(kino_segment_builder *b)
{
    kino_segment *s = NULL;
    kino_error err = {0};
    if (kino_segment_builder_view(b, &s, &err))
        fail_msg("%s", err.text);
    return s;
}

/* Row number `row` is film number i, whole. */
static void is_film(const kino_segment *s, size_t row, int64_t i)
{
    char title[32];
    kino_arena a = {0};
    kino_movie m;
    float v[KINO_VECTOR_DIM];
    const kino_movie expected = made_up(i, title);
    assert_int_equal(s->ids[row], expected.id);
    assert_true(kino_segment_film(s, row, &a, &m));
    assert_true(kino_movie_equal(&m, &expected));
    unit_vectors(i, v);
    assert_memory_equal(s->joined + row * KINO_VECTOR_DIM, v, sizeof v);
    assert_memory_equal(s->profiles + row * KINO_PROFILE_DIM, v + KINO_PLOT_DIM, KINO_PROFILE_DIM * sizeof *v);
    kino_arena_free(&a);
}

static uint32_t term_named(const kino_segment *s, int64_t id, const char *name)
{
    for (uint32_t t = 0; t < s->term_count; t++)
        if (s->term_ids[t] == id && !strcmp(kino_segment_term(s, t), name))
            return t;
    return UINT32_MAX;
}

static void a_segment_says_what_the_catalogue_says(void **state)
{
    (void)state;
    kino_catalogue *c = filled();
    kino_segment_builder *b = built(c, 0, NULL, KINO_INDEX_EXACT);
    kino_segment *s = viewed(b);
    assert_int_equal(s->count, FILMS);
    assert_null(s->graph);
    for (size_t row = 0; row < FILMS; row++)
        is_film(s, row, (int64_t)row + 1);
    assert_int_equal(kino_segment_row(s, 10), 0);
    assert_int_equal(kino_segment_row(s, 10 * FILMS), FILMS - 1);
    for (int64_t id = -1; id <= 10 * FILMS + 1; id += id % 10 ? 1 : 2) /* ids that no film has */
        if (id % 10)
            assert_int_equal(kino_segment_row(s, id), FILMS);
    /* how much a term tells: log(films / films that have it) */
    assert_true(s->term_weights[term_named(s, 18, "Drama")] == 0);
    assert_true(fabsf(s->term_weights[term_named(s, 35, "Comedy")] - logf(FILMS / 7.f)) < 1e-6f);
    assert_true(fabsf(s->term_weights[term_named(s, 2, "Steve McQueen")] - logf(FILMS / 6.f)) < 1e-6f);
    assert_true(fabsf(s->term_weights[term_named(s, 7, "Seventh Collection")] - logf(FILMS / 7.f)) < 1e-6f);
    assert_int_equal(term_named(s, 0, ""), UINT32_MAX); /* no collection is not one */
    assert_true(term_named(s, 0, "Anna") != term_named(s, 0, "Bert"));
    kino_segment_close(s);
    kino_segment_builder_free(b);
    b = built(c, 0, NULL, KINO_INDEX_HNSW);
    s = viewed(b);
    assert_non_null(s->graph);
    kino_segment_close(s);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

/* Most sources give a keyword no id. */
static void terms_without_ids_are_told_apart_by_name(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    static kino_named words[COUNT];
    static char names[COUNT][8];
    kino_catalogue *c = created();
    kino_movie m = film(1, "One"), out;
    kino_arena a = {0};
    for (int i = 0; i < COUNT; i++) {
        snprintf(names[i], sizeof names[i], "%d", i);
        words[i] = (kino_named){0, names[i]};
    }
    m.keywords = (kino_list){words, COUNT};
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_put(c, &m, "csv", NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    kino_segment_builder *b = built(c, 0, NULL, KINO_INDEX_EXACT);
    kino_segment *s = viewed(b);
    assert_true(kino_segment_film(s, 0, &a, &out));
    assert_true(kino_movie_equal(&m, &out));
    kino_arena_free(&a);
    kino_segment_close(s);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

/* Films that could not be saved: in front of, between and behind those that are, and in the place of none. */
static void the_unsaved_stand_beside(void **state)
{
    (void)state;
    kino_catalogue *c = filled();
    char titles[4][32];
    kino_movie movies[4];
    float vectors[4][KINO_VECTOR_DIM];
    const int64_t numbers[] = {1, 20, 50, 500}, ids[] = {5, 200, 505, 9999};
    for (int i = 0; i < 4; i++) {
        movies[i] = made_up(numbers[i], titles[i]);
        movies[i].id = ids[i];
        movies[i].title = movies[i].original_title = "Unsaved";
        unit_vectors(300, vectors[i]);
    }
    const kino_unsaved unsaved = {.movies = movies, .vectors = vectors[0], .count = 4};
    kino_segment_builder *b = built(c, 0, &unsaved, KINO_INDEX_EXACT);
    kino_segment *s = viewed(b);
    assert_int_equal(s->count, FILMS + 3); /* 200 is the catalogue's */
    for (size_t row = 1; row < s->count; row++)
        assert_true(s->ids[row - 1] < s->ids[row]);
    is_film(s, kino_segment_row(s, 200), 20);
    for (int i = 0; i < 4; i++) {
        const size_t row = kino_segment_row(s, ids[i]);
        kino_arena a = {0};
        kino_movie m;
        assert_true(row < s->count && kino_segment_film(s, row, &a, &m));
        assert_int_equal(strcmp(m.title, "Unsaved") == 0, ids[i] != 200);
        if (ids[i] != 200)
            assert_memory_equal(s->joined + row * KINO_VECTOR_DIM, vectors[i], sizeof vectors[i]);
        kino_arena_free(&a);
    }
    kino_segment_close(s);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

static void hide(void *ctx, int64_t id)
{
    kino_rows_hide(ctx, id);
}

/* A base, and what has changed since: replaced, added, removed. */
static void two_segments_are_one(void **state)
{
    (void)state;
    kino_catalogue *c = filled();
    uint64_t generation = 0;
    static const kino_named own[] = {{35, "Comedy"}, {99, "Noir"}, {18, "Tragedy"}};
    char title[32];
    float v[KINO_VECTOR_DIM];
    assert_int_equal(kino_catalogue_generation(c, &generation, NULL), KINO_OK);
    kino_segment_builder *base = built(c, 0, NULL, KINO_INDEX_EXACT);
    kino_movie changed = made_up(65, title), added = made_up(65, title);
    changed.genres = added.genres = (kino_list){own, 3};
    added.id = 655;
    unit_vectors(7, v);
    assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(kino_catalogue_put(c, i ? &added : &changed, "added", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_plot(c, i ? 655 : 650, 1, 1, v, KINO_PLOT_DIM, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_profile(c, i ? 655 : 650, 1, v + KINO_PLOT_DIM, KINO_PROFILE_DIM, NULL),
                         KINO_OK);
    }
    assert_int_equal(kino_catalogue_remove(c, 640, &(bool){false}, NULL), KINO_OK);
    assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    kino_segment_builder *tail = built(c, generation, NULL, KINO_INDEX_EXACT);
    uint64_t hidden[FILMS / 64 + 1] = {0};
    kino_rows r = {.base = viewed(base), .tail = viewed(tail), .hidden = hidden};
    r.count = r.base->count + r.tail->count;
    r.rarest = log((double)r.count);
    assert_int_equal(r.tail->count, 2);
    assert_int_equal(kino_catalogue_changed(c, generation, hide, &r, NULL), KINO_OK);
    kino_rows_hide(&r, 123456); /* a film that is not there */
    for (size_t row = 0; row < FILMS; row++)
        assert_int_equal(kino_rows_is_hidden(&r, row), row == 63 || row == 64);
    assert_int_equal(kino_rows_find(&r, 640), r.count);
    assert_int_equal(kino_rows_find(&r, 650), FILMS);
    assert_int_equal(kino_rows_find(&r, 655), FILMS + 1);
    assert_int_equal(kino_rows_find(&r, 660), 65);
    assert_int_equal(kino_rows_find(&r, 1), r.count);
    assert_int_equal(kino_rows_id(&r, FILMS - 1), 10 * FILMS);
    assert_int_equal(kino_rows_id(&r, FILMS), 650);
    assert_int_equal(kino_rows_votes(&r, 0), 1001);
    assert_int_equal(kino_rows_votes(&r, FILMS), 1065);
    assert_memory_equal(kino_rows_vector(&r, FILMS + 1), v, sizeof v);
    unit_vectors(70, v);
    assert_memory_equal(kino_rows_vector(&r, FILMS - 1), v, sizeof v);

    kino_rows_match_terms(&r);
    const uint32_t comedy = term_named(r.tail, 35, "Comedy"), noir = term_named(r.tail, 99, "Noir"),
                   tragedy = term_named(r.tail, 18, "Tragedy");
    assert_int_equal(kino_rows_term(&r, r.tail, comedy), term_named(r.base, 35, "Comedy"));
    assert_true(kino_rows_term(&r, r.tail, noir) >= r.base->term_count);
    assert_true(kino_rows_term(&r, r.tail, tragedy) >= r.base->term_count); /* Drama's id, but not its name */
    assert_true(kino_rows_term(&r, r.tail, noir) != kino_rows_term(&r, r.tail, tragedy));
    assert_int_equal(kino_rows_term(&r, r.base, 3), 3);
    assert_true(kino_rows_term_weight(&r, kino_rows_term(&r, r.tail, noir)) == r.rarest);
    assert_true(kino_rows_term_weight(&r, term_named(r.base, 35, "Comedy")) == (double)(float)log(FILMS / 7.));
    kino_rows_number_terms(&r);
    assert_int_equal(kino_rows_term_number(&r, &own[0]), term_named(r.base, 35, "Comedy"));
    assert_int_equal(kino_rows_term_number(&r, &own[1]), kino_rows_term(&r, r.tail, noir));
    assert_int_equal(kino_rows_term_number(&r, &drama[0]), term_named(r.base, 18, "Drama"));
    const kino_named unknown = {1, "Western"}, namesake = {2, "Western"};
    assert_true(kino_rows_term_number(&r, &unknown) >= r.base->term_count + r.tail->term_count);
    assert_int_equal(kino_rows_term_number(&r, &unknown), kino_rows_term_number(&r, &unknown));
    assert_true(kino_rows_term_number(&r, &unknown) != kino_rows_term_number(&r, &namesake));
    kino_idmap_free(r.numbers);
    free(r.numbers);
    free(r.tail_terms);
    kino_segment_close(r.base);
    kino_segment_close(r.tail);
    kino_segment_builder_free(base);
    kino_segment_builder_free(tail);
    kino_catalogue_close(c);
}

/* ---- columns that lie ---- */

/* What is damaged is no film, whatever is in the bytes beside it. */
static void a_damaged_record_is_no_film(void **state)
{
    (void)state;
    kino_catalogue *c = filled();
    kino_segment_builder *b = built(c, 0, NULL, KINO_INDEX_EXACT);
    kino_segment *s = viewed(b);
    kino_arena a = {0};
    kino_movie m;
    const size_t row = 21, texts = s->text_bytes, list = s->list_size, names = s->term_bytes, terms = s->term_count;
    uint64_t *text_at = (uint64_t *)(uintptr_t)s->text_at;
    char *text = (char *)(uintptr_t)s->texts;
    uint32_t *list_at = (uint32_t *)(uintptr_t)s->list_at, *list_terms = (uint32_t *)(uintptr_t)s->list_terms;
    const uint32_t at = list_at[row * KINO_ROLES + KINO_ROLE_GENRES];
    assert_true(kino_segment_film(s, row, &a, &m));
    s->text_bytes = text_at[row + 1] - 1; /* as if the texts ended there */
    assert_false(kino_segment_film(s, row, &a, &m));
    s->text_bytes = texts;
    text[text_at[row + 1] - 1] = 'x'; /* the last text has no end */
    assert_false(kino_segment_film(s, row, &a, &m));
    text[text_at[row + 1] - 1] = 0;
    text[text_at[row]] = '\xff';
    assert_false(kino_segment_film(s, row, &a, &m));
    text[text_at[row]] = 'F';
    s->term_count = list_terms[at]; /* as if the term were beyond the last one */
    assert_false(kino_segment_film(s, row, &a, &m));
    s->term_count = terms;
    s->list_size = at; /* a list that reaches beyond the end is none */
    assert_true(kino_segment_film(s, row, &a, &m));
    assert_int_equal(m.genres.count, 0);
    s->list_size = list;
    s->term_bytes = s->term_at[list_terms[at] + 1] - 1;
    assert_string_equal(kino_segment_term(s, list_terms[at]), "");
    s->term_bytes = names;
    assert_string_equal(kino_segment_term(s, list_terms[at]), "Drama");
    assert_string_equal(kino_segment_term(s, (uint32_t)s->term_count), "");
    is_film(s, row, 22);
    kino_arena_free(&a);
    kino_segment_close(s);
    kino_segment_builder_free(b);
    kino_catalogue_close(c);
}

/* ---- the file ---- */

static kino_status saved_and_opened(kino_catalogue *c, const kino_stamp *stamp, bool vectors, kino_error *err)
{
    char name[300];
    kino_segment_builder *b = NULL;
    kino_snapshot *s = NULL;
    snprintf(name, sizeof name, "%s/snapshot.kino", folder);
    assert_int_equal(kino_segment_builder_new(c, 0, NULL, 1, &b, NULL), KINO_OK);
    if (vectors)
        assert_int_equal(kino_segment_builder_vectors(b, c, KINO_INDEX_EXACT, NULL, NULL, NULL), KINO_OK);
    assert_int_equal(kino_snapshot_save(b, stamp, NULL, 0, name, NULL), KINO_OK);
    kino_segment_builder_free(b);
    const kino_status st = kino_snapshot_open(name, &s, err);
    if (!st) {
        assert_memory_equal(&s->stamp, stamp, sizeof *stamp);
        assert_null(s->tuned);
        for (size_t row = 0; row < FILMS; row++)
            is_film(s->films, row, (int64_t)row + 1);
    }
    kino_snapshot_close(s);
    return st;
}

static void a_stamp_that_does_not_fit_is_not_believed(void **state)
{
    (void)state;
    kino_catalogue *c = filled();
    const kino_stamp good = {
        .layout = KINO_SNAPSHOT_LAYOUT, .films = FILMS, .generation = 3, .lineage = 4, .recipe = 1, .seal = {1, 2, 3}};
    kino_stamp bad[6];
    kino_error err = {0};
    assert_int_equal(saved_and_opened(c, &good, true, &err), KINO_OK);
    for (int i = 0; i < 6; i++)
        bad[i] = good;
    bad[0].layout++;
    bad[1].layout--;
    bad[2].films++;
    bad[3].films = 0;
    bad[4].recipe = KINO_RECIPE_CLASSIC + 1;
    for (int i = 0; i < 6; i++) { /* and one without vectors */
        assert_int_equal(saved_and_opened(c, &bad[i], i < 5, &err), KINO_DAMAGED);
        assert_non_null(strstr(err.text, i < 2 ? "this program reads" : "snapshot.stamp does not fit"));
    }
    kino_catalogue_close(c);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_segment_says_what_the_catalogue_says, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(terms_without_ids_are_told_apart_by_name, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(the_unsaved_stand_beside, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(two_segments_are_one, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_damaged_record_is_no_film, make_folder, drop_folder),
        cmocka_unit_test_setup_teardown(a_stamp_that_does_not_fit_is_not_believed, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
