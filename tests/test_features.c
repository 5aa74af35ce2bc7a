/* The feature schema: words and their weights, saving; recipe classic against pandas (tests/golden/make_classic.py). */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "films.h"
#include "base/limits.h"
#include "ingest/onehot.h"
#include "ingest/features.h"
#include "ingest/terms.h"

static kino_build_report report;
static kino_error err;

/* 200 films: English, French (every fourth), one each in Thai and without a language; three genres, one of them once. */
static void some_films(kino_recipe recipe, kino_movies *out)
{
    kino_buffer b = {0};
    kino_buffer_print(
        &b, "id,title,original_title,overview,genres,original_language,runtime,release_date,vote_average,vote_count,"
            "popularity,status\n");
    for (int i = 1; i <= 200; i++)
        kino_buffer_print(&b,
                          "%d,T%d,T%d,%s%s,\"[{'id': 1, 'name': 'Drama'}%s%s]\",%s,%d,%d-01-01,%.1f,%d,%.2f,Released\n",
                          i, i, i, i % 2 ? "A sailor" : "The clocks", i % 5 ? "" : " of winter",
                          i % 3 ? "" : ", {'id': 2, 'name': 'Action'}", i == 7 ? ", {'id': 3, 'name': 'Once'}" : "",
                          i == 9    ? "th"
                          : i == 10 ? ""
                          : i % 4   ? "en"
                                    : "fr",
                          61 + i % 120, 1900 + i % 120, 1 + i % 90 * .1, 10 * i, i % 13 * .9);
    assert_int_equal(read_films(b.data, recipe, out, &report, &err), KINO_OK);
    free(b.data);
}

static void assert_same_rows(const kino_sparse *a, const kino_sparse *b)
{
    assert_true(a->rows == b->rows && a->used == b->used);
    assert_memory_equal(a->end, b->end, a->rows * sizeof *a->end);
    assert_memory_equal(a->index, b->index, a->used * sizeof *a->index);
    assert_memory_equal(a->value, b->value, a->used * sizeof *a->value);
}

/* ---- recipe default ---- */

/* Films, and the stems that are said of them as they are read. */
static const kino_named sea[] = {{1, "sea ghost"}, {2, "widow"}}, drama[] = {{18, "Drama"}},
                        both[] = {{18, "Drama"}, {9, "War"}};
static const struct {
    const char *overview, *tagline, *title;
    kino_list keywords, genres;
    const char *stems;
} told[] = {
    {"A haunted sailor haunts the Sailor's harbour.",
     "Fear the sea",
     "Haunting",
     {sea, 2},
     {drama, 1},
     "haunt sailor haunt sailor harbour fear sea haunt sea ghost widow drama"},
    {"The caf\xc3\xa9 of a sailor, and the film of its war.",
     "",
     "Cafe X",
     {NULL, 0},
     {both, 2},
     "cafe sailor war cafe drama war"},
    {"Widows fear nobody.", "", "The Film", {sea + 1, 1}, {drama, 1}, "widow fear nobodi widow drama"},
    {"", "", "It", {NULL, 0}, {NULL, 0}, ""},
    {"Nothing that any other film says: zebras, X.", "", "Cafe", {NULL, 0}, {NULL, 0}, "noth sai zebra cafe"},
};
enum { TOLD = sizeof told / sizeof *told, MOST_STEMS = 16 };
static const char *const shared[] = {"cafe", "drama", "fear", "sailor", "widow"};
enum { SHARED = sizeof shared / sizeof *shared };

static kino_movie told_film(size_t i)
{
    return (kino_movie){.id = (int64_t)i + 1,
                        .title = told[i].title,
                        .overview = told[i].overview,
                        .tagline = told[i].tagline,
                        .original_title = "sailor",
                        .language = "",
                        .keywords = told[i].keywords,
                        .genres = told[i].genres};
}

/* How often a stem is said of a film. */
static int times(size_t film, const char *stem)
{
    char text[200], *rest = NULL;
    int n = 0;
    snprintf(text, sizeof text, "%s", told[film].stems);
    for (char *word = strtok_r(text, " ", &rest); word; word = strtok_r(NULL, " ", &rest))
        n += !strcmp(word, stem);
    return n;
}

static void words_by_hand(void **state)
{
    (void)state;
    kino_movie items[TOLD];
    kino_terms t;
    kino_sparse rows = {0};
    for (size_t i = 0; i < TOLD; i++)
        items[i] = told_film(i);
    kino_terms_fit(&(kino_movies){.items = items, .count = TOLD}, &t);
    assert_int_equal(t.words.count, SHARED);
    assert_int_equal(t.films[0], TOLD);
    double idf[SHARED];
    for (size_t w = 0; w < SHARED; w++) {
        uint32_t films = 0;
        for (size_t i = 0; i < TOLD; i++)
            films += times(i, shared[w]) > 0;
        assert_string_equal(t.words.words[w], shared[w]);
        assert_int_equal(t.films[1 + w], films);
        idf[w] = log((double)TOLD / films);
    }
    kino_terms_rows(&t, items, TOLD, &rows);
    assert_int_equal(rows.rows, TOLD);
    for (size_t i = 0; i < TOLD; i++) {
        double want[SHARED], square = 0;
        for (size_t w = 0; w < SHARED; w++) {
            const int n = times(i, shared[w]);
            want[w] = n ? (1 + log(n)) * idf[w] : 0;
            square += want[w] * want[w];
        }
        const kino_sparse_row r = kino_sparse_at(&rows, i);
        size_t at = 0;
        for (size_t w = 0; w < SHARED; w++) {
            if (want[w] == 0)
                continue;
            assert_true(at < r.count && r.index[at] == w);
            assert_true(fabs((double)r.value[at++] - 20 * want[w] / sqrt(square)) < 1e-5);
        }
        assert_int_equal(at, r.count);
    }
    assert_int_equal(kino_sparse_at(&rows, 3).count, 0); /* says nothing */
    kino_sparse_free(&rows);
    kino_terms_free(&t);
}

/* 2,100 words of two films each and ten of three: the ten, and of the others those that come first. */
static void the_commonest_words_are_columns(void **state)
{
    (void)state;
    enum { WORDS = 2100, COMMON = 10, EACH = 30, FILMS = 2 * WORDS / EACH };
    kino_movie items[FILMS];
    kino_buffer texts[FILMS] = {{0}};
    kino_terms t;
    for (size_t i = 0; i < FILMS; i++) {
        for (size_t w = 0; w < EACH; w++)
            kino_buffer_print(&texts[i], "w%04zu ", (i * EACH + w) % WORDS);
        for (size_t w = 0; i < 3 && w < COMMON; w++)
            kino_buffer_print(&texts[i], "x%zu ", w);
        items[i] = (kino_movie){.id = 1, .title = "", .tagline = "", .overview = texts[i].data};
    }
    kino_terms_fit(&(kino_movies){.items = items, .count = FILMS}, &t);
    assert_int_equal(t.words.count, KINO_TERMS);
    assert_string_equal(t.words.words[KINO_TERMS - 1], "x9");
    assert_string_equal(t.words.words[KINO_TERMS - COMMON], "x0");
    assert_string_equal(t.words.words[KINO_TERMS - COMMON - 1], "w2037");
    assert_int_equal(t.films[KINO_TERMS], 3);
    assert_int_equal(t.films[1], 2);
    kino_terms_free(&t);
    for (size_t i = 0; i < FILMS; i++)
        free(texts[i].data);
}

static void a_later_film_has_the_weights_of_those_before(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_schema *s = NULL;
    kino_sparse all = {0}, one = {0};
    some_films(KINO_RECIPE_DEFAULT, &m);
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    kino_schema_rows(s, m.items, m.count, &all);
    for (size_t i = 0; i < m.count; i++) /* nor does it matter in whose company it comes */
        kino_schema_rows(s, &m.items[i], 1, &one);
    assert_same_rows(&all, &one);
    const kino_movie later = {.title = "Clock", .overview = "Sailors, sailors.", .tagline = "In winter"};
    const uint64_t before = kino_schema_fingerprint(s);
    one.used = one.rows = 0;
    kino_schema_rows(s, &later, 1, &one);
    const kino_sparse_row r = kino_sparse_at(&one, 0);
    const double w[] = {log(2.), (1 + log(2.)) * log(2.), log(5.)};
    assert_int_equal(r.count, 3);
    for (int i = 0; i < 3; i++)
        assert_true(fabs((double)r.value[i] - 20 * w[i] / sqrt(w[0] * w[0] + w[1] * w[1] + w[2] * w[2])) < 1e-5);
    assert_true(kino_schema_fingerprint(s) == before);
    kino_sparse_free(&all);
    kino_sparse_free(&one);
    kino_schema_free(s);
    kino_movies_free(&m);
}

/* ---- either recipe ---- */

static void any_film_has_a_row(void **state)
{
    (void)state;
    static const kino_named genres[] = {{1, "Drama"}, {99, "Unheard of"}, {0, ""}};
    static const char *const texts[] = {"", "\xff\xfe drama \xe2\x80", "Sailor\xe2\x80\x99s drama, clocks"};
    const kino_movie numbers[] = {
        {.language = "", .runtime = NAN, .rating = NAN, .popularity = NAN, .votes = -1},
        {.language = "tlh", .runtime = 1e300, .rating = 10, .popularity = 1e300, .votes = INT64_MAX, .year = INT32_MAX},
        {.language = "en", .runtime = -1e300, .rating = -1e300, .popularity = -INFINITY, .votes = INT64_MIN},
        {.language = "en", .runtime = INFINITY, .rating = INFINITY, .votes = 5, .year = 2000},
    };
    for (int recipe = 0; recipe < 2; recipe++) {
        kino_movies m = {0};
        kino_schema *s = NULL;
        kino_sparse rows = {0};
        some_films((kino_recipe)recipe, &m);
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &m, &s, &err), KINO_OK);
        for (size_t i = 0; i < 12; i++) {
            kino_movie film = numbers[i % 4];
            film.title = film.tagline = "";
            film.overview = texts[i / 4];
            film.genres = (kino_list){genres, i % 4 == 1 ? 3 : 0};
            kino_schema_rows(s, &film, 1, &rows);
        }
        assert_int_equal(rows.rows, 12);
        for (size_t i = 0; i < rows.used; i++)
            assert_true(isfinite(rows.value[i]) && rows.index[i] < kino_schema_columns(s));
        const size_t era_alone = recipe ? 1 : 0;
        assert_int_equal(kino_sparse_at(&rows, 0).count >= era_alone, 1);
        if (!recipe)
            assert_int_equal(kino_sparse_at(&rows, 0).count, 0);
        kino_sparse_free(&rows);
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
    /* One film: every deviation is 0, and no word is shared. */
    kino_movie one = {.id = 1,
                      .title = "Alone",
                      .overview = "Alone.",
                      .tagline = "",
                      .language = "en",
                      .runtime = 90,
                      .rating = 5,
                      .popularity = 1,
                      .votes = 5,
                      .year = 1999};
    kino_movies single = {.items = &one, .count = 1};
    for (int recipe = 0; recipe < 2; recipe++) {
        kino_sparse row = {0};
        assert_int_equal(kino_schema_fit((kino_recipe)recipe, &single, &s, &err), KINO_OK);
        kino_schema_rows(s, &one, 1, &row);
        const kino_sparse_row r = kino_sparse_at(&row, 0);
        assert_int_equal(r.count, recipe ? 1 : 0);
        if (recipe)
            assert_true(r.index[0] == 3 + 2 && r.value[0] == 1); /* era Old */
        else
            assert_int_equal(kino_schema_columns(s), 1);
        kino_sparse_free(&row);
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
        kino_sparse a = {0}, b = {0};
        kino_schema_rows(s, m.items, m.count, &a);
        kino_schema_rows(again, m.items, m.count, &b);
        assert_int_equal(a.rows, m.count);
        assert_same_rows(&a, &b);
        kino_sparse_free(&a);
        kino_sparse_free(&b);
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

static kino_status load_sections(kino_container_writer *w, kino_schema **out)
{
    kino_buffer b = {0};
    kino_container c = {0};
    kino_container_bytes(w, KINO_KIND_ENCODER, &b);
    kino_container_writer_free(w);
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

typedef struct words_parts {
    uint32_t head[2];
    const char *words;
    size_t bytes;
    const uint32_t *films;
    uint64_t counts;
} words_parts;

static kino_status load_words(const words_parts *p, kino_schema **out)
{
    kino_container_writer w = {0};
    kino_container_add(&w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, p->head);
    kino_container_add(&w, "schema.words", KINO_U8, 1, (uint64_t[]){p->bytes}, p->words);
    if (p->films)
        kino_container_add(&w, "schema.films", KINO_U32, 1, &p->counts, p->films);
    return load_sections(&w, out);
}

static void absurd_words_are_refused(void **state)
{
    (void)state;
    const words_parts good = {
        .head = {2, 0}, .words = "clock\0sailor", .bytes = 13, .films = (const uint32_t[]){9, 9, 1}, .counts = 3};
    kino_schema *s = NULL;
    words_parts p = good;
    assert_int_equal(load_words(&p, &s), KINO_OK);
    assert_int_equal(kino_schema_columns(s), 2);
    kino_schema *other = NULL; /* of other words that are as common */
    p.words = "clock\0tailor";
    assert_int_equal(load_words(&p, &other), KINO_OK);
    assert_true(kino_schema_fingerprint(s) != kino_schema_fingerprint(other));
    kino_schema_free(other);
    kino_schema_free(s);
    s = NULL;
#define REFUSED(change)                                                                                                \
    do {                                                                                                               \
        p = good;                                                                                                      \
        change;                                                                                                        \
        assert_int_equal(load_words(&p, &s), KINO_DAMAGED);                                                            \
        assert_null(s);                                                                                                \
    } while (0)
    REFUSED(p.head[0] = 3);
    REFUSED(p.head[0] = 1);
    assert_non_null(strstr(err.text, "run kino retrain"));
    REFUSED(p.words = "sailor\0clock");
    REFUSED(p.bytes = 12);
    REFUSED(p.films = NULL);
    REFUSED(p.counts = 2);
    REFUSED(p.films = ((const uint32_t[]){9, 10, 1})); /* more films than there are */
    REFUSED(p.films = ((const uint32_t[]){9, 0, 1}));
    REFUSED(p.films = ((const uint32_t[]){0, 0, 0}));
    kino_buffer b = {0};
    for (int i = 0; i < KINO_TERMS + 1; i++)
        kino_buffer_print(&b, "%05d%c", i, 0);
    uint32_t *films = kino_alloc_array(KINO_TERMS + 2, sizeof *films);
    for (size_t i = 0; i < KINO_TERMS + 2; i++)
        films[i] = 1;
    REFUSED((p.words = b.data, p.bytes = b.size, p.films = films, p.counts = KINO_TERMS + 2)); /* too many */
    p.bytes -= 6;
    p.counts--;
    assert_int_equal(load_words(&p, &s), KINO_OK);
    kino_schema_free(s);
#undef REFUSED
    free(films);
    free(b.data);
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
    kino_container_add(&w, "schema.head", KINO_U32, 1, (uint64_t[]){2}, p->head);
    kino_container_add(&w, "schema.prior", KINO_F64, 1, (uint64_t[]){3}, p->prior);
    kino_container_add(&w, "schema.moments", KINO_F64, 2, (uint64_t[]){p->moments_rows, 2}, p->moments);
    if (p->languages)
        kino_container_add(&w, "schema.languages", KINO_U8, 1, (uint64_t[]){p->language_bytes}, p->languages);
    kino_container_add(&w, "schema.genres", KINO_U8, 1, (uint64_t[]){p->genre_bytes}, p->genres);
    return load_sections(&w, out);
}

static void absurd_facts_are_refused(void **state)
{
    (void)state;
    static const parts good = {.head = {1, 1},
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
    assert_int_equal(kino_schema_columns(s), 3 + 3 + 2 + 1);
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
    REFUSED(p.head[0] = 0);
    REFUSED(p.head[0] = 2);
    REFUSED(p.head[1] = 2);
    REFUSED(p.head[1] = 0); /* recipe default had facts once */
    assert_non_null(strstr(err.text, "run kino retrain"));
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
    for (int i = 0; i < KINO_ONEHOT_WORDS + 1; i++)
        kino_buffer_print(&b, "%05d%c", i, 0);
    REFUSED((p.genres = b.data, p.genre_bytes = b.size)); /* too many */
    free(b.data);
}

/* A table of a million genres does not make a million columns. */
static void facts_are_bounded(void **state)
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
    assert_int_equal(kino_schema_fit(KINO_RECIPE_CLASSIC, &m, &s, &err), KINO_USAGE);
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
    kino_onehot facts;
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_OK);
    assert_int_equal(kino_onehot_fit(&m, &facts, &err), KINO_OK);
    const size_t columns = kino_onehot_columns(&facts);
    double *sum = kino_alloc_array(columns, sizeof *sum), *square = kino_alloc_array(columns, sizeof *square);
    double *row = kino_alloc_array(columns, sizeof *row);
    for (size_t i = 0; i < m.count; i++) {
        kino_onehot_row(&facts, &m.items[i], row);
        for (size_t j = 0; j < columns; j++) {
            sum[j] += row[j];
            square[j] += row[j] * row[j];
        }
    }
    kino_buffer name_of = {0};
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
            name_of.size = 0;
            kino_onehot_name(&facts, c, &name_of);
            assert_string_equal(plain(name_of.data), p + used);
            seen++;
        } else if (here && !strncmp(p, "row ", 4)) {
            long long id;
            size_t i = 0, c;
            double v;
            assert_int_equal(sscanf(p, "row %lld%n", &id, &used), 1);
            while (i < m.count && m.items[i].id != id)
                i++;
            assert_true(i < m.count);
            kino_onehot_row(&facts, &m.items[i], row);
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
    free(name_of.data);
    kino_onehot_free(&facts);
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
        cmocka_unit_test(words_by_hand),
        cmocka_unit_test(the_commonest_words_are_columns),
        cmocka_unit_test(a_later_film_has_the_weights_of_those_before),
        cmocka_unit_test(any_film_has_a_row),
        cmocka_unit_test(nothing_to_fit),
        cmocka_unit_test(what_is_saved_is_loaded),
        cmocka_unit_test(absurd_words_are_refused),
        cmocka_unit_test(absurd_facts_are_refused),
        cmocka_unit_test(facts_are_bounded),
        cmocka_unit_test(classic_is_pandas_on_the_movies_dataset),
        cmocka_unit_test(classic_is_pandas_on_tmdb_5000),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
