/* not.c - what must not be: which words a "not" reaches, and those of them that are no fact. */
#include <string.h>

#include "wish/reading.h"

/* "not longer than", "not just", "less than": these words deny nothing. */
static bool denies_nothing(const kino_reading *r, size_t i, size_t words)
{
    const size_t s = i + words;
    const bool less = kino_is_word(r, i, "less");
    if (words == 1 && kino_is_word(r, i, "no|not|less") &&
        (kino_says(r, s,
                   "longer than|more than|later than|older than|earlier than|newer than|shorter than|only|just|sure|"
                   "less than|over|necessarily") ||
         (less && kino_is_word(r, s, "than"))))
        return true;
    if (kino_is_word(r, i, "not|isnt|is") && (kino_is_word(r, s, "long|short") || kino_is_word(r, s + 1, "long")))
        return true;
    return s >= r->count || (words == 1 && less && !kino_is_mood(r, s, 1) && !kino_in(r, s, IN_GENRES));
}

/* "-romance": a dash in front of a word, and blank or nothing in front of the dash; not the one of "1990 -1999". */
static bool is_minus(const kino_reading *r, size_t i)
{
    return r->words[i].gap & KINO_GAP_MINUS && !(i && kino_is_digits(r, i - 1) && r->words[i].text.text[0] <= '9');
}

static bool is_famous_title(const kino_reading *r, size_t i, kino_named_film f)
{
    const size_t end = i + f.words;
    bool facts = true;
    if (!f.words || f.as == KINO_AS_LOOSE || f.votes < KINO_WISH_FAMOUS)
        return false;
    if (end < r->count && !kino_in(r, end, IN_BOUNDARY) && !(r->words[end].gap & KINO_GAP_ANY))
        return false;
    for (size_t k = i; k < end; k++)
        facts &= kino_in(r, k, IN_GENRES) || kino_in(r, k, IN_NATIONS) || kino_in(r, k, IN_THEMES) ||
                 kino_in(r, k, IN_RANKS) || kino_is_stop(r, k) || kino_is_mood(r, k, 1);
    return !facts && kino_keyword_of(r, i, f.words) < 5 && kino_person_at(r, i, true).words < f.words;
}

/* The film that is not meant at i, or behind the article in front of it; returns the word behind it, or i. */
static size_t not_like(kino_reading *r, size_t i, bool article)
{
    if (i >= r->count || r->used[i])
        return i;
    for (size_t at = i - article; at <= i; at++) {
        const kino_named_film f = kino_title_at(r, at, false);
        if (!is_famous_title(r, at, f))
            continue;
        const char *name = kino_film_name(r, f.film);
        kino_add_items(r, kino_add_chip(r, at, at + f.words, KINO_WISH_LIKE, true, name, strlen(name)), &f.film, 1);
        return at + f.words;
    }
    return i;
}

static size_t skip_small(kino_reading *r, size_t i)
{
    while (
        i < r->count && !r->used[i] &&
        kino_is_word(r, i,
                     "any|a|an|the|too|much|so|of|about|by|with|from|in|directed|starring|like|featuring|movie|movies|"
                     "film|films|very|for|set|anything|really|lots|all|that|is|are")) {
        if (kino_is_word(r, i, "about|set"))
            r->theme[i] = false;
        r->negated[i++] = KINO_NEGATED_SMALL;
    }
    return i;
}

/* The words that a negation reaches from i on; "or" goes on, "and" only before a last word. */
static size_t mark_scope(kino_reading *r, size_t i, bool soft, bool one)
{
    for (bool first = true; i < r->count && !r->used[i]; i++) {
        const bool and = kino_is_word(r, i, "and");
        if (and&&!(i + 1 < r->count && (i + 2 >= r->count || kino_in(r, i + 2, IN_BOUNDARY))))
            break;
        if (and || kino_is_word(r, i, "or|nor")) {
            r->negated[i] = KINO_NEGATED_SMALL;
            continue;
        }
        if (!first && (r->words[i].gap & (KINO_GAP_COMMA | KINO_GAP_STOP) ||
                       (kino_in(r, i, IN_BOUNDARY) && !kino_is_word(r, i, "of"))))
            break;
        if (soft && !first && (kino_in(r, i, IN_GENRES) || kino_in(r, i, IN_NATIONS) || kino_in(r, i, IN_THEMES)))
            break; /* "not too violent western" */
        r->negated[i] = KINO_NEGATED;
        r->soft[i] = soft;
        r->theme[i] = first = false;
        if (one || kino_in(r, i, IN_NOUN))
            return i + 1;
    }
    return i;
}

void kino_read_negations(kino_reading *r)
{
    for (size_t i = 0; i < r->count;) {
        size_t entry;
        if (r->used[i]) {
            i++;
            continue;
        }
        if (is_minus(r, i)) {
            r->negated[i++] = KINO_NEGATED;
            continue;
        }
        const size_t foreign = kino_phrase(r, i, IN_FOREIGN, &entry);
        if (foreign > 1) {
            i += foreign;
            continue;
        }
        const size_t hard = kino_phrase(r, i, IN_NOT, &entry), much = kino_phrase(r, i, IN_NOT_MUCH, &entry);
        const size_t words = hard > much ? hard : much;
        const bool soft = much > hard, one = kino_is_word(r, i, "non");
        if (!words || denies_nothing(r, i, words)) {
            i += words ? words : 1;
            continue;
        }
        kino_take(r, i, i + words, KINO_TRIGGER);
        const size_t s = skip_small(r, i + words);
        i = !soft && !one ? not_like(r, s, s > i + words && kino_is_word(r, s - 1, "the|a")) : s;
        i = mark_scope(r, i, soft, one);
    }
}

/* What is negated and no fact: words to be away from. */
void kino_read_negated_words(kino_reading *r)
{
    for (size_t i = 0; i < r->count;) {
        size_t to = i;
        bool content = false;
        while (to < r->count && r->negated[to] == KINO_NEGATED && !r->used[to] && !kino_in(r, to, IN_NOUN))
            content |= !kino_is_stop(r, to++);
        if (content) {
            const kino_span words = kino_span_of(&r->text, i, to - i);
            kino_add_chip(r, i, to, KINO_WISH_NOT, false, words.text, words.n);
        }
        i = to > i ? to : i + 1;
    }
    for (size_t i = 0; i < r->count; i++)
        if (r->negated[i] == KINO_NEGATED_SMALL)
            kino_take_free(r, i, i + 1, KINO_TRIGGER);
}
