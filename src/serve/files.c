/* files.c - the templates of src/page as part of the program. The Makefile makes this anew when one of them changes. */
#include "serve/page.h"

#define FILE_OF(symbol, path)                                                                                          \
    __asm__(".section .rodata\n" #symbol ":\n.incbin \"src/page/" path "\"\n" #symbol "_end:\n.byte 0\n.previous\n");  \
    extern const char symbol[] __asm__(#symbol), symbol##_end[] __asm__(#symbol "_end")

FILE_OF(kino_index_html, "index.html");
FILE_OF(kino_map_html, "map.html");
FILE_OF(kino_film_html, "film.html");
FILE_OF(kino_drawings_html, "drawings.html");

static const kino_page_file files[] = {
    {"index.html", "text/html; charset=utf-8", kino_index_html, kino_index_html_end},
    {"map.html", "text/html; charset=utf-8", kino_map_html, kino_map_html_end},
    {"film.html", "text/html; charset=utf-8", kino_film_html, kino_film_html_end},
    {"drawings.html", "text/html; charset=utf-8", kino_drawings_html, kino_drawings_html_end},
};

const kino_page_file *kino_page_files(size_t *count)
{
    *count = sizeof files / sizeof *files;
    return files;
}
