/* keywords.c - the keywords of films -> their vectors, those of an earlier build taken over. */
#include "make/keywords.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"
#include "base/wordset.h"
#include "handle/host.h"

/* How many films have a name as a keyword; the last of them, counted from 1. */
typedef struct tally {
    const char *name;
    uint32_t films, last;
} tally;

static tally *count_films(const kino_movies *films, size_t *count)
{
    kino_wordset names = {0};
    tally *all = NULL;
    size_t capacity = 0;
    for (size_t i = 0; i < films->count; i++) {
        const kino_list *keywords = &films->items[i].keywords;
        for (size_t k = 0; k < keywords->count; k++) {
            bool fresh;
            const char *name = keywords->items[k].name;
            const uint32_t at = kino_wordset_put(&names, name, strlen(name), &fresh);
            if (at >= capacity) {
                capacity = capacity ? 2 * capacity : 1024;
                all = kino_resize_array(all, capacity, sizeof *all);
            }
            if (fresh)
                all[at] = (tally){.name = name};
            all[at].films += all[at].last != i + 1;
            all[at].last = (uint32_t)i + 1;
        }
    }
    *count = names.count;
    kino_wordset_free(&names);
    return all;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names that have enough films, sorted. */
static const char **choose(const kino_movies *films, size_t *count)
{
    size_t all_count;
    tally *all = count_films(films, &all_count);
    const char **names = kino_alloc_array(all_count + 1, sizeof *names);
    *count = 0;
    for (size_t i = 0; i < all_count; i++)
        if (all[i].films >= KINO_KEYWORD_FILMS && *all[i].name)
            names[(*count)++] = all[i].name;
    qsort(names, *count, sizeof *names, by_name);
    free(all);
    return names;
}

typedef struct stage {
    const kino_options *opt;
    size_t total;
} stage;

static void progress(void *ctx, size_t done)
{
    const stage *s = ctx;
    kino_report(s->opt, "keywords", done, s->total);
}

/* Embeds the names whose places are told. */
static kino_status embed(const char *const *names, const size_t *places, size_t count, kino_minilm *minilm,
                         const kino_options *opt, kino_phrases *out, kino_error *err)
{
    stage s = {opt, count};
    const char **texts = kino_alloc_array(count + 1, sizeof *texts);
    float *vectors = kino_alloc_floats(count * KINO_PLOT_DIM + 1);
    for (size_t i = 0; i < count; i++)
        texts[i] = names[places[i]];
    kino_status st = kino_minilm_embed(minilm, kino_thread_count(opt->threads), texts, NULL, count, vectors, progress,
                                       &s, opt->cancel, err);
    for (size_t i = 0; !st && i < count; i++)
        kino_phrases_set(out, places[i], vectors + i * KINO_PLOT_DIM);
    free(texts);
    free(vectors);
    return st;
}

kino_status kino_keywords_make(kino_catalogue *c, const kino_movies *films, kino_minilm *minilm,
                               const kino_options *opt, kino_phrases **out, kino_error *err)
{
    kino_keywords before;
    kino_status st = kino_keywords_read(c, &before, err);
    if (st)
        return st;
    size_t count, missing = 0;
    const char **names = choose(films, &count);
    size_t *places = kino_alloc_array(count + 1, sizeof *places);
    const bool usable = before.phrases && before.maker == kino_minilm_fingerprint(minilm);
    kino_phrases *p = kino_phrases_new(names, count, KINO_PLOT_DIM);
    for (size_t i = 0; i < count; i++) {
        const size_t known = usable ? kino_phrases_find(before.phrases, names[i], strlen(names[i])) : 0;
        if (usable && known < kino_phrases_count(before.phrases))
            kino_phrases_take(p, i, before.phrases, known);
        else
            places[missing++] = i;
    }
    if (missing)
        st = embed(names, places, missing, minilm, opt, p, err);
    if (st)
        kino_phrases_free(p);
    else
        *out = p;
    kino_keywords_free(&before);
    free(names);
    free(places);
    return st;
}
