/* titles_table.h - the arrays of a title table: built in titles.c, searched in titles_find.c.
 *
 * A key is a text under which an entry is found. Keys are sorted by their text, for equality and prefixes; a hash
 * table leads from a plain text to its keys; a second order by length, with the sets of letters beside it, is what the
 * search for misspellings runs over. All arrays are flat and hold indices, never pointers. */
#ifndef KINO_INDEX_TITLES_TABLE_H
#define KINO_INDEX_TITLES_TABLE_H

#include "base/titletext.h"
#include "index/titles.h"

enum {
    KINO_KEY_TITLE = 1,    /* the folded title itself; else an alias */
    KINO_KEY_PLAIN = 2,    /* the text is in plain form */
    KINO_KEY_ASCII = 4,    /* its bytes are its letters */
    KINO_KEY_LONGEST = 255 /* letters that are looked at in a misspelling */
};

typedef struct kino_title_key {
    uint32_t text, entry; /* offset in the pool */
    uint16_t bytes;
    uint8_t letters, flags;
} kino_title_key;

_Static_assert(sizeof(kino_title_key) == 12, "a key is u32[3] in a file");

struct kino_titles {
    kino_title_entry_fn entry;
    const void *entries; /* what `entry` is called with */
    size_t entry_count, key_count, slot_count, imdb_count, pool_size;
    const char *pool;
    const kino_title_key *keys;   /* [key_count], by text, then entry */
    const uint32_t *slots;        /* [slot_count], a power of 2: key + 1 of plain keys; 0: free */
    const uint32_t *by_length;    /* [key_count]: keys by letters */
    const uint32_t *masks;        /* [key_count], in that order */
    const uint32_t *length_start; /* [KINO_KEY_LONGEST + 2] */
    const uint64_t *imdb;         /* [imdb_count]: number << 32 | entry, ascending */
    bool lent;                    /* the arrays belong to a container */
    const uint64_t *hidden;
    const kino_titles *tail;
};

/* The number in "tt0114709"; 0 when it is none. */
uint32_t kino_imdb_number(const char *text, size_t n);

#endif
