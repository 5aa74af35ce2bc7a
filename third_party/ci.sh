#!/bin/sh
# Installs what only continuous integration has to have, where there is apt: a second compiler, the formatter, what some
# tests are skipped without (shells, sqlite3, groff), and what tests/test_page.sh drives the page with: chromium, its
# driver, selenium for Python. npm, where it is there, fetches axe-core into build/axe; 300 packages are too many for it.
set -eu
cd "$(dirname "$0")/.."
command -v apt-get >/dev/null || { echo "no apt here: tested by what there is" >&2; exit 0; }
packages=""
for pair in clang-14:clang-14 clang-format-14:clang-format-14 sqlite3:sqlite3 zsh:zsh fish:fish chromium:chromium \
    chromedriver:chromium-driver groff:groff-base; do
    command -v "${pair%%:*}" >/dev/null || packages="$packages ${pair#*:}"
done
/usr/bin/python3 -c 'import selenium' 2>/dev/null || packages="$packages python3-selenium"
if [ -n "$packages" ]; then
    as_root=""
    [ "$(id -u)" = 0 ] || as_root=sudo
    $as_root apt-get update -qq
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $packages >&2
fi
[ ! -f build/axe/axe.min.js ] && command -v npm >/dev/null || exit 0
mkdir -p build/axe
cd build/axe
npm pack --silent axe-core@4.10.2 >/dev/null
echo "444de6750ecfdc54527bb7aa096a1e43f67d417aed9e24a3a75c148ede67442dd6229cf9ad20af7baa377ec676682a49b6b663499823c170284cee64e2d108d3" \
    " axe-core-4.10.2.tgz" | sha512sum --check --quiet || { rm axe-core-4.10.2.tgz; exit 1; }
tar xzf axe-core-*.tgz --strip-components=1 package/axe.min.js
