/* transport_parts.h - what a connection to TMDB is made of: transport.c opens it, transport_run.c drives it, and
 * transport_settle.c judges what comes back. */
#ifndef KINO_NET_TRANSPORT_PARTS_H
#define KINO_NET_TRANSPORT_PARTS_H

#include "base/alloc.h"
#include "net/http/address.h"
#include "net/http/curl.h"
#include "net/http/pace.h"
#include "net/tmdb/transport.h"

enum {
    KINO_ADDRESSES = 2,           /* of the API */
    KINO_IMAGES = KINO_ADDRESSES, /* place of that of the images, behind them */
    KINO_MOST_IN_FLIGHT = 8,
};

typedef struct kino_task { /* how far a request has come */
    bool done, flying;
    int tries, redirects;
    int missed;         /* tries that did not reach TMDB */
    unsigned unreached; /* a bit for each address that could not be reached since the last pause */
    double not_before;
    char *redirect; /* the address to go to, or NULL */
} kino_task;

typedef struct kino_slot {
    CURL *easy;
    kino_buffer url, body;
    bool too_large;
    size_t task; /* SIZE_MAX: free */
    int address;
} kino_slot;

struct kino_transport {
    const kino_curl *curl;
    CURLM *multi;
    struct curl_slist *headers; /* all but the key */
    struct curl_slist *image_headers;
    struct curl_slist authorization; /* with the key, before `headers`; not libcurl's to free */
    char *key, *bearer;              /* secrets; the second one is the line of the header, or NULL */
    bool key_in_address;
    kino_address addresses[KINO_ADDRESSES + 1];
    int address_count, current; /* current: the address that is asked */
    kino_slot slots[KINO_MOST_IN_FLIGHT];
    int slot_count;
    kino_bucket bucket;
    double not_before; /* until then TMDB wants no request */
    int tries, pause_ms, longest_pause_ms, budget_ms;
    double end; /* of the call, by the budget */
    uint64_t random;
    const volatile sig_atomic_t *cancel;
};

enum { KINO_BEARER_SIZE = KINO_TMDB_KEY_SIZE + 32 };

/* One call of kino_transport_run. */
typedef struct kino_run {
    kino_transport *t;
    kino_request *requests;
    kino_task *tasks;
    size_t count, first_open, open;
    kino_status failed; /* of all that are not done */
    char problem[320];
} kino_run;

/* Ends the run: the requests that are not done cannot be answered. */
void kino_run_fail(kino_run *r, kino_status status, const char *host, const char *problem);

/* Takes what came into a slot and frees the slot: its request is done, or waits to be sent again. */
void kino_run_settle(kino_run *r, kino_slot *s, CURLcode code);

#endif
