#!/usr/bin/env python3
"""Whole processes, from start to end: kino's answers beside the smallest programs there are, interleaved in one run.
`make bench-cli` calls it. Standard library alone. Writes bench/results/cli.md."""
import argparse
import os
import shutil
import statistics
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
PROCESS = os.path.join(ROOT, "build", "bench", "process")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="a catalogue's folder, or a CSV to make one of")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--runs", type=int, default=60, help="of each command in each round")
    args = parser.parse_args()
    kino = os.path.join(ROOT, "build", "kino")
    data = args.data
    if not os.path.isdir(data):
        data = os.path.join(ROOT, "build", "bench", "catalogue-cli")
        subprocess.run([kino, "build", args.data, "--data", data, "-q"], check=True)
    env = dict(os.environ, KINO_HOME=os.path.abspath(data))
    for name in ("TMDB_API_KEY", "KINO_ISA"):
        env.pop(name, None)
    for command in (["check", "--repair", "-q"], ["recommend", "862"]):  # a fresh snapshot, in the page cache
        subprocess.run([kino] + command, env=env, stdout=subprocess.DEVNULL)
    questions = [("recommend, by title", ["recommend", "Toy Story (1995)"]), ("recommend, by id", ["recommend", "862"]),
                 ("recommend, three likes, filter", ["recommend", "862", "949", "348", "--year", "1990-"]),
                 ("search", ["search", "a quiet film about grief"]), ("find, with a typo", ["find", "toy stroy"]),
                 ("embed, one line", ["embed", "--threads", "1"]), ("--version", ["--version"])]
    programs = [("kino", kino), ("static", os.path.join(ROOT, "build", "static", "kino"))]
    commands = [(f"{name}: {what}", [path] + question) for what, question in questions for name, path in programs
                if os.path.exists(path)]
    commands.append(("/bin/true", [shutil.which("true")]))
    if shutil.which("sqlite3"):
        commands.append(("sqlite3 :memory: 'select 1'", [shutil.which("sqlite3"), ":memory:", "select 1"]))
    line = os.path.join(ROOT, "build", "bench", "line.txt")
    with open(line, "w") as f:
        f.write("a quiet film about grief\n")
    env["KINO_WEIGHTS"] = os.path.join(ROOT, "weights", "minilm-l6-v2.int8.kino")
    took = {name: [] for name, _ in commands}
    for _ in range(args.rounds):
        for name, command in commands:
            out = subprocess.run([PROCESS, str(args.runs), line] + command, env=env, capture_output=True, text=True)
            if out.returncode:
                sys.exit(f"{name}: {out.stderr}")
            took[name].append([float(x) for x in out.stdout.split()])
    info = subprocess.run([kino, "info"], env=env, capture_output=True, text=True).stdout
    films = [row.split()[-1] for row in info.splitlines() if row.startswith("Films")][0]
    middle = {n: [statistics.median(r[i] for r in rows) for i in range(5)] for n, rows in took.items()}
    base = middle.get("sqlite3 :memory: 'select 1'")
    rows = ["| process | p50 ms | p95 ms | min ms | to sqlite3 | most memory MB |", "|---|---|---|---|---|---|"]
    for name, (least, p50, p95, _, memory) in middle.items():
        ratio = f"{p50 / base[1]:.2f}" if base else "-"
        rows.append(f"| {name} | {p50 / 1e3:.2f} | {p95 / 1e3:.2f} | {least / 1e3:.2f} | {ratio} | {memory / 1e3:.1f} |")
    text = "\n".join([
        "# Whole processes (`make bench-cli`)", "",
        f"{films} films, {args.rounds} rounds of {args.runs} runs of each command, interleaved; medians of the rounds.",
        "Memory counts mapped pages that were touched, which other processes share.", "", *rows, ""])
    print(text)
    out = os.path.join(HERE, "results", "cli.md")
    os.makedirs(os.path.dirname(out), exist_ok=True)
    with open(out, "w") as f:
        f.write(text)


if __name__ == "__main__":
    main()
