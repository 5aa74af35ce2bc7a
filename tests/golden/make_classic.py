"""Golden figures of the classic recipe, made with pandas: make_classic.py DATA_FOLDER > classic.txt

An independent writing of the older pipeline, to which `kino build --recipe classic` is held: the ladder of films left
after each step, the feature columns with their sums and sums of squares over all films, and whole rows of some films.
Only figures come out, no text of the data sets but the names of languages and genres.
"""
import ast
import json
import sys

import pandas as pd


def era(year):
    return "Old" if year < 2000 else "Modern" if 2001 <= year <= 2009 else "New"


def genres(cell):
    try:
        value = json.loads(cell)
    except ValueError:
        value = ast.literal_eval(cell)
    return [g["name"] for g in value]


def classic(path):
    d = pd.read_csv(path, low_memory=False)
    ladder = [len(d)]

    def left(frame):
        ladder.append(len(frame))
        return frame.copy()

    d["popularity"] = pd.to_numeric(d["popularity"], errors="coerce")
    d = left(d[d["status"].isin(["Released", "Post Production"]) & d["release_date"].notna()])
    d = left(d[d["vote_count"] >= d["vote_count"].quantile(0.2)])
    mean, few, votes = d["vote_average"].mean(), d["vote_count"].quantile(0.2), d["vote_count"]
    d["rate"] = (votes / (votes + few) * d["vote_average"] + few / (few + votes) * mean).round(1)
    d["runtime"] = d["runtime"].fillna(int(d["runtime"].mean()))
    d = left(d[(d["runtime"] >= 60) & (d["runtime"] <= 200)])
    d = left(d[d["popularity"] <= 12])
    d = left(d.drop_duplicates("original_title"))
    for c in ("popularity", "runtime", "rate"):
        d[c] = (d[c] - d[c].mean()) / d[c].std(ddof=0)
    x = d[["popularity", "runtime", "rate"]].reset_index(drop=True)
    year = pd.to_datetime(d["release_date"]).dt.year.reset_index(drop=True)
    x = x.join(pd.get_dummies(year.map(era)).reindex(columns=["Modern", "New", "Old"], fill_value=False).astype(float))
    language = d["original_language"].reset_index(drop=True)
    x = x.join(pd.get_dummies(language, drop_first=True).astype(float), rsuffix="_language")
    lists = d["genres"].map(genres).reset_index(drop=True)
    names = sorted({g for row in lists for g in row})
    x = x.join(pd.DataFrame({g: lists.map(lambda row: float(g in row)) for g in names}), rsuffix="_genre")
    return ladder, x, d["id"].astype(int).tolist()


for name in ("kaggle_first5000.csv", "tmdb_5000_movies.csv"):
    ladder, x, ids = classic(f"{sys.argv[1]}/{name}")
    print("file", name)
    print("ladder", *ladder)
    print("columns", x.shape[1])
    for c in range(x.shape[1]):
        v = x.iloc[:, c]
        print(f"column {c} {v.sum():.6f} {(v * v).sum():.6f} {x.columns[c]}")
    step = max(1, len(x) // 40)
    for r in range(0, len(x), step):
        values = x.iloc[r]
        cells = " ".join(f"{c}:{v:.12g}" for c, v in enumerate(values) if v)
        print(f"row {ids[r]} {cells}")
