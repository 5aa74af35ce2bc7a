/* distance_scalar.c - the reference distance kernels. */
#include "kern/kern.h"

static float dot_f32(const float *a, const float *b, size_t n)
{
    float sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static int32_t dot_i8(const int8_t *a, const int8_t *b, size_t n)
{
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

void kino_distance_fill_scalar(kino_kernels *k)
{
    k->dot_f32 = dot_f32;
    k->dot_i8 = dot_i8;
}
