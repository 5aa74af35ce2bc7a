/* mend.c - misspelt words of facts: "frnech", "horor". Only a word that nothing else knows is one. */
#include <string.h>

#include "base/wordtext.h"
#include "wish/reading.h"

static bool in_vocabulary(const kino_reading *r, size_t i)
{
    static const int tables[] = {IN_GENRES, IN_NATIONS, IN_PLACES, IN_RANKS, IN_THEMES, IN_COMBOS, IN_DECADES};
    for (size_t t = 0; t < sizeof tables / sizeof *tables; t++)
        if (kino_in(r, i, tables[t]))
            return true;
    return false;
}

/* "comedys": the word of a genre, and an s. */
static bool is_genre_and_s(const kino_reading *r, size_t i)
{
    const kino_span w = r->words[i].text;
    uint16_t entries[KINO_WISH_TABLES];
    return w.n > 4 && w.text[w.n - 1] == 's' && !in_vocabulary(r, i) && !kino_in(r, i, IN_FILLER) &&
           !kino_in(r, i, IN_NOUN) && kino_lexicon_find(r->lexicon, w.text, w.n - 1, entries) && entries[IN_GENRES];
}

static bool is_known(const kino_reading *r, size_t i)
{
    const kino_span w = r->words[i].text;
    return kino_in(r, i, IN_FILLER) || kino_is_stop(r, i) || kino_decade(r, i) || kino_is_digits(r, i) ||
           in_vocabulary(r, i) || kino_texts_of(r, i) || r->look->knows(r->look->ctx, w.text, w.n);
}

/* "nineteen seventies": the word is part of a phrase. */
static bool is_in_phrase(const kino_reading *r, size_t i)
{
    for (size_t from = i > 3 ? i - 3 : 0; from <= i; from++)
        for (size_t words = i - from + 1 > 2 ? i - from + 1 : 2; words <= 4 && from + words <= r->count; words++)
            for (size_t t = 0; t < KINO_WISH_TABLES; t++)
                if (r->in[from][words][t])
                    return true;
    return false;
}

void kino_mend(kino_reading *r)
{
    enum { STRANGE = 4 };
    size_t unknown = 0;
    for (size_t i = 0; i < r->count; i++) {
        kino_word *w = &r->words[i];
        if (is_genre_and_s(r, i)) {
            w->text = (kino_span){kino_arena_strndup(&r->out->memory, w->text.text, w->text.n - 1), w->text.n - 1};
            w->known = w->mended = true;
            continue;
        }
        w->known = is_known(r, i) || is_in_phrase(r, i);
        if (w->known || w->text.n < 5 || !kino_is_letters(r, i))
            continue;
        const char *nearest = kino_lexicon_nearest(r->lexicon, w->text.text, w->text.n);
        if (nearest) {
            w->text = (kino_span){nearest, strlen(nearest)};
            w->mended = true;
        }
    }
    for (size_t i = 0; i < r->count; i++)
        unknown += !r->words[i].known && !r->words[i].mended;
    r->strange = unknown > STRANGE;
}
