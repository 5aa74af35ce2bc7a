/* test_naming.c - what films and people are called finds them, however the films lie: as they were made, in a file, and with
 * some that came later, were saved again or were removed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "rows/people.h"
#include "wish_play.h"

#define LIST(...)                                                                                                      \
    {                                                                                                                  \
        (const kino_named[]){__VA_ARGS__}, sizeof((const kino_named[]){__VA_ARGS__}) / sizeof(kino_named)              \
    }
#define FILM(number, name, count, ...)                                                                                 \
    {                                                                                                                  \
        .id = number, .imdb_id = "tt000000" #number, .title = name, .original_title = name, .language = "en",          \
        .date = "", .year = 1990 + number, .votes = count, .overview = "", .tagline = "", .status = "",                \
        .poster_path = "", .collection = {0, ""}, __VA_ARGS__                                                          \
    }

static const kino_movie films[] = {
    FILM(1, "The Lord of the Rings: The Two Towers", 9000, .directors = LIST({1, "Peter Jackson"}),
         .cast = LIST({2, "Elijah Wood"}, {3, "Viggo Mortensen"})),
    FILM(2, "Se7en", 8000, .directors = LIST({4, "David Fincher"}),
         .cast = LIST({5, "Brad Pitt"}, {6, "Morgan Freeman"}),
         .keywords = LIST({1, "serial killer"}, {2, "serial killers"}, {3, "super hero"})),
    FILM(3, "Indiana Jones and the Temple of Doom", 5000, .cast = LIST({7, "Harrison Ford"}),
         .keywords = LIST({4, "superhero"})),
    FILM(4, "Temple of the Sun", 50, .keywords = LIST({1, "serial killer"}), .genres = LIST({1, "Comedy"})),
    FILM(5, "Omnibus", 99,
         .directors = LIST({21, "Ana A"}, {22, "Ben B"}, {23, "Cy C"}, {24, "Dee D"}, {25, "Eli E"}, {26, "Flo F"},
                           {27, "Gus G"}, {28, "Hal Halls"})),
    FILM(6, "Bullitt", 700, .cast = LIST({11, "Steve McQueen"}), .countries = LIST({0, "US"})),
    FILM(7, "Shame", 600, .directors = LIST({12, "Steve McQueen"}), .countries = LIST({0, "GB"})),
    FILM(8, "Fight Club", 9500, .directors = LIST({4, "David Fincher"}),
         .cast = LIST({31, "Robert De Niro"}, {5, "Brad Pitt"}, {4, "David Fincher"})),
    FILM(9, "Lord of Towers", 20, .cast = LIST({7, "Harrison Ford"}, {33, "Samuel L. Jackson"})),
    {.id = 10,
     .imdb_id = "",
     .title = "S4w 3",
     .original_title = "S4w 3",
     .language = "en",
     .date = "",
     .year = 1991,
     .votes = 30,
     .overview = "",
     .tagline = "",
     .status = "",
     .poster_path = "",
     .collection = {0, ""}},
};
enum { FILMS = sizeof films / sizeof *films };

static wish_play play;
static const kino_wish_lookups *look;

/* Each test is run over every form. */
static void in_every_form(void (*test)(void))
{
    for (int form = WISH_BUILT; form <= WISH_CHANGED; form++) {
        open_wish_films(&play, films, FILMS, (wish_form)form);
        look = kino_wish_catalogue_lookups(play.wishes);
        test();
        close_wish_play(&play);
    }
}

/* ---- titles ---- */

/* The films are these, by their numbers and in this order; 0 ends the list. */
static void names_films(kino_wish_title_way way, const char *text, int first, int second, int third)
{
    kino_wish_hit hits[16];
    kino_wish_film f;
    const int wanted[] = {first, second, third};
    const size_t n = look->titles(look->ctx, way, text, strlen(text), 16, hits);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(n > i, wanted[i] != 0);
        if (!wanted[i])
            break;
        look->film(look->ctx, hits[i].item, &f);
        assert_int_equal(kino_rows_id(&play.rows, hits[i].item), wanted[i]);
        assert_string_equal(f.title, films[wanted[i] - 1].title);
        assert_int_equal(f.year, films[wanted[i] - 1].year);
        assert_int_equal(f.votes, films[wanted[i] - 1].votes);
    }
    assert_int_equal(look->titles(look->ctx, way, text, strlen(text), 1, hits), first != 0);
}

static void check_titles(void)
{
    names_films(KINO_WISH_EQUAL, "fight club", 8, 0, 0);
    names_films(KINO_WISH_EQUAL, "seven", 2, 0, 0);
    names_films(KINO_WISH_EQUAL, "saw 3", 10, 0, 0); /* a digit alone is none that looks like a letter */
    names_films(KINO_WISH_EQUAL, "heat", 0, 0, 0);   /* was removed */
    names_films(KINO_WISH_LOOSE, "lord rings 2 towers", 1, 0, 0);
    names_films(KINO_WISH_LOOSE, "lord rings", 1, 0, 0);
    names_films(KINO_WISH_LOOSE, "lordrings", 1, 0, 0);
    names_films(KINO_WISH_LOOSE, "lord towers", 9, 0, 0);
    names_films(KINO_WISH_LOOSE, "omnibus", 5, 0, 0); /* has no small words: as it is */
    names_films(KINO_WISH_LOOSE, "rings", 0, 0, 0);
    names_films(KINO_WISH_INSIDE, "temple", 3, 4, 0); /* the best known first */
    names_films(KINO_WISH_INSIDE, "the temple of doom", 3, 0, 0);
    names_films(KINO_WISH_INSIDE, "lord towers", 1, 9, 0);
    names_films(KINO_WISH_INSIDE, "doom temple", 0, 0, 0); /* in another order */
    names_films(KINO_WISH_INSIDE, "temple heat", 0, 0, 0);
    names_films(KINO_WISH_INSIDE, "of the", 0, 0, 0);
    names_films(KINO_WISH_MISSPELT, "omnibuss", 5, 0, 0);
    names_films(KINO_WISH_ID, "id:3", 3, 0, 0);
    names_films(KINO_WISH_ID, "tt0000004", 4, 0, 0);
    names_films(KINO_WISH_ID, "id:77", 0, 0, 0);
    names_films(KINO_WISH_ID, "id:999999001", 0, 0, 0);
    names_films(KINO_WISH_ID, "tt9999999", 0, 0, 0);
    names_films(KINO_WISH_ID, "shame", 0, 0, 0);
}

static void films_are_found_by_what_they_are_called(void **state)
{
    (void)state;
    in_every_form(check_titles);
}

/* ---- people ---- */

/* The best known whom a text names, and how many there are. */
static uint32_t person_called(kino_wish_name_way way, const char *text, const char *name, size_t count)
{
    kino_wish_hit hits[16];
    kino_wish_person p;
    assert_int_equal(look->people(look->ctx, way, text, strlen(text), 16, hits), count);
    if (!count)
        return UINT32_MAX;
    look->person(look->ctx, hits[0].item, &p);
    assert_string_equal(p.name, name);
    return hits[0].item;
}

static void check_names(void)
{
    person_called(KINO_WISH_NAME, "peter jackson", "Peter Jackson", 1);
    person_called(KINO_WISH_NAME, "peterjackson", "Peter Jackson", 1);
    person_called(KINO_WISH_NAME, "samuel jackson", "Samuel L. Jackson", 1);
    person_called(KINO_WISH_NAME, "samuel l jackson", "Samuel L. Jackson", 1);
    person_called(KINO_WISH_NAME, "jackson", "", 0);
    person_called(KINO_WISH_NAME, "tom hanks", "", 0);              /* all his films were removed */
    person_called(KINO_WISH_FAMILY, "jackson", "Peter Jackson", 2); /* the more famous one first */
    person_called(KINO_WISH_FAMILY, "hanks", "", 0);
    person_called(KINO_WISH_FAMILY, "niro", "Robert De Niro", 1);
    person_called(KINO_WISH_FAMILY, "de niro", "Robert De Niro", 1);
    person_called(KINO_WISH_FAMILY, "deniro", "Robert De Niro", 1);
    person_called(KINO_WISH_NAME_MISSPELT, "harison ford", "Harrison Ford", 1);
    person_called(KINO_WISH_NAME_MISSPELT, "elijah woot", "Elijah Wood", 1);
    person_called(KINO_WISH_NAME_MISSPELT, "hal hals", "", 0); /* nearly nobody knows him */
    person_called(KINO_WISH_FAMILY_MISSPELT, "fintcher", "David Fincher", 1);
    person_called(KINO_WISH_FAMILY_MISSPELT, "pincher", "", 0); /* another first letter */
    person_called(KINO_WISH_FAMILY_MISSPELT, "mqueen", "Steve McQueen", 1);
    person_called(KINO_WISH_FAMILY_MISSPELT, "hals", "", 0);
}

static void people_are_found_by_their_names(void **state)
{
    (void)state;
    in_every_form(check_names);
}

/* The person of a name as it is written. */
static uint32_t person_named(const char *name)
{
    kino_buffer folded = {0};
    kino_fold(&folded, name, strlen(name));
    const uint32_t person = person_called(KINO_WISH_NAME, folded.data, name, 1);
    free(folded.data);
    return person;
}

static void check_person(const char *name, double fame, size_t directed, size_t played, size_t all)
{
    kino_wish_person p;
    look->person(look->ctx, person_named(name), &p);
    assert_true(p.fame > fame - .01 && p.fame < fame + .01);
    assert_int_equal(p.directed, directed);
    assert_int_equal(p.played, played);
    assert_int_equal(p.films, all);
}

static void plays_in(const char *name, kino_role role, const char *wanted)
{
    char got[64] = "";
    uint64_t bits[1] = {0};
    const uint32_t person = person_named(name);
    assert_true(play.rows.count < 64);
    size_t count;
    kino_credit *all = kino_person_credits(&play.rows, person, &count);
    for (size_t i = 0; i < count; i++)
        if (role == KINO_ROLES || all[i].role == role)
            bits[0] |= UINT64_C(1) << all[i].row;
    free(all);
    for (int id = 1; id <= FILMS; id++) {
        const size_t row = kino_rows_find(&play.rows, id), n = strlen(got);
        if (bits[0] >> row & 1)
            snprintf(got + n, sizeof got - n, "%d ", id);
        bits[0] &= ~(UINT64_C(1) << row);
    }
    assert_int_equal(bits[0], 0); /* no hidden ones */
    assert_string_equal(got, wanted);
}

static void check_films(void)
{
    uint32_t of[8];
    check_person("Peter Jackson", 9000, 1, 0, 1);
    check_person("Viggo Mortensen", 6750, 0, 1, 1);
    check_person("Steve McQueen", 1300, 1, 1, 2);               /* two are one */
    check_person("David Fincher", 8000 + 9500 + 5700, 2, 1, 2); /* a film that he also plays in is one */
    check_person("Harrison Ford", 5020, 0, 2, 2);
    plays_in("David Fincher", KINO_ROLE_DIRECTORS, "2 8 ");
    plays_in("David Fincher", KINO_ROLE_CAST, "8 ");
    plays_in("Brad Pitt", KINO_ROLES, "2 8 ");
    plays_in("Brad Pitt", KINO_ROLE_DIRECTORS, "");
    plays_in("Steve McQueen", KINO_ROLES, "6 7 ");
    plays_in("Hal Halls", KINO_ROLE_DIRECTORS, "5 "); /* far down the list */
    const uint32_t fincher = person_called(KINO_WISH_FAMILY, "fincher", "David Fincher", 1);
    assert_int_equal(look->films_of(look->ctx, fincher, 8, of), 2);
    assert_int_equal(kino_rows_id(&play.rows, of[0]), 8); /* the best known first */
    assert_int_equal(look->films_of(look->ctx, fincher, 1, of), 1);
    const uint32_t ford = person_called(KINO_WISH_FAMILY, "ford", "Harrison Ford", 1);
    assert_int_equal(look->films_of(look->ctx, ford, 8, of), 2); /* he directed none */
}

static void people_have_their_films(void **state)
{
    (void)state;
    in_every_form(check_films);
}

/* ---- many ---- */

enum { MANY = 60 };

/* Of more than are looked at, the best known are found. */
static void check_many(void)
{
    kino_wish_hit hits[16];
    kino_wish_person p;
    const kino_wish_title_way ways[] = {KINO_WISH_INSIDE, KINO_WISH_LOOSE};
    const char *const asked[] = {"castle", "castle stone"};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(look->titles(look->ctx, ways[i], asked[i], strlen(asked[i]), 3, hits), 3);
        for (int k = 0; k < 3; k++)
            assert_int_equal(kino_rows_id(&play.rows, hits[k].item), MANY - k);
    }
    assert_int_equal(look->people(look->ctx, KINO_WISH_FAMILY, "stone", 5, 4, hits), 4);
    for (int k = 0; k < 4; k++) {
        look->person(look->ctx, hits[k].item, &p);
        assert_true(p.fame == 1000 + MANY - k);
    }
}

static void of_many_the_best_known_are_found(void **state)
{
    (void)state;
    static kino_movie many[MANY];
    static kino_named people[MANY];
    static char names[MANY][16];
    for (int i = 0; i < MANY; i++) {
        snprintf(names[i], sizeof names[i], "P%d Stone", i);
        people[i] = (kino_named){100 + i, names[i]};
        many[i] = films[0];
        many[i].id = i + 1;
        many[i].title = many[i].original_title = "The Castle of Stone";
        many[i].votes = 1001 + i;
        many[i].directors = (kino_list){&people[i], 1};
        many[i].cast = (kino_list){NULL, 0};
    }
    for (int form = WISH_BUILT; form <= WISH_CHANGED; form++) {
        open_wish_films(&play, many, MANY, (wish_form)form);
        look = kino_wish_catalogue_lookups(play.wishes);
        check_many();
        close_wish_play(&play);
    }
}

/* ---- words ---- */

static bool knows(const char *word)
{
    return look->knows(look->ctx, word, strlen(word));
}

static bool first(const char *word)
{
    return look->first_name(look->ctx, word, strlen(word));
}

static uint32_t keyword(const char *stems)
{
    return look->keyword(look->ctx, stems, strlen(stems));
}

static void check_words(void)
{
    assert_true(knows("doom") && knows("two") && knows("2") && knows("of") && knows("das"));
    assert_true(knows("harrison") && knows("niro") && knows("l"));
    assert_false(knows("dom") || knows("killer") || knows(""));
    assert_true(first("harrison") && first("hal") && !first("ford") && !first("niro") && !first("doom"));
    assert_int_equal(keyword("serial killer"), 2); /* one film has it in two forms */
    assert_int_equal(keyword("super hero"), 1);
    assert_int_equal(keyword("superhero"), 1);
    assert_int_equal(keyword("serial"), 0);
    assert_true(look->genre(look->ctx, "Comedy"));
    assert_false(look->genre(look->ctx, "Drama"));
    assert_int_equal(look->newest_year, 1999);
    assert_false(look->countries);
}

static void words_are_known(void **state)
{
    (void)state;
    in_every_form(check_words);
}

/* ---- the file ---- */

static size_t read_file(const char *path, char **out)
{
    FILE *f = fopen(path, "rb");
    assert_non_null(f);
    fseek(f, 0, SEEK_END);
    const size_t n = (size_t)ftell(f);
    *out = malloc(n);
    rewind(f);
    assert_int_equal(fread(*out, 1, n, f), n);
    fclose(f);
    return n;
}

static void the_same_films_give_the_same_bytes(void **state)
{
    (void)state;
    char other[96], *a, *b;
    assert_true(open_wish_play(&play, "data/sample.csv", NULL, "tests/golden/credits.csv", WISH_SAVED));
    snprintf(other, sizeof other, "%s/other.kino", play.folder);
    kino_segment_builder *first_builder = play.base;
    play.base = build_films(&play, 0, NULL, 8);
    save_films(&play, other);
    const size_t n = read_file(play.path, &a);
    assert_int_equal(read_file(other, &b), n);
    assert_memory_equal(a, b, n);
    free(a);
    free(b);
    kino_segment_builder_free(first_builder);
    close_wish_play(&play);
}

/* Asks everything. */
static void use(void)
{
    static const char *const questions[] = {"like the lord of rings with harison ford",
                                            "temple of doom by david fintcher", "serial killers, not seven",
                                            "steve mcqueen and samuel jackson", "id:3"};
    kino_wish w = {0};
    for (size_t i = 0; i < sizeof questions / sizeof *questions; i++)
        for (int mode = KINO_WISH_AS_SEEN; mode <= KINO_WISH_AS_TITLE; mode++)
            kino_wish_read(play.reader, questions[i], strlen(questions[i]), (kino_wish_mode)mode, &w);
    kino_wish_free(&w);
}

static bool is_ours(const char *name)
{
    return !strncmp(name, "called.", 7) || !strncmp(name, "misspelt.", 9);
}

/* A section that is damaged is refused, or answers something; it never leads outside. */
static void damaged_tables_answer_something(void **state)
{
    (void)state;
    open_wish_films(&play, films, FILMS, WISH_BUILT);
    kino_container *c = &play.rows.base->c;
    kino_naming *own = &play.rows.base->naming, viewed;
    size_t ours = 0;
    for (size_t i = 0; i < c->count; i++) {
        kino_section *s = &c->sections[i], sound = *s;
        if (!is_ours(s->name))
            continue;
        ours++;
        s->type = KINO_F64;
        viewed = (kino_naming){.newest_year = 0};
        assert_int_equal(kino_naming_view(c, &viewed, NULL), KINO_DAMAGED);
        *s = sound;
        s->name[0] = '?';
        viewed = (kino_naming){.newest_year = 0};
        assert_int_equal(kino_naming_view(c, &viewed, NULL), KINO_DAMAGED);
        *s = sound;
    }
    assert_int_equal(ours, 7 * 3 + 2 * 3 + 1);
    const kino_naming sound_naming = *own;
    for (uint64_t round = 0; round < 3000; round++) {
        static const uint32_t odd[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, FILMS << 3, 40, 41};
        size_t which = kino_random(3, round, 0) % ours, i = 0;
        for (; i < c->count; i++)
            if (is_ours(c->sections[i].name) && !which--)
                break;
        kino_section *s = &c->sections[i];
        if (!s->bytes)
            continue;
        uint8_t *at = (uint8_t *)(uintptr_t)s->data;
        char *kept = malloc(s->bytes);
        memcpy(kept, at, s->bytes);
        const size_t width = s->type == KINO_U32 ? 4 : 1;
        for (uint64_t k = 0; k < 3; k++)
            memcpy(at + kino_random(3, round, 2 * k + 1) % (s->bytes / width) * width,
                   &odd[kino_random(3, round, 2 * k + 2) % 8], width);
        viewed = (kino_naming){.newest_year = 0};
        if (!kino_naming_view(c, &viewed, NULL)) {
            *own = viewed;
            use();
        }
        memcpy(at, kept, s->bytes);
        free(kept);
    }
    *own = sound_naming;
    close_wish_play(&play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(films_are_found_by_what_they_are_called),
        cmocka_unit_test(people_are_found_by_their_names),
        cmocka_unit_test(people_have_their_films),
        cmocka_unit_test(of_many_the_best_known_are_found),
        cmocka_unit_test(words_are_known),
        cmocka_unit_test(the_same_films_give_the_same_bytes),
        cmocka_unit_test(damaged_tables_answer_something),
    };
    return cmocka_run_group_tests_name("naming", tests, NULL, NULL);
}
