"""Embeds text in bulk on a Spark cluster, with `kino embed --records` as each task's filter.

    spark-submit --files build/kino,weights/minilm-l6-v2.int8.kino src/batch/spark_embed.py \\
        --input hdfs:///plots.ndjson --output hdfs:///vectors

A record is an id and a text: two columns of whatever Spark reads (json, parquet, csv, orc), or a line of a text file,
whose id is its number from 0. What comes out has the id, the hash of the text, the fingerprint of the weights and the
vector, as NDJSON, which is kino's own line, or as Parquet; `kino build --vectors` takes the NDJSON. What kino cannot take
as a record is set aside with its reason.

The work is cut into slices by a hash of the id. Each is a job of its own that writes a folder of its own, complete or not
at all, so that the same command goes on where it was interrupted. Program and weights come with --files and need nothing
on the workers but Python; one process runs for each core that Spark gives to tasks.
"""
import argparse
import collections
import json
import os
import subprocess
import sys
import tempfile
import threading
import zlib

from pyspark import SparkFiles, StorageLevel
from pyspark.sql import SparkSession
from pyspark.sql.types import ArrayType, FloatType, StringType, StructField, StructType

VECTOR = StructType([StructField("id", StringType()), StructField("hash", StringType()),
                     StructField("weights", StringType()), StructField("v", ArrayType(FloatType(), False))])


def shipped(name):
    """Where --files has put a file: that depends on the kind of cluster. Else a path that every worker has."""
    for place in (SparkFiles.get(name), os.path.join(os.getcwd(), name), name):
        if os.path.exists(place):
            return os.path.abspath(place)
    raise RuntimeError("%s is not on this worker: give it to spark-submit with --files" % name)


def embed(records, program, weights):
    """Lines of {"id","text"} -> (True, kino's line), or (False, what was set aside and why), in their order."""
    kino = shipped(program)
    if not os.access(kino, os.X_OK):  # --files does not keep modes everywhere
        os.chmod(kino, 0o755)
    failure = []
    sent = collections.deque()  # not answered yet; kino reads a few hundred lines before it answers

    with tempfile.TemporaryFile() as said:
        worker = subprocess.Popen([kino, "embed", "--records", "--threads", "1", "--quiet", "--weights", shipped(weights)],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=said)

        def feed():
            try:
                for record in records:
                    sent.append(record)
                    worker.stdin.write(record.encode("utf-8", "surrogatepass") + b"\n")
                worker.stdin.close()
            except BrokenPipeError:
                pass  # it has ended, and says why
            except BaseException as e:  # of what Spark reads from
                failure.append(e)
                worker.kill()

        feeder = threading.Thread(target=feed, daemon=True)
        feeder.start()
        try:
            for line in worker.stdout:
                line = line.decode().rstrip("\n")
                record = sent.popleft()
                yield (True, line) if line.startswith('{"id":') else \
                    (False, json.dumps({"record": record, "error": json.loads(line)["error"]}))
            code = worker.wait()
            feeder.join()
            if failure:
                raise failure[0]
            if code:
                said.seek(0)
                raise RuntimeError("%s ended with %d: %s" % (program, code, said.read().decode(errors="replace").strip()))
            if sent:
                raise RuntimeError("%s left %d records without an answer" % (program, len(sent)))
        finally:
            worker.kill()
            worker.wait()


def as_row(line):
    one = json.loads(line)
    return str(one["id"]), one["hash"], one["weights"], one["v"]


def as_record(key, text):
    """What is no id or no text is left for kino to set aside."""
    return json.dumps({"id": key, "text": text}, ensure_ascii=False, default=str)


def slice_of(key, count):
    return zlib.crc32(str(key).encode("utf-8", "surrogatepass")) % count


def read(spark, a):
    """(id, record) of the whole source, in its order."""
    if a.source == "text":
        lines = spark.sparkContext.textFile(a.input, a.partitions)
        return lines.zipWithIndex().map(lambda x: (x[1], as_record(x[1], x[0])))
    frame = spark.read.format(a.source).option("header", True).load(a.input).select(a.id, a.text)
    return frame.rdd.map(lambda r: (r[0], as_record(r[0], r[1])))


def arguments():
    p = argparse.ArgumentParser(prog="spark_embed.py", description="Embed text in bulk with kino, on Spark.")
    p.add_argument("--input", required=True, help="what to read: a path or pattern of any file system that Spark knows")
    p.add_argument("--output", required=True, help="a folder for vectors/slice=N and aside/slice=N")
    p.add_argument("--source", default="json", help="text (a text a line), json (NDJSON, the default), parquet, csv, orc")
    p.add_argument("--id", default="id", help="the column of the ids (id)")
    p.add_argument("--text", default="text", help="the column of the texts (text)")
    p.add_argument("--to", default="ndjson", choices=["ndjson", "parquet"])
    p.add_argument("--slices", type=int, default=16, help="pieces that are complete or not there (16); the same in every run")
    p.add_argument("--partitions", type=int, help="tasks of a slice; otherwise two for each core")
    p.add_argument("--program", default="kino", help="the name that the program has in --files (kino)")
    p.add_argument("--weights", default="minilm-l6-v2.int8.kino", help="the name that the weights have in --files")
    a = p.parse_args()
    if a.slices < 1:
        p.error("--slices is at least 1")
    return a


class Folder:
    def __init__(self, spark, path):
        jvm = spark._jvm.org.apache.hadoop.fs
        self.path = jvm.Path(path)
        self.system = self.path.getFileSystem(spark._jsc.hadoopConfiguration())
        self.jvm = jvm

    def has(self, name):
        return self.system.exists(self.jvm.Path(self.path, name))

    def drop(self):
        self.system.delete(self.path, True)


def embed_slice(spark, records, a, number):
    """Whether it had to be done. A folder is complete when Spark has put _SUCCESS into it; vectors come last."""
    vectors, aside = ("%s/%s/slice=%d" % (a.output.rstrip("/"), kind, number) for kind in ("vectors", "aside"))
    done = Folder(spark, vectors)
    if done.has("_SUCCESS"):
        return None
    done.drop()
    Folder(spark, aside).drop()
    count, program, weights = a.slices, a.program, a.weights
    mine = records.filter(lambda r: slice_of(r[0], count) == number).values()
    both = mine.repartition(a.partitions).mapPartitions(lambda part: embed(part, program, weights)) \
               .persist(StorageLevel.DISK_ONLY)
    good = both.filter(lambda r: r[0]).values()
    bad = both.filter(lambda r: not r[0]).values()
    failed = bad.count()
    if failed:
        bad.coalesce(1).saveAsTextFile(aside)
    if a.to == "parquet":
        spark.createDataFrame(good.map(as_row), VECTOR).write.parquet(vectors)
    else:
        good.saveAsTextFile(vectors)
    both.unpersist()
    return failed


def reason_of(error):
    """The line of the worker's exception, out of the pages around it."""
    lines = [line.strip() for line in str(error).splitlines() if "RuntimeError: " in line]
    return lines[0].split("RuntimeError: ", 1)[1] if lines else str(error).splitlines()[0]


def main():
    a = arguments()
    spark = SparkSession.builder.appName("kino embed").getOrCreate()
    a.partitions = a.partitions or 2 * spark.sparkContext.defaultParallelism
    try:
        records = read(spark, a)
        set_aside = done = 0
        for number in range(a.slices):
            failed = embed_slice(spark, records, a, number)
            done += failed is not None
            set_aside += failed or 0
    except Exception as e:  # Py4J's, Spark's and Python's
        print("spark_embed.py: " + reason_of(e), file=sys.stderr)
        spark.stop()
        return 1
    print("%d of %d slices embedded now, %d records set aside" % (done, a.slices, set_aside), file=sys.stderr)
    spark.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
