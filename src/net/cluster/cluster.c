/* cluster.c - opening and closing: hosts, secrets, libcurl's handles. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/base64.h"
#include "base/bytes.h"
#include "base/status.h"
#include "net/cluster/parts.h"
#include "net/http/pace.h"

enum {
    LARGEST_ANSWER = 256 << 20,
    LARGEST_SECRET = 4096,
    CONNECT_MS = 2000,
};

/* ---- hosts ---- */

static kino_status add_host(kino_cluster *c, const char *url, kino_error *err)
{
    if (c->host_count == KINO_CLUSTER_HOSTS)
        return kino_fail(err, KINO_USAGE, "a cluster of more than %d hosts: name some of them", KINO_CLUSTER_HOSTS);
    if (!kino_address_read(c->curl, &c->hosts[c->host_count].address, url))
        return kino_fail(err, KINO_USAGE,
                         "\"%.200s\" is no address of a cluster's host, such as http://10.0.0.1:9200 "
                         "(user and password belong into $KINO_BACKEND_USER and $KINO_BACKEND_PASSWORD)",
                         strchr(url, '@') ? "..." : url);
    c->host_count++;
    return KINO_OK;
}

static kino_status add_hosts(kino_cluster *c, const char *urls, kino_error *err)
{
    char *copy = kino_strdup(urls), *rest = NULL;
    kino_status st = KINO_OK;
    for (char *url = strtok_r(copy, ", ", &rest); url && !st; url = strtok_r(NULL, ", ", &rest))
        st = add_host(c, url, err);
    free(copy);
    if (!st && !c->host_count)
        st = kino_fail(err, KINO_USAGE, "no host of a cluster is named");
    return st;
}

/* ---- secrets ---- */

/* The first line of a file that is its owner's alone. */
static kino_status read_secret(const char *path, char out[LARGEST_SECRET], kino_error *err)
{
    struct stat about;
    kino_status st = KINO_OK;
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return kino_fail_errno(err, errno == ENOENT ? KINO_NOT_FOUND : KINO_FAILED, "%s: cannot be read", path);
    ssize_t n = 0;
    if (fstat(fd, &about) || !S_ISREG(about.st_mode))
        st = kino_fail(err, KINO_USAGE, "%s: the cluster's password or key must be in a regular file", path);
    else if (about.st_mode & 077)
        st = kino_fail(err, KINO_FAILED, "%s: others may read it; run: chmod 600 %s", path, path);
    else
        n = read(fd, out, LARGEST_SECRET - 1);
    if (n < 0)
        st = kino_fail_errno(err, KINO_FAILED, "%s: cannot be read", path);
    close(fd);
    out[st ? 0 : n] = 0;
    out[strcspn(out, "\r\n")] = 0;
    if (!st && !*out)
        st = kino_fail(err, KINO_USAGE, "%s: holds neither user:password nor a key", path);
    return st;
}

static bool is_one_line(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || *text == 0x7f)
            return false;
    return true;
}

/* "user:password" or a key into the header that says it; "": none. */
static kino_status find_secret(const char *file, char out[LARGEST_SECRET], kino_error *err)
{
    const char *user = getenv("KINO_BACKEND_USER"), *password = getenv("KINO_BACKEND_PASSWORD"),
               *key = getenv("KINO_BACKEND_API_KEY");
    int n = 0;
    *out = 0;
    if (file)
        return read_secret(file, out, err);
    if (key && *key)
        n = snprintf(out, LARGEST_SECRET, "%s", key);
    else if (user && *user)
        n = snprintf(out, LARGEST_SECRET, "%s:%s", user, password ? password : "");
    if (n >= LARGEST_SECRET || !is_one_line(out))
        return kino_fail(err, KINO_USAGE, "the cluster's password or key in the environment is no single line of text");
    return KINO_OK;
}

static kino_status set_secret(kino_cluster *c, const char *file, kino_error *err)
{
    char secret[LARGEST_SECRET];
    kino_buffer line = {0};
    kino_status st = find_secret(file, secret, err);
    for (size_t i = 0; !st && *secret && i < c->host_count; i++)
        if (!c->hosts[i].address.secure && !c->hosts[i].address.local)
            st = kino_fail(err, KINO_USAGE, "%s: a password or key would cross the network in the clear; use https",
                           c->hosts[i].address.authority);
    if (!st && *secret) {
        kino_buffer_print(&line, "Authorization: %s ", strchr(secret, ':') ? "Basic" : "ApiKey");
        if (strchr(secret, ':'))
            kino_put_base64(&line, secret, strlen(secret));
        else
            kino_buffer_print(&line, "%s", secret);
        c->secret = line.data;
    }
    kino_wipe(secret, sizeof secret);
    return st;
}

static bool set_headers(kino_cluster *c)
{
    const char *const lines[] = {"Content-Type: application/json", "Accept: application/json", "Expect:", c->secret};
    for (size_t i = 0; i < sizeof lines / sizeof *lines && lines[i]; i++) {
        struct curl_slist *more = c->curl->slist_append(c->headers, lines[i]);
        if (!more)
            return false;
        c->headers = more;
    }
    return true;
}

/* ---- lanes ---- */

static size_t take_answer(char *bytes, size_t one, size_t n, void *ctx)
{
    kino_line *l = ctx;
    if (one * n > LARGEST_ANSWER - l->answer->size) {
        l->too_large = true;
        return 0;
    }
    kino_buffer_put(l->answer, bytes, one * n);
    return one * n;
}

static void free_lane(const kino_curl *curl, kino_lane *lane)
{
    for (size_t i = 0; i < KINO_CLUSTER_IN_FLIGHT; i++) {
        if (lane->lines[i].easy)
            curl->easy_cleanup(lane->lines[i].easy);
        free(lane->lines[i].url.data);
    }
    if (lane->multi)
        curl->multi_cleanup(lane->multi);
    free(lane);
}

static bool line_init(const kino_cluster *c, kino_line *l)
{
    const kino_curl *curl = c->curl;
    l->call = SIZE_MAX;
    l->easy = curl->easy_init();
    if (!l->easy)
        return false;
    curl->easy_setopt(l->easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl->easy_setopt(l->easy, CURLOPT_WRITEDATA, l);
    curl->easy_setopt(l->easy, CURLOPT_USERAGENT, "kino/" KINO_VERSION);
    curl->easy_setopt(l->easy, CURLOPT_HTTPHEADER, c->headers);
    curl->easy_setopt(l->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
    curl->easy_setopt(l->easy, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl->easy_setopt(l->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl->easy_setopt(l->easy, CURLOPT_NOSIGNAL, 1L);
    if (c->ca_file)
        curl->easy_setopt(l->easy, CURLOPT_CAINFO, c->ca_file);
    return true;
}

kino_status kino_cluster_take_lane(kino_cluster *c, kino_lane **out, kino_error *err)
{
    pthread_mutex_lock(&c->lock);
    kino_lane *lane = c->idle;
    if (lane)
        c->idle = lane->next;
    pthread_mutex_unlock(&c->lock);
    if (!lane) {
        lane = kino_alloc(sizeof *lane);
        bool made = (lane->multi = c->curl->multi_init()) != NULL;
        for (size_t i = 0; made && i < KINO_CLUSTER_IN_FLIGHT; i++)
            made = line_init(c, &lane->lines[i]);
        if (!made) {
            free_lane(c->curl, lane);
            return kino_fail(err, KINO_FAILED, "libcurl does not start");
        }
    }
    *out = lane;
    return KINO_OK;
}

void kino_cluster_give_lane(kino_cluster *c, kino_lane *lane)
{
    pthread_mutex_lock(&c->lock);
    lane->next = c->idle;
    c->idle = lane;
    pthread_mutex_unlock(&c->lock);
}

/* ---- the handle ---- */

kino_status kino_cluster_open(const kino_cluster_options *opt, kino_cluster **out, kino_error *err)
{
    const char *ca = opt->ca_file ? opt->ca_file : getenv("KINO_BACKEND_CA");
    kino_cluster *c = kino_alloc(sizeof *c);
    pthread_mutex_init(&c->lock, NULL);
    c->cancel = opt->cancel;
    c->random = kino_mix((uint64_t)(kino_clock_ms() * 1e6) ^ (uint64_t)(uintptr_t)c);
    c->next_host = c->random >> 32;
    kino_status st = kino_curl_load(&c->curl, err);
    if (!st)
        st = add_hosts(c, opt->urls, err);
    if (!st)
        st = set_secret(c, opt->auth_file, err);
    if (!st && ca && *ca) {
        c->ca_file = kino_strdup(ca);
        if (access(ca, R_OK))
            st = kino_fail_errno(err, KINO_NOT_FOUND, "%s: the certificates cannot be read", ca);
    }
    if (!st && !set_headers(c))
        st = kino_fail(err, KINO_FAILED, "libcurl does not start");
    if (st)
        kino_cluster_close(c);
    else
        *out = c;
    return st;
}

void kino_cluster_close(kino_cluster *c)
{
    if (!c)
        return;
    while (c->idle) {
        kino_lane *lane = c->idle;
        c->idle = lane->next;
        free_lane(c->curl, lane);
    }
    for (struct curl_slist *h = c->headers; h; h = h->next)
        kino_wipe(h->data, strlen(h->data));
    if (c->headers)
        c->curl->slist_free_all(c->headers);
    if (c->secret)
        kino_wipe(c->secret, strlen(c->secret));
    for (size_t i = 0; i < c->host_count; i++)
        kino_address_free(&c->hosts[i].address);
    pthread_mutex_destroy(&c->lock);
    free(c->secret);
    free(c->ca_file);
    free(c);
}

void kino_calls_free(kino_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(calls[i].answer.data);
        calls[i].answer = (kino_buffer){0};
    }
}
