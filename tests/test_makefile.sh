#!/bin/sh
# The Makefile: what is made again when, what it says, what it says when something is missing.
cd "$(dirname "$0")/.." || exit 1
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset MAKEFLAGS WERROR SANITIZE BUILD V
number=0
check() {  # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    "$@" >"$work/log" 2>&1 && { echo "ok $number - $name"; return; }
    echo "not ok $number - $name"
    sed 's/^/# /' "$work/log"
}
made() {  # PATTERN ARGUMENT...: whether what make prints has the pattern; "" is nothing at all
    pattern=$1
    shift
    make --no-print-directory BUILD="$work/b" "$@" "$work/b/src/base/version.o" >"$work/out" 2>&1 || { cat "$work/out"; return 1; }
    grep -vE "is up to date|Nothing to be done" "$work/out" >"$work/said"
    if [ -z "$pattern" ]; then ! grep . "$work/said"; else grep -E "$pattern" "$work/said" || { cat "$work/said"; return 1; }; fi
}
missing() {  # TARGET: without any library, it fails and names packages
    PKG_CONFIG_LIBDIR=/nonexistent make --no-print-directory BUILD="$work/c" "$1" >"$work/out" 2>&1 && return 1
    cat "$work/out"
    grep -q 'libsqlite3-dev.*run make deps' "$work/out"
}

check "a line that says what is compiled" made '^CC  src/base/version.c$'
check "nothing is made twice" made ''
check "with other flags it is made again" made '^CC ' OPT=-O0
check "and with the first ones" made '^CC '
check "with other preprocessor flags as well" made '^CC ' CPPFLAGS=-DX
check "V=1 shows the whole" made "${CC:-cc} .*-Isrc .*-c src/base/version.c" V=1 OPT=-O1
check "a missing library is named when something is built" missing "$work/c/src/base/version.o"
check "and when it is tested" missing test
check "what the assembler brings in is there with -flto" sh -c "
    make --no-print-directory BUILD='$work/b' CFLAGS=-flto '$work/b/src/serve/assets.o' &&
    nm '$work/b/src/serve/assets.o' | grep kino_asset_style"
check "every target of the help is one" sh -c "
    for target in \$(make help | sed -n 's/^\([a-z-]*\)  .*/\1/p'); do
        grep -qE \"^\$target:|[^a-z-]\$target:\" Makefile || { echo \"\$target\"; exit 1; }
    done"
# The demo itself installs and takes long; its lines do what they say with any catalogue.
pasted() {  # COMMAND...: runs it in a shell into which the first line was pasted
    sh -c 'cd / && eval "$1" && shift && "$@"' sh "$(sed -n 's/^  export /export /p' "$work/lines")" "$@"
}
if [ -x build/kino ] && build/kino build data/sample.csv --data "$work/demo" --epochs 1 -q 2>/dev/null; then
    make --no-print-directory DEMO="$work/demo" demo-lines >"$work/lines"
    check "what the demo says to paste makes its commands work" pasted sh -c 'kino info | grep "^Films  *697"'
    sed -n 's/^  \(kino [rs]e[ac].*\)/\1/p' "$work/lines" >"$work/typed"
    check "and those it names" sh -c '[ "$(wc -l <"$1")" = 2 ] && cd / && eval "$2" && sh -e "$1"' sh "$work/typed" \
        "$(sed -n 's/^  export /export /p' "$work/lines")"
    check "make demo ends with them" sh -c 'make -n demo | tail -n 20 | grep -q demo-lines'
fi
check "no line is longer than 120 columns" sh -c "! awk 'length > 120' Makefile | grep ."
echo "1..$number"
