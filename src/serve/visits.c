#include "serve/visits.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "base/alloc.h"

/* In the lowest bit of `due`: an answer is under way, so that nothing may be put between. */
enum { SENDING = 1 };
#define OUR_TURN UINT64_MAX

#define MESSAGE "{\"error\":{\"code\":\"timeout\",\"message\":\"the request did not arrive in time\"}}\n"
static const char too_late[] =
    "HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Type: application/json; charset=utf-8\r\n"
    "Content-Length: 76\r\n\r\n" MESSAGE;
_Static_assert(sizeof MESSAGE == 76 + 1, "Content-Length");

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

kino_visit *kino_visit_begin(kino_visits *all, int socket)
{
    kino_visit *v = kino_alloc(sizeof *v);
    v->socket = socket;
    v->due = due_in(all->for_request, 0);
    pthread_mutex_lock(&all->lock);
    v->next = all->first;
    if (v->next)
        v->next->before = v;
    all->first = v;
    pthread_mutex_unlock(&all->lock);
    return v;
}

void kino_visit_end(kino_visits *all, kino_visit *v)
{
    pthread_mutex_lock(&all->lock);
    *(v->before ? &v->before->next : &all->first) = v->next;
    if (v->next)
        v->next->before = v->before;
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
    pthread_mutex_lock(&all->lock);  /* as long as a visit is in the list, its socket is open */
    for (kino_visit *v = all->first; v; v = v->next) {
        uint_fast64_t due = v->due;
        if (due == OUR_TURN || due >> 1 > now || !atomic_compare_exchange_strong(&v->due, &due, OUR_TURN))
            continue;
        if (!(due & SENDING))
            send(v->socket, too_late, sizeof too_late - 1, MSG_DONTWAIT | MSG_NOSIGNAL);
        shutdown(v->socket, SHUT_RDWR);
        all->late++;
    }
    pthread_mutex_unlock(&all->lock);
}
