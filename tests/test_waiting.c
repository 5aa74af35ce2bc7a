/* test_waiting.c - what the server's threads rest on: work that waits elsewhere, calls that are left when a file is cut,
 * by which names the server goes, whom it believes, what stands in its log. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/guard.h"
#include "serve/log.h"
#include "serve/names.h"
#include "serve/tasks.h"

/* ---- tasks ---- */

typedef struct gate {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    bool open;
    int entered, ended, stopped;
} gate;

static void pass(void *ctx, bool stopping)
{
    gate *g = ctx;
    pthread_mutex_lock(&g->lock);
    g->entered++;
    pthread_cond_broadcast(&g->changed);
    while (!g->open && !stopping)
        pthread_cond_wait(&g->changed, &g->lock);
    g->ended++;
    g->stopped += stopping;
    pthread_mutex_unlock(&g->lock);
}

static void wait_for(gate *g, const int *number, int wanted)
{
    pthread_mutex_lock(&g->lock);
    while (*number < wanted)
        pthread_cond_wait(&g->changed, &g->lock);
    pthread_mutex_unlock(&g->lock);
}

static void let_all_pass(gate *g)
{
    pthread_mutex_lock(&g->lock);
    g->open = true;
    pthread_cond_broadcast(&g->changed);
    pthread_mutex_unlock(&g->lock);
}

static void a_queue_has_an_end(void **state)
{
    (void)state;
    gate g = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    kino_tasks *t = kino_tasks_open(2, 3);
    assert_true(kino_tasks_add(t, pass, &g));
    assert_true(kino_tasks_add(t, pass, &g));
    wait_for(&g, &g.entered, 2);
    for (int i = 0; i < 3; i++)
        assert_true(kino_tasks_add(t, pass, &g));
    assert_false(kino_tasks_add(t, pass, &g));
    assert_int_equal(kino_tasks_waiting(t), 3);
    let_all_pass(&g);
    kino_tasks_close(t);
    assert_int_equal(g.ended, 5);
}

static void *stop(void *tasks)
{
    kino_tasks_stop(tasks);
    return NULL;
}

static void what_waits_is_told_to_stop(void **state)
{
    (void)state;
    gate g = {.lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER};
    pthread_t stopping;
    kino_tasks *t = kino_tasks_open(1, 4);
    assert_true(kino_tasks_add(t, pass, &g));
    wait_for(&g, &g.entered, 1);
    for (int i = 0; i < 4; i++)
        assert_true(kino_tasks_add(t, pass, &g));
    assert_int_equal(pthread_create(&stopping, NULL, stop, t), 0);
    while (kino_tasks_add(t, pass, &g)) /* false at once, since it is full, and for ever after the stop */
        ;
    let_all_pass(&g);
    pthread_join(stopping, NULL);
    assert_false(kino_tasks_add(t, pass, &g));
    assert_int_equal(g.ended, 5); /* each is called, once */
    kino_tasks_close(t);
    kino_tasks_close(NULL);
}

/* ---- files that are cut ---- */

typedef struct cut_file {
    const unsigned char *bytes;
    size_t size;
    unsigned sum;
    bool through;
} cut_file;

static void sum_up(void *ctx)
{
    cut_file *f = ctx;
    for (size_t i = 0; i < f->size; i++)
        f->sum += f->bytes[i];
    f->through = true;
}

static void a_cut_file_ends_the_call_alone(void **state)
{
    (void)state;
    enum { PAGES = 4 };
#ifdef __SANITIZE_THREAD__
    skip(); /* it takes a handler that was left by a jump for one that still runs */
#endif
    const size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char name[] = "/tmp/kino-test-XXXXXX";
    const int fd = mkstemp(name);
    assert_true(fd >= 0);
    unlink(name);
    assert_int_equal(ftruncate(fd, (off_t)(PAGES * page)), 0);
    cut_file f = {.bytes = mmap(NULL, PAGES * page, PROT_READ, MAP_PRIVATE, fd, 0), .size = PAGES * page};
    assert_true(f.bytes != MAP_FAILED);
    kino_guard_install();
    assert_true(kino_guarded(sum_up, &f));
    assert_true(f.through);
    assert_int_equal(ftruncate(fd, (off_t)page), 0);
    for (int i = 0; i < 3; i++) { /* the signal comes through each time */
        f.through = false;
        assert_false(kino_guarded(sum_up, &f));
        assert_false(f.through);
    }
    f.size = page;
    assert_true(kino_guarded(sum_up, &f));
    munmap((void *)(uintptr_t)f.bytes, PAGES * page);
    close(fd);
}

/* ---- names ---- */

static int listening_at(const char *address)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    const bool is_four = inet_pton(AF_INET, address, &four.sin_addr) == 1;
    assert_true(is_four || inet_pton(AF_INET6, address, &six.sin6_addr) == 1);
    const int fd = socket(is_four ? AF_INET : AF_INET6, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, is_four ? (void *)&four : (void *)&six, is_four ? sizeof four : sizeof six)) {
        close(fd);
        return -1;
    }
    return fd;
}

static void assert_allows(const kino_names *n, const char *const *hosts, size_t count, bool allowed)
{
    for (size_t i = 0; i < count; i++)
        if (kino_names_allow(n, hosts[i]) != allowed)
            fail_msg("%s: %s", hosts[i], allowed ? "refused" : "allowed");
}
#define ALLOWS(n, allowed, ...)                                                                                        \
    assert_allows(n, (const char *const[]){__VA_ARGS__},                                                               \
                  sizeof((const char *const[]){__VA_ARGS__}) / sizeof(const char *), allowed)

static kino_names names_of(const char *address, const char *const *hosts, size_t count)
{
    kino_names n;
    assert_int_equal(kino_names_init(&n, hosts, count, NULL, 0, NULL), KINO_OK);
    const int fd = listening_at(address);
    if (fd < 0)
        skip();
    kino_names_bound(&n, fd);
    close(fd);
    return n;
}

static void only_its_own_names_are_answered(void **state)
{
    (void)state;
    static const char *const host = "films.example";
    kino_names n = names_of("127.0.0.1", NULL, 0);
    ALLOWS(&n, true, "127.0.0.1", "127.0.0.1:8080", "localhost", "LocalHost:1", "localhost.", "[::1]", "[::1]:8080");
    ALLOWS(&n, false, "", "films.example", "attacker.example:8080", "127.0.0.1.attacker.example",
           "localhost.attacker.example", "192.168.1.5", "[fd00::1]", "localhost:x", "localhost:80:80", "[::1", "::1",
           "127.0.0.1@attacker.example", "http://localhost", "localhost/", "local host", ":8080", "[]", "0.0.0.0",
           "8.8.8.8");
    n = names_of("127.0.0.1", &host, 1);
    ALLOWS(&n, true, "films.example", "FILMS.example:443", "films.example.", "localhost", "127.0.0.1");
    ALLOWS(&n, false, "x.films.example", "films.example.x", "films.exampl", "attacker.example");
    n = names_of("0.0.0.0", NULL, 0); /* every address of the machine, some of which it may not know itself */
    ALLOWS(&n, true, "192.168.1.5:8080", "[fd00::1]:8080", "localhost");
    ALLOWS(&n, false, "attacker.example", "1.2.3", "0x7f.1", "192.168.1.5.attacker.example");
    n = names_of("127.0.0.2", NULL, 0);
    ALLOWS(&n, true, "127.0.0.2", "127.0.0.1");
    ALLOWS(&n, false, "10.0.0.1");
}

static void a_unix_socket_is_reached_by_no_page(void **state)
{
    (void)state;
    static const char *const host = "films.example";
    kino_names n;
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(kino_names_init(&n, NULL, 0, NULL, 0, NULL), KINO_OK);
    kino_names_bound(&n, fd);
    ALLOWS(&n, true, "anything", "films.example", "10.0.0.1");
    ALLOWS(&n, false, "");
    assert_int_equal(kino_names_init(&n, &host, 1, NULL, 0, NULL), KINO_OK);
    kino_names_bound(&n, fd);
    ALLOWS(&n, true, "films.example", "localhost");
    ALLOWS(&n, false, "anything", "10.0.0.1");
    close(fd);
}

static void what_is_no_name_or_proxy_is_said(void **state)
{
    (void)state;
    static const char *const hosts[] = {"films.example:80", "http://films.example", "a b", "user@films.example"};
    static const char *const proxies[] = {"",       "films.example", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/x",
                                          "::/129", "10.0.0",        "10.0.0.0/-1", "unixx",     "10.0.0.0/8/8"};
    kino_names n;
    kino_error err = {0};
    for (size_t i = 0; i < sizeof hosts / sizeof *hosts; i++) {
        assert_int_equal(kino_names_init(&n, &hosts[i], 1, NULL, 0, &err), KINO_USAGE);
        assert_non_null(strstr(err.text, hosts[i]));
    }
    for (size_t i = 0; i < sizeof proxies / sizeof *proxies; i++)
        if (kino_names_init(&n, NULL, 0, &proxies[i], 1, &err) != KINO_USAGE)
            fail_msg("taken: %s", proxies[i]);
}

static kino_caller caller_of(const kino_names *n, const char *peer, kino_claims claims)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    const struct sockaddr of_unix = {.sa_family = AF_UNIX};
    kino_caller who;
    const struct sockaddr *address = NULL;
    if (!strcmp(peer, "unix"))
        address = &of_unix;
    else if (inet_pton(AF_INET, peer, &four.sin_addr) == 1)
        address = (const struct sockaddr *)&four;
    else if (inet_pton(AF_INET6, peer, &six.sin6_addr) == 1)
        address = (const struct sockaddr *)&six;
    claims.host = claims.host ? claims.host : "localhost";
    claims.forwarded_for = claims.forwarded_for ? claims.forwarded_for : "";
    claims.forwarded_host = claims.forwarded_host ? claims.forwarded_host : "";
    claims.forwarded_proto = claims.forwarded_proto ? claims.forwarded_proto : "";
    kino_names_caller(n, address, &claims, &who);
    return who;
}

static void a_proxys_word_counts_and_nobody_elses(void **state)
{
    (void)state;
    static const char *const proxies[] = {"10.0.0.0/9", "::1", "unix"};
    const kino_claims claims = {.forwarded_for = "6.6.6.6, 203.0.113.9 ,10.1.2.3",
                                .forwarded_host = "attacker.example, films.example",
                                .forwarded_proto = "http,https"};
    kino_names n;
    assert_int_equal(kino_names_init(&n, NULL, 0, proxies, 3, NULL), KINO_OK);
    static const char *const trusted[] = {"10.127.255.255", "::1", "unix", "::ffff:10.0.0.1"};
    for (size_t i = 0; i < 4; i++) {
        const kino_caller who = caller_of(&n, trusted[i], claims);
        assert_string_equal(who.address, "203.0.113.9"); /* the first from the right that is no proxy */
        assert_string_equal(who.host, "films.example");
        assert_true(who.secure);
    }
    static const char *const strangers[] = {"10.128.0.0", "11.0.0.1", "::2", "203.0.113.9"};
    for (size_t i = 0; i < 4; i++) {
        const kino_caller who = caller_of(&n, strangers[i], claims);
        assert_string_equal(who.address, strangers[i]);
        assert_string_equal(who.host, "localhost");
        assert_false(who.secure);
    }
    kino_caller who = caller_of(&n, "10.0.0.1", (kino_claims){.forwarded_for = "x", .forwarded_proto = "HTTPSX"});
    assert_string_equal(who.address, "10.0.0.1");
    assert_string_equal(who.host, "localhost");
    assert_false(who.secure);
    who = caller_of(&n, "10.0.0.1", (kino_claims){.forwarded_for = "10.0.0.2, 10.0.0.3"});
    assert_string_equal(who.address, "10.0.0.2");
    assert_int_equal(kino_names_init(&n, NULL, 0, NULL, 0, NULL), KINO_OK);
    who = caller_of(&n, "unix", claims); /* nobody is believed unless it was said */
    assert_string_equal(who.address, "-");
    assert_string_equal(who.host, "localhost");
}

static void an_origin_is_scheme_host_and_port(void **state)
{
    (void)state;
    static const struct {
        const char *host, *origin;
        bool secure, own;
    } cases[] = {
        {"localhost:8080", "http://localhost:8080", false, true},
        {"localhost:8080", "", false, true},
        {"localhost:8080", "https://localhost:8080", false, false},
        {"localhost:8080", "http://localhost:8081", false, false},
        {"localhost:8080", "http://localhost", false, false},
        {"localhost", "http://localhost:80", false, true},
        {"localhost:80", "http://localhost", false, true},
        {"localhost:443", "http://localhost", false, false},
        {"films.example", "https://films.example", true, true},
        {"films.example", "https://films.example:443", true, true},
        {"films.example", "http://films.example", true, false},
        {"films.example", "HTTPS://Films.Example", true, true},
        {"films.example", "https://films.example.attacker.example", true, false},
        {"films.example", "null", true, false},
        {"films.example", "films.example", true, false},
        {"films.example", "ftp://films.example", true, false},
        {"", "http://", false, false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_caller who = {.secure = cases[i].secure};
        strcpy(who.host, cases[i].host);
        if (kino_origin_is_own(&who, cases[i].origin) != cases[i].own)
            fail_msg("%s from %s", cases[i].host, cases[i].origin);
    }
}

/* ---- log ---- */

/* What is written on standard error by a call. */
static void take_error(void (*call)(void), char *out, size_t room)
{
    int ends[2];
    fflush(stderr);
    const int before = dup(2);
    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], 2);
    call();
    fflush(stderr);
    dup2(before, 2);
    close(ends[1]);
    const ssize_t n = read(ends[0], out, room - 1);
    out[n > 0 ? n : 0] = 0;
    close(ends[0]);
    close(before);
}

static void log_a_trick(void)
{
    kino_log_request("127.0.0.1", "GE\"T", "/a\"b\\c\nd\x7f\xff e?q=secret\" 200", 200, 7);
}

static void log_a_lasting_fault(void)
{
    static const char *const now[] = {"", "locked", "locked", "locked", "gone", "", "", "gone"};
    kino_log_fault f = {""};
    for (size_t i = 0; i < sizeof now / sizeof *now; i++)
        kino_log_catalogue(&f, now[i]);
}

static void the_log_cannot_be_forged(void **state)
{
    (void)state;
    char text[2000];
    take_error(log_a_trick, text, sizeof text);
    const char *request = strstr(text, "] ");
    assert_non_null(request);
    assert_string_equal(request, "] \"GE\\x22T /a\\x22b\\x5Cc\\x0Ad\\x7F\\xFF\\x20e HTTP/1.1\" 200 7 \"-\" \"-\"\n");
}

static void a_fault_that_lasts_is_told_once(void **state)
{
    (void)state;
    char text[2000];
    take_error(log_a_lasting_fault, text, sizeof text);
    assert_string_equal(text, "kino: the catalogue was not opened anew: locked\n"
                              "kino: the catalogue was not opened anew: gone\n"
                              "kino: the catalogue is open again\n"
                              "kino: the catalogue was not opened anew: gone\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_queue_has_an_end),
        cmocka_unit_test(what_waits_is_told_to_stop),
        cmocka_unit_test(a_cut_file_ends_the_call_alone),
        cmocka_unit_test(only_its_own_names_are_answered),
        cmocka_unit_test(a_unix_socket_is_reached_by_no_page),
        cmocka_unit_test(what_is_no_name_or_proxy_is_said),
        cmocka_unit_test(a_proxys_word_counts_and_nobody_elses),
        cmocka_unit_test(an_origin_is_scheme_host_and_port),
        cmocka_unit_test(the_log_cannot_be_forged),
        cmocka_unit_test(a_fault_that_lasts_is_told_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
