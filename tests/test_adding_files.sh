#!/bin/sh
# kino add with files: nothing is lost, another film under a number is refused, what is no film is counted; --map.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset KINO_HOME XDG_DATA_HOME TMDB_API_KEY
export XDG_CONFIG_HOME="$work"
data=$work/catalogue
n=0

pass() { n=$((n + 1)); echo "ok $n - $1"; }
fail() {
    n=$((n + 1))
    echo "not ok $n - $1"
    sed 's/^/#   out: /' "$work/out" | head -20
    sed 's/^/#   err: /' "$work/err" | head -20
}
run() { "$kino" "$@" --data "$data" >"$work/out" 2>"$work/err"; status=$?; }
add() { run add - --offline "$@"; }
check() { name=$1; shift; if "$@"; then pass "$name"; else fail "$name (status $status)"; fi; }
told() { [ "$status" = "$1" ] && grep -q -- "$2" "$work/err"; }
shows() { run show "$1" --json; grep -qF -- "$2" "$work/out"; }

if ! "$kino" build data/sample.csv --data "$data" --epochs 4 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi

shows 348 '"genres":["Horror","Action","Thriller","Science Fiction"]'
check "Alien is there" [ $? = 0 ]
printf 'id,title,tagline\n348,Alien,A line of my own.\n' >"$work/line.csv"
add --dry-run <"$work/line.csv"
check "--dry-run tells what would be done" told 0 '0 films would be added, 1 changed (tagline)'
check "and does nothing" shows 348 '"tagline":null'
add <"$work/line.csv"
check "what a row says is taken" told 0 '0 films added, 1 changed (tagline)'
check "what it leaves out is kept" shows 348 '"genres":["Horror","Action","Thriller","Science Fiction"]'
add <"$work/line.csv"
check "the same again changes nothing" told 0 '0 films added, 1 unchanged'
printf 'id,title,year\n348,Paper Sky,1996\n900001,Tin Rain,1997\n' >"$work/other.csv"
add <"$work/other.csv"
check "another film under a number is refused" told 1 '348 is Alien (1979) here, not Paper Sky (1996)'
check "and the others are added" told 1 '^1 film added, 1 refused'
check "the film that was there stays" shows 348 '"title":"Alien"'
add --replace <"$work/other.csv"
check "--replace takes it" told 0 '0 films added, 1 changed (.*title.*), 1 unchanged'
check "and nothing is kept then" shows 348 '"title":"Paper Sky","original_title":"Paper Sky","year":1996,"genres":[]'

printf 'id,Titel,Inhalt,Jahr,Preis\n900002,Glass Rain,Somebody waits.,2001,7\n' >"$work/german.csv"
add <"$work/german.csv"
check "columns that mean nothing are named" told 0 'columns not used: Inhalt, Preis'
check "and those that were guessed" told 0 'Titel as title, Jahr as year'
add --map overview=Inhalt <"$work/german.csv"
check "--map says what one means" told 0 '1 changed (overview)'
check "and it is read" shows 900002 '"overview":"Somebody waits."'
add --map nothing=Inhalt <"$work/german.csv"
check "a meaning that there is not: exit 2" told 2 '"nothing=Inhalt" says of no column'
printf 'id,title,runtime,year\n900003,Tin,soon,1990\n900004,Ten,90 min,1991\n' >"$work/in"
add <"$work/in"
check "a value that cannot be read is named with its line" told 0 'runtime unreadable.*"soon" in line 2'
printf 'id,title,type\n900005,Long Series,TV Series\n900006,Short Film,Movie\n' >"$work/in"
add <"$work/in"
check "series are no films" told 0 'no film (series, episode, game), dropped'
check "and are not added" [ "$(run show 900005; echo "$status")" = 3 ]
printf 'id,title,type\n900007,Long Series,TV Series\n' >"$work/in"
add <"$work/in"
check "a file without any film is an error" told 1 'no film in it'
printf '\377\376i\000d\000;\000t\000i\000t\000l\000e\000\n\0009\0000\0000\0000\0008\000;\000\351\000\n\000' >"$work/in"
add <"$work/in"
check "UTF-16 with semicolons" told 0 'the text is UTF-16'
check "is read" shows 90008 '"title":"é"'

if ldconfig -p 2>/dev/null | grep -q libcjson; then
    printf '{"id":900010,\n "title":"One",\n "genres":[]}\n' >"$work/in"
    add <"$work/in"
    check "JSON over several lines" told 0 '1 film added'
    printf '[{"id":900011,"title":"Two"},{"id":900012,"title":"Th[r{ee\\""}]' >"$work/in"
    add <"$work/in"
    check "an array" told 0 '2 films added'
    printf '{"page":1,"results":[{"id":900013,"title":"Four"},{"id":900014,"name":"S","media_type":"tv"}]}' >"$work/in"
    add <"$work/in"
    check "a page of a list" told 0 '1 film added, 1 that is no film'
    printf '{"id":900015,"title":"Six"}\n{"id":900016,\n' >"$work/in"
    add <"$work/in"
    check "a damaged one adds nothing, and says where" told 5 'line 2: .*nothing was added'
    check "nothing of it" [ "$(run show 900015; echo "$status")" = 3 ]
fi

cat >"$work/movies.csv" <<'EOF'
movieId,title,genres
5,"Aliens (1986)",Action|Sci-Fi
6,"Orchard of Glass, The (1994)",Drama
EOF
add <"$work/movies.csv"
check "numbers that nothing proves are not TMDB's; a film is known by title and year" told 0 '1 film added, 1 changed (genres)'
"$kino" build "$work/movies.csv" --texts - >"$work/out" 2>"$work/err"
check "nor in a build, where films have ids of kino's own" \
    [ "$(grep -cE '"id":[0-9]{12,15},"text":"(Action, Science Fiction. Aliens|Drama. The Orchard of Glass) ' "$work/out")" = 2 ]
printf 'movieId,imdbId,tmdbId\n5,0090605,679\n6,,\n' >"$work/links.csv"
"$kino" build "$work/movies.csv" --texts - >"$work/out" 2>"$work/err"
check "unless links.csv beside it has TMDB's" grep -q '"id":679,' "$work/out"
printf 'movieId,title\n679,Aliens (1986)\n900020,New (2001)\n' >"$work/in"
add <"$work/in"
check "one that fits proves the others" told 0 "1 film added, 1 unchanged"
printf 'movieId,title\n679,Paper Sky (1996)\n900021,Newer (2001)\n' >"$work/in"
add <"$work/in"
check "one that contradicts refuses them all" told 1 '0 films added, 2 refused'
printf 'id,imdb_id,title,year\n900030,tt0990030,Copper Moon,2003\n' >"$work/in"
add <"$work/in"
printf 'imdb_id,title,year,rating\ntt0990030,Lune de cuivre,2003,5\n' >"$work/h.csv"
run recommend --history "$work/h.csv" --offline -k 1 --json
check "a history knows a film by IMDb's id that was added just now" grep -q '"films":1,"unmatched":0' "$work/out"

printf 'id,title,overview,genres,year\n1,"A ""B"", c","Two\nlines.","Drama, War",1999\n2,Zwei,,,\n' >"$work/t.csv"
cat >"$work/t.json" <<'EOF'
[{"id":1,"title":"A \"B\", c","overview":"Two\nlines.","genres":["Drama",{"id":1,"name":"War"}],"year":"1999"},
 {"id":2, "title":"Zwei", "runtime":"soon", "genres":null}, {"id":3,"name":"S","media_type":"tv"}]
EOF
printf '{"page":1,"results":%s}' "$(cat "$work/t.json")" >"$work/page.json"
for form in t.json page.json; do
    "$kino" build "$work/t.csv" --texts - >"$work/want" 2>"$work/err"
    "$kino" build "$work/$form" --texts - >"$work/out" 2>"$work/err"
    check "$form is built as the table of the same films" cmp -s "$work/want" "$work/out"
done
"$kino" build "$work/t.json" --data "$work/x" --epochs 2 >"$work/out" 2>"$work/err"
check "and tells its own lines" grep -q 'runtime unreadable.*"soon" in line 2' "$work/err"
printf '[{"id":1,"title":"One"},\n{"id":' >"$work/cut.json"
"$kino" build "$work/cut.json" --texts - >"$work/out" 2>"$work/err"; status=$?
check "JSON that is cut off is refused with its line" told 5 'cut.json: line 2'

printf 'No Such Film At All (1901)\n' >"$work/seen.txt"
run recommend Aliens --offline --unseen "$work/seen.txt"
check "--unseen that matches nothing: exit 3" told 3 'none of its films is in the catalogue'
run recommend Aliens --offline --unseen "$work/seen.txt" --allow-empty
check "unless --allow-empty" [ "$status" = 0 ]
echo "1..$n"
