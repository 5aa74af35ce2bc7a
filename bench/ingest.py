"""What reading a table of a million films takes: `python3 bench/ingest.py [--rows N]`, `make bench-ingest`.

The table is generated with the columns and about the lengths of TMDB_movie_dataset_v11.csv. Measured are reading alone
(kino build --texts), reading and training up to the first plots that are embedded, and the same of the best known alone.
Time is that of the wall, memory the greatest resident set of the process."""
import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
COLUMNS = ("id,title,vote_average,vote_count,status,release_date,revenue,runtime,adult,backdrop_path,budget,homepage,imdb_id,"
           "original_language,original_title,overview,popularity,poster_path,tagline,genres,production_companies,"
           "production_countries,spoken_languages,keywords")
GENRES = ("Drama,Comedy,Documentary,Animation,Horror,Romance,Music,Thriller,Action,Crime,Family,TV Movie,Adventure,Fantasy,"
          "Science Fiction,Mystery,History,War,Western").split(",")
LANGUAGES = ["en"] * 10 + "fr,es,de,ja,zh,pt,it,ru,ko,ar,cs,hi,pl,sv,tr".split(",")


def quoted(text):
    return '"' + text.replace('"', '""') + '"' if re.search('[",\n]', text) else text


def write_table(path, rows):
    """Words are drawn so that a few are common and most are rare."""
    draw = random.Random(7)
    letters = "etaoinshrdlucmfwypvbgkqjxz"
    words = ["".join(draw.choices(letters, weights=range(26, 0, -1), k=draw.randint(2, 10))) for _ in range(60000)]

    def word():
        return words[int(60000 * draw.random() ** 3)]

    def text(low, high):
        return " ".join(word() for _ in range(draw.randint(low, high)))

    with open(path, "w", encoding="utf-8") as f:
        f.write(COLUMNS + "\n")
        for i in range(rows):
            title = text(1, 5).title()
            votes = int(30000 * draw.random() ** 30) if draw.random() < .4 else 0
            genres = ", ".join(draw.sample(GENRES, draw.randint(0, 3)))
            f.write(",".join(map(quoted, (
                str(i + 1), title, "%.3f" % (draw.random() * 10 if votes else 0), str(votes), "Released",
                "%d-%02d-%02d" % (draw.randint(1900, 2024), draw.randint(1, 12), draw.randint(1, 28)), "0",
                str(draw.choice((0, 7, 25, 90, 101))), "False", "/%020x.jpg" % i if draw.random() < .3 else "", "0", "",
                "tt%07d" % (i + 1) if draw.random() < .6 else "", draw.choice(LANGUAGES), title,
                text(20, 70) if draw.random() < .8 else "", "%.3f" % (draw.random() * 10), "/%020x.jpg" % (i * 7), "",
                genres, ", ".join(text(1, 3) for _ in range(draw.randint(0, 2))), draw.choice(("", "France", "Japan")),
                draw.choice(("", "English", "French")),
                ", ".join(text(1, 2) for _ in range(draw.randint(1, 6))) if draw.random() < .25 else ""))) + "\n")


def run(kino, *args, until=None):
    """(seconds, greatest resident set in MB, what was said); stopped by SIGINT when `until` is said."""
    began = time.monotonic()
    with tempfile.TemporaryFile("w+") as said:
        p = subprocess.Popen([kino, *args], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=said)
        stopped = 0
        while True:
            pid, status, usage = os.wait4(p.pid, os.WNOHANG)
            said.seek(0)
            text = said.read()
            if until and not stopped and until in text:
                stopped = time.monotonic() - began
                p.send_signal(signal.SIGINT)
            if pid:
                break
            time.sleep(.05)
    p.returncode = status
    if status and not stopped:
        sys.exit(text)
    return stopped or time.monotonic() - began, usage.ru_maxrss / 1024, text


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1000000)
    parser.add_argument("--kino", default=os.path.join(HERE, "..", "build", "kino"))
    args = parser.parse_args()
    print("| %d rows | seconds | MB |\n|---|---|---|" % args.rows)
    with tempfile.TemporaryDirectory() as work:
        table, data = os.path.join(work, "films.csv"), os.path.join(work, "data")
        write_table(table, args.rows)
        print("| the table itself | | %.0f |" % (os.path.getsize(table) / 1e6))
        for what, more in (("", ()), ("--top 20000", ("--top", "20000"))):
            seconds, memory, _ = run(args.kino, "build", table, "--texts", os.devnull, *more)
            print("| reading %s | %.1f | %.0f |" % (what, seconds, memory), flush=True)
            seconds, memory, said = run(args.kino, "build", table, "--data", data, "--epochs", "1", *more,
                                        until="to be embedded")
            print("| and training, one epoch, up to the plots %s | %.1f | %.0f |" % (what, seconds, memory), flush=True)
            told = re.search(r"\d+ plots are to be embedded[^\n]*", said)
            print("| \"%s\" | | |" % (told[0] if told else "none"), flush=True)


main()
