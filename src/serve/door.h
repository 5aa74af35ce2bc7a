/* door.h - where clients come in: the listening socket, and who is let through it.
 *
 *     kino_door door = {.visits = &visits, .most = 4096, .most_of_client = 2048, .enter = hand_on, .ctx = daemon};
 *     if (!kino_door_open_address(&door, "127.0.0.1", &port, err))
 *         kino_door_watch(&door);                  // a thread that accepts
 *     ...
 *     kino_door_close(&door);
 *
 * A client beyond the limits is told so in the contract's JSON: 503, or 429 if its own address has too many
 * connections. libmicrohttpd would accept by itself, but its threads take what each happens to see first: half of the
 * runs of a benchmark had most connections in one thread. Handed to it one by one they are spread evenly. */
#ifndef KINO_SERVE_DOOR_H
#define KINO_SERVE_DOOR_H

#include <sys/socket.h>

#include "kino.h"
#include "serve/visits.h"

typedef struct kino_door {
    kino_visits *visits;
    size_t most, most_of_client;
    void (*enter)(void *ctx, int socket, const struct sockaddr *address, socklen_t length); /* takes the socket over */
    void *ctx;
    /* the door's own */
    int listening;
    bool own_path; /* it is of the file system, and was made here */
    bool watched;
    atomic_bool closing;
    pthread_t thread;
} kino_door;

/* Whether systemd hands a socket over. If so, the door listens on it. */
bool kino_door_open_given(kino_door *d);
/* A *port of 0 takes any free port and becomes its number. */
kino_status kino_door_open_address(kino_door *d, const char *host, int *port, kino_error *err);
/* Listens on a socket of the file system and replaces one that an earlier server has left there. */
kino_status kino_door_open_path(kino_door *d, const char *path, kino_error *err);

kino_status kino_door_watch(kino_door *d, kino_error *err);
void kino_door_close(kino_door *d);

/* An address as a number: an IPv4 address, the network of an IPv6 address; 0 for a Unix socket, which has no limit. */
uint64_t kino_client_of(const struct sockaddr *address);

#endif
