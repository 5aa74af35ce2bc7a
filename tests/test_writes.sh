#!/bin/sh
# The order in which files are written, synced and renamed: what a power cut would find.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
skip() {
    echo "ok 1 - the order of writes # SKIP $1"
    exit 0
}
command -v python3 >/dev/null 2>&1 || skip "no python3"
ldd "$KINO" 2>/dev/null | grep -qE 'lib[at]san' && skip "a sanitizer wants to be loaded first"
shim=${BUILD:-build}/tests/writes.so
mkdir -p "$(dirname "$shim")"
${CC:-cc} -O1 -shared -fPIC -o "$shim" tests/faults.c -ldl || { echo "not ok 1 - tests/faults.c does not compile"; exit 1; }
exec python3 tests/crash.py "$KINO" "$shim" --order
