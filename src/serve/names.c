/* names.c - reads hosts, origins and addresses of proxies. Whatever is not plainly right is refused. */
#include "serve/names.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/status.h"

enum { ALL_BITS = 128, MAPPED_BITS = 96 }; /* ::ffff:0:0/96 are the IPv4 addresses */

/* ---- addresses ---- */

static void map_four(const void *four, unsigned char out[16])
{
    memset(out, 0, 10);
    memset(out + 10, 0xff, 2);
    memcpy(out + 12, four, 4);
}

static bool read_address(const char *text, unsigned char out[16], bool *is_four)
{
    struct in_addr four;
    *is_four = inet_pton(AF_INET, text, &four) == 1;
    if (*is_four)
        map_four(&four, out);
    return *is_four || inet_pton(AF_INET6, text, out) == 1;
}

/* False for a Unix socket. */
static bool address_of(const struct sockaddr *a, unsigned char out[16])
{
    if (a && a->sa_family == AF_INET)
        map_four(&((const struct sockaddr_in *)(const void *)a)->sin_addr, out);
    else if (a && a->sa_family == AF_INET6)
        memcpy(out, &((const struct sockaddr_in6 *)(const void *)a)->sin6_addr, 16);
    else
        return false;
    return true;
}

static bool is_four(const unsigned char address[16])
{
    static const unsigned char prefix[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    return !memcmp(address, prefix, sizeof prefix);
}

static void print_address(const unsigned char address[16], char out[KINO_ADDRESS_SIZE])
{
    if (is_four(address))
        inet_ntop(AF_INET, address + 12, out, KINO_ADDRESS_SIZE);
    else
        inet_ntop(AF_INET6, address, out, KINO_ADDRESS_SIZE);
}

static bool is_inside(const kino_network *n, const unsigned char address[16])
{
    if (n->bits < 0 || memcmp(n->address, address, (size_t)n->bits / 8))
        return false;
    const int rest = n->bits % 8, at = n->bits / 8;
    return !rest || !((n->address[at] ^ address[at]) >> (8 - rest));
}

static bool is_trusted(const kino_names *n, const unsigned char *address)
{
    for (size_t i = 0; i < n->proxy_count; i++)
        if (address ? is_inside(&n->proxies[i], address) : n->proxies[i].bits < 0)
            return true;
    return false;
}

static bool read_network(const char *text, kino_network *out)
{
    char address[KINO_ADDRESS_SIZE];
    const size_t n = strcspn(text, "/");
    bool four = false;
    if (!strcmp(text, "unix")) {
        out->bits = -1;
        return true;
    }
    if (n >= sizeof address)
        return false;
    memcpy(address, text, n);
    address[n] = 0;
    if (!read_address(address, out->address, &four))
        return false;
    const int least = four ? MAPPED_BITS : 0;
    out->bits = ALL_BITS;
    if (!text[n])
        return true;
    const char *bits = text + n + 1;
    if (!*bits || strlen(bits) > 3 || bits[strspn(bits, "0123456789")])
        return false;
    out->bits = least + atoi(bits);
    return out->bits <= ALL_BITS;
}

kino_status kino_names_init(kino_names *n, const char *const *hosts, size_t host_count, const char *const *proxies,
                            size_t proxy_count, kino_error *err)
{
    *n = (kino_names){.hosts = hosts, .host_count = host_count};
    if (proxy_count > KINO_MOST_PROXIES)
        return kino_fail(err, KINO_USAGE, "--trust-proxy takes at most %d addresses", KINO_MOST_PROXIES);
    for (size_t i = 0; i < proxy_count; i++)
        if (!read_network(proxies[i], &n->proxies[n->proxy_count++]))
            return kino_fail(err, KINO_USAGE,
                             "--trust-proxy takes addresses such as 127.0.0.1, 10.0.0.0/8 or ::1, or unix, not \"%s\"",
                             proxies[i]);
    for (size_t i = 0; i < host_count; i++)
        if (hosts[i][strcspn(hosts[i], "/:@ ")])
            return kino_fail(err, KINO_USAGE, "--host takes a name such as films.example, without a port, not \"%s\"",
                             hosts[i]);
    return KINO_OK;
}

void kino_names_bound(kino_names *n, int listening)
{
    struct sockaddr_storage own = {0};
    socklen_t length = sizeof own;
    n->of_address = !getsockname(listening, (struct sockaddr *)&own, &length) &&
                    address_of((const struct sockaddr *)&own, n->bound);
    if (n->of_address && is_four(n->bound) && !memcmp(n->bound + 12, "\0\0\0\0", 4)) /* 0.0.0.0 */
        memset(n->bound, 0, sizeof n->bound);
}

/* ---- hosts ---- */

/* The name without port, brackets and the dot at its end. False for what is no host. */
static bool name_of(const char *host, char out[KINO_HOST_SIZE])
{
    const bool bracket = *host == '[';
    const size_t n = strcspn(host + bracket, bracket ? "]" : ":");
    const char *rest = host + bracket + n;
    if (!n || n >= KINO_HOST_SIZE || (bracket && *rest++ != ']'))
        return false;
    if (*rest && (*rest != ':' || rest[1 + strspn(rest + 1, "0123456789")]))
        return false;
    memcpy(out, host + bracket, n);
    out[n] = 0;
    if (n > 1 && out[n - 1] == '.')
        out[n - 1] = 0;
    return true;
}

static bool is_loopback(const unsigned char address[16])
{
    static const unsigned char one[16] = {[15] = 1};
    return !memcmp(address, one, 16) || (is_four(address) && address[12] == 127);
}

bool kino_names_allow(const kino_names *n, const char *host)
{
    static const unsigned char any[16];
    char name[KINO_HOST_SIZE];
    unsigned char address[16];
    bool four;
    if (!name_of(host, name))
        return false;
    for (size_t i = 0; i < n->host_count; i++)
        if (!strcasecmp(name, n->hosts[i]))
            return true;
    if (!strcasecmp(name, "localhost") || (!n->of_address && !n->host_count))
        return true;
    /* An address is nobody's name: of all addresses each is right. */
    return n->of_address && read_address(name, address, &four) &&
           (is_loopback(address) || !memcmp(n->bound, any, 16) || !memcmp(n->bound, address, 16));
}

/* ---- callers ---- */

/* The last value of a list with commas, which the nearest proxy has written; the list ends before it then. */
static bool take_last(const char *list, size_t *n, char *out, size_t room)
{
    while (*n && strchr(" \t,", list[*n - 1]))
        --*n;
    size_t from = *n;
    while (from && list[from - 1] != ',')
        from--;
    size_t start = from;
    while (start < *n && strchr(" \t", list[start]))
        start++;
    const size_t length = *n - start;
    *n = from;
    if (!length || length >= room)
        return false;
    memcpy(out, list + start, length);
    out[length] = 0;
    return true;
}

/* The first address from the right that is no proxy's. */
static void client_of(const kino_names *n, const char *forwarded_for, char out[KINO_ADDRESS_SIZE])
{
    size_t left = strlen(forwarded_for);
    char text[KINO_ADDRESS_SIZE];
    unsigned char address[16];
    bool four;
    while (take_last(forwarded_for, &left, text, sizeof text) && read_address(text, address, &four)) {
        print_address(address, out);
        if (!is_trusted(n, address))
            return;
    }
}

void kino_names_caller(const kino_names *n, const struct sockaddr *peer, const kino_claims *claims, kino_caller *out)
{
    unsigned char address[16];
    const bool known = address_of(peer, address);
    char host[KINO_HOST_SIZE], proto[8];
    size_t hosts = strlen(claims->forwarded_host), protos = strlen(claims->forwarded_proto);
    *out = (kino_caller){.address = "-"};
    if (known)
        print_address(address, out->address);
    if (strlen(claims->host) < sizeof out->host)
        strcpy(out->host, claims->host);
    if (!is_trusted(n, known ? address : NULL))
        return;
    client_of(n, claims->forwarded_for, out->address);
    if (take_last(claims->forwarded_host, &hosts, host, sizeof host))
        strcpy(out->host, host);
    out->secure = take_last(claims->forwarded_proto, &protos, proto, sizeof proto) && !strcasecmp(proto, "https");
}

/* The length of a host without the port that the scheme has anyway. */
static size_t without_usual_port(const char *host, bool secure)
{
    const char *port = secure ? ":443" : ":80";
    const size_t n = strlen(host), p = strlen(port);
    return n > p && !strcmp(host + n - p, port) ? n - p : n;
}

bool kino_origin_is_own(const kino_caller *who, const char *origin)
{
    const char *scheme = who->secure ? "https://" : "http://";
    const size_t n = strlen(scheme);
    if (!*origin)
        return true;
    if (strncasecmp(origin, scheme, n))
        return false;
    const size_t theirs = without_usual_port(origin + n, who->secure), own = without_usual_port(who->host, who->secure);
    return own && theirs == own && !strncasecmp(origin + n, who->host, own);
}
