#!/bin/sh
# One table of films in a thousand forms is one table.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
command -v python3 >/dev/null 2>&1 || { echo "ok 1 - variants # SKIP no python3"; exit 0; }
exec python3 tests/variants.py "$kino"
