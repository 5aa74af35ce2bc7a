/* titles_find.c - a text -> the entries it may mean.
 *
 * Each way of matching offers entries to a list that keeps the best `limit`; the ways are tried from the closest on,
 * and the dear ones only when the near ones gave too little. */
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "index/titles_table.h"
#include "index/typo.h"

enum { LONGEST_QUERY = 1024 };

static const char *const kind_names[] = {"id", "id", "exact", "folded", "alias", "inside", "prefix", "typo"};

const char *kino_title_kind_name(int kind)
{
    return kind_names[kind];
}

/* A table that is searched; its entries are numbered from `first` on. */
typedef struct part {
    const kino_titles *t;
    uint32_t first;
} part;

enum { PARTS = 2 };

typedef struct finder {
    part parts[PARTS];
    size_t part_count;
    kino_title_hit *hits;
    size_t count, limit;
    int year, tolerance; /* year 0: any */
    int least;           /* the closest kind that is given now */
    const char *raw;     /* the text as typed, without its year */
    size_t raw_n;
    kino_buffer folded, plain;
} finder;

/* The entry of a number over all parts. */
static kino_title_entry entry_at(const finder *f, uint32_t entry)
{
    kino_title_entry e;
    const part *p = &f->parts[f->part_count > 1 && entry >= f->parts[1].first];
    p->t->entry(p->t->entries, entry - p->first, &e);
    return e;
}

/* A key, with what it says of places in range; a damaged file may say anything. */
static kino_title_key key_at(const kino_titles *t, size_t k)
{
    kino_title_key key = t->keys[k];
    if (key.text > t->pool_size || key.bytes > t->pool_size - key.text)
        key.text = key.bytes = 0;
    if (key.letters > key.bytes)
        key.letters = (uint8_t)key.bytes;
    return key;
}

/* ---- the list ---- */

static bool before(const finder *f, kino_title_hit a, kino_title_hit b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind;
    if (a.distance != b.distance)
        return a.distance < b.distance;
    kino_title_entry x = entry_at(f, a.entry), y = entry_at(f, b.entry);
    return x.votes != y.votes ? x.votes > y.votes : x.id < y.id;
}

static void offer(finder *f, const part *p, uint32_t own, int kind, int distance)
{
    const uint32_t entry = p->first + own;
    if (own >= p->t->entry_count || (p->t->hidden && p->t->hidden[own / 64] >> own % 64 & 1))
        return;
    if (f->year && abs(entry_at(f, entry).year - f->year) > f->tolerance)
        return;
    kino_title_hit h = {entry, kind < f->least ? f->least : kind, distance};
    if (f->count == f->limit && !before(f, h, f->hits[f->count - 1]))
        return;
    size_t at = 0;
    while (at < f->count && f->hits[at].entry != entry)
        at++;
    if (at < f->count && !before(f, h, f->hits[at]))
        return;
    if (at == f->count) {
        if (f->count < f->limit)
            f->count++;
        at = f->count - 1;
    }
    for (; at > 0 && before(f, h, f->hits[at - 1]); at--)
        f->hits[at] = f->hits[at - 1];
    f->hits[at] = h;
}

static bool has_close(const finder *f)
{
    return f->count && f->hits[0].kind <= KINO_TITLE_ALIAS;
}

/* ---- ids ---- */

static void offer_id(finder *f, const char *text, size_t n)
{
    int64_t id = 0;
    if (!n || n > 18)
        return;
    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return;
        id = 10 * id + text[i] - '0';
    }
    for (const part *p = f->parts; p < f->parts + f->part_count; p++) {
        size_t low = 0, high = p->t->entry_count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (entry_at(f, p->first + (uint32_t)middle).id < id)
                low = middle + 1;
            else
                high = middle;
        }
        if (low < p->t->entry_count && entry_at(f, p->first + (uint32_t)low).id == id)
            offer(f, p, (uint32_t)low, KINO_TITLE_ID, 0);
    }
}

static void offer_imdb(finder *f, const char *text, size_t n)
{
    uint64_t number = kino_imdb_number(text, n);
    for (const part *p = f->parts; number && p < f->parts + f->part_count; p++) {
        size_t low = 0, high = p->t->imdb_count;
        while (low < high) {
            size_t middle = (low + high) / 2;
            if (p->t->imdb[middle] >> 32 < number)
                low = middle + 1;
            else
                high = middle;
        }
        for (; low < p->t->imdb_count && p->t->imdb[low] >> 32 == number; low++)
            offer(f, p, (uint32_t)p->t->imdb[low], KINO_TITLE_IMDB, 0);
    }
}

/* ---- equality and prefix ---- */

static int compare_front(const kino_titles *t, kino_title_key k, const char *text, size_t n)
{
    size_t common = k.bytes < n ? k.bytes : n;
    int order = memcmp(t->pool + k.text, text, common);
    return order ? order : k.bytes < n ? -1 : 0;
}

/* The first key that is not before the text. */
static size_t first_key(const kino_titles *t, const char *text, size_t n)
{
    size_t low = 0, high = t->key_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (compare_front(t, key_at(t, middle), text, n) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static void offer_equal_in(finder *f, const part *p, bool alias_only)
{
    const kino_titles *t = p->t;
    const char *text = f->folded.data, *plain = f->plain.data;
    size_t n = f->folded.size, plain_n = f->plain.size;
    for (size_t k = first_key(t, text, n); k < t->key_count; k++) {
        const kino_title_key key = key_at(t, k);
        if (key.bytes != n || compare_front(t, key, text, n))
            break;
        int kind = KINO_TITLE_ALIAS;
        if (!alias_only && key.flags & KINO_KEY_TITLE && key.entry < t->entry_count) {
            const char *title = entry_at(f, p->first + key.entry).title;
            kind = strlen(title) == f->raw_n && !memcmp(title, f->raw, f->raw_n) ? KINO_TITLE_EXACT : KINO_TITLE_FOLDED;
        }
        offer(f, p, key.entry, kind, 0);
    }
    if (!plain_n)
        return;
    size_t slot = kino_title_hash(plain, plain_n);
    for (size_t tried = 0; tried < t->slot_count; tried++, slot++) { /* a damaged table may have no free slot */
        uint32_t k = t->slots[slot & (t->slot_count - 1)];
        if (!k || k > t->key_count)
            break;
        const kino_title_key key = key_at(t, k - 1);
        if (kino_title_equal(t->pool + key.text, key.bytes, plain, plain_n))
            offer(f, p, key.entry, KINO_TITLE_ALIAS, 0);
    }
}

static void offer_equal(finder *f, bool alias_only)
{
    for (size_t i = 0; i < f->part_count; i++)
        offer_equal_in(f, &f->parts[i], alias_only);
}

static void offer_prefix(finder *f, const kino_buffer *text)
{
    for (const part *p = f->parts; text->size && p < f->parts + f->part_count; p++) {
        const kino_titles *t = p->t;
        for (size_t k = first_key(t, text->data, text->size); k < t->key_count; k++) {
            const kino_title_key key = key_at(t, k);
            if (compare_front(t, key, text->data, text->size))
                break;
            bool whole = key.bytes == text->size || t->pool[key.text + text->size] == ' ';
            offer(f, p, key.entry, KINO_TITLE_PREFIX, !whole);
        }
    }
}

/* ---- misspellings ---- */

static void offer_typos_in(finder *f, const part *p, const kino_typo *typo)
{
    const kino_titles *t = p->t;
    uint8_t other[KINO_KEY_LONGEST];
    for (uint32_t i = t->length_start[typo->low]; i < t->length_start[typo->high + 1]; i++) {
        if (!kino_typo_may(typo, t->masks[i]) || t->by_length[i] >= t->key_count)
            continue;
        const kino_title_key key = key_at(t, t->by_length[i]);
        const uint8_t *with = (const uint8_t *)t->pool + key.text;
        size_t with_n = key.letters;
        if (!(key.flags & KINO_KEY_ASCII)) {
            with_n = kino_title_letters(t->pool + key.text, key.bytes, other, sizeof other);
            with = other;
        }
        const int distance = kino_typo_distance(typo, with, with_n);
        if (distance <= typo->most)
            offer(f, p, key.entry, KINO_TITLE_TYPO, distance ? distance : 1);
    }
}

static void offer_typos(finder *f, const kino_buffer *text)
{
    kino_typo typo;
    if (!kino_typo_prepare(&typo, text->data, text->size))
        return;
    for (size_t i = 0; i < f->part_count; i++)
        offer_typos_in(f, &f->parts[i], &typo);
}

/* ---- the whole ---- */

static void prepare(finder *f, const char *text, size_t n)
{
    f->folded.size = f->plain.size = 0;
    kino_fold(&f->folded, text, n);
    if (f->folded.size)
        kino_title_plain(&f->plain, f->folded.data, f->folded.size);
}

/* Everything that is close to raw[0..raw_n). */
static void offer_close(finder *f)
{
    prepare(f, f->raw, f->raw_n);
    if (f->folded.size)
        offer_equal(f, false);
}

static void offer_swapped(finder *f)
{
    kino_buffer swapped = {0};
    if (kino_title_swap_article(&swapped, f->raw, f->raw_n)) {
        prepare(f, swapped.data, swapped.size);
        if (f->folded.size)
            offer_equal(f, true);
    }
    free(swapped.data);
}

static bool forms_differ(const finder *f)
{
    return f->plain.size != f->folded.size || memcmp(f->plain.data, f->folded.data, f->plain.size) != 0;
}

static void offer_misspelt(finder *f)
{
    if (!f->folded.size)
        return;
    offer_typos(f, &f->folded);
    if (forms_differ(f))
        offer_typos(f, &f->plain);
}

static void offer_far(finder *f)
{
    prepare(f, f->raw, f->raw_n);
    if (!f->folded.size)
        return;
    if (f->count < f->limit) {
        offer_prefix(f, &f->folded);
        if (forms_differ(f))
            offer_prefix(f, &f->plain);
    }
    if (!has_close(f) && f->count < f->limit)
        offer_misspelt(f);
}

/* The text without the year at its end, among films of that year, or of its neighbours, or, as a misspelling, of
 * any. */
static void offer_year(finder *f, bool bare)
{
    size_t n = f->raw_n, all = f->raw_n;
    int year = kino_title_cut_year(f->raw, &n, bare);
    if (!year)
        return;
    f->raw_n = n;
    f->year = year;
    for (f->tolerance = 0; f->tolerance < 2 && !has_close(f); f->tolerance++) {
        offer_close(f);
        offer_swapped(f);
    }
    f->tolerance = 0;
    if (!bare || f->count)
        offer_far(f);
    if (!f->count && !bare) {
        f->year = 0;
        f->least = KINO_TITLE_TYPO;
        offer_close(f);
        for (size_t i = 0; i < f->count; i++)
            f->hits[i].distance = 1;
        f->least = 0;
    }
    f->raw_n = all;
    f->year = 0;
}

static finder finder_of(const kino_titles *t, const char *text, size_t n, size_t limit, kino_title_hit *hits)
{
    return (finder){.parts = {{t, 0}, {t->tail, (uint32_t)t->entry_count}},
                    .part_count = t->tail ? 2 : 1,
                    .hits = hits,
                    .limit = limit,
                    .raw = text,
                    .raw_n = n < LONGEST_QUERY ? n : LONGEST_QUERY};
}

size_t kino_titles_equal(const kino_titles *t, const char *text, size_t n, size_t limit, kino_title_hit *hits)
{
    finder f = finder_of(t, text, n, limit, hits);
    if (limit)
        offer_close(&f);
    free(f.folded.data);
    free(f.plain.data);
    return f.count;
}

size_t kino_titles_misspelt(const kino_titles *t, const char *text, size_t n, size_t limit, kino_title_hit *hits)
{
    finder f = finder_of(t, text, n, limit, hits);
    if (limit) {
        prepare(&f, f.raw, f.raw_n);
        offer_misspelt(&f);
    }
    free(f.folded.data);
    free(f.plain.data);
    return f.count;
}

size_t kino_titles_find(const kino_titles *t, const char *text, size_t limit, kino_title_hit *hits)
{
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", *text))
        text++, n--;
    while (n && strchr(" \t\r\n", text[n - 1]))
        n--;
    if (n > LONGEST_QUERY)
        n = LONGEST_QUERY;
    finder f = finder_of(t, text, n, limit, hits);
    if (!n || !limit)
        return 0;
    if (n > 3 && !memcmp(text, "id:", 3)) {
        offer_id(&f, text + 3, n - 3);
        if (f.count)
            return f.count;
    }
    offer_id(&f, text, n);
    offer_imdb(&f, text, n);
    offer_close(&f);
    offer_swapped(&f);
    if (!has_close(&f)) {
        offer_year(&f, false);
        if (!f.count)
            offer_year(&f, true);
    }
    if (!f.count || f.hits[0].kind < KINO_TITLE_TYPO)
        offer_far(&f);
    free(f.folded.data);
    free(f.plain.data);
    return f.count;
}

kino_titles_answer kino_titles_verdict(const kino_title_hit *hits, size_t count)
{
    if (!count || hits[0].kind > KINO_TITLE_ALIAS)
        return KINO_TITLES_NONE;
    if (count == 1)
        return KINO_TITLES_UNIQUE;
    int best = hits[0].kind, next = hits[1].kind;
    const bool begins = next == KINO_TITLE_PREFIX && !hits[1].distance;
    if (next == best || (best == KINO_TITLE_ID && (next <= KINO_TITLE_ALIAS || begins)))
        return KINO_TITLES_AMBIGUOUS;
    return KINO_TITLES_UNIQUE;
}
