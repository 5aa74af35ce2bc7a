/* test_files.c - files: mapping, replacement, folders, lines of text that may be compressed; messages and exit codes
 * beside them. */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>
#include <zlib.h>

#include "base/alloc.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/limits.h"
#include "base/status.h"
#include "base/textfile.h"
#include "base/thread.h"

static char folder[64];

static int start(void **state)
{
    (void)state;
    strcpy(folder, "/tmp/kino-test-XXXXXX");
    return !mkdtemp(folder);
}

static int stop(void **state)
{
    char command[100];
    (void)state;
    snprintf(command, sizeof command, "rm -rf %s", folder);
    return system(command);
}

static const char *in_folder(const char *name)
{
    static char path[4][128];
    static int next;
    char *p = path[next++ % 4];
    snprintf(p, sizeof path[0], "%s/%s", folder, name);
    return p;
}

static kino_status replace(const char *path, const char *text, kino_error *err)
{
    return kino_replace_file(path, &(struct iovec){(void *)text, strlen(text)}, 1, err);
}

static void assert_holds(const char *path, const char *text)
{
    kino_map map = {0};
    kino_error err = {0};
    assert_int_equal(kino_map_file(path, &map, &err), KINO_OK);
    assert_int_equal(map.size, strlen(text));
    assert_memory_equal(map.bytes, text, map.size);
    kino_unmap(&map);
    assert_null(map.bytes);
}

static void replaced(void **state)
{
    (void)state;
    kino_error err = {0};
    const char *path = in_folder("a");
    struct stat info;
    const mode_t mask = umask(027);
    assert_int_equal(replace(path, "old", &err), KINO_OK);
    assert_holds(path, "old");
    stat(path, &info);
    assert_int_equal(info.st_mode & 0777, 0640); /* as any file that is created */
    umask(mask);
    assert_int_equal(replace(path, "the new one", &err), KINO_OK);
    assert_holds(path, "the new one");
    assert_int_equal(replace(path, "", &err), KINO_OK);
    assert_holds(path, "");
    /* What cannot be written changes nothing and leaves nothing behind. */
    assert_int_equal(replace(in_folder("none/a"), "x", &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "none/a"));
    assert_non_null(strstr(err.text, strerror(ENOENT)));
    assert_int_equal(mkdir(in_folder("taken"), 0777), 0);
    assert_int_equal(replace(in_folder("taken"), "x", &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "cannot replace"));
    char left[100];
    snprintf(left, sizeof left, "test -z \"$(ls %s | grep new-)\"", folder);
    assert_int_equal(system(left), 0);
    /* A path without a folder is one in the working directory. */
    char was[1024];
    assert_non_null(getcwd(was, sizeof was));
    assert_int_equal(chdir(folder), 0);
    assert_int_equal(replace("here", "x", &err), KINO_OK);
    assert_holds(in_folder("here"), "x");
    assert_int_equal(chdir(was), 0);
}

/* Temporary files of writers that were killed go; those of writers at work, which hold a lock, and others stay. */
static void left_behind(void **state)
{
    (void)state;
    static const char *const names[] = {"b.new-AAAAAA", "b.new-BBBBBB", "b.new-CCCCCCC", "b.old-AAAAAA",
                                        "c.new-AAAAAA"};
    kino_error err = {0};
    int fd[5];
    for (int i = 0; i < 5; i++) {
        fd[i] = open(in_folder(names[i]), O_CREAT | O_RDWR, 0666);
        assert_true(fd[i] >= 0);
    }
    assert_int_equal(flock(fd[1], LOCK_EX), 0);
    assert_int_equal(replace(in_folder("b"), "x", &err), KINO_OK);
    for (int i = 0; i < 5; i++) {
        assert_int_equal(access(in_folder(names[i]), F_OK), i ? 0 : -1);
        close(fd[i]);
    }
}

static void mapped(void **state)
{
    (void)state;
    kino_map map = {0};
    kino_error err = {0};
    kino_unmap(&map);
    assert_int_equal(kino_map_file(in_folder("absent"), &map, &err), KINO_NOT_FOUND);
    assert_int_equal(replace(in_folder("plain"), "x", &err), KINO_OK);
    assert_int_equal(kino_map_file(in_folder("plain/below"), &map, &err), KINO_NOT_FOUND);
    assert_int_equal(kino_map_file(folder, &map, &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "not a regular file"));
    /* Large enough to be asked for in large pages. */
    enum { SIZE = (4 << 20) + 5 };
    char *large = kino_alloc(SIZE);
    for (size_t i = 0; i < SIZE; i++)
        large[i] = (char)(i >> 9);
    assert_int_equal(kino_replace_file(in_folder("large"), &(struct iovec){large, SIZE}, 1, &err), KINO_OK);
    assert_int_equal(kino_map_file(in_folder("large"), &map, &err), KINO_OK);
    assert_int_equal(map.size, SIZE);
    assert_memory_equal(map.bytes, large, SIZE);
    kino_unmap(&map);
    free(large);
}

static void folders(void **state)
{
    (void)state;
    kino_error err = {0};
    struct stat info;
    const mode_t mask = umask(022);
    assert_int_equal(kino_make_folders(in_folder("x/y/z"), &err), KINO_OK);
    assert_int_equal(stat(in_folder("x/y/z"), &info), 0);
    assert_int_equal(info.st_mode & 0777, 0755);
    umask(mask);
    assert_int_equal(kino_make_folders(in_folder("x/y/z"), &err), KINO_OK);
    assert_int_equal(kino_make_folders(in_folder("x/w/"), &err), KINO_OK);
    assert_int_equal(access(in_folder("x/w"), F_OK), 0);
    assert_int_equal(replace(in_folder("x/file"), "", &err), KINO_OK);
    assert_int_equal(kino_make_folders(in_folder("x/file/v"), &err), KINO_FAILED);
    assert_non_null(strstr(err.text, "cannot create the folder"));
    assert_int_equal(kino_make_folders("", &err), KINO_OK);
}

/* ---- lines ---- */

static const char *write_bytes(const char *name, const void *bytes, size_t n, bool compressed)
{
    const char *path = in_folder(name);
    gzFile f = gzopen(path, compressed ? "wb" : "wbT");
    assert_int_equal(gzwrite(f, bytes, (unsigned)n), n);
    gzclose(f);
    return path;
}

static void lines(void **state)
{
    (void)state;
    static const char text[] = " \t\r\n\nfirst\r\n\nthird\n last";
    static const char *const want[] = {" \t", "", "first", "", "third", " last"};
    for (int compressed = 0; compressed < 2; compressed++) {
        kino_textfile *t = NULL;
        kino_error err = {0};
        char *line;
        size_t n;
        const char *path = write_bytes("lines", text, sizeof text - 1, compressed);
        assert_int_equal(kino_textfile_open(path, &t, &err), KINO_OK);
        assert_string_equal(kino_textfile_name(t), path);
        assert_int_equal(kino_textfile_number(t), 0);
        for (size_t i = 0; i < 6; i++) {
            assert_int_equal(kino_textfile_line(t, &line, &n, &err), KINO_OK);
            assert_string_equal(line, want[i]);
            assert_int_equal(n, strlen(want[i]));
            assert_int_equal(kino_textfile_number(t), i + 1);
        }
        for (int i = 0; i < 2; i++) {
            assert_int_equal(kino_textfile_line(t, &line, &n, &err), KINO_OK);
            assert_null(line);
            assert_int_equal(kino_textfile_number(t), 6);
        }
        assert_int_equal(kino_textfile_peek(t), -1);
        kino_textfile_close(t);
        kino_buffer rest = {0};
        assert_int_equal(kino_textfile_open(path, &t, &err), KINO_OK);
        assert_int_equal(kino_textfile_peek(t), 'f');
        assert_int_equal(kino_textfile_peek(t), 'f');
        assert_int_equal(kino_textfile_rest(t, strlen(text + 5), &rest, &err), KINO_OK);
        assert_string_equal(rest.data, text + 5);
        kino_textfile_close(t);
        rest.size = 0;
        assert_int_equal(kino_textfile_open(path, &t, &err), KINO_OK);
        assert_int_equal(kino_textfile_rest(t, sizeof text - 2, &rest, &err), KINO_DAMAGED);
        kino_textfile_close(t);
        free(rest.data);
    }
    kino_textfile_close(NULL);
    kino_textfile *t = NULL;
    kino_error err = {0};
    assert_int_equal(kino_textfile_open(in_folder("absent"), &t, &err), KINO_NOT_FOUND);
    assert_null(t);
}

/* Lines longer than a piece of reading, and one byte beyond what a line may have. */
static void long_lines(void **state)
{
    (void)state;
    const size_t most = KINO_LIMIT_FIELD;
    char *text = kino_alloc(most + 8), *line;
    for (int over = 0; over < 2; over++) {
        kino_textfile *t = NULL;
        kino_error err = {0};
        size_t n;
        memset(text, 'a', most + 1);
        text[(over ? most + 1 : most) - 1] = '\n'; /* the end of a line counts */
        assert_int_equal(kino_textfile_open(write_bytes("long", text, over ? most + 1 : most, false), &t, &err),
                         KINO_OK);
        assert_int_equal(kino_textfile_line(t, &line, &n, &err), over ? KINO_DAMAGED : KINO_OK);
        if (over)
            assert_non_null(strstr(err.text, "line 1: too long"));
        else
            assert_int_equal(n, most - 1);
        kino_textfile_close(t);
    }
    free(text);
}

static void damaged_lines(void **state)
{
    (void)state;
    kino_textfile *t = NULL;
    kino_error err = {0};
    char *line, bytes[4000];
    size_t n;
    assert_int_equal(kino_textfile_open(write_bytes("nul", "ab\n\0cd\n", 7, false), &t, &err), KINO_OK);
    assert_int_equal(kino_textfile_line(t, &line, &n, &err), KINO_OK);
    assert_int_equal(kino_textfile_line(t, &line, &n, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "line 2: a NUL byte"));
    kino_textfile_close(t);
    static const char *const hidden[] = {"ab\0cd\n", "abcde\0", "ab\0\n"};
    for (size_t i = 0; i < 3; i++) { /* inside a line, at the end of the file, in front of the end of a line */
        assert_int_equal(kino_textfile_open(write_bytes("nul", hidden[i], i == 2 ? 4 : 6, false), &t, &err), KINO_OK);
        assert_int_equal(kino_textfile_line(t, &line, &n, &err), KINO_DAMAGED);
        assert_non_null(strstr(err.text, "line 1: a NUL byte"));
        kino_textfile_close(t);
    }
    /* A compressed file that is cut. */
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(i % 50 == 49 ? '\n' : 'a' + i * i % 26);
    const char *path = write_bytes("cut", bytes, sizeof bytes, true);
    struct stat info;
    stat(path, &info);
    assert_int_equal(truncate(path, info.st_size / 2), 0);
    assert_int_equal(kino_textfile_open(path, &t, &err), KINO_OK);
    kino_status st;
    do
        st = kino_textfile_line(t, &line, &n, &err);
    while (!st && line);
    assert_int_equal(st, KINO_DAMAGED);
    assert_non_null(strstr(err.text, "gzip stream"));
    kino_textfile_close(t);
    kino_buffer rest = {0};
    assert_int_equal(kino_textfile_open(path, &t, &err), KINO_OK);
    assert_int_equal(kino_textfile_rest(t, SIZE_MAX, &rest, &err), KINO_DAMAGED);
    kino_textfile_close(t);
    free(rest.data);
}

/* ---- messages, threads, time ---- */

static void exit_codes(void **state)
{
    (void)state;
    static const int codes[][2] = {{KINO_OK, 0},        {KINO_FAILED, 1},  {KINO_USAGE, 2},   {KINO_NOT_FOUND, 3},
                                   {KINO_AMBIGUOUS, 3}, {KINO_NETWORK, 4}, {KINO_DAMAGED, 5}, {KINO_INTERRUPTED, 130}};
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_int_equal(kino_exit_code((kino_status)codes[i][0]), codes[i][1]);
    assert_int_equal(kino_exit_code((kino_status)99), 1);
    kino_error err = {0};
    errno = EACCES;
    assert_int_equal(kino_fail_errno(&err, KINO_FAILED, "%s", "a\tb\x7f"), KINO_FAILED);
    assert_int_equal(err.status, KINO_FAILED);
    assert_string_equal(err.text, "a?b?: Permission denied");
    assert_int_equal(kino_fail_errno(NULL, KINO_FAILED, "x"), KINO_FAILED);
    char longer[3000];
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = 0;
    kino_fail_errno(&err, KINO_FAILED, "%s", longer);
    assert_int_equal(strlen(err.text), sizeof err.text - 1);
}

static void note_worker(void *ctx, size_t i, int worker)
{
    (void)i;
    assert_true(worker >= 0 && worker < 3);
    ((int *)ctx)[i] = worker + 1;
}

static void thread_counts(void **state)
{
    (void)state;
    assert_int_equal(kino_thread_count(1), 1);
    assert_int_equal(kino_thread_count(7), 7);
    assert_int_equal(kino_thread_count(KINO_MAX_THREADS), KINO_MAX_THREADS);
    assert_int_equal(kino_thread_count(KINO_MAX_THREADS + 1), KINO_MAX_THREADS);
    assert_true(kino_thread_count(0) >= 1 && kino_thread_count(-5) == kino_thread_count(0));
    int seen[50] = {0};
    kino_parallel(3, 50, note_worker, seen);
    for (int i = 0; i < 50; i++)
        assert_true(seen[i]);
    kino_parallel(200, 2, note_worker, seen); /* no more threads than tasks */
}

static void time_goes_forward(void **state)
{
    (void)state;
    const double before = kino_now_ms();
    usleep(2000);
    const double after = kino_now_ms();
    assert_true(after - before >= 2 && after - before < 60000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replaced),          cmocka_unit_test(left_behind), cmocka_unit_test(mapped),
        cmocka_unit_test(folders),           cmocka_unit_test(lines),       cmocka_unit_test(long_lines),
        cmocka_unit_test(damaged_lines),     cmocka_unit_test(exit_codes),  cmocka_unit_test(thread_counts),
        cmocka_unit_test(time_goes_forward),
    };
    return cmocka_run_group_tests_name("files", tests, start, stop);
}
