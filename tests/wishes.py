"""What test_wishes.sh runs: the golden questions of tests/golden/wishes.tsv, put to the command line, to batch, to the API
and to the page, are understood alike; and what was understood decides the answer. Prints TAP."""
import html
import http.client
import json
import os
import pty
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote, unquote, urlsplit

import terminal

KINO = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, TMDB_API_KEY="", LC_ALL="C.UTF-8")
count = 0


def ok(holds, what, more=""):
    global count
    count += 1
    print("%s %d - %s" % ("ok" if holds else "not ok", count, what))
    if not holds and more:
        print("# " + str(more).replace("\n", "\n# "))


def kino(*args, **more):
    return subprocess.run([KINO] + list(args), env=ENV, capture_output=True, text=True, timeout=120, **more)


def golden():
    """(question, understood, rest)"""
    for line in open("tests/golden/wishes.tsv", encoding="utf-8"):
        line = line.rstrip("\n")
        if line and not line.startswith("#"):
            yield tuple(line.split("\t"))


def told(answer):
    """An answer of the JSON schema, as the golden file writes it."""
    return "; ".join("%s|%s|%s" % (u["text"], u["as"], u["value"]) for u in answer.get("understood", ())), \
        answer.get("rest", "")


def compare(name, answers):
    wrong = ["%s\n  got  %s  rest %s\n  want %s  rest %s" % (q[0], *got, *q[1:])
             for q, got in zip(QUESTIONS, answers) if got != q[1:]]
    ok(len(answers) == len(QUESTIONS) and not wrong, "%s understands all %d questions" % (name, len(QUESTIONS)),
       "\n".join(wrong[:8]))


def ask_one(question):
    p = kino("search", "--json", "-k", "1", "--", question)
    return told(json.loads(p.stdout))


class Page:
    """What the page shows of a question: the pieces that its links take out, and the facts beside them."""

    def __init__(self, port):
        self.port = port

    def get(self, path):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request("GET", path)
        r = c.getresponse()
        return r.status, r.read().decode("utf-8")

    def chips(self, question):
        status, text = self.get("/?k=1&about=" + quote(question))
        assert status == 200, (status, question)
        found = re.search(r'<ul class="chips read".*?</ul>', text, re.S)
        out = []
        for chip in re.findall(r"<li .*?</li>", found.group(0), re.S) if found else ():
            kind = re.search(r"<small>(.*?)</small>", chip).group(1)
            value = html.unescape(re.search(r"<bdi>(.*?)</bdi>", chip).group(1))
            piece = html.unescape(re.search(r"Take out (.*?)</span>", chip, re.S).group(1))
            link = html.unescape(re.search(r'href="(.*?)"', chip).group(1))
            out.append((piece, kind, value, link))
        return out


def page_tells(page, question):
    return "; ".join("%s|%s|%s" % chip[:3] for chip in page.chips(question))


def answers():
    compare("kino search", list(ThreadPoolExecutor(2).map(lambda q: ask_one(q[0]), QUESTIONS)))
    lines = "\n".join(json.dumps({"about": q[0], "k": 1}) for q in QUESTIONS)
    compare("kino batch", [told(json.loads(line)) for line in kino("batch", "-", input=lines).stdout.splitlines()])
    compare("kino recommend --about",
            list(ThreadPoolExecutor(2).map(lambda q: told(json.loads(
                kino("recommend", "--json", "-k", "1", "--about", q[0]).stdout)), QUESTIONS)))


def server():
    process = subprocess.Popen([KINO, "serve", "--port", "0", "--json"], env=ENV, stdout=subprocess.PIPE,
                               stderr=subprocess.DEVNULL, text=True)
    try:
        port = urlsplit(json.loads(process.stdout.readline())["address"]).port
        page = Page(port)
        compare("the API", [told(json.loads(page.get("/api/v1/recommend?k=1&about=" + quote(q[0]))[1]))
                            for q in QUESTIONS])
        wrong = []
        for question, want, _ in QUESTIONS:
            got = page_tells(page, question)
            if got != want:
                wrong.append("%s\n  got  %s\n  want %s" % (question, got, want))
        ok(not wrong, "the page shows what was understood of each", "\n".join(wrong[:8]))
        one_box(page)
    finally:
        process.terminate()
        process.wait(20)


def one_box(page):
    question = "korean revenge thrillers of the 2000s, not horror"
    status, text = page.get("/?q=" + quote(question))
    ok(status == 200 and "chips read" in text, "a wish typed into the main box is answered", text[-600:])
    chips = page.chips(question)
    without = unquote(re.search(r"about=([^&]*)", chips[0][3]).group(1))
    ok(without == question.replace("korean", ""), "a chip's link is the question without its piece", without)
    status, text = page.get("/?q=heat")
    ok(status == 200 and 'name="like" value="949"' in text, "a title in the main box is a film to like")
    status, text = page.get("/?q=zzyzx+qwrtp")
    ok(status == 200 and "No answer to that" in text, "words that no film has are told so")
    status, text = page.get("/?q=aliens")
    ok("as=words" in text and 'name="like" value="679"' in text, "where two readings are near, the other one is offered")
    for path in ("/api/v1/recommend?about=heat&colour=red", "/api/v1/find?q=heat&colour=red"):
        ok(page.get(path)[0] == 400, "a parameter that does not exist is refused: " + path.split("?")[0])
    status, text = page.get("/api/v1/recommend?genre=Comdy")
    ok(status == 400 and "did you mean Comedy?" in text, "the API says which genre is meant", text)
    status, text = page.get("/api/v1/recommend?genre=western&year=1960-1969&k=3")
    ok(status == 200 and all("Western" in r["genres"] and 1960 <= r["year"] <= 1969 for r in json.loads(text)["results"]),
       "filters alone are a question to the API", text[:300])
    status, text = page.get("/?genre=Western&year=1960-1969")
    ok(status == 200 and text.count('class="card"') > 1, "filters alone are a question to the page")
    status, text = page.get("/api/v1/find?q=" + quote("hitchcock"))
    ok("Alfred Hitchcock" in [p["name"] for p in json.loads(text)["people"]], "the API finds people", text[:300])
    ok(json.loads(page.get("/api/v1/recommend?director=hitchcock&k=50")[1])["results"], "the API filters by people")
    status, text = page.get("/person/alfred%20hitchcock")
    ok(status == 200 and "<h2>Directed</h2>" in text and "../film/" in text and "<bdi>Alfred Hitchcock</bdi>" in text,
       "a person has a page with the films", text[-800:])


def films(*args):
    p = kino(*args, "--json")
    assert p.returncode == 0, (args, p.stderr)
    return json.loads(p.stdout)["results"]




def what_decides():
    by = lambda r, role: [p["name"] for p in r[role]]
    shown = lambda r: json.loads(kino("show", "id:%d" % r["id"], "--json").stdout)["movie"]
    got = films("search", "films directed by hitchcock", "-k", "20")
    ok(got and all("Alfred Hitchcock" in by(shown(r), "directors") for r in got), "a director filters")
    got = films("recommend", "--with", "harison ford", "-k", "20")
    ok(got and all("Harrison Ford" in by(shown(r), "cast") for r in got), "--with filters, by a misspelt name too")
    got = films("recommend", "--director", "Alfred Hitchcock", "--sort", "year", "-k", "20")
    years = [r["year"] for r in got]
    ok(len(got) > 1 and years == sorted(years, reverse=True), "--sort year puts the latest first", years)
    same = {r["id"] for r in films("recommend", "--director", "Alfred Hitchcock", "-k", "20")}
    ok({r["id"] for r in got} == same, "--sort changes no film of the answer")
    got = films("recommend", "--sort", "title", "--genre", "western", "-k", "5")
    ok([r["title"] for r in got] == sorted(r["title"] for r in got), "--sort title goes by the title")
    got = films("search", "like Alien but funny", "-k", "10")
    ok(got and all(r["because"] == 348 and r["why"]["likeness"] for r in got), "beside other words too it brings the films")
    got = films("search", "like Alien but not horror", "-k", "10")
    ok(got and not any("Horror" in r["genres"] for r in got) and all(r["because"] == 348 for r in got),
       "like TITLE is a seed, but not X a filter")
    got = films("search", "heat", "-k", "5")
    ok(got[0]["id"] == 949 and got[0]["named"] and not any("named" in r for r in got[1:]), "a title's film comes first")
    ok(all(r["because"] == 949 for r in got), "and the others are like it")
    ok(all(abs(sum(r["why"].values()) - r["score"]) < 1e-9 for r in got), "its parts add up to its score as well")
    got = films("search", "aliens", "-k", "5")
    ok(got[0]["title"] == "Aliens" and all(abs(sum(r["why"].values()) - r["score"]) < 1e-9 for r in got),
       "of a title that is a theme too the film comes first", [r["title"] for r in got])
    ok(films("search", "aliens", "--as", "words", "-k", "1")[0].get("named") is None, "--as words reads no title")
    p = kino("search", "swedish western of the 1920s", "--json")
    answer = json.loads(p.stdout)
    dropped = [u["as"] for u in answer["understood"] if u.get("dropped")]
    ok(answer["results"] and dropped, "what would leave nothing is dropped, and said to be", answer["understood"])
    p = kino("search", "swedish western of the 1920s")
    ok("left out" in p.stdout, "in the table too", p.stdout)
    plain = json.loads(kino("search", "90s comedies", "--as", "plain", "--json").stdout)
    ok("understood" not in plain and plain["results"], "--as plain reads nothing")


def mistakes():
    for args, says in ((("--genre", "Comdy"), "did you mean Comedy?"), (("--lang", "klingon"), "no language"),
                       (("--country", "Atlantis"), "no country"), (("--with", "Qwrtp Zzyzx"), "nobody"),
                       (("--sort", "colour"), "takes one of")):
        p = kino("recommend", *args)
        ok(p.returncode == 2 and says in p.stderr, " ".join(args) + " is an error that says what is meant", p.stderr)
    ok(films("recommend", "--genre", "sci-fi", "-k", "1")[0]["genres"].count("Science Fiction") == 1,
       "everyday names of genres are understood")
    ok(films("recommend", "--lang", "german", "-k", "1")[0]["language"] == "de", "and of languages")
    line = json.loads(kino("batch", "-", input='{"genre":"western","sort":"votes","k":4}\n').stdout)
    votes = [r["votes"] for r in line["results"]]
    ok(votes and votes == sorted(votes, reverse=True), "a line of batch may be filters alone, and sorted", votes)


def titles():
    for text, film in (("godfather 2", 240), ("kill bill 2", 393), ("half-blood prince", 767), ("temple of doom", 87),
                       ("strangelove", 935), ("good bad ugly", 429), ("silence of lambs", 274),
                       ("https://www.imdb.com/title/tt0113277/?ref_=fn", 949),
                       ("https://www.themoviedb.org/movie/949-heat", 949), ("https://letterboxd.com/film/heat-1995/", 949),
                       ("https://letterboxd.com/film/the-godfather/", 238)):
        p = kino("show", text, "--json")
        ok(p.returncode == 0 and json.loads(p.stdout)["movie"]["id"] == film, "%s names its film" % text, p.stderr)
    p = kino("show", "2001")
    ok(p.returncode in (0, 3) and "62" in p.stdout + p.stderr, "a number that begins a title is not silently an id",
       p.stdout[:200] + p.stderr)
    p = kino("show", "lord of rings")
    ok(p.returncode == 3 and "-1" in p.stderr, "several films: exit 3 names -1", p.stderr)
    p = kino("find", "hitchcock")
    ok("Alfred Hitchcock" in p.stdout and "Directed" in p.stdout, "kino find names a person and the films", p.stdout)
    p = kino("find", "--json", "harrison ford")
    ok(json.loads(p.stdout)["people"][0]["name"] == "Harrison Ford", "in JSON too", p.stdout[:300])


def at_a_terminal(answer, *args):
    """What a command says on a terminal, to which somebody answers."""
    pid, terminal = pty.fork()
    if not pid:
        os.environ.update(ENV, TERM="dumb", COLUMNS="100")
        os.execv(KINO, [KINO] + list(args))
    os.write(terminal, answer.encode())
    said = b""
    try:
        while piece := os.read(terminal, 65536):
            said += piece
    except OSError:  # the other side is closed
        pass
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), said.decode("utf-8", "replace")


def namesakes():
    kino("add", "-", "--offline", input="id,title,year,overview\n900000001,Heat,1972,Another summer.\n")
    if not terminal.are_there():
        return
    code, said = at_a_terminal("2\n", "show", "Heat")
    ok(code == 0 and "Which one?" in said and "Another summer." in said, "on a terminal a title that is two is asked about",
       said)
    code, said = at_a_terminal("\n", "show", "Heat")
    ok(code == 0 and "Another summer." not in said and "(1995)" in said, "Enter takes the first", said)
    code, said = at_a_terminal("nonsense\n", "show", "Heat")
    ok(code == 3, "what is none of them is exit 3", said)
    p = kino("show", "Heat")
    ok(p.returncode == 3 and "Which one?" not in p.stderr and "-1" in p.stderr, "without a terminal nobody is asked", p.stderr)
    p = kino("show", "Heat", "-1", "--json")
    ok(p.returncode == 0 and json.loads(p.stdout)["movie"]["id"] == 949, "-1 takes the first", p.stderr)


p = kino("build", "data/sample.csv", "--credits", "tests/golden/credits.csv", "-q")
ok(p.returncode == 0, "the sample is built with people", p.stderr)
QUESTIONS = list(golden())
ok(len(QUESTIONS) >= 150, "there are questions enough", len(QUESTIONS))
answers()
if "without its server" not in kino("serve", "--port", "-1").stderr:
    server()
what_decides()
mistakes()
titles()
namesakes()
shutil.rmtree(WORK)
print("1..%d" % count)
