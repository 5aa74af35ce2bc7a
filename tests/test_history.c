/* test_history.c - histories of every kind as the services write them, with their quirks; and what is none. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "films.h"
#include "ingest/history.h"

static kino_entries w;
static kino_error err;

static kino_status parse_n(const char *bytes, size_t n, const char *links, int64_t user)
{
    char *exact = malloc(n + 1); /* nothing behind the bytes */
    memcpy(exact, bytes, n);
    exact = realloc(exact, n ? n : 1);
    kino_entries_free(&w);
    err = (kino_error){0};
    kino_status st = kino_entries_parse("h.csv", exact, n, links, user, &w, &err);
    free(exact);
    return st;
}

static void parse(const char *text)
{
    if (parse_n(text, strlen(text), NULL, 0))
        fail_msg("%s", err.text);
}

static void expect(size_t i, size_t line, const char *title, int year, double rating, int64_t day)
{
    assert_true(i < w.count);
    const kino_entry *one = &w.items[i];
    assert_int_equal(one->line, line);
    assert_string_equal(one->title, title);
    assert_int_equal(one->year, year);
    if (rating < 0)
        assert_true(isnan(one->rating));
    else if (!(fabs(one->rating - rating) <= 1e-12))
        fail_msg("%s: rated %g, not %g", title, one->rating, rating);
    assert_int_equal(one->day, day);
}

static void expect_ids(size_t i, int64_t tmdb, const char *imdb)
{
    assert_true(i < w.count);
    assert_int_equal(w.items[i].tmdb, tmdb);
    assert_string_equal(w.items[i].imdb, imdb);
}

enum { JAN_4_2020 = 18265 };

static const char ratings[] = "\xEF\xBB\xBF"
                              "Date,Name,Year,Letterboxd URI,Rating\r\n"
                              "2020-01-04,Paper Harbour,1998,https://boxd.it/aaaa,4.5\r\n"
                              "2020-01-05,\"Tin, Glass and \"\"Rain\"\"\",2003,https://boxd.it/bbbb,0.5\r\n"
                              "2020-01-06,Ürsprung,2011,https://boxd.it/cccc,5\r\n";
static const char watched[] = "Date,Name,Year,Letterboxd URI\n2020-01-04,Paper Harbour,1998,https://boxd.it/aaaa\n"
                              "2020-01-04,No Year Yet,,https://boxd.it/dddd\n";
static const char diary[] = "Date,Name,Year,Letterboxd URI,Rating,Rewatch,Tags,Watched Date\n"
                            "2020-02-01,Paper Harbour,1998,https://boxd.it/x,3.5,Yes,\"sea, night\",2020-01-04\n"
                            "2020-02-02,Lantern,2001,https://boxd.it/y,,,,2020-01-05\n";
static const char list[] = "Letterboxd list export v7\nDate,Name,Tags,URL,Description\n"
                           "2021-05-06,Autumn,,https://boxd.it/z,\"Two lines\nof it\"\n\n"
                           "Position,Name,Year,URL,Description\n1,Lantern,2001,https://boxd.it/y,\n"
                           "2,\"Paper Harbour\",1998,https://boxd.it/aaaa,the best\n";
static const char imdb[] =
    "Const,Your Rating,Date Rated,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,Genres,Num Votes,"
    "Release Date,Directors\n"
    "tt7000001,9,2020-01-04,Paper Harbour,Papierhafen,https://www.imdb.com/title/tt7000001/,Movie,7.1,101,1998,"
    "\"Drama, Romance\",1200,1998-03-01,\"A. Body, B. Body\"\n"
    "tt7000002,8,2020-01-05,A Long Series,A Long Series,https://www.imdb.com/title/tt7000002/,TV Series,8.1,45,2003,Drama,"
    "900,2003-03-01,\n"
    "tt7000003,1,2020-01-06,Short One,Short One,https://www.imdb.com/title/tt7000003/,Short,5.1,12,2004,Drama,90,,\n"
    "tt7000004,7,2020-01-06,Game,Game,https://www.imdb.com/title/tt7000004/,Video Game,5.1,12,2004,Drama,90,,\n";
static const char imdb_list[] =
    "Position,Const,Created,Modified,Description,Title,Original Title,URL,Title Type,IMDb Rating,Runtime (mins),Year,"
    "Genres,Num Votes,Release Date,Directors,Your Rating,Date Rated\n"
    "1,tt7000001,2020-01-05,2020-01-05,,Paper Harbour,Papierhafen,https://x,Movie,7.1,101,1998,Drama,1,,,10,2020-01-04\n"
    "2,tt7000003,2020-01-05,2020-01-05,,Short One,Short One,https://x,Short,5.1,12,2004,Drama,90,,,,\n";
static const char imdb_old[] =
    "\"position\",\"const\",\"created\",\"modified\",\"description\",\"Title\",\"Title type\",\"Directors\",\"You rated\","
    "\"IMDb Rating\",\"Runtime (mins)\",\"Year\",\"Genres\",\"Num. Votes\",\"Release Date (month/day/year)\",\"URL\"\n"
    "\"1\",\"tt7000001\",\"Sat Jan  4 00:00:00 2020\",\"\",\"\",\"Paper Harbour\",\"Feature Film\",\"A. Body\",\"6\","
    "\"7.1\",\"101\",\"1998\",\"drama\",\"1200\",\"1998-03-01\",\"http://www.imdb.com/title/tt7000001/\"\n";
static const char trakt[] =
    "[{\"rated_at\":\"2020-01-04T09:10:11.000Z\",\"rating\":10,\"type\":\"movie\",\"movie\":{\"title\":\"Paper Harbour\","
    "\"year\":1998,\"ids\":{\"trakt\":1,\"slug\":\"paper-harbour-1998\",\"imdb\":\"tt7000001\",\"tmdb\":700}}},\n"
    "{\"rated_at\":\"2020-01-04T09:10:11.000Z\",\"rating\":8,\"type\":\"show\",\"show\":{\"title\":\"A Long Series\","
    "\"year\":2003,\"ids\":{\"trakt\":2}}},\n"
    "{\"plays\":4,\"last_watched_at\":\"2020-01-05T00:00:00.000Z\",\"movie\":{\"title\":\"Lantern \\u00e9\",\"year\":null,"
    "\"ids\":{\"trakt\":3,\"imdb\":null,\"tmdb\":null}}},\n"
    "{\"id\":1,\"watched_at\":\"2020-01-06T00:00:00.000Z\",\"action\":\"watch\",\"type\":\"episode\",\"episode\":{},"
    "\"show\":{}}]";
static const char movielens[] =
    "userId,movieId,rating,timestamp\n7,1,4.0,1578096000\n7,2,0.5,1578182400\n7,3,3,1578182400\n";

static void letterboxd(void **state)
{
    (void)state;
    parse(ratings);
    assert_string_equal(w.kind, "Letterboxd");
    assert_int_equal(w.count, 3);
    expect(0, 2, "Paper Harbour", 1998, .9, JAN_4_2020);
    expect(1, 3, "Tin, Glass and \"Rain\"", 2003, .1, JAN_4_2020 + 1);
    expect(2, 4, "Ürsprung", 2011, 1, JAN_4_2020 + 2);
    parse(watched);
    assert_int_equal(w.count, 2);
    expect(1, 3, "No Year Yet", 0, -1, JAN_4_2020);
    parse(diary); /* the day it was seen, not that of the entry */
    expect(0, 2, "Paper Harbour", 1998, .7, JAN_4_2020);
    expect(1, 3, "Lantern", 2001, -1, JAN_4_2020 + 1);
    parse(list);
    assert_string_equal(w.kind, "Letterboxd");
    assert_int_equal(w.count, 2);
    expect(0, 7, "Lantern", 2001, -1, 0);
    expect(1, 8, "Paper Harbour", 1998, -1, 0);
}

static void imdb_of_all_years(void **state)
{
    (void)state;
    parse(imdb);
    assert_string_equal(w.kind, "IMDb");
    assert_int_equal(w.count, 2);
    assert_int_equal(w.skipped, 2);
    expect(0, 2, "Paper Harbour", 1998, .9, JAN_4_2020);
    expect_ids(0, 0, "tt7000001");
    expect(1, 4, "Short One", 2004, .1, JAN_4_2020 + 2);
    parse(imdb_list);
    expect(0, 2, "Paper Harbour", 1998, 1, JAN_4_2020);
    expect(1, 3, "Short One", 2004, -1, 0);
    parse(imdb_old);
    assert_string_equal(w.kind, "IMDb");
    expect(0, 2, "Paper Harbour", 1998, .6, JAN_4_2020);
    expect_ids(0, 0, "tt7000001");
}

static void trakt_of_all_kinds(void **state)
{
    (void)state;
    parse(trakt);
    assert_string_equal(w.kind, "Trakt");
    assert_int_equal(w.count, 2);
    assert_int_equal(w.skipped, 2);
    expect(0, 1, "Paper Harbour", 1998, 1, JAN_4_2020);
    expect_ids(0, 700, "tt7000001");
    expect(1, 3, "Lantern é", 0, -1, JAN_4_2020 + 1);
    expect_ids(1, 0, "");
    parse("{\"movies\":[{\"title\":\"Lantern\",\"year\":2001,\"ids\":{\"tmdb\":5}}]}");
    expect(0, 1, "Lantern", 2001, -1, 0);
    expect_ids(0, 5, "");
    parse("[862, \"Heat (1995)\"]");
    expect_ids(0, 862, "");
    assert_true(w.items[1].typed);
    assert_int_equal(parse_n("[{\"movie\":", 10, NULL, 0), KINO_DAMAGED);
    assert_int_equal(parse_n("{\"shows\":1}", 11, NULL, 0), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no list of films"));
}

/* What media servers and their companions answer and export, film by film. */
static void media_servers(void **state)
{
    (void)state;
    parse("{\"MediaContainer\":{\"size\":2,\"Metadata\":[{\"type\":\"movie\",\"title\":\"Lantern\",\"year\":2001,"
          "\"guid\":\"plex://movie/5d7768\",\"userRating\":8.0,\"viewCount\":1,\"lastViewedAt\":1578096000,"
          "\"Guid\":[{\"id\":\"imdb://tt7000001\"},{\"id\":\"tmdb://5\"}]},\n"
          "{\"type\":\"episode\",\"title\":\"Pilot\"}]}}");
    assert_string_equal(w.kind, "Plex");
    assert_int_equal(w.count, 1);
    assert_int_equal(w.skipped, 1);
    assert_int_equal(w.skipped_line, 2);
    expect(0, 1, "Lantern", 2001, .8, JAN_4_2020 - 0);
    expect_ids(0, 5, "tt7000001");
    parse("{\"response\":{\"result\":\"success\",\"data\":{\"recordsTotal\":1,\"data\":[{\"date\":1578096000,"
          "\"media_type\":\"movie\",\"title\":\"Lantern\",\"year\":2001,"
          "\"guid\":\"com.plexapp.agents.imdb://tt7000001?lang=en\"}]}}}"); /* Tautulli */
    expect(0, 1, "Lantern", 2001, -1, JAN_4_2020);
    expect_ids(0, 0, "tt7000001");
    parse(
        "{\"Items\":[{\"Name\":\"Lantern\",\"ProductionYear\":2001,\"Type\":\"Movie\",\"ProviderIds\":{\"Tmdb\":\"5\"},"
        "\"UserData\":{\"Played\":true,\"IsFavorite\":true,\"LastPlayedDate\":\"2020-01-04T20:00:00Z\"}},"
        "{\"Name\":\"Later\",\"Type\":\"Movie\",\"UserData\":{\"Played\":false}},"
        "{\"Name\":\"Show\",\"Type\":\"Series\"}]}");
    assert_string_equal(w.kind, "Jellyfin");
    assert_int_equal(w.count, 2);
    assert_int_equal(w.skipped, 1);
    expect(0, 1, "Lantern", 2001, 1, JAN_4_2020);
    assert_false(w.items[0].waiting);
    assert_true(w.items[1].waiting);
    parse(
        "{\"id\":1,\"jsonrpc\":\"2.0\",\"result\":{\"limits\":{\"total\":2},\"movies\":[{\"label\":\"Lantern\",\"title\":"
        "\"Lantern\",\"year\":2001,\"uniqueid\":{\"imdb\":\"tt7000001\"},\"userrating\":9,\"playcount\":2,"
        "\"lastplayed\":\"2020-01-04 21:00:00\"},{\"title\":\"Later\",\"playcount\":0,\"userrating\":0}]}}");
    assert_string_equal(w.kind, "Kodi");
    expect(0, 1, "Lantern", 2001, .9, JAN_4_2020);
    expect_ids(0, 0, "tt7000001");
    expect(1, 1, "Later", 0, -1, 0);
    assert_true(w.items[1].waiting && !w.items[0].waiting);
}

static void other_services(void **state)
{
    (void)state;
    parse(
        "{\"movies\":[{\"status\":\"completed\",\"user_rating\":9,\"movie\":{\"title\":\"Lantern\",\"year\":2001,\"ids\":"
        "{\"simkl\":1,\"tmdb\":\"5\"}}},{\"status\":\"plantowatch\",\"movie\":{\"title\":\"Later\",\"ids\":{}}}],"
        "\"shows\":[{}],\"anime\":[]}");
    assert_string_equal(w.kind, "Simkl");
    expect(0, 1, "Lantern", 2001, .9, 0);
    assert_true(w.items[1].waiting);
    assert_int_equal(w.skipped, 1);
    parse("SIMKL_ID,Title,Type,Year,Watchlist,WatchedDate,Rating,TMDB,IMDB\n"
          "1,Lantern,movie,2001,completed,2020-01-04,8,5,tt7000001\n2,Later,movie,2002,plantowatch,,,6,\n");
    expect(0, 2, "Lantern", 2001, .8, JAN_4_2020);
    expect_ids(0, 5, "tt7000001");
    assert_true(w.items[1].waiting);
    parse("[{\"title\":\"Lantern\",\"poster_url\":\"x\",\"imdb_id\":\"tt7000001\"}]"); /* StevenLu */
    expect_ids(0, 0, "tt7000001");
    parse(
        "Tytu\xC5\x82;Tytu\xC5\x82 oryginalny;Rok produkcji;Ocena;Data\nLatarnia;Lantern;2001;9;2020-01-04\n"); /* Filmweb */
    expect(0, 2, "Latarnia", 2001, .9, JAN_4_2020);
    assert_string_equal(w.items[0].other, "Lantern");
    parse(
        "Date Watched,Type,Title,Episode Title\n2020-01-04,Movie,Lantern,\n2020-01-05,Series,Show,Pilot\n"); /* Prime */
    assert_int_equal(w.count, 1);
    expect(0, 2, "Lantern", 0, -1, JAN_4_2020);
    assert_int_equal(w.skipped_line, 3);
    parse("Title,Date\nLantern,1/4/20\n");
    assert_string_equal(w.kind, "Netflix");
    parse(
        "{\"title\":\"Lantern\",\"year\":2001}\n{\"title\":\"Paper Harbour\",\"year\":1998}\n"); /* an object a line */
    assert_int_equal(w.count, 2);
    expect(1, 2, "Paper Harbour", 1998, -1, 0);
    parse("{\"title\":\"Lantern\",\"year\":2001}");
    assert_int_equal(w.count, 1);
    assert_int_equal(parse_n("{\"title\":\"Lantern\"}{\"title\":", 28, NULL, 0), KINO_DAMAGED);
}

/* What is there and cannot be read, and what is not used, is told. */
static void unread(void **state)
{
    (void)state;
    parse("Title,Year,Rating,Colour\nLantern,2001,9,red\nPaper Harbour,1998,many,red\nTin,19x8,,red\n");
    assert_int_equal(w.remark_count, 3);
    assert_string_equal(w.remarks[0].text, "columns not used: Colour");
    assert_int_equal(w.remarks[0].line, 0);
    assert_string_equal(w.remarks[1].reason, kino_no_rating);
    assert_int_equal(w.remarks[1].line, 3);
    assert_string_equal(w.remarks[2].reason, kino_no_year);
    assert_true(w.items[1].unread && isnan(w.items[1].rating));
    assert_false(w.items[0].unread || w.items[2].unread);
}

static void movielens_through_its_links(void **state)
{
    (void)state;
    static const char text[] = "movieId,imdbId,tmdbId\n1,0114709,862\n2,0113497,\n";
    char *links = text_file(text, sizeof text - 1);
    assert_int_equal(parse_n(movielens, sizeof movielens - 1, NULL, 0), KINO_USAGE);
    assert_non_null(strstr(err.text, "--links"));
    assert_int_equal(parse_n(movielens, sizeof movielens - 1, links, 0), KINO_OK);
    assert_string_equal(w.kind, "MovieLens");
    assert_int_equal(w.count, 3);
    expect(0, 2, "", 0, .8, JAN_4_2020);
    expect_ids(0, 862, "tt0114709");
    expect(1, 3, "", 0, .1, JAN_4_2020 + 1);
    expect_ids(1, 0, "tt0113497");
    expect_ids(2, 0, "");
    static const char two[] = "userId,movieId,rating,timestamp\n7,1,4,1578096000\n8,2,2,1578182400\n";
    assert_int_equal(parse_n(two, sizeof two - 1, links, 0), KINO_USAGE);
    assert_non_null(strstr(err.text, "line 3: the ratings of several users; name one: --user 7"));
    assert_int_equal(parse_n(two, sizeof two - 1, links, 8), KINO_OK);
    assert_int_equal(w.count, 1);
    expect(0, 3, "", 0, .4, JAN_4_2020 + 1);
    assert_int_equal(parse_n(two, sizeof two - 1, links, 9), KINO_NOT_FOUND);
    assert_int_equal(parse_n(two, sizeof two - 1, "/nowhere/links.csv", 8), KINO_NOT_FOUND);
    unlink(links);
    free(links);
}

static void lists_and_other_tables(void **state)
{
    (void)state;
    parse("862\r\n\r\n1917\n");
    assert_int_equal(w.count, 2);
    expect_ids(1, 1917, "");
    assert_int_equal(w.items[1].line, 3);
    parse("# my films\nHeat (1995)\n 1917 \n#Horror\n[REC]\nLove, Actually\ntt0113277");
    assert_string_equal(w.kind, "list");
    assert_int_equal(w.count, 6);
    expect(0, 2, "Heat (1995)", 0, -1, 0);
    expect(1, 3, "1917", 0, -1, 0);
    assert_true(w.items[1].typed && !w.items[1].tmdb);
    expect(2, 4, "#Horror", 0, -1, 0);
    expect(3, 5, "[REC]", 0, -1, 0);
    expect(4, 6, "Love, Actually", 0, -1, 0);
    expect(5, 7, "tt0113277", 0, -1, 0);
    parse("\"Unclosed\nHeat\n");
    assert_int_equal(w.count, 2);
    parse("tmdb_id,title\n5,Four\n");
    expect_ids(0, 5, "");
    parse("rating,YEAR,Title\n7.5,1998,Paper Harbour\n10,2001,Lantern\n"); /* a column of tens */
    expect(0, 2, "Paper Harbour", 1998, .75, 0);
    parse("Title,Year,Rating10\nLantern,2001,3\n");
    expect(0, 2, "Lantern", 2001, .3, 0);
    parse("Title,Year,Rating\nLantern,2001,80\nX,2000,-1\nY,2000,many\n");
    expect(0, 2, "Lantern", 2001, .8, 0);
    expect(1, 3, "X", 2000, -1, 0);
    expect(2, 4, "Y", 2000, -1, 0);
    parse("");
    assert_int_equal(w.count, 0);
}

static void what_is_none(void **state)
{
    (void)state;
    static const char pointer[] = "version https://git-lfs.github.com/spec/v1\noid sha256:0\n";
    assert_int_equal(parse_n(pointer, sizeof pointer - 1, NULL, 0), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no list of films but a Git LFS pointer"));
    assert_int_equal(parse_n("PK\3\4", 4, NULL, 0), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "zip"));
    static const char open[] = "Title,Year\n\"Lantern,2001\n";
    assert_int_equal(parse_n(open, sizeof open - 1, NULL, 0), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "h.csv: line 2"));
    assert_int_equal(kino_entries_read("/nowhere/h.csv", NULL, 0, &w, &err), KINO_NOT_FOUND);
    assert_int_equal(kino_entries_read("/tmp", NULL, 0, &w, &err), KINO_FAILED);
}

/* What the first bytes say, however few there are. */
static void first_bytes(void **state)
{
    (void)state;
    assert_int_equal(parse_n("\xFF\xFE", 2, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 0);
    assert_int_equal(parse_n("\xFE\xFF\0A", 4, NULL, 0), KINO_OK);
    expect(0, 1, "A", 0, -1, 0);
    assert_int_equal(parse_n("PK", 2, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 1);
    assert_int_equal(parse_n("\xEF\xBB\xBF", 3, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 0);
    assert_int_equal(parse_n("P", 1, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 1);
    assert_int_equal(parse_n("{", 1, NULL, 0), KINO_DAMAGED);
    assert_int_equal(parse_n(" [ {", 4, NULL, 0), KINO_DAMAGED);
    assert_int_equal(parse_n("[]", 2, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 0);
    assert_int_equal(parse_n("[REC]", 5, NULL, 0), KINO_OK);
    expect(0, 1, "[REC]", 0, -1, 0);
    assert_int_equal(parse_n("#\n# x\n#x\n", 8, NULL, 0), KINO_OK);
    assert_int_equal(w.count, 1);
    expect(0, 3, "#x", 0, -1, 0);
}

/* Days since 1970, over leap years and centuries, as dates and as seconds of nine to eleven digits. */
static void days(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t day;
    } cases[] = {
        {"1970-01-01", 0},
        {"1970-01-02", 1},
        {"1969-12-31", -1},
        {"1970-03-01", 59},
        {"1972-02-29", 789},
        {"1972-03-01", 790},
        {"2000-02-29", 11016},
        {"2000-03-01", 11017},
        {"1900-03-01", -25508},
        {"2020-01-04", 18265},
        {"2100-03-01", 47541},
        {"1577836800", 18262},
        {"100000000", 1157},
        {"86399999999", 999999},
        {"99999999", 0},
        {"100000000000", 0},
        {"1577836799", 18261},
        {"nonsense", 0},
        {"", 0},
        {"2019-02-29", 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (kino_entry_day(cases[i].text, strlen(cases[i].text)) != cases[i].day)
            fail_msg("%s: day %lld", cases[i].text, (long long)kino_entry_day(cases[i].text, strlen(cases[i].text)));
}

/* Years, ratings and their scales on both sides of each bound. */
static void bounds_of_cells(void **state)
{
    (void)state;
    parse("Name,Year,Rating\nA,1800,5\nB,1799,0\nC,9999,2.5\nD,10000,-1\n");
    expect(0, 2, "A", 1800, 1, 0);
    expect(1, 3, "B", 0, 0, 0);
    expect(2, 4, "C", 9999, .5, 0);
    expect(3, 5, "D", 0, -1, 0);
    parse("Name,Rating\nA,5.5\nB,10\n"); /* beyond five it is of ten, beyond ten of a hundred */
    expect(0, 2, "A", 0, .55, 0);
    expect(1, 3, "B", 0, 1, 0);
    parse("Name,Rating\nA,10.5\nB,100\nC,101\n");
    expect(0, 2, "A", 0, .105, 0);
    expect(1, 3, "B", 0, 1, 0);
    expect(2, 4, "C", 0, -1, 0);
    parse("Title,Your Rating\nA,5\n"); /* points are of ten, whatever the highest is */
    expect(0, 2, "A", 0, .5, 0);
    parse("[{\"movie\":{\"title\":\"A\",\"year\":1800,\"ids\":{\"tmdb\":1}},\"rating\":10},"
          "{\"movie\":{\"title\":\"B\",\"year\":1799,\"ids\":{\"tmdb\":0}},\"rating\":0},"
          "{\"movie\":{\"title\":\"C\",\"year\":10000},\"rating\":10.5},"
          "{\"movie\":{\"title\":\"D\",\"year\":9999},\"rating\":1}]");
    expect(0, 1, "A", 1800, 1, 0);
    expect_ids(0, 1, "");
    expect(1, 1, "B", 0, -1, 0);
    expect_ids(1, 0, "");
    expect(2, 1, "C", 0, -1, 0);
    expect(3, 1, "D", 9999, .1, 0);
    parse("[{\"show\":{\"title\":\"S\"},\"title\":\"An episode\",\"ids\":{\"tmdb\":5}},"
          "{\"type\":\"episode\",\"movie\":{\"title\":\"E\"}},{\"title\":\"A film\"}]");
    assert_int_equal(w.count, 1);
    assert_int_equal(w.skipped, 2);
    expect(0, 1, "A film", 0, -1, 0);
}

/* Every file cut off anywhere, and with any byte changed, is read or refused. */
static void damage_does_no_harm(void **state)
{
    (void)state;
    static const char *const files[] = {ratings, watched, diary, list, imdb, imdb_list, imdb_old, trakt, movielens};
    for (size_t f = 0; f < sizeof files / sizeof *files; f++) {
        const size_t n = strlen(files[f]);
        char *copy = kino_strdup(files[f]);
        for (size_t i = 0; i <= n; i++) {
            parse_n(files[f], i, NULL, 0);
            if (i == n)
                break;
            static const char bytes[] = {0, '"', ',', '\n', (char)0xFF, '{', '9'};
            for (size_t b = 0; b < sizeof bytes; b++) {
                copy[i] = bytes[b];
                parse_n(copy, n, NULL, 0);
            }
            copy[i] = files[f][i];
        }
        free(copy);
    }
}

static int finish(void **state)
{
    (void)state;
    kino_entries_free(&w);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(first_bytes),
        cmocka_unit_test(days),
        cmocka_unit_test(bounds_of_cells),
        cmocka_unit_test(letterboxd),
        cmocka_unit_test(imdb_of_all_years),
        cmocka_unit_test(trakt_of_all_kinds),
        cmocka_unit_test(media_servers),
        cmocka_unit_test(other_services),
        cmocka_unit_test(unread),
        cmocka_unit_test(movielens_through_its_links),
        cmocka_unit_test(lists_and_other_tables),
        cmocka_unit_test(what_is_none),
        cmocka_unit_test(damage_does_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, finish);
}
