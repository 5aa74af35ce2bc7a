/* open.c - a handle with all that answers need. */
#include "handle/handle.h"
#include "remote/remote.h"

kino_status kino_open(const kino_options *opt, kino **out, kino_error *err)
{
    kino_status st = kino_handle_open(opt, out, err);
    if (!st)
        kino_remote_attach(*out);
    return st;
}
