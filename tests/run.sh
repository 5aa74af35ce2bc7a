#!/bin/sh
# Runs test programs and scripts that speak TAP, each with its whole output when something fails, and ends with
# "N passed, N failed". A program that dies, prints no result or takes too long counts as a failure.
#   run.sh [-j N] PROGRAM...     -j: so many at a time; the results come in the order of the programs all the same
# $KINO_TEST_TIME: the seconds that a program may take, 600. $RUN: what programs for another processor are run by.
# $KINO_TEST_WEIGHTS: the weights that programs take, those that are committed.
# A line "# alone: REASON" at the head of a script keeps it from running beside others: it runs after them.
set -u
# Programs below build/SANITIZER/ would find none, or those of `make weights`.
export KINO_TEST_WEIGHTS="${KINO_TEST_WEIGHTS:-weights/minilm-l6-v2.int8.kino}"
limit=${KINO_TEST_TIME:-600}

one() {  # NUMBER TEST: leaves the output and the counts in $dir, and tells that it has done so
    began=$(date +%s)
    set -- "$1" "$2" "$dir/$1.log"
    case $2 in
    *.sh) launch="sh $2" ;;
    *) launch="${RUN:-} $2" ;;
    esac
    # The process becomes `timeout`, so that its number is known to who interrupts the run.
    # shellcheck disable=SC2086
    CMOCKA_MESSAGE_OUTPUT=TAP sh -c 'echo $$ >"$0"; exec timeout -k 10 "$@"' "$dir/$1.pid" "$limit" $launch \
        >"$3" 2>&1 </dev/null
    status=$?
    rm -f "$dir/$1.pid"
    skip=$(grep -cE '^(not )?ok .*# SKIP' "$3")  # cmocka 1.1.5 writes "not ok" before a SKIP
    ok=$(grep '^ok ' "$3" | grep -vc '# SKIP')
    bad=$(grep '^not ok ' "$3" | grep -vc '# SKIP')
    seconds=$(($(date +%s) - began))
    if [ "$status" -ge 124 ] && [ "$seconds" -ge "$limit" ]; then
        echo "not ok - killed: it took more than $limit s" >>"$3"
        bad=$((bad + 1))
    elif [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ $((ok + skip)) = 0 ]; }; then
        echo "not ok - it ended with status $status" >>"$3"
        bad=1
    fi
    {
        printf '%-28s %4d passed %3d failed %3d skipped %4d s\n' "$(basename "$2")" "$ok" "$bad" "$skip" "$seconds"
        if [ "$bad" != 0 ]; then
            sed 's/^/    /' "$3"
        else
            sed -nE -e 's/^# (skipped: )/    \1/p' -e 's/^ok [0-9]+ - (.*) # SKIP (.+)/    skipped: \1: \2/p' "$3"
        fi
    } >"$dir/$1.text"
    echo "$ok $bad $skip" >"$dir/$1.counts"
    echo "$1"
}

if [ "${1:-}" = --one ]; then  # DIR NUMBER TEST: what xargs calls below
    dir=$2
    one "$3" "$4"
    exit
fi

jobs=1
if [ "${1:-}" = -j ]; then
    jobs=$2
    shift 2
fi
dir=$(mktemp -d)
stop() {
    for pid in "$dir"/*.pid; do
        [ ! -f "$pid" ] || kill "$(cat "$pid")" 2>/dev/null
    done
    rm -rf "$dir"
    exit 130
}
trap stop INT TERM
trap 'rm -rf "$dir"' EXIT

number=100
for test; do
    number=$((number + 1))
    list=$dir/together
    case $test in
    *.sh) ! grep -q '^# alone: ' "$test" 2>/dev/null || list=$dir/alone ;;
    esac
    printf '%s\n%s\n' "$number" "$test" >>"$list"
done
touch "$dir/together" "$dir/alone"
next=101
{
    xargs -r -n 2 -P "$jobs" sh "$0" --one "$dir" <"$dir/together"
    xargs -r -n 2 sh "$0" --one "$dir" <"$dir/alone"
} | while read -r number; do
    while [ -f "$dir/$next.counts" ]; do
        cat "$dir/$next.text"
        next=$((next + 1))
    done
done
cat "$dir"/*.counts 2>/dev/null | awk -v want=$# '
    { passed += $1; failed += $2; skipped += $3; count++ }
    END {
        failed += want - count
        printf "%d passed, %d failed, %d skipped\n", passed, failed, skipped
        exit failed > 0
    }'
