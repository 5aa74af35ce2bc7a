/* tasks.h - work that waits, for the network or for a lock, in a few threads of its own and in a queue with an end.
 *
 *     kino_tasks *t = kino_tasks_open(4, 16);
 *     if (!kino_tasks_add(t, learn, &film))        // later: learn(&film, false)
 *         say("too much to do");
 *     kino_tasks_close(t);                         // what still waits: learn(&film, true)
 *
 * A thread that answers requests must never wait: every reader behind it would wait with it. Any thread may call. */
#ifndef KINO_SERVE_TASKS_H
#define KINO_SERVE_TASKS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct kino_tasks kino_tasks;
/* stopping: there is no time left for it, it only has to say so. */
typedef void (*kino_task_call)(void *ctx, bool stopping);

/* So many threads, and at most so many tasks that wait for one. NULL if not even one thread can be had. */
kino_tasks *kino_tasks_open(size_t threads, size_t most_waiting);
/* False: the queue is at its end, or was stopped; nothing will be called. */
bool kino_tasks_add(kino_tasks *t, kino_task_call call, void *ctx);
size_t kino_tasks_waiting(kino_tasks *t);
/* Waits for the tasks that have begun; each of the others is called to stop, and no more are taken. NULL is fine. */
void kino_tasks_stop(kino_tasks *t);
void kino_tasks_close(kino_tasks *t); /* stops, and frees; NULL is fine */

#endif
