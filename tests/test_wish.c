/* test_wish.c - questions in plain words: what is understood of them, and what is left. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/utf8.h"
#include "wish/lexicon.h"
#include "wish_play.h"

static wish_play play;

/* "text|as|value; ..." */
static void describe(const char *question, const kino_wish *w, kino_buffer *out)
{
    out->size = 0;
    kino_buffer_put(out, "", 0);
    for (size_t i = 0; i < w->count; i++) {
        const kino_wish_chip *c = &w->chips[i];
        kino_buffer_print(out, "%s%.*s|%s|%s", i ? "; " : "", (int)(c->to - c->from), question + c->from,
                          kino_wish_as(c), c->value);
    }
}

/* ---- the golden questions ---- */

static void read_golden(const wish_play *over)
{
    char line[4096];
    size_t questions = 0, wrong = 0;
    kino_wish w = {0};
    kino_buffer got = {0};
    FILE *f = fopen("tests/golden/wishes.tsv", "r");
    assert_non_null(f);
    while (fgets(line, sizeof line, f)) {
        line[strcspn(line, "\n")] = 0;
        if (!*line || *line == '#')
            continue;
        char *understood = strchr(line, '\t'), *rest = understood ? strchr(understood + 1, '\t') : NULL;
        assert_non_null(rest);
        *understood++ = *rest++ = 0;
        kino_wish_read(over->reader, line, strlen(line), KINO_WISH_AS_SEEN, &w);
        describe(line, &w, &got);
        questions++;
        if (strcmp(got.size ? got.data : "", understood) || strcmp(w.rest, rest)) {
            wrong++;
            print_message("# %s\n#   got  %s  rest %s\n#   want %s  rest %s\n", line, got.size ? got.data : "", w.rest,
                          understood, rest);
        }
    }
    fclose(f);
    free(got.data);
    kino_wish_free(&w);
    print_message("# %zu questions, %zu not understood\n", questions, wrong);
    assert_true(questions >= 150);
    assert_int_equal(wrong, 0);
}

static void golden_questions(void **state)
{
    (void)state;
    read_golden(&play);
}

/* However the films lie, the same is understood. */
static void golden_questions_of_a_file(void **state)
{
    (void)state;
    wish_play saved;
    assert_true(open_wish_play(&saved, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_SAVED));
    read_golden(&saved);
    close_wish_play(&saved);
}

static void golden_questions_of_changed_films(void **state)
{
    (void)state;
    wish_play changed;
    assert_true(open_wish_play(&changed, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_CHANGED));
    assert_non_null(changed.rows.tail);
    read_golden(&changed);
    close_wish_play(&changed);
}

/* ---- the parts of a reading ---- */

static kino_wish wish;

static void read_as(const char *question, kino_wish_mode mode)
{
    kino_wish_read(play.reader, question, strlen(question), mode, &wish);
}

/* The first chip of a kind, which is there. */
static const kino_wish_chip *chip(kino_wish_kind kind)
{
    for (size_t i = 0; i < wish.count; i++)
        if (wish.chips[i].kind == kind)
            return &wish.chips[i];
    fail_msg("no chip of kind %d", kind);
    return NULL;
}

static float genre_wish(const char *name)
{
    for (size_t g = 0; kino_wish_genre_name(g); g++)
        if (!strcmp(kino_wish_genre_name(g), name))
            return wish.genres[g];
    fail_msg("no genre %s", name);
    return 0;
}

static void ranges_are_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *question;
        kino_wish_kind kind;
        int low, high;
    } cases[] = {
        {"films from 1995 to 2001", KINO_WISH_YEAR, 1995, 2001}, {"films before 1940", KINO_WISH_YEAR, 0, 1939},
        {"horror since 2015", KINO_WISH_YEAR, 2015, 0},          {"early 90s horror", KINO_WISH_YEAR, 1990, 1993},
        {"comedies 1994-96", KINO_WISH_YEAR, 1994, 1996},        {"90s or 80s horror", KINO_WISH_YEAR, 1980, 1999},
        {"horror under 90 minutes", KINO_WISH_RUNTIME, 0, 90},   {"drama over 2h30", KINO_WISH_RUNTIME, 150, 0},
        {"drama, 1.5 hours", KINO_WISH_RUNTIME, 80, 100},        {"not too long western", KINO_WISH_RUNTIME, 0, 120},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_as(cases[i].question, KINO_WISH_AS_SEEN);
        assert_int_equal(chip(cases[i].kind)->low, cases[i].low);
        assert_int_equal(chip(cases[i].kind)->high, cases[i].high);
    }
}

/* Films and people come as numbers, and those numbers are who the value names. */
static void films_and_people_are_numbers(void **state)
{
    (void)state;
    const kino_wish_lookups *look = kino_wish_catalogue_lookups(play.wishes);
    kino_wish_film film;
    kino_wish_person person;
    read_as("like Blade Runner with harrison ford or tom hanks", KINO_WISH_AS_SEEN);
    const kino_wish_chip *like = chip(KINO_WISH_LIKE), *with = chip(KINO_WISH_WITH);
    assert_int_equal(like->count, 1);
    look->film(look->ctx, like->items[0], &film);
    assert_string_equal(film.title, "Blade Runner");
    look->person(look->ctx, with->items[0], &person);
    assert_string_equal(person.name, "Harrison Ford");
    assert_false(with->any);
    assert_true(with[1].any); /* "or" */
    read_as("coen brothers", KINO_WISH_AS_SEEN);
    assert_int_equal(chip(KINO_WISH_PERSON)->count, 2);
    read_as("in the style of hitchcock", KINO_WISH_AS_SEEN); /* his best-known films stand for him */
    assert_int_equal(chip(KINO_WISH_LIKE)->count, 3);
    look->film(look->ctx, chip(KINO_WISH_LIKE)->items[0], &film);
    assert_true(film.votes >= 1000);
}

static void wishes_are_no_filters(void **state)
{
    (void)state;
    read_as("80s", KINO_WISH_AS_SEEN); /* as often when a film is set as when it was made */
    assert_true(chip(KINO_WISH_YEAR)->wish);
    assert_string_equal(wish.match, "80s");
    read_as("80s horror", KINO_WISH_AS_SEEN);
    assert_false(chip(KINO_WISH_YEAR)->wish);
    read_as("a french chef falls in love", KINO_WISH_AS_SEEN);
    assert_int_equal(wish.count, 0);
    assert_string_equal(wish.language, "fr");
    read_as("scary movies", KINO_WISH_AS_SEEN);
    assert_true(wish.mood_only && chip(KINO_WISH_MOOD)->wish);
    assert_true(genre_wish("Horror") > 0.5f);
    assert_non_null(strstr(wish.expand, "haunted"));
    read_as("scary but not gory", KINO_WISH_AS_SEEN);
    const float less = genre_wish("Horror");
    read_as("scary and gory", KINO_WISH_AS_SEEN);
    assert_true(genre_wish("Horror") > less);
    assert_true(wish.mood_only);
    read_as("scary house", KINO_WISH_AS_SEEN);
    assert_false(wish.mood_only);
}

/* What a chip took is not in the rest, and still matched where films are found by it. */
static void words_are_matched_that_a_chip_took(void **state)
{
    (void)state;
    read_as("film noir from the 40s", KINO_WISH_AS_SEEN);
    assert_string_equal(wish.rest, "");
    assert_string_equal(wish.match, "film noir");
    read_as("cult horror", KINO_WISH_AS_SEEN);
    assert_string_equal(wish.match, "cult film");
    read_as("spaghetti westerns", KINO_WISH_AS_SEEN);
    assert_string_equal(wish.match, "spaghetti westerns");
}

static void the_other_reading_can_be_asked_for(void **state)
{
    (void)state;
    read_as("heat", KINO_WISH_AS_SEEN);
    assert_int_equal(chip(KINO_WISH_TITLE)->count, 1);
    assert_int_equal(wish.other, KINO_WISH_OR_WORDS);
    read_as("heat", KINO_WISH_AS_WORDS);
    assert_int_equal(wish.count, 0);
    assert_string_equal(wish.rest, "heat");
    read_as("western", KINO_WISH_AS_SEEN);
    assert_int_equal(wish.other, KINO_WISH_NO_OTHER);
    read_as("harry potter", KINO_WISH_AS_WORDS);
    assert_string_equal(wish.rest, "harry potter");
    read_as("nothing that any title holds", KINO_WISH_AS_TITLE);
    for (size_t i = 0; i < wish.count; i++)
        assert_int_not_equal(wish.chips[i].kind, KINO_WISH_TITLE);
}

static void countries_and_people_may_be_missing(void **state)
{
    (void)state;
    kino_wish_lookups look = *kino_wish_catalogue_lookups(play.wishes);
    look.countries = true;
    look.people = NULL;
    kino_wish_reader *reader = kino_wish_reader_open(&look);
    const char question[] = "british comedies with tom hanks";
    kino_wish_read(reader, question, strlen(question), KINO_WISH_AS_SEEN, &wish);
    assert_string_equal(chip(KINO_WISH_COUNTRY)->value, "GB");
    assert_string_equal(wish.rest, "tom hanks");
    kino_wish_reader_close(reader);
    read_as("british comedies", KINO_WISH_AS_SEEN); /* neither a language nor a country tells it: it stays a word */
    assert_string_equal(wish.rest, "british");
}

/* ---- films that decide one thing each ---- */

#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        (const kino_named[]){__VA_ARGS__}, sizeof((const kino_named[]){__VA_ARGS__}) / sizeof(kino_named)              \
    }
#define FILM(number, name, count, ...)                                                                                 \
    {                                                                                                                  \
        .id = number, .imdb_id = "", .title = name, .original_title = name, .language = "en", .date = "",              \
        .year = 1990 + number, .votes = count, .overview = "", .tagline = "", .status = "", .poster_path = "",         \
        .collection = {0, ""}, __VA_ARGS__                                                                             \
    }

static const kino_movie invented[] = {
    FILM(1, "Lantern: Storm", 5000, .keywords = LIST({1, "dragon"}, {2, "french revolution"}, {3, "dark matter"})),
    FILM(2, "Bay", 10, .keywords = LIST({1, "dragon"}, {2, "french revolution"}, {3, "dark matter"}),
         .directors = LIST({13, "Cora Q. Field"})),
    FILM(3, "The Bay", 5000, .keywords = LIST({1, "dragons"}, {2, "revolution"})),
    FILM(4, "Dragons", 500, .keywords = LIST({1, "dragon"})),
    FILM(5, "Brook", 150, .keywords = LIST({1, "dragon"})),
    FILM(6, "Harbour", 9000, .keywords = LIST({1, "dragon"}), .directors = LIST({11, "Hal Brook"}, {12, "Bea Field"})),
    FILM(7, "Quarry", 9000,
         .cast = LIST({21, "Mona Stone"}, {22, "A B"}, {23, "C D"}, {24, "E F"}, {25, "G H"}, {26, "I J"}, {27, "K L"},
                      {28, "M N"}, {29, "Otto Stone"}),
         .genres = LIST({1, "Comedy"})),
};

/* What is understood of a question over these films. */
static void read_invented(const char *question)
{
    const size_t n = sizeof invented / sizeof *invented;
    wish_play films;
    open_wish_films(&films, invented, n, WISH_BUILT);
    kino_wish_lookups look = *kino_wish_catalogue_lookups(films.wishes);
    look.countries = true;
    kino_wish_reader *reader = kino_wish_reader_open(&look);
    kino_wish_read(reader, question, strlen(question), KINO_WISH_AS_SEEN, &wish);
    kino_wish_reader_close(reader);
    close_wish_play(&films);
}

static void each_thing_is_decided(void **state)
{
    (void)state;
    static const struct {
        const char *question, *understood, *rest;
    } cases[] = {
        {"storm", "", "storm"}, /* the back part of a title of one word is no name of it */
        {"lantern", "lantern|title|Lantern: Storm (1991)", ""},
        {"bay", "bay|title|The Bay (1993)", ""}, /* everybody means the better known */
        {"dragons", "dragons|title|Dragons (1994)", "dragons"},
        {"brook", "brook|person|Hal Brook", ""},
        {"cora field", "cora field|person|Cora Q. Field", ""},
        {"stone", "stone|person|Mona Stone", ""}, /* far better known than the one far down the list */
        {"french revolution comedies", "comedies|genre|Comedy", "french revolution"},
        {"french comedies", "french|country|FR,BE; comedies|genre|Comedy", ""},
        {"dark matter", "", "dark matter"},
        {"dark comedies", "dark|mood|dark; comedies|genre|Comedy", "dark"},
        {"US comedies", "US|country|US; comedies|genre|Comedy", ""},
        {"us comedies", "comedies|genre|Comedy", ""},
        {"comedies, not popular", "comedies|genre|Comedy; popular|rank|obscure", ""},
        {"80s comedies from 1994", "comedies|genre|Comedy; from 1994|year|1994", "80s"},
    };
    kino_buffer got = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        read_invented(cases[i].question);
        describe(cases[i].question, &wish, &got);
        assert_string_equal(got.size ? got.data : "", cases[i].understood);
        assert_string_equal(wish.rest, cases[i].rest);
    }
    free(got.data);
    read_invented("dragons");
    assert_true(wish.first_then_words);
    read_invented("brook");
    assert_int_equal(wish.other, KINO_WISH_OR_TITLE);
    assert_int_equal(wish.other_film, 4);
}

/* ---- anything at all ---- */

static char *repeat(const char *piece, size_t bytes)
{
    kino_buffer b = {0};
    while (b.size + strlen(piece) <= bytes)
        kino_buffer_put(&b, piece, strlen(piece));
    return b.data;
}

static void hostile_questions(void **state)
{
    (void)state;
    static const struct {
        const char *piece;
        size_t bytes, most; /* chips */
    } cases[] = {
        {"a", 4096, 0},
        {"horror ", 4200, 96},
        {"not ", 4000, 0},
        {"\"", 4000, 0},
        {"like ", 4000, 0},
        {"\xC3\xA9", 4096, 0},
        {"\xE2\x80\xAE", 4095, 0},
        {"\xF0\x9F\x8E\xAC ", 4000, 0},
        {"\xE5\x8D\x83", 4098, 0},
        {"\xFF\xC3", 4096, 0},
        {"( ", 4096, 0},
        {"and or ", 4096, 0},
        {"not horror ", 10000, 96},
        {"90s to ", 4096, 96},
        {"between 1 and ", 4096, 0},
        {"\xEF\xB7\xBA", 4095, 0},
        {"\xCC\x81", 4096, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char *text = repeat(cases[i].piece, cases[i].bytes);
        kino_wish_read(play.reader, text, strlen(text), KINO_WISH_AS_SEEN, &wish);
        assert_true(wish.count <= cases[i].most);
        assert_true(strlen(wish.rest) <= 12 * KINO_WISH_BYTES); /* one character can fold into eighteen */
        free(text);
    }
    kino_wish_read(play.reader, "", 0, KINO_WISH_AS_SEEN, &wish);
    assert_int_equal(wish.count, 0);
    assert_string_equal(wish.rest, "");
    read_as("tarrantino", KINO_WISH_AS_SEEN);
    assert_int_equal(wish.count, 1);
    read_as("tarrantino zqa zqb zqc zqd", KINO_WISH_AS_SEEN); /* another language has no slips */
    assert_int_equal(wish.count, 0);
    read_as("from 99999999999999999999 to 1", KINO_WISH_AS_SEEN);
    assert_int_equal(wish.count, 0);
}

/* Words behind the first 64 are no facts, but words; what is behind 4 KB is not read, and no character is cut in
 * two. */
static void long_questions_are_cut(void **state)
{
    (void)state;
    kino_buffer b = {0};
    for (int i = 0; i < KINO_WISH_WORDS; i++)
        kino_buffer_print(&b, "zq%d ", i);
    kino_buffer_print(&b, "horror");
    kino_wish_read(play.reader, b.data, b.size, KINO_WISH_AS_SEEN, &wish);
    assert_int_equal(wish.count, 0);
    assert_non_null(strstr(wish.rest, "zq63 horror"));
    b.size = 0;
    for (int i = 0; i < 4095; i++)
        kino_buffer_byte(&b, ' ');
    kino_buffer_print(&b, "\xC3\xA9 horror");
    kino_wish_read(play.reader, b.data, b.size, KINO_WISH_AS_SEEN, &wish);
    assert_string_equal(wish.rest, "");
    free(b.data);
}

/* ---- the vocabularies ---- */

/* No phrase says two things in one table, and the genres that moods wish for are genres. */
static void tables_are_sound(void **state)
{
    (void)state;
    kino_lexicon *l = kino_lexicon_make();
    uint16_t entries[KINO_WISH_TABLES];
    for (size_t i = 0; i < kino_wish_genre_count; i++)
        for (const char *p = kino_wish_genre_table[i].phrases; *p;) {
            const size_t n = strcspn(p, "|");
            assert_true(kino_lexicon_find(l, p, n, entries));
            assert_int_equal(entries[IN_GENRES], i + 1);
            p += n + (p[n] == '|');
        }
    for (size_t i = 0; i < kino_wish_nation_count; i++)
        for (const char *p = kino_wish_nation_table[i].phrases; *p;) {
            const size_t n = strcspn(p, "|");
            assert_true(kino_lexicon_find(l, p, n, entries));
            assert_int_equal(entries[IN_NATIONS], i + 1);
            p += n + (p[n] == '|');
        }
    for (size_t i = 0; i < kino_wish_rank_count; i++)
        for (const char *p = kino_wish_rank_table[i].phrases; *p;) {
            const size_t n = strcspn(p, "|");
            assert_true(kino_lexicon_find(l, p, n, entries));
            assert_int_equal(entries[IN_RANKS], i + 1);
            p += n + (p[n] == '|');
        }
    for (size_t i = 0; i < kino_wish_mood_count + kino_wish_theme_count; i++) {
        const bool mood = i < kino_wish_mood_count;
        const size_t entry = mood ? i : i - kino_wish_mood_count;
        const char *text = mood ? kino_wish_mood_table[entry].genres : kino_wish_theme_table[entry].genres;
        const float *genres = kino_lexicon_genres(l, mood ? IN_MOODS : IN_THEMES, entry);
        size_t named = 1, read = 0;
        for (const char *p = text; *p; p++)
            named += *p == ',';
        for (size_t g = 0; g < KINO_WISH_GENRES; g++) {
            assert_true(genres[g] >= 0 && genres[g] <= 1);
            read += genres[g] > 0;
        }
        assert_int_equal(read, named);
    }
    kino_lexicon_free(l);
}

static void singulars(void **state)
{
    (void)state;
    static const char *const pairs[][2] = {
        {"stories", "story"}, {"tragedies", "tragedy"}, {"laughs", "laugh"}, {"us", "us"},
        {"boss", "boss"},     {"focus", "focus"},       {"heroes", "heroe"}, {"is", "is"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        char word[16];
        snprintf(word, sizeof word, "%s", pairs[i][0]);
        word[kino_wish_singular(word, strlen(word))] = 0;
        assert_string_equal(word, pairs[i][1]);
    }
}

static int start(void **state)
{
    (void)state;
    return open_wish_play(&play, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_BUILT) ? 0 : -1;
}

static int stop(void **state)
{
    (void)state;
    kino_wish_free(&wish);
    close_wish_play(&play);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(golden_questions),
        cmocka_unit_test(golden_questions_of_a_file),
        cmocka_unit_test(golden_questions_of_changed_films),
        cmocka_unit_test(ranges_are_numbers),
        cmocka_unit_test(films_and_people_are_numbers),
        cmocka_unit_test(wishes_are_no_filters),
        cmocka_unit_test(words_are_matched_that_a_chip_took),
        cmocka_unit_test(the_other_reading_can_be_asked_for),
        cmocka_unit_test(countries_and_people_may_be_missing),
        cmocka_unit_test(each_thing_is_decided),
        cmocka_unit_test(hostile_questions),
        cmocka_unit_test(long_questions_are_cut),
        cmocka_unit_test(tables_are_sound),
        cmocka_unit_test(singulars),
    };
    return cmocka_run_group_tests_name("wish", tests, start, stop);
}
