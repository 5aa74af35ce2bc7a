#!/bin/sh
# Other people's files, which lie beside the repository and are no part of it: each is read rightly or refused aloud.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
[ -d ../shared/field ] || { echo "ok 1 - other people's files # SKIP ../shared/field is not there"; exit 0; }
command -v python3 >/dev/null 2>&1 || { echo "ok 1 - other people's files # SKIP no python3"; exit 0; }
exec python3 tests/field.py "$kino" ../shared/field
