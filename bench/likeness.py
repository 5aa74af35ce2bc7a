#!/usr/bin/env python3
"""A witness for `kino eval`: the measures of likeness computed anew with NumPy, from what `kino batch` answers.

    python3 bench/likeness.py FILMS.csv CATALOGUE_DIR [--kino PROGRAM] [--tags T.csv] [--ratings R.csv] [--links L.csv]
                              [--compare KINO_EVAL.json] [-- OPTION ...]

FILMS.csv is the table in Kaggle's columns that the catalogue was built from; options behind -- go to `kino batch`, so
that other ways to ask, and other releases of the program, are measured too. With --compare, the output of
`kino eval --json`, it prints both and fails where they differ by .0005 or more.

tag      Films with five tags or more are candidates and seeds. A film is the vector of its tags' weights times
         log(candidates / candidates with the tag); the gain of an answer is its cosine to the seed.
co-like  Likes are 4 stars and more; films with eight are candidates and seeds. A user's chance of liking a film is
         the film's likes times the user's share of all likes of films released in the same five years, 1 at most. The
         gain is log((users who like both + 5) / (expected + 5)), not below 0.
         Both: nDCG@10 of lists of 300 in which films that are no candidates are passed over.
series   Of the other films of the seed's collection, ten at most, the share in the first ten, sequels allowed.
guards   Of lists of ten: the share within two years of the seed; the median of the votes over the seed's, its median
         over seeds, and the share of seeds for which it is under a quarter; films in some list; the commonest film."""
import argparse
import ast
import collections
import csv
import json
import math
import subprocess
import sys

import numpy as np

TOP, LONG = 10, 300
LEAST_TAGS, LEAST_LIKES, YEARS, ADDED, LIKED = 5, 8, 5, 5, 4.0
DISCOUNT = 1 / np.log2(np.arange(TOP) + 2)
LOWER = str.maketrans({c: c.lower() for c in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"})


def table(path):
    csv.field_size_limit(10 ** 9)
    with open(path, newline="", encoding="utf-8-sig") as f:
        yield from csv.DictReader(f)


Film = collections.namedtuple("Film", "year votes collection")


def read_films(path):
    films = {}
    for row in table(path):
        of = row.get("belongs_to_collection") or ""
        films[int(row["id"])] = Film(int((row.get("release_date") or "")[:4] or 0),
                                     max(float(row.get("vote_count") or 0), 0),
                                     ast.literal_eval(of)["id"] if of else None)
    return films


def read_links(path):
    return {row["movieId"]: int(row["tmdbId"]) for row in table(path) if row["tmdbId"]}


class Truth:
    """ids of the candidates, ascending, and gain[seed][answer]"""

    def __init__(self, ids, gain):
        self.at = {film: i for i, film in enumerate(ids)}
        self.gain = gain

    def worth(self, lists):
        out = []
        for seed, i in self.at.items():
            gain = self.gain[i]
            ideal = np.sort(np.delete(gain, i))[::-1][:TOP]
            ideal = (ideal * DISCOUNT[:len(ideal)]).sum()
            answers = [self.at[film] for film in lists[seed] if film in self.at and film != seed][:TOP]
            if ideal > 0:
                out.append((gain[answers] * DISCOUNT[:len(answers)]).sum() / ideal)
        return out


def tag_truth(films, path, links):
    weights = collections.defaultdict(lambda: collections.defaultdict(float))
    givers = collections.defaultdict(lambda: collections.defaultdict(set))
    for row in table(path):
        tag = row["tag"].strip(" \t\r\n").translate(LOWER)
        film = int(row["tmdbId"]) if "tmdbId" in row else links.get(row["movieId"])
        if not tag or film not in films:
            continue
        if "weight" in row:
            weights[film][tag] += float(row["weight"])
        else:
            givers[film][tag].add(row["userId"])
            weights[film][tag] = math.log(1 + len(givers[film][tag]))
    weights = {film: {t: w for t, w in tags.items() if w > 0} for film, tags in weights.items()}
    ids = sorted(film for film, tags in weights.items() if len(tags) >= LEAST_TAGS)
    column = {tag: i for i, tag in enumerate(sorted({tag for film in ids for tag in weights[film]}))}
    m = np.zeros((len(ids), len(column)))
    for i, film in enumerate(ids):
        for tag, w in weights[film].items():
            m[i, column[tag]] = w
    m *= np.log(len(ids) / (m > 0).sum(0))
    norm = np.linalg.norm(m, axis=1, keepdims=True)
    m /= np.where(norm > 0, norm, 1)
    return Truth(ids, m @ m.T)


def colike_truth(films, path, links):
    likes = set()
    for row in table(path):
        film = links.get(row["movieId"])
        if float(row["rating"]) >= LIKED and film in films and films[film].year:
            likes.add((row["userId"], film))
    users = {user: i for i, user in enumerate(sorted({user for user, _ in likes}))}
    ids = sorted({film for _, film in likes})
    at = {film: i for i, film in enumerate(ids)}
    m = np.zeros((len(users), len(ids)))
    for user, film in likes:
        m[users[user], at[film]] = 1
    block = np.array([films[film].year // YEARS for film in ids])
    of_film = m.sum(0)
    chance = np.zeros_like(m)
    for b in set(block):
        of_block = m[:, block == b].sum(1)
        chance[:, block == b] = np.minimum(of_block[:, None] / of_block.sum() * of_film[block == b], 1)
    kept = of_film >= LEAST_LIKES
    m, chance = m[:, kept], chance[:, kept]
    gain = np.maximum(np.log((m.T @ m + ADDED) / (m.T @ chance + ADDED)), 0)
    return Truth([film for film, keep in zip(ids, kept) if keep], gain)


def ask(program, catalogue, options, seeds, k, **more):
    seeds = list(seeds)
    lines = "".join(json.dumps({"like": [seed], "k": k, **more}) + "\n" for seed in seeds)
    run = subprocess.run([program, "batch", "-", "--data", catalogue, "-q", *options], input=lines, text=True,
                         stdout=subprocess.PIPE, check=True)
    return {seed: [film["id"] for film in json.loads(line)["results"]]
            for seed, line in zip(seeds, run.stdout.splitlines())}


def series_shares(films, lists):
    of = collections.defaultdict(set)
    for film, facts in films.items():
        of[facts.collection].add(film)
    return [len(of[films[seed].collection] & set(answers)) / min(len(of[films[seed].collection]) - 1, TOP)
            for seed, answers in lists.items()]


def guards(films, lists):
    near, votes, shown = [], [], collections.Counter()
    for seed, answers in lists.items():
        year = films[seed].year
        near.append(np.mean([bool(year and films[f].year) and abs(films[f].year - year) <= 2 for f in answers]))
        votes.append(np.median([films[f].votes for f in answers]) / max(films[seed].votes, 1))
        shown.update(answers)
    votes = np.array(votes)
    return {"near": np.mean(near), "votes": np.median(votes), "few": (votes < .25).mean(),
            "shown": len(shown) / len(films), "commonest": max(shown.values()) / len(lists)}


def measure(a):
    films = read_films(a.films)
    links = read_links(a.links) if a.links else {}
    truths, figures = {}, {}
    if a.tags:
        truths["tag"] = tag_truth(films, a.tags, links)
    if a.ratings:
        truths["colike"] = colike_truth(films, a.ratings, links)
    known = sorted({film for truth in truths.values() for film in truth.at})
    lists = ask(a.kino, a.catalogue, a.options, known, LONG)
    for name, truth in truths.items():
        worth = truth.worth(lists)
        figures[name] = np.mean(worth) if worth else math.nan
    count = collections.Counter(facts.collection for facts in films.values())
    several = sorted(film for film, facts in films.items() if facts.collection is not None and count[facts.collection] > 1)
    if several:
        figures["series"] = np.mean(series_shares(films, ask(a.kino, a.catalogue, a.options, several, TOP, sequels=True)))
    short = ask(a.kino, a.catalogue, a.options, sorted(films), TOP)
    for name, value in guards(films, short).items():
        figures["all " + name] = value
    if "tag" in truths and truths["tag"].at:
        for name, value in guards(films, {seed: short[seed] for seed in truths["tag"].at}).items():
            figures["tagged " + name] = value
    return figures


def told(row, name):
    """A figure of `kino eval`: "tag", or "all near"."""
    for key in name.split():
        row = row[key]
    return row["value"] if isinstance(row, dict) else row


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("films")
    p.add_argument("catalogue")
    p.add_argument("--kino", default="build/kino")
    p.add_argument("--tags")
    p.add_argument("--ratings")
    p.add_argument("--links")
    p.add_argument("--compare")
    p.add_argument("options", nargs="*")
    a = p.parse_args()
    figures = measure(a)
    row = None
    if a.compare:
        with open(a.compare, encoding="utf-8") as f:
            row = json.load(f)["likeness"][0]
    bad = 0
    for name, own in figures.items():
        line = f"{name:18} {own:9.5f}"
        if row:
            theirs = told(row, name)
            differs = not abs(own - theirs) < .0005
            bad += differs
            line += f" {theirs:9.5f}{'  DIFFERENT' if differs else ''}"
        print(line)
    return bad > 0


if __name__ == "__main__":
    sys.exit(main())
