#!/usr/bin/env python3
"""Text embedding: kino's three precisions and the peers, interleaved in one run. `make bench-embed` calls it.

Standard library alone, so that it runs without the peers too: then kino stands beside the machine's own peak. Writes
bench/results/embed.md and embed.svg.
"""
import argparse
import array
import math
import os
import statistics
import subprocess
import sys
import time

from report import chart

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "build")
PEERS_PYTHON = os.path.join(BUILD, "peers", "bin", "python")
CACHE = os.path.join(BUILD, "peers", "cache")
DIM = 384
# 10.62 M multiply-adds a token, and 9,216 a token and token of its text for attention (all-MiniLM-L6-v2).
MACS_TOKEN, MACS_PAIR = 10.62e6, 9216
QUERIES = ["a quiet film about grief", "heist in a casino", "robots fall in love", "space war epic",
           "haunted house with children", "two friends on the road", "revenge of a samurai", "a mother finds her son",
           "detective and a serial killer", "dancing in the rain"]


class Engine:
    def __init__(self, name, command, cold):
        self.name, self.cold = name, cold
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        if self.process.stdout.readline().strip() != "ready":
            raise RuntimeError(f"{name} does not start: {' '.join(command)}")
        self.bulk, self.query, self.cold_ms = [], [], []

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        return self.process.stdout.readline().split()

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def read_vectors(path):
    a = array.array("f")
    with open(path, "rb") as f:
        a.frombytes(f.read())
    return a


def errors(a, b):
    """1 - cos of each pair of rows."""
    out = []
    for i in range(0, len(a), DIM):
        x, y = a[i:i + DIM], b[i:i + DIM]
        dot = math.fsum(p * q for p, q in zip(x, y))
        out.append(1 - dot / math.sqrt(math.fsum(p * p for p in x) * math.fsum(q * q for q in y)))
    return out


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--texts", required=True, help="one text a line; every 17th is used")
    parser.add_argument("--calibration", required=True, help="CSV with overviews, for the peers' int8")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="comma-separated engines")
    parser.add_argument("--out", default=os.path.join(HERE, "results"))
    args = parser.parse_args()
    os.makedirs(args.out, exist_ok=True)
    os.makedirs(os.path.join(BUILD, "bench"), exist_ok=True)
    texts = os.path.join(BUILD, "bench", "texts.txt")
    queries = os.path.join(BUILD, "bench", "queries.txt")
    with open(args.texts, encoding="utf-8") as f, open(texts, "w", encoding="utf-8") as g:
        lines = f.read().split("\n")
        lines = [x for x in lines if x][::17][:2000]
        g.write("\n".join(lines) + "\n")
    with open(queries, "w", encoding="utf-8") as g:
        g.write("\n".join(QUERIES) + "\n")

    ours = os.path.join(BUILD, "bench", "embed")
    wanted = []
    for precision, folder in (("int8", os.path.join(HERE, "..", "weights")), ("bf16", os.path.join(BUILD, "weights")),
                              ("f32", os.path.join(BUILD, "weights"))):
        weights = os.path.join(folder, f"minilm-l6-v2.{precision}.kino")
        if os.path.exists(weights):
            wanted.append((f"kino {precision}", [ours, weights, texts, queries], [ours, weights, "--cold", QUERIES[0]]))
    if os.path.exists(PEERS_PYTHON):
        for e in ("ort-f32", "ort-int8", "ov-f32", "ov-bf16", "ov-int8", "st"):
            wanted.append((e, [PEERS_PYTHON, os.path.join(HERE, "peers", "worker.py"), e, "--texts", texts,
                               "--queries", queries, "--calibration", args.calibration, "--cache", CACHE],
                           [PEERS_PYTHON, os.path.join(HERE, "peers", "cold.py"), e, CACHE]))
    else:
        print("no peers (make bench-peers installs them): kino alone", file=sys.stderr)
    if args.only:
        wanted = [w for w in wanted if w[0] in args.only.split(",")]
    engines = []
    for name, command, cold in wanted:
        print(f"starting {name}", file=sys.stderr)
        engines.append(Engine(name, command, cold))
    peak = {}
    for r in range(args.rounds):
        for e in engines:
            e.bulk.append(float(e.ask("bulk")[0]))
            e.query.append(float(e.ask("query")[0]))
            start = time.perf_counter()
            subprocess.run(e.cold, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            e.cold_ms.append((time.perf_counter() - start) * 1e3)
            print(f"round {r + 1}  {e.name:9} {len(lines) / e.bulk[-1]:8.1f} texts/s  {e.query[-1]:7.3f} ms",
                  file=sys.stderr)
        for line in subprocess.run([os.path.join(BUILD, "bench", "peak")], capture_output=True,
                                   text=True).stdout.splitlines():
            kind, value = line.split()
            peak.setdefault(kind, []).append(float(value))

    rows = []
    for e in engines:
        path = os.path.join(BUILD, "bench", e.name.replace(" ", "-") + ".f32")
        e.ask("vectors " + path)
        rows.append({"name": e.name, "rate": len(lines) / statistics.median(e.bulk),
                     "query": statistics.median(e.query), "cold": statistics.median(e.cold_ms),
                     "rss": float(e.ask("rss")[0]), "path": path})
    by_name = {r["name"]: r for r in rows}
    witness = by_name.get("st") or by_name.get("kino f32")
    tokens, token_seconds = None, None
    for e in engines:
        if e.name.startswith("kino") and tokens is None:
            tokens, token_seconds = (float(x) for x in e.ask("tokens"))
        e.close()
    if witness:
        reference = read_vectors(witness["path"])
        for r in rows:
            err = errors(read_vectors(r["path"]), reference)
            n = len(lines)
            r["error"] = (statistics.mean(err[:n]), max(err[:n]), statistics.mean(err[n:]), max(err[n:]))

    out = ["# Text embedding", "",
           f"{len(lines)} texts, {args.rounds} interleaved rounds, medians; tokenising included; 2 threads for bulk, "
           "1 for a query. Error is 1 - cos against sentence-transformers (kino f32 without the peers), mean / worst.",
           "Made by `make bench-embed`.", "",
           "| engine | texts/s | tokens/s | query ms | cold ms | peak MB | texts: 1-cos | queries: 1-cos |",
           "|---|---|---|---|---|---|---|---|"]
    for r in rows:
        err = r.get("error", (math.nan,) * 4)
        rate = f"{tokens / len(lines) * r['rate']:,.0f}" if tokens else ""
        out.append(f"| {r['name']} | {r['rate']:.0f} | {rate} | {r['query']:.3f} | {r['cold']:.1f} | {r['rss']:.0f} | "
                   f"{err[0]:.1e} / {err[1]:.1e} | {err[2]:.1e} / {err[3]:.1e} |")
    out += ["", "| ratio | goal | measured |", "|---|---|---|"]

    def ratio(name, ours_name, peers, goal):
        have = [by_name[p]["rate"] for p in peers if p in by_name]
        if ours_name in by_name and have:
            out.append(f"| {name} | {goal} | {by_name[ours_name]['rate'] / max(have):.2f} |")

    ratio("kino int8 / faster of OpenVINO int8, ONNX Runtime int8", "kino int8", ["ov-int8", "ort-int8"], 1.6)
    ratio("kino bf16 / OpenVINO bf16", "kino bf16", ["ov-bf16"], 1.3)
    ratio("kino f32 / OpenVINO f32", "kino f32", ["ov-f32"], 1.2)
    if tokens:
        mean = tokens / len(lines)
        work = 2 * (MACS_TOKEN * mean + MACS_PAIR * mean * mean)
        out += ["", f"{mean:.1f} tokens a text; tokeniser alone {tokens / token_seconds / 1e6:.2f} million tokens a second "
                "on one core."]
        for kind, values in peak.items():
            r = by_name.get(f"kino {kind}")
            if r:
                best = statistics.median(values)
                out.append(f"Machine's peak in {kind}: {best:.0f} Gop/s on 2 cores; kino {kind} uses "
                           f"{work * r['rate'] / 1e9 / best:.0%} of it.")
    text = "\n".join(out) + "\n"
    with open(os.path.join(args.out, "embed.md"), "w") as f:
        f.write(text)
    chart("Texts embedded a second, 2 threads",
          [(r["name"], r["rate"], f"{r['rate']:.0f}") for r in sorted(rows, key=lambda r: -r["rate"])],
          os.path.join(args.out, "embed.svg"))
    print(text)


if __name__ == "__main__":
    main()
