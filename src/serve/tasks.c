/* tasks.c - the queue is a ring; a task that finds it full is refused, so that nobody waits longer than it is long. */
#include "serve/tasks.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/alloc.h"

typedef struct task {
    kino_task_call call;
    void *ctx;
} task;

struct kino_tasks {
    pthread_mutex_t lock;
    pthread_cond_t changed;
    task *ring; /* [most] */
    size_t most, first, count;
    bool closing;
    pthread_t *threads;
    size_t thread_count;
};

/* The next one; false when there will be none. Called and returns under the lock. */
static bool next(kino_tasks *t, task *out)
{
    while (!t->count && !t->closing)
        pthread_cond_wait(&t->changed, &t->lock);
    if (!t->count)
        return false;
    *out = t->ring[t->first];
    t->first = (t->first + 1) % t->most;
    t->count--;
    return true;
}

static void *work(void *ctx)
{
    kino_tasks *t = ctx;
    task now;
    pthread_mutex_lock(&t->lock);
    while (next(t, &now)) {
        const bool stopping = t->closing;
        pthread_mutex_unlock(&t->lock);
        now.call(now.ctx, stopping);
        pthread_mutex_lock(&t->lock);
    }
    pthread_mutex_unlock(&t->lock);
    return NULL;
}

kino_tasks *kino_tasks_open(size_t threads, size_t most_waiting)
{
    kino_tasks *t = kino_alloc(sizeof *t);
    pthread_mutex_init(&t->lock, NULL);
    pthread_cond_init(&t->changed, NULL);
    t->most = most_waiting;
    t->ring = kino_alloc_array(most_waiting, sizeof *t->ring);
    t->threads = kino_alloc_array(threads, sizeof *t->threads);
    while (t->thread_count < threads && !pthread_create(&t->threads[t->thread_count], NULL, work, t))
        t->thread_count++;
    if (t->thread_count)
        return t;
    kino_tasks_close(t);
    return NULL;
}

bool kino_tasks_add(kino_tasks *t, kino_task_call call, void *ctx)
{
    pthread_mutex_lock(&t->lock);
    const bool taken = !t->closing && t->count < t->most;
    if (taken) {
        t->ring[(t->first + t->count++) % t->most] = (task){call, ctx};
        pthread_cond_signal(&t->changed);
    }
    pthread_mutex_unlock(&t->lock);
    return taken;
}

size_t kino_tasks_waiting(kino_tasks *t)
{
    pthread_mutex_lock(&t->lock);
    const size_t count = t->count;
    pthread_mutex_unlock(&t->lock);
    return count;
}

void kino_tasks_stop(kino_tasks *t)
{
    if (!t)
        return;
    pthread_mutex_lock(&t->lock);
    t->closing = true;
    pthread_cond_broadcast(&t->changed);
    pthread_mutex_unlock(&t->lock);
    for (; t->thread_count; t->thread_count--)
        pthread_join(t->threads[t->thread_count - 1], NULL);
}

void kino_tasks_close(kino_tasks *t)
{
    if (!t)
        return;
    kino_tasks_stop(t);
    pthread_mutex_destroy(&t->lock);
    pthread_cond_destroy(&t->changed);
    free(t->ring);
    free(t->threads);
    free(t);
}
