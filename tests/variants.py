#!/usr/bin/env python3
"""variants.py KINO [COUNT] - one table of films written in 1,000 ways is one table of films.

Columns change their places and names, fields their separators and quotes, texts their encoding, lines their ends, values
their form, files their compression. Each is held against a catalogue of the plain one by `kino add --dry-run`: every film
must be there, unchanged. Speaks TAP."""
import csv
import gzip
import io
import json
import lzma
import os
import random
import subprocess
import sys
import tempfile
import zipfile

kino, count = os.path.abspath(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1000
work = tempfile.TemporaryDirectory()
environment = {**os.environ, "KINO_HOME": os.path.join(work.name, "m"), "XDG_CONFIG_HOME": work.name}
environment.pop("TMDB_API_KEY", None)


def reads_xz():
    """A build without liblzma does not."""
    path = os.path.join(work.name, "one.csv.xz")
    with lzma.open(path, "wt") as f:
        f.write("title,year\nShort,1999\n")
    return not subprocess.run([kino, "build", path, "--texts", os.devnull], env=environment, capture_output=True).returncode


XZ = reads_xz()

FILMS = [
    {"id": 700001 + i, "imdb_id": "tt%07d" % (7000001 + i), "title": title, "original_title": original, "date": date,
     "runtime": runtime, "rating": rating, "votes": votes, "genres": genres, "overview": overview, "tagline": tagline}
    for i, (title, original, date, runtime, rating, votes, genres, overview, tagline) in enumerate([
        ("Paper Harbour", "Papierhafen", (1998, 3, 1), 101, 7.1, 1200, ["Drama", "Romance"], "A harbour of paper.", ""),
        ("Tin, Glass and \"Rain\"", "Tin, Glass and \"Rain\"", (2003, 12, 24), 142, 8.5, 2343110, ["Crime"],
         "Two lines\nof it; with | bars, commas\tand a tab.", "It rains."),
        ("Café d’Été", "Café d’Été", (1961, 5, 9), 60, 6.5, 0 + 7, ["Comedy", "Science Fiction"], "L’été – enfin…", "“Oui.”"),
        ("1917 Lanterns", "1917 Lanterns", (2019, 1, 31), 125, 9.9, 1234, ["War"], "Ångström & Søn.", "- -"),
        ("Short", "Short", (1999, 2, 28), 7, 1.5, 12, ["Animation", "Family", "Fantasy"], "'Quoted' and \"quoted\".", ""),
    ])]

NAMES = {
    "id": ["id", "tmdb_id", "TMDb ID", "tmdbId"], "imdb_id": ["imdb_id", "IMDb ID", "imdbId", "tconst", "Const"],
    "title": ["title", "Title", "name", "Movie Title", "primaryTitle"], "original_title": ["original_title", "Original Title"],
    "date": ["release_date", "Release Date", "releaseDate", "date_published"],
    "runtime": ["runtime", "Runtime (mins)", "duration", "runtimeMinutes"],
    "rating": ["vote_average", "IMDb Rating", "rating", "averageRating"],
    "votes": ["vote_count", "No_of_Votes", "numVotes", "Votes"], "genres": ["genres", "Genre", "listed_in"],
    "overview": ["overview", "Plot", "description", "Synopsis"], "tagline": ["tagline", "Tagline"],
}
MONTHS = "January February March April May June July August September October November December".split()


def values(film, pick):
    """The cells of a film, each in a form that says the same."""
    y, m, d = film["date"]
    hours, minutes = divmod(film["runtime"], 60)
    plain = repr(film["rating"])
    between = pick([", ", "|", ";", ","])
    names = film["genres"] if pick([0, 1]) else [g.replace("Science Fiction", "Sci-Fi") for g in film["genres"]]
    literal = repr([{"id": 0, "name": g} for g in film["genres"]])
    empty = pick(["", "", "\\N"])
    return {**film, "id": pick([str(film["id"]), "%d.0" % film["id"]]),
            "date": pick(["%04d-%02d-%02d" % (y, m, d), "%s %d, %d" % (MONTHS[m - 1], d, y), "%d %s %d" % (d, MONTHS[m - 1][:3], y),
                          "%02d.%02d.%d" % (d, m, y), "%04d-%02d-%02dT00:00:00Z" % (y, m, d), "%d/%d/%d" % (y, m, d)]),
            "runtime": pick([str(film["runtime"]), "%d.0" % film["runtime"], "%d min" % film["runtime"], "%dh %dm" % (hours, minutes),
                             "PT%dH%dM" % (hours, minutes), "%d:%02d" % (hours, minutes)]),
            "rating": pick([plain, plain + "/10", plain.replace(".", ","), "%d%%" % round(film["rating"] * 10)]),
            "votes": pick([str(film["votes"]), "{:,}".format(film["votes"]), "%d.0" % film["votes"]]),
            "genres": pick([between.join(names), literal, json.dumps(names)]),
            "tagline": film["tagline"] or empty}


def table(pick, shuffle):
    """Bytes, the ending of the file's name and a word on what was chosen."""
    columns = list(NAMES)
    shuffle(columns)
    header = [pick(NAMES[c]) for c in columns]
    separator, end = pick(",;\t|"), pick(["\n", "\r\n"])
    if header[0] in ("tconst", "Const") and separator == "\t":
        header[0] = "imdb_id"  # IMDb's own tables quote nothing
    encoding = pick(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator, lineterminator=end, quoting=pick([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]))
    writer.writerow(header)
    rows = [[v[c] for c in columns] for v in (values(f, pick) for f in FILMS)]
    shuffle(rows)
    writer.writerows(rows)
    data, packed = out.getvalue().encode(encoding), pick(["", "", "gzip", "zip", "stored"] + ["xz"] * XZ)
    if packed == "gzip":
        data = gzip.compress(data)
    elif packed == "xz":
        data = lzma.compress(data, preset=0)
    elif packed:
        archive = io.BytesIO()
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED if packed == "zip" else zipfile.ZIP_STORED) as z:
            z.writestr("readme.txt", "what this is")
            z.writestr("films/films.csv", data)
        data = archive.getvalue()
    return data, "%r, %s, %s, %s" % (separator, encoding, packed or "plain", ";".join(header))


def run(*words):
    return subprocess.run([kino, *words], env=environment, stdin=subprocess.DEVNULL, capture_output=True, timeout=120)


path = os.path.join(work.name, "t")
with open(path, "w", newline="") as f:
    writer = csv.writer(f)
    writer.writerow(NAMES[c][0] for c in NAMES)
    writer.writerows([["%04d-%02d-%02d" % film[c] if c == "date" else ", ".join(film[c]) if c == "genres" else film[c]
                       for c in NAMES] for film in FILMS])
built = run("build", path, "--epochs", "2", "-q")
if built.returncode:
    print("1..0 # SKIP no catalogue: " + built.stderr.decode().strip())
    sys.exit(0)
wrong = 0
for seed in range(count):
    chance = random.Random(seed)
    data, what = table(chance.choice, chance.shuffle)
    with open(path, "wb") as f:
        f.write(data)
    done = run("add", path, "--offline", "--dry-run", "--json")
    answer = json.loads(done.stdout) if done.returncode == 0 else {}
    if answer.get("unchanged") != len(FILMS):
        wrong += 1
        print("# %d: %s: %s %s" % (seed, what, answer.get("fields"), done.stderr.decode().strip()[:300]))
print("%sok 1 - a table written in %d ways is one table%s" % ("not " if wrong else "", count, ", but for %d" % wrong if wrong else ""))
print("1..1")
sys.exit(wrong > 0)
