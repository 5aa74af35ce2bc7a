/* rest.c - what no chip took: the words that films are compared with. */
#include <stdlib.h>
#include <string.h>

#include "wish/reading.h"

/* Of two years that exclude each other the one that was said with a preposition holds, else the later one; the other is
 * words, as in "1980s adventure set in 1920". */
static void resolve_years(kino_reading *r, kino_buffer *words)
{
    size_t best = KINO_WISH_CHIPS;
    int low = 0, high = 9999;
    for (size_t i = 0; i < r->chip_count; i++) {
        const kino_wish_chip *c = &r->chips[i];
        if (c->kind != KINO_WISH_YEAR || c->no)
            continue;
        low = c->low > low ? c->low : low;
        high = c->high && c->high < high ? c->high : high;
        if (best == KINO_WISH_CHIPS || r->strength[i] > r->strength[best] ||
            (r->strength[i] == r->strength[best] && r->first_word[i] > r->first_word[best]))
            best = i;
    }
    if (low <= high)
        return;
    size_t kept = 0;
    for (size_t i = 0; i < r->chip_count; i++) {
        const kino_wish_chip *c = &r->chips[i];
        if (c->kind == KINO_WISH_YEAR && !c->no && i != best) {
            for (size_t k = r->first_word[i]; k < r->count && r->words[k].to <= c->to; k++)
                kino_put_words(words, r->words[k].text.text, r->words[k].text.n);
            continue;
        }
        r->chips[kept] = *c;
        r->first_word[kept++] = r->first_word[i];
    }
    r->chip_count = kept;
}

/* Words of a mood or keyword stay, though they are film nouns: "feel good movie", "stop motion". */
static void hold(const kino_reading *r, bool held[KINO_WISH_WORDS])
{
    memcpy(held, r->mood, KINO_WISH_WORDS * sizeof *held);
    for (size_t i = 0; i < r->count; i++)
        for (size_t words = 2; words <= 5 && i + words <= r->count; words++) {
            bool noun = false;
            for (size_t k = i; k < i + words; k++)
                noun |= kino_in(r, k, IN_NOUN);
            if (!noun || kino_any_used(r, i, words) || (!kino_is_mood(r, i, words) && kino_keyword_of(r, i, words) < 2))
                continue;
            for (size_t k = i; k < i + words; k++)
                held[k] = true;
        }
}

static bool says_nothing(const kino_reading *r, size_t i)
{
    return kino_in(r, i, IN_FILLER) || kino_in(r, i, IN_NOUN) || kino_is_stop(r, i);
}

/* The words that are in, without those at both ends that say nothing and without film nouns. */
static void put_rest(kino_reading *r, const bool in[KINO_WISH_WORDS], const bool held[KINO_WISH_WORDS],
                     kino_buffer *out)
{
    size_t from = 0, to = r->count;
    while (from < to && (!in[from] || (!held[from] && says_nothing(r, from))))
        from++;
    while (to > from && (!in[to - 1] || (!held[to - 1] && says_nothing(r, to - 1))))
        to--;
    for (size_t i = from; i < to; i++)
        if (in[i] && (held[i] || !kino_in(r, i, IN_NOUN) || kino_in(r, i, IN_TALE)))
            kino_put_words(out, r->words[i].text.text, r->words[i].text.n);
    for (size_t i = r->count; i < r->all; i++)
        kino_put_words(out, r->words[i].text.text, r->words[i].text.n);
}

/* The words of "dark comedy", whose genre is a chip, are matched too; of a chip that keeps its words likewise. */
static void match_kept(const kino_reading *r, bool in[KINO_WISH_WORDS])
{
    const int genre = KINO_TAKEN(KINO_WISH_GENRE, false), named = KINO_TAKEN(KINO_WISH_THEME, false);
    for (size_t i = 0; i < r->count; i++) {
        size_t end = i;
        bool free = true;
        while (end < r->count && r->kept[end])
            free &= !r->used[end] || r->used[end] == genre, end++;
        for (size_t k = i; free && k < end; k++)
            in[k] = true;
        if (end > i)
            i = end - 1;
    }
    for (size_t i = 0; i < r->count; i++)
        in[i] |= r->keep[i] && (r->used[i] == genre || r->used[i] == named);
}

static const char *keep_text(kino_reading *r, kino_buffer *b)
{
    const char *text = kino_arena_strndup(&r->out->memory, b->data ? b->data : "", b->size);
    free(b->data);
    *b = (kino_buffer){0};
    return text;
}

void kino_read_rest(kino_reading *r)
{
    bool in[KINO_WISH_WORDS] = {false}, held[KINO_WISH_WORDS] = {false};
    kino_buffer rest = {0}, match = {0};
    bool moods = false, others = false;
    hold(r, held);
    resolve_years(r, &rest);
    kino_put_words(&match, rest.data, rest.size);
    for (size_t i = 0; i < r->count; i++) {
        in[i] = !r->used[i];
        moods |= r->mood[i];
        others |= in[i] && !r->mood[i] && !says_nothing(r, i);
    }
    put_rest(r, in, held, &rest);
    match_kept(r, in);
    put_rest(r, in, held, &match);
    kino_put_words(&match, r->more.data, r->more.size);
    r->out->mood_only = moods && !others;
    r->out->rest = keep_text(r, &rest);
    r->out->match = keep_text(r, &match);
    r->out->expand = keep_text(r, &r->expand);
    free(r->more.data);
    r->more = (kino_buffer){0};
}
