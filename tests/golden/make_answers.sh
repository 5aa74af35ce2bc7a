#!/bin/sh
# The answers to tests/golden/questions.txt: what a changed constant of the score changes. `make golden` writes them anew.
#   make_answers.sh KINO CATALOGUE >tests/golden/answers.txt
# CATALOGUE is a folder in which the sample is built. A film is a line: its id and score, the parts in their order, and
# the film that brought it; scores and parts are counted in grains of 2^-20. What is built is the same to the bit on
# every machine and at every level of KINO_ISA, since MiniLM's bytes, the encoder's training and the products of vectors
# promise that.
set -u
kino=$1 data=$2
"$kino" build data/sample.csv --data "$data" --epochs 20 --seed 7 -q || exit 1
"$kino" info --data "$data" --json | grep -o '"encoder_fingerprint":"[0-9a-f]*"' | tr -d '"' || exit 1
while read -r question; do
    echo "$question"
    case $question in
    recommend*) more='--explain --offline' ;;
    search*) more=--offline ;;
    *) more= ;;
    esac
    eval "\"\$kino\" $question $more --json -q --data \"\$data\"" </dev/null >"$data/answer" || exit 1
    case $question in
    tune* | eval*) # figures, rounded: a line a part, a method or what is told of all
        grep -oE '"(task|method|name)":"[^"]*"|"[a-z_]+":(null|[0-9.e-]+)' "$data/answer" |
            awk -F'":' '
                { key = substr($1, 2) }
                key ~ /^(schema|films|users)$/ { next }
                $2 ~ /^-?[0-9]+[.]/ { $2 = sprintf("%.5f", $2) }
                key ~ /^(task|name|gain)$/ { printf "%s    %s", (NR > 1 ? "\n" : ""), $2; next }
                { printf " %s", $2 }
                END { print "" }' | sed '/^$/d; s/^ */    /'
        continue ;;
    esac
    grep -oE '"(rank|among|share|liked)":[0-9.e-]+|"(id|because)":[0-9]+|"score":[0-9.e-]+|"why":\{[^}]*\}' "$data/answer" |
        awk -F: '
            function grains(x) { return sprintf(" %d", x * 1048576) }
            $1 == "\"rank\"" { rank = $2; next }
            $1 == "\"among\"" { print "    rank " rank " of " $2; next }
            $1 == "\"id\"" { id = $2; if (taste) print "        " id; next }
            $1 == "\"share\"" { taste = 1; printf "    taste %.6f", $2; next }
            $1 == "\"liked\"" { print " of " $2; next }
            $1 == "\"score\"" { if (line) print line; line = "    " id grains($2) " ="; next }
            $1 == "\"why\"" {
                n = split($0, part, /[:,}]/)
                for (i = 3; i < n; i += 2) line = line grains(part[i])
                next
            }
            $1 == "\"because\"" { line = line " by " $2; print line; line = "" }
            END { if (line) print line }'
done <tests/golden/questions.txt
