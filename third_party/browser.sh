#!/bin/sh
# Installs what tests/test_page.sh drives the page with, where apt has it: chromium, its driver, selenium for Python. Only
# continuous integration calls this; without a browser that test is skipped.
set -eu
command -v chromium >/dev/null && command -v chromedriver >/dev/null && /usr/bin/python3 -c 'import selenium' 2>/dev/null &&
    exit 0
command -v apt-get >/dev/null || { echo "no apt here: the page is not tested in a browser" >&2; exit 0; }
as_root=""
[ "$(id -u)" = 0 ] || as_root=sudo
$as_root apt-get update -qq
$as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium chromium-driver \
    python3-selenium >&2
