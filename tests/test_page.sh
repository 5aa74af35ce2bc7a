#!/bin/sh
# alone: a browser on a busy machine loses keys and clicks
# The page in chromium, driven by tests/page.py. Skipped where there is no browser, no driver or no server in the program;
# the checks of axe-core where third_party/ci.sh has not fetched it.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
skip() { echo "ok 1 - the page in a browser # SKIP $1"; echo 1..1; exit 0; }
"$kino" help serve >/dev/null 2>&1 || skip "kino was built without the server"
KINO_CHROMIUM=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || skip "no chromium"
KINO_CHROMEDRIVER=$(command -v chromedriver) || skip "no chromedriver"
export KINO_CHROMIUM KINO_CHROMEDRIVER
for python in python3 /usr/bin/python3; do
    "$python" -c 'import selenium' 2>/dev/null && break
    python=
done
[ -n "$python" ] || skip "no selenium for python3"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# A browser on a busy machine may lose a key or a click: what fails has a second chance, as a whole.
"$python" tests/page.py "$kino" "$work" >"$work/first" 2>&1
status=$?
if [ "$status" = 0 ] && ! grep -q '^not ok' "$work/first"; then
    cat "$work/first"
    exit 0
fi
grep -A3 '^not ok' "$work/first" | sed 's/^/# the first time: /'
rm -rf "$work/catalogue" "$work/films.csv"
"$python" tests/page.py "$kino" "$work"
