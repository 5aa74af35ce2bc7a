/* transport_run.c - the loop. A request waits until a slot, a token and its pause let it go; a slot is one of libcurl's
 * handles with its room; what comes back is settled: done, or to be sent again. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "net/http/sigpipe.h"
#include "net/tmdb/transport_parts.h"

enum { LONGEST_WAIT_MS = 100 }; /* between two looks at *cancel */

static void start(kino_run *r, size_t i, kino_slot *s)
{
    kino_transport *t = r->t;
    kino_task *k = &r->tasks[i];
    bool image = r->requests[i].image;
    const kino_address *a = &t->addresses[image ? KINO_IMAGES : t->current];
    s->url.size = s->body.size = 0;
    s->too_large = false;
    s->address = (int)(a - t->addresses);
    if (k->redirect)
        kino_buffer_print(&s->url, "%s", k->redirect);
    else
        kino_buffer_print(&s->url, "%s%s", a->base, r->requests[i].path);
    if (t->key_in_address && !image && !(k->redirect && strstr(k->redirect, t->key)))
        kino_buffer_print(&s->url, "%capi_key=%s", strchr(s->url.data, '?') ? '&' : '?', t->key);
    t->curl->easy_setopt(s->easy, CURLOPT_URL, s->url.data);
    t->curl->easy_setopt(s->easy, CURLOPT_HTTPHEADER,
                         image       ? t->image_headers
                         : t->bearer ? &t->authorization
                                     : t->headers);
    t->curl->easy_setopt(s->easy, image ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1L);
    /* Rather share one connection of HTTP/2 than open eight; plain HTTP would wait for the whole first answer. */
    t->curl->easy_setopt(s->easy, CURLOPT_PIPEWAIT, (long)!strncmp(s->url.data, "https:", 6));
    t->curl->easy_setopt(s->easy, CURLOPT_PROXY, a->local ? "" : NULL); /* NULL: as the environment says */
    free(k->redirect);
    k->redirect = NULL;
    k->tries++;
    if (t->curl->multi_add_handle(t->multi, s->easy)) {
        kino_run_fail(r, KINO_FAILED, a->authority, "libcurl takes no request");
        return;
    }
    k->flying = true;
    s->task = i;
}

static kino_slot *free_slot(kino_transport *t)
{
    for (int i = 0; i < t->slot_count; i++)
        if (t->slots[i].task == SIZE_MAX)
            return &t->slots[i];
    return NULL;
}

/* Starts what may start now; returns the milliseconds until more may, if only time is missing. */
static double start_some(kino_run *r)
{
    kino_transport *t = r->t;
    double now = kino_clock_ms(), wait = LONGEST_WAIT_MS;
    if (t->not_before > now)
        return fmin(wait, t->not_before - now);
    while (r->first_open < r->count && r->tasks[r->first_open].done)
        r->first_open++;
    for (size_t i = r->first_open; i < r->count && !r->failed; i++) {
        const kino_task *k = &r->tasks[i];
        kino_slot *s = free_slot(t);
        if (!s)
            break;
        if (k->done || k->flying)
            continue;
        if (k->not_before > now) {
            wait = fmin(wait, k->not_before - now);
            continue;
        }
        double dry = kino_bucket_take(&t->bucket, now);
        if (dry > 0)
            return fmin(wait, dry);
        start(r, i, s);
    }
    return wait;
}

/* Settles what has come back; whether anything has. */
static bool settle_some(kino_run *r)
{
    kino_transport *t = r->t;
    bool any = false;
    int left;
    while (true) {
        CURLMsg *m = t->curl->multi_info_read(t->multi, &left);
        if (!m)
            return any;
        CURL *easy = m->easy_handle;
        CURLcode code = m->data.result; /* the message dies with the next line */
        t->curl->multi_remove_handle(t->multi, easy);
        for (int i = 0; i < t->slot_count; i++)
            if (t->slots[i].easy == easy)
                kino_run_settle(r, &t->slots[i], code);
        any = true;
    }
}

static void loop(kino_run *r)
{
    kino_transport *t = r->t;
    while (r->open && !r->failed) {
        double left = t->end - kino_clock_ms();
        int running = 0;
        if (t->cancel && *t->cancel) {
            kino_run_fail(r, KINO_INTERRUPTED, t->addresses[t->current].authority, "interrupted");
        } else if (left <= 0) {
            kino_run_fail(r, KINO_NETWORK, t->addresses[t->current].authority, "no answer within the time given");
        } else {
            double wait = start_some(r);
            if (t->curl->multi_perform(t->multi, &running))
                kino_run_fail(r, KINO_FAILED, t->addresses[t->current].authority, "libcurl fails");
            else if (!settle_some(r) && r->open)
                t->curl->multi_poll(t->multi, NULL, 0, (int)ceil(fmin(wait, left)), NULL);
        }
    }
}

kino_status kino_transport_run(kino_transport *t, kino_request *requests, size_t count, kino_error *err)
{
    kino_run r = {.t = t, .requests = requests, .count = count, .open = count};
    kino_sigpipe pipe;
    r.tasks = kino_alloc_array(count ? count : 1, sizeof *r.tasks);
    for (size_t i = 0; i < count; i++) {
        requests[i].status = KINO_OK;
        requests[i].json = NULL;
        *requests[i].problem = 0;
    }
    kino_sigpipe_hold(&pipe);
    loop(&r);
    for (int i = 0; i < t->slot_count; i++) {
        if (t->slots[i].task != SIZE_MAX)
            t->curl->multi_remove_handle(t->multi, t->slots[i].easy);
        t->slots[i].task = SIZE_MAX;
    }
    kino_sigpipe_release(&pipe);
    for (size_t i = 0; i < count; i++) {
        free(r.tasks[i].redirect);
        if (!r.tasks[i].done) {
            requests[i].status = r.failed;
            memcpy(requests[i].problem, r.problem, sizeof r.problem);
        }
    }
    free(r.tasks);
    return r.failed ? kino_fail(err, r.failed, "%s", r.problem) : KINO_OK;
}
