#!/bin/sh
# Packs the tracked files into build/kino-VERSION.tar.gz and writes its SHA-256 beside it (`make dist`). The bytes depend
# on the files and on the time of the last commit alone; in an unpacked tarball, which has no git, all files but build/
# are packed, with the time that they have in there.
#   dist.sh VERSION
set -eu
cd "$(dirname "$0")/.."
name=kino-$1
mkdir -p build
list=$(mktemp)
trap 'rm -f "$list"' EXIT
if [ -e .git ]; then
    git ls-files >"$list"
    time=$(git log -1 --format=%ct)
    git diff --quiet HEAD || echo "make dist: with changes that are not committed" >&2
else
    find . -path ./build -prune -o -type f -print | sed 's|^\./||' >"$list"
    time=$(stat -c %Y Makefile)
fi
LC_ALL=C sort -o "$list" "$list"
tar --format=ustar --owner=0 --group=0 --numeric-owner --mode=u=rwX,go=rX --mtime="@${SOURCE_DATE_EPOCH:-$time}" \
    --transform="s|^|$name/|" -cf - -T "$list" | gzip -9n >"build/$name.tar.gz"
cd build
sha256sum "$name.tar.gz" | tee "$name.tar.gz.sha256"
