#!/usr/bin/env python3
"""A witness for `kino eval`: the same figures, computed anew from the files and the catalogue's vectors with NumPy.

    python3 tests/golden/check_eval.py FILMS.csv CATALOGUE_DIR DATA_DIR KINO_EVAL.json

KINO_EVAL.json is the output of `kino eval --json`. Questions, halves, ranks and figures are re-implemented from the
description; so are text alone, popularity, ItemKNN and the scores of kino, from the CSV, with the constants read out of
src/rank/score.c. Prints both and fails where they differ by more than .0015: in single precision some ties fall
otherwise."""
import ast
import collections
import csv
import json
import math
import os
import re
import sqlite3
import sys

import numpy as np

ALL64 = (1 << 64) - 1
HERE = os.path.dirname(os.path.abspath(__file__))


def mix(x):
    x = (x + 0x9E3779B97F4A7C15) & ALL64
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9 & ALL64
    x = (x ^ (x >> 27)) * 0x94D049BB133111EB & ALL64
    return x ^ (x >> 31)


def drawn(user):
    return mix(mix(mix(0) ^ 0x6576616C) ^ user)


def number(text):
    try:
        return float(text)
    except ValueError:
        return math.nan


class Films:
    def __init__(self, path, catalogue):
        csv.field_size_limit(10 ** 9)
        with open(path, newline="", encoding="utf-8") as f:
            self.rows = sorted(csv.DictReader(f), key=lambda row: int(row["id"]))
        self.at = {int(row["id"]): i for i, row in enumerate(self.rows)}
        self.n = len(self.rows)
        self.plot, self.profile = np.zeros((self.n, 384), "f4"), np.zeros((self.n, 32), "f4")
        db = sqlite3.connect(f"file:{os.path.join(catalogue, 'catalogue.db')}?mode=ro", uri=True)
        for table, out in (("plot", self.plot), ("profile", self.profile)):
            for film, vector in db.execute(f"select film_id, vector from {table}"):
                out[self.at[film]] = np.frombuffer(vector, "<f4")


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


def cosines(films, lists):
    have = collections.Counter(name for names in lists for name in set(names))
    terms = {name: i for i, name in enumerate(have)}
    out = np.zeros((films.n, len(terms)), "f4")
    for i, names in enumerate(lists):
        for name in set(names):
            out[i, terms[name]] = math.log(films.n / have[name])
    norm = np.linalg.norm(out, axis=1, keepdims=True)
    out /= np.where(norm > 0, norm, 1)
    return out @ out.T, norm[:, 0] > 0


class Scores:
    """kino's score without choice: parts from the CSV, constants from the source."""

    def __init__(self, films):
        source = open(os.path.join(HERE, "..", "..", "src", "rank", "score.c")).read()
        self.constants = {m[0]: tuple(map(float, m[1:])) for m in
                          re.findall(r'\{"(\w+)", ([\d.]+), ([\d.]+), ([\d.]+)\}', source)}
        self.search_plot = float(re.search(r"#define SEARCH_PLOT ([\d.]+)", source)[1])
        choose = open(os.path.join(HERE, "..", "..", "src", "rank", "choose.h")).read()
        self.pool = int(re.search(r"#define KINO_POOL (\d+)", choose)[1]) + 20
        self.films = films
        column = lambda name: np.array([number(row[name]) for row in films.rows])
        self.year = np.array([number(row["release_date"][:4]) for row in films.rows])
        votes = column("vote_count")
        self.fame = np.log1p(votes)
        rating = column("vote_average")
        self.rating = np.where((votes > 0) & (rating > 0), rating, np.nan)
        self.fame = np.where((votes > 0) & (rating > 0) | (votes == 0), self.fame, np.nan)
        self.language = np.array([row["original_language"] for row in films.rows])
        self.genres, self.has_genres = cosines(films, self.names("genres"))
        self.keywords, self.has_keywords = cosines(films, self.names("keywords"))
        self.known = {}

    def names(self, column):
        return [[(x["id"], x["name"]) for x in ast.literal_eval(row[column] or "[]") if x["name"].strip()]
                for row in self.films.rows]

    def numbers(self, name, difference):
        weight, scale, unknown = self.constants[name]
        return weight * np.where(np.isnan(difference), unknown, 1 - difference / scale)

    def sets(self, name, alike, has, seed):
        weight, _, unknown = self.constants[name]
        return weight * np.where(has & has[seed], alike[seed], unknown)

    def __call__(self, seed):
        if seed not in self.known:
            f, c = self.films, self.constants
            score = c["plot"][0] * (f.plot @ f.plot[seed]) + c["profile"][0] * (f.profile @ f.profile[seed])
            score = score + self.sets("genres", self.genres, self.has_genres, seed)
            score = score + self.sets("keywords", self.keywords, self.has_keywords, seed)
            score = score + self.numbers("era", np.log1p(np.abs(self.year - self.year[seed])))
            score = score + self.numbers("acclaim", np.abs(self.rating - self.rating[seed]))
            score = score + self.numbers("fame", np.abs(self.fame - self.fame[seed]))
            score = score + c["language"][0] * (self.language == self.language[seed])
            search = self.search_plot * (f.plot @ f.plot[seed]) + (1 - self.search_plot) * (f.profile @ f.profile[seed])
            self.known[seed] = score, search
        return self.known[seed]

    def ranked(self, seeds, seen):
        score, search = self(seeds[0])
        near = search.astype("f8")
        near[seen] = -np.inf
        pool = np.argpartition(-near, self.pool)[:self.pool]
        out = search.astype("f8")
        out[pool] = 100 + score[pool]
        return out


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
    scores = Scores(films)
    ways = {
        "text alone": lambda seeds, seen: films.plot @ films.plot[seeds[0]],
        "popularity": lambda seeds, seen: popular,
        "ItemKNN": lambda seeds, seen: (likes[:, seeds[0]] @ likes) / (np.sqrt(popular * popular[seeds[0]]) + 20),
        "kino, neither diversity nor one of a collection": scores.ranked,
    }
    bad = 0
    for row in kino["rows"]:
        if row["task"] != "one seed" or row["method"] not in ways:
            continue
        own = figures(films, users, asked, ways[row["method"]])
        for name in ("questions", "hr", "ndcg", "mrr", "coverage"):
            theirs = row[name]["value"] if isinstance(row[name], dict) else row[name]
            wrong = abs(own[name] - theirs) > (0.0015 if name != "coverage" else 0.005)
            bad += wrong
            print(f"{row['method']:48} {name:10} {own[name]:9.4f} {theirs:9.4f} {'DIFFERENT' if wrong else ''}", flush=True)
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
