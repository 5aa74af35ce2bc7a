#!/usr/bin/env python3
"""From a CSV to answers: kino build beside the pipeline in Python that it succeeds, one after the other in one run, each
with the whole machine. `make bench-build` calls it. Standard library alone; without the peers kino runs alone. Writes
bench/results/build.md."""
import argparse
import json
import os
import shutil
import subprocess
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PEERS_PYTHON = os.path.join(ROOT, "build", "peers", "bin", "python")


def run(command, env=None):
    """Seconds, most memory in kB, standard output."""
    began = time.perf_counter()
    p = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    out = p.stdout.read()
    _, status, used = os.wait4(p.pid, 0)
    if status:
        raise SystemExit(f"{command[0]} failed")
    return time.perf_counter() - began, used.ru_maxrss, out


def kino(csv):
    data = os.path.join(ROOT, "build", "bench", "catalogue-build")
    shutil.rmtree(data, ignore_errors=True)
    seconds, memory, out = run([os.path.join(ROOT, "build", "kino"), "build", csv, "--data", data, "--json", "-q"])
    report = json.loads(out)
    stages = {n: report["seconds"][n] for n in ("read", "train", "embed", "save")}
    return {"seconds": seconds, "memory": memory, "films": report["films"], "stages": stages}


def python(csv):
    seconds, memory, out = run([PEERS_PYTHON, os.path.join(HERE, "peers", "build.py"), csv])
    rows = dict(line.split() for line in out.splitlines())
    stages = {n: float(rows[n]) for n in ("read", "train", "embed", "index")}
    stages["start"] = seconds - sum(stages.values())
    return {"seconds": seconds, "memory": memory, "films": int(rows["films"]), "stages": stages}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--csv", required=True)
    parser.add_argument("--rounds", type=int, default=1)
    args = parser.parse_args()
    kinos, pythons = [], []
    for _ in range(args.rounds):
        kinos.append(kino(args.csv))
        if os.path.exists(PEERS_PYTHON):
            pythons.append(python(args.csv))
    lines = ["# From a CSV to answers (`make bench-build`)", "",
             f"{os.path.basename(args.csv)}, {args.rounds} round(s), the whole machine for each.", "",
             "| what | films | seconds | most memory MB | share of each stage |", "|---|---|---|---|---|"]
    for name, results in (("kino build", kinos), ("pandas, Keras, sentence-transformers, faiss", pythons)):
        for r in results:
            shares = ", ".join(f"{n} {s / r['seconds']:.1%} ({s:.1f} s)" for n, s in r["stages"].items())
            lines.append(f"| {name} | {r['films']:,} | {r['seconds']:.1f} | {r['memory'] / 1e3:.0f} | {shares} |")
    for a, b in zip(kinos, pythons):
        lines += ["", f"kino takes 1/{b['seconds'] / a['seconds']:.1f} of the time."]
    text = "\n".join(lines) + "\n"
    print(text)
    with open(os.path.join(HERE, "results", "build.md"), "w") as f:
        f.write(text)


if __name__ == "__main__":
    main()
