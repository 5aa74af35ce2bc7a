/* address.c - addresses taken apart by libcurl. */
#include "net/http/address.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* One part of an address, or NULL; freed with curl->free. */
static char *part(const kino_curl *curl, CURLU *u, CURLUPart which, unsigned how)
{
    char *s = NULL;
    return curl->url_get(u, which, &s, how) ? NULL : s;
}

static bool has(const kino_curl *curl, CURLU *u, CURLUPart which)
{
    char *s = part(curl, u, which, 0);
    curl->free(s);
    return s != NULL;
}

static bool is_local(const char *host)
{
    return !strcasecmp(host, "localhost") || !strcmp(host, "127.0.0.1") || !strcmp(host, "[::1]");
}

/* "host:port" in small letters, NULL for an address without one; freed with free(). *local, *secure as it says. */
static char *authority_of(const kino_curl *curl, CURLU *u, bool *local, bool *secure)
{
    char *scheme = part(curl, u, CURLUPART_SCHEME, 0), *host = part(curl, u, CURLUPART_HOST, 0),
         *port = part(curl, u, CURLUPART_PORT, CURLU_DEFAULT_PORT), *out = NULL;
    bool foreign = has(curl, u, CURLUPART_USER) || has(curl, u, CURLUPART_PASSWORD);
    if (scheme && host && *host && port && !foreign && (!strcmp(scheme, "https") || !strcmp(scheme, "http"))) {
        size_t size = strlen(host) + strlen(port) + 2;
        out = kino_alloc(size);
        snprintf(out, size, "%s:%s", host, port);
        for (char *p = out; *p; p++)
            if (*p >= 'A' && *p <= 'Z')
                *p = (char)(*p + 32);
        *local = is_local(host);
        *secure = !strcmp(scheme, "https");
    }
    curl->free(scheme);
    curl->free(host);
    curl->free(port);
    return out;
}

bool kino_address_read(const kino_curl *curl, kino_address *a, const char *url)
{
    CURLU *u = curl->url();
    size_t n = strlen(url);
    memset(a, 0, sizeof *a);
    if (u && !curl->url_set(u, CURLUPART_URL, url, 0) && !has(curl, u, CURLUPART_QUERY) &&
        !has(curl, u, CURLUPART_FRAGMENT))
        a->authority = authority_of(curl, u, &a->local, &a->secure);
    if (u)
        curl->url_cleanup(u);
    if (!a->authority)
        return false;
    while (n && url[n - 1] == '/')
        n--;
    a->base = kino_strdup(url);
    a->base[n] = 0;
    return true;
}

void kino_address_free(kino_address *a)
{
    free(a->base);
    free(a->authority);
}

bool kino_address_allows(const kino_curl *curl, const char *const *authorities, size_t count, const char *url)
{
    CURLU *u = curl->url();
    bool local = false, secure = false, allowed = false;
    char *authority = u && !curl->url_set(u, CURLUPART_URL, url, 0) ? authority_of(curl, u, &local, &secure) : NULL;
    for (size_t i = 0; authority && secure && !allowed && i < count; i++)
        allowed = !strcmp(authority, authorities[i]);
    free(authority);
    if (u)
        curl->url_cleanup(u);
    return allowed;
}

void kino_put_escaped(kino_buffer *b, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char c = text[i];
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || strchr("-._~", c ? c : '%'))
            kino_buffer_byte(b, c);
        else
            kino_buffer_print(b, "%%%02X", (unsigned)(unsigned char)c);
    }
}
