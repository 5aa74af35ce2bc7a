/* words_likeness.c - the cosine of the word vectors of films. */
#include <math.h>

#include "index/words_table.h"

kino_words_vector kino_words_of(const kino_words *w, size_t row)
{
    if (row >= w->films) {
        row -= w->films;
        w = w->tail;
    }
    const uint32_t at = w->vector_at[row], end = w->vector_at[row + 1];
    if (at > end || end > w->kept || end - at > KINO_WORDS_KEEP_MOST)
        return (kino_words_vector){w->vector_numbers, w->vector_weights, 0};
    return (kino_words_vector){w->vector_numbers + at, w->vector_weights + at, end - at};
}

size_t kino_words_numbers(const kino_words *w)
{
    return w->number_count;
}

uint32_t kino_words_squares(kino_words_vector v)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < v.count; i++)
        sum += (uint32_t)v.weights[i] * v.weights[i];
    return sum;
}

uint32_t kino_words_product(kino_words_vector a, kino_words_vector b)
{
    uint32_t product = 0;
    for (size_t i = 0, j = 0; i < a.count && j < b.count;) {
        const uint16_t x = a.numbers[i], y = b.numbers[j];
        if (x == y)
            product += (uint32_t)a.weights[i] * b.weights[j];
        i += x <= y;
        j += y <= x;
    }
    return product;
}

float kino_words_cosine(const kino_words *w, size_t a, size_t b)
{
    const kino_words_vector x = kino_words_of(w, a), y = kino_words_of(w, b);
    const uint32_t product = kino_words_product(x, y);
    return product ? (float)(product / sqrt((double)kino_words_squares(x) * kino_words_squares(y))) : 0;
}
