#include "app/json.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

static void *take(size_t size)
{
    return kino_alloc(size);
}

void app_json_init(void)
{
    cJSON_Hooks hooks = {take, free};
    cJSON_InitHooks(&hooks);
}

static void add(cJSON *parent, const char *name, cJSON *value)
{
    if (name)
        cJSON_AddItemToObject(parent, name, value);
    else
        cJSON_AddItemToArray(parent, value);
}

cJSON *app_json_object(cJSON *parent, const char *name)
{
    cJSON *value = cJSON_CreateObject();
    if (parent)
        add(parent, name, value);
    return value;
}

cJSON *app_json_array(cJSON *parent, const char *name)
{
    cJSON *value = cJSON_CreateArray();
    add(parent, name, value);
    return value;
}

void app_json_text(cJSON *parent, const char *name, const char *text)
{
    kino_buffer b = {0};
    kino_utf8_clean(&b, text, strlen(text));
    add(parent, name, cJSON_CreateString(b.data ? b.data : ""));
    free(b.data);
}

void app_json_known(cJSON *parent, const char *name, const char *text)
{
    if (*text)
        app_json_text(parent, name, text);
    else
        app_json_null(parent, name);
}

void app_json_whole(cJSON *parent, const char *name, int64_t n)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", (long long)n);
    add(parent, name, cJSON_CreateRaw(digits));
}

/* cJSON itself compares with a tolerance, so that 17th digits can be lost. */
void app_json_number(cJSON *parent, const char *name, double x)
{
    char digits[40];
    if (!isfinite(x)) {
        app_json_null(parent, name);
        return;
    }
    for (int precision = 15; precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, x);
        if (strtod(digits, NULL) == x)
            break;
    }
    add(parent, name, cJSON_CreateRaw(digits));
}

void app_json_float(cJSON *parent, const char *name, float x)
{
    kino_buffer b = {0};
    if (!isfinite(x)) {
        app_json_null(parent, name);
        return;
    }
    app_put_float(&b, x);
    add(parent, name, cJSON_CreateRaw(b.data));
    free(b.data);
}

void app_json_bool(cJSON *parent, const char *name, bool yes)
{
    add(parent, name, cJSON_CreateBool(yes));
}

void app_json_null(cJSON *parent, const char *name)
{
    add(parent, name, cJSON_CreateNull());
}

void app_json_hex(cJSON *parent, const char *name, uint64_t fingerprint)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)fingerprint);
    app_json_known(parent, name, fingerprint ? digits : "");
}

void app_json_names(cJSON *parent, const char *name, const kino_list *list)
{
    cJSON *array = app_json_array(parent, name);
    for (size_t i = 0; i < list->count; i++)
        app_json_text(array, NULL, list->items[i].name);
}

/* cJSON escapes what is below U+0020. DEL, C1 and the characters that turn the direction of writing are legal in
 * JSON, but must not reach a terminal; they can only stand inside strings, where an escape means the same. */
static void put_escaped(kino_buffer *b, const char *json)
{
    const size_t n = strlen(json);
    for (size_t i = 0; i < n;) {
        int32_t c;
        size_t step = kino_utf8_next(json + i, n - i, &c);
        if ((c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069))
            kino_buffer_print(b, "\\u%04x", (unsigned)c);
        else if (c == '\t')  /* cJSON's own, as inside a string it is escaped */
            kino_buffer_print(b, b->size && b->data[b->size - 1] == ':' ? " " : "  ");
        else
            kino_buffer_put(b, json + i, step);
        i += step;
    }
}

void app_json_print(cJSON *json, const app_screen *s, bool one_line)
{
    kino_buffer b = {0};
    char *text = s->terminal && !one_line ? cJSON_Print(json) : cJSON_PrintUnformatted(json);
    put_escaped(&b, text);
    kino_buffer_byte(&b, '\n');
    app_flush(&b, s);
    cJSON_free(text);
    cJSON_Delete(json);
}

/* Vectors have hundreds of numbers, so this is done by integer arithmetic, which is ten times as fast as trying
 * printf: scaled by a power of ten to 7, 8 or 9 digits, x is near an integer whose digits are the answer if dividing it
 * again gives x. The bound of 0.49 units in the last place, not 0.5, keeps clear of ties, where a reader that rounds
 * twice could differ. Nine digits always suffice. */
void app_put_float(kino_buffer *b, float x)
{
    static const double power[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13};
    double a = fabs((double)x);
    if (x == 0) {
        kino_buffer_print(b, "0");
        return;
    }
    if (!(a >= 1e-4 && a < 1)) {
        char digits[32];
        for (int precision = 6; precision <= 9; precision++) {
            snprintf(digits, sizeof digits, "%.*g", precision, (double)x);
            if (strtof(digits, NULL) == x)
                break;
        }
        kino_buffer_print(b, "%s", digits);
        return;
    }
    int zeros = 0;  /* behind the point */
    while (a * power[zeros + 1] < 1)
        zeros++;
    int places = zeros + 6;
    int64_t scaled = 0;
    double unit = ldexp(1.0, ilogb(a) - 23);
    do {
        places++;
        scaled = llround(a * power[places]);
    } while (places < zeros + 9 && fabs((double)scaled / power[places] - a) > 0.49 * unit);
    while (scaled % 10 == 0) {
        scaled /= 10;
        places--;
    }
    char digits[24], *end = digits + sizeof digits, *p = end;
    for (int i = 0; i < places; i++) {
        *--p = (char)('0' + scaled % 10);
        scaled /= 10;
    }
    *--p = '.';
    *--p = (char)('0' + scaled);  /* 1 when the digits were rounded up to it */
    if (x < 0)
        *--p = '-';
    kino_buffer_put(b, p, (size_t)(end - p));
}
