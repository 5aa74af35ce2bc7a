/* distance_scalar.c - the reference distance kernels. */
#include "kern/distance_lanes.h"
#include "kern/kern.h"

#include <string.h>

static float dot_f32(const float *a, const float *b, size_t n)
{
    float lane[DOT_LANES] = {0};
    size_t i = 0;
    for (; i + DOT_LANES <= n; i += DOT_LANES)
        for (size_t l = 0; l < DOT_LANES; l++)
            lane[l] += a[i + l] * b[i + l];
    return dot_end(a, b, i, n, lane);
}

static int32_t dot_i8(const int8_t *a, const int8_t *b, size_t n)
{
    int32_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

static float score(const uint8_t *row, size_t stride, const int8_t *query, int32_t bias)
{
    int32_t sum = -bias;
    float scale;
    for (size_t i = 0; i < stride; i++)
        sum += row[i] * query[i];
    memcpy(&scale, row + stride - sizeof scale, sizeof scale);
    return (float)sum * scale;
}

static void score_u8(const uint8_t *base, size_t stride, const uint32_t *ids, size_t count, const int8_t *query,
                     int32_t bias, float *out)
{
    for (size_t i = 0; i < count; i++)
        out[i] = score(base + ids[i] * stride, stride, query, bias);
}

static uint64_t scan_u8(const uint8_t *rows, size_t stride, size_t count, const int8_t *query, int32_t bias,
                        float threshold, float *out)
{
    uint64_t above = 0;
    for (size_t i = 0; i < count; i++) {
        out[i] = score(rows + i * stride, stride, query, bias);
        above |= (uint64_t)(out[i] >= threshold) << i;
    }
    return above;
}

static void block_u8(const uint8_t *rows, size_t stride, size_t count, uint8_t *block)
{
    memcpy(block, rows, count * stride);
}

static void scan_block_u8(const uint8_t *block, size_t stride, size_t dim, size_t count, const int8_t *queries,
                          size_t asked, const int32_t *bias, const float *threshold, float *out, uint64_t *above)
{
    (void)dim;
    for (size_t q = 0; q < asked; q++)
        above[q] = scan_u8(block, stride, count, queries + q * stride, bias[q], threshold[q], out + q * 64);
}

void kino_distance_fill_scalar(kino_kernels *k)
{
    k->dot_f32 = dot_f32;
    k->dot_i8 = dot_i8;
    k->score_u8 = score_u8;
    k->scan_u8 = scan_u8;
    k->block_u8 = block_u8;
    k->scan_block_u8 = scan_block_u8;
}
