/* test_tmdb_network.c - TMDB, played by mock_tmdb.py: many requests at once, their rate, time-outs, addresses and
 * certificates. */
#include "base/alloc.h"
#include "tmdb_play.h"

/* What ends before this did not wait for the answer that takes 150 s, nor for the 20 s that it may take; so much may a
 * busy machine add. */
enum { SOON_MS = 15000 };

/* ---- rate, budget, cancelling, addresses ---- */

static void many_films_come_at_once_but_not_too_many(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t ids[100];
    (void)state;
    for (int i = 0; i < 100; i++)
        ids[i] = 9700 + i;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, ids, 100, &f, &err), KINO_OK);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(f->items[i].status, KINO_OK);
        assert_int_equal(f->items[i].movie.id, ids[i]);
    }
    assert_int_equal(mock_count(&plain), 100);
    assert_in_range(atoi(mock_ask(&plain, "/_peak")), 3, 8);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void a_connection_is_kept(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    (void)state;
    kino_tmdb *t = opened(&opt);
    for (int64_t id = 100000; id < 100012; id++) {
        assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
        assert_int_equal(f->items[0].movie.id, id);
        kino_tmdb_films_free(f);
    }
    assert_int_equal(atoi(mock_ask(&plain, "/_connections")), 1);
    kino_tmdb_close(t);
}

static void the_rate_is_kept(void **state)
{
    NEEDS(plain);
    enum { COUNT = 28, RATE = 40, BURST = 8 };
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t ids[COUNT];
    (void)state;
    for (int i = 0; i < COUNT; i++)
        ids[i] = 100000 + i;
    opt.rate = RATE;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, ids, COUNT, &f, &err), KINO_OK);
    char *p = (char *)mock_ask(&plain, "/_times");
    double last = 0;
    for (int i = 0; i < COUNT; i++)
        last = strtod(p, &p);
    assert_true(last >= .7e3 * (COUNT - BURST) / RATE); /* less: the mock was late to see the first one */
    assert_true(last < SOON_MS);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void a_budget_is_kept(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    const int64_t ids[] = {9620, 9001};
    kino_tmdb_films *f = NULL;
    (void)state;
    kino_tmdb *t = opened(&opt);
    kino_tmdb_set_budget(t, 2000); /* so that the other film comes, however busy the machine is */
    double begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, ids, 2, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < SOON_MS);
    assert_non_null(strstr(err.text, "no answer within the time given"));
    assert_int_equal(f->items[0].status, KINO_NETWORK);
    assert_int_equal(f->items[1].status, KINO_OK);
    kino_tmdb_films_free(f);
    int64_t many[70]; /* two runs */
    for (int i = 0; i < 70; i++)
        many[i] = 9620;
    begin = now_ms();
    kino_tmdb_set_budget(t, 300);
    assert_int_equal(kino_tmdb_details(t, many, 70, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < SOON_MS);
    assert_int_equal(f->items[69].status, KINO_NETWORK);
    kino_tmdb_films_free(f);
    kino_tmdb_set_budget(t, 0);
    assert_int_equal(kino_tmdb_details(t, ids + 1, 1, &f, &err), KINO_OK);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static volatile sig_atomic_t cancelled;

static void *cancel_soon(void *unused)
{
    usleep(150000);
    cancelled = 1;
    return unused;
}

static void a_call_can_be_cancelled(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    int64_t id = 9620;
    pthread_t canceller;
    (void)state;
    opt.cancel = &cancelled;
    kino_tmdb *t = opened(&opt);
    cancelled = 0;
    double begin = now_ms();
    pthread_create(&canceller, NULL, cancel_soon, NULL);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_INTERRUPTED);
    pthread_join(canceller, NULL);
    assert_true(now_ms() - begin < SOON_MS);
    assert_int_equal(f->items[0].status, KINO_INTERRUPTED);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

/* The address of a port on which nobody listens. */
static void dead_address(char out[64])
{
    struct sockaddr_in a = {.sin_family = AF_INET};
    socklen_t n = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &n), 0);
    close(fd);
    snprintf(out, 64, "http://127.0.0.1:%d/3", ntohs(a.sin_port));
}

static void the_other_address_helps(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    kino_tmdb_films *f = NULL;
    char dead[64], dead_too[64];
    const int64_t ids[] = {9001, 9700, 9701, 9702};
    (void)state;
    dead_address(dead);
    opt.base_url = dead;
    opt.fallback_url = plain.url;
    opt.tries = 1;
    kino_tmdb *t = opened(&opt);
    for (int i = 1; i < 3; i++) {
        assert_int_equal(kino_tmdb_details(t, ids, 4, &f, &err), KINO_OK);
        is_lantern_bay(f, 9001);
        assert_int_equal(mock_count(&plain), 4 * i);
        kino_tmdb_films_free(f);
    }
    kino_tmdb_close(t);

    dead_address(dead_too);
    opt.fallback_url = dead_too;
    t = opened(&opt);
    double begin = now_ms();
    assert_int_equal(kino_tmdb_details(t, ids, 4, &f, &err), KINO_NETWORK);
    assert_true(now_ms() - begin < SOON_MS);
    assert_non_null(strstr(err.text, "cannot be reached"));
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);
}

static void the_environment_gives_the_address(void **state)
{
    NEEDS(plain);
    kino_tmdb_options opt = options(&plain);
    int64_t id = 0;
    (void)state;
    setenv("KINO_TMDB_URL", plain.url, 1);
    setenv("TMDB_API_KEY", MOCK_V3, 1);
    opt.base_url = opt.credential = NULL;
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_find_imdb(t, "tt0009001", &id, &err), KINO_OK);
    assert_int_equal(mock_count(&plain), 1);
    kino_tmdb_close(t);
    unsetenv("KINO_TMDB_URL");
    unsetenv("TMDB_API_KEY");
}

/* ---- TLS ---- */

static void a_certificate_is_checked(void **state)
{
    NEEDS(secure);
    char bundle[128];
    const char *before = getenv("SSL_CERT_FILE");
    char *kept = before ? kino_strdup(before) : NULL;
    kino_tmdb_films *f = NULL;
    int64_t id = 9001;
    (void)state;
    kino_tmdb_options opt = options(&secure);
    unsetenv("SSL_CERT_FILE");
    kino_tmdb *t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_NETWORK);
    assert_non_null(strstr(err.text, "cannot be reached"));
    assert_int_equal(mock_count(&secure), 0);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);

    opt.fallback_url = plain.url; /* who stands between may have broken the first only */
    t = opened(&opt);
    assert_int_equal(kino_tmdb_details(t, &id, 1, &f, &err), KINO_OK);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    kino_tmdb_close(t);

    snprintf(bundle, sizeof bundle, "%s/ca.pem", folder);
    setenv("SSL_CERT_FILE", bundle, 1);
    assert_int_equal(fetch(&secure, 9001, KINO_OK, &f), 1);
    is_lantern_bay(f, 9001);
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9613, KINO_OK, &f), 2); /* https to the same host: allowed */
    is_lantern_bay(f, 9613);
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9615, KINO_NETWORK, &f), 4);
    assert_non_null(strstr(f->items[0].problem, "in circles"));
    kino_tmdb_films_free(f);
    assert_int_equal(fetch(&secure, 9619, KINO_NETWORK, &f), 1); /* not down to http */
    kino_tmdb_films_free(f);
    if (kept)
        setenv("SSL_CERT_FILE", kept, 1);
    else
        unsetenv("SSL_CERT_FILE");
    free(kept);
}

static bool make_certificates(void)
{
    char command[2048];
    snprintf(command, sizeof command,
             "cd %s && exec >/dev/null 2>&1 && "
             "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=kino test CA' -keyout ca.key -out ca.pem && "
             "openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 -keyout server.key -out server.csr && "
             "printf 'subjectAltName=IP:127.0.0.1\\n' >ext && "
             "openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext "
             "-out server.pem",
             folder);
    return system(command) == 0;
}

static int begin_tls(void **state)
{
    char certificate[128], key[128];
    int failed = begin_all(state);
    snprintf(certificate, sizeof certificate, "%s/server.pem", folder);
    snprintf(key, sizeof key, "%s/server.key", folder);
    if (!failed && plain.child && make_certificates())
        mock_start(&secure, certificate, key);
    return failed;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(many_films_come_at_once_but_not_too_many),
        cmocka_unit_test(a_connection_is_kept),
        cmocka_unit_test(the_rate_is_kept),
        cmocka_unit_test(a_budget_is_kept),
        cmocka_unit_test(a_call_can_be_cancelled),
        cmocka_unit_test(the_other_address_helps),
        cmocka_unit_test(the_environment_gives_the_address),
        cmocka_unit_test(a_certificate_is_checked),
    };
    return cmocka_run_group_tests(tests, begin_tls, end_all);
}
