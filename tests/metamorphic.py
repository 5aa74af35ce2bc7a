#!/usr/bin/env python3
"""What must hold for recommendations whatever anybody's taste is; no ratings are needed.

    python3 tests/metamorphic.py KINO            on data/sample.csv; TAP
    python3 tests/metamorphic.py KINO FILMS.csv  the shares alone, of a table that knows collections, which are withheld

Thresholds lie well below what was measured when they were set; the figures are printed beside them."""
import ast
import csv
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile

KINO = sys.argv[1]
# Series in the sample, which does not know collections: what their titles begin with, or the titles.
SERIES = ["Back to the Future", "Batman|The Dark Knight", "Die Hard", "Harry Potter", "Home Alone", "Iron Man",
          "Kill Bill", "Men in Black", "Pirates of the Caribbean", "Rocky", "Shrek", "Spider-Man", "Star Wars|The Empire "
          "Strikes Back|Return of the Jedi", "The Godfather", "The Hunger Games", "The Lord of the Rings", "The Matrix",
          "The Terminator|Terminator 2", "Toy Story", "Alien$|Aliens", "Raiders of the Lost Ark|Indiana Jones",
          "X-Men|X2", "Jurassic|The Lost World: Jurassic"]
# The stories of well-known films in other words than the sample's own.
PARAPHRASES = {
    "Jaws": "a huge shark kills swimmers at a beach resort and the police chief has to hunt it from a small boat",
    "Groundhog Day": "a grumpy television man lives through one and the same winter day over and over again",
    "Finding Nemo": "an anxious father fish crosses the sea to bring home his lost little son",
    "The Shawshank Redemption": "an innocent banker spends decades in a harsh prison and makes a friend there",
    "Jurassic Park": "scientists bring dinosaurs back to life for an amusement park and lose control of them",
    "The Truman Show": "a man finds out that his whole life is a television programme and everybody around him an actor",
    "Memento": "a man who cannot keep new memories looks for the killer of his wife with notes and tattoos",
    "Cast Away": "after a plane crash a man has to stay alive alone on an island",
    "Ratatouille": "a rat who loves good food secretly cooks in a famous kitchen in Paris",
    "Home Alone": "a boy is left behind by his family at Christmas and defends the house against burglars",
    "Rear Window": "a photographer with a broken leg watches his neighbours and believes that one is a murderer",
    "Speed": "a bus must not drive slower than a certain speed or a bomb on it goes off",
    "Titanic": "a rich girl and a poor artist fall in love on a ship that is going to sink",
    "Mary Poppins": "a nanny with magic powers comes to the children of a strict London family",
    "The Sixth Sense": "a boy tells his psychologist that he can see the dead",
    "E.T. the Extra-Terrestrial": "a child hides a friendly alien at home and helps it to return to its planet",
    "Rain Man": "a selfish young man travels with his autistic brother whom he had never known",
    "Inception": "thieves enter the dreams of people to plant an idea in a mind",
    "King Kong": "a film crew finds a giant ape on an island and takes it to New York",
    "Amadeus": "a jealous court composer destroys the young genius Mozart",
}


def run(*args, data, text=None, ok=True):
    p = subprocess.run([KINO, *args, "--data", data], input=text, capture_output=True, text=True, check=False)
    if ok and p.returncode:
        raise RuntimeError(f"kino {' '.join(args)}: exit {p.returncode}: {p.stderr}")
    return p


def batch(data, questions, *options):
    text = "".join(json.dumps(q) + "\n" for q in questions)
    return [json.loads(line) for line in run("batch", "-", *options, data=data, text=text).stdout.splitlines()]


def ids(answer):
    return [film["id"] for film in answer["results"]]


def rows(path):
    csv.field_size_limit(10 ** 9)
    with open(path, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f))


def write(path, films):
    with open(path, "w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, list(films[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(films)


def in_first_ten(data, groups):
    """Share of the films of a group that have another one of it in their list."""
    asked = [(film, set(group) - {film}) for group in groups for film in group]
    answers = batch(data, [{"like": [film], "sequels": True} for film, _ in asked])
    return sum(bool(others & set(ids(a))) for (_, others), a in zip(asked, answers)) / len(asked), len(asked)


def series(films):
    for pattern in SERIES:
        found = [int(f["id"]) for f in films if re.match(f"(?:{pattern})", f["title"])]
        if len(found) > 1:
            yield found


def collections(films):
    groups = {}
    for f in films:
        if f["belongs_to_collection"]:
            groups.setdefault(ast.literal_eval(f["belongs_to_collection"])["id"], []).append(int(f["id"]))
    return [g for g in groups.values() if len(g) > 1]


def remakes(films):
    """Films of one title, years apart."""
    groups = {}
    for f in films:
        if f["title"] and f["release_date"]:
            groups.setdefault(f["title"].lower(), []).append(int(f["id"]))
    return [g for g in groups.values() if len(g) > 1]


def withheld(work, path):
    films = rows(path)
    write(os.path.join(work, "films.csv"), [{**f, "belongs_to_collection": ""} for f in films])
    data = os.path.join(work, "w")
    run("build", os.path.join(work, "films.csv"), "-q", data=data)
    print("collections, withheld: %.3f of %d films have another one of theirs in the first ten" %
          in_first_ten(data, collections(films)))
    print("remakes and namesakes: %.3f of %d films" % in_first_ten(data, remakes(films)))


class Tap:
    def __init__(self, count):
        self.n, self.failed = 0, False
        print(f"1..{count}")

    def __call__(self, name, ok, told=""):
        self.n += 1
        self.failed = self.failed or not ok
        print(f"{'' if ok else 'not '}ok {self.n} - {name}" + (f" ({told})" if told else ""), flush=True)


def misspelt(title):
    """Two letters of the longest word change places."""
    word = max(re.findall(r"\w+", title), key=len)
    at = len(word) // 2
    return title.replace(word, word[:at - 1] + word[at] + word[at - 1] + word[at + 1:], 1)


def main():
    with tempfile.TemporaryDirectory() as work:
        if len(sys.argv) > 2:
            return withheld(work, sys.argv[2])
        tap, films = Tap(7), rows("data/sample.csv")
        by_title = {f["title"]: f for f in films}
        data = os.path.join(work, "c")
        run("build", "data/sample.csv", "-q", data=data)

        share, count = in_first_ten(data, list(series(films)))
        tap("films of a series, which the catalogue does not know, find one of theirs", share >= .85,
            f"{share:.3f} of {count}, at least .85")

        found = batch(data, [{"about": text} for text in PARAPHRASES.values()])
        hits = [int(by_title[title]["id"]) in ids(a) for title, a in zip(PARAPHRASES, found)]
        first = sum(ids(a)[0] == int(by_title[title]["id"]) for title, a in zip(PARAPHRASES, found))
        missed = [title for title, hit in zip(PARAPHRASES, hits) if not hit]
        tap("a story told in other words finds its film", sum(hits) >= 18,
            f"{sum(hits)} of {len(hits)}, at least 18; {first} of them first; without {', '.join(missed) or 'any'}")

        known = [f for f in films if len(max(re.findall(r"\w+", f["title"]) or [""], key=len)) >= 6][:150]
        right = batch(data, [{"like": [int(f["id"])]} for f in known])
        wrong = batch(data, [{"like": [misspelt(f["title"])]} for f in known], "--first")
        same = sum("results" in b and ids(a) == ids(b) for a, b in zip(right, wrong))
        tap("a misspelt title changes nothing", same >= .97 * len(known), f"{same} of {len(known)}, at least 97 %")

        seeds = [int(f["id"]) for f in films[::12]]
        before = batch(data, [{"like": [s]} for s in seeds])
        write(os.path.join(work, "odd.csv"), [dict.fromkeys(films[0], "") | {
            "id": "990000001", "title": "Qwzx", "overview": "An accountant files forms about forms.", "status": "Released",
            "original_title": "Qwzx", "original_language": "is", "genres": "[{'id': 99, 'name': 'Documentary'}]",
            "release_date": "1911-01-01", "runtime": "61", "vote_average": "2.1", "vote_count": "1", "popularity": "0.01",
            "keywords": "[]", "adult": "False", "video": "False"}])
        run("add", os.path.join(work, "odd.csv"), "-q", "--offline", data=data)
        after = batch(data, [{"like": [s]} for s in seeds])
        tap("an irrelevant film that was added changes no list", [ids(a) for a in before] == [ids(a) for a in after])
        there = run("find", "Qwzx", "--json", data=data).stdout
        tap("and is there", "990000001" in there)

        # The sample has no credits: pairs of films that have little in common are given one director.
        pairs = [(int(films[i]["id"]), int(films[-1 - i]["id"])) for i in range(0, 120, 6)]
        write(os.path.join(work, "credits.csv"), [
            {"id": film, "cast": "[]", "crew": repr([{"id": 7000 + n, "name": f"Director {n}", "job": "Director"}])}
            for n, pair in enumerate(pairs) for film in pair])
        credited = os.path.join(work, "credited")
        run("build", "data/sample.csv", "--credits", os.path.join(work, "credits.csv"), "-q", data=credited)
        ranks = [[json.loads(run("why", str(a), str(b), "--json", data=d).stdout)["rank"] for a, b in pairs]
                 for d in (data, credited)]
        nearer = sum(y < x for x, y in zip(*ranks))
        tap("a director in common brings a film nearer", nearer >= 18,
            f"{nearer} of {len(pairs)}; median rank {statistics.median(ranks[0])} without, {statistics.median(ranks[1])} with")

        shares = []
        for lack in (["keywords"], ["overview", "tagline"], ["vote_count", "vote_average"]):
            half = [{**f, **dict.fromkeys(lack, "")} if i % 2 else f for i, f in enumerate(films)]
            write(os.path.join(work, "half.csv"), half)
            bare = os.path.join(work, f"bare-{lack[0]}")
            run("build", os.path.join(work, "half.csv"), "-q", data=bare)
            lacking = {int(f["id"]) for i, f in enumerate(films) if i % 2}
            lists = batch(bare, [{"like": [s]} for s in seeds if s not in lacking])
            shares.append((sum(len(lacking & set(ids(a))) for a in lists) / sum(len(ids(a)) for a in lists), lack[0]))
        tap("half of the films lack keywords, plot or votes: they are answered with all the same", min(shares)[0] >= .2,
            ", ".join(f"without {name} {share:.2f} of the lists" for share, name in shares))
        return tap.failed


if __name__ == "__main__":
    sys.exit(main())
