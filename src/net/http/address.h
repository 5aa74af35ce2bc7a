/* address.h - where requests may go. Redirects and base addresses are text of a stranger or a user, so
 * whatever is not plainly allowed is refused. */
#ifndef KINO_NET_ADDRESS_H
#define KINO_NET_ADDRESS_H

#include "base/alloc.h"
#include "net/http/curl.h"

typedef struct kino_address {
    char *base;      /* "https://api.themoviedb.org/3", no slash at the end */
    char *authority; /* "api.themoviedb.org:443" */
    bool local;      /* this machine: no proxy is asked, and http is allowed */
    bool secure;     /* https */
} kino_address;

/* False if the text is no address of http or https, or has a user, query or fragment. */
bool kino_address_read(const kino_curl *curl, kino_address *a, const char *url);
void kino_address_free(kino_address *a);

/* Whether `url` is https, without a user, at one of the authorities. */
bool kino_address_allows(const kino_curl *curl, const char *const *authorities, size_t count, const char *url);

/* Appends text as the value of a query: all but letters, digits and -._~ as %XX. */
void kino_put_escaped(kino_buffer *b, const char *text, size_t n);

#endif
