#!/usr/bin/env python3
"""field.py KINO FOLDER - other people's files: every case of a folder through the program, held against its right result.

The folder has the files and two small catalogues, mini.csv and mini_no_imdb.csv; its README names the right results,
which stand here as code. Nothing of it is in this repository. Speaks TAP."""
import json
import os
import shutil
import subprocess
import sys
import tempfile

kino, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
work = tempfile.mkdtemp()
environment = {k: v for k, v in os.environ.items() if not k.startswith(("KINO_HOME", "XDG_", "TMDB_"))}
environment["XDG_CONFIG_HOME"] = work


class Answer:
    def __init__(self, *words, data):
        offline = ["--offline"] if words[0] in ("recommend", "add") else []
        done = subprocess.run([kino, *words, *offline, "--data", os.path.join(work, data)], env=environment,
                              stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        self.status, self.out, self.err = done.returncode, done.stdout.decode(), done.stderr.decode()

    def told(self, *texts):
        return all(t in self.err for t in texts)


def case(name):
    return os.path.join(folder, name)


def history(name, data="m"):
    """Status, films, unmatched lines, tastes of a history, and what was told."""
    a = Answer("recommend", "--history", case(name), "-k", "1", "--json", data=data)
    h = json.loads(a.out)["history"] if a.status == 0 else {}
    a.films, a.unmatched, a.tastes = h.get("films"), h.get("unmatched"), h.get("tastes")
    a.liked = sorted(f["id"] for t in a.tastes or [] for f in t["films"])
    return a


def add(name):
    """Adds to a copy of the catalogue, whose name is left in .data."""
    data = "copy_" + name
    shutil.copytree(os.path.join(work, "m"), os.path.join(work, data))
    a = Answer("add", case(name), data=data)
    a.data = data
    return a


def show(film, data):
    a = Answer("show", str(film), "--json", data=data)
    return json.loads(a.out)["movie"] if a.status == 0 else {}


def names(film, member):
    return [n["name"] if isinstance(n, dict) else n for n in film.get(member, [])]


def is_film(film, **wanted):
    return all(film.get(k) == v for k, v in wanted.items())


def tmdb_account():
    a = history("tmdb_account.csv")
    return a.films == 1 and a.liked == [603] and a.told("1 that is no film")


def tmdb_ids_conflict():
    a = history("tmdb_ids_conflict.csv")
    return a.status == 3 and a.told("tmdb_ids_conflict.csv:2:", "1396", "Mirror")


def add_movie_id():
    a = add("add_movie_id.csv")
    return a.status != 0 and a.told("The Matrix", "Paper Sky") and show(603, a.data).get("title") == "The Matrix"


def add_partial():
    a = add("add_partial.csv")
    film = show(949, a.data)
    return (a.status == 0 and is_film(film, year=1995, rating=7.7, tagline="One line of my own.") and
            names(film, "genres") == ["Crime", "Drama"] and a.told("1 changed", "tagline"))


def netflix_history():
    a = history("netflix_history.csv")
    return a.films == 2 and a.told("1 that is no film")


def two_films(name):
    a = history(name)
    return a.status == 0 and a.films == 2


def no_table():
    a = history("no_table.csv")
    return a.status == 5 and a.told("no list of films")


def ratings(name):
    a = history(name)
    return a.films == 3 and a.liked == [603, 949]


def ratings_one_bad():
    a = history("ratings_one_bad.csv")
    return {603, 949} <= set(a.liked) and 348 not in a.liked and a.told("ratings_one_bad.csv:5: 11 ")


def year_as_text():
    a = history("year_as_text.json")
    return a.films == 1 and a.unmatched == 1 and a.liked == [348]


def one_film(name, skipped=0):
    a = history(name)
    return a.films == 1 and a.liked == [278] and (not skipped or a.told("%d that is no film" % skipped))


def imdb_other_titles():
    a = history("imdb_other_titles.csv", "n")
    return a.films == 3 and a.unmatched == 1 and a.liked == [278, 1891, 194662] and a.told("1 that is no film")


def urls():
    a = history("urls.txt")
    return a.films == 4


def add_genre():
    a = add("add_genre.csv")
    film = show(950010, a.data)
    return names(film, "genres") == ["Drama", "Crime"] and is_film(film, date="2001-02-03", rating=7.7)


def add_spaces():
    a = add("add_spaces.csv")
    film = show(950011, a.data)
    return names(film, "genres") == ["Drama", "Crime"] and is_film(film, date="2001-02-03", rating=7.7)


def add_cells():
    a = add("add_cells.csv")
    one, two = show(950015, a.data), show(950016, a.data)
    return (is_film(one, year=1994, runtime=142, rating=8.7) and names(one, "genres") == ["Drama", "Crime"] and
            is_film(two, year=2021, date="2021-12-15", runtime=105) and
            names(two, "genres") == ["Action", "Science Fiction"])


def add_cp1252():
    a = add("add_cp1252.csv")
    film = show(950007, a.data)
    return is_film(film, title="Théta Field", overview="A robot’s café") and a.told("Windows-1252")


def added(name, film, title):
    a = add(name)
    return a.status == 0 and show(film, a.data).get("title") == title


def build(name, **wanted):
    a = Answer("build", case(name), "--epochs", "2", data="x_" + name)
    if a.status:
        return False
    found = Answer("find", "The Glass Orchard", "--json", data="x_" + name)
    film = json.loads(found.out)["results"][0] if found.status == 0 else {}
    film = show(film.get("id", 0), "x_" + name)
    return is_film(film, **wanted["facts"]) and all(names(film, k) == v for k, v in wanted["lists"].items())


CASES = [
    ("tmdb_account.csv", tmdb_account),
    ("tmdb_ids_conflict.csv", tmdb_ids_conflict),
    ("add_movie_id.csv", add_movie_id),
    ("add_partial.csv", add_partial),
    ("netflix_history.csv", netflix_history),
    ("semicolons.csv", lambda: two_films("semicolons.csv")),
    ("no_table.csv", no_table),
    ("ratings_plain.csv", lambda: ratings("ratings_plain.csv")),
    ("ratings_decimal_comma.csv", lambda: ratings("ratings_decimal_comma.csv")),
    ("ratings_two_columns.csv", lambda: ratings("ratings_two_columns.csv")),
    ("ratings_one_bad.csv", ratings_one_bad),
    ("year_as_text.json", year_as_text),
    ("radarr.json", lambda: one_film("radarr.json")),
    ("simkl.json", lambda: one_film("simkl.json")),
    ("jellyfin.json", lambda: one_film("jellyfin.json")),
    ("tmdb_list.json", lambda: one_film("tmdb_list.json", 1)),
    ("imdb_other_titles.csv", imdb_other_titles),
    ("urls.txt", urls),
    ("add_genre.csv", add_genre),
    ("add_spaces.csv", add_spaces),
    ("add_cells.csv", add_cells),
    ("add_cp1252.csv", add_cp1252),
    ("add_pretty.json", lambda: added("add_pretty.json", 950004, "Delta Field")),
    ("add_array.json", lambda: added("add_array.json", 950002, "Beta Field")),
    ("build_no_id.csv", lambda: build("build_no_id.csv", facts={"year": 1994, "runtime": 142, "rating": 9.3, "votes": 2343110},
                                      lists={"genres": ["Drama", "Crime"], "directors": ["Ann Other"]})),
    ("build_netflix.csv", lambda: build("build_netflix.csv", facts={"year": 1994, "runtime": 142},
                                        lists={"cast": ["Bo Else"], "directors": ["Ann Other"]})),
]


def main():
    for name, data in ("mini.csv", "m"), ("mini_no_imdb.csv", "n"):
        a = Answer("build", case(name), "--epochs", "2", "-q", data=data)
        if a.status:
            print("1..0 # SKIP no catalogue: " + a.err.strip())
            return 0
    passed = 0
    for number, (name, right) in enumerate(CASES, 1):
        try:
            ok = right()
        except (KeyError, IndexError, ValueError, subprocess.TimeoutExpired) as e:
            ok = False
            print("# %r" % e)
        passed += ok
        print("%sok %d - %s" % ("" if ok else "not ", number, name), flush=True)
    print("1..%d" % len(CASES))
    print("# %d of %d cases" % (passed, len(CASES)))
    return passed < len(CASES)


try:
    status = main()
finally:
    shutil.rmtree(work)
sys.exit(status)
