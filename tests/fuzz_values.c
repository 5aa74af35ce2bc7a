/* fuzz_values.c - any cell through every reader of values: what it gives is within its bounds. */
#include <math.h>

#include "fuzz.h"
#include "ingest/release.h"
#include "ingest/values.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_buffer b = {0}, plain = {0};
    kino_release release;
    char date[11] = "", imdb[16] = "";
    double value = 0, of = 0;
    int year = 0;
    int64_t tmdb = 0;
    bool other;
    kino_buffer_put(&b, bytes, size);
    kino_buffer_put(&b, "", 0);
    const kino_field f = {b.data, b.size};
    kino_value_absent(f);
    kino_value_kind(f);
    kino_value_is_waiting(f);
    kino_value_is_episode(f.text);
    kino_is_poster(f);
    if (kino_value_number(f, &value))
        must(isfinite(value), "a number is none");
    if (kino_value_mark(f, &value, &of))
        must(isfinite(value) && of >= 0 && isfinite(of), "a mark is none");
    if (kino_value_minutes(f, &value))
        must(isfinite(value) && value >= 0, "minutes are none");
    if (kino_value_year(f, &year))
        must(year >= 1800 && year <= 9999, "a year is none");
    if (kino_value_date(f, date, &year) > KINO_DATE_BAD)
        must(year >= 1800 && year <= 9999 && (!*date || strlen(date) == 10), "a date is none");
    if (kino_value_link(f.text, &tmdb, imdb, &other))
        must(tmdb >= 0 && strlen(imdb) < sizeof imdb && (tmdb || *imdb || other), "a link says nothing");
    if (kino_parse_id(f, &tmdb))
        must(tmdb > 0 && tmdb <= INT64_C(1) << 53, "an id is none");
    if (kino_parse_imdb(f, imdb))
        must(strlen(imdb) >= 9 && !strncmp(imdb, "tt", 2), "an id of IMDb's is none");
    kino_release_read(f.text, &release);
    must(strlen(release.title) < KINO_RELEASE_TITLE && release.year >= 0 && release.tmdb >= 0, "a release is none");
    kino_html_text(&plain, f.text, f.size);
    must(plain.size <= f.size, "a plain text is longer");
    free(b.data);
    free(plain.data);
    return 0;
}

FUZZ_MAIN("values", 40, 100)
