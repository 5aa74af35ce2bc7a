/* jsonread.c - the strict reader of JSON. */
#include "base/jsonread.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/limits.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"

typedef struct reader {
    const char *name;
    const char *p, *end;
    size_t line;
    int depth;
    kino_arena *memory;
    kino_error *err;
} reader;

static kino_status value(reader *r, kino_json *out);

static kino_status wrong(const reader *r, const char *what)
{
    return kino_fail(r->err, KINO_DAMAGED, "%s: line %zu: not JSON: %s", r->name, r->line, what);
}

static void pass_space(reader *r)
{
    for (; r->p < r->end && strchr(" \t\r\n", *r->p) && *r->p; r->p++)
        r->line += *r->p == '\n';
}

static bool take(reader *r, char c)
{
    pass_space(r);
    if (r->p == r->end || *r->p != c)
        return false;
    r->p++;
    return true;
}

/* Four hexadecimal digits; -1 when they are not that. */
static int32_t hex4(reader *r)
{
    int32_t n = 0;
    if (r->end - r->p < 4)
        return -1;
    for (int i = 0; i < 4; i++) {
        static const char digits[] = "0123456789abcdef0123456789ABCDEF";
        const char *digit = memchr(digits, *r->p++, sizeof digits - 1);
        if (!digit)
            return -1;
        n = n * 16 + (int32_t)(digit - digits) % 16;
    }
    return n;
}

static kino_status escape(reader *r, kino_buffer *b)
{
    static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    const char c = r->p < r->end ? *r->p++ : 0;
    const char *known = c ? strchr(letters, c) : NULL;
    if (known) {
        kino_buffer_byte(b, meant[known - letters]);
        return KINO_OK;
    }
    int32_t code = c == 'u' ? hex4(r) : -1;
    if (code >= 0xD800 && code < 0xDC00 && r->end - r->p >= 2 && r->p[0] == '\\' && r->p[1] == 'u') {
        r->p += 2;
        const int32_t low = hex4(r);
        code = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00) : -1;
    }
    if (code <= 0 || (code >= 0xD800 && code < 0xE000))
        return wrong(r, "an escape in a text that stands for nothing");
    kino_utf8_put(b, code);
    return KINO_OK;
}

static kino_status text(reader *r, const char **out)
{
    const char *start = r->p;
    while (r->p < r->end && *r->p != '"' && *r->p != '\\' && (unsigned char)*r->p >= 0x20)
        r->p++;
    kino_buffer b = {0};
    kino_buffer_put(&b, start, (size_t)(r->p - start));
    kino_status st = KINO_OK;
    while (!st && r->p < r->end && *r->p != '"') {
        if ((unsigned char)*r->p < 0x20)
            st = wrong(r, "a raw control character in a text");
        else if (*r->p == '\\')
            r->p++, st = escape(r, &b);
        else
            kino_buffer_byte(&b, *r->p++);
    }
    if (!st && r->p == r->end)
        st = wrong(r, "a text that never ends");
    if (!st) {
        r->p++;
        *out = kino_arena_strndup(r->memory, b.data, b.size);
    }
    free(b.data);
    return st;
}

/* JSON has no leading zeros, no "+", no "1." and no ".5". */
static kino_status number(reader *r, kino_json *out)
{
    const char *p = r->p, *end = r->end;
    bool sound;
    p += p < end && *p == '-';
    sound = p < end && *p >= '0' && *p <= '9' && !(*p == '0' && p + 1 < end && p[1] >= '0' && p[1] <= '9');
    const size_t n = sound ? kino_number_scan(r->p, (size_t)(end - r->p), &out->number) : 0;
    for (size_t i = 1; sound && i <= n; i++) /* a point has digits on both sides */
        sound = r->p[i - 1] != '.' || (i < n && r->p[i] >= '0' && r->p[i] <= '9');
    if (!n || !sound || !isfinite(out->number))
        return wrong(r, "a number that is none");
    out->kind = KINO_JSON_NUMBER;
    r->p += n;
    return KINO_OK;
}

static kino_status word(reader *r, kino_json *out)
{
    static const char *const words[] = {"null", "false", "true"};
    for (size_t i = 0; i < 3; i++) {
        const size_t n = strlen(words[i]);
        if ((size_t)(r->end - r->p) >= n && !memcmp(r->p, words[i], n)) {
            r->p += n;
            out->kind = (kino_json_kind)(KINO_JSON_NULL + i);
            return KINO_OK;
        }
    }
    return wrong(r, "a value is missing");
}

static kino_status members(reader *r, kino_json *out, char closing)
{
    kino_json **place = &out->first;
    kino_status st = KINO_OK;
    if (++r->depth > KINO_LIMIT_JSON_DEPTH)
        return wrong(r, "it is nested too deeply");
    if (take(r, closing))
        goto done;
    do {
        const char *name = NULL;
        if (closing == '}') {
            st = take(r, '"') ? text(r, &name) : wrong(r, "the name of a member is missing");
            if (!st && !take(r, ':'))
                st = wrong(r, "a : is missing");
            if (!st && kino_json_member(out, name))
                st = wrong(r, "a member is there twice");
        }
        if (st)
            return st;
        kino_json *one = kino_arena_alloc(r->memory, sizeof *one);
        st = value(r, one);
        one->name = name;
        *place = one;
        place = &one->next;
        if (++out->count > KINO_LIMIT_JSON_MEMBERS && closing == '}')
            return wrong(r, "an object of too many members");
    } while (!st && take(r, ','));
    if (!st && !take(r, closing))
        st = wrong(r, closing == '}' ? "a , or } is missing" : "a , or ] is missing");
done:
    r->depth--;
    return st;
}

static kino_status value(reader *r, kino_json *out)
{
    pass_space(r);
    out->line = r->line;
    if (take(r, '{')) {
        out->kind = KINO_JSON_OBJECT;
        return members(r, out, '}');
    }
    if (take(r, '[')) {
        out->kind = KINO_JSON_ARRAY;
        return members(r, out, ']');
    }
    if (take(r, '"')) {
        out->kind = KINO_JSON_TEXT;
        return text(r, &out->text);
    }
    if (r->p < r->end && (*r->p == '-' || (*r->p >= '0' && *r->p <= '9')))
        return number(r, out);
    return word(r, out);
}

/* U+FFFD that was not written as such is a fault. */
static kino_status check_utf8(const reader *r)
{
    reader at = *r;
    while (at.p < at.end) {
        int32_t c = (unsigned char)*at.p;
        const size_t step = c < 0x80 ? 1 : kino_utf8_next(at.p, (size_t)(at.end - at.p), &c);
        if (c == 0xFFFD && (step != 3 || memcmp(at.p, "\xEF\xBF\xBD", 3)))
            return wrong(&at, "the text is not UTF-8");
        at.line += c == '\n';
        at.p += step;
    }
    return KINO_OK;
}

kino_status kino_json_read(const char *name, const char *text_of_it, size_t size, size_t first_line, kino_arena *memory,
                           const kino_json **out, kino_error *err)
{
    reader r = {
        .name = name, .p = text_of_it, .end = text_of_it + size, .line = first_line, .memory = memory, .err = err};
    kino_json *root = kino_arena_alloc(memory, sizeof *root);
    if (size >= 3 && !memcmp(r.p, "\xEF\xBB\xBF", 3))
        r.p += 3;
    kino_status st = check_utf8(&r);
    if (!st)
        st = value(&r, root);
    if (st)
        return st;
    pass_space(&r);
    if (r.p < r.end)
        return wrong(&r, "something stands behind the end");
    *out = root;
    return KINO_OK;
}

const kino_json *kino_json_member(const kino_json *object, const char *name)
{
    const kino_json *one = object && object->kind == KINO_JSON_OBJECT ? object->first : NULL;
    while (one && strcmp(one->name, name))
        one = one->next;
    return one;
}

const char *kino_json_text(const kino_json *v, const char *otherwise)
{
    return v && v->kind == KINO_JSON_TEXT ? v->text : otherwise;
}

bool kino_json_whole(const kino_json *v, int64_t low, int64_t high, int64_t *out)
{
    if (!v || v->kind != KINO_JSON_NUMBER || v->number != floor(v->number) || fabs(v->number) > 0x1p53)
        return false;
    const int64_t n = (int64_t)v->number;
    if (n < low || n > high)
        return false;
    *out = n;
    return true;
}
