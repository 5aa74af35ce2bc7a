/* words_find.c - a question -> its terms -> the scores of all films. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/editdistance.h"
#include "base/stem.h"
#include "base/titletext.h"
#include "base/utf8.h"
#include "index/words_table.h"

enum {
    WORDS_READ = 256,      /* of a question */
    WORDS_MENDED = 16,     /* of these: each costs a walk over all stems of its first letter */
    HALF_SHORTEST = 3,     /* bytes of a word that is half of another */
    HALF_FILMS = 5,        /* films whose texts have it */
    JOINED_FILMS = 2,      /* films whose texts have two neighbours as one word */
    MISSPELT_SHORTEST = 5, /* letters; a shorter word is near to too many others */
    TWO_EDITS = 8,         /* letters from which two edits are still the same word */
    NEAREST_FILMS = 3,     /* films whose texts have the word that was meant; fewer may be misspelt themselves */
};
static const float GUESSED = 0.7f; /* the weight of a word that was not asked for as it stands */

/* ---- terms ---- */

static size_t stem_into(char *out, const char *word, size_t n)
{
    memcpy(out, word, n);
    return kino_stem(out, n);
}

static kino_words_term look_up(const kino_words *w, const char *stem, size_t n, float weight)
{
    kino_words_term t = {kino_words_find(w, stem, n), KINO_WORDS_ABSENT, weight};
    if (w->tail)
        t.tail = kino_words_find(w->tail, stem, n);
    return t;
}

static bool is_known(kino_words_term t)
{
    return t.base != KINO_WORDS_ABSENT || t.tail != KINO_WORDS_ABSENT;
}

/* Adds a term, or lifts its weight when it is there. */
static void add(kino_words_terms *terms, kino_words_term t)
{
    for (size_t i = 0; i < terms->count; i++) {
        kino_words_term *other = &terms->items[i];
        if (other->base == t.base && other->tail == t.tail) {
            if (other->weight < t.weight)
                other->weight = t.weight;
            return;
        }
    }
    if (terms->count < KINO_WORDS_TERMS)
        terms->items[terms->count++] = t;
}

static void add_word(const kino_words *w, const char *word, size_t n, float weight, kino_words_terms *terms)
{
    char stem[KINO_WORD_LONGEST];
    const size_t length = stem_into(stem, word, n);
    const kino_words_term t = look_up(w, stem, length, weight);
    if (is_known(t))
        add(terms, t);
}

/* "spacestation": the first two words of films' texts that it is made of. */
static bool add_halves(const kino_words *w, const char *word, size_t n, kino_words_terms *terms)
{
    for (size_t cut = HALF_SHORTEST; cut + HALF_SHORTEST <= n; cut++)
        if (kino_words_df(w, word, cut) >= HALF_FILMS && kino_words_df(w, word + cut, n - cut) >= HALF_FILMS) {
            add_word(w, word, cut, GUESSED, terms);
            add_word(w, word + cut, n - cut, GUESSED, terms);
            return true;
        }
    return false;
}

/* "super hero": two neighbours that films' texts have as one word. */
static void add_joined(const kino_words *w, const char *a, size_t a_n, const char *b, size_t b_n,
                       kino_words_terms *terms)
{
    char word[KINO_WORD_LONGEST];
    if (a_n + b_n > sizeof word)
        return;
    memcpy(word, a, a_n);
    memcpy(word + a_n, b, b_n);
    if (kino_words_df(w, word, a_n + b_n) >= JOINED_FILMS)
        add_word(w, word, a_n + b_n, 1, terms);
}

/* ---- spelling ---- */

/* A misspelt word, ready to be compared with the stems of its first letter. */
typedef struct misspelt {
    char stem[KINO_WORD_LONGEST];
    size_t front;   /* bytes of its first letter */
    size_t letters; /* of the stem */
    int most;       /* edits */
    uint32_t mask;
    kino_edit_pattern pattern;
} misspelt;

/* False for a word too short to be mended. */
static bool describe(misspelt *m, const char *word, size_t n)
{
    uint8_t letters[KINO_WORD_LONGEST];
    int32_t first;
    if (!n || n > sizeof m->stem)
        return false;
    const size_t typed = kino_title_letters(word, n, letters, sizeof letters);
    if (typed < MISSPELT_SHORTEST)
        return false;
    n = stem_into(m->stem, word, n);
    m->front = kino_utf8_next(m->stem, n, &first);
    m->letters = kino_title_letters(m->stem, n, letters, sizeof letters);
    m->most = typed < TWO_EDITS ? 1 : 2;
    m->mask = kino_title_mask(letters, m->letters);
    kino_edit_prepare(&m->pattern, letters, m->letters);
    return true;
}

static bool more_bits(uint32_t x, int most)
{
    for (; most > 0; most--)
        x &= x - 1;
    return x != 0;
}

/* The edits to a stem, when they are no more than m->most; more otherwise. */
static int edits(const misspelt *m, const char *stem, size_t n)
{
    uint8_t letters[KINO_WORD_LONGEST];
    const size_t most = (size_t)m->most, least = m->letters > most ? m->letters - most : 1;
    if (n < least || n > 4 * (m->letters + most)) /* a letter has one to four bytes */
        return m->most + 1;
    n = kino_title_letters(stem, n, letters, sizeof letters);
    const uint32_t mask = kino_title_mask(letters, n);
    if (n < least || n > m->letters + most || more_bits(mask & ~m->mask, m->most) ||
        more_bits(m->mask & ~mask, m->most))
        return m->most + 1;
    return kino_edit_distance(&m->pattern, letters, n);
}

/* From the first stem of that letter on; m->most shrinks to what is found. */
static uint32_t nearest(const kino_words *w, misspelt *m)
{
    uint32_t best = KINO_WORDS_ABSENT;
    for (uint32_t term = kino_words_lower(w, m->stem, m->front); term < w->term_count; term++) {
        size_t n;
        const char *text = kino_words_text(w, term, &n);
        const uint32_t films = w->entries[term].in_texts;
        if (n < m->front || memcmp(text, m->stem, m->front) != 0)
            break;
        const int distance = films < NEAREST_FILMS ? m->most + 1 : edits(m, text, n);
        if (distance > m->most)
            continue;
        if (distance < m->most || best == KINO_WORDS_ABSENT || films > w->entries[best].in_texts)
            best = term;
        m->most = distance;
    }
    return best;
}

size_t kino_words_nearest(const kino_words *w, const char *word, size_t n, const char **stem)
{
    misspelt m;
    if (!describe(&m, word, n))
        return 0;
    const uint32_t term = nearest(w, &m);
    if (term == KINO_WORDS_ABSENT)
        return 0;
    *stem = kino_words_text(w, term, &n);
    return n;
}

/* ---- the question ---- */

/* A word of the question; *mended counts those that were looked for among others. */
static void ask(const kino_words *w, const char *word, size_t n, size_t *mended, kino_words_terms *terms)
{
    char stem[KINO_WORD_LONGEST];
    const char *near;
    const kino_words_term t = look_up(w, stem, stem_into(stem, word, n), 1);
    if (is_known(t)) {
        add(terms, t);
        return;
    }
    if (++*mended > WORDS_MENDED || add_halves(w, word, n, terms))
        return;
    size_t length = kino_words_nearest(w, word, n, &near);
    if (length)
        add(terms, look_up(w, near, length, GUESSED));
}

void kino_words_query(const kino_words *w, const char *text, size_t n, kino_words_terms *out)
{
    kino_buffer folded = {0};
    size_t mended = 0, before_n = 0;
    const char *before = "";
    out->count = 0;
    kino_words_fold(&folded, text, n);
    kino_word_reader r = {.text = folded.data, .n = folded.size};
    for (size_t words = 0; words < WORDS_READ && kino_word_next(&r); words++) {
        if (!kino_word_is_stop(r.word, r.length))
            ask(w, r.word, r.length, &mended, out);
        if (before_n)
            add_joined(w, before, before_n, r.word, r.length, out);
        before = r.word;
        before_n = r.length;
    }
    free(folded.data);
}

void kino_words_expand(const kino_words *w, const char *text, size_t n, float weight, kino_words_terms *terms)
{
    kino_buffer folded = {0};
    kino_words_fold(&folded, text, n);
    kino_word_reader r = {.text = folded.data, .n = folded.size};
    for (size_t words = 0; words < WORDS_READ && kino_word_next(&r); words++)
        if (!kino_word_is_stop(r.word, r.length))
            add_word(w, r.word, r.length, weight, terms);
    free(folded.data);
}

/* ---- scores ---- */

static uint32_t films_with(const kino_words *w, uint32_t term)
{
    return w && term != KINO_WORDS_ABSENT ? w->entries[term].films : 0;
}

/* How much a term tells, by the films of both parts. */
static float rarity(const kino_words *w, kino_words_term t)
{
    const double films = (double)kino_words_films(w);
    double with = (double)films_with(w, t.base) + films_with(w->tail, t.tail);
    if (with > films)
        with = films;
    return (float)log(1 + (films - with + 0.5) / (with + 0.5));
}

static bool is_hidden(const uint64_t *hidden, size_t row)
{
    return hidden && hidden[row / 64] >> row % 64 & 1;
}

/* The rest of a gap whose first byte says that it goes on; NULL when the list ends in it. */
static const uint8_t *long_gap(const uint8_t *p, const uint8_t *end, uint64_t *gap)
{
    *gap &= 127;
    for (unsigned shift = 7; shift < 32 && p < end; shift += 7) {
        *gap |= (uint64_t)(*p & 127) << shift;
        if (*p++ < 128)
            break;
    }
    return p < end ? p : NULL;
}

/* Adds `factor` times the impact of each posting of a term; returns the greatest score so far. A list ends where it
 * leaves the section or the rows. */
static float add_postings(const kino_words *w, uint32_t term, float factor, float best, float *scores)
{
    const uint64_t at = w->postings_at[term], to = w->postings_at[term + 1];
    if (at > to || to > w->postings_size)
        return best;
    const uint8_t *p = w->postings + at, *end = w->postings + to;
    for (uint64_t next = 0; end - p >= 2;) { /* the row behind the one before */
        uint64_t gap = *p++;
        if (gap >= 128)
            p = long_gap(p, end, &gap);
        next += gap;
        if (!p || !gap || next > w->films)
            break;
        float *score = &scores[next - 1];
        *score += factor * (float)*p++;
        if (*score > best && !is_hidden(w->hidden, next - 1))
            best = *score;
    }
    return best;
}

float kino_words_score(const kino_words *w, const kino_words_terms *terms, float *scores)
{
    float best = 0;
    memset(scores, 0, kino_words_films(w) * sizeof *scores);
    for (size_t i = 0; i < terms->count; i++) {
        const kino_words_term t = terms->items[i];
        const float factor = t.weight * rarity(w, t) * KINO_WORDS_STEP;
        if (t.base != KINO_WORDS_ABSENT)
            best = add_postings(w, t.base, factor, best, scores);
        if (w->tail && t.tail != KINO_WORDS_ABSENT)
            best = add_postings(w->tail, t.tail, factor, best, scores + w->films);
    }
    return best;
}
