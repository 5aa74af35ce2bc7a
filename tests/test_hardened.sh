#!/bin/sh
# What a distribution looks for in a program: how it is hardened, that its bytes do not depend on the folder, that the
# caller's flags count, and that nothing is fetched that no hash is known of.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-build/kino}
root=$PWD
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
[ -z "${SANITIZE:-}" ] || { echo "ok 1 - how kino is hardened # SKIP a sanitizer builds otherwise"; exit; }
unset MAKEFLAGS WERROR BUILD V
number=0
check() {  # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    "$@" >"$work/log" 2>&1 && { echo "ok $number - $name"; return; }
    echo "not ok $number - $name"
    sed 's/^/# /' "$work/log" | tail -40
}
skip() {
    number=$((number + 1))
    echo "ok $number - $1 # SKIP $2"
}
has() {  # PATTERN READELF-OPTIONS FILE
    pattern=$1
    shift
    readelf -W "$@" >"$work/elf" && { grep -E "$pattern" "$work/elf" || { tail -30 "$work/elf"; return 1; }; }
}
has_not() {
    has "$@" && return 1
    return 0
}

# ---- the program ----
if [ -n "${SANITIZE:-}" ] || ! command -v readelf >/dev/null; then
    skip "how kino is hardened" "a sanitizer, or no readelf"
else
    check "kino lies wherever the system wants (PIE)" has 'Type: +DYN' -h "$kino"
    check "what is relocated is read-only from the start on (RELRO, BIND_NOW)" sh -c "
        readelf -lW '$kino' | grep GNU_RELRO && readelf -dW '$kino' | grep -E 'FLAGS_1.* NOW'"
    check "no stack can be executed" has 'GNU_STACK .* RW +0x' -l "$kino"
    check "nor is any page written and executed" has_not 'LOAD .* RWE ' -l "$kino"
    check "no relocation writes into the code" has_not TEXTREL -d "$kino"
    check "stacks are guarded" has '__stack_chk_fail' --dyn-syms "$kino"
    check "copies know the size of their target (FORTIFY)" has '__(memcpy|snprintf|vsnprintf|read|strcpy)_chk' --dyn-syms "$kino"
fi

# ---- the same bytes in two folders ----
copy() {  # FOLDER: the sources, with a part of the library and a test that takes it
    mkdir -p "$1" && cp -r Makefile src third_party "$1" && mkdir "$1/tests" && cp tests/test_base.c tests/*.h "$1/tests" &&
        make -s -C "$1" LIB_PARTS='base net/http' V= build/libkino.a build/tests/test_base build/src/serve/assets.o build/src/serve/files.o
}
check "one folder" copy "$work/one"
check "another one" copy "$work/a quite different folder/in/another place"
set -- "$work/a quite different folder/in/another place"
for file in libkino.a tests/test_base src/serve/assets.o src/serve/files.o; do
    check "$file: the same bytes in both" cmp "$work/one/build/$file" "$1/build/$file"
done
check "no path of the folder is in there" sh -c "! strings -a '$work/one/build/tests/test_base' | grep -F '$work'"

# ---- flags of the caller ----
flags() {  # ARGUMENT...: how the base is made with these
    make -C "$work/one" --no-print-directory LIB_PARTS='base net/http' V=1 "$@" build/tests/test_base >"$work/made" 2>&1 ||
        { cat "$work/made"; return 1; }
}
all_have() {  # PATTERN OF-LINES: every line of make that has the one has the other
    lines=$(grep -cE -- "$2" "$work/made")
    [ "$lines" -gt 0 ] && [ "$(grep -E -- "$2" "$work/made" | grep -cE -- "$1")" = "$lines" ] || { cat "$work/made"; return 1; }
}
flags CPPFLAGS=-DKINO_OF_THE_CALLER CFLAGS=-fno-omit-frame-pointer LDFLAGS=-Wl,--hash-style=sysv
check "CPPFLAGS are those of every file" all_have '-DKINO_OF_THE_CALLER' ' -c '
check "CFLAGS too, behind the project's own" all_have '-std=c11.* -fno-omit-frame-pointer' ' -c '
check "LDFLAGS are those of every program" all_have '-Wl,--hash-style=sysv' '-o build/tests/test_base$'
check "and take effect" has '\(HASH\)' -d "$work/one/build/tests/test_base"
flags CPPFLAGS=-D_FORTIFY_SOURCE=1 WERROR=1
check "a level of FORTIFY that the caller names counts" sh -c "! grep -e '-D_FORTIFY_SOURCE=2' '$work/made'"
flags OPT=-O0 WERROR=1
check "without optimisation there is none" sh -c "! grep -e '-D_FORTIFY_SOURCE' '$work/made'"
flags HARDEN=
check "HARDEN= leaves all of it out" sh -c "! grep -E 'stack-protector|_FORTIFY_SOURCE|relro' '$work/made'"

# ---- what is fetched ----
cd "$root" || exit 1
pinned() {  # FILE...: every package of these has a version and a hash
    for file; do
        packages=$(grep -cE '^[A-Za-z]' "$file")
        [ "$packages" -gt 0 ] && [ "$(grep -cE '^[A-Za-z0-9._-]+==[^ ]+ \\$' "$file")" = "$packages" ] &&
            [ "$(grep -cE '^ +--hash=sha256:[0-9a-f]{64}$' "$file")" = "$packages" ] || { echo "$file"; return 1; }
    done
}
check "every package that pip fetches has a version and a hash" pinned bench/peers/requirements.txt third_party/*.txt
check "and pip is told to look at it" sh -c "! grep -hE 'pip (install|download) ' Makefile third_party/*.sh | grep -v require-hashes"
check "what npm fetches is compared with its hash" grep -q 'sha512sum --check' third_party/ci.sh
echo "1..$number"
