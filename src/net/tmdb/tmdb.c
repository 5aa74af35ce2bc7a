/* tmdb.c - the handle: options with their defaults. */
#include "net/tmdb/tmdb.h"

#include <stdlib.h>
#include <string.h>

#include "base/secret.h"
#include "base/status.h"
#include "net/http/address.h"
#include "net/tmdb/client.h"

bool kino_tmdb_available(void)
{
    return true;
}

static const char *or_else(const char *s, const char *otherwise)
{
    return s ? s : otherwise;
}

/* "en", "en-US": letters with at most one dash between. */
static bool is_language(const char *s)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t n = strspn(s, letters);
    if (n != 2 && n != 3)
        return false;
    return !s[n] || (s[n] == '-' && strspn(s + n + 1, letters) == 2 && !s[n + 3]);
}

static kino_status fill_in(kino_tmdb_options *o, kino_error *err)
{
    const char *url = getenv("KINO_TMDB_URL"), *images = getenv("KINO_TMDB_IMAGES_URL");
    if (!o->base_url)
        o->base_url = url && *url ? url : KINO_TMDB_URL;
    if (!o->fallback_url)
        o->fallback_url = strcmp(o->base_url, KINO_TMDB_URL) ? "" : KINO_TMDB_FALLBACK_URL;
    if (!o->images_url)
        o->images_url = images && *images ? images : KINO_TMDB_IMAGES_URL;
    o->language = or_else(o->language, "en-US");
    o->max_in_flight = o->max_in_flight ? o->max_in_flight : 8;
    o->rate = o->rate != 0 ? o->rate : 20;
    o->connect_ms = o->connect_ms ? o->connect_ms : 10000;
    o->total_ms = o->total_ms ? o->total_ms : 30000;
    o->tries = o->tries ? o->tries : 4;
    o->pause_ms = o->pause_ms ? o->pause_ms : 1000;
    o->longest_pause_ms = o->longest_pause_ms ? o->longest_pause_ms : 30000;
    if (!is_language(o->language) || (o->second_language && *o->second_language && !is_language(o->second_language)))
        return kino_fail(err, KINO_USAGE, "a language of TMDB is like en-US");
    if (o->max_in_flight < 1 || o->max_in_flight > 8 || !(o->rate > 0 && o->rate <= 1000) || o->connect_ms < 0 ||
        o->total_ms < 0 || o->tries < 1 || o->pause_ms < 0 || o->longest_pause_ms < 0)
        return kino_fail(err, KINO_USAGE, "an option of TMDB is out of its range");
    return KINO_OK;
}

kino_status kino_tmdb_open(const kino_tmdb_options *opt, kino_tmdb **out, kino_error *err)
{
    kino_tmdb_options o = *opt;
    kino_transport *transport = NULL;
    kino_status st = fill_in(&o, err);
    if (st)
        return st;
    char *key = kino_secret_new(KINO_TMDB_KEY_SIZE);
    if (!o.credential) {
        st = kino_tmdb_credential(o.key_file, key, err);
        o.credential = key;
    } else if (kino_tmdb_key_kind_of(o.credential) == KINO_TMDB_NO_KEY) {
        st = kino_fail(err, KINO_USAGE, "this is no key of TMDB");
    }
    if (!st)
        st = kino_transport_open(&o, &transport, err);
    kino_secret_free(key, KINO_TMDB_KEY_SIZE);
    if (st)
        return st;
    kino_tmdb *t = kino_alloc(sizeof *t);
    t->transport = transport;
    t->language = kino_strdup(o.language);
    t->second_language = o.second_language ? kino_strdup(o.second_language) : NULL;
    *out = t;
    return KINO_OK;
}

void kino_tmdb_close(kino_tmdb *t)
{
    if (!t)
        return;
    kino_transport_close(t->transport);
    free(t->language);
    free(t->second_language);
    free(t);
}

void kino_tmdb_set_budget(kino_tmdb *t, int ms)
{
    kino_transport_set_budget(t->transport, ms > 0 ? ms : 0);
}

const char *kino_tmdb_path(kino_arena *a, const char *path, const char *value, size_t n, const char *language)
{
    kino_buffer b = {0};
    kino_buffer_put(&b, path, strlen(path));
    if (value)
        kino_put_escaped(&b, value, n);
    if (language)
        kino_buffer_print(&b, "%clanguage=%s", strchr(b.data, '?') ? '&' : '?', language);
    const char *out = kino_arena_strndup(a, b.data, b.size);
    free(b.data);
    return out;
}

bool kino_tmdb_same_language(const char *a, const char *b)
{
    size_t n = strcspn(a, "-");
    return n == strcspn(b, "-") && !memcmp(a, b, n);
}

kino_status kino_tmdb_outcome(const kino_request *r, kino_error *err)
{
    return r->status ? kino_fail(err, r->status, "%s", r->problem) : KINO_OK;
}
