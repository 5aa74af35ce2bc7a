"""One index behind a line protocol, for bench/index.py.

    python index_worker.py ENGINE ROWS QUERIES      raw f32, [n][416] and [500][416], rows of length 1

ENGINE: hnswlib, faiss-hnsw, faiss-hnsw-sq8, faiss-ivf-sq8, faiss-ivf, faiss-flat, usearch-bf16,
usearch-i8. Commands on stdin:
    build THREADS  builds the index anew; answers seconds
    graph EF FILE  searches all queries with one thread at a breadth of EF (of IVF: lists to look into); answers
                   microseconds a query and writes what was found to FILE, u32 [500][10]
    exact FILE     the same one query at a time, batch FILE a hundred at a time (faiss-flat)
    bytes, rss     of the index as it would be saved; peak resident megabytes
Searches hand over all queries in one call, so that Python's share is nothing: that favours the peers.
"""
import os
import resource
import statistics
import sys
import time

os.environ.setdefault("OMP_WAIT_POLICY", "passive")
import numpy as np

TOP, BATCH, PASSES, LEAST_SECONDS = 10, 100, 3, 0.1
LINKS, EF_BUILD, LISTS = 16, 200, 200


class Hnswlib:
    def __init__(self, rows):
        import hnswlib
        self.module, self.rows = hnswlib, rows

    def build(self, threads):
        self.index = self.module.Index("ip", self.rows.shape[1])
        self.index.init_index(len(self.rows), M=LINKS, ef_construction=EF_BUILD, random_seed=1)
        self.index.add_items(self.rows, num_threads=threads)

    def breadth(self, ef):
        self.index.set_ef(ef)

    def search(self, queries):
        return self.index.knn_query(queries, TOP, num_threads=1)[0]

    def bytes(self):
        return self.index.index_file_size()


class Faiss:
    def __init__(self, rows, kind):
        import faiss
        self.module, self.rows, self.kind = faiss, rows, kind

    def build(self, threads):
        faiss, dim = self.module, self.rows.shape[1]
        faiss.omp_set_num_threads(threads)
        ip, sq8 = faiss.METRIC_INNER_PRODUCT, faiss.ScalarQuantizer.QT_8bit
        if self.kind == "flat":
            self.index = faiss.IndexFlatIP(dim)
        elif self.kind.startswith("hnsw"):
            self.index = (faiss.IndexHNSWSQ(dim, sq8, LINKS, ip) if self.kind == "hnsw-sq8"
                          else faiss.IndexHNSWFlat(dim, LINKS, ip))
            self.index.hnsw.efConstruction = EF_BUILD
        else:
            self.coarse = faiss.IndexFlatIP(dim)
            self.index = (faiss.IndexIVFScalarQuantizer(self.coarse, dim, LISTS, sq8, ip) if self.kind == "ivf-sq8"
                          else faiss.IndexIVFFlat(self.coarse, dim, LISTS, ip))
        self.index.train(self.rows)
        self.index.add(self.rows)
        faiss.omp_set_num_threads(1)

    def breadth(self, ef):
        if self.kind.startswith("hnsw"):
            self.index.hnsw.efSearch = ef
        else:
            self.index.nprobe = min(ef, LISTS)

    def search(self, queries):
        return self.index.search(queries, TOP)[1]

    def bytes(self):
        return len(self.module.serialize_index(self.index))


class Usearch:
    def __init__(self, rows, dtype):
        from usearch.index import Index
        self.make, self.rows, self.dtype = Index, rows, dtype

    def build(self, threads):
        self.index = self.make(ndim=self.rows.shape[1], metric="ip", dtype=self.dtype, connectivity=LINKS,
                               expansion_add=EF_BUILD)
        self.index.add(np.arange(len(self.rows)), self.rows, threads=threads)

    def breadth(self, ef):
        self.index.expansion_search = ef

    def search(self, queries):
        return self.index.search(queries, TOP, threads=1).keys

    def bytes(self):
        return self.index.serialized_length


def make(name, rows):
    if name == "hnswlib":
        return Hnswlib(rows)
    library, kind = name.split("-", 1)
    return Faiss(rows, kind) if library == "faiss" else Usearch(rows, kind)


def measure(search, queries, size, path):
    """Median microseconds a query, searching `size` queries a call."""
    runs, parts = [], [queries[i:i + size] for i in range(0, len(queries), size)]
    found = np.concatenate([search(p) for p in parts])
    found.astype(np.uint32).tofile(path)
    while len(runs) < PASSES or (sum(runs) < LEAST_SECONDS and len(runs) < 64):
        start = time.perf_counter()
        for p in parts:
            search(p)
        runs.append(time.perf_counter() - start)
    return statistics.median(runs) / len(queries) * 1e6


def main():
    rows = np.fromfile(sys.argv[2], dtype=np.float32).reshape(-1, 416)
    queries = np.fromfile(sys.argv[3], dtype=np.float32).reshape(-1, 416)
    engine = make(sys.argv[1], rows)
    print("ready", flush=True)
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "build":
            start = time.perf_counter()
            engine.build(int(rest[0]))
            print(f"{time.perf_counter() - start:.6f}", flush=True)
        elif word == "graph":
            engine.breadth(int(rest[0]))
            print(f"{measure(engine.search, queries, len(queries), rest[1]):.3f}", flush=True)
        elif word in ("exact", "batch"):
            print(f"{measure(engine.search, queries, 1 if word == 'exact' else BATCH, rest[0]):.3f}", flush=True)
        elif word == "bytes":
            print(engine.bytes(), flush=True)
        elif word == "rss":
            print(f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.1f}", flush=True)


if __name__ == "__main__":
    main()
