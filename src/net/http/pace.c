/* pace.c - the token bucket, and the pauses after what failed. */
#include "net/http/pace.h"

#include <math.h>
#include <time.h>

double kino_clock_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec * 1e-6;
}

void kino_bucket_init(kino_bucket *b, double rate, double burst, double now)
{
    *b = (kino_bucket){.rate = rate, .burst = burst, .tokens = burst, .filled_at = now};
}

double kino_bucket_take(kino_bucket *b, double now)
{
    b->tokens = fmin(b->burst, b->tokens + (now - b->filled_at) * b->rate / 1e3);
    b->filled_at = now;
    if (b->tokens < 1)
        return fmax(1, (1 - b->tokens) * 1e3 / b->rate);
    b->tokens -= 1;
    return 0;
}

double kino_backoff_ms(int first_ms, int longest_ms, int tried, uint64_t random)
{
    double pause = fmin(longest_ms, ldexp(first_ms, tried < 32 ? tried - 1 : 31));
    return pause * (1 - 0.5 * (double)(random >> 40) * 0x1p-24);
}
