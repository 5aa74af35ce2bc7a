/* text.c - kino embed and kino tokenize: a text a line in, a line out, as a stream. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/cmd/commands.h"
#include "app/cmd/records.h"
#include "base/status.h"

/* ---- NumPy's file: its header tells the number of rows, which is known at the end ---- */

enum { NPY_HEADER = 192 }; /* at most */

/* Returns its size: with its end, a multiple of 64. */
static size_t npy_header(char out[NPY_HEADER], uint64_t rows, bool records)
{
    const size_t size = records ? NPY_HEADER : 128;
    char text[NPY_HEADER];
    int n = snprintf(text, sizeof text,
                     records ? "{'descr': " APP_RECORD_DESCR ", 'fortran_order': False, 'shape': (%llu,), }"
                             : "{'descr': '<f4', 'fortran_order': False, 'shape': (%llu, %d), }",
                     (unsigned long long)rows, KINO_PLOT_DIM);
    memset(out, ' ', size);
    memcpy(out, "\x93NUMPY\x01\x00", 8);
    out[8] = (char)(size - 10); /* little-endian length of the rest */
    out[9] = 0;
    memcpy(out + 10, text, (size_t)n);
    out[size - 1] = '\n';
    return size;
}

/* Where the vectors go: standard output; or, when a header must be put in front that can only be written at the end and
 * standard output cannot go back (a pipe, or a file opened for appending), a temporary file that is copied at last. */
typedef struct sink {
    FILE *file;
    app_format format;
    long long start; /* of the header, where standard output can go back */
    uint64_t rows;
    bool records;
} sink;

static kino_status sink_open(sink *s, app_format format, bool records, kino_error *err)
{
    struct stat info;
    *s = (sink){.file = stdout, .format = format, .start = -1, .records = records};
    if (format != APP_NPY)
        return KINO_OK;
    int flags = fcntl(STDOUT_FILENO, F_GETFL);
    if (!fstat(STDOUT_FILENO, &info) && S_ISREG(info.st_mode) && flags >= 0 && !(flags & O_APPEND))
        s->start = lseek(STDOUT_FILENO, 0, SEEK_CUR);
    if (s->start < 0)
        s->file = tmpfile();
    if (!s->file)
        return kino_fail_errno(err, KINO_FAILED, "cannot make a temporary file for --format npy");
    char header[NPY_HEADER];
    fwrite(header, 1, npy_header(header, 0, s->records), s->file);
    return KINO_OK;
}

static kino_status sink_close(sink *s, kino_status st, kino_error *err)
{
    char header[NPY_HEADER], block[1 << 16];
    const bool stopped = st == KINO_INTERRUPTED; /* what was done is kept */
    if (s->format == APP_NPY && s->file && (!st || stopped)) {
        st = KINO_OK;
        const size_t size = npy_header(header, s->rows, s->records);
        if (fflush(s->file) || ferror(s->file))
            st = kino_fail_errno(err, KINO_FAILED, "cannot write the vectors");
        else if (s->file == stdout && pwrite(STDOUT_FILENO, header, size, s->start) != (ssize_t)size)
            st = kino_fail_errno(err, KINO_FAILED, "cannot write the header of the vectors");
        if (!st && s->file != stdout) {
            rewind(s->file);
            size_t n = fread(block, 1, size, s->file); /* the one without the number */
            fwrite(header, 1, size, stdout);
            for (n = fread(block, 1, sizeof block, s->file); n; n = fread(block, 1, sizeof block, s->file))
                fwrite(block, 1, n, stdout);
        }
        if (stopped && !st)
            st = KINO_INTERRUPTED;
    }
    if (s->file && s->file != stdout)
        fclose(s->file);
    return st;
}

static void put_vectors(sink *s, const float *vectors, size_t count) /* [count][KINO_PLOT_DIM] */
{
    if (s->format == APP_NDJSON) {
        kino_buffer b = {0};
        for (size_t i = 0; i < count; i++) {
            const float *v = vectors + i * KINO_PLOT_DIM;
            kino_buffer_print(&b, "{\"i\":%llu,\"v\":[", (unsigned long long)(s->rows + i));
            for (size_t d = 0; d < KINO_PLOT_DIM; d++) {
                if (d)
                    kino_buffer_byte(&b, ',');
                kino_put_float(&b, v[d]);
            }
            kino_buffer_print(&b, "]}\n");
        }
        if (b.size)
            fwrite(b.data, 1, b.size, s->file);
        free(b.data);
    } else {
        fwrite(vectors, KINO_PLOT_DIM * sizeof *vectors, count, s->file); /* the machine is little-endian */
    }
    s->rows += count;
}

static void put_records(sink *s, const app_records *r, const float *vectors, uint64_t weights)
{
    kino_buffer b = {0};
    if (s->format == APP_NDJSON) {
        app_records_put(r, vectors, weights, &b);
    } else {
        app_records_put_rows(r, vectors, weights, &b);
        if (r->faults.size)
            fwrite(r->faults.data, 1, r->faults.size, stderr);
    }
    if (b.size)
        fwrite(b.data, 1, b.size, s->file);
    s->rows += r->count;
    free(b.data);
}

/* What is written is seen at once, and a full disk is noticed in time. */
static kino_status flushed(FILE *file, kino_error *err)
{
    if (fflush(file) || ferror(file))
        return kino_fail_errno(err, KINO_FAILED, "cannot write to standard output");
    return KINO_OK;
}

kino_status app_embed(app *a, kino_error *err)
{
    kino_embedder *e = NULL;
    sink s = {0};
    app_lines *lines = kino_alloc(sizeof *lines);
    float *vectors = kino_alloc_floats((size_t)APP_LINES * KINO_PLOT_DIM);
    /* A line of progress among what somebody types, or among the vectors on the same screen, only disturbs. */
    const bool report = !isatty(STDIN_FILENO) && !a->out.terminal;
    const app_format format = (app_format)a->args.text.format;
    app_records *records = a->args.text.records ? kino_alloc(sizeof *records) : NULL;
    uint64_t read = 0, aside = 0;
    app_lines_init(lines, STDIN_FILENO, a->cancel);
    kino_status st =
        records && format == APP_F32
            ? kino_fail(err, KINO_USAGE, "plain floats have no room for ids: --records goes with ndjson or npy")
            : kino_embedder_open(&a->options, &e, err);
    if (!st)
        st = sink_open(&s, format, records != NULL, err);
    if (st)
        goto done;
    app_catch_signals();
    while (true) {
        st = app_lines_next(lines, err);
        if (st || !lines->count)
            break;
        if (records) {
            app_records_read(records, lines, read, format == APP_NPY);
            read += lines->count;
            aside += records->fault_count;
        }
        st = records ? kino_embed(e, records->texts, records->lengths, records->count, vectors, err)
                     : kino_embed(e, lines->texts, lines->lengths, lines->count, vectors, err);
        if (st)
            break;
        if (records)
            put_records(&s, records, vectors, kino_embedder_fingerprint(e));
        else
            put_vectors(&s, vectors, lines->count);
        st = flushed(s.file, err);
        if (st)
            break;
        if (report) {
            kino_progress p = {"embed", s.rows, 0, __builtin_nan(""), __builtin_nan("")};
            app_progress_report(&a->progress, &p);
        }
        if (*a->cancel) {
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
            break;
        }
    }
    app_progress_clear(&a->progress);
done:
    st = sink_close(&s, st, err);
    if (aside && !a->args.general.quiet)
        fprintf(stderr, "kino: %llu of %llu lines were set aside\n", (unsigned long long)aside,
                (unsigned long long)read);
    kino_embedder_close(e);
    app_lines_free(lines);
    if (records)
        app_records_free(records);
    free(records);
    free(lines);
    free(vectors);
    return st;
}

kino_status app_tokenize(app *a, kino_error *err)
{
    kino_embedder *e = NULL;
    kino_buffer b = {0};
    int32_t ids[KINO_MAX_TOKENS];
    app_lines *lines = kino_alloc(sizeof *lines);
    app_lines_init(lines, STDIN_FILENO, a->cancel);
    kino_status st = kino_embedder_open(&a->options, &e, err);
    if (st)
        goto done;
    app_catch_signals();
    while (true) {
        st = app_lines_next(lines, err);
        if (st || !lines->count)
            break;
        b.size = 0;
        for (size_t i = 0; i < lines->count; i++) {
            size_t n = kino_tokenize(e, lines->texts[i], lines->lengths[i], ids);
            for (size_t t = 0; t < n; t++)
                kino_buffer_print(&b, t ? " %d" : "%d", (int)ids[t]);
            kino_buffer_byte(&b, '\n');
        }
        fwrite(b.data, 1, b.size, stdout);
        st = flushed(stdout, err);
        if (st)
            break;
        if (*a->cancel) {
            st = kino_fail(err, KINO_INTERRUPTED, "interrupted");
            break;
        }
    }
done:
    kino_embedder_close(e);
    app_lines_free(lines);
    free(lines);
    free(b.data);
    return st;
}
