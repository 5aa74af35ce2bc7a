/* literal.c - the reader of Python literals. */
#include "ingest/literal.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/limits.h"
#include "base/number.h"
#include "base/status.h"
#include "base/utf8.h"

typedef struct parser {
    kino_literals *tree;
    const char *text;
    size_t at, size;
    char *out; /* where the next decoded byte goes */
    const char *problem;
} parser;

static bool problem(parser *p, const char *what)
{
    if (!p->problem)
        p->problem = what;
    return false;
}

static void skip_space(parser *p)
{
    while (p->at < p->size && (p->text[p->at] == ' ' || (p->text[p->at] >= '\t' && p->text[p->at] <= '\r')))
        p->at++;
}

static bool take(parser *p, char c)
{
    skip_space(p);
    if (p->at == p->size || p->text[p->at] != c)
        return false;
    p->at++;
    return true;
}

static size_t new_node(parser *p, kino_literal_type type)
{
    kino_literals *t = p->tree;
    if (t->count == t->capacity) {
        t->capacity = t->capacity ? t->capacity * 2 : 64;
        t->nodes = kino_resize_array(t->nodes, t->capacity, sizeof *t->nodes);
    }
    t->nodes[t->count] = (kino_literal){.type = type, .end = (uint32_t)t->count + 1, .text = ""};
    return t->count++;
}

/* ---- strings ---- */

static void put_char(parser *p, int32_t c)
{
    unsigned char *o = (unsigned char *)p->out;
    if (c == 0)
        return; /* the text is handed out zero-terminated */
    if (c < 0 || c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF))
        c = 0xFFFD;
    if (c < 0x80) {
        *o++ = (unsigned char)c;
    } else if (c < 0x800) {
        *o++ = (unsigned char)(0xC0 | c >> 6);
        *o++ = (unsigned char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *o++ = (unsigned char)(0xE0 | c >> 12);
        *o++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        *o++ = (unsigned char)(0x80 | (c & 0x3F));
    } else {
        *o++ = (unsigned char)(0xF0 | c >> 18);
        *o++ = (unsigned char)(0x80 | (c >> 12 & 0x3F));
        *o++ = (unsigned char)(0x80 | (c >> 6 & 0x3F));
        *o++ = (unsigned char)(0x80 | (c & 0x3F));
    }
    p->out = (char *)o;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* The number of exactly n hexadecimal digits at `at`, or -1. */
static int32_t hex(const parser *p, size_t at, size_t n)
{
    int64_t value = 0;
    if (n > p->size - at)
        return -1;
    for (size_t i = 0; i < n; i++) {
        int digit = hex_value(p->text[at + i]);
        if (digit < 0)
            return -1;
        value = value << 4 | digit;
    }
    return value <= 0x10FFFF ? (int32_t)value : -1;
}

/* How many hexadecimal digits follow \x, \u and \U; none follow another letter. */
static size_t hex_digits(char letter)
{
    switch (letter) {
    case 'x':
        return 2;
    case 'u':
        return 4;
    case 'U':
        return 8;
    default:
        return 0;
    }
}

/* An escape; at is behind the backslash and not at the end. */
static void escape(parser *p, char quote)
{
    static const char from[] = "\\'\"abfnrtv", to[] = "\\'\"\a\b\f\n\r\t\v";
    const char c = p->text[p->at];
    const char *plain = c ? strchr(from, c) : NULL;
    if (plain) {
        *p->out++ = to[plain - from];
        p->at++;
        return;
    }
    if (c == '\n') { /* a continued line */
        p->at++;
        return;
    }
    if (c >= '0' && c <= '7') {
        int32_t value = 0;
        for (int i = 0; i < 3 && p->at < p->size && p->text[p->at] >= '0' && p->text[p->at] <= '7'; i++)
            value = value * 8 + (p->text[p->at++] - '0');
        put_char(p, value);
        return;
    }
    if (c == '/' && quote == '"') { /* JSON's; Python would keep the backslash */
        *p->out++ = '/';
        p->at++;
        return;
    }
    size_t digits = hex_digits(c);
    int32_t value = digits ? hex(p, p->at + 1, digits) : -1;
    if (value < 0) {
        *p->out++ = '\\';
        return; /* the character itself is read next, as any other */
    }
    p->at += 1 + digits;
    if (digits == 4 && value >= 0xD800 && value < 0xDC00 && p->size - p->at >= 6 && p->text[p->at] == '\\' &&
        p->text[p->at + 1] == 'u') {
        int32_t low = hex(p, p->at + 2, 4);
        if (low >= 0xDC00 && low <= 0xDFFF) {
            value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00);
            p->at += 6;
        }
    }
    put_char(p, value);
}

static bool read_quoted(parser *p)
{
    const char quote = p->text[p->at++];
    while (p->at < p->size) {
        const char c = p->text[p->at];
        if (c == quote) {
            p->at++;
            return true;
        }
        if (c == '\\') {
            if (++p->at == p->size)
                break;
            escape(p, quote);
        } else if ((unsigned char)c < 0x80) {
            p->at++;
            if (c)
                *p->out++ = c;
        } else {
            int32_t decoded;
            p->at += kino_utf8_next(p->text + p->at, p->size - p->at, &decoded);
            put_char(p, decoded);
        }
    }
    return problem(p, "a string that never ends");
}

static bool at_string(const parser *p)
{
    if (p->at == p->size)
        return false;
    const char c = p->text[p->at];
    if (c == '\'' || c == '"')
        return true;
    return (c == 'u' || c == 'U') && p->at + 1 < p->size && (p->text[p->at + 1] == '\'' || p->text[p->at + 1] == '"');
}

static bool read_string(parser *p)
{
    const size_t node = new_node(p, KINO_LITERAL_STRING);
    char *start = p->out;
    do {
        if ((p->text[p->at] | 0x20) == 'u')
            p->at++;
        if (!read_quoted(p))
            return false;
        skip_space(p);
    } while (at_string(p)); /* adjacent strings are one */
    p->tree->nodes[node].text = start;
    p->tree->nodes[node].size = (size_t)(p->out - start);
    *p->out++ = 0;
    return true;
}

/* ---- values ---- */

static bool read_word(parser *p)
{
    static const struct {
        const char *word;
        kino_literal_type type;
        double number;
    } words[] = {
        {"None", KINO_LITERAL_NULL, 0},  {"null", KINO_LITERAL_NULL, 0},  {"NaN", KINO_LITERAL_NULL, 0},
        {"nan", KINO_LITERAL_NULL, 0},   {"True", KINO_LITERAL_BOOL, 1},  {"true", KINO_LITERAL_BOOL, 1},
        {"False", KINO_LITERAL_BOOL, 0}, {"false", KINO_LITERAL_BOOL, 0},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].word);
        if (p->size - p->at >= n && !memcmp(p->text + p->at, words[i].word, n)) {
            size_t node = new_node(p, words[i].type);
            p->tree->nodes[node].number = words[i].number;
            p->at += n;
            return true;
        }
    }
    double number;
    size_t n = kino_number_scan(p->text + p->at, p->size - p->at, &number);
    if (!n)
        return problem(p, "not a value");
    size_t node = new_node(p, KINO_LITERAL_NUMBER);
    p->tree->nodes[node].number = number;
    p->at += n;
    return true;
}

static bool read_value(parser *p, int depth);

/* Behind the opening bracket, up to and including `close`. */
static bool read_items(parser *p, kino_literal_type type, char close, int depth)
{
    const size_t node = new_node(p, type);
    if (depth == KINO_LITERAL_DEPTH)
        return problem(p, "nested too deeply");
    for (bool first = true;; first = false) {
        if (take(p, close))
            break;
        if (!first) {
            if (!take(p, ','))
                return problem(p, p->at == p->size ? "a bracket that is never closed" : "a comma is missing");
            if (take(p, close)) /* a comma before the end */
                break;
        }
        if (!read_value(p, depth + 1))
            return false;
        if (type == KINO_LITERAL_DICT && (!take(p, ':') || !read_value(p, depth + 1)))
            return problem(p, "a key without a value");
    }
    p->tree->nodes[node].end = (uint32_t)p->tree->count;
    return true;
}

static bool read_value(parser *p, int depth)
{
    skip_space(p);
    if (p->at == p->size)
        return problem(p, "it ends too early");
    if (at_string(p))
        return read_string(p);
    switch (p->text[p->at]) {
    case '[':
        p->at++;
        return read_items(p, KINO_LITERAL_LIST, ']', depth);
    case '(':
        p->at++;
        return read_items(p, KINO_LITERAL_LIST, ')', depth);
    case '{':
        p->at++;
        return read_items(p, KINO_LITERAL_DICT, '}', depth);
    default:
        return read_word(p);
    }
}

kino_status kino_literal_parse(kino_literals *tree, const char *text, size_t size, kino_error *err)
{
    tree->count = 0;
    if (size > KINO_LIMIT_FIELD)
        return kino_fail(err, KINO_DAMAGED, "a list of more than %zu bytes", KINO_LIMIT_FIELD);
    /* Decoded text is never longer than three bytes for each of the source: U+FFFD for a bad one. */
    if (tree->text_capacity < 3 * size + 1) {
        free(tree->text);
        tree->text_capacity = 6 * size + 256;
        tree->text = kino_alloc(tree->text_capacity);
    }
    parser p = {.tree = tree, .text = text, .size = size, .out = tree->text};
    bool ok = read_value(&p, 0);
    skip_space(&p);
    if (ok && p.at < size)
        ok = problem(&p, "something follows the value");
    if (!ok) {
        tree->count = 0;
        return kino_fail(err, KINO_DAMAGED, "byte %zu: %s", p.at + 1, p.problem);
    }
    return KINO_OK;
}

const kino_literal *kino_literal_get(const kino_literals *tree, size_t dict, const char *key)
{
    const kino_literal *found = NULL;
    if (dict >= tree->count || tree->nodes[dict].type != KINO_LITERAL_DICT)
        return NULL;
    for (size_t i = dict + 1; i < tree->nodes[dict].end;) {
        size_t value = tree->nodes[i].end;
        if (tree->nodes[i].type == KINO_LITERAL_STRING && !strcmp(tree->nodes[i].text, key))
            found = &tree->nodes[value];
        i = tree->nodes[value].end;
    }
    return found;
}

void kino_literals_free(kino_literals *tree)
{
    free(tree->nodes);
    free(tree->text);
    *tree = (kino_literals){0};
}
