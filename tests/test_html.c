/* test_html.c - the page as the server writes it: what is escaped, what a link carries, what a catalogue without
 * manners can do. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "serve/assets.h"
#include "serve/page.h"
#include "serve/write.h"

#define HOSTILE "<img src=x onerror=\"alert('1')\">&\x01\xff"
#define ESCAPED "&lt;img src=x onerror=&quot;alert(&#39;1&#39;)&quot;&gt;&amp; \xef\xbf\xbd"

static void assert_has(const kino_buffer *b, const char *part)
{
    if (!strstr(b->data, part))
        fail_msg("not there: %s", part);
}

static void assert_has_not(const kino_buffer *b, const char *part)
{
    if (strstr(b->data, part))
        fail_msg("there: %s", part);
}

static void text_is_escaped(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_put_html(&b, HOSTILE);
    assert_string_equal(b.data, ESCAPED);
    b.size = 0;
    kino_put_html(&b, "a\nb\tc\x7f\xc2\x85 \xe2\x80\xae"); /* controls become blanks, a bidi mark stays */
    assert_string_equal(b.data, "a b c   \xe2\x80\xae");
    free(b.data);
}

static void links_carry_the_question(void **state)
{
    (void)state;
    kino_buffer b = {0};
    const kino_page_pair query[] = {
        {"like", "1"},         {"not", "2"},       {"about", "a&b=\"c\" \xc3\xa9"}, {"q", "gone"},
        {"diversity", "0.15"}, {"year", ""},       {"genre", "Science Fiction"},    {"surprise", "1"},
        {"x", "unknown"},      {"utm_source", "a"}};
    const kino_page_seed seeds[] = {{1, "One", 0, false}, {2, "Two", 0, true}};
    const kino_page p = {.query = query, .query_count = 10, .seeds = seeds, .seed_count = 2};
    static const struct {
        kino_page_step step;
        int64_t id;
        const char *link;
    } wanted[] = {
#define REST "&amp;about=a%26b%3D%22c%22%20%C3%A9&amp;genre=Science%20Fiction"
        {KINO_STEP_NONE, 0, "?like=1&amp;not=2" REST},
        {KINO_STEP_LIKE, 3, "?like=1&amp;not=2&amp;like=3" REST},
        {KINO_STEP_LIKE, 2, "?like=1&amp;like=2" REST},
        {KINO_STEP_NOT, 1, "?not=2&amp;not=1" REST},
        {KINO_STEP_MORE, 48, "?like=1&amp;not=2" REST "&amp;k=48"},
        {KINO_STEP_DROP, 1, "?not=2" REST},
        {KINO_STEP_ONLY, 7, "?like=7&amp;genre=Science%20Fiction"},
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        b.size = 0;
        kino_put_link(&b, &p, wanted[i].step, wanted[i].id);
        assert_string_equal(b.data, wanted[i].link);
    }
    b.size = 0;
    kino_put_link(&b, &(kino_page){.seeds = seeds, .seed_count = 1}, KINO_STEP_DROP, 1);
    assert_string_equal(b.data, "./");
    free(b.data);
}

static kino_movie film(int64_t id, const char *title, const char *poster)
{
    return (kino_movie){.id = id,
                        .imdb_id = "",
                        .title = title,
                        .original_title = title,
                        .language = "",
                        .date = "",
                        .year = 1999,
                        .runtime = 100,
                        .rating = 7.25,
                        .votes = 1234567,
                        .popularity = 1,
                        .overview = title,
                        .tagline = "",
                        .status = "",
                        .poster_path = poster};
}

static void a_hostile_film_is_text(void **state)
{
    (void)state;
    kino_movie films[] = {film(5, HOSTILE, "/x.jpg"), film(6, "", "javascript:x"), film(7, "7", "//evil.example/x.jpg"),
                          film(8, "8", "/../x.jpg"), film(9, "9", "/x.jpg\" onload=\"x")};
    films[1].rating = NAN;
    films[1].runtime = NAN;
    films[1].votes = -1;
    films[1].year = 0;
    kino_result items[5];
    for (size_t i = 0; i < 5; i++)
        items[i] = (kino_result){
            .movie = &films[i], .score = .25, .part_count = 2, .parts = {{"plot", .5}, {"profile", -.25}}};
    const kino_results results = {.items = items, .count = 5, .took_ms = 1.5};
    const kino_page_pair query[] = {{"about", HOSTILE}, {"year", HOSTILE}, {"lang", HOSTILE}};
    const kino_page_seed seeds[] = {{5, HOSTILE, 1999, false}};
    const kino_page p = {.query = query, .query_count = 3, .seeds = seeds, .seed_count = 1, .results = &results};
    kino_buffer b = {0};
    kino_page_films(&p, &b);
    assert_has(&b, "<bdi>" ESCAPED "</bdi>");
    assert_has(&b, "<title>Like " ESCAPED);
    assert_has(&b, "(untitled)");
    assert_has(&b, "src=\"https://image.tmdb.org/t/p/w342/x.jpg\"");
    assert_has(&b, "Rated 7.2 of 10, 1,234,567 votes");
    assert_has(&b, "class=\"less\""); /* the bar of a part below zero */
    assert_has(&b, "-0.25");
    assert_has_not(&b, "<img src=x");
    assert_has_not(&b, "javascript:");
    assert_has_not(&b, "evil.example");
    assert_has_not(&b, "/../");
    assert_has_not(&b, "onload=\"");
    assert_has_not(&b, "nan");
    assert_has_not(&b, "{{");
    b.size = 0;
    kino_page_map(&p, &b);
    assert_has(&b, "data-film=\"5\" data-title=\"" ESCAPED "\"");
    assert_has_not(&b, "<img");
    assert_has_not(&b, "{{");
    free(b.data);
}

static void every_state_has_its_page(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_page_films(&(kino_page){0}, &b);
    assert_has(&b, "What should I watch next?");
    assert_has(&b, "For example");
    assert_has(&b, "not endorsed or certified by TMDB");
    assert_has_not(&b, "{{");

    kino_match matches[] = {{1, "Hamlet", "Hamlet", 1996, 10, "exact", 0}, {2, "Hamlet", HOSTILE, 0, -1, "exact", 0}};
    kino_matches both = {matches, 2}, one = {matches, 1};
    const kino_error ambiguous = {KINO_AMBIGUOUS, "\"Hamlet\" could be any of 2 films"};
    const kino_page_pair query[] = {{"q", "Hamlet"}};
    b.size = 0;
    kino_page_films(&(kino_page){.query = query, .query_count = 1, .error = &ambiguous, .candidates = &both}, &b);
    assert_has(&b, "Which film is meant?");
    assert_has(&b, "href=\"?like=1\"");
    assert_has(&b, "value=\"Hamlet\"");
    assert_has(&b, ESCAPED);

    const kino_error unknown = {KINO_NOT_FOUND, "no film \"Hamlet\""};
    b.size = 0;
    kino_page_films(
        &(kino_page){.query = query, .query_count = 1, .error = &unknown, .elsewhere = &one, .may_add = true}, &b);
    assert_has(&b, "TMDB knows");
    assert_has(&b, "action=\"add\"");
    assert_has(&b, "name=\"tmdb\" value=\"1\"");
    b.size = 0;
    kino_page_films(&(kino_page){.query = query, .query_count = 1, .error = &unknown, .may_add = true}, &b);
    assert_has(&b, "id=\"elsewhere\" data-title=\"Hamlet\"");
    b.size = 0;
    kino_page_films(&(kino_page){.query = query, .query_count = 1, .error = &unknown}, &b);
    assert_has_not(&b, "elsewhere");

    const kino_page_seed seed = {5, "X", 0, true};
    b.size = 0;
    kino_page_films(&(kino_page){.seeds = &seed, .seed_count = 1}, &b);
    assert_has(&b, "Name a film you do like");
    const kino_results none = {0};
    b.size = 0;
    kino_page_films(&(kino_page){.seeds = &seed, .seed_count = 1, .results = &none}, &b);
    assert_has(&b, "No film passes these filters");
    free(b.data);
}

static void the_map_file_is_as_described(void **state)
{
    (void)state;
    kino_place items[] = {{7, -1, 1, 0, 1990}, {200000000009, .5f, 0, -1, 0}};
    const char *const genres[] = {"Drama"};
    const kino_places places = {items, 2, genres, 1};
    kino_buffer b = {0};
    kino_page_map_file(&places, &b);
    assert_int_equal(b.size, 16 + 2 * 14 + 6);
    assert_memory_equal(b.data, "KMAP", 4);
    assert_int_equal(kino_u32(b.data + 4), 2);
    assert_int_equal(kino_u32(b.data + 8), 1);
    double ids[2];
    memcpy(ids, b.data + 16, sizeof ids);
    assert_true(ids[0] == 7 && ids[1] == 200000000009);
    int16_t at[4];
    memcpy(at, b.data + 32, sizeof at);
    assert_int_equal(at[0], -32767);
    assert_int_equal(at[1], 32767);
    assert_int_equal(at[2], 16384);
    assert_memory_equal(b.data + 40,
                        "\x00\xff\x0c\xff"
                        "Drama",
                        10);
    free(b.data);
}

static void the_page_is_small(void **state)
{
    (void)state;
    size_t count = 0, bytes = 0;
    const kino_page_file *files = kino_page_files(&count);
    for (size_t i = 0; i < count; i++) {
        assert_true(files[i].end > files[i].bytes);
        bytes += (size_t)(files[i].end - files[i].bytes);
    }
    static const char *const names[] = {"style.css", "main.js", "combobox.js", "map.js"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const kino_asset *a = kino_asset_find(names[i]);
        assert_non_null(a);
        bytes += (size_t)(a->end - a->bytes);
    }
    assert_in_range(bytes, 10000, 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_escaped),
        cmocka_unit_test(links_carry_the_question),
        cmocka_unit_test(a_hostile_film_is_text),
        cmocka_unit_test(every_state_has_its_page),
        cmocka_unit_test(the_map_file_is_as_described),
        cmocka_unit_test(the_page_is_small),
    };
    cmocka_set_message_output(CM_OUTPUT_TAP);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
