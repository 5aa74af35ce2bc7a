#!/bin/sh
# Cold start, growing, healing and housekeeping as a user meets them, against the mock of TMDB.
cd "$(dirname "$0")/.." || exit 1
skip() {
    echo "ok 1 - TMDB from the command line # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
[ -n "${KINO:-}" ] || KINO=build/kino
TMDB_API_KEY='' $KINO add --tmdb 1 --data "/nonexistent" 2>&1 | grep -q "built without" && skip "no network in this kino"
exec python3 tests/online.py "$KINO"
