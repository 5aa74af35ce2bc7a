/* reasons.c - why a film is in an answer, as a sentence. */
#include "ask/reasons.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const struct said {
    const char *part, *name, *meaning;
} all_said[] = {
    {"plot", "Story", "how near the meaning of the texts is"},
    {"words", "Words", "telling words in common"},
    {"profile", "Kind of film", "what a network makes of common words"},
    {"genres", "Genres", "genres in common"},
    {"keywords", "Themes", "keywords in common, rare ones most"},
    {"director", "Director", "the same director"},
    {"cast", "Actors", "actors in common"},
    {"era", "Era", "how few years lie between"},
    {"language", "Language", "the same language"},
    {"acclaim", "Acclaim", "liked as well, or as little"},
    {"fame", "Fame", "known as well, or as little"},
    {"popularity", "Popularity", "well known and liked, as was asked for"},
    {"likeness", "Likeness", "like the films that are named"},
    {"away", "Against", "like what was not to be"},
    {"title", "Title", "its title is what was asked for"},
};

static const struct said *find_said(const char *part)
{
    for (size_t i = 0; i < sizeof all_said / sizeof *all_said; i++)
        if (!strcmp(all_said[i].part, part))
            return &all_said[i];
    return NULL;
}

const char *kino_reasons_name(const char *part)
{
    const struct said *s = find_said(part);
    return s ? s->name : part;
}

const char *kino_reasons_meaning(const char *part)
{
    const struct said *s = find_said(part);
    return s ? s->meaning : "";
}

/* ---- what is shared ---- */

enum { MOST_NAMES = 6 };

/* What the clauses of a sentence are made of. */
typedef struct sentence {
    kino_buffer *b;
    size_t start;
    const kino_result *r;
} sentence;

static double part_of(const kino_result *r, const char *name)
{
    for (size_t i = 0; i < r->part_count; i++)
        if (!strcmp(r->parts[i].name, name))
            return r->parts[i].value;
    return 0;
}

/* Whether a part speaks for the film beside the one that brought it. In an answer to words all of that is one part. */
static bool counts(const kino_result *r, const char *part)
{
    return part_of(r, part_of(r, "likeness") != 0 ? "likeness" : part) > 0;
}

/* The names of a list that the other film has too, in its order; returns how many. */
static size_t find_shared(const kino_list *own, const kino_list *other, size_t most, const char *out[MOST_NAMES])
{
    size_t found = 0;
    for (size_t i = 0; i < own->count && found < most; i++)
        for (size_t n = 0; n < other->count; n++)
            if (!strcasecmp(own->items[i].name, other->items[n].name)) {
                out[found++] = own->items[i].name;
                break;
            }
    return found;
}

/* "a", "a and b", "a, b and c" */
static void put_names(kino_buffer *b, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kino_buffer_print(b, "%s%s", !i ? "" : i + 1 < count ? ", " : " and ", names[i]);
}

static void put_title(kino_buffer *b, const kino_movie *m)
{
    kino_buffer_print(b, m->year ? "%s (%d)" : "%s", m->title, m->year);
}

/* "; " between two clauses, and a capital letter at the head of the first. */
static void put_clause(const sentence *s, const char *text)
{
    const bool first = s->b->size == s->start;
    kino_buffer_print(s->b, "%s%s", first ? "" : "; ", text);
    if (first && s->b->data[s->start] >= 'a' && s->b->data[s->start] <= 'z')
        s->b->data[s->start] = (char)(s->b->data[s->start] - 32);
}

static void put_shared(const sentence *s, const char *part, const kino_list *own, const kino_list *other, size_t most,
                       const char *one, const char *several)
{
    const char *names[MOST_NAMES];
    const size_t found = counts(s->r, part) ? find_shared(own, other, most, names) : 0;
    if (!found)
        return;
    put_clause(s, found > 1 ? several : one);
    put_names(s->b, names, found);
}

/* "seven years later": of what comes near enough in time to count. */
static void put_years(const sentence *s)
{
    static const char *const numbers[] = {"",      "a",     "two",  "three", "four",   "five",  "six",
                                          "seven", "eight", "nine", "ten",   "eleven", "twelve"};
    enum { MOST = sizeof numbers / sizeof *numbers };
    const int own = s->r->movie->year, other = s->r->beside->year, apart = own > other ? own - other : other - own;
    kino_buffer text = {0};
    if (!own || !other || apart >= MOST || !counts(s->r, "era"))
        return;
    kino_buffer_print(&text, apart ? "%s year%s %s" : "of the same year", numbers[apart], apart > 1 ? "s" : "",
                      own > other ? "later" : "earlier");
    put_clause(s, text.data);
    free(text.data);
}

/* "Horror and Thriller like Alien (1979); both have the themes ...; also by Ridley Scott; seven years later" */
static void put_likeness(const sentence *s)
{
    const kino_movie *own = s->r->movie, *other = s->r->beside;
    enum { GENRES = 4, THEMES = 5, PEOPLE = 3 };
    const char *names[MOST_NAMES];
    const size_t genres = counts(s->r, "genres") ? find_shared(&own->genres, &other->genres, GENRES, names) : 0;
    put_names(s->b, names, genres);
    kino_buffer_print(s->b, "%s", genres ? " like " : "Like ");
    put_title(s->b, other);
    put_shared(s, "keywords", &own->keywords, &other->keywords, THEMES, "both have the theme ",
               "both have the themes ");
    put_shared(s, "director", &own->directors, &other->directors, PEOPLE, "also by ", "also by ");
    put_shared(s, "cast", &own->cast, &other->cast, PEOPLE, "also with ", "also with ");
    put_years(s);
}

/* ---- a wish in words ---- */

/* A part says something when it is a tenth of the score and more. */
static void put_wish(const sentence *s)
{
    static const char *const clauses[][2] = {
        {"title", "its title is what was asked for"},
        {"words", "what is told of it has these words"},
        {"plot", "near in meaning"},
        {"keywords", "a theme of it fits"},
        {"genres", "of the genres of that mood"},
        {"era", "of the years asked for"},
        {"language", "in the language asked for"},
        {"acclaim", "well liked"},
        {"fame", "well known"},
    };
    for (size_t i = 0; i < sizeof clauses / sizeof *clauses; i++) {
        const double value = part_of(s->r, clauses[i][0]);
        if (value > 0 && value >= s->r->score / 10)
            put_clause(s, clauses[i][1]);
    }
}

void kino_reasons_put(kino_buffer *b, const kino_result *r)
{
    const sentence s = {b, b->size, r};
    if (r->beside && r->beside->id != r->movie->id)
        put_likeness(&s);
    if (!r->beside || part_of(r, "likeness") != 0)
        put_wish(&s);
    else if (r->named)
        put_clause(&s, "the film that was asked for");
}
