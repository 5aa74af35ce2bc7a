/* test_cells.c - cells, columns and files as people have them: each form is read, and what is none is not guessed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/utf8.h"
#include "ingest/columns.h"
#include "ingest/history.h"
#include "ingest/source.h"
#include "ingest/table.h"
#include "ingest/values.h"

static kino_field field(const char *text)
{
    return (kino_field){text, strlen(text)};
}

typedef struct number {
    const char *text;
    double value; /* NaN: it is none */
} number;

static void expect(const number *cases, size_t count, bool (*read)(kino_field, double *))
{
    for (size_t i = 0; i < count; i++) {
        double value = NAN;
        if (!read(field(cases[i].text), &value))
            value = NAN;
        if (isnan(cases[i].value) ? !isnan(value) : !(fabs(value - cases[i].value) < 1e-6))
            fail_msg("\"%s\" is %g, not %g", cases[i].text, value, cases[i].value);
    }
}

static void numbers(void **state)
{
    (void)state;
    static const number cases[] = {
        {"8.7", 8.7},
        {" 8,7 ", 8.7},
        {"\"4,5\"", 4.5},
        {"2,343,110", 2343110},
        {"1.234.567", 1234567},
        {"1.234.567,5", 1234567.5},
        {"1,234.5", 1234.5},
        {"1,234", 1234},
        {"0,234", .234},
        {"12,50", 12.5},
        {"1 234 567", 1234567},
        {"1\xC2\xA0"
         "234",
         1234},
        {"1'234", 1234},
        {"2.3M", 2.3e6},
        {"12k", 12000},
        {"-3", -3},
        {"1e3", 1000},
        {"1,23,4", NAN},
        {"1,2345,6", NAN},
        {"1..2", NAN},
        {"", NAN},
        {"M", NAN},
        {"12 min", NAN},
        {"nan", NAN},
        {"1 ,2", NAN},
        {",", NAN},
        {"1,", 1},
    };
    expect(cases, sizeof cases / sizeof *cases, kino_value_number);
}

static void lengths(void **state)
{
    (void)state;
    static const number cases[] = {
        {"142", 142},          {"105.0", 105}, {"142 min", 142},  {"142min.", 142},    {"1h 45m", 105},
        {"1 hr 45 mins", 105}, {"PT2H", 120},  {"PT1H45M", 105},  {"PT1H45M10S", 105}, {"2 hours", 120},
        {"2h15", 135},         {"1:45", 105},  {"01:45:30", 105}, {"1 Season", NAN},   {"3 Seasons", NAN},
        {"long", NAN},         {"", NAN},      {"1:75", NAN},     {"90 parsecs", NAN},
    };
    expect(cases, sizeof cases / sizeof *cases, kino_value_minutes);
}

static void marks(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value, of;
    } cases[] = {
        {"4.5", 4.5, 0},
        {"4,5", 4.5, 0},
        {"8.7/10", 8.7, 10},
        {"8,7 / 10", 8.7, 10},
        {"4 out of 5", 4, 5},
        {"87%", 87, 100},
        {"87 %", 87, 100},
        {"4\xC2\xBD", 4.5, 0},
        {"\xE2\x98\x85\xE2\x98\x85\xE2\x98\x85\xC2\xBD", 3.5, 5},
        {"\xE2\x98\x85\xE2\x98\x86\xE2\x98\x86", 1, 5},
        {"***", 3, 5},
        {"thumbs up", 1, 1},
        {"Thumbs Down", 0, 1},
        {"\xF0\x9F\x91\x8D", 1, 1},
    };
    static const char *const none[] = {"", "good", "PG-13", "TV-MA", "7/", "/10", "7/0", "%", "A+"};
    double value, of;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!kino_value_mark(field(cases[i].text), &value, &of) || fabs(value - cases[i].value) > 1e-9 ||
            of != cases[i].of)
            fail_msg("%s: %g of %g", cases[i].text, value, of);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        if (kino_value_mark(field(none[i]), &value, &of))
            fail_msg("%s: %g of %g", none[i], value, of);
}

static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text, *date;
        int year;
    } cases[] = {
        {"2021-12-15", "2021-12-15", 2021},
        {"December 15, 2021", "2021-12-15", 2021},
        {"15 Dec 2021", "2021-12-15", 2021},
        {"15-Dec-99", "1999-12-15", 1999},
        {"15. Dezember 2021", "2021-12-15", 2021},
        {"15 d\xC3\xA9"
         "cembre 2021",
         "2021-12-15", 2021},
        {"1st May 2003", "2003-05-01", 2003},
        {"Sat Jan  4 00:00:00 2020", "2020-01-04", 2020},
        {"1999-03-30T00:00:00Z", "1999-03-30", 1999},
        {"March 1994", "", 1994},
        {"1994", "", 1994},
        {"1994.0", "", 1994},
        {"(1994)", "", 1994},
        {"1994-1996", "", 1994},
        {"1994\xE2\x80\x93", "", 1994},
        {"1799", NULL, 0},
        {"February 30, 2001", NULL, 0},
        {"soon", NULL, 0},
        {"Mars", NULL, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char date[11] = "?";
        int year = 0;
        const kino_date_form form = kino_value_date(field(cases[i].text), date, &year);
        if (!cases[i].date ? form > KINO_DATE_BAD
                           : form <= KINO_DATE_BAD || strcmp(date, cases[i].date) || year != cases[i].year)
            fail_msg("%s: form %d, \"%s\", %d", cases[i].text, (int)form, date, year);
    }
}

static void kinds(void **state)
{
    (void)state;
    static const char *const other[] = {"TV Series",
                                        "tvSeries",
                                        "TV Mini Series",
                                        "tvEpisode",
                                        "Video Game",
                                        "tv",
                                        "TV Show",
                                        ("S\xC3\xA9rie t\xC3\xA9l\xC3\xA9vis\xC3\xA9"
                                         "e"),
                                        "Serie de TV",
                                        "Fernsehserie",
                                        "Season",
                                        "Podcast Episode",
                                        "Music Video",
                                        "2 Seasons"};
    static const char *const film[] = {"Movie",   "movie", "Film",       "Feature Film", "TV Movie",
                                       "tvMovie", "Short", "TV Special", "Video",        "Documentary"};
    static const char *const episodes[] = {"Some Series: Season 1: The Pilot",
                                           "Reihe: Staffel 2: Anfang",
                                           "Show S01E02",
                                           "Show: Part One: Episode 3",
                                           "Show.s1e2.mkv",
                                           "Serie: Temporada 3: Fin"};
    static const char *const titles[] = {"Alien: Romulus", "Season of the Witch",
                                         "Se7en",          "Kill Bill: Vol. 1",
                                         "S1m0ne",         "Star Wars: Episode V - The Empire Strikes Back"};
    for (size_t i = 0; i < sizeof other / sizeof *other; i++)
        if (kino_value_kind(field(other[i])) != KINO_WORK_OTHER)
            fail_msg("%s", other[i]);
    for (size_t i = 0; i < sizeof film / sizeof *film; i++)
        if (kino_value_kind(field(film[i])) != KINO_WORK_FILM)
            fail_msg("%s", film[i]);
    assert_int_equal(kino_value_kind(field("")), KINO_WORK_UNSAID);
    for (size_t i = 0; i < sizeof episodes / sizeof *episodes; i++)
        if (!kino_value_is_episode(episodes[i]))
            fail_msg("%s", episodes[i]);
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++)
        if (kino_value_is_episode(titles[i]))
            fail_msg("%s", titles[i]);
}

static void links(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t tmdb;
        const char *imdb;
        bool other;
    } cases[] = {
        {"https://www.themoviedb.org/movie/603-the-matrix", 603, "", false},
        {"https://www.imdb.com/title/tt0133093/?ref_=x", 0, "tt0133093", false},
        {"Heat (1995) [tmdbid-949]", 949, "", false},
        {"Heat (1995) {imdb-tt0113277}", 0, "tt0113277", false},
        {"imdb://tt0133093", 0, "tt0133093", false},
        {"https://www.themoviedb.org/tv/1396-breaking-bad", 0, "", true},
    };
    int64_t tmdb;
    char imdb[16];
    bool other;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (!kino_value_link(cases[i].text, &tmdb, imdb, &other) || tmdb != cases[i].tmdb ||
            strcmp(imdb, cases[i].imdb) || other != cases[i].other)
            fail_msg("%s: %lld %s", cases[i].text, (long long)tmdb, imdb);
    assert_false(kino_value_link("Alien (1979)", &tmdb, imdb, &other));
    assert_false(kino_value_link("", &tmdb, imdb, &other));
}

static void absent(void **state)
{
    (void)state;
    static const char *const yes[] = {"", "  ", "\\N", "nan", "None", "N/A", "NULL", "-", "\xE2\x80\x94"};
    static const char *const no[] = {"0", "x", "None of them", "--x"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        assert_true(kino_value_absent(field(yes[i])));
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        assert_false(kino_value_absent(field(no[i])));
}

static void html(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"Tom &amp; Jerry", "Tom & Jerry"},
        {"&quot;x&quot; &#39;y&#39; &#xe9; &eacute;", "\"x\" 'y' \xC3\xA9 \xC3\xA9"},
        {"<i>A</i><br/>B", "A\nB"},
        {"A <b> in a title", "A <b> in a title"},
        {"<B>A</B> <br> B", "A \n B"},
        {"1 < 2 & 3 > 2", "1 < 2 & 3 > 2"},
        {"&nosuch; &#0; &#xD800; &", "&nosuch; &#0; &#xD800; &"},
        {"<script>x</script> <3", "<script>x</script> <3"},
        {"&amp;amp;", "&amp;"},
        {"<i", "<i"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_buffer b = {0};
        kino_html_text(&b, cases[i][0], strlen(cases[i][0]));
        assert_string_equal(b.data, cases[i][1]);
        free(b.data);
    }
}

static void columns_by_meaning(void **state)
{
    (void)state;
    const kino_field header[] = {field("Series_Title"), field("Released Year"), field("No_of_Votes"),
                                 field("IMDB_Rating"),  field("Poster_Link"),   field("Genre"),
                                 field("Inhalt")};
    static const char *const map[] = {"overview=inhalt"};
    kino_columns c;
    kino_buffer b = {0};
    kino_columns_find(header, 7, KINO_TABLE_FILMS, NULL, 0, &c);
    assert_int_equal(c.at[KINO_CELL_TITLE], 0);
    assert_int_equal(c.at[KINO_CELL_YEAR], 1);
    assert_int_equal(c.at[KINO_CELL_VOTES], 2);
    assert_int_equal(c.at[KINO_CELL_RATING], 3);
    assert_int_equal(c.at[KINO_CELL_GENRES], 5);
    assert_true(c.at[KINO_CELL_OVERVIEW] == SIZE_MAX);
    kino_columns_unused(&c, header, &b);
    assert_string_equal(b.data, "Poster_Link, Inhalt");
    b.size = 0;
    kino_columns_guessed(&c, header, &b);
    assert_non_null(strstr(b.data, "Series_Title as title"));
    kino_columns_find(header, 7, KINO_TABLE_FILMS, map, 1, &c);
    assert_int_equal(c.at[KINO_CELL_OVERVIEW], 6);
    assert_true(kino_columns_known("overview=x"));
    assert_false(kino_columns_known("nothing=x"));
    assert_false(kino_columns_known("overview"));
    free(b.data);
}

static void ids_of_its_own(void **state)
{
    (void)state;
    kino_movie a = {.imdb_id = "", .title = "The Glass Orchard", .year = 1994};
    kino_movie b = {.imdb_id = "", .title = "The glass orchard!", .year = 1994};
    kino_movie c = {.imdb_id = "", .title = "The Glass Orchard", .year = 1995};
    kino_movie d = {.imdb_id = "tt0111161", .title = "x"};
    assert_true(kino_own_id(&a) == kino_own_id(&b));
    assert_true(kino_own_id(&a) != kino_own_id(&c));
    assert_true(kino_own_id(&d) == KINO_OWN_IDS + 111161);
    assert_true(kino_own_id(&a) >= KINO_OWN_IDS && kino_own_id(&a) < INT64_C(1000000000000000));
}

/* ---- files ---- */

static void put_little(kino_buffer *b, uint32_t n, int bytes)
{
    for (int i = 0; i < bytes; i++)
        kino_buffer_byte(b, (char)(n >> 8 * i & 255));
}

typedef struct entry {
    const char *name, *text;
    size_t offset;
} entry;

/* A zip archive of stored members. */
static void zip(kino_buffer *b, entry *entries, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const uint32_t n = (uint32_t)strlen(entries[i].text);
        entries[i].offset = b->size;
        kino_buffer_put(b, "PK\3\4\12\0\0\0\0\0\0\0\0\0", 14);
        put_little(b, 0, 4);
        put_little(b, n, 4);
        put_little(b, n, 4);
        put_little(b, (uint32_t)strlen(entries[i].name), 2);
        put_little(b, 0, 2);
        kino_buffer_print(b, "%s%s", entries[i].name, entries[i].text);
    }
    const size_t list = b->size;
    for (size_t i = 0; i < count; i++) {
        const uint32_t n = (uint32_t)strlen(entries[i].text);
        kino_buffer_put(b, "PK\1\2\12\0\12\0\0\0\0\0\0\0\0\0", 16);
        put_little(b, 0, 4);
        put_little(b, n, 4);
        put_little(b, n, 4);
        put_little(b, (uint32_t)strlen(entries[i].name), 2);
        kino_buffer_put(b, "\0\0\0\0\0\0\0\0\0\0\0\0", 12);
        put_little(b, (uint32_t)entries[i].offset, 4);
        kino_buffer_print(b, "%s", entries[i].name);
    }
    const size_t size = b->size - list;
    kino_buffer_put(b, "PK\5\6\0\0\0\0", 8);
    put_little(b, (uint32_t)count, 2);
    put_little(b, (uint32_t)count, 2);
    put_little(b, (uint32_t)size, 4);
    put_little(b, (uint32_t)list, 4);
    put_little(b, 0, 2);
}

static kino_status rest(const kino_buffer *bytes, kino_buffer *out, char member[64], kino_error *err)
{
    kino_source *s = kino_source_from_bytes(bytes->data, bytes->size, "x");
    out->size = 0;
    kino_status st = kino_source_rest(s, 1 << 20, out, err);
    strncpy(member, kino_source_member(s), 63);
    kino_source_close(s);
    return st;
}

static void archives(void **state)
{
    (void)state;
    kino_buffer bytes = {0}, out = {0};
    char member[64] = "";
    kino_error err;
    entry some[] = {{"readme.txt", "a long text that is no list of films", 0},
                    {"__MACOSX/ratings.csv", "x", 0},
                    {"deleted/ratings.csv", "old", 0},
                    {"ratings.csv", "Name,Year\nHeat,1995\n", 0},
                    {"watchlist.csv", "Name,Year\n", 0}};
    zip(&bytes, some, 5);
    assert_int_equal(rest(&bytes, &out, member, &err), KINO_OK);
    assert_string_equal(member, "ratings.csv");
    assert_string_equal(out.data, "Name,Year\nHeat,1995\n");
    for (size_t n = 4; n < bytes.size; n++) { /* cut off anywhere, it is refused */
        const kino_buffer cut = {.data = bytes.data, .size = n, .capacity = n};
        assert_int_equal(rest(&cut, &out, member, &err), KINO_DAMAGED);
    }
    for (size_t i = 0; i < bytes.size; i++) { /* damaged anywhere, it does no harm */
        bytes.data[i] = (char)~bytes.data[i];
        rest(&bytes, &out, member, &err);
        bytes.data[i] = (char)~bytes.data[i];
    }
    bytes.size = 0;
    zip(&bytes, (entry[]){{"xl/workbook.xml", "", 0}, {"a.csv", "x", 0}}, 2);
    assert_int_equal(rest(&bytes, &out, member, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "Excel"));
    bytes.size = 0;
    zip(&bytes, (entry[]){{"a.jpg", "x", 0}}, 1);
    assert_int_equal(rest(&bytes, &out, member, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no list of films"));
    free(bytes.data);
    free(out.data);
}

/* Each member of Letterboxd's archive for what it says: a heart is the best rating, what was deleted is nothing. */
static void letterboxds_archive(void **state)
{
    (void)state;
    static const char head[] = "Date,Name,Year,Letterboxd URI";
    char texts[4][128], path[] = "/tmp/kino-letterboxd-XXXXXX";
    snprintf(texts[0], 128, "%s,Rating\n2020-01-01,Lantern,2001,u,3\n", head);
    snprintf(texts[1], 128, "%s\n2020-01-02,Tin,2003,u\n2020-01-02,Lantern,2001,u\n", head);
    snprintf(texts[2], 128, "%s\n2020-01-02,Gone,2004,u\n", head);
    snprintf(texts[3], 128, "%s\n2020-01-02,Later,2005,u\n", head);
    entry members[] = {{"me/ratings.csv", texts[0], 0},
                       {"me/likes/films.csv", texts[1], 0},
                       {"deleted/diary.csv", texts[2], 0},
                       {"me/watchlist.csv", texts[3], 0}};
    kino_buffer bytes = {0};
    kino_entries w = {0};
    kino_error err = {0};
    zip(&bytes, members, 4);
    const int fd = mkstemp(path);
    assert_true(fd >= 0 && write(fd, bytes.data, bytes.size) == (ssize_t)bytes.size);
    close(fd);
    if (kino_entries_read(path, NULL, 0, &w, &err))
        fail_msg("%s", err.text);
    assert_string_equal(w.kind, "Letterboxd");
    assert_int_equal(w.count, 3);
    assert_true(fabs(w.items[0].rating - .6) < 1e-9 && w.items[0].day > 0);
    assert_string_equal(w.items[1].title, "Tin");
    assert_true(w.items[1].rating == 1 && w.items[1].day == 0 && w.items[1].again);
    kino_entries_free(&w);
    if (kino_entries_among(path, NULL, 0, &w, &err))
        fail_msg("%s", err.text);
    assert_int_equal(w.count, 1);
    assert_string_equal(w.items[0].title, "Later");
    kino_entries_free(&w);
    unlink(path);
    free(bytes.data);
}

static void gzip_streams(void **state)
{
    (void)state;
    static const char text[] = "Name;Year\nCaf\xE9;1995\n";
    kino_buffer bytes = {0}, out = {0};
    char member[64];
    kino_error err;
    unsigned char packed[256];
    for (int times = 1; times <= 2; times++) { /* streams may follow one another */
        z_stream z = {.next_in = (unsigned char *)text,
                      .avail_in = sizeof text - 1,
                      .next_out = packed,
                      .avail_out = sizeof packed};
        assert_int_equal(deflateInit2(&z, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY), Z_OK);
        assert_int_equal(deflate(&z, Z_FINISH), Z_STREAM_END);
        kino_buffer_put(&bytes, packed, sizeof packed - z.avail_out);
        deflateEnd(&z);
        assert_int_equal(rest(&bytes, &out, member, &err), KINO_OK);
        assert_int_equal(out.size, (size_t)times * sizeof "Name;Year\nCaf\xC3\xA9;1995\n" - (size_t)times);
    }
    for (size_t n = 2; n < bytes.size / 2; n++) {
        const kino_buffer cut = {.data = bytes.data, .size = n, .capacity = n};
        if (rest(&cut, &out, member, &err) != KINO_DAMAGED)
            fail_msg("cut at %zu", n);
    }
    free(bytes.data);
    free(out.data);
}

/* What xz and zstd make of "Name;Year\nCaf\xE9;1995\n". */
static const unsigned char xz[] = {
    0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0x00, 0x04, 0xE6, 0xD6, 0xB4, 0x46, 0x02, 0x00, 0x21, 0x01, 0x1C, 0x00, 0x00,
    0x00, 0x10, 0xCF, 0x58, 0xCC, 0x01, 0x00, 0x13, 0x4E, 0x61, 0x6D, 0x65, 0x3B, 0x59, 0x65, 0x61, 0x72, 0x0A, 0x43,
    0x61, 0x66, 0xE9, 0x3B, 0x31, 0x39, 0x39, 0x35, 0x0A, 0x00, 0x9B, 0xE1, 0xD7, 0xF3, 0xA6, 0xA8, 0xE3, 0x8B, 0x00,
    0x01, 0x2C, 0x14, 0xF8, 0x0A, 0x6D, 0x03, 0x1F, 0xB6, 0xF3, 0x7D, 0x01, 0x00, 0x00, 0x00, 0x00, 0x04, 0x59, 0x5A};
static const unsigned char zstd[] = {0x28, 0xB5, 0x2F, 0xFD, 0x04, 0x68, 0xA1, 0x00, 0x00, 0x4E, 0x61,
                                     0x6D, 0x65, 0x3B, 0x59, 0x65, 0x61, 0x72, 0x0A, 0x43, 0x61, 0x66,
                                     0xE9, 0x3B, 0x31, 0x39, 0x39, 0x35, 0x0A, 0xB4, 0xEC, 0x04, 0x64};

static void packed_otherwise(const unsigned char *packed, size_t size, const char *name)
{
    kino_buffer bytes = {0}, out = {0};
    char member[64];
    kino_error err = {0};
    for (int times = 1; times <= 2; times++) {
        kino_buffer_put(&bytes, packed, size);
        if (rest(&bytes, &out, member, &err)) { /* a build without its library says so, and nothing else */
            assert_non_null(strstr(err.text, "whose library is not here"));
            assert_non_null(strstr(err.text, name));
            break;
        }
        assert_int_equal(out.size, (size_t)times * sizeof "Name;Year\nCaf\xC3\xA9;1995\n" - (size_t)times);
        assert_memory_equal(out.data, "Name;Year\nCaf\xC3\xA9;1995\n", 21);
    }
    for (size_t n = 5; n < size; n++) {
        const kino_buffer cut = {.data = bytes.data, .size = n, .capacity = n};
        if (rest(&cut, &out, member, &err) != KINO_DAMAGED)
            fail_msg("%s cut at %zu", name, n);
    }
    for (size_t i = 5; i < size; i++) { /* any bit may be wrong: that is an error or a text, and no more */
        bytes.data[i] ^= 0x10;
        const kino_buffer one = {.data = bytes.data, .size = size, .capacity = size};
        (void)rest(&one, &out, member, &err);
        bytes.data[i] ^= 0x10;
    }
    free(bytes.data);
    free(out.data);
}

static void xz_and_zstd(void **state)
{
    (void)state;
    packed_otherwise(xz, sizeof xz, "xz");
    packed_otherwise(zstd, sizeof zstd, "zstd");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers),        cmocka_unit_test(lengths),     cmocka_unit_test(marks),
        cmocka_unit_test(dates),          cmocka_unit_test(kinds),       cmocka_unit_test(links),
        cmocka_unit_test(absent),         cmocka_unit_test(html),        cmocka_unit_test(columns_by_meaning),
        cmocka_unit_test(ids_of_its_own), cmocka_unit_test(archives),    cmocka_unit_test(letterboxds_archive),
        cmocka_unit_test(gzip_streams),   cmocka_unit_test(xz_and_zstd),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
