/* test_export.c - a table that kino has written is read as the same films, whatever is in their texts, lists and numbers. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/movie.h"
#include "films.h"
#include "ingest/export.h"
#include "ingest/movies.h"
#include "ingest/objects.h"

/* Closed by the caller. */
static void read_back(kino_export_form form, const kino_buffer *text, kino_movies *out)
{
    kino_buffer csv = {0};
    kino_error err = {0};
    if (form == KINO_EXPORT_NDJSON && kino_objects_table("x", text->data, text->size, &csv, &err))
        fail_msg("%s", err.text);
    const kino_buffer *table = form == KINO_EXPORT_NDJSON ? &csv : text;
    if (kino_ingest_table(kino_csv_from_bytes(table->data, table->size, "x"), NULL, out, NULL, NULL, &err))
        fail_msg("%s", err.text);
    free(csv.data);
}

static void write_all(kino_export_form form, const kino_movie *films, size_t count, kino_buffer *out)
{
    out->size = 0;
    kino_export_header(form, out);
    for (size_t i = 0; i < count; i++)
        kino_export_film(form, &films[i], out);
}

static kino_movie plain_film(int64_t id)
{
    return (kino_movie){.id = id,
                        .imdb_id = "",
                        .title = "Paper Harbour",
                        .original_title = "Paper Harbour",
                        .language = "",
                        .date = "",
                        .runtime = NAN,
                        .rating = NAN,
                        .votes = -1,
                        .popularity = NAN,
                        .overview = "",
                        .tagline = "",
                        .status = "",
                        .poster_path = "",
                        .collection = {0, ""}};
}

static void hostile_films(void **state)
{
    (void)state;
    static const kino_named names[] = {
        {18, "Drama, \"plain\""}, {0, "back\\slash"}, {0, "<i>x</i> &amp; y"}, {7, "it's"}};
    kino_movie films[6], *m = films;
    for (size_t i = 0; i < 6; i++)
        films[i] = plain_film(10 + (int64_t)i);
    m->title = "A <b>bold</b> title &amp; \"more\", (1999)";
    m->original_title = "&lt;&#65;";
    m->overview = "One line,\nand \"another\"\n\n; and <br> a third";
    m->tagline = "a|b;c d";
    m->date = "1999-02-03";
    m->year = 1999;
    m->imdb_id = "tt0000007";
    m->language = "fr";
    m->status = "Post Production";
    m->poster_path = "/x_Y-1.jpg";
    m->runtime = 1.1;
    m->rating = 7.123456789012345;
    m->votes = 1234567;
    m->popularity = 1e-7;
    m->collection = (kino_named){9, "A \"Collection\" & more"};
    m->genres = m->keywords = m->cast = m->directors = m->countries = (kino_list){names, 4};
    films[1].year = 1887;
    films[2].id = INT64_C(900719925474099); /* one of kino's own */
    films[2].popularity = 1234.5678;
    films[3].title = films[3].original_title = "N/A";
    films[4].title = films[4].original_title = "1,5 = x";
    films[5].votes = 0;
    for (int form = KINO_EXPORT_CSV; form <= KINO_EXPORT_NDJSON; form++) {
        kino_buffer text = {0};
        kino_movies back = {0};
        write_all((kino_export_form)form, films, 6, &text);
        read_back((kino_export_form)form, &text, &back);
        assert_int_equal(back.count, 6);
        for (size_t i = 0; i < 6; i++) {
            char fields[256];
            kino_movie_field_names(kino_movie_differences(&films[i], &back.items[i]), fields, sizeof fields);
            assert_string_equal(fields, "");
            assert_int_equal(films[i].id, back.items[i].id);
        }
        kino_movies_free(&back);
        free(text.data);
    }
}

/* ---- films of random pieces ---- */

static uint32_t seed = 1;

static uint32_t draw(uint32_t below)
{
    seed = seed * 1664525 + 1013904223;
    return (seed >> 8) % below;
}

static const char *random_text(kino_arena *a)
{
    static const char *const pieces[] = {"a",      "Z",     " ",    "\"", "'", ",",        ";",   "|",        "\n",
                                         "\t",     "\\",    "&",    "<",  ">", "&amp;",    "<i>", "</i>",     "<br>",
                                         "nan",    "N/A",   "None", "[",  "]", "{",        "\\N", "\xC3\xA9", "&#60;",
                                         "(1999)", ", The", "-",    "0",  "1", "\xC2\xA0", "."};
    kino_buffer b = {0};
    kino_buffer_put(&b, "", 0);
    for (uint32_t n = draw(9); n-- > 0;)
        kino_buffer_print(&b, "%s", pieces[draw(sizeof pieces / sizeof *pieces)]);
    const char *out = kino_arena_strdup(a, b.data);
    free(b.data);
    return out;
}

static kino_list random_list(kino_arena *a)
{
    kino_list list = {NULL, draw(4)};
    kino_named *items = kino_arena_alloc(a, 4 * sizeof *items);
    for (size_t i = 0; i < list.count; i++)
        items[i] = (kino_named){draw(2) ? 0 : draw(1000) + 1, random_text(a)};
    list.items = items;
    return list;
}

static double random_number(double most)
{
    static const double some[] = {0, 1, 0.1, 2.5, 1e-6, 1.0 / 3, 1234.5, 9.999999999999998};
    const double x = some[draw(8)];
    return draw(3) ? x <= most ? x : most : NAN;
}

static kino_movie random_film(kino_arena *a, int64_t id)
{
    kino_movie m = plain_film(id);
    m.title = random_text(a);
    m.original_title = random_text(a);
    m.overview = random_text(a);
    m.tagline = random_text(a);
    m.status = random_text(a);
    m.year = draw(2) ? 1900 + (int)draw(120) : 0;
    m.runtime = random_number(300);
    m.rating = random_number(10);
    m.votes = (int64_t)draw(3) * 1000 - 1;
    m.popularity = random_number(1e6);
    m.genres = random_list(a);
    m.keywords = random_list(a);
    m.cast = random_list(a);
    m.directors = random_list(a);
    m.countries = random_list(a);
    if (draw(2))
        m.collection = (kino_named){draw(9) + 1, random_text(a)};
    return m;
}

/* What was read once is sound; from there on nothing may change, in either form. */
static void films_of_random_pieces(void **state)
{
    (void)state;
    enum { FILMS = 3000 };
    kino_arena a = {0};
    kino_movie *films = calloc(FILMS, sizeof *films);
    kino_buffer first = {0}, text = {0}, again = {0};
    kino_movies sound = {0};
    for (int i = 0; i < FILMS; i++)
        films[i] = random_film(&a, i + 1);
    write_all(KINO_EXPORT_CSV, films, FILMS, &first);
    read_back(KINO_EXPORT_CSV, &first, &sound);
    assert_true(sound.count > FILMS / 2); /* the others have no title */
    write_all(KINO_EXPORT_CSV, sound.items, sound.count, &first);
    for (int form = KINO_EXPORT_CSV; form <= KINO_EXPORT_NDJSON; form++) {
        kino_movies back = {0};
        write_all((kino_export_form)form, sound.items, sound.count, &text);
        read_back((kino_export_form)form, &text, &back);
        write_all(KINO_EXPORT_CSV, back.items, back.count, &again);
        for (size_t i = 0, line = 0; i < first.size && i < again.size; i++) {
            line = first.data[i] == '\n' ? i + 1 : line;
            if (first.data[i] != again.data[i])
                fail_msg("form %d: %.300s\n--- became ---\n%.300s", form, first.data + line, again.data + line);
        }
        assert_int_equal(first.size, again.size);
        kino_movies_free(&back);
    }
    kino_movies_free(&sound);
    kino_arena_free(&a);
    free(films);
    free(first.data);
    free(text.data);
    free(again.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(hostile_films), cmocka_unit_test(films_of_random_pieces)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
