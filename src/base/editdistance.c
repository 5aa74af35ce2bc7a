/* editdistance.c - the bit-parallel distance of short texts, and the banded one of long texts. */
#include "base/editdistance.h"

#include <string.h>

void kino_edit_prepare(kino_edit_pattern *p, const uint8_t *letters, size_t n)
{
    memset(p->where, 0, sizeof p->where);
    p->n = n;
    for (size_t i = 0; i < n; i++)
        p->where[letters[i]] |= UINT64_C(1) << i;
}

int kino_edit_distance(const kino_edit_pattern *p, const uint8_t *letters, size_t n)
{
    uint64_t up = ~UINT64_C(0), down = 0, diagonal = 0, before = 0; /* VP, VN, D0 of Hyyro */
    uint64_t last = p->n ? UINT64_C(1) << (p->n - 1) : 0;
    int distance = (int)p->n;
    if (!p->n)
        return (int)n;
    for (size_t i = 0; i < n; i++) {
        uint64_t here = p->where[letters[i]];
        uint64_t swapped = ((~diagonal & here) << 1) & before;
        diagonal = (((here & up) + up) ^ up) | here | down | swapped;
        uint64_t right = down | ~(diagonal | up), left = diagonal & up;
        distance += (right & last) != 0;
        distance -= (left & last) != 0;
        right = right << 1 | 1;
        left <<= 1;
        up = left | ~(diagonal | right);
        down = right & diagonal;
        before = here;
    }
    return distance;
}

/* Three rows of the matrix, of which only the diagonals within `most` are filled. */
int kino_edit_within(const uint8_t *a, size_t a_n, const uint8_t *b, size_t b_n, int most)
{
    enum { WIDEST = 2 * 7 + 1 };
    const long w = most, far = most + 1;
    long rows[3][WIDEST + 2]; /* rows[i % 3][j - i + w + 1] is the distance of a[0..i) and b[0..j) */
    if (a_n > b_n + (size_t)most || b_n > a_n + (size_t)most)
        return most + 1;
    for (size_t r = 0; r < 3; r++)
        for (size_t c = 0; c < WIDEST + 2; c++)
            rows[r][c] = far;
    for (long i = 0; i <= (long)a_n; i++) {
        long *row = rows[i % 3], *up = rows[(i + 2) % 3], *upup = rows[(i + 1) % 3];
        for (long c = 1; c <= 2 * w + 1; c++) {
            long j = i + c - w - 1, d = far;
            if (j < 0 || j > (long)b_n) {
                row[c] = far;
                continue;
            }
            if (i == 0 || j == 0) {
                row[c] = i + j;
                continue;
            }
            d = up[c] + (a[i - 1] != b[j - 1]);
            if (up[c + 1] + 1 < d)
                d = up[c + 1] + 1;
            if (row[c - 1] + 1 < d)
                d = row[c - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && upup[c] + 1 < d)
                d = upup[c] + 1;
            row[c] = d;
        }
        row[2 * w + 2] = row[0] = far;
    }
    long d = rows[a_n % 3][(long)b_n - (long)a_n + w + 1];
    return d < far ? (int)d : most + 1;
}
