#!/bin/sh
# Runs test programs and scripts that speak TAP, each with its whole output when something fails, and ends with
# "N passed, N failed". A program that dies, or prints no result, counts as a failure.
#   run.sh PROGRAM...
# $RUN: what programs for another processor are run by.
set -u
passed=0 failed=0 skipped=0
log=$(mktemp)
trap 'rm -f "$log"' EXIT INT TERM
for test; do
    began=$(date +%s)
    case $test in
    *.sh) sh "$test" >"$log" 2>&1 ;;
    *) CMOCKA_MESSAGE_OUTPUT=TAP ${RUN:-} "$test" >"$log" 2>&1 ;;
    esac
    status=$?
    skip=$(grep -cE '^(not )?ok .*# SKIP' "$log")  # cmocka 1.1.5 writes "not ok" before a SKIP
    ok=$(grep '^ok ' "$log" | grep -vc '# SKIP')
    bad=$(grep '^not ok ' "$log" | grep -vc '# SKIP')
    if [ "$bad" = 0 ] && { [ "$status" != 0 ] || [ $((ok + skip)) = 0 ]; }; then
        bad=1
    fi
    printf '%-28s %4d passed %3d failed %3d skipped %4d s\n' "$(basename "$test")" "$ok" "$bad" "$skip" \
        $(($(date +%s) - began))
    [ "$bad" = 0 ] || sed "s/^/    /" "$log"
    passed=$((passed + ok)) failed=$((failed + bad)) skipped=$((skipped + skip))
done
echo "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
