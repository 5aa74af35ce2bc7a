/* names.h - by which names this server may be called, and whose word on a client counts.
 *
 * A page of a stranger can give its own name the address of this server (DNS rebinding), and its scripts are then of the
 * same origin as what they read here. Only the Host tells: it is the stranger's name. So a Host has to be the address that
 * the server is bound to, localhost, or a name that it was started with.
 *
 *     kino_names n;
 *     st = kino_names_init(&n, hosts, 1, proxies, 1, &err);     // {"films.example"}, {"10.0.0.0/8"}
 *     kino_names_bound(&n, listening);
 *     ...
 *     kino_caller who;
 *     kino_names_caller(&n, peer, &headers, &who);
 *     if (kino_names_allow(&n, who.host) && kino_origin_is_own(&who, origin))
 *
 * Pure but for kino_names_bound; any thread. */
#ifndef KINO_SERVE_NAMES_H
#define KINO_SERVE_NAMES_H

#include <sys/socket.h>

#include "kino.h"

enum { KINO_MOST_PROXIES = 16 };

/* A range of addresses: IPv4 as IPv6 has it, or all Unix sockets. */
typedef struct kino_network {
    unsigned char address[16];
    int bits; /* -1: Unix sockets */
} kino_network;

typedef struct kino_names {
    const char *const *hosts; /* lent */
    size_t host_count;
    kino_network proxies[KINO_MOST_PROXIES];
    size_t proxy_count;
    unsigned char bound[16]; /* all zeros: every address of this machine */
    bool of_address;         /* false: a Unix socket, which no page of a stranger can reach */
} kino_names;

/* Proxies: addresses, networks ("10.0.0.0/8", "fd00::/8") or "unix". KINO_USAGE for anything else. */
kino_status kino_names_init(kino_names *n, const char *const *hosts, size_t host_count, const char *const *proxies,
                            size_t proxy_count, kino_error *err);
void kino_names_bound(kino_names *n, int listening);

/* What a request says of itself, "" where it does not. Those of several header lines are joined with commas. */
typedef struct kino_claims {
    const char *host, *forwarded_for, *forwarded_host, *forwarded_proto;
} kino_claims;

enum { KINO_HOST_SIZE = 272, KINO_ADDRESS_SIZE = 48 };

typedef struct kino_caller {
    char host[KINO_HOST_SIZE];       /* as the client named this server; "" when that is no host */
    char address[KINO_ADDRESS_SIZE]; /* of the client; "-" for a Unix socket */
    bool secure;                     /* it came by https, to the proxy */
} kino_caller;

/* A proxy's word counts if the connection comes from one of the proxies. */
void kino_names_caller(const kino_names *n, const struct sockaddr *peer, const kino_claims *claims, kino_caller *out);

/* Whether the server may be called by this Host, with or without a port. */
bool kino_names_allow(const kino_names *n, const char *host);

/* Whether an Origin is that of the page of this server. "" is: it comes from a program. */
bool kino_origin_is_own(const kino_caller *who, const char *origin);

#endif
