/* titles.c - pieces of a question as titles of films. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "wish/reading.h"

enum { MOST = 8, WHOLE_WORDS = 14 };

static bool small_at(const kino_reading *r, size_t i)
{
    return kino_title_is_small(r->words[i].title.text, r->words[i].title.n);
}

/* The words that are not small ones, and the last of them; none where all say nothing: "like it". */
static size_t content_of(const kino_reading *r, size_t i, size_t words, size_t *last)
{
    size_t content = 0;
    bool says = false;
    for (size_t k = i; k < i + words; k++)
        if (!small_at(r, k)) {
            content++;
            *last = k;
            says |= !kino_is_stop(r, k);
        }
    return says ? content : 0;
}

static kino_named_film named(const kino_reading *r, uint32_t film, kino_title_as as, size_t words)
{
    kino_wish_film f;
    r->look->film(r->look->ctx, film, &f);
    return (kino_named_film){words, film, as, f.votes, f.year};
}

static size_t look_up(const kino_reading *r, kino_wish_title_way way, size_t i, size_t words, kino_wish_hit out[MOST])
{
    const kino_span title = kino_span_of(&r->title, i, words);
    return r->look->titles(r->look->ctx, way, title.text, title.n, MOST, out);
}

/* The best of the films that are of the year, if one is asked for. */
static kino_named_film choose(const kino_reading *r, const kino_wish_hit *hits, size_t n, kino_title_as as,
                              size_t words, int year, int tolerance)
{
    for (size_t i = 0; i < n; i++) {
        kino_named_film f = named(r, hits[i].item,
                                  as == KINO_AS_LOOSE ? as
                                  : hits[i].alias     ? KINO_AS_ALIAS
                                                      : KINO_AS_FOLDED,
                                  words);
        const int off = tolerance || f.as != KINO_AS_FOLDED ? 1 : 0;
        if (!year || abs(f.year - year) <= off)
            return f;
    }
    return (kino_named_film){0};
}

kino_named_film kino_title_exact(const kino_reading *r, size_t i, size_t words, int year, int tolerance)
{
    kino_wish_hit hits[MOST];
    kino_named_film f =
        choose(r, hits, look_up(r, KINO_WISH_EQUAL, i, words, hits), KINO_AS_FOLDED, words, year, tolerance);
    if (!f.words && words >= 2)
        f = choose(r, hits, look_up(r, KINO_WISH_LOOSE, i, words, hits), KINO_AS_LOOSE, words, year, tolerance);
    return f;
}

kino_named_film kino_title_misspelt(const kino_reading *r, size_t i, size_t words)
{
    kino_wish_hit hits[MOST];
    if (r->strange || look_up(r, KINO_WISH_MISSPELT, i, words, hits) == 0)
        return (kino_named_film){0};
    kino_named_film f = named(r, hits[0].item, KINO_AS_MISSPELT, words);
    return f.votes >= 10 ? f : (kino_named_film){0};
}

/* All words but small ones, in this order, in a title that is known: "half-blood prince". */
static kino_named_film title_inside(const kino_reading *r, size_t i, size_t words)
{
    kino_wish_hit hits[MOST];
    size_t last = i;
    const size_t content = content_of(r, i, words, &last);
    if (!content || (content == 1 && r->words[last].title.n < 7) || look_up(r, KINO_WISH_INSIDE, i, words, hits) == 0)
        return (kino_named_film){0};
    kino_named_film f = named(r, hits[0].item, KINO_AS_INSIDE, words);
    return f.votes >= KINO_WISH_KNOWN ? f : (kino_named_film){0};
}

static bool any_unknown(const kino_reading *r, size_t i, size_t words, bool or_mended)
{
    for (size_t k = i; k < i + words; k++)
        if (r->words[k].mended ? or_mended : !r->words[k].known)
            return true;
    return false;
}

static kino_named_film exact_at(const kino_reading *r, size_t i, size_t most)
{
    for (size_t words = most < 12 ? most : 12; words; words--) {
        kino_named_film f = kino_title_exact(r, i, words, 0, 0);
        if (!f.words || (f.as == KINO_AS_LOOSE &&
                         (small_at(r, i) || small_at(r, i + words - 1) || kino_is_word(r, i + words - 1, "but"))))
            continue;
        if (words < most && kino_year(r, i + words)) {
            kino_named_film of_year = kino_title_exact(r, i, words, kino_year(r, i + words), 1);
            if (of_year.words) {
                of_year.words++;
                of_year.as = KINO_AS_YEAR;
                return of_year;
            }
        }
        return f;
    }
    return (kino_named_film){0};
}

kino_named_film kino_title_at(const kino_reading *r, size_t i, bool strong)
{
    size_t most = 0;
    while (i + most < r->count && !r->used[i + most])
        most++;
    kino_named_film f = exact_at(r, i, most);
    for (size_t words = most < 8 ? most : 8; strong && !f.words && words; words--) {
        const size_t end = i + words - 1;
        if (!kino_in(r, end, IN_BOUNDARY) && !(kino_in(r, end, IN_NOUN) && words > 1) &&
            any_unknown(r, i, words, false))
            f = kino_title_misspelt(r, i, words);
    }
    for (size_t words = most < 6 ? most : 6; strong && !f.words && words; words--) {
        size_t last = i;
        const size_t content = content_of(r, i, words, &last);
        if (!kino_in(r, i + words - 1, IN_BOUNDARY) && !kino_in(r, i, IN_BOUNDARY) &&
            (content >= 2 || kino_texts_of(r, last) <= 40))
            f = title_inside(r, i, words);
    }
    return f;
}

kino_named_film kino_title_whole(const kino_reading *r, bool misspelt)
{
    const size_t n = r->count;
    kino_named_film f = {0};
    if (n > WHOLE_WORDS || r->all > n)
        return f;
    f = kino_title_exact(r, 0, n, 0, 0);
    if (!f.words && n > 1 && kino_year(r, n - 1)) {
        f = kino_title_exact(r, 0, n - 1, kino_year(r, n - 1), 0);
        if (f.words)
            f.as = KINO_AS_YEAR;
    }
    if (!f.words && misspelt && any_unknown(r, 0, n, true) && r->title.at[n] - n >= 5)
        f = kino_title_misspelt(r, 0, n);
    if (f.words)
        return f;
    size_t last = 0;
    const size_t content = content_of(r, 0, n, &last);
    return content >= 2 || (content && kino_texts_of(r, last) <= 3) ? title_inside(r, 0, n) : f;
}

const char *kino_film_name(kino_reading *r, uint32_t film)
{
    kino_wish_film f;
    kino_buffer b = {0};
    r->look->film(r->look->ctx, film, &f);
    kino_buffer_print(&b, f.year ? "%s (%d)" : "%s", f.title, f.year);
    const char *name = kino_arena_strndup(&r->out->memory, b.data, b.size);
    free(b.data);
    return name;
}
