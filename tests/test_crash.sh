#!/bin/sh
# What is left after kino was killed at any moment, and after every single write that fails.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
command -v python3 >/dev/null 2>&1 || { echo "ok 1 - killed and without room # SKIP no python3"; exit 0; }
shim=${BUILD:-build}/tests/faults.so
mkdir -p "$(dirname "$shim")"
${CC:-cc} -O1 -shared -fPIC -o "$shim" tests/faults.c -ldl || { echo "not ok 1 - tests/faults.c does not compile"; exit 1; }
exec python3 tests/crash.py "$KINO" "$shim"
