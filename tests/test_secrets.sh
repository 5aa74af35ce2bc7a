#!/bin/sh
# The key of TMDB while kino has it: not in a core dump, not in /proc for others, not in any output or log.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - keys # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
case ${SANITIZE:-} in
address* | thread) skip "a sanitizer looks at its own process" ;;
esac
exec python3 tests/secrets.py "$KINO"
