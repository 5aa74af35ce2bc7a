"""What `make test-spark` runs: src/batch/spark_embed.py on a standalone cluster of two workers, which it starts, one of
which it kills. Prints TAP.   spark_real.py KINO LINES"""
import csv
import glob
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

import pyspark

KINO, LINES = os.path.abspath(sys.argv[1]), int(sys.argv[2])
WEIGHTS = os.path.abspath("weights/minilm-l6-v2.int8.kino")
WORK = tempfile.mkdtemp()
SPARK = os.path.dirname(pyspark.__file__)
ENV = dict(os.environ, SPARK_HOME=SPARK, SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable,
           PYSPARK_DRIVER_PYTHON=sys.executable, SPARK_WORKER_DIR=WORK + "/work")


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Cluster:
    def __init__(self):
        self.port = free_port()
        self.url = "spark://127.0.0.1:%d" % self.port
        self.all = [self.start("master.Master", "--port", str(self.port))]
        end = time.monotonic() + 60
        while time.monotonic() < end:
            with socket.socket() as s:
                if s.connect_ex(("127.0.0.1", self.port)) == 0:
                    break
            time.sleep(0.2)
        self.workers = [self.start("worker.Worker", "--cores", "1", "--memory", "1g", "--work-dir", "%s/work%d" % (WORK, n),
                                   self.url) for n in range(2)]
        self.all += self.workers

    def start(self, kind, *args):
        log = open("%s/%s%d.log" % (WORK, kind, random.randrange(10**6)), "w")
        return subprocess.Popen([SPARK + "/bin/spark-class", "org.apache.spark.deploy." + kind, "--host", "127.0.0.1",
                                 "--webui-port", "0"] + list(args), env=ENV, stdout=log, stderr=log, start_new_session=True)

    def kill_worker(self):
        """With its executor and what that runs: the whole of its session's process tree."""
        tree = [self.workers[1].pid]
        for pid in tree:
            tree += [int(p) for p in subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True).stdout.split()]
        for pid in tree:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        return len(tree)

    def stop(self):
        for p in self.all:
            try:
                os.killpg(p.pid, signal.SIGTERM)
            except ProcessLookupError:
                pass
            p.wait()


def submit(master, *args, program=None, weights=WEIGHTS, wait=True):
    p = subprocess.Popen([os.path.dirname(sys.executable) + "/spark-submit", "--master", master,
                          "--conf", "spark.ui.enabled=false", "--conf", "spark.ui.showConsoleProgress=false",
                          "--conf", "spark.driver.bindAddress=127.0.0.1", "--executor-memory", "512m",
                          "--files", "%s,%s" % (program or KINO, weights), "src/batch/spark_embed.py"] + list(args),
                         env=ENV, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if not wait:
        return p
    out, err = p.communicate(timeout=1200)
    said = [line for line in (out + err).splitlines() if line.startswith("spark_embed.py") or "slices embedded" in line]
    return p.returncode, "\n".join(said)  # spark-submit sends a program's stderr to its own stdout


def vectors(folder):
    """id -> the numbers as they are written, of all slices; every id once."""
    found = {}
    for path in glob.glob(folder + "/vectors/slice=*/part-*"):
        with open(path) as f:
            for line in f:
                one = json.loads(line.split(',"hash"')[0] + "}")["id"]
                assert one not in found, "%s is there twice" % one
                found[one] = line.split('"v":', 1)[1].rstrip()[:-1]
    return found


def alone(texts):
    out = subprocess.run([KINO, "embed"], input="\n".join(texts) + "\n", capture_output=True, text=True, check=True).stdout
    return {i: line.split('"v":', 1)[1][:-1] for i, line in enumerate(out.splitlines())}


def words():
    with open("data/sample.csv", newline="") as f:
        return sorted({w for row in csv.DictReader(f) for w in row["overview"].split()})


def every_line_once_though_a_worker_is_killed(cluster):
    random.seed(5)
    some = words()
    texts = ["%s %d" % (" ".join(random.choices(some, k=4)), i) for i in range(LINES)]
    with open(WORK + "/lines.txt", "w") as f:
        f.write("\n".join(texts) + "\n")
    want = alone(texts)
    began = time.monotonic()
    p = submit(cluster.url, "--input", WORK + "/lines.txt", "--source", "text", "--output", WORK + "/out", "--slices", "4",
               "--partitions", "8", wait=False)
    while not glob.glob(WORK + "/out/vectors/slice=0/_SUCCESS") and p.poll() is None:
        time.sleep(0.2)
    time.sleep(2)  # into the second slice
    print("# a worker with %d processes killed after %.1f s" % (cluster.kill_worker(), time.monotonic() - began), flush=True)
    err = p.communicate(timeout=1800)[1]
    assert p.returncode == 0, err[-3000:]
    print("# %d lines in %.1f s" % (LINES, time.monotonic() - began), flush=True)
    assert vectors(WORK + "/out") == want


def what_is_done_is_not_done_again(cluster):
    code, err = submit("local[2]", "--input", WORK + "/lines.txt", "--source", "text", "--output", WORK + "/out", "--slices", "4")
    assert code == 0 and "0 of 4 slices embedded now" in err, err
    before = vectors(WORK + "/out")
    shutil.rmtree(WORK + "/out/vectors/slice=2")
    os.remove(WORK + "/out/vectors/slice=1/_SUCCESS")  # as if it had been interrupted
    code, err = submit("local[2]", "--input", WORK + "/lines.txt", "--source", "text", "--output", WORK + "/out", "--slices", "4")
    assert code == 0 and "2 of 4 slices embedded now" in err, err
    assert vectors(WORK + "/out") == before


def a_filter_that_fails_stops_the_job_with_its_message(cluster):
    bad = WORK + "/weights.kino"
    with open(WEIGHTS, "rb") as f, open(bad, "wb") as g:
        g.write(f.read(1000))
    code, err = submit(cluster.url, "--input", WORK + "/lines.txt", "--source", "text", "--output", WORK + "/never",
                          "--weights", "weights.kino", weights=bad)
    assert code == 1 and "kino ended with 5: kino:" in err and "weights.kino" in err, err
    assert not glob.glob(WORK + "/never/vectors/*/_SUCCESS")
    print("# " + err.strip()[:200], flush=True)


def a_catalogue_is_built_of_it_and_bad_records_are_set_aside(cluster):
    subprocess.run([KINO, "build", "data/sample.csv", "--texts", WORK + "/t.ndjson", "-q"], check=True)
    with open(WORK + "/t.ndjson", "a") as f:
        f.write('{"id":5.5,"text":"no id"}\n{"id":null,"text":"none"}\n{"id":77}\n')
    code, err = submit("local[2]", "--input", WORK + "/t.ndjson", "--output", WORK + "/films", "--slices", "3")
    assert code == 0 and "3 records set aside" in err, err
    aside = [json.loads(line) for path in glob.glob(WORK + "/films/aside/*/part-*") for line in open(path)]
    assert len(aside) == 3 and all("a record is an object" in a["error"] and "record" in a for a in aside), aside
    parts = sorted(glob.glob(WORK + "/films/vectors/*/part-*"))
    cat = b"".join(open(p, "rb").read() for p in parts)
    r = subprocess.run([KINO, "build", "data/sample.csv", "--vectors", "-", "--data", WORK + "/data"], input=cat, capture_output=True)
    assert b"Embedded 0 plots, 697 known already" in r.stderr, r.stderr


def parquet_has_the_same_numbers(cluster):
    code, err = submit("local[2]", "--input", WORK + "/t.ndjson", "--output", WORK + "/columns", "--slices", "2", "--to", "parquet")
    assert code == 0, err
    session = pyspark.sql.SparkSession.builder.master("local[1]").config("spark.ui.enabled", "false").getOrCreate()
    rows = session.read.parquet(WORK + "/columns/vectors").collect()
    want = vectors(WORK + "/films")
    assert len(rows) == len(want)
    for row in rows:
        assert [x for x in row.v] == [struct_float(x) for x in json.loads(want[int(row.id)])]
    session.stop()


def struct_float(x):
    import struct
    return struct.unpack("<f", struct.pack("<f", x))[0]


def main():
    os.environ.update(SPARK_LOCAL_IP="127.0.0.1", PYSPARK_PYTHON=sys.executable)
    cluster, failed = Cluster(), 0
    tests = [every_line_once_though_a_worker_is_killed, what_is_done_is_not_done_again,
             a_filter_that_fails_stops_the_job_with_its_message, a_catalogue_is_built_of_it_and_bad_records_are_set_aside,
             parquet_has_the_same_numbers]
    try:
        print("1..%d" % len(tests), flush=True)
        for n, test in enumerate(tests, 1):
            try:
                test(cluster)
                print("ok %d - %s" % (n, test.__name__.replace("_", " ")), flush=True)
            except Exception as e:
                failed += 1
                print("not ok %d - %s\n# %s" % (n, test.__name__, ("%s: %s" % (type(e).__name__, e)).replace("\n", "\n# ")[-3000:]),
                      flush=True)
    finally:
        cluster.stop()
        shutil.rmtree(WORK, ignore_errors=True)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
