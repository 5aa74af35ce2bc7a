#!/bin/sh
# Plots embedded elsewhere: kino build --texts, kino embed --records, kino build --vectors.
cd "$(dirname "$0")/.." || exit 1
[ -n "${KINO:-}" ] || KINO=build/kino
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
n=0

check() {  # NAME COMMAND...
    name=$1
    shift
    n=$((n + 1))
    if "$@" >"$work/log" 2>&1; then
        echo "ok $n - $name"
    else
        echo "not ok $n - $name"
        sed 's/^/# /' "$work/log"
    fi
}

plots() {  # FOLDER: every plot vector with what it was made of and by, as text
    sqlite3 "$1/catalogue.db" "SELECT film_id, text_hash, maker, hex(vector) FROM plot ORDER BY film_id"
}

fails() {  # CODE TEXT COMMAND...: exits with the code and says the text
    code=$1 text=$2
    shift 2
    "$@" >"$work/out" 2>&1
    got=$?
    cat "$work/out"
    [ "$got" = "$code" ] && grep -qF "$text" "$work/out"
}

build() {
    $KINO build data/sample.csv -q "$@"
}

is_the_same() {  # FILE: a build with these vectors embeds nothing and is equal to one that embeds
    rm -rf "$work/other"
    $KINO build data/sample.csv --vectors "$1" --data "$work/other" 2>"$work/err" || return 1
    cat "$work/err"
    grep -q "^Embedded 0 plots, 697 known already" "$work/err" && plots "$work/other" >"$work/plots.other" &&
        cmp "$work/plots" "$work/plots.other"
}

change() {  # SED: the vectors with one thing changed
    sed "$1" "$work/v.ndjson" >"$work/changed"
}

command -v sqlite3 >/dev/null 2>&1 || { echo "ok 1 - vectors from elsewhere # SKIP no sqlite3"; exit 0; }
build --data "$work/own" || exit 1
plots "$work/own" >"$work/plots"
build --texts "$work/t.ndjson" --data "$work/none" || exit 1
$KINO embed --records <"$work/t.ndjson" >"$work/v.ndjson" || exit 1
$KINO embed --records --format npy <"$work/t.ndjson" >"$work/v.npy" || exit 1

check "texts are written, one a film, and no catalogue" sh -c '[ "$(wc -l <"$1/t.ndjson")" = 697 ] && [ ! -e "$1/none" ]' - "$work"
check "vectors from NDJSON give the same catalogue" is_the_same "$work/v.ndjson"
check "and from NumPy's file" is_the_same "$work/v.npy"
sort -r "$work/v.ndjson" >"$work/reversed"
check "and in another order" is_the_same "$work/reversed"
gzip -c "$work/v.ndjson" >"$work/v.gz"
check "and compressed" is_the_same "$work/v.gz"

some_missing() {
    head -600 "$work/v.ndjson" >"$work/some"
    rm -rf "$work/other"
    $KINO build data/sample.csv --vectors "$work/some" --data "$work/other" 2>"$work/err" || return 1
    cat "$work/err"
    grep -q "^Embedded 97 plots, 600 known already" "$work/err" && plots "$work/other" | cmp - "$work/plots"
}
check "films without a vector are embedded here" some_missing

another_text() {  # the vector of one film under the id and hash of other texts: never taken for that film
    change '1s/"hash":"................"/"hash":"0123456789abcdef"/'
    $KINO build data/sample.csv --vectors "$work/changed" --data "$1" 2>"$work/err" || return 1
    cat "$work/err"
    plots "$1" | cmp - "$work/plots"
}
rm -rf "$work/other"
check "a vector of another text is not taken" another_text "$work/other"
check "not even over one that is there" another_text "$work/own"

refused() {  # CODE TEXT FILE
    rm -rf "$work/other"
    fails "$1" "$2" $KINO build data/sample.csv -q --vectors "$3" --data "$work/other" &&
        fails 3 "" $KINO recommend Alien --data "$work/other"
}
change '3s/"weights":"................"/"weights":"0123456789abcdef"/'
check "other weights are refused" refused 2 "line 3: embedded with other weights (0123456789abcdef" "$work/changed"
change '4s/"v":\[[^,]*,/"v":[/'
check "another dimension is refused" refused 5 "line 4: not what kino embed --records writes" "$work/changed"
change '5s/"v":\[[^,]*,/"v":[2,/'
check "a vector that is not of length 1 is refused" refused 5 "line 5: the vector's length is not 1" "$work/changed"
change '6s/"v":\[[^,]*,/"v":["x",/'
check "a vector that has a text in it is refused" refused 5 "line 6: not what" "$work/changed"
change '7s/"id":/"id":-/'
check "an id that is none is refused" refused 5 "line 7: not what" "$work/changed"
change '8s/.*/{"line":8,"error":"it was too long"}/'
check "a record that was set aside is refused, with its reason" refused 5 "line 8: the record was set aside: it was too long" "$work/changed"
head -c 100000 "$work/v.ndjson" >"$work/changed"
check "a line that was cut is refused" refused 5 "not JSON" "$work/changed"
head -c 100000 "$work/v.npy" >"$work/changed"
check "an array that was cut is refused" refused 5 "cut off" "$work/changed"
$KINO embed --format npy </dev/null >"$work/changed"
check "another array is refused" refused 5 "not the array that" "$work/changed"
check "a file that is not there is told" refused 3 "nowhere" "$work/nowhere"

records() {
    printf '%s\n' 'x' '{"id":"tt5","text":"a \u00e9\n\"b\""}' '{"id":5}' '{"id":1.5,"text":"x"}' '{"id":7,"text":""}' '[1]' |
        $KINO embed --records >"$work/r" 2>"$work/err"
    [ $? = 0 ] && cat "$work/r" "$work/err" | cut -c1-150 && [ "$(wc -l <"$work/r")" = 6 ] &&
        sed -n 1p "$work/r" | grep -q '^{"line":1,"error":' && sed -n 2p "$work/r" | grep -q '^{"id":"tt5","hash":' &&
        sed -n 4p "$work/r" | grep -q '^{"line":4,"error":' && sed -n 5p "$work/r" | grep -q '^{"id":7,"hash":"cbf29ce484222325"' &&
        grep -q "4 of 6 lines were set aside" "$work/err"
}
check "records keep their ids and order, others are set aside with line and reason" records
as_lines() {  # the same bytes as those of the plain filter
    $KINO embed --records <"$work/t.ndjson" | sed 's/.*"v"://' >"$work/a"
    python3 -c 'import json,sys
for line in sys.stdin: print(json.loads(line)["text"].replace("\n", " "))' <"$work/t.ndjson" | $KINO embed | sed 's/.*"v"://' >"$work/b"
    cmp "$work/a" "$work/b"
}
check "their vectors are those of plain lines" as_lines
check "plain floats have no room for ids" fails 2 "goes with ndjson or npy" $KINO embed --records --format f32
echo "1..$n"
