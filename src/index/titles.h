/* titles.h - which film is meant: titles, ids and their misspellings -> entries.
 *
 *     kino_titles *t = kino_titles_build(entries, n, threads);             // entries and their strings are lent
 *     kino_title_hit hits[10];
 *     size_t found = kino_titles_find(t, "Hamlet (1996)", 10, hits);
 *     switch (kino_titles_verdict(hits, found)) {
 *     case KINO_TITLES_UNIQUE:    ... entries[hits[0].entry] is the film
 *     case KINO_TITLES_AMBIGUOUS: ... ask which of those with hits[0].kind
 *     case KINO_TITLES_NONE:      ... found > 0: "did you mean"
 *     }
 *
 * How a text can match, the closest first:
 *   ID      digits, or "id:862": the film of that TMDB id
 *   IMDB    "tt0114709"
 *   EXACT   the title, byte for byte
 *   FOLDED  the title but for case, accents and punctuation (kino_fold)
 *   ALIAS   the original title; without or with a leading article, also behind a comma ("Matrix, The"); Rocky II,
 *           Rocky 2; twelve, 12; &, and; Spiderman, Spider-Man; the part of the title before or behind a ':' or ' - '
 *   PREFIX  the beginning of a title, at the end of a word or inside one (distance 0 or 1)
 *   TYPO    few edits away: insertions, deletions, substitutions, transpositions of neighbours; `distance` of them
 *
 * A year behind the title, "(1996)", admits films of that year only; when there is none, films of the year before or
 * behind, since premiere and release often differ; when there is none either, the films of that title are suggested as
 * TYPO. Without brackets a year is one only if the text as it stands is no
 * title ("Blade Runner 2049").
 *
 * Order: kind, distance, more votes, lower id. An entry appears once, at its best.
 *
 * A table can be saved and viewed where it lies in a mapped file. A second one, of films that came later, can be put
 * behind a first, some of whose films may be hidden: a search over both answers as one over all would.
 *
 * Threads: any number may search one kino_titles. */
#ifndef KINO_INDEX_TITLES_H
#define KINO_INDEX_TITLES_H

#include <stddef.h>
#include <stdint.h>

#include "base/container.h"
#include "kino.h"

typedef struct kino_title_entry {
    int64_t id;                         /* ascending over the entries of a table */
    const char *title, *original_title; /* never NULL */
    int year;                           /* 0: unknown */
    int64_t votes;                      /* -1: unknown */
    const char *imdb_id;                /* "" or NULL: none */
} kino_title_entry;

typedef enum kino_title_kind {
    KINO_TITLE_ID,
    KINO_TITLE_IMDB,
    KINO_TITLE_EXACT,
    KINO_TITLE_FOLDED,
    KINO_TITLE_ALIAS,
    KINO_TITLE_INSIDE, /* not of this table: see wish/ */
    KINO_TITLE_PREFIX,
    KINO_TITLE_TYPO,
} kino_title_kind;

const char *kino_title_kind_name(int kind); /* "id", "imdb", "exact", "folded", "alias", "inside", "prefix", "typo" */

typedef struct kino_title_hit {
    uint32_t entry;
    int kind;     /* kino_title_kind */
    int distance; /* edits of TYPO; 1 for a PREFIX that ends inside a word; else 0 */
} kino_title_hit;

typedef struct kino_titles kino_titles;

/* The table over n entries, which are lent until kino_titles_free. */
kino_titles *kino_titles_build(const kino_title_entry *entries, size_t n, int threads);
void kino_titles_free(kino_titles *t); /* NULL is fine */

/* As sections "titles.*", lent to the writer until the table goes. */
void kino_titles_save(const kino_titles *t, kino_container_writer *w);
/* The table of such a container over n entries, which `entry` tells when they are asked for; its strings need live
 * until the next call. The container's shapes are checked here, what is in it when it is used: a damaged one can cost
 * answers, never memory. */
typedef void (*kino_title_entry_fn)(const void *ctx, uint32_t entry, kino_title_entry *out);
kino_status kino_titles_view(const kino_container *c, size_t n, kino_title_entry_fn entry, const void *ctx,
                             kino_titles **out, kino_error *err);

/* From now on t is searched without the entries of `hidden` (a bit for each; NULL: none) and with those of `tail`
 * (NULL: none), whose entries are numbered on from t's n. Both are lent. */
void kino_titles_extend(kino_titles *t, const uint64_t *hidden, const kino_titles *tail);

/* The best `limit` entries for a text; returns how many. hits: [limit]. Prefixes and misspellings are looked for only
 * when nothing closer fills the list; with at least one closer match, misspellings are left out. */
size_t kino_titles_find(const kino_titles *t, const char *text, size_t limit, kino_title_hit *hits);

/* One way of matching alone, for a piece of a longer text: the entries that text[0..n) is equal to, as ALIAS or closer, or
 * those that it may be misspelt for. Ids and years are not looked for. */
size_t kino_titles_equal(const kino_titles *t, const char *text, size_t n, size_t limit, kino_title_hit *hits);
size_t kino_titles_misspelt(const kino_titles *t, const char *text, size_t n, size_t limit, kino_title_hit *hits);

/* Whether hits name one film. UNIQUE: exactly one hit has the best kind, and that is ALIAS or closer. AMBIGUOUS:
 * several have it. NONE: nothing was found, or only prefixes and misspellings. A text of digits that is the id of one
 * film and the title of another, or how it begins, is AMBIGUOUS ("2012": say "id:2012" or "2012 (2009)").
 * Ask for at least 2 hits. */
typedef enum kino_titles_answer { KINO_TITLES_NONE, KINO_TITLES_UNIQUE, KINO_TITLES_AMBIGUOUS } kino_titles_answer;
kino_titles_answer kino_titles_verdict(const kino_title_hit *hits, size_t count);

#endif
