/* test_version.c - the version: the number is the string, and the library says what its header says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "kino.h"

#if KINO_VERSION_NUMBER < 0x000200 || KINO_VERSION_NUMBER >= 0x1000000
#error "the preprocessor can compare the number"
#endif

static void the_number_is_the_string(void **state)
{
    (void)state;
    char text[32];
    snprintf(text, sizeof text, "%d.%d.%d", KINO_VERSION_NUMBER >> 16, KINO_VERSION_NUMBER >> 8 & 0xff,
             KINO_VERSION_NUMBER & 0xff);
    assert_string_equal(text, KINO_VERSION);
}

static void the_library_is_of_this_header(void **state)
{
    (void)state;
    assert_int_equal(kino_version_number(), KINO_VERSION_NUMBER);
    assert_string_equal(kino_version(), KINO_VERSION);
}

/* The newest entry of the changes that have a number is that of the header. */
static void the_changes_know_it(void **state)
{
    (void)state;
    FILE *f = fopen(".github/CHANGELOG.md", "r");
    assert_non_null(f);
    char line[256], version[32] = "";
    while (!*version && fgets(line, sizeof line, f))
        sscanf(line, "## %31[0-9.]", version);
    fclose(f);
    assert_string_equal(version, KINO_VERSION);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_number_is_the_string),
        cmocka_unit_test(the_library_is_of_this_header),
        cmocka_unit_test(the_changes_know_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
