#!/usr/bin/env python3
"""A witness for `kino eval` on the next film that was rated: the same figures, computed anew from the files and the
catalogue's vectors with NumPy. bench/likeness.py is that of likeness.

    python3 tests/golden/check_eval.py FILMS.csv CATALOGUE_DIR DATA_DIR KINO_EVAL.json

KINO_EVAL.json is the output of `kino eval --json`. Questions, halves, ranks and figures are re-implemented from the
description; so are text alone, popularity and ItemKNN. Prints both and fails where they differ by more than .0015: in
single precision some ties fall otherwise."""
import collections
import csv
import json
import math
import os
import sqlite3
import sys

import numpy as np

ALL64 = (1 << 64) - 1


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & ALL64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & ALL64
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & ALL64
    return x ^ (x >> 31)


def drawn(user):
    return mix(mix(mix(0) ^ 0x6576616C) ^ user)


class Films:
    def __init__(self, path, catalogue):
        csv.field_size_limit(10 ** 9)
        with open(path, newline="", encoding="utf-8") as f:
            self.at = {film: i for i, film in enumerate(sorted(int(row["id"]) for row in csv.DictReader(f)))}
        self.n = len(self.at)
        self.plot = np.zeros((self.n, 384), "f4")
        db = sqlite3.connect(f"file:{os.path.join(catalogue, 'catalogue.db')}?mode=ro", uri=True)
        for film, vector in db.execute("select film_id, vector from plot"):
            self.plot[self.at[film]] = np.frombuffer(vector, "<f4")


def halves(films, folder):
    with open(os.path.join(folder, "links_small.csv"), newline="") as f:
        links = {row["movieId"]: films.at.get(int(row["tmdbId"] or 0)) for row in csv.DictReader(f)}
    users = collections.defaultdict(list)
    with open(os.path.join(folder, "ratings_small.csv"), newline="") as f:
        for row in csv.DictReader(f):
            if links.get(row["movieId"]) is not None:
                one = int(row["timestamp"]), links[row["movieId"]], float(row["rating"]) >= 4
                users[int(row["userId"])].append(one)
    users = {u: sorted(h) for u, h in users.items() if sum(x[2] for x in h) >= 6}
    order = sorted(users, key=drawn)
    return users, order[:len(order) // 2], order[len(order) // 2:]


def questions(users, chosen):
    """user, seeds before (latest first), target, seen"""
    for u in sorted(chosen):
        likes = [i for i, x in enumerate(users[u]) if x[2]]
        for n in range(1, min(len(likes), 61)):
            seeds = [users[u][i][1] for i in likes[n - 1::-1]]
            yield u, seeds, users[u][likes[n]][1], [x[1] for x in users[u][:likes[n]]]


def figures(films, users, chosen, score):
    hits = gain = inverse = count = 0
    shown = set()
    for _, seeds, target, seen in questions(users, chosen):
        s = score(seeds, seen).astype("f8")
        own = s[target]
        s[seen] = -np.inf
        s[target] = own
        rank = (s > own).sum() + ((s == own).sum() - 1) / 2
        count += 1
        hits += rank < 10
        gain += 1 / math.log2(rank + 2) if rank < 10 else 0
        inverse += 1 / (rank + 1)
        shown.update(np.argsort(-s, kind="stable")[:10].tolist())
    return {"questions": count, "hr": hits / count, "ndcg": gain / count, "mrr": inverse / count,
            "coverage": len(shown) / films.n}


def main():
    path, catalogue, folder, answer = sys.argv[1:]
    films = Films(path, catalogue)
    users, tuning, test = halves(films, folder)
    with open(answer) as f:
        kino = json.load(f)
    asked, learned = (test, tuning) if kino["half"] == "test" else (tuning, test)
    likes = np.zeros((len(learned), films.n), "f4")
    for i, u in enumerate(learned):
        for _, row, like in users[u]:
            likes[i, row] += like
    popular = likes.sum(0)
    ways = {
        "text alone": lambda seeds, seen: films.plot @ films.plot[seeds[0]],
        "popularity": lambda seeds, seen: popular,
        "ItemKNN": lambda seeds, seen: (likes[:, seeds[0]] @ likes) / (np.sqrt(popular * popular[seeds[0]]) + 20),
    }
    bad = 0
    for row in kino["transitions"]:
        if row["task"] != "one seed" or row["method"] not in ways:
            continue
        own = figures(films, users, asked, ways[row["method"]])
        for name in ("questions", "hr", "ndcg", "mrr", "coverage"):
            theirs = row[name]["value"] if isinstance(row[name], dict) else row[name]
            wrong = abs(own[name] - theirs) > (0.0015 if name != "coverage" else 0.005)
            bad += wrong
            print(f"{row['method']:12} {name:10} {own[name]:9.4f} {theirs:9.4f} {'DIFFERENT' if wrong else ''}", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
