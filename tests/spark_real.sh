#!/bin/sh
# src/batch/spark_embed.py on a cluster of two workers; see spark_real.py. Not part of `make test`: it takes minutes.
cd "$(dirname "$0")/.." || exit 1
skip() {
    echo "ok 1 - Spark # SKIP $1"
    exit 0
}
command -v java >/dev/null 2>&1 || skip "no Java"
sh third_party/spark.sh || skip "no Spark"
exec build/spark/bin/python tests/spark_real.py "${KINO:-build/kino}" "${LINES_TO_EMBED:-200000}"
