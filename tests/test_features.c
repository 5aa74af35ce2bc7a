/* The feature schema: columns, scaling, saving; recipe classic against pandas (tests/golden/make_classic.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "films.h"
#include "base/limits.h"
#include "ingest/features.h"

static kino_build_report report;
static kino_error err;

/* 200 films: English, French (every fourth), one each in Thai and without a language; three genres, one of them once. */
static void some_films(kino_recipe recipe, kino_movies *out)
{
    kino_buffer b = {0};
    kino_buffer_print(&b,
                      "id,title,original_title,genres,original_language,runtime,release_date,vote_average,vote_count,"
                      "popularity,status\n");
    for (int i = 1; i <= 200; i++)
        kino_buffer_print(&b, "%d,T%d,T%d,\"[{'id': 1, 'name': 'Drama'}%s%s]\",%s,%d,%d-01-01,%.1f,%d,%.2f,Released\n",
                          i, i, i, i % 3 ? "" : ", {'id': 2, 'name': 'Action'}",
                          i == 7 ? ", {'id': 3, 'name': 'Once'}" : "",
                          i == 9    ? "th"
                          : i == 10 ? ""
                          : i % 4   ? "en"
                                    : "fr",
                          61 + i % 120, 1900 + i % 120, 1 + i % 90 * .1, 10 * i, i % 13 * .9);
    assert_int_equal(read_films(b.data, recipe, out, &report, &err), KINO_OK);
    free(b.data);
}

static size_t column(const kino_schema *s, const char *name)
{
    for (size_t i = 0; i < kino_schema_columns(s); i++)
        if (!strcmp(kino_schema_column_name(s, i), name))
            return i;
    fail_msg("no column %s", name);
    return 0;
}

static void default_columns(void **state)
{
    (void)state;
    static const char *const names[] = {"year",        "votes",          "rating",       "runtime",    "language en",
                                        "language fr", "language other", "genre Action", "genre Drama"};
    static const double weights[] = {2, 1.5, 1, .3};
    kino_movies m = {0};
    kino_schema *s = NULL;
    float row[16];
    some_films(KINO_RECIPE_DEFAULT, &m);
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    assert_int_equal(kino_schema_columns(s), sizeof names / sizeof *names);
    double sum[4] = {0}, square[4] = {0};
    for (size_t i = 0; i < m.count; i++) {
        kino_schema_row(s, &m.items[i], row);
        for (int j = 0; j < 4; j++) {
            sum[j] += (double)row[j];
            square[j] += (double)row[j] * (double)row[j];
        }
    }
    for (size_t j = 0; j < kino_schema_columns(s); j++) {
        assert_string_equal(kino_schema_column_name(s, j), names[j]);
        if (j < 4) { /* z-scored, then weighted */
            assert_true(fabs(sum[j]) < 1e-3);
            assert_true(fabs(sqrt(square[j] / 200) / weights[j] - 1) < 1e-3);
        }
    }
    kino_schema_row(s, &m.items[8], row);
    assert_true(row[4] == 0 && row[5] == 0 && row[6] == 1); /* Thai: too rare */
    kino_schema_row(s, &m.items[9], row);
    assert_true(row[4] == 0 && row[5] == 0 && row[6] == 0); /* unknown */
    kino_schema_free(s);
    kino_movies_free(&m);
}

/* numpy's linear quantile of sorted numbers. */
static double quantile_of(const double *sorted, size_t n, double q)
{
    const double at = q * (double)(n - 1);
    const size_t low = (size_t)at;
    return low + 1 < n ? sorted[low] + (at - (double)low) * (sorted[low + 1] - sorted[low]) : sorted[low];
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The four numbers of a film by the words of features.h: NaN where it does not tell. */
static void numbers_by_hand(const kino_movie *m, double mean, double few, double out[4])
{
    const double votes = (double)m->votes;
    out[0] = m->year ? m->year : (double)NAN;
    out[1] = votes >= 0 ? log1p(votes) : (double)NAN;
    out[2] =
        votes > 0 && !isnan(m->rating) ? votes / (votes + few) * m->rating + few / (votes + few) * mean : (double)NAN;
    out[3] = m->runtime;
}

/* Every row of recipe default by hand, with films that tell nothing and films beyond all measure among them. */
static void rows_by_hand(void **state)
{
    (void)state;
    static const double weights[4] = {2, 1.5, 1, .3};
    kino_movies m = {0};
    kino_schema *s = NULL;
    some_films(KINO_RECIPE_DEFAULT, &m);
    m.items[0].runtime = 50000; /* more than six deviations */
    m.items[1].votes = -1;
    m.items[2].votes = 0;
    m.items[3].rating = (double)NAN;
    m.items[4].year = 0;
    m.items[5].runtime = (double)NAN;
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    double votes[200], raw[200][4], rated = 0, mean = 0, row[16];
    size_t n = 0;
    for (size_t i = 0; i < m.count; i++)
        if (m.items[i].votes > 0 && !isnan(m.items[i].rating)) {
            votes[n++] = (double)m.items[i].votes;
            rated += m.items[i].rating;
        }
    mean = rated / (double)n;
    qsort(votes, n, sizeof *votes, ascending);
    const double few = quantile_of(votes, n, 0.2);
    for (size_t i = 0; i < m.count; i++)
        numbers_by_hand(&m.items[i], mean, few, raw[i]);
    for (size_t j = 0; j < 4; j++) {
        double sum = 0, square = 0;
        size_t known = 0;
        for (size_t i = 0; i < m.count; i++)
            if (!isnan(raw[i][j])) {
                sum += raw[i][j];
                known++;
            }
        for (size_t i = 0; i < m.count; i++)
            square += isnan(raw[i][j]) ? 0 : (raw[i][j] - sum / (double)known) * (raw[i][j] - sum / (double)known);
        const double deviation = sqrt(square / (double)known);
        for (size_t i = 0; i < m.count; i++) {
            double z = isnan(raw[i][j]) ? 0 : (raw[i][j] - sum / (double)known) / deviation;
            z = z > 6 ? 6 : z < -6 ? -6 : z;
            kino_schema_row_f64(s, &m.items[i], row);
            assert_true(fabs(row[j] - z * weights[j]) < 1e-9);
        }
    }
    kino_schema_row_f64(s, &m.items[0], row);
    assert_true(row[3] == 6 * .3);
    for (size_t i = 0; i < m.count; i++) {
        const kino_movie *f = &m.items[i];
        bool action = false;
        for (size_t g = 0; g < f->genres.count; g++)
            action = action || !strcmp(f->genres.items[g].name, "Action");
        kino_schema_row_f64(s, f, row);
        assert_true(row[4] == !strcmp(f->language, "en") && row[5] == !strcmp(f->language, "fr"));
        assert_true(row[6] == !strcmp(f->language, "th"));
        assert_true(row[7] == (action ? 2 : 0) && row[8] == 2);
    }
    kino_schema_free(s);
    kino_movies_free(&m);
}

/* Four films of a language are too few for a column and five are enough; of a genre one and two. */
static void columns_need_so_many_films(void **state)
{
    (void)state;
    kino_named genres[] = {{1, "Twice"}, {1, "Twice"}, {2, "Once"}};
    kino_movie items[12] = {{0}};
    for (size_t i = 0; i < 12; i++)
        items[i] = (kino_movie){.id = (int64_t)i + 1,
                                .language = i < 5   ? "aa"
                                            : i < 9 ? "bb"
                                                    : "",
                                .rating = (double)NAN,
                                .genres = {i < 3 ? &genres[i] : NULL, i < 3 ? 1 : 0}};
    kino_movies m = {.items = items, .count = 12};
    kino_schema *s = NULL;
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    assert_int_equal(kino_schema_columns(s), 4 + 1 + 1 + 1);
    assert_string_equal(kino_schema_column_name(s, 4), "language aa");
    assert_string_equal(kino_schema_column_name(s, 5), "language other");
    assert_string_equal(kino_schema_column_name(s, 6), "genre Twice");
    kino_schema_free(s);
}

static void any_film_has_a_row(void **state)
{
    (void)state;
    static const kino_named genres[] = {{1, "Drama"}, {99, "Unheard of"}, {0, ""}};
    const kino_movie strangers[] = {
        {.id = 1, .language = "", .runtime = NAN, .rating = NAN, .popularity = NAN, .votes = -1},
        {.id = 2,
         .language = "tlh",
         .runtime = 1e300,
         .rating = 10,
         .popularity = 1e300,
         .votes = INT64_MAX,
         .year = INT32_MAX,
         .genres = {genres, 3}},
        {.id = 3,
         .language = "en",
         .runtime = -1e300,
         .rating = -1e300,
         .popularity = -INFINITY,
         .votes = INT64_MIN,
         .year = INT32_MIN},
        {.id = 4, .language = "en", .runtime = INFINITY, .rating = INFINITY, .popularity = 0, .votes = 5, .year = 2000},
    };
    for (int recipe = 0; recipe < 2; recipe++) {
        kino_movies m = {0};
        kino_schema *s = NULL;
        float row[32];
        some_films((kino_recipe)recipe, &m);
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &m, &s, &err), KINO_OK);
        for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
            kino_schema_row(s, &strangers[i], row);
            for (size_t j = 0; j < kino_schema_columns(s); j++)
                if (!recipe)
                    assert_true(fabsf(row[j]) <= 18);
        }
        kino_schema_row(s, &strangers[0], row);
        for (size_t j = 0; !recipe && j < kino_schema_columns(s); j++)
            assert_true(row[j] == 0);
        kino_schema_row(s, &strangers[1], row);
        assert_true(row[column(s, "genre Drama")] == (recipe ? 1 : 2));
        if (!recipe)
            assert_true(row[column(s, "language other")] == 1);
        kino_schema_row(s, &strangers[3], row);
        if (recipe) /* 2000 is New: kept in this recipe only */
            assert_true(row[column(s, "era New")] == 1 && row[column(s, "era Old")] == 0);
        kino_schema_free(s);
        kino_movies_free(&m);
    }
}

static void nothing_to_fit(void **state)
{
    (void)state;
    kino_movies none = {0};
    kino_schema *s = NULL;
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &none, &s, &err), KINO_USAGE);
    assert_null(s);
    /* One film: every deviation is 0. */
    kino_movie one = {.id = 1, .language = "en", .runtime = 90, .rating = 5, .popularity = 1, .votes = 5, .year = 1999};
    kino_movies single = {.items = &one, .count = 1};
    float row[16];
    for (int recipe = 0; recipe < 2; recipe++) {
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &single, &s, &err), KINO_OK);
        kino_schema_row(s, &one, row);
        assert_true(row[0] == 0 && row[1] == 0 && row[2] == 0);
        kino_schema_free(s);
    }
    kino_schema_free(NULL);
}

/* ---- saving ---- */

static void *saved(const kino_schema *s, size_t *size)
{
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_schema_save(s, &w);
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    kino_container_writer_free(&w);
    void *aligned = kino_alloc_aligned(b.size);
    memcpy(aligned, b.data, b.size);
    *size = b.size;
    free(b.data);
    return aligned;
}

static void what_is_saved_is_loaded(void **state)
{
    (void)state;
    for (int recipe = 0; recipe < 2; recipe++) {
        kino_movies m = {0};
        kino_schema *s = NULL, *again = NULL;
        kino_container c = {0};
        size_t size;
        some_films((kino_recipe)recipe, &m);
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &m, &s, &err), KINO_OK);
        void *bytes = saved(s, &size);
        assert_int_equal(kino_container_view("x", bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_OK);
        assert_int_equal(kino_schema_load(&c, &again, &err), KINO_OK);
        kino_container_close(&c);
        memset(bytes, 0xA5, size); /* nothing is lent */
        free(bytes);
        assert_true(kino_schema_fingerprint(s) == kino_schema_fingerprint(again));
        assert_int_equal(kino_schema_recipe(again), recipe);
        assert_int_equal(kino_schema_columns(s), kino_schema_columns(again));
        double a[32], b[32];
        for (size_t i = 0; i < m.count; i++) {
            kino_schema_row_f64(s, &m.items[i], a);
            kino_schema_row_f64(again, &m.items[i], b);
            assert_memory_equal(a, b, kino_schema_columns(s) * sizeof *a);
        }
        kino_schema *other = NULL; /* a film fewer is another schema */
        m.count--;
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &m, &other, &err), KINO_OK);
        assert_true(kino_schema_fingerprint(s) != kino_schema_fingerprint(other));
        kino_schema_free(other);
        kino_schema_free(again);
        kino_schema_free(s);
        kino_movies_free(&m);
    }
}

typedef struct parts {
    uint32_t head[2];
    double prior[3], moments[4][2];
    const char *languages, *genres;
    size_t language_bytes, genre_bytes;
    uint64_t moments_rows;
} parts;

static kino_status load(const parts *p, kino_schema **out)
{
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_container c = {0};
    kino_container_add(&w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, p->head);
    kino_container_add(&w, "schema.prior", KINO_F64, 1, (uint64_t[]){3}, p->prior);
    kino_container_add(&w, "schema.moments", KINO_F64, 2, (uint64_t[]){p->moments_rows, 2}, p->moments);
    if (p->languages)
        kino_container_add(&w, "schema.languages", KINO_U8, 1, (uint64_t[]){p->language_bytes}, p->languages);
    kino_container_add(&w, "schema.genres", KINO_U8, 1, (uint64_t[]){p->genre_bytes}, p->genres);
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    kino_container_writer_free(&w);
    void *aligned = kino_alloc_aligned(b.size);
    memcpy(aligned, b.data, b.size);
    assert_int_equal(kino_container_view("x", aligned, b.size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_OK);
    err = (kino_error){0};
    kino_status st = kino_schema_load(&c, out, &err);
    kino_container_close(&c);
    free(aligned);
    free(b.data);
    return st;
}

static void absurd_schemas_are_refused(void **state)
{
    (void)state;
    static const parts good = {.head = {1, 0},
                               .prior = {6, 4, 0},
                               .moments = {{1990, 10}, {3, 1}, {6, 1}, {90, 20}},
                               .languages = "en\0fr",
                               .language_bytes = 6,
                               .genres = "Drama",
                               .genre_bytes = 6,
                               .moments_rows = 4};
    kino_schema *s = NULL;
    parts p = good;
    assert_int_equal(load(&p, &s), KINO_OK);
    assert_int_equal(kino_schema_columns(s), 4 + 2 + 1 + 1);
    kino_schema_free(s);
    s = NULL;
#define REFUSED(change)                                                                                                \
    do {                                                                                                               \
        p = good;                                                                                                      \
        change;                                                                                                        \
        assert_int_equal(load(&p, &s), KINO_DAMAGED);                                                                  \
        assert_int_equal(err.status, KINO_DAMAGED);                                                                    \
        assert_null(s);                                                                                                \
    } while (0)
    REFUSED(p.head[0] = 2);
    REFUSED(p.head[1] = 2);
    REFUSED(p.prior[0] = NAN);
    REFUSED(p.prior[1] = -1);
    REFUSED(p.moments[0][1] = 0);
    REFUSED(p.moments[1][1] = -1);
    REFUSED(p.moments[2][0] = INFINITY);
    REFUSED(p.moments[3][0] = 1e300);
    REFUSED(p.moments_rows = 3);
    REFUSED(p.languages = NULL);
    REFUSED(p.language_bytes = 5);                         /* the last word does not end */
    REFUSED(p.languages = "fr\0en");                       /* not ascending */
    REFUSED(p.languages = "en\0en");                       /* twice */
    REFUSED((p.languages = "en\0", p.language_bytes = 4)); /* an empty word */
    REFUSED((p.genres = "", p.genre_bytes = 1));
    kino_buffer b = {0};
    for (int i = 0; i < KINO_SCHEMA_WORDS + 1; i++)
        kino_buffer_print(&b, "%05d%c", i, 0);
    REFUSED((p.genres = b.data, p.genre_bytes = b.size)); /* too many */
    free(b.data);
}

/* A table of a million genres does not make a million columns. */
static void vocabularies_are_bounded(void **state)
{
    (void)state;
    enum { FILMS = 1500 };
    kino_movie *items = kino_alloc_array(FILMS, sizeof *items);
    kino_named *genres = kino_alloc_array(FILMS, sizeof *genres);
    static char names[FILMS / 2][8];
    for (size_t i = 0; i < FILMS; i++) {
        snprintf(names[i / 2], sizeof names[0], "g%04d", (int)(i / 2) % 10000);
        genres[i] = (kino_named){1, names[i / 2]};
        items[i] = (kino_movie){.id = (int64_t)i + 1, .language = "en", .genres = {&genres[i], 1}};
    }
    kino_movies m = {.items = items, .count = FILMS};
    kino_schema *s = NULL;
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    assert_int_equal(kino_schema_columns(s), 4 + 2 + KINO_SCHEMA_WORDS);
    float *row = kino_alloc_floats(kino_schema_columns(s));
    kino_schema_row(s, &items[0], row);
    kino_schema_free(s);
    s = NULL;
    assert_int_equal(kino_schema_fit(KINO_RECIPE_CLASSIC, &m, &s, &err), KINO_USAGE);
    free(row);
    free(items);
    free(genres);
}

/* ---- recipe classic against pandas ---- */

/* "genre Drama" is "Drama" there. */
static const char *plain(const char *name)
{
    const char *space = strchr(name, ' ');
    bool group = !strncmp(name, "genre ", 6) || !strncmp(name, "language ", 9) || !strncmp(name, "era ", 4);
    return group ? space + 1 : name;
}

static void check_golden(const char *name)
{
    static char line[65536];
    char path[512], word[256];
    if (!find_table(name, path))
        skip();
    FILE *golden = fopen("tests/golden/classic.txt", "r");
    assert_non_null(golden);
    kino_build_request req = {.csv = path, .recipe = KINO_RECIPE_CLASSIC};
    kino_movies m = {0};
    kino_schema *s = NULL;
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_OK);
    assert_int_equal(kino_schema_fit(KINO_RECIPE_CLASSIC, &m, &s, &err), KINO_OK);
    const size_t columns = kino_schema_columns(s);
    double *sum = kino_alloc_array(columns, sizeof *sum), *square = kino_alloc_array(columns, sizeof *square);
    double *row = kino_alloc_array(columns, sizeof *row);
    for (size_t i = 0; i < m.count; i++) {
        kino_schema_row_f64(s, &m.items[i], row);
        for (size_t j = 0; j < columns; j++) {
            sum[j] += row[j];
            square[j] += row[j] * row[j];
        }
    }
    bool here = false;
    size_t rows = 0, seen = 0, steps = 0;
    while (fgets(line, sizeof line, golden)) {
        int used = 0;
        char *p = line;
        line[strcspn(line, "\n")] = 0;
        if (sscanf(p, "file %255s", word) == 1) {
            here = !strcmp(word, name);
        } else if (here && !strncmp(p, "ladder", 6)) {
            size_t want;
            for (p += 6; sscanf(p, "%zu%n", &want, &used) == 1; p += used)
                assert_int_equal(report.ladder[steps++].count, want);
        } else if (here && !strncmp(p, "columns ", 8)) {
            assert_int_equal(columns, strtoul(p + 8, NULL, 10));
        } else if (here && !strncmp(p, "column ", 7)) {
            size_t c;
            double want_sum, want_square;
            assert_int_equal(sscanf(p, "column %zu %lf %lf %n", &c, &want_sum, &want_square, &used), 3);
            assert_true(c < columns && fabs(sum[c] - want_sum) < 2e-6 && fabs(square[c] - want_square) < 2e-6);
            assert_string_equal(plain(kino_schema_column_name(s, c)), p + used);
            seen++;
        } else if (here && !strncmp(p, "row ", 4)) {
            long long id;
            size_t i = 0, c;
            double v;
            assert_int_equal(sscanf(p, "row %lld%n", &id, &used), 1);
            while (i < m.count && m.items[i].id != id)
                i++;
            assert_true(i < m.count);
            kino_schema_row_f64(s, &m.items[i], row);
            for (p += used; sscanf(p, " %zu:%lf%n", &c, &v, &used) == 2; p += used) {
                assert_true(c < columns && fabs(row[c] - v) < 1e-10 * fmax(1, fabs(v)));
                row[c] = 0;
            }
            for (c = 0; c < columns; c++)
                assert_true(row[c] == 0);
            rows++;
        }
    }
    assert_int_equal(steps, report.ladder_count);
    assert_int_equal(seen, columns);
    assert_true(rows >= 40);
    fclose(golden);
    free(sum);
    free(square);
    free(row);
    kino_schema_free(s);
    kino_movies_free(&m);
}

static void classic_is_pandas_on_the_movies_dataset(void **state)
{
    (void)state;
    check_golden("kaggle_first5000.csv");
}

static void classic_is_pandas_on_tmdb_5000(void **state)
{
    (void)state;
    check_golden("tmdb_5000_movies.csv");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(default_columns),
        cmocka_unit_test(rows_by_hand),
        cmocka_unit_test(columns_need_so_many_films),
        cmocka_unit_test(any_film_has_a_row),
        cmocka_unit_test(nothing_to_fit),
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(absurd_schemas_are_refused),
        cmocka_unit_test(vocabularies_are_bounded),
        cmocka_unit_test(classic_is_pandas_on_the_movies_dataset),
        cmocka_unit_test(classic_is_pandas_on_tmdb_5000),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
