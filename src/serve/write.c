/* write.c - writes HTML, with everything escaped that is not HTML itself. */
#include "serve/write.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ask/question.h"
#include "base/utf8.h"

void kino_put_raw(kino_buffer *b, const char *html)
{
    kino_buffer_put(b, html, strlen(html));
}

void kino_put_html(kino_buffer *b, const char *text)
{
    const size_t n = strlen(text);
    for (size_t i = 0; i < n;) {
        int32_t c;
        size_t taken = kino_utf8_next(text + i, n - i, &c);
        switch (c) {
        case '&':
            kino_put_raw(b, "&amp;");
            break;
        case '<':
            kino_put_raw(b, "&lt;");
            break;
        case '>':
            kino_put_raw(b, "&gt;");
            break;
        case '"':
            kino_put_raw(b, "&quot;");
            break;
        case '\'':
            kino_put_raw(b, "&#39;");
            break;
        case 0xfffd:
            kino_put_raw(b, "\xef\xbf\xbd");
            break; /* also for what is no UTF-8 */
        default:
            if (c < 0x20 || (c >= 0x7f && c < 0xa0)) /* no control character has a place in a page */
                kino_buffer_byte(b, ' ');
            else
                kino_buffer_put(b, text + i, taken);
        }
        i += taken;
    }
}

void kino_put_film_name(kino_buffer *b, const char *title)
{
    kino_put_raw(b, "<bdi>");
    kino_put_html(b, *title ? title : "(untitled)");
    kino_put_raw(b, "</bdi>");
}

const char *kino_page_value(const kino_page *p, const char *name)
{
    for (size_t i = 0; i < p->query_count; i++)
        if (!strcmp(p->query[i].name, name))
            return p->query[i].value;
    return "";
}

/* ---- links ---- */

void kino_put_encoded(kino_buffer *b, const char *text)
{
    for (const unsigned char *c = (const unsigned char *)text; *c; c++) {
        if ((*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9') || strchr("-._~,", *c))
            kino_buffer_byte(b, (char)*c);
        else
            kino_buffer_print(b, "%%%02X", *c);
    }
}

static void put_pair(kino_buffer *b, const char *name, const char *value, size_t *count)
{
    kino_put_raw(b, (*count)++ ? "&amp;" : "?");
    kino_put_encoded(b, name);
    kino_buffer_byte(b, '=');
    kino_put_encoded(b, value);
}

static void put_seed(kino_buffer *b, int64_t id, bool not, size_t *count)
{
    char text[24];
    snprintf(text, sizeof text, "%lld", (long long)id);
    put_pair(b, not ? "not" : "like", text, count);
}

/* Not carried on: what was looked for, what stands in the seeds, what is as usual, and what is no part of a question: each
 * of hundreds of links would repeat it. */
static bool is_carried(const kino_page_pair *pair)
{
    static const char *const left[] = {"q", "like", "not", "surprise"};
    for (size_t i = 0; i < sizeof left / sizeof *left; i++)
        if (!strcmp(pair->name, left[i]))
            return false;
    return *pair->value && kino_ask_knows(pair->name) &&
           !(!strcmp(pair->name, "diversity") && !strcmp(pair->value, KINO_PAGE_DIVERSITY)) &&
           !(!strcmp(pair->name, "popularity") && !strcmp(pair->value, "0"));
}

void kino_put_link(kino_buffer *b, const kino_page *p, kino_page_step step, int64_t id)
{
    size_t count = 0;
    kino_put_raw(b, p->up ? p->up : "");
    for (size_t i = 0; i < p->seed_count; i++)
        if (step != KINO_STEP_ONLY && (step == KINO_STEP_NONE || step == KINO_STEP_MORE || p->seeds[i].id != id))
            put_seed(b, p->seeds[i].id, p->seeds[i].disliked, &count);
    if (step == KINO_STEP_LIKE || step == KINO_STEP_NOT || step == KINO_STEP_ONLY)
        put_seed(b, id, step == KINO_STEP_NOT, &count);
    for (size_t i = 0; i < p->query_count; i++) {
        const kino_page_pair *pair = &p->query[i];
        if (is_carried(pair) &&
            !(step == KINO_STEP_ONLY && (!strcmp(pair->name, "about") || !strcmp(pair->name, "together"))) &&
            !((step == KINO_STEP_ONLY || step == KINO_STEP_MORE) && !strcmp(pair->name, "k")))
            put_pair(b, pair->name, pair->value, &count);
    }
    if (step == KINO_STEP_MORE) {
        char text[24];
        snprintf(text, sizeof text, "%lld", (long long)id);
        put_pair(b, "k", text, &count);
    }
    if (!count)
        kino_put_raw(b, "./");
}

void kino_put_link_without(kino_buffer *b, const kino_page *p, size_t from, size_t to, const char *as)
{
    size_t count = 0;
    kino_buffer about = {0};
    for (size_t i = 0; i < p->seed_count; i++)
        put_seed(b, p->seeds[i].id, p->seeds[i].disliked, &count);
    for (size_t i = 0; i < p->query_count; i++) {
        const kino_page_pair *pair = &p->query[i];
        const bool words = !strcmp(pair->name, "about");
        if (!is_carried(pair) || (as && !strcmp(pair->name, "as")))
            continue;
        about.size = 0;
        kino_buffer_put(&about, pair->value, words ? from : 0);
        kino_buffer_put(&about, pair->value + (words ? to : 0), strlen(pair->value) - (words ? to : 0));
        kino_buffer_byte(&about, 0);
        if (about.data[strspn(about.data, " ,.;")])
            put_pair(b, pair->name, about.data, &count);
    }
    if (as)
        put_pair(b, "as", as, &count);
    free(about.data);
    if (!count)
        kino_put_raw(b, "./");
}

void kino_put_words_link(kino_buffer *b, const char *words)
{
    size_t count = 0;
    put_pair(b, "about", words, &count);
    put_pair(b, "as", "words", &count);
}

void kino_put_film_link(kino_buffer *b, const kino_page *p, int64_t id)
{
    kino_buffer_print(b, "%sfilm/%lld", p->up ? p->up : "", (long long)id);
}

void kino_put_person_link(kino_buffer *b, const kino_page *p, const char *name)
{
    kino_buffer_print(b, "%sperson/", p->up ? p->up : "");
    kino_put_encoded(b, name);
}

void kino_put_question_link(kino_buffer *b, const kino_page *p, const char *name, const char *value)
{
    size_t count = 0;
    kino_put_raw(b, p->up ? p->up : "");
    put_pair(b, name, value, &count);
}
