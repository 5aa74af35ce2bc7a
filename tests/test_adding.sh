#!/bin/sh
# Films added over HTTP: by a program, by the form of the page, and what the server says after they came.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - films added over HTTP # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
KINO_HOME=/nonexistent $KINO serve --port 0 2>&1 | grep -q "without its server" && skip "no server in this kino"
exec python3 tests/adding.py "$KINO"
