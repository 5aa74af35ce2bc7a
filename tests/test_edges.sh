#!/bin/sh
# Files that are not what they should be, and places that are full: a sentence, the right exit code, never a wait; and
# questions go on as long as anything can answer them.
cd "$(dirname "$0")/.." || exit 1
kino=$(realpath "${KINO:-build/kino}")
sample=$(realpath data/sample.csv)
weights=$(realpath "${KINO_TEST_WEIGHTS:-weights/minilm-l6-v2.int8.kino}")
work=$(mktemp -d)
mounted=
trap '[ -z "$mounted" ] || umount "$work/small"; rm -rf "$work"' EXIT
export KINO_WEIGHTS="$weights" LC_ALL=C.UTF-8 HOME="$work" TMDB_API_KEY=
cd "$work" || exit 1
count=0
check() {  # NAME STATUS: passes if the status is 0
    count=$((count + 1))
    if [ "$2" = 0 ]; then echo "ok $count - $1"; else
        echo "not ok $count - $1"
        sed 's/^/# /' out err
    fi
}
says() {  # CODE TEXT COMMAND...: the exit code, and a part of what is said on standard error, in one line
    want=$1 text=$2
    shift 2
    timeout 60 "$@" >out 2>err </dev/null
    code=$?
    [ "$code" = "$want" ] && grep -qF -- "$text" err && [ "$(wc -l <err)" = 1 ]
}
head -61 "$sample" >films.csv
"$kino" build films.csv --data whole --epochs 2 -q || exit 1

# ---- what is no file ----
mkfifo fifo
cp -r whole piped && rm piped/snapshot.kino && mkfifo piped/snapshot.kino
timeout 60 "$kino" recommend 964 --data piped --no-heal -k1 >out 2>err && grep -q "not a regular file" err && grep -q "^1 " out
check "a FIFO in the place of the snapshot is waited for by nobody" $?
says 1 "not a regular file" "$kino" embed --weights fifo
check "nor one in the place of the weights" $?
mkdir catalogue && mkfifo catalogue/catalogue.db
says 1 "not a regular file" "$kino" info --data catalogue
check "nor one in the place of the catalogue" $?

# ---- a first build that is not finished ----
mkdir begun && : >begun/catalogue.db
right=0
for command in info "recommend 964" "search grief" "show 964"; do
    # shellcheck disable=SC2086
    says 3 "no catalogue at begun/catalogue.db yet" "$kino" $command --data begun || right=1
done
check "a build that has just begun is no damage" $right
timeout 60 "$kino" check --data begun >out 2>err
[ $? = 3 ] && grep -q "no catalogue at .* yet" out && ! grep -q damaged out
check "kino check says the same" $?

# ---- limits of the system ----
(ulimit -f 100 && says 1 "ulimit -f" "$kino" build films.csv --data limited --epochs 2 -q)
check "a limit on the size of files is told, and kills nobody" $?
says 3 "no catalogue at limited/catalogue.db yet" "$kino" info --data limited
check "and leaves no catalogue that is called damaged" $?

# ---- ids ----
for id in 9007199254740992 9007199254740993 99999999999999999999; do
    printf 'id,title,overview\n%s,Beyond,A plot.\n' $id | timeout 60 "$kino" add - --data whole >out 2>err
    "$kino" find Beyond --data whole >out 2>/dev/null && break
done
[ $? != 0 ]
check "an id beyond 2^53 does not become another one" $?

# ---- what a copy leaves behind ----
cat >change.py <<'P'
"""change.py FOLDER: changes the catalogue and leaves the change in its WAL, as a program that is still open does."""
import os, shutil, sqlite3, sys
folder = sys.argv[1]
db = sqlite3.connect(folder + "/catalogue.db")
db.execute("PRAGMA wal_autocheckpoint = 0")
db.execute("UPDATE film SET title = 'Changed' WHERE id = 964")
db.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
db.commit()
shutil.copytree(folder, folder + ".copy", ignore=lambda d, names: [n for n in names if n.endswith("-shm")])
P
cp -r whole changed && python3 change.py changed && [ -s changed.copy/catalogue.db-wal ] || exit 1
mkdir small
if ! mount -t tmpfs -o size=8m tmpfs small 2>/dev/null; then
    for what in "a copy that cannot be written" "a full disk"; do
        count=$((count + 1))
        echo "ok $count - $what # SKIP nothing can be mounted"
    done
    echo "1..$count"
    exit
fi
mounted=1
cp -r changed.copy small/copy && mount -o remount,ro small
says 0 "its last changes lie in small/copy/catalogue.db-wal" "$kino" show 964 --data small/copy && ! grep -q Changed out
check "a read-only copy with a WAL says that it lacks the last films" $?
timeout 60 "$kino" check --data small/copy >out 2>err
[ $? = 1 ] && grep -q "^fault catalogue .*its last changes lie in" out
check "kino check does not call it sound" $?
mount -o remount,rw small && timeout 60 "$kino" show 964 --data small/copy >out 2>err && grep -q Changed out && [ ! -s err ]
check "where it can be written, nothing is missing" $?

# ---- a full disk ----
rm -rf small/copy && cp -r changed.copy small/copy && cp -r whole small/whole
dd if=/dev/zero of=small/fill bs=4096 >/dev/null 2>&1
printf 'id,title,overview\n300003,Seen,A baker bakes.\n' >one.csv
says 1 "the disk is full" "$kino" add one.csv --data small/whole
check "a full disk is told as what it is" $?
says 1 "the disk is full" "$kino" build films.csv --data small/new --epochs 2 -q
check "by a build too" $?
says 3 "no catalogue at small/new/catalogue.db yet" "$kino" info --data small/new
check "after which there is no catalogue yet" $?
timeout 60 "$kino" recommend 964 --data small/whole -k1 --no-heal >out 2>err && grep -q "^1 " out
check "questions go on" $?
says 0 "the disk is full" "$kino" recommend 964 --data small/copy -k1 --no-heal && grep -q "^1 " out && grep -q "index snapshot alone" err
check "and are answered from the snapshot where the catalogue cannot be read" $?
rm small/fill && timeout 60 "$kino" add one.csv --data small/whole >out 2>err &&
    "$kino" show 300003 --data small/whole >out 2>&1 && "$kino" check --data small/whole >out 2>&1
check "when there is room again, all is as before" $?
umount small && mounted=
echo "1..$count"
