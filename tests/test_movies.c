/* Reading and cleaning the data sets, and the feature schema; the classic recipe against pandas. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "ingest/features.h"
#include "ingest/movies.h"

#define HEADER                                                                                                        \
    "adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,"        \
    "popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,"                  \
    "spoken_languages,status,tagline,title,video,vote_average,vote_count\n"

static char path[64];

static void write_csv(const char *text)
{
    snprintf(path, sizeof path, "/tmp/kino-test-XXXXXX");
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, strlen(text)), (ssize_t)strlen(text));
    close(fd);
}

static kino_build_report report;

static kino_status ingest(const char *text, kino_recipe recipe, kino_movies *out, kino_error *err)
{
    memset(&report, 0, sizeof report);
    write_csv(text);
    kino_build_request req = {.csv = path, .recipe = recipe};
    kino_status st = kino_ingest(&req, out, &report, NULL, err);
    unlink(path);
    return st;
}

static size_t fault(const char *part)
{
    for (size_t i = 0; i < report.faults_count; i++)
        if (strstr(report.faults[i].what, part))
            return report.faults[i].count;
    return 0;
}

/* Rows as the real file has them, with every fault that it is known for. */
static const char faulty[] =
    HEADER
    "False,\"{'id': 10194, 'name': \"\"Toys' Collection\"\"}\",1,\"[{'id': 16, 'name': 'Animation'}]\",,862,tt0114709,en,"
    "Toy Story,A toy.,2.1946943e1,/x.jpg,[],\"[{'iso_3166_1': 'US', 'name': 'United States of America'}]\",1995-10-30,0,"
    "81.0,[],Released,,Toy Story,False,7.7,5415\n"
    "False,,0,[],,862,tt0114709,en,Toy Story,A toy again.,1,,[],[],1995-10-30,0,81,[],Released,,Toy Story,False,7,12\n"
    "False,,0,\"[{'id': 28, 'name': 'Action'}]\",,82663,tt0113002,en,Midnight Man,\" first half\n"
    /* the newline stands outside quotes in the file: the first record ends in its overview */
    "False,,0,\"[{'id': 28, 'name': 'Action'}]\",,82663,tt0113002,en,Midnight Man,first half\n"
    " - second half,1.5,/y.jpg,[],[],1997-08-20,0,104.0,[],Released,,Midnight Man,False,6.0,7\n"
    "False,,0,[],,5,tt1,,NoLang,No overview found.,0,,[],[],8/20/97,0,0,[],Rumored,,,FALSE,0.0,0\n"
    "FALSE,,0,[broken,,6,tt2,xx,,  ,0,,[],[],1997-99-99,0,abc,[],Released,,Only Title,False,5,-\n"
    "True,,0,[],,7,tt3,en,Adult,x,0,,[],[],2001-01-01,0,90,[],Released,,Adult,False,5,3\n"
    "False,,0,[],,8,tt4,en,,x,0,,[],[],2001-01-01,0,90,[],Released,,,False,5,3\n"
    "False,,0,[],,notanid,tt4,en,,x,0,,[],[],2001-01-01,0,90,[],Released,,,False,5,3\n";

static void every_fault_is_survived_and_counted(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_error err = {0};
    kino_buffer text = {0};
    /* drop the one line that is there to make the source readable */
    const char *cut = strstr(faulty, "False,,0,\"[{'id': 28, 'name': 'Action'}]\",,82663,tt0113002,en,Midnight Man,\" first");
    const char *rest = strchr(cut, '\n') + 1;
    kino_buffer_put(&text, faulty, (size_t)(cut - faulty));
    kino_buffer_put(&text, rest, strlen(rest));
    kino_status st = ingest(text.data, KINO_RECIPE_DEFAULT, &m, &err);
    if (st)
        fail_msg("%s", err.text);
    assert_int_equal(m.count, 4);
    assert_int_equal(m.items[0].id, 862);
    assert_string_equal(m.items[0].overview, "A toy.");
    assert_string_equal(m.items[0].collection.name, "Toys' Collection");
    assert_int_equal(m.items[0].collection.id, 10194);
    assert_true(fabs(m.items[0].popularity - 21.946943) < 1e-9);
    assert_int_equal(m.items[0].year, 1995);
    assert_string_equal(m.items[0].countries.items[0].name, "United States of America");
    const kino_movie *joined = &m.items[1];
    assert_int_equal(joined->id, 82663);
    assert_string_equal(joined->title, "Midnight Man");
    assert_string_equal(joined->original_title, "Midnight Man");
    assert_string_equal(joined->overview, "first half\n - second half");
    assert_string_equal(joined->date, "1997-08-20");
    assert_int_equal(joined->votes, 7);
    assert_true(joined->runtime == 104 && joined->rating == 6.0);
    assert_string_equal(joined->genres.items[0].name, "Action");
    const kino_movie *bare = &m.items[2];
    assert_string_equal(bare->title, "NoLang");
    assert_string_equal(bare->overview, "");
    assert_string_equal(bare->date, "1997-08-20");
    assert_true(isnan(bare->runtime) && isnan(bare->rating));
    assert_string_equal(m.items[3].original_title, "Only Title");
    assert_true(isnan(m.items[3].runtime) && m.items[3].votes == -1 && m.items[3].year == 0);
    assert_int_equal(fault("split in two"), 1);
    assert_int_equal(fault("id that repeats"), 1);
    assert_int_equal(fault("placeholder"), 1);
    assert_int_equal(fault("no overview"), 1);
    assert_int_equal(fault("scientific"), 1);
    assert_int_equal(fault("no language"), 1);
    assert_int_equal(fault("spreadsheet"), 1);
    assert_int_equal(fault("release date that is none"), 1);
    assert_int_equal(fault("genres that cannot"), 1);
    assert_int_equal(fault("runtime that is no number"), 1);
    assert_int_equal(fault("vote count"), 1);
    assert_int_equal(fault("adult"), 1);
    assert_int_equal(fault("no title at all"), 1);
    assert_int_equal(fault("without an id"), 1);
    assert_int_equal(fault("no original title"), 1);
    free(text.data);
    kino_movies_free(&m);
}

static void foreign_files_are_refused(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_error err = {0};
    assert_int_equal(ingest("a,b,c\n1,2,3\n", KINO_RECIPE_DEFAULT, &m, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "no column \"id\""));
    assert_int_equal(ingest("", KINO_RECIPE_DEFAULT, &m, &err), KINO_DAMAGED);
    kino_build_request req = {.csv = "/nowhere/x.csv"};
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/x.csv"));
}

/* Columns of the TMDB 5000 file, in another order and with CRLF. */
static void the_other_schema(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_error err = {0};
    const char *text =
        "vote_count,title,genres,tmdb_id,keywords,original_language,original_title,overview,popularity,release_date,"
        "runtime,status,tagline,vote_average\r\n"
        "11800,Avatar,\"[{\"\"id\"\": 28, \"\"name\"\": \"\"Action\"\"}]\",19995,\"[{\"\"id\"\": 1463, \"\"name\"\": "
        "\"\"culture clash\"\"}]\",en,Avatar,Blue.,150.4,2009-12-10,162.0,Released,Enter.,7.2\r\n";
    assert_int_equal(ingest(text, KINO_RECIPE_DEFAULT, &m, &err), KINO_OK);
    assert_int_equal(m.count, 1);
    assert_int_equal(m.items[0].id, 19995);
    assert_string_equal(m.items[0].keywords.items[0].name, "culture clash");
    assert_int_equal(m.items[0].keywords.items[0].id, 1463);
    assert_string_equal(m.items[0].tagline, "Enter.");
    kino_movies_free(&m);
}

static void companions_are_joined_by_id(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_error err = {0};
    char films[64], credits[64];
    write_csv("id,title,genres,overview\n1,One,[],x\n2,Two,[],y\n");
    strcpy(films, path);
    write_csv("cast,crew,id\n\"[{'id': 5, 'name': 'Actor'}]\",\"[{'id': 6, 'name': 'Boss', 'job': 'Director'}, {'id': 7, "
              "'name': 'Pen', 'job': 'Writer'}]\",2\n\"[]\",\"[]\",2\n[],[],99\n");
    strcpy(credits, path);
    write_csv("id,keywords\n1,\"[{'id': 9, 'name': 'jealousy'}]\"\n");
    memset(&report, 0, sizeof report);
    kino_build_request req = {.csv = films, .keywords = path, .credits = credits};
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_OK);
    assert_string_equal(m.items[0].keywords.items[0].name, "jealousy");
    assert_int_equal(m.items[1].directors.count, 1);
    assert_string_equal(m.items[1].directors.items[0].name, "Boss");
    assert_string_equal(m.items[1].cast.items[0].name, "Actor");
    req.keywords = films;
    kino_movies_free(&m);
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_DAMAGED);
    unlink(path);
    unlink(films);
    unlink(credits);
}

static void a_schema_survives_saving(void **state)
{
    (void)state;
    kino_movies m = {0};
    kino_error err = {0};
    kino_schema *s = NULL, *again = NULL;
    kino_container_writer w = {0};
    kino_container c = {0};
    kino_buffer text = {0}, bytes = {0};
    kino_buffer_print(&text, "id,title,genres,overview,original_language,runtime,release_date,vote_average,vote_count\n");
    for (int i = 1; i <= 20; i++)
        kino_buffer_print(&text, "%d,T%d,\"[{'id': 1, 'name': 'Drama'}, {'id': 2, 'name': 'G%d'}]\",x,%s,%d,%d-01-01,%d,%d\n",
                          i, i, i % 3, i % 4 ? "en" : "fr", 80 + i, 1980 + i, i % 10, 10 * i);
    assert_int_equal(ingest(text.data, KINO_RECIPE_DEFAULT, &m, &err), KINO_OK);
    assert_int_equal(kino_schema_fit(KINO_RECIPE_DEFAULT, &m, &s, &err), KINO_OK);
    assert_int_equal(kino_schema_columns(s), 4 + 2 + 1 + 4);  /* numbers, en and fr, other, genres */
    kino_schema_save(s, &w);
    kino_container_bytes(&w, KINO_KIND_ENCODER, &bytes);
    void *aligned = kino_alloc_aligned(bytes.size);
    memcpy(aligned, bytes.data, bytes.size);
    assert_int_equal(kino_container_view("x", aligned, bytes.size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), 0);
    assert_int_equal(kino_schema_load(&c, &again, &err), KINO_OK);
    assert_true(kino_schema_fingerprint(s) == kino_schema_fingerprint(again));
    float a[16], b[16], sum[16] = {0};
    for (size_t i = 0; i < m.count; i++) {
        kino_schema_row(s, &m.items[i], a);
        kino_schema_row(again, &m.items[i], b);
        assert_memory_equal(a, b, kino_schema_columns(s) * sizeof *a);
        for (size_t j = 0; j < kino_schema_columns(s); j++)
            sum[j] += a[j];
    }
    assert_true(fabsf(sum[0]) < 1e-4f && fabsf(sum[1]) < 1e-4f && fabsf(sum[3]) < 1e-4f);  /* z-scored */
    /* A film of a language and genre never seen, nothing known of it. */
    kino_named genre = {9, "Never"};
    kino_movie stranger = {.id = 1, .title = "x", .language = "zz", .runtime = NAN, .rating = NAN, .votes = -1,
                           .genres = {&genre, 1}};
    kino_schema_row(s, &stranger, a);
    assert_true(a[0] == 0 && a[1] == 0 && a[3] == 0);
    assert_string_equal(kino_schema_column_name(s, 6), "language other");
    assert_true(a[6] == 1);
    kino_container_close(&c);
    kino_container_writer_free(&w);
    kino_schema_free(s);
    kino_schema_free(again);
    kino_movies_free(&m);
    free(aligned);
    free(text.data);
    free(bytes.data);
}

/* ---- the classic recipe against pandas (tests/golden/make_classic.py) ---- */

static const char *data_folder(void)
{
    const char *folder = getenv("KINO_SHARED_DATA");
    return folder ? folder : "../shared/data";
}

static void check_golden(const char *name)
{
    FILE *golden = fopen("tests/golden/classic.txt", "r");
    assert_non_null(golden);
    static char line[65536];
    char file[512], word[128];
    snprintf(file, sizeof file, "%s/%s", data_folder(), name);
    if (access(file, R_OK)) {
        fclose(golden);
        print_message("%s is not there: skipped\n", file);
        skip();
    }
    kino_build_request req = {.csv = file, .recipe = KINO_RECIPE_CLASSIC};
    kino_movies m = {0};
    kino_schema *s = NULL;
    kino_error err = {0};
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, &err), KINO_OK);
    assert_int_equal(kino_schema_fit(KINO_RECIPE_CLASSIC, &m, &s, &err), KINO_OK);
    const size_t columns = kino_schema_columns(s);
    double *sum = kino_alloc_array(columns, sizeof *sum), *square = kino_alloc_array(columns, sizeof *square);
    float *row = kino_alloc_floats(columns);
    for (size_t i = 0; i < m.count; i++) {
        kino_schema_row(s, &m.items[i], row);
        for (size_t j = 0; j < columns; j++) {
            sum[j] += (double)row[j];
            square[j] += (double)row[j] * (double)row[j];
        }
    }
    bool here = false;
    int rows = 0, seen = 0;
    while (fgets(line, sizeof line, golden)) {
        char *p = line;
        int used = 0;
        if (sscanf(p, "file %127s", word) == 1) {
            here = !strcmp(word, name);
        } else if (here && !strncmp(p, "ladder", 6)) {
            p += 6;
            size_t want;
            for (size_t i = 0; sscanf(p, "%zu%n", &want, &used) == 1; i++, p += used) {
                assert_true(i < report.ladder_count);
                assert_int_equal(report.ladder[i].count, want);
            }
        } else if (here && !strncmp(p, "columns", 7)) {
            assert_int_equal(columns, strtoul(p + 7, NULL, 10));
        } else if (here && !strncmp(p, "column ", 7)) {
            size_t c;
            double want_sum, want_square;
            assert_int_equal(sscanf(p, "column %zu %lf %lf", &c, &want_sum, &want_square), 3);
            assert_true(fabs(sum[c] - want_sum) < 1e-3 && fabs(square[c] - want_square) < 1e-2);
            seen++;
        } else if (here && !strncmp(p, "row ", 4)) {
            long long id;
            assert_int_equal(sscanf(p, "row %lld%n", &id, &used), 1);
            p += used;
            size_t i = 0;
            while (i < m.count && m.items[i].id != id)
                i++;
            assert_true(i < m.count);
            kino_schema_row(s, &m.items[i], row);
            size_t c;
            double v;
            for (; sscanf(p, " %zu:%lf%n", &c, &v, &used) == 2; p += used) {
                assert_true(c < columns && fabs((double)row[c] - v) < 2e-6 * fmax(1, fabs(v)));
                row[c] = 0;
            }
            for (c = 0; c < columns; c++)
                assert_true(row[c] == 0);
            rows++;
        }
    }
    assert_true(rows >= 40 && seen == (int)columns);
    fclose(golden);
    free(sum);
    free(square);
    free(row);
    kino_schema_free(s);
    kino_movies_free(&m);
}

static void classic_equals_pandas_on_the_movies_dataset(void **state)
{
    (void)state;
    check_golden("kaggle_first5000.csv");
}

static void classic_equals_pandas_on_tmdb_5000(void **state)
{
    (void)state;
    check_golden("tmdb_5000_movies.csv");
}

/* The default recipe keeps what a user could ask for. */
static void blockbusters_stay(void **state)
{
    (void)state;
    char file[512];
    snprintf(file, sizeof file, "%s/kaggle_first5000.csv", data_folder());
    if (access(file, R_OK))
        skip();
    kino_build_request req = {.csv = file};
    kino_movies m = {0};
    memset(&report, 0, sizeof report);
    assert_int_equal(kino_ingest(&req, &m, &report, NULL, NULL), KINO_OK);
    bool toy_story = false, matrix = false;
    for (size_t i = 0; i < m.count; i++) {
        toy_story |= m.items[i].id == 862;
        matrix |= m.items[i].id == 603;
    }
    assert_true(toy_story && matrix && m.count == 4999);
    kino_movies_free(&m);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fault_is_survived_and_counted),
        cmocka_unit_test(foreign_files_are_refused),
        cmocka_unit_test(the_other_schema),
        cmocka_unit_test(companions_are_joined_by_id),
        cmocka_unit_test(a_schema_survives_saving),
        cmocka_unit_test(classic_equals_pandas_on_the_movies_dataset),
        cmocka_unit_test(classic_equals_pandas_on_tmdb_5000),
        cmocka_unit_test(blockbusters_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
