/* pace.h - when a request may be sent: a token bucket for the rate, pauses that grow for what failed. */
#ifndef KINO_NET_PACE_H
#define KINO_NET_PACE_H

#include <stdbool.h>
#include <stdint.h>

double kino_clock_ms(void); /* monotonic */

/* Holds up to `burst` tokens and gets `rate` of them a second; a request takes one. */
typedef struct kino_bucket {
    double rate, burst, tokens, filled_at;
} kino_bucket;

void kino_bucket_init(kino_bucket *b, double rate, double burst, double now);
/* Takes a token and returns 0, or returns the milliseconds until there is one. */
double kino_bucket_take(kino_bucket *b, double now);

/* The pause after try number `tried` (from 1): first, twice that, ..., longest. Each is cut by up to half at random, so
 * that requests which failed together do not come back together. */
double kino_backoff_ms(int first_ms, int longest_ms, int tried, uint64_t random);

#endif
