#!/bin/sh
# The command line, as a user and a program meet it: every command, its JSON, exit codes, wrong input, pipes, terminals.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-${BUILD:-build}/kino}
case $kino in /*) ;; *) kino=$PWD/$kino ;; esac
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
unset KINO_HOME XDG_DATA_HOME NO_COLOR LC_ALL
export TERM=xterm LANG=C.UTF-8
data=$work/catalogue
n=0

pass() { n=$((n + 1)); echo "ok $n - $1"; }
fail() {
    n=$((n + 1))
    echo "not ok $n - $1"
    sed 's/^/#   out: /' "$work/out" | head -20
    sed 's/^/#   err: /' "$work/err" | head -20
}
skip() { n=$((n + 1)); echo "ok $n - $1 # SKIP $2"; }
run() { "$kino" "$@" >"$work/out" 2>"$work/err" </dev/null; status=$?; }   # ARGUMENTS: output, errors and status
check() { name=$1; shift; if "$@"; then pass "$name"; else fail "$name (status $status)"; fi; }  # NAME CONDITION...
both() { [ "$status" = "$1" ] && grep -q -- "$2" "$work/out"; }             # STATUS and a pattern in the output
told() { [ "$status" = "$1" ] && grep -q -- "$2" "$work/err"; }             # STATUS and a pattern in the errors
refused() { told 2 "$1" && [ ! -s "$work/out" ] && [ "$(wc -l <"$work/err")" = 1 ]; }
terminal() { script -qec "stty cols ${columns:-80} rows 40; $*" /dev/null </dev/null >"$work/out" 2>"$work/err"; }
escape=$(printf '\033')

# ---- without a catalogue ----

run --version
check "--version brings TMDB's notice" both 0 'This product uses the TMDB API but is not endorsed or certified by TMDB\.'
run version
check "version is the same" both 0 '^kino [0-9]'
run
check "nothing asked: the commands, exit 2" told 2 'recommend TITLE|ID'
run help
check "help" both 0 'kino help COMMAND'
commands=$("$kino" help | sed -n '/^Commands/,/^$/s/^  \([a-z][a-z-]*\) .*/\1/p')
missing=
for c in $commands; do
    "$kino" help "$c" >"$work/help" 2>"$work/err" || missing="$missing $c"
    "$kino" "$c" --help >"$work/help2" 2>>"$work/err" || missing="$missing $c--help"
    cmp -s "$work/help" "$work/help2" || missing="$missing $c!=--help"
    grep -q "kino $c" "$work/help" || missing="$missing $c-usage"
    [ -z "$(grep '^[A-Z][A-Za-z]*$' "$work/help" | sort | uniq -d)" ] || missing="$missing $c-headings"
    cat "$work/help" >>"$work/helps"
done
status=$missing
check "every command has help, and --help is the same" [ -n "$commands" -a -z "$missing" ]
case " $(echo $commands) " in *" build recommend search batch find pick show why why-not add grow heal refresh purge retrain remove export info check bench eval tune serve push embed tokenize completions "*) r=0 ;; *) r=1 ;; esac
check "all commands are there" [ $r = 0 ]

"$kino" help --man >"$work/man"
check "the manual page is ASCII" [ "$(tr -d '\000-\177' <"$work/man" | wc -c)" = 0 ]
missing=
for option in $(sed -n 's/^  \(-[-a-z0-9].*\)$/\1/p' "$work/helps" | grep -o -- '--[a-z][-a-z]*' | sort -u); do
    grep -qF -- "$(echo "$option" | sed 's/-/\\-/g')" "$work/man" || missing="$missing $option"
done
for c in $commands; do grep -qF ".SS \"kino $(echo "$c" | sed 's/-/\\-/g')" "$work/man" || missing="$missing $c"; done
status=$missing
check "the manual page has every command and option of the help" [ -z "$missing" ]
if command -v groff >/dev/null; then
    groff -man -Tutf8 -ww "$work/man" >"$work/out" 2>"$work/err"
    check "groff finds nothing wrong with it" [ ! -s "$work/err" ]
else
    skip "groff finds nothing wrong with it" "no groff"
fi
[ "$("$kino" help | awk 'length > 80' | wc -l)" = 0 ] && [ "$(grep -v '^  *kino ' "$work/helps" | awk 'length > 82' | wc -l)" = 0 ]
check "help fits 80 columns" [ $? = 0 ]

run recomend x
check "unknown command: the nearest" refused 'did you mean recommend?'
run recommend x --jsno
check "unknown option: the nearest, and where to read" refused 'did you mean --json? (see: kino help recommend)'
run recommend x --year 1999-1990
check "a range that ends before it begins" refused 'ends before it begins'
run recommend x -k 0
check "k has bounds" refused 'from 1 to 1000'
run recommend
check "recommend nothing" refused 'kino help recommend'
run build
check "build nothing" refused 'usage: kino build FILE\.\.\.'
run find --epochs 3 x
check "an option of another command" refused 'find does not take --epochs'
run find x --data "$work/none"
check "no catalogue: exit 3, and what to run" told 3 'kino build FILE.csv'
run find x --data "$work/none" --json
check "the same as JSON" both 3 '^{"schema":1,"error":{"code":"not_found","message":"no catalogue'
run embed --weights "$work/none.kino"
check "no weights: exit 3" told 3 'none.kino'
head -c 5000 data/sample.csv >"$work/foreign.kino"
run embed --weights "$work/foreign.kino"
check "foreign weights: exit 5" told 5 'foreign.kino'

if [ -z "$KINO_WEIGHTS" ]; then
    for w in weights/minilm-l6-v2.int8.kino weights/minilm-l6-v2.f32.kino weights/*.kino; do
        if [ -f "$w" ] && [ -z "$KINO_WEIGHTS" ]; then KINO_WEIGHTS=$PWD/$w; export KINO_WEIGHTS; fi
    done
fi
if [ -z "$KINO_WEIGHTS" ]; then
    skip "everything that needs a catalogue" "no weights: make weights"
    echo "1..$n"
    exit 0
fi

# ---- build ----

run build "$work/none.csv" --data "$data"
check "build from no file" told 3 'none.csv'
run build data/sample.csv --data "$data" --epochs 4 --plot "$work/loss.svg"
check "build reports on standard error alone" [ "$status" = 0 -a ! -s "$work/out" ]
check "a line per epoch, without a terminal too" [ "$(grep -c '^epoch [1-4]/4  loss [0-9.]*  val_loss [0-9.]*' "$work/err")" = 4 ]
grep -q '^Read ' "$work/err" && grep -q '^Embedded ' "$work/err" && grep -q '^Saved ' "$work/err" && ! grep -q "$escape" "$work/err"
check "the report has all stages and no colour" [ $? = 0 ]
grep -q '^<svg ' "$work/loss.svg" && grep -q 'class="curve val"' "$work/loss.svg" && [ "$(tail -n 1 "$work/loss.svg")" = "</svg>" ]
check "--plot draws both curves" [ $? = 0 ]
run build data/sample.csv --data "$data" --epochs 4 --json -q
check "build --json, and nothing else with -q" [ "$status" = 0 -a "$(wc -l <"$work/out")" = 1 -a ! -s "$work/err" ]
grep -q '"faults":\[.*"ladder":\[.*"embedded":0,"reused":[1-9].*"seconds":{"read":' "$work/out"
check "a second build embeds nothing" [ $? = 0 ]
run build data/sample.csv --data "$data" --epochs 4 --plot "$work/none/loss.svg" --seed 5
check "a curve that cannot be written: exit 1" told 1 'loss.svg'

# ---- find and show ----

run find Alien --data "$data" --json
check "find --json" both 0 '^{"schema":1,"query":"Alien","results":\[{"id":348,"title":"Alien","original_title":"Alien","year":1979,"votes":[0-9]*,"match":"exact","distance":0}'
run find toy story --data "$data" -k 1 --ndjson
check "find of several words, --ndjson" both 0 '^{"id":862,'
run find qqqqqqqqqqqq --data "$data"
check "find nothing: exit 3" told 3 'no film'
run find qqqqqqqqqqqq --data "$data" --json
check "find nothing as JSON" both 3 '"results":\[\]'
run find --titles alie --data "$data"
check "find --titles: what completes a title, and nothing else" both 0 '^Alien (1979)$'
[ "$(grep -vcE '^.* \([0-9]{4}\)$' "$work/out")" = 0 ]
check "each with its year" [ $? = 0 ]
run find --titles alein --data "$data"
check "but no misspelling" [ "$status" = 0 -a ! -s "$work/out" ]
run find --names genre fict --data "$data"
check "find --names: what completes a genre" [ "$status" = 0 -a "$(cat "$work/out")" = "Science Fiction" ]
run find --names language "" -k 3 --data "$data"
check "or any language" [ "$status" = 0 -a "$(tr '\n' ' ' <"$work/out")" = "en english ja " ]
run show toy story --data "$data"
check "show" both 0 'TMDB 862, IMDb tt0114709'
run show 348 --data "$data" --json
check "show --json" both 0 '^{"schema":1,"movie":{"id":348,"title":"Alien",.*"directors":\[.*"countries":\['
run show "" --data "$data"
check "an empty title" refused 'title is empty'

# ---- recommend and search ----

run recommend Alien --data "$data"
check "recommend: a table" both 0 '^ *1  .*([12][0-9][0-9][0-9])'
[ "$(grep -c '^ *[0-9][0-9]*  ' "$work/out")" = 10 ] && ! grep -q "$escape" "$work/out" && ! grep -q '…' "$work/out"
check "ten films, no colour and nothing cut in a pipe" [ $? = 0 ]
run recommend Alien --data "$data" --json
check "recommend --json, version 1" both 0 '^{"schema":1,"query":{"like":\[{"id":348,"title":"Alien","year":1979}\],"not":\[\],"about":null,"k":10},"results":\[{"rank":1,"id":[0-9]*,"title":".*","original_title":".*","year":[0-9]*,"score":[0-9.]*,"why":{"plot":[-0-9.]*,"words":[-0-9.]*,"profile":[-0-9.]*,"genres":[-0-9.]*,"keywords":[-0-9.]*,"director":[-0-9.]*,"cast":[-0-9.]*,"era":[-0-9.]*,"language":[-0-9.]*,"acclaim":[-0-9.]*,"fame":[-0-9.]*,"popularity":[-0-9.]*},"because":348,"genres":\[.*\],"language":".*","runtime":.*,"rating":.*,"votes":.*,"poster_path":.*,"imdb_id":.*,"overview":.*}\],"took_ms":[0-9.e-]*}$'
tr '{' '\n' <"$work/out" | awk -F'[:,}]' '/"score"/ { for (i = 1; i < NF; i++) if ($i == "\"score\"") score = $(i + 1) }
    /^"plot"/ { n++; sum = 0; for (i = 2; i <= 24; i += 2) sum += $i; if (sum != score) bad++ }
    END { exit !(n == 10 && !bad) }'
check "the parts add up to the score, exactly" [ $? = 0 ]
grep -q '"id":348,"title":"Alien","original' "$work/out"
check "the seed is not among the answers" [ $? = 1 ]
run recommend Alien --data "$data" --ndjson -k 3
check "--ndjson: a line a film" [ "$status" = 0 -a "$(grep -c '^{"rank":[1-3],.*}$' "$work/out")" = 3 -a "$(wc -l <"$work/out")" = 3 ]
run recommend Alien 862 --not Aliens --about "a haunted house" --weight plot=3 --index exact --explain --data "$data"
check "blended, away from, about, weighted, explained" both 0 'plot [-0-9.]* [+-] words [-0-9.]* [+-] .* = [0-9.]*$'
check "and what it shares in words" both 0 '^    .* like \(Alien\|Toy Story\) (.*; both have the theme'
check "what was understood stands on top" both 0 \
    '^Like Alien (1979) and Toy Story (1995), about "a haunted house", not like Aliens (1986)$'
run recommend Alien --year 1980-1989 --data "$data" -k 5 --json
years=$(grep -o '"year":[0-9]*,"score"' "$work/out" | sed 's/[^0-9]//g')
bad=; for y in $years; do [ "$y" -ge 1980 ] && [ "$y" -le 1989 ] || bad=$y; done
check "--year filters and still gives k" [ -z "$bad" -a "$(echo "$years" | wc -l)" = 5 ]
run recommend Alien --genre comedy --lang en --runtime -120 --min-rating 5 --min-votes 1 --no-genre War --data "$data"
check "all filters together" both 0 'Comedy'
run recommend Alien --year 1890 --data "$data"
check "nothing passes: said so, exit 0" told 0 'No film passes'
run recommend Alien Alein --data "$data"
check "an unknown title: exit 3" told 3 'Alein'
run recommend Alien --not Alien --data "$data"
check "the same film asked for and away from" told 2 'Alien'
run search a quiet film about grief --data "$data"
check "search" both 0 '^About "a quiet film about grief"$'
run search a quiet film about grief --data "$data" --json
check "search --json" both 0 '"like":\[\],"not":\[\],"about":"a quiet film about grief"'

# Two films of one title, and a title that is an attack.
{
    head -n 60 data/sample.csv
    cat <<'END'
False,,0,"[{'id': 18, 'name': 'Drama'}]",,99000001,tt9900001,en,Twin Title,"A first film of this name, about a mill.",1.0,,[],[],1950-01-01,0,90.0,[],Released,,Twin Title,False,6.0,50,[]
False,,0,"[{'id': 18, 'name': 'Drama'}]",,99000002,tt9900002,en,Twin Title,"A second film of this name, about a mine.",1.0,,[],[],1960-01-01,0,95.0,[],Released,,Twin Title,False,7.0,500,[]
False,,0,[],,99000004,tt9900004,fr,Le Fabuleux Destin d'Amélie Poulain,A waitress.,1.0,,[],[],2001-04-25,0,122.0,[],Released,,Amélie,False,8.0,900,[]
END
    printf 'False,,0,[],,99000003,tt9900003,en,"Evil %s[31mred%s]0;x%s","A film about %s[2J a mill.",1.0,,[],[],1970-01-01,0,90.0,[],Released,,"Evil %s[31mred%s]0;x%s",False,6.0,50,[]\n' \
        "$escape" "$escape" "$(printf '\007')" "$escape" "$escape" "$escape" "$(printf '\007')"
} >"$work/twins.csv"
twins=$work/twins
run build "$work/twins.csv" --data "$twins" --epochs 2 -q
check "build another catalogue, quietly" [ "$status" = 0 -a ! -s "$work/out" -a ! -s "$work/err" ]
run recommend "twin title" --data "$twins"
check "ambiguous: exit 3, candidates on standard error" [ "$status" = 3 -a ! -s "$work/out" -a "$(grep -c 'Twin Title (19[56]0)' "$work/err")" -ge 2 ]
check "and how to name one" told 3 '"Twin Title (19[56]0)" or 9900000[12]'
run recommend "twin title" --data "$twins" --json
check "ambiguous as JSON" both 3 '^{"schema":1,"error":{"code":"ambiguous","message":".*"},"candidates":\[{"id":9900000[12],"title":"Twin Title","original_title":"Twin Title","year":19[56]0,"votes":[0-9]*},{'
run find AMELIE --data "$twins"
check "find, blind to accents and case" both 0 'Amélie (2001)  Le Fabuleux'
run show "le fabuleux destin d'amelie poulain" --data "$twins"
check "the original title names a film too" both 0 'TMDB 99000004'
run show "twin title" --first --data "$twins"
check "--first takes the better known" both 0 'TMDB 99000002'
run show "Twin Title (1950)" --data "$twins"
check "the year names one" both 0 'TMDB 99000001'
run show 99000003 --data "$twins"
check "escape sequences of a title do not pass" [ "$status" = 0 -a "$(grep -c "$escape" "$work/out")" = 0 ]
run show 99000003 --data "$twins" --json
check "nor in JSON" [ "$status" = 0 -a "$(grep -c "$escape" "$work/out")" = 0 ]
run remove 99000001 99000002 --data "$twins"
check "remove" told 0 '2 films removed'
run show 99000001 --data "$twins"
check "what was removed is gone" [ "$status" = 3 ]
run recommend 99000003 -k 1000 --data "$twins"
check "from the answers too" [ "$status" = 0 -a "$(grep -c 'Twin Title' "$work/out")" = 0 ]
run remove 99000001 --data "$twins"
check "remove what is not there: exit 3" told 3 'not in the catalogue'
run remove Alien --data "$twins"
check "remove takes ids alone" refused 'is not an id'

# ---- info, embed, tokenize ----

run info --data "$data"
check "info" both 0 '^Films  *[1-9]'
run info --data "$data" --json
check "info --json" both 0 '^{"schema":1,"version":"[0-9.]*","data":".*","bytes":[1-9].*"films":[1-9].*"weights_fingerprint":"[0-9a-f]*"}$'
if grep -q '"network":true' "$work/out"; then
    TMDB_API_KEY='' HOME=$work "$kino" info --data "$data" >"$work/out" 2>"$work/err"; status=$?
    check "without a key info claims none" both 0 '^Network  *TMDB, once there is a key'
    TMDB_API_KEY=0123456789abcdef0123456789abcdef "$kino" info --data "$data" >"$work/out" 2>"$work/err"; status=$?
    check "with one it says so" both 0 '^Network  *TMDB, with your key'
else
    skip "what info says of a key" "built without the network"
fi
KINO_HOME=$data "$kino" info >"$work/out" 2>"$work/err"; status=$?
check "\$KINO_HOME names the catalogue" both 0 '^Films'

printf 'one\r\n\ntwo\rtwo\f\nlast' >"$work/lines"
"$kino" embed <"$work/lines" >"$work/out" 2>"$work/err"; status=$?
check "embed: a line in, a line out" [ "$status" = 0 -a "$(wc -l <"$work/out")" = 4 ]
awk -F, '{ if ($1 != "{\"i\":" NR - 1 || NF != 385) exit 1; s = 0; for (i = 2; i <= NF; i++) { x = $i; gsub(/[^-0-9.e]/, "", x); s += x * x }
    if (s < 0.999 || s > 1.001) exit 1 }' "$work/out"
check "384 numbers each, of length 1, in order" [ $? = 0 ]
printf 'one\n' | "$kino" embed >"$work/one"
[ "$(head -n 1 "$work/out")" = "$(cat "$work/one")" ]
check "a \\r before the end of a line is dropped" [ $? = 0 ]
[ "$("$kino" embed --format f32 <"$work/lines" | wc -c)" = 6144 ]
check "--format f32" [ $? = 0 ]
"$kino" embed --format npy <"$work/lines" >"$work/file.npy" && "$kino" embed --format npy <"$work/lines" | cat >"$work/pipe.npy"
cmp -s "$work/file.npy" "$work/pipe.npy" && [ "$(wc -c <"$work/file.npy")" = 6272 ] && head -c 128 "$work/file.npy" | grep -aq "'shape': (4, 384)"
check "--format npy, into a file and into a pipe" [ $? = 0 ]
: | "$kino" embed >"$work/out" 2>"$work/err"; status=$?
check "no line, no vector" [ "$status" = 0 -a ! -s "$work/out" ]
"$kino" tokenize <"$work/lines" >"$work/out" 2>"$work/err"; status=$?
check "tokenize" [ "$status" = 0 -a "$(sed -n 1p "$work/out")" = "101 2028 102" -a "$(sed -n 2p "$work/out")" = "101 102" -a "$(wc -l <"$work/out")" = 4 ]

# ---- pipes, disks, signals, terminals ----

yes 'a film about a mill' | "$kino" embed 2>"$work/err" | head -n 1 >"$work/out"
check "a closed pipe ends embed quietly" [ ! -s "$work/err" -a "$(wc -l <"$work/out")" = 1 ]
"$kino" help --man 2>"$work/err" | head -n 1 >"$work/out"
check "and any other command" [ ! -s "$work/err" ]
if [ -w /dev/full ]; then
    "$kino" info --data "$data" >/dev/full 2>"$work/err"; status=$?
    : >"$work/out"
    check "a full disk is told: exit 1" told 1 'cannot write'
else
    skip "a full disk is told: exit 1" "no /dev/full"
fi
"$kino" info --data "$data" >&- 2>"$work/err"; status=$?
check "standard output closed: exit 1" [ "$status" = 1 ]
# A pipe that nobody writes to: embed waits, until it is told to stop.
mkfifo "$work/fifo"
"$kino" embed <"$work/fifo" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/fifo"
echo text >&3
for i in 1 2 3 4 5 6 7 8 9 10; do [ -s "$work/out" ] && break; sleep 0.5; done
check "embed answers a line at once" [ -s "$work/out" ]
kill -TERM $pid
wait $pid; status=$?
exec 3>&-
check "interrupted: exit 130" told 130 'interrupted'

if command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1; then
    terminal "$kino" recommend Alien --data "$data"
    grep -q "$escape\[" "$work/out" && grep -q '━' "$work/out"
    check "a terminal gets colour and bars" [ $? = 0 ]
    for columns in 24 40 60 80 120; do
        terminal NO_COLOR=1 "$kino" recommend Alien --data "$data" -k 40
        tr -d '\r\200-\277' <"$work/out" | LC_ALL=C awk -v most=$columns 'length > most { bad = 1 } END { exit bad }'
        check "the table fits $columns columns" [ $? = 0 ]
    done
    columns=80
    terminal NO_COLOR=1 "$kino" recommend Alien --data "$data"
    check "NO_COLOR: none" [ "$(grep -c "$escape" "$work/out")" = 0 ]
    terminal "$kino" recommend Alien --no-color --data "$data"
    check "--no-color: none" [ "$(grep -c "$escape" "$work/out")" = 0 ]
    terminal "$kino" build data/sample.csv --data "$work/epochs" --epochs 30
    tr '\r' '\n' <"$work/out" >"$work/lines"
    check "epochs are one line that is drawn anew" [ "$(grep -c '^epoch' "$work/lines")" = 0 -a \
        "$(grep -c 'loss [0-9.]*  val_loss [0-9.]*  best' "$work/lines")" -ge 1 ]
    check "and the report stays on the screen" [ "$(wc -l <"$work/out")" -lt 25 ]
    terminal TERM=dumb "$kino" recommend Alien --data "$data"
    check "TERM=dumb: neither colour nor drawing" [ "$(grep -c "$escape\|━" "$work/out")" = 0 ]
    terminal "$kino" show 99000003 --no-color --data "$twins"
    check "a hostile title on a terminal" [ "$(grep -c "$escape" "$work/out")" = 0 ]
else
    skip "what a terminal gets" "no script(1)"
fi
echo "1..$n"
