/* jsontree.c - JSON is put together and printed. */
#include "base/jsontree.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/utf8.h"

typedef enum kind { OBJECT, ARRAY, VALUE } kind;

struct kino_tree {
    kind kind;
    const char *name; /* NULL in an array */
    const char *text; /* of a VALUE, as it is written */
    kino_tree *first, *last, *next;
    kino_arena *memory; /* of the whole tree */
    kino_arena own;     /* the root's */
};

static kino_tree *add(kino_tree *parent, const char *name, kind what, const char *text)
{
    kino_tree *j = parent ? kino_arena_alloc(parent->memory, sizeof *j) : kino_alloc(sizeof *j);
    j->kind = what;
    j->name = name;
    j->memory = parent ? parent->memory : &j->own;
    j->text = text ? kino_arena_strdup(j->memory, text) : "";
    if (parent) {
        if (parent->last)
            parent->last->next = j;
        else
            parent->first = j;
        parent->last = j;
    }
    return j;
}

kino_tree *kino_tree_object(kino_tree *parent, const char *name)
{
    return add(parent, name, OBJECT, NULL);
}

kino_tree *kino_tree_array(kino_tree *parent, const char *name)
{
    return add(parent, name, ARRAY, NULL);
}

/* DEL, C1 and the characters that turn the direction of writing are legal in JSON, but must not reach a terminal. */
static bool needs_escape(int32_t c)
{
    return c < 0x20 || c == '"' || c == '\\' || (c >= 0x7f && c < 0xa0) || (c >= 0x2028 && c <= 0x202E) ||
           (c >= 0x2066 && c <= 0x2069);
}

/* What is no UTF-8 becomes U+FFFD. */
static void put_string(kino_buffer *b, const char *text)
{
    static const char named[] = "\b\f\n\r\t\"\\", names[] = "bfnrt\"\\";
    const size_t n = strlen(text);
    size_t plain = 0; /* from here on nothing is written yet */
    kino_buffer_byte(b, '"');
    for (size_t i = 0; i < n;) {
        int32_t c = (unsigned char)text[i];
        const size_t step = c < 0x80 ? 1 : kino_utf8_next(text + i, n - i, &c);
        if (c == 0xFFFD || needs_escape(c)) {
            const char *known = c && c < 0x80 ? strchr(named, (char)c) : NULL;
            kino_buffer_put(b, text + plain, i - plain);
            if (c == 0xFFFD)
                kino_utf8_put(b, c);
            else if (known)
                kino_buffer_print(b, "\\%c", names[known - named]);
            else
                kino_buffer_print(b, "\\u%04x", (unsigned)c);
            plain = i + step;
        }
        i += step;
    }
    kino_buffer_put(b, text + plain, n - plain);
    kino_buffer_byte(b, '"');
}

void kino_tree_text(kino_tree *parent, const char *name, const char *text)
{
    kino_buffer b = {0};
    put_string(&b, text);
    add(parent, name, VALUE, b.data);
    free(b.data);
}

void kino_tree_known(kino_tree *parent, const char *name, const char *text)
{
    if (*text)
        kino_tree_text(parent, name, text);
    else
        kino_tree_null(parent, name);
}

void kino_tree_whole(kino_tree *parent, const char *name, int64_t n)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%lld", (long long)n);
    add(parent, name, VALUE, digits);
}

void kino_tree_number(kino_tree *parent, const char *name, double x)
{
    char digits[KINO_NUMBER_ROOM];
    if (!isfinite(x)) {
        kino_tree_null(parent, name);
        return;
    }
    kino_number_print(x, digits);
    add(parent, name, VALUE, digits);
}

void kino_tree_float(kino_tree *parent, const char *name, float x)
{
    kino_buffer b = {0};
    if (!isfinite(x)) {
        kino_tree_null(parent, name);
        return;
    }
    kino_put_float(&b, x);
    add(parent, name, VALUE, b.data);
    free(b.data);
}

void kino_tree_bool(kino_tree *parent, const char *name, bool yes)
{
    add(parent, name, VALUE, yes ? "true" : "false");
}

void kino_tree_null(kino_tree *parent, const char *name)
{
    add(parent, name, VALUE, "null");
}

void kino_tree_hex(kino_tree *parent, const char *name, uint64_t fingerprint)
{
    char digits[32];
    snprintf(digits, sizeof digits, "%016llx", (unsigned long long)fingerprint);
    kino_tree_known(parent, name, fingerprint ? digits : "");
}

void kino_tree_names(kino_tree *parent, const char *name, const kino_list *list)
{
    kino_tree *array = kino_tree_array(parent, name);
    for (size_t i = 0; i < list->count; i++)
        kino_tree_text(array, NULL, list->items[i].name);
}

static void put_line(kino_buffer *b, int depth)
{
    kino_buffer_print(b, "\n%*s", 2 * depth, "");
}

/* depth < 0: all on one line. Answers are a few levels deep. */
static void put(kino_buffer *b, const kino_tree *j, int depth)
{
    const int below = depth < 0 ? depth : depth + 1;
    if (j->name) {
        kino_buffer_byte(b, '"');
        kino_buffer_put(b, j->name, strlen(j->name));
        kino_buffer_put(b, "\": ", depth < 0 ? 2 : 3);
    }
    if (j->kind == VALUE) {
        kino_buffer_put(b, j->text, strlen(j->text));
        return;
    }
    kino_buffer_byte(b, j->kind == OBJECT ? '{' : '[');
    for (const kino_tree *child = j->first; child; child = child->next) {
        if (depth >= 0)
            put_line(b, below);
        put(b, child, below);
        if (child->next)
            kino_buffer_byte(b, ',');
    }
    if (depth >= 0 && j->first)
        put_line(b, depth);
    kino_buffer_byte(b, j->kind == OBJECT ? '}' : ']');
}

void kino_tree_put(kino_tree *json, bool indented, kino_buffer *b)
{
    put(b, json, indented ? 0 : -1);
    kino_buffer_byte(b, '\n');
    kino_arena_free(&json->own);
    free(json);
}

/* Vectors have hundreds of numbers, so this is done by integer arithmetic, which is ten times as fast as trying
 * printf: scaled by a power of ten to 7, 8 or 9 digits, x is near an integer whose digits are the answer if dividing it
 * again gives x. The bound of 0.49 units in the last place, not 0.5, keeps clear of ties, where a reader that rounds
 * twice could differ. Nine digits always suffice. */
void kino_put_float(kino_buffer *b, float x)
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
    int zeros = 0; /* behind the point */
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
    *--p = (char)('0' + scaled); /* 1 when the digits were rounded up to it */
    if (x < 0)
        *--p = '-';
    kino_buffer_put(b, p, (size_t)(end - p));
}
