/* fuzz_answers.c - anything as the answers of a search cluster, to questions and to a push. What stands here in the place of
 * net/cluster/ takes them from the input: a line each, "200 {...}". Of the rest of a line "m" is the mapping of an index
 * that fits, "b" the answer to a batch that was taken as a whole, and "@" in a text the vector of a film. */
#include "fuzz_films.h"

#include <math.h>
#include <time.h>

#include "base/base64.h"
#include "base/status.h"
#include "remote/remote.h"

enum { FILMS = 12, MOST_CALLS = 40 };

static kino_buffer mapping[2], codes; /* of floats, of bytes */

/* ---- the cluster ---- */

struct kino_cluster {
    int nothing;
};

static struct {
    const uint8_t *at, *end;
    int calls;
    bool bytes;
} said;

int nanosleep(const struct timespec *wanted, struct timespec *left); /* no time is lost on pauses */
int nanosleep(const struct timespec *wanted, struct timespec *left)
{
    (void)wanted;
    (void)left;
    return 0;
}

kino_status kino_cluster_open(const kino_cluster_options *opt, kino_cluster **out, kino_error *err)
{
    (void)opt;
    (void)err;
    *out = kino_alloc(sizeof **out);
    return KINO_OK;
}

void kino_cluster_close(kino_cluster *c)
{
    free(c);
}

static void take_batch(const kino_call *call, kino_buffer *out)
{
    const char *separator = "";
    const char *body = call->body ? call->body : "";
    kino_buffer_print(out, "{\"items\":[");
    for (const char *p = body; p < body + call->size; p++)
        if ((p == body || p[-1] == '\n') && !strncmp(p, "{\"index\"", 8)) {
            kino_buffer_print(out, "%s{\"index\":{\"status\":201}}", separator);
            separator = ",";
        }
    kino_buffer_print(out, "]}");
}

static void put_body(const uint8_t *text, size_t n, kino_buffer *out)
{
    for (size_t i = 0; i < n; i++)
        if (text[i] == '@')
            kino_buffer_put(out, codes.data, codes.size);
        else
            kino_buffer_byte(out, (char)text[i]);
}

/* The next line. */
static void answer(kino_call *call)
{
    const uint8_t *line = said.at;
    const uint8_t *end = line < said.end ? memchr(line, '\n', (size_t)(said.end - line)) : NULL;
    end = end ? end : said.end;
    said.at = end < said.end ? end + 1 : end;
    call->host = "http://cluster:9200";
    call->http = 404;
    if (end - line < 4)
        return;
    const size_t n = (size_t)(end - line) - 4;
    call->http = 100 + (line[0] * 100 + line[1] * 10 + line[2] - '0' * 111 - 100) % 500;
    call->http = call->http < 100 ? 500 : call->http;
    if (n == 1 && line[4] == 'm')
        kino_buffer_put(&call->answer, mapping[said.bytes].data, mapping[said.bytes].size);
    else if (n == 1 && line[4] == 'b')
        take_batch(call, &call->answer);
    else
        put_body(line + 4, n, &call->answer);
}

kino_status kino_cluster_run(kino_cluster *c, kino_call *calls, size_t count, int patience_ms, kino_error *err)
{
    (void)c;
    (void)patience_ms;
    for (size_t i = 0; i < count; i++) {
        if (++said.calls > MOST_CALLS)
            return kino_fail(err, KINO_NETWORK, "nobody answers any more");
        kino_calls_free(&calls[i], 1);
        answer(&calls[i]);
    }
    return KINO_OK;
}

void kino_calls_free(kino_call *calls, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(calls[i].answer.data);
        calls[i].answer = (kino_buffer){0};
    }
}

/* ---- the questions ---- */

static void put_mapping(const kino_stamp *s, bool bytes, kino_buffer *b)
{
    kino_buffer_print(b,
                      "{\"films-a\":{\"mappings\":{\"_meta\":{\"kino\":{\"layout\":%d,\"dimension\":%d,\"type\":\"%s\","
                      "\"lineage\":\"%016llx\",\"weights\":\"%016llx\",\"encoder\":\"%016llx\",\"generation\":%llu,"
                      "\"pushing\":%llu,\"after\":0}}}}}",
                      KINO_REMOTE_LAYOUT, KINO_VECTOR_DIM, bytes ? "int8" : "f32", (unsigned long long)s->lineage,
                      (unsigned long long)s->weights, (unsigned long long)s->encoder, (unsigned long long)s->generation,
                      (unsigned long long)s->generation);
}

static void make(void)
{
    kino_error err = {0};
    kino_catalogue *c = NULL;
    kino_stamp s = {0};
    char path[128];
    float vector[KINO_VECTOR_DIM] = {[0] = 1, [KINO_PLOT_DIM] = 1};
    fuzz_make_films(FILMS);
    snprintf(path, sizeof path, "%s/catalogue.db", fuzz_data);
    must(!kino_catalogue_open(path, KINO_CATALOGUE_READ, &c, &err) && !kino_stamp_read(c, &s, &err), err.text);
    kino_catalogue_close(c);
    put_mapping(&s, false, &mapping[0]);
    put_mapping(&s, true, &mapping[1]);
    kino_put_base64(&codes, vector, sizeof vector);
}

static void recommend(kino *k, const kino_query *q)
{
    kino_results *r = NULL;
    kino_error err = {0};
    const kino_status st = kino_recommend(k, q, &r, &err);
    must(!st || *err.text, "a fault has no reason");
    for (size_t i = 0; !st && i < r->count; i++) {
        must(isfinite(r->items[i].score) && r->items[i].movie->id > 0, "a film is none");
        must(strlen(r->items[i].movie->title) < FUZZ_MOST && r->items[i].movie->year >= 0, "a film is none");
    }
    kino_results_free(r);
}

static void ask(kino *k)
{
    int64_t *ids = NULL;
    size_t count = 0;
    kino_ids(k, &ids, &count, NULL);
    must(count > 0, "no films");
    recommend(k, &(kino_query){.like = ids, .like_count = 1, .k = 5});
    recommend(k, &(kino_query){.like = ids + 1, .like_count = 1, .about = "a quiet island", .k = 5});
    free(ids);
}

/* The bits of the first byte: a push, one that rebuilds, an index of bytes, whether missing shards are allowed. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    kino_options opt = fuzz_options();
    kino *k = NULL;
    kino_error err = {0};
    if (!codes.size)
        make();
    if (!size)
        return 0;
    const bool push = *bytes & 1, rebuild = *bytes & 2;
    opt.offline = false;
    opt.backend = push ? NULL : "http://cluster:9200/films";
    opt.allow_partial = *bytes & 8;
    said.at = bytes + 1;
    said.end = bytes + size;
    said.calls = 0;
    said.bytes = *bytes & 4;
    must(!kino_open(&opt, &k, &err), err.text);
    if (push) {
        const kino_push_request req = {
            .urls = "http://cluster:9200", .index = "films", .rebuild = rebuild, .replicas = -1};
        kino_push_report report;
        must(!kino_push(k, &req, &report, &err) || *err.text, "a fault has no reason");
    } else {
        ask(k);
    }
    kino_close(k);
    return 0;
}

FUZZ_MAIN("answers", 10, 60)
