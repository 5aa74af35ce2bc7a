#include "ingest/literal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum { DEPTH = 32 };

typedef struct parser {
    const char *p, *end;
    kino_arena *arena;
    kino_buffer text;  /* of the string that is being read */
} parser;

static void skip_space(parser *s)
{
    while (s->p < s->end && strchr(" \t\r\n", *s->p) && *s->p)
        s->p++;
}

static bool take(parser *s, char c)
{
    skip_space(s);
    if (s->p >= s->end || *s->p != c)
        return false;
    s->p++;
    return true;
}

static bool take_word(parser *s, const char *word)
{
    size_t n = strlen(word);
    if ((size_t)(s->end - s->p) < n || memcmp(s->p, word, n))
        return false;
    s->p += n;
    return true;
}

static bool hex(parser *s, int digits, int32_t *out)
{
    *out = 0;
    for (int i = 0; i < digits; i++, s->p++) {
        if (s->p >= s->end)
            return false;
        char c = *s->p;
        int d = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        if (d < 0 || *out > 0x7ffffff)
            return false;
        *out = *out * 16 + d;
    }
    return true;
}

/* What stands behind a backslash. */
static bool escape(parser *s)
{
    int32_t c;
    if (s->p >= s->end)
        return false;
    switch (*s->p++) {
    case 'n': kino_buffer_byte(&s->text, '\n'); return true;
    case 't': kino_buffer_byte(&s->text, '\t'); return true;
    case 'r': kino_buffer_byte(&s->text, '\r'); return true;
    case 'b': case 'f': case 'a': case 'v': case '0': kino_buffer_byte(&s->text, ' '); return true;
    case '\n': return true;
    case 'x':
        if (!hex(s, 2, &c))
            return false;
        break;
    case 'u':
        if (!hex(s, 4, &c))
            return false;
        if (c >= 0xD800 && c < 0xDC00 && s->end - s->p >= 6 && s->p[0] == '\\' && s->p[1] == 'u') {
            int32_t low;
            s->p += 2;
            if (!hex(s, 4, &low))
                return false;
            c = low >= 0xDC00 && low < 0xE000 ? 0x10000 + ((c - 0xD800) << 10) + (low - 0xDC00) : 0xFFFD;
        }
        break;
    case 'U':
        if (!hex(s, 8, &c))
            return false;
        break;
    default:
        kino_buffer_byte(&s->text, s->p[-1]);  /* \\ \" \' \/ */
        return true;
    }
    if (c <= 0 || c > 0x10FFFF || (c >= 0xD800 && c < 0xE000))
        c = 0xFFFD;
    kino_utf8_put(&s->text, c);
    return true;
}

static const char *string(parser *s)
{
    char quote = *s->p++;
    s->text.size = 0;
    kino_buffer_put(&s->text, "", 0);
    while (s->p < s->end && *s->p != quote) {
        const char *start = s->p;
        while (s->p < s->end && *s->p != quote && *s->p != '\\')
            s->p++;
        kino_utf8_clean(&s->text, start, (size_t)(s->p - start));
        if (s->p < s->end && *s->p == '\\') {
            s->p++;
            if (!escape(s))
                return NULL;
        }
    }
    if (s->p >= s->end)
        return NULL;
    s->p++;
    return kino_arena_strndup(s->arena, s->text.data, s->text.size);
}

static kino_value *value(parser *s, int depth);

/* The entries of a list or dictionary up to its closing bracket. */
static bool entries(parser *s, kino_value *v, char close, int depth)
{
    kino_value **tail = &v->child;
    while (!take(s, close)) {
        const char *key = NULL;
        skip_space(s);
        if (v->kind == KINO_VALUE_DICT) {
            kino_value *k = value(s, depth + 1);
            if (!k || k->kind != KINO_VALUE_TEXT || !take(s, ':'))
                return false;
            key = k->text;
        }
        kino_value *e = value(s, depth + 1);
        if (!e)
            return false;
        e->key = key;
        *tail = e;
        tail = &e->next;
        if (take(s, ','))
            continue;
        return take(s, close);
    }
    return true;
}

static kino_value *value(parser *s, int depth)
{
    skip_space(s);
    if (s->p >= s->end || depth > DEPTH)
        return NULL;
    kino_value *v = kino_arena_alloc(s->arena, sizeof *v);
    char c = *s->p;
    if (c == '\'' || c == '"') {
        v->kind = KINO_VALUE_TEXT;
        v->text = string(s);
        return v->text ? v : NULL;
    }
    if (c == '[' || c == '(' || c == '{') {
        s->p++;
        v->kind = c == '{' ? KINO_VALUE_DICT : KINO_VALUE_LIST;
        return entries(s, v, c == '[' ? ']' : c == '(' ? ')' : '}', depth) ? v : NULL;
    }
    if (take_word(s, "None") || take_word(s, "null") || take_word(s, "nan") || take_word(s, "NaN"))
        return v;
    v->kind = KINO_VALUE_BOOL;
    if (take_word(s, "True") || take_word(s, "true")) {
        v->number = 1;
        return v;
    }
    if (take_word(s, "False") || take_word(s, "false"))
        return v;
    char digits[64];
    size_t n = 0;
    while (s->p < s->end && n + 1 < sizeof digits && *s->p && strchr("+-.0123456789eE", *s->p))
        digits[n++] = *s->p++;
    digits[n] = 0;
    char *stop;
    v->kind = KINO_VALUE_NUMBER;
    v->number = strtod(digits, &stop);
    return n && !*stop && isfinite(v->number) ? v : NULL;
}

const kino_value *kino_literal_parse(kino_arena *arena, const char *text, size_t size)
{
    parser s = {text, text + size, arena, {0}};
    kino_value *v = value(&s, 0);
    skip_space(&s);
    free(s.text.data);
    return v && s.p == s.end ? v : NULL;
}

const kino_value *kino_value_get(const kino_value *v, const char *key)
{
    if (v && v->kind == KINO_VALUE_DICT)
        for (const kino_value *e = v->child; e; e = e->next)
            if (!strcmp(e->key, key))
                return e;
    return NULL;
}

const char *kino_value_text(const kino_value *v, const char *key)
{
    const kino_value *e = kino_value_get(v, key);
    return e && e->kind == KINO_VALUE_TEXT ? e->text : NULL;
}

int64_t kino_value_id(const kino_value *v, const char *key)
{
    const kino_value *e = kino_value_get(v, key);
    if (e && e->kind == KINO_VALUE_NUMBER && fabs(e->number) < 9e15)
        return (int64_t)e->number;
    if (e && e->kind == KINO_VALUE_TEXT)
        return strtoll(e->text, NULL, 10);
    return 0;
}
