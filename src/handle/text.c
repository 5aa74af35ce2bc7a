/* text.c - makes the text of a film that is embedded, and embeds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "base/thread.h"
#include "handle/handle.h"

enum { EMBEDDED_KEYWORDS = 24 }; /* some films have a hundred, and would push their plot out of the 256 tokens */

/* A piece of text: white space becomes single blanks, and it ends like a sentence. An empty one is nothing. */
static void put_piece(kino_buffer *out, size_t start, const char *text)
{
    static const char space[] = " \t\n\v\f\r", ellipsis[] = "\xe2\x80\xa6";
    const size_t before = out->size;
    for (const char *p = text + strspn(text, space); *p; p += strspn(p, space)) {
        const size_t n = strcspn(p, space);
        if (out->size > start)
            kino_buffer_byte(out, ' ');
        kino_buffer_put(out, p, n);
        p += n;
    }
    if (out->size == before)
        return;
    const bool ended = strchr(".!?", out->data[out->size - 1]) ||
                       (out->size >= before + 3 && !memcmp(out->data + out->size - 3, ellipsis, 3));
    if (!ended)
        kino_buffer_byte(out, '.');
}

static void put_names(kino_buffer *out, size_t start, const kino_list *list, size_t most)
{
    kino_buffer names = {0};
    for (size_t i = 0; i < list->count && i < most; i++)
        kino_buffer_print(&names, "%s%s", i ? ", " : "", list->items[i].name);
    put_piece(out, start, names.data ? names.data : "");
    free(names.data);
}

/* Genres, tagline, keywords, title and year stand in front: they say in few words what a film is, and a long overview is
 * cut at its end. With the overview alone viewers' tags agree a third less (bench/results/quality.md). */
void kino_plot_text(kino_recipe recipe, const kino_movie *m, kino_buffer *out)
{
    const size_t start = out->size;
    kino_buffer title = {0};
    if (recipe == KINO_RECIPE_CLASSIC) {
        kino_buffer_put(out, m->overview, strlen(m->overview));
        return;
    }
    put_names(out, start, &m->genres, m->genres.count);
    put_piece(out, start, m->tagline);
    put_names(out, start, &m->keywords, EMBEDDED_KEYWORDS);
    kino_buffer_print(&title, m->year ? "%s (%d)" : "%s", m->title, m->year);
    put_piece(out, start, title.data);
    put_piece(out, start, m->overview);
    free(title.data);
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
