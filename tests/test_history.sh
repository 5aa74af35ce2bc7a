#!/bin/sh
# --unseen and --history on the command line: what is told, what is answered, what is refused.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
case $kino in /*) ;; *) kino=$PWD/$kino ;; esac
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
run() { "$kino" "$@" --data "$data" --offline >"$work/out" 2>"$work/err" </dev/null; status=$?; }
check() { name=$1; shift; if "$@"; then pass "$name"; else fail "$name (status $status)"; fi; }
told() { [ "$status" = "$1" ] && grep -q -- "$2" "$work/err"; }
ids() { grep -o '"rank":[0-9]*,"id":[0-9]*' "$work/out" | sed 's/.*://'; }

if ! "$kino" build data/sample.csv --data "$data" --epochs 4 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi

cat >"$work/ratings.csv" <<'END'
Date,Name,Year,Letterboxd URI,Rating
2020-01-01,Aliens,1986,https://boxd.it/a,5
2020-01-02,"The Good, the Bad and the Ugly",1966,https://boxd.it/b,4.5
2020-01-03,Alein,1979,https://boxd.it/c,3
END
printf '%s\r\n' '1091' 'Predator (1987)' >"$work/list.txt"

run recommend Alien --json
ids >"$work/before"
check "without a history Aliens is near Alien" grep -qx 679 "$work/before"
run recommend Alien --json --unseen "$work/ratings.csv" --unseen "$work/list.txt"
ids >"$work/after"
[ "$(wc -l <"$work/after")" = 10 ] && ! grep -qxE '679|1091|106' "$work/after"
check "--unseen takes films out and others in" [ $? = 0 ]
grep -qF "$work/ratings.csv:4: no film \"Alein (1979)\"; is it Alien (1979), 348" "$work/err" &&
    grep -qF "$work/ratings.csv: Letterboxd, 2 films, 1 line without a film here" "$work/err" &&
    grep -qF "$work/list.txt: 2 films" "$work/err"
check "lines without a film are told with their number and candidates" [ $? = 0 ]
run recommend Alien --json --unseen "$work/ratings.csv" -q
check "and not with -q" [ "$status" = 0 -a ! -s "$work/err" ]
run search robots that want to be human --json
first=$(ids | head -n 1)
echo "$first" | "$kino" search robots that want to be human --json --unseen - --data "$data" --offline -q >"$work/out" 2>"$work/err"
status=$?
check "search --unseen, from standard input" [ "$status" = 0 -a "$(ids | wc -l)" = 10 -a -z "$(ids | grep -x "$first")" ]

if command -v python3 >/dev/null 2>&1; then
    printf 'Date,Name,Year,Letterboxd URI\n2020-01-01,Aliens,1986,https://boxd.it/a\n2020-01-02,Predator,1987,https://boxd.it/d\n' >"$work/watched.csv"
    (cd "$work" && python3 -m zipfile -c letterboxd.zip ratings.csv watched.csv)
    run recommend Alien --json --unseen "$work/letterboxd.zip"
    grep -qF "letterboxd.zip: Letterboxd, 3 films" "$work/err" && [ -z "$(ids | grep -xE '679|106')" ]
    check "an archive of Letterboxd is what was rated and what was seen" [ $? = 0 ]
    mkdir -p "$work/lb/likes" "$work/lb/deleted"
    cp "$work/ratings.csv" "$work/watched.csv" "$work/lb"
    head='Date,Name,Year,Letterboxd URI'
    printf '%s,Rating,Rewatch,Tags,Watched Date\n2020-01-01,The Terminator,1984,https://boxd.it/e,5,,,2020-01-01\n' "$head" >"$work/lb/diary.csv"
    printf '%s\n2020-01-01,Grease,1978,https://boxd.it/f\n2020-01-01,Alein,1979,https://boxd.it/c\n' "$head" >"$work/lb/likes/films.csv"
    printf '%s\n2020-01-01,Avatar,2009,https://boxd.it/g\n' "$head" | tee "$work/lb/watchlist.csv" >"$work/lb/deleted/diary.csv"
    (cd "$work" && python3 -m zipfile -c whole.zip lb/)
    run recommend --history "$work/whole.zip" --json -k 50
    films=$(grep -o '"history":{"file":"[^"]*","kind":"Letterboxd","films":[0-9]*,"unmatched":[0-9]*' "$work/out" | grep -o '"films.*')
    [ "$films" = '"films":5,"unmatched":1' ] && ids | grep -qx 19995
    check "diary and hearts too; neither the watchlist nor what was deleted" [ $? = 0 ]
fi
run recommend --history "$work/ratings.csv" -k 5
check "--history names its tastes" grep -q '^From the 2 films of .*ratings.csv: [0-9]* % like ' "$work/out"
check "and answers with k films" [ "$(grep -cE '^ *[1-5]  ' "$work/out")" = 5 ]
run recommend --history "$work/ratings.csv" --json
check "--history as JSON" grep -q '"history":{"file":".*ratings.csv","kind":"Letterboxd","films":2,"unmatched":1,"no_films":0,"unread":0,"tastes":\[{"share":[0-9.]*,"liked":[12],"films":\[{"id":' "$work/out"
check "none of it is in the answer" [ "$(ids | wc -l)" = 10 -a -z "$(ids | grep -xE '679|429')" ]
run recommend --history "$work/ratings.csv" --genre Western --unseen "$work/list.txt" --json -q
check "filters hold for it" [ "$status" = 0 -a "$(grep -o '"genres":\[[^]]*\]' "$work/out" | grep -vc Western)" = 0 ]

run recommend Alien --history "$work/ratings.csv"
check "films or a history, not both" told 2 'either films or --history'
printf 'Title,Year,Rating\nAliens,1986,"4,5"\nAlien,soon,5\nPredator,1987,many\n' >"$work/odd.csv"
run recommend --history "$work/odd.csv"
check "what cannot be read is said, with its line" told 0 'odd.csv:4: "many" is no rating'
check "a year that cannot be read is not left to the title" told 0 'odd.csv:3: no film "Alien": its year cannot be read'
printf '{"movies":[{"title":"Aliens","year":1986,"plays":1},{"title":"Grease","year":1978,"status":"plantowatch"}]}' >"$work/plan.json"
run recommend Alien --json --unseen "$work/plan.json"
check "what is planned was not seen" told 0 'plan.json: 1 film, 1 not seen yet'
run recommend Alien --json --among "$work/plan.json" -q
check "and can be chosen from" [ "$(ids | sort | tr '\n' ' ')" = '621 679 ' ]
printf 'Aliens (1986)\nGrease (1978)\nPredator (1987)\nNo Such Film\n' >"$work/watch.txt"
run recommend Alien --json --among "$work/watch.txt"
check "--among: films of this file alone" [ "$(ids | sort | tr '\n' ' ')" = '106 621 679 ' ]
run recommend --history "$work/ratings.csv" --json --among "$work/watch.txt" -q
check "with a history, what it has not" [ "$(ids | sort | tr '\n' ' ')" = '106 621 ' ]
run search robots --json --among "$work/watch.txt" -q
check "search --among" [ "$(ids | sort | tr '\n' ' ')" = '106 621 679 ' ]
run recommend Alien --among "$work/watch.txt" --genre Western
check "none passes the filters: said" told 0 'No film of --among passes the filters'
echo 'No Such Film' >"$work/nothing.txt"
run recommend Alien --among "$work/nothing.txt"
check "--among without a film here: exit 3" told 3 'none of its films is in the catalogue, so there is nothing to choose from'
run recommend Alien --among "$work/nothing.txt" --allow-empty
check "--allow-empty: no answer, and no error" told 0 'No film of --among'
run recommend Alien --unseen "$work/nothing.txt"
check "--unseen without a film here: exit 3" told 3 'nothing would be left out'
mkdir -p "$work/films/Aliens (1986)/extras" "$work/films/empty"
touch "$work/films/Aliens (1986)/aliens.mkv" "$work/films/Aliens (1986)/extras/Grease (1978).mkv" \
    "$work/films/Predator.1987.1080p.BluRay.x264-GRP.mkv" "$work/films/Show S01E01.mkv"
run recommend Alien --json --among "$work/films"
[ "$(ids | sort | tr '\n' ' ')" = '106 679 ' ] && told 0 'folder, 2 films, 1 that is no film'
check "--among a folder of films" [ $? = 0 ]
run recommend Alien --among "$work/films/empty"
check "an empty folder: exit 3" told 3 'nothing to choose from'
if [ -f "$work/whole.zip" ]; then
    run recommend Alien --json --among "$work/whole.zip" -q
    check "of an archive of Letterboxd the watchlist" [ "$(ids)" = 19995 ]
fi
printf 'Title,Year,Rating,Mood\nAliens,1986,5\nGrease,1978,many\n' >"$work/many.csv"
for i in 1 2 3 4 5 6 7; do echo "No Film $i,1990,x$i,blue"; done >>"$work/many.csv"
run recommend --history "$work/many.csv" --json
check "a film with a rating that cannot be read is not liked" grep -q '"films":2,"unmatched":7,"no_films":0,"unread":8,.*"liked":1,"films":\[{"id":679' "$work/out"
told 0 'many.csv: no rating: 3 more lines' && told 0 'many.csv: no film here: 2 more lines'
check "reasons are told once, with their first lines" [ $? = 0 ]
check "columns that were not used are named" told 0 'many.csv: columns not used: Mood'
printf 'Title,Year,Rating\nAliens,1986,many\n' >"$work/only.csv"
run recommend --history "$work/only.csv"
check "where no rating can be read none is liked: exit 3" told 3 'no film of the history is liked'
run recommend --history "$work/many.csv" -v
check "and with -v every line" told 0 'many.csv:10: no film "No Film 7'
run recommend --history "$work/none.csv"
check "a history that is not there: exit 3" told 3 'none.csv: cannot open'
printf 'userId,movieId,rating,timestamp\n1,1,4,5\n' >"$work/ml.csv"
run recommend --history "$work/ml.csv"
check "MovieLens without links: what to do" told 2 'ml.csv: MovieLens numbers films itself; name its links.csv with --links'
printf 'movieId,imdbId,tmdbId\n1,0078748,348\n' >"$work/links.csv"
run recommend --history "$work/ml.csv" --json -q
check "links.csv beside it is found" [ "$status" = 0 -a "$(ids | wc -l)" = 10 ]
printf 'Title,Year\n"Alien,1979\n' >"$work/bad.csv"
run recommend --history "$work/bad.csv"
check "a damaged file: exit 5, with the line" told 5 'bad.csv: line 2'
printf '99999999\n' >"$work/unknown.txt"
run recommend --history "$work/unknown.txt"
check "nothing known of it: exit 3" told 3 'no film of the history is in the catalogue'
echo "1..$n"
