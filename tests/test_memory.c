/* test_memory.c - where the process ends for want of memory, how a program that embeds the library hears of it, and what
 * is refused before memory is asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "kino.h"

/* Else the sanitizers end the process before the library can. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
    return "allocator_may_return_null=1";
}
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
    return "allocator_may_return_null=1";
}

enum { HEARD = 42, WRONG = 43, SAID = 4000 };
static const size_t much = SIZE_MAX / 4;

static void plain(void)
{
    kino_alloc(much);
}

static void array(void)
{
    kino_alloc_array(SIZE_MAX / 8, 16);
}

static void again(void)
{
    kino_resize_array(NULL, SIZE_MAX / 4, 8);
}

static void aligned(void)
{
    kino_alloc_aligned(SIZE_MAX - 1);
}

static void arena(void)
{
    kino_arena a = {0};
    kino_arena_alloc(&a, SIZE_MAX - 32);
}

static void buffer(void)
{
    kino_buffer b = {0};
    kino_buffer_put(&b, "", much);
}

static void (*const wants[])(void) = {plain, array, again, aligned, arena, buffer};
enum { WANTS = sizeof wants / sizeof *wants };

static void leave(size_t bytes)
{
    _exit(bytes >= much ? HEARD : WRONG);
}

static void stay(size_t bytes)
{
    (void)bytes;
}

/* How a process ends that wants too much, and what it says on standard error; the sanitizers may say more. */
static int end_of(void (*want)(void), void (*hook)(size_t), char said[SAID])
{
    int ends[2], status = 0;
    assert_int_equal(pipe(ends), 0);
    const pid_t child = fork();
    if (!child) {
        const struct rlimit none = {0, 0};
        setrlimit(RLIMIT_CORE, &none);
        signal(SIGABRT, SIG_DFL);
        dup2(ends[1], 2);
        kino_on_out_of_memory(hook);
        want();
        _exit(0);
    }
    close(ends[1]);
    size_t said_bytes = 0;
    for (ssize_t n = 1; n > 0 && said_bytes<SAID - 1; said_bytes += n> 0 ? (size_t)n : 0)
        n = read(ends[0], said + said_bytes, SAID - 1 - said_bytes);
    said[said_bytes] = 0;
    close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void the_process_ends_with_a_line(void **state)
{
    (void)state;
    char said[SAID];
    for (size_t i = 0; i < WANTS; i++) {
        const int status = end_of(wants[i], NULL, said);
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
        if (!strstr(said, "kino: out of memory"))
            fail_msg("%s", said);
    }
}

static void an_embedding_program_hears_of_it(void **state)
{
    (void)state;
    char said[SAID];
    for (size_t i = 0; i < WANTS; i++) {
        int status = end_of(wants[i], leave, said);
        assert_true(WIFEXITED(status));
        assert_int_equal(WEXITSTATUS(status), HEARD);
        assert_null(strstr(said, "kino:"));
        status = end_of(wants[i], stay, said); /* no call can go on without */
        assert_true(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
        assert_null(strstr(said, "kino:"));
    }
}

static void a_buffer_keeps_to_its_bound(void **state)
{
    (void)state;
    kino_buffer b = {.most = 10};
    kino_buffer_put(&b, "12345", 5);
    kino_buffer_print(&b, "%d", 678);
    assert_false(b.overfull);
    kino_buffer_put(&b, "abc", 3); /* whole or not at all */
    assert_true(b.overfull);
    assert_string_equal(b.data, "12345678");
    kino_buffer_byte(&b, 'x'); /* it would fit, but not at its place */
    kino_buffer_print(&b, "y");
    assert_string_equal(b.data, "12345678");
    free(b.data);
    b = (kino_buffer){.most = 3};
    kino_buffer_put(&b, "abc", 3);
    assert_false(b.overfull);
    assert_string_equal(b.data, "abc");
    kino_buffer_put(&b, "", 0);
    assert_false(b.overfull);
    free(b.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_process_ends_with_a_line),
                                       cmocka_unit_test(an_embedding_program_hears_of_it),
                                       cmocka_unit_test(a_buffer_keeps_to_its_bound)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
