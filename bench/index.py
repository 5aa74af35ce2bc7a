#!/usr/bin/env python3
"""Nearest rows: kino's scan and graph and the peers, interleaved in one run. `make bench-index` calls it.

Writes bench/results/index.md and index.svg. The breadth (ef, or lists to look into) at which an engine reaches a recall
is found first, by bisection; only then times are taken, in rounds.
"""
import argparse
import array
import os
import statistics
import subprocess
import sys

from report import BUILD, HERE, Engine, Goals, chart, start_peers, table, write

QUERIES, TOP, BROADEST = 500, 10, 2048
PEERS = ["hnswlib", "faiss-hnsw", "faiss-hnsw-sq8", "faiss-ivf-sq8", "faiss-ivf", "faiss-flat",
         "usearch-bf16", "usearch-i8"]
RECALLS = {"kino": (.95, .99), "hnswlib": (.94, .95, .98, .99), "faiss-hnsw": (.95, .99),
           "faiss-hnsw-sq8": (.95, .99), "faiss-ivf-sq8": (.95, .99), "usearch-bf16": (.95, .99),
           "usearch-i8": (.95, .99)}
SIZES = (1000, 2000, 3000, 4000, 6000, 8000, 12000, 16000, 24000, 33000)
FOLDER = os.path.join(BUILD, "bench", "index-data")
FOUND = os.path.join(FOLDER, "found")


def read_ids(path):
    a = array.array("I")
    with open(path, "rb") as f:
        a.frombytes(f.read())
    return [a[i:i + TOP] for i in range(0, len(a), TOP)]


def recall(truth):
    return sum(len(set(t) & set(f)) for t, f in zip(truth, read_ids(FOUND))) / (QUERIES * TOP)


class Measured:
    """One line of the result: an engine in one setting."""

    def __init__(self, engine, what, command):
        self.engine, self.what, self.command, self.times, self.recall = engine, what, command, [], None

    def run(self, truth):
        self.times.append(float(self.engine.ask(f"{self.command} {FOUND}")[0]))
        self.recall = recall(truth)

    @property
    def time(self):
        return statistics.median(self.times)


def least_breadth(engine, goal, truth):
    """The least breadth that reaches the recall; None when none does."""
    def reaches(ef):
        engine.ask(f"graph {ef} {FOUND}")
        return recall(truth) >= goal
    low, high = TOP, TOP
    if engine.name.startswith("faiss-ivf"):
        low = high = 1
    while not reaches(high):
        low, high = high + 1, high * 2
        if high > BROADEST or (engine.name.startswith("faiss-ivf") and low > 200):
            return None
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reaches(middle) else (middle + 1, high)
    return low


def run_set(title, rows, queries, rounds, build_rounds, only):
    ours = Engine("kino", [os.path.join(BUILD, "bench", "index"), "serve", rows, queries])
    worker = os.path.join(HERE, "peers", "index_worker.py")
    peers = start_peers({p: [worker, p, rows, queries] for p in PEERS if only is None or p in only})
    engines = [ours, *peers]
    builds, parts = {e.name: [] for e in engines}, []
    for r in range(build_rounds):
        for e in engines:
            seconds, *more = e.ask("build 2")
            builds[e.name].append(float(seconds))
            print(f"{title}, build {r + 1}  {e.name:15} {float(seconds):8.2f} s", file=sys.stderr)
            parts += [more] if e is ours else []
    prints = {p[1] for p in parts}
    if peers:
        prints |= {ours.ask(f"build {t}")[2] for t in (1, 3)}
        ours.ask("build 2")
    resident = float(ours.ask("rss")[0])
    ours.ask(f"truth {FOUND}")
    truth = read_ids(FOUND)

    measured = [Measured(ours, "exact", "exact"), Measured(ours, "exact, 100 at once", "batch")]
    for e in engines:
        for goal in RECALLS.get(e.name, ()):
            ef = least_breadth(e, goal, truth)
            if ef:
                word = "nprobe" if "ivf" in e.name else "ef"
                measured.append(Measured(e, f"recall {goal}, {word} {ef}", f"graph {ef}"))
            else:
                print(f"{e.name} does not reach {goal}", file=sys.stderr)
        if e.name == "faiss-ivf":
            measured.append(Measured(e, "nprobe 10", "graph 10"))
        if e.name == "faiss-flat":
            measured += [Measured(e, "exact", "exact"), Measured(e, "exact, 100 at once", "batch")]
    for r in range(rounds):
        for m in measured:
            m.run(truth)
            print(f"{title}, round {r + 1}  {m.engine.name:15} {m.what:24} {m.times[-1]:9.1f} us", file=sys.stderr)
    codes, graph = (float(x) / 1e6 for x in ours.ask("bytes"))
    memory = {e.name: f"{float(e.ask('bytes')[0]) / 1e6:.1f}" for e in peers}
    memory["kino"] = f"{codes:.1f} bytes of rows, {graph:.1f} graph"
    for e in engines:
        e.close()

    def time(name, start):
        return next((m.time for m in measured if m.engine.name == name and m.what.startswith(start)), None)

    goals = Goals()
    goals.at_most("exact / hnswlib at recall .94", time("kino", "exact"), time("hnswlib", "recall 0.94"), 1)
    goals.at_most("100 at once, each / hnswlib at recall .94", time("kino", "exact, 100"),
                  time("hnswlib", "recall 0.94"), 1 / 3)
    for level in ("0.95", "0.99"):
        mine = time("kino", f"recall {level}")
        goals.at_most(f"graph / hnswlib at recall {level}", mine, time("hnswlib", f"recall {level}"), 1 / 4)
        for peer in ("faiss-hnsw-sq8", "faiss-ivf-sq8"):
            goals.at_most(f"graph / {peer} at recall {level}", mine, time(peer, f"recall {level}"), 1)
    medians = {name: statistics.median(seconds) for name, seconds in builds.items()}
    goals.at_most("build / hnswlib's", medians["kino"], medians.get("hnswlib"), 1 / 3)

    lines = [f"## {title}", ""]
    lines += table(("engine", "setting", "us a query", "recall@10"),
                   [(m.engine.name, m.what, f"{m.time:.1f}", f"{m.recall:.4f}") for m in measured])
    lines += ["", *table(("engine", "build s, 2 threads", "index MB"),
                         [(e.name, f"{medians[e.name]:.2f}", memory[e.name]) for e in engines])]
    quantising = statistics.median(float(p[0]) for p in parts)
    lines += ["", f"kino's rows as f32 are the caller's and lent; of its build {quantising:.2f} s are the bytes. "
              f"Peak resident memory with those rows {resident:.0f} MB."]
    if peers:
        same = "the same to the bit" if len(prints) == 1 else "DIFFERENT"
        lines[-1] += f" Graphs built with 1, 2 and 3 threads are {same}."
    lines += ["", *goals.table(), ""]
    return lines, measured


def catalogue(folder, csv):
    """The folder of a catalogue: the one given, or one under build/ made of the CSV in it, the first time."""
    if os.path.exists(os.path.join(folder, "catalogue.db")):
        return folder
    made = os.path.join(BUILD, "bench", "catalogue-" + os.path.splitext(csv)[0])
    if not os.path.exists(os.path.join(made, "catalogue.db")):
        subprocess.run([os.path.join(BUILD, "kino"), "build", os.path.join(folder, csv), "--data", made], check=True,
                       stdout=subprocess.DEVNULL)
    return made


def crossover(rows, queries):
    ours = Engine("kino", [os.path.join(BUILD, "bench", "index"), "serve", rows, queries])
    numbers = ours.ask("sizes " + " ".join(str(n) for n in SIZES))
    ours.close()
    cells = [numbers[i:i + 5] for i in range(0, len(numbers), 5)]
    lines = ["## Scan or graph", "", "The first films, one thread, warm; the graph at its default ef, built with 2 "
             "threads.", ""]
    out = []
    for n, exact, graph, right, build in cells:
        saved = float(exact) - float(graph)
        out.append((n, f"{float(exact):.1f}", f"{float(graph):.1f}", right, f"{float(build):.2f}",
                    f"{float(build) * 1e6 / saved:,.0f}" if saved > 0 else "never"))
    head = ("films", "scan us", "graph us", "its recall", "its build s", "pays after queries")
    return lines + table(head, out) + [""]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", help="folder with a catalogue, or with the CSV that one is to be built of")
    parser.add_argument("--csv", default="bench_45466.csv", help="its name")
    parser.add_argument("--films", type=int, default=33000)
    parser.add_argument("--rows", type=int, default=200000, help="of the synthetic set; 0: without it")
    parser.add_argument("--large", action="store_true", help="a synthetic set of 1,000,000 rows")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="comma-separated peers")
    parser.add_argument("--out", default=os.path.join(HERE, "results"))
    args = parser.parse_args()
    os.makedirs(FOLDER, exist_ok=True)
    program, only = os.path.join(BUILD, "bench", "index"), None if args.only is None else args.only.split(",")
    lines = ["# Nearest rows", "",
             f"{QUERIES} queries that are not among the rows, {TOP} nearest by inner product, vectors of 416 numbers, "
             f"one thread; {args.rounds} interleaved rounds, medians. hnswlib, faiss HNSW and usearch with M = 16 and "
             "ef_construction = 200, faiss IVF with 200 lists; each at the least ef or nprobe that reaches the recall. "
             "What does not reach it is not listed.", "Made by `make bench-index`.", ""]
    films = [os.path.join(FOLDER, "films." + x) for x in ("rows", "queries")]
    if args.data:
        n = int(subprocess.run([program, "films", catalogue(args.data, args.csv), str(args.films), *films], check=True,
                               capture_output=True, text=True).stdout)
        found, measured = run_set(f"{n:,} films", *films, args.rounds, args.rounds, only)
        lines += found + crossover(*films)
        rows = sorted((m.time, f"{m.engine.name} {m.what}") for m in measured)
        os.makedirs(args.out, exist_ok=True)
        chart(f"Microseconds a query, {n:,} films, one thread (less is better)",
              [(name, t, f"{t:.0f}") for t, name in rows], os.path.join(args.out, "index.svg"))
        write(args.out, "index.md", lines)  # what comes next takes long
    else:
        print("no --data: without the films", file=sys.stderr)
    for n in ([args.rows] if args.rows else []) + ([1000000] if args.large else []):
        made = [os.path.join(FOLDER, "clusters." + x) for x in ("rows", "queries")]
        subprocess.run([program, "clusters", str(n), *made], check=True, stdout=subprocess.DEVNULL)
        lines += run_set(f"{n:,} synthetic rows in clusters, kino alone", *made, args.rounds, 1, ())[0]
    write(args.out, "index.md", lines)


if __name__ == "__main__":
    main()
