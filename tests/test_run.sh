#!/bin/sh
# The runner itself: what it counts, what it kills, in which order it tells.
cd "$(dirname "$0")/.." || exit 1
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
script() {  # NAME: the rest comes from stdin
    cat >"$work/$1.sh"
}
run() {  # NAME...: leaves the output in $work/out and the status in $status
    for n; do set -- "$@" "$work/$n.sh"; shift; done
    sh tests/run.sh -j 3 "$@" >"$work/out" 2>&1
    status=$?
}
says() {  # STATUS PATTERN
    [ "$status" = "$1" ] && grep -qE "$2" "$work/out" || { cat "$work/out"; return 1; }
}

script slow <<'EOS'
sleep 1
echo "ok 1 - slow"
EOS
script good <<'EOS'
echo "ok 1 - good"
echo "ok 2 - good # SKIP no such thing"
EOS
script bad <<'EOS'
echo "not ok 1 - bad"
EOS
script dies <<'EOS'
echo "ok 1 - dies"
exit 7
EOS
script silent <<'EOS'
true
EOS
script hangs <<'EOS'
echo "ok 1 - hangs"
sleep 1000 &
echo $! >"$0.child"
sleep 1000
EOS
script alone <<'EOS'
# alone: others are in its way
[ ! -f "$0.other" ] && echo "ok 1 - alone"
EOS
script other <<'EOS'
touch "${0%other.sh}alone.sh.other"
sleep 1
rm "${0%other.sh}alone.sh.other"
echo "ok 1 - other"
EOS

run slow good
check "what passes" says 0 '^2 passed, 0 failed, 1 skipped$'
check "in the order of the programs" sh -c "head -n 1 '$work/out' | grep -q '^slow'"
check "why something was skipped" says 0 'skipped: good: no such thing'
run bad slow
check "what fails" says 1 '^1 passed, 1 failed, 0 skipped$'
run dies
check "who dies has failed" says 1 '^1 passed, 1 failed, 0 skipped$'
run silent
check "who says nothing has failed" says 1 '^0 passed, 1 failed, 0 skipped$'
began=$(date +%s)
export KINO_TEST_TIME=2
run hangs good
check "who hangs has failed" says 1 '^2 passed, 1 failed, 1 skipped$'
check "with a line that says so" says 1 'killed: it took more than 2 s'
check "and was killed" test $(($(date +%s) - began)) -lt 60
child=/proc/$(cat "$work/hangs.sh.child")/status
check "with what it had started" sh -c "[ ! -f '$child' ] || grep 'State:.*Z' '$child'"  # Z: nobody has asked how it ended
unset KINO_TEST_TIME
run alone other
check "who wants to be alone is" says 0 '^2 passed, 0 failed, 0 skipped$'
echo "1..$number"
