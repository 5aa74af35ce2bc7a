"""The lines that README and the help show are typed as they stand, where files and films are called as there; TAP.

    tour.py KINO DIR

The catalogue is the sample with its people, and further films of titles that several films have: as in any great data set,
"Heat" alone names none. What asks a network or does not end is not typed."""
import csv
import json
import os
import re
import shutil
import subprocess
import sys

import terminal
from terminal import Terminal

kino, folder = os.path.abspath(sys.argv[1]), os.path.join(os.path.abspath(sys.argv[2]), "tour")
os.mkdir(folder)
ENVIRONMENT = {"PATH": os.path.dirname(kino) + ":" + os.environ["PATH"], "KINO_HOME": os.path.join(folder, "home"),
               "HOME": folder, "TERM": "xterm", "LC_ALL": "C.UTF-8", "TMDB_API_KEY": "", "KINO_OFFLINE": "1"}
if "KINO_WEIGHTS" in os.environ:
    ENVIRONMENT["KINO_WEIGHTS"] = os.path.abspath(os.environ["KINO_WEIGHTS"])
# Titles that other films of the world have too: id, title, year, votes, what they are about in words of our own.
NAMESAKES = ((9900001, "Heat", 1972, 6, "An actor rents a room in a motel."),
             (9900002, "Heat", 1986, 300, "A bodyguard gambles for his way out of town."),
             (9900003, "Hamlet", 1996, 118, "A prince mourns and waits."),
             (9900004, "Hamlet", 1948, 48, "A prince doubts his uncle."),
             (9900005, "Metropolis", 2001, 99, "A detective looks for a girl who is a machine."),
             (9900006, "The Thing", 2011, 876, "A camp in the ice finds what it should not."),
             (9900007, "Predator", 1987, 2000, "Soldiers are hunted in a forest."),
             (9900008, "Shrek", 2001, 4000, "An ogre wants his swamp to himself."),
             (9900009, "Dust of the West", 1964, 70, "A rider without a name sells his gun twice."))
NETWORK = re.compile(r"kino (add|grow|heal|refresh|purge|push|serve)\b|--backend|--tmdb\b|spark-submit")
count = 0


def report(name, good, said=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print("\n".join("#   " + line for line in said.strip().splitlines()[-12:]))


def write(name, text):
    with open(os.path.join(folder, name), "w", encoding="utf-8") as out:
        out.write(text)


def write_ratings(users):
    """Of one person, or of many, as two services call their files alike."""
    write("ratings.csv", "userId,movieId,rating,timestamp\n" + "".join(
        f"{user},{n},{1 + (n + user) % 9 / 2},{10 ** 9 + n}\n" for user in range(1, users + 1) for n in range(1, 81)))


def make_files():
    with open("data/sample.csv", newline="", encoding="utf-8") as source:
        head, *rows = list(csv.reader(source))
    place = {name: head.index(name) for name in head}
    titles = {(row[place["title"]], row[place["release_date"]][:4]) for row in rows}
    for film, title, year, votes, overview in NAMESAKES:
        row = list(rows[0])
        for name, value in (("id", film), ("imdb_id", f"tt{film}"), ("title", title), ("original_title", title),
                            ("release_date", f"{year}-05-01"), ("vote_count", votes), ("overview", overview)):
            row[place[name]] = str(value)
        row[place["genres"]] = "[{'id': 37, 'name': 'Western'}]" if year == 1964 else row[place["genres"]]
        row[place["production_countries"]] = "[{'iso_3166_1': 'IT', 'name': 'Italy'}]"
        if (title, str(year)) not in titles:
            rows.append(row)
    for name in ("movies_metadata.csv", "films.csv"):
        with open(os.path.join(folder, name), "w", newline="", encoding="utf-8") as out:
            csv.writer(out).writerows([head, *rows])
    with open("tests/golden/credits.csv", encoding="utf-8") as source:
        write("credits.csv", source.read() + "[],\"[{'id': 6817, 'job': 'Director', 'name': 'Agnès Varda'}]\",9900009\n")
    write("keywords.csv", "id,keywords\n348,\"[{'id': 1, 'name': 'spaceship'}]\"\n")
    os.makedirs(os.path.join(folder, "films", "Heat (1995)"))
    write("films/Heat (1995)/Heat (1995).mkv", "")
    write("watchlist.csv", "Date,Name,Year,Letterboxd URI\n2020-01-01,Aliens,1986,x\n2020-01-02,Heat,1995,x\n")
    write("watched.csv", "Date,Name,Year,Letterboxd URI\n2020-01-01,Aliens,1986,x\n")
    write("links.csv", "movieId,imdbId,tmdbId\n" + "".join(
        f"{n},0,{row[place['id']]}\n" for n, row in enumerate(rows[:80], 1)))
    write_ratings(1)
    write("tags.csv", "tmdbId,tag,weight\n" + "".join(
        f"{row[place['id']]},{tag},1\n" for n, row in enumerate(rows[:60]) for tag in ("slow", "odd")[n % 2:]))
    for name, films in (("mine.csv", ("Alien,1979,5", "Jaws,1975,4.5")), ("yours.csv", ("Amélie,2001,5", "Grease,1978,4"))):
        write(name, "Name,Year,Rating\n" + "\n".join(films) + "\n")
    write("questions.ndjson", json.dumps({"like": [862, "Heat (1995)"], "not": [578], "k": 5}) + "\n")
    write("plots.txt", "a heist goes wrong\n")
    write("texts.ndjson", json.dumps({"id": 1, "text": "a heist goes wrong"}) + "\n")
    write("topics.tsv", "a1\trobots\n")
    write("qrels.txt", "a1 0 218 1\n")


def block(text, heading):
    """The lines of the code below a heading."""
    return text.split(f"\n## {heading}\n")[1].split("\n## ")[0].split("```")[1].strip().splitlines()


def said_of(command):
    """The lines of the help's examples."""
    text = subprocess.run([kino, "help", command], capture_output=True, text=True, check=True).stdout
    lines = text.split("\nExamples\n")[1].splitlines() if "\nExamples\n" in text else []
    return [line.strip() for line in lines if re.match(r"  \S", line)]


def look_around(line):
    """kino pick, which is left by Ctrl-D; with --print a film is taken."""
    if not terminal.are_there():
        return
    t = Terminal(["bash", "-c", line], env=ENVIRONMENT)
    t.see("? keys")
    t.type("alien\r" if "--print" in line else "\x04")
    code = t.end()
    report(line, code == 0 and ("--print" not in line or "348" in t.plain().split()), t.plain())


def type_line(line, where):
    bare = re.sub(r"\s{2,}#.*$|\s# .*$", "", line)
    piped = re.search(r"\| (man|jq)\b", bare)
    if not bare or NETWORK.search(bare) or (piped and not shutil.which(piped.group(1))):
        return
    if "kino pick" in bare:
        look_around(bare)
        return
    write_ratings(12 if "--links" in bare else 1)
    r = subprocess.run(["bash", "-c", bare], cwd=folder, env={**os.environ, **ENVIRONMENT}, stdin=subprocess.DEVNULL,
                       capture_output=True, text=True, check=False, timeout=300)
    wanted = 3 if "exit code 3" in line else 0
    report(f"{where}: {bare}", r.returncode == wanted, f"exit {r.returncode}: {r.stderr or r.stdout}")


make_files()
os.makedirs(os.path.join(folder, ".config/fish/completions"))
with open("README.md", encoding="utf-8") as f:
    readme = f.read()
for where in ("A tour with a real data set", "One box"):
    for step in block(readme, where):
        type_line(step, where)
commands = re.findall(r"^  ([a-z][a-z-]*) ", subprocess.run([kino, "help"], capture_output=True, text=True,
                                                            check=True).stdout, re.M)
for command in commands:
    if command not in ("build", "eval", "tune", "remove", "kino"):
        for step in said_of(command):
            type_line(step, command)
print(f"1..{count}")
