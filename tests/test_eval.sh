#!/bin/sh
# kino eval on the sample and ratings that are made up here, of which the figures are known.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-build/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 1..15
n=0

check() {  # NAME: by the status of the last command
    result=$?
    n=$((n + 1))
    if [ "$result" = 0 ]; then echo "ok $n - $1"; else sed 's/^/# /' "$work/err"; echo "not ok $n - $1"; fi
}

"$kino" build data/sample.csv --data "$work/c" --epochs 3 -q 2>"$work/err"
check "a catalogue of the sample"

# 40 users like the same eight films in the same order: what comes next is known to ItemKNN and to nobody else.
"$kino" find a --data "$work/c" -k 200 --json | tr '{' '\n' | sed -n 's/^"id":\([0-9]*\),.*/\1/p' | head -8 >"$work/ids"
awk 'BEGIN { print "movieId,imdbId,tmdbId" } { print NR ",1," $1 } END { print "99,1," }' "$work/ids" >"$work/links.csv"
awk 'BEGIN { print "userId,movieId,rating,timestamp"
    for (u = 1; u <= 40; u++) for (m = 1; m <= 8; m++) print u "," m ",5.0," 1000 * m + u
    for (u = 41; u <= 60; u++) print u ",1,5.0,7" }' >"$work/ratings.csv"
ask() {
    "$kino" eval --quick --ratings "$work/ratings.csv" --links "$work/links.csv" --data "$work/c" "$@" 2>"$work/err"
}
row() {  # TASK METHOD KEY: a figure of the JSON
    tr '{' '\n' <"$work/out" | awk -v task="$1" -v method="$2" -v key="$3" '
        index($0, "\"task\":") { on = index($0, "\"task\":\"" task "\"") && index($0, "\"method\":\"" method "\"") }
        on && key == "questions" && match($0, /"questions":[0-9]+/) { print substr($0, RSTART + 12, RLENGTH - 12); exit }
        on && index($0, "\"value\":") { sub(/.*"value":/, ""); sub(/,.*/, ""); print; exit }'
}
ask --json >"$work/out" && [ "$(row "one seed" kino questions)" = 140 ]
check "half of the users who like six films, each like but the first"
[ "$(row "one seed" ItemKNN hr)" = 1 ] && [ "$(row "one seed" popularity hr)" = 1 ]
check "what everybody likes is found by those who learn from others"
awk -v x="$(row "one seed" random hr)" 'BEGIN { exit !(x >= 0 && x < 0.1) }'
check "chance finds next to nothing"
sed 's/"took.*//' "$work/out" >"$work/one"
ask --json --threads 1 >"$work/two" && cmp -s "$work/one" "$work/two"
check "the same bytes whatever the number of threads"
ask >"$work/out" && grep -q '^kino .*0\.' "$work/out" && grep -q '^five seeds: ' "$work/out"
check "a table for each task"
"$kino" eval --data "$work/c" 2>"$work/err"; [ $? = 2 ] && grep -q -e '--ratings' "$work/err"
check "without ratings: exit 2, and what is missing"
"$kino" eval --ratings data/sample.csv --links "$work/links.csv" --data "$work/c" 2>"$work/err"
[ $? = 5 ] && grep -q 'userId' "$work/err"
check "a file that is not ratings: exit 5, and what was looked for"

# What is liked after what is, for these people, always of the same genre: the fit has something to find.
for genre in Horror Animation Western; do
    "$kino" search film --genre "$genre" -k 24 --data "$work/c" --json | tr '{' '\n' | sed -n 's/^"rank":[0-9]*,"id":\([0-9]*\),.*/\1/p'
done >"$work/liked"
awk 'BEGIN { print "movieId,imdbId,tmdbId" } { print NR ",1," $1 }' "$work/liked" >"$work/links.csv"
awk -v films="$(wc -l <"$work/liked")" 'BEGIN { print "userId,movieId,rating,timestamp"
    for (u = 1; u <= 30; u++) for (m = 1; m <= 10; m++) print u "," 1 + (u * 7 + m * (1 + u % 5)) % 24 + 24 * (u % 3) ",5.0," 1000 * m + u }' \
    >"$work/ratings.csv"
cp "$work/c/catalogue.db" "$work/before.db"
list() { "$kino" recommend "Alien (1979)" --data "$work/c" --explain --json | sed 's/"took_ms.*//'; }
list >"$work/as_it_comes"
tune() { "$kino" tune --ratings "$work/ratings.csv" --links "$work/links.csv" --data "$work/c" "$@" 2>"$work/err"; }

tune --dry-run --json >"$work/one" && tune --dry-run --json --threads 1 >"$work/two" && cmp -s "$work/one" "$work/two" &&
    grep -q '"saved":false' "$work/one" && cmp -s "$work/c/catalogue.db" "$work/before.db"
check "tune --dry-run: the same weights whatever the number of threads, and nothing changed"
tune >"$work/out" && grep -q '^genres ' "$work/out" && grep -q '^Saved' "$work/out" &&
    "$kino" info --json --data "$work/c" | grep -q '"tuned":true'
check "tune: weights, gain, and kino info knows"
awk '$1 == "genres" { exit !($4 > $2) }' "$work/out"
check "who likes by genre is given more weight on genres"
list >"$work/tuned" && ! cmp -s "$work/tuned" "$work/as_it_comes" && rm "$work/c/snapshot.kino" &&
    list >"$work/two" 2>"$work/err" && cmp -s "$work/tuned" "$work/two" && "$kino" check -q --repair --data "$work/c" >/dev/null
check "the answers change, and are the same without the snapshot"
"$kino" tune --undo --data "$work/c" >"$work/out" 2>"$work/err" && list >"$work/two" && cmp -s "$work/as_it_comes" "$work/two" &&
    "$kino" tune --undo --data "$work/c" | grep -q nothing
check "tune --undo: to the byte the list of before; twice does no harm"
{ echo "title,rating,date"; n=0; while read -r id; do n=$((n + 1)); echo "$id,5,2020-01-$((10 + n % 18))"; done <"$work/liked"; } |
    sed 's/^title,/tmdb_id,/' >"$work/mine.csv"
"$kino" tune --ratings "$work/mine.csv" --dry-run --data "$work/c" >"$work/out" 2>"$work/err" && grep -q 'of 1 person' "$work/out"
check "one person's ratings, of which the last likes are held out"
head -8 "$work/mine.csv" >"$work/few.csv"
"$kino" tune --ratings "$work/few.csv" --data "$work/c" >"$work/out" 2>"$work/err"; [ $? = 2 ] && grep -q 'too few' "$work/err"
check "too few ratings: exit 2, and how many it takes"
