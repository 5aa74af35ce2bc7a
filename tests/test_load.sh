#!/bin/sh
# kino serve asked everything at once while films come and go, for $KINO_TEST_SECONDS (4). $KINO_TEST_SERVER: the program
# that serves, when it is another one than $KINO.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - kino serve under load # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
KINO_HOME=/nonexistent $KINO serve --port 0 2>&1 | grep -q "without its server" && skip "no server in this kino"
exec python3 tests/load.py "$KINO" "${KINO_TEST_SECONDS:-4}" "${KINO_TEST_SERVER:-$KINO}"
