#!/bin/sh
# The innermost loops of the products of matrices, and of rows with many queries, keep their sums in registers: no tile
# moves a vector to or from the stack.
# GCC 12 does so as soon as the sums are an array or the code behind the loop needs registers; it costs a factor of 2.
cd "$(dirname "$0")/.." || exit 1
BUILD=${BUILD:-build}
OBJDUMP=${OBJDUMP:-objdump}
set --
for object in "$BUILD"/src/kern/matmul_sse2.o "$BUILD"/src/kern/matmul_avx*.o "$BUILD"/src/kern/distance_avx512vnni.o "$BUILD"/src/kern/matmul_neon*.o; do
    [ ! -f "$object" ] || set -- "$@" "$object"
done
if ! command -v "$OBJDUMP" >/dev/null || [ $# = 0 ]; then
    echo "1..1"
    echo "ok 1 # SKIP no objdump, or no vectors of this processor"
    exit 0
fi
if "$OBJDUMP" -t "$1" | grep -qE '__(asan|ubsan|tsan)_'; then
    echo "1..1"
    echo "ok 1 # SKIP a sanitizer uses the stack as it likes"
    exit 0
fi
if "$OBJDUMP" -h "$1" 2>/dev/null | grep -q 'gnu\.lto'; then
    echo "1..1"
    echo "ok 1 - tiles # SKIP the code is only made when the program is linked"
    exit 0
fi
echo "1..$#"
n=0
for object; do
    n=$((n + 1))
    # prints the tiles seen, and those with a vector on the stack
    found=$("$OBJDUMP" -d --no-show-raw-insn "$object" | awk '
        /^[0-9a-f]+ <.*tile_[0-9]+>:/ { name = $2; tiles++; next }
        /^[0-9a-f]+ </ { name = "" }
        name && /[xyz]mm[0-9]/ && /\(%r[sb]p/ { bad[name]++ }
        name && /(ld|st)[rp].*[ \t]q[0-9].*\[(sp|x29)/ { bad[name]++ }
        END { printf "%d", tiles; for (i in bad) printf " %s%d", i, bad[i] }')
    case $found in
    0*) echo "not ok $n - $(basename "$object"): no tiles found" ;;
    *\ *) echo "not ok $n - $(basename "$object"): vectors on the stack: $found" ;;
    *) echo "ok $n - $(basename "$object"): $found tiles without stack traffic" ;;
    esac
done
