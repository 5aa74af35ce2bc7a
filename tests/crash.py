"""What test_crash.sh and, with --order, test_writes.sh run: kino killed at random moments (KINO_TEST_KILLS of them, 30), and kino on a disk that fails at
every single call that changes a file. After each: what was acknowledged is there, what is there is whole, and the next
command answers. Prints TAP."""
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

KINO, SHIM = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
KILLS = int(os.environ.get("KINO_TEST_KILLS", "30"))
SANITIZED = b"libasan" in subprocess.run(["ldd", KINO], capture_output=True).stdout \
    or b"libtsan" in subprocess.run(["ldd", KINO], capture_output=True).stdout
WORK = tempfile.mkdtemp()
HOME, SPARE = WORK + "/home", WORK + "/spare"
ENV = dict(os.environ, KINO_HOME=HOME, TMDB_API_KEY="", HOME=WORK, LC_ALL="C.UTF-8")
WORDS = "gardener sailor clock river winter letter bridge piano garden harbour mirror desert violin lantern".split()


def table(name, first, count, plot="looks for the"):
    with open(name, "w") as f:
        f.write("id,title,overview,genres,release_date,vote_average,vote_count,runtime,original_language\n")
        for i in range(first, first + count):
            f.write("%d,Film %d,\"A %s %s %s.\",\"[{'id': 18, 'name': 'Drama'}]\",%d-01-01,7,%d,90,en\n" % (
                i, i, WORDS[i % 14], plot, WORDS[i // 14 % 14], 1950 + i % 70, i))


def kino(*args, env=None, **more):
    return subprocess.run([KINO] + list(args), env=dict(ENV, **(env or {})), capture_output=True, text=True, timeout=120,
                          **more)


def films(home=HOME):
    db = sqlite3.connect(home + "/catalogue.db")
    try:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",), "the catalogue is damaged"
        lacking = db.execute("SELECT count(*) FROM film WHERE id NOT IN (SELECT film_id FROM plot)"
                             " OR id NOT IN (SELECT film_id FROM profile)").fetchone()[0]
        assert lacking == 0, "%d films lack a vector" % lacking
        return dict(db.execute("SELECT id, overview FROM film"))
    finally:
        db.close()


def restore(name):
    shutil.rmtree(HOME, ignore_errors=True)
    shutil.copytree(SPARE, HOME)
    if name == "repair":
        os.unlink(HOME + "/snapshot.kino")


def answers(seed=2):
    """The next command answers, and what is derived can be mended."""
    r = kino("recommend", str(seed), "-k", "3", "--json")
    assert r.returncode == 0, "recommend: exit %d %s" % (r.returncode, r.stderr)
    assert len(json.loads(r.stdout)["results"]) == 3
    r = kino("check")
    if r.returncode:
        assert r.returncode == 5, "check: exit %d %s%s" % (r.returncode, r.stdout, r.stderr)
        r = kino("check", "--repair")
        assert r.returncode == 0, "repair: exit %d %s%s" % (r.returncode, r.stdout, r.stderr)


# name, command, what may be there afterwards: before or after it, nothing between
JOBS = {}


def make_jobs():
    """A spare catalogue of ten films; each job leads from it to another."""
    ten, other, more = WORK + "/ten.csv", WORK + "/other.csv", WORK + "/more.csv"
    table(ten, 1, 10)
    table(other, 1, 14, "has lost a")
    table(more, 100, 3)
    r = kino("build", ten, "--epochs", "2", "-q")
    assert r.returncode == 0, r.stderr
    shutil.move(HOME, SPARE)
    for name, command in (("build", ["build", other, "--epochs", "2"]), ("remove", ["remove", "3", "4"]),
                          ("add", ["add", more]), ("repair", ["check", "--repair"]),
                          ("retrain", ["retrain", "--epochs", "2", "--seed", "5"])):
        restore(name)
        before = films()
        began = time.monotonic()
        r = kino(*command, "-q")
        assert r.returncode == 0, r.stderr
        JOBS[name] = (command + ["-q"], before, films(), time.monotonic() - began)


def whole(name, returncode):
    _, before, after, _ = JOBS[name]
    now = films()
    assert now in (before, after), "neither the old films nor the new ones: %s" % sorted(now)
    if returncode == 0:
        assert now == after, "said to be done and is not"


def killed(name):
    def test():
        chance = random.Random(name)
        command, _, _, took = JOBS[name]
        for i in range(max(1, KILLS // len(JOBS))):
            restore(name)
            p = subprocess.Popen([KINO] + command, env=ENV, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.random() * took * 1.1)
            p.send_signal(signal.SIGKILL)
            p.wait()
            whole(name, p.returncode)
            answers()
    test.__name__ = "killed at any moment: " + name
    return test


def failing(name, how):
    def test():
        command, _, _, _ = JOBS[name]
        n, struck = 0, True
        while struck:
            n += 1
            restore(name)
            r = kino(*command, env={"LD_PRELOAD": SHIM, "KINO_FAULT_AT": str(n), "KINO_FAULT": how})
            struck = "FAULT\n" in r.stderr
            told = r.stderr.replace("FAULT\n", "").strip()
            about = "call %d: exit %d: %s" % (n, r.returncode, told)
            try:
                whole(name, r.returncode)
                if struck and how != "exit":
                    assert r.returncode in (0, 1, 5), about
                    assert r.returncode == 0 or told.startswith("kino: ") or "fault" in r.stdout, "nothing was said; " + about
                answers()
            except AssertionError as e:
                raise AssertionError("%s (%s)" % (e, about))
            assert n < 2000, "no end of it"
        assert n > 3, "nothing was written"
        print("# %s, %s: %d calls" % (name, how, n - 1))
    test.__name__ = {"once": "one failing call", "full": "a disk that is full from some call on",
                     "exit": "the end at every call"}[how] + ": " + name
    return test


# ---- the order of writes ----

def traced(*args, **more):
    """What a command does to files below WORK, in order: (call, path) or ("rename", path, to)."""
    trace = WORK + "/trace"
    if os.path.exists(trace):
        os.unlink(trace)
    r = kino(*args, env={"LD_PRELOAD": SHIM, "KINO_TRACE": trace}, **more)
    assert r.returncode == 0, r.stderr
    with open(trace) as f:
        return [tuple(line.split()) for line in f if WORK in line]


def unsynced(events, path):
    """Whether there are writes to the file behind its last sync."""
    last = [e[0] for e in events if e[1] == path and e[0] in ("write", "cut", "sync")]
    return last[-1:] == ["write"]


def a_file_is_replaced_when_the_new_one_is_on_disk():
    """Written, synced, renamed, and the folder synced: without any of these the file may be empty after a power cut."""
    replaced = set()
    for name in JOBS:
        restore(name)
        events = traced(*JOBS[name][0])
        for i, event in enumerate(events):
            if event[0] != "rename":
                continue
            new, old = event[1:]
            replaced.add(os.path.basename(old))
            calls = [e[0] for e in events[:i] if e[1] == new]
            assert "write" in calls and not unsynced(events[:i], new), "%s: not synced before it is renamed: %s" % (name, calls)
            assert ("sync", os.path.dirname(old)) in events[i:], "%s: its folder is not synced" % name
            assert not [e for e in events[i + 1:] if e[1] in (new, old)], "written after it was renamed"
            assert not unsynced(events[:i], HOME + "/catalogue.db-wal"), "made of what is not on disk yet"
    assert replaced == {"snapshot.kino"}, replaced


def what_is_acknowledged_is_on_disk():
    """The WAL is synced by every commit, and not only when it is brought into the file: a reader prevents that here."""
    table(WORK + "/many.csv", 1, 80)
    shutil.rmtree(HOME)
    assert kino("build", WORK + "/many.csv", "--epochs", "2", "-q").returncode == 0
    wal = HOME + "/catalogue.db-wal"
    reader = sqlite3.connect(HOME + "/catalogue.db")
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM film").fetchone()
    for command in (["remove", "7"], ["add", WORK + "/more.csv"], ["remove", "8", "9", "100"]):
        events = traced(*command, "-q")
        assert ("write", wal) in events, (command, events)
        assert not [e for e in events if e[:2] == ("write", HOME + "/catalogue.db")], "the reader is in the way"
        assert not unsynced(events, wal), "%s: the last commit is not synced: %s" % (command, events)
    reader.close()


def the_wal_goes_when_the_file_is_on_disk():
    """What is brought into the file is synced in the WAL before and in the file behind, and only then the WAL is emptied."""
    db, wal = HOME + "/catalogue.db", HOME + "/catalogue.db-wal"
    for name in JOBS:
        restore(name)
        events = traced(*JOBS[name][0])
        for i, event in enumerate(events):
            if event == ("write", db):
                assert not unsynced(events[:i], wal), "%s: from a WAL that is not synced" % name
            if event in (("cut", wal), ("remove", wal)):
                assert not unsynced(events[:i], db), "%s: the WAL is gone before the file is synced" % name
        assert name == "repair" or ("write", wal) in events


# ---- power cuts ----

class Disk:
    """What a disk has when the power fails: files by their inodes, with the bytes as programs see them and as they were
    synced; names of files likewise, which are synced with their folder."""

    def __init__(self, folder):
        self.seen, self.synced, self.names, self.synced_names, self.pending = {}, {}, {}, {}, {}
        for name in os.listdir(folder) if os.path.isdir(folder) else []:
            path = folder + "/" + name
            inode = os.stat(path).st_ino
            with open(path, "rb") as f:
                self.seen[inode] = self.synced[inode] = f.read()
            self.names[path] = self.synced_names[path] = inode

    @staticmethod
    def changed(data, offset, new):
        if new is None:  # the length
            return data[:offset] + bytes(max(0, offset - len(data)))
        data = data + bytes(max(0, offset - len(data)))
        return data[:offset] + new + data[offset + len(new):]

    def play(self, what, inode, offset, new, path, to):
        if what in ("write", "cut"):
            if path not in self.names:
                self.names[path] = inode
            self.seen[inode] = self.changed(self.seen.get(inode, b""), offset, new)
            self.pending.setdefault(inode, []).append((offset, new))
        elif what == "sync":
            for name, i in list(self.names.items()):  # a folder, by its path
                if os.path.dirname(name) == path:
                    self.synced_names[name] = i
            for name in [n for n in self.synced_names if os.path.dirname(n) == path and n not in self.names]:
                del self.synced_names[name]
            if inode in self.seen or path in self.names:
                self.synced[inode] = self.seen.get(inode, b"")
                self.pending.pop(inode, None)
        elif what == "rename" and path in self.names:
            self.names[to] = self.names.pop(path)
        elif what == "remove":
            self.names.pop(path, None)

    def after_a_cut(self, folder, names, chance):
        """Leaves in the folder what is there when the power is back. names: whether what happened to names was written by
        itself; chance: how much of what was not synced was, of each file from its beginning or here and there."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for path, inode in (self.names if names else self.synced_names).items():
            if path.endswith("-shm") or os.path.dirname(path) != folder:  # which SQLite makes anew
                continue
            data = self.synced.get(inode, b"")
            for change in self.pending.get(inode, []):
                if chance and chance.random() < .5:
                    data = self.changed(data, *change)
            with open(path, "wb") as f:
                f.write(data)


def logged(command):
    log = WORK + "/log"
    if os.path.exists(log):
        os.unlink(log)
    r = kino(*command, env={"LD_PRELOAD": SHIM, "KINO_LOG": log})
    assert r.returncode == 0, r.stderr
    for line in open(log):
        what, inode, offset, new, path, to = line.split()
        if path.startswith(WORK):
            yield what, int(inode), int(offset), None if what == "cut" else bytes.fromhex(new.strip("-")), path, to


def the_power_fails(name):
    def test():
        chance = random.Random(name)
        command, before, after, _ = JOBS[name]
        restore(name)
        disk = Disk(HOME)
        events = list(logged(command))
        for n in range(len(events) + 1):
            for names in (False, True):
                for some in (None, chance):
                    disk.after_a_cut(HOME, names, some)
                    about = "at call %d of %d, %s%s" % (n, len(events), "names written, " if names else "",
                                                        "some of the rest" if some else "only what was synced")
                    try:
                        now = films()
                    except Exception as e:
                        raise AssertionError("%s: %s" % (about, e))
                    assert now in (before, after), "neither the old films nor the new ones, " + about
                    assert n < len(events) or now == after, "acknowledged and lost, " + about
                    if n % 7 == 0 or n == len(events):
                        try:
                            answers()
                        except AssertionError as e:
                            raise AssertionError("%s: %s" % (about, e))
            if n < len(events):
                disk.play(*events[n])
        print("# %s: %d calls" % (name, len(events)))
    test.__name__ = "the power fails at every call: " + name
    return test


def the_power_fails_at_every_call_of_a_first_build():
    """There is no catalogue yet, or a whole one: nothing between, and no damage; the same build then goes through."""
    shutil.rmtree(HOME, ignore_errors=True)
    command = ["build", WORK + "/ten.csv", "--epochs", "2", "-q"]
    chance = random.Random(3)
    events = list(logged(command))
    shutil.rmtree(HOME)
    disk = Disk(HOME)
    for n, event in enumerate(events + [None]):
        for names in (False, True) if n % 3 == 0 or not event else ():
            disk.after_a_cut(HOME, names, chance if n % 2 else None)
            r = kino("info", "--json")
            about = "call %d of %d: exit %d %s" % (n, len(events), r.returncode, r.stderr)
            if r.returncode == 3:
                assert event and "no catalogue at" in r.stderr, about
            else:
                assert r.returncode == 0 and json.loads(r.stdout)["films"] == 10, about
            if n % 30 == 0:
                r = kino(*command)
                assert r.returncode == 0 and len(films()) == 10, about + r.stderr
                answers()
        if event:
            disk.play(*event)
    print("# first build: %d calls" % len(events))


def main():
    bad = 0
    make_jobs()
    if "--order" in sys.argv:
        tests = [a_file_is_replaced_when_the_new_one_is_on_disk, what_is_acknowledged_is_on_disk,
                 the_wal_goes_when_the_file_is_on_disk] + [the_power_fails(name) for name in JOBS] + \
            [the_power_fails_at_every_call_of_a_first_build]
    else:
        tests = [killed(name) for name in JOBS]
        if not SANITIZED:  # the sanitizers want to be loaded first
            tests += [failing(name, how) for how in ("once", "full", "exit") for name in JOBS]
    for i, test in enumerate(tests):
        try:
            test()
            print("ok %d - %s" % (i + 1, test.__name__.replace("_", " ")), flush=True)
        except Exception as e:
            bad += 1
            print("not ok %d - %s\n# %s" % (i + 1, test.__name__.replace("_", " "), str(e).replace("\n", "\n# ")), flush=True)
    print("1..%d" % len(tests))
    return bad


try:
    failed = main()
finally:
    shutil.rmtree(WORK, ignore_errors=True)
sys.exit(failed != 0)
