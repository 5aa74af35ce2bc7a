/* fuzz_http.c - any request to the server, without sockets: "GET /path?name=value", lines of headers, an empty line, the
 * body. What is JSON can be read by the strict reader, what is HTML is UTF-8 and has no tag of the client's, and what has
 * a tag is known by it. */
#include "fuzz_films.h"

#include <arpa/inet.h>
#include <strings.h>

#include "base/jsonread.h"
#include "serve/encode.h"
#include "serve/routes.h"

enum { FILMS = 40, CACHE = 1 << 16, MOST_SENT = 8192 };

static kino_site site;
static kino_live live;

static void make(void)
{
    static const char *const hosts[] = {"films.example"}, *const proxies[] = {"10.0.0.0/8"};
    kino_error err = {0};
    const kino_options opt = fuzz_options();
    fuzz_make_films(FILMS);
    must(!kino_names_init(&site.names, hosts, 1, proxies, 1, &err), err.text);
    site.names.of_address = true;
    inet_pton(AF_INET6, "::ffff:127.0.0.1", site.names.bound);
    must(!kino_live_open(&opt, CACHE, &site.held, &live, &err), err.text);
    kino_visits_init(&site.visits, 1000, 1000, 1);
    site.live = &live;
    site.held_most = KINO_READ_MOST;
    site.base_path = "";
    site.additions = kino_tasks_open(1, 1);
    site.questions = kino_tasks_open(1, 1);
}

/* ---- the request ---- */

static int hex(char c)
{
    const char *digits = "0123456789abcdef", *found = c ? strchr(digits, c >= 'A' && c <= 'F' ? c + 32 : c) : NULL;
    return found ? (int)(found - digits) : -1;
}

/* As libmicrohttpd does it: what is no code stays, a zero ends the text. */
static char *decode(char *text)
{
    char *to = text;
    for (char *p = text; *p; p++) {
        const bool code = *p == '%' && hex(p[1]) >= 0 && hex(p[2]) >= 0;
        *to++ = code ? (char)(16 * hex(p[1]) + hex(p[2])) : *p;
        p += code ? 2 : 0;
    }
    *to = 0;
    return text;
}

static void read_params(char *query, kino_request *r)
{
    for (char *one = query, *next; one && *one; one = next) {
        next = strchr(one, '&');
        if (next)
            *next++ = 0;
        char *value = strchr(one, '=');
        if (value)
            *value++ = 0;
        for (char *p = one; *p; p++)
            *p = *p == '+' ? ' ' : *p;
        for (char *p = value; p && *p; p++)
            *p = *p == '+' ? ' ' : *p;
        kino_param_put(r, decode(one), value ? decode(value) : "");
    }
}

/* Cuts the line off and returns what follows it. */
static char *end_line(char *line)
{
    char *end = line + strcspn(line, "\n");
    char *next = *end ? end + 1 : end;
    *end = 0;
    return next;
}

/* The strings of the request lie in `text`. */
static void read_request(char *text, size_t size, kino_request *r)
{
    static const struct sockaddr_in peer = {.sin_family = AF_INET, .sin_addr = {0x0100000a}};
    kino_claims claims = {"127.0.0.1", "", "", ""};
    const struct {
        const char *name;
        const char **value;
    } headers[] = {{"If-None-Match", &r->if_none_match},
                   {"Origin", &r->origin},
                   {"Content-Type", &r->content_type},
                   {"Accept-Encoding", &r->accept_encoding},
                   {"Host", &claims.host},
                   {"X-Forwarded-For", &claims.forwarded_for},
                   {"X-Forwarded-Host", &claims.forwarded_host},
                   {"X-Forwarded-Proto", &claims.forwarded_proto}};
    char *line = end_line(text), *target = strchr(text, ' ');
    *r = (kino_request){.method = text, .if_none_match = "", .origin = "", .content_type = "", .accept_encoding = ""};
    while (*line && *line != '\n') {
        char *next = end_line(line), *colon = strchr(line, ':');
        if (colon)
            *colon++ = 0;
        for (size_t i = 0; colon && i < sizeof headers / sizeof *headers; i++)
            if (!strcasecmp(line, headers[i].name))
                *headers[i].value = colon + strspn(colon, " \t");
        line = next;
    }
    r->body = *line ? line + 1 : line;
    r->body_size = (size_t)(text + size - r->body);
    if (target)
        *target++ = 0;
    char *query = target ? strchr(target, '?') : NULL;
    if (query)
        *query++ = 0;
    read_params(query, r);
    r->path = target ? decode(target) : "";
    kino_names_caller(&site.names, (const struct sockaddr *)&peer, &claims, &r->caller);
}

/* ---- the answer ---- */

static void check_body(const kino_response *out, const char *bytes, size_t n)
{
    kino_arena memory = {0};
    const kino_json *root = NULL;
    kino_error err = {0};
    kino_buffer text = {0};
    must(out->type != NULL || !n, "a body is of no type");
    must(n <= KINO_ANSWER_MOST, "an answer is too large");
    if (n && out->gzip)
        kino_gunzip(bytes, n, &text);
    else
        kino_buffer_put(&text, bytes, n);
    kino_buffer_byte(&text, 0);
    if (n && !strncmp(out->type, "application/json", 16))
        must(!kino_json_read("answer", text.data, text.size - 1, 1, &memory, &root, &err), err.text);
    if (n && !strncmp(out->type, "text/html", 9)) {
        check_text(text.data);
        must(strlen(text.data) == text.size - 1 && !strstr(text.data, "<zq"), "a page has what a client sent");
    }
    kino_arena_free(&memory);
    free(text.data);
}

static void give_back(kino_response *out)
{
    if (out->kept)
        kino_kept_give(out->kept);
    free(out->body.data);
}

static void check_answer(const kino_request *r, kino_response *out)
{
    must(out->status >= 200 && out->status < 600, "an answer has no status");
    must(out->status != 405 || out->allow, "what may be done is not said");
    must(strlen(out->location) < sizeof out->location && !strpbrk(out->location, "\r\n"), "an address is none");
    if (out->kept)
        check_body(out, out->kept->bytes, out->kept->size);
    else if (!out->fixed)
        check_body(out, out->body.data ? out->body.data : "", out->body.size);
    if (out->etag[0] && out->status == 200) {
        kino_request again = *r;
        kino_response known = {0};
        again.if_none_match = out->etag;
        kino_route(&site, &again, &known);
        must(known.status == 304, "an answer is not known by its tag");
        give_back(&known);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_request r;
    kino_response out = {0};
    if (!site.live)
        make();
    if (size < 2 || size > MOST_SENT)
        return 0;
    char *text = malloc(size);
    memcpy(text, bytes + 1, size - 1);
    text[size - 1] = 0;
    site.allow_writes = *bytes & 1;
    read_request(text, strlen(text), &r);
    kino_route_tasks(&site, &r);
    kino_route(&site, &r, &out);
    check_answer(&r, &out);
    give_back(&out);
    free(text);
    return 0;
}

FUZZ_MAIN("http", 10, 100)
