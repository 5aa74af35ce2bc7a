/* words_likeness.c - the cosine of the word vectors of films.
 *
 * Numbers of 16 bits make every index of a table of 65,536 bytes a valid one, so the vectors of a damaged file are read
 * without a test. The table of a seed stays in the nearest cache: of 45,000 films 17,000 words are numbered. */
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

static uint32_t squares(kino_words_vector v)
{
    uint32_t sum = 0;
    for (size_t i = 0; i < v.count; i++)
        sum += (uint32_t)v.weights[i] * v.weights[i];
    return sum;
}

static float cosine(uint32_t product, uint32_t a, uint32_t b)
{
    return product ? (float)(product / sqrt((double)a * b)) : 0;
}

float kino_words_cosine(const kino_words *w, size_t a, size_t b)
{
    const kino_words_vector x = kino_words_of(w, a), y = kino_words_of(w, b);
    uint32_t product = 0;
    for (size_t i = 0, j = 0; i < x.count && j < y.count;) {
        if (x.numbers[i] == y.numbers[j])
            product += (uint32_t)x.weights[i++] * y.weights[j++];
        else if (x.numbers[i] < y.numbers[j])
            i++;
        else
            j++;
    }
    return cosine(product, squares(x), squares(y));
}

void kino_words_seed_set(kino_words_seed *s, const kino_words *w, size_t row)
{
    const kino_words_vector v = kino_words_of(w, row);
    for (size_t i = 0; i < s->count; i++)
        s->weights[s->numbers[i]] = 0;
    for (size_t i = 0; i < v.count; i++) {
        s->numbers[i] = v.numbers[i];
        s->weights[v.numbers[i]] = v.weights[i];
    }
    s->count = v.count;
    s->squares = squares(v);
}

float kino_words_seed_cosine(const kino_words_seed *s, const kino_words *w, size_t row)
{
    const kino_words_vector v = kino_words_of(w, row);
    uint32_t product = 0, sum = 0;
    for (size_t i = 0; i < v.count; i++) {
        uint32_t weight = v.weights[i];
        product += s->weights[v.numbers[i]] * weight;
        sum += weight * weight;
    }
    return cosine(product, s->squares, sum);
}
