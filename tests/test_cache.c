/* test_cache.c - the server's cache of answers: what is kept, what goes first, and what lives on in other hands. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "serve/cache.h"
#include "serve/encode.h"

static atomic_size_t held;

static kino_kept *put(kino_cache *c, unsigned key, size_t size, char fill)
{
    kino_buffer body = {0};
    char *bytes = malloc(size);
    memset(bytes, fill, size);
    kino_buffer_put(&body, bytes, size);
    free(bytes);
    kino_kept *k = kino_cache_put(c, &key, sizeof key, "text/plain", false, &body);
    assert_null(body.data);
    return k;
}

static kino_kept *take(kino_cache *c, unsigned key)
{
    return kino_cache_take(c, &key, sizeof key);
}

static void what_was_put_is_there(void **state)
{
    (void)state;
    kino_cache *c = kino_cache_open(1 << 20, &held);
    assert_null(take(c, 1));
    kino_kept_give(put(c, 1, 100, 'a'));
    kino_kept_give(put(c, 2, 0, 'b'));
    kino_kept *k = take(c, 1);
    assert_int_equal(k->size, 100);
    assert_int_equal(k->bytes[99], 'a');
    assert_string_equal(k->type, "text/plain");
    const size_t bytes = kino_cache_bytes(c);
    kino_kept_give(put(c, 1, 50, 'c')); /* in the place of the other */
    assert_int_equal(kino_cache_bytes(c), bytes - 50);
    assert_int_equal(k->bytes[99], 'a');
    kino_kept_give(k);
    k = take(c, 1);
    assert_int_equal(k->size, 50);
    kino_kept_give(k);
    k = take(c, 2);
    assert_int_equal(k->size, 0);
    kino_cache_close(c);
    assert_string_equal(k->bytes, ""); /* ours, though the cache is gone */
    kino_kept_give(k);
}

/* What a client still reads is counted, whether the cache has it or not. */
static void what_lives_is_counted(void **state)
{
    (void)state;
    enum { ROOM = 1 << 20 };
    kino_buffer body = {0};
    assert_int_equal(held, 0);
    kino_cache *c = kino_cache_open(ROOM, &held);
    kino_kept *first = put(c, 1, 100, 'a');
    assert_int_equal(held, 100);
    kino_kept *large = put(c, 2, ROOM, 'b'); /* too large to be kept */
    assert_int_equal(held, 100 + ROOM);
    kino_kept_give(put(c, 1, 50, 'c')); /* in the place of the first, which is still read */
    assert_int_equal(held, 150 + ROOM);
    kino_kept_give(first);
    assert_int_equal(held, 50 + ROOM);
    kino_cache_close(c);
    assert_int_equal(held, ROOM);
    kino_kept_give(large);
    kino_buffer_print(&body, "alone");
    kino_kept *alone = kino_kept_new("t", false, &body, &held);
    assert_int_equal(held, 5);
    assert_string_equal(alone->bytes, "alone");
    kino_kept_give(alone);
    assert_int_equal(held, 0);
}

static void keys_are_compared_whole(void **state)
{
    (void)state;
    kino_cache *c = kino_cache_open(1 << 20, &held);
    kino_buffer body = {0};
    kino_buffer_print(&body, "x");
    kino_kept_give(kino_cache_put(c, "a\0b", 4, "t", true, &body));
    assert_null(kino_cache_take(c, "a", 2));
    assert_null(kino_cache_take(c, "a\0c", 4));
    kino_kept *k = kino_cache_take(c, "a\0b", 4);
    assert_true(k->gzip);
    kino_kept_give(k);
    kino_cache_close(c);
}

/* A part of the cache gets a sixteenth: keys of one part are found by trying. */
static void the_oldest_goes_first(void **state)
{
    (void)state;
    enum { ROOM = 1 << 20, BODY = ROOM / 16 / 5 };
    kino_cache *c = kino_cache_open(ROOM, &held);
    unsigned same[8], count = 0;
    for (unsigned key = 0; count < 8; key++)
        if (kino_mix(kino_hash(KINO_HASH_START, &key, sizeof key)) % 16 == 3)
            same[count++] = key;
    for (unsigned i = 0; i < 4; i++)
        kino_kept_give(put(c, same[i], BODY, 'x'));
    kino_kept *first = take(c, same[0]); /* asked for again: no longer the oldest */
    assert_non_null(first);
    kino_kept_give(first);
    kino_kept_give(put(c, same[4], BODY, 'x'));
    assert_null(take(c, same[1]));
    for (unsigned i = 0; i < 5; i++) {
        kino_kept *k = i == 1 ? NULL : take(c, same[i]);
        assert_true((k != NULL) == (i != 1));
        if (k)
            kino_kept_give(k);
    }
    kino_cache_close(c);
}

static void it_stays_within_its_bytes(void **state)
{
    (void)state;
    enum { ROOM = 1 << 20 };
    kino_cache *c = kino_cache_open(ROOM, &held);
    for (unsigned i = 0; i < 3000; i++) {
        kino_kept_give(put(c, i, kino_random(1, 1, i) % 5000, 'x'));
        assert_true(kino_cache_bytes(c) <= ROOM);
    }
    assert_true(kino_cache_bytes(c) > ROOM / 2);
    kino_kept *large = put(c, 7777, ROOM / 16, 'x');
    assert_int_equal(large->size, ROOM / 16);
    kino_kept_give(large);
    assert_null(take(c, 7777)); /* it would have pushed out a whole part */
    kino_kept_give(put(c, 7778, ROOM / 16 / 4, 'x'));
    assert_null(take(c, 7778)); /* and this one, with what it takes beside its bytes, more than a quarter */
    kino_kept_give(put(c, 7779, ROOM / 16 / 4 - 512, 'x'));
    kino_kept *quarter = take(c, 7779);
    assert_non_null(quarter);
    kino_kept_give(quarter);
    kino_cache_close(c);
}

static void without_room_nothing_is_kept(void **state)
{
    (void)state;
    kino_cache *c = kino_cache_open(0, &held);
    kino_kept *k = put(c, 1, 10, 'x');
    assert_int_equal(k->size, 10);
    kino_kept_give(k);
    assert_null(take(c, 1));
    assert_int_equal(kino_cache_bytes(c), 0);
    kino_cache_close(c);
}

static void *many_questions(void *ctx)
{
    kino_cache *c = ctx;
    uintptr_t wrong = 0;
    for (uint64_t i = 0; i < 20000; i++) {
        const unsigned key = (unsigned)(kino_random(3, (uintptr_t)&i, i) % 300);
        kino_kept *k = take(c, key);
        if (!k)
            k = put(c, key, 1 + key * 7, (char)key);
        wrong += k->size != 1 + key * 7 || k->bytes[0] != (char)key || k->bytes[k->size - 1] != (char)key;
        kino_kept_give(k);
    }
    return (void *)wrong;
}

static void threads_share_it(void **state)
{
    (void)state;
    kino_cache *c = kino_cache_open(128 << 10, &held);
    pthread_t threads[4];
    for (int i = 0; i < 4; i++)
        pthread_create(&threads[i], NULL, many_questions, c);
    for (int i = 0; i < 4; i++) {
        void *wrong = NULL;
        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    assert_true(kino_cache_bytes(c) <= 128 << 10);
    kino_cache_close(c);
}

static void encodings_are_read(void **state)
{
    (void)state;
    static const char *const yes[] = {"gzip", "deflate, gzip;q=1.0",   "br , GZIP",
                                      "*",    "identity;q=0, *;q=0.1", "gzip ; q=0.5"};
    static const char *const no[] = {"",        "identity", "gzip;q=0", "br, gzip;q=0.0, *",
                                     "gzipped", "*;q=0",    ",,;q",     "x gzip"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (!kino_takes_gzip(yes[i]))
            fail_msg("refused: %s", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof *no; i++)
        if (kino_takes_gzip(no[i]))
            fail_msg("taken: %s", no[i]);
}

static void bodies_come_back(void **state)
{
    (void)state;
    kino_buffer body = {0}, whole = {0}, again = {0};
    for (int i = 0; i < 3000; i++)
        kino_buffer_print(&whole, "film %d, ", i % 700);
    kino_buffer_put(&body, whole.data, whole.size);
    assert_true(kino_gzip(&body));
    assert_true(body.size < whole.size / 2);
    kino_gunzip(body.data, body.size, &again);
    assert_int_equal(again.size, whole.size);
    assert_memory_equal(again.data, whole.data, whole.size);
    body.size = 0;
    for (uint64_t i = 0; i < 5000; i++)
        kino_buffer_byte(&body, (char)kino_random(1, 2, i));
    assert_false(kino_gzip(&body)); /* nothing to gain: as it was */
    assert_int_equal(body.size, 5000);
    body.size = 10;
    assert_false(kino_gzip(&body));
    free(body.data);
    free(whole.data);
    free(again.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_put_is_there),     cmocka_unit_test(what_lives_is_counted),
        cmocka_unit_test(keys_are_compared_whole),   cmocka_unit_test(the_oldest_goes_first),
        cmocka_unit_test(it_stays_within_its_bytes), cmocka_unit_test(without_room_nothing_is_kept),
        cmocka_unit_test(threads_share_it),          cmocka_unit_test(encodings_are_read),
        cmocka_unit_test(bodies_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
