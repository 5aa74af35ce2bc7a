/* names.c - everyday names of genres, languages and countries, looked up in the tables of the reader. */
#include "wish/names.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/editdistance.h"
#include "base/utf8.h"
#include "wish/tables.h"

typedef enum kind { GENRE, LANGUAGE, COUNTRY } kind;

/* The i-th row of a kind: phrases with | between them, and what they stand for, "" if that is nothing; false behind the
 * last. */
static bool row(kind k, size_t i, const char **phrases, const char **places, const char **stands_for)
{
    *places = "";
    if (k == GENRE) {
        if (i >= kino_wish_genre_count)
            return false;
        *phrases = kino_wish_genre_table[i].phrases;
        *stands_for = kino_wish_genre_table[i].genres;
        return true;
    }
    if (i >= kino_wish_nation_count)
        return false;
    const kino_wish_nation_words *n = &kino_wish_nation_table[i];
    *phrases = n->phrases;
    *places = k == COUNTRY ? n->places : "";
    *stands_for = k == COUNTRY ? n->countries : n->own || strchr(n->languages, ',') == NULL ? n->languages : "";
    return true;
}

/* How far a phrase out of "a|b" is from the text, at best; 0: it is one of them. */
static size_t distance(const char *phrases, const char *text, size_t n)
{
    size_t best = SIZE_MAX;
    kino_edit_pattern p;
    kino_edit_prepare(&p, (const uint8_t *)text, n);
    for (const char *at = phrases; *at;) {
        const size_t length = strcspn(at, "|");
        const size_t d = (size_t)kino_edit_distance(&p, (const uint8_t *)at, length);
        best = d < best ? d : best;
        at += length + (at[length] == '|');
    }
    return best;
}

/* What the row stands for that is nearest to a name, within so many edits. */
static const char *nearest(kind k, const char *name, size_t most_edits)
{
    kino_buffer folded = {0};
    const char *phrases, *places, *stands_for, *found = NULL;
    size_t best = SIZE_MAX;
    kino_fold(&folded, name, strlen(name));
    if (folded.size && folded.size <= KINO_EDIT_LETTERS)
        for (size_t i = 0; row(k, i, &phrases, &places, &stands_for); i++) {
            const size_t by_phrase = distance(phrases, folded.data, folded.size),
                         by_place = distance(places, folded.data, folded.size),
                         d = by_phrase < by_place ? by_phrase : by_place;
            if (*stands_for && d <= most_edits && d < best) {
                best = d;
                found = stands_for;
            }
        }
    free(folded.data);
    return found;
}

static size_t patience(const char *name)
{
    const size_t n = strlen(name);
    return n < 3 ? 0 : n < 6 ? 1 : n / 3;
}

const char *kino_wish_genre_called(const char *name)
{
    return nearest(GENRE, name, 0);
}

const char *kino_wish_language_called(const char *name)
{
    return nearest(LANGUAGE, name, 0);
}

void kino_wish_put_language(kino_buffer *out, const char *code)
{
    const char *phrases, *places, *stands_for;
    for (size_t i = 0; row(LANGUAGE, i, &phrases, &places, &stands_for); i++)
        if (!strcmp(stands_for, code)) {
            kino_buffer_put(out, phrases, strcspn(phrases, "|"));
            return;
        }
}

const char *kino_wish_country_called(const char *name)
{
    return nearest(COUNTRY, name, 0);
}

const char *kino_wish_genre_near(const char *name)
{
    return nearest(GENRE, name, patience(name));
}

const char *kino_wish_language_near(const char *name)
{
    return nearest(LANGUAGE, name, patience(name));
}
