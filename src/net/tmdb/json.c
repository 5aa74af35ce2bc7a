/* json.c - loads cJSON and refuses what is too large or is no JSON. */
#include "net/tmdb/json.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#include "base/status.h"

/* Values of an answer; the largest film has some 100,000. Each is a cJSON of 64 bytes. */
enum { MOST_VALUES = 500000 };

static struct {
    pthread_once_t once;
    bool loaded;
    cJSON *(*parse)(const char *text, size_t n, const char **end, cJSON_bool zero_terminated);
    void (*free)(cJSON *json);
    cJSON *(*get)(const cJSON *object, const char *name);
} cjson = {.once = PTHREAD_ONCE_INIT};

static void load(void)
{
    static const char *const files[] = {"libcjson.so.1", "libcjson.so", "libcjson.1.dylib"};
    void *library = NULL;
    for (size_t i = 0; !library && i < sizeof files / sizeof *files; i++)
        library = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
    if (!library)
        return;
    void *parse = dlsym(library, "cJSON_ParseWithLengthOpts"), *free_json = dlsym(library, "cJSON_Delete"),
         *get = dlsym(library, "cJSON_GetObjectItemCaseSensitive");
    if (!parse || !free_json || !get)
        return;
    memcpy(&cjson.parse, &parse, sizeof parse);
    memcpy(&cjson.free, &free_json, sizeof free_json);
    memcpy(&cjson.get, &get, sizeof get);
    cjson.loaded = true;
}

kino_status kino_json_load(kino_error *err)
{
    pthread_once(&cjson.once, load);
    if (!cjson.loaded)
        return kino_fail(err, KINO_FAILED,
                         "TMDB's answers cannot be read: libcjson 1.7.13 or newer is not installed "
                         "(Debian, Ubuntu: apt install libcjson1)");
    return KINO_OK;
}

static int hex4(const char *p)
{
    int v = 0;
    for (int i = 0; i < 4; i++) {
        char c = p[i];
        if (c >= '0' && c <= '9')
            v = v * 16 + c - '0';
        else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
            v = v * 16 + (c | 0x20) - 'a' + 10;
        else
            return -1;
    }
    return v;
}

/* cJSON refuses a text with half a surrogate pair, and ends a string at \u0000: both become U+FFFD, in as many bytes.
 * False when there are too many values. */
static bool prepare(char *p, size_t n)
{
    size_t values = 0;
    for (size_t i = 0; i < n; i++) {
        values += p[i] == ',' || p[i] == '[' || p[i] == '{';
        if (p[i] != '\\')
            continue;
        i++;
        if (i + 5 > n || p[i] != 'u')
            continue;
        int c = hex4(p + i + 1);
        bool high = c >= 0xD800 && c < 0xDC00, low = c >= 0xDC00 && c < 0xE000, pair = false;
        if (high && i + 11 <= n && p[i + 5] == '\\' && p[i + 6] == 'u') {
            int second = hex4(p + i + 7);
            pair = second >= 0xDC00 && second < 0xE000;
        }
        if (pair)
            i += 6;
        else if (high || low || c == 0)
            memcpy(p + i + 1, "fffd", 4);
    }
    return values <= MOST_VALUES;
}

cJSON *kino_json_parse(char *text, size_t n)
{
    const char *end = NULL;
    if (kino_json_load(NULL) || !n || !prepare(text, n))
        return NULL;
    cJSON *json = cjson.parse(text, n, &end, false);
    bool whole = kino_json_is(json, cJSON_Object);
    for (; whole && end < text + n; end++)
        whole = *end && strchr(" \t\r\n", *end);
    if (whole)
        return json;
    kino_json_free(json);
    return NULL;
}

void kino_json_free(cJSON *json)
{
    if (json)
        cjson.free(json);
}

const cJSON *kino_json_get(const cJSON *object, const char *name)
{
    return object ? cjson.get(object, name) : NULL;
}

size_t kino_json_size(const cJSON *array)
{
    size_t count = 0;
    for (const cJSON *child = array ? array->child : NULL; child; child = child->next)
        count++;
    return count;
}
