#!/bin/sh
# kino batch: each line's answer is that of kino recommend, in order, on any number of threads; failures are objects.
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
    sed 's/^/#   out: /' "$work/out" | cut -c1-300 | head -20
    sed 's/^/#   err: /' "$work/err" | head -20
}
batch() { "$kino" batch - --data "$data" "$@" >"$work/out" 2>"$work/err"; status=$?; }
check() { name=$1; shift; if "$@"; then pass "$name"; else fail "$name (status $status)"; fi; }
line() { sed -n "$1p" "$work/out" | grep -q -- "$2"; }
plain() { sed 's/,"took_ms":[^,}]*//; s/,"line":[0-9]*}$/}/; s/^\({.*\)$/\1/' "$1"; }

if ! "$kino" build data/sample.csv --data "$data" --epochs 4 -q 2>"$work/err"; then
    echo "1..0 # SKIP no catalogue: $(cat "$work/err")"
    exit 0
fi

# ---- a line is a command ----

cat >"$work/questions" <<'END'
{"like":[348,"Heat (1995)"],"not":["Shrek"],"k":3,"year":"1980-1999"}
{"like":"Alien","genre":["Horror"],"min_votes":100,"weight":{"plot":2,"facts":0.5}}
{"like":["Alien^3","Jaws"],"about":"the sea","diversity":0,"sequels":true,"no_genre":"Comedy","runtime":"-150","k":4}
{"about":"robots that want to be human","lang":["en","ja"],"min_rating":7.5,"popularity":-0.5,"like":null,"first":false}
END
{
    "$kino" recommend 348 "Heat (1995)" --not Shrek -k 3 --year 1980-1999 --json --offline --data "$data"
    "$kino" recommend Alien --genre Horror --min-votes 100 --weight plot=2,facts=0.5 --json --offline --data "$data"
    "$kino" recommend Alien^3 Jaws --about "the sea" --diversity 0 --sequels --no-genre Comedy --runtime -150 -k 4 --json \
        --offline --data "$data"
    "$kino" recommend --about "robots that want to be human" --lang en,ja --min-rating 7.5 --popularity -0.5 --json \
        --offline --data "$data"
} >"$work/single" 2>"$work/err"
batch <"$work/questions"
check "all are answered" [ "$status" = 0 -a "$(wc -l <"$work/out")" = 4 -a ! -s "$work/err" ]
plain "$work/single" >"$work/single.plain"
plain "$work/out" >"$work/out.plain"
cmp -s "$work/single.plain" "$work/out.plain"
check "each answer is that of kino recommend --json" [ $? = 0 ]
line 3 '"line":3}$'
check "and tells its line" [ $? = 0 ]

# ---- many lines, any number of threads ----

i=0
while [ $i -lt 300 ]; do
    for id in 348 862 578 694 539; do echo "{\"like\":[$id],\"k\":$((i % 7 + 1))}"; i=$((i + 1)); done
done >"$work/many"
"$kino" batch "$work/many" --data "$data" --threads 1 2>&1 | plain - >"$work/one"
"$kino" batch "$work/many" --data "$data" --threads 3 2>&1 | plain - >"$work/three"
cmp -s "$work/one" "$work/three"
check "the same on one thread and on three" [ $? = 0 -a "$(wc -l <"$work/one")" = 300 ]
wanted=$(grep -o '\[[0-9]*\]' "$work/many" | tr -d '[]' | md5sum)
given=$(sed 's/^.*"like":\[{"id":\([0-9]*\).*/\1/' "$work/one" | md5sum)
check "in the order of the questions" [ "$wanted" = "$given" ]

# ---- what holds for every line; what was seen ----

printf '{"like":[348]}\n{"like":[348],"k":2,"genre":"Horror"}\n' >"$work/lines"
batch -k 5 --genre "Science Fiction" <"$work/lines"
check "options of the command line hold for every line" \
    [ "$(sed -n 1p "$work/out" | grep -o '"rank"' | wc -l)" = 5 -a "$(sed -n 2p "$work/out" | grep -o '"rank"' | wc -l)" = 2 ]
[ "$(sed -n 2p "$work/out" | grep -o '"genres":\[[^]]*\]' | grep Horror | grep -c 'Science Fiction')" = 2 ]
check "and lists are added to" [ $? = 0 ]
echo 679 >"$work/seen.txt"
printf '{"like":[348],"unseen":[1091,694,99999999]}\n{"like":[348]}\n' >"$work/lines"
batch --unseen "$work/seen.txt" <"$work/lines"
check "the file of --unseen is read once, not for each line" [ "$(grep -c 'seen.txt: 1 film' "$work/err")" = 1 ]
sed -n 1p "$work/out" | grep -qE '"rank":[0-9]*,"id":(679|1091|694),'
check "unseen, of the line and of the command" [ $? = 1 -a "$status" = 0 ]
sed -n 2p "$work/out" | grep -qE '"rank":[0-9]*,"id":679,'
check "which holds for the second line too" [ $? = 1 ]
sed -n 2p "$work/out" | grep -qE '"rank":[0-9]*,"id":(1091|694),'
check "but not what the first line had seen" [ $? = 0 ]

# ---- failures ----

printf '%s\n' '{"like":["Alein"]}' '' 'nonsense' '{"like":[348],"genere":"x"}' '{"like":[348],"k":0}' '{}' '[348]' \
    '{"like":[348],"year":{"a":[1]}}' '{"like":[348],"unseen":["x"]}' '{"like":[99999999]}' '{"like":[348],"k":1}' \
    '{"like":[348],"like":[862]}' '{"like":[348],"data":"x"}' '{"like":[348],"weight":{"plot":2,"all":0}}' \
    '{"like":[348],"not":[348]}' '{"like":[true]}' >"$work/lines"
batch <"$work/lines"
check "failures do not stop it, the exit code is that of the first" [ "$status" = 3 -a "$(wc -l <"$work/out")" = 15 ]
grep -q '14 of 15 questions could not be answered, the first on line 1' "$work/err"
check "they are counted" [ $? = 0 ]
line 1 '^{"schema":1,"error":{"code":"not_found",.*"candidates":\[{"id":348,.*"line":1}$'
check "a title that is not clear: candidates" [ $? = 0 ]
line 2 '"code":"damaged","message":"standard input: line 3: not JSON' && line 2 '"line":3}$'
check "no JSON, with the line" [ $? = 0 ]
line 3 '"nothing is called \\"genere\\"' && line 4 'k takes a whole number from 1 to 1000' && line 5 'nothing to go by' &&
    line 6 'a question is an object' && line 7 'year: a number or a text is wanted' && line 8 'unseen takes a list of ids' &&
    line 9 '"code":"not_found"' && line 10 '"rank":1' && line 11 'a member is there twice' && line 12 'nothing is called' &&
    line 13 'not all can be 0' && line 14 'asked away from' && line 15 'like: a number or a text is wanted'
check "each failure says what is wrong" [ $? = 0 ]
printf '{"like":[348],"k":1}' >"$work/lines"
batch <"$work/lines"
check "a last line without an end" [ "$status" = 0 -a "$(wc -l <"$work/out")" = 1 ]
batch </dev/null
check "nothing asked, nothing answered" [ "$status" = 0 -a ! -s "$work/out" ]
"$kino" batch "$work/none" --data "$data" >"$work/out" 2>"$work/err"
status=$?
check "no such file: exit 3" [ "$status" = 3 ]

# An answer is there before the next question is asked: somebody may wait for it.
mkfifo "$work/pipe"
"$kino" batch - --data "$data" <"$work/pipe" >"$work/out" 2>"$work/err" &
asked=$!
exec 3>"$work/pipe"
echo '{"like":[348],"k":1}' >&3
tries=0
while [ ! -s "$work/out" ] && [ $tries -lt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
check "an answer does not wait for the next question" [ -s "$work/out" ]
exec 3>&-
wait $asked
echo "1..$n"
