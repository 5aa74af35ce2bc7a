/* esteem.c - ratings and votes -> acclaim and fame. */
#include "rows/esteem.h"

#include <math.h>
#include <stdbool.h>

#define MOST 1e9        /* votes */
#define MEAN_VOTES 300. /* with so many votes a film is halfway between its own rating and the mean */

static double votes_of(int64_t votes, double rating)
{
    return votes > 0 && rating >= 0 && rating <= 10 ? fmin((double)votes, MOST) : 0;
}

static double acclaim_of(const kino_esteem *e, int64_t votes, double rating)
{
    const double v = votes_of(votes, rating);
    return ((v > 0 ? v * rating : 0) + MEAN_VOTES * e->rating) / (v + MEAN_VOTES);
}

static double fame_of(int64_t votes)
{
    return log1p(votes > 0 ? fmin((double)votes, MOST) : 0);
}

static void spread(double sum, double square, size_t n, float *mean, float *step)
{
    const double m = n ? sum / (double)n : 0, variance = n ? square / (double)n - m * m : 0;
    *mean = (float)m;
    *step = variance > 1e-9 ? (float)sqrt(variance) : 0;
}

void kino_esteem_measure(const int64_t *counts, const double *numbers, size_t films, kino_esteem *out)
{
    double sum = 0, square = 0, fame = 0, fame_square = 0;
    size_t rated = 0;
    *out = (kino_esteem){0};
    for (size_t i = 0; i < films; i++)
        if (votes_of(counts[2 * i + 1], numbers[3 * i + 1]) > 0) {
            sum += numbers[3 * i + 1];
            rated++;
        }
    out->rating = rated ? (float)(sum / (double)rated) : 0;
    sum = 0;
    for (size_t i = 0; i < films; i++) {
        const double a = acclaim_of(out, counts[2 * i + 1], numbers[3 * i + 1]), f = fame_of(counts[2 * i + 1]);
        sum += a;
        square += a * a;
        fame += f;
        fame_square += f * f;
    }
    spread(sum, square, films, &out->acclaim_mean, &out->acclaim_step);
    spread(fame, fame_square, films, &out->fame_mean, &out->fame_step);
}

/* Far beyond what any film of a large catalogue has, and what a damaged file may say. */
static float within(double x)
{
    return x > -16 ? (float)fmin(x, 16) : -16;
}

void kino_esteem_of(const kino_esteem *e, int64_t votes, double rating, float *acclaim, float *fame)
{
    *acclaim = e->acclaim_step > 0 ? within((acclaim_of(e, votes, rating) - e->acclaim_mean) / e->acclaim_step) : 0;
    *fame = e->fame_step > 0 ? within((fame_of(votes) - e->fame_mean) / e->fame_step) : 0;
}
