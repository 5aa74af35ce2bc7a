#!/usr/bin/env python3
"""Joins Kaggle's two film tables to the one that `kino eval` is run on: every film that MovieLens' small set links to
and that has an overview, 5,995 of them. Standard library alone.

    python3 bench/eval_set.py DATA_DIR OUT.csv

DATA_DIR holds kaggle_first5000.csv, tmdb_5000_movies.csv, keywords.csv and links_small.csv. A film that both tables
have is taken from the first, which knows collections; keywords are those of keywords.csv where it has the film."""
import ast
import csv
import json
import os
import sys

COLUMNS = ("adult,belongs_to_collection,budget,genres,homepage,id,imdb_id,original_language,original_title,overview,"
           "popularity,poster_path,production_companies,production_countries,release_date,revenue,runtime,"
           "spoken_languages,status,tagline,title,video,vote_average,vote_count,keywords").split(",")
LISTS = ("genres", "keywords", "production_companies", "production_countries", "spoken_languages")


def table(folder, name):
    with open(os.path.join(folder, name), newline="", encoding="utf-8-sig") as f:
        return list(csv.DictReader(f))


def main():
    folder, out = sys.argv[1:]
    linked = {row["tmdbId"] for row in table(folder, "links_small.csv")} - {""}
    keywords = {row["id"]: row["keywords"] for row in table(folder, "keywords.csv")}
    films = {}
    for row in table(folder, "kaggle_first5000.csv"):
        films.setdefault(row["id"], {**row, "keywords": "[]"})
    for row in table(folder, "tmdb_5000_movies.csv"):
        lists = {name: repr(json.loads(row[name])) for name in LISTS}
        films.setdefault(row["id"], {**row, **lists, "adult": "False", "video": "False"})
    with open(out, "w", newline="", encoding="utf-8") as f:
        writer = csv.DictWriter(f, COLUMNS, extrasaction="ignore", lineterminator="\n", restval="")
        writer.writeheader()
        for key in sorted(films, key=int):
            row = films[key]
            if key not in linked or row["overview"].strip() in ("", "No overview found.", "No Overview"):
                continue
            if ast.literal_eval(keywords.get(key, "[]")):
                row["keywords"] = keywords[key]
            writer.writerow(row)


if __name__ == "__main__":
    main()
