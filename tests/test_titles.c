/* test_titles.c - title look-up: what people type finds the film they mean, or says that it cannot tell. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/bytes.h"
#include "base/editdistance.h"
#include "base/titletext.h"
#include "index/titles.h"

static const kino_title_entry films[] = {
    {11, "Star Wars", "Star Wars", 1977, 6778, "tt0076759"},
    {15, "Citizen Kane", "Citizen Kane", 1941, 1244, "tt0033467"},
    {78, "Blade Runner", "Blade Runner", 1982, 3833, "tt0083658"},
    {120, "The Lord of the Rings: The Fellowship of the Ring", "The Lord of the Rings: The Fellowship of the Ring",
     2001, 8892, "tt0120737"},
    {121, "The Lord of the Rings: The Two Towers", "The Lord of the Rings: The Two Towers", 2002, 7641, "tt0167261"},
    {129, "Spirited Away", "千と千尋の神隠し", 2001, 3968, "tt0245429"},
    {153, "Lost in Translation", "Lost in Translation", 2003, 1943, "tt0335266"},
    {194, "Amélie", "Le Fabuleux Destin d'Amélie Poulain", 2001, 3403, "tt0211915"},
    {238, "The Godfather", "The Godfather", 1972, 6024, "tt0068646"},
    {240, "The Godfather: Part II", "The Godfather: Part II", 1974, 3418, "tt0071562"},
    {348, "Alien", "Alien", 1979, 4564, "tt0078748"},
    {562, "Die Hard", "Die Hard", 1988, 4005, "tt0095016"},
    {603, "The Matrix", "The Matrix", 1999, 9079, "tt0133093"},
    {604, "The Matrix Reloaded", "The Matrix Reloaded", 2003, 3500, "tt0234215"},
    {679, "Aliens", "Aliens", 1986, 3282, "tt0090605"},
    {832, "M", "M", 1931, 465, "tt0022100"},
    {862, "Toy Story", "Toy Story", 1995, 5415, "tt0114709"},
    {863, "Toy Story 2", "Toy Story 2", 1999, 3914, "tt0120363"},
    {935, "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb",
     "Dr. Strangelove or: How I Learned to Stop Worrying and Love the Bomb", 1964, 1472, "tt0057012"},
    {1018, "Mulholland Drive", "Mulholland Drive", 2001, 1300, "tt0166924"},
    {1366, "Rocky", "Rocky", 1976, 1600, "tt0075148"},
    {1367, "Rocky II", "Rocky II", 1979, 900, "tt0079817"},
    {2012, "Some Other Film", "Some Other Film", 1980, 3, ""},
    {2649, "The Game", "The Game", 1997, 1500, "tt0119174"},
    {4348, "Pride & Prejudice", "Pride & Prejudice", 2005, 1500, "tt0414387"},
    {5156, "Bicycle Thieves", "Ladri di biciclette", 1948, 500, "tt0040522"},
    {5503, "Hamlet", "Hamlet", 1990, 120, "tt0099726"},
    {10428, "Hamlet", "Hamlet", 2000, 60, "tt0171359"},
    {10549, "Hamlet", "Hamlet", 1996, 130, "tt0116477"},
    {10681, "WALL·E", "WALL·E", 2008, 6439, "tt0910970"},
    {10858, "Nixon", "Nixon", 1995, 72, "tt0113987"},
    {14161, "2012", "2012", 2009, 4000, "tt1190080"},
    {28178, "Hachi: A Dog's Tale", "Hachi: A Dog's Tale", 2009, 1728, "tt1028532"},
    {32051, "Hamlet Goes Business", "Hamlet liikemaailmassa", 1987, 20, "tt0093139"},
    {335984, "Blade Runner 2049", "Blade Runner 2049", 2017, 3000, "tt1856101"},
    {500000, "L'Avventura", "L'avventura", 1960, 200, "tt0053619"},
    {500001, "Брат", "Брат", 1997, 200, "tt0118767"},
    {557557, "Spider-Man", "Spider-Man", 2002, 5000, "tt0145487"},
};
enum { FILMS = sizeof films / sizeof *films };

static kino_titles *titles;

static int start(void **state)
{
    (void)state;
    titles = kino_titles_build(films, FILMS, 2);
    return 0;
}

static int stop(void **state)
{
    (void)state;
    kino_titles_free(titles);
    return 0;
}

static void expect(const char *text, kino_titles_answer answer, const char *kind, int64_t id, int year)
{
    kino_title_hit hits[8];
    size_t found = kino_titles_find(titles, text, 8, hits);
    if (!found && !kind)
        return;
    if (!found)
        fail_msg("\"%s\": nothing found", text);
    const kino_title_entry *e = &films[hits[0].entry];
    if (!kind || kino_titles_verdict(hits, found) != answer || strcmp(kino_title_kind_name(hits[0].kind), kind) ||
        e->id != id || (year && e->year != year))
        fail_msg("\"%s\": %lld %s (%d) as %s/%d, verdict %d", text, (long long)e->id, e->title, e->year,
                 kino_title_kind_name(hits[0].kind), hits[0].distance, (int)kino_titles_verdict(hits, found));
}

#define NONE KINO_TITLES_NONE
#define ONE KINO_TITLES_UNIQUE
#define MANY KINO_TITLES_AMBIGUOUS

static void one_film(void **state)
{
    (void)state;
    expect("Toy Story", ONE, "exact", 862, 0);
    expect("  toy  story ", ONE, "folded", 862, 0);
    expect("TOY STORY 2", ONE, "folded", 863, 0);
    expect("862", ONE, "id", 862, 0);
    expect("tt0114709", ONE, "id", 862, 0);
    expect("The Matrix", ONE, "exact", 603, 0);
    expect("matrix", ONE, "alias", 603, 0);
    expect("Matrix, The", ONE, "alias", 603, 0);
    expect("Matrix, The (1999)", ONE, "alias", 603, 0);
    expect("amelie", ONE, "folded", 194, 0);
    expect("AMÉLIE", ONE, "folded", 194, 0);
    expect("Le fabuleux destin d'Amelie Poulain", ONE, "alias", 194, 0);
    expect("千と千尋の神隠し", ONE, "alias", 129, 0);
    expect("Ladri di Biciclette", ONE, "alias", 5156, 0);
    expect("rocky 2", ONE, "alias", 1367, 0);
    expect("Rocky", ONE, "exact", 1366, 0);
    expect("the godfather part 2", ONE, "alias", 240, 0);
    expect("The Godfather", ONE, "exact", 238, 0);
    expect("Pride and Prejudice", ONE, "folded", 4348, 0);
    expect("the fellowship of the ring", ONE, "alias", 120, 0);
    expect("the 2 towers", ONE, "alias", 121, 0);
    expect("Doctor Strangelove", ONE, "alias", 935, 0);
    expect("Hachi", ONE, "alias", 28178, 0);
    expect("walle", ONE, "alias", 10681, 0);
    expect("wall-e", ONE, "folded", 10681, 0);
    expect("spiderman", ONE, "alias", 557557, 0);
    expect("avventura", ONE, "alias", 500000, 0);
    expect("брат", ONE, "folded", 500001, 0);
    expect("m", ONE, "folded", 832, 0);
    expect("Hamlet (1996)", ONE, "exact", 10549, 1996);
    expect("hamlet 2000", ONE, "folded", 10428, 2000);
    expect("Hamlet (1997)", ONE, "exact", 10549, 1996);
    expect("Blade Runner 2049", ONE, "exact", 335984, 0);
    expect("Blade Runner (1982)", ONE, "exact", 78, 0);
    expect("2012 (2009)", ONE, "exact", 14161, 0);
    expect("id:2012", ONE, "id", 2012, 0);
}

static void several_films(void **state)
{
    (void)state;
    kino_title_hit hits[8];
    expect("Hamlet", MANY, "exact", 10549, 0);
    expect("hamlet", MANY, "folded", 10549, 0);
    expect("the lord of the rings", MANY, "alias", 120, 0);
    expect("2012", MANY, "id", 2012, 0);
    /* the Hamlets by votes, then what begins with Hamlet */
    assert_int_equal(kino_titles_find(titles, "Hamlet", 8, hits), 4);
    assert_int_equal(films[hits[1].entry].year, 1990);
    assert_int_equal(films[hits[2].entry].year, 2000);
    assert_int_equal(films[hits[3].entry].id, 32051);
    assert_int_equal(hits[3].kind, KINO_TITLE_PREFIX);
    assert_int_equal(kino_titles_find(titles, "Hamlet", 2, hits), 2);
    assert_int_equal(kino_titles_verdict(hits, 2), KINO_TITLES_AMBIGUOUS);
}

static void did_you_mean(void **state)
{
    (void)state;
    kino_title_hit hits[8];
    expect("toy stor", NONE, "prefix", 862, 0);
    expect("lord of the rings the fell", NONE, "prefix", 120, 0);
    expect("Mtarix", NONE, "typo", 603, 0);
    expect("teh matrix", NONE, "typo", 603, 0);
    expect("Toy Sotry", NONE, "typo", 862, 0);
    expect("citizan cane", NONE, "typo", 15, 0);
    expect("mullholand drive", NONE, "typo", 1018, 0);
    expect("lost in traslation", NONE, "typo", 153, 0);
    expect("felowship of the ring", NONE, "typo", 120, 0);
    expect("амели", NONE, NULL, 0, 0);
    expect("бррат", NONE, "typo", 500001, 0);
    expect("Hamlte (1996)", NONE, "typo", 10549, 1996);
    expect("Hamlet (1950)", NONE, "typo", 10549, 0);
    expect("Blade Runner 2048", NONE, "typo", 335984, 0);
    expect("xyzzy", NONE, NULL, 0, 0);
    expect("", NONE, NULL, 0, 0);
    expect("...", NONE, NULL, 0, 0);
    expect("999999999999999999999", NONE, NULL, 0, 0);
    expect("tt99999999999", NONE, NULL, 0, 0);
    assert_int_equal(kino_titles_find(titles, "alein", 8, hits), 1); /* a swap is one edit; Aliens is two away */
    assert_int_equal(films[hits[0].entry].id, 348);
    assert_int_equal(hits[0].distance, 1);
    assert_int_equal(kino_titles_find(titles, "hamlet", 0, hits), 0);
}

/* Titles of every length around the bounds with so many edits and one more: none up to 3 letters, one up to 7, two up
 * to 14, three from 15 on. */
static void edits_by_length(void **state)
{
    (void)state;
    static const char letters[] = "abcdefghijklmnopqr";
    for (size_t n = 1; n <= 18; n++)
        for (int edits = 1; edits <= 4; edits++) {
            const int allowed = (n >= 4) + (n >= 8) + (n >= 15);
            char title[20] = "", typed[20] = "";
            kino_title_hit hit;
            memcpy(title, letters, n);
            memcpy(typed, letters, n);
            for (int e = 0; e < edits && (size_t)e < n; e++)
                typed[n - 1 - (size_t)e * n / 4] = (char)('w' + e % 4);
            if ((size_t)edits > n / 2)
                continue;
            const kino_title_entry one = {7, title, title, 2000, 1, ""};
            kino_titles *t = kino_titles_build(&one, 1, 1);
            const size_t found = kino_titles_find(t, typed, 1, &hit);
            if (found != (edits <= allowed))
                fail_msg("\"%s\" for \"%s\"", typed, title);
            if (found)
                assert_int_equal(hit.distance, edits);
            kino_titles_free(t);
        }
}

/* A year is one from 1870, before the first film, to 2100. */
static void years_behind_titles(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool bare;
        int year;
        size_t n;
    } cases[] = {
        {"A Trip to the Moon (1902)", false, 1902, 18},
        {"X (1870)", false, 1870, 1},
        {"X (1869)", false, 0, 8},
        {"X (2100)", false, 2100, 1},
        {"X (2101)", false, 0, 8},
        {"X(1999)", false, 1999, 1},
        {"X   (1999)", false, 1999, 1},
        {"(1999)", false, 0, 6},
        {" (1999)", false, 0, 7},
        {"X (199)", false, 0, 7},
        {"X (19999)", false, 0, 9},
        {"X (1x99)", false, 0, 8},
        {"X (1999", false, 0, 7},
        {"X [1999)", false, 0, 8},
        {"X 1999", false, 0, 6},
        {"X 1999", true, 1999, 1},
        {"X  1870", true, 1870, 1},
        {"X 1869", true, 0, 6},
        {"X 2101", true, 0, 6},
        {"X1999", true, 0, 5},
        {"1999", true, 0, 4},
        {" 1999", true, 0, 5},
        {"X 199", true, 0, 5},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].text);
        const int year = kino_title_cut_year(cases[i].text, &n, cases[i].bare);
        if (year != cases[i].year || n != cases[i].n)
            fail_msg("\"%s\": %d, %zu", cases[i].text, year, n);
    }
}

/* A year admits its films, else those of the years beside it, else it is a misspelling. */
static void years_nearby(void **state)
{
    (void)state;
    static const kino_title_entry of[] = {{1, "Faust", "Faust", 1926, 9, ""}, {2, "Faust", "Faust", 1994, 5, ""}};
    kino_titles *t = kino_titles_build(of, 2, 1);
    kino_title_hit hits[4];
    static const struct {
        const char *text;
        size_t found;
        uint32_t entry;
        int kind;
    } cases[] = {
        {"Faust (1926)", 1, 0, KINO_TITLE_EXACT}, {"Faust (1925)", 1, 0, KINO_TITLE_EXACT},
        {"Faust (1927)", 1, 0, KINO_TITLE_EXACT}, {"Faust (1995)", 1, 1, KINO_TITLE_EXACT},
        {"Faust (1924)", 2, 0, KINO_TITLE_TYPO},  {"Faust (1928)", 2, 0, KINO_TITLE_TYPO},
        {"Faust 1994", 1, 1, KINO_TITLE_EXACT},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(kino_titles_find(t, cases[i].text, 4, hits), cases[i].found);
        assert_int_equal(hits[0].entry, cases[i].entry);
        assert_int_equal(hits[0].kind, cases[i].kind);
    }
    kino_titles_free(t);
}

/* A table whose last films came later and some of whose films are hidden answers as one over the rest would. */
static void later_and_hidden_films(void **state)
{
    (void)state;
    enum { FIRST = 25 };
    static const char *const texts[] = {"Toy Story",
                                        "toy stor",
                                        "862",
                                        "tt0114709",
                                        "Hamlet",
                                        "hamlet 1996",
                                        "Hamlet (1990)",
                                        "matrix",
                                        "Mtarix",
                                        "the godfather",
                                        "rocky 2",
                                        "blade runner",
                                        "Blade Runner 2049",
                                        "2012",
                                        "id:2012",
                                        "spiderman",
                                        "walle",
                                        "the lord of the rings",
                                        "brat",
                                        "alein",
                                        "a",
                                        "t",
                                        "Faust (1926)",
                                        "bicycle",
                                        "nixom"};
    kino_title_entry seen[FILMS];
    for (uint64_t round = 0; round < 40; round++) {
        uint64_t hidden = 0;
        size_t count = 0;
        for (size_t i = 0; i < FILMS; i++) {
            const bool hide = round && i < FIRST && kino_random(20, round, i) % 4 == 0;
            hidden |= (uint64_t)hide << i;
            if (!hide)
                seen[count++] = films[i];
        }
        kino_titles *whole = kino_titles_build(seen, count, 1), *base = kino_titles_build(films, FIRST, 1);
        kino_titles *tail = kino_titles_build(films + FIRST, FILMS - FIRST, 1);
        kino_titles_extend(base, round ? &hidden : NULL, tail);
        for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
            kino_title_hit want[6], got[6];
            const size_t n = kino_titles_find(whole, texts[i], 6, want);
            assert_int_equal(kino_titles_find(base, texts[i], 6, got), n);
            for (size_t h = 0; h < n; h++) {
                assert_int_equal(films[got[h].entry].id, seen[want[h].entry].id);
                assert_int_equal(got[h].kind, want[h].kind);
                assert_int_equal(got[h].distance, want[h].distance);
            }
        }
        kino_titles_free(whole);
        kino_titles_free(base);
        kino_titles_free(tail);
    }
}

/* A piece of a longer text is looked up in one way at a time, which nothing closer keeps from being tried. */
static void one_way_alone(void **state)
{
    (void)state;
    kino_title_hit hits[5];
    assert_int_equal(kino_titles_equal(titles, "blade runner and", 12, 5, hits), 1);
    assert_int_equal(films[hits[0].entry].id, 78);
    assert_int_equal(hits[0].kind, KINO_TITLE_FOLDED);
    assert_int_equal(kino_titles_equal(titles, "blade runer", 11, 5, hits), 0);
    assert_int_equal(kino_titles_equal(titles, "blade", 5, 5, hits), 0);
    assert_int_equal(kino_titles_equal(titles, "78", 2, 5, hits), 0);
    assert_int_equal(kino_titles_misspelt(titles, "blade runer and", 11, 5, hits), 1);
    assert_int_equal(films[hits[0].entry].id, 78);
    assert_int_equal(hits[0].kind, KINO_TITLE_TYPO);
    assert_int_equal(kino_titles_misspelt(titles, "", 0, 5, hits), 0);
    assert_int_equal(kino_titles_equal(titles, "blade runner", 12, 0, hits), 0);
}

static void any_text(void **state)
{
    (void)state;
    kino_title_hit hits[5];
    char text[1400];
    for (size_t round = 0; round < 3000; round++) {
        size_t n = kino_random(5, 0, round) % (round % 10 ? 40 : sizeof text - 1);
        for (size_t i = 0; i < n; i++) {
            text[i] = (char)(kino_random(6, round, i) % (round % 2 ? 255 : 94) + 1);
            if (round % 2 == 0)
                text[i] = (char)(text[i] + 31);
        }
        text[n] = 0;
        assert_true(kino_titles_find(titles, text, 5, hits) <= 5);
        kino_title_entry e[2] = {{1, text, "x", 2000, 1, text}, {2, "y", text, 0, -1, NULL}};
        kino_titles *t = kino_titles_build(e, 2, 1);
        size_t found = kino_titles_find(t, text, 5, hits);
        if (n < 1000 && found)
            assert_true(hits[0].entry < 2);
        kino_titles_free(t);
    }
    kino_titles *none = kino_titles_build(NULL, 0, 3);
    assert_int_equal(kino_titles_find(none, "Hamlet", 5, hits), 0);
    kino_titles_free(none);
}

/* The whole matrix, for comparison. */
static int plain_distance(const uint8_t *a, size_t n, const uint8_t *b, size_t m)
{
    int d[101][101];
    for (size_t i = 0; i <= n; i++)
        for (size_t j = 0; j <= m; j++) {
            if (!i || !j) {
                d[i][j] = (int)(i + j);
                continue;
            }
            int best = d[i - 1][j - 1] + (a[i - 1] != b[j - 1]);
            best = d[i - 1][j] + 1 < best ? d[i - 1][j] + 1 : best;
            best = d[i][j - 1] + 1 < best ? d[i][j - 1] + 1 : best;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && d[i - 2][j - 2] + 1 < best)
                best = d[i - 2][j - 2] + 1;
            d[i][j] = best;
        }
    return d[n][m];
}

static void edit_distances(void **state)
{
    (void)state;
    uint8_t a[100], b[100];
    for (size_t round = 0; round < 20000; round++) {
        size_t n = kino_random(7, 0, round) % (round % 3 ? 12 : 100), m = n;
        for (size_t i = 0; i < n; i++)
            a[i] = (uint8_t)('a' + kino_random(8, round, i) % 3);
        memcpy(b, a, n);
        for (size_t e = 0; e < kino_random(9, 0, round) % 5 && m > 2; e++) {
            size_t at = kino_random(9, e, round) % (m - 1);
            uint8_t c = b[at];
            switch (kino_random(10, e, round) % 4) {
            case 0:
                b[at] = 'z';
                break;
            case 1:
                memmove(b + at, b + at + 1, --m - at);
                break;
            case 2:
                b[at] = b[at + 1], b[at + 1] = c;
                break;
            default:
                if (m < sizeof b)
                    memmove(b + at + 1, b + at, m++ - at);
            }
        }
        int want = plain_distance(a, n, b, m);
        if (n <= KINO_EDIT_LETTERS) {
            kino_edit_pattern p;
            kino_edit_prepare(&p, a, n);
            assert_int_equal(kino_edit_distance(&p, b, m), want);
        }
        for (int most = 1; most <= 4; most++)
            assert_int_equal(kino_edit_within(a, n, b, m, most), want <= most ? want : most + 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_film),        cmocka_unit_test(several_films),
        cmocka_unit_test(did_you_mean),    cmocka_unit_test(later_and_hidden_films),
        cmocka_unit_test(edits_by_length), cmocka_unit_test(years_behind_titles),
        cmocka_unit_test(years_nearby),    cmocka_unit_test(one_way_alone),
        cmocka_unit_test(any_text),        cmocka_unit_test(edit_distances),
    };
    return cmocka_run_group_tests_name("titles", tests, start, stop);
}
