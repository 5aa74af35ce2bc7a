#!/bin/sh
# Reads every #include of src/ and fails on an upward or sideways arrow:
#   app -> {eval, serve} -> engine -> {ingest, model, index, store, net} -> kern -> base;  kino.h is for everybody.
cd "$(dirname "$0")/.." || exit 1

rank() {
    case $1 in
    base) echo 0 ;;
    kern) echo 1 ;;
    ingest | model | index | store | net) echo 2 ;;
    engine) echo 3 ;;
    eval) echo 4 ;;
    serve) echo 4 ;;
    app) echo 5 ;;
    *) echo 9 ;;
    esac
}

check() {  # FILE: prints each forbidden arrow
    from=$(echo "$1" | sed 's|.*src/\([^/]*\)/.*|\1|')
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$1" | while read -r header; do
        [ "$header" = kino.h ] && continue
        to=${header%%/*}
        if [ "$to" = "$header" ]; then
            echo "$1: \"$header\" is not written with its layer"
        elif [ "$(rank "$to")" = 9 ]; then
            echo "$1: \"$header\" is of no layer"
        elif [ "$to" != "$from" ] && [ "$(rank "$to")" -ge "$(rank "$from")" ]; then
            echo "$1: $from may not include $to"
        fi
    done
}

echo 1..4
bad=$(for file in src/*/*.[ch]; do check "$file"; done)
if [ -z "$bad" ]; then
    echo "ok 1 - every include points downwards"
else
    echo "$bad" | sed 's/^/# /'
    echo "not ok 1 - every include points downwards"
fi

# The numeric core links libc, libm, pthreads and utf8proc alone.
foreign=$(grep -lE '#[[:space:]]*include[[:space:]]*<(sqlite3|cjson/cJSON|curl/curl|microhttpd)' \
    src/base/*.[ch] src/kern/*.[ch] src/ingest/*.[ch] src/model/*.[ch] src/index/*.[ch])
if [ -z "$foreign" ]; then
    echo "ok 2 - the numeric core includes no foreign library"
else
    echo "not ok 2 - the numeric core includes no foreign library: $foreign"
fi

# The check itself must see a wrong arrow.
wrong=$(mktemp -d)
mkdir -p "$wrong/src/index"
echo '#include "model/minilm.h"' >"$wrong/src/index/x.c"
if [ -n "$(check "$wrong/src/index/x.c")" ]; then
    echo "ok 3 - a sideways arrow is noticed"
else
    echo "not ok 3 - a sideways arrow is noticed"
fi
rm -rf "$wrong"

# libcurl is in net/ alone, and there in the files that are left out where it is not installed.
foreign=$(grep -lE '#[[:space:]]*include[[:space:]]*(<curl/|"net/(curl|address|transport_parts|cluster_parts)\.h")' src/*/*.[ch] |
    grep -vE '^src/net/(curl|address|transport|transport_parts|transport_run|transport_settle|tmdb|cluster|cluster_parts|cluster_run)\.[ch]$')
if [ -z "$foreign" ]; then
    echo "ok 4 - only the network includes libcurl"
else
    echo "not ok 4 - only the network includes libcurl: $foreign"
fi
