/* lexicon.c - phrases -> the entries of the tables that have them. */
#include "wish/lexicon.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/editdistance.h"
#include "base/number.h"

enum { SLOTS = 4096, LONGEST = 48 };

/* One phrase in one table. Those of one phrase are linked. */
typedef struct item {
    const char *written; /* in the table: up to | or the end */
    uint32_t hash, next; /* next: item + 1 of the same slot */
    uint16_t entry;
    uint8_t table, written_n, n;
    char phrase[LONGEST];
} item;

struct kino_lexicon {
    item *items; /* [count] */
    size_t count, capacity;
    uint32_t slots[SLOTS]; /* item + 1; 0: none */
    float (*themes)[KINO_WISH_GENRES], (*moods)[KINO_WISH_GENRES];
};

size_t kino_wish_singular(char *word, size_t n)
{
    if (n < 4 || word[n - 1] != 's')
        return n;
    const char before = word[n - 2];
    if (before == 'e' && word[n - 3] == 'i' && word[n - 4] != 'e' && word[n - 4] != 'a') {
        word[n - 3] = 'y';
        return n - 2;
    }
    return before == 'u' || before == 's' ? n : n - 1;
}

/* The phrase as a question is read: hyphens split, "'s" dropped, for a mood each word in the singular. */
static void put_phrase(item *it, const char *text, size_t n)
{
    for (size_t i = 0; i < n && it->n < LONGEST - 1; i++)
        if (text[i] == '\'' && i + 1 < n && text[i + 1] == 's')
            i++;
        else
            it->phrase[it->n++] = (char)(text[i] == '-' ? ' ' : text[i]);
    if (it->table != IN_MOODS)
        return;
    size_t to = 0;
    for (size_t at = 0; at < it->n;) {
        size_t end = at;
        while (end < it->n && it->phrase[end] != ' ')
            end++;
        size_t kept = kino_wish_singular(it->phrase + at, end - at);
        memmove(it->phrase + to, it->phrase + at, kept);
        to += kept;
        if (end < it->n)
            it->phrase[to++] = ' ';
        at = end + 1;
    }
    it->n = (uint8_t)to;
}

static uint32_t hash_of(const char *phrase, size_t n)
{
    return (uint32_t)kino_hash(KINO_HASH_START, phrase, n);
}

static void add_phrases(kino_lexicon *l, int table, size_t entry, const char *phrases)
{
    for (const char *p = phrases; *p;) {
        const size_t n = strcspn(p, "|");
        if (l->count == l->capacity) {
            l->capacity = l->capacity ? 2 * l->capacity : 1024;
            l->items = kino_resize_array(l->items, l->capacity, sizeof *l->items);
        }
        item *it = &l->items[l->count++];
        *it = (item){.written = p, .written_n = (uint8_t)n, .entry = (uint16_t)entry, .table = (uint8_t)table};
        put_phrase(it, p, n);
        it->hash = hash_of(it->phrase, it->n);
        it->next = l->slots[it->hash % SLOTS];
        l->slots[it->hash % SLOTS] = (uint32_t)l->count;
        p += n + (p[n] == '|');
    }
}

/* "Crime 1, Thriller .5" */
static void read_genres(const char *text, float out[KINO_WISH_GENRES])
{
    for (const char *p = text; *p;) {
        const size_t n = strcspn(p, ","), name = strcspn(p, ".0123456789") - 1;
        double weight = 0;
        kino_number_scan(p + name + 1, n - name - 1, &weight);
        if (p[name + 1] == '.') /* which the scanner wants a digit in front of */
            weight = (p[name + 2] - '0') / 10.0;
        for (size_t g = 0; g < KINO_WISH_GENRES; g++)
            if (strlen(kino_wish_genre_names[g]) == name && !memcmp(kino_wish_genre_names[g], p, name))
                out[g] = (float)weight;
        p += n;
        p += strspn(p, ", ");
    }
}

kino_lexicon *kino_lexicon_make(void)
{
    kino_lexicon *l = kino_alloc(sizeof *l);
    l->themes = kino_alloc_array(kino_wish_theme_count, sizeof *l->themes);
    l->moods = kino_alloc_array(kino_wish_mood_count, sizeof *l->moods);
    for (size_t i = 0; i < kino_wish_genre_count; i++)
        add_phrases(l, IN_GENRES, i, kino_wish_genre_table[i].phrases);
    for (size_t i = 0; i < kino_wish_theme_count; i++) {
        add_phrases(l, IN_THEMES, i, kino_wish_theme_table[i].phrases);
        read_genres(kino_wish_theme_table[i].genres, l->themes[i]);
    }
    for (size_t i = 0; i < kino_wish_nation_count; i++) {
        add_phrases(l, IN_NATIONS, i, kino_wish_nation_table[i].phrases);
        add_phrases(l, IN_PLACES, i, kino_wish_nation_table[i].places);
    }
    for (size_t i = 0; i < kino_wish_combo_count; i++)
        add_phrases(l, IN_COMBOS, i, kino_wish_combo_table[i].phrases);
    for (size_t i = 0; i < kino_wish_rank_count; i++)
        add_phrases(l, IN_RANKS, i, kino_wish_rank_table[i].phrases);
    for (size_t i = 0; i < kino_wish_decade_count; i++)
        add_phrases(l, IN_DECADES, i, kino_wish_decade_table[i].phrases);
    for (size_t i = 0; i < kino_wish_old_count; i++)
        add_phrases(l, IN_OLD, i, kino_wish_old_table[i].phrases);
    for (size_t i = 0; i < kino_wish_mood_count; i++) {
        add_phrases(l, IN_MOODS, i, kino_wish_mood_table[i].phrases);
        read_genres(kino_wish_mood_table[i].genres, l->moods[i]);
    }
    for (int list = IN_FIRST_LIST; list < KINO_WISH_TABLES; list++)
        add_phrases(l, list, 0, kino_wish_lists[list - IN_FIRST_LIST]);
    return l;
}

void kino_lexicon_free(kino_lexicon *l)
{
    if (!l)
        return;
    free(l->items);
    free(l->themes);
    free(l->moods);
    free(l);
}

static bool is(const item *it, uint32_t hash, const char *phrase, size_t n)
{
    return it->hash == hash && it->n == n && !memcmp(it->phrase, phrase, n);
}

bool kino_lexicon_find(const kino_lexicon *l, const char *phrase, size_t n, uint16_t entries[KINO_WISH_TABLES])
{
    bool any = false;
    memset(entries, 0, KINO_WISH_TABLES * sizeof *entries);
    if (n > LONGEST)
        return false;
    const uint32_t hash = hash_of(phrase, n);
    for (uint32_t i = l->slots[hash % SLOTS]; i; i = l->items[i - 1].next) {
        const item *it = &l->items[i - 1];
        if (!is(it, hash, phrase, n))
            continue;
        entries[it->table] =
            (uint16_t)(it->entry + 1); /* the list runs backwards: the first entry of a table is the last */
        any = true;
    }
    return any;
}

const char *kino_lexicon_mood(const kino_lexicon *l, const char *phrase, size_t n, size_t *length)
{
    const char *found = phrase;
    *length = n;
    const uint32_t hash = hash_of(phrase, n);
    for (uint32_t i = l->slots[hash % SLOTS]; i; i = l->items[i - 1].next)
        if (l->items[i - 1].table == IN_MOODS && is(&l->items[i - 1], hash, phrase, n)) {
            found = l->items[i - 1].written;
            *length = l->items[i - 1].written_n;
        }
    return found;
}

/* Tables whose single words a slip is mended into. */
static bool is_mendable(const item *it)
{
    return it->table <= IN_DECADES && it->n >= 5 && !memchr(it->phrase, ' ', it->n);
}

const char *kino_lexicon_nearest(const kino_lexicon *l, const char *word, size_t n)
{
    /* Words that direct the reader, and are often misspelt. */
    static const char *const others[] = {"movies", "films",    "minutes",   "hours",   "children",
                                         "family", "directed", "starring",  "without", "similar",
                                         "before", "after",    "something", "anything"};
    const int most = n < 8 ? 1 : 2;
    int best = most + 1;
    bool best_is_place = true;
    const char *found = NULL;
    kino_edit_pattern p;
    if (n > KINO_EDIT_LETTERS)
        return NULL;
    kino_edit_prepare(&p, (const uint8_t *)word, n);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        const size_t m = strlen(others[i]);
        const int d = others[i][0] == word[0] ? kino_edit_distance(&p, (const uint8_t *)others[i], m) : best;
        if (d < best) {
            best = d;
            best_is_place = false;
            found = others[i];
        }
    }
    for (size_t i = 0; i < l->count; i++) {
        const item *it = &l->items[i];
        if (it->phrase[0] != word[0] || !is_mendable(it) || (it->n > n ? it->n - n : n - it->n) > (size_t)most)
            continue;
        const int d = kino_edit_distance(&p, (const uint8_t *)it->phrase, it->n);
        const bool place = it->table == IN_PLACES;
        if (d < best || (d == best && best_is_place && !place && d <= most)) {
            best = d;
            best_is_place = place;
            found = it->phrase;
        }
    }
    return best ? found : NULL;
}

const float *kino_lexicon_genres(const kino_lexicon *l, int table, size_t entry)
{
    return table == IN_MOODS ? l->moods[entry] : l->themes[entry];
}
