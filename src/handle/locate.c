/* locate.c - finds the folder of the data and the file of the weights. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>
#include <unistd.h>

#include "base/status.h"
#include "handle/handle.h"

static char *join(const char *folder, const char *name)
{
    kino_buffer b = {0};
    kino_buffer_print(&b, "%s/%s", folder, name);
    return b.data;
}

static const char *environment(const char *name)
{
    const char *value = getenv(name);
    return value && *value ? value : NULL;
}

kino_status kino_locate_data(const kino_options *opt, char **out, kino_error *err)
{
    const char *own = environment("KINO_HOME"), *data = environment("XDG_DATA_HOME"), *home = environment("HOME");
    if (opt && opt->data_dir && *opt->data_dir)
        *out = kino_strdup(opt->data_dir);
    else if (own)
        *out = kino_strdup(own);
    else if (data)
        *out = join(data, "kino");
    else if (home)
        *out = join(home, ".local/share/kino");
    else
        return kino_fail(err, KINO_USAGE, "no place for the catalogue: neither --data, nor $KINO_HOME, nor $HOME");
    return KINO_OK;
}

/* Smallest and fastest first. */
static const char *const precisions[] = {"int8", "bf16", "f16", "f32"};

/* The path of a file that is there, or NULL. */
static char *readable(const char *folder, const char *name)
{
    char *path = join(folder, name);
    if (!access(path, R_OK))
        return path;
    free(path);
    return NULL;
}

/* The folder of the running program, freed by the caller; NULL where the system does not tell. */
static char *program_folder(void)
{
    char path[4096];
    ssize_t n = readlink("/proc/self/exe", path, sizeof path - 1);
    const char *started = (const char *)getauxval(AT_EXECFN); /* as what it was started: for where there is no /proc */
    if (n > 0)
        path[n] = 0;
    else if (!started || snprintf(path, sizeof path, "%s", started) >= (int)sizeof path)
        return NULL;
    char *slash = strrchr(path, '/');
    if (!slash)
        return NULL;
    *slash = 0;
    return kino_strdup(path);
}

char *kino_locate_weights(const kino_options *opt)
{
    if (opt && opt->weights && *opt->weights)
        return kino_strdup(opt->weights);
    const char *wanted = opt ? opt->precision : NULL, *place = environment("KINO_WEIGHTS");
    if (!wanted && place)
        return kino_strdup(place);
    /* The program stands in bin/ or build/; `make weights` fills build/weights. */
    static const char *const beside[] = {".", "weights", "../weights", "../../weights"};
    char *folder = program_folder(), *found = NULL;
    for (size_t n = 0; !found && n < sizeof precisions / sizeof *precisions; n++) {
        char name[64];
        if (wanted && strcmp(wanted, precisions[n]))
            continue;
        snprintf(name, sizeof name, "minilm-l6-v2.%s.kino", precisions[n]);
        found = readable(KINO_WEIGHTS_DIR, name);
        for (size_t i = 0; !found && folder && i < sizeof beside / sizeof *beside; i++) {
            char *place_beside = join(folder, beside[i]);
            found = readable(place_beside, name);
            free(place_beside);
        }
    }
    free(folder);
    return found;
}

kino_status kino_weights_missing(const kino_options *opt, kino_error *err)
{
    if (opt && opt->precision)
        return kino_fail(err, KINO_NOT_FOUND,
                         "no MiniLM weights in %s: looked in %s, beside the program and in weights/; "
                         "make weights makes them, --weights names a file",
                         opt->precision, KINO_WEIGHTS_DIR);
    return kino_fail(err, KINO_NOT_FOUND,
                     "no MiniLM weights: looked in %s, beside the program and in weights/; name the file with "
                     "--weights or $KINO_WEIGHTS",
                     KINO_WEIGHTS_DIR);
}

char *kino_catalogue_path(const char *data_dir)
{
    return join(data_dir, "catalogue.db");
}
