/* theme.c - where facts are part of a theme: keywords of several words, and what stands behind "about". */
#include <string.h>

#include "wish/reading.h"

static bool is_single_fact(const kino_reading *r, size_t i)
{
    return kino_in(r, i, IN_GENRES) || kino_in(r, i, IN_NATIONS) || kino_in(r, i, IN_RANKS) ||
           kino_in(r, i, IN_PLACES) || kino_in(r, i, IN_OLD) || kino_in(r, i, IN_RECENT);
}

/* Whether the words together are themselves one fact. */
static bool is_whole_fact(const kino_reading *r, size_t i, size_t words)
{
    static const int tables[] = {IN_GENRES, IN_RANKS, IN_AUDIENCE, IN_OLD, IN_THEMES, IN_COMBOS, IN_PLACES, IN_NATIONS};
    for (size_t t = 0; words <= KINO_WISH_PHRASE && t < sizeof tables / sizeof *tables; t++)
        if (r->in[i][words][tables[t]])
            return true;
    return false;
}

/* Whether the words [i, i + words) are a keyword in which a fact stands beside something that is none. */
static bool is_block(const kino_reading *r, size_t i, size_t words)
{
    bool fact = false, content = false;
    for (size_t k = i; k < i + words; k++) {
        if (kino_in(r, k, IN_BOUNDARY) && !kino_is_word(r, k, "of|the|and|in|at|on"))
            return false;
        const bool single = is_single_fact(r, k), place = kino_in(r, k, IN_PLACES) && !kino_in(r, k, IN_NATIONS);
        fact |= single;
        content |= (!single || place) && !kino_in(r, k, IN_NOUN) && !kino_is_stop(r, k);
    }
    return fact && content && !is_whole_fact(r, i, words) &&
           (kino_is_mood(r, i, words) || kino_keyword_of(r, i, words) >= 2);
}

static bool ends_in_genre(const kino_reading *r, size_t i, size_t words)
{
    const uint16_t genre = r->in[i + words - 1][1][IN_GENRES];
    if (!genre || kino_wish_genre_table[genre - 1].sure != KINO_WISH_CERTAIN)
        return false;
    for (size_t k = i; k + 1 < i + words; k++)
        if (kino_in(r, k, IN_NATIONS))
            return false;
    return true;
}

/* "french revolution" has no French in it; of "dark comedy" the genre holds, and its words stay words. */
void kino_mark_keywords(kino_reading *r)
{
    for (size_t i = 0; i < r->count;) {
        size_t words = r->count - i < 5 ? r->count - i : 5;
        while (words > 1 && !is_block(r, i, words))
            words--;
        if (words > 1 && ends_in_genre(r, i, words)) {
            for (size_t k = i; k < i + words; k++)
                r->kept[k] = true;
        } else if (words > 1) {
            for (size_t k = i; k < i + words; k++) {
                r->block[k] = (uint8_t)(i + 1);
                r->block_words[k] = (uint8_t)words;
            }
        }
        i += words;
    }
}

/* Whether the words from i on open a theme; they do not where they are part of a mood: "based on a true story". */
static size_t opener(const kino_reading *r, size_t i)
{
    if (kino_is_word(r, i, "about"))
        return i + 1 < r->count && (kino_is_digits(r, i + 1) || kino_in(r, i + 1, IN_NUMBER)) ? 0 : 1;
    size_t words = 0;
    for (size_t n = 1; n <= 3 && i + n <= r->count; n++)
        if (r->in[i][n][IN_OPENER])
            words = n;
    for (size_t from = i > 2 ? i - 2 : 0; words && from <= i; from++)
        for (size_t to = i + words; to <= i + words + 3 && to <= r->count; to++)
            if (to - from >= 2 && kino_is_mood(r, from, to - from))
                return 0;
    return words;
}

static bool ends_theme(const kino_reading *r, size_t i)
{
    if (kino_is_word(
            r, i,
            "from|directed|starring|but|not|without|like|similar|by|except|made|released|under|before|after|since|no"))
        return true;
    if (r->words[i].gap & KINO_GAP_COMMA || (r->words[i].gap & KINO_GAP_STOP && !(r->words[i].gap & KINO_GAP_POINT)))
        return true;
    return kino_is_word(r, i, "in") && kino_in(r, i + 1, IN_NATIONS) &&
           (i + 2 >= r->count || kino_in(r, i + 2, IN_BOUNDARY));
}

/* "vampires 90s": a year at the end of what a film is about is when it was made. */
static bool is_release(const kino_reading *r, size_t i)
{
    return (kino_decade(r, i) || kino_year(r, i)) &&
           !kino_is_word(r, i - 1, "the|in|of|during|early|late|mid|and|or|to") &&
           (i + 1 >= r->count || kino_in(r, i + 1, IN_NOUN) || kino_in(r, i + 1, IN_GENRES));
}

void kino_mark_themes(kino_reading *r)
{
    for (size_t i = 0; i < r->count;) {
        const size_t words = opener(r, i);
        if (!words) {
            i++;
            continue;
        }
        const bool clause = kino_says(r, i, "where|who|when|in which") != 0, about = kino_is_word(r, i, "about");
        size_t k = i + words;
        for (; k < r->count && !ends_theme(r, k); k++) {
            if (about && k > i + words && is_release(r, k))
                break;
            r->theme[k] = true;
            r->clause[k] = clause;
        }
        i = k;
    }
}
