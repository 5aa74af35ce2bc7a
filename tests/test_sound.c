/* test_sound.c - weights whose checksums fit and whose numbers are no numbers: nobody computes with them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/container.h"
#include "model/minilm.h"

static const char *weights(void)
{
    return getenv("KINO_TEST_WEIGHTS") ? getenv("KINO_TEST_WEIGHTS") : "weights/minilm-l6-v2.int8.kino";
}

/* The container with one section changed, and every checksum right. */
static void write_with(const kino_container *c, const kino_section *changed, const void *data, const char *path)
{
    kino_container_writer w = {0};
    for (size_t i = 0; i < c->count; i++) {
        const kino_section *s = &c->sections[i];
        kino_container_add(&w, s->name, s->type, s->rank, s->dims, s == changed ? data : s->data);
    }
    assert_int_equal(kino_container_write(&w, c->kind, path, NULL), KINO_OK);
    kino_container_writer_free(&w);
}

static void weights_are_numbers(void **state)
{
    (void)state;
    static const uint32_t none[] = {UINT32_C(0x7fc00000), UINT32_C(0x7f800000), UINT32_C(0xff800000),
                                    UINT32_C(0x7f800001)}; /* NaN, both infinities, a signalling NaN */
    enum { STEP = 11 };
    char path[] = "/tmp/kino-test-XXXXXX";
    kino_container c = {0};
    kino_error err = {0};
    size_t floats = 0;
    close(mkstemp(path));
    assert_int_equal(kino_container_open(weights(), KINO_KIND_MINILM, KINO_VERIFY_ALL, &c, &err), KINO_OK);
    assert_int_equal(kino_container_finite(&c, NULL, &err), KINO_OK);
    for (size_t i = 0; i < c.count; i++) {
        const kino_section *s = &c.sections[i];
        kino_minilm *m = NULL;
        if (s->type != KINO_F32 || floats++ % STEP)
            continue;
        uint32_t *copy = kino_alloc(s->bytes);
        memcpy(copy, s->data, s->bytes);
        copy[s->bytes / sizeof *copy - 1 - floats % 2] = none[floats / STEP % 4];
        write_with(&c, s, copy, path);
        assert_int_equal(kino_minilm_open(path, &m, &err), KINO_DAMAGED);
        if (!strstr(err.text, s->name) || !strstr(err.text, "no number"))
            fail_msg("%s: %s", s->name, err.text);
        free(copy);
    }
    assert_true(floats > STEP);
    kino_container_close(&c);
    unlink(path);
}

static void every_type_of_float_is_looked_at(void **state)
{
    (void)state;
    const uint16_t half[] = {0x3c00, 0x7bff, 0x7c00}, brain[] = {0x3f80, 0x7f7f, 0xff80};
    const float single[] = {1, 3e38f, -0.0f / 1e-30f};
    const double large[] = {1, 1e308, (double)INFINITY};
    const int8_t bytes[] = {-1, 127, -128};
    assert_true(kino_all_finite(KINO_F16, half, 2) && !kino_all_finite(KINO_F16, half, 3));
    assert_true(kino_all_finite(KINO_BF16, brain, 2) && !kino_all_finite(KINO_BF16, brain, 3));
    assert_true(kino_all_finite(KINO_F32, single, 3));
    assert_false(kino_all_finite(KINO_F32, (const float[]){1, NAN}, 2));
    assert_true(kino_all_finite(KINO_F64, large, 2) && !kino_all_finite(KINO_F64, large, 3));
    assert_true(kino_all_finite(KINO_I8, bytes, 3)); /* every byte is a number */
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(weights_are_numbers),
                                       cmocka_unit_test(every_type_of_float_is_looked_at)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
