/* test_keyed.c - numbers by texts that the table does not hold: the equal ones are found, a damaged table leads nowhere. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "base/titletext.h"
#include "index/keyed.h"

enum { TEXTS = 3000, SAME = 700 };

/* Number i is called one of SAME texts, so that each is that of several. */
static void tell(const void *ctx, uint32_t ref, kino_buffer *out)
{
    const size_t *count = ctx;
    if (ref < *count)
        kino_buffer_print(out, "text of %u", (unsigned)(ref % SAME));
}

static const size_t all = TEXTS;

static void build(size_t n, kino_keyed *out)
{
    static kino_keyed_entry entries[TEXTS];
    for (size_t i = 0; i < n; i++) {
        kino_buffer text = {0};
        tell(&all, (uint32_t)i, &text);
        entries[i] = (kino_keyed_entry){kino_title_hash(text.data, text.size), (uint32_t)i, 0};
        free(text.data);
    }
    kino_keyed_build(entries, n, out);
}

static kino_keyed_run find(const kino_keyed *k, const char *text, const size_t *count)
{
    return kino_keyed_find(k, text, strlen(text), tell, count);
}

/* Whatever the number of buckets is. */
static void equal_texts_are_found_as_they_came(void **state)
{
    (void)state;
    static const size_t counts[] = {1, 3, 4, 5, 8, 9, 100, TEXTS};
    for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
        kino_keyed k;
        build(counts[c], &k);
        for (size_t t = 0; t < SAME && t < counts[c]; t++) {
            char text[32];
            snprintf(text, sizeof text, "text of %zu", t);
            const kino_keyed_run run = find(&k, text, &all);
            assert_int_equal(run.count, (counts[c] - t + SAME - 1) / SAME);
            for (size_t i = 0; i < run.count; i++)
                assert_int_equal(run.refs[i], t + i * SAME);
        }
        assert_int_equal(find(&k, "texto f0", &all).count, (counts[c] + SAME - 1) / SAME); /* spaces aside */
        assert_int_equal(find(&k, "text of 70000", &all).count, 0);
        assert_int_equal(find(&k, "", &all).count, 0);
        kino_keyed_free(&k);
    }
    kino_keyed none = {0};
    assert_int_equal(find(&none, "text of 1", &all).count, 0);
}

/* ---- misspellings ---- */

static const char *const names[] = {"harrison ford", "harrison fjord", "gary cooper", "garry coopers", "bo"};

static void tell_name(const void *ctx, uint32_t ref, kino_buffer *out)
{
    (void)ctx;
    if (ref < sizeof names / sizeof *names)
        kino_buffer_print(out, "%s", names[ref]);
}

typedef struct taken {
    uint32_t refs[8];
    int distances[8];
    size_t count;
} taken;

static void take(void *to, uint32_t ref, int distance, const char *text, size_t n)
{
    taken *t = to;
    assert_true(n == strlen(names[ref]) && !memcmp(text, names[ref], n));
    t->refs[t->count] = ref;
    t->distances[t->count++] = distance;
}

static void misspelt_texts_are_found(void **state)
{
    (void)state;
    static const struct {
        const char *typed;
        size_t count;
        uint32_t refs[2];
        int distances[2];
    } cases[] = {
        {"harison ford", 2, {0, 1}, {1, 2}}, {"harrison fjord", 2, {0, 1}, {1, 1}}, /* the same counts as one edit */
        {"gary coper", 1, {2}, {1}},         {"jerry copper", 0, {0}, {0}},         {"bo", 0, {0}, {0}},
    };
    kino_spelling s;
    kino_spelling_build((uint32_t[]){4, 3, 2, 1, 0}, 5, tell_name, NULL, &s);
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++) {
        taken t = {.count = 0};
        kino_spelling_find(&s, cases[c].typed, strlen(cases[c].typed), tell_name, NULL, take, &t);
        assert_int_equal(t.count, cases[c].count);
        for (size_t i = 0; i < t.count; i++) {
            assert_int_equal(t.refs[i], cases[c].refs[i]);
            assert_int_equal(t.distances[i], cases[c].distances[i]);
        }
    }
    kino_spelling_free(&s);
}

/* ---- files ---- */

/* The tables as sections of a container whose bytes can be changed. */
typedef struct file {
    void *bytes;
    kino_container c;
} file;

static file save(const kino_keyed *k, const kino_spelling *s)
{
    kino_container_writer w = {0};
    kino_buffer b = {0};
    file f = {.c = {.count = 0}};
    kino_keyed_save(k, "called", &w);
    kino_spelling_save(s, "misspelt", &w);
    kino_container_bytes(&w, KINO_KIND_SNAPSHOT, &b);
    kino_container_writer_free(&w);
    f.bytes = kino_alloc_aligned(b.size);
    memcpy(f.bytes, b.data, b.size);
    assert_int_equal(kino_container_view("tables", f.bytes, b.size, KINO_KIND_SNAPSHOT, KINO_VERIFY_ALL, &f.c, NULL),
                     KINO_OK);
    free(b.data);
    return f;
}

static void drop(file *f)
{
    kino_container_close(&f->c);
    free(f->bytes);
}

static bool can_be_viewed(const file *f)
{
    kino_keyed k = {0};
    kino_spelling s = {0};
    return !kino_keyed_view(&f->c, "called", &k, NULL) && !kino_spelling_view(&f->c, "misspelt", &s, NULL);
}

static uint32_t *numbers(const file *f, const char *name)
{
    return (uint32_t *)(uintptr_t)kino_container_get(&f->c, name)->data;
}

static void tables_of_a_file_answer_alike(void **state)
{
    (void)state;
    kino_keyed k, viewed;
    kino_spelling s, other;
    build(TEXTS, &k);
    kino_spelling_build((uint32_t[]){4, 3, 2, 1, 0}, 5, tell_name, NULL, &s);
    file f = save(&k, &s);
    assert_int_equal(kino_keyed_view(&f.c, "called", &viewed, NULL), KINO_OK);
    assert_int_equal(kino_spelling_view(&f.c, "misspelt", &other, NULL), KINO_OK);
    const kino_keyed_run run = find(&viewed, "text of 699", &all);
    assert_int_equal(run.count, 4);
    assert_int_equal(run.refs[3], 2799);
    taken t = {.count = 0};
    kino_spelling_find(&other, "gary coper", 10, tell_name, NULL, take, &t);
    assert_int_equal(t.count, 1);
    kino_keyed_free(&viewed); /* lent: nothing is freed */
    kino_spelling_free(&other);
    for (size_t i = 0; i < f.c.count; i++) { /* a section that is missing, of another type, or of another length */
        kino_section *section = &f.c.sections[i], sound = *section;
        section->name[0] = '?';
        assert_false(can_be_viewed(&f));
        *section = sound;
        section->type = KINO_F64;
        assert_false(can_be_viewed(&f));
        *section = sound;
        section->dims[0]--;
        assert_false(can_be_viewed(&f));
        *section = sound;
    }
    assert_true(can_be_viewed(&f));
    for (uint64_t dims = 0; dims < 2; dims++) { /* no bucket at all */
        kino_section *starts = (kino_section *)(uintptr_t)kino_container_get(&f.c, "called.starts");
        const uint64_t sound = starts->dims[0];
        starts->dims[0] = dims;
        assert_false(can_be_viewed(&f));
        starts->dims[0] = sound;
    }
    uint32_t *lengths = numbers(&f, "misspelt.lengths");
    lengths[20]++; /* backwards */
    lengths[20] += lengths[21];
    assert_false(can_be_viewed(&f));
    lengths[20] -= lengths[21] + 1;
    lengths[KINO_SPELLING_LONGEST + 1]++; /* beyond the end */
    assert_false(can_be_viewed(&f));
    drop(&f);
    kino_keyed_free(&k);
    kino_spelling_free(&s);
}

static void forget(void *to, uint32_t ref, int distance, const char *text, size_t n)
{
    (void)to;
    (void)ref;
    (void)distance;
    assert_int_equal(n, strlen(text));
}

static void damaged_tables_lead_nowhere(void **state)
{
    (void)state;
    kino_keyed k, viewed;
    kino_spelling s, other;
    build(TEXTS, &k);
    kino_spelling_build((uint32_t[]){4, 3, 2, 1, 0}, 5, tell_name, NULL, &s);
    for (uint64_t round = 0; round < 2000; round++) {
        file f = save(&k, &s);
        for (uint64_t i = 0; i < 4; i++) {
            const kino_section *section = &f.c.sections[kino_random(1, round, 3 * i) % f.c.count];
            uint8_t *byte = (uint8_t *)(uintptr_t)section->data + kino_random(1, round, 3 * i + 1) % section->bytes;
            *byte = (uint8_t)kino_random(1, round, 3 * i + 2);
        }
        if (!kino_keyed_view(&f.c, "called", &viewed, NULL))
            for (uint64_t i = 0; i < 50; i++) {
                char text[32];
                snprintf(text, sizeof text, "text of %d", (int)(kino_random(2, round, i) % SAME));
                const kino_keyed_run run = find(&viewed, text, &all);
                assert_true(run.refs >= viewed.refs || !run.count);
                assert_true(run.count <= TEXTS);
            }
        if (!kino_spelling_view(&f.c, "misspelt", &other, NULL))
            kino_spelling_find(&other, "gary coper", 10, tell_name, NULL, forget, NULL);
        drop(&f);
    }
    uint32_t *starts = (uint32_t *)(uintptr_t)k.starts;
    for (size_t b = 0; b <= k.buckets; b++)
        starts[b] = b % 2 ? 0 : TEXTS + 1; /* backwards, and beyond the end */
    for (size_t t = 0; t < SAME; t++) {
        char text[32];
        snprintf(text, sizeof text, "text of %zu", t);
        assert_int_equal(find(&k, text, &all).count, 0);
    }
    kino_keyed_free(&k);
    kino_spelling_free(&s);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_texts_are_found_as_they_came),
        cmocka_unit_test(misspelt_texts_are_found),
        cmocka_unit_test(tables_of_a_file_answer_alike),
        cmocka_unit_test(damaged_tables_lead_nowhere),
    };
    return cmocka_run_group_tests_name("keyed", tests, NULL, NULL);
}
