#!/bin/sh
# kino check names each damage that is planted in a catalogue, its snapshot and its weights.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
command -v python3 >/dev/null 2>&1 || { echo "ok 1 - damage # SKIP no python3"; exit 0; }
exec python3 tests/damage.py "$KINO"
