"""What 1, 10 and 100 million items cost, from figures measured here: `python3 bench/scale.py >bench/SCALE.md`.

Read are bench/results/embed.md and cluster.md, and the sizes of a catalogue's files; everything else is an assumption, is
an option, and is printed as one."""
import argparse
import math
import os
import re
import textwrap

HERE = os.path.dirname(os.path.abspath(__file__))


def result(name):
    with open(os.path.join(HERE, "results", name)) as f:
        return f.read()


def embed_rate():
    """Texts a second of the int8 weights on the machine's cores, and how many those were."""
    text = result("embed.md")
    rate = float(re.search(r"^\| kino int8 \| ([\d,]+) \|", text, re.M).group(1).replace(",", ""))
    cores = int(re.search(r"on (\d+) cores; kino int8", text).group(1))
    return rate, cores


def cluster_figures():
    """{what: (f32, int8)}"""
    rows = re.findall(r"^\| ([a-z].*?) \| ([\d.,]+) \| ([\d.,]+) \|$", result("cluster.md"), re.M)
    return {what: (float(a.replace(",", "")), float(b.replace(",", ""))) for what, a, b in rows}


def say(text, **more):
    print(textwrap.fill(text, 120, break_on_hyphens=False, **more))


def size(n):
    for unit, one in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if n >= one:
            return "%.3g %s" % (n / one, unit)
    return "%.1f KB" % (n / 1e3)


def hours(h):
    return "%.0f min" % (60 * h) if h < 2 else "%.0f h" % h if h < 72 else "%.1f days" % (h / 24)


def main():
    p = argparse.ArgumentParser(description=__doc__)
    p.add_argument("--items", type=float, nargs="+", default=[1e6, 1e7, 1e8])
    p.add_argument("--core-hour", type=float, default=0.04, help="price of a core for an hour, USD")
    p.add_argument("--cores", type=int, default=64, help="that embed")
    p.add_argument("--shard", type=float, default=5e6, help="items of a shard at most")
    p.add_argument("--replicas", type=int, default=1)
    p.add_argument("--node-memory", type=float, default=64e9, help="bytes of a node, half of which is for vectors")
    p.add_argument("--catalogue-bytes", type=float, default=5076, help="a film in catalogue.db: 230,629,376 / 45,433")
    p.add_argument("--snapshot-bytes", type=float, default=2954, help="a film in snapshot.kino: 134,205,008 / 45,433")
    p.add_argument("--document-bytes", type=float, default=2380, help="a film in an answer, without the vector that is searched")
    p.add_argument("--build-bytes", type=float, default=4490, help="memory of a build, a film: 204 MB / 45,433")
    p.add_argument("--limit", type=float, default=5e7, help="films of one catalogue: KINO_LIMIT_FILMS of src/base/limits.h")
    a = p.parse_args()
    rate, cores = embed_rate()
    c = cluster_figures()
    disk, pushed = c["bytes a film on disk"], c["films pushed a second"]
    there = c["ms of a question there, two at a time, median"]
    dim, links = 416, 2 * 16 * 4
    memory = (dim * 4 + links, dim + links)

    print("# What millions cost\n")
    print("Made by `python3 bench/scale.py` from `results/embed.md` and `results/cluster.md`; its options are the assumptions.\n")
    say("Measured: %.0f texts a second on %d cores (int8, %s); %.0f and %.0f films a second into one node (f32, int8); "
          "%s and %s a film on its disk; a question %.0f ms there. Assumed: a core costs %.2f USD an hour and is as fast as one "
          "here; %d cores embed; a shard holds %s items; every shard has %d more; a node has %s, half of it for vectors and "
          "links, which are %s an item in f32 and %s in int8 (%d numbers, and %d links of 4 bytes at the ground level)." %
        (rate, cores, "71 tokens a text", pushed[0], pushed[1], size(disk[0]), size(disk[1]), there[0], a.core_hour, a.cores,
           "{:,.0f}".format(a.shard), a.replicas, size(a.node_memory), "{:,} bytes".format(memory[0]),
           "{:,} bytes".format(memory[1]), dim, links // 4))
    print("\n| items | " + " | ".join("{:,.0f}".format(n) for n in a.items) + " |")
    print("|---|" + "---|" * len(a.items))

    def row(what, value):
        print("| %s | %s |" % (what, " | ".join(value(n) for n in a.items)))

    core_hours = lambda n: n / (rate / cores) / 3600
    shards = lambda n: math.ceil(n / a.shard)
    copies = 1 + a.replicas
    nodes = lambda n, kind: max(2, math.ceil(n * memory[kind] * copies / (a.node_memory / 2)))
    row("embedding, core hours", lambda n: "{:,.1f}".format(core_hours(n)))
    row("the same on %d cores" % a.cores, lambda n: hours(core_hours(n) / a.cores))
    row("its price, USD", lambda n: "{:,.2f}".format(core_hours(n) * a.core_hour))
    row("shards, with their copies", lambda n: "%d, %d" % (shards(n), shards(n) * copies))
    row("vectors and links in memory, f32, all copies", lambda n: size(n * memory[0] * copies))
    row("the same, int8", lambda n: size(n * memory[1] * copies))
    row("nodes for that, f32 / int8", lambda n: "%d / %d" % (nodes(n, 0), nodes(n, 1)))
    row("disk, f32 / int8, all copies", lambda n: "%s / %s" % (size(n * disk[0] * copies), size(n * disk[1] * copies)))
    row("pushing it, f32, if a shard takes what the node here takes",
        lambda n: hours(n * copies / pushed[0] / shards(n) / 3600))
    row("catalogue.db where it is pushed from", lambda n: size(n * a.catalogue_bytes))
    row("snapshot.kino there, and where questions are put", lambda n: size(n * a.snapshot_bytes))
    print("""
## The time of a question

A question asks every shard for its nearest few hundred and brings that many documents of about %s (vector, film) through
the network: some %s, of which most is the same at any size. A graph's steps grow with the logarithm of a shard's
items, from 45,433 to %s by a factor of %.1f. Scoring here takes a millisecond. So the %.0f ms measured (two at a time, on
the cores that the node has, too) are a bound for a node of its own, to which a shard more or less adds little until the
slowest of many decides.

## What breaks first
""" % (size(a.document_bytes), size(420 * a.document_bytes), "{:,.0f}".format(a.shard), math.log(a.shard) / math.log(45433), there[0]))
    say("1. **The catalogue.** It is one SQLite file and a snapshot whose rows have 32-bit numbers, on the machine that "
          "pushes: at most {:,.0f} films by `src/base/limits.h`. Beyond that, several catalogues, each with "
          "an index of its own, would have to be asked and merged, which kino does not do.".format(a.limit), subsequent_indent="   ")
    say("2. **Where questions are put.** `--backend` takes titles, weights of terms and the vectors of the seeds from the local "
          "catalogue and maps its snapshot; only touched pages are in memory, but the file has to be there on every such machine.", subsequent_indent="   ")
    say("3. **Building.** A data set is read as a whole: {} of memory were measured for 45,433 films (`SPEED.md`), which are {} "
        "a film, so {} for {:,.0f}.".format(size(a.build_bytes * 45433), size(a.build_bytes), size(a.build_bytes * a.items[-1]),
                                           a.items[-1]), subsequent_indent="   ")
    say("4. **The network**, long before the scoring: {} a question are {:.0f} questions a second on a gigabit.".format(
        size(420 * a.document_bytes), 1e9 / 8 / (420 * a.document_bytes)))


if __name__ == "__main__":
    main()
