/* plots_file.c - writes the texts of a build to a file and reads their vectors from one. */
#include "make/plots_file.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/file.h"
#include "base/jsonread.h"
#include "base/jsontree.h"
#include "base/limits.h"
#include "base/status.h"
#include "handle/handle.h"
#include "base/textfile.h"

/* ---- texts ---- */

kino_status kino_texts_write(kino_recipe recipe, const kino_movies *movies, const char *path, kino_error *err)
{
    const bool standard = !strcmp(path, "-");
    FILE *f = standard ? stdout : fopen(path, "w");
    kino_buffer text = {0}, line = {0};
    if (!f)
        return kino_fail_errno(err, KINO_FAILED, "%s: cannot be written", path);
    for (size_t i = 0; i < movies->count && !ferror(f); i++) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        text.size = line.size = 0;
        kino_plot_text(recipe, &movies->items[i], &text);
        kino_tree_whole(root, "id", movies->items[i].id);
        kino_tree_text(root, "text", text.size ? text.data : "");
        kino_tree_put(root, false, &line);
        fwrite(line.data, 1, line.size, f);
    }
    bool failed = fflush(f) || ferror(f);
    if (!standard)
        failed = fclose(f) || failed;
    free(text.data);
    free(line.data);
    return failed ? kino_fail_errno(err, KINO_FAILED, "%s: cannot be written", standard ? "standard output" : path)
                  : KINO_OK;
}

/* ---- vectors ---- */

/* A row of NumPy's file. */
typedef struct plot {
    int64_t id;
    uint64_t hash, weights;
    float v[KINO_PLOT_DIM];
} plot;

typedef struct reader {
    kino_catalogue *c;
    const char *name;
    uint64_t weights;
    const kino_options *opt;
    size_t count;
} reader;

static kino_status stage(reader *r, const plot *p, size_t line, kino_error *err)
{
    double sum = 0;
    if (p->weights != r->weights)
        return kino_fail(err, KINO_USAGE, "%s: line %zu: embedded with other weights (%016llx, not %016llx)", r->name,
                         line, (unsigned long long)p->weights, (unsigned long long)r->weights);
    for (size_t d = 0; d < KINO_PLOT_DIM; d++)
        sum += (double)p->v[d] * p->v[d];
    if (p->id <= 0 || !(fabs(sum - 1) < 1e-3)) /* also for NaN */
        return kino_fail(err, KINO_DAMAGED, "%s: line %zu: %s", r->name, line,
                         p->id <= 0 ? "its id is none of a film" : "the vector's length is not 1");
    r->count++;
    if (p->hash == KINO_HASH_START) /* no text: such a film is similar to nothing, which build knows */
        return KINO_OK;
    if (r->count % 1024 == 0) {
        kino_report(r->opt, "take", r->count, 0);
        if (kino_cancelled(r->opt))
            return kino_fail(err, KINO_INTERRUPTED, "interrupted");
    }
    return kino_catalogue_stage_plot(r->c, p->id, p->hash, p->weights, p->v, KINO_PLOT_DIM, err);
}

static bool read_hex(const kino_json *root, const char *name, uint64_t *out)
{
    const char *text = kino_json_text(kino_json_member(root, name), "");
    char *end = NULL;
    *out = strtoull(text, &end, 16);
    return strlen(text) == 16 && !*end;
}

static bool read_plot(const kino_json *root, plot *out)
{
    const kino_json *v = kino_json_member(root, "v");
    size_t d = 0;
    if (!kino_json_whole(kino_json_member(root, "id"), 1, KINO_LIMIT_ID, &out->id) ||
        !read_hex(root, "hash", &out->hash) || !read_hex(root, "weights", &out->weights) || !v ||
        v->kind != KINO_JSON_ARRAY || v->count != KINO_PLOT_DIM)
        return false;
    for (const kino_json *x = v->first; x; x = x->next, d++) {
        if (x->kind != KINO_JSON_NUMBER)
            return false;
        out->v[d] = (float)x->number;
    }
    return true;
}

static kino_status read_lines(reader *r, const char *path, kino_error *err)
{
    kino_textfile *file = NULL;
    kino_status st = kino_textfile_open(path, &file, err);
    char *line = NULL;
    size_t n;
    plot p;
    while (!st) {
        st = kino_textfile_line(file, &line, &n, err);
        if (st || !line)
            break;
        const size_t number = kino_textfile_number(file);
        kino_arena memory = {0};
        const kino_json *root = NULL;
        r->name = kino_textfile_name(file);
        if (n) {
            st = kino_json_read(r->name, line, n, number, &memory, &root, err);
            if (!st && kino_json_member(root, "error"))
                st = kino_fail(err, KINO_DAMAGED, "%s: line %zu: the record was set aside: %.200s", r->name, number,
                               kino_json_text(kino_json_member(root, "error"), ""));
            else if (!st && !read_plot(root, &p))
                st = kino_fail(err, KINO_DAMAGED,
                               "%s: line %zu: not what kino embed --records writes: an object of id, hash, "
                               "weights and v, which has %d numbers",
                               r->name, number, KINO_PLOT_DIM);
            if (!st)
                st = stage(r, &p, number, err);
        }
        kino_arena_free(&memory);
    }
    kino_textfile_close(file);
    return st;
}

/* NumPy's format, version 1.0: the magic, the length of the header, the header, the rows. */
static kino_status read_npy(reader *r, const kino_map *m, kino_error *err)
{
    static const char descr[] = "{'descr': [('id', '<i8'), ('hash', '<u8'), ('weights', '<u8'), ('v', '<f4', (384,))], "
                                "'fortran_order': False, 'shape': (";
    const size_t header = 10 + (m->size >= 10 ? (size_t)m->bytes[8] + 256 * (size_t)m->bytes[9] : 0);
    kino_status st = KINO_OK;
    if (m->size < header || header < 10 + sizeof descr || m->bytes[6] != 1 ||
        memcmp(m->bytes + 10, descr, sizeof descr - 1) || (m->size - header) % sizeof(plot))
        return kino_fail(err, KINO_DAMAGED,
                         "%s: not the array that kino embed --records --format npy writes, or cut off", r->name);
    const size_t rows = (m->size - header) / sizeof(plot);
    if (strtoull((const char *)m->bytes + 10 + sizeof descr - 1, NULL, 10) != rows)
        return kino_fail(err, KINO_DAMAGED, "%s: has %zu rows, which is not what its header says", r->name, rows);
    for (size_t i = 0; i < rows && !st; i++) {
        plot p;
        memcpy(&p, m->bytes + header + i * sizeof p, sizeof p);
        st = stage(r, &p, i + 1, err);
    }
    return st;
}

kino_status kino_plots_stage(kino_catalogue *c, const char *path, uint64_t weights, const kino_options *opt,
                             size_t *count, kino_error *err)
{
    reader r = {.c = c, .name = path, .weights = weights, .opt = opt};
    kino_map m = {0};
    kino_status st = kino_catalogue_begin(c, err);
    if (!st && strcmp(path, "-"))
        st = kino_map_file(path, &m, err);
    if (!st)
        st = m.size > 6 && !memcmp(m.bytes, "\x93NUMPY", 6) ? read_npy(&r, &m, err) : read_lines(&r, path, err);
    kino_unmap(&m);
    if (!st)
        st = kino_catalogue_commit(c, err);
    kino_catalogue_rollback(c);
    *count = r.count;
    return st;
}
