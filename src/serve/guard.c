/* guard.c - a signal handler that jumps back to where its own thread entered the guard. */
#include "serve/guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

/* Each thread's own; a signal handler can reach nothing else. */
static _Thread_local sigjmp_buf *volatile entered;

static void on_fault(int number)
{
    if (entered)
        siglongjmp(*entered, 1);
    signal(number, SIG_DFL); /* the instruction is repeated, and now it kills */
}

void kino_guard_install(void)
{
    /* SA_NODEFER: the handler is left by a jump, and the signal has to come through again. */
    struct sigaction action = {.sa_handler = on_fault, .sa_flags = SA_NODEFER};
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

bool kino_guarded(void (*call)(void *ctx), void *ctx)
{
    sigjmp_buf here;
    if (sigsetjmp(here, 0)) {
        entered = NULL;
        return false;
    }
    entered = &here;
    call(ctx);
    entered = NULL;
    return true;
}
