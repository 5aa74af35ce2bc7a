/* test_words.c - the words index: its scores are those of the formula written down naively, its likeness is a cosine,
 * later films are found as though they had always been there, and no byte of a file leads outside. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/container.h"
#include "base/stem.h"
#include "index/words.h"

enum { FIELDS = KINO_WORDS_FIELDS, FILMS = 60, EARLY = 40, WORDS = 48, LONGEST_FIELD = 24 };

/* ---- invented films ---- */

/* A film whose texts are words of the invented language below; 0 ends a field. */
typedef struct film {
    uint8_t words[FIELDS][LONGEST_FIELD]; /* word + 1 */
} film;

/* Three syllables, which no rule of the stemmer touches. */
static void spell(size_t word, char out[7])
{
    static const char *const syllables[] = {"ba", "ko", "ti", "ru", "no", "mo"};
    snprintf(out, 7, "%s%s%s", syllables[word % 6], syllables[word / 6 % 6], word / 36 ? "lo" : "ka");
}

/* Fields have different lengths, some none; low words are frequent, as in a language. */
static void invent(size_t count, film *films)
{
    static const uint8_t longest[FIELDS] = {3, 3, 6, 5, 20, 3, 6, 2};
    memset(films, 0, count * sizeof *films);
    for (size_t i = 0; i < count; i++)
        for (size_t field = 0; field < FIELDS; field++) {
            size_t n = kino_random(1, i, field) % (longest[field] + 1u);
            for (size_t k = 0; k < n; k++) {
                float u = kino_random_unit(2, i * FIELDS + field, k);
                films[i].words[field][k] = (uint8_t)(1 + (size_t)(u * u * WORDS));
            }
        }
}

static void tell_invented(const void *ctx, size_t row, kino_words_listener *l)
{
    const film *f = (const film *)ctx + row;
    for (size_t field = 0; field < FIELDS; field++)
        for (size_t k = 0; f->words[field][k]; k++) {
            char word[7];
            spell(f->words[field][k] - 1u, word);
            kino_words_tell(l, (kino_words_field)field, word, strlen(word));
        }
}

/* ---- the formula ---- */

static const double weights[FIELDS] = {1, 1, 2, 0.5, 1, 1, 2, 1};
static const double bs[FIELDS] = {0.3, 0.3, 0.1, 0.3, 0.5, 0.1, 0.1, 0.3};
static const bool about[FIELDS] = {false, false, true, true, true, true, false, false};

static size_t field_length(const film *f, size_t field)
{
    size_t n = 0;
    while (f->words[field][n])
        n++;
    return n;
}

static double times(const film *f, size_t field, size_t word)
{
    double n = 0;
    for (size_t k = 0; f->words[field][k]; k++)
        n += f->words[field][k] == word + 1;
    return n;
}

static double average_length(const film *films, size_t count, size_t field)
{
    double words = 0, filled = 0;
    for (size_t i = 0; i < count; i++) {
        size_t n = field_length(&films[i], field);
        words += (double)n;
        filled += n != 0;
    }
    return words / filled;
}

/* tf over all fields; the averages are those of the first `known` films. */
static double whole_tf(const film *films, size_t known, const film *f, size_t word)
{
    double tf = 0;
    for (size_t field = 0; field < FIELDS; field++)
        tf += weights[field] * times(f, field, word) /
              (1 - bs[field] + bs[field] * (double)field_length(f, field) / average_length(films, known, field));
    return tf;
}

static double films_with(const film *films, size_t count, size_t word, const bool *fields)
{
    double n = 0;
    for (size_t i = 0; i < count; i++) {
        bool has = false;
        for (size_t field = 0; field < FIELDS; field++)
            has = has || ((!fields || fields[field]) && times(&films[i], field, word) > 0);
        n += has;
    }
    return n;
}

static double idf(const film *films, size_t count, size_t word)
{
    double df = films_with(films, count, word, NULL);
    return log(1 + ((double)count - df + 0.5) / (df + 0.5));
}

/* Each word once. *rounding: by how much the bytes may be away. */
static double naive_score(const film *films, size_t count, size_t known, size_t row, const size_t *words, size_t n,
                          double *rounding)
{
    double score = 0;
    *rounding = 1e-4;
    for (size_t i = 0; i < n; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || words[j] == words[i];
        double tf = again ? 0 : whole_tf(films, known, &films[row], words[i]);
        if (tf > 0) {
            score += idf(films, count, words[i]) * tf * 2.5 / (tf + 1.5);
            *rounding += idf(films, count, words[i]) * 2.5 / 255 / 2;
        }
    }
    return score;
}

/* ---- asking ---- */

static size_t draw_question(size_t number, size_t *words, char *text)
{
    size_t n = 1 + kino_random(3, number, 0) % 6;
    *text = 0;
    for (size_t i = 0; i < n; i++) {
        char word[7];
        words[i] = kino_random(3, number, 1 + i) % WORDS;
        spell(words[i], word);
        strcat(strcat(text, i ? " " : ""), word);
    }
    return n;
}

static float ask(const kino_words *w, const char *text, float *scores)
{
    kino_words_terms terms;
    kino_words_query(w, text, strlen(text), &terms);
    return kino_words_score(w, &terms, scores);
}

static void expect_formula(const kino_words *w, const film *films, size_t count, size_t known)
{
    float scores[FILMS];
    for (size_t q = 0; q < 200; q++) {
        size_t words[6], n;
        char text[64];
        float most = 0;
        n = draw_question(q, words, text);
        float best = ask(w, text, scores);
        for (size_t row = 0; row < count; row++) {
            double rounding, naive = naive_score(films, count, known, row, words, n, &rounding);
            if (fabs(scores[row] - naive) > rounding)
                fail_msg("\"%s\", row %zu: %f, but by the formula %f +- %f", text, row, scores[row], naive, rounding);
            most = scores[row] > most ? scores[row] : most;
        }
        assert_true(best == most);
    }
}

static void scores_are_those_of_the_formula(void **state)
{
    (void)state;
    static film films[FILMS];
    invent(FILMS, films);
    for (size_t i = 0; i < WORDS; i++) { /* the naive side does not stem */
        char word[7];
        spell(i, word);
        assert_int_equal(kino_stem(word, 6), 6);
    }
    kino_words *w = kino_words_build(FILMS, tell_invented, films, &(kino_words_options){.threads = 1});
    assert_int_equal(kino_words_films(w), FILMS);
    expect_formula(w, films, FILMS, FILMS);
    for (size_t i = 0; i < WORDS; i++) {
        char word[7];
        spell(i, word);
        assert_int_equal(kino_words_df(w, word, 6), (size_t)films_with(films, FILMS, i, about));
    }
    kino_words_free(w);
}

/* ---- later films ---- */

static void later_films_are_scored_as_the_others(void **state)
{
    (void)state;
    static film films[FILMS];
    float scores[FILMS], rebuilt[FILMS];
    char text[64];
    size_t words[6];
    invent(FILMS, films);
    films[EARLY + 3] = films[7];                             /* a twin */
    films[EARLY + 4].words[KINO_WORDS_TITLE][0] = WORDS + 1; /* a word that only a later film has */
    films[EARLY + 4].words[KINO_WORDS_TITLE][1] = 0;
    kino_words *w = kino_words_build(EARLY, tell_invented, films, NULL);
    const kino_words_options later = {.base = w};
    kino_words *tail = kino_words_build(FILMS - EARLY, tell_invented, films + EARLY, &later);
    kino_words *all = kino_words_build(FILMS, tell_invented, films, &later);
    kino_words_extend(w, NULL, tail);
    assert_int_equal(kino_words_films(w), FILMS);
    expect_formula(w, films, FILMS, EARLY);
    for (size_t q = 0; q < 50; q++) { /* bit for bit what one index with the same averages says */
        draw_question(q, words, text);
        assert_true(ask(w, text, scores) == ask(all, text, rebuilt));
        assert_memory_equal(scores, rebuilt, sizeof scores);
        assert_true(scores[7] == scores[EARLY + 3]);
    }
    spell(WORDS, text);
    assert_true(ask(w, text, scores) == scores[EARLY + 4] && scores[EARLY + 4] > 0);
    assert_int_equal(kino_words_of(w, 7).count, kino_words_of(w, EARLY + 3).count);
    assert_true(kino_words_of(w, 7).count > 0);
    assert_true(kino_words_cosine(w, 7, EARLY + 3) == 1);
    for (size_t row = 0; row < FILMS; row++)
        assert_true(kino_words_cosine(w, 5, row) == kino_words_cosine(w, row, 5));
    spell(3, text);
    assert_int_equal(kino_words_df(w, text, 6), (size_t)films_with(films, FILMS, 3, about));
    kino_words_extend(w, NULL, NULL);
    assert_int_equal(kino_words_films(w), EARLY);
    expect_formula(w, films, EARLY, EARLY);
    kino_words_free(all);
    kino_words_free(tail);
    kino_words_free(w);
}

static void a_hidden_film_is_never_the_best(void **state)
{
    (void)state;
    static film films[FILMS];
    float scores[FILMS];
    char text[7];
    invent(FILMS, films);
    kino_words *w = kino_words_build(FILMS, tell_invented, films, NULL);
    for (size_t word = 0; word < WORDS; word++) {
        uint64_t hidden[1] = {0};
        float most = 0;
        size_t first = 0;
        spell(word, text);
        float best = ask(w, text, scores);
        while (scores[first] != best)
            first++;
        for (size_t row = 0; row < FILMS; row++)
            most = row != first && scores[row] > most ? scores[row] : most;
        hidden[0] = UINT64_C(1) << first;
        kino_words_extend(w, hidden, NULL);
        assert_true(ask(w, text, scores) == most);
        kino_words_extend(w, NULL, NULL);
    }
    kino_words_free(w);
}

/* ---- likeness ---- */

static double naive_weight(const film *films, const film *f, size_t word)
{
    static const size_t fields[] = {KINO_WORDS_TITLE, KINO_WORDS_KEYWORDS, KINO_WORDS_TAGLINE, KINO_WORDS_OVERVIEW,
                                    KINO_WORDS_GENRES};
    double tf = 0, df = films_with(films, FILMS, word, about);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        tf += times(f, fields[i], word);
    return tf > 0 && df >= 5 ? (1 + log(tf)) * log(FILMS / df) : 0;
}

static int descending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x < y) - (x > y);
}

/* The weights of the `keep` strongest words, the others 0. */
static void naive_vector(const film *films, size_t row, size_t keep, double *v)
{
    double sorted[WORDS];
    for (size_t i = 0; i < WORDS; i++)
        sorted[i] = v[i] = naive_weight(films, &films[row], i);
    qsort(sorted, WORDS, sizeof *sorted, descending);
    for (size_t i = 0; i < WORDS; i++)
        v[i] = v[i] >= sorted[keep - 1] ? v[i] : 0;
}

static double naive_cosine(const double *a, const double *b)
{
    double product = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < WORDS; i++) {
        product += a[i] * b[i];
        aa += a[i] * a[i];
        bb += b[i] * b[i];
    }
    return product > 0 ? product / sqrt(aa * bb) : 0;
}

static void expect_cosines(const kino_words *w, const film *films, size_t keep)
{
    for (size_t a = 0; a < FILMS; a++) {
        double x[WORDS], y[WORDS];
        naive_vector(films, a, keep, x);
        for (size_t b = 0; b < FILMS; b++) {
            float cosine = kino_words_cosine(w, a, b);
            naive_vector(films, b, keep, y);
            if (fabs(cosine - naive_cosine(x, y)) > 0.01)
                fail_msg("%zu and %zu: %f and not %f", a, b, cosine, naive_cosine(x, y));
            assert_true(kino_words_cosine(w, b, a) == cosine);
        }
        assert_true(!kino_words_of(w, a).count || kino_words_cosine(w, a, a) == 1);
    }
}

static void likeness_is_the_cosine_of_the_strongest_words(void **state)
{
    (void)state;
    static film films[FILMS];
    invent(FILMS, films);
    memset(&films[9], 0, sizeof films[9]); /* a film without a word */
    kino_words *w = kino_words_build(FILMS, tell_invented, films, NULL);
    assert_int_equal(kino_words_of(w, 9).count, 0);
    assert_true(kino_words_cosine(w, 9, 9) == 0);
    expect_cosines(w, films, WORDS);
    kino_words_free(w);
}

/* Films of the same words, whose count tells them apart: exactly the most frequent are kept. */
enum { COUNTED = 60 };
static void tell_counted(const void *ctx, size_t row, kino_words_listener *l)
{
    (void)ctx;
    for (size_t word = 0; word < COUNTED; word++)
        for (size_t n = 0; n <= word && row < 6; n++) {
            char text[7];
            spell(word, text);
            kino_words_tell(l, KINO_WORDS_OVERVIEW, text, strlen(text));
        }
}

static void the_strongest_words_are_kept(void **state)
{
    (void)state;
    kino_words *w = kino_words_build(7, tell_counted, NULL, NULL);
    kino_words_vector v = kino_words_of(w, 2);
    assert_int_equal(kino_words_numbers(w), COUNTED);
    assert_int_equal(v.count, 48);
    for (size_t i = 1; i < v.count; i++)
        assert_true(v.numbers[i - 1] < v.numbers[i]);
    uint8_t least = 255;
    for (size_t i = 0; i < v.count; i++)
        least = v.weights[i] < least ? v.weights[i] : least;
    assert_int_equal(least, 178); /* 255 (1 + ln 13) / (1 + ln 60) */
    kino_words_free(w);
    w = kino_words_build(7, tell_counted, NULL, &(kino_words_options){.keep = 2});
    v = kino_words_of(w, 2);
    assert_int_equal(v.count, 2);
    /* ln(7/6) times 1 + ln 60 and 1 + ln 59 */
    assert_int_equal(v.weights[0] + v.weights[1], 255 + 254);
    kino_words_free(w);
    w = kino_words_build(7, tell_counted, NULL, &(kino_words_options){.least = 6});
    assert_int_equal(kino_words_numbers(w), COUNTED);
    kino_words_free(w);
    w = kino_words_build(7, tell_counted, NULL, &(kino_words_options){.keep = 4, .least = 7});
    assert_int_equal(kino_words_numbers(w), 0);
    assert_int_equal(kino_words_of(w, 2).count, 0);
    kino_words_free(w);
    /* a word of all films says nothing */
    w = kino_words_build(6, tell_counted, NULL, NULL);
    assert_int_equal(kino_words_of(w, 2).count, 0);
    kino_words_free(w);
}

/* ---- texts ---- */

static void expect_words(const char *text, const char *words)
{
    kino_buffer folded = {0}, got = {0};
    kino_words_fold(&folded, text, strlen(text));
    kino_word_reader r = {.text = folded.data, .n = folded.size};
    kino_buffer_put(&got, "", 0);
    while (kino_word_next(&r)) {
        if (got.size)
            kino_buffer_byte(&got, '|');
        kino_buffer_put(&got, r.word, r.length);
    }
    if (strcmp(got.data, words) != 0)
        fail_msg("\"%s\": \"%s\" and not \"%s\"", text, got.data, words);
    free(folded.data);
    free(got.data);
}

static void texts_are_cut_into_words(void **state)
{
    (void)state;
    expect_words("", "");
    expect_words(" . ,, ' 's", "");
    expect_words("Schindler's List", "schindler|list");
    expect_words("SCHINDLER’S list", "schindler|list");
    expect_words("the boss's 's-dog, o'sullivan's", "the|boss|dog|osullivan");
    expect_words("don't it's'n", "dont|it|n");
    expect_words("Spider-Man: far_from home", "spider|man|far|from|home");
    expect_words("Amélie & l’été", "amelie|and|lete");
    expect_words("2001/1917", "2001|1917");
    expect_words("a\xff"
                 "b \xe2\x80",
                 "a|b");
    expect_words("😀love😀 😀", "love");
    expect_words("Брат и Сёстры", "брат|и|сестры");
    expect_words("千と千尋の神隠し", "千と|と千|千尋|尋の|の神|神隠|隠し");
    expect_words("羅 生門", "羅|生門");
    expect_words("ゴジラ2000ミ ラ", "コシ|シラ|2000|ミ|ラ");
    expect_words("love愛love", "love|愛|love");
}

static void long_words_are_cut(void **state)
{
    (void)state;
    char text[200], words[200];
    memset(text, 'x', 100);
    strcpy(text + 100, " y");
    memset(words, 'x', 64);
    strcpy(words + 64, "|y");
    expect_words(text, words);
    text[0] = 0;
    for (int i = 0; i < 40; i++)
        strcat(text, i ? "ж" : "x"); /* one byte, then two each: the 64th is half a letter */
    memcpy(words, text, 63);
    words[63] = 0;
    expect_words(text, words);
}

static void some_words_say_nothing(void **state)
{
    (void)state;
    static const char *const stop[] = {"a", "about", "the", "film", "movies", "something", "your", "itself"};
    static const char *const other[] = {"", "b", "abou", "abouts", "thes", "heist", "somethings", "zz", "filmmaker"};
    for (size_t i = 0; i < sizeof stop / sizeof *stop; i++)
        assert_true(kino_word_is_stop(stop[i], strlen(stop[i])));
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        assert_false(kino_word_is_stop(other[i], strlen(other[i])));
    assert_true(kino_word_is_stop("thexyz", 3));
}

/* ---- questions ---- */

typedef struct plain_film {
    const char *title, *keywords, *overview, *people;
} plain_film;

static const plain_film plain[] = {
    {"The Night of the Vault", "heist, casino", "Two robbers plan a robbery in a desert town.", "Ada Moreno"},
    {"Castle Gray", "haunted house, ghost", "A haunting in an old castle.", "Ada Moreno"},
    {"Castle Gray", "haunted house, ghost", "A haunting in an old castle.", "Ada Moreno"},
    {"Orbit", "space, station, superhero", "A superhero guards a station in space.", "Boris Heist"},
    {"Orbit 2", "space, station, superheroes", "Superheroes and their space station.", "Boris Heist"},
    {"Orbit 3", "space, station", "A station in space falls.", "Cleo Varga"},
    {"Orbit 4", "space, station, vampire", "Vampires in space reach a station.", "Cleo Varga"},
    {"Orbit 5", "space, station, vampires", "Space, a station, a vampire.", "Cleo Varga"},
    {"Lights", "vampire, empire", "The empire of a painter.", "Cleo Varga"},
    {"千と千尋", "empire", "An empire of spirits, and its vampire.", "宮崎"},
    {"Lamps", "umpire", "Umpires of an empire.", "Cleo Varga"},
    {"", "", "", ""},
};
enum { PLAIN = sizeof plain / sizeof *plain };

static void tell_plain(const void *ctx, size_t row, kino_words_listener *l)
{
    const plain_film *f = (const plain_film *)ctx + row;
    kino_words_tell(l, KINO_WORDS_TITLE, f->title, strlen(f->title));
    kino_words_tell(l, KINO_WORDS_KEYWORDS, f->keywords, strlen(f->keywords));
    kino_words_tell(l, KINO_WORDS_OVERVIEW, f->overview, strlen(f->overview));
    kino_words_tell(l, KINO_WORDS_PEOPLE, f->people, strlen(f->people));
}

static kino_words *plain_index(void)
{
    return kino_words_build(PLAIN, tell_plain, plain, NULL);
}

/* The rows that a question finds, as a set of bits. */
static unsigned found(const kino_words *w, const char *question)
{
    float scores[PLAIN];
    unsigned rows = 0;
    ask(w, question, scores);
    for (size_t row = 0; row < PLAIN; row++)
        rows |= (unsigned)(scores[row] > 0) << row;
    return rows;
}

static void questions_find_films(void **state)
{
    (void)state;
    kino_words *w = plain_index();
    float scores[PLAIN];
    assert_int_equal(found(w, "haunted castles"), 6);
    assert_int_equal(found(w, "HAUNTING"), 6);
    assert_int_equal(found(w, "the film about a"), 0);
    assert_int_equal(found(w, ""), 0);
    assert_int_equal(found(w, "千尋"), 1 << 9);
    assert_int_equal(found(w, "moreno"), 7);
    assert_int_equal(found(w, "vault's"), 1);
    /* a keyword is more than a person's name, which is as rare; twins are equal */
    ask(w, "heist", scores);
    assert_true(scores[0] > 0 && scores[3] > 0 && scores[3] == scores[4]);
    ask(w, "old ghosts", scores);
    assert_true(scores[1] > 0 && scores[1] == scores[2]);
    kino_words_free(w);
}

/* What a question asks for: the stems of plain films by their weights. */
static void expect_terms(const kino_words *w, const char *question, size_t count, ...)
{
    kino_words_terms terms;
    va_list ap;
    kino_words_query(w, question, strlen(question), &terms);
    if (terms.count != count)
        fail_msg("\"%s\": %zu terms", question, terms.count);
    va_start(ap, count);
    for (size_t i = 0; i < count; i++) {
        const char *word = va_arg(ap, const char *);
        float weight = (float)va_arg(ap, double);
        kino_words_terms one;
        kino_words_query(w, word, strlen(word), &one);
        assert_int_equal(one.count, 1);
        if (terms.items[i].base != one.items[0].base || terms.items[i].weight != weight)
            fail_msg("\"%s\": term %zu is not %s, %f", question, i, word, weight);
    }
    va_end(ap);
}

static void questions_have_terms(void **state)
{
    (void)state;
    kino_words *w = plain_index();
    expect_terms(w, "a heist in the Casino, heists", 2, "heist", 1.0, "casino", 1.0);
    /* neighbours that are one word in two films */
    expect_terms(w, "super hero", 1, "superhero", 1.0);
    expect_terms(w, "super heroes in space", 2, "superhero", 1.0, "space", 1.0);
    /* a word of two words that five films have */
    expect_terms(w, "spacestation", 2, "space", 0.7, "station", 0.7);
    expect_terms(w, "spacecasino", 0);
    expect_terms(w, "station spacestation", 2, "station", 1.0, "space", 0.7);
    /* the nearest word */
    expect_terms(w, "vanpire", 1, "vampire", 0.7);
    expect_terms(w, "vampire vanpire", 1, "vampire", 1.0);
    expect_terms(w, "vanpire vampire", 1, "vampire", 1.0);
    expect_terms(w, "qwertyuiop", 0);
    kino_words_free(w);
}

static void expect_nearest(const kino_words *w, const char *word, const char *stem)
{
    const char *got = "";
    size_t n = kino_words_nearest(w, word, strlen(word), &got);
    if (n != strlen(stem) || memcmp(got, stem, n) != 0)
        fail_msg("%s: \"%.*s\" and not \"%s\"", word, (int)n, got, stem);
}

static void misspelt_words_have_a_nearest_one(void **state)
{
    (void)state;
    kino_words *w = plain_index();
    expect_nearest(w, "vanpire", "vampir");
    expect_nearest(w, "vmapire", "vampir");
    expect_nearest(w, "vampiire", "vampir");
    expect_nearest(w, "stationn", "station");
    expect_nearest(w, "statoin", "station");
    expect_nearest(w, "emipre", "empir");
    expect_nearest(w, "emppiire", "empir"); /* eight letters: two edits */
    expect_nearest(w, "emppiirre", "");     /* not three */
    expect_nearest(w, "vamppir", "vampir");
    expect_nearest(w, "vnmpiro", ""); /* seven letters: not two */
    expect_nearest(w, "bampire", ""); /* the first letter stands */
    expect_nearest(w, "cazino", "");  /* of one film, which is too few */
    expect_nearest(w, "spce", "");    /* four letters are too few */
    expect_nearest(w, "", "");
    expect_nearest(w, "千と千尋の神隠", "");
    kino_words_free(w);
}

static void tell_words(const void *ctx, size_t row, kino_words_listener *l)
{
    const char *text = ((const char *const *)ctx)[row];
    kino_words_tell(l, KINO_WORDS_OVERVIEW, text, strlen(text));
}

static void of_near_words_the_nearest_then_the_most_frequent(void **state)
{
    (void)state;
    static const char *const texts[] = {"casto bardomon", "casto bardomon", "casto bardomon caski bardomix",
                                        "caski bardomix", "caski bardomix", "caski bardomix casku",
                                        "casku",          "casku",          "брато",
                                        "брато",          "брато"};
    kino_words *w = kino_words_build(11, tell_words, texts, NULL);
    expect_nearest(w, "caskt", "caski");       /* four films, casto and casku have three */
    expect_nearest(w, "castu", "casku");       /* casto is as near and has as many: the first */
    expect_nearest(w, "bardomor", "bardomon"); /* one edit, though bardomix has more films */
    expect_nearest(w, "bardomoo", "bardomon");
    expect_nearest(w, "братоо", "брато");
    kino_words_free(w);
}

static void names_and_titles_are_no_texts(void **state)
{
    (void)state;
    kino_words *w = plain_index();
    assert_int_equal(kino_words_df(w, "heist", 5), 1);
    assert_int_equal(kino_words_df(w, "haunts", 6), 2);
    assert_int_equal(kino_words_df(w, "moreno", 6), 0);
    assert_int_equal(kino_words_df(w, "orbit", 5), 0);
    assert_int_equal(kino_words_df(w, "absent", 6), 0);
    assert_int_equal(kino_words_df(w, "and", 3), 0); /* a stop word, though three overviews have it */
    assert_int_equal(kino_words_df(w, "", 0), 0);
    kino_words_free(w);
}

static void an_expansion_adds_what_was_not_asked(void **state)
{
    (void)state;
    kino_words *w = plain_index();
    kino_words_terms terms;
    kino_words_query(w, "vampires", 8, &terms);
    kino_words_expand(w, "the vampire in an empire vanpyre", 32, 0.25f, &terms);
    assert_int_equal(terms.count, 2);
    assert_true(terms.items[0].weight == 1 && terms.items[1].weight == 0.25f);
    kino_words_expand(w, "empires", 7, 0.5f, &terms);
    assert_int_equal(terms.count, 2);
    assert_true(terms.items[1].weight == 0.5f);
    kino_words_free(w);
}

/* ---- nothing, and too much ---- */

static void empty_indexes_answer(void **state)
{
    (void)state;
    static const plain_film none[2] = {{"", "", "", ""}, {"the", "a", "of it", ""}};
    float scores[PLAIN] = {1, 1};
    for (size_t films = 0; films <= 2; films++) {
        kino_words *w = kino_words_build(films, tell_plain, none, NULL);
        assert_int_equal(kino_words_films(w), films);
        assert_true(ask(w, "heist in a casino", scores) == 0);
        assert_true(scores[0] == (films ? 0 : 1));
        assert_int_equal(kino_words_df(w, "heist", 5), 0);
        if (films)
            assert_true(kino_words_cosine(w, 0, films - 1) == 0);
        /* the first films of a catalogue come as a tail */
        kino_words *tail = kino_words_build(PLAIN - 2, tell_plain, plain, &(kino_words_options){.base = w});
        kino_words_extend(w, NULL, tail);
        assert_true(ask(w, "heist in a casino", scores) > 0);
        assert_true(scores[films] > scores[films + 3] && scores[films + 3] > 0);
        assert_true(kino_words_cosine(w, films + 1, films + 2) == 0); /* no word was numbered */
        kino_words_free(tail);
        kino_words_free(w);
    }
    kino_words_free(NULL);
}

enum { HOSTILE = 9, HUGE_TEXT = 100000 };

/* 100 KB of one kind. */
static char *hostile_text(size_t kind)
{
    static const char *const pieces[HOSTILE] = {
        "a", " ", "'s", "\xe5\x8d\x83", "\xf0\x9f\x98\x80", "\xff\xe2\x80", "x y ", "haunted ", "\xd0\xb6\xcc\x81"};
    char *text = kino_alloc(HUGE_TEXT + 1);
    size_t n = strlen(pieces[kind]);
    for (size_t i = 0; i < HUGE_TEXT; i++)
        text[i] = pieces[kind][i % n];
    return text;
}

static void tell_hostile(const void *ctx, size_t row, kino_words_listener *l)
{
    const char *const *texts = ctx;
    for (size_t field = 0; field < FIELDS; field++)
        kino_words_tell(l, (kino_words_field)field, texts[row], HUGE_TEXT);
}

static void hostile_texts_are_texts(void **state)
{
    (void)state;
    char *texts[HOSTILE];
    float scores[HOSTILE];
    for (size_t i = 0; i < HOSTILE; i++)
        texts[i] = hostile_text(i);
    kino_words *w = kino_words_build(HOSTILE, tell_hostile, texts, &(kino_words_options){.least = 1});
    for (size_t i = 0; i < HOSTILE; i++)
        assert_true(ask(w, texts[i], scores) >= 0);
    ask(w, "haunting", scores);
    assert_true(scores[7] > 0);
    ask(w, "千千", scores);
    assert_true(scores[3] > 0);
    ask(w, "千", scores); /* nowhere alone */
    assert_true(scores[3] == 0);
    kino_words_free(w);
    for (size_t i = 0; i < HOSTILE; i++)
        free(texts[i]);
}

/* More words than a question's terms: the first are read. */
static void a_long_question_is_read_in_part(void **state)
{
    (void)state;
    char text[8 * 400 + 16];
    size_t n = 0;
    float scores[PLAIN];
    kino_words *w = plain_index();
    for (int i = 0; i < 400; i++)
        n += (size_t)sprintf(text + n, "%s ", i == 20 ? "castle" : i == 390 ? "heist" : "the");
    ask(w, text, scores);
    assert_true(scores[1] > 0 && scores[0] == 0);
    kino_words_free(w);
}

/* ---- files ---- */

enum { CROWD = 20000, LATE = 17000 }; /* so late that its gap has three bytes */
static void tell_crowd(const void *ctx, size_t row, kino_words_listener *l)
{
    (void)ctx;
    for (uint64_t i = 0; i < 12; i++) {
        char text[32];
        int n = sprintf(text, "w%u", (unsigned)(kino_random(9, row, i) % (i < 6 ? 100 : 20000)));
        kino_words_tell(l, (kino_words_field)(i % FIELDS), text, (size_t)n);
    }
    if (row == LATE)
        kino_words_tell(l, KINO_WORDS_TITLE, "late", 4);
}

static void bytes_of(const kino_words *w, kino_buffer *out)
{
    kino_container_writer writer = {0};
    kino_words_save(w, &writer);
    kino_container_bytes(&writer, KINO_KIND_SNAPSHOT, out);
    kino_container_writer_free(&writer);
}

static void threads_do_not_change_a_byte(void **state)
{
    (void)state;
    kino_buffer one = {0};
    for (int threads = 1; threads <= 4; threads++) {
        kino_buffer bytes = {0};
        kino_words *w = kino_words_build(CROWD, tell_crowd, NULL, &(kino_words_options){.threads = threads});
        bytes_of(w, &bytes);
        if (threads == 1) {
            static float scores[CROWD];
            one = bytes;
            assert_true(ask(w, "late", scores) == scores[LATE] && scores[LATE] > 0);
            assert_true(ask(w, "w17", scores) > 0);
            for (size_t row = 0, has; row < CROWD; row++) { /* over the borders of chunks */
                has = 0;
                for (uint64_t i = 0; i < 12; i++)
                    has |= kino_random(9, row, i) % (i < 6 ? 100 : 20000) == 17;
                assert_int_equal(scores[row] > 0, has);
            }
        } else {
            assert_int_equal(bytes.size, one.size);
            assert_memory_equal(bytes.data, one.data, one.size);
            free(bytes.data);
        }
        kino_words_free(w);
    }
    free(one.data);
}

/* A container of the sections, each in memory of its own, so that a step outside is seen by the sanitizer. */
typedef struct apart {
    kino_container c;
    void *copies[16];
} apart;

static apart take_apart(const kino_words *w)
{
    kino_container_writer writer = {0};
    apart a = {.c = {.path = "words", .kind = KINO_KIND_SNAPSHOT}};
    kino_words_save(w, &writer);
    assert_true(writer.count <= 16);
    a.c.sections = kino_alloc_array(writer.count, sizeof *a.c.sections);
    for (size_t i = 0; i < writer.count; i++) {
        kino_section s = writer.sections[i];
        size_t at = a.c.count++;
        for (; at && strcmp(a.c.sections[at - 1].name, s.name) > 0; at--) {
            a.c.sections[at] = a.c.sections[at - 1];
            a.copies[at] = a.copies[at - 1];
        }
        a.copies[at] = malloc(s.bytes ? s.bytes : 1);
        if (s.bytes)
            memcpy(a.copies[at], s.data, s.bytes);
        s.data = a.copies[at];
        a.c.sections[at] = s;
    }
    kino_container_writer_free(&writer);
    return a;
}

static void drop(apart *a)
{
    for (size_t i = 0; i < a->c.count; i++)
        free(a->copies[i]);
    free(a->c.sections);
}

static void a_saved_index_is_the_same(void **state)
{
    (void)state;
    static film films[FILMS];
    float scores[FILMS], viewed[FILMS];
    kino_error err = {0};
    kino_words *w, *v = NULL;
    invent(FILMS, films);
    w = kino_words_build(FILMS, tell_invented, films, NULL);
    apart a = take_apart(w);
    assert_int_equal(kino_words_view(&a.c, FILMS, &v, &err), KINO_OK);
    for (size_t q = 0; q < 20; q++) {
        size_t words[6];
        char text[64];
        draw_question(q, words, text);
        assert_true(ask(w, text, scores) == ask(v, text, viewed));
        assert_memory_equal(scores, viewed, sizeof scores);
    }
    assert_int_equal(kino_words_numbers(v), kino_words_numbers(w));
    for (size_t row = 0; row < FILMS; row++)
        assert_true(kino_words_cosine(v, 3, row) == kino_words_cosine(w, 3, row));
    kino_buffer one = {0}, two = {0};
    bytes_of(w, &one);
    bytes_of(v, &two);
    assert_int_equal(one.size, two.size);
    assert_memory_equal(one.data, two.data, one.size);
    free(one.data);
    free(two.data);
    kino_words_free(v);
    kino_words_free(w);
    drop(&a);
}

static void sections_of_another_shape_are_refused(void **state)
{
    (void)state;
    kino_words *w = plain_index(), *v = NULL;
    apart a = take_apart(w);
    kino_error err = {0};
    assert_int_equal(kino_words_view(&a.c, PLAIN, &v, &err), KINO_OK);
    kino_words_free(v);
    assert_int_equal(kino_words_view(&a.c, PLAIN + 1, &v, &err), KINO_DAMAGED);
    assert_int_equal(kino_words_view(&a.c, PLAIN - 1, &v, &err), KINO_DAMAGED);
    for (size_t i = 0; i < a.c.count; i++) {
        kino_section *s = &a.c.sections[i], sound = *s;
        const char *free_size[] = {"words.pool", "words.postings", "words.numbers"}; /* of any size */
        bool any = false;
        for (size_t k = 0; k < 3; k++)
            any = any || !strcmp(s->name, free_size[k]);
        s->name[6] = '?';
        assert_int_equal(kino_words_view(&a.c, PLAIN, &v, &err), KINO_DAMAGED);
        *s = sound;
        s->type = KINO_F64;
        assert_int_equal(kino_words_view(&a.c, PLAIN, &v, &err), KINO_DAMAGED);
        *s = sound;
        s->dims[0]--;
        if (any)
            continue;
        assert_int_equal(kino_words_view(&a.c, PLAIN, &v, &err), KINO_DAMAGED);
        *s = sound;
    }
    drop(&a);
    a = take_apart(w); /* a vocabulary without the row that closes it */
    for (size_t i = 0; i < a.c.count; i++)
        if (!strcmp(a.c.sections[i].name, "words.entries") || !strcmp(a.c.sections[i].name, "words.postings_at"))
            a.c.sections[i].dims[0] = 0;
    assert_int_equal(kino_words_view(&a.c, PLAIN, &v, &err), KINO_DAMAGED);
    drop(&a);
    kino_words_free(w);
}

/* Everything that reads the index. */
static void use(kino_words *w, size_t films)
{
    static const char *const questions[] = {"haunted castle", "spacestation vanpire superhero", "super hero heist",
                                            "empire"};
    static float scores[PLAIN + FILMS];
    const char *stem;
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        ask(w, questions[i], scores);
    kino_words_df(w, "casino", 6);
    kino_words_nearest(w, "stattions", 9, &stem);
    for (size_t row = 0; row < films; row++) {
        kino_words_cosine(w, row, films - 1 - row);
    }
}

static void damaged_bytes_never_lead_outside(void **state)
{
    (void)state;
    static const uint8_t bad[] = {0, 1, 0x7f, 0x80, 0xff};
    kino_words *w = kino_words_build(PLAIN, tell_plain, plain, &(kino_words_options){.least = 2});
    for (uint64_t round = 0; round < 4000; round++) {
        apart a = take_apart(w);
        kino_error err = {0};
        kino_words *v = NULL;
        for (uint64_t i = 0; i <= round % 5; i++) {
            size_t s = kino_random(7, round, 3 * i) % a.c.count;
            if (!a.c.sections[s].bytes)
                continue;
            uint8_t *byte = (uint8_t *)a.copies[s] + kino_random(7, round, 3 * i + 1) % a.c.sections[s].bytes;
            uint64_t how = kino_random(7, round, 3 * i + 2);
            *byte = how % 2 ? bad[how / 2 % 5] : (uint8_t)(*byte ^ 1 << how / 2 % 8);
        }
        if (!kino_words_view(&a.c, PLAIN, &v, &err)) {
            use(v, PLAIN);
            kino_words *tail = kino_words_build(3, tell_plain, plain, &(kino_words_options){.base = v});
            kino_words_extend(v, NULL, tail);
            use(v, PLAIN + 3);
            kino_words_free(tail);
            kino_words_free(v);
        }
        drop(&a);
    }
    kino_words_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_are_those_of_the_formula),
        cmocka_unit_test(later_films_are_scored_as_the_others),
        cmocka_unit_test(a_hidden_film_is_never_the_best),
        cmocka_unit_test(likeness_is_the_cosine_of_the_strongest_words),
        cmocka_unit_test(the_strongest_words_are_kept),
        cmocka_unit_test(texts_are_cut_into_words),
        cmocka_unit_test(long_words_are_cut),
        cmocka_unit_test(some_words_say_nothing),
        cmocka_unit_test(questions_find_films),
        cmocka_unit_test(questions_have_terms),
        cmocka_unit_test(misspelt_words_have_a_nearest_one),
        cmocka_unit_test(of_near_words_the_nearest_then_the_most_frequent),
        cmocka_unit_test(names_and_titles_are_no_texts),
        cmocka_unit_test(an_expansion_adds_what_was_not_asked),
        cmocka_unit_test(empty_indexes_answer),
        cmocka_unit_test(hostile_texts_are_texts),
        cmocka_unit_test(a_long_question_is_read_in_part),
        cmocka_unit_test(threads_do_not_change_a_byte),
        cmocka_unit_test(a_saved_index_is_the_same),
        cmocka_unit_test(sections_of_another_shape_are_refused),
        cmocka_unit_test(damaged_bytes_never_lead_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
