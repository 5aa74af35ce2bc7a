/* reasons.c - what a film and those that were liked have in common, as a sentence. */
#include "ask/reasons.h"

#include <stddef.h>
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

/* One list of a film, and what is said of one name and of several. */
typedef struct shared_kind {
    size_t offset; /* of the list in a kino_movie */
    const char *one, *several;
    size_t most;
} shared_kind;

static const shared_kind kinds[] = {
    {offsetof(kino_movie, directors), "the director", "the directors", 3},
    {offsetof(kino_movie, cast), "the actor", "the actors", 3},
    {offsetof(kino_movie, genres), "the genre", "the genres", 4},
    {offsetof(kino_movie, keywords), "the theme", "the themes", MOST_NAMES},
};

static const kino_list *list_of(const kino_movie *m, const shared_kind *kind)
{
    return (const kino_list *)((const char *)m + kind->offset);
}

static bool has_name(const kino_list *list, const char *name)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcasecmp(list->items[i].name, name))
            return true;
    return false;
}

/* The names of a list that one of the liked films has too, in the order of the list; returns how many. */
static size_t find_shared(kino_movie *const *like, size_t count, const kino_movie *m, const shared_kind *kind,
                          const char *out[MOST_NAMES])
{
    const kino_list *own = list_of(m, kind);
    size_t found = 0;
    for (size_t i = 0; i < own->count && found < kind->most; i++) {
        bool shared = false;
        for (size_t n = 0; n < count && !shared; n++)
            shared = has_name(list_of(like[n], kind), own->items[i].name);
        if (shared)
            out[found++] = own->items[i].name;
    }
    return found;
}

/* "a", "a and b", "a, b and c" */
static void put_names(kino_buffer *b, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        kino_buffer_print(b, "%s%s", !i ? "" : i + 1 < count ? ", " : " and ", names[i]);
}

void kino_reasons_put(kino_buffer *b, kino_movie *const *like, size_t count, const kino_result *r)
{
    const size_t start = b->size;
    const char *names[MOST_NAMES];
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const size_t found = find_shared(like, count, r->movie, &kinds[i], names);
        if (!found)
            continue;
        kino_buffer_print(b, "%s%s ", b->size > start ? "; " : "Shares ", found > 1 ? kinds[i].several : kinds[i].one);
        put_names(b, names, found);
    }
    for (size_t i = 0; count > 1 && i < count; i++)
        if (like[i]->id == r->seed) {
            kino_buffer_print(b, "%s %s", b->size > start ? "; most like" : "Most like", like[i]->title);
            if (like[i]->year)
                kino_buffer_print(b, " (%d)", like[i]->year);
        }
}
