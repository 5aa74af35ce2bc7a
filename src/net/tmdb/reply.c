/* reply.c - reads what an answer of TMDB means from its HTTP status and its status_code. */
#include "net/tmdb/reply.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* The HTTP status that goes with a status_code of TMDB; 0 for one that says nothing about what to do. */
static long http_of_code(int code)
{
    static const struct {
        int code, http;
    } known[] = {
        {3, 401},  {7, 401},  {10, 401}, {14, 401}, {32, 401}, {35, 401}, {6, 404},  {34, 404},
        {22, 400}, {20, 422}, {25, 429}, {9, 503},  {46, 503}, {11, 500}, {43, 502}, {24, 504},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].code == code)
            return known[i].http;
    return 0;
}

/* TMDB's own words, "" without any; *code its status_code or 0; whether it says that it failed. */
static bool read_error(const cJSON *json, char *words, size_t size, int *code)
{
    const cJSON *success = kino_json_get(json, "success"), *number = kino_json_get(json, "status_code"),
                *message = kino_json_get(json, "status_message"), *errors = kino_json_get(json, "errors");
    *words = 0;
    *code = kino_json_is(number, cJSON_Number) ? number->valueint : 0;
    if (kino_json_is(errors, cJSON_Array))
        message = errors->child;
    if (kino_json_is(message, cJSON_String))
        snprintf(words, size, "%s", message->valuestring);
    return kino_json_is(success, cJSON_False) || kino_json_is(errors, cJSON_Array) || (*code && *words);
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
        bool vague = http == 200 || http == 400; /* statuses that say less than the code */
        r->kind = kind_of(vague && http_of_code(code) ? http_of_code(code) : http);
        snprintf(r->problem, sizeof r->problem, "HTTP %ld%s%s", http, *words ? ": " : "", words);
    }
    kino_json_free(json);
}
