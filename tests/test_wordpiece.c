/* test_wordpiece.c - the tokeniser against HF tokenizers (tests/golden/make_minilm.py), and its behaviour at the
 * edges. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/alloc.h"
#include "golden.h"
#include "model/wordpiece.h"

#define WEIGHTS_INT8 "weights/minilm-l6-v2.int8.kino"

static kino_minilm *m;

static int open_weights(void **state)
{
    (void)state;
    m = open_int8();
    return m ? 0 : -1;
}

static int close_weights(void **state)
{
    (void)state;
    kino_minilm_close(m);
    return 0;
}

static void ids_are_those_of_the_reference(void **state)
{
    (void)state;
    FILE *f = fopen("tests/golden/wordpiece.txt", "r");
    assert_non_null(f);
    char *line = NULL;
    size_t capacity = 0, texts = 0, wrong = 0;
    for (;; texts++) {
        const ssize_t n = getline(&line, &capacity, f);
        if (n <= 0)
            break;
        char *tab = memchr(line, '\t', (size_t)n), *p = tab + 1;
        int32_t ids[KINO_MAX_TOKENS];
        assert_non_null(tab);
        char *text = kino_alloc((size_t)(tab - line) + 1);
        memcpy(text, line, (size_t)(tab - line));
        size_t length = decode_golden(text, (size_t)(tab - line));
        size_t got = kino_minilm_tokenize(m, text, length, ids), i = 0;
        bool same = true;
        for (; *p && *p != '\n'; i++) {
            long id = strtol(p, &p, 10);
            same = same && i < got && id == ids[i];
        }
        if (!same || i != got) {
            wrong++;
            print_error("line %zu: %.*s: %zu ids, expected %zu\n", texts + 1, (int)(tab - line), line, got, i);
        }
        free(text);
    }
    free(line);
    fclose(f);
    assert_int_equal(wrong, 0);
    assert_true(texts >= 300);
}

/* Every word of the vocabulary that is letters alone is itself, the longest too. */
static void every_word_is_itself(void **state)
{
    (void)state;
    kino_container c = {0};
    kino_wordpiece w;
    kino_error err = {0};
    size_t words = 0, longest = 0;
    assert_int_equal(kino_container_open(WEIGHTS_INT8, KINO_KIND_MINILM, KINO_VERIFY_STRUCTURE, &c, &err), KINO_OK);
    assert_int_equal(kino_wordpiece_view(&c, &w, &err), KINO_OK);
    for (uint32_t id = 0; id < w.count; id++) {
        const char *word = (const char *)w.bytes + w.offsets[id];
        const size_t n = w.offsets[id + 1] - w.offsets[id];
        size_t letters = 0;
        int32_t ids[KINO_MAX_TOKENS];
        while (letters < n && word[letters] >= 'a' && word[letters] <= 'z')
            letters++;
        if (!n || letters < n)
            continue;
        assert_int_equal(kino_wordpiece_encode(&w, word, n, ids), 3);
        assert_int_equal(ids[1], id);
        words++;
        longest = n > longest ? n : longest;
    }
    assert_true(words > 15000 && longest >= 17);
    kino_container_close(&c);
}

/* A word of a hundred letters is cut into pieces, one of 101 is unknown; so is one without a piece for its end. */
static void long_words(void **state)
{
    (void)state;
    char text[102];
    int32_t ids[KINO_MAX_TOKENS], unknown[KINO_MAX_TOKENS];
    memset(text, 'a', sizeof text);
    assert_int_equal(kino_minilm_tokenize(m, "\xe2\x99\xa3\xe2\x99\xa3 [UNK]", 12, unknown), 5);
    assert_true(kino_minilm_tokenize(m, text, 100, ids) > 3);
    assert_int_equal(kino_minilm_tokenize(m, text, 101, ids), 3);
    assert_int_equal(ids[1], unknown[3]);
    memcpy(text + 8, "\xef\xb7\xbd", 3); /* a ligature that no piece has */
    assert_int_equal(kino_minilm_tokenize(m, text, 11, ids), 3);
    assert_int_equal(ids[1], unknown[3]);
}

/* A vocabulary out of `slots`, `entries` offsets and bytes, whose specials stand at the front. */
static kino_status view_vocabulary(size_t slots, size_t entries, bool with_mask)
{
    static const char specials[] = "[PAD][UNK][CLS][SEP][MASK]";
    static const size_t ends[] = {0, 5, 10, 15, 20, 26};
    uint32_t *slot = kino_alloc_array(slots, sizeof *slot), *offset = kino_alloc_array(entries + 1, sizeof *offset);
    for (uint32_t id = 0; id < 5 && slots; id++) {
        uint32_t h = 0x811C9DC5u;
        for (size_t i = ends[id]; i < ends[id + 1]; i++)
            h = (h ^ (unsigned char)specials[i]) * 0x01000193u;
        h = (h ^ h >> 15) * 0x2C1B3C6Du;
        h ^= h >> 13;
        size_t step = 0; /* where a look-up looks, whatever the number of slots is */
        while (slots > 5 && slot[(h + step) & (slots - 1)])
            step++;
        slot[(h + step) & (slots - 1)] = (h & 0xFFFF0000) | (id + 1);
    }
    for (size_t i = 0; i < entries; i++)
        offset[i] = (uint32_t)ends[i < 5 ? i : 5];
    kino_container_writer w = {0};
    kino_buffer b = {0};
    kino_container c = {0};
    kino_wordpiece out;
    kino_error err = {0};
    kino_container_add(&w, "vocab.slots", KINO_U32, 1, (uint64_t[]){slots}, slot);
    kino_container_add(&w, "vocab.offsets", KINO_U32, 1, (uint64_t[]){entries}, offset);
    kino_container_add(&w, "vocab.bytes", KINO_U8, 1, (uint64_t[]){with_mask ? 26 : 20}, specials);
    kino_container_bytes(&w, KINO_KIND_MINILM, &b);
    void *bytes = kino_alloc_aligned(b.size);
    memcpy(bytes, b.data, b.size);
    assert_int_equal(kino_container_view("v", bytes, b.size, KINO_KIND_MINILM, KINO_VERIFY_ALL, &c, &err), KINO_OK);
    const kino_status st = kino_wordpiece_view(&c, &out, &err);
    kino_container_close(&c);
    kino_container_writer_free(&w);
    free(bytes), free(b.data), free(slot), free(offset);
    return st;
}

static void shapes_of_vocabularies(void **state)
{
    (void)state;
    assert_int_equal(view_vocabulary(16, 6, true), KINO_OK);
    assert_int_equal(view_vocabulary(16, 0xFFFF, true), KINO_OK);
    assert_int_equal(view_vocabulary(16, 0x10000, true), KINO_DAMAGED); /* an id has 16 bits, and 0 is none */
    assert_int_equal(view_vocabulary(24, 6, true), KINO_DAMAGED);       /* no power of two */
    assert_int_equal(view_vocabulary(1, 6, true), KINO_DAMAGED);
    assert_int_equal(view_vocabulary(0, 6, true), KINO_DAMAGED);
    assert_int_equal(view_vocabulary(16, 1, true), KINO_DAMAGED);
    assert_int_equal(view_vocabulary(16, 6, false), KINO_DAMAGED); /* [MASK] lies behind the bytes */
    assert_int_equal(view_vocabulary(16, 5, true), KINO_DAMAGED);  /* or has no offset */
}

static void ten_megabytes_are_fine(void **state)
{
    (void)state;
    static const char *const units[] = {"film ", " ",     "a",   "\xcc\x81", "\xff", "\xf0\x9f\x8e\xac",
                                        "[SE",   "[SEP]", "\xc3"};
    static const size_t expected[] = {256, 2, 3, 2, 2, 3, 256, 256, 2};
    const size_t size = 10 << 20;
    char *text = kino_alloc(size);
    int32_t ids[KINO_MAX_TOKENS];
    for (size_t u = 0; u < sizeof units / sizeof *units; u++) {
        for (size_t i = 0, n = strlen(units[u]); i < size; i++)
            text[i] = units[u][i % n];
        assert_int_equal(kino_minilm_tokenize(m, text, size, ids), expected[u]);
        assert_int_equal(ids[0], 101);
        assert_int_equal(ids[expected[u] - 1], 102);
    }
    free(text);
}

/* The bytes behind the text are never looked at: each prefix of a nasty text lies at the end of its own allocation,
 * where the address sanitizer sees an overrun. */
static void never_reads_behind_the_text(void **state)
{
    (void)state;
    static const char nasty[] = "[SEP] caf\xc3\xa9 [MASK] \xf0\x9f\x8e\xac\xe2\x82 [CL";
    int32_t ids[KINO_MAX_TOKENS];
    for (size_t n = 0; n < sizeof nasty; n++) {
        char *copy = malloc(n ? n : 1);
        memcpy(copy, nasty, n);
        size_t got = kino_minilm_tokenize(m, copy, n, ids);
        assert_in_range(got, 2, 20);
        free(copy);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_those_of_the_reference),
        cmocka_unit_test(every_word_is_itself),
        cmocka_unit_test(long_words),
        cmocka_unit_test(shapes_of_vocabularies),
        cmocka_unit_test(ten_megabytes_are_fine),
        cmocka_unit_test(never_reads_behind_the_text),
    };
    return cmocka_run_group_tests(tests, open_weights, close_weights);
}
