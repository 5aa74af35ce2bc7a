/* curl.c - fills the table of libcurl's functions. It is never unloaded: its TLS library has handlers that run when
 * the process ends. */
#include "net/http/curl.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "base/status.h"

static struct {
    pthread_once_t once;
    kino_curl table;
    char why[200]; /* "": loaded */
} curl = {.once = PTHREAD_ONCE_INIT};

static void load(void)
{
    static const char *const files[] = {
#ifdef __APPLE__
        "libcurl.4.dylib",
#else
        "libcurl.so.4",
        "libcurl-gnutls.so.4",
        "libcurl.so",
#endif
    };
    static const struct {
        const char *name;
        size_t offset;
    } calls[] = {
#define KINO_CURL_ENTRY(type, name, arguments) {"curl_" #name, offsetof(kino_curl, name)},
        KINO_CURL_CALLS(KINO_CURL_ENTRY)
#undef KINO_CURL_ENTRY
    };
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof files / sizeof *files; i++)
        library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        snprintf(curl.why, sizeof curl.why, "%s is not installed", files[0]);
        return;
    }
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++) {
        void *function = dlsym(library, calls[i].name);
        if (!function) {
            snprintf(curl.why, sizeof curl.why, "%s is too old, it has no %s", files[0], calls[i].name);
            return;
        }
        memcpy((char *)&curl.table + calls[i].offset, &function, sizeof function);
    }
    CURLcode code = curl.table.global_init(CURL_GLOBAL_DEFAULT);
    if (code)
        snprintf(curl.why, sizeof curl.why, "libcurl does not start: %s", curl.table.easy_strerror(code));
}

kino_status kino_curl_load(const kino_curl **out, kino_error *err)
{
    pthread_once(&curl.once, load);
    if (*curl.why)
        return kino_fail(err, KINO_NETWORK, "the network cannot be used: %s (Debian, Ubuntu: apt install libcurl4)",
                         curl.why);
    *out = &curl.table;
    return KINO_OK;
}
