/* sigpipe.h - a connection that the other side has closed must not end the process, and a program's own handlers are
 * not ours to change: SIGPIPE waits while we send, and is then dropped unless it was waiting before. */
#ifndef KINO_NET_SIGPIPE_H
#define KINO_NET_SIGPIPE_H

#include <signal.h>
#include <stdbool.h>

typedef struct kino_sigpipe {
    sigset_t before;
    bool waited;
} kino_sigpipe;

void kino_sigpipe_hold(kino_sigpipe *s);
void kino_sigpipe_release(const kino_sigpipe *s);

#endif
