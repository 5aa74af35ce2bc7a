/* fuzz_vectors.c - any bytes as vectors that were embedded elsewhere, NDJSON or NumPy's file: what is taken is a unit vector
 * of a film, and of a file that is refused nothing is left. */
#include "fuzz_films.h"

#include <math.h>

#include "make/plots_file.h"

static const uint64_t weights = UINT64_C(0x0123456789abcdef); /* that the corpus speaks of */

static kino_catalogue *catalogue;
static char file[128];

static void make(void)
{
    kino_error err = {0};
    char path[128];
    fuzz_make_folder();
    snprintf(path, sizeof path, "%s/catalogue.db", fuzz_folder);
    snprintf(file, sizeof file, "%s/vectors", fuzz_folder);
    must(!kino_catalogue_open(path, KINO_CATALOGUE_CREATE, &catalogue, &err), err.text);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static const kino_options opt;
    kino_error err = {0};
    size_t count = 0;
    if (!catalogue)
        make();
    fuzz_write_file(file, bytes, size);
    const kino_status st = kino_plots_stage(catalogue, file, weights, &opt, &count, &err);
    must(!st || ((st == KINO_DAMAGED || st == KINO_USAGE) && *err.text), "a fault has no reason");
    must(st || count * 8 <= size, "more vectors are taken than the file can hold");
    return 0;
}

FUZZ_MAIN("vectors", 20, 100)
