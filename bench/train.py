#!/usr/bin/env python3
"""A training step of the autoencoder: kino and the peers, interleaved in one run. `make bench-train` calls it.

Writes bench/results/train.md and train.svg.
"""
import argparse
import os
import statistics
import sys

from report import BUILD, HERE, Engine, Goals, chart, start_peers, table, write

PEERS = ("torch", "jax", "keras")
NAMES = {"torch": "PyTorch, fused Adam", "jax": "JAX, an epoch in one scan", "keras": "Keras, train_on_batch"}
THREADS = (1, 2)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--columns", type=int, default=106)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="comma-separated peers")
    parser.add_argument("--out", default=os.path.join(HERE, "results"))
    args = parser.parse_args()
    worker, only = os.path.join(HERE, "peers", "train_worker.py"), args.only.split(",") if args.only else PEERS
    ours = Engine("kino", [os.path.join(BUILD, "bench", "train")])
    engines = [ours, *start_peers({p: [worker, p] for p in PEERS if p in only})]
    # JAX decides for itself how many threads it uses.
    settings = [(e, t) for e in engines for t in (THREADS if e.name in ("kino", "torch") else THREADS[-1:])]
    times, prints = {s: [] for s in settings}, set()
    for r in range(args.rounds):
        for e, threads in settings:
            best, median, *more = e.ask(f"step {args.columns} {threads}")
            times[e, threads].append(float(median))
            prints.update(more)
            print(f"round {r + 1}  {e.name:6} {threads} threads {float(median):8.1f} us, best {float(best):.1f}",
                  file=sys.stderr)
    for e in engines:
        e.close()

    def least(name):
        return min((statistics.median(t) for (e, _), t in times.items() if e.name == name), default=None)

    goals = Goals()
    goals.at_most("step / PyTorch's", least("kino"), least("torch"), 1 / 12)
    goals.at_most("step / JAX's", least("kino"), least("jax"), 1 / 4)
    goals.at_most("step / Keras's", least("kino"), least("keras"), 1)
    rows = [(f"{NAMES.get(e.name, e.name)}, {n} thread{'s' if n > 1 else ''}", statistics.median(t))
            for (e, n), t in times.items()]
    lines = ["# Training", "",
             f"A step of the autoencoder ({args.columns}-128-64-32-64-128-{args.columns}, two batch norms, dropout .2, "
             f"Adam, batch 32): forward, backward and update. Medians of {args.rounds} interleaved rounds; ratios are "
             "of the faster thread count of each.", "Made by `make bench-train`.", "",
             *table(("engine", "us a step"), [(name, f"{t:.1f}") for name, t in rows]), "",
             f"kino's weights after 14,080 steps with 1 and 2 threads are "
             f"{'the same to the bit' if len(prints) == 1 else 'DIFFERENT'}.", "", *goals.table()]
    write(args.out, "train.md", lines)
    chart("Microseconds a training step (less is better)",
          [(name, t, f"{t:.0f}") for name, t in sorted(rows, key=lambda r: r[1])], os.path.join(args.out, "train.svg"))


if __name__ == "__main__":
    main()
