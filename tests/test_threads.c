/* test_threads.c - one catalogue read by eight threads at once: each call gives every one of them what it gives to one
 * alone. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include "base/bytes.h"
#include "catalogue_play.h"

/* In front of SQLite's: what one thread has found is read when others have had their turn, so that one that uses the
 * same statement does so here and not once in a million times. */
static int (*real_step)(sqlite3_stmt *);

static void find_real_step(void)
{
    void *f = dlsym(RTLD_NEXT, "sqlite3_step");
    memcpy(&real_step, &f, sizeof f);
}

int sqlite3_step(sqlite3_stmt *s)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, find_real_step);
    const int code = real_step(s);
    sched_yield();
    return code;
}

enum { FILMS = 120, CATALOGUE_THREADS = 8, LOOKS = 60 };

static void add_text(uint64_t *hash, const char *text)
{
    *hash = text ? kino_hash(*hash, text, strlen(text) + 1) : 0;
}

static void add_number(uint64_t *hash, int64_t number)
{
    *hash = kino_hash(*hash, &number, sizeof number);
}

static void add_film(void *hash, const kino_movie *m)
{
    add_number(hash, m->id);
    add_text(hash, m->title);
    add_text(hash, m->overview);
    for (size_t i = 0; i < m->cast.count; i++)
        add_text(hash, m->cast.items[i].name);
}

static void add_id(void *hash, int64_t id)
{
    add_number(hash, id);
}

static void add_name(void *hash, const char *name)
{
    add_text(hash, name);
}

static void add_vectors(void *hash, int64_t id, const float *plot, const float *profile)
{
    add_number(hash, id);
    *(uint64_t *)hash = kino_hash(kino_hash(*(uint64_t *)hash, plot, 4 * sizeof *plot), profile, 4 * sizeof *profile);
}

/* The calls that several threads may use at once; each adds what it read of a film, or of all. */

static kino_status read_film(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    kino_arena a = {0};
    kino_movie m;
    kino_status st = kino_catalogue_get(c, id, &a, &m, NULL);
    if (!st)
        add_film(hash, &m);
    kino_arena_free(&a);
    return st;
}

static kino_status read_origin(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    kino_origin o = {0};
    kino_status st = kino_catalogue_origin(c, id, &o, NULL);
    add_text(hash, o.source);
    add_number(hash, o.fetched_at);
    return st;
}

static kino_status read_marks(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    return kino_catalogue_healed(c, id, INT64_MAX, add_name, hash, NULL);
}

static kino_status read_blob(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    void *bytes = NULL;
    size_t size = 0;
    kino_status st = kino_catalogue_get_blob(c, id % 2 ? "recipe" : "weights", &bytes, &size, NULL);
    if (!st)
        *hash = kino_hash(*hash, bytes, size);
    free(bytes);
    return st;
}

static kino_status read_generation(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    uint64_t generation = 0;
    kino_status st = kino_catalogue_generation(c, &generation, NULL);
    (void)id;
    add_number(hash, (int64_t)generation);
    return st;
}

static kino_status read_stamp(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    uint64_t generation = 0, lineage = 0;
    kino_status st = kino_catalogue_stamp(c, &generation, &lineage, NULL);
    (void)id;
    add_number(hash, (int64_t)generation);
    add_number(hash, (int64_t)lineage);
    return st;
}

static kino_status read_count_of_changes(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    size_t count = 0;
    kino_status st = kino_catalogue_changes(c, (uint64_t)(id % 9), &count, NULL);
    add_number(hash, (int64_t)count);
    return st;
}

static kino_status read_changed(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    return kino_catalogue_changed(c, (uint64_t)(id % 9), add_id, hash, NULL);
}

static kino_status read_fetched(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    return kino_catalogue_fetched(c, id % 2 ? INT64_MAX : 0, add_id, hash, NULL);
}

static kino_status read_history(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    kino_change changes[4];
    size_t count = 0;
    kino_status st = kino_catalogue_history(c, 0, id, changes, 4, &count, NULL);
    for (size_t i = 0; i < count; i++) {
        add_number(hash, changes[i].id);
        add_number(hash, (int64_t)changes[i].generation);
    }
    return st;
}

static kino_status read_all(kino_catalogue *c, int64_t id, uint64_t *hash)
{
    kino_catalogue_counts counts = {0};
    if (id % 16)
        return KINO_OK;
    kino_status st = kino_catalogue_films(c, 0, add_film, hash, NULL);
    if (!st)
        st = kino_catalogue_count(c, &counts, NULL);
    if (!st)
        st = kino_catalogue_vectors(c, 0, 4, 4, add_vectors, hash, NULL);
    add_number(hash, (int64_t)counts.people);
    return st;
}

typedef kino_status (*reader)(kino_catalogue *c, int64_t id, uint64_t *hash);
static const reader readers[] = {read_film,  read_origin,           read_marks,   read_blob,    read_generation,
                                 read_stamp, read_count_of_changes, read_changed, read_fetched, read_history,
                                 read_all};

typedef struct look {
    kino_catalogue *c;
    reader read;
    const int64_t *ids;       /* [FILMS] */
    const uint64_t *expected; /* [FILMS] */
    int first;
    size_t wrong;
} look;

static void *look_on(void *ctx)
{
    look *l = ctx;
    for (int i = 0; i < LOOKS; i++) {
        const int film = (l->first + 7 * i) % FILMS;
        uint64_t hash = KINO_HASH_START;
        l->wrong += l->read(l->c, l->ids[film], &hash) != KINO_OK || hash != l->expected[film];
    }
    return NULL;
}

static void look_at_once(reader read, const int64_t *ids)
{
    uint64_t expected[FILMS];
    look looks[CATALOGUE_THREADS];
    pthread_t thread[CATALOGUE_THREADS];
    kino_catalogue *c = NULL;
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, NULL), KINO_OK);
    for (int i = 0; i < FILMS; i++) {
        expected[i] = KINO_HASH_START;
        assert_int_equal(read(c, ids[i], &expected[i]), KINO_OK);
    }
    kino_catalogue_close(c);
    assert_int_equal(kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, NULL), KINO_OK); /* nothing is prepared */
    for (int i = 0; i < CATALOGUE_THREADS; i++) {
        looks[i] = (look){.c = c, .read = read, .ids = ids, .expected = expected, .first = 13 * i};
        assert_int_equal(pthread_create(&thread[i], NULL, look_on, &looks[i]), 0);
    }
    for (int i = 0; i < CATALOGUE_THREADS; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < CATALOGUE_THREADS; i++)
        assert_int_equal(looks[i].wrong, 0);
    kino_catalogue_close(c);
}

static void threads_share_a_catalogue(void **state)
{
    (void)state;
    int64_t ids[FILMS];
    char title[32];
    kino_catalogue *c = created();
    for (int i = 0; i < FILMS; i++) {
        const float v[4] = {(float)i, 1, 2, 3};
        ids[i] = 3 * i + 1;
        snprintf(title, sizeof title, "Film %d", i);
        kino_movie m = film(ids[i], title);
        assert_int_equal(kino_catalogue_begin(c, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put(c, &m, i % 3 ? "csv" : "tmdb", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_healed(c, ids[i], i % 2 ? "year" : "poster", "tmdb:1", NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_plot(c, ids[i], 1, 1, v, 4, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_profile(c, ids[i], 1, v, 4, NULL), KINO_OK);
        assert_int_equal(kino_catalogue_put_blob(c, i % 2 ? "recipe" : "weights", title, strlen(title), NULL), KINO_OK);
        assert_int_equal(kino_catalogue_commit(c, NULL), KINO_OK);
    }
    kino_catalogue_close(c);
    for (size_t i = 0; i < sizeof readers / sizeof *readers; i++)
        look_at_once(readers[i], ids);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(threads_share_a_catalogue, make_folder, drop_folder),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
