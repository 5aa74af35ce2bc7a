"""What test_load.sh runs: clients that ask everything at once while films come and go, over HTTP too, and the server is
told to reload. Every answer is checked. Prints TAP.

    load.py KINO [SECONDS [SERVER]]     SERVER: the program that serves, when it is another one (make load-tsan)"""
import csv
import gzip
import http.client
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import urlsplit

KINO = os.path.abspath(sys.argv[1])
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 4
SERVER = os.path.abspath(sys.argv[3]) if len(sys.argv) > 3 else KINO
WORK = tempfile.mkdtemp()
MOCK = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
os.environ.setdefault("TSAN_OPTIONS", "suppressions=" + os.path.abspath("tests/tsan.supp"))
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, LC_ALL="C.UTF-8",
           TMDB_API_KEY="eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl",
           KINO_TMDB_URL="http://127.0.0.1:%d/3" % int(MOCK.stdout.readline().split()[0]))
CLIENTS, WRITERS, FIRST, POSTED = 6, 2, 400000, 500000
failures, counts = [], [0] * (CLIENTS + WRITERS)


def kino(*args, **more):
    return subprocess.run([KINO, *args], env=ENV, capture_output=True, text=True, timeout=120, check=True, **more)


def is_right(path, status, body):
    """Of a film that comes and goes both answers are right."""
    film = int(path.rsplit("/", 1)[1]) if path.startswith("/api/v1/movie/") else 0
    if film >= FIRST and status == 404:
        return True
    if path == "/nothing" or "like=999999999" in path:
        return status == 404 and "error" in json.loads(body)
    if path.startswith("/api/v1/find?q="):
        return status == 200 and json.loads(body)["results"]
    if path.startswith("/api/v1/recommend"):
        return status == 200 and len(json.loads(body)["results"]) == 5
    if film:
        return status == 200 and json.loads(body)["movie"]["id"] == film
    if path.startswith("/?"):
        return status == 200 and body.count(b"<summary>Why") == 24
    return status == 200 and body


def ask_on(client, port, ids, until):
    chance = random.Random(client)
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    while time.monotonic() < until:
        film = chance.choice(ids[:8] if chance.random() < .8 else ids)  # mostly what is known by now
        path = chance.choice([f"/api/v1/recommend?like={film}&k=5"] * 12 + [f"/api/v1/movie/{film}"] * 6 + [
            f"/?like={film}", f"/api/v1/movie/{FIRST + chance.randrange(9)}", "/api/v1/find?q=alien", "/map", "/api/v1/map",
            "/style.css", "/metrics", "/healthz", "/nothing", "/api/v1/recommend?like=999999999"])
        if chance.random() < .02:
            path = f"/api/v1/recommend?about=a+film+of+{film % 4}&k=5"
        try:
            c.request("GET", path, headers={"Accept-Encoding": "gzip"} if chance.random() < .5 else {})
            r = c.getresponse()
            body = r.read()
            if r.getheader("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            if not is_right(path, r.status, body):
                failures.append("%s: %d %r" % (path, r.status, body[:200]))
        except Exception as e:
            failures.append("%s: %r" % (path, e))
            c.close()
        counts[client] += 1
        if chance.random() < .02:
            c.close()
    c.close()


def post_on(writer, port, until):
    """Films of TMDB: each is there with the answer that says so, and for everybody."""
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    film = POSTED + 1000 * writer
    while time.monotonic() < until:
        film += 1
        for method, path, body, want in (("POST", "/api/v1/movies", json.dumps({"tmdb": film}), 201),
                                         ("GET", "/api/v1/movie/%d" % film, None, 200)):
            try:
                c.request(method, path, body, {"Content-Type": "application/json"} if body else {})
                r = c.getresponse()
                data = r.read()
                if r.status != want or json.loads(data)["movie"]["id"] != film:
                    failures.append("%s %s: %d %r" % (method, path, r.status, data[:200]))
            except Exception as e:
                failures.append("%s %s: %r" % (method, path, e))
                c.close()
        counts[CLIENTS + writer] += 1
    c.close()


def change(process, until):
    changes = 0
    while time.monotonic() < until:
        some = range(FIRST, FIRST + changes % 9 + 1)
        kino("add", "-", input="id,title,overview\n" + "".join("%d,A Film,Somebody looks for it.\n" % i for i in some))
        process.send_signal(signal.SIGHUP)
        time.sleep(.3)
        kino("remove", *map(str, some))
        time.sleep(.3)
        changes += 1
    return changes


def main():
    kino("build", "data/sample.csv", "--epochs", "5", "-q")
    log = open(WORK + "/log", "w+")
    process = subprocess.Popen([SERVER, "serve", "--port", "0", "--json", "-q", "--cache", "1", "--allow-writes"], env=ENV,
                               stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        port = urlsplit(json.loads(process.stdout.readline())["address"]).port
        with open("data/sample.csv", encoding="utf-8") as f:
            listed = {row["id"] for row in csv.DictReader(f)}
        ids = []
        c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        for film in sorted(listed):
            c.request("GET", "/api/v1/movie/" + film)
            r = c.getresponse()
            r.read()
            if r.status == 200:
                ids.append(int(film))
        c.close()
        until = time.monotonic() + SECONDS
        clients = [threading.Thread(target=ask_on, args=(i, port, ids, until)) for i in range(CLIENTS)]
        clients += [threading.Thread(target=post_on, args=(i, port, until)) for i in range(WRITERS)]
        for t in clients:
            t.start()
        changes = change(process, until)
        for t in clients:
            t.join()
        process.terminate()
        status = process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
    log.seek(0)
    said = log.read()
    results = [(not failures, "%d answers were right" % sum(counts), failures),
               (changes > 0 and min(counts) > 0, "while the catalogue changed %d times" % changes, [str(counts)]),
               (status == 0 and not said, "nothing was said, and the end was as told", ["status %d" % status, said[:6000]])]
    for i, (good, name, why) in enumerate(results):
        print("%sok %d - %s" % ("" if good else "not ", i + 1, name))
        if not good:
            print("# " + "\n".join(why[:5]).replace("\n", "\n# "))
    print("1..%d" % len(results))
    sys.exit(not all(good for good, _, _ in results))


try:
    main()
finally:
    MOCK.stdin.close()
    MOCK.wait()
    shutil.rmtree(WORK, ignore_errors=True)
