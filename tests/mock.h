/* mock.h - starts mock_tmdb.py as a child and asks it what it has seen. Linked into one test program by inclusion. */
#ifndef KINO_TESTS_MOCK_H
#define KINO_TESTS_MOCK_H

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#define MOCK_V3 "0123456789abcdef0123456789abcdef"
#define MOCK_V4 "eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl"

typedef struct mock {
    pid_t child;
    int input, port, control; /* closing the input ends the child */
    char url[64];
} mock;

/* False where there is no python3. Certificate and key NULL: plain HTTP. */
static bool mock_start(mock *m, const char *certificate, const char *key)
{
    int in[2], out[2];
    memset(m, 0, sizeof *m);
    if (pipe(in) || pipe(out))
        return false;
    fcntl(in[1], F_SETFD, FD_CLOEXEC); /* another mock must not keep this one's input open */
    m->child = fork();
    if (m->child == 0) {
        dup2(in[0], 0);
        dup2(out[1], 1);
        close(in[0]), close(in[1]), close(out[0]), close(out[1]);
        execlp("python3", "python3", "tests/mock_tmdb.py", certificate ? "--tls" : NULL, certificate, key,
               (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    m->input = in[1];
    FILE *ports = fdopen(out[0], "r");
    bool started = fscanf(ports, "%d %d", &m->port, &m->control) == 2;
    fclose(ports);
    snprintf(m->url, sizeof m->url, "http%s://127.0.0.1:%d/3", certificate ? "s" : "", m->port);
    if (!started) {
        close(m->input);
        waitpid(m->child, NULL, 0);
        m->child = 0;
    }
    return started;
}

static void mock_stop(mock *m)
{
    if (m->child <= 0)
        return;
    close(m->input);
    waitpid(m->child, NULL, 0);
    m->child = 0;
}

/* The answer to GET `what` ("/_count"), which the next call overwrites. */
static const char *mock_ask(const mock *m, const char *what)
{
    static char answer[1 << 16];
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)m->control)};
    size_t n = 0;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    *answer = 0;
    if (!connect(fd, (struct sockaddr *)&to, sizeof to)) {
        dprintf(fd, "GET %s HTTP/1.0\r\n\r\n", what);
        ssize_t got;
        do {
            got = read(fd, answer + n, sizeof answer - 1 - n);
            n += got > 0 ? (size_t)got : 0;
        } while (got > 0);
        answer[n] = 0;
    }
    close(fd);
    const char *body = strstr(answer, "\r\n\r\n");
    return body ? body + 4 : "";
}

static int mock_count(const mock *m)
{
    return atoi(mock_ask(m, "/_count"));
}

#endif
