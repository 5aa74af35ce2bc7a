#!/bin/sh
# kino push and --backend against real nodes; see cluster_real.py. Not part of `make test`: three nodes take two gigabytes.
cd "$(dirname "$0")/.." || exit 1
skip() {
    echo "ok 1 - nodes of OpenSearch # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
command -v java >/dev/null 2>&1 || skip "no Java"
server=build/opensearch
if [ ! -d "$server/home/plugins/opensearch-knn" ]; then
    command -v mvn >/dev/null 2>&1 || skip "no Maven to fetch the server with"
    rm -rf "$server"
    bash tests/opensearch.sh fetch "$server" || exit 1
fi
exec python3 tests/cluster_real.py "${KINO:-build/kino}" "$server" ${CLUSTER_HOME:+"$CLUSTER_HOME"}
