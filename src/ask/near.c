/* near.c - words of a vocabulary that a typed one may be meant for. */
#include "ask/near.h"

#include <string.h>

#include "base/editdistance.h"

size_t kino_edits(const char *a, const char *b)
{
    kino_edit_pattern p;
    const size_t n = strlen(a);
    if (n > KINO_EDIT_LETTERS)
        return n;
    kino_edit_prepare(&p, (const uint8_t *)a, n);
    return (size_t)kino_edit_distance(&p, (const uint8_t *)b, strlen(b));
}

/* How many edits a word of n letters may be away. */
static size_t patience(size_t n)
{
    if (n < 3)
        return 0;
    return n < 6 ? 1 : n / 3;
}

bool kino_is_near(const char *typed, const char *known)
{
    const size_t n = strlen(typed);
    /* A beginning of three letters counts, however much is missing behind it. */
    return kino_edits(typed, known) <= patience(n) || (n >= 3 && !strncmp(typed, known, n));
}
