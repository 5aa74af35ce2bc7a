/* typo.c - how far a text may be from what was meant. */
#include "index/typo.h"

#include "base/titletext.h"

/* How many edits are still the same title, by its letters. */
static int edits_allowed(size_t letters)
{
    return (letters >= 4) + (letters >= 8) + (letters >= 15);
}

bool kino_typo_prepare(kino_typo *t, const char *folded, size_t n)
{
    t->n = kino_title_letters(folded, n, t->letters, sizeof t->letters);
    t->most = edits_allowed(t->n);
    if (!t->most)
        return false;
    t->low = t->n > (size_t)t->most ? t->n - (size_t)t->most : 1;
    t->high = t->n + (size_t)t->most;
    if (t->high > KINO_TYPO_LONGEST)
        t->high = KINO_TYPO_LONGEST;
    t->fits = t->n <= KINO_EDIT_LETTERS;
    if (t->fits)
        kino_edit_prepare(&t->pattern, t->letters, t->n);
    t->mask = kino_title_mask(t->letters, t->n);
    return true;
}

int kino_typo_distance(const kino_typo *t, const uint8_t *letters, size_t n)
{
    return t->fits ? kino_edit_distance(&t->pattern, letters, n)
                   : kino_edit_within(t->letters, t->n, letters, n, t->most);
}
