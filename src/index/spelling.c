/* spelling.c - numbers by the length of their texts, and a text -> those that it may be misspelt for. */
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "index/keyed.h"
#include "index/typo.h"

_Static_assert((int)KINO_SPELLING_LONGEST == (int)KINO_TYPO_LONGEST, "a length for each that a typo can have");

void kino_spelling_build(const uint32_t *refs, size_t n, kino_keyed_text tell, const void *ctx, kino_spelling *out)
{
    uint32_t *starts = kino_alloc_array(KINO_SPELLING_LONGEST + 2, sizeof *starts), next[KINO_SPELLING_LONGEST + 2];
    uint32_t *masks = kino_alloc_array(n + 1, sizeof *masks), *sorted = kino_alloc_array(n + 1, sizeof *sorted);
    uint32_t *own = kino_alloc_array(n + 1, sizeof *own);
    uint8_t *lengths = kino_alloc(n + 1);
    kino_buffer text = {0};
    for (size_t i = 0; i < n; i++) {
        uint8_t letters[KINO_SPELLING_LONGEST];
        text.size = 0;
        tell(ctx, refs[i], &text);
        const size_t count = text.size ? kino_title_letters(text.data, text.size, letters, sizeof letters) : 0;
        lengths[i] = (uint8_t)count;
        own[i] = kino_title_mask(letters, count);
        starts[count + 1]++;
    }
    for (size_t i = 1; i < KINO_SPELLING_LONGEST + 2; i++)
        starts[i] += starts[i - 1];
    memcpy(next, starts, sizeof next);
    for (size_t i = 0; i < n; i++) {
        const uint32_t at = next[lengths[i]]++;
        sorted[at] = refs[i];
        masks[at] = own[i];
    }
    free(text.data);
    free(own);
    free(lengths);
    *out = (kino_spelling){starts, masks, sorted, n, true};
}

void kino_spelling_free(kino_spelling *s)
{
    if (s->owned) {
        free((void *)s->starts);
        free((void *)s->masks);
        free((void *)s->refs);
    }
    *s = (kino_spelling){0};
}

void kino_spelling_find(const kino_spelling *s, const char *text, size_t n, kino_keyed_text tell, const void *ctx,
                        kino_spelling_take take, void *to)
{
    kino_typo typo;
    kino_buffer own = {0};
    if (!s->count || !kino_typo_prepare(&typo, text, n))
        return;
    for (uint32_t i = s->starts[typo.low]; i < s->starts[typo.high + 1]; i++) {
        uint8_t letters[KINO_SPELLING_LONGEST];
        if (!kino_typo_may(&typo, s->masks[i]))
            continue;
        own.size = 0;
        tell(ctx, s->refs[i], &own);
        const size_t count = own.size ? kino_title_letters(own.data, own.size, letters, sizeof letters) : 0;
        const int distance = count ? kino_typo_distance(&typo, letters, count) : typo.most + 1;
        if (distance <= typo.most)
            take(to, s->refs[i], distance ? distance : 1, own.data, own.size);
    }
    free(own.data);
}
