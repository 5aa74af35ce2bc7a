#!/bin/sh
# kino push and --backend against a mock of a search cluster; `make test-cluster` takes a real one.
cd "$(dirname "$0")/.." || exit 1
skip() {
    echo "ok 1 - a search cluster # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
[ -n "${KINO:-}" ] || KINO=build/kino
KINO_HOME=/nonexistent $KINO push --to http://127.0.0.1:9 --index x 2>&1 | grep -q "built without" && skip "no network in this kino"
exec python3 tests/cluster.py "$KINO"
