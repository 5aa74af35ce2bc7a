/* cluster.h - requests to the hosts of one search cluster, OpenSearch or Elasticsearch: several are in flight at once
 * and connections are kept. If a host does not answer, another one is asked; while the cluster is overloaded or has no
 * manager, the pauses grow.
 *
 *     kino_cluster *c = NULL;
 *     kino_call call = {.method = "GET", .path = "/films/_mapping"};
 *     if (!kino_cluster_open(&(kino_cluster_options){.urls = "http://a:9200,http://b:9200"}, &c, err) &&
 *         !kino_cluster_run(c, &call, 1, 5000, err) && call.http == 200)
 *         read(call.answer.data);
 *     kino_calls_free(&call, 1);
 *     kino_cluster_close(c);
 *
 * A request may reach the cluster twice if its first answer was lost, so callers send only what may be repeated.
 *
 * Threads: a handle may be used by many at once; each has a connection of its own to each host. */
#ifndef KINO_NET_CLUSTER_H
#define KINO_NET_CLUSTER_H

#include <signal.h>

#include "base/alloc.h"
#include "kino.h"

enum { KINO_CLUSTER_IN_FLIGHT = 4 }; /* of one kino_cluster_run */

typedef struct kino_cluster kino_cluster;

typedef struct kino_cluster_options {
    const char *urls;      /* of the hosts, separated by commas; a path is put before that of every request */
    const char *ca_file;   /* certificates that sign the hosts'; NULL: $KINO_BACKEND_CA, else the system's */
    const char *auth_file; /* one line, "user:password" or an API key, readable for its owner alone; NULL:
                                $KINO_BACKEND_USER and $KINO_BACKEND_PASSWORD, or $KINO_BACKEND_API_KEY, or nothing */
    const volatile sig_atomic_t *cancel; /* may be NULL */
} kino_cluster_options;

kino_status kino_cluster_open(const kino_cluster_options *opt, kino_cluster **out, kino_error *err);
void kino_cluster_close(kino_cluster *c); /* NULL is fine */

typedef struct kino_call {
    const char *method; /* "GET", "HEAD", "PUT", "POST", "DELETE" */
    const char *path;   /* "/films/_search" */
    const char *body;   /* JSON, or lines of it; NULL: none. Lent, as the path is, until the call is done */
    size_t size;
    long http;          /* out: the status of the answer; of a failed run 0 */
    const char *host;   /* out: which one answered or was asked last; lives as long as the cluster's handle */
    kino_buffer answer; /* out: its body */
} kino_call;

/* Sends all and waits. A passing failure (no connection, no answer in time, 429, 502 to 504, 500 a few times) is tried
 * again, at other hosts too, until `patience_ms` are over or no host can be reached at all. Then the call fails with
 * KINO_NETWORK, the host and the reason. Every other answer counts, and its status is in the call. */
kino_status kino_cluster_run(kino_cluster *c, kino_call *calls, size_t count, int patience_ms, kino_error *err);
void kino_calls_free(kino_call *calls, size_t count); /* the answers, not the array */

#endif
