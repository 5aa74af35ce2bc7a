#!/bin/sh
# Every line of README's tour and every example of the help, on a catalogue whose titles have namesakes, run by tests/tour.py.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
command -v bash >/dev/null || { echo "1..0 # SKIP no bash"; exit 0; }
if ! "$kino" build data/sample.csv --data "$work/probe" --epochs 1 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi
PYTHONDONTWRITEBYTECODE=1 python3 tests/tour.py "$kino" "$work"
