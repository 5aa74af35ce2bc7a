/* test_container.c - the container format: what is written is read; whatever is altered, cut or foreign is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/container.h"

static const float numbers[6] = {1, -2, 3.5f, 0, 1e-30f, 7};
static const int8_t small[5] = {-128, 0, 1, 2, 127};

static void make(kino_buffer *out)
{
    kino_container_writer w = {0};
    kino_container_add(&w, "numbers", KINO_F32, 2, (uint64_t[]){2, 3}, numbers);
    kino_container_add(&w, "small", KINO_I8, 1, (uint64_t[]){5}, small);
    kino_container_add(&w, "empty", KINO_U8, 1, (uint64_t[]){0}, NULL);
    kino_container_bytes(&w, KINO_KIND_ENCODER, out);
    kino_container_writer_free(&w);
}

static void *aligned_copy(const kino_buffer *b)
{
    void *p = kino_alloc_aligned(b->size + 64);
    memcpy(p, b->data, b->size);
    return p;
}

static kino_status view(const void *bytes, size_t size, kino_error *err)
{
    kino_container c = {0};
    kino_status st = kino_container_view("x.kino", bytes, size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, err);
    if (!st)
        kino_container_close(&c);
    return st;
}

static void round_trip(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_container c = {0};
    kino_error err = {0};
    make(&b);
    void *p = aligned_copy(&b);
    assert_int_equal(kino_container_view("x", p, b.size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_OK);
    assert_int_equal(c.count, 3);
    const kino_section *s = kino_container_find(&c, "numbers", KINO_F32, 2, (uint64_t[]){2, KINO_ANY}, &err);
    assert_non_null(s);
    assert_memory_equal(s->data, numbers, sizeof numbers);
    assert_int_equal((uintptr_t)s->data % 64, 0);
    assert_non_null(kino_container_find(&c, "empty", KINO_U8, 1, (uint64_t[]){0}, &err));
    assert_null(kino_container_get(&c, "absent"));
    assert_null(kino_container_find(&c, "numbers", KINO_F32, 2, (uint64_t[]){3, 2}, &err));
    assert_int_equal(err.status, KINO_DAMAGED);
    assert_null(kino_container_find(&c, "small", KINO_U8, 1, (uint64_t[]){5}, &err));
    kino_container_close(&c);
    free(p);
    free(b.data);
}

static void every_flipped_bit_is_noticed(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_error err = {0};
    make(&b);
    unsigned char *p = aligned_copy(&b);
    for (size_t bit = 0; bit < b.size * 8; bit++) {
        p[bit / 8] ^= (unsigned char)(1 << bit % 8);
        if (view(p, b.size, &err) != KINO_DAMAGED)
            fail_msg("bit %zu of byte %zu was not noticed", bit % 8, bit / 8);
        p[bit / 8] ^= (unsigned char)(1 << bit % 8);
    }
    assert_int_equal(view(p, b.size, &err), KINO_OK);
    free(p);
    free(b.data);
}

static void every_length_but_the_right_one_is_refused(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_error err = {0};
    make(&b);
    unsigned char *p = aligned_copy(&b);
    for (size_t n = 0; n < b.size; n++)
        assert_int_equal(view(p, n, &err), KINO_DAMAGED);
    assert_int_equal(view(p, b.size + 1, &err), KINO_DAMAGED);
    free(p);
    free(b.data);
}

/* A well-formed file with a lie in one directory field: the checksums are made right again, so that the structural
 * checks have to see it. */
static void lies_are_refused(void **state)
{
    (void)state;
    static const struct {
        size_t offset;
        uint64_t value;
        int bytes;
    } lies[] = {
        {64 + 88, 1 << 20, 8},         /* offset behind the end */
        {64 + 88, UINT64_MAX - 63, 8}, /* offset that overflows */
        {64 + 96, UINT64_MAX, 8},      /* length */
        {64 + 56, UINT64_MAX / 2, 8},  /* dimension whose product overflows */
        {64 + 56, 1000, 8},            /* dimension that does not fit the length */
        {64 + 52, 9, 4},               /* rank */
        {64 + 52, 0, 4},
        {64 + 48, 77, 4},                 /* type */
        {64 + 128 + 88, 64 + 3 * 128, 8}, /* overlap with the section before */
        {32, 2, 4},                       /* section count */
        {32, 0, 4},
        {32, UINT32_MAX, 4},
        {24, 128, 8},              /* directory offset */
        {8, 2, 4},                 /* version */
        {12, KINO_KIND_MINILM, 4}, /* kind */
        {64 + 110, 1, 1},          /* reserved byte */
    };
    kino_buffer b = {0};
    kino_error err = {0};
    make(&b);
    for (size_t i = 0; i < sizeof lies / sizeof *lies; i++) {
        unsigned char *p = aligned_copy(&b);
        memcpy(p + lies[i].offset, &lies[i].value, (size_t)lies[i].bytes);
        uint32_t count = kino_u32(p + 32), crc;
        if (count <= 3) {
            crc = kino_crc32c(0, p + 64, count * 128);
            memcpy(p + 36, &crc, 4);
        }
        crc = kino_crc32c(0, p, 60);
        memcpy(p + 60, &crc, 4);
        if (view(p, b.size, &err) != KINO_DAMAGED)
            fail_msg("lie %zu was believed", i);
        free(p);
    }
    free(b.data);
}

static void seal(unsigned char *p)
{
    uint32_t crc = kino_crc32c(0, p + 64, (size_t)kino_u32(p + 32) * 128);
    memcpy(p + 36, &crc, 4);
    crc = kino_crc32c(0, p, 60);
    memcpy(p + 60, &crc, 4);
}

static void put(unsigned char *p, size_t at, uint64_t value)
{
    memcpy(p + at, &value, sizeof value);
}

/* Files that are whole by every checksum, of two sections of 64 bytes, whose layout is not as it must be. */
static void layouts_are_refused(void **state)
{
    (void)state;
    enum { OFFSET = 64 + 128 + 88, LENGTH = 16, FIRST = 64 + 2 * 128, SIZE = FIRST + 2 * 64 };
    unsigned char data[64];
    memset(data, 7, sizeof data);
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_error err = {0};
    kino_container_add(&w, "a", KINO_U8, 1, (uint64_t[]){64}, data);
    kino_container_add(&w, "b", KINO_U8, 1, (uint64_t[]){64}, data);
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    assert_int_equal(b.size, SIZE);
    unsigned char *p = kino_alloc_aligned(SIZE + 128);
    for (int what = 0; what < 7; what++) {
        size_t size = SIZE;
        memset(p, 0, SIZE + 128);
        memcpy(p, b.data, SIZE);
        switch (what) {
        case 0: /* as it was */
            break;
        case 1: /* a hole of zeros between the sections */
            memmove(p + FIRST + 128, p + FIRST + 64, 64);
            memset(p + FIRST + 64, 0, 64);
            put(p, OFFSET, FIRST + 128);
            size += 64;
            break;
        case 2: /* both are the same bytes; then the file ends behind its last section too */
            put(p, OFFSET, FIRST);
            size -= 64;
            break;
        case 3: /* both are the same bytes, and something is behind them */
            put(p, OFFSET, FIRST);
            break;
        case 4: /* bytes behind the last section */
            size += 1;
            break;
        case 5: /* a section that is not aligned */
            memmove(p + FIRST + 72, p + FIRST + 64, 64);
            memset(p + FIRST + 64, 0, 8);
            put(p, OFFSET, FIRST + 72);
            size += 8;
            break;
        case 6:; /* a length that is one more than the shape says */
            put(p, OFFSET + 8, 65);
            size += 1;
            const uint32_t crc = kino_crc32c(0, p + FIRST + 64, 65);
            memcpy(p + OFFSET + 16, &crc, sizeof crc);
            break;
        }
        put(p, LENGTH, size);
        seal(p);
        if (view(p, size, &err) != (what ? KINO_DAMAGED : KINO_OK))
            fail_msg("layout %d: %s", what, err.text);
    }
    free(p);
    free(b.data);
    kino_container_writer_free(&w);
}

/* Padding behind a section of odd length must be zero, or bytes could hide in it. */
static void padding_is_zero(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_error err = {0};
    make(&b);
    unsigned char *p = aligned_copy(&b);
    const size_t small_at = 64 + 3 * 128 + 64; /* "numbers" has 24 of 64 bytes */
    for (size_t at = small_at - 40; at < small_at; at++) {
        p[at] = 1;
        assert_int_equal(view(p, b.size, &err), KINO_DAMAGED);
        p[at] = 0;
    }
    assert_int_equal(view(p, b.size, &err), KINO_OK);
    free(p);
    free(b.data);
}

/* Without its checksums a file is taken at its word about what is in the sections, and checked when asked, but for
 * one. */
static void checksums_when_asked(void **state)
{
    (void)state;
    kino_buffer b = {0};
    kino_container c = {0};
    kino_error err = {0};
    make(&b);
    unsigned char *p = aligned_copy(&b);
    p[64 + 3 * 128] ^= 1;
    assert_int_equal(kino_container_view("x", p, b.size, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "numbers"));
    assert_int_equal(kino_container_view("x", p, b.size, KINO_KIND_ENCODER, KINO_VERIFY_STRUCTURE, &c, &err), KINO_OK);
    assert_int_equal(kino_container_check(&c, NULL, &err), KINO_DAMAGED);
    assert_int_equal(kino_container_check(&c, "small", &err), KINO_DAMAGED);
    assert_int_equal(kino_container_check(&c, "numbers", &err), KINO_OK);
    kino_container_close(&c);
    free(p);
    free(b.data);
}

static void duplicate_names_are_refused(void **state)
{
    (void)state;
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_error err = {0};
    kino_container_add(&w, "a", KINO_I8, 1, (uint64_t[]){5}, small);
    kino_container_add(&w, "a", KINO_I8, 1, (uint64_t[]){5}, small);
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    void *p = aligned_copy(&b);
    assert_int_equal(view(p, b.size, &err), KINO_DAMAGED);
    kino_container_writer_free(&w);
    free(p);
    free(b.data);
}

static void files(void **state)
{
    (void)state;
    char path[] = "/tmp/kino-test-XXXXXX";
    int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    kino_container_writer w = {0};
    kino_container c = {0};
    kino_error err = {0};
    assert_int_equal(kino_container_open(path, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_DAMAGED);
    kino_container_add(&w, "numbers", KINO_F32, 1, (uint64_t[]){6}, numbers);
    assert_int_equal(kino_container_write(&w, KINO_KIND_ENCODER, path, &err), KINO_OK);
    assert_int_equal(kino_container_open(path, KINO_KIND_MINILM, KINO_VERIFY_ALL, &c, &err), KINO_DAMAGED);
    assert_int_equal(kino_container_open(path, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_OK);
    kino_container_close(&c);
    unlink(path);
    assert_int_equal(kino_container_open(path, KINO_KIND_ENCODER, KINO_VERIFY_ALL, &c, &err), KINO_NOT_FOUND);
    kino_container_writer_free(&w);
}

/* A file is what kino_container_bytes says, also where the pieces are more than one call takes and some are empty. */
static void a_file_is_its_bytes(void **state)
{
    (void)state;
    char path[] = "/tmp/kino-test-XXXXXX", name[16];
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unsigned char many[3000];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = (unsigned char)kino_random(1, 2, i);
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_map map = {0};
    kino_error err = {0};
    for (size_t i = 0; i < 700; i++) {
        snprintf(name, sizeof name, "section %zu", i);
        kino_container_add(&w, name, KINO_U8, 1, (uint64_t[]){i % 5 ? i * 3 : 0}, many);
    }
    kino_container_bytes(&w, KINO_KIND_ENCODER, &b);
    assert_int_equal(kino_container_write(&w, KINO_KIND_ENCODER, path, &err), KINO_OK);
    assert_int_equal(kino_map_file(path, &map, &err), KINO_OK);
    assert_int_equal(map.size, b.size);
    assert_memory_equal(map.bytes, b.data, b.size);
    assert_int_equal(view(map.bytes, map.size, &err), KINO_OK);
    kino_unmap(&map);
    unlink(path);
    kino_container_writer_free(&w);
    free(b.data);
}

static long peak_kb(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}

/* Sections go to the disk from where they lie: a snapshot of a million films has gigabytes of them. */
static void writing_needs_no_second_copy(void **state)
{
    (void)state;
    enum { MB = 1 << 20, SIZE = 48 * MB };
    char path[] = "/tmp/kino-test-XXXXXX";
    const int fd = mkstemp(path);
    assert_true(fd >= 0);
    close(fd);
    unsigned char *large = kino_alloc_aligned(SIZE);
    kino_container_writer w = {0};
    kino_error err = {0};
    kino_container_add(&w, "large", KINO_U8, 1, (uint64_t[]){SIZE}, large);
    const long before = peak_kb();
    assert_int_equal(kino_container_write(&w, KINO_KIND_ENCODER, path, &err), KINO_OK);
    assert_true(peak_kb() - before < SIZE / 4 / 1024);
    unlink(path);
    kino_container_writer_free(&w);
    free(large);
}

/* The register of a byte at a time, bit by bit, as the polynomial says. */
static uint32_t plain_crc(uint32_t crc, const unsigned char *p, size_t n)
{
    for (crc = ~crc; n; n--) {
        crc ^= *p++;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82f63b78 : crc >> 1;
    }
    return ~crc;
}

static void checksums_are_those_of_the_polynomial(void **state)
{
    (void)state;
    unsigned char bytes[5000];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)kino_random(3, 4, i);
    for (size_t n = 0; n < sizeof bytes; n += n < 70 ? 1 : n == 70 ? 4020 : 13)
        for (size_t from = 0; from < 3; from++) {
            const uint32_t start = n % 3 ? (uint32_t)kino_random(5, n, from) : 0;
            const size_t size = n < from ? 0 : n - from;
            const uint32_t want = plain_crc(start, bytes + from, size);
            assert_int_equal(kino_crc32c_portable(start, bytes + from, size), want);
            assert_int_equal(kino_crc32c(start, bytes + from, size), want);
        }
}

static void checksum(void **state)
{
    (void)state;
    /* RFC 3720, appendix B.4 */
    unsigned char bytes[32] = {0};
    assert_int_equal(kino_crc32c(0, "123456789", 9), 0xe3069283);
    assert_int_equal(kino_crc32c(0, bytes, 32), 0x8a9136aa);
    memset(bytes, 0xff, sizeof bytes);
    assert_int_equal(kino_crc32c(0, bytes, 32), 0x62a8ab43);
    for (int i = 0; i < 32; i++)
        bytes[i] = (unsigned char)i;
    assert_int_equal(kino_crc32c(0, bytes, 32), 0x46dd794e);
    assert_int_equal(kino_crc32c(kino_crc32c(0, bytes, 13), bytes + 13, 19), 0x46dd794e);
    /* Long ranges are summed in thirds side by side: the same as piece by piece, wherever it begins and ends. */
    unsigned char many[10000];
    for (size_t i = 0; i < sizeof many; i++)
        many[i] = (unsigned char)(i * i >> 3);
    for (size_t from = 0; from < 9; from++)
        for (size_t size = 4090; size < 4130; size++) {
            uint32_t crc = 0;
            for (size_t at = 0; at < size; at += 100)
                crc = kino_crc32c(crc, many + from + at, size - at < 100 ? size - at : 100);
            assert_int_equal(kino_crc32c(0, many + from, size), crc);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(round_trip),
        cmocka_unit_test(every_flipped_bit_is_noticed),
        cmocka_unit_test(every_length_but_the_right_one_is_refused),
        cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(layouts_are_refused),
        cmocka_unit_test(padding_is_zero),
        cmocka_unit_test(checksums_when_asked),
        cmocka_unit_test(duplicate_names_are_refused),
        cmocka_unit_test(files),
        cmocka_unit_test(a_file_is_its_bytes),
        cmocka_unit_test(writing_needs_no_second_copy),
        cmocka_unit_test(checksums_are_those_of_the_polynomial),
        cmocka_unit_test(checksum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
