/* read.c - reads candidates and films out of TMDB's JSON, field by field. */
#include "net/tmdb/read.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/utf8.h"

enum {
    MOST_RESULTS = 100, /* of a page, which has 20 */
    MOST_ALTERNATIVES = 200,
    LONGEST_RUNTIME = 60000, /* there is a film of 51,420 minutes */
};

/* ---- single fields ---- */

static const cJSON *field(const cJSON *object, const char *name)
{
    return kino_json_get(object, name);
}

/* White space and invisible characters at the ends of a text. */
static bool is_blank(int32_t c)
{
    return c <= ' ' || c == 0xA0 || (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x3000 || c == 0xFEFF;
}

/* A string as it may be shown: a line break stays in a text of several `lines`, else it is a space. */
static const char *text(const cJSON *object, const char *name, kino_arena *a, bool lines)
{
    const cJSON *f = field(object, name);
    kino_buffer b = {0};
    size_t n = kino_json_is(f, cJSON_String) ? strlen(f->valuestring) : 0, visible = 0;
    for (size_t i = 0; i < n && b.size < KINO_LIMIT_TEXT;) {
        int32_t c;
        i += kino_utf8_next(f->valuestring + i, n - i, &c);
        if (c == '\r' && i < n && f->valuestring[i] == '\n')
            continue;
        if (c == '\r' || c == '\n' || c == 0x2028 || c == 0x2029)
            c = lines ? '\n' : ' ';
        else if (c == '\t')
            c = ' ';
        if ((c < ' ' && c != '\n') || (c >= 0x7F && c < 0xA0) || (is_blank(c) && !visible))
            continue;
        kino_utf8_put(&b, c);
        if (!is_blank(c))
            visible = b.size;
    }
    const char *out = visible ? kino_arena_strndup(a, b.data, visible) : "";
    free(b.data);
    return out;
}

static const char *line(const cJSON *object, const char *name, kino_arena *a)
{
    return text(object, name, a, false);
}

/* A number in [low, high], else NaN. */
static double number(const cJSON *object, const char *name, double low, double high)
{
    const cJSON *f = field(object, name);
    return kino_json_is(f, cJSON_Number) && f->valuedouble >= low && f->valuedouble <= high ? f->valuedouble : NAN;
}

/* A whole number from `low` to KINO_LIMIT_ID, also written as 7.0; else `unknown`. */
static int64_t whole(const cJSON *object, const char *name, int64_t low, int64_t unknown)
{
    double v = number(object, name, (double)low, (double)KINO_LIMIT_ID);
    return v == floor(v) ? (int64_t)v : unknown;
}

int64_t kino_read_id(const cJSON *film)
{
    return whole(film, "id", 1, 0);
}

double kino_read_popularity(const cJSON *film)
{
    return number(film, "popularity", 0, 1e9);
}

static const char *imdb_id(const cJSON *object, kino_arena *a)
{
    const char *s = line(object, "imdb_id", a);
    size_t digits = !strncmp(s, "tt", 2) ? strspn(s + 2, "0123456789") : 0;
    return digits >= 7 && digits <= 10 && !s[2 + digits] ? s : "";
}

static const char *language(const cJSON *object, kino_arena *a)
{
    const char *s = line(object, "original_language", a);
    size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz");
    return (n == 2 || n == 3) && !s[n] ? s : "";
}

static const char *poster(const cJSON *object, kino_arena *a)
{
    const char *s = line(object, "poster_path", a);
    size_t n = strlen(s);
    bool plain = n > 1 && n < 128 && *s == '/' && !strstr(s, "..") &&
                 1 + strspn(s + 1, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-.") == n;
    return plain ? s : "";
}

/* "YYYY-MM-DD" of a day that there is, and its year; "" and 0 without one. */
static const char *date(const cJSON *object, kino_arena *a, int *year)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const char *s = line(object, "release_date", a);
    int y, m, d, read = 0;
    *year = 0;
    for (size_t i = 0; i < 10; i++)
        if (i == 4 || i == 7 ? s[i] != '-' : s[i] < '0' || s[i] > '9')
            return "";
    if (sscanf(s, "%4d-%2d-%2d%n", &y, &m, &d, &read) != 3 || s[read] || y < 1870 || y > 2199 || m < 1 || m > 12)
        return "";
    bool leap = m == 2 && ((y % 4 == 0 && y % 100) || y % 400 == 0);
    if (d < 1 || d > days[m - 1] + leap)
        return "";
    *year = y;
    return s;
}

/* ---- lists ---- */

static bool has_id(const kino_named *items, size_t count, int64_t id)
{
    for (size_t i = 0; id && i < count; i++)
        if (items[i].id == id)
            return true;
    return false;
}

static bool is_job(const cJSON *job, const char *jobs)
{
    for (const char *p = jobs; kino_json_is(job, cJSON_String) && *p;) {
        const size_t n = strcspn(p, "|");
        if (strlen(job->valuestring) == n && !memcmp(job->valuestring, p, n))
            return true;
        p += n + (p[n] == '|');
    }
    return false;
}

/* The objects of an array by their `key`, each id once; where `jobs` is not NULL only those of one of these. */
static kino_list list(const cJSON *array, const char *key, const char *jobs, size_t most, kino_arena *a)
{
    kino_list out = {0};
    const cJSON *item;
    size_t size = kino_json_is(array, cJSON_Array) ? (size_t)kino_json_size(array) : 0;
    kino_named *items = kino_alloc_array(size < most ? size + 1 : most, sizeof *items);
    cJSON_ArrayForEach(item, array)
    {
        if (!size || out.count == most)
            break;
        if (!kino_json_is(item, cJSON_Object) || (jobs && !is_job(field(item, "job"), jobs)))
            continue;
        kino_named n = {.id = whole(item, "id", 1, 0), .name = line(item, key, a)};
        if (*n.name && !has_id(items, out.count, n.id))
            items[out.count++] = n;
    }
    if (out.count) {
        size_t bytes = out.count * sizeof *items;
        out.items = memcpy(kino_arena_alloc(a, bytes), items, bytes);
    }
    free(items);
    return out;
}

/* The first of the cast by their "order"; who has none stands behind. And whom they play. */
static kino_list cast(const cJSON *array, kino_arena *a, kino_list *characters)
{
    const cJSON *item, *first[KINO_TMDB_CAST];
    int64_t orders[KINO_TMDB_CAST];
    kino_named *items = kino_arena_alloc(a, sizeof *items * KINO_TMDB_CAST),
               *played = kino_arena_alloc(a, sizeof *played * KINO_TMDB_CAST);
    size_t count = 0, named = 0;
    bool any = false;
    if (!kino_json_is(array, cJSON_Array))
        return (kino_list){0};
    cJSON_ArrayForEach(item, array)
    {
        int64_t order = whole(item, "order", 0, INT64_MAX);
        size_t at = count;
        while (at > 0 && orders[at - 1] > order)
            at--;
        if (at == KINO_TMDB_CAST || !kino_json_is(item, cJSON_Object))
            continue;
        count += count < KINO_TMDB_CAST;
        memmove(orders + at + 1, orders + at, (count - at - 1) * sizeof *orders);
        memmove(first + at + 1, first + at, (count - at - 1) * sizeof *first);
        orders[at] = order;
        first[at] = item;
    }
    for (size_t i = 0; i < count; i++) {
        kino_named n = {.id = whole(first[i], "id", 1, 0), .name = line(first[i], "name", a)};
        if (!*n.name || has_id(items, named, n.id))
            continue;
        played[named] = (kino_named){0, line(first[i], "character", a)};
        any |= *played[named].name != 0;
        items[named++] = n;
    }
    if (any)
        *characters = (kino_list){played, named};
    return (kino_list){items, named};
}

kino_list kino_read_alternatives(const cJSON *answer, kino_arena *a)
{
    const cJSON *inner = field(answer, "alternative_titles");
    return list(field(kino_json_is(inner, cJSON_Object) ? inner : answer, "titles"), "title", NULL, MOST_ALTERNATIVES,
                a);
}

/* ---- answers ---- */

static bool read_candidate(const cJSON *object, kino_arena *a, kino_tmdb_candidate *c)
{
    *c = (kino_tmdb_candidate){
        .id = kino_read_id(object),
        .title = line(object, "title", a),
        .original_title = line(object, "original_title", a),
        .language = language(object, a),
        .votes = whole(object, "vote_count", 0, -1),
        .popularity = kino_read_popularity(object),
    };
    c->date = date(object, a, &c->year);
    if (!*c->title)
        c->title = c->original_title;
    return kino_json_is(object, cJSON_Object) && c->id && *c->title;
}

bool kino_read_candidates(const cJSON *page, kino_arena *a, kino_tmdb_candidates *out)
{
    const cJSON *results = field(page, "results"), *item;
    size_t seen = 0;
    if (!kino_json_is(results, cJSON_Array))
        return false;
    cJSON_ArrayForEach(item, results)
    {
        kino_tmdb_candidate c;
        if (++seen > MOST_RESULTS)
            break;
        bool known = !read_candidate(item, a, &c);
        for (size_t i = 0; i < out->count; i++)
            known |= out->items[i].id == c.id;
        if (known)
            continue;
        out->items = kino_resize_array(out->items, out->count + 1, sizeof *out->items);
        out->items[out->count++] = c;
    }
    return true;
}

bool kino_read_found(const cJSON *answer, int64_t *id)
{
    const cJSON *results = field(answer, "movie_results");
    *id = 0;
    if (!kino_json_is(results, cJSON_Array))
        return false;
    if (results->child)
        *id = whole(results->child, "id", 1, 0);
    return !results->child || *id;
}

const char *kino_read_overview(const cJSON *details, kino_arena *a)
{
    return text(details, "overview", a, true);
}

bool kino_read_film(const cJSON *details, kino_arena *a, kino_tmdb_film *film)
{
    kino_movie *m = &film->movie;
    const cJSON *credits = field(details, "credits"), *keywords = field(details, "keywords"),
                *collection = field(details, "belongs_to_collection");
    if (kino_read_id(details) != film->id)
        return false;
    *m = (kino_movie){
        .id = film->id,
        .imdb_id = imdb_id(details, a),
        .title = line(details, "title", a),
        .original_title = line(details, "original_title", a),
        .language = language(details, a),
        .runtime = number(details, "runtime", 0.5, LONGEST_RUNTIME), /* 0: unknown */
        .rating = number(details, "vote_average", 0.01, 10),
        .votes = whole(details, "vote_count", 0, -1),
        .popularity = kino_read_popularity(details),
        .overview = kino_read_overview(details, a),
        .tagline = line(details, "tagline", a),
        .status = line(details, "status", a),
        .poster_path = poster(details, a),
        .collection = {.id = whole(collection, "id", 1, 0), .name = line(collection, "name", a)},
        .genres = list(field(details, "genres"), "name", NULL, KINO_LIMIT_LIST, a),
        .keywords = list(field(keywords, "keywords"), "name", NULL, KINO_LIMIT_LIST, a),
        .directors = list(field(credits, "crew"), "name", "Director", KINO_LIMIT_LIST, a),
        .writers = list(field(credits, "crew"), "name", "Writer|Screenplay|Author", KINO_LIMIT_LIST, a),
        .countries = list(field(details, "production_countries"), "name", NULL, KINO_LIMIT_LIST, a),
    };
    m->cast = cast(field(credits, "cast"), a, &m->characters);
    m->date = date(details, a, &m->year);
    if (!*m->imdb_id)
        m->imdb_id = imdb_id(field(details, "external_ids"), a);
    if (!*m->title)
        m->title = m->original_title;
    if (!*m->original_title)
        m->original_title = m->title;
    if (m->votes == 0) /* a rating that nobody gave */
        m->rating = NAN;
    if (!m->collection.id)
        m->collection.name = "";
    film->alternative_titles = kino_read_alternatives(details, a);
    film->adult = kino_json_is(field(details, "adult"), cJSON_True);
    return true;
}
