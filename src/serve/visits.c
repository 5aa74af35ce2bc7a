/* visits.c - counts the connections and ends those that are too slow. */
#include "serve/visits.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <time.h>

#include "base/alloc.h"

/* In the lowest bit of `due`: an answer is under way, so that nothing may be put between. */
enum { SENDING = 1 };
#define OUR_TURN UINT64_MAX /* which is never late */

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

void kino_visits_init(kino_visits *all, uint64_t for_request, uint64_t for_answer)
{
    *all = (kino_visits){.for_request = for_request, .for_answer = for_answer};
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
    v->due = due_in(all->for_answer, SENDING);
}

void kino_visit_rests(kino_visits *all, kino_visit *v)
{
    v->due = due_in(all->for_request, 0);
}

void kino_visits_end_late(kino_visits *all)
{
    const uint64_t now = now_ms();
    pthread_mutex_lock(&all->lock); /* as long as a visit is in the list, its socket is open */
    for (kino_visit *v = all->first; v; v = v->next) {
        uint_fast64_t due = v->due;
        if (due >> 1 > now || !atomic_compare_exchange_strong(&v->due, &due, OUR_TURN))
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
