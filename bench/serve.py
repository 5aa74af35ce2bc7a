#!/usr/bin/env python3
"""kino serve under load, beside the same in Python (bench/peers/serve.py), one after the other in one run. wrk asks from
the same machine. `make bench-serve` calls it. Writes bench/results/serve.md.

    serve.py --data FOLDER [--seconds 8] [--rounds 3]
    serve.py --data FOLDER --soak 10      minutes of everything at once while films are added and removed: no failure, no
                                          growth of memory. Exit status 1 otherwise. A copy of the catalogue is used.
"""
import argparse
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import time
import urllib.request
from urllib.parse import quote, urlsplit

from report import BUILD, HERE, PEERS_PYTHON, table, write

KINO = os.path.join(BUILD, "kino")
WORK = os.path.join(BUILD, "bench", "serve")
THREADS = 2  # of wrk


class Server:
    def __init__(self, data, *options):
        env = dict(os.environ, KINO_HOME=data, TMDB_API_KEY="")
        self.process = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "-q", *options], env=env,
                                        stdout=subprocess.PIPE, text=True)
        self.address = json.loads(self.process.stdout.readline())["address"].rstrip("/")

    def memory(self):
        """Its own, in kB; what it has mapped of the catalogue is the system's."""
        with open(f"/proc/{self.process.pid}/status") as f:
            return next(int(line.split()[1]) for line in f if line.startswith("RssAnon"))

    def files(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def close(self):
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


class Peer(Server):
    def __init__(self, data, cache, port):
        env = dict(os.environ, KINO_HOME=data, PEER_CACHE=str(cache), PEER_INDEX=os.path.join(WORK, "peer.faiss"))
        self.process = subprocess.Popen([PEERS_PYTHON, "-m", "uvicorn", "--app-dir", os.path.join(HERE, "peers"), "--workers",
                                         "2", "--port", str(port), "--no-access-log", "--log-level", "error", "serve:app"],
                                        env=env)
        self.address = f"http://127.0.0.1:{port}"
        for _ in range(1500):
            try:
                urllib.request.urlopen(self.address + "/api/v1/recommend?like=862").read()
                break
            except OSError as e:
                if self.process.poll() is not None or not isinstance(getattr(e, "reason", e), ConnectionRefusedError):
                    raise SystemExit(f"the peer does not answer: {e}")
                time.sleep(.2)
        time.sleep(3)  # for the other worker


# ---- what is asked ----

def questions(data):
    """Paths by kind; those of films by how well known they are."""
    db = sqlite3.connect(f"file:{data}/catalogue.db?mode=ro", uri=True)
    films = db.execute("SELECT id, title, year, overview FROM film WHERE length(overview) > 40 "
                       "ORDER BY votes DESC, id").fetchall()
    db.close()
    chance = random.Random(1)
    names = {}
    for _, title, year, _ in films:
        names[(title.lower(), year)] = names.get((title.lower(), year), 0) + 1
    sure = [(title, year) for _, title, year, _ in films
            if year and names[(title.lower(), year)] == 1 and title.isascii() and title.replace(" ", "").isalpha()]
    ask = "/api/v1/recommend?"
    texts = []
    for _, _, _, overview in films[:6000]:
        words = overview.split()
        at = chance.randrange(max(1, len(words) - 6))
        texts.append(ask + "about=" + quote(" ".join(words[at:at + 6])))
    texts = list(dict.fromkeys(texts))
    chance.shuffle(texts)
    ids = [f"{ask}like={film[0]}" for film in films]
    titles = [f"{ask}like=" + quote(f"{title} ({year})") for title, year in sure]
    strangers = ["!/api/v1/movie/999999999", "!/nothing", "!" + ask + "like=999999999", "!/api/v1/find", "!" + ask + "k=x"]
    mixed = []
    for i, film in enumerate(films):
        one = chance.random()
        if one < .6:
            mixed.append(titles[i % len(titles)] if one < .3 else ids[i])
        elif one < .7:
            mixed.append("/?like=%d" % film[0])
        elif one < .8:
            mixed.append("/api/v1/find?q=" + quote(film[1].split()[0][:9]))
        elif one < .88:
            mixed.append("/api/v1/movie/%d" % film[0])
        elif one < .93:
            mixed.append(texts[i % len(texts)])
        elif one < .96:
            mixed.append(chance.choice(strangers))
        elif one < .98:
            mixed.append("/map?like=%d" % film[0])
        else:
            mixed.append(chance.choice(["/healthz", "/metrics", "/style.css", "/main.js", "/api/v1/map"]))
    files = {"known": ids[:1000], "ids": ids, "titles": titles, "texts": texts, "mixed": mixed}
    os.makedirs(WORK, exist_ok=True)
    for name, paths in files.items():
        once = paths[:]
        random.Random(2).shuffle(once)
        for kind, lines in (("often", paths), ("once", once)):
            with open(os.path.join(WORK, f"{name}.{kind}"), "w") as f:
                f.write("\n".join(lines) + "\n")
    return files


def wrk(address, name, order, connections, seconds, pause=0, wait=True):
    command = ["wrk", "-t", str(THREADS), "-c", str(connections), "-d", f"{seconds}s", "--timeout", "10s", "-s",
               os.path.join(HERE, "load.lua"), address, "--", os.path.join(WORK, f"{name}.{order}"), order, str(THREADS),
               str(pause)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    return json.loads(process.communicate()[0].splitlines()[-1]) if wait else process


# ---- figures ----

CASES = [  # name, file, order, connections, pause
    ("titles, all different", "titles", "once", 8, 0),
    ("ids, all different", "ids", "once", 8, 0),
    ("titles, by fame", "titles", "often", 32, 0),
    ("ids, by fame", "ids", "often", 32, 0),
    ("free text, all different", "texts", "once", 8, 0),
    ("ids of the 1,000 best known, in turn", "known", "once", 32, 0),
    ("mixed, by fame", "mixed", "often", 32, 0),
    ("mixed, 1,000 connections at 5,000/s", "mixed", "often", 1000, 200),
    ("mixed, 1,000 connections at 10,000/s", "mixed", "often", 1000, 100),
]
WARM = 6  # seconds that a mix is asked before it is measured


def measure(server, cases, seconds):
    rows = {}
    for name, file, order, connections, pause in cases:
        r = wrk(server.address, file, order, connections, seconds, pause)
        if r["sockets"] or r["failed"] or (r["status"] and file != "mixed"):
            print(f"{name}: {r}", file=sys.stderr)
        rows[name] = r
    return rows


def middle(rounds, name, what):
    values = [r[name]["requests"] / r[name]["seconds"] if what == "rate" else r[name][what] for r in rounds if name in r]
    return statistics.median(values) if values else None


def compare(data, args):
    engines, peers = {"kino": []}, []
    if args.peers and os.path.exists(PEERS_PYTHON):
        engines.update({"peer": [], "peer, with a cache": []})
        peers = [Peer(data, 0, 8431), Peer(data, 8000, 8432)]
        for case in CASES[2:4] + CASES[5:6]:
            wrk(peers[1].address, case[1], case[2], 16, WARM)
    else:
        print("no peers (make bench-peers installs them): kino alone", file=sys.stderr)
    for _ in range(args.rounds):
        server = Server(data)
        engines["kino"].append(measure(server, CASES[:2] + CASES[4:5], args.seconds))
        server.close()
        server = Server(data)
        for case in CASES[2:4] + CASES[5:]:
            if case[4] == 0:
                wrk(server.address, case[1], case[2], 16, WARM)
            engines["kino"][-1].update(measure(server, [case], args.seconds))
        server.close()
        if peers:
            engines["peer"].append(measure(peers[0], CASES[:6], args.seconds))
            engines["peer, with a cache"].append(measure(peers[1], CASES[2:4] + CASES[5:6], args.seconds))
    for peer in peers:
        peer.close()
    report(data, engines, args)


def report(data, engines, args):
    rows = []
    for case in CASES:
        for engine, rounds in engines.items():
            rate = middle(rounds, case[0], "rate")
            if rate is None:
                continue
            ours = middle(engines["kino"], case[0], "rate")
            rows.append((case[0], engine, case[3], f"{rate:,.0f}", f"{middle(rounds, case[0], 'p50'):.2f}",
                         f"{middle(rounds, case[0], 'p99'):.2f}", "" if engine == "kino" else f"{ours / rate:.1f}"))
    info = json.loads(subprocess.run([KINO, "info", "--json"], env=dict(os.environ, KINO_HOME=data), capture_output=True,
                                     text=True).stdout)
    write(os.path.join(HERE, "results"), "serve.md", [
        "# The server under load (`make bench-serve BENCH_DATA=FOLDER`)", "",
        f"{info['films']:,} films, {args.rounds} rounds of {args.seconds} s, medians; {os.cpu_count()} cores, which wrk "
        f"({THREADS} threads) shares with the server.",
        "\"All different\": no question repeats, the cache is of no use. \"By fame\": the n-th best known film is asked for "
        f"with a probability of about 1/n, after {WARM} s of the same. The mix has titles, ids, pages, free text, searches, "
        "the map and errors.",
        "The peer is FastAPI, uvicorn with two workers, faiss HNSW and sentence-transformers (`bench/peers/serve.py`); it "
        "does less for an answer. The last rows wait between the requests of each connection.", "",
        *table(("questions", "server", "connections", "requests/s", "p50 ms", "p99 ms", "kino's rate to it"), rows)])


# ---- soak ----

def soak(data, minutes):
    copy = os.path.join(WORK, "catalogue")
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(data, copy)
    env = dict(os.environ, KINO_HOME=copy)
    server = Server(copy, "--cache", "32")
    load = wrk(server.address, "mixed", "often", 64, round(minutes * 60), 30, wait=False)
    began, samples, changes = time.monotonic(), [], 0
    while load.poll() is None:
        ids = [str(900000000 + changes * 10 + i) for i in range(3)]
        text = "id,title,overview\n" + "".join(f"{i},A Film of {i},Somebody looks for film {i}.\n" for i in ids)
        subprocess.run([KINO, "add", "-", "-q"], input=text, env=env, check=True, text=True)
        time.sleep(2)
        subprocess.run([KINO, "remove", *ids, "-q"], env=env, check=True)
        time.sleep(1)
        changes += 1
        samples.append((time.monotonic() - began, server.memory(), server.files()))
    result = json.loads(load.communicate()[0].splitlines()[-1])
    metrics = urllib.request.urlopen(server.address + "/metrics").read().decode()
    status = server.close()
    quarter = max(1, len(samples) // 4)
    early, late = (statistics.median(s[1] for s in part) for part in (samples[quarter:2 * quarter] or samples, samples[-quarter:]))
    odd = abs(result["refused"] - result["expected"])
    print(f"{result['requests']:,} requests in {result['seconds']:.0f} s, p50 {result['p50']:.2f} ms, p99 {result['p99']:.2f} ms; "
          f"{changes} times films were added and removed")
    print(f"own memory: {early / 1e3:.1f} MB in the second quarter, {late / 1e3:.1f} MB in the last; most "
          f"{max(s[1] for s in samples) / 1e3:.1f} MB; files {samples[0][2]} to {samples[-1][2]}")
    print(f"failed: {result['failed']}, sockets: {result['sockets']}, refused {result['refused']} of {result['expected']} "
          f"that had to be; ended with {status}")
    print("\n".join(line for line in metrics.splitlines() if line.startswith("kino_")))
    sound = not (result["failed"] or result["sockets"] or odd > 64 or status or late > 1.1 * early + 4000)
    print("sound" if sound else "NOT SOUND")
    return 0 if sound else 1


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--soak", type=float, metavar="MINUTES")
    parser.add_argument("--no-peers", dest="peers", action="store_false")
    args = parser.parse_args()
    if not shutil.which("wrk"):
        raise SystemExit("bench-serve needs wrk (Debian, Ubuntu: apt install wrk)")
    data = os.path.abspath(args.data)
    questions(data)
    sys.exit(soak(data, args.soak) if args.soak else compare(data, args))


if __name__ == "__main__":
    main()
