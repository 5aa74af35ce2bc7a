/* colikes.c - films that the same people like more often than chance has it.
 *
 * People who like many films of one time share likes whatever the films are, so that chance is counted within blocks of
 * years. Order in time plays no part: what a site showed next is not likeness. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "eval/likeness.h"

#define WORLD UINT64_C(0x636f6c69)

typedef struct like {
    uint32_t user, row;
} like;

static int by_user(const void *a, const void *b)
{
    const like *x = a, *y = b;
    if (x->user != y->user)
        return x->user < y->user ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

/* Each once, of films whose year is known. Users are numbered in the order of their ids. */
static like *find_likes(const kino_bench *b, size_t *count, size_t *users)
{
    const kino_ratings *r = &b->ratings;
    like *out = kino_alloc_array(r->count + 1, sizeof *out);
    size_t n = 0, kept = 0;
    *users = 0;
    for (size_t i = 0; i < r->count; i++) {
        *users += !i || r->items[i].user != r->items[i - 1].user;
        if (r->items[i].like && !isnan(b->facets[r->items[i].row].year))
            out[n++] = (like){(uint32_t)*users - 1, r->items[i].row};
    }
    qsort(out, n, sizeof *out, by_user);
    for (size_t i = 0; i < n; i++)
        if (!i || by_user(&out[i], &out[i - 1]))
            out[kept++] = out[i];
    *count = kept;
    return out;
}

static size_t block_of(const kino_bench *b, uint32_t row)
{
    return (size_t)b->facets[row].year / KINO_COLIKES_YEARS;
}

/* Candidates in the order of their blocks, of which the empty ones keep a place. */
static void find_candidates(const kino_bench *b, const uint32_t *likes, size_t blocks, kino_colikes *out)
{
    out->films.rows = kino_alloc_array(b->films + 1, sizeof *out->films.rows);
    out->films.at = kino_alloc_array(b->films + 1, sizeof *out->films.at);
    out->likes = kino_alloc_array(b->films + 1, sizeof *out->likes);
    out->block_at = kino_alloc_array(blocks + 1, sizeof *out->block_at);
    out->block_count = blocks;
    memset(out->films.at, 0xff, b->films * sizeof *out->films.at);
    for (size_t block = 0; block < blocks; block++) {
        for (uint32_t row = 0; row < b->films; row++) {
            if (likes[row] < KINO_COLIKES_LEAST || block_of(b, row) != block)
                continue;
            out->films.at[row] = (uint32_t)out->films.count;
            out->likes[out->films.count] = (float)likes[row];
            out->films.rows[out->films.count++] = row;
        }
        out->block_at[block + 1] = out->films.count;
    }
}

/* What each user likes, and the user's share of each block. */
static void put_users(const kino_bench *b, const like *likes, size_t count, const double *of_block, kino_colikes *out)
{
    double *own = kino_alloc_array(out->block_count + 1, sizeof *own);
    size_t liked = 0, shares = 0;
    out->like_at = kino_alloc_array(out->users + 1, sizeof *out->like_at);
    out->share_at = kino_alloc_array(out->users + 1, sizeof *out->share_at);
    out->liked = kino_alloc_array(count + 1, sizeof *out->liked);
    out->shares = kino_alloc_array(count + 1, sizeof *out->shares);
    for (size_t user = 0, i = 0; user < out->users; user++) {
        const size_t begin = i;
        for (; i < count && likes[i].user == user; i++) {
            own[block_of(b, likes[i].row)]++;
            if (out->films.at[likes[i].row] != UINT32_MAX)
                out->liked[liked++] = out->films.at[likes[i].row];
        }
        for (size_t j = begin; j < i; j++) {
            const size_t block = block_of(b, likes[j].row);
            if (own[block] > 0)
                out->shares[shares++] =
                    (struct kino_block_share){(uint32_t)block, (float)(own[block] / of_block[block])};
            own[block] = 0;
        }
        out->like_at[user + 1] = liked;
        out->share_at[user + 1] = shares;
    }
    free(own);
}

static void put_likers(kino_colikes *c)
{
    c->liker_at = kino_alloc_array(c->films.count + 2, sizeof *c->liker_at);
    c->likers = kino_alloc_array(c->like_at[c->users] + 1, sizeof *c->likers);
    for (size_t i = 0; i < c->like_at[c->users]; i++)
        c->liker_at[c->liked[i] + 2]++;
    for (size_t f = 0; f < c->films.count; f++)
        c->liker_at[f + 2] += c->liker_at[f + 1];
    for (size_t user = 0; user < c->users; user++)
        for (size_t i = c->like_at[user]; i < c->like_at[user + 1]; i++)
            c->likers[c->liker_at[c->liked[i] + 1]++] = (uint32_t)user;
}

void kino_colikes_init(const kino_bench *b, kino_colikes *out)
{
    *out = (kino_colikes){0};
    size_t count, blocks = 0;
    like *likes = find_likes(b, &count, &out->users);
    uint32_t *of_film = kino_alloc_array(b->films + 1, sizeof *of_film);
    for (size_t i = 0; i < count; i++) {
        const size_t block = block_of(b, likes[i].row);
        of_film[likes[i].row]++;
        blocks = block >= blocks ? block + 1 : blocks;
    }
    double *of_block = kino_alloc_array(blocks + 1, sizeof *of_block);
    for (size_t i = 0; i < count; i++)
        of_block[block_of(b, likes[i].row)]++;
    find_candidates(b, of_film, blocks, out);
    put_users(b, likes, count, of_block, out);
    put_likers(out);
    free(likes);
    free(of_film);
    free(of_block);
}

void kino_colikes_gains(const kino_colikes *c, size_t seed, float *scratch, double *gain)
{
    float *seen = scratch, *expected = scratch + c->films.count;
    memset(scratch, 0, 2 * c->films.count * sizeof *scratch);
    for (size_t i = c->liker_at[seed]; i < c->liker_at[seed + 1]; i++) {
        const size_t user = c->likers[i];
        for (size_t j = c->like_at[user]; j < c->like_at[user + 1]; j++)
            seen[c->liked[j]]++;
        for (size_t j = c->share_at[user]; j < c->share_at[user + 1]; j++)
            for (size_t f = c->block_at[c->shares[j].block]; f < c->block_at[c->shares[j].block + 1]; f++)
                expected[f] += fminf(c->shares[j].share * c->likes[f], 1);
    }
    for (size_t f = 0; f < c->films.count; f++)
        gain[f] = fmax(log(((double)seen[f] + KINO_COLIKES_ADDED) / ((double)expected[f] + KINO_COLIKES_ADDED)), 0);
}

void kino_colikes_worlds(const kino_colikes *c, float *times)
{
    memset(times, 0, c->users * KINO_WORLDS * sizeof *times);
    for (size_t user = 0; user < c->users; user++) {
        times[user * KINO_WORLDS]++;
        for (size_t w = 1; w < KINO_WORLDS; w++)
            times[kino_random(0, WORLD + w, user) % c->users * KINO_WORLDS + w]++;
    }
}

/* The innermost loops have a constant length, so that compilers make vectors of them. */
void kino_colikes_ratios(const kino_colikes *c, size_t seed, const float *times, float *ratio, float *expected)
{
    memset(ratio, 0, c->films.count * KINO_WORLDS * sizeof *ratio);
    memset(expected, 0, c->films.count * KINO_WORLDS * sizeof *expected);
    for (size_t i = c->liker_at[seed]; i < c->liker_at[seed + 1]; i++) {
        const size_t user = c->likers[i];
        const float *here = times + user * KINO_WORLDS;
        for (size_t j = c->like_at[user]; j < c->like_at[user + 1]; j++)
            for (size_t w = 0; w < KINO_WORLDS; w++)
                ratio[c->liked[j] * KINO_WORLDS + w] += here[w];
        for (size_t j = c->share_at[user]; j < c->share_at[user + 1]; j++) {
            const struct kino_block_share own = c->shares[j];
            for (size_t f = c->block_at[own.block]; f < c->block_at[own.block + 1]; f++) {
                const float chance = fminf(own.share * c->likes[f], 1);
                for (size_t w = 0; w < KINO_WORLDS; w++)
                    expected[f * KINO_WORLDS + w] += chance * here[w];
            }
        }
    }
    for (size_t i = 0; i < c->films.count * KINO_WORLDS; i++)
        ratio[i] = (ratio[i] + KINO_COLIKES_ADDED) / (expected[i] + KINO_COLIKES_ADDED);
}

void kino_colikes_free(kino_colikes *c)
{
    free(c->films.rows);
    free(c->films.at);
    free(c->likes);
    free(c->block_at);
    free(c->liker_at);
    free(c->like_at);
    free(c->share_at);
    free(c->likers);
    free(c->liked);
    free(c->shares);
    *c = (kino_colikes){0};
}
