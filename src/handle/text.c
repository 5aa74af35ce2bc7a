/* text.c - makes the text of a film that is embedded, and embeds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"

enum { EMBEDDED_KEYWORDS = 12 }; /* some films have a hundred, and would push their title out of the 256 tokens */

/* The title comes last: in front it counts more than the plot ("a heist goes wrong" would find I, Robot and not Heat).
 * A tagline is not of the plot, but better than nothing. */
void kino_plot_text(kino_recipe recipe, const kino_movie *m, kino_buffer *out)
{
    const size_t start = out->size;
    kino_buffer_put(out, m->overview, strlen(m->overview));
    if (recipe == KINO_RECIPE_CLASSIC)
        return;
    if (!*m->overview)
        kino_buffer_put(out, m->tagline, strlen(m->tagline));
    const size_t keywords = m->keywords.count < EMBEDDED_KEYWORDS ? m->keywords.count : EMBEDDED_KEYWORDS;
    for (size_t i = 0; i < keywords; i++)
        kino_buffer_print(out, "%s%s%s",
                          i                   ? ", "
                          : out->size > start ? " "
                                              : "",
                          m->keywords.items[i].name, i + 1 < keywords ? "" : ".");
    kino_buffer_print(out, "%s%s.", out->size > start ? " " : "", m->title);
}

struct kino_embedder {
    kino_minilm *minilm;
    int threads;
};

kino_status kino_embedder_open(const kino_options *opt, kino_embedder **out, kino_error *err)
{
    kino_embedder *e = kino_alloc(sizeof *e);
    char *weights = kino_locate_weights(opt);
    kino_status st = weights ? kino_minilm_open(weights, &e->minilm, err) : kino_weights_missing(opt, err);
    e->threads = kino_thread_count(opt ? opt->threads : 0);
    free(weights);
    if (st)
        free(e);
    else
        *out = e;
    return st;
}

void kino_embedder_close(kino_embedder *e)
{
    if (!e)
        return;
    kino_minilm_close(e->minilm);
    free(e);
}

uint64_t kino_embedder_fingerprint(const kino_embedder *e)
{
    return kino_minilm_fingerprint(e->minilm);
}

kino_status kino_embed(kino_embedder *e, const char *const *texts, const size_t *lengths, size_t count, float *out,
                       kino_error *err)
{
    return kino_minilm_embed(e->minilm, e->threads, texts, lengths, count, out, NULL, NULL, NULL, err);
}

size_t kino_tokenize(const kino_embedder *e, const char *text, size_t length, int32_t ids[KINO_MAX_TOKENS])
{
    return kino_minilm_tokenize(e->minilm, text, length, ids);
}
