/* sigpipe.c - SIGPIPE is held back from a thread while it uses the network, and given back as it was. */
#include "net/http/sigpipe.h"

#include <pthread.h>
#include <stddef.h>

void kino_sigpipe_hold(kino_sigpipe *s)
{
    sigset_t pipe, pending;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    s->waited = sigismember(&pending, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, &s->before);
}

void kino_sigpipe_release(const kino_sigpipe *s)
{
    sigset_t pipe, pending;
    int which;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    sigpending(&pending);
    if (!s->waited && sigismember(&pending, SIGPIPE))
        sigwait(&pipe, &which);
    pthread_sigmask(SIG_SETMASK, &s->before, NULL);
}
