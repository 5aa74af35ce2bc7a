/* transport_settle.c - what an answer, or its absence, means for its request and for the others. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/status.h"
#include "net/tmdb/reply.h"
#include "net/tmdb/transport_parts.h"

enum { MOST_REDIRECTS = 3 };

/* Overwrites the key where a stranger sends it back. */
static void hide_key(const kino_transport *t, char *text)
{
    for (char *p = strstr(text, t->key); p; p = strstr(p, t->key))
        memset(p, '*', strlen(t->key));
}

/* What went wrong, for people: one line. */
static void describe(const kino_transport *t, char out[320], const char *host, const char *problem)
{
    kino_error line = {0};
    kino_fail(&line, KINO_NETWORK, "TMDB (%s): %s", host, problem);
    hide_key(t, line.text);
    snprintf(out, 320, "%.319s", line.text);
}

static void finish(kino_run *r, size_t i, kino_status status, const char *host, const char *problem)
{
    r->tasks[i].done = true;
    r->open--;
    r->requests[i].status = status;
    if (status)
        describe(r->t, r->requests[i].problem, host, problem);
}

void kino_run_fail(kino_run *r, kino_status status, const char *host, const char *problem)
{
    if (r->failed)
        return;
    r->failed = status;
    describe(r->t, r->problem, host, problem);
}

/* Sends it again after a pause, unless it was tried often enough. */
static void again(kino_run *r, size_t i, double pause, const char *host, const char *problem)
{
    if (r->tasks[i].tries >= r->t->tries)
        finish(r, i, KINO_NETWORK, host, problem);
    else
        r->tasks[i].not_before = kino_clock_ms() + pause;
}

static double pause_of(kino_run *r, size_t i)
{
    kino_transport *t = r->t;
    t->random = kino_mix(t->random);
    return kino_backoff_ms(t->pause_ms, t->longest_pause_ms, r->tasks[i].tries, t->random);
}

/* Nothing came: at once to the other address, then after a pause to both once more; then there is no network. */
static void unreached(kino_run *r, size_t i, int address, const char *why)
{
    kino_transport *t = r->t;
    kino_task *k = &r->tasks[i];
    k->unreached |= 1u << address;
    if (t->current == address && t->address_count > 1)
        t->current = 1 - address;
    k->tries--;
    if (++k->missed >= 2 * t->address_count) {
        char problem[256];
        snprintf(problem, sizeof problem, "cannot be reached: %s", why);
        kino_run_fail(r, KINO_NETWORK, t->addresses[address].authority, problem);
    } else if (k->unreached + 1 == 1u << t->address_count) {
        k->unreached = 0;
        k->not_before = kino_clock_ms() + kino_backoff_ms(t->pause_ms, t->longest_pause_ms, 1, t->random);
    }
}

static void redirected(kino_run *r, size_t i, CURL *easy, const char *host)
{
    kino_transport *t = r->t;
    const char *allowed[KINO_ADDRESSES + 2] = {"api.themoviedb.org:443", "api.tmdb.org:443"};
    char *to = NULL;
    t->curl->easy_getinfo(easy, CURLINFO_REDIRECT_URL, &to);
    for (int a = 0; a < t->address_count; a++)
        allowed[2 + a] = t->addresses[a].authority;
    if (!to || !kino_address_allows(t->curl, allowed, 2 + (size_t)t->address_count, to)) {
        finish(r, i, KINO_NETWORK, host, "it redirects to where the key may not go");
    } else if (++r->tasks[i].redirects > MOST_REDIRECTS) {
        finish(r, i, KINO_NETWORK, host, "it redirects in circles");
    } else {
        free(r->tasks[i].redirect);
        r->tasks[i].redirect = kino_strdup(to);
        r->tasks[i].tries--;
    }
}

static double retry_after_ms(const kino_transport *t, CURL *easy)
{
    curl_off_t seconds = 0;
    t->curl->easy_getinfo(easy, CURLINFO_RETRY_AFTER, &seconds);
    return seconds > 0 ? (double)seconds * 1e3 : 0;
}

/* Everybody waits, as long as TMDB says or else the back-off does. */
static void slower(kino_run *r, size_t i, double asked, const char *host, const char *problem)
{
    kino_transport *t = r->t;
    double pause = asked > 0 ? asked : pause_of(r, i);
    if (pause > t->longest_pause_ms) {
        char text[320];
        snprintf(text, sizeof text, "%s; it asks to wait %.0f s", problem, pause / 1e3);
        kino_run_fail(r, KINO_NETWORK, host, text);
        return;
    }
    t->not_before = fmax(t->not_before, kino_clock_ms() + pause);
    again(r, i, pause, host, problem);
}

static void refused(kino_run *r, const char *host, const char *problem)
{
    char text[320];
    snprintf(text, sizeof text, "it refuses the key: %s", problem);
    kino_run_fail(r, KINO_NETWORK, host, text);
}

/* Where an image is concerned only the status counts. */
static void image_answered(kino_run *r, size_t i, long http, const char *host)
{
    char problem[32];
    snprintf(problem, sizeof problem, "HTTP %ld", http);
    if (http == 200)
        finish(r, i, KINO_OK, host, "");
    else if (http == 404 || http == 410)
        finish(r, i, KINO_NOT_FOUND, host, problem);
    else if (http == 429 || http >= 500)
        again(r, i, pause_of(r, i), host, problem);
    else
        finish(r, i, KINO_NETWORK, host, problem);
}

static void answered(kino_run *r, size_t i, kino_slot *s, const char *host)
{
    kino_reply reply;
    long http = 0;
    r->t->curl->easy_getinfo(s->easy, CURLINFO_RESPONSE_CODE, &http);
    if (r->requests[i].image) {
        image_answered(r, i, http, host);
        return;
    }
    if (http >= 300 && http < 400) {
        redirected(r, i, s->easy, host);
        return;
    }
    if (s->body.size)
        hide_key(r->t, s->body.data); /* before it is cut to a message */
    double asked = retry_after_ms(r->t, s->easy);
    kino_reply_read(&reply, http, s->body.data, s->body.size);
    switch (reply.kind) {
    case KINO_REPLY_FILM:
        r->requests[i].json = reply.json;
        finish(r, i, KINO_OK, host, "");
        break;
    case KINO_REPLY_AGAIN:
        if (asked > 0)
            slower(r, i, asked, host, reply.problem);
        else
            again(r, i, pause_of(r, i), host, reply.problem);
        break;
    case KINO_REPLY_SLOWER:
        slower(r, i, asked, host, reply.problem);
        break;
    case KINO_REPLY_ABSENT:
        finish(r, i, KINO_NOT_FOUND, host, reply.problem);
        break;
    case KINO_REPLY_FAULT:
        finish(r, i, KINO_NETWORK, host, reply.problem);
        break;
    case KINO_REPLY_REFUSED:
        refused(r, host, reply.problem);
        break;
    }
}

void kino_run_settle(kino_run *r, kino_slot *s, CURLcode code)
{
    kino_transport *t = r->t;
    size_t i = s->task;
    const char *host = t->addresses[s->address].authority;
    curl_off_t connected = 0;
    r->tasks[i].flying = false;
    s->task = SIZE_MAX;
    if (!code) {
        answered(r, i, s, host);
    } else if (s->too_large) {
        finish(r, i, KINO_NETWORK, host, "its answer is larger than 4 MB");
    } else {
        t->curl->easy_getinfo(s->easy, CURLINFO_PRETRANSFER_TIME_T, &connected);
        if (connected || r->requests[i].image)
            again(r, i, pause_of(r, i), host, t->curl->easy_strerror(code));
        else
            unreached(r, i, s->address, t->curl->easy_strerror(code));
    }
}
