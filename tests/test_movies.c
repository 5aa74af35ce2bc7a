/* test_movies.c - film tables to films: every known fault of Kaggle's files, companions, both recipes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/limits.h"
#include "films.h"
#include "ingest/classic.h"
#include "ingest/clean.h"
#include "ingest/stats.h"

#define KAGGLE                                                                                                         \
    "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,"         \
    "popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,"                   \
    "spoken_languages,status,tagline,title,video,vote_average,vote_count\n"

static kino_build_report report;
static kino_movies films;
static kino_error err;

static kino_status ingest(const char *text, kino_recipe recipe)
{
    kino_movies_free(&films);
    memset(&report, 0, sizeof report);
    err = (kino_error){0};
    return read_films(text, recipe, &films, &report, &err);
}

static int clear(void **state)
{
    (void)state;
    kino_movies_free(&films);
    return 0;
}

static size_t fault(const char *part)
{
    for (size_t i = 0; i < report.faults_count; i++)
        if (strstr(report.faults[i].what, part))
            return report.faults[i].count;
    return 0;
}

static void assert_no_fault_but(const char *part)
{
    for (size_t i = 0; i < report.faults_count; i++)
        if (!part || !strstr(report.faults[i].what, part))
            fail_msg("%zu %s", report.faults[i].count, report.faults[i].what);
}

static const kino_movie *film(int64_t id)
{
    for (size_t i = 0; i < films.count; i++)
        if (films.items[i].id == id)
            return &films.items[i];
    fail_msg("no film %lld", (long long)id);
    return NULL;
}

/* What a date may look like, and which day there is. */
static void dates(void **state)
{
    (void)state;
    static const struct {
        const char *text, *date;
        kino_date_form form;
    } cases[] = {
        {"1999-12-31", "1999-12-31", KINO_DATE_ISO},
        {"2000-02-29", "2000-02-29", KINO_DATE_ISO},
        {"1900-02-29", NULL, KINO_DATE_BAD},
        {"1900-02-28", "1900-02-28", KINO_DATE_ISO},
        {"2100-02-29", NULL, KINO_DATE_BAD},
        {"1996-02-29", "1996-02-29", KINO_DATE_ISO},
        {"1997-02-29", NULL, KINO_DATE_BAD},
        {"1996-03-31", "1996-03-31", KINO_DATE_ISO},
        {"1996-03-32", NULL, KINO_DATE_BAD},
        {"1996-04-30", "1996-04-30", KINO_DATE_ISO},
        {"1996-04-31", NULL, KINO_DATE_BAD},
        {"1996-06-31", NULL, KINO_DATE_BAD},
        {"1996-09-31", NULL, KINO_DATE_BAD},
        {"1996-11-31", NULL, KINO_DATE_BAD},
        {"1996-02-30", NULL, KINO_DATE_BAD},
        {"1996-01-31", "1996-01-31", KINO_DATE_ISO},
        {"1996-00-10", NULL, KINO_DATE_BAD},
        {"1996-13-10", NULL, KINO_DATE_BAD},
        {"1996-12-00", NULL, KINO_DATE_BAD},
        {"1800-01-01", "1800-01-01", KINO_DATE_ISO},
        {"1799-12-31", NULL, KINO_DATE_BAD},
        {"2199-12-31", "2199-12-31", KINO_DATE_ISO},
        {"2200-01-01", NULL, KINO_DATE_BAD},
        {"2001/5/31", "2001-05-31", KINO_DATE_OTHER},
        {"2001-5-31", "2001-05-31", KINO_DATE_OTHER},
        {"2001-05-3", "2001-05-03", KINO_DATE_OTHER},
        {"8/20/1997", "1997-08-20", KINO_DATE_OTHER},
        {"20/8/1997", "1997-08-20", KINO_DATE_OTHER},
        {"12/8/1997", "1997-12-08", KINO_DATE_OTHER},
        {"13/12/1997", "1997-12-13", KINO_DATE_OTHER},
        {"13/13/1997", NULL, KINO_DATE_BAD},
        {"3.4.1997", "1997-04-03", KINO_DATE_OTHER},
        {"8/20/97", "1997-08-20", KINO_DATE_SHORT},
        {"8/20/29", "2029-08-20", KINO_DATE_SHORT},
        {"8/20/30", "1930-08-20", KINO_DATE_SHORT},
        {"8/20/00", "2000-08-20", KINO_DATE_SHORT},
        {"8/20/197", NULL, KINO_DATE_BAD},
        {"8/20/7", NULL, KINO_DATE_BAD},
        {"800/2/1997", NULL, KINO_DATE_BAD},
        {"1999-12-31T10:00", "1999-12-31", KINO_DATE_OTHER},
        {"1999-12-31 10:00", "1999-12-31", KINO_DATE_OTHER},
        {"1999-12-31x", NULL, KINO_DATE_BAD},
        {"1999-12/31", NULL, KINO_DATE_BAD},
        {"1999:12:31", NULL, KINO_DATE_BAD},
        {"1999-12", NULL, KINO_DATE_BAD},
        {"1999", NULL, KINO_DATE_BAD},
        {"-12-31", NULL, KINO_DATE_BAD},
        {" 1999-12-31 ", "1999-12-31", KINO_DATE_ISO},
        {"  ", NULL, KINO_DATE_NONE},
        {"", NULL, KINO_DATE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char date[11] = "";
        int year = 0;
        const kino_field f = {cases[i].text, strlen(cases[i].text)};
        const kino_date_form form = kino_parse_date(f, date, &year);
        if (form != cases[i].form)
            fail_msg("\"%s\": form %d, %s", cases[i].text, (int)form, date);
        if (cases[i].date) {
            assert_string_equal(date, cases[i].date);
            assert_int_equal(year, atoi(cases[i].date));
        }
    }
}

static kino_field text_field(const char *text)
{
    return (kino_field){text, strlen(text)};
}

/* Ids, languages, flags, posters: what is taken and what is not, on both sides of each bound. */
static void single_cells(void **state)
{
    (void)state;
    int64_t id = 0;
    char imdb[16], language[4];
    assert_true(kino_parse_id(text_field("1"), &id) && id == 1);
    assert_true(kino_parse_id(text_field("862.0"), &id) && id == 862);
    assert_true(kino_parse_id(text_field("9007199254740991"), &id) && id == KINO_LIMIT_ID);
    assert_false(kino_parse_id(text_field("9007199254740994"), &id));
    assert_false(kino_parse_id(text_field("0"), &id) || kino_parse_id(text_field("-5"), &id));
    assert_false(kino_parse_id(text_field("1.5"), &id) || kino_parse_id(text_field("x"), &id));
    assert_true(kino_parse_imdb(text_field(" tt0114709 "), imdb));
    assert_string_equal(imdb, "tt0114709");
    assert_true(kino_parse_imdb(text_field("TT114709"), imdb));
    assert_string_equal(imdb, "tt0114709");
    assert_true(kino_parse_imdb(text_field("114709"), imdb));
    assert_string_equal(imdb, "tt0114709");
    assert_true(kino_parse_imdb(text_field("tt9999999999"), imdb));
    assert_string_equal(imdb, "tt9999999999");
    assert_false(kino_parse_imdb(text_field("tt10000000000"), imdb) || kino_parse_imdb(text_field("tt"), imdb));
    assert_false(kino_parse_imdb(text_field("tt1.0"), imdb) || kino_parse_imdb(text_field("nm0000123"), imdb));
    assert_true(kino_parse_language(text_field(" EN"), language));
    assert_string_equal(language, "en");
    assert_true(kino_parse_language(text_field("zaz"), language));
    assert_string_equal(language, "zaz");
    assert_false(kino_parse_language(text_field("e"), language) || kino_parse_language(text_field("engl"), language));
    assert_false(kino_parse_language(text_field("e1"), language) || kino_parse_language(text_field("e{"), language));
    assert_false(kino_parse_language(text_field("`a"), language));
    static const char *const yes[] = {"True", "true", "TRUE", "1", "yes", " 1.0 "}, *const no[] = {"", "0", "no", "11"};
    for (size_t i = 0; i < 6; i++)
        assert_true(kino_parse_flag(text_field(yes[i])));
    for (size_t i = 0; i < 4; i++)
        assert_false(kino_parse_flag(text_field(no[i])));
    char long_name[130] = "/";
    memset(long_name + 1, 'a', 126);
    assert_true(kino_is_poster(text_field(long_name)));
    long_name[127] = 'a';
    assert_false(kino_is_poster(text_field(long_name)));
    assert_true(kino_is_poster(text_field("/azAZ09_-.jpg")) && kino_is_poster(text_field("/a")));
    assert_false(kino_is_poster(text_field("/")) || kino_is_poster(text_field("a.jpg")));
    assert_false(kino_is_poster(text_field("/a..jpg")) || kino_is_poster(text_field("/a/b")));
    assert_false(kino_is_poster(text_field("/a b")) || kino_is_poster(text_field("/a@")));
    assert_false(kino_is_poster(text_field("/a[")) || kino_is_poster(text_field("/a`")));
    assert_false(kino_is_poster(text_field("/a{")) || kino_is_poster(text_field("/a:")));
}

/* Text as it may be shown. */
static void texts(void **state)
{
    (void)state;
    static const struct {
        const char *in, *line, *text;
    } cases[] = {
        {"  plain ", "plain", "plain"},
        {"a\r\nb\rc\nd", "a b c d", "a\nb\nc\nd"},
        {"a\tb", "a b", "a b"},
        {"a\x01\x1f\x7f\xc2\x80\xc2\x9f"
         "b",
         "ab", "ab"},
        {"\xc2\xa0 \xe3\x80\x80 a\xe2\x80\x8b\xef\xbb\xbf ", "a", "a"},
        {"\xc2\xa1", "\xc2\xa1", "\xc2\xa1"},
        {"a\xe2\x80\xa8"
         "b\xe2\x80\xa9"
         "c",
         "a b c", "a\nb\nc"},
        {"caf\xc3\xa9\xff", "caf\xc3\xa9\xef\xbf\xbd", "caf\xc3\xa9\xef\xbf\xbd"},
        {"\x01", "", ""},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_arena arena = {0};
        kino_faults faults = {0};
        kino_cleaner c = {.arena = &arena, .faults = &faults};
        assert_string_equal(kino_clean_line(&c, text_field(cases[i].in)), cases[i].line);
        assert_string_equal(kino_clean_text(&c, text_field(cases[i].in)), cases[i].text);
        assert_int_equal(c.not_utf8, i == 7);
        assert_int_equal(c.control, i == 3 || i == 8);
        free(c.buffer.data);
        kino_arena_free(&arena);
    }
}

static void a_kaggle_row(void **state)
{
    (void)state;
    assert_int_equal(
        ingest(
            KAGGLE
            "False,\"{'id': 10194, 'name': 'Toy Story Collection', 'poster_path': '/c.jpg', 'backdrop_path': None}\",30000000,"
            "\"[{'id': 16, 'name': 'Animation'}, {'id': 35, 'name': 'Comedy'}]\",http://x,862,tt0114709,en,Toy Story,"
            "\"Led by \"\"Woody\"\",\r\nAndy's toys live.\",21.946943,/rhIR_b-1.jpg,\"[{'name': \"\"Lovers' Films\"\", 'id': 3}]\","
            "\"[{'iso_3166_1': 'US', 'name': 'United States of America'}]\",1995-10-30,373554033,81.0,"
            "\"[{'iso_639_1': 'en', 'name': 'English'}]\",Released,A tagline.,Toy Story,False,7.7,5415\n",
            KINO_RECIPE_DEFAULT),
        KINO_OK);
    assert_no_fault_but(NULL);
    assert_int_equal(films.count, 1);
    const kino_movie *m = film(862);
    assert_string_equal(m->imdb_id, "tt0114709");
    assert_string_equal(m->title, "Toy Story");
    assert_string_equal(m->original_title, "Toy Story");
    assert_string_equal(m->language, "en");
    assert_string_equal(m->date, "1995-10-30");
    assert_int_equal(m->year, 1995);
    assert_true(m->runtime == 81 && m->rating == 7.7 && m->votes == 5415 && m->popularity == 21.946943);
    assert_string_equal(m->overview, "Led by \"Woody\",\nAndy's toys live.");
    assert_string_equal(m->tagline, "A tagline.");
    assert_string_equal(m->status, "Released");
    assert_string_equal(m->poster_path, "/rhIR_b-1.jpg");
    assert_int_equal(m->collection.id, 10194);
    assert_string_equal(m->collection.name, "Toy Story Collection");
    assert_int_equal(m->genres.count, 2);
    assert_int_equal(m->genres.items[1].id, 35);
    assert_string_equal(m->genres.items[1].name, "Comedy");
    assert_string_equal(m->countries.items[0].name, "United States of America");
    assert_int_equal(m->keywords.count + m->cast.count + m->directors.count, 0);
}

/* Numbers that are possible, and the first that is not. */
static void numbers_in_bounds(void **state)
{
    (void)state;
    assert_int_equal(
        ingest("id,title,original_title,runtime,vote_count,vote_average,popularity\n"
               "1,A,A,60000,1000000000000,10,1000000000000\n2,B,B,60001,1000000000001,10.01,1000000000001\n"
               "3,C,C,0.5,1,0.1,0\n4,D,D,-1,-1,-1,-1\n5,E,E,0,5,0,1e-3\n6,F,F,90,0,5,1\n",
               KINO_RECIPE_DEFAULT),
        KINO_OK);
    const kino_movie *a = film(1), *b = film(2), *c = film(3), *d = film(4);
    assert_true(a->runtime == 60000 && a->votes == INT64_C(1000000000000) && a->rating == 10 && a->popularity == 1e12);
    assert_true(isnan(b->runtime) && b->votes == -1 && isnan(b->rating) && isnan(b->popularity));
    assert_true(c->runtime == 0.5 && c->votes == 1 && c->rating == 0.1 && c->popularity == 0);
    assert_true(isnan(d->runtime) && d->votes == -1 && isnan(d->rating) && isnan(d->popularity));
    assert_true(isnan(film(5)->runtime) && isnan(film(5)->rating) && film(5)->popularity == 1e-3);
    assert_true(film(6)->votes == 0 && isnan(film(6)->rating));
}

static void columns_by_name(void **state)
{
    (void)state;
    /* Another order, JSON, keywords inside, a BOM, CRLF, spreadsheet forms; no adult column. */
    assert_int_equal(
        ingest("\xEF\xBB\xBFvote_count,Title,keywords,tmdb_id,release_date,genres,adult,runtime,imdb_id\r\n"
               "11800,Avatar,\"[{\"\"id\"\": 1463, \"\"name\"\": \"\"culture clash\"\"}]\",19995.0,12/10/09,"
               "\"[{\"\"id\"\": 28, \"\"name\"\": \"\"Action\"\"}]\",FALSE,162,499549\r\n",
               KINO_RECIPE_DEFAULT),
        KINO_OK);
    const kino_movie *m = film(19995);
    assert_string_equal(m->date, "2009-12-10");
    assert_string_equal(m->keywords.items[0].name, "culture clash");
    assert_string_equal(m->genres.items[0].name, "Action");
    assert_string_equal(m->original_title, "Avatar");
    assert_string_equal(m->imdb_id, "tt0499549");
    assert_int_equal(fault("two digits"), 1);
    /* The barest table, lists written by hand. */
    assert_int_equal(
        ingest("id,original_title,genres\n7,Heimat,Drama | War\n8,Other,\"Drama, Comedy\"\n", KINO_RECIPE_DEFAULT),
        KINO_OK);
    assert_string_equal(film(7)->title, "Heimat");
    assert_string_equal(film(7)->genres.items[1].name, "War");
    assert_int_equal(film(8)->genres.count, 2);
    assert_int_equal(film(7)->votes, -1);
    assert_string_equal(film(7)->collection.name, "");
}

static const char halves[] = KAGGLE
    "False,,0,\"[{'id': 28, 'name': 'Action'}]\",,82663,tt0113002,en,Midnight Man,A thriller\n"
    " - Written by hand,0.065736,/ff9.jpg,\"[{'name': 'Carousel', 'id': 11176}]\",\"[{'iso_3166_1': 'CA', 'name': "
    "'Canada'}]\",1997-08-20,0,104.0,\"[{'iso_639_1': 'en', 'name': 'English'}]\",Released,,Midnight Man,False,6.0,1\n"
    "False,,0,[],,5,tt0000005,en,Whole,Told.,1,,[],[],1990-01-01,0,90,[],Released,,Whole,False,5,10\n"
    /* two first halves in a row: the second finds its other half */
    "False,,0,[],,6,tt0000006,en,Bare,Nothing follows,,,,,,,,,,,,,,\n"
    "False,,0,[],,122662,tt2423504,ja,Mardock,Third film\n"
    " of the series,1.5,,[],[],2012-09-29,0,68.0,[],Released,,Mardock Scramble,False,7.0,12,,,,,,,,,\n"
    /* a tail that belongs to nothing */
    " stray tail,1.5,,[],[],2014-01-01,0,82.0,[],Released,,Sharks,False,4.3,33\n";

static void split_rows_are_joined(void **state)
{
    (void)state;
    assert_int_equal(ingest(halves, KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(films.count, 4);
    const kino_movie *m = film(82663);
    assert_string_equal(m->overview, "A thriller\n - Written by hand");
    assert_string_equal(m->title, "Midnight Man");
    assert_string_equal(m->original_title, "Midnight Man");
    assert_string_equal(m->date, "1997-08-20");
    assert_string_equal(m->imdb_id, "tt0113002");
    assert_string_equal(m->poster_path, "/ff9.jpg");
    assert_string_equal(m->genres.items[0].name, "Action");
    assert_string_equal(m->countries.items[0].name, "Canada");
    assert_true(m->runtime == 104 && m->rating == 6 && m->votes == 1 && m->popularity == 0.065736);
    assert_string_equal(film(122662)->overview, "Third film\n of the series");
    assert_string_equal(film(122662)->title, "Mardock Scramble");
    assert_string_equal(film(6)->title, "Bare");
    assert_string_equal(film(5)->title, "Whole");
    assert_int_equal(fault("joined"), 2);
    assert_int_equal(fault("second half"), 1);
    assert_int_equal(report.rows, 7);
    assert_int_equal(report.ladder[0].count, 7);
    assert_int_equal(report.ladder[report.ladder_count - 1].count, 4);
    /* The older pipeline lost them. */
    assert_int_equal(ingest(halves, KINO_RECIPE_CLASSIC), KINO_OK);
    assert_int_equal(report.rows, 7);
    assert_int_equal(report.ladder[1].count, 1);
}

static void repeated_ids(void **state)
{
    (void)state;
    assert_int_equal(ingest("id,title,vote_count,overview\n1,Old,5,a\n2,Two,1,b\n1,New,9,c\n1,Less,2,d\n2,Equal,1,e\n"
                            "3,Three,,f\n3,Known,0,g\n",
                            KINO_RECIPE_DEFAULT),
                     KINO_OK);
    assert_int_equal(films.count, 3);
    assert_int_equal(films.items[0].id, 1); /* in the first one's place */
    assert_string_equal(film(1)->title, "New");
    assert_string_equal(film(2)->title, "Two");
    assert_string_equal(film(3)->title, "Known");
    assert_int_equal(fault("id repeated, the row with more votes"), 4);
}

static void rows_that_are_no_films(void **state)
{
    (void)state;
    assert_int_equal(
        ingest("id,title,original_title,adult\n1,A,A,False\n,B,B,False\nx,C,C,False\n0,D,D,False\n-5,E,E,False\n"
               "1.5,F,F,False\n99999999999999999999,G,G,False\n2,,,False\n3, ,\xC2\xA0,False\n4,H,H,True\n"
               "id,title,original_title,adult\n1997-08-20,I,I,False\n5,J\n6,K,K,False,1,2\n",
               KINO_RECIPE_DEFAULT),
        KINO_OK);
    assert_int_equal(films.count, 3);
    assert_int_equal(fault("without a usable id"), 6);
    assert_int_equal(fault("without any title"), 2);
    assert_int_equal(fault("flagged adult"), 1);
    assert_int_equal(fault("header repeated"), 1);
    assert_int_equal(fault("second half"), 1);
    assert_int_equal(fault("fewer fields"), 1);
    assert_int_equal(fault("more fields"), 1);
    assert_int_equal(fault("the other used"), 1);
    assert_string_equal(film(5)->original_title, "J");
}

static void cells_that_are_wrong(void **state)
{
    (void)state;
    assert_int_equal(
        ingest(
            "id,title,overview,original_language,release_date,runtime,vote_average,vote_count,popularity,genres,imdb_id,"
            "poster_path,belongs_to_collection,keywords\n"
            "1,A,No overview found.,,,,,,,,,,,\n"
            "2,B, ,104.0,1,0,0.0,0,2.0E-6,\"[{'id': 1\",tt1,/../x.jpg,12,\"[{'id': 5}, {'id': 6, 'name': 'ok'}]\"\n"
            "3,C,N/A,EN,2001-02-29,-5,11,12,1e400,[],0,x.jpg,\"{'id': 'x'\",42\n"
            "4,D,...,cn,29/2/2000,abc,7.5,0,1,[],tt12x,,{},\n"
            "5,E,A film without an overview found.,xx,2000-02-29,90,0,7,1,[],,,None,\n",
            KINO_RECIPE_DEFAULT),
        KINO_OK);
    assert_int_equal(films.count, 5);
    for (int i = 1; i <= 4; i++)
        assert_string_equal(film(i)->overview, "");
    assert_int_equal(fault("overview a placeholder"), 4);
    assert_int_equal(fault("overview missing"), 0);
    assert_string_equal(film(5)->overview, "A film without an overview found.");
    assert_int_equal(fault("language missing"), 1);
    assert_int_equal(fault("language not a code"), 1);
    assert_string_equal(film(3)->language, "en");
    assert_string_equal(film(4)->language, "cn");
    assert_int_equal(fault("date missing"), 1);
    assert_int_equal(fault("date unreadable"), 2);
    assert_int_equal(fault("in another form"), 1);
    assert_string_equal(film(4)->date, "2000-02-29");
    assert_int_equal(film(3)->year, 0);
    for (int i = 1; i <= 4; i++)
        assert_true(isnan(film(i)->runtime) && isnan(film(i)->rating));
    assert_true(isnan(film(5)->rating) && film(5)->votes == 7);
    assert_int_equal(fault("runtime missing"), 1);
    assert_int_equal(fault("runtime zero"), 1);
    assert_int_equal(fault("runtime unreadable"), 2);
    assert_int_equal(fault("rating missing"), 1);
    assert_int_equal(fault("rating unreadable"), 1);
    assert_int_equal(fault("without a vote"), 3);
    assert_int_equal(film(1)->votes, -1);
    assert_int_equal(fault("scientific"), 1);
    assert_true(film(2)->popularity == 2e-6 && isnan(film(3)->popularity));
    assert_int_equal(fault("genres unreadable"), 1);
    assert_int_equal(fault("keywords unreadable"), 1);
    assert_int_equal(fault("collection unreadable"), 2);
    assert_int_equal(fault("without a name"), 1);
    assert_int_equal(film(2)->keywords.count, 1);
    assert_int_equal(fault("poster"), 2);
    assert_int_equal(fault("IMDb"), 2);
    assert_string_equal(film(2)->imdb_id, "tt0000001");
}

static kino_csv *table(const char *path)
{
    kino_csv *csv = NULL;
    assert_int_equal(kino_csv_open(path, &csv, &err), KINO_OK);
    return csv;
}

static void texts_are_made_sound(void **state)
{
    (void)state;
    static const char text[] = "id,title,overview\n1,\" Caf\xE9 \n\t Noir\xC2\xA0\",\"a\rb\x01\x7F\xC2\x85"
                               "c\"\n"
                               "2,\xE3\x80\x80\xE5\x8D\x83\xE3\x81\xA8,x\n3,\"Nul\0l\",\"\"\"q\"\" r\"s\n";
    char *path = text_file(text, sizeof text - 1);
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest_table(table(path), NULL, &films, &report, NULL, &err), KINO_OK);
    assert_string_equal(film(1)->title, "Caf\xEF\xBF\xBD    Noir");
    assert_string_equal(film(1)->overview, "a\nbc");
    assert_string_equal(film(2)->title, "\xE5\x8D\x83\xE3\x81\xA8");
    assert_string_equal(film(3)->title, "Null");
    assert_string_equal(film(3)->overview, "\"q\" rs");
    assert_int_equal(fault("not UTF-8"), 1);
    assert_int_equal(fault("control"), 2);
    assert_int_equal(fault("behind a closing quote"), 1);
    unlink(path);
    free(path);
}

static void companions(void **state)
{
    (void)state;
    static const char table[] = "id,title,keywords\n1,One,\"[{'id': 9, 'name': 'old'}]\"\n2,Two,\n3,Three,\n";
    static const char words[] =
        "id,keywords\n1,\"[{'id': 9, 'name': 'old'}, {'id': 10, 'name': \"\"child's play\"\"}]\"\n"
        "2,\"[{'id': 11, 'name': 'a\\xa0b'}]\"\n2,\"[{'id': 12, 'name': 'c'}]\"\n77,[]\nx,[]\n3,[broken\n";
    kino_buffer credits = {0};
    kino_buffer_print(&credits, "movie_id,title,cast,crew\n1,One,\"[");
    for (int i = 14; i >= 0; i--) /* in the wrong order */
        kino_buffer_print(&credits, "{\"\"id\"\": %d, \"\"name\"\": \"\"Actor %d\"\", \"\"order\"\": %d},", 100 + i, i,
                          i);
    kino_buffer_print(&credits,
                      "]\",\"[{'id': 1, 'name': 'Pen', 'job': 'Writer'}, {'id': 2, 'name': 'Ann', 'job': 'Director'},"
                      "{'id': 3, 'name': 'Bob', 'job': 'Director'}, {'id': 2, 'name': 'Ann', 'job': 'Director'}]\"\n"
                      "2,Two,[],[]\n2,Two,\"[{'id': 5, 'name': 'Eve'}]\",[]\n88,None,[],[]\n");
    char *csv = text_file(table, sizeof table - 1), *k = text_file(words, sizeof words - 1),
         *c = text_file(credits.data, credits.size);
    kino_build_request req = {.csv = csv, .keywords = k, .credits = c};
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &films, &report, NULL, &err), KINO_OK);
    assert_int_equal(film(1)->keywords.count, 2);
    assert_string_equal(film(1)->keywords.items[1].name, "child's play");
    assert_int_equal(film(2)->keywords.count, 2);
    assert_int_equal(film(3)->keywords.count, 0);
    assert_int_equal(film(1)->cast.count, KINO_CAST);
    assert_string_equal(film(1)->cast.items[0].name, "Actor 0");
    assert_int_equal(film(1)->cast.items[9].id, 109);
    assert_int_equal(film(1)->directors.count, 2);
    assert_string_equal(film(1)->directors.items[1].name, "Bob");
    assert_string_equal(film(2)->cast.items[0].name, "Eve");
    assert_int_equal(fault("keywords file: id repeated"), 1);
    assert_int_equal(fault("keywords file: film not"), 1);
    assert_int_equal(fault("keywords file: row without"), 1);
    assert_int_equal(fault("keywords unreadable"), 1);
    assert_int_equal(fault("credits file: id repeated"), 1);
    assert_int_equal(fault("credits file: film not"), 1);
    /* The wrong file in the wrong place. */
    kino_movies_free(&films);
    req = (kino_build_request){.csv = csv, .credits = k};
    assert_int_equal(kino_ingest(&req, &films, &report, NULL, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no column \"cast\""));
    assert_int_equal(films.count, 0);
    unlink(csv), unlink(k), unlink(c);
    free(csv), free(k), free(c);
    free(credits.data);
}

static void files_that_are_no_tables(void **state)
{
    (void)state;
    assert_int_equal(ingest("", KINO_RECIPE_DEFAULT), KINO_DAMAGED);
    assert_int_equal(ingest("a,b\n1,2\n", KINO_RECIPE_DEFAULT), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no column \"title\""));
    assert_int_equal(ingest("id,overview\n1,2\n", KINO_RECIPE_DEFAULT), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no column \"title\""));
    assert_int_equal(ingest("id,title\n1,x\n2,\"y\n", KINO_RECIPE_DEFAULT), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "line 3"));
    assert_int_equal(films.count, 0);
    assert_int_equal(ingest("id,title\n", KINO_RECIPE_DEFAULT), KINO_OK);
    assert_int_equal(films.count, 0);
    assert_int_equal(ingest("id,title\n", KINO_RECIPE_CLASSIC), KINO_OK);
    kino_build_request req = {.csv = "/nowhere/films.csv"};
    assert_int_equal(kino_ingest(&req, &films, NULL, NULL, &err), KINO_NOT_FOUND);
}

static void it_can_be_interrupted(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_buffer_print(&b, "id,title\n");
    for (int i = 1; i <= 5000; i++)
        kino_buffer_print(&b, "%d,x\n", i);
    char *path = text_file(b.data, b.size);
    volatile sig_atomic_t cancel = 1;
    assert_int_equal(kino_ingest_table(table(path), NULL, &films, NULL, &cancel, &err), KINO_INTERRUPTED);
    assert_int_equal(films.count, 0);
    cancel = 0;
    assert_int_equal(kino_ingest_table(table(path), NULL, &films, NULL, &cancel, &err), KINO_OK);
    assert_int_equal(films.count, 5000);
    unlink(path);
    free(path);
    free(b.data);
}

/* ---- recipe classic ---- */

static void figures_of_columns(void **state)
{
    (void)state;
    static const double x[] = {4, NAN, 1, 3, 2};
    double mean, std;
    kino_mean_std(x, 5, &mean, &std);
    assert_true(mean == 2.5 && fabs(std - sqrt(1.25)) < 1e-15);
    assert_true(kino_quantile(x, 5, 0.2) == 1.6 && kino_quantile(x, 5, 1) == 4 && kino_quantile(x, 5, 0) == 1);
    assert_true(isnan(kino_quantile(x + 1, 1, 0.2)) && isnan(kino_quantile(x, 0, 0.2)));
}

static void quirks_of_the_older_pipeline(void **state)
{
    (void)state;
    assert_int_equal(
        ingest("id,title,original_title,status,release_date,vote_count,vote_average,runtime,popularity,adult\n"
               "1,A,A,Released,1999-01-01,10,5,90,5,True\n"          /* adult rows stay */
               "2,B,A,Released,1999-01-01,10,5,90,5,False\n"         /* the second of a title goes */
               "3,C,A ,Released,1999-01-01,10,5,90,5,False\n"        /* "A " is another title */
               "4,D,NaN,Released,1999-01-01,10,5,90,5,False\n"       /* a missing title */
               "5,E,None,Released,1999-01-01,10,5,90,5,False\n"      /* equals another missing one */
               "6,F,F,Released,1999-01-01,10,5,,5,False\n"           /* a missing runtime is the mean */
               "7,G,G,Released,1999-01-01,10,5,0,5,False\n"          /* zero is a number */
               "8,H,H,Released,1999-01-01,10,5,200,12,False\n"       /* bounds are inclusive */
               "9,I,I,Released,1999-01-01,10,5,60,12.000001,False\n" /* blockbusters go */
               "10,J,J,released,1999-01-01,10,5,90,5,False\n"        /* the status is exact */
               "11,K,K,Post Production,nonsense,10,5,90,5,False\n"   /* any date will do */
               "12,L,L,Released,NA,10,5,90,5,False\n"                /* but for what pandas reads as none */
               "13,M,M,Released,1999-01-01,9,5,90,5,False\n"         /* fewer votes than the quantile */
               "14,N,N,Released,1999-01-01,,5,90,5,False\n",
               KINO_RECIPE_CLASSIC),
        KINO_OK);
    static const size_t ladder[] = {14, 12, 10, 9, 8, 6};
    for (size_t i = 0; i < sizeof ladder / sizeof *ladder; i++)
        assert_int_equal(report.ladder[i].count, ladder[i]);
    static const int64_t kept[] = {1, 3, 4, 6, 8, 11};
    assert_int_equal(films.count, 6);
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(films.items[i].id, kept[i]);
    assert_true(films.prior.rating == 5 && films.prior.votes == 10 && films.prior.runtime == 88);
}

/* ---- the real tables ---- */

static void count(const char *name, kino_recipe recipe)
{
    char path[512];
    if (!find_table(name, path))
        skip();
    kino_build_request req = {.csv = path, .recipe = recipe};
    kino_movies_free(&films);
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &films, &report, NULL, &err), KINO_OK);
}

static void blockbusters_stay(void **state)
{
    (void)state;
    count("kaggle_first5000.csv", KINO_RECIPE_DEFAULT);
    assert_int_equal(films.count, 4999);
    assert_string_equal(film(862)->title, "Toy Story");
    assert_string_equal(film(603)->title, "The Matrix");
    assert_int_equal(fault("id repeated"), 1);
    assert_int_equal(fault("overview missing"), 21);
    assert_int_equal(fault("runtime zero"), 53);
    assert_int_equal(fault("scientific"), 3);
    assert_int_equal(fault("unreadable"), 0);
    count("tmdb_5000_movies.csv", KINO_RECIPE_DEFAULT);
    assert_int_equal(films.count, 4803);
    assert_int_equal(film(19995)->keywords.count, 21);
    count("bench_45466.csv", KINO_RECIPE_DEFAULT);
    assert_int_equal(report.rows, 45466);
    assert_int_equal(films.count, 45433); /* 3 tails, 30 rows of ids that repeat */
    assert_int_equal(fault("id repeated"), 30);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(dates),
        cmocka_unit_test(single_cells),
        cmocka_unit_test(texts),
        cmocka_unit_test_teardown(a_kaggle_row, clear),
        cmocka_unit_test_teardown(numbers_in_bounds, clear),
        cmocka_unit_test_teardown(columns_by_name, clear),
        cmocka_unit_test_teardown(split_rows_are_joined, clear),
        cmocka_unit_test_teardown(repeated_ids, clear),
        cmocka_unit_test_teardown(rows_that_are_no_films, clear),
        cmocka_unit_test_teardown(cells_that_are_wrong, clear),
        cmocka_unit_test_teardown(texts_are_made_sound, clear),
        cmocka_unit_test_teardown(companions, clear),
        cmocka_unit_test_teardown(files_that_are_no_tables, clear),
        cmocka_unit_test_teardown(it_can_be_interrupted, clear),
        cmocka_unit_test_teardown(figures_of_columns, clear),
        cmocka_unit_test_teardown(quirks_of_the_older_pipeline, clear),
        cmocka_unit_test_teardown(blockbusters_stay, clear),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
