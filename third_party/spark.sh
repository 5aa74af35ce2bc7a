#!/bin/sh
# Puts Spark, for the tests of src/batch, into build/spark: 300 MB from PyPI. It needs a JDK (17), which is not installed
# here: apt install openjdk-17-jdk-headless.
set -eu
cd "$(dirname "$0")/.."
[ -x build/spark/bin/spark-submit ] && exit 0
command -v java >/dev/null 2>&1 || { echo "no Java: apt install openjdk-17-jdk-headless" >&2; exit 1; }
python3 -m venv build/spark
build/spark/bin/pip install -q --require-hashes -r third_party/spark.txt || { rm -rf build/spark; exit 1; }
