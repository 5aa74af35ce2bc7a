/* respond.c - answers of each kind. */
#include "serve/respond.h"

#include <stdio.h>

#include "ask/answer.h"

#define JSON "application/json; charset=utf-8"

void kino_respond_error(kino_response *out, int status, const char *code, const char *message)
{
    kino_tree *root = kino_tree_object(NULL, NULL), *error = kino_tree_object(root, "error");
    kino_tree_text(error, "code", code);
    kino_tree_text(error, "message", message);
    out->status = status;
    out->type = JSON;
    out->body.size = 0;
    kino_tree_put(root, false, &out->body);
}

void kino_respond_busy(kino_response *out, int retry_after, const char *code, const char *message)
{
    kino_respond_error(out, 503, code, message);
    out->retry_after = retry_after;
}

void kino_respond_failure(kino_response *out, const kino_error *err, const kino_matches *candidates)
{
    static const struct {
        int status;
        const char *code;
    } of[] = {
        [KINO_FAILED] = {500, "failed"},        [KINO_USAGE] = {400, "bad_request"},
        [KINO_NOT_FOUND] = {404, "not_found"},  [KINO_AMBIGUOUS] = {404, "ambiguous"},
        [KINO_NETWORK] = {503, "network"},      [KINO_DAMAGED] = {500, "damaged"},
        [KINO_INTERRUPTED] = {503, "stopping"},
    };
    kino_respond_error(out, of[err->status].status, of[err->status].code, err->text);
    if (!candidates)
        return;
    kino_tree *root = kino_tree_object(NULL, NULL), *error = kino_tree_object(root, "error");
    kino_tree_text(error, "code", of[err->status].code);
    kino_tree_text(error, "message", err->text);
    kino_tree *list = kino_tree_array(root, "candidates");
    for (size_t i = 0; i < candidates->count; i++)
        kino_answer_match(list, &candidates->items[i]);
    out->body.size = 0;
    kino_tree_put(root, false, &out->body);
}

void kino_respond_tree(kino_response *out, kino_tree *tree)
{
    out->status = 200;
    out->type = JSON;
    kino_tree_put(tree, false, &out->body);
}

void kino_respond_film_page(kino_response *out, int64_t id)
{
    out->status = 303;
    snprintf(out->location, sizeof out->location, "./?like=%lld", (long long)id);
}
