/* wordpiece.c - text to token ids, as the uncased BERT tokeniser makes them. */
#include "model/wordpiece.h"

#include <string.h>
#include <utf8proc.h>

#include "base/status.h"
#include "base/utf8.h"

enum { LETTER, DROP, SPACE, PUNCT, CJK };

#include "model/wordpiece_classes.h"

enum {
    WORD_CHARS = 100, /* a longer word is [UNK] */
    WORD_BYTES = 4 * WORD_CHARS,
    PIECE_CHARS = 32, /* no longer piece is looked up; BERT's longest has 18 characters */
};

static const struct special {
    const char *text;
    size_t length;
} specials[KINO_SPECIAL_TOKENS] = {{"[PAD]", 5}, {"[UNK]", 5}, {"[CLS]", 5}, {"[SEP]", 5}, {"[MASK]", 6}};

/* ---- the vocabulary ---- */

/* FNV-1a, so that the hash of a prefix is a step on the way to that of the word. */
#define HASH_START 0x811C9DC5u

static uint32_t hash_byte(uint32_t h, unsigned char byte)
{
    return (h ^ byte) * 0x01000193u;
}

static uint32_t hash_mix(uint32_t h)
{
    h = (h ^ h >> 15) * 0x2C1B3C6Du;
    return h ^ h >> 13;
}

/* The id of prefix + word, whose unmixed hash is h; -1 when unknown. A tag that fits may still be of another word, so
 * bytes are compared. Slots and offsets are bounded here and not checked when the file is opened: a wrong one finds
 * another word, or none, never memory outside. */
static int32_t lookup(const kino_wordpiece *w, uint32_t h, const char *prefix, size_t prefix_length, const char *word,
                      size_t length)
{
    h = hash_mix(h);
    for (uint32_t i = 0; i <= w->mask; i++) {
        uint32_t slot = w->slots[(h + i) & w->mask], id = (slot & 0xFFFF) - 1;
        if (!slot)
            return -1;
        if (slot >> 16 != h >> 16 || id >= w->count)
            continue;
        uint32_t a = w->offsets[id], b = w->offsets[id + 1];
        if (a <= b && b <= w->size && b - a == prefix_length + length && !memcmp(w->bytes + a, prefix, prefix_length) &&
            !memcmp(w->bytes + a + prefix_length, word, length))
            return (int32_t)id;
    }
    return -1;
}

static int32_t lookup_text(const kino_wordpiece *w, const char *text, size_t length)
{
    uint32_t h = HASH_START;
    for (size_t i = 0; i < length; i++)
        h = hash_byte(h, (unsigned char)text[i]);
    return lookup(w, h, "", 0, text, length);
}

kino_status kino_wordpiece_view(const kino_container *c, kino_wordpiece *out, kino_error *err)
{
    const uint64_t any[1] = {KINO_ANY};
    const kino_section *slots = kino_container_find(c, "vocab.slots", KINO_U32, 1, any, err);
    const kino_section *offsets = slots ? kino_container_find(c, "vocab.offsets", KINO_U32, 1, any, err) : NULL;
    const kino_section *bytes = offsets ? kino_container_find(c, "vocab.bytes", KINO_U8, 1, any, err) : NULL;
    if (!bytes)
        return KINO_DAMAGED;
    uint64_t n = slots->dims[0], entries = offsets->dims[0];
    if (n < 2 || n > 1 << 24 || (n & (n - 1)) || entries < 2 || entries > 0xFFFF || bytes->bytes > UINT32_MAX)
        return kino_fail(err, KINO_DAMAGED, "%s: the vocabulary has not the shape this program reads", c->path);
    kino_wordpiece w = {.slots = slots->data,
                        .mask = (uint32_t)n - 1,
                        .offsets = offsets->data,
                        .bytes = bytes->data,
                        .count = (uint32_t)entries - 1,
                        .size = (uint32_t)bytes->bytes};
    for (size_t i = 0; i < KINO_SPECIAL_TOKENS; i++) {
        w.special[i] = lookup_text(&w, specials[i].text, specials[i].length);
        if (w.special[i] < 0)
            return kino_fail(err, KINO_DAMAGED, "%s: the vocabulary has no %s", c->path, specials[i].text);
    }
    w.unk = w.special[1];
    w.cls = w.special[2];
    w.sep = w.special[3];
    *out = w;
    return KINO_OK;
}

/* ---- characters ---- */

static int classify(uint32_t c)
{
    size_t low = 0, high = sizeof classes / sizeof *classes;
    while (low < high) {
        size_t mid = (low + high) / 2;
        if (c < classes[mid].first)
            high = mid;
        else if (c > classes[mid].last)
            low = mid + 1;
        else
            return classes[mid].kind;
    }
    return LETTER;
}

/* What becomes of an ASCII character: 0 dropped, ' ' for white space, 1 for punctuation, else the lowered letter. */
enum { A_DROP = 0, A_PUNCT = 1 };
#define P A_PUNCT
static const char ascii[128] = {
    0,   0,   0,   0,   0,   0,   0,   0,   0,   ' ', ' ', 0,   0,   ' ', 0,   0,   0,   0,   0,   0,   0,   0,
    0,   0,   0,   0,   0,   0,   0,   0,   0,   0,   ' ', P,   P,   P,   P,   P,   P,   P,   P,   P,   P,   P,
    P,   P,   P,   P,   '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', P,   P,   P,   P,   P,   P,   P,   'a',
    'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm', 'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w',
    'x', 'y', 'z', P,   P,   P,   P,   P,   P,   'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j', 'k', 'l', 'm',
    'n', 'o', 'p', 'q', 'r', 's', 't', 'u', 'v', 'w', 'x', 'y', 'z', P,   P,   P,   P,   0,
};
#undef P

/* ---- words ---- */

typedef struct encoder {
    const kino_wordpiece *w;
    int32_t *ids;
    size_t count; /* of ids; stays below KINO_MAX_TOKENS, the last place is [SEP]'s */
    size_t chars; /* of the word so far, also those beyond WORD_CHARS */
    size_t bytes;
    char word[WORD_BYTES];
    uint16_t ends[WORD_CHARS + 1]; /* ends[i]: bytes before character i */
} encoder;

static bool full(const encoder *e)
{
    return e->count == KINO_MAX_TOKENS - 1;
}

static void put(encoder *e, int32_t id)
{
    if (!full(e))
        e->ids[e->count++] = id;
}

/* Longest piece first; the hashes of all prefixes come from one pass over the characters. */
static void flush(encoder *e)
{
    size_t n = e->chars, begin = e->count;
    e->chars = 0;
    if (!n)
        return;
    if (n > WORD_CHARS) {
        e->bytes = 0;
        put(e, e->w->unk);
        return;
    }
    e->ends[n] = (uint16_t)e->bytes;
    e->bytes = 0;
    for (size_t at = 0; at < n;) {
        const size_t prefix = at ? 2 : 0;
        uint32_t hashes[PIECE_CHARS], h = HASH_START;
        if (at)
            h = hash_byte(hash_byte(h, '#'), '#');
        size_t most = n - at < PIECE_CHARS ? n - at : PIECE_CHARS, length = most;
        for (size_t i = 0; i < most; i++) {
            for (size_t b = e->ends[at + i]; b < e->ends[at + i + 1]; b++)
                h = hash_byte(h, (unsigned char)e->word[b]);
            hashes[i] = h;
        }
        int32_t id = -1;
        for (; length; length--) {
            id = lookup(e->w, hashes[length - 1], "##", prefix, e->word + e->ends[at],
                        (size_t)(e->ends[at + length] - e->ends[at]));
            if (id >= 0)
                break;
        }
        if (id < 0) {
            /* The whole word is unknown, and the pieces found so far with it. */
            e->count = begin;
            put(e, e->w->unk);
            return;
        }
        put(e, id);
        at += length;
    }
}

static void add_bytes(encoder *e, const char *bytes, size_t n)
{
    if (e->chars < WORD_CHARS) {
        e->ends[e->chars] = (uint16_t)e->bytes;
        memcpy(e->word + e->bytes, bytes, n);
        e->bytes += n;
    }
    e->chars++;
}

static void add_char(encoder *e, int32_t c)
{
    utf8proc_uint8_t bytes[4];
    utf8proc_ssize_t n = utf8proc_encode_char(utf8proc_tolower(c), bytes);
    add_bytes(e, (const char *)bytes, (size_t)n);
}

/* A character beyond ASCII, already known not to be dropped or white space: decomposed, marks dropped, lowered. */
static void add_decomposed(encoder *e, int32_t c)
{
    utf8proc_int32_t parts[8];
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, 8, UTF8PROC_DECOMPOSE, NULL);
    if (n < 1 || n > 8) {
        parts[0] = c;
        n = 1;
    }
    for (utf8proc_ssize_t i = 0; i < n; i++) {
        int32_t part = parts[i];
        int kind = part < 0x80 ? (ascii[part] == A_PUNCT ? PUNCT : LETTER) : classify((uint32_t)part);
        if (kind == DROP)
            continue;
        if (kind == PUNCT) {
            flush(e);
            add_char(e, part);
            flush(e);
        } else {
            add_char(e, part);
        }
    }
}

/* Which special token begins at text, or KINO_SPECIAL_TOKENS. */
static size_t special_at(const char *text, size_t length)
{
    size_t i = 0;
    while (i < KINO_SPECIAL_TOKENS &&
           (length < specials[i].length || memcmp(text, specials[i].text, specials[i].length)))
        i++;
    return i;
}

size_t kino_wordpiece_encode(const kino_wordpiece *w, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS])
{
    encoder e;
    e.w = w;
    e.ids = ids;
    e.count = e.chars = e.bytes = 0;
    put(&e, w->cls);
    for (size_t i = 0; i < length && !full(&e);) {
        unsigned char byte = (unsigned char)text[i];
        if (byte < 0x80) {
            char a = ascii[byte];
            if (a > ' ') {
                add_bytes(&e, &a, 1);
            } else if (a == ' ') {
                flush(&e);
            } else if (a == A_PUNCT) {
                const size_t s = byte == '[' ? special_at(text + i, length - i) : KINO_SPECIAL_TOKENS;
                flush(&e);
                if (s < KINO_SPECIAL_TOKENS) {
                    put(&e, w->special[s]);
                    i += specials[s].length;
                    continue;
                }
                add_bytes(&e, text + i, 1);
                flush(&e);
            }
            i++;
            continue;
        }
        int32_t c;
        i += kino_utf8_next(text + i, length - i, &c);
        switch (classify((uint32_t)c)) {
        case DROP:
            break;
        case SPACE:
            flush(&e);
            break;
        case CJK:
            flush(&e);
            add_decomposed(&e, c);
            flush(&e);
            break;
        default:
            add_decomposed(&e, c);
        }
    }
    flush(&e);
    ids[e.count++] = w->sep;
    return e.count;
}
