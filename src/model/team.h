/* team.h - a few threads that go through the same short phases over and over, microseconds each.
 *
 * A phase is a number of chunks that may run side by side; the next phase begins when all are done. Each chunk has a
 * thread that takes it first, so that its data stays in one core's cache, but a thread without work takes the chunks
 * that others have not begun. If the other cores are busy with something else, the caller just does all the work, and
 * it never waits for more than a chunk that was begun. What a chunk computes must not depend on who runs it.
 *
 *     kino_team *team = kino_team_start(threads, phases, count, ctx);
 *     for each round: change what ctx points to; kino_team_round(team);
 *     kino_team_stop(team); */
#ifndef KINO_MODEL_TEAM_H
#define KINO_MODEL_TEAM_H

#include <stddef.h>

#define KINO_TEAM_MOST 8     /* threads */
#define KINO_TEAM_CHUNKS 128 /* of a phase */

typedef struct kino_team_phase {
    void (*run)(void *ctx, size_t chunk);
    size_t chunks; /* 1 to KINO_TEAM_CHUNKS */
} kino_team_phase;

typedef struct kino_team kino_team;

/* The calling thread is one of the team. `phases` is lent until kino_team_stop. */
kino_team *kino_team_start(int threads, const kino_team_phase *phases, size_t count, void *ctx);
/* Every phase once, in order. */
void kino_team_round(kino_team *t);
void kino_team_stop(kino_team *t);

#endif
