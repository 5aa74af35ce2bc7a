#include "net/reply.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* Values of an answer; the largest film has some 100,000. Each is a cJSON of 64 bytes. */
enum { MOST_VALUES = 500000 };

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

cJSON *kino_json_parse(char *body, size_t n)
{
    const char *end = NULL;
    if (!n || !prepare(body, n))
        return NULL;
    cJSON *json = cJSON_ParseWithLengthOpts(body, n, &end, false);
    bool whole = cJSON_IsObject(json);
    for (; whole && end < body + n; end++)
        whole = *end && strchr(" \t\r\n", *end);
    if (whole)
        return json;
    cJSON_Delete(json);
    return NULL;
}

/* The HTTP status that goes with a status_code of TMDB; 0 for one that says nothing about what to do. */
static long http_of_code(int code)
{
    static const struct {
        int code, http;
    } known[] = {
        {3, 401},  {7, 401},  {10, 401}, {14, 401}, {32, 401}, {35, 401}, {6, 404},  {34, 404}, {22, 400}, {20, 422},
        {25, 429}, {9, 503},  {46, 503}, {11, 500}, {43, 502}, {24, 504},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].http;
    return 0;
}

/* TMDB's own words, "" without any; *code its status_code or 0; whether it says that it failed. */
static bool read_error(const cJSON *json, char *words, size_t size, int *code)
{
    const cJSON *success = cJSON_GetObjectItemCaseSensitive(json, "success"),
                *number = cJSON_GetObjectItemCaseSensitive(json, "status_code"),
                *message = cJSON_GetObjectItemCaseSensitive(json, "status_message"),
                *errors = cJSON_GetObjectItemCaseSensitive(json, "errors");
    *words = 0;
    *code = cJSON_IsNumber(number) ? number->valueint : 0;
    if (cJSON_IsArray(errors))
        message = errors->child;
    if (cJSON_IsString(message))
        snprintf(words, size, "%s", message->valuestring);
    return cJSON_IsFalse(success) || cJSON_IsArray(errors) || (*code && *words);
}

static kino_reply_kind kind_of(long http)
{
    switch (http) {
    case 401:
    case 403:
        return KINO_REPLY_REFUSED;
    case 404:
    case 410:
        return KINO_REPLY_ABSENT;
    case 408:
        return KINO_REPLY_AGAIN;
    case 429:
        return KINO_REPLY_SLOWER;
    default:
        return http >= 500 ? KINO_REPLY_AGAIN : KINO_REPLY_FAULT;
    }
}

void kino_reply_read(kino_reply *r, long http, char *body, size_t n)
{
    char words[160] = "";
    int code = 0;
    cJSON *json = kino_json_parse(body, n);
    bool failed = json && read_error(json, words, sizeof words, &code);
    memset(r, 0, sizeof *r);
    if (http == 200 && json && !failed) {
        r->kind = KINO_REPLY_FILM;
        r->json = json;
        return;
    }
    if (http == 200 && !json) {
        r->kind = KINO_REPLY_AGAIN;
        snprintf(r->problem, sizeof r->problem, "its answer is not whole, or no JSON");
    } else {
        bool vague = http == 200 || http == 400;  /* statuses that say less than the code */
        r->kind = kind_of(vague && http_of_code(code) ? http_of_code(code) : http);
        snprintf(r->problem, sizeof r->problem, "HTTP %ld%s%s", http, *words ? ": " : "", words);
    }
    cJSON_Delete(json);
}
