/* mapfile.c - writes the map of all films as the bytes that the page draws. */
#include <math.h>
#include <string.h>

#include "serve/page.h"

enum { NONE = 255, FIRST_DECADE = 1870 };

void kino_page_map_file(const kino_places *places, kino_buffer *out)
{
    const kino_place *p = places->items;
    const size_t n = places->count;
    kino_buffer_put(out, "KMAP", 4);
    kino_buffer_put(out, &(uint32_t){(uint32_t)n}, sizeof(uint32_t));
    kino_buffer_put(out, &(uint32_t){(uint32_t)places->genre_count}, sizeof(uint32_t));
    kino_buffer_put(out, &(uint32_t){0}, sizeof(uint32_t)); /* what follows lies at a multiple of its size */
    for (size_t i = 0; i < n; i++)
        kino_buffer_put(out, &(double){(double)p[i].id}, sizeof(double)); /* exact: ids are below 2^53 */
    for (size_t i = 0; i < n; i++) {
        const int16_t at[2] = {(int16_t)lrintf(p[i].x * 32767), (int16_t)lrintf(p[i].y * 32767)};
        kino_buffer_put(out, at, sizeof at);
    }
    for (size_t i = 0; i < n; i++)
        kino_buffer_byte(out, (char)(p[i].genre >= 0 && p[i].genre < NONE ? p[i].genre : NONE));
    for (size_t i = 0; i < n; i++) {
        const int decade = (p[i].decade - FIRST_DECADE) / 10;
        kino_buffer_byte(out, (char)(p[i].decade >= FIRST_DECADE && decade < NONE ? decade : NONE));
    }
    for (size_t i = 0; i < places->genre_count; i++)
        kino_buffer_put(out, places->genres[i], strlen(places->genres[i]) + 1);
}
