/* visits.h - connections, and how long a client may take with a request and with its answer.
 *
 * libmicrohttpd ends a connection that is silent, but one that sends or reads a byte now and then would hold its place
 * for ever. So there is a limit for the whole of a request, counted from the beginning of the connection or its last
 * answer. An answer may take as long as it goes on: from one look to the next, the client has to acknowledge so many
 * bytes. One thread looks now and then. A connection that is late is shut down, and libmicrohttpd then clears it away;
 * unless it is in the middle of an answer, it gets a 408 in the contract's JSON first. */
#ifndef KINO_SERVE_VISITS_H
#define KINO_SERVE_VISITS_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

typedef struct kino_visit {
    int socket;
    uint64_t client;            /* whose it is; see door.h */
    atomic_uint_fast64_t due;   /* milliseconds of the monotonic clock, and what is waited for */
    atomic_uint_fast64_t taken; /* bytes that the client had acknowledged when the present interval began */
    atomic_uint intervals;      /* of this answer, where the system does not tell what was acknowledged */
    struct kino_visit *next, *before;
} kino_visit;

typedef struct kino_visits {
    pthread_mutex_t lock;
    kino_visit *first;
    size_t count;
    uint64_t for_request; /* milliseconds that it may take */
    uint64_t interval;    /* milliseconds in which at least so many bytes of an answer have to be taken */
    uint64_t least;
    atomic_ulong late; /* how many were shut down */
} kino_visits;

void kino_visits_init(kino_visits *all, uint64_t for_request, uint64_t interval, uint64_t least);

/* How many there are, and how many of them of this client. */
size_t kino_visits_count(kino_visits *all, uint64_t client, size_t *of_client);

/* How many requests are being answered, or their answers sent. */
size_t kino_visits_busy(kino_visits *all);

kino_visit *kino_visit_begin(kino_visits *all, int socket, uint64_t client);
void kino_visit_end(kino_visits *all, kino_visit *v); /* before the socket is closed */

void kino_visit_asked(kino_visit *v);                      /* the request is there: it is our turn */
void kino_visit_answered(kino_visits *all, kino_visit *v); /* the answer is ready to be taken */
void kino_visit_rests(kino_visits *all, kino_visit *v);    /* it was taken; the next request may come */

void kino_visits_end_late(kino_visits *all);

/* Sends {"error":{"code":...,"message":...}} with a status such as "408 Request Timeout", as far as that is possible
 * without waiting, and ends the conversation; the socket stays open. What the client has sent
 * and goes on to send is read for at most 64 KB or 10 milliseconds, so that no client can hold the caller. */
void kino_turn_away(int socket, const char *status, const char *code, const char *message);

#endif
