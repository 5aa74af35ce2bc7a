/* absent.c - stands for TMDB's client where the build found no libcurl or no cJSON, and in the static program, which can
 * load neither: the same functions, which say so. */
#include "base/status.h"
#include "net/tmdb/tmdb.h"

static kino_status absent(kino_error *err)
{
    return kino_fail(err, KINO_NETWORK,
                     "TMDB cannot be asked: this kino was built without the network (install "
                     "the headers of libcurl and cJSON, and build it again)");
}

bool kino_tmdb_available(void)
{
    return false;
}

kino_status kino_tmdb_open(const kino_tmdb_options *opt, kino_tmdb **out, kino_error *err)
{
    (void)opt;
    (void)out;
    return absent(err);
}

void kino_tmdb_close(kino_tmdb *t)
{
    (void)t;
}

void kino_tmdb_set_budget(kino_tmdb *t, int ms)
{
    (void)t;
    (void)ms;
}

kino_status kino_tmdb_search(kino_tmdb *t, const char *title, int year, kino_tmdb_candidates **out, kino_error *err)
{
    (void)t;
    (void)title;
    (void)year;
    (void)out;
    return absent(err);
}

void kino_tmdb_candidates_free(kino_tmdb_candidates *c)
{
    (void)c;
}

kino_status kino_tmdb_find_imdb(kino_tmdb *t, const char *imdb_id, int64_t *id, kino_error *err)
{
    (void)t;
    (void)imdb_id;
    (void)id;
    return absent(err);
}

kino_status kino_tmdb_details(kino_tmdb *t, const int64_t *ids, size_t count, kino_tmdb_films **out, kino_error *err)
{
    (void)t;
    (void)ids;
    (void)count;
    (void)out;
    return absent(err);
}

kino_status kino_tmdb_posters(kino_tmdb *t, const char *const *paths, size_t count, kino_status *out, kino_error *err)
{
    (void)t;
    (void)paths;
    (void)count;
    (void)out;
    return absent(err);
}

void kino_tmdb_films_free(kino_tmdb_films *films)
{
    (void)films;
}

kino_status kino_tmdb_read_details(const char *json, size_t n, kino_tmdb_films **out, kino_error *err)
{
    (void)json;
    (void)n;
    (void)out;
    return absent(err);
}

bool kino_tmdb_read_export(const char *line, size_t n, kino_tmdb_export *out)
{
    (void)line;
    (void)n;
    (void)out;
    return false;
}
