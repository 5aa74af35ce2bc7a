/* catalogue_titles.c - titles of films, found whole, loosely, misspelt, by words from inside and by address. */
#include <stdlib.h>
#include <string.h>

#include "base/titletext.h"
#include "wish/catalogue.h"

enum { HITS = 16 };

/* ---- films ---- */

void kino_catalogue_film(const void *ctx, uint32_t row, kino_wish_film *out)
{
    size_t own;
    const kino_segment *s = kino_rows_segment(ctx, row, &own);
    const int64_t year = s->counts[2 * own], votes = s->counts[2 * own + 1];
    *out = (kino_wish_film){kino_segment_text(s, own, KINO_TEXT_TITLE), year > 0 && year < 10000 ? (int)year : 0,
                            votes > 0 ? votes : 0};
}

static int64_t votes_of(const kino_rows *r, uint32_t row)
{
    const int64_t votes = kino_rows_votes(r, row);
    return votes > 1 ? votes : 1;
}

/* Puts a film into a list of the best-known, unless it is there. */
static void put_best(const kino_rows *r, kino_wish_hit *out, size_t *count, size_t most, uint32_t row, bool alias)
{
    size_t at = *count;
    for (size_t i = 0; i < *count; i++)
        if (out[i].item == row)
            return;
    while (at && votes_of(r, out[at - 1].item) < votes_of(r, row))
        at--;
    if (at >= most)
        return;
    if (*count < most)
        ++*count;
    memmove(out + at + 1, out + at, (*count - at - 1) * sizeof *out);
    out[at] = (kino_wish_hit){row, alias};
}

/* ---- whole titles ---- */

static size_t look(const kino_rows *r, const char *text, size_t n, bool misspelt, size_t most, kino_wish_hit *out)
{
    kino_title_hit hits[HITS];
    size_t found = misspelt ? kino_titles_misspelt(r->base->titles, text, n, HITS, hits)
                            : kino_titles_equal(r->base->titles, text, n, HITS, hits);
    found = found < most ? found : most;
    for (size_t i = 0; i < found; i++)
        out[i] = (kino_wish_hit){hits[i].entry, hits[i].kind > KINO_TITLE_FOLDED};
    return found;
}

/* The films that a table of either segment has under a text, the best known first. In the tables the best known stand
 * first, so that of many no more are looked at than are wanted. */
static size_t look_called(const kino_rows *r, kino_called_as as, const char *text, size_t n, size_t most,
                          kino_wish_hit *out)
{
    const unsigned bits = as == KINO_CALLED_LOOSE ? KINO_LOOSE_BITS : 0;
    size_t count = 0;
    for (const kino_segment *s = r->base; s; s = s == r->base ? r->tail : NULL) {
        const kino_keyed_run run = kino_called(&s->naming, as, s, text, n);
        for (size_t i = 0, taken = 0; i < run.count && taken < most; i++) {
            const uint32_t row = run.refs[i] >> bits;
            if (row >= s->count || (s == r->base && !kino_rows_is_visible(r, row)))
                continue;
            const size_t before = count;
            put_best(r, out, &count, most, s == r->base ? row : (uint32_t)r->base->count + row, true);
            taken += count > before;
        }
    }
    return count;
}

/* Whether the plain title begins with the text, spaces aside. */
static bool begins(const char *title, const kino_buffer *asked)
{
    kino_buffer plain = {0};
    size_t a = 0, b = 0;
    kino_plain_text(&plain, title);
    while (b < asked->size && a < plain.size) {
        a += plain.data[a] == ' ';
        b += asked->data[b] == ' ';
        if (a >= plain.size || b >= asked->size || plain.data[a] != asked->data[b])
            break;
        a++;
        b++;
    }
    free(plain.data);
    return asked->size && b >= asked->size;
}

/* A back part of one word is no name of a film: "the war" is not "Justice League: War". */
static bool is_back_word(const kino_rows *r, kino_wish_hit hit, const char *text, size_t n)
{
    size_t own;
    const kino_segment *s = kino_rows_segment(r, hit.item, &own);
    kino_buffer plain = {0};
    kino_title_plain(&plain, text, n);
    const bool back = hit.alias && (!plain.size || !memchr(plain.data, ' ', plain.size)) &&
                      !begins(kino_segment_text(s, own, KINO_TEXT_TITLE), &plain) &&
                      !begins(kino_segment_text(s, own, KINO_TEXT_ORIGINAL_TITLE), &plain);
    free(plain.data);
    return back;
}

static size_t equal(const kino_rows *r, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    enum { BETTER_KNOWN = 20 };
    kino_wish_hit hits[HITS];
    kino_buffer plain = {0};
    size_t found = look(r, text, n, false, HITS, hits), kept = 0, alias = HITS, spelled = 0;
    kino_title_plain(&plain, text, n);
    if (found < HITS && plain.size)
        spelled = look_called(r, KINO_CALLED_SPELLED, plain.data, plain.size, HITS - found, hits + found);
    free(plain.data);
    for (size_t i = 0; i < found + spelled; i++)
        if (i >= found || !is_back_word(r, hits[i], text, n))
            hits[kept++] = hits[i];
    for (size_t i = 1; i < kept; i++)
        if (hits[i].alias && (alias == HITS || votes_of(r, hits[i].item) > votes_of(r, hits[alias].item)))
            alias = i;
    if (alias < HITS && !hits[0].alias && votes_of(r, hits[alias].item) > BETTER_KNOWN * votes_of(r, hits[0].item)) {
        const kino_wish_hit better = hits[alias]; /* the film that everybody means by it */
        memmove(hits + 1, hits, alias * sizeof *hits);
        hits[0] = better;
    }
    kept = kept < most ? kept : most;
    memcpy(out, hits, kept * sizeof *hits);
    return kept;
}

/* ---- parts of titles ---- */

static void loosen(const char *text, size_t n, kino_buffer *out)
{
    kino_buffer plain = {0};
    kino_title_plain(&plain, text, n);
    if (plain.size)
        kino_title_loosen(out, plain.data, plain.size);
    free(plain.data);
}

static size_t loose(const kino_rows *r, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    enum { LEAST = 4 };
    kino_buffer asked = {0};
    size_t found = 0;
    loosen(text, n, &asked);
    if (asked.size >= LEAST) {
        found = look_called(r, KINO_CALLED_LOOSE, asked.data, asked.size, most, out);
        if (!found)
            found = look(r, asked.data, asked.size, false, most, out);
    }
    free(asked.data);
    return found;
}

/* Whether the words stand in the title in this order. */
static bool holds_words(const char *title, size_t n, const char *words, size_t words_n)
{
    size_t at = 0;
    for (size_t w = 0; w < words_n;) {
        const char *space = memchr(words + w, ' ', words_n - w);
        const size_t length = space ? (size_t)(space - words) - w : words_n - w;
        for (;;) {
            if (at >= n)
                return false;
            const char *end = memchr(title + at, ' ', n - at);
            const size_t own = end ? (size_t)(end - title) - at : n - at;
            const bool same = own == length && !memcmp(title + at, words + w, length);
            at += own + 1;
            if (same)
                break;
        }
        w += length + 1;
    }
    return true;
}

/* The references of the word of the fewest films; none when one of the words stands in no title. */
static kino_keyed_run rarest(const kino_segment *s, const kino_buffer *asked)
{
    kino_keyed_run best = {0};
    for (size_t at = 0; at < asked->size;) {
        const char *word = asked->data + at, *space = memchr(word, ' ', asked->size - at);
        const size_t n = space ? (size_t)(space - word) : asked->size - at;
        const kino_keyed_run run = kino_called(&s->naming, KINO_CALLED_INSIDE, s, word, n);
        if (!run.count)
            return run;
        if (!best.count || run.count < best.count)
            best = run;
        at += n + 1;
    }
    return best;
}

static size_t inside(const kino_rows *r, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    kino_buffer asked = {0}, plain = {0};
    size_t found = 0;
    loosen(text, n, &asked);
    for (const kino_segment *s = r->base; s; s = s == r->base ? r->tail : NULL) {
        const kino_keyed_run run = rarest(s, &asked);
        for (size_t i = 0, taken = 0; i < run.count && taken < most; i++) { /* the best known come first */
            const uint32_t row = run.refs[i] >> KINO_PLACE_BITS;
            if (row >= s->count || (s == r->base && !kino_rows_is_visible(r, row)))
                continue;
            plain.size = 0;
            kino_plain_text(&plain, kino_segment_text(s, row, KINO_TEXT_TITLE));
            if (!plain.size || !holds_words(plain.data, plain.size, asked.data, asked.size))
                continue;
            const size_t before = found;
            put_best(r, out, &found, most, s == r->base ? row : (uint32_t)r->base->count + row, true);
            taken += found > before;
        }
    }
    free(asked.data);
    free(plain.data);
    return found;
}

/* ---- addresses ---- */

static size_t by_id(const kino_rows *r, const char *text, size_t n, size_t most, kino_wish_hit *out)
{
    enum { LONGEST = 24 };
    char address[LONGEST];
    kino_title_hit hit;
    if (!most || n >= LONGEST)
        return 0;
    memcpy(address, text, n);
    address[n] = 0;
    if (!kino_titles_find(r->base->titles, address, 1, &hit) || hit.kind > KINO_TITLE_IMDB)
        return 0;
    out[0] = (kino_wish_hit){hit.entry, false};
    return 1;
}

size_t kino_catalogue_titles(const void *ctx, kino_wish_title_way way, const char *text, size_t n, size_t most,
                             kino_wish_hit *out)
{
    const kino_rows *r = ctx;
    switch (way) {
    case KINO_WISH_EQUAL:
        return equal(r, text, n, most, out);
    case KINO_WISH_LOOSE:
        return loose(r, text, n, most, out);
    case KINO_WISH_MISSPELT:
        return look(r, text, n, true, most, out);
    case KINO_WISH_INSIDE:
        return inside(r, text, n, most, out);
    case KINO_WISH_ID:
        return by_id(r, text, n, most, out);
    }
    return 0;
}
