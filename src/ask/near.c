/* near.c - words of a vocabulary that a typed one may be meant for. */
#include "ask/near.h"

#include <string.h>

size_t kino_edits(const char *a, const char *b)
{
    enum { MOST = 32 };
    size_t rows[3][MOST + 1], n = strlen(a), m = strlen(b);
    if (n > MOST || m > MOST)
        return MOST;
    size_t *before = rows[0], *last = rows[1], *now = rows[2];
    for (size_t j = 0; j <= m; j++)
        last[j] = j;
    memcpy(before, last, sizeof rows[0]);
    for (size_t i = 1; i <= n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= m; j++) {
            size_t best = last[j - 1] + (a[i - 1] != b[j - 1]);
            if (last[j] + 1 < best)
                best = last[j] + 1;
            if (now[j - 1] + 1 < best)
                best = now[j - 1] + 1;
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] && before[j - 2] + 1 < best)
                best = before[j - 2] + 1;
            now[j] = best;
        }
        size_t *oldest = before;
        before = last;
        last = now;
        now = oldest;
    }
    return last[m];
}

bool kino_is_near(const char *typed, const char *known)
{
    size_t n = strlen(typed);
    /* A beginning of three letters counts, however much is missing behind it. */
    return kino_edits(typed, known) <= (n < 3 ? 0 : n < 6 ? 1 : n / 3) || (n >= 3 && !strncmp(typed, known, n));
}
