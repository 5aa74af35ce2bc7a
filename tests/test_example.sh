#!/bin/sh
# Compiles the README's example program against the installed library, as a reader would, and runs it.
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build} sanitize=${SANITIZE:-}
kino=${KINO:-$build/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 1..3

make --no-print-directory install BUILD="$build" SANITIZE="$sanitize" DESTDIR="$work" PREFIX=/usr/local >"$work/log" 2>&1
if [ -x "$work/usr/local/bin/kino" ] && [ -f "$work/usr/local/share/man/man1/kino.1" ] && [ -f "$work/usr/local/lib/libkino.a" ]; then
    echo "ok 1 - make install"
else
    sed 's/^/# /' "$work/log"
    echo "not ok 1 - make install"
fi

# The one C block of the README that has a main().
awk '/^```c$/ { inside = 1; text = ""; next } /^```$/ { if (inside && text ~ /int main/) print text; inside = 0 }
     inside { text = text $0 "\n" }' README.md >"$work/example.c"
flags=$(PKG_CONFIG_SYSROOT_DIR="$work" PKG_CONFIG_PATH="$work/usr/local/lib/pkgconfig" pkg-config --cflags --libs kino)
# shellcheck disable=SC2086
if ${CC:-cc} -std=c11 -Wall -Wextra -Werror ${sanitize:+-fsanitize=$sanitize} "$work/example.c" $flags -o "$work/example" >"$work/log" 2>&1; then
    echo "ok 2 - the README's example compiles without a warning"
else
    sed 's/^/# /' "$work/log"
    echo "not ok 2 - the README's example compiles without a warning"
fi

if "$kino" build data/sample.csv --data "$work/catalogue" --epochs 3 >"$work/log" 2>&1 &&
    "$work/example" "$work/catalogue" "Alien (1979)" >"$work/out" 2>>"$work/log" &&
    grep -q 'Aliens' "$work/out"; then
    echo "ok 3 - the example recommends Aliens to those who like Alien"
else
    sed 's/^/# /' "$work/log" "$work/out"
    echo "not ok 3 - the example recommends Aliens to those who like Alien"
fi
