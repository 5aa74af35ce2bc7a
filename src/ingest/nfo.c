/* nfo.c - films in the XML of media servers, found element by element: what is damaged ends where it is damaged. */
#include "ingest/nfo.h"

#include <string.h>

#include "ingest/values.h"

/* The first `what` in a field; NULL: it is not there. */
static const char *find(kino_field f, const char *what)
{
    const size_t n = strlen(what);
    while (f.size >= n) {
        const char *p = memchr(f.text, *what, f.size - n + 1);
        if (!p || !memcmp(p, what, n))
            return p;
        f.size -= (size_t)(p + 1 - f.text);
        f.text = p + 1;
    }
    return NULL;
}

static kino_field behind(kino_field f, const char *p)
{
    return (kino_field){p, f.size - (size_t)(p - f.text)};
}

/* The content of the first <name ...> in the field, from `mark` in its attributes on where that is not NULL; empty when
 * there is none. *rest: what is behind it. */
static kino_field element(kino_field f, const char *name, const char *mark, kino_field *rest)
{
    const kino_field none = {"", 0};
    const size_t n = strlen(name);
    for (const char *p = find(f, "<"); p; p = find(f, "<")) {
        f = behind(f, p + 1);
        if (f.size <= n || memcmp(f.text, name, n) || !strchr(" >\t\r\n", f.text[n]))
            continue;
        const char *open = find(f, ">");
        const kino_field head = {f.text, open ? (size_t)(open - f.text) : 0};
        if (!open)
            return none;
        f = behind(f, open + 1);
        if (head.text[head.size - 1] == '/' || (mark && !find(head, mark)))
            continue;
        for (const char *end = find(f, "</"), *from = f.text; end;) {
            const kino_field tail = behind(f, end + 2);
            if (tail.size > n && !memcmp(tail.text, name, n) && tail.text[n] == '>') {
                if (rest)
                    *rest = behind(tail, tail.text + n);
                return (kino_field){from, (size_t)(end - from)};
            }
            end = find(tail, "</");
        }
        return none;
    }
    return none;
}

static kino_field text_of(kino_field movie, const char *name)
{
    return kino_trim(element(movie, name, NULL, NULL));
}

static void read_ids(kino_field movie, kino_entry *one)
{
    const kino_field tmdb[] = {element(movie, "uniqueid", "\"tmdb\"", NULL), text_of(movie, "tmdbid")},
                     imdb[] = {element(movie, "uniqueid", "\"imdb\"", NULL), text_of(movie, "imdbid"),
                               text_of(movie, "imdb_id"), text_of(movie, "id")};
    for (size_t i = 0; i < 2 && !one->tmdb; i++)
        if (!kino_parse_id(kino_trim(tmdb[i]), &one->tmdb))
            one->tmdb = 0;
    for (size_t i = 0; i < 4 && !*one->imdb; i++) {
        const kino_field f = kino_trim(imdb[i]);
        if (f.size < 3 || f.text[0] != 't' || !kino_parse_imdb(f, one->imdb))
            one->imdb[0] = 0;
    }
}

static size_t line_of(const char *bytes, const char *at)
{
    size_t line = 1;
    for (; bytes < at; bytes++)
        line += *bytes == '\n';
    return line;
}

static void read_movie(kino_field movie, size_t line, kino_entries *out, kino_marks *marks)
{
    kino_entry *one = kino_entries_add(out, line);
    char date[11];
    int year;
    const kino_field title = text_of(movie, "title"), original = text_of(movie, "originaltitle"),
                     rating = text_of(movie, "userrating"), seen = text_of(movie, "lastplayed"),
                     count = text_of(movie, "playcount"), premiered = text_of(movie, "premiered");
    read_ids(movie, one);
    one->title = kino_entries_text(out, title.text, title.size);
    one->other = kino_entries_text(out, original.text, original.size);
    if (!kino_value_year(text_of(movie, "year"), &one->year))
        one->year = kino_value_date(premiered, date, &year) > KINO_DATE_BAD ? year : 0;
    one->day = kino_entry_day(seen.size ? kino_entries_text(out, seen.text, seen.size) : "", seen.size);
    one->waiting = kino_value_is_waiting(count);
    if (rating.size && !(rating.size == 1 && *rating.text == '0')) /* nobody's */
        kino_marks_read(marks, out, rating.text, rating.size);
}

bool kino_nfo_looks_like(const char *bytes, size_t size)
{
    static const char *const roots[] = {"<movie", "<videodb", "<tvshow", "<episodedetails"};
    const size_t head = size < 4096 ? size : 4096;
    const kino_field f = kino_trim((kino_field){bytes, head});
    for (size_t i = 0; i < sizeof roots / sizeof *roots && f.size && *f.text == '<'; i++)
        if (find(f, roots[i]))
            return true;
    return false;
}

void kino_nfo_read(const char *bytes, size_t size, kino_entries *out, kino_marks *marks)
{
    kino_field all = {bytes, size}, rest = all;
    for (const char *p = find(all, "<tvshow"); p; p = find(behind(all, p + 1), "<tvshow"))
        kino_entries_skip(out, line_of(bytes, p));
    for (const char *p = find(all, "<episodedetails"); p; p = find(behind(all, p + 1), "<episodedetails"))
        kino_entries_skip(out, line_of(bytes, p));
    while (true) {
        const kino_field movie = element(all, "movie", NULL, &rest);
        if (!movie.size)
            break;
        read_movie(movie, line_of(bytes, movie.text), out, marks);
        all = rest;
    }
}
