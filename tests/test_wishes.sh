#!/bin/sh
# Questions in plain words at every entrance: kino search, recommend --about, batch, the API and the page.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - wishes # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
exec python3 tests/wishes.py "$KINO"
