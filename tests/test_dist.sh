#!/bin/sh
# make dist: what it packs is what is tracked, and packed anew from the tarball it has the same bytes.
cd "$(dirname "$0")/.." || exit 1
command -v git >/dev/null && git ls-files >/dev/null 2>&1 && git diff --quiet --diff-filter=D ||
    { echo "ok 1 - make dist # SKIP no git, or files that are tracked and gone"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
number=0
check() {  # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    "$@" >"$work/log" 2>&1 && { echo "ok $number - $name"; return; }
    echo "not ok $number - $name"
    sed 's/^/# /' "$work/log"
}
again() {  # as somebody else, at another time, with another umask
    (umask 077 && tar xzf "$work/first.tar.gz" -C "$work" && cd "$work"/kino-*/ && mkdir build && touch build/other.o &&
        make --no-print-directory dist)
}

check "it packs" make --no-print-directory dist
first=$(ls build/kino-*.tar.gz | tail -n 1)
cp "$first" "$work/first.tar.gz"
check "its sum is that of the file" sh -c "cd build && sha256sum -c '$(basename "$first").sha256'"
tar tzf "$work/first.tar.gz" | sed 's|^[^/]*/||' >"$work/packed"
check "the tracked files, all of them and no other" sh -c "git ls-files | LC_ALL=C sort | diff - '$work/packed'"
check "a tarball packs itself" again
check "the same bytes" cmp "$work/first.tar.gz" "$work"/kino-*/build/"$(basename "$first")"
echo "1..$number"
