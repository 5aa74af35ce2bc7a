/* visits.c - counts the connections and ends those that are too slow. */
#include "serve/visits.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/alloc.h"

/* In the lowest bit of `due`: an answer is under way, so that nothing may be put between. */
enum { SENDING = 1 };
/* Both are never late. */
#define OUR_TURN UINT64_MAX
#define GIVEN_UP (UINT64_MAX - 1)

static uint64_t now_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static uint64_t due_in(uint64_t ms, uint64_t flag)
{
    return (now_ms() + ms) << 1 | flag;
}

/* What the client of a socket has acknowledged so far. False where the system does not tell, as of Unix sockets. */
static bool acknowledged(int socket, uint64_t *bytes)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    const size_t end = offsetof(struct tcp_info, tcpi_bytes_acked) + sizeof info.tcpi_bytes_acked;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) || size < end)
        return false;
    *bytes = info.tcpi_bytes_acked;
    return true;
}

/* Whether the answer goes on: enough of it was taken since the last look. */
static bool goes_on(const kino_visits *all, kino_visit *v)
{
    enum { INTERVALS = 6 }; /* for an answer of which nothing is known */
    uint64_t bytes = 0;
    if (!acknowledged(v->socket, &bytes))
        return ++v->intervals < INTERVALS;
    const bool enough = bytes - v->taken >= all->least;
    v->taken = bytes;
    return enough;
}

void kino_visits_init(kino_visits *all, uint64_t for_request, uint64_t interval, uint64_t least)
{
    *all = (kino_visits){.for_request = for_request, .interval = interval, .least = least};
    pthread_mutex_init(&all->lock, NULL);
}

size_t kino_visits_count(kino_visits *all, uint64_t client, size_t *of_client)
{
    pthread_mutex_lock(&all->lock);
    const size_t count = all->count;
    *of_client = 0;
    for (const kino_visit *v = all->first; v; v = v->next)
        *of_client += v->client == client;
    pthread_mutex_unlock(&all->lock);
    return count;
}

size_t kino_visits_busy(kino_visits *all)
{
    size_t busy = 0;
    pthread_mutex_lock(&all->lock);
    for (const kino_visit *v = all->first; v; v = v->next)
        busy += v->due == OUR_TURN || v->due & SENDING;
    pthread_mutex_unlock(&all->lock);
    return busy;
}

kino_visit *kino_visit_begin(kino_visits *all, int socket, uint64_t client)
{
    kino_visit *v = kino_alloc(sizeof *v);
    v->socket = socket;
    v->client = client;
    v->due = due_in(all->for_request, 0);
    pthread_mutex_lock(&all->lock);
    v->next = all->first;
    if (v->next)
        v->next->before = v;
    all->first = v;
    all->count++;
    pthread_mutex_unlock(&all->lock);
    return v;
}

void kino_visit_end(kino_visits *all, kino_visit *v)
{
    pthread_mutex_lock(&all->lock);
    *(v->before ? &v->before->next : &all->first) = v->next;
    if (v->next)
        v->next->before = v->before;
    all->count--;
    pthread_mutex_unlock(&all->lock);
    free(v);
}

void kino_visit_asked(kino_visit *v)
{
    v->due = OUR_TURN;
}

void kino_visit_answered(kino_visits *all, kino_visit *v)
{
    uint64_t bytes = 0;
    v->taken = acknowledged(v->socket, &bytes) ? bytes : 0;
    v->intervals = 0;
    v->due = due_in(all->interval, SENDING);
}

/* A client that has closed its half tells so once, maybe while its request is answered. libmicrohttpd, which looks at a
 * socket when something happens there, would then hold the connection until it is late. */
static void tell_end_again(int socket)
{
    char next;
    if (!recv(socket, &next, 1, MSG_PEEK | MSG_DONTWAIT))
        shutdown(socket, SHUT_RD);
}

void kino_visit_rests(kino_visits *all, kino_visit *v)
{
    v->due = due_in(all->for_request, 0);
    tell_end_again(v->socket);
}

void kino_visits_end_late(kino_visits *all)
{
    const uint64_t now = now_ms();
    pthread_mutex_lock(&all->lock); /* as long as a visit is in the list, its socket is open */
    for (kino_visit *v = all->first; v; v = v->next) {
        uint_fast64_t due = v->due;
        if (due >> 1 > now)
            continue;
        const bool on = due & SENDING && goes_on(all, v);
        if (!atomic_compare_exchange_strong(&v->due, &due, on ? due_in(all->interval, SENDING) : GIVEN_UP) || on)
            continue;
        if (due & SENDING)
            shutdown(v->socket, SHUT_RDWR);
        else
            kino_turn_away(v->socket, "408 Request Timeout", "timeout", "the request did not arrive in time");
        all->late++;
    }
    pthread_mutex_unlock(&all->lock);
}

/* What is not read would take the answer with it when the socket is closed. Who sends without an end loses it. */
static void drain(int socket)
{
    enum { MOST_BYTES = 65536, MOST_MS = 10 };
    char piece[4096];
    const uint64_t until = now_ms() + MOST_MS;
    ssize_t n = 1;
    for (size_t drained = 0; n > 0 && drained < MOST_BYTES && now_ms() <= until; drained += n > 0 ? (size_t)n : 0)
        n = recv(socket, piece, sizeof piece, MSG_DONTWAIT);
}

void kino_turn_away(int socket, const char *status, const char *code, const char *message)
{
    char body[256], text[512];
    const int n = snprintf(body, sizeof body, "{\"error\":{\"code\":\"%s\",\"message\":\"%s\"}}\n", code, message);
    const int length = snprintf(text, sizeof text,
                                "HTTP/1.1 %s\r\nConnection: close\r\n"
                                "Content-Type: application/json; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s",
                                status, n, body);
    send(socket, text, (size_t)length, MSG_DONTWAIT | MSG_NOSIGNAL);
    shutdown(socket, SHUT_WR);
    drain(socket);
    shutdown(socket, SHUT_RD);
}
