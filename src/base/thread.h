/* thread.h - one queue of equal tasks, one worker a core. */
#ifndef KINO_BASE_THREAD_H
#define KINO_BASE_THREAD_H

#include <stddef.h>

/* The number of cores this process may use, or `wanted` when it is positive; 1 to KINO_MAX_THREADS. */
#define KINO_MAX_THREADS 256
int kino_thread_count(int wanted);

/* Calls task(ctx, i, worker) once for each i in [0, count), from `threads` threads (the caller is one), i in
 * increasing order of start; worker is in [0, threads). Returns when all are done. A task decides by i alone what it
 * does and where it writes, so that results do not depend on the thread count. */
void kino_parallel(int threads, size_t count, void (*task)(void *ctx, size_t i, int worker), void *ctx);

#endif
