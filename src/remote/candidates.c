/* candidates.c - a taste -> the films of the index near it, with the filter inside the search, scored here.
 *
 * One _msearch asks all queries of the taste, and where there are words, for the films whose texts have them; documents bring their film and vector with them, so that nothing else is
 * fetched. A film's number of a term, and the term's weight, are those of the catalogue: scores are the same as
 * there. */
#include <stdlib.h>
#include <string.h>

#include "base/status.h"
#include "kern/kern.h"
#include "rank/candidates.h"
#include "remote/remote.h"

enum { MOST_HITS = 10000 }; /* that a search may ask for: index.max_result_window */

/* ---- the question ---- */

static void put_range(kino_buffer *b, const char *column, const char *bound, double value)
{
    kino_buffer_print(b, "%s{\"range\":{\"%s\":{\"%s\":%.17g}}}", b->data[b->size - 1] == '[' ? "" : ",", column, bound,
                      value);
}

/* A JSON string of small letters. */
static void put_lower(kino_buffer *b, const char *text)
{
    kino_buffer_byte(b, '"');
    for (const char *p = text; *p; p++) {
        const char c = *p >= 'A' && *p <= 'Z' ? (char)(*p + 32) : *p;
        if ((unsigned char)c < 0x20 || c == '"' || c == '\\')
            kino_buffer_print(b, "\\u%04x", (unsigned)c);
        else
            kino_buffer_byte(b, c);
    }
    kino_buffer_byte(b, '"');
}

/* Any of the names, or all of them each in a clause of its own. */
static void put_names(kino_buffer *b, const char *column, const char *const *names, size_t count, bool all)
{
    if (!count)
        return;
    for (size_t i = 0; i < count; i++) {
        if (all || !i)
            kino_buffer_print(b, "%s{\"terms\":{\"%s\":[", b->data[b->size - 1] == '[' ? "" : ",", column);
        else
            kino_buffer_byte(b, ',');
        put_lower(b, names[i]);
        if (all || i + 1 == count)
            kino_buffer_print(b, "]}}");
    }
}

static void put_filter(kino_buffer *b, const kino_query *q)
{
    const kino_filter *f = &q->filter;
    const struct {
        const int64_t *ids;
        size_t count;
    } out[] = {{q->like, q->like_count}, {q->dislike, q->dislike_count}, {q->unseen, q->unseen_count}};
    bool any = false;
    kino_buffer_print(b, "{\"bool\":{\"must\":[");
    if (f->year_min)
        put_range(b, "year", "gte", f->year_min);
    if (f->year_max)
        put_range(b, "year", "lte", f->year_max);
    if (f->runtime_min)
        put_range(b, "runtime", "gte", f->runtime_min);
    if (f->runtime_max)
        put_range(b, "runtime", "lte", f->runtime_max);
    if (f->min_rating > 0)
        put_range(b, "rating", "gte", f->min_rating);
    if (f->min_votes > 0)
        put_range(b, "votes", "gte", (double)f->min_votes);
    put_names(b, "language", f->languages, f->language_count, false);
    put_names(b, "genres", f->genres, f->genre_count, true);
    put_names(b, "directors", f->directors, f->director_count, true);
    put_names(b, "cast", f->with, f->with_count, true);
    if (q->among) {
        kino_buffer_print(b, "%s{\"ids\":{\"values\":[", b->data[b->size - 1] == '[' ? "" : ",");
        for (size_t i = 0; i < q->among_count; i++)
            kino_buffer_print(b, "%s\"%lld\"", i ? "," : "", (long long)q->among[i]);
        kino_buffer_print(b, "]}}");
    }
    kino_buffer_print(b, "],\"must_not\":[");
    put_names(b, "genres", f->no_genres, f->no_genre_count, false);
    kino_buffer_print(b, "%s{\"ids\":{\"values\":[", f->no_genre_count ? "," : "");
    for (size_t s = 0; s < sizeof out / sizeof *out; s++)
        for (size_t i = 0; i < out[s].count; i++) {
            kino_buffer_print(b, "%s\"%lld\"", any ? "," : "", (long long)out[s].ids[i]);
            any = true;
        }
    kino_buffer_print(b, "]}}]}}");
}

/* How many films the graph of a shard looks at: more where plots alone count, by which it links less. With so many the
 * answers to 500 titles were those of looking at every film, and .98 of the places in answers to words (45,433
 * films). */
static size_t breadth(const float *query, size_t size)
{
    enum { USUAL = 4, PLOTS = 10 };
    const size_t wide = size * (kino_suits_graph(query) ? PLOTS : USUAL);
    return wide < MOST_HITS ? wide : MOST_HITS;
}

typedef struct question {
    kino_remote *r;
    kino_remote_meta meta;
    kino_buffer body;
    size_t count, share; /* searches by vectors, and what each is to bring */
    bool words;          /* one more by words */
    float query[KINO_CANDIDATE_QUERIES][KINO_VECTOR_DIM];
} question;

static size_t most_films(const question *q)
{
    return q->share * (q->count + q->words) + 1;
}

/* Each of several searches is to bring its share of films that those before it have not brought; what the rounding of
 * bytes has pushed out of it is to be found all the same. */
static size_t size_of(const question *q, size_t i)
{
    size_t size = q->share * (1 + (i > 0));
    size += q->meta.bytes ? size / 4 : 0;
    return size < MOST_HITS ? size : MOST_HITS;
}

static void put_searches(question *q, const kino_query *asked, const kino_taste *t, size_t pool)
{
    kino_buffer filter = {0}, *b = &q->body;
    put_filter(&filter, asked);
    memset(q->query, 0, sizeof q->query);
    q->count = kino_candidates_queries(t, KINO_ELSEWHERE_PROFILE, q->query);
    q->share = q->count == 1 ? pool : pool / q->count + 1;
    for (size_t i = 0; i < q->count; i++) {
        const size_t size = size_of(q, i);
        kino_buffer_print(b, "{}\n{\"size\":%zu,\"query\":{\"knn\":{\"vector\":{\"vector\":", size);
        kino_remote_put_query(b, q->query[i], q->meta.bytes);
        kino_buffer_print(b, ",\"k\":%zu,\"method_parameters\":{\"ef_search\":%zu},\"filter\":", size,
                          breadth(q->query[i], size));
        kino_buffer_put(b, filter.data, filter.size);
        kino_buffer_print(b, "}}}}\n");
    }
    q->words = asked->about && *asked->about;
    if (q->words) {
        kino_buffer_print(b, "{}\n{\"size\":%zu,\"query\":{\"bool\":{\"must\":[{\"match\":{\"words\":",
                          q->share < MOST_HITS ? q->share : MOST_HITS);
        put_lower(b, asked->about);
        kino_buffer_print(b, "}}],\"filter\":[");
        kino_buffer_put(b, filter.data, filter.size);
        kino_buffer_print(b, "]}}}\n");
    }
    free(filter.data);
}

/* ---- the answer ---- */

/* Shards that did not answer make a list that is wrong without looking so. */
static kino_status check_shards(kino *k, kino_remote *r, const kino_call *call, const kino_json *response, bool last,
                                bool *passing, kino_error *err)
{
    const kino_json *shards = kino_json_member(response, "_shards"), *over = kino_json_member(response, "timed_out");
    int64_t failed = 0, total = 0;
    kino_buffer b = {0};
    kino_status st = KINO_OK;
    if (!kino_json_whole(kino_json_member(shards, "failed"), 0, INT32_MAX, &failed) ||
        !kino_json_whole(kino_json_member(shards, "total"), 0, INT32_MAX, &total))
        return kino_remote_refuse(r, call, "its answer cannot be read", err);
    if (!failed && !(over && over->kind == KINO_JSON_TRUE))
        return KINO_OK;
    const kino_json *failures = kino_json_member(shards, "failures");
    const char *reason =
        failures && failures->first ? kino_remote_reason(kino_json_member(failures->first, "reason")) : "";
    kino_buffer_print(&b, "%lld of its %lld shards did not answer%s%.200s", (long long)failed, (long long)total,
                      *reason ? ": " : "", reason);
    *passing = true;
    if (!k->opt.allow_partial) {
        kino_buffer_print(&b, "; with --allow-partial the list is made of the others");
        st = kino_remote_refuse(r, call, b.data, err);
    } else if (!last && !atomic_load_explicit(&r->told, memory_order_relaxed)) {
        st = kino_fail(err, KINO_NETWORK, "shards are missing"); /* and will be asked for again */
    } else if (!atomic_exchange_explicit(&r->told, true, memory_order_relaxed)) {
        kino_error line = {0};
        kino_remote_refuse(r, call, b.data, &line);
        kino_note(&k->opt, line.text);
    }
    free(b.data);
    return st;
}

/* The place of a film, or the count. */
static size_t place_of(const kino_remote_films *f, int64_t id)
{
    size_t i = 0;
    while (i < f->count && f->movies[i].id != id)
        i++;
    return i;
}

static kino_status no_film(const question *q, const kino_call *call, const kino_json *hit, kino_error *err)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "its document %.40s is no film of kino's", kino_json_text(kino_json_member(hit, "_id"), "?"));
    kino_status st = kino_remote_refuse(q->r, call, b.data, err);
    free(b.data);
    return st;
}

typedef struct near {
    float score;
    size_t place; /* in the answer */
    const kino_json *hit;
} near;

static int by_score(const void *a, const void *b)
{
    const near *x = a, *y = b;
    return x->score != y->score ? (x->score < y->score ? 1 : -1) : (x->place > y->place) - (x->place < y->place);
}

/* The hits of an index of bytes in the order that their floats give. */
static bool sort_hits(const float *query, near *hits, size_t count)
{
    float vector[KINO_VECTOR_DIM];
    for (size_t i = 0; i < count; i++) {
        if (!kino_remote_read_vector(hits[i].hit, vector))
            return false;
        hits[i].score = kino_kernels_get()->dot_f32(query, vector, KINO_VECTOR_DIM);
    }
    qsort(hits, count, sizeof *hits, by_score);
    return true;
}

/* The score of a hit; one that is none is 0. */
static double said_of(const kino_json *hit)
{
    const kino_json *score = kino_json_member(hit, "_score");
    return score && score->kind == KINO_JSON_NUMBER && score->number > 0 && score->number < 1e6 ? score->number : 0;
}

/* What search number i found: at most its share of films that are new. */
static kino_status take_hits(const question *q, const kino_call *call, size_t i, const kino_json *response,
                             kino_remote_films *out, kino_error *err)
{
    const kino_json *list = kino_json_member(kino_json_member(response, "hits"), "hits");
    size_t count = 0, taken = 0;
    kino_status st = KINO_OK;
    if (!list || list->kind != KINO_JSON_ARRAY)
        return kino_remote_refuse(q->r, call, "its answer has no list of films", err);
    near *hits = kino_alloc_array(list->count + 1, sizeof *hits);
    for (const kino_json *hit = list->first; hit; hit = hit->next, count++)
        hits[count] = (near){0, count, hit};
    const bool words = i == q->count;
    if (!words && q->meta.bytes && !sort_hits(q->query[i], hits, count))
        st = kino_remote_refuse(q->r, call, "a document of it is no film of kino's", err);
    for (size_t h = 0; h < count && taken < q->share && !st; h++) {
        float *vector = out->vectors + out->count * KINO_VECTOR_DIM;
        kino_movie *m = &out->movies[out->count];
        if (!kino_remote_read_film(hits[h].hit, &out->arena, m, vector)) {
            st = no_film(q, call, hits[h].hit, err);
            continue;
        }
        const size_t at = place_of(out, m->id);
        if (words)
            out->said[at] = (float)said_of(hits[h].hit);
        taken += words || at == out->count;
        out->count += at == out->count;
    }
    free(hits);
    return st;
}

/* An index that was pushed anew under the same name has another one behind it. */
static bool is_another(const kino_remote_meta *m, const kino_json *response)
{
    const kino_json *hits = kino_json_member(kino_json_member(response, "hits"), "hits");
    const char *index = hits && hits->first ? kino_json_text(kino_json_member(hits->first, "_index"), "") : "";
    return *index && strcmp(index, m->physical);
}

/* What became of asking. */
typedef struct attempt {
    int number; /* from 1 */
    int most;   /* of them */
    int patience_ms;
    bool another; /* the index is another one than before */
    bool passing; /* shards are missing, which they often are for the moment when a node has left */
} attempt;

enum { ATTEMPTS = 4, PAUSE_MS = 150, IMPATIENT_MS = 1000 };

static kino_status read_answer(kino *k, const question *q, const kino_call *call, const kino_json *root,
                               kino_remote_films *out, attempt *a, kino_error *err)
{
    const kino_json *responses = kino_json_member(root, "responses");
    size_t i = 0;
    kino_status st = KINO_OK;
    if (!responses || responses->kind != KINO_JSON_ARRAY || responses->count != q->count + q->words)
        return kino_remote_refuse(q->r, call, "its answer cannot be read", err);
    for (const kino_json *one = responses->first; one && !st; one = one->next, i++) {
        const kino_json *error = kino_json_member(one, "error");
        a->another = !error && is_another(&q->meta, one);
        if (a->another)
            return KINO_OK;
        if (error) {
            int64_t status = 0;
            a->passing =
                kino_json_whole(kino_json_member(one, "status"), 100, 599, &status) && (status == 429 || status >= 500);
            st = kino_remote_refuse(q->r, call, kino_remote_reason(error), err);
        }
        if (!st)
            st = check_shards(k, q->r, call, one, a->number == a->most, &a->passing, err);
        if (!st)
            st = take_hits(q, call, i, one, out, err);
    }
    return st;
}

/* The films found, not yet scored. */
static kino_status ask(kino *k, const question *q, kino_remote_films *out, attempt *a, kino_error *err)
{
    kino_arena memory = {0};
    kino_buffer path = {0};
    const kino_json *root = NULL;
    kino_buffer_print(&path, "/%s/_msearch", q->r->index);
    kino_call call = {.method = "POST", .path = path.data, .body = q->body.data, .size = q->body.size};
    kino_status st = kino_remote_call(q->r, &call, 300, a->patience_ms, err);
    if (!st &&
        kino_json_read("answer", call.answer.data ? call.answer.data : "", call.answer.size, 1, &memory, &root, NULL))
        st = kino_remote_refuse(q->r, &call, "its answer cannot be read", err);
    if (!st) {
        out->movies = kino_arena_alloc(&out->arena, most_films(q) * sizeof *out->movies);
        out->vectors = kino_alloc_floats(most_films(q) * KINO_VECTOR_DIM);
        out->said = kino_alloc_floats(most_films(q));
        st = read_answer(k, q, &call, root, out, a, err);
    }
    kino_calls_free(&call, 1);
    kino_arena_free(&memory);
    free(path.data);
    return st;
}

/* The texts of the films for their words, which have the numbers that those of the catalogue have. */
static void tell_texts(const void *ctx, size_t at, kino_words_listener *l)
{
    const kino_remote_films *f = ctx;
    const kino_movie *m = &f->movies[at];
    const struct {
        kino_words_field field;
        const char *text;
    } texts[] = {
        {KINO_WORDS_TITLE, m->title},
        {KINO_WORDS_ORIGINAL_TITLE, strcmp(m->title, m->original_title) ? m->original_title : ""},
        {KINO_WORDS_TAGLINE, m->tagline},
        {KINO_WORDS_OVERVIEW, m->overview},
        {KINO_WORDS_COLLECTION, m->collection.name},
    };
    const struct {
        kino_words_field field;
        const kino_list *list;
    } lists[] = {
        {KINO_WORDS_KEYWORDS, &m->keywords},
        {KINO_WORDS_GENRES, &m->genres},
        {KINO_WORDS_PEOPLE, &m->directors},
        {KINO_WORDS_PEOPLE, &m->cast},
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        kino_words_tell(l, texts[i].field, texts[i].text, strlen(texts[i].text));
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t n = 0; n < lists[i].list->count; n++)
            kino_words_tell(l, lists[i].field, lists[i].list->items[n].name, strlen(lists[i].list->items[n].name));
}

/* What the best fit of words counts, beside the cosine of a plot. */
#define SAID 0.4

static void score(const kino_taste *t, kino_remote_films *f)
{
    kino_taste own = *t;
    const kino_words_options opt = {.keep = KINO_LIKE_WORDS, .base = t->scorer->rows->base->words, .threads = 1};
    f->words = kino_words_build(f->count, tell_texts, f, &opt);
    f->facets = kino_alloc_array(f->count + 1, sizeof *f->facets);
    f->ranked = kino_alloc_array(f->count + 1, sizeof *f->ranked);
    for (size_t i = 0; i < f->count; i++)
        kino_facets_of_film(t->scorer->rows, &f->movies[i], f->vectors + i * KINO_VECTOR_DIM,
                            kino_words_of(f->words, i), &f->facets[i]);
    own.known = f->facets;
    float best = 0;
    for (size_t i = 0; i < f->count; i++)
        best = f->said[i] > best ? f->said[i] : best;
    for (size_t i = 0; i < f->count; i++) {
        kino_rate(&own, i, &f->ranked[i]);
        const double words = best > 0 ? kino_grain(SAID * f->said[i] / best) : 0;
        f->ranked[i].parts[KINO_PART_WORDS] += words;
        f->ranked[i].score += words;
    }
    qsort(f->ranked, f->count, sizeof *f->ranked, kino_ranked_order);
}

kino_status kino_remote_rank(kino *k, const kino_query *query, const kino_taste *t, size_t pool, kino_remote_films *out,
                             kino_error *err)
{
    question q = {0};
    *out = (kino_remote_films){0};
    kino_status st = kino_use_remote(k, &q.r, &q.meta, err);
    if (!st)
        st = kino_use_term_numbers(k, err);
    /* Where the last question came to nothing, this one does not wait as long. */
    const bool weak = !st && atomic_load_explicit(&q.r->weak, memory_order_relaxed);
    attempt a = {.number = 1, .most = weak ? 1 : ATTEMPTS, .patience_ms = weak ? IMPATIENT_MS : KINO_REMOTE_QUERY_MS};
    for (; !st; a.number++) {
        kino_error why = {0};
        a.another = a.passing = false;
        q.body.size = 0;
        put_searches(&q, query, t, pool < MOST_HITS ? pool : MOST_HITS);
        st = ask(k, &q, out, &a, &why);
        if (!st && a.another && a.number == a.most)
            st = kino_fail(&why, KINO_NETWORK, "index %s: is being pushed anew; ask again", q.r->index);
        if (st && err && (!a.passing || a.number == a.most))
            *err = why;
        if ((!a.another && !(st && a.passing)) || a.number == a.most)
            break;
        kino_remote_films_free(out);
        if (a.another)
            st = kino_remote_look_again(k, q.r, &q.meta, err);
        else
            st = kino_remote_pause(k, PAUSE_MS << a.number, err);
    }
    if (q.r)
        atomic_store_explicit(&q.r->weak, st == KINO_NETWORK, memory_order_relaxed);
    if (!st)
        score(t, out);
    else
        kino_remote_films_free(out);
    free(q.body.data);
    return st;
}

void kino_remote_films_free(kino_remote_films *f)
{
    kino_arena_free(&f->arena);
    kino_words_free(f->words);
    free(f->vectors);
    free(f->said);
    free(f->facets);
    free(f->ranked);
    *f = (kino_remote_films){0};
}
