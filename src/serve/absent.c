/* absent.c - stands for the server where the build found no libmicrohttpd, and in the static program. */
#include "base/status.h"
#include "serve/serve.h"

kino_status kino_serve(const kino_serve_options *opt, kino_error *err)
{
    (void)opt;
    return kino_fail(err, KINO_FAILED,
                     "this kino was built without its server (install the headers of libmicrohttpd, and "
                     "build it again)");
}
