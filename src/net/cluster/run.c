/* run.c - the loop of a cluster's requests. A request waits until its pause is over, a connection is free and a host
 * may be asked. What comes back is taken as its answer, or the request is sent again. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "net/cluster/parts.h"
#include "net/http/pace.h"
#include "net/http/sigpipe.h"

enum {
    LONGEST_WAIT_MS = 100, /* between two looks at *cancel */
    PAUSE_MS = 100,        /* behind the first overload; then twice that, ... */
    LONGEST_PAUSE_MS = 5000,
    FAULTS = 4, /* tries of what a host fails at: it may be that a node has just left */
    ROUNDS = 3, /* tries of every host that come to nothing: there is no cluster */
};

typedef struct task {
    bool done, flying;
    int tries;
    double not_before;
} task;

typedef struct run {
    kino_cluster *c;
    kino_lane *lane;
    kino_call *calls;
    task *tasks;
    size_t count, open;
    double end;
    int timeout_ms; /* of one request: half the patience, so that another host can be asked */
    unsigned char unreached[KINO_CLUSTER_HOSTS]; /* tries in a row that came to nothing, of each host */
    kino_status failed;
    char why[256]; /* of the last thing that came to nothing */
    const char *host;
} run;

/* ---- hosts ---- */

/* The next host in turn that may be asked; all have failed lately: the one that may be asked first. *wait: until
 * then. */
static size_t choose_host(kino_cluster *c, double now, double *wait)
{
    size_t best = 0;
    double least = INFINITY;
    pthread_mutex_lock(&c->lock);
    for (size_t i = 0; i < c->host_count; i++) {
        const size_t h = (c->next_host + i) % c->host_count;
        const double left = fmax(c->hosts[h].not_before - now, 0);
        if (left < least) {
            best = h;
            least = left;
        }
    }
    if (least == 0)
        c->next_host = best + 1;
    pthread_mutex_unlock(&c->lock);
    *wait = least;
    return best;
}

static void judge_host(kino_cluster *c, size_t host, bool reached)
{
    kino_host *h = &c->hosts[host];
    pthread_mutex_lock(&c->lock);
    h->failed = reached ? 0 : h->failed + 1;
    c->random = kino_mix(c->random);
    h->not_before = reached ? 0 : kino_clock_ms() + kino_backoff_ms(PAUSE_MS, LONGEST_PAUSE_MS, h->failed, c->random);
    pthread_mutex_unlock(&c->lock);
}

static void fail(run *r, kino_status status, const char *host, const char *why)
{
    r->failed = status;
    r->host = host;
    snprintf(r->why, sizeof r->why, "%.255s", why);
}

/* ---- sending ---- */

static void start(run *r, size_t i, kino_line *l, size_t host)
{
    const kino_curl *curl = r->c->curl;
    const kino_address *a = &r->c->hosts[host].address;
    kino_call *call = &r->calls[i];
    l->url.size = call->answer.size = 0;
    l->too_large = false;
    l->answer = &call->answer;
    l->host = host;
    call->host = a->authority;
    kino_buffer_print(&l->url, "%s%s", a->base, call->path);
    curl->easy_setopt(l->easy, CURLOPT_URL, l->url.data);
    curl->easy_setopt(l->easy, CURLOPT_NOBODY, (long)!strcmp(call->method, "HEAD"));
    if (strcmp(call->method, "HEAD")) {
        curl->easy_setopt(l->easy, call->body ? CURLOPT_POST : CURLOPT_HTTPGET, 1L);
        curl->easy_setopt(l->easy, CURLOPT_POSTFIELDS, call->body);
        curl->easy_setopt(l->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)call->size);
        if (!call->body)
            curl->easy_setopt(l->easy, CURLOPT_HTTPGET, 1L);
    }
    curl->easy_setopt(l->easy, CURLOPT_CUSTOMREQUEST, call->method);
    curl->easy_setopt(l->easy, CURLOPT_TIMEOUT_MS, (long)r->timeout_ms);
    curl->easy_setopt(l->easy, CURLOPT_PROXY, a->local ? "" : NULL); /* NULL: as the environment says */
    r->tasks[i].tries++;
    if (curl->multi_add_handle(r->lane->multi, l->easy)) {
        fail(r, KINO_FAILED, a->authority, "libcurl takes no request");
        return;
    }
    r->tasks[i].flying = true;
    l->call = i;
}

static kino_line *free_line(kino_lane *lane)
{
    for (size_t i = 0; i < KINO_CLUSTER_IN_FLIGHT; i++)
        if (lane->lines[i].call == SIZE_MAX)
            return &lane->lines[i];
    return NULL;
}

/* Starts what may start now; returns the milliseconds until more may. */
static double start_some(run *r)
{
    const double now = kino_clock_ms();
    double wait = LONGEST_WAIT_MS;
    for (size_t i = 0; i < r->count && !r->failed; i++) {
        kino_line *l = free_line(r->lane);
        double until = 0;
        if (!l)
            break;
        if (r->tasks[i].done || r->tasks[i].flying)
            continue;
        if (r->tasks[i].not_before > now) {
            wait = fmin(wait, r->tasks[i].not_before - now);
            continue;
        }
        const size_t host = choose_host(r->c, now, &until);
        if (until > 0)
            return fmin(wait, until);
        start(r, i, l, host);
    }
    return wait;
}

/* ---- what comes back ---- */

static double asked_for_ms(const run *r, CURL *easy)
{
    curl_off_t seconds = 0;
    r->c->curl->easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds > 0 ? 1000.0 * (double)seconds : 0;
}

/* Why a request is sent again that was answered with this status. */
static const char *why_again(long http)
{
    switch (http) {
    case 429:
        return "too many requests";
    case 500:
        return "the host fails";
    case 503:
        return "the cluster has no manager or not all of its shards";
    default:
        return "the way to the cluster is disturbed";
    }
}

static void settle(run *r, kino_line *l, CURLcode code)
{
    const size_t i = l->call;
    kino_call *call = &r->calls[i];
    task *t = &r->tasks[i];
    long http = 0;
    l->call = SIZE_MAX;
    t->flying = false;
    judge_host(r->c, l->host, !code);
    r->host = call->host;
    if (code) {
        if (l->too_large)
            fail(r, KINO_NETWORK, call->host, "its answer is larger than 256 MB");
        else if (code == CURLE_PEER_FAILED_VERIFICATION || code == CURLE_SSL_CACERT_BADFILE)
            fail(r, KINO_NETWORK, call->host, r->c->curl->easy_strerror(code));
        else
            snprintf(r->why, sizeof r->why, "%s", r->c->curl->easy_strerror(code));
        r->unreached[l->host] += r->unreached[l->host] < ROUNDS;
        return;
    }
    r->unreached[l->host] = 0;
    r->c->curl->easy_getinfo(l->easy, CURLINFO_RESPONSE_CODE, &http);
    if (http == 429 || (http >= 502 && http <= 504) || (http == 500 && t->tries < FAULTS)) {
        snprintf(r->why, sizeof r->why, "HTTP %ld: %s", http, why_again(http));
        const double pause =
            fmax(kino_backoff_ms(PAUSE_MS, LONGEST_PAUSE_MS, t->tries, r->c->random), asked_for_ms(r, l->easy));
        t->not_before = kino_clock_ms() + pause;
        return;
    }
    call->http = http;
    t->done = true;
    r->open--;
}

/* Whether anything came back. */
static bool settle_some(run *r)
{
    const kino_curl *curl = r->c->curl;
    bool any = false;
    int left;
    while (true) {
        CURLMsg *m = curl->multi_info_read(r->lane->multi, &left);
        if (!m)
            return any;
        CURL *easy = m->easy_handle;
        const CURLcode code = m->data.result; /* the message dies with the next line */
        curl->multi_remove_handle(r->lane->multi, easy);
        for (size_t i = 0; i < KINO_CLUSTER_IN_FLIGHT; i++)
            if (r->lane->lines[i].easy == easy)
                settle(r, &r->lane->lines[i], code);
        any = true;
    }
}

static bool none_answers(const run *r)
{
    for (size_t h = 0; h < r->c->host_count; h++)
        if (r->unreached[h] < ROUNDS)
            return false;
    return true;
}

static void loop(run *r)
{
    const kino_curl *curl = r->c->curl;
    while (r->open && !r->failed) {
        const double left = r->end - kino_clock_ms();
        int running = 0;
        if (r->c->cancel && *r->c->cancel) {
            fail(r, KINO_INTERRUPTED, "", "interrupted");
        } else if (left <= 0 || none_answers(r)) {
            r->failed = KINO_NETWORK;
        } else {
            const double wait = start_some(r);
            if (!r->failed && curl->multi_perform(r->lane->multi, &running))
                fail(r, KINO_FAILED, "", "libcurl fails");
            else if (!settle_some(r) && r->open)
                curl->multi_poll(r->lane->multi, NULL, 0, (int)ceil(fmin(wait, left)), NULL);
        }
    }
}

kino_status kino_cluster_run(kino_cluster *c, kino_call *calls, size_t count, int patience_ms, kino_error *err)
{
    run r = {.c = c,
             .calls = calls,
             .count = count,
             .open = count,
             .end = kino_clock_ms() + patience_ms,
             .timeout_ms = patience_ms / 2 + 1,
             .host = "",
             .why = "no answer within the time given"};
    kino_sigpipe pipe;
    kino_status st = kino_cluster_take_lane(c, &r.lane, err);
    if (st)
        return st;
    r.tasks = kino_alloc_array(count, sizeof *r.tasks);
    for (size_t i = 0; i < count; i++)
        calls[i].http = 0;
    kino_sigpipe_hold(&pipe);
    loop(&r);
    for (size_t i = 0; i < KINO_CLUSTER_IN_FLIGHT; i++) {
        if (r.lane->lines[i].call != SIZE_MAX)
            c->curl->multi_remove_handle(r.lane->multi, r.lane->lines[i].easy);
        r.lane->lines[i].call = SIZE_MAX;
    }
    kino_sigpipe_release(&pipe);
    kino_cluster_give_lane(c, r.lane);
    free(r.tasks);
    if (!r.failed)
        return KINO_OK;
    if (r.failed == KINO_INTERRUPTED)
        return kino_fail(err, KINO_INTERRUPTED, "interrupted");
    return kino_fail(err, r.failed, "%s%s%s%s", r.host, *r.host ? ": " : "", r.why,
                     c->host_count > 1 && none_answers(&r) ? " (nor does any other host of the cluster answer)" : "");
}
