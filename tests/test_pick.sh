#!/bin/sh
# kino pick on a terminal.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if "$kino" pick 2>&1 </dev/null | grep -q 'built without ncursesw'; then
    echo "ok 1 - kino pick # SKIP built without ncursesw"
    exit 0
fi
if ! "$kino" build data/sample.csv --credits tests/golden/credits.csv --data "$work" --epochs 1 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 python3 tests/pick.py "$kino" "$work"
