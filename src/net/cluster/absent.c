/* absent.c - stands for the cluster's client where the build found no libcurl or no cJSON, and in the static program: the
 * same functions, which say so. */
#include "base/status.h"
#include "net/cluster/cluster.h"

kino_status kino_cluster_open(const kino_cluster_options *opt, kino_cluster **out, kino_error *err)
{
    (void)opt;
    (void)out;
    return kino_fail(err, KINO_NETWORK,
                     "a cluster cannot be asked: this kino was built without the network (install the "
                     "headers of libcurl and cJSON, and build it again)");
}

void kino_cluster_close(kino_cluster *c)
{
    (void)c;
}

kino_status kino_cluster_run(kino_cluster *c, kino_call *calls, size_t count, int patience_ms, kino_error *err)
{
    (void)c;
    (void)calls;
    (void)count;
    (void)patience_ms;
    return kino_fail(err, KINO_NETWORK, "a cluster cannot be asked");
}

void kino_calls_free(kino_call *calls, size_t count)
{
    (void)calls;
    (void)count;
}
