/* moods.c - moods: wishes for genres, whose words stay words. */
#include <string.h>

#include "wish/reading.h"

/* Inside a longer keyword a word is no mood: "artificial intelligence". */
static bool is_in_keyword(const kino_reading *r, size_t i, size_t words)
{
    for (size_t from = i > 3 ? i - 3 : 0; from <= i; from++)
        for (size_t to = i + words; to <= i + words + 3 && to <= r->count; to++)
            if (to - from > words && kino_keyword_of(r, from, to - from) >= 2)
                return true;
    return false;
}

/* The mood at i, with its phrase as the table has it. */
static size_t mood_at(const kino_reading *r, size_t i, size_t *entry, kino_span *name)
{
    for (size_t words = 5; words > 1; words--) {
        if (!kino_is_mood(r, i, words) || kino_any_used(r, i, words))
            continue;
        const kino_span said = kino_span_of(&r->singular, i, words);
        *entry = r->in[i][words][IN_MOODS] - 1u;
        name->text = kino_lexicon_mood(r->lexicon, said.text, said.n, &name->n);
        return words;
    }
    return kino_mood_of(r, i, entry, name) ? 1 : 0;
}

size_t kino_read_mood(kino_reading *r, size_t i)
{
    size_t entry;
    kino_span name;
    const size_t words = mood_at(r, i, &entry, &name);
    if (!words || (r->block[i] && !(r->block[i] == i + 1 && r->block_words[i] == words)) || is_in_keyword(r, i, words))
        return 0;
    for (size_t k = i + 1; k < i + words; k++)
        if (r->negated[k] != r->negated[i])
            return 0; /* "mind -bending" */
    const float *genres = kino_lexicon_genres(r->lexicon, IN_MOODS, entry);
    if (r->negated[i] == KINO_NEGATED) {
        kino_wish_for(r, genres, -1, false);
        kino_add_chip(r, i, i + words, KINO_WISH_NOT, false, name.text, name.n);
        return words;
    }
    kino_wish_for(r, genres, 1, false);
    const kino_wish_mood_words *of = &kino_wish_mood_table[entry];
    kino_put_words(&r->expand, of->expand, strlen(of->expand));
    kino_wish_chip *chip = kino_add_chip(r, i, i + words, KINO_WISH_MOOD, false, name.text, name.n);
    if (chip)
        chip->wish = true;
    for (size_t k = i; k < i + words; k++)
        r->mood[k] = true;
    kino_take(r, i, i + words, KINO_FREE);
    return words;
}
