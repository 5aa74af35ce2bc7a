/* test_minilm.c - MiniLM against sentence-transformers (tests/golden/make_minilm.py), and what it promises about bits
 * and files. In an emulator, for which all texts are too many, $KINO_TEST_LENGTH leaves out those that are longer, in
 * bytes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/container.h"
#include "golden.h"

enum {
    MOST_TEXTS = 100,
    DIM = KINO_PLOT_DIM,
    TRACED = 3,
    TRACED_TOKENS = 4,
    STATES = 7,
    PLAIN_TEXTS = 40
}; /* the first ones: plots and queries; the rest are odd */

static kino_minilm *m, *f32; /* in the committed weights; in full precision, once a test has asked for it */
static kino_container golden;
static float *vectors;                                    /* [count][DIM] */
static const float (*layers)[STATES][TRACED_TOKENS][DIM]; /* [TRACED] */
static const char *texts[MOST_TEXTS];
static size_t lengths[MOST_TEXTS], count, plain;

static int open_all(void **state)
{
    (void)state;
    kino_error err = {0};
    m = open_int8();
    if (!m)
        return -1;
    if (kino_container_open("tests/golden/minilm.kino", KINO_KIND_MINILM, KINO_VERIFY_ALL, &golden, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return -1;
    }
    const kino_section *v = kino_container_find(&golden, "vectors", KINO_F32, 2, (uint64_t[]){KINO_ANY, DIM}, &err);
    const kino_section *l =
        kino_container_find(&golden, "layers", KINO_F32, 4, (uint64_t[]){TRACED, STATES, TRACED_TOKENS, DIM}, &err);
    FILE *f = fopen("tests/golden/minilm.txt", "r");
    if (!v || !l || !f)
        return -1;
    const char *most = getenv("KINO_TEST_LENGTH");
    const size_t longest = most ? strtoul(most, NULL, 10) : SIZE_MAX;
    vectors = kino_alloc_floats(MOST_TEXTS * DIM);
    layers = l->data;
    char *line = NULL;
    size_t capacity = 0, seen = 0;
    for (; seen < v->dims[0]; seen++) {
        const ssize_t n = getline(&line, &capacity, f);
        if (n <= 0)
            break;
        char *copy = kino_strdup(line);
        const size_t length = decode_golden(copy, (size_t)n - 1);
        if (count == MOST_TEXTS || (seen >= TRACED && length > longest)) {
            free(copy);
            continue;
        }
        memcpy(vectors + count * DIM, (const float *)v->data + seen * DIM, DIM * sizeof *vectors);
        texts[count] = copy;
        lengths[count++] = length;
        plain += seen < PLAIN_TEXTS;
    }
    const bool whole = seen == v->dims[0] && getline(&line, &capacity, f) < 0 && (most || count == seen);
    free(line);
    fclose(f);
    return whole ? 0 : -1;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < count; i++)
        free((char *)texts[i]);
    free(vectors);
    kino_container_close(&golden);
    kino_minilm_close(m);
    kino_minilm_close(f32);
    return 0;
}

/* Opens f32, which is $KINO_TEST_WEIGHTS_F32 or made by `make weights`; skips the test where it is not there. */
static void need_f32(const char *test)
{
    const char *path = getenv("KINO_TEST_WEIGHTS_F32");
    kino_error err = {0};
    if (!path)
        path = "build/weights/minilm-l6-v2.f32.kino";
    NEED_WEIGHTS(test, path);
    if (!f32 && kino_minilm_open(path, &f32, &err))
        fail_msg("%s", err.text);
}

static double distance(const float *a, const float *b)
{
    double ab = 0, aa = 0, bb = 0;
    for (size_t i = 0; i < DIM; i++) {
        ab += (double)a[i] * b[i];
        aa += (double)a[i] * a[i];
        bb += (double)b[i] * b[i];
    }
    return 1 - ab / sqrt(aa * bb);
}

/* Whether a level computes with floats as the one below it does, so that nothing new would be tested. */
static bool same_floats(const kino_kernels *a, const kino_kernels *b)
{
    return a->matmul_f32 == b->matmul_f32 && a->widen_f16 == b->widen_f16 && a->widen_bf16 == b->widen_bf16 &&
           a->matmul_bf16 == b->matmul_bf16 && a->gelu == b->gelu && a->layernorm == b->layernorm &&
           a->attention == b->attention && a->pool == b->pool;
}

static void vectors_are_those_of_the_reference(void **state)
{
    (void)state;
    need_f32(__func__);
    assert_true(count >= 60 || getenv("KINO_TEST_LENGTH"));
    float *out = kino_alloc_floats(count * DIM);
    kino_kernels k, below = {0};
    for (int isa = 0; isa < KINO_ISA_COUNT; isa++) {
        if (!kino_kernels_for((kino_isa)isa, &k) || same_floats(&k, &below))
            continue;
        below = k;
        kino_minilm_use(f32, &below);
        assert_int_equal(kino_minilm_embed(f32, 0, texts, lengths, count, out, NULL, NULL, NULL, NULL), KINO_OK);
        double worst = 0;
        for (size_t i = 0; i < count; i++) {
            double d = distance(out + i * DIM, vectors + i * DIM), length = 0;
            for (size_t j = 0; j < DIM; j++)
                length += (double)out[i * DIM + j] * out[i * DIM + j];
            if (!(d <= 1e-6) || fabs(length - 1) > 1e-5)
                fail_msg("%s: text %zu: 1 - cos = %g, squared length %g", kino_isa_name(k.isa), i, d, length);
            worst = d > worst ? d : worst;
        }
        print_message("# %s: worst 1 - cos %.1e\n", kino_isa_name(k.isa), worst);
    }
    kino_minilm_use(f32, kino_kernels_get());
    free(out);
}

/* 16 bits: how far they may be from the reference, on every level. */
static void halves_are_near(void **state)
{
    (void)state;
    static const struct {
        const char *path, *precision;
        double mean, worst;
    } files[] = {{"build/weights/minilm-l6-v2.f16.kino", "f16", 1e-6, 1e-6},
                 {"build/weights/minilm-l6-v2.bf16.kino", "bf16", 2e-5, 6e-5}};
    for (size_t f = 0; f < 2; f++)
        NEED_WEIGHTS(__func__, files[f].path);
    float *out = kino_alloc_floats(plain * DIM);
    for (size_t f = 0; f < 2; f++) {
        kino_minilm *half = NULL;
        kino_error err = {0};
        kino_kernels levels[KINO_ISA_COUNT], *below = NULL;
        if (kino_minilm_open(files[f].path, &half, &err))
            fail_msg("%s", err.text);
        assert_string_equal(kino_minilm_precision(half), files[f].precision);
        for (int isa = 0; isa < KINO_ISA_COUNT; isa++) {
            if (!kino_kernels_for((kino_isa)isa, &levels[isa]) || (below && same_floats(&levels[isa], below)))
                continue;
            below = &levels[isa];
            const size_t some = isa == KINO_ISA_SCALAR && plain > 8 ? 8 : plain; /* it takes its time */
            double mean = 0, worst = 0;
            kino_minilm_use(half, &levels[isa]);
            assert_int_equal(kino_minilm_embed(half, 0, texts, lengths, some, out, NULL, NULL, NULL, NULL), KINO_OK);
            for (size_t i = 0; i < some; i++) {
                double d = distance(out + i * DIM, vectors + i * DIM);
                mean += d / (double)some;
                worst = d > worst ? d : worst;
            }
            print_message("# %s, %s: 1 - cos %.1e, worst %.1e\n", files[f].precision, kino_isa_name((kino_isa)isa),
                          mean, worst);
            assert_true(mean <= files[f].mean && worst <= files[f].worst);
        }
        kino_minilm_close(half);
    }
    free(out);
}

/* The row of a word is checked when the word is used: a damaged one never becomes part of a vector. */
static void a_damaged_word_is_noticed(void **state)
{
    (void)state;
    const char *weights = "weights/minilm-l6-v2.int8.kino";
    char path[] = "/tmp/kino-weights-XXXXXX";
    kino_error err = {0};
    kino_container c;
    kino_minilm *damaged = NULL;
    assert_int_equal(kino_container_open(weights, KINO_KIND_MINILM, KINO_VERIFY_STRUCTURE, &c, &err), KINO_OK);
    int32_t ids[KINO_MAX_TOKENS];
    assert_int_equal(kino_minilm_tokenize(m, "king", 4, ids), 3);
    const int fd = mkstemp(path);
    const unsigned char *first = kino_container_get(&c, "embed.word")->data;
    const size_t row = (size_t)(first - c.map.bytes) + (size_t)ids[1] * DIM;
    assert_int_equal(write(fd, c.map.bytes, c.map.size), c.map.size);
    assert_int_equal(pwrite(fd, (char[]){(char)(c.map.bytes[row + 5] ^ 16)}, 1, (off_t)row + 5), 1);
    assert_int_equal(kino_minilm_open(path, &damaged, &err), KINO_OK);
    static const char *const some[] = {"the queen of hearts", "a jack of diamonds", "The King of spades"};
    float out[3][DIM];
    assert_int_equal(kino_minilm_embed(damaged, 1, some, NULL, 2, out[0], NULL, NULL, NULL, &err), KINO_OK);
    assert_int_equal(kino_minilm_embed(damaged, 1, some, NULL, 3, out[0], NULL, NULL, NULL, &err), KINO_DAMAGED);
    assert_int_equal(kino_minilm_embed(damaged, 1, some + 2, NULL, 1, out[0], NULL, NULL, NULL, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, path));
    kino_minilm_close(damaged);
    /* What every text needs is checked when the file is opened. */
    const size_t layer =
        (size_t)((const unsigned char *)kino_container_get(&c, "layer.3.up.weight")->data - c.map.bytes);
    assert_int_equal(pwrite(fd, (char[]){(char)(c.map.bytes[layer + 9] ^ 1)}, 1, (off_t)layer + 9), 1);
    assert_int_equal(kino_minilm_open(path, &damaged, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "layer.3.up.weight"));
    kino_container_close(&c);
    close(fd);
    unlink(path);
}

/* The committed int8 weights: how far they may be from the reference, and the same bits on every level. */
static void int8_is_near_and_the_same_everywhere(void **state)
{
    (void)state;
    assert_string_equal(kino_minilm_precision(m), "int8");
    assert_true(!f32 || kino_minilm_fingerprint(f32) != kino_minilm_fingerprint(m));
    float *out = kino_alloc_floats(count * DIM), *first = kino_alloc_floats(count * DIM), *one = out;
    kino_kernels levels[KINO_ISA_COUNT];
    bool have_first = false;
    for (int isa = 0; isa < KINO_ISA_COUNT; isa++) {
        if (!kino_kernels_for((kino_isa)isa, &levels[isa]))
            continue;
        kino_minilm_use(m, &levels[isa]);
        assert_int_equal(kino_minilm_embed(m, 0, texts, lengths, count, out, NULL, NULL, NULL, NULL), KINO_OK);
        double mean = 0, worst = 0, apart = 0;
        for (size_t i = 0; i < count; i++) {
            double d = distance(out + i * DIM, vectors + i * DIM);
            if (i < plain) {
                mean += d / (double)plain;
                worst = d > worst ? d : worst;
            }
            assert_true(d <= 1e-2);
            d = have_first ? distance(out + i * DIM, first + i * DIM) : 0;
            apart = d > apart ? d : apart;
        }
        print_message("# int8, %s: 1 - cos %.1e, worst %.1e; from the level below %.1e\n", kino_isa_name((kino_isa)isa),
                      mean, worst, apart);
        assert_true(mean <= 4e-4 && worst <= 2e-3);
        if (have_first)
            assert_memory_equal(out, first, count * DIM * sizeof *out);
        memcpy(first, out, count * DIM * sizeof *out);
        have_first = true;
    }
    for (size_t i = 0; i < count; i++) {
        kino_minilm_embed(m, 1, &texts[i], &lengths[i], 1, one, NULL, NULL, NULL, NULL);
        assert_memory_equal(one, first + i * DIM, DIM * sizeof *one);
    }
    free(out);
    free(first);
    kino_minilm_use(m, kino_kernels_get());
}

typedef struct traced {
    size_t text;
    int seen;
    const char *isa;
} traced;

static void compare_layer(void *ctx, int layer, size_t tokens, const float *hidden)
{
    traced *t = ctx;
    assert_int_equal(layer, t->seen++);
    assert_true(tokens > TRACED_TOKENS);
    for (size_t i = 0; i < TRACED_TOKENS * DIM; i++) {
        float want = layers[t->text][layer][i / DIM][i % DIM];
        if (!(fabsf(hidden[i] - want) <= 2e-5f + 2e-5f * fabsf(want)))
            fail_msg("%s: text %zu, layer %d, token %zu: [%zu] is %.9g, expected %.9g", t->isa, t->text, layer, i / DIM,
                     i % DIM, (double)hidden[i], (double)want);
    }
}

static void every_layer_is_that_of_the_reference(void **state)
{
    (void)state;
    need_f32(__func__);
    for (int isa = 0; isa < KINO_ISA_COUNT; isa++) {
        kino_kernels k;
        if (!kino_kernels_for((kino_isa)isa, &k))
            continue;
        kino_minilm_use(f32, &k);
        for (size_t i = 0; i < TRACED; i++) {
            float out[DIM];
            traced t = {i, 0, kino_isa_name(k.isa)};
            assert_int_equal(kino_minilm_trace(f32, texts[i], lengths[i], compare_layer, &t, out, NULL), KINO_OK);
            assert_int_equal(t.seen, STATES);
            assert_true(distance(out, vectors + i * DIM) <= 1e-6);
        }
    }
    kino_minilm_use(f32, kino_kernels_get());
}

static void bits_depend_on_the_text_alone(void **state)
{
    (void)state;
    float *alone = kino_alloc_floats(count * DIM), *other = kino_alloc_floats(count * DIM);
    const char *shuffled[MOST_TEXTS];
    size_t shuffled_lengths[MOST_TEXTS];
    for (size_t i = 0; i < count; i++)
        kino_minilm_embed(m, 1, &texts[i], &lengths[i], 1, alone + i * DIM, NULL, NULL, NULL, NULL);
    for (int threads = 1; threads <= 3; threads++) {
        for (size_t step = 1; step < count; step += 17) {
            if (count % step == 0 && step > 1)
                continue;
            size_t n = 0;
            for (size_t i = 0; i < count; i++, n++) {
                size_t from = step == 1 ? i : (i * step) % count;
                shuffled[i] = texts[from];
                shuffled_lengths[i] = lengths[from];
            }
            kino_minilm_embed(m, threads, shuffled, shuffled_lengths, n, other, NULL, NULL, NULL, NULL);
            for (size_t i = 0; i < count; i++) {
                size_t from = step == 1 ? i : (i * step) % count;
                assert_memory_equal(other + i * DIM, alone + from * DIM, DIM * sizeof(float));
            }
        }
    }
    free(alone);
    free(other);
}

static void note_progress(void *ctx, size_t done)
{
    *(size_t *)ctx = done;
}

static void nothing_much_and_stopping(void **state)
{
    (void)state;
    float out[3 * DIM];
    size_t done = 0;
    kino_error err = {0};
    assert_int_equal(kino_minilm_embed(m, 2, NULL, NULL, 0, out, NULL, NULL, NULL, &err), KINO_OK);
    assert_int_equal(
        kino_minilm_embed(m, 2, (const char *[]){"a", "b", ""}, NULL, 3, out, note_progress, &done, NULL, &err),
        KINO_OK);
    assert_int_equal(done, 3);
    volatile sig_atomic_t stop = 1;
    for (size_t n = 1; n <= 3; n++)
        assert_int_equal(
            kino_minilm_embed(m, 2, (const char *[]){"a", "b", "c"}, NULL, n, out, NULL, NULL, &stop, &err),
            KINO_INTERRUPTED);
    assert_string_equal(err.text, "interrupted");
}

static void other_files_are_refused(void **state)
{
    (void)state;
    kino_minilm *none = NULL;
    kino_error err = {0};
    assert_int_equal(kino_minilm_open("build/no/such.kino", &none, &err), KINO_NOT_FOUND);
    assert_int_equal(kino_minilm_open("tests/golden/minilm.txt", &none, &err), KINO_DAMAGED);
    /* a sound container that holds something else */
    assert_int_equal(kino_minilm_open("tests/golden/minilm.kino", &none, &err), KINO_DAMAGED);
    assert_non_null(strstr(err.text, "vocab.slots"));
    assert_null(none);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(vectors_are_those_of_the_reference),
        cmocka_unit_test(every_layer_is_that_of_the_reference),
        cmocka_unit_test(bits_depend_on_the_text_alone),
        cmocka_unit_test(nothing_much_and_stopping),
        cmocka_unit_test(other_files_are_refused),
        cmocka_unit_test(halves_are_near),
        cmocka_unit_test(a_damaged_word_is_noticed),
        cmocka_unit_test(int8_is_near_and_the_same_everywhere),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
