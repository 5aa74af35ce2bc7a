/* statistics.h - what scores rest on besides films: measured when a catalogue is built or trained anew, and kept with it,
 * so that a score stays what it is while films come and go. */
#ifndef KINO_ROWS_STATISTICS_H
#define KINO_ROWS_STATISTICS_H

#include "base/container.h"
#include "kino.h"

enum { KINO_STATISTICS_NUMBERS = KINO_PLOT_DIM + KINO_MAX_PARTS };

typedef struct kino_statistics {
    float mean[KINO_PLOT_DIM];     /* of all plots */
    float spreads[KINO_MAX_PARTS]; /* how far likeness of each part spreads over candidates; 0: not measured */
} kino_statistics;

_Static_assert(sizeof(kino_statistics) == KINO_STATISTICS_NUMBERS * sizeof(float),
               "saved as floats, one after another");

/* Whether these may be statistics: finite, a mean within the unit sphere, no negative spread. */
bool kino_statistics_valid(const kino_statistics *s);
/* The mean of plots that follow each other by `stride` floats, in a fixed order of sums; rows of zeros do not count. */
void kino_statistics_mean(const float *plots, size_t count, size_t stride, float mean[KINO_PLOT_DIM]);

#endif
