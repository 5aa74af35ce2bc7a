/* wordpiece.h - BERT's uncased tokeniser over a vocabulary that lies, hashed, in the weights' container.
 *
 *     kino_wordpiece w;
 *     if (kino_wordpiece_view(&container, &w, err)) ...
 *     int32_t ids[KINO_MAX_TOKENS];
 *     size_t n = kino_wordpiece_encode(&w, text, length, ids);    // [CLS] ... [SEP]
 *
 * Gives the ids of the reference, HF tokenizers with the model's tokenizer.json: special tokens written out in the
 * text ("[SEP]") stand for themselves; controls, private-use characters and U+FFFD are dropped, CJK characters set
 * apart; accents are stripped (NFD, non-spacing marks dropped) and letters lowered; words end at white space and
 * around each punctuation mark; a word is cut greedily into the longest known pieces, and is [UNK] when that fails or
 * when it has over 100 characters; the whole is cut at 256. Invalid UTF-8 reads as U+FFFD.
 *
 * One pass over the text, constant memory, no allocation, and an end once the 256 are full: a text of any size is
 * fine. A view is read-only and for any number of threads; the container must outlive it. */
#ifndef KINO_MODEL_WORDPIECE_H
#define KINO_MODEL_WORDPIECE_H

#include "base/container.h"
#include "kino.h"

#define KINO_SPECIAL_TOKENS 5

typedef struct kino_wordpiece {
    const uint32_t *slots; /* [mask + 1]: tag << 16 | id + 1, 0 empty */
    uint32_t mask;
    const uint32_t *offsets;    /* [count + 1] into bytes */
    const unsigned char *bytes; /* [size] */
    uint32_t count, size;
    int32_t cls, sep, unk;
    int32_t special[KINO_SPECIAL_TOKENS]; /* ids of the tokens that are recognised in the text */
} kino_wordpiece;

/* Finds the sections vocab.slots, vocab.offsets and vocab.bytes; KINO_DAMAGED if they are not as they should be. */
kino_status kino_wordpiece_view(const kino_container *c, kino_wordpiece *out, kino_error *err);

/* Ids of a text, [CLS] first and [SEP] last; returns how many, 2 to KINO_MAX_TOKENS. */
size_t kino_wordpiece_encode(const kino_wordpiece *w, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS]);

#endif
