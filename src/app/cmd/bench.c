/* bench.c - kino bench: how long the questions take on the user's own catalogue and machine. */
#include <stdlib.h>
#include <string.h>

#include "app/cmd/commands.h"

enum { QUESTIONS = 300, SEARCHES = 60, TEXTS = 300, LIST = 10, SENTENCE = 60 };

typedef struct measured {
    const char *what;
    double p50, p95; /* ms */
    size_t count;
} measured;

enum { GRAPH, EXACT, FILTERED, SEARCH, FIND, SHOW, KINDS };

typedef struct bench {
    kino *k, *exact; /* as the options say; looking at every film */
    int64_t ids[QUESTIONS];
    kino_movie *films[QUESTIONS];
    size_t count;
    measured kinds[KINDS];
    double recall; /* of ten */
    double texts_a_second;
    double took[QUESTIONS];
    size_t taken;
} bench;

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void end_kind(bench *b, int kind, const char *what)
{
    if (!b->taken)
        return;
    qsort(b->took, b->taken, sizeof *b->took, ascending);
    b->kinds[kind] = (measured){what, b->took[b->taken / 2] * 1e3, b->took[b->taken * 95 / 100] * 1e3, b->taken};
    b->taken = 0;
}

/* Films evenly from the whole catalogue: the same ones each time. */
static kino_status choose_films(bench *b, kino_error *err)
{
    int64_t *ids = NULL;
    size_t count = 0;
    kino_status st = kino_ids(b->k, &ids, &count, err);
    b->count = count < QUESTIONS ? count : QUESTIONS;
    for (size_t i = 0; !st && i < b->count; i++) {
        b->ids[i] = ids[i * count / b->count];
        st = kino_movie_get(b->k, b->ids[i], &b->films[i], err);
    }
    free(ids);
    return st;
}

static size_t common(const kino_results *a, const kino_results *b)
{
    size_t n = 0;
    for (size_t i = 0; i < a->count; i++)
        for (size_t j = 0; j < b->count; j++)
            n += a->items[i].movie->id == b->items[j].movie->id;
    return n;
}

static kino_status timed(bench *b, kino *k, const kino_query *q, kino_results **out, kino_error *err)
{
    const double began = app_now();
    kino_status st = kino_recommend(k, q, out, err);
    b->took[b->taken++] = app_now() - began;
    return st;
}

/* One question is asked before, so that files are mapped and models loaded. */
static kino_status measure_lists(bench *b, kino_error *err)
{
    kino_results *of[QUESTIONS] = {NULL}, *r = NULL;
    kino_query q = {.like = b->ids, .like_count = 1, .k = LIST};
    size_t found = 0, all = 0;
    kino_status st = kino_recommend(b->k, &q, &r, err);
    kino_results_free(r);
    r = NULL;
    if (!st)
        st = kino_recommend(b->exact, &q, &r, err);
    kino_results_free(r);
    for (size_t i = 0; !st && i < b->count; i++) {
        q.like = &b->ids[i];
        st = timed(b, b->k, &q, &of[i], err);
    }
    end_kind(b, GRAPH, "recommend");
    for (size_t i = 0; !st && i < b->count; i++) {
        q.like = &b->ids[i];
        r = NULL;
        st = timed(b, b->exact, &q, &r, err);
        if (!st) {
            found += common(of[i], r);
            all += r->count;
        }
        kino_results_free(r);
    }
    end_kind(b, EXACT, "recommend, exact scan");
    b->recall = all ? (double)found / (double)all : 1;
    q.filter = (kino_filter){.year_min = 1990, .year_max = 1999};
    for (size_t i = 0; !st && i < b->count; i++) {
        q.like = &b->ids[i];
        r = NULL;
        st = timed(b, b->k, &q, &r, err);
        kino_results_free(r);
    }
    end_kind(b, FILTERED, "recommend, 1990-1999");
    for (size_t i = 0; i < b->count; i++)
        kino_results_free(of[i]);
    return st;
}

static kino_status measure_texts(bench *b, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < b->count && i <= SEARCHES; i++) {
        char words[SENTENCE + 1];
        kino_results *r = NULL;
        snprintf(words, sizeof words, "%s", *b->films[i]->overview ? b->films[i]->overview : b->films[i]->title);
        st = timed(b, b->k, &(kino_query){.about = words, .k = LIST}, &r, err);
        kino_results_free(r);
        b->taken -= i == 0; /* it loaded the model */
    }
    end_kind(b, SEARCH, "search");
    return st;
}

static kino_status measure_titles(bench *b, kino_error *err)
{
    kino_status st = KINO_OK;
    for (size_t i = 0; !st && i < b->count; i++) {
        char title[128];
        kino_matches *m = NULL;
        snprintf(title, sizeof title, "%s", b->films[i]->title);
        const size_t n = strlen(title);
        if (n > 4 && title[2] > 0 && title[3] > 0) { /* two neighbours swapped */
            const char c = title[2];
            title[2] = title[3];
            title[3] = c;
        }
        const double began = app_now();
        st = kino_find(b->k, title, LIST, &m, err);
        b->took[b->taken++] = app_now() - began;
        kino_matches_free(m);
    }
    end_kind(b, FIND, "find, with a typo");
    for (size_t i = 0; !st && i < b->count; i++) {
        kino_movie *m = NULL;
        const double began = app_now();
        st = kino_movie_get(b->k, b->ids[i], &m, err);
        b->took[b->taken++] = app_now() - began;
        kino_movie_free(m);
    }
    end_kind(b, SHOW, "show");
    return st;
}

static kino_status measure_embedding(const app *a, bench *b, kino_error *err)
{
    kino_embedder *e = NULL;
    const char *texts[TEXTS];
    float *vectors = kino_alloc_floats((size_t)TEXTS * KINO_PLOT_DIM);
    size_t count = 0;
    for (size_t i = 0; i < b->count && count < TEXTS; i++)
        if (*b->films[i]->overview)
            texts[count++] = b->films[i]->overview;
    kino_status st = kino_embedder_open(&a->options, &e, err);
    if (!st && count)
        st = kino_embed(e, texts, NULL, 1, vectors, err);
    const double began = app_now();
    if (!st && count)
        st = kino_embed(e, texts, NULL, count, vectors, err);
    if (!st && count)
        b->texts_a_second = (double)count / (app_now() - began);
    kino_embedder_close(e);
    free(vectors);
    return st;
}

/* ---- what is told ---- */

static void print_json(app *a, const bench *b, const kino_info *info)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *list;
    kino_tree_whole(root, "schema", 1);
    kino_tree_whole(root, "films", (int64_t)info->films);
    kino_tree_text(root, "index", info->index);
    kino_tree_text(root, "isa", info->isa);
    list = kino_tree_array(root, "questions");
    for (int i = 0; i < KINDS; i++) {
        kino_tree *one = kino_tree_object(list, NULL);
        kino_tree_text(one, "what", b->kinds[i].what ? b->kinds[i].what : "");
        kino_tree_whole(one, "count", (int64_t)b->kinds[i].count);
        kino_tree_number(one, "p50_ms", b->kinds[i].p50);
        kino_tree_number(one, "p95_ms", b->kinds[i].p95);
    }
    kino_tree_number(root, "recall", b->recall);
    kino_tree_number(root, "texts_per_second", b->texts_a_second);
    app_print_json(root, &a->out, false);
}

static void print_table(app *a, const bench *b, const kino_info *info)
{
    app_table t = {0};
    kino_buffer line = {0};
    char text[APP_NUMBER];
    app_table_column(&t, "Question", 1, false);
    app_table_column(&t, "p50 ms", 0, true);
    app_table_column(&t, "p95 ms", 0, true);
    for (int i = 0; i < KINDS; i++) {
        if (!b->kinds[i].what)
            continue;
        app_table_row(&t);
        app_table_put(&t, APP_KEEP, APP_PLAIN, b->kinds[i].what);
        app_table_next(&t);
        snprintf(text, sizeof text, "%.3f", b->kinds[i].p50);
        app_table_put(&t, APP_KEEP, APP_BOLD, text);
        app_table_next(&t);
        snprintf(text, sizeof text, "%.3f", b->kinds[i].p95);
        app_table_put(&t, APP_KEEP, APP_PLAIN, text);
    }
    app_table_print(&t, &a->out);
    app_table_free(&t);
    kino_buffer_print(&line, "%s films, index %s, %s; ", app_count_text(text, info->films), info->index, info->isa);
    kino_buffer_print(&line, "of ten films %.2f are those of the exact scan; ", b->recall * LIST);
    kino_buffer_print(&line, "%.0f plots embedded a second\n", b->texts_a_second);
    app_flush(&line, &a->out);
}

kino_status app_bench(app *a, kino_error *err)
{
    bench *b = kino_alloc(sizeof *b);
    kino_info info;
    kino_options exact = a->options;
    exact.index = KINO_INDEX_EXACT;
    kino_status st = kino_open(&a->options, &b->k, err);
    if (!st)
        st = kino_open(&exact, &b->exact, err);
    if (!st)
        st = kino_get_info(b->k, &info, err);
    if (!st)
        st = choose_films(b, err);
    if (!st)
        st = measure_lists(b, err);
    if (!st)
        st = measure_titles(b, err);
    if (!st)
        st = measure_texts(b, err);
    if (!st)
        st = measure_embedding(a, b, err);
    app_progress_clear(&a->progress);
    if (!st && a->args.output.json)
        print_json(a, b, &info);
    else if (!st)
        print_table(a, b, &info);
    for (size_t i = 0; i < b->count; i++)
        kino_movie_free(b->films[i]);
    kino_close(b->exact);
    kino_close(b->k);
    free(b);
    return st;
}
