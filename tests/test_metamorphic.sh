#!/bin/sh
# What must hold for recommendations whatever anybody's taste is.
cd "$(dirname "$0")/.." || exit 1
exec python3 tests/metamorphic.py "${KINO:-build/kino}"
