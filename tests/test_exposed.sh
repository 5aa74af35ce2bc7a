#!/bin/sh
# kino serve as strangers meet it: whom it answers, how much, how long, and what holds it up.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - kino serve, exposed # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
KINO_HOME=/nonexistent $KINO serve --port 0 2>&1 | grep -q "without its server" && skip "no server in this kino"
exec python3 tests/exposed.py "$KINO"
