/* serve.c - kino serve: the API and the page until somebody ends it. */
#include <signal.h>
#include <string.h>

#include "app/cmd/commands.h"
#include "base/status.h"
#include "serve/serve.h"

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t reload;

static void on_hangup(int number)
{
    (void)number;
    reload = 1;
}

static void tell_address(void *ctx, const char *address)
{
    app *a = ctx;
    app_progress_clear(&a->progress);
    if (!a->args.general.quiet)
        fprintf(stderr, "kino is at %s\n", address);
    if (a->args.output.json) {
        kino_tree *root = kino_tree_object(NULL, NULL);
        kino_tree_whole(root, "schema", 1);
        kino_tree_text(root, "address", address);
        app_print_json(root, &a->out, true);
        fflush(stdout);
    }
}

kino_status app_serve(app *a, kino_error *err)
{
    struct sigaction action = {.sa_handler = on_hangup, .sa_flags = SA_RESTART};
    const char *base = a->args.serve.base_path;
    const size_t n = base ? strlen(base) : 0;
    if (n && (base[0] != '/' || base[n - 1] == '/'))
        return kino_fail(err, KINO_USAGE, "--base-path begins with a slash and ends without: /kino");
    app_catch_signals();
    sigemptyset(&action.sa_mask);
    sigaction(SIGHUP, &action, NULL);
    const kino_serve_options opt = {.library = a->options,
                                    .bind = a->args.serve.bind,
                                    .socket = a->args.serve.socket,
                                    .port = (int)a->args.serve.port,
                                    .base_path = base,
                                    .hosts = a->args.serve.hosts.items,
                                    .host_count = a->args.serve.hosts.count,
                                    .proxies = a->args.serve.proxies.items,
                                    .proxy_count = a->args.serve.proxies.count,
                                    .allow_writes = a->args.serve.allow_writes,
                                    .quiet = a->args.general.quiet,
                                    .stop = a->cancel,
                                    .reload = &reload,
                                    .cache_bytes = (size_t)a->args.serve.cache << 20,
                                    .timeout = (int)a->args.serve.timeout,
                                    .ready = tell_address,
                                    .ctx = a};
    return kino_serve(&opt, err);
}
