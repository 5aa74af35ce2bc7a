/* guard.h - what happens when a file that is mapped is cut while it is read.
 *
 * kino's own programs replace files by rename, which leaves the old one to those who read it. Others write into a file
 * where it lies (`cp`): the pages behind the new end are gone, and the first look at one raises SIGBUS.
 *
 *     kino_guard_install();
 *     if (!kino_guarded(answer, &request))
 *         give_up(catalogue);                    // what it holds is never used again, nor freed
 *
 * The call is left where it stands: its memory is lost, and a lock that it holds stays locked. So it takes no lock while
 * it reads what is mapped, but one of the handle that is given up. */
#ifndef KINO_SERVE_GUARD_H
#define KINO_SERVE_GUARD_H

#include <stdbool.h>

/* For the whole process. A thread that is not inside kino_guarded dies of SIGBUS as before. */
void kino_guard_install(void);

/* Calls; false if the call was left since it read what is no longer there. */
bool kino_guarded(void (*call)(void *ctx), void *ctx);

#endif
