/* fuzz_histories.c - any bytes as what somebody has seen: entries are sound, ratings are from 0 to 1. */
#include <math.h>

#include "fuzz.h"
#include "ingest/history.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_entries w = {0};
    if (!kino_entries_parse("nowhere/x", (const char *)bytes, size, NULL, 0, &w, NULL)) {
        for (size_t i = 0; i < w.count; i++) {
            const kino_entry *one = &w.items[i];
            must(isnan(one->rating) || (one->rating >= 0 && one->rating <= 1), "a rating is none");
            must(!one->unread || isnan(one->rating), "a rating that cannot be read is one");
            must(one->title && one->other && strlen(one->imdb) < sizeof one->imdb, "an entry is not whole");
            must(one->tmdb >= 0 && one->year >= 0 && one->year <= 9999, "a number is none");
        }
        for (size_t i = 0; i < w.remark_count; i++)
            must(*w.remarks[i].text && w.remarks[i].reason, "a remark says nothing");
        must(w.kind != NULL, "it is of no kind");
    }
    kino_entries_free(&w);
    return 0;
}

FUZZ_MAIN("histories", 40, 100)
