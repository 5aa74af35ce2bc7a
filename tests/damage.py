"""What test_damage.sh runs: plants one damage after another in a catalogue, its snapshot and its weights, and asks kino check,
which is to name each and to say what to do. Prints TAP.

A damage is a piece of SQL, or a function of the folder; the words are those that the fault has to have."""
import json
import os
import shutil
import sqlite3
import struct
import subprocess
import sys
import tempfile

KINO = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
MADE, HERE = WORK + "/made", WORK + "/here"
WEIGHTS = os.path.abspath("weights/minilm-l6-v2.int8.kino")
ENV = dict(os.environ, HOME=WORK, TMDB_API_KEY="", LC_ALL="C.UTF-8")
count = 0


def ok(holds, what, more=""):
    global count
    count += 1
    print("%s %d - %s" % ("ok" if holds else "not ok", count, what))
    if not holds and more:
        print("# " + str(more).replace("\n", "\n# "))


def kino(*args, **more):
    return subprocess.run([KINO] + list(args), env=ENV, capture_output=True, text=True, errors="replace", timeout=300, **more)


def change(sql):
    c = sqlite3.connect(HERE + "/catalogue.db")
    c.execute("PRAGMA foreign_keys = OFF")
    c.create_function("vector", 2, lambda blob, times: struct.pack(
        "<%df" % (len(blob) // 4), *(x * times for x in struct.unpack("<%df" % (len(blob) // 4), blob))))
    c.executescript(sql)
    c.commit()
    c.close()


def flip(name, at):
    """Turns the byte at a place, from the end if below 0."""
    def do():
        with open(HERE + "/" + name, "r+b") as f:
            f.seek(at, os.SEEK_END if at < 0 else os.SEEK_SET)
            byte = f.read(1)[0]
            f.seek(-1, os.SEEK_CUR)
            f.write(bytes([byte ^ 0x55]))
    return do


def cut(name, size):
    """Cuts a file to a size, from the end if below 0."""
    def do():
        path = HERE + "/" + name
        os.truncate(path, size if size >= 0 else os.path.getsize(path) + size)
    return do


def write(name, data):
    def do():
        with open(HERE + "/" + name, "wb") as f:
            f.write(data)
    return do


def of_another(name):
    """The file of a catalogue of other films."""
    return lambda: shutil.copy(WORK + "/other/" + name, HERE + "/" + name)


def weights(edit):
    """Weights of this catalogue's own, edited."""
    def do():
        with open(WEIGHTS, "rb") as f:
            data = bytearray(f.read())
        with open(HERE + "/weights.kino", "wb") as f:
            f.write(edit(data))
    return do


def turned(data):
    data[len(data) // 2] ^= 1
    return data


FILM = "(SELECT id FROM film ORDER BY id LIMIT 1 OFFSET 3)"
SECOND = "(SELECT id FROM film ORDER BY id LIMIT 1 OFFSET 4)"
NAN = "x'0000c07f'"
DAMAGES = [
    ("a film that is gone and has left its lists", f"DELETE FROM film WHERE id = {FILM}", "belongs to no film"),
    ("a term that is gone", f"DELETE FROM term WHERE term_id = (SELECT term_id FROM film_term WHERE film_id = {FILM})",
     "belongs to no film"),
    ("a list of a role that is none", f"UPDATE film_term SET role = 99 WHERE film_id = {FILM} AND role = 1", "a list of it"),
    ("a list with a gap", f"UPDATE film_term SET position = position + 40 WHERE film_id = {FILM} AND role = 1 AND position = 0",
     "has a gap"),
    ("a genre that is a person", f"UPDATE film_term SET role = 4 WHERE film_id = {FILM} AND role = 1", "what it cannot have"),
    ("a name that is no text", f"UPDATE term SET name = x'41' WHERE term_id = (SELECT min(term_id) FROM film_term"
     f" WHERE film_id = {FILM})", "its name is none"),
    ("an id below 1", f"INSERT INTO film SELECT -5, imdb_id, title, original_title, language, date, year, runtime, rating,"
     f" votes, popularity, overview, tagline, status, poster_path, collection_id, collection, source, fetched_at"
     f" FROM film WHERE id = {FILM}", "its id is none"),
    ("a title that is no text", f"UPDATE film SET title = x'414243' WHERE id = {FILM}", "a text of it is none"),
    ("an overview that is no UTF-8", f"UPDATE film SET overview = CAST(x'41ff42' AS TEXT) WHERE id = {FILM}", "no UTF-8"),
    ("another overview", f"UPDATE film SET overview = 'It was told otherwise.' WHERE id = {FILM}", "another text"),
    ("a year that is none", f"UPDATE film SET year = 'soon' WHERE id = {FILM}", "its year is none"),
    ("a year too late", f"UPDATE film SET year = 31999 WHERE id = {FILM}", "its year is none"),
    ("a length below nought", f"UPDATE film SET runtime = -3 WHERE id = {FILM}", "its length is none"),
    ("a rating above ten", f"UPDATE film SET rating = 42 WHERE id = {FILM}", "its rating is none"),
    ("a rating that is a word", f"UPDATE film SET rating = 'good' WHERE id = {FILM}", "its rating is none"),
    ("fewer votes than none", f"UPDATE film SET votes = -7 WHERE id = {FILM}", "its votes are none"),
    ("a popularity that is a word", f"UPDATE film SET popularity = 'much' WHERE id = {FILM}", "its popularity is none"),
    ("a collection without a number", f"UPDATE film SET collection_id = 'x' WHERE id = {FILM}", "its collection is none"),
    ("a record from nowhere", f"UPDATE film SET source = '' WHERE id = {FILM}", "comes from"),
    ("no plot", f"DELETE FROM plot WHERE film_id = {FILM}", "lack vectors"),
    ("a plot of other weights", f"UPDATE plot SET maker = maker + 1 WHERE film_id = {FILM}", "lack vectors"),
    ("a plot that is too short", f"UPDATE plot SET vector = substr(vector, 5) WHERE film_id = {FILM}", "wrong size"),
    ("a plot that is longer than 1", f"UPDATE plot SET vector = vector(vector, 1.5) WHERE film_id = {FILM}", "no unit vector"),
    ("a plot with what is no number", f"UPDATE plot SET vector = CAST({NAN} || substr(vector, 5) AS BLOB) WHERE film_id = {FILM}",
     "no unit vector"),
    ("the plot of another film", f"UPDATE plot SET (vector, text_hash) = (SELECT vector, text_hash FROM plot WHERE film_id ="
     f" {SECOND}) WHERE film_id = {FILM}", "another text"),
    ("a plot of no film", f"UPDATE plot SET film_id = 987654321 WHERE film_id = {FILM}", "a plot of it and no film"),
    ("no profile", f"DELETE FROM profile WHERE film_id = {FILM}", "lack vectors"),
    ("a profile of another encoder", f"UPDATE profile SET maker = maker + 1 WHERE film_id = {FILM}", "lack vectors"),
    ("a profile that is too long", f"UPDATE profile SET vector = CAST(vector || vector AS BLOB) WHERE film_id = {FILM}",
     "wrong size"),
    ("a profile that is shorter than 1", f"UPDATE profile SET vector = vector(vector, .5) WHERE film_id = {FILM}",
     "no unit vector"),
    ("a profile of no film", f"UPDATE profile SET film_id = 987654321 WHERE film_id = {FILM}", "a profile of it and no film"),
    ("something filled in of no film", "INSERT INTO healed VALUES(987654321, 'poster', 'tmdb:1', 1)", "there is no film"),
    ("a change to come", f"INSERT OR REPLACE INTO change VALUES({FILM}, 4000000)", "a generation to come"),
    ("no generation", "DELETE FROM meta WHERE name = 'generation'", "generation"),
    ("a generation that is a word", "UPDATE meta SET value = 'x' WHERE name = 'generation'", "generation"),
    ("no lineage", "DELETE FROM meta WHERE name = 'lineage'", "lineage"),
    ("no index of changes", "DROP INDEX change_generation", "index of its changes"),
    ("no table of what was filled in", "DROP TABLE healed", "healed"),
    ("no table of profiles", "DROP TABLE profile", "profile"),
    ("a later version", "PRAGMA user_version = 99", "version"),
    ("another program's file", "PRAGMA application_id = 7", "kino"),
    ("no encoder", "DELETE FROM blob WHERE name = 'encoder'", "encoder"),
    ("half an encoder", "UPDATE blob SET bytes = substr(bytes, 1, length(bytes) / 2) WHERE name = 'encoder'", "encoder"),
    ("an encoder with a turned byte", "UPDATE blob SET bytes = CAST(substr(bytes, 1, 5000) || x'5a' || substr(bytes, 5002)"
     " AS BLOB) WHERE name = 'encoder'", "encoder"),
    ("no word of the weights", "DELETE FROM blob WHERE name = 'weights'", "lack vectors"),
    ("other weights", "UPDATE blob SET bytes = x'0102030405060708' WHERE name = 'weights'", "build again"),
    ("a recipe that is none", "UPDATE blob SET bytes = x'09' WHERE name = 'recipe'", "recipe"),
    ("statistics of another size", "UPDATE blob SET bytes = x'00' WHERE name = 'statistics'", "statistics"),
    ("keywords that cannot be read", "UPDATE blob SET bytes = x'0011' WHERE name = 'keywords'", "keywords"),
    ("tuned weights that weigh nothing", "INSERT INTO blob SELECT 'part_weights', zeroblob(12 * 8)", "tune --undo"),
    ("a turned byte at the head of the file", flip("catalogue.db", 3), "catalogue"),
    ("half a catalogue", cut("catalogue.db", 40960), "catalogue"),
    ("an empty catalogue", cut("catalogue.db", 0), "catalogue"),
    ("a catalogue of text", write("catalogue.db", b"id,title\n1,Alien\n" * 400), "catalogue"),
    ("a snapshot with a turned byte", flip("snapshot.kino", -2000), "--repair"),
    ("a snapshot with a turned head", flip("snapshot.kino", 9), "--repair"),
    ("half a snapshot", cut("snapshot.kino", 400000), "--repair"),
    ("an empty snapshot", cut("snapshot.kino", 0), "--repair"),
    ("a snapshot of text", write("snapshot.kino", b"kino" * 5000), "--repair"),
    ("a snapshot of other films", of_another("snapshot.kino"), "another catalogue"),
    ("a snapshot of a generation to come", "UPDATE meta SET value = value - 1 WHERE name = 'generation'", "another catalogue"),
    ("weights with a turned byte", weights(turned), "weights.kino"),
    ("half the weights", weights(lambda data: data[:len(data) // 2]), "weights.kino"),
    ("no weights", weights(lambda data: b""), "weights.kino"),
]


def plant(damage):
    shutil.rmtree(HERE, ignore_errors=True)
    shutil.copytree(MADE, HERE)
    if callable(damage):
        damage()
    else:
        change(damage)


def check():
    args = ["check", "--json", "--data", HERE]
    if os.path.exists(HERE + "/weights.kino"):
        args += ["--weights", HERE + "/weights.kino"]
    return kino(*args)


for folder, rows in (("made", None), ("other", 300)):
    source = "data/sample.csv"
    if rows:
        with open(source, encoding="utf-8") as f, open(WORK + "/some.csv", "w", encoding="utf-8") as out:
            out.writelines(f.readlines()[:rows])
        source = WORK + "/some.csv"
    p = kino("build", source, "--data", WORK + "/" + folder, "--epochs", "2", "-q")
    assert p.returncode == 0, p.stderr
c = sqlite3.connect(MADE + "/catalogue.db")
c.execute("PRAGMA wal_checkpoint(TRUNCATE)")
c.close()
plant("")
p = check()
ok(p.returncode == 0, "without a damage everything is sound", p.stdout + p.stderr)
ok(len(DAMAGES) >= 40, "there are damages enough", len(DAMAGES))
for name, damage, says in DAMAGES:
    plant(damage)
    p = check()
    try:
        faults = [c["text"] for c in json.loads(p.stdout)["checks"] if not c["sound"]]
    except ValueError:
        faults = [p.stderr]
    told = "\n".join(faults)
    what_to_do = any(w in told for w in ("build", "retrain", "--repair", "restore", "add it again", "--undo", "--weights",
                                         "version", "make weights", "kino's"))
    ok(p.returncode in (1, 3, 5) and says in told and what_to_do, name, "exit %d: %s%s" % (p.returncode, told, p.stderr))
shutil.rmtree(WORK)
print("1..%d" % count)
