/* door.c - opens the socket at an address or a path, or takes over a given one, and accepts connections. */
#define _GNU_SOURCE
#include "serve/door.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/status.h"

enum {
    LOOK_MS = 250, /* between two looks at whether the door is to be closed */
    /* Bytes of an answer that the system takes before the client does. By itself it takes 4 MB, of each connection. */
    SENT_AHEAD = 128 << 10,
};

bool kino_door_open_given(kino_door *d)
{
    const char *pid = getenv("LISTEN_PID"), *count = getenv("LISTEN_FDS");
    const bool given = pid && count && atol(pid) == (long)getpid() && atoi(count) >= 1;
    if (given)
        d->listening = 3;
    return given;
}

kino_status kino_door_open_address(kino_door *d, const char *host, int *port, kino_error *err)
{
    struct sockaddr_in6 six = {.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)*port)};
    struct sockaddr_in four = {.sin_family = AF_INET, .sin_port = htons((uint16_t)*port)};
    const bool is_four = inet_pton(AF_INET, host, &four.sin_addr) == 1;
    const int yes = 1;
    if (!is_four && inet_pton(AF_INET6, host, &six.sin6_addr) != 1)
        return kino_fail(err, KINO_USAGE, "--bind takes an address such as 127.0.0.1, 0.0.0.0 or ::1, not \"%s\"",
                         host);
    struct sockaddr *address = is_four ? (struct sockaddr *)&four : (struct sockaddr *)&six;
    socklen_t length = is_four ? sizeof four : sizeof six;
    int fd = socket(address->sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return kino_fail_errno(err, KINO_FAILED, "no socket");
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (bind(fd, address, length) || listen(fd, SOMAXCONN)) {
        kino_fail_errno(err, KINO_FAILED, "cannot listen on %s port %d", host, *port);
        close(fd);
        return KINO_FAILED;
    }
    if (!getsockname(fd, address, &length))
        *port = ntohs(is_four ? four.sin_port : six.sin6_port);
    d->listening = fd;
    return KINO_OK;
}

kino_status kino_door_open_path(kino_door *d, const char *path, kino_error *err)
{
    struct sockaddr_un name = {.sun_family = AF_UNIX};
    struct stat old;
    if (strlen(path) >= sizeof name.sun_path)
        return kino_fail(err, KINO_USAGE, "--socket: the path is longer than %zu bytes", sizeof name.sun_path - 1);
    strcpy(name.sun_path, path);
    if (!lstat(path, &old) && S_ISSOCK(old.st_mode))
        unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&name, sizeof name) || listen(fd, SOMAXCONN)) {
        kino_fail_errno(err, KINO_FAILED, "cannot listen on %s", path);
        if (fd >= 0)
            close(fd);
        return KINO_FAILED;
    }
    d->listening = fd;
    d->own_path = true;
    return KINO_OK;
}

uint64_t kino_client_of(const struct sockaddr *address)
{
    uint64_t client = 0;
    if (address->sa_family == AF_INET) {
        memcpy(&client, &((const struct sockaddr_in *)(const void *)address)->sin_addr, 4);
        client |= UINT64_C(1) << 32;
    } else if (address->sa_family == AF_INET6) {
        const struct in6_addr *six = &((const struct sockaddr_in6 *)(const void *)address)->sin6_addr;
        if (IN6_IS_ADDR_V4MAPPED(six))
            memcpy(&client, six->s6_addr + 12, 4);
        else
            memcpy(&client, six->s6_addr, 8);
        client |= UINT64_C(1) << 32;
    }
    return client;
}

static void let_in(kino_door *d, int fd, const struct sockaddr *address, socklen_t length)
{
    const uint64_t client = kino_client_of(address);
    const int sent_ahead = SENT_AHEAD;
    size_t of_client = 0;
    const size_t count = kino_visits_count(d->visits, client, &of_client);
    if (client && of_client >= d->most_of_client)
        kino_turn_away(fd, "429 Too Many Requests", "too_many", "this address has too many connections open");
    else if (count >= d->most)
        kino_turn_away(fd, "503 Service Unavailable", "busy", "too many connections are open");
    else {
        setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &sent_ahead, sizeof sent_ahead);
        d->enter(d->ctx, fd, address, length);
        return;
    }
    close(fd);
}

static void *watch(void *ctx)
{
    kino_door *d = ctx;
    while (!d->closing) {
        struct pollfd p = {.fd = d->listening, .events = POLLIN};
        if (poll(&p, 1, LOOK_MS) <= 0)
            continue;
        struct sockaddr_storage address = {0};
        socklen_t length = sizeof address;
        int fd = accept4(d->listening, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            let_in(d, fd, (struct sockaddr *)&address, length);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL); /* until somebody has gone */
    }
    return NULL;
}

kino_status kino_door_watch(kino_door *d, kino_error *err)
{
    fcntl(d->listening, F_SETFL, fcntl(d->listening, F_GETFL) | O_NONBLOCK);
    errno = pthread_create(&d->thread, NULL, watch, d);
    if (errno)
        return kino_fail_errno(err, KINO_FAILED, "no thread");
    d->watched = true;
    return KINO_OK;
}

void kino_door_close(kino_door *d)
{
    d->closing = true;
    if (d->watched)
        pthread_join(d->thread, NULL);
    if (d->listening > 0)
        close(d->listening);
}
