#!/usr/bin/env python3
"""Prints lists of films of every kind as a page of Markdown, to be marked by eye: kino's, those by the plot alone, and
those of another release of the program where it is given. Standard library alone; any catalogue will do.

    python3 bench/lists.py CATALOGUE_DIR [--kino PROGRAM] [--before PROGRAM CATALOGUE_DIR] [--seeds FILE] [-n 5] >page.md
    python3 bench/lists.py --tally page.md

`make lists` calls it. bench/seeds.txt has the films that are asked for; those that the catalogue does not have are left
out and named at the end. A mark goes into the empty cell behind a film: 2, like this one; 1, acceptable; 0, no. --tally
reads a marked page and prints the mean mark of each column, by kind and in all."""
import argparse
import collections
import json
import os
import re
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
PLOT_ALONE = {"weight": {"all": 0, "plot": 1}}


def read_seeds(path):
    with open(path, encoding="utf-8") as f:
        return [line.rstrip("\n").split("\t") for line in f if line.strip() and not line.startswith("#")]


def ask(program, catalogue, titles, k, **more):
    """title -> films, or None"""
    lines = "".join(json.dumps({"like": [title], "k": k, **more}) + "\n" for title in titles)
    run = subprocess.run([program, "batch", "-", "--data", catalogue, "-q"], input=lines, text=True,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    if len(answers) != len(titles):
        sys.exit(run.stderr.strip() or f"{program}: no answers")
    return {title: answer.get("results") for title, answer in zip(titles, answers)}


def name(film):
    return re.sub(r"([|\\*_<`])", r"\\\1", f"{film['title']} ({film['year']})")


def page(a):
    seeds = read_seeds(a.seeds)
    titles = [title for _, title in seeds]
    columns = {"kino": ask(a.kino, a.catalogue, titles, a.n),
               "plot alone": ask(a.kino, a.catalogue, titles, a.n, **PLOT_ALONE)}
    if a.before:
        columns["before"] = ask(a.before[0], a.before[1], titles, a.n)
    there = [(kind, title) for kind, title in seeds if all(lists[title] for lists in columns.values())]
    print("# Lists by eye\n\n2: like this one; 1: acceptable; 0: no.")
    last = None
    for kind, title in there:
        if kind != last:
            print(f"\n## {kind.capitalize()}")
        last = kind
        print(f"\n**{title}**\n\n| {' | | '.join(columns)} | |\n|{'---|:-:|' * len(columns)}")
        for place in range(a.n):
            cells = [name(lists[title][place]) if place < len(lists[title]) else "" for lists in columns.values()]
            print("| " + " |   | ".join(cells) + " |   |")
    absent = [title for kind, title in seeds if (kind, title) not in there]
    print(f"\n{len(there)} films, {len(there) * len(columns) * a.n} marks." +
          (f" Not in the catalogue: {', '.join(absent)}." if absent else ""))


def tally(path):
    marks = collections.defaultdict(lambda: collections.defaultdict(list))
    empty, kind, columns = 0, "", []
    with open(path, encoding="utf-8") as f:
        for line in f:
            cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
            if line.startswith("## "):
                kind = line[3:].strip()
            elif line.startswith("|--"):
                continue
            elif cells and not any(cells[1::2]) and cells[0] == "kino":
                columns = cells[::2]
            else:
                for column, film, mark in zip(columns, cells[::2], cells[1::2]):
                    if mark in ("0", "1", "2"):
                        marks[column][kind].append(int(mark))
                    elif film:
                        empty += 1
    for column, kinds in marks.items():
        every = [mark for kind in kinds.values() for mark in kind]
        print(f"{column}: {sum(every) / len(every):.2f} of 2, {len(every)} marks; " +
              ", ".join(f"{kind} {sum(of) / len(of):.2f}" for kind, of in kinds.items()))
    print(f"{empty} without a mark")


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("catalogue", nargs="?")
    p.add_argument("--kino", default="build/kino")
    p.add_argument("--before", nargs=2, metavar=("PROGRAM", "CATALOGUE_DIR"))
    p.add_argument("--seeds", default=os.path.join(HERE, "seeds.txt"))
    p.add_argument("-n", type=int, default=5, help="films of a list")
    p.add_argument("--tally", metavar="PAGE")
    a = p.parse_args()
    if a.tally:
        tally(a.tally)
    elif a.catalogue:
        page(a)
    else:
        p.error("a catalogue, or --tally")


if __name__ == "__main__":
    main()
