/* app.c - signals, and what is done when an answer is out. */
#include "app/shared/app.h"

#include <stdio.h>

/* The one global: a signal handler can reach nothing else. */
static volatile sig_atomic_t interrupted;

static void on_signal(int number)
{
    (void)number;
    interrupted = 1;
}

const volatile sig_atomic_t *app_interrupted(void)
{
    return &interrupted;
}

void app_catch_signals(void)
{
    /* SA_RESETHAND: the second one finds the default action, which kills. No SA_RESTART: a read is to be left. */
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = (int)SA_RESETHAND}, inherited;
    sigemptyset(&action.sa_mask);
    if (!sigaction(SIGINT, NULL, &inherited) && inherited.sa_handler != SIG_IGN) /* else: put into the background */
        sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void app_update_index(kino *k)
{
    fflush(stdout);
    kino_reindex_if_stale(k);
}
