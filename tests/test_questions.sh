#!/bin/sh
# One reader of questions: the command line, kino batch and the server understand alike, and refuse in the same words.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-build/kino}
command -v python3 >/dev/null 2>&1 || { echo "ok 1 - questions # SKIP no python3"; exit 0; }
KINO_HOME=/nonexistent $kino serve --port 0 2>&1 | grep -q "without its server" && { echo "ok 1 - questions # SKIP no server in this kino"; exit 0; }
exec python3 tests/questions.py "$kino"
