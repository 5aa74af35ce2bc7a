"""What test_questions.sh runs: the same question, right or wrong, through the command line, a line of kino batch and the
server has the same answer and the same words for a mistake. Prints TAP."""
import http.client
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from urllib.parse import urlencode, urlsplit

KINO = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, TMDB_API_KEY="", LC_ALL="C.UTF-8")
FLAGS = {"sequels"}

# Members of a question as name and text; a name may stand there several times. Films are ids, whose titles no other has.
RIGHT = [
    [("like", "348")],
    [("like", "348"), ("like", "862"), ("not", "578"), ("k", "7")],
    [("like", "348^3"), ("like", "578")],
    [("like", "348"), ("about", "the deep sea"), ("k", "5")],
    [("about", "robots that want to be human"), ("diversity", "0.25")],
    [("like", "348"), ("year", "1979-1986"), ("runtime", "90-137"), ("min_rating", "8.5"), ("min_votes", "100")],
    [("like", "348"), ("genre", "Horror,Science Fiction"), ("no_genre", "Comedy"), ("lang", "en,fr")],
    [("like", "862"), ("weight", "plot=2,people=0,facts=0.5")],
    [("like", "862"), ("weight", "profile=0")],
    [("like", "348"), ("together", "862; 578^2"), ("k", "5")],
    [("together", "348"), ("together", "862"), ("about", "the deep sea")],
    [("like", "862"), ("diversity", "0"), ("popularity", "-0.5"), ("sequels", "true")],
    [("like", "862"), ("diversity", "1"), ("popularity", "1"), ("k", "1")],
]
WRONG = [
    [("k", "0")], [("k", "1001")], [("k", "ten")], [("k", "1e1")], [("k", "3.0")],
    [("year", "19x")], [("year", "2000-1990")], [("year", "0")], [("year", "10000")], [("year", "1990--1995")],
    [("runtime", "0-0")], [("runtime", "-")], [("runtime", "99999")],
    [("min_rating", "11")], [("min_rating", "-1")], [("min_rating", "nan")], [("min_rating", "0x1")],
    [("min_votes", "-1")], [("min_votes", "1.5")], [("min_votes", "99999999999999999999")],
    [("diversity", "1.01")], [("diversity", "inf")], [("popularity", "-1.5")], [("popularity", "")],
    [("weight", "plot")], [("weight", "plot=1,fact=2")], [("weight", "plot=2,all=0")], [("weight", "plot=-1")],
    [("weight", "plot=1;profile=2")], [("genre", ",".join("G%d" % i for i in range(33)))],
    [("lang", ",".join("l%d" % i for i in range(33)))],
    [("not", "348")],
    [("like", "348"), ("together", ";")], [("together", "348")] * 9,
]


def by_arguments(question):
    words, rest = [], []
    for name, text in question:
        if name == "like":
            words.append(text)
        elif name in FLAGS:
            rest.append("--" + name)
        elif name == "k":
            rest += ["-k", text]
        else:
            rest += ["--%s=%s" % (name.replace("_", "-"), text)]
    r = subprocess.run([KINO, "recommend", "--json", "--offline"] + words + rest, env=ENV, capture_output=True, text=True,
                       timeout=60)
    if r.stdout:
        return r.returncode, json.loads(r.stdout)
    return r.returncode, {"error": {"code": "usage", "message": r.stderr.strip().removeprefix("kino: ")}}


def by_line(question):
    line = {}
    for name, text in question:
        value = True if name in FLAGS else text
        if name in ("like", "not", "together"):
            line.setdefault(name, []).append(value)
        else:
            line[name] = value
    r = subprocess.run([KINO, "batch", "-"], env=ENV, input=json.dumps(line), capture_output=True, text=True, timeout=60)
    return r.returncode, json.loads(r.stdout)


def by_address(port, question):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    c.request("GET", "/api/v1/recommend?" + urlencode(question))
    r = c.getresponse()
    return r.status, json.loads(r.read())


def answer_of(answer):
    return {"query": answer["query"], "results": answer["results"]}


def message_of(answer):
    """The message without what only one entrance says: dashes in front, the hint at the help."""
    text = re.sub(r" \(see: kino help \w+\)", "", answer["error"]["message"])
    return re.sub(r"^-{0,2}([a-z][a-z-]*)", lambda m: m.group(1).replace("-", "_"), text)


def right_questions_have_one_answer(port):
    for question in RIGHT:
        code, first = by_arguments(question)
        assert code == 0, (question, first)
        assert first["results"], question
        for other in (by_line(question)[1], by_address(port, question)[1]):
            assert answer_of(other) == answer_of(first), (question, other.get("error"))


def mistakes_have_the_same_words(port):
    for wrong in WRONG:
        question = [("like", "348")] + wrong
        code, first = by_arguments(question)
        assert code == 2, (question, code, first)
        assert first["error"]["code"] == "usage", question
        code, line = by_line(question)
        assert code == 2 and message_of(line) == message_of(first), (question, message_of(line), message_of(first))
        if wrong == [("popularity", "")]:  # an empty field of a form says nothing
            assert by_address(port, question)[0] == 200
            continue
        status, address = by_address(port, question)
        assert status == 400 and message_of(address) == message_of(first), (question, address, message_of(first))


def a_name_that_is_none_is_refused_in_a_line(port):
    code, line = by_line([("like", "348"), ("yaer", "1990")])
    assert code == 2 and 'nothing is called "yaer"' in line["error"]["message"], line


def main():
    failed = 0
    r = subprocess.run([KINO, "build", "data/sample.csv", "--epochs", "4", "-q"], env=ENV, capture_output=True, text=True)
    if r.returncode:
        print("1..0 # SKIP no catalogue: " + r.stderr.strip())
        return 0
    server = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "-q"], env=ENV, stdout=subprocess.PIPE, text=True)
    try:
        port = urlsplit(json.loads(server.stdout.readline())["address"]).port
        tests = [right_questions_have_one_answer, mistakes_have_the_same_words, a_name_that_is_none_is_refused_in_a_line]
        print("1..%d" % len(tests))
        for n, test in enumerate(tests, 1):
            try:
                test(port)
                print("ok %d - %s" % (n, test.__name__.replace("_", " ")))
            except Exception as e:  # a test that dies has failed
                failed += 1
                print("# " + repr(e)[:1500].replace("\n", "\n# "))
                print("not ok %d - %s" % (n, test.__name__.replace("_", " ")))
    finally:
        server.terminate()
        server.wait(timeout=10)
        shutil.rmtree(WORK, ignore_errors=True)
    return failed != 0


sys.exit(main())
