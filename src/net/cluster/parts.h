/* parts.h - what the handle of a cluster is made of: cluster.c opens it, run.c drives it. */
#ifndef KINO_NET_CLUSTER_PARTS_H
#define KINO_NET_CLUSTER_PARTS_H

#include <pthread.h>
#include <stdint.h>

#include "net/http/address.h"
#include "net/cluster/cluster.h"
#include "net/http/curl.h"

enum { KINO_CLUSTER_HOSTS = 64 };

typedef struct kino_host {
    kino_address address;
    int failed;        /* connections in a row that failed */
    double not_before; /* until then it is asked only if no other host can be */
} kino_host;

/* One connection to each host, used by one request at a time. */
typedef struct kino_line {
    CURL *easy;
    kino_buffer url, *answer;
    bool too_large;
    size_t call; /* SIZE_MAX: free */
    size_t host;
} kino_line;

/* What one thread uses while it waits. */
typedef struct kino_lane {
    CURLM *multi;
    kino_line lines[KINO_CLUSTER_IN_FLIGHT];
    struct kino_lane *next;
} kino_lane;

struct kino_cluster {
    const kino_curl *curl;
    struct curl_slist *headers;
    char *secret;  /* in the headers; NULL: none */
    char *ca_file; /* NULL: the system's */
    const volatile sig_atomic_t *cancel;
    pthread_mutex_t lock; /* guards what follows */
    kino_lane *idle;
    kino_host hosts[KINO_CLUSTER_HOSTS];
    size_t host_count, next_host;
    uint64_t random;
};

kino_status kino_cluster_take_lane(kino_cluster *c, kino_lane **out, kino_error *err);
void kino_cluster_give_lane(kino_cluster *c, kino_lane *lane);

#endif
