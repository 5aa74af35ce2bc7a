/* test_concurrent.c - readers while a writer works: other processes that open the catalogue anew see every film whose
 * adding was acknowledged, and whole answers always; threads that share a handle get the answers of one. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "kino.h"

enum { FILMS = 120, ADDED = 40, READERS = 4, THREADS = 4, MANY = 8, FIRST = 900000, ROUNDS = 25 };

static char folder[64], data_dir[96];
static const int64_t seed = 964; /* The Phantom of the Opera */

/* What the processes share. */
typedef struct board {
    int acknowledged; /* films added and acknowledged */
    int done;
} board;

static kino_options options(void)
{
    return (kino_options){.data_dir = data_dir, .weights = getenv("KINO_TEST_WEIGHTS"), .threads = 1};
}

static int make_catalogue(void **state)
{
    (void)state;
    char command[256], csv[96];
    kino_error err = {0};
    snprintf(folder, sizeof folder, "/tmp/kino-test-XXXXXX");
    if (!mkdtemp(folder))
        return -1;
    snprintf(data_dir, sizeof data_dir, "%s/catalogue", folder);
    snprintf(csv, sizeof csv, "%s/films.csv", folder);
    snprintf(command, sizeof command, "head -n %d data/sample.csv >'%s'", FILMS + 1, csv);
    kino_options opt = options();
    kino_build_request req = {.csv = csv, .epochs = 2};
    if (system(command) || kino_build(&opt, &req, NULL, &err)) {
        print_error("%s\n", err.text);
        return -1;
    }
    return 0;
}

static int drop_catalogue(void **state)
{
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf '%s'", folder);
    return system(command);
}

/* ---- processes ---- */

#define EXPECT(holds)                                                                                                  \
    do {                                                                                                               \
        if (!(holds)) {                                                                                                \
            printf("# reader: %s\n", err.text[0] ? err.text : #holds);                                                 \
            fflush(stdout);                                                                                            \
            _exit(1);                                                                                                  \
        }                                                                                                              \
    } while (0)

/* Opens and asks until the writer is done; once more then. */
static void read_on(const board *b)
{
    kino_error err = {0};
    kino_options opt = options();
    int seen = 0;
    for (bool last = false; !last;) {
        kino *k = NULL;
        kino_movie *m = NULL;
        kino_matches *found = NULL;
        kino_results *r = NULL;
        const kino_query q = {.like = &seed, .like_count = 1, .k = FILMS + ADDED};
        last = __atomic_load_n(&b->done, __ATOMIC_SEQ_CST);
        const int before = __atomic_load_n(&b->acknowledged, __ATOMIC_SEQ_CST);
        EXPECT(!kino_open(&opt, &k, &err));
        EXPECT(!before || !kino_movie_get(k, FIRST + before, &m, &err));
        EXPECT(!kino_find(k, "an added film", ADDED, &found, &err));
        EXPECT(!kino_recommend(k, &q, &r, &err));
        const int now = (int)r->count + 1 - FILMS;
        EXPECT(now >= before && now >= seen && now <= ADDED); /* nothing acknowledged is missing, none comes and goes */
        EXPECT((int)found->count == now);                     /* titles and vectors are of one state */
        for (size_t i = 1; i < r->count; i++)
            EXPECT(r->items[i - 1].score >= r->items[i].score);
        seen = now;
        kino_results_free(r);
        kino_matches_free(found);
        kino_movie_free(m);
        kino_close(k);
    }
    EXPECT(seen == ADDED);
    _exit(0);
}

static void readers_see_what_was_acknowledged(void **state)
{
    (void)state;
    board *b = mmap(NULL, sizeof *b, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t reader[READERS];
    kino_error err = {0};
    kino_options opt = options();
    kino *k = NULL;
    kino_movie *like = NULL;
    assert_true(b != MAP_FAILED);
    fflush(stdout);
    for (int i = 0; i < READERS; i++) {
        reader[i] = fork();
        assert_true(reader[i] >= 0);
        if (!reader[i])
            read_on(b);
    }
    if (kino_open(&opt, &k, &err) || kino_movie_get(k, seed, &like, &err))
        print_error("%s\n", err.text);
    int added = 0;
    for (; k && like && added < ADDED; added++) {
        char title[32];
        kino_movie m = *like;
        snprintf(title, sizeof title, "An Added Film %d", added + 1);
        m.id = FIRST + added + 1;
        m.imdb_id = "";
        m.title = m.original_title = title;
        if (kino_add(k, &(const kino_movie *){&m}, 1, &err)) {
            print_error("%s\n", err.text);
            break;
        }
        __atomic_store_n(&b->acknowledged, added + 1, __ATOMIC_SEQ_CST);
    }
    __atomic_store_n(&b->done, 1, __ATOMIC_SEQ_CST);
    int failed = 0;
    for (int i = 0; i < READERS; i++) {
        int status = 0;
        assert_int_equal(waitpid(reader[i], &status, 0), reader[i]);
        failed += status != 0;
    }
    kino_movie_free(like);
    kino_close(k);
    munmap(b, sizeof *b);
    assert_int_equal(added, ADDED);
    assert_int_equal(failed, 0);
}

/* ---- threads ---- */

typedef struct work {
    kino *k;
    char text[4096];
    int fault;
} work;

/* Everything a handle may be used for by many threads, in whatever order they come to load what they need. */
static void *ask(void *ctx)
{
    work *w = ctx;
    for (int round = 0; round < ROUNDS; round++) {
        size_t at = 0;
        char text[sizeof w->text];
        kino_error err = {0};
        kino_results *r = NULL;
        kino_matches *m = NULL;
        kino_movie *film = NULL;
        kino_info info;
        int64_t id = 0;
        const kino_query q = {.like = &seed, .like_count = 1, .k = 20, .about = round ? NULL : "a haunted theatre"};
        if (kino_recommend(w->k, &q, &r, &err) || kino_find(w->k, "the", 10, &m, &err) ||
            kino_resolve(w->k, "metropolis", true, &id, NULL, &err) || kino_movie_get(w->k, id, &film, &err) ||
            kino_get_info(w->k, &info, &err)) {
            w->fault++;
            break;
        }
        for (size_t i = 0; i < r->count; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%lld %.6f\n", (long long)r->items[i].movie->id,
                                   r->items[i].score);
        for (size_t i = 0; i < m->count; i++)
            at += (size_t)snprintf(text + at, sizeof text - at, "%s\n", m->items[i].title);
        snprintf(text + at, sizeof text - at, "%s %zu\n", film->title, info.films);
        if (round < 2)
            memcpy(w->text, text, sizeof text);
        else
            w->fault += strcmp(w->text, text) != 0;
        kino_results_free(r);
        kino_matches_free(m);
        kino_movie_free(film);
    }
    return NULL;
}

static void threads_share_a_handle(void **state)
{
    (void)state;
    static const kino_index_kind kinds[] = {KINO_INDEX_EXACT, KINO_INDEX_HNSW};
    for (size_t kind = 0; kind < 2; kind++) {
        static work one, many[THREADS];
        pthread_t thread[THREADS];
        kino_options opt = options();
        opt.index = kinds[kind];
        assert_int_equal(kino_open(&opt, &one.k, NULL), KINO_OK);
        ask(&one);
        kino_close(one.k);
        assert_int_equal(one.fault, 0);
        kino *k = NULL;
        assert_int_equal(kino_open(&opt, &k, NULL), KINO_OK);
        for (int i = 0; i < THREADS; i++) {
            many[i] = (work){.k = k};
            assert_int_equal(pthread_create(&thread[i], NULL, ask, &many[i]), 0);
        }
        for (int i = 0; i < THREADS; i++)
            pthread_join(thread[i], NULL);
        for (int i = 0; i < THREADS; i++) {
            assert_int_equal(many[i].fault, 0);
            assert_string_equal(many[i].text, one.text);
        }
        kino_close(k);
    }
}

/* Without a snapshot a handle reads everything from the catalogue, its films when they are first asked for. */
static void threads_share_a_handle_without_a_snapshot(void **state)
{
    (void)state;
    char snapshot[128];
    static work one, many[MANY];
    pthread_t thread[MANY];
    kino_options opt = options();
    snprintf(snapshot, sizeof snapshot, "%s/snapshot.kino", data_dir);
    unlink(snapshot);
    assert_int_equal(kino_open(&opt, &one.k, NULL), KINO_OK);
    ask(&one);
    kino_close(one.k);
    assert_int_equal(one.fault, 0);
    kino *k = NULL;
    assert_int_equal(kino_open(&opt, &k, NULL), KINO_OK);
    for (int i = 0; i < MANY; i++) {
        many[i] = (work){.k = k};
        assert_int_equal(pthread_create(&thread[i], NULL, ask, &many[i]), 0);
    }
    for (int i = 0; i < MANY; i++)
        pthread_join(thread[i], NULL);
    for (int i = 0; i < MANY; i++) {
        assert_int_equal(many[i].fault, 0);
        assert_string_equal(many[i].text, one.text);
    }
    kino_close(k);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(readers_see_what_was_acknowledged),
        cmocka_unit_test(threads_share_a_handle),
        cmocka_unit_test(threads_share_a_handle_without_a_snapshot),
    };
    return cmocka_run_group_tests(tests, make_catalogue, drop_catalogue);
}
