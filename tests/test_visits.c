/* test_visits.c - who is let in, and how long a client may take: who is late is told where nothing is under way, and
 * shut down. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include <arpa/inet.h>
#include <netinet/in.h>

#include <cmocka.h>

#include "serve/door.h"

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
    kino_visits_init(&all, 1, 1, 1);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets[i]), 0);
        visits[i] = kino_visit_begin(&all, sockets[i][0], 0);
    }
    kino_visit_asked(visits[1]); /* ours to answer, however long it takes */
    kino_visit_asked(visits[2]);
    kino_visit_answered(&all, visits[2]); /* does not take its answer */
    all.for_request = LONG;
    kino_visit_rests(&all, visits[3]); /* has its answer, and time for another request */
    pause_ms(5);
    for (int i = 0; i < 8; i++, pause_ms(5)) /* of a Unix socket nobody knows what was taken: some time is all it has */
        kino_visits_end_late(&all);
    assert_true(got(sockets[0][1], text, sizeof text) > 0);
    assert_memory_equal(text, "HTTP/1.1 408 ", 13);
    const char *body = strstr(text, "\r\n\r\n") + 4, *length = strstr(text, "Content-Length: ") + 16;
    assert_int_equal(strtoul(length, NULL, 10), strlen(body));
    assert_non_null(strstr(body, "{\"error\":{\"code\":\"timeout\""));
    assert_int_equal(got(sockets[1][1], text, sizeof text), -1);
    assert_int_equal(got(sockets[2][1], text, sizeof text), 0); /* nothing into the middle of an answer */
    assert_int_equal(got(sockets[3][1], text, sizeof text), -1);
    assert_int_equal(all.late, 2);
    kino_visits_end_late(&all);
    assert_int_equal(all.late, 2); /* once is enough */
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

/* Both ends of a connection over TCP. */
static void connect_pair(int ends[2])
{
    struct sockaddr_in at = {.sin_family = AF_INET};
    socklen_t length = sizeof at;
    inet_pton(AF_INET, "127.0.0.1", &at.sin_addr);
    const int listening = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(bind(listening, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(listening, 1), 0);
    assert_int_equal(getsockname(listening, (struct sockaddr *)&at, &length), 0);
    ends[1] = socket(AF_INET, SOCK_STREAM, 0);
    assert_int_equal(connect(ends[1], (struct sockaddr *)&at, sizeof at), 0);
    ends[0] = accept(listening, NULL, NULL);
    assert_true(ends[0] >= 0);
    close(listening);
}

/* An answer may take as long as it goes on, however many intervals that are, and no longer. */
static void a_slow_reader_goes_on_as_long_as_it_reads(void **state)
{
    (void)state;
    enum { LEAST = 1000, PIECE = 2000 };
    static char piece[PIECE];
    kino_visits all;
    int ends[2];
    char text[PIECE + 1];
    connect_pair(ends);
    kino_visits_init(&all, LONG, 1, LEAST);
    kino_visit *v = kino_visit_begin(&all, ends[0], 1);
    kino_visit_asked(v);
    assert_int_equal(kino_visits_busy(&all), 1);
    kino_visit_answered(&all, v);
    for (int i = 0; i < 20; i++) {
        assert_int_equal(send(ends[0], piece, PIECE, 0), PIECE);
        assert_int_equal(recv(ends[1], text, PIECE, MSG_WAITALL), PIECE);
        for (int left = 1; left; pause_ms(1)) /* until it is acknowledged */
            assert_int_equal(ioctl(ends[0], TIOCOUTQ, &left), 0);
        kino_visits_end_late(&all);
        assert_int_equal(all.late, 0);
    }
    assert_int_equal(kino_visits_busy(&all), 1);
    assert_int_equal(send(ends[0], piece, LEAST / 10, 0), LEAST / 10);
    pause_ms(5);
    kino_visits_end_late(&all);
    assert_int_equal(all.late, 1);
    assert_int_equal(kino_visits_busy(&all), 0);
    kino_visit_end(&all, v);
    close(ends[0]);
    close(ends[1]);
}

/* Who goes on sending is not listened to for ever: what has been sent already is read in part. */
static void a_flood_holds_nobody_up(void **state)
{
    (void)state;
    enum { SENT = 140000, LEFT = SENT - 65536 - 4096 };
    static char flood[SENT];
    int ends[2], room = 4 * SENT, left = 0;
    char text[512];
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, sizeof room);
    assert_int_equal(send(ends[1], flood, sizeof flood, MSG_DONTWAIT), SENT);
    kino_turn_away(ends[0], "408 Request Timeout", "timeout", "too late");
    assert_int_equal(ioctl(ends[0], FIONREAD, &left), 0);
    assert_true(left >= LEFT);
    assert_true(got(ends[1], text, sizeof text) > 0);
    assert_memory_equal(text, "HTTP/1.1 408 ", 13);
    close(ends[0]);
    close(ends[1]);
}

/* What a usual client has sent before it is turned away does not take the answer with it. */
static void what_was_sent_is_read(void **state)
{
    (void)state;
    static char request[16384];
    int ends[2], left = -1;
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(send(ends[1], request, sizeof request, MSG_DONTWAIT), sizeof request);
    for (int i = 0; i < 100 && left; i++) { /* of ten milliseconds each, if the machine is busy */
        kino_turn_away(ends[0], "503 Service Unavailable", "busy", "too many");
        assert_int_equal(ioctl(ends[0], FIONREAD, &left), 0);
    }
    assert_int_equal(left, 0);
    close(ends[0]);
    close(ends[1]);
}

static uint64_t client_of(const char *text)
{
    struct sockaddr_in four = {.sin_family = AF_INET};
    struct sockaddr_in6 six = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &four.sin_addr) == 1)
        return kino_client_of((struct sockaddr *)&four);
    assert_int_equal(inet_pton(AF_INET6, text, &six.sin6_addr), 1);
    return kino_client_of((struct sockaddr *)&six);
}

static void clients_are_told_apart(void **state)
{
    (void)state;
    assert_true(client_of("10.0.0.1") != client_of("10.0.0.2"));
    assert_true(client_of("0.0.0.0") != 0 && client_of("::") != 0);
    assert_int_equal(client_of("::ffff:10.0.0.1"), client_of("10.0.0.1"));
    assert_int_equal(client_of("2001:db8::1"), client_of("2001:db8::2")); /* one network is one client */
    assert_true(client_of("2001:db8::1") != client_of("2001:db8:0:1::1"));
    assert_int_equal(kino_client_of(&(struct sockaddr){.sa_family = AF_UNIX}), 0);
}

typedef struct unsaved {
    kino_visits all;
    kino_visit *visits[8];
    int sockets[8];
    atomic_int count;
} unsaved;

static void seat(void *ctx, int fd, const struct sockaddr *address, socklen_t length)
{
    unsaved *g = ctx;
    (void)length;
    const int i = g->count;
    g->sockets[i] = fd;
    g->visits[i] = kino_visit_begin(&g->all, fd, kino_client_of(address));
    g->count++;
}

static int knock(const char *from, int port)
{
    struct sockaddr_in own = {.sin_family = AF_INET}, to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    inet_pton(AF_INET, from, &own.sin_addr);
    inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    assert_int_equal(bind(fd, (struct sockaddr *)&own, sizeof own), 0);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

static void assert_turned_away(int fd, const char *status)
{
    char text[512] = "";
    size_t n = 0;
    const struct timeval patience = {.tv_sec = 20}; /* who is let in instead would wait for ever */
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    for (ssize_t more = 1; more > 0; n += more > 0 ? (size_t)more : 0)
        more = recv(fd, text + n, sizeof text - 1 - n, 0);
    if (strncmp(text, status, strlen(status)) != 0)
        fail_msg("%s", text);
    assert_non_null(strstr(text, "{\"error\":{\"code\":\""));
    close(fd);
}

static void too_many_are_turned_away(void **state)
{
    (void)state;
    unsaved g = {0};
    kino_error err = {0};
    int port = 0, client[4];
    kino_visits_init(&g.all, LONG, LONG, 1);
    kino_door door = {.visits = &g.all, .most = 3, .most_of_client = 2, .enter = seat, .ctx = &g};
    assert_int_equal(kino_door_open_address(&door, "nowhere", &port, &err), KINO_USAGE);
    assert_int_equal(kino_door_open_address(&door, "127.0.0.1", &port, &err), KINO_OK);
    assert_int_equal(kino_door_watch(&door, &err), KINO_OK);
    client[0] = knock("127.0.0.1", port);
    client[1] = knock("127.0.0.1", port);
    assert_turned_away(knock("127.0.0.1", port), "HTTP/1.1 429 ");
    client[2] = knock("127.0.0.2", port);
    assert_turned_away(knock("127.0.0.3", port), "HTTP/1.1 503 ");
    assert_int_equal(g.count, 3);
    kino_visit_end(&g.all, g.visits[0]);
    client[3] = knock("127.0.0.3", port);
    assert_turned_away(knock("127.0.0.4", port), "HTTP/1.1 503 ");
    assert_int_equal(g.count, 4);
    kino_door_close(&door);
    for (int i = 0; i < 4; i++) {
        close(client[i]);
        close(g.sockets[i]);
        if (i)
            kino_visit_end(&g.all, g.visits[i]);
    }
}

/* ---- sockets of the file system, and those that are handed over ---- */

static int knock_at(const char *path)
{
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    strcpy(to.sun_path, path);
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    return fd;
}

/* One of a server that is gone makes room; a file does not, and stays what it is. */
static void a_socket_takes_the_place_of_a_socket_alone(void **state)
{
    (void)state;
    unsaved g = {0};
    kino_error err = {0};
    char folder[] = "/tmp/kino-test-XXXXXX", path[64], longest[200];
    int client[4];
    assert_non_null(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/s", folder);
    FILE *f = fopen(path, "w");
    assert_non_null(f);
    fputs("mine", f);
    fclose(f);
    kino_visits_init(&g.all, LONG, LONG, 1);
    kino_door door = {.visits = &g.all, .most = 4, .most_of_client = 2, .enter = seat, .ctx = &g}, left = {0};
    assert_int_equal(kino_door_open_path(&door, path, &err), KINO_FAILED);
    assert_non_null(strstr(err.text, path));
    assert_int_equal(access(path, F_OK), 0);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(kino_door_open_path(&left, path, &err), KINO_OK);
    close(left.listening); /* as a server that was killed leaves it */
    assert_int_equal(kino_door_open_path(&door, path, &err), KINO_OK);
    assert_int_equal(kino_door_watch(&door, &err), KINO_OK);
    for (int i = 0; i < 4; i++)
        client[i] = knock_at(path); /* all of them are of no address, which has no limit */
    for (int i = 0; i < 2000 && g.count < 4; i++)
        pause_ms(5);
    assert_int_equal(g.count, 4);
    assert_turned_away(knock_at(path), "HTTP/1.1 503 ");
    kino_door_close(&door);
    for (int i = 0; i < 4; i++) {
        kino_visit_end(&g.all, g.visits[i]);
        close(g.sockets[i]);
        close(client[i]);
    }
    memset(longest, 'x', sizeof longest);
    longest[sizeof longest - 1] = 0;
    assert_int_equal(kino_door_open_path(&door, longest, &err), KINO_USAGE);
    unlink(path);
    rmdir(folder);
}

static void only_what_was_handed_to_this_process_is_taken(void **state)
{
    (void)state;
    char own[24], other[24];
    snprintf(own, sizeof own, "%ld", (long)getpid());
    snprintf(other, sizeof other, "%ld", (long)getppid());
    const struct {
        const char *pid, *count;
        bool given;
    } cases[] = {{NULL, NULL, false}, {own, NULL, false}, {NULL, "1", false},
                 {other, "1", false}, {own, "0", false},  {own, "1", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        kino_door d = {0};
        unsetenv("LISTEN_PID");
        unsetenv("LISTEN_FDS");
        if (cases[i].pid)
            setenv("LISTEN_PID", cases[i].pid, 1);
        if (cases[i].count)
            setenv("LISTEN_FDS", cases[i].count, 1);
        assert_int_equal(kino_door_open_given(&d), cases[i].given);
        assert_int_equal(d.listening, cases[i].given ? 3 : 0);
    }
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_late_are_ended),
                                       cmocka_unit_test(a_slow_reader_goes_on_as_long_as_it_reads),
                                       cmocka_unit_test(a_flood_holds_nobody_up),
                                       cmocka_unit_test(what_was_sent_is_read),
                                       cmocka_unit_test(clients_are_told_apart),
                                       cmocka_unit_test(too_many_are_turned_away),
                                       cmocka_unit_test(a_socket_takes_the_place_of_a_socket_alone),
                                       cmocka_unit_test(only_what_was_handed_to_this_process_is_taken)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
