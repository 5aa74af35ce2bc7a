/* nations.c - languages and countries: "french", "in german", "films from iran", "where they speak danish". */
#include <string.h>

#include "wish/reading.h"

static const kino_wish_nation_words *nation(size_t entry)
{
    return &kino_wish_nation_table[entry];
}

static void put_language(kino_reading *r, size_t i, size_t to, const kino_wish_nation_words *of, bool no)
{
    kino_add_chip(r, i, to, KINO_WISH_LANGUAGE, no, of->languages, strlen(of->languages));
}

/* By its country where the catalogue knows countries, else by its language, if that tells it. */
static bool put_nation(kino_reading *r, size_t i, size_t to, const kino_wish_nation_words *of, bool no)
{
    if (r->look->countries && *of->countries)
        kino_add_chip(r, i, to, KINO_WISH_COUNTRY, no, of->countries, strlen(of->countries));
    else if (*of->languages && of->own)
        put_language(r, i, to, of, no);
    else
        return false;
    return true;
}

/* "where they speak german", "language french" */
static size_t spoken(kino_reading *r, size_t i)
{
    size_t words = 0, entry;
    for (size_t n = 1; n <= KINO_WISH_PHRASE && i + n <= r->count; n++)
        if (r->in[i][n][IN_SPEAK] && !kino_any_used(r, i, n))
            words = n;
    const size_t name = words && i + words < r->count ? kino_phrase(r, i + words, IN_NATIONS, &entry) : 0;
    if (!name || !*nation(entry)->languages ||
        (words == 1 && kino_is_word(r, i, "language") && !kino_position_ok(r, i + words + name)))
        return 0;
    put_language(r, i, i + words + name, nation(entry),
                 r->negated[i] == KINO_NEGATED || r->negated[i + words] == KINO_NEGATED);
    return words + name;
}

/* "in french", "spoken in the danish language" */
static size_t in_language(kino_reading *r, size_t i)
{
    size_t s = i + 1, entry;
    const bool speaks = kino_is_word(r, i, "spoken");
    if (!kino_is_word(r, i, "in|spoken") || (r->theme[i] && !speaks))
        return 0;
    s += speaks && kino_is_word(r, s, "in");
    s += kino_is_word(r, s, "the");
    const size_t words = s < r->count ? kino_phrase(r, s, IN_NATIONS, &entry) : 0;
    if (!words || !*nation(entry)->languages ||
        !(kino_position_ok(r, s + words) || kino_is_word(r, s + words, "language|lang|only|with")))
        return 0;
    const size_t to = s + words + kino_is_word(r, s + words, "language");
    put_language(r, i, to, nation(entry), r->negated[i] == KINO_NEGATED || r->negated[s] == KINO_NEGATED);
    return to - i;
}

/* "from iran", "made in hong kong", "cinema of sweden" */
static size_t from_place(kino_reading *r, size_t i)
{
    size_t lead = kino_is_word(r, i, "from|of") ? 1 : 0, entry;
    if (!lead)
        lead = kino_says(r, i, "made in|produced in|out of|native to|shot in");
    if (!lead || (kino_is_word(r, i, "of") && !(i && kino_is_word(r, i - 1, "cinema|films|movies"))))
        return 0;
    size_t s = i + lead, words = s < r->count ? kino_phrase(r, s, IN_PLACES, &entry) : 0;
    if (!words && kino_is_word(r, s, "the") && s + 1 < r->count) {
        s++;
        words = kino_phrase(r, s, IN_PLACES, &entry);
    }
    if (!words || r->block[s] || !(kino_position_ok(r, s + words) || kino_in(r, s + words, IN_FILLER)))
        return 0;
    const bool no = r->negated[i] == KINO_NEGATED || r->negated[s] == KINO_NEGATED;
    return put_nation(r, i, s + words, nation(entry), no) ? s + words - i : 0;
}

static size_t foreign(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_FOREIGN, &entry);
    if (!words || r->theme[i] ||
        (words == 1 && kino_is_word(r, i, "foreign|international") && !kino_position_ok(r, i + 1)))
        return 0;
    kino_add_chip(r, i, i + words, KINO_WISH_LANGUAGE, r->negated[i] != KINO_NEGATED, "en", 2);
    return words;
}

/* "french", which is certain in front of a film noun or genre, and else a wish. */
static size_t adjective(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_NATIONS, &entry);
    if (!words || r->block[i] || r->theme[i])
        return 0;
    const kino_wish_nation_words *of = nation(entry);
    const size_t next = i + words;
    const bool no = r->negated[i] == KINO_NEGATED,
               language = kino_is_word(r, next, "language|lang|speaking|spoken|dubbed");
    bool certain = language || kino_position_ok(r, next) || kino_heads_phrase(r, next) || no;
    if (kino_is_word(r, i, "us") && !(r->words[i].capitals && r->words[i].to - r->words[i].from == 2))
        certain = false; /* the pronoun */
    if (kino_is_word(r, i, "english") &&
        !(language || no || next >= r->count || kino_in(r, next, IN_NOUN) || kino_in(r, next, IN_GENRES)))
        certain = false; /* "an english teacher" */
    if (certain && put_nation(r, i, next + language, of, no))
        return words + language;
    if (*of->languages && (of->own || certain))
        r->out->language = of->languages;
    return words;
}

/* "france comedy", and apart beside facts alone: "comedy (france)" */
static size_t bare_place(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_PLACES, &entry);
    const size_t next = i + words;
    if (!words || r->block[i] || r->theme[i] || kino_in(r, i, IN_THEME_PLACE))
        return 0;
    bool genre = kino_in(r, next, IN_GENRES) && !r->block[next];
    genre |= next + 1 < r->count && r->in[next][2][IN_GENRES] && !r->block[next];
    bool holds = genre || (kino_in(r, next, IN_NOUN) && !kino_in(r, next, IN_TALE));
    if (!holds && i && r->words[i].gap & KINO_GAP_APART && (next >= r->count || r->words[next].gap & KINO_GAP_ANY)) {
        holds = true;
        for (size_t k = 0; k < r->count; k++)
            holds &= (k >= i && k < next) || r->used[k] || kino_is_fact(r, k) || kino_in(r, k, IN_FILLER) ||
                     kino_in(r, k, IN_NOUN);
    }
    return holds && put_nation(r, i, next, nation(entry), r->negated[i] == KINO_NEGATED) ? words : 0;
}

size_t kino_read_nation(kino_reading *r, size_t i)
{
    static size_t (*const ways[])(kino_reading *, size_t) = {spoken,  in_language, from_place,
                                                             foreign, adjective,   bare_place};
    size_t n = 0;
    for (size_t k = 0; !n && k < sizeof ways / sizeof *ways; k++)
        n = ways[k](r, i);
    return n;
}
