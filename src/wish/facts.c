/* facts.c - genres, kinds of films that are none, audience, acclaim and fame. */
#include <string.h>

#include "wish/reading.h"

/* ---- a genre and a language at once ---- */

static size_t combo(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_COMBOS, &entry);
    if (!words || r->theme[i])
        return 0;
    const kino_wish_combo_words *of = &kino_wish_combo_table[entry];
    const bool no = r->negated[i] == KINO_NEGATED;
    kino_add_chip(r, i, i + words, KINO_WISH_GENRE, no, of->genre, strlen(of->genre));
    kino_take(r, i, i + words, KINO_FREE); /* the words say both */
    kino_add_chip(r, i, i + words, KINO_WISH_LANGUAGE, no, of->language, strlen(of->language));
    kino_take(r, i, i + words, KINO_TAKEN(KINO_WISH_GENRE, no));
    for (size_t k = i; k < i + words; k++)
        r->keep[k] = of->keep && !no;
    return words;
}

static size_t audience(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_AUDIENCE, &entry);
    for (size_t k = i; k < i + words; k++)
        if (r->negated[k] == KINO_NEGATED)
            return 0;
    if (!words)
        return 0;
    kino_add_chip(r, i, i + words, KINO_WISH_AUDIENCE, false, "family", 6);
    return words;
}

/* ---- kinds that are no genre ---- */

/* *decided: whether the word is one of these, and so no genre. */
static size_t theme(kino_reading *r, size_t i, bool *decided)
{
    size_t entry, genre, words = kino_phrase(r, i, IN_THEMES, &entry);
    *decided = words && words >= kino_phrase(r, i, IN_GENRES, &genre) && !r->theme[i];
    if (!*decided || r->negated[i] == KINO_NEGATED)
        return 0;
    const kino_wish_theme_words *of = &kino_wish_theme_table[entry];
    kino_wish_for(r, kino_lexicon_genres(r->lexicon, IN_THEMES, entry), 0.6f, true);
    kino_put_words(&r->expand, of->expand, strlen(of->expand));
    if (!of->named)
        return 0;
    const kino_span name = kino_span_of(&r->text, i, words);
    kino_add_chip(r, i, i + words, KINO_WISH_THEME, false, name.text, name.n);
    kino_put_words(&r->more, name.text, name.n);
    return words;
}

/* ---- genres ---- */

static bool has_genre(const kino_reading *r, const char *genres)
{
    for (const char *p = genres; *p;) {
        char name[32];
        const size_t n = strcspn(p, "+");
        memcpy(name, p, n);
        name[n] = 0;
        if (!r->look->genre(r->look->ctx, name))
            return false;
        p += n + (p[n] == '+');
    }
    return true;
}

/* A certain word of a genre that is none here: "a comedy writer", "western town". */
static bool names_something(const kino_reading *r, size_t i, size_t next)
{
    if (kino_is_word(r, i, "docs|doc"))
        return !kino_position_ok(r, next);
    return kino_is_word(r, i, "horror|comedy|western|musical|animation|cartoon|thriller|documentary") &&
           !kino_position_ok(r, next) && !kino_heads_phrase(r, next) &&
           kino_is_word(r, next,
                        "writer|writers|club|clubs|duo|actor|actors|crew|crews|director|directors|novelist|town|outlaw|"
                        "outlaws|instrument|troupe|artist|artists|fan|fans");
}

/* "history of", "in the war": the word belongs to a theme. */
static bool belongs_to_theme(const kino_reading *r, size_t i, size_t next)
{
    int low, high;
    if (kino_is_word(r, i, "family|music|war|crime|history|action") && kino_is_word(r, next, "in|of|at|on|to") &&
        !kino_one_year(r, next + 1, &low, &high) && !(kino_is_word(r, next, "in") && kino_in(r, next + 1, IN_NATIONS)))
        return true;
    if (i && kino_is_word(r, i, "war") && kino_is_word(r, i - 1, "world|civil|cold|gulf") && !kino_in(r, next, IN_NOUN))
        return true;
    return i && kino_is_word(r, i, "family|war|music|history|crime|drama") &&
           kino_is_word(r, i - 1, "of|the|his|her|their|my|your|a") && !kino_in(r, next, IN_NOUN) &&
           !kino_in(r, next, IN_GENRES) && !(kino_is_word(r, i - 1, "a") && kino_is_word(r, i, "drama"));
}

/* Whether a word that may be a genre stands where one would. */
static bool is_placed(const kino_reading *r, size_t i, size_t next)
{
    if (kino_position_ok(r, next))
        return true;
    if (!kino_heads_phrase(r, next) || !kino_is_word(r, i, "action|historical|fantasy|romantic"))
        return false;
    return kino_in(r, next, IN_GENRES) || kino_in(r, next, IN_NOUN) ||
           (kino_is_mood(r, next, 1) && kino_in(r, next + 1, IN_NOUN));
}

static size_t genre(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_GENRES, &entry), next = i + words;
    if (!words || r->block[i] || r->theme[i])
        return 0;
    const kino_wish_genre_words *of = &kino_wish_genre_table[entry];
    const bool no = r->negated[i] == KINO_NEGATED;
    if (!has_genre(r, of->genres))
        return 0;
    if (!no && of->sure == KINO_WISH_CERTAIN && words == 1 && names_something(r, i, next))
        return 0;
    if (!no && of->sure == KINO_WISH_PLACED && (!is_placed(r, i, next) || belongs_to_theme(r, i, next)))
        return 0;
    if (no && r->soft[i]) { /* "less romance": away from it, and no filter */
        for (size_t g = 0; g < KINO_WISH_GENRES; g++)
            r->out->genres[g] -= strstr(of->genres, kino_wish_genre_names[g]) != NULL;
        const kino_span said = kino_span_of(&r->text, i, words);
        kino_add_chip(r, i, next, KINO_WISH_NOT, false, said.text, said.n);
        return words;
    }
    const size_t from = of->sure == KINO_WISH_LAST ? next - 1 : i;
    kino_add_chip(r, from, next, KINO_WISH_GENRE, no, of->genres, strlen(of->genres));
    if (of->sure == KINO_WISH_LAST)
        r->keep[from] = true;
    if (kino_is_word(r, i, "cartoon|cartoons") && !no)
        r->keep[i] = true;
    return words;
}

/* ---- acclaim and fame ---- */

static const char *opposite(const char *rank)
{
    static const char *const pairs[][2] = {{"popular", "obscure"},     {"obscure", "popular"}, {"best", "worst"},
                                           {"worst", "best"},          {"hidden", "popular"},  {"overrated", "best"},
                                           {"classic", "not classic"}, {"cult", "not cult"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++)
        if (!strcmp(pairs[i][0], rank))
            return pairs[i][1];
    return rank;
}

static size_t rank(kino_reading *r, size_t i)
{
    size_t entry, words = kino_phrase(r, i, IN_RANKS, &entry), next = i + words;
    if (!words || r->block[i] || r->theme[i])
        return 0;
    const kino_wish_rank_words *of = &kino_wish_rank_table[entry];
    const bool placed = kino_position_ok(r, next);
    if (of->placed && !placed && !kino_heads_phrase(r, next))
        return 0;
    if (kino_says(r, i, "best|the best") == words && kino_is_word(r, next, "friend|friends|man|men"))
        return 0;
    if (kino_is_word(r, i, "top") && words == 1 && i && kino_is_word(r, i - 1, "on|to|the") && !placed)
        return 0;
    const char *value = r->negated[i] == KINO_NEGATED ? opposite(of->rank) : of->rank;
    if (!strcmp(of->rank, "cult"))
        kino_put_words(&r->more, "cult film", 9);
    kino_add_chip(r, i, next, KINO_WISH_RANK, false, value, strlen(value));
    return words;
}

size_t kino_read_fact(kino_reading *r, size_t i)
{
    bool decided = false;
    size_t n = kino_read_nation(r, i);
    if (!n)
        n = combo(r, i);
    if (!n)
        n = audience(r, i);
    if (!n)
        n = theme(r, i, &decided);
    if (!n && !decided)
        n = genre(r, i);
    return n || decided ? n : rank(r, i);
}
