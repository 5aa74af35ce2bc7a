"""What `make mutants` runs: puts small faults into the sources, one by one, and asks the tests whether they see them.

    mutants.py [NAME]...     those of tests/mutants/NAME.tsv; without a name, of all files there

A line of such a file has four fields, with tabs between them: the name of the mutant, the file that it changes, the
expression that perl changes it with (perl -0pi -e EXPRESSION FILE), and the tests that have to see it, with spaces
between them: test_output test_cli.sh. The file may be given by a pattern that matches no other: src/app/**/values.c. A
fifth field says why nobody can see it. Lines that begin with # say something.

All this happens in copies of the tracked files and of what build/ holds of them; nothing in this folder is changed.
$KINO_MUTANTS_JOBS copies (2) work side by side. A mutant is killed by the first test that fails, or takes a minute
longer than it may; by the compiler none is, that is a mistake in the line, as is an expression that changes nothing."""
import glob
import os
import queue
import shutil
import subprocess
import sys
import tempfile
import threading
import time

JOBS = int(os.environ.get("KINO_MUTANTS_JOBS", "2"))
FOLDER = "tests/mutants"


def read(path):
    """The mutants of a file: (name, file, expression, tests, why it is equal)."""
    with open(path, encoding="utf-8") as f:
        for number, line in enumerate(f, 1):
            line = line.rstrip("\n")
            if not line or line.startswith("#"):
                continue
            fields = line.split("\t")
            if len(fields) not in (4, 5) or not all(fields[:4]):
                sys.exit(f"{path}:{number}: name, file, expression and tests are wanted, with tabs between them")
            found = glob.glob(fields[1], recursive=True)
            yield (fields[0], found[0] if len(found) == 1 else fields[1], fields[2], fields[3].split(),
                   fields[4] if len(fields) == 5 else "")


def run(folder, *command, limit=1800, **environment):
    return subprocess.run(command, cwd=folder, env=dict(os.environ, **environment), stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=limit)


def build(folder, tests):
    """What these tests need; the output of a build that failed, else nothing."""
    programs = ["build/tests/" + test for test in tests if not test.endswith(".sh")]
    made = run(folder, "make", "--no-print-directory", "all", *programs)
    return made.stdout if made.returncode else ""


def passes(folder, test, seconds):
    path = "tests/" + test if test.endswith(".sh") else "build/tests/" + test
    return run(folder, "sh", "tests/run.sh", path, KINO="build/kino", BUILD="build", KINO_TEST_TIME=str(seconds))


def make_copy(folder):
    """The tracked files, as they are now, and the objects of plain builds, with the times that they have."""
    tracked = subprocess.run(["git", "ls-files", "-z"], stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    for path in filter(os.path.isfile, tracked):
        os.makedirs(os.path.dirname(os.path.join(folder, path)), exist_ok=True)
        shutil.copy2(path, os.path.join(folder, path))
    for part in ("src", "tests", "page", "weights", "kino", "libkino.a"):
        source = os.path.join("build", part)
        if os.path.isdir(source):
            shutil.copytree(source, os.path.join(folder, source))
        elif os.path.exists(source):
            shutil.copy2(source, os.path.join(folder, source))
    for stamp in os.listdir("build") if os.path.isdir("build") else []:
        if stamp.endswith(".flags"):
            shutil.copy2(os.path.join("build", stamp), os.path.join(folder, "build", stamp))


def try_out(folder, mutant, seconds):
    """(what became of it, by which test)"""
    _, path, expression, tests, equal = mutant
    path = os.path.join(folder, path)
    if not os.path.isfile(path):
        return "stale", "no such file"
    with open(path, "rb") as f:
        before = f.read()
    try:
        edit = run(folder, "perl", "-0pi", "-e", expression, path)
        with open(path, "rb") as f:
            if edit.returncode or f.read() == before:
                return "stale", edit.stdout.strip() or "the expression changes nothing"
        if build(folder, tests):
            return "broken", "it does not compile"
        for test in tests:
            if passes(folder, test, 60 + 3 * seconds[test]).returncode:
                return "killed", test
        return ("equal", equal) if equal else ("ALIVE", "")
    finally:  # with the time of now, so that its object is made anew
        with open(path, "wb") as f:
            f.write(before)


def measure(folder, mutants):
    """How long each test takes without a fault; one that fails already would kill everything."""
    seconds = {}
    tests = sorted({test for mutant in mutants for test in mutant[3]})
    log = build(folder, tests)
    if log:
        sys.exit(log + "\nwithout any fault it does not build")
    for test in tests:
        began = time.monotonic()
        result = passes(folder, test, 600)
        if result.returncode:
            sys.exit(result.stdout + f"\nwithout any fault {test} fails")
        seconds[test] = int(time.monotonic() - began) + 1
    return seconds


def tell(mutant, outcome, detail):
    print({"killed": f"killed {mutant[0]} by {detail}", "ALIVE": f"ALIVE  {mutant[0]}",
           "equal": f"equal  {mutant[0]}: {detail}"}.get(outcome, f"{outcome}  {mutant[0]}: {detail}"), flush=True)


def table(results):
    """A line a room, which is the folder of the file."""
    kinds = ("killed", "ALIVE", "equal", "stale", "broken")
    rooms = {}
    for (_, path, *_), outcome in results:
        parts = path.split("/")
        room = rooms.setdefault(parts[1] if parts[0] == "src" and len(parts) > 2 else parts[0], dict.fromkeys(kinds, 0))
        room[outcome] += 1
    print("\n%-12s %7s" % ("room", "mutants") + "".join(" %7s" % kind for kind in kinds))
    rooms = dict(sorted(rooms.items()))
    rooms["all"] = {kind: sum(room[kind] for room in rooms.values()) for kind in kinds}
    for name, room in rooms.items():
        print("%-12s %7d" % (name, sum(room.values())) + "".join(" %7d" % room[kind] for kind in kinds))
    return rooms["all"]


def main():
    names = sys.argv[1:] or sorted(name[:-4] for name in os.listdir(FOLDER) if name.endswith(".tsv"))
    mutants = [mutant for name in names for mutant in read(f"{FOLDER}/{name}.tsv")]
    if not mutants:
        sys.exit("no mutants")
    with tempfile.TemporaryDirectory(prefix="kino-mutants-") as work:
        copies = [os.path.join(work, str(n)) for n in range(max(1, min(JOBS, len(mutants))))]
        make_copy(copies[0])
        seconds = measure(copies[0], mutants)
        for copy in copies[1:]:
            subprocess.run(["cp", "-a", copies[0], copy], check=True)
        waiting, results = queue.Queue(), {}
        for number, mutant in enumerate(mutants):
            waiting.put((number, mutant))
        told, lock = 0, threading.Lock()

        def work_in(copy):
            nonlocal told
            while True:
                try:
                    number, mutant = waiting.get_nowait()
                except queue.Empty:
                    return
                try:
                    outcome = try_out(copy, mutant, seconds)
                except (OSError, subprocess.TimeoutExpired) as e:
                    outcome = "broken", str(e)
                with lock:
                    results[number] = outcome
                    while told in results:  # in the order of the files
                        tell(mutants[told], *results[told])
                        told += 1

        threads = [threading.Thread(target=work_in, args=(copy,)) for copy in copies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    total = table([(mutant, results[number][0]) for number, mutant in enumerate(mutants)])
    sys.exit(total["ALIVE"] + total["stale"] + total["broken"] > 0)


main()
