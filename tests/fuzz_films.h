/* fuzz_films.h - a tiny catalogue for fuzzers: the first films of the sample, built once in a folder of its own, which
 * goes with the program. Where memory is a file system it lies there, since its files are written anew for each input. */
#ifndef KINO_TESTS_FUZZ_FILMS_H
#define KINO_TESTS_FUZZ_FILMS_H

#include <unistd.h>

#include "fuzz.h"

static char fuzz_folder[64], fuzz_data[96];

/* A file that is written again and again. */
typedef struct fuzz_file {
    char path[128];
    uint8_t *bytes; /* as it was made */
    size_t size;
} fuzz_file;

static inline void fuzz_read_file(const char *name, fuzz_file *out)
{
    enum { MOST = 64 << 20 };
    snprintf(out->path, sizeof out->path, "%s/%s", fuzz_data, name);
    FILE *f = fopen(out->path, "rb");
    must(f != NULL, out->path);
    out->bytes = malloc(MOST);
    out->size = fread(out->bytes, 1, MOST, f);
    out->bytes = realloc(out->bytes, out->size);
    fclose(f);
}

static inline void fuzz_write_file(const char *path, const void *bytes, size_t size)
{
    FILE *f = fopen(path, "wb");
    must(f && fwrite(bytes, 1, size, f) == size && !fclose(f), "a file cannot be written");
}

static inline void fuzz_drop_folder(void)
{
    char command[96];
    snprintf(command, sizeof command, "rm -rf '%s'", fuzz_folder);
    must(!system(command), "a folder is left");
}

static inline void fuzz_make_folder(void)
{
    snprintf(fuzz_folder, sizeof fuzz_folder, "%s/kino-fuzz-XXXXXX", access("/dev/shm", W_OK) ? "/tmp" : "/dev/shm");
    must(mkdtemp(fuzz_folder) != NULL, "no folder");
    snprintf(fuzz_data, sizeof fuzz_data, "%s/data", fuzz_folder);
    atexit(fuzz_drop_folder);
}

/* The weights of the repository: libFuzzer's programs lie deeper than they are looked for. */
static inline kino_options fuzz_options(void)
{
    const char *given = getenv("KINO_TEST_WEIGHTS");
    return (kino_options){.data_dir = fuzz_data,
                          .weights = given ? given : "weights/minilm-l6-v2.int8.kino",
                          .threads = 1,
                          .offline = true};
}

static inline void fuzz_make_films(int films)
{
    char csv[128], command[256];
    kino_error err = {0};
    kino_options opt = fuzz_options();
    const kino_build_request req = {.csv = csv, .credits = "tests/golden/credits.csv", .epochs = 1, .seed = 1};
    fuzz_make_folder();
    snprintf(csv, sizeof csv, "%s/films.csv", fuzz_folder);
    snprintf(command, sizeof command, "head -n %d data/sample.csv >'%s'", films + 1, csv);
    must(!system(command), "no films");
    must(!kino_build(&opt, &req, NULL, &err), err.text);
}

#endif
