/* team.c - threads that wait for microseconds by spinning and for longer by sleeping. */
#include "model/team.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <time.h>

#include "base/alloc.h"

#define STOP UINT64_MAX

/* How long to wait awake: some 20 us of looking, then letting others run, then sleeping; the last only between rounds,
 * while the caller does something else for long. */
#define LOOKS 1000
#define YIELDS 100

/* One number to a cache line: two threads must not wait for each other's writes to neighbours. */
typedef struct line {
    _Alignas(64) _Atomic uint64_t value;
} line;

typedef struct member {
    struct kino_team *team;
    size_t number;
    pthread_t thread;
} member;

struct kino_team {
    line phase;                     /* number of the current phase, from 1, over all rounds */
    line done;                      /* chunks finished, over all phases */
    line claimed[KINO_TEAM_CHUNKS]; /* the last phase in which somebody took this chunk */
    uint64_t due;                   /* what `done` comes to at the end of the phase */
    const kino_team_phase *phases;
    size_t count;
    void *ctx;
    size_t threads;
    member members[KINO_TEAM_MOST];
};

static inline void look_away(unsigned looks)
{
    if (looks > LOOKS)
        sched_yield();
#if defined(__x86_64__)
    else
        __builtin_ia32_pause();
#endif
}

/* Takes a chunk if nobody has in this phase. A thread that comes late finds every chunk taken in its phase or a later
 * one, so it cannot begin anything that is over. */
static int claim(line *c, uint64_t phase)
{
    uint64_t last = atomic_load_explicit(&c->value, memory_order_relaxed);
    return last < phase &&
           atomic_compare_exchange_strong_explicit(&c->value, &last, phase, memory_order_acquire, memory_order_relaxed);
}

static void take_part(kino_team *t, size_t number, uint64_t phase)
{
    const kino_team_phase *p = &t->phases[(phase - 1) % t->count];
    const size_t first = number * p->chunks / t->threads;
    const size_t own = (number + 1) * p->chunks / t->threads - first;
    for (size_t i = 0; i < p->chunks; i++) { /* its own ones upwards; then others', the last ones of each first */
        size_t chunk = i < own ? first + i : (first + p->chunks - 1 - (i - own)) % p->chunks;
        if (claim(&t->claimed[chunk], phase)) {
            p->run(t->ctx, chunk);
            atomic_fetch_add_explicit(&t->done.value, 1, memory_order_release);
        }
    }
}

static void *follow(void *arg)
{
    const member *me = arg;
    kino_team *t = me->team;
    for (uint64_t seen = 0;;) {
        uint64_t phase = atomic_load_explicit(&t->phase.value, memory_order_acquire);
        for (unsigned looks = 1; phase == seen; looks++) {
            if (looks > LOOKS + YIELDS)
                nanosleep(&(struct timespec){0, 50000}, NULL);
            else
                look_away(looks);
            phase = atomic_load_explicit(&t->phase.value, memory_order_acquire);
        }
        if (phase == STOP)
            return NULL;
        take_part(t, me->number, phase);
        seen = phase;
    }
}

kino_team *kino_team_start(int threads, const kino_team_phase *phases, size_t count, void *ctx)
{
    kino_team *t = kino_alloc_aligned(sizeof *t);
    t->phases = phases;
    t->count = count;
    t->ctx = ctx;
    t->threads = threads < 1 ? 1 : threads > KINO_TEAM_MOST ? KINO_TEAM_MOST : (size_t)threads;
    for (size_t i = 1; i < t->threads; i++) {
        t->members[i] = (member){t, i, 0};
        if (pthread_create(&t->members[i].thread, NULL, follow, &t->members[i])) {
            /* Fewer threads do the same work. The ones that run must see one number, so all are given up. */
            size_t started = i;
            atomic_store_explicit(&t->phase.value, STOP, memory_order_release);
            for (i = 1; i < started; i++)
                pthread_join(t->members[i].thread, NULL);
            atomic_store_explicit(&t->phase.value, 0, memory_order_relaxed);
            t->threads = 1;
        }
    }
    return t;
}

void kino_team_round(kino_team *t)
{
    uint64_t phase = atomic_load_explicit(&t->phase.value, memory_order_relaxed);
    for (size_t i = 0; i < t->count; i++) {
        t->due += t->phases[i].chunks;
        if (t->threads == 1) {
            for (size_t c = 0; c < t->phases[i].chunks; c++)
                t->phases[i].run(t->ctx, c);
            continue;
        }
        atomic_store_explicit(&t->phase.value, ++phase, memory_order_release);
        take_part(t, 0, phase);
        for (unsigned looks = 0; atomic_load_explicit(&t->done.value, memory_order_acquire) != t->due; looks++)
            look_away(looks);
    }
}

void kino_team_stop(kino_team *t)
{
    if (!t)
        return;
    atomic_store_explicit(&t->phase.value, STOP, memory_order_release);
    for (size_t i = 1; i < t->threads; i++)
        pthread_join(t->members[i].thread, NULL);
    free(t);
}
