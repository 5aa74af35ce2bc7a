/* library.c - walks through a folder of films and reads what each file is. */
#include "ingest/library.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/status.h"
#include "ingest/nfo.h"
#include "ingest/release.h"
#include "ingest/source.h"
#include "ingest/values.h"

enum { DEEPEST = 12, MOST = 1000000 }; /* folders in folders; files and folders of one */
#define MOST_NFO ((size_t)1 << 20)

typedef struct folder {
    const char *path, *name;
    char **names; /* [count] sorted */
    size_t count;
} folder;

bool kino_library_is(const char *path)
{
    struct stat info;
    return !stat(path, &info) && S_ISDIR(info.st_mode);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static kino_status list(const char *path, folder *out, kino_error *err)
{
    const char *slash = strrchr(path, '/');
    DIR *dir = opendir(path);
    size_t room = 0;
    *out = (folder){.path = path, .name = slash ? slash + 1 : path};
    if (!dir)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot open", path);
    for (struct dirent *e = readdir(dir); e && out->count < MOST; e = readdir(dir)) {
        if (*e->d_name == '.')
            continue;
        if (out->count == room) {
            room = room ? 2 * room : 64;
            out->names = kino_resize_array(out->names, room, sizeof *out->names);
        }
        out->names[out->count++] = kino_strdup(e->d_name);
    }
    closedir(dir);
    if (out->count)
        qsort(out->names, out->count, sizeof *out->names, by_name);
    return KINO_OK;
}

static void free_list(folder *f)
{
    for (size_t i = 0; i < f->count; i++)
        free(f->names[i]);
    free(f->names);
}

static char *join(const char *path, const char *name)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s/%s", path, name);
    return b.data;
}

static bool has(const folder *f, const char *name)
{
    for (size_t i = 0; i < f->count; i++)
        if (!strcasecmp(f->names[i], name))
            return true;
    return false;
}

/* ---- one film ---- */

/* What an .nfo says, into entries; false when it is none. A link alone is one, too. */
static bool read_nfo(const char *path, kino_entries *out, kino_entry *link)
{
    kino_source *source = NULL;
    kino_buffer bytes = {0};
    kino_error err;
    kino_marks marks = {0};
    const size_t before = out->count + out->skipped;
    if (!kino_source_open(path, &source, &err) && !kino_source_rest(source, MOST_NFO, &bytes, &err)) {
        kino_nfo_read(bytes.data, bytes.size, out, &marks);
        kino_entry_link(link, bytes.data);
    }
    kino_marks_scale(&marks, out, 10);
    kino_source_close(source);
    free(bytes.data);
    return out->count + out->skipped > before;
}

static bool starts_with(const char *text, const char *beginning)
{
    return *beginning && !strncasecmp(text, beginning, strlen(beginning));
}

/* The name of a file against that of its folder, which is the better one where both mean the same film, or where the file
 * has no year. */
static void read_names(const char *file, const char *in, kino_entry *one, kino_entries *out)
{
    kino_release a, b;
    kino_release_read(file, &a);
    kino_release_read(in, &b);
    const bool same = b.year && (starts_with(a.title, b.title) || !a.year);
    if (same || !*a.title) {
        one->title = kino_entries_text(out, b.title, strlen(b.title));
        one->year = b.year;
    } else {
        one->title = kino_entries_text(out, a.title, strlen(a.title));
        one->year = a.year;
    }
    if (!one->tmdb && !*one->imdb) {
        one->tmdb = a.tmdb ? a.tmdb : same || !a.year ? b.tmdb : 0;
        memcpy(one->imdb, *a.imdb || !(same || !a.year) ? a.imdb : b.imdb, sizeof one->imdb);
    }
}

/* Whether "movie.nfo" is about this file: there is no other film beside it, or it bears the name of the folder. */
static bool is_the_movie(const folder *f, const char *base)
{
    kino_release in;
    size_t films = 0, n;
    for (size_t i = 0; i < f->count; i++)
        films += kino_release_is_video(f->names[i], &n);
    kino_release_read(f->name, &in);
    return films < 2 || starts_with(base, in.title);
}

/* A video or a disc in a folder; `base` is its name without the ending. */
static void add_film(const folder *f, const char *base, kino_entries *out)
{
    kino_buffer nfo = {0};
    kino_entry link = {.line = 0};
    bool told = false;
    const char *const names[] = {base, "movie"};
    if (kino_value_is_episode(base) || has(f, "tvshow.nfo")) {
        kino_entries_skip(out, 0);
        return;
    }
    for (size_t i = 0; i < (is_the_movie(f, base) ? 2 : 1) && !told; i++) {
        nfo.size = 0;
        kino_buffer_print(&nfo, "%s.nfo", names[i]);
        if (!has(f, nfo.data))
            continue;
        char *path = join(f->path, nfo.data);
        told = read_nfo(path, out, &link);
        free(path);
    }
    free(nfo.data);
    if (told)
        return;
    kino_entry *one = kino_entries_add(out, 0);
    one->tmdb = link.tmdb;
    memcpy(one->imdb, link.imdb, sizeof one->imdb);
    read_names(base, f->name, one, out);
}

/* ---- folders ---- */

static bool is_season(const char *name)
{
    static const char *const words[] = {"season ", "series ", "staffel ", "saison ", "specials"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (starts_with(name, words[i]))
            return true;
    return false;
}

static kino_status walk(const char *path, int depth, kino_entries *out, kino_error *err);

/* A disc, a folder of series, or another folder. */
static kino_status enter(const folder *f, const char *name, const char *path, int depth, kino_entries *out,
                         kino_error *err)
{
    if (!strcasecmp(name, "video_ts") || !strcasecmp(name, "bdmv")) {
        add_film(f, f->name, out);
        return KINO_OK;
    }
    if (is_season(name)) {
        kino_entries_skip(out, 0);
        return KINO_OK;
    }
    if (kino_release_is_extra(name, true) || depth == DEEPEST)
        return KINO_OK;
    return walk(path, depth + 1, out, err);
}

static kino_status walk(const char *path, int depth, kino_entries *out, kino_error *err)
{
    folder f;
    kino_status st = list(path, &f, err);
    for (size_t i = 0; !st && i < f.count; i++) {
        struct stat info;
        size_t n;
        char *inside = join(path, f.names[i]);
        if (!lstat(inside, &info) && S_ISDIR(info.st_mode)) {
            st = enter(&f, f.names[i], inside, depth, out, err);
        } else if (kino_release_is_video(f.names[i], &n)) {
            f.names[i][n] = 0;
            if (!kino_release_is_extra(f.names[i], false))
                add_film(&f, f.names[i], out);
        }
        free(inside);
    }
    free_list(&f);
    return st;
}

kino_status kino_library_read(const char *path, kino_entries *out, kino_error *err)
{
    size_t n = strlen(path);
    while (n > 1 && path[n - 1] == '/')
        n--;
    char *clean = kino_alloc(n + 1);
    memcpy(clean, path, n);
    out->kind = "folder";
    kino_status st = walk(clean, 0, out, err);
    free(clean);
    return st;
}
