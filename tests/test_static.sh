#!/bin/sh
# The static program in an empty root: no shared library, no /proc, /sys, /tmp, no locale, terminal or user database, a
# read-only catalogue, 64 MB of address space, one core, instructions of SSE2 alone.
cd "$(dirname "$0")/.." || exit 1
number=0
check() {  # NAME COMMAND...
    number=$((number + 1))
    name=$1
    shift
    if "$@" >"$work/log" 2>&1; then echo "ok $number - $name"; else echo "not ok $number - $name"; sed 's/^/# /' "$work/log"; fi
}
skip() {
    echo "ok 1 - an empty root # SKIP $1"
    exit 0
}

[ "$BUILD" = build ] || skip "one static program is enough"
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT
make static >"$work/log" 2>&1 || { echo "not ok 1 - make static"; sed 's/^/# /' "$work/log"; exit 1; }
root=$work/root
mkdir -p "$root/weights" "$root/data" "$root/catalogue"
chmod 755 "$work"
chmod 777 "$root/catalogue"
cp build/static/kino "$root/"
cp weights/minilm-l6-v2.int8.kino "$root/weights/"
cp data/sample.csv "$root/data/"
if [ "$(id -u)" = 0 ]; then
    enter="chroot --userspec=65534:65534"
elif unshare -r true 2>/dev/null; then
    enter="unshare -r chroot"
else
    skip "neither root nor user namespaces"
fi

# A user who may write nothing, one core, 64 MB, in which the 24 MB of weights that are mapped count too.
kino() {  # COMMAND...
    (ulimit -v 65536 && exec env -i PATH="$PATH" KINO_HOME=/catalogue KINO_ISA=sse2 taskset 1 $enter "$root" /kino "$@")
}
prints() {  # PATTERN COMMAND...
    pattern=$1
    shift
    "$@" >"$work/out" 2>&1
    grep -qE "$pattern" "$work/out" || { cat "$work/out"; return 1; }
}

size=$(wc -c <build/static/kino)
check "one file of less than 6 MB" test "$size" -lt 6000000
check "it needs no shared library" sh -c '! ldd build/static/kino 2>/dev/null | grep "=>"'
check "builds" kino build /data/sample.csv --epochs 5
chmod -R go-w "$root"
check "recommends" prints 'Aliens \(1986\)' kino recommend Alien
check "searches" prints 'Terminator|Blade Runner|I, Robot' kino search robots that want to be human
check "finds" prints 'Spirited Away' kino find spirited awy
check "embeds" prints '"i":0' sh -c "printf 'a quiet film\n' | env -i PATH="$PATH" KINO_ISA=sse2 $enter '$root' /kino embed"
check "tells what it is" prints 'sse2' kino info
check "checks" kino check
echo "1..$number"
