/* fuzz_tmdb.c - the reader of TMDB's answers against anything at all: no input may crash it, leak, or yield a value
 * that is none.
 *
 * With libFuzzer:  clang -DKINO_LIBFUZZER -D_DEFAULT_SOURCE -fsanitize=fuzzer,address,undefined -Isrc
 *                  tests/fuzz_tmdb.c src/net/tmdb/{choose,films,json,read,reply}.c
 *                  src/base/{alloc,bytes,editdistance,status,titletext,utf8}.c -lcjson -lutf8proc
 * Otherwise it changes true answers for some seconds (KINO_FUZZ_SECONDS), the same way each time. */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/bytes.h"
#include "base/utf8.h"
#include "net/tmdb/read.h"
#include "net/tmdb/reply.h"

static void must(int holds, const char *what)
{
    if (!holds) {
        printf("# %s\n", what);
        fflush(stdout);
        abort();
    }
}

static void check_text(const char *s)
{
    must(s != NULL, "a text is NULL");
    for (size_t n = strlen(s), i = 0; i < n;) {
        int32_t c;
        size_t step = kino_utf8_next(s + i, n - i, &c);
        must(c != 0xFFFD || !memcmp(s + i, "\xEF\xBF\xBD", step < 3 ? 3 : step), "a text is no UTF-8");
        must(c == '\n' || (c >= ' ' && c != 0x7F), "a text has a control character");
        i += step;
    }
}

static void check_list(kino_list l)
{
    for (size_t i = 0; i < l.count; i++) {
        check_text(l.items[i].name);
        must(*l.items[i].name && l.items[i].id >= 0, "an item of a list has no name or a wrong id");
    }
}

static void check_film(const kino_tmdb_film *f)
{
    const kino_movie *m = &f->movie;
    const char *const texts[] = {m->imdb_id,  m->title,   m->original_title, m->language,    m->date,
                                 m->overview, m->tagline, m->status,         m->poster_path, m->collection.name};
    const kino_list lists[] = {m->genres, m->keywords, m->directors, m->cast, m->countries, f->alternative_titles};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        check_text(texts[i]);
    for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
        check_list(lists[i]);
    must(isnan(m->runtime) || m->runtime > 0, "a runtime is none");
    must(isnan(m->rating) || (m->rating > 0 && m->rating <= 10), "a rating is none");
    must(isnan(m->popularity) || (m->popularity >= 0 && isfinite(m->popularity)), "a popularity is none");
    must(m->votes >= -1 && m->year >= 0 && m->year < 2200 && m->cast.count <= KINO_TMDB_CAST, "a number is none");
    must(!*m->date == !m->year, "a date has no year");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The first byte chooses the HTTP status. Every reader gets the answer, whatever it was meant for. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const long statuses[] = {200, 200, 200, 200, 200, 400, 401, 404, 422, 429, 500, 503};
    kino_reply r;
    kino_arena a = {0};
    kino_tmdb_candidates found = {0};
    kino_tmdb_film film = {.id = 550};
    kino_tmdb_films *kept = NULL;
    kino_tmdb_export exported;
    int64_t id = 0;
    if (!size)
        return 0;
    char *body = malloc(size); /* of the exact size: a byte too many is seen by the sanitizer */
    memcpy(body, data + 1, size - 1);
    kino_reply_read(&r, statuses[*data % (sizeof statuses / sizeof *statuses)], body, size - 1);
    must((r.json != NULL) == (r.kind == KINO_REPLY_FILM) && strlen(r.problem) < sizeof r.problem, "a wrong reply");
    kino_read_candidates(r.json, &a, &found);
    for (size_t i = 0; i < found.count; i++) {
        const kino_tmdb_candidate *c = &found.items[i];
        check_text(c->title), check_text(c->original_title), check_text(c->date), check_text(c->language);
        must(c->id > 0 && *c->title && c->votes >= -1 && c->year >= 0, "a candidate is none");
    }
    if (!kino_tmdb_read_details(body, size - 1, &kept, NULL))
        check_film(&kept->items[0]);
    kino_tmdb_films_free(kept);
    kino_tmdb_read_export(body, size - 1, &exported);
    kino_tmdb_choose("Lantern Bay", 0, found.items, found.count);
    kino_read_found(r.json, &id);
    must(id >= 0, "an id is none");
    check_list(kino_read_alternatives(r.json, &a));
    check_text(kino_read_overview(r.json, &a));
    if (kino_read_film(r.json, &a, &film))
        check_film(&film);
    free(found.items);
    kino_arena_free(&a);
    kino_json_free(r.json);
    free(body);
    return 0;
}

#ifndef KINO_LIBFUZZER
static const char *const seeds[] = {
    "{\"page\":1,\"results\":[{\"adult\":false,\"backdrop_path\":\"/b.jpg\",\"genre_ids\":[18],\"id\":550,"
    "\"original_language\":\"en\",\"original_title\":\"Lantern Bay\",\"overview\":\"A keeper.\",\"popularity\":73.4,"
    "\"poster_path\":\"/p.jpg\",\"release_date\":\"1999-10-15\",\"title\":\"Lantern Bay\",\"video\":false,"
    "\"vote_average\":8.433,\"vote_count\":26279}],\"total_pages\":1,\"total_results\":1}",
    "{\"adult\":false,\"belongs_to_collection\":{\"id\":9,\"name\":\"Bays\"},"
    "\"genres\":[{\"id\":18,\"name\":\"Drama\"}],\"id\":550,\"imdb_id\":\"tt0137523\",\"original_language\":\"en\","
    "\"original_title\":\"\\ud842\\udfb7\",\"overview\":\"A keeper\\ncounts \\u0000 ships \\ud83c.\","
    "\"popularity\":93.9,\"poster_path\":\"/p.jpg\","
    "\"production_countries\":[{\"iso_3166_1\":\"US\",\"name\":\"United States\"}],\"release_date\":\"1999-10-15\","
    "\"runtime\":139,\"status\":\"Released\",\"tagline\":\"Keep it.\",\"title\":\"Lantern Bay\",\"vote_average\":8.4,"
    "\"vote_count\":26279,\"credits\":{\"cast\":[{\"id\":819,\"name\":\"A\",\"order\":1},{\"id\":820,\"name\":\"B\","
    "\"order\":0}],\"crew\":[{\"id\":7467,\"name\":\"C\",\"job\":\"Director\"}]},"
    "\"keywords\":{\"keywords\":[{\"id\":818,\"name\":\"sea\"}]},\"external_ids\":{\"imdb_id\":\"tt0137523\"},"
    "\"alternative_titles\":{\"titles\":[{\"title\":\"Baie\"}]}}",
    "{\"movie_results\":[{\"id\":550,\"title\":\"Lantern Bay\"}],\"tv_results\":[]}",
    "{\"success\":false,\"status_code\":34,\"status_message\":\"The resource you requested could not be found.\"}",
    "{\"errors\":[\"query must be provided\"]}",
    "<!DOCTYPE html><html><body>Please log in</body></html>",
};

/* What a field becomes: the flips that TMDB makes, and worse. */
static const char *const flips[] = {"null",  "0",  "-1", "7.5",  "1e999",       "9007199254740993", "\"\"",
                                    "\"x\"", "[]", "{}", "true", "\"\\ud800\"", "\"\\u0000\"",      "\"\xff\xfe\"",
                                    "[[[[",  "}",  "550"};

/* Changes text in place, of at most `most` bytes; each turn is one of the ways in which an answer can be wrong. */
static size_t mutate(char *text, size_t n, size_t most, uint64_t seed)
{
    size_t turns = 1 + kino_random(seed, 1, 0) % 4;
    for (size_t turn = 1; turn <= turns && n; turn++) {
        size_t at = kino_random(seed, 2, turn) % n, length = kino_random(seed, 3, turn) % 24;
        length = at + length > n ? n - at : length;
        switch (kino_random(seed, 4, turn) % 6) {
        case 0:
            text[at] = (char)kino_random(seed, 5, turn);
            break;
        case 1:
            n = at;
            break;
        case 2:
            memmove(text + at, text + at + length, n - at - length);
            n -= length;
            break;
        case 3:
            if (n + length <= most) {
                memmove(text + at + length, text + at, n - at);
                n += length;
            }
            break;
        default: { /* the value behind a colon becomes another */
            char *colon = memchr(text + at, ':', n - at);
            const char *flip = flips[kino_random(seed, 6, turn) % (sizeof flips / sizeof *flips)];
            if (!colon)
                break;
            size_t from = (size_t)(colon - text) + 1, to = from;
            while (to < n && text[to] != ',' && text[to] != '}')
                to++;
            if (from + strlen(flip) + n - to > most)
                break;
            memmove(text + from + strlen(flip), text + to, n - to);
            memcpy(text + from, flip, strlen(flip));
            n = from + strlen(flip) + n - to;
        }
        }
    }
    return n;
}

int main(void)
{
    enum { MOST = 1 << 14 };
    const char *asked = getenv("KINO_FUZZ_SECONDS");
    double seconds = asked ? atof(asked) : 3;
    static char input[1 + MOST];
    clock_t begin = clock();
    uint64_t i = 0;
    printf("1..1\n");
    for (; (double)(clock() - begin) < seconds * CLOCKS_PER_SEC; i++) {
        const char *seed = seeds[i % (sizeof seeds / sizeof *seeds)];
        size_t n = strlen(seed);
        memcpy(input + 1, seed, n);
        input[0] = i < 100 ? 0 : (char)(kino_random(i, 7, 0) & 127);
        n = i < 100 ? n : mutate(input + 1, n, MOST, i);
        LLVMFuzzerTestOneInput((const uint8_t *)input, 1 + n);
    }
    printf("# %llu answers\nok 1 - no answer breaks the reader\n", (unsigned long long)i);
    return 0;
}
#endif
