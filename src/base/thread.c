/* thread.c - a loop over tasks that several threads share. */
#define _GNU_SOURCE
#include "base/thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

int kino_thread_count(int wanted)
{
    int n = wanted;
    if (n <= 0) {
        cpu_set_t set;
        n = sched_getaffinity(0, sizeof set, &set) ? (int)sysconf(_SC_NPROCESSORS_ONLN) : CPU_COUNT(&set);
    }
    return n < 1 ? 1 : n > KINO_MAX_THREADS ? KINO_MAX_THREADS : n;
}

struct queue {
    atomic_size_t next;
    size_t count;
    void (*task)(void *, size_t, int);
    void *ctx;
};

struct worker {
    struct queue *queue;
    int number;
    pthread_t thread;
};

static void *work(void *arg)
{
    const struct worker *w = arg;
    struct queue *q = w->queue;
    for (;;) {
        const size_t i = atomic_fetch_add_explicit(&q->next, 1, memory_order_relaxed);
        if (i >= q->count)
            return NULL;
        q->task(q->ctx, i, w->number);
    }
}

void kino_parallel(int threads, size_t count, void (*task)(void *, size_t, int), void *ctx)
{
    struct queue q = {0, count, task, ctx};
    struct worker workers[KINO_MAX_THREADS];
    int started = 1;
    if ((size_t)threads > count)
        threads = count ? (int)count : 1;
    for (; started < threads; started++) {
        workers[started] = (struct worker){&q, started, 0};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]))
            break; /* fewer threads do the same work */
    }
    workers[0] = (struct worker){&q, 0, 0};
    work(&workers[0]);
    for (int i = 1; i < started; i++)
        pthread_join(workers[i].thread, NULL);
}
