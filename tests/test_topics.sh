#!/bin/sh
# kino eval with topics and judgements that are made up here, of which the figures are known.
cd "$(dirname "$0")/.." || exit 1
kino=${KINO:-build/kino}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
echo 1..9
n=0

check() {  # NAME: by the status of the last command
    result=$?
    n=$((n + 1))
    if [ "$result" = 0 ]; then echo "ok $n - $1"; else sed 's/^/# /' "$work/err"; echo "not ok $n - $1"; fi
}

"$kino" build data/sample.csv --data "$work/c" --epochs 1 -q 2>"$work/err"
check "a catalogue of the sample"

id() {  # WORDS RANK: the film that a search has there
    "$kino" search "$1" -k "$2" --data "$work/c" --json | tr '{' '\n' | sed -n "s/^\"rank\":$2,\"id\":\([0-9]*\),.*/\1/p"
}
wish="a haunted ship" other="love in wartime"
printf 'a1\t%s\na2\t%s\nb1\t%s\nb2\t%s\n\n' "$wish" "$other" "$wish" "$other" >"$work/topics"
# The first film is the first of all that are judged; the third is passed by one that is judged for another topic.
{
    echo "a1 0 $(id "$wish" 1) 2"
    echo "a1 0 $(id "$wish" 2) 0"
    echo "a2 0 $(id "$other" 3) 1"
    echo "b1 0 $(id "$wish" 1) 0"
    echo "b1 0 $(id "$wish" 2) 1"
    echo "c9 0 $(id "$other" 1) 1"
    echo "c9 x 999999999	1"
} >"$work/qrels"
ask() {
    "$kino" eval --topics "$work/topics" --qrels "$work/qrels" --data "$work/c" "$@" 2>"$work/err"
}
figure() {  # GROUP KEY: a value of the JSON
    tr '{' '\n' <"$work/out" | awk -v group="$1" -v key="$2" '
        index($0, "\"group\":") { on = index($0, "\"group\":\"" group "\"") }
        on && want && index($0, "\"value\":") { sub(/.*"value":/, ""); sub(/,.*/, ""); print; exit }
        { want = index($0, "\"" key "\":") }'
}
near() {  # GOT WANTED
    awk -v a="$1" -v b="$2" 'BEGIN { exit !(a != "" && (a - b) ^ 2 < 1e-12) }'
}
# a1: the first; a2: the second of those judged; b1: the second; b2 has no right film.
ask --json >"$work/out" && near "$(figure a ndcg)" "$(awk 'BEGIN { print (1 + log(2) / log(3)) / 2 }' OFMT=%.12f)" &&
    near "$(figure b ndcg)" "$(awk 'BEGIN { printf "%.12f", log(2) / log(3) }')"
check "NDCG by the first letters of topics, films that nobody judged passed over"
near "$(figure a mrr)" 0.75 && near "$(figure b mrr)" 0.5 && near "$(figure all success)" 1
check "reciprocal ranks and success"
grep -q '"judged":5,"absent":1,"left_out":1,' "$work/out"
check "what is not in the catalogue, and topics without a right film"
ask --pool all --json >"$work/out" && near "$(figure a mrr)" "$(awk 'BEGIN { printf "%.12f", (1 + 1 / 3) / 2 }')"
check "with all films the third is the third"
ask --run "$work/run" >"$work/out" && grep -q '^a .*0[.]' "$work/out" && grep -q '^1 topic left out, .*: b2$' "$work/out" &&
    awk '$1 != topic { topic = $1; rank = 0; score = 1e9 }
        { if (NF != 6 || $2 != "Q0" || $4 != ++rank || $5 >= score) bad = 1; score = $5; ++lines[$1] }
        END { exit bad || lines["a1"] != 4 || lines["b2"] != 4 }' "$work/run"
check "a table, and a run of the judged films with falling scores"
ask --qrels "$work/topics" >/dev/null; [ $? = 5 ] && grep -q 'topics:1: ' "$work/err"
check "judgements that are none: exit 5, and the line"
printf 'a1\tone\na1\ttwo\n' >"$work/twice"
"$kino" eval --topics "$work/twice" --qrels "$work/qrels" --data "$work/c" 2>"$work/err"; [ $? = 5 ] && grep -q 'twice:2: ' "$work/err"
check "a topic that is there twice: exit 5, and the line"
"$kino" eval --topics "$work/topics" --data "$work/c" 2>"$work/err"; [ $? = 2 ] && grep -q -e '--qrels' "$work/err"
check "topics without judgements: exit 2"
