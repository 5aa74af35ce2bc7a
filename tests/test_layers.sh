#!/bin/sh
# The rooms of src/ and the arrows between them, by the includes and by the symbols of the objects:
#   app/main -> app/cmd, app/pick -> app/shared -> app/opt -> app/term     (the command line)
#   app, serve -> ask -> engine -> {learn, remote, make} -> handle -> {rank, wish} -> rows
#              -> {ingest, model, index, store, net/tmdb, net/cluster -> net/http} -> kern -> base
#   eval stands on handle and rank; it asks the engine through kino.h alone, which is for everybody.
# An arrow may only point downwards, siblings do not know each other, and no file calls another in a circle.
cd "$(dirname "$0")/.." || exit 1
build=${BUILD:-build}

rank() {  # ROOM: its height; rooms of one height are siblings
    case $1 in
    base) echo 0 ;;
    kern) echo 1 ;;
    net/http) echo 2 ;;
    ingest | model | index | store | net/tmdb | net/cluster) echo 3 ;;
    rows) echo 4 ;;
    rank | wish) echo 5 ;;
    handle) echo 6 ;;
    learn | remote | make) echo 7 ;;
    engine) echo 8 ;;
    eval) echo 9 ;;
    ask) echo 10 ;;
    app/term) echo 11 ;;
    app/opt) echo 12 ;;
    serve) echo 13 ;;
    app/shared) echo 14 ;;
    app/cmd | app/pick) echo 15 ;;
    app) echo 16 ;;
    *) echo 99 ;;
    esac
}

room_of() {  # PATH below src/
    echo "${1%/*}"
}

may_point() {  # FROM TO
    [ "$1" = "$2" ] && return 0
    case $1:$2 in
    ingest:net/http | model:net/http | index:net/http | store:net/http) return 1 ;;
    rank:ingest | rank:model | rank:store | rank:net/* | eval:learn | eval:remote | eval:make | eval:engine) return 1 ;;
    wish:ingest | wish:model | wish:store | wish:net/*) return 1 ;;
    ask:serve | ask:eval | serve:app/* | serve:eval | app/term:ask) return 1 ;;
    esac
    [ "$(rank "$2")" -lt "$(rank "$1")" ]
}

check() {  # FILE: prints each forbidden include
    from=$(room_of "${1#*src/}")
    sed -n 's/^[[:space:]]*#[[:space:]]*include[[:space:]]*"\([^"]*\)".*/\1/p' "$1" | while read -r header; do
        [ "$header" = kino.h ] && continue
        to=$(room_of "$header")
        if [ "$to" = "$header" ]; then
            echo "$1: \"$header\" is not written with its room"
        elif [ "$(rank "$to")" = 99 ]; then
            echo "$1: \"$header\" is in no room"
        elif ! may_point "$from" "$to"; then
            echo "$1: $from may not include $to"
        fi
    done
}

n=0
result() {  # NAME FAULTS
    n=$((n + 1))
    if [ -z "$2" ]; then
        echo "ok $n - $1"
    else
        echo "$2" | sed 's/^/# /'
        echo "not ok $n - $1"
    fi
}

files=$(find src -mindepth 2 -name '*.[ch]' | LC_ALL=C sort)
result "every include points downwards" "$(for file in $files; do check "$file"; done)"
result "every folder is a room of this test" "$(for file in $files; do
    room=$(room_of "${file#src/}")
    [ "$(rank "$room")" = 99 ] && echo "$room"
done | sort -u)"

# The check itself must see a wrong arrow.
wrong=$(mktemp -d)
trap 'rm -rf "$wrong"' EXIT
mkdir -p "$wrong/src/index" "$wrong/src/rank"
echo '#include "model/minilm.h"' >"$wrong/src/index/x.c"
echo '#include "handle/handle.h"' >"$wrong/src/rank/x.c"
seen=$(check "$wrong/src/index/x.c" | wc -l)$(check "$wrong/src/rank/x.c" | wc -l)
result "a sideways and an upward arrow are noticed" "$([ "$seen" = 11 ] || echo "$seen")"

# The numeric core links libc, libm, pthreads and utf8proc alone; libcurl is in net/ alone.
result "the numeric core includes no foreign library" \
    "$(grep -lE '#[[:space:]]*include[[:space:]]*<(sqlite3|cjson/cJSON|curl/curl|microhttpd|ncurses)' \
        src/base/*.[ch] src/kern/*.[ch] src/ingest/*.[ch] src/model/*.[ch] src/index/*.[ch])"
result "only the network includes libcurl" \
    "$(grep -lE '#[[:space:]]*include[[:space:]]*<(curl/|cjson/)' $files | grep -v '^src/net/')"

# Who calls whom, from the objects: "A B" where file A uses a symbol that file B defines.
calls() {
    for file in $(echo "$files" | grep '\.c$'); do
        object=$build/${file%.c}.o
        [ -f "$object" ] && ${NM:-nm} "$object" | sed "s|^|${file%.c} |"
    done | awk '$3 ~ /^[TDBRC]$/ && NF == 4 { defined[$4] = $1 } $2 == "U" { used[$1 " " $3] = 1 }
        END { for (u in used) { split(u, part, " "); to = defined[part[2]]; if (to != "" && to != part[1]) print part[1], to } }' |
        sort -u
}
calls >"$wrong/calls"
if [ "$(wc -l <"$wrong/calls")" -lt 300 ]; then
    echo "ok $((n + 1)) - no file calls another in a circle # SKIP the objects of $build cannot be read"
    echo "1..$((n + 1))"
    exit 0
fi
result "no file calls another in a circle" "$(tsort "$wrong/calls" 2>&1 >/dev/null | grep -v 'input contains a loop')"
result "every call points downwards" "$(while read -r from to; do
    from=$(room_of "${from#src/}") to=$(room_of "${to#src/}")
    [ "$from:$to" = eval:engine ] || may_point "$from" "$to" || echo "$from calls $to"
done <"$wrong/calls" | sort -u)"
echo 'src/rank/score src/handle/load' >>"$wrong/calls"
result "a circle is noticed" "$(tsort "$wrong/calls" >/dev/null 2>&1 && echo "none was seen")"
echo "1..$n"
