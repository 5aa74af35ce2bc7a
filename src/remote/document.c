/* document.c - turns a film into a document of the cluster's index and back. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/base64.h"
#include "base/jsontree.h"
#include "base/limits.h"
#include "base/utf8.h"
#include "remote/remote.h"

/* Plots are stored shorter than profiles, and a query's are made longer by as much: the inner product is the same, but
 * the index links films that are alike in the way most questions compare them, nine parts of profile to one of plot.
 * Three to one, which is this, finds those nearly as well (.991 of the places of an answer beside .993), and words,
 * which are compared with plots alone, much better (.88 beside .51; all with a breadth of 1, see candidates.c). */
#define PLOT_LENGTH 0.577f
#define BYTES 127.0f /* an index of bytes compares whole numbers */

/* ---- vectors ---- */

/* times[0] of the plot, times[1] of the profile. */
static void put_vector(kino_buffer *b, const float *v, const float times[2], bool bytes)
{
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++) {
        const float x = v[d] * times[d >= KINO_PLOT_DIM];
        kino_buffer_byte(b, d ? ',' : '[');
        if (bytes)
            kino_buffer_print(b, "%ld", lrintf(fminf(fmaxf(x, -BYTES), BYTES)));
        else
            kino_put_float(b, x);
    }
    kino_buffer_byte(b, ']');
}

void kino_remote_put_query(kino_buffer *b, const float *query, bool bytes)
{
    float times[2] = {1 / PLOT_LENGTH, 1}, most = 0;
    for (size_t d = 0; d < KINO_VECTOR_DIM; d++)
        most = fmaxf(most, fabsf(query[d] * times[d >= KINO_PLOT_DIM]));
    for (int block = 0; bytes && most > 0 && block < 2; block++)
        times[block] *= BYTES / most;
    put_vector(b, query, times, bytes);
}

/* A block is a unit vector or zero. */
static bool is_sound(const float *v, size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += (double)v[i] * v[i];
    return sum == 0 || fabs(sum - 1) < 1e-3; /* not for NaN */
}

/* ---- writing ---- */

static void put_names(kino_tree *film, const char *name, const kino_named *items, size_t count)
{
    kino_tree *list = kino_tree_array(film, name);
    for (size_t i = 0; i < count; i++) {
        kino_tree *one = kino_tree_array(list, NULL);
        kino_tree_whole(one, NULL, items[i].id);
        kino_tree_text(one, NULL, items[i].name);
    }
}

static void put_text(kino_tree *film, const char *name, const char *text)
{
    if (*text)
        kino_tree_text(film, name, text);
}

static void put_number(kino_tree *doc, const char *name, double x)
{
    if (isfinite(x))
        kino_tree_number(doc, name, x);
}

static char *lower(const char *text)
{
    char *s = kino_strdup(text);
    for (char *p = s; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p + 32);
    return s;
}

static void put_lower(kino_tree *doc, const char *column, const kino_list *list)
{
    kino_tree *names = kino_tree_array(doc, column);
    for (size_t i = 0; i < list->count; i++) {
        char *name = lower(list->items[i].name);
        kino_tree_text(names, NULL, name);
        free(name);
    }
}

/* All that is told of a film, for the words of a question. */
static void put_words(kino_tree *doc, const kino_movie *m)
{
    const char *const texts[] = {m->title, strcmp(m->title, m->original_title) ? m->original_title : "", m->tagline,
                                 m->overview, m->collection.name};
    const kino_list *const lists[] = {&m->keywords, &m->genres, &m->directors, &m->cast};
    kino_buffer b = {0};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        if (*texts[i])
            kino_buffer_print(&b, "%s\n", texts[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        for (size_t n = 0; n < lists[i]->count; n++)
            kino_buffer_print(&b, "%s\n", lists[i]->items[n].name);
    put_text(doc, "words", b.data ? b.data : "");
    free(b.data);
}

/* What a filter compares; names in small letters, for a filter does not tell those apart. */
static void put_columns(kino_tree *doc, const kino_movie *m)
{
    char *language = lower(m->language);
    if (m->year)
        kino_tree_whole(doc, "year", m->year);
    if (m->votes >= 0)
        kino_tree_whole(doc, "votes", m->votes);
    put_number(doc, "runtime", m->runtime);
    put_number(doc, "rating", m->rating);
    put_text(doc, "language", language);
    put_lower(doc, "genres", &m->genres);
    put_lower(doc, "directors", &m->directors);
    put_lower(doc, "cast", &m->cast);
    free(language);
}

static void put_film(kino_tree *doc, const kino_movie *m)
{
    kino_tree *film = kino_tree_object(doc, "film");
    put_text(film, "imdb", m->imdb_id);
    put_text(film, "title", m->title);
    put_text(film, "original_title", m->original_title);
    put_text(film, "language", m->language);
    put_text(film, "date", m->date);
    put_number(film, "popularity", m->popularity);
    put_text(film, "overview", m->overview);
    put_text(film, "tagline", m->tagline);
    put_text(film, "status", m->status);
    put_text(film, "poster", m->poster_path);
    put_names(film, "collection", &m->collection, m->collection.id != 0);
    put_names(film, "genres", m->genres.items, m->genres.count);
    put_names(film, "keywords", m->keywords.items, m->keywords.count);
    put_names(film, "directors", m->directors.items, m->directors.count);
    put_names(film, "cast", m->cast.items, m->cast.count);
    put_names(film, "countries", m->countries.items, m->countries.count);
}

void kino_remote_put_film(kino_buffer *b, const kino_movie *m, const float *vector, bool bytes)
{
    const float times[2] = {PLOT_LENGTH * (bytes ? BYTES : 1), bytes ? BYTES : 1};
    kino_buffer codes = {0};
    kino_tree *doc = kino_tree_object(NULL, NULL);
    put_columns(doc, m);
    put_words(doc, m);
    put_film(doc, m);
    kino_put_base64(&codes, vector, KINO_VECTOR_DIM * sizeof *vector);
    kino_tree_text(doc, "codes", codes.data);
    free(codes.data);
    kino_buffer_print(b, "{\"vector\":");
    put_vector(b, vector, times, bytes);
    kino_buffer_byte(b, ',');
    const size_t at = b->size;
    kino_tree_put(doc, false, b);
    memmove(b->data + at, b->data + at + 1, b->size - at); /* its own "{", and the zero behind it */
    b->size--;
}

/* ---- reading ---- */

/* A member that is there and of another kind is a fault; one that is not there is unknown. */
static bool read_text(const kino_json *film, const char *name, kino_arena *arena, const char **out)
{
    const kino_json *v = kino_json_member(film, name);
    *out = v ? kino_arena_strdup(arena, kino_json_text(v, "")) : "";
    return !v || v->kind == KINO_JSON_TEXT;
}

static bool read_number(const kino_json *doc, const char *name, double *out)
{
    const kino_json *v = kino_json_member(doc, name);
    *out = v ? v->number : NAN;
    return !v || v->kind == KINO_JSON_NUMBER;
}

static bool read_whole(const kino_json *doc, const char *name, int64_t low, int64_t high, int64_t unknown, int64_t *out)
{
    const kino_json *v = kino_json_member(doc, name);
    *out = unknown;
    return !v || kino_json_whole(v, low, high, out);
}

static bool read_names(const kino_json *film, const char *name, kino_arena *arena, kino_list *out)
{
    const kino_json *list = kino_json_member(film, name);
    *out = (kino_list){NULL, 0};
    if (!list)
        return true;
    if (list->kind != KINO_JSON_ARRAY || list->count > KINO_LIMIT_LIST)
        return false;
    kino_named *items = kino_arena_alloc(arena, list->count * sizeof *items + 1);
    for (const kino_json *one = list->first; one; one = one->next) {
        kino_named *n = &items[out->count++];
        if (one->kind != KINO_JSON_ARRAY || one->count != 2 || one->first->next->kind != KINO_JSON_TEXT ||
            !kino_json_whole(one->first, -KINO_LIMIT_ID, KINO_LIMIT_ID, &n->id))
            return false;
        n->name = kino_arena_strdup(arena, one->first->next->text);
    }
    out->items = items;
    return true;
}

/* What films are scored by, of an index of bytes too: floats as they are. */
bool kino_remote_read_vector(const kino_json *hit, float *v)
{
    const char *codes = kino_json_text(kino_json_member(kino_json_member(hit, "_source"), "codes"), "");
    return kino_base64_read(codes, v, KINO_VECTOR_DIM * sizeof *v) && is_sound(v, KINO_PLOT_DIM) &&
           is_sound(v + KINO_PLOT_DIM, KINO_PROFILE_DIM);
}

static bool read_id(const char *text, int64_t *out)
{
    const size_t n = strlen(text);
    if (!n || n > 18 || strspn(text, "0123456789") != n)
        return false;
    *out = strtoll(text, NULL, 10);
    return *out > 0;
}

bool kino_remote_read_film(const kino_json *hit, kino_arena *arena, kino_movie *out, float *vector)
{
    const kino_json *doc = kino_json_member(hit, "_source"), *film = kino_json_member(doc, "film");
    kino_list collection;
    int64_t year = 0;
    *out = (kino_movie){0};
    if (!film || film->kind != KINO_JSON_OBJECT || !read_id(kino_json_text(kino_json_member(hit, "_id"), ""), &out->id))
        return false;
    bool sound =
        read_text(film, "imdb", arena, &out->imdb_id) && read_text(film, "title", arena, &out->title) &&
        read_text(film, "original_title", arena, &out->original_title) &&
        read_text(film, "language", arena, &out->language) && read_text(film, "date", arena, &out->date) &&
        read_text(film, "overview", arena, &out->overview) && read_text(film, "tagline", arena, &out->tagline) &&
        read_text(film, "status", arena, &out->status) && read_text(film, "poster", arena, &out->poster_path) &&
        read_number(film, "popularity", &out->popularity) && read_number(doc, "runtime", &out->runtime) &&
        read_number(doc, "rating", &out->rating) && read_whole(doc, "year", 1, 9999, 0, &year) &&
        read_whole(doc, "votes", 0, INT64_C(1) << 53, -1, &out->votes) &&
        read_names(film, "collection", arena, &collection) && read_names(film, "genres", arena, &out->genres) &&
        read_names(film, "keywords", arena, &out->keywords) && read_names(film, "directors", arena, &out->directors) &&
        read_names(film, "cast", arena, &out->cast) && read_names(film, "countries", arena, &out->countries);
    if (!sound || !kino_remote_read_vector(hit, vector))
        return false;
    out->year = (int)year;
    out->collection = collection.count ? collection.items[0] : (kino_named){0, ""};
    return true;
}
