/* test_library.c - names of files and folders of films, what is written beside them, and folders of them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/library.h"
#include "ingest/history.h"
#include "ingest/nfo.h"
#include "ingest/release.h"

static void names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *title;
        int year;
        int64_t tmdb;
        const char *imdb;
    } cases[] = {
        {"Heat (1995) [tmdbid-949]", "Heat", 1995, 949, ""},
        {"Heat (1995) {imdb-tt0113277}", "Heat", 1995, 0, "tt0113277"},
        {"Heat (1995) {tmdb-949} - 1080p", "Heat", 1995, 949, ""},
        {"Heat", "Heat", 0, 0, ""},
        {"Heat.1995.1080p.BluRay.x264-GROUP", "Heat", 1995, 0, ""},
        {"heat_1995_remastered_720p", "heat", 1995, 0, ""},
        {"Blade.Runner.2049.2017.2160p.UHD.BluRay", "Blade Runner 2049", 2017, 0, ""},
        {"2001.A.Space.Odyssey.1968", "2001 A Space Odyssey", 1968, 0, ""},
        {"1917", "1917", 0, 0, ""},
        {"Death.Race.2000.1975.DVDRip", "Death Race 2000", 1975, 0, ""},
        {"1917.2019.1080p", "1917", 2019, 0, ""},
        {"2012 (2009)", "2012", 2009, 0, ""},
        {"The.French.Dispatch.2021.German.DL.1080p", "The French Dispatch", 2021, 0, ""},
        {"Se7en.1080p.WEB-DL", "Se7en", 0, 0, ""},
        {"[Group] Akira (1988) [1080p]", "Akira", 1988, 0, ""},
        {"Lawrence of Arabia (1962)-cd2", "Lawrence of Arabia", 1962, 0, ""},
        {"Heat.1995.disc1", "Heat", 1995, 0, ""},
        {"Mr. Smith Goes to Washington (1939)", "Mr. Smith Goes to Washington", 1939, 0, ""},
        {"", "", 0, 0, ""},
        {"[", "", 0, 0, ""},
        {"(1995)", "1995", 0, 0, ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_release r;
        kino_release_read(cases[i].name, &r);
        assert_string_equal(r.title, cases[i].title);
        assert_int_equal(r.year, cases[i].year);
        assert_int_equal(r.tmdb, cases[i].tmdb);
        assert_string_equal(r.imdb, cases[i].imdb);
    }
    char name[3000];
    kino_release r;
    for (size_t i = 0; i + 1 < sizeof name; i++)
        name[i] = i % 7 ? 'a' : ' ';
    name[sizeof name - 1] = 0;
    kino_release_read(name, &r);
    assert_true(strlen(r.title) < KINO_RELEASE_TITLE);
}

static void videos_and_extras(void **state)
{
    (void)state;
    static const char *const extras[] = {"Heat-trailer", "heat.sample", "sample", "Heat (1995)-behindthescenes",
                                         "trailer"};
    static const char *const films[] = {"The Big Short (2015)", "Trailer Park Boys", "Sample This (2012)", "The.Other",
                                        "Heat"};
    size_t n;
    assert_true(kino_release_is_video("Heat.MKV", &n));
    assert_int_equal(n, 4);
    assert_false(kino_release_is_video("Heat.srt", &n) || kino_release_is_video("mkv", &n) ||
                 kino_release_is_video(".mkv", &n));
    for (size_t i = 0; i < sizeof extras / sizeof *extras; i++)
        assert_true(kino_release_is_extra(extras[i], false));
    for (size_t i = 0; i + 2 < sizeof films / sizeof *films; i++)
        assert_false(kino_release_is_extra(films[i], false));
    assert_true(kino_release_is_extra("Behind The Scenes", true) && kino_release_is_extra("Subs", true));
    assert_false(kino_release_is_extra("Heat (1995)", true));
}

static void nfo(void **state)
{
    (void)state;
    static const char text[] =
        "<?xml version=\"1.0\"?>\n<videodb>\n<movie><title>Les &amp; Co</title>\n"
        "<originaltitle>Heat</originaltitle><userrating>9</userrating><playcount>0</playcount>"
        "<uniqueid type=\"tmdb\">949</uniqueid><uniqueid type=\"imdb\" default=\"true\">tt0113277"
        "</uniqueid><premiered>1995-12-15</premiered><set><name>x</name></set></movie>\n"
        "<movie><title>Alien</title><year>1979</year><id>tt0078748</id></movie>\n"
        "<tvshow><title>A show</title></tvshow><movie/><movie><title>cut";
    kino_entries w = {0};
    kino_marks marks = {0};
    assert_true(kino_nfo_looks_like(text, strlen(text)));
    assert_false(kino_nfo_looks_like("title,year\n<movie", 17));
    kino_nfo_read(text, strlen(text), &w, &marks);
    kino_marks_scale(&marks, &w, 10);
    assert_int_equal(w.count, 2);
    assert_int_equal(w.skipped, 1);
    assert_string_equal(w.items[0].title, "Les & Co");
    assert_string_equal(w.items[0].other, "Heat");
    assert_int_equal(w.items[0].tmdb, 949);
    assert_string_equal(w.items[0].imdb, "tt0113277");
    assert_int_equal(w.items[0].year, 1995);
    assert_true(w.items[0].rating == .9 && w.items[0].waiting);
    assert_int_equal(w.items[0].line, 3);
    assert_string_equal(w.items[1].imdb, "tt0078748");
    assert_int_equal(w.items[1].year, 1979);
    kino_entries_free(&w);
    for (size_t n = 0; n <= strlen(text); n++) { /* cut anywhere */
        char *exact = malloc(n + !n);
        memcpy(exact, text, n);
        kino_nfo_read(exact, n, &w, &marks);
        free(marks.items);
        marks = (kino_marks){0};
        kino_entries_free(&w);
        free(exact);
    }
}

/* ---- a folder ---- */

static char root[] = "/tmp/kino-library-XXXXXX";

static void put(const char *path, const char *content)
{
    char whole[512];
    snprintf(whole, sizeof whole, "%s/%s", root, path);
    for (char *p = whole + strlen(root) + 1; (p = strchr(p, '/')); *p++ = '/') {
        *p = 0;
        mkdir(whole, 0700);
    }
    FILE *f = fopen(whole, "w");
    assert_non_null(f);
    fputs(content, f);
    fclose(f);
}

static void folders(void **state)
{
    (void)state;
    kino_entries w = {0};
    kino_error err;
    assert_non_null(mkdtemp(root));
    put("Alien (1979)/Alien (1979) [tmdbid-348].mkv", "");
    put("Alien (1979)/Alien (1979)-trailer.mp4", "");
    put("Alien (1979)/extras/Making of (2003).mkv", "");
    put("Alien (1979)/Alien (1979).srt", "");
    put("Brazil (1985)/VIDEO_TS/VTS_01_1.VOB", "");
    put("Cube (1997)/a.mkv", "");
    put("Dune/dune.mkv", "");
    put("Dune/movie.nfo",
        "<movie><title>Dune</title><year>2021</year><uniqueid type=\"tmdb\">438631</uniqueid></movie>");
    put("Heat.1995.1080p.mkv", "");
    put("Link (1986)/link.mkv", "");
    put("Link (1986)/link.nfo", "https://www.themoviedb.org/movie/11-link\n");
    put("Set (1979-1997)/Alien3 (1992).mkv", "");
    put("Show/tvshow.nfo", "<tvshow/>");
    put("Show/Season 1/Show S01E01.mkv", "");
    put("Show S01E02.mkv", "");
    put("notes.txt", "");
    put(".hidden/Secret (1990).mkv", "");
    assert_true(kino_library_is(root));
    if (kino_entries_among(root, NULL, 0, &w, &err))
        fail_msg("%s", err.text);
    static const struct {
        const char *title;
        int year;
        int64_t tmdb;
    } films[] = {{"Alien", 1979, 348}, {"Brazil", 1985, 0}, {"Cube", 1997, 0},  {"Dune", 2021, 438631},
                 {"Heat", 1995, 0},    {"Link", 1986, 11},  {"Alien3", 1992, 0}};
    assert_int_equal(w.count, sizeof films / sizeof *films);
    for (size_t i = 0; i < w.count; i++) {
        assert_string_equal(w.items[i].title, films[i].title);
        assert_int_equal(w.items[i].year, films[i].year);
        assert_int_equal(w.items[i].tmdb, films[i].tmdb);
    }
    assert_int_equal(w.skipped, 2);
    assert_string_equal(w.kind, "folder");
    kino_entries_free(&w);
    char command[64];
    snprintf(command, sizeof command, "rm -rf %s", root);
    assert_int_equal(system(command), 0);
    assert_false(kino_library_is(root));
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(names), cmocka_unit_test(videos_and_extras),
                                       cmocka_unit_test(nfo), cmocka_unit_test(folders)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
