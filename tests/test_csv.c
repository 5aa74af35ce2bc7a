/* test_csv.c - the CSV reader: what is well-formed is read, from memory, files and pipes; what is not has its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "ingest/csv.h"

/* All records as "[field|field][field]", NUL bytes shown as \0. */
static kino_status show(kino_csv *csv, kino_buffer *out, kino_error *err)
{
    const kino_field *f;
    size_t n;
    kino_status st;
    out->size = 0;
    kino_buffer_put(out, "", 0);
    while (true) {
        st = kino_csv_next(csv, &f, &n, err);
        if (st || !n)
            return st;
        kino_buffer_byte(out, '[');
        for (size_t i = 0; i < n; i++) {
            assert_int_equal(f[i].text[f[i].size], 0);
            if (i)
                kino_buffer_byte(out, '|');
            for (size_t k = 0; k < f[i].size; k++)
                kino_buffer_put(out, f[i].text[k] ? &f[i].text[k] : "\\0", f[i].text[k] ? 1 : 2);
        }
        kino_buffer_byte(out, ']');
    }
}

static void expect(const char *text, size_t size, const char *want)
{
    kino_buffer b = {0};
    kino_error err = {0};
    kino_csv *csv = kino_csv_from_bytes(text, size, "memory");
    assert_int_equal(show(csv, &b, &err), KINO_OK);
    assert_string_equal(b.data, want);
    kino_csv_close(csv);

    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_true(size < 4096); /* fits the pipe */
    assert_int_equal(write(fds[1], text, size), (ssize_t)size);
    close(fds[1]);
    csv = kino_csv_from_fd(fds[0], "pipe");
    assert_int_equal(show(csv, &b, &err), KINO_OK);
    assert_string_equal(b.data, want);
    kino_csv_close(csv);
    close(fds[0]);
    free(b.data);
}

#define EXPECT(text, want) expect(text, sizeof text - 1, want)

static void well_formed(void **state)
{
    (void)state;
    EXPECT("", "");
    EXPECT("a", "[a]");
    EXPECT("a,b\nc,d\n", "[a|b][c|d]");
    EXPECT("a,b\r\nc,d\r\n", "[a|b][c|d]");
    EXPECT("a,b\rc,d\r", "[a|b][c|d]");
    EXPECT("a,b\nc,d", "[a|b][c|d]");
    EXPECT(",\n,,\n", "[|][||]");
    EXPECT("a,\n", "[a|]");
    EXPECT("a,", "[a|]");
    EXPECT("\"a,b\",\"c\"\"d\"\n", "[a,b|c\"d]");
    EXPECT("\"\",x\n", "[|x]");
    EXPECT("\"\"\n", "[]");
    EXPECT("\"\"", "[]");
    EXPECT("\"\"\"\"\n", "[\"]");
    EXPECT("\"two\nlines\",\"three\r\n\r\nlines\"\nx,y\n", "[two\nlines|three\r\n\r\nlines][x|y]");
    EXPECT("\xEF\xBB\xBF"
           "a,b\n",
           "[a|b]");
    EXPECT("\xEF\xBB\xBF\"a\",b\n", "[a|b]");
    EXPECT("\xEF\xBB", "[\xEF\xBB]");
    EXPECT("\xEF\xBB\xBF", "");
    EXPECT("a\xEF\xBB\xBF\n", "[a\xEF\xBB\xBF]");
    EXPECT("\n\n a\n\r\n\nb\n", "[ a][b]"); /* lines without anything are none */
    EXPECT(" a , b \n", "[ a | b ]");
}

static void loosely_formed(void **state)
{
    (void)state;
    EXPECT("a\"b,c\"\n", "[a\"b|c\"]");
    EXPECT("\"a\"b\"c,d\n", "[ab\"c|d]");
    EXPECT("\"a\" ,b\n", "[a |b]");
    EXPECT("a\0b,\"c\0d\"\n", "[a\\0b|c\\0d]");
    EXPECT("\0", "[\\0]");
    kino_csv *csv = kino_csv_from_bytes("\"a\"b,\"c\"\n\"d\" \n", 15, "x");
    kino_buffer b = {0};
    assert_int_equal(show(csv, &b, NULL), KINO_OK);
    assert_int_equal(kino_csv_stray_quotes(csv), 2);
    kino_csv_close(csv);
    free(b.data);
}

static void lines_are_counted(void **state)
{
    (void)state;
    static const char text[] = "a\n\"b\n\n\"\r\nc\r\n\r\n\r\nd\re\n";
    static const size_t want[] = {1, 2, 5, 8, 9};
    kino_csv *csv = kino_csv_from_bytes(text, sizeof text - 1, "x");
    const kino_field *f;
    size_t n;
    for (size_t i = 0; i < sizeof want / sizeof *want; i++) {
        assert_int_equal(kino_csv_next(csv, &f, &n, NULL), KINO_OK);
        assert_int_equal(n, 1);
        assert_int_equal(kino_csv_line(csv), want[i]);
    }
    for (int i = 0; i < 2; i++) { /* the end stays the end */
        assert_int_equal(kino_csv_next(csv, &f, &n, NULL), KINO_OK);
        assert_int_equal(n, 0);
    }
    kino_csv_close(csv);
}

static void damaged(const char *text, size_t size, const char *message)
{
    kino_error err = {0};
    kino_buffer b = {0};
    kino_csv *csv = kino_csv_from_bytes(text, size, "films.csv");
    for (int i = 0; i < 2; i++) { /* and stays so */
        err = (kino_error){0};
        assert_int_equal(show(csv, &b, &err), KINO_DAMAGED);
        assert_int_equal(err.status, KINO_DAMAGED);
        if (!strstr(err.text, message))
            fail_msg("\"%s\" is not in \"%s\"", message, err.text);
    }
    kino_csv_close(csv);
    free(b.data);
}

static void faults_name_the_line(void **state)
{
    (void)state;
    static const char open[] = "a,b\nc,\"d\ne\"\nf,\n\"g\",\"never\nclosed\n";
    damaged(open, sizeof open - 1, "films.csv: line 5: a quoted field begins here");
    damaged("\"", 1, "line 1: a quoted field begins here");
}

static void utf16_is_read(void **state)
{
    (void)state;
    EXPECT("\xFF\xFE"
           "i\0,\0\xE9\0\n\0",
           "[i|\xC3\xA9]");
    EXPECT("\xFE\xFF\0i\0,\xD8\x3D\xDE\0\0\n", "[i|\xF0\x9F\x98\x80]");
    EXPECT("\xFE\xFF\0i\0,\xD8\x3D\0\n\xDC\0x", "[i|\xEF\xBF\xBD][\xEF\xBF\xBD\xEF\xBF\xBD]"); /* halves */
    EXPECT("i\0d\0,\0t\0i\0t\0l\0e\0\n\0", "[id|title]");                                      /* without a mark */
}

static void windows_1252_is_read(void **state)
{
    (void)state;
    EXPECT("a,caf\xE9\nb,\x93x\x94\n", "[a|caf\xC3\xA9][b|\xE2\x80\x9Cx\xE2\x80\x9D]");
    EXPECT("a,caf\xE9\nb,caf\xC3\xA9\n", "[a|caf\xE9][b|caf\xC3\xA9]"); /* UTF-8 with a fault in it stays that */
    EXPECT("a,\xC3", "[a|\xC3]");                                       /* cut off */
}

static void separators_are_found(void **state)
{
    (void)state;
    EXPECT("a;b;c\n1,5;\"x;y\";z\n", "[a|b|c][1,5|x;y|z]");
    EXPECT("a\tb\n1,2\t3\n", "[a|b][1,2|3]");
    EXPECT("a|b\n1|2\n", "[a|b][1|2]");
    EXPECT("a,b;c\n1,2;3\n", "[a|b;c][1|2;3]"); /* a draw is a comma's */
    EXPECT("a list\n\na;b\n1;2\n", "[a list][a|b][1|2]");
    EXPECT("\"a;b\",c\n", "[a;b|c]");
    EXPECT("sep=;\na;b\n", "[a|b]");
    EXPECT("tconst\ttitle\ntt1\t\"Odd one\ntt2\tx\n", "[tconst|title][tt1|\"Odd one][tt2|x]"); /* IMDb quotes nothing */
    EXPECT("a\tb\n1\t\"x\ty\"\n", "[a|b][1|x\ty]");
}

/* What is no table is named for what it is. */
static void other_files_are_named(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "no list of films but a Git LFS pointer"},
        {"PAR1\x15", "no list of films but a Parquet file"},
        {"SQLite format 3", "no list of films but an SQLite database"},
        {"\n<!DOCTYPE html><html>", "no list of films but a web page"},
        {"<HTML><body>", "no list of films but a web page"},
        {"BZh9", "no list of films but packed with bzip2"},
        {"PK\3\4 and no end", "zip archive that is cut off"},
        {"\x1F\x8B\x08 nonsense that is no stream", "compressed data is damaged"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        damaged(cases[i][0], strlen(cases[i][0]), cases[i][1]);
}

static void limits_hold(void **state)
{
    (void)state;
    size_t size = KINO_LIMIT_FIELD + 64;
    char *text = kino_alloc(size);
    memcpy(text, "x\n\"", 3);
    memset(text + 3, 'y', size - 3);
    damaged(text, size, "line 2: a field of more than 4194304 bytes");

    /* A field of exactly the limit is read. */
    memset(text, 'z', KINO_LIMIT_FIELD);
    kino_csv *csv = kino_csv_from_bytes(text, KINO_LIMIT_FIELD, "x");
    const kino_field *f;
    size_t n;
    assert_int_equal(kino_csv_next(csv, &f, &n, NULL), KINO_OK);
    assert_int_equal(f[0].size, KINO_LIMIT_FIELD);
    kino_csv_close(csv);
    text[KINO_LIMIT_FIELD] = 'z';
    damaged(text, KINO_LIMIT_FIELD + 1, "line 1: a field of more than 4194304 bytes");

    memset(text, ',', KINO_LIMIT_COLUMNS);
    damaged(text, KINO_LIMIT_COLUMNS, "more than 256 fields");
    csv = kino_csv_from_bytes(text, KINO_LIMIT_COLUMNS - 1, "x");
    assert_int_equal(kino_csv_next(csv, &f, &n, NULL), KINO_OK);
    assert_int_equal(n, KINO_LIMIT_COLUMNS);
    kino_csv_close(csv);
    free(text);

    /* Fields each within the limit, the record beyond. */
    size = 5 * ((size_t)4 << 20);
    text = kino_alloc(size);
    memset(text, 'w', size);
    for (size_t i = 0; i < size; i += 4000000)
        text[i] = ',';
    damaged(text, size, "a record of more than");
    free(text);
}

static void files(void **state)
{
    (void)state;
    kino_csv *csv = NULL;
    kino_error err = {0};
    const kino_field *f;
    size_t n;
    assert_int_equal(kino_csv_open("/nowhere/films.csv", &csv, &err), KINO_NOT_FOUND);
    assert_non_null(strstr(err.text, "/nowhere/films.csv"));
    assert_int_equal(kino_csv_open("/", &csv, &err), KINO_OK);
    assert_int_equal(kino_csv_next(csv, &f, &n, &err), KINO_FAILED);
    kino_csv_close(csv);
    kino_csv_close(NULL);

    /* Larger than the reader's chunk, with a quoted newline at every place of its border. */
    char path[] = "/tmp/kino-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    kino_buffer b = {0};
    enum { RECORDS = 60000 };
    for (int i = 0; i < RECORDS; i++)
        kino_buffer_print(&b, "%d,\"a\n\"\"%d\",%*s\r\n", i, i, i % 13, "");
    assert_int_equal(write(fd, b.data, b.size), (ssize_t)b.size);
    close(fd);
    assert_int_equal(kino_csv_open(path, &csv, &err), KINO_OK);
    for (int i = 0; i < RECORDS; i++) {
        char want[32];
        assert_int_equal(kino_csv_next(csv, &f, &n, &err), KINO_OK);
        assert_int_equal(n, 3);
        assert_int_equal(kino_csv_line(csv), 2 * i + 1);
        snprintf(want, sizeof want, "a\n\"%d", i);
        assert_string_equal(f[1].text, want);
        assert_int_equal(f[2].size, i % 13);
    }
    assert_int_equal(kino_csv_next(csv, &f, &n, &err), KINO_OK);
    assert_int_equal(n, 0);
    kino_csv_close(csv);
    unlink(path);
    free(b.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed),          cmocka_unit_test(loosely_formed),
        cmocka_unit_test(lines_are_counted),    cmocka_unit_test(faults_name_the_line),
        cmocka_unit_test(utf16_is_read),        cmocka_unit_test(windows_1252_is_read),
        cmocka_unit_test(separators_are_found), cmocka_unit_test(other_files_are_named),
        cmocka_unit_test(limits_hold),          cmocka_unit_test(files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
