/* How long a client may take: who is late is told where nothing is under way, and shut down. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "serve/visits.h"

enum { LONG = 3600 * 1000 };

/* What the client has got, -1 as long as it was not shut down. */
static ssize_t got(int client, char *text, size_t room)
{
    size_t n = 0;
    for (;;) {
        const ssize_t more = recv(client, text + n, room - n - 1, MSG_DONTWAIT);
        if (more <= 0) {
            text[n] = 0;
            return more < 0 && errno == EAGAIN ? -1 : (ssize_t)n;
        }
        n += (size_t)more;
    }
}

static void pause_ms(long ms)
{
    nanosleep(&(struct timespec){.tv_nsec = ms * 1000000}, NULL);
}

static void the_late_are_ended(void **state)
{
    (void)state;
    kino_visits all;
    kino_visit *visits[4];
    int sockets[4][2];
    char text[512];
    kino_visits_init(&all, 1, 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]), 0);
        visits[i] = kino_visit_begin(&all, sockets[i][0]);
    }
    kino_visit_asked(visits[1]);          /* ours to answer, however long it takes */
    kino_visit_asked(visits[2]);
    kino_visit_answered(&all, visits[2]);  /* does not take its answer */
    all.for_request = LONG;
    kino_visit_rests(&all, visits[3]);    /* has its answer, and time for another request */
    pause_ms(5);
    kino_visits_end_late(&all);
    assert_true(got(sockets[0][1], text, sizeof text) > 0);
    assert_memory_equal(text, "HTTP/1.1 408 ", 13);
    const char *body = strstr(text, "\r\n\r\n") + 4, *length = strstr(text, "Content-Length: ") + 16;
    assert_int_equal(strtoul(length, NULL, 10), strlen(body));
    assert_non_null(strstr(body, "{\"error\":{\"code\":\"timeout\""));
    assert_int_equal(got(sockets[1][1], text, sizeof text), -1);
    assert_int_equal(got(sockets[2][1], text, sizeof text), 0);  /* nothing into the middle of an answer */
    assert_int_equal(got(sockets[3][1], text, sizeof text), -1);
    assert_int_equal(all.late, 2);
    kino_visits_end_late(&all);
    assert_int_equal(all.late, 2);  /* once is enough */
    kino_visit_end(&all, visits[1]);
    kino_visit_end(&all, visits[3]);
    kino_visit_end(&all, visits[0]);
    kino_visit_end(&all, visits[2]);
    assert_null(all.first);
    for (int i = 0; i < 4; i++) {
        close(sockets[i][0]);
        close(sockets[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_late_are_ended)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
