/* test_values.c - the small things of base: memory, numbers, base64, ids, UTF-8, JSON that is written, the forms of
 * titles. */
#include <malloc.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "base/base64.h"
#include "base/bytes.h"
#include "base/idmap.h"
#include "base/jsontree.h"
#include "base/movie.h"
#include "base/number.h"
#include "base/titletext.h"
#include "base/utf8.h"

/* ---- memory ---- */

/* What an arena hands out is zeroed, aligned, and nobody else's. */
static void arenas(void **state)
{
    (void)state;
    enum { COUNT = 3000 };
    kino_arena a = {0}, b = {0};
    unsigned char *p[COUNT];
    size_t size[COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        size[i] = i % 500 == 499 ? 16384 + i : i % 97;
        p[i] = kino_arena_alloc(i % 3 ? &a : &b, size[i]);
        assert_int_equal((uintptr_t)p[i] % 16, 0);
        for (size_t j = 0; j < size[i]; j++)
            assert_int_equal(p[i][j], 0);
        memset(p[i], (int)(i % 255) + 1, size[i]);
    }
    kino_arena_join(&a, &b);
    assert_null(b.head);
    for (size_t i = 0; i < COUNT; i++)
        for (size_t j = 0; j < size[i]; j++)
            assert_int_equal(p[i][j], i % 255 + 1);
    assert_string_equal(kino_arena_strndup(&a, "abcdef", 3), "abc");
    kino_arena_free(&a);
    kino_arena none = {0};
    kino_arena_join(&none, &a);
    assert_null(none.head);
    /* Blocks that are filled to the last byte, and other memory behind them. */
    for (size_t i = 0; i < 3 * 4096 + 1; i++) {
        memset(kino_arena_alloc(&a, 16), 0xff, 16);
        if (i % 512 == 0)
            p[i / 512] = kino_alloc(40);
    }
    for (size_t i = 0; i <= 24; i++)
        free(p[i]);
    kino_arena_free(&a);
}

/* What a joined arena had is freed with the one that took it. */
static void joined_arenas_are_freed(void **state)
{
    (void)state;
    const size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    kino_arena a = {0}, b = {0};
    kino_arena_alloc(&a, 1 << 20);
    kino_arena_alloc(&b, 1 << 20);
    kino_arena_alloc(&b, 10);
    kino_arena_join(&a, &b);
    kino_arena_free(&a);
    assert_int_equal(mallinfo2().uordblks + mallinfo2().hblkhd, before);
}

static void memory_is_aligned_and_zero(void **state)
{
    (void)state;
    for (size_t n = 0; n < 300; n += 7) {
        unsigned char *p = kino_alloc_aligned(n), *q = kino_alloc_array(n, 3);
        float *f = kino_alloc_floats(n);
        assert_true((uintptr_t)p % 64 == 0 && (uintptr_t)f % 64 == 0 && p && q);
        for (size_t i = 0; i < n; i++)
            assert_true(p[i] == 0 && f[i] == 0 && q[3 * i] == 0 && q[3 * i + 2] == 0);
        free(p), free(q), free(f);
    }
    kino_buffer b = {0};
    char want[3000] = "";
    for (int i = 0; i < 400; i++) {
        kino_buffer_print(&b, "%d,%s", i, i % 50 ? "" : "a longer text that needs more room than is left");
        snprintf(want + strlen(want), sizeof want - strlen(want), "%d,%s", i,
                 i % 50 ? "" : "a longer text that needs more room than is left");
        assert_int_equal(b.size, strlen(want));
        assert_string_equal(b.data, want);
    }
    free(b.data);
    char secret[] = "0123456789";
    kino_wipe(secret, 4);
    assert_memory_equal(secret,
                        "\0\0\0\0"
                        "456789",
                        10);
}

static void films_are_copied(void **state)
{
    (void)state;
    char text[10][8];
    const char *texts[10];
    kino_named names[5][2];
    kino_arena arena = {0};
    kino_movie copy;
    for (int i = 0; i < 10; i++) {
        snprintf(text[i], sizeof text[i], "text %d", i);
        texts[i] = text[i];
    }
    for (int i = 0; i < 5; i++)
        for (int j = 0; j < 2; j++)
            names[i][j] = (kino_named){10 * i + j, text[2 * i + j]};
    const kino_movie m = {.id = 7,
                          .year = 1999,
                          .votes = 5,
                          .imdb_id = texts[0],
                          .title = texts[1],
                          .original_title = texts[2],
                          .language = texts[3],
                          .date = texts[4],
                          .overview = texts[5],
                          .tagline = texts[6],
                          .status = texts[7],
                          .poster_path = texts[8],
                          .collection = {3, texts[9]},
                          .genres = {names[0], 2},
                          .keywords = {names[1], 2},
                          .directors = {names[2], 2},
                          .cast = {names[3], 2},
                          .countries = {names[4], 0}};
    kino_movie_copy(&m, &arena, &copy);
    memset(text, 'x', sizeof text);
    memset(names, 0, sizeof names);
    const char *got[] = {copy.imdb_id,  copy.title,   copy.original_title, copy.language,    copy.date,
                         copy.overview, copy.tagline, copy.status,         copy.poster_path, copy.collection.name};
    const kino_list *lists[] = {&copy.genres, &copy.keywords, &copy.directors, &copy.cast};
    for (int i = 0; i < 10; i++) {
        char want[8];
        snprintf(want, sizeof want, "text %d", i);
        assert_string_equal(got[i], want);
    }
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 2; j++) {
            char want[8];
            snprintf(want, sizeof want, "text %d", 2 * i + j);
            assert_int_equal(lists[i]->count, 2);
            assert_int_equal(lists[i]->items[j].id, 10 * i + j);
            assert_string_equal(lists[i]->items[j].name, want);
        }
    assert_true(copy.id == 7 && copy.year == 1999 && copy.votes == 5 && copy.collection.id == 3);
    assert_int_equal(copy.countries.count, 0);
    kino_arena_free(&arena);
}

/* FNV-1a as its authors publish it, and SplitMix64: fingerprints of catalogues and all random numbers hang on them. */
static void hashes(void **state)
{
    (void)state;
    assert_true(kino_hash(KINO_HASH_START, "", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(kino_hash(KINO_HASH_START, "a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(kino_hash(KINO_HASH_START, "foobar", 6) == UINT64_C(0x85944171f73967e8));
    assert_true(kino_hash(kino_hash(KINO_HASH_START, "foo", 3), "bar", 3) == UINT64_C(0x85944171f73967e8));
    assert_true(kino_mix(0) == UINT64_C(0xe220a8397b1dcdaf));
    assert_true(kino_mix(UINT64_C(0x9e3779b97f4a7c15)) == UINT64_C(0x6e789e6aa1b965f4));
    const uint32_t words[2] = {0x03020100, 0x07060504};
    assert_true(kino_u32(words) == 0x03020100 && kino_u64(words) == UINT64_C(0x0706050403020100));
}

static void ids_to_places(void **state)
{
    (void)state;
    kino_idmap m = {0};
    assert_int_equal(kino_idmap_get(&m, 5), UINT32_MAX);
    for (uint32_t i = 0; i < 5000; i++) {
        uint32_t *place = kino_idmap_at(&m, (int64_t)i * i + 1);
        assert_int_equal(*place, UINT32_MAX);
        *place = i;
        assert_true(2 * m.count <= m.capacity);
    }
    assert_int_equal(m.count, 5000);
    for (uint32_t i = 0; i < 5000; i++) {
        assert_int_equal(kino_idmap_get(&m, (int64_t)i * i + 1), i);
        assert_int_equal(*kino_idmap_at(&m, (int64_t)i * i + 1), i);
        assert_int_equal(kino_idmap_get(&m, -(int64_t)i - 1), UINT32_MAX);
    }
    assert_int_equal(m.count, 5000);
    kino_idmap_free(&m);
}

/* ---- base64: RFC 4648, section 10, and every byte at every place ---- */

static void base64(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    unsigned char back[16];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const size_t n = strlen(cases[i][0]);
        kino_buffer b = {0};
        kino_buffer_put(&b, "", 0);
        kino_put_base64(&b, cases[i][0], n);
        assert_string_equal(b.data, cases[i][1]);
        assert_true(kino_base64_read(b.data, back, n));
        assert_memory_equal(back, cases[i][0], n);
        assert_false(kino_base64_read(b.data, back, n + 3) || (n > 2 && kino_base64_read(b.data, back, n - 3)));
        free(b.data);
    }
    for (int v = 0; v < 256; v++)
        for (size_t n = 1; n <= 5; n++) {
            unsigned char bytes[5] = {(unsigned char)v, (unsigned char)~v, (unsigned char)(v * 7),
                                      (unsigned char)(v + 1), 9};
            kino_buffer b = {0};
            kino_put_base64(&b, bytes, n);
            assert_true(kino_base64_read(b.data, back, n));
            assert_memory_equal(back, bytes, n);
            free(b.data);
        }
    /* Other letters, padding that is missing or too much, bits behind the last byte. */
    static const char *const wrong[] = {
        "Zg=", "Zg===", "Z===", "=Zg=", "Zg==Zg==", "Zh==", "Zn==", "Z-==", "Zg=A", "Zgo=", "Zg A"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        assert_false(kino_base64_read(wrong[i], back, 1));
    assert_false(kino_base64_read("Zm9=", back, 2) || kino_base64_read("Zm8A", back, 2) ||
                 kino_base64_read("Zm9", back, 3));
    static const char around[] = "@[`{/:.,*-_";
    for (size_t i = 0; around[i]; i++) {
        const char text[] = {'Z', 'm', '9', around[i], 0};
        assert_int_equal(kino_base64_read(text, back, 3), around[i] == '/');
    }
}

/* ---- numbers ---- */

static void numbers_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        size_t taken;
    } cases[] = {
        {"0", 1},
        {"-12.50x", 6},
        {"+7", 2},
        {".5", 2},
        {"5.", 2},
        {"5..", 2},
        {"1e3", 3},
        {"1E+3", 4},
        {"1e-3", 4},
        {"1e", 1},
        {"1e+", 1},
        {"1ex", 1},
        {"1.5e2.5", 5},
        {"12345678901234567890", 20},
        {"1e22", 4},
        {"1e23", 4},
        {"1e-22", 5},
        {"9007199254740993", 16},
        {"0.1", 3},
        {"1e-400", 6},
        {"1e400", 5},
        {"-0", 2},
        {"123456789012345678901234567890", 30},
        {"0.000000000000000000000000000001", 32},
        {"1e99999999999999999999", 22},
        {"3.4028235e38", 12},
        {"1e300", 5},
        {"1844674407370955161512345", 25},
        {"18446744073709551616", 20},
        {"18446744073709551619", 20},
        {"18446744073709551609", 20},
        {"184467440737095516199", 21},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        double got = -77, want = strtod(cases[i].text, NULL);
        assert_int_equal(kino_number_scan(cases[i].text, strlen(cases[i].text), &got), cases[i].taken);
        if (!(got == want || fabs(got - want) <= 2.3e-16 * fabs(want)) || signbit(got) != signbit(want))
            fail_msg("%s: %.17g", cases[i].text, got);
    }
    static const char *const none[] = {"", ".", "+", "-", "-.", "e5", ".e5", "x", " 1", "inf", "nan", "--1"};
    double x;
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_int_equal(kino_number_scan(none[i], strlen(none[i]), &x), 0);
    assert_int_equal(kino_number_scan("123", 2, &x), 2); /* what is behind n does not count */
    assert_true(x == 12);
    assert_int_equal(kino_number_scan("1e5", 2, &x), 1);
    assert_true(kino_number_parse(" \t\n\v\f\r1.5 \t\n\v\f\r", 15, &x) && x == 1.5);
    assert_false(kino_number_parse("1 5", 3, &x) || kino_number_parse("1e999", 5, &x) ||
                 kino_number_parse("  ", 2, &x));
    assert_false(kino_number_parse("\b1", 2, &x) || kino_number_parse("1\x0e", 2, &x) || kino_number_parse("", 0, &x));
    /* Correctly rounded up to 15 digits and 22 decimals. */
    for (uint64_t i = 0; i < 20000; i++) {
        char text[64];
        const uint64_t r = kino_random(1, 0, i);
        snprintf(text, sizeof text, "%llu.%0*llue%d", (unsigned long long)(r >> 40), (int)(r % 8) + 1,
                 (unsigned long long)(r % 10), (int)(r >> 20 & 15) - 8);
        assert_int_equal(kino_number_scan(text, strlen(text), &x), strlen(text));
        assert_true(x == strtod(text, NULL));
    }
}

static void floats_are_written(void **state)
{
    (void)state;
    size_t longer = 0;
    for (uint64_t i = 0; i < 200000; i++) {
        const uint64_t r = kino_random(2, 0, i);
        const float x = i < 8 ? (float[]){0, -0.0f, 1, 1e-4f, 0.99999994f, 1e30f, 1e-30f, 0.1f}[i]
                              : ldexpf((float)(int)(r % (1 << 25)) - (1 << 24), (int)(r >> 40) % 20 - 40);
        kino_buffer b = {0};
        char want[40];
        kino_put_float(&b, x);
        assert_true(strtof(b.data, NULL) == x);
        int precision = 6;
        for (; precision < 9; precision++) {
            snprintf(want, sizeof want, "%.*g", precision, (double)x);
            if (strtof(want, NULL) == x)
                break;
        }
        snprintf(want, sizeof want, "%.*g", precision, (double)x);
        longer += x != 0 && strlen(b.data) > strlen(want);
        assert_true(strlen(b.data) < 20);
        free(b.data);
    }
    assert_true(longer < 200000 / 33); /* near a tie of seven digits, nine are written */
}

/* ---- JSON that is written ---- */

static void json_is_written(void **state)
{
    (void)state;
    for (int indented = 0; indented < 2; indented++) {
        kino_named names[] = {{1, "One"}, {2, "T\"wo"}};
        kino_buffer b = {0};
        kino_tree *root = kino_tree_object(NULL, NULL), *list = kino_tree_array(root, "list");
        kino_tree_text(list, NULL, "\b\f\n\r\t\"\\/\x01\x1f\x7f");
        kino_tree_text(
            list, NULL,
            "\xc2\x9f\xc2\xa0\xe2\x80\xa7\xe2\x80\xa8\xe2\x80\xae\xe2\x80\xaf\xe2\x81\xa5\xe2\x81\xa6\xe2\x81\xa9\xe2\x81\xaa");
        kino_tree_text(list, NULL,
                       "a\xff"
                       "b");
        kino_tree_object(list, NULL);
        kino_tree_array(list, NULL);
        kino_tree_known(root, "known", "x");
        kino_tree_known(root, "unknown", "");
        kino_tree_whole(root, "whole", INT64_MIN);
        kino_tree_number(root, "number", 0.1);
        kino_tree_number(root, "infinite", INFINITY);
        kino_tree_float(root, "float", 0.1f);
        kino_tree_float(root, "nan", NAN);
        kino_tree_bool(root, "yes", true);
        kino_tree_bool(root, "no", false);
        kino_tree_null(root, "null");
        kino_tree_hex(root, "hex", 0xabc);
        kino_tree_hex(root, "none", 0);
        kino_tree_names(root, "names", &(kino_list){names, 2});
        kino_tree_put(root, indented, &b);
        char plain[1024], *p = plain;
        bool quoted = false;
        for (const char *s = b.data; *s; s++) { /* the same but for white space outside of texts */
            quoted ^= *s == '"' && (s == b.data || s[-1] != '\\');
            if (quoted || (*s != ' ' && *s != '\n'))
                *p++ = *s;
        }
        *p = 0;
        assert_string_equal(
            plain, "{\"list\":[\"\\b\\f\\n\\r\\t\\\"\\\\/\\u0001\\u001f\\u007f\",\"\\u009f\xc2\xa0\xe2\x80\xa7\\u2028"
                   "\\u202e\xe2\x80\xaf\xe2\x81\xa5\\u2066\\u2069\xe2\x81\xaa\",\"a\xef\xbf\xbd"
                   "b\",{},[]],\"known\":\"x\","
                   "\"unknown\":null,\"whole\":-9223372036854775808,\"number\":0.1,\"infinite\":null,\"float\":0.1,"
                   "\"nan\":null,\"yes\":true,\"no\":false,\"null\":null,\"hex\":\"0000000000000abc\",\"none\":null,"
                   "\"names\":[\"One\",\"T\\\"wo\"]}");
        assert_int_equal(b.data[b.size - 1], '\n');
        assert_int_equal(strchr(b.data, '\n') == b.data + b.size - 1, !indented);
        free(b.data);
    }
    kino_buffer b = {0};
    kino_tree *root = kino_tree_object(NULL, NULL), *list = kino_tree_array(root, "a");
    kino_tree_whole(list, NULL, 1);
    kino_tree_whole(kino_tree_object(list, NULL), "b", 2);
    kino_tree_put(root, true, &b);
    assert_string_equal(b.data, "{\n  \"a\": [\n    1,\n    {\n      \"b\": 2\n    }\n  ]\n}\n");
    free(b.data);
}

/* ---- UTF-8 ---- */

/* Every code point goes out and comes back; everything around the valid bytes is one U+FFFD of the right length. */
static void code_points(void **state)
{
    (void)state;
    for (int32_t c = 0; c < 0x110000; c++) {
        if (c >= 0xD800 && c < 0xE000)
            continue;
        kino_buffer b = {0};
        int32_t back;
        kino_utf8_put(&b, c);
        assert_int_equal(b.size, 1 + (c >= 0x80) + (c >= 0x800) + (c >= 0x10000));
        assert_int_equal(kino_utf8_next(b.data, b.size, &back), b.size);
        assert_int_equal(back, c);
        for (size_t n = 1; n < b.size; n++) {
            assert_int_equal(kino_utf8_next(b.data, n, &back), n);
            assert_int_equal(back, 0xFFFD);
        }
        free(b.data);
    }
    static const struct {
        const char *bytes;
        size_t taken;
    } wrong[] = {
        {"\x80", 1},         {"\xbf", 1},         {"\xc0\x80", 1},     {"\xc1\xbf", 1},         {"\xc2\x7f", 1},
        {"\xc2\xc0", 1},     {"\xdf\x7f", 1},     {"\xe0\x9f\xbf", 1}, {"\xe1\x80\x7f", 2},     {"\xe1\x80\xc0", 2},
        {"\xed\xa0\x80", 1}, {"\xef\x7f\x80", 1}, {"\xf0\x8f\xbf", 1}, {"\xf0\x90\x80\xc0", 3}, {"\xf4\x90\x80\x80", 1},
        {"\xf4\x8f\x7f", 2}, {"\xf5\x80", 1},     {"\xff", 1}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        int32_t c;
        assert_int_equal(kino_utf8_next(wrong[i].bytes, strlen(wrong[i].bytes), &c), wrong[i].taken);
        assert_int_equal(c, 0xFFFD);
    }
}

/* ---- titles ---- */

static void assert_plain(const char *folded, const char *want)
{
    kino_buffer b = {0};
    kino_buffer_put(&b, "", 0);
    kino_title_plain(&b, folded, strlen(folded));
    assert_string_equal(b.data, want);
    free(b.data);
}

static void plain_titles(void **state)
{
    (void)state;
    static const char *const roman[] = {"ii",  "iii",  "iv",  "v",  "vi",  "vii",  "viii",  "ix",  "x", "xi",
                                        "xii", "xiii", "xiv", "xv", "xvi", "xvii", "xviii", "xix", "xx"};
    static const char *const words[] = {"zero",     "one",      "two",      "three",   "four",    "five",
                                        "six",      "seven",    "eight",    "nine",    "ten",     "eleven",
                                        "twelve",   "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
                                        "eighteen", "nineteen", "twenty"};
    char folded[32], want[32];
    for (int i = 0; i < 19; i++) {
        snprintf(folded, sizeof folded, "rocky %s", roman[i]);
        snprintf(want, sizeof want, "rocky %d", i + 2);
        assert_plain(folded, want);
    }
    for (int i = 0; i <= 20; i++) {
        snprintf(folded, sizeof folded, "%s men", words[i]);
        snprintf(want, sizeof want, "%d men", i);
        assert_plain(folded, want);
    }
    static const char *const articles[] = {"the", "a", "an", "le", "la", "les", "el", "los", "il", "der", "das"};
    for (int i = 0; i < 11; i++) {
        snprintf(folded, sizeof folded, "%s film", articles[i]);
        assert_plain(folded, "film");
        assert_plain(articles[i], articles[i]); /* an article alone is the title */
        snprintf(folded, sizeof folded, "film %s film", articles[i]);
        assert_plain(folded, folded);
    }
    static const char *const counted[] = {"part", "chapter", "volume", "episode", "book"};
    for (int i = 0; i < 5; i++) {
        snprintf(folded, sizeof folded, "%s i", counted[i]);
        snprintf(want, sizeof want, "%s 1", counted[i]);
        assert_plain(folded, want);
    }
    static const char *const cases[][2] = {
        {"", ""},
        {"i", "i"},
        {"i robot", "i robot"},
        {"die hard", "die hard"},
        {"dr no", "doctor no"},
        {"mr bean vs x", "mister bean versus 10"},
        {"kill bill vol i", "kill bill volume 1"},
        {"kill bill vol ii", "kill bill volume 2"},
        {"x pt i", "10 part 1"},
        {"x ep i", "10 episode 1"},
        {"xxi", "xxi"},
        {"twentyone", "twentyone"},
        {"the lord of the rings the two towers", "lord of the rings the 2 towers"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_plain(cases[i][0], cases[i][1]);
}

static void assert_part(kino_title_part p, const char *want)
{
    char is[64] = "";
    memcpy(is, p.n ? p.text : "", p.n);
    assert_string_equal(is, want);
}

static void parts_of_titles(void **state)
{
    (void)state;
    static const char *const cases[][5] = {
        {"Alien", "", "", "", ""},
        {"Alien: Covenant", "Alien", " Covenant", "", ""},
        {"A: B: C: D", "A", " B: C: D", " D", ""},
        {"A - B", "A", "B", "", ""},
        {"A-B", "", "", "", ""},
        {"A \xe2\x80\x93 B", "A", "B", "", ""},
        {"A \xe2\x80\x94 B (C)", "A", "B (C)", "C)", ""},
        {"Birdman (or x)", "Birdman ", "or x)", "", ""},
        {"Dr. S or: How", "Dr. S", " How", "", ""},
        {" or: x", " or", " x", "", ""},
        {":x", "", "", "", ""},
        {"x:", "x", "", "", ""},
        {"L'Avventura", "", "", "", "Avventura"},
        {"l\xe2\x80\x99x", "", "", "", "x"},
        {"L'", "", "", "", ""},
        {"La", "", "", "", ""},
        {"M'x", "", "", "", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_title_part parts[KINO_TITLE_PARTS];
        kino_title_split(cases[i][0], strlen(cases[i][0]), parts);
        for (int p = 0; p < KINO_TITLE_PARTS; p++)
            assert_part(parts[p], cases[i][p + 1]);
    }
    static const char *const swaps[][2] = {
        {"Matrix, The", "The Matrix"},
        {"Matrix,The", "The Matrix"},
        {"Boot, Das", "Das Boot"},
        {"A, B, les", "les A, B"},
        {"Welle, Die", "Die Welle"},
        {"x,  AN", "AN x"},
        {"Matrix The", NULL},
        {"Matrix, Them", NULL},
        {"Matrix, ", NULL},
        {", The", NULL},
        {"The", NULL},
        {"", NULL},
        {"x, Thethethe", NULL},
        {"x, Th[", NULL},
        {"x, The ", NULL},
    };
    for (size_t i = 0; i < sizeof swaps / sizeof *swaps; i++) {
        kino_buffer b = {0};
        const bool is = kino_title_swap_article(&b, swaps[i][0], strlen(swaps[i][0]));
        assert_int_equal(is, swaps[i][1] != NULL);
        if (is)
            assert_string_equal(b.data, swaps[i][1]);
        free(b.data);
    }
}

static void letters_of_titles(void **state)
{
    (void)state;
    uint8_t letters[8];
    assert_int_equal(kino_title_letters("az 09", 5, letters, 8), 5);
    assert_memory_equal(letters, "az 09", 5);
    assert_int_equal(kino_title_letters("abcdefghij", 10, letters, 8), 8);
    assert_int_equal(kino_title_letters("\xd0\xb1\xe5\x8d\x83x", 6, letters, 8),
                     3); /* a letter of any script is one byte */
    assert_true(letters[0] >= 128 && letters[1] >= 128 && letters[2] == 'x');
    uint8_t other[8];
    assert_int_equal(kino_title_letters("\xd0\xb2", 2, other, 8), 1);
    assert_true(other[0] != letters[0]);
    /* Twenty-six letters have a bit each; the rest of the 32 is shared by what else there is. */
    uint32_t all = 0;
    for (uint8_t c = 'a'; c <= 'z'; c++) {
        const uint32_t one = kino_title_mask(&c, 1);
        assert_true(one && !(one & (one - 1)) && !(all & one));
        all |= one;
    }
    for (int c = 0; c < 256; c++) {
        const uint8_t letter = (uint8_t)c;
        const uint32_t one = kino_title_mask(&letter, 1);
        assert_true(one && !(one & (one - 1)) && (!(all & one) || (c >= 'a' && c <= 'z')));
    }
    assert_int_equal(kino_title_mask((const uint8_t *)"bad", 3), 1 << 0 | 1 << 1 | 1 << 3);
    assert_int_equal(kino_title_mask(NULL, 0), 0);
    assert_true(kino_title_mask((const uint8_t *)"2", 1) != kino_title_mask((const uint8_t *)"3", 1));

    assert_true(kino_title_equal("spider man", 10, "spiderman", 9) && kino_title_equal(" a ", 3, "a", 1));
    assert_true(kino_title_equal("", 0, "  ", 2) &&
                kino_title_hash("spider man", 10) == kino_title_hash("spiderman", 9));
    assert_false(kino_title_equal("ab", 2, "abc", 3) || kino_title_equal("abc", 3, "ab", 2));
    assert_false(kino_title_equal("ab", 2, "ac", 2) || kino_title_hash("ab", 2) == kino_title_hash("ba", 2));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arenas),
        cmocka_unit_test(joined_arenas_are_freed),
        cmocka_unit_test(memory_is_aligned_and_zero),
        cmocka_unit_test(films_are_copied),
        cmocka_unit_test(hashes),
        cmocka_unit_test(ids_to_places),
        cmocka_unit_test(base64),
        cmocka_unit_test(numbers_are_read),
        cmocka_unit_test(floats_are_written),
        cmocka_unit_test(json_is_written),
        cmocka_unit_test(code_points),
        cmocka_unit_test(plain_titles),
        cmocka_unit_test(parts_of_titles),
        cmocka_unit_test(letters_of_titles),
    };
    return cmocka_run_group_tests_name("values", tests, NULL, NULL);
}
