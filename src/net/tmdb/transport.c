/* transport.c - opening and closing: libcurl's handles with the options that all requests share. */
#include "net/tmdb/transport.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/secret.h"
#include "base/status.h"
#include "net/tmdb/transport_parts.h"

enum { LARGEST_BODY = 4 << 20 };

static size_t take_body(char *bytes, size_t one, size_t n, void *ctx)
{
    kino_slot *s = ctx;
    if (one * n > LARGEST_BODY - s->body.size) {
        s->too_large = true;
        return 0;
    }
    kino_buffer_put(&s->body, bytes, one * n);
    return one * n;
}

static bool slot_init(kino_transport *t, kino_slot *s, const kino_tmdb_options *opt)
{
    const kino_curl *c = t->curl;
    const char *certificates = getenv("SSL_CERT_FILE"), *folder = getenv("SSL_CERT_DIR");
    s->task = SIZE_MAX;
    s->easy = c->easy_init();
    if (!s->easy)
        return false;
    c->easy_setopt(s->easy, CURLOPT_WRITEFUNCTION, take_body);
    c->easy_setopt(s->easy, CURLOPT_WRITEDATA, s);
    c->easy_setopt(s->easy, CURLOPT_USERAGENT, "kino/" KINO_VERSION);
    c->easy_setopt(s->easy, CURLOPT_ACCEPT_ENCODING, ""); /* all it can unpack */
    c->easy_setopt(s->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_2TLS);
    c->easy_setopt(s->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)opt->connect_ms);
    c->easy_setopt(s->easy, CURLOPT_TIMEOUT_MS, (long)opt->total_ms);
    c->easy_setopt(s->easy, CURLOPT_FOLLOWLOCATION, 0L); /* transport_settle.c does, where it is allowed */
    c->easy_setopt(s->easy, CURLOPT_NOSIGNAL, 1L);
#if LIBCURL_VERSION_NUM >= 0x075700
    c->easy_setopt(s->easy, CURLOPT_QUICK_EXIT, 1L); /* a budget does not wait for a name server */
#endif
    if (certificates && *certificates) /* as OpenSSL's own programs do; libcurl leaves it to its callers */
        c->easy_setopt(s->easy, CURLOPT_CAINFO, certificates);
    if (folder && *folder)
        c->easy_setopt(s->easy, CURLOPT_CAPATH, folder);
    return true;
}

static bool add_header(const kino_curl *curl, struct curl_slist **headers, const char *line)
{
    struct curl_slist *more = curl->slist_append(*headers, line);
    if (more)
        *headers = more;
    return more != NULL;
}

static bool set_headers(kino_transport *t, const char *key)
{
    if (!add_header(t->curl, &t->headers, "Accept: application/json") ||
        !add_header(t->curl, &t->image_headers, "Accept: image/*"))
        return false;
    t->key_in_address = kino_tmdb_key_kind_of(key) == KINO_TMDB_KEY_V3;
    if (t->key_in_address)
        return true;
    t->bearer = kino_secret_new(KINO_BEARER_SIZE);
    snprintf(t->bearer, KINO_BEARER_SIZE, "Authorization: Bearer %s", key);
    t->authorization = (struct curl_slist){t->bearer, t->headers};
    return true;
}

/* KINO_USAGE for what is no https address, nor an http one of this machine. */
static kino_status read_address(const kino_curl *curl, kino_address *a, const char *url, kino_error *err)
{
    if (kino_address_read(curl, a, url) && (a->secure || a->local))
        return KINO_OK;
    kino_address_free(a);
    memset(a, 0, sizeof *a);
    return kino_fail(err, KINO_USAGE, "the address of TMDB must be like " KINO_TMDB_URL ", or http on this machine");
}

kino_status kino_transport_open(const kino_tmdb_options *opt, kino_transport **out, kino_error *err)
{
    const char *urls[KINO_ADDRESSES] = {opt->base_url, *opt->fallback_url ? opt->fallback_url : NULL};
    kino_transport *t = kino_alloc(sizeof *t);
    double now = kino_clock_ms();
    kino_status st = kino_curl_load(&t->curl, err);
    if (!st && kino_json_load(err))
        st = KINO_NETWORK;
    if (st)
        goto done;
    for (; t->address_count < KINO_ADDRESSES && urls[t->address_count]; t->address_count++) {
        st = read_address(t->curl, &t->addresses[t->address_count], urls[t->address_count], err);
        if (st)
            goto done;
    }
    st = read_address(t->curl, &t->addresses[KINO_IMAGES], opt->images_url, err);
    if (st)
        goto done;
    t->key = kino_secret_new(KINO_TMDB_KEY_SIZE);
    snprintf(t->key, KINO_TMDB_KEY_SIZE, "%s", opt->credential);
    t->tries = opt->tries;
    t->pause_ms = opt->pause_ms;
    t->longest_pause_ms = opt->longest_pause_ms;
    t->cancel = opt->cancel;
    t->random = kino_mix((uint64_t)(now * 1e6) ^ (uint64_t)(uintptr_t)t);
    kino_bucket_init(&t->bucket, opt->rate, opt->max_in_flight, now);
    t->multi = t->curl->multi_init();
    bool made = t->multi && set_headers(t, opt->credential);
    for (; made && t->slot_count < opt->max_in_flight; t->slot_count++)
        made = slot_init(t, &t->slots[t->slot_count], opt);
    if (!made) {
        st = kino_fail(err, KINO_FAILED, "libcurl does not start");
        goto done;
    }
    *out = t;
    t = NULL;
done:
    kino_transport_close(t);
    return st;
}

void kino_transport_close(kino_transport *t)
{
    if (!t)
        return;
    for (int i = 0; i < t->slot_count; i++) {
        kino_slot *s = &t->slots[i];
        if (s->easy)
            t->curl->easy_cleanup(s->easy);
        if (s->url.data)
            kino_wipe(s->url.data, s->url.capacity);
        free(s->url.data);
        free(s->body.data);
    }
    if (t->multi)
        t->curl->multi_cleanup(t->multi);
    if (t->headers)
        t->curl->slist_free_all(t->headers);
    if (t->image_headers)
        t->curl->slist_free_all(t->image_headers);
    for (int i = 0; i <= KINO_IMAGES; i++)
        kino_address_free(&t->addresses[i]);
    kino_secret_free(t->key, KINO_TMDB_KEY_SIZE);
    kino_secret_free(t->bearer, KINO_BEARER_SIZE);
    free(t);
}

void kino_transport_set_budget(kino_transport *t, int ms)
{
    t->budget_ms = ms;
}

void kino_transport_begin(kino_transport *t)
{
    t->end = t->budget_ms ? kino_clock_ms() + t->budget_ms : INFINITY;
}

void kino_requests_free(kino_request *requests, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kino_json_free(requests[i].json);
}
