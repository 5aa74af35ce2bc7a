#!/bin/sh
# kino export: what is written makes the same catalogue again, and a full disk is told.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset KINO_HOME XDG_DATA_HOME TMDB_API_KEY
export XDG_CONFIG_HOME="$work"
n=0
check() {
    n=$((n + 1))
    name=$1
    shift
    if "$@"; then echo "ok $n - $name"; else echo "not ok $n - $name"; sed 's/^/#   /' "$work/err"; fi
}
run() { "$kino" "$@" >"$work/out" 2>"$work/err" </dev/null; status=$?; }
cat >"$work/credits.csv" <<'END'
cast,crew,id
"[{'id': 1, 'name': 'Ann Able', 'character': 'The ""Captain""', 'order': 0}, {'id': 2, 'name': 'Bo Baker', 'order': 1}]","[{'id': 3, 'name': 'Cy Cole', 'job': 'Director'}, {'id': 4, 'name': 'Di Dorn', 'job': 'Screenplay'}, {'id': 3, 'name': 'Cy Cole', 'job': 'Writer'}, {'id': 5, 'name': 'Ed Eck', 'job': 'Editor'}]",348
END
build() { "$kino" build "$1" --data "$work/$2" --epochs 1 -q 2>"$work/err"; }

if ! "$kino" build data/sample.csv --credits "$work/credits.csv" --data "$work/a" --epochs 1 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi
printf 'title,year,genre\n"A <b>b</b> &amp; ""c""",2020,Sci-Fi/Drama\nPaper Harbour,1998,\n' >"$work/own.csv"
run add "$work/own.csv" --data "$work/a" --offline
run show 348 --data "$work/a"
check "a film is shown with whom its cast plays" grep -q '^With  *Ann Able (The "Captain"), Bo Baker$' "$work/out"
check "and who wrote it" grep -q '^Written by  *Di Dorn, Cy Cole$' "$work/out"
run show 348 --json --data "$work/a"
check "in JSON too" grep -q '"writers":\[{"id":4,"name":"Di Dorn"},{"id":3,"name":"Cy Cole"}\],"cast":\[{"id":1,"name":"Ann Able","character":"The \\"Captain\\""},{"id":2,"name":"Bo Baker","character":null}\]' "$work/out"
run export "$work/a.csv" --data "$work/a"
check "every film is written" grep -q '^699 films written' "$work/err"
head -n 1 "$work/a.csv" >"$work/head"
check "with the columns that Kaggle's table has" grep -q '^belongs_to_collection,genres,id,imdb_id,original_language,.*,keywords,cast,crew$' "$work/head"
build "$work/a.csv" b
run export "$work/b.csv" --data "$work/b"
check "built again it is the same, to the byte" cmp -s "$work/a.csv" "$work/b.csv"
run export --ndjson --data "$work/a" -q
cp "$work/out" "$work/a.ndjson"
check "NDJSON on standard output, a film a line" [ "$(wc -l <"$work/a.ndjson")" = 699 -a ! -s "$work/err" ]
build "$work/a.ndjson" b
run export "$work/b.csv" --data "$work/b"
check "and of that too" cmp -s "$work/a.csv" "$work/b.csv"
run export "$work/c.ndjson" --data "$work/a"
check "a file's name says its form" cmp -s "$work/a.ndjson" "$work/c.ndjson"
run add "$work/a.csv" --data "$work/a" --offline
check "added to itself nothing changes" grep -q '699 unchanged' "$work/err"
run export "$work/nowhere/a.csv" --data "$work/a"
check "where nothing can be written: exit 1" [ "$status" = 1 ]
if [ -c /dev/full ]; then
    run export /dev/full --data "$work/a"
    [ "$status" = 1 ] && grep -q 'not all films are written' "$work/err"
    check "a full disk: exit 1, and said" [ $? = 0 ]
fi
run export --data "$work/none"
check "no catalogue: exit 3" [ "$status" = 3 ]
echo "1..$n"
