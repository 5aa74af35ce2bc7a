/* test_secret.c - where keys lie: in pages that no core dump has, that no child process gets, and that are overwritten. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/secret.h"

/* The flags that the system has for the page of an address: " rd wr mr mw me dd ". */
static void flags_of(const void *p, char out[256])
{
    char line[512];
    bool inside = false;
    FILE *f = fopen("/proc/self/smaps", "r");
    assert_non_null(f);
    *out = 0;
    while (!*out && fgets(line, sizeof line, f)) {
        unsigned long from, to;
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            inside = (uintptr_t)p >= from && (uintptr_t)p < to;
        else if (inside && !strncmp(line, "VmFlags:", 8))
            snprintf(out, 256, "%.255s", line + 8);
    }
    fclose(f);
}

static void a_secret_is_in_no_dump_and_no_child(void **state)
{
    (void)state;
    enum { SIZE = 3000 };
    char flags[256];
    int status = -1;
    char *secret = kino_secret_new(SIZE);
    assert_int_equal(secret[0], 0);
    assert_int_equal(secret[SIZE - 1], 0);
    strcpy(secret, "the key");
    flags_of(secret, flags);
    if (!*flags)
        skip(); /* this system does not tell */
    if (!strstr(flags, " dd"))
        fail_msg("it would be dumped:%s", flags);
    const pid_t child = fork();
    if (!child)
        _exit(*secret != 0);
    waitpid(child, &status, 0);
    assert_int_equal(status, 0);
    assert_string_equal(secret, "the key");
    kino_secret_free(secret, SIZE);
    kino_secret_free(NULL, SIZE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_secret_is_in_no_dump_and_no_child)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
