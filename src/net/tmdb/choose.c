/* choose.c - which of the films that TMDB offers bears the title that was asked for. */
#include <stdlib.h>
#include <string.h>

#include "base/editdistance.h"
#include "base/titletext.h"
#include "base/utf8.h"
#include "net/tmdb/tmdb.h"

/* How a title resembles what was asked for, closest first. */
enum { SAME, PLAIN, PART, TYPO, BEGINNING, NOT };

enum {
    LONGEST = 256,  /* letters that are compared */
    MUCH_MORE = 50, /* votes of a film that everybody means, over one that hardly anybody has seen */
};

/* A text in the forms in which it is compared. */
typedef struct forms {
    kino_buffer folded, plain;
} forms;

static void forms_set(forms *f, const char *text, size_t n)
{
    f->folded.size = f->plain.size = 0;
    kino_buffer_put(&f->folded, "", 0);
    kino_buffer_put(&f->plain, "", 0);
    kino_fold(&f->folded, text, n);
    kino_title_plain(&f->plain, f->folded.data, f->folded.size);
}

static void forms_free(forms *f)
{
    free(f->folded.data);
    free(f->plain.data);
}

static bool same(const kino_buffer *a, const kino_buffer *b)
{
    return a->size && kino_title_equal(a->data, a->size, b->data, b->size);
}

/* The digits of a text: "Rocky 2" is no typing error of "Rocky 3". */
static bool same_digits(const kino_buffer *a, const kino_buffer *b)
{
    size_t i = 0, j = 0;
    for (;;) {
        while (i < a->size && !(a->data[i] >= '0' && a->data[i] <= '9'))
            i++;
        while (j < b->size && !(b->data[j] >= '0' && b->data[j] <= '9'))
            j++;
        if (i == a->size || j == b->size)
            return i == a->size && j == b->size;
        if (a->data[i++] != b->data[j++])
            return false;
    }
}

static bool is_typo(const kino_buffer *asked, const kino_buffer *title)
{
    uint8_t a[LONGEST], b[LONGEST];
    size_t n = kino_title_letters(asked->data, asked->size, a, LONGEST),
           m = kino_title_letters(title->data, title->size, b, LONGEST);
    const int most = (n >= 4) + (n >= 8) + (n >= 16);
    return most && n < LONGEST && m < LONGEST && same_digits(asked, title) &&
           kino_edit_within(a, n, b, m, most) <= most;
}

static bool begins(const kino_buffer *asked, const kino_buffer *title)
{
    return asked->size >= 3 && title->size > asked->size && title->data[asked->size] == ' ' &&
           !memcmp(title->data, asked->data, asked->size);
}

static int resemblance(const forms *asked, const char *title, forms *room)
{
    size_t n = strlen(title);
    kino_title_part parts[KINO_TITLE_PARTS];
    forms_set(room, title, n);
    if (asked->folded.size == room->folded.size && asked->folded.size &&
        !memcmp(asked->folded.data, room->folded.data, room->folded.size))
        return SAME;
    if (same(&asked->plain, &room->plain))
        return PLAIN;
    int found = is_typo(&asked->plain, &room->plain) ? TYPO : begins(&asked->plain, &room->plain) ? BEGINNING : NOT;
    kino_title_split(title, n, parts);
    for (size_t i = 0; i < KINO_TITLE_PARTS; i++) {
        if (!parts[i].n)
            continue;
        forms_set(room, parts[i].text, parts[i].n);
        if (same(&asked->plain, &room->plain))
            return PART;
    }
    return found;
}

static int least(int a, int b)
{
    return a < b ? a : b;
}

static int closest(const forms *asked, const kino_tmdb_candidate *c, forms *room)
{
    int best = resemblance(asked, c->title, room);
    if (best > SAME && *c->original_title)
        best = least(best, resemblance(asked, c->original_title, room));
    for (size_t i = 0; best > SAME && i < c->alternative_count; i++)
        best = least(best, resemblance(asked, c->alternatives[i], room));
    return best;
}

/* 0 for a film of the year, 1 for one of its neighbours, 2 for any other. */
static int year_distance(int wanted, int year)
{
    return !wanted || wanted == year ? 0 : year && abs(wanted - year) == 1 ? 1 : 2;
}

static bool hardly_seen(const kino_tmdb_candidate *c, const kino_tmdb_candidate *beside)
{
    int64_t votes = c->votes > 0 ? c->votes : 0;
    return beside->votes >= MUCH_MORE && beside->votes / MUCH_MORE > votes;
}

typedef struct standing {
    int likeness, year;
    const kino_tmdb_candidate *film;
} standing;

static bool before(const standing *a, const standing *b)
{
    if (a->likeness != b->likeness)
        return a->likeness < b->likeness;
    if (a->year != b->year)
        return a->year < b->year;
    return a->film->votes > b->film->votes;
}

/* Whether b, which stands behind a, could be meant instead. */
static bool rivals(const standing *a, const standing *b)
{
    if (a->year != b->year)
        return false;
    if (a->likeness == b->likeness)
        return !hardly_seen(b->film, a->film);
    return b->likeness <= PART && hardly_seen(a->film, b->film);
}

kino_tmdb_choice kino_tmdb_choose(const char *text, int year, const kino_tmdb_candidate *candidates, size_t count)
{
    forms asked = {0}, room = {0};
    standing best = {.likeness = NOT};
    kino_tmdb_choice choice = {KINO_TMDB_NONE, SIZE_MAX, SIZE_MAX};
    size_t n = strlen(text), whole = n;
    int written = kino_title_cut_year(text, &n, false);
    standing *all = kino_alloc_array(count + 1, sizeof *all);
    if (year && written && written != year) /* "Blade Runner (2049)", 2017 */
        n = whole;
    forms_set(&asked, text, n);
    for (size_t i = 0; i < count; i++) {
        const kino_tmdb_candidate *c = &candidates[i];
        all[i] = (standing){NOT, year_distance(year ? year : written, c->year), c};
        if (all[i].year < 2)
            all[i].likeness = closest(&asked, c, &room);
        if (all[i].likeness < NOT && (choice.best == SIZE_MAX || before(&all[i], &best))) {
            best = all[i];
            choice.best = i;
        }
    }
    for (size_t i = 0; i < count && choice.best != SIZE_MAX; i++)
        if (i != choice.best && all[i].likeness < NOT && rivals(&best, &all[i]) &&
            (choice.second == SIZE_MAX || before(&all[i], &all[choice.second])))
            choice.second = i;
    if (choice.best != SIZE_MAX)
        choice.verdict =
            choice.second != SIZE_MAX || best.likeness == BEGINNING ? KINO_TMDB_AMBIGUOUS : KINO_TMDB_UNIQUE;
    free(all);
    forms_free(&asked);
    forms_free(&room);
    return choice;
}
