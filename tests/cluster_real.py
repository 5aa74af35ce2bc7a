"""What `make test-cluster` runs: kino against real nodes of OpenSearch, which it starts. Prints TAP.
  cluster_real.py KINO SERVER [CATALOGUE]    SERVER: where tests/opensearch.sh has laid the server out; CATALOGUE: a
                                             folder of a great one, otherwise that of the sample is made
Figures go to $CLUSTER_REPORT, if that names a file, as a table. CLUSTER_NODES=1 leaves out what takes three nodes.
"""
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request

KINO, SERVER = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
WORK = tempfile.mkdtemp()
HOME = sys.argv[3] if len(sys.argv) > 3 else WORK + "/home"
ENV = dict(os.environ, KINO_HOME=HOME)
FIGURES = []  # (what, of f32, of int8)
random.seed(11)


def kino(*args, stdin=None):
    p = subprocess.run([KINO] + list(args), env=ENV, input=stdin, capture_output=True, text=True, timeout=900)
    return p.returncode, p.stdout, p.stderr


def free_port(count):
    """So many in a row, for the nodes, and a hundred behind them for what they say to each other."""
    while True:
        port = random.randrange(20000, 50000)
        try:
            for p in list(range(port, port + count)) + list(range(port + 101, port + 101 + count)):
                with socket.socket() as s:
                    s.bind(("127.0.0.1", p))
            return port
        except OSError:
            pass


class Nodes:
    def __init__(self, count):
        self.dir, self.count, self.port = "%s/nodes%d" % (WORK, count), count, free_port(count)
        os.makedirs(self.dir)
        os.chmod(WORK, 0o755)
        os.symlink(SERVER + "/home", self.dir + "/home")
        subprocess.run(["bash", "tests/opensearch.sh", "start", self.dir, str(count), str(self.port)], check=True,
                       stdout=subprocess.DEVNULL)
        self.pids = [self.java(n) for n in range(1, count + 1)]
        self.urls = ",".join("http://127.0.0.1:%d" % (self.port + n) for n in range(count))

    def java(self, n):
        """The server's own process: what was started may be a shell before it."""
        with open("%s/node%d.pid" % (self.dir, n)) as f:
            pid = int(f.read())
        while True:
            children = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()
            if not children:
                return pid
            pid = int(children[0])

    def kill(self, n):
        os.kill(self.pids[n], signal.SIGKILL)

    def get(self, path, node=0):
        with urllib.request.urlopen("http://127.0.0.1:%d%s" % (self.port + node, path), timeout=30) as r:
            return json.load(r)

    def call(self, method, path, body=None):
        q = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path), method=method,
                                   data=None if body is None else json.dumps(body).encode(),
                                   headers={"Content-Type": "application/json"})
        with urllib.request.urlopen(q, timeout=30) as r:
            return json.load(r)

    def stop(self):
        for pid in self.pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass


def questions(count, filtered):
    db = sqlite3.connect("file:%s/catalogue.db?mode=ro" % HOME, uri=True)
    ids = [r[0] for r in db.execute("SELECT id FROM film WHERE votes >= 50 ORDER BY id")]
    filters = [{}, {"year": "1980-2010", "min_votes": 100}, {"genre": "Drama", "lang": "en"},
               {"no_genre": "Drama", "min_rating": 6}, {"runtime": "-110", "lang": "en,fr"}]
    lines = []
    for i in range(count):
        q = {"like": random.sample(ids, 3 if i % 10 == 9 else 1), "k": 10}
        lines.append(json.dumps(dict(q, **(filters[i % 5] if filtered else {}))))
    return "\n".join(lines) + "\n"


def answers(asked, *args):
    code, out, err = kino("batch", "-", *args, stdin=asked)
    assert code == 0, err
    return [json.loads(line) for line in out.splitlines()]


def share_of_equal_places(nodes, count, filtered):
    asked = questions(count, filtered)
    here, there = answers(asked, "--index", "exact"), answers(asked, "--backend", nodes.urls + "/films")
    pairs = [(a["results"], b["results"]) for a, b in zip(here, there)]
    places = sum(max(len(a), len(b)) for a, b in pairs)
    same = sum(x["id"] == y["id"] and x["score"] == y["score"] for a, b in pairs for x, y in zip(a, b))
    middle = lambda side: sorted(a["took_ms"] for a in side)[count // 2]
    times = [middle(here), middle(there)]
    print("# %d questions%s: %.4f of %d places equal; half of them within %.2f ms here, %.1f ms there" %
          (count, " with filters" if filtered else "", same / places, places, *times), flush=True)
    assert places > 5 * count, places
    return same / places, times


def push(nodes, *args):
    code, out, err = kino("push", "--to", nodes.urls, "--index", "films", "--json", *args)
    assert code == 0, err
    r = json.loads(out)
    print("# %s: %d films in %.1f s, %.0f a second" % (" ".join(("push",) + args), r["sent"], r["seconds"],
                                                        r["sent"] / r["seconds"]), flush=True)
    return r


def everything_is_there(nodes, node=0):
    """Every film of the catalogue, at its version."""
    db = sqlite3.connect("file:%s/catalogue.db?mode=ro" % HOME, uri=True)
    want = dict(db.execute("SELECT id, coalesce(generation, 1) FROM film LEFT JOIN change ON film_id = id"))
    have, after = {}, None
    while True:
        q = {"size": 5000, "_source": False, "version": True, "sort": [{"_id": "asc"}], "query": {"match_all": {}}}
        if after:
            q["search_after"] = after
        hits = nodes.call("POST", "/films/_search", q)["hits"]["hits"]
        if not hits:
            break
        have.update((int(h["_id"]), h["_version"]) for h in hits)
        after = hits[-1]["sort"]
    assert have == want, "%d of %d, %d of them alike" % (len(have), len(want), len(set(have.items()) & set(want.items())))


def one_node():
    n = Nodes(1)
    try:
        n.call("PUT", "/_cluster/settings", {"persistent": {"indices.id_field_data.enabled": True}})
        yield "f32: every place of 500 answers, with the score to the last bit", lambda: floats(n)
        yield "int8 likewise, nearly", lambda: bytes_(n)
        yield "a push killed at 20 moments ends like one that was not", lambda: killed(n)
    finally:
        n.stop()


def one_type(n, least, *args):
    r = push(n, *args)
    everything_is_there(n)
    size = n.get("/films/_stats/store")["_all"]["primaries"]["store"]["size_in_bytes"]
    plain, times = share_of_equal_places(n, 500, False)
    filtered, _ = share_of_equal_places(n, 500, True)
    FIGURES.append([r["sent"], r["sent"] / r["seconds"], size / r["sent"], times[1], times[0], plain, filtered])
    assert plain >= least and filtered >= least


def floats(n):
    one_type(n, 0.98)


def bytes_(n):
    one_type(n, 0.95, "--rebuild", "--type", "int8")


def report(path):
    rows = ("films", "films pushed a second", "bytes a film on disk", "ms of a question there, two at a time, median",
            "ms of the same here, by scan", "places equal to those here", "the same with filters")
    forms = ("{:,.0f}", "{:,.0f}", "{:,.0f}", "{:.1f}", "{:.2f}", "{:.4f}", "{:.4f}")
    with open(path, "w") as f:
        f.write("# In a search cluster (`make test-cluster CLUSTER_HOME=FOLDER CLUSTER_REPORT=FILE`)\n\nOne node of OpenSearch "
                "2.19 with half a gigabyte of heap, on the same %d cores as kino; 500 questions, ten films each.\n\n"
                "| | f32 | int8 |\n|---|---|---|\n" % os.cpu_count())
        for i, (what, form) in enumerate(zip(rows, forms)):
            f.write("| %s | %s |\n" % (what, " | ".join(form.format(side[i]) for side in FIGURES)))


def killed(n):
    n.call("DELETE", "/films-b")
    for _ in range(20):
        p = subprocess.Popen([KINO, "push", "--to", n.urls, "--index", "films", "-q"], env=ENV)
        time.sleep(random.uniform(0.05, 1))
        p.kill()
        p.wait()
    push(n)
    everything_is_there(n)
    assert share_of_equal_places(n, 100, False)[0] >= 0.98


def three_nodes():
    n = Nodes(3)
    try:
        yield "a node killed during a push: nothing acknowledged is lost", lambda: node_killed_in_push(n)
        yield "a node killed during questions: none wrong or short, on they go", lambda: node_killed_in_questions(n)
        yield "two of three down: an error or a true list, never a short one", lambda: two_down(n)
        yield "all down: one clear error, exit 4, the catalogue untouched", lambda: all_down(n)
    finally:
        n.stop()


def manager_of(n):
    name = n.get("/_cat/cluster_manager?format=json")[0]["node"]
    return int(name[1:]) - 1


def restart(n, which):
    """The killed node once more, by what opensearch.sh started it with."""
    with open("/proc/%d/cmdline" % n.pids[(which + 1) % n.count], "rb") as f:
        line = f.read().decode().split("\0")[:-1]
    other, own = "%s/node%d" % (n.dir, (which + 1) % n.count + 1), "%s/node%d" % (n.dir, which + 1)
    line = [w.replace(other, own) for w in line]
    drop = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    with open(own + "/out.log", "a") as log:
        p = subprocess.Popen(drop + line, cwd=own, env={"PATH": "/usr/bin:/bin", "HOME": own}, stdout=log, stderr=log)
    n.pids[which] = p.pid
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            if n.get("/_cluster/health?wait_for_status=green&wait_for_nodes=3&timeout=5s", which)["status"] == "green":
                return
        except (OSError, urllib.error.HTTPError):
            time.sleep(0.5)
    raise AssertionError("the node does not come back")


def node_killed_in_push(n):
    for who in ("a member", "the manager"):
        manager = manager_of(n)
        victim = manager if who == "the manager" else (manager + 1) % 3
        p = subprocess.Popen([KINO, "push", "--to", n.urls, "--index", "films", "--shards", "3", "--replicas", "1", "--rebuild",
                              "-q"], env=ENV, stderr=subprocess.PIPE, text=True)
        time.sleep(SOME)
        n.kill(victim)
        err = p.communicate(timeout=600)[1]
        print("# %s killed %.1f s into a push: exit %d %s" % (who, SOME, p.returncode, err.strip()), flush=True)
        if p.returncode:  # the same call goes on
            push(n)
        restart(n, victim)
        everything_is_there(n)


def node_killed_in_questions(n):
    asked = questions(400, False)
    want = [[r["id"] for r in a["results"]] for a in answers(asked, "--backend", n.urls + "/films")]
    for who in ("a member", "the manager"):
        manager = manager_of(n)
        victim = manager if who == "the manager" else (manager + 1) % 3
        p = subprocess.Popen([KINO, "batch", "-", "--backend", n.urls + "/films"], env=ENV, stdin=subprocess.PIPE,
                             stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        timer = subprocess.Popen(["sh", "-c", "sleep 2; kill -9 %d" % n.pids[victim]])
        out, err = p.communicate(asked, timeout=600)
        timer.wait()
        got = [json.loads(line) for line in out.splitlines()]
        assert len(got) == 400
        failed = [a["error"]["message"] for a in got if "error" in a]
        short = sum(len(a["results"]) != 10 for a in got if "results" in a)
        same = sum(x == r["id"] for a, w in zip(got, want) if "results" in a for x, r in zip(w, a["results"]))
        total = 10 * (400 - len(failed))
        print("# %s killed during 400 questions: %d errors%s, %d short, %.4f of %d places as before" %
              (who, len(failed), " (%s)" % failed[0] if failed else "", short, same / total, total), flush=True)
        assert not short and same / total >= 0.97 and not failed, err
        restart(n, victim)


def two_down(n):
    asked = questions(40, False)
    n.kill(0)
    n.kill(1)
    code, out, err = kino("batch", "-", "--backend", n.urls + "/films", stdin=asked)
    got = [json.loads(line) for line in out.splitlines()]
    failed = [a["error"] for a in got if "error" in a]
    assert len(got) == 40 and all(len(a["results"]) == 10 for a in got if "results" in a)
    assert code == (4 if failed else 0) and all(e["code"] == "network" for e in failed), (code, err)
    print("# %d errors of 40: %s" % (len(failed), failed[0]["message"] if failed else ""), flush=True)


def all_down(n):
    n.kill(2)
    time.sleep(1)
    with open(HOME + "/catalogue.db", "rb") as f:
        before = f.read()
    for args in (["recommend", "id:348", "--backend", n.urls + "/films"], ["push", "--to", n.urls, "--index", "films"]):
        code, out, err = kino(*args)
        assert code == 4 and not out and len(err.splitlines()) == 1 and "index films" in err, (code, out, err)
    print("# " + err.strip(), flush=True)
    with open(HOME + "/catalogue.db", "rb") as f:
        assert f.read() == before


def main():
    if not os.path.exists(HOME):
        code, _, err = kino("build", "data/sample.csv", "-q")
        assert code == 0, err
    count = failed = 0
    for group in (one_node, three_nodes) if os.environ.get("CLUSTER_NODES") != "1" else (one_node,):
        for name, test in group():
            count += 1
            try:
                test()
                print("ok %d - %s" % (count, name), flush=True)
            except Exception as e:
                failed += 1
                print("not ok %d - %s\n# %s" % (count, name, ("%s: %s" % (type(e).__name__, e)).replace("\n", "\n# ")[:2000]),
                      flush=True)
    print("1..%d" % count)
    if os.environ.get("CLUSTER_REPORT") and len(FIGURES) == 2:
        report(os.environ["CLUSTER_REPORT"])
    shutil.rmtree(WORK, ignore_errors=True)
    return failed != 0


SOME = 1.0 if len(sys.argv) < 4 else 6.0

if __name__ == "__main__":
    sys.exit(main())
