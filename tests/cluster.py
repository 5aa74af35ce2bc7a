"""What test_cluster.sh runs: kino as a process against a mock of a search cluster. Prints TAP."""
import base64
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request

sys.dont_write_bytecode = True
sys.path.insert(0, "tests")
import mock_cluster as mock

KINO = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
HOME = WORK + "/home"
SECRET = "hunter2-nobody-must-see"
ENV = {"PATH": os.environ["PATH"], "HOME": WORK, "KINO_HOME": HOME, "LC_ALL": "C.UTF-8"}
ENV.update({k: v for k, v in os.environ.items() if k.startswith(("ASAN", "UBSAN", "TSAN", "KINO_WEIGHTS", "KINO_ISA"))})
TITLES = ["Alien", "Psycho (1960)", "The Godfather", "Spirited Away", "Casablanca", "Heat (1995)", "Fargo", "Jaws"]
FILTERS = [[], ["--genre", "Drama"], ["--no-genre", "Drama,Comedy"], ["--year", "1950-1990", "--min-rating", "7"],
           ["--lang", "FR,ja", "--runtime", "-130"], ["--min-votes", "500"]]


class Run:
    def __init__(self, args, env=None, stdin=None):
        p = subprocess.run([KINO] + list(args), env=dict(ENV, **(env or {})), input=stdin, capture_output=True, timeout=120)
        self.code, self.out, self.err = p.returncode, p.stdout.decode(), p.stderr.decode()
        assert SECRET not in self.out + self.err, "the password was printed"

    def __str__(self):
        return "exit %d\n%s%s" % (self.code, self.out, self.err)


def kino(*args, **more):
    return Run(args, **more)


def push(cluster, *args, **more):
    r = kino("push", "--to", cluster.url, "--index", "films", "--json", *args, **more)
    assert r.code == 0, r
    return json.loads(r.out)


def ask(cluster, *args, **more):
    return kino(*args, "--backend", cluster.url + "/films", "--no-heal", **more)


def answer(run):
    assert run.code == 0, run
    a = json.loads(run.out)
    a.pop("took_ms")
    return a


def has(run, text, code):
    assert text in run.out + run.err and run.code == code, "no %r, or not exit %d, in %s" % (text, code, run)


def filled(**more):
    """A cluster that has the catalogue."""
    c = mock.Cluster(**more)
    push(c)
    return c


def once(status, data=b"{}", path="", times=1):
    """A fault that happens so many times."""
    left = [times]

    def fault(method, where, body):
        if path not in where or not left[0]:
            return None
        left[0] -= 1
        return status, data
    return fault


def contents(c):
    return {k: (v, c.indices[c.aliases["films"]].versions[k]) for k, v in c.indices[c.aliases["films"]].docs.items()}


# ---- push ----

def every_film_goes_there_once():
    c = mock.Cluster()
    r = push(c)
    films = json.loads(kino("info", "--json").out)["films"]
    assert r["sent"] == films == len(contents(c)) and r["unchanged"] == 0, r
    r = push(c)
    assert (r["sent"], r["unchanged"], r["removed"]) == (0, 0, 0), r
    doc = contents(c)["348"][0]
    assert doc["film"]["title"] == "Alien" and doc["year"] == 1979 and doc["language"] == "en", doc["film"]
    assert "horror" in doc["genres"] and len(doc["vector"]) == 416


def what_was_sent_already_is_left_alone():
    c = filled()
    r = push(c, "--since", "0")
    assert r["sent"] == 0 and r["unchanged"] == len(contents(c)), r


def changes_and_removals_follow():
    c = filled()
    mine = WORK + "/changing"
    shutil.copytree(HOME, mine)
    env = {"KINO_HOME": mine}
    assert kino("remove", "348", env=env).code == 0
    r = push(c, env=env)
    assert (r["sent"], r["removed"]) == (0, 1) and "348" not in contents(c), r
    assert kino("add", "data/sample.csv", env=env).code == 0  # the other films are as they were
    r = push(c, env=env)
    assert r["sent"] == 1 and "348" in contents(c), r
    r = kino("push", "--to", c.url, "--index", "films")  # the copy from before
    has(r, "is an older copy; nothing was sent", 2)


def what_is_late_does_not_replace_what_is_newer():
    c = filled()
    index = c.indices["films-a"]
    index.versions["348"], index.docs["348"]["film"]["title"] = 10**6, "newer"
    r = push(c, "--since", "0")
    assert index.docs["348"]["film"]["title"] == "newer" and r["unchanged"] == len(contents(c)), r


def a_push_that_is_killed_goes_on():
    whole = contents(filled())
    random.seed(3)
    c = mock.Cluster()
    c.pause = 0.02
    for _ in range(20):
        p = subprocess.Popen([KINO, "push", "--to", c.url, "--index", "films", "-q"], env=ENV, stderr=subprocess.DEVNULL)
        time.sleep(random.uniform(0, 0.3))
        p.send_signal(signal.SIGKILL)
        p.wait()
        if "films" in c.aliases and not c.indices["films-a"].docs:
            has(ask(c, "recommend", "Alien"), "the push that fills it has not ended", 4)
        if random.random() < 0.3:
            c.indices.clear()
            c.aliases.clear()
    push(c)
    assert contents(c) == whole


def an_interrupted_push_says_how_to_go_on():
    c = mock.Cluster()
    c.pause = 0.3

    def fault(method, path, body):
        if method == "PUT":
            p.send_signal(signal.SIGINT)  # before the first film, however fast or slow the machine is
            time.sleep(c.pause)
    c.faults.append(fault)
    # Who runs the tests in the background has them ignore interrupts, and kino with them.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    p = subprocess.Popen([KINO, "push", "--to", c.url, "--index", "films"], env=ENV, stderr=subprocess.PIPE)
    text = p.communicate()[1].decode()
    assert p.returncode == 130 and "interrupted" in text, (p.returncode, text)


def since_is_not_later_than_what_is_there():
    c = filled()
    generation = json.loads(kino("info", "--json").out)["generation"]
    assert push(c, "--since", str(generation))["sent"] == 0
    has(kino("push", "--to", c.url, "--index", "films", "--since", str(generation + 1)), "--since cannot be later", 2)


def an_index_of_others_is_not_filled():
    """Nor deleted, where it has the name that the index itself would get."""
    c = mock.Cluster()
    c.call("PUT", "films-a", b'{"mappings":{"properties":{}},"settings":{}}')
    has(kino("push", "--to", c.url, "--index", "films"), "none of kino's", 4)
    assert list(c.indices) == ["films-a"] and not c.aliases


def overload_is_waited_for():
    c = mock.Cluster()
    c.faults += [once(429, path="_bulk"), once(503, path="_bulk"), once(None, path="_bulk"), once(502, path="_mapping")]
    r = push(c)
    assert r["sent"] == len(contents(c)) == json.loads(kino("info", "--json").out)["films"]


def an_index_that_was_made_though_the_answer_was_lost_is_taken():
    c = mock.Cluster()
    lost = []

    def fault(method, path, body):
        if method == "PUT" and path == "/films-a" and not lost:
            lost.append(c.call(method, path, body))
            return None, b""
        return None
    c.faults.append(fault)
    r = kino("push", "--to", c.url, "--index", "films")
    assert lost and r.code == 0 and not r.err and len(contents(c)) == 697, r


def single_films_that_a_shard_does_not_take_are_sent_again():
    c = mock.Cluster()
    refused = []

    def fault(method, path, body):
        if "_bulk" not in path or len(refused) > 1:
            return None
        refused.append(1)
        keys = [json.loads(line)["index"]["_id"] for line in body.decode().splitlines()[::2]]
        return 200, json.dumps({"items": [{"index": {"_id": k, "status": 429 if i % 3 else 503, "error": {"type": "x"}}}
                                          for i, k in enumerate(keys)]}).encode()
    c.faults.append(fault)
    r = push(c)
    films = json.loads(kino("info", "--json").out)["films"]
    assert r["sent"] == len(contents(c)) == films and len(refused) == 2, r


def a_film_that_is_refused_is_named():
    c = mock.Cluster()
    item = {"index": {"_id": "5", "status": 400, "error": {"reason": "failed to parse",
                                                           "caused_by": {"reason": "the deepest reason"}}}}
    c.faults.append(lambda method, path, body: None if "_bulk" not in path else
                    (200, json.dumps({"items": [item] * (len(body.splitlines()) // 2)}).encode()))
    r = kino("push", "--to", c.url, "--index", "films")
    has(r, "127.0.0.1:%d, index films: it refuses film 5: HTTP 400: the deepest reason" % c.port, 4)


def an_answer_of_another_number_is_not_believed():
    c = mock.Cluster()
    for wrong in (b'{"items":[]}', b'{"items":[{"index":{"_id":"5","status":200}}]}', b"{", b"<html>", b""):
        c.faults = [once(200, wrong, "_bulk", 99)]
        has(kino("push", "--to", c.url, "--index", "films"), "its answer to a batch cannot be read", 4)


def a_rebuild_replaces_at_once_or_not_at_all():
    c = filled()
    old = contents(c)
    c.faults.append(once(400, b'{"error":{"reason":"full"}}', "_bulk", 99))
    has(kino("push", "--to", c.url, "--index", "films", "--rebuild"), "HTTP 400: full", 4)
    assert contents(c) == old and c.aliases["films"] == "films-a"
    c.faults.clear()
    r = push(c, "--rebuild")
    assert list(c.indices) == ["films-b"] and contents(c) == old and r["sent"] == len(old)
    r = push(c, "--rebuild", "--type", "int8")
    index = c.indices["films-a"]
    assert list(c.indices) == ["films-a"] and all(isinstance(x, int) for x in index.docs["348"]["vector"])
    has(kino("push", "--to", c.url, "--index", "films", "--type", "f32"), "has vectors of int8", 2)


# ---- answers ----

def rankless(run):
    a = answer(run)
    return {film["id"]: {**film, "rank": 0} for film in a.pop("results")}, a


def shared(there, here):
    """A cluster knows vectors alone, so it may miss a film; those it finds are as the catalogue has them. How many of
    the catalogue's are there."""
    (there, about), (here, asked) = rankless(there), rankless(here)
    both = there.keys() & here.keys()
    assert about == asked and len(there) == len(here) and all(there[film] == here[film] for film in both)
    return len(both)


def lists_are_nearly_those_of_the_catalogue():
    found = wanted = 0
    for args in ([], ["--type", "int8"]):
        c = mock.Cluster()
        push(c, *args)
        for i, title in enumerate(TITLES):
            for filters in FILTERS if title == "Alien" else [FILTERS[i % len(FILTERS)]]:
                question = ["recommend", title, "--json", "-k", "5"] + filters
                here = kino(*question, "--no-heal", "--index", "exact")
                found += shared(ask(c, *question), here)
                wanted += len(answer(here)["results"])
    assert wanted > 100 and found >= .95 * wanted, (found, wanted)


def several_seeds_words_and_dials_too():
    c = filled()
    for question in (["recommend", "Alien", "Heat (1995)", "--not", "Fargo"],
                     ["recommend", "Jaws", "--popularity", "-1"], ["recommend", "Jaws", "--weight", "plot=9"]):
        assert shared(ask(c, *question, "--json"), kino(*question, "--json", "--no-heal", "--index", "exact")) >= 9, question
    question = ["recommend", "Jaws", "-k", "600", "--sequels"]
    assert answer(ask(c, *question, "--json")) == answer(kino(*question, "--json", "--no-heal", "--index", "exact")), question
    for question in (["search", "a bank is robbed"], ["search", "ghosts", "--genre", "Comedy", "--year", "1980-1999"]):
        films = answer(ask(c, *question, "--json"))["results"]
        scores = [film["score"] for film in films]
        assert films and scores == sorted(scores, reverse=True) and scores[0] > .3, (question, scores)
        assert all(abs(sum(film["why"].values()) - film["score"]) < 1e-9 for film in films), films


def words_are_matched_by_the_cluster():
    c = filled()
    c.requests.clear()
    r = answer(ask(c, "search", "comedies with ghosts in a library", "--json"))
    assert all("Comedy" in film["genres"] for film in r["results"]), r
    assert [u["as"] for u in r["understood"]] == ["genre"], r
    sent = json.loads(c.requests[-1][3].decode().splitlines()[-1])["query"]["bool"]
    assert "ghosts" in sent["must"][0]["match"]["words"] and \
        sent["filter"][0]["bool"]["must"] == [{"terms": {"genres": ["comedy"]}}], sent
    assert any(film["why"]["words"] > 0 for film in r["results"]), r
    r = answer(ask(c, "recommend", "Alien", "--about", "a lonely robot", "--json"))
    assert len(r["results"]) == 10 and any(film["why"]["words"] > 0 for film in r["results"]), r


def the_filter_is_inside_the_search():
    c = filled()
    r = answer(ask(c, "recommend", "Alien", "--json", "--lang", "fr", "-k", "4"))
    assert len(r["results"]) == 4, r
    sent = json.loads(c.requests[-1][3].decode().splitlines()[1])
    assert sent["query"]["knn"]["vector"]["filter"]["bool"]["must"] == [{"terms": {"language": ["fr"]}}], sent["query"]
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as chosen:
        chosen.write("Aliens (1986)\nGrease (1978)\n")
        chosen.flush()
        r = answer(ask(c, "recommend", "Alien", "--json", "--among", chosen.name, "--lang", "en"))
    assert sorted(film["id"] for film in r["results"]) == [621, 679], r


def every_bound_of_a_filter_is_sent_as_it_is():
    c = filled()
    c.requests.clear()
    r = ask(c, "recommend", "Alien", "--json", "--not", "Fargo", "--year", "1950-1990", "--runtime", "80-130", "--min-rating",
            "7.5", "--min-votes", "500", "--lang", "FR,ja", "--genre", "Drama,Thriller", "--no-genre", "Comedy,Western")
    assert r.code == 0, r
    sent = [json.loads(line) for line in c.requests[-1][3].decode().splitlines()[1::2]]
    bounds = [("year", "gte", 1950), ("year", "lte", 1990), ("runtime", "gte", 80), ("runtime", "lte", 130),
              ("rating", "gte", 7.5), ("votes", "gte", 500)]
    want = {"bool": {"must": [{"range": {column: {bound: value}}} for column, bound, value in bounds] +
                     [{"terms": {"language": ["fr", "ja"]}}, {"terms": {"genres": ["drama"]}}, {"terms": {"genres": ["thriller"]}}],
                     "must_not": [{"terms": {"genres": ["comedy", "western"]}}, {"ids": {"values": ["348", "275"]}}]}}
    for query in sent:
        assert query["query"]["knn"]["vector"]["filter"] == want, query["query"]["knn"]["vector"]["filter"]


def films_that_only_the_cluster_has_are_shown():
    c = filled()
    index = c.indices["films-a"]
    own = json.loads(json.dumps(index.docs["679"] if "679" in index.docs else index.docs["348"]))
    own["film"].update(title='Only <there> "\u202e', imdb="tt1")
    index.docs["900000001"] = own
    r = answer(ask(c, "recommend", "Alien", "--json", "--sequels"))
    assert any(m["id"] == 900000001 and m["title"] == 'Only <there> "\u202e' for m in r["results"]), r


def batch_and_server_ask_there_too():
    c = filled()
    lines = "\n".join(json.dumps({"like": [t]}) for t in TITLES * 3).encode()
    there = [json.loads(line) for line in ask_batch(c, lines).out.splitlines()]
    here = [json.loads(line) for line in kino("batch", "-", "--index", "exact", stdin=lines).out.splitlines()]
    for a in there + here:
        a.pop("took_ms")
    assert there == here and len(there) == 24
    server = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "-q", "--backend", c.url + "/films"], env=ENV,
                              stdout=subprocess.PIPE)
    try:
        url = json.loads(server.stdout.readline())["address"].rstrip("/")
        before = len(c.requests)
        got = json.load(urllib.request.urlopen(url + "/api/v1/recommend?like=348&k=3"))
        assert len(got["results"]) == 3 and len(c.requests) > before, got
    finally:
        server.terminate()
        assert server.wait(10) == 0


def ask_batch(c, lines):
    return kino("batch", "-", "--backend", c.url + "/films", stdin=lines)


def a_new_film_goes_to_both():
    c = filled()
    mine = WORK + "/adding"
    shutil.copytree(HOME, mine)
    env = {"KINO_HOME": mine}
    csv = WORK + "/one.csv"
    rows = open("data/sample.csv", newline="").read().split("\n")
    import csv as reader
    head, row = list(reader.reader(rows[:1]))[0], next(reader.reader(rows[1:2]))
    row[head.index("id")] = "900000002"
    with open(csv, "w", newline="") as f:
        reader.writer(f).writerows([head, row])
    r = kino("add", csv, "--backend", c.url + "/films", env=env)
    assert r.code == 0 and contents(c)["900000002"][1] > 1, r
    c.faults.append(once(400, b'{"error":{"reason":"read-only"}}', "_bulk", 9))
    row[head.index("id")] = "900000003"
    with open(csv, "w", newline="") as f:
        reader.writer(f).writerows([head, row])
    r = kino("add", csv, "--backend", c.url + "/films", env=env)
    has(r, "is saved here, but was not sent to the cluster: 127.0.0.1:%d, index films: HTTP 400: read-only" % c.port, 0)
    c.faults.clear()
    assert push(c, env=env)["sent"] == 1 and "900000003" in contents(c)


# ---- what is refused ----

def another_dimension_or_model_is_refused():
    c = filled()
    meta = c.indices["films-a"].mappings["_meta"]["kino"]
    for change, says in (({"dimension": 384}, "was not made by this version"), ({"layout": 1}, "was not made by this version"),
                         ({"weights": "0123456789abcdef"}, "embedded with other weights"),
                         ({"encoder": "0123456789abcdef"}, "of another catalogue"),
                         ({"lineage": "0123456789abcdef"}, "of another catalogue")):
        c.indices["films-a"].mappings["_meta"]["kino"] = dict(meta, **change)
        before = contents(c)
        has(kino("push", "--to", c.url, "--index", "films"), says, 4)
        has(ask(c, "recommend", "Alien"), says, 4)
        assert contents(c) == before
    c.indices["logs"] = c.indices.pop("films-a")
    c.indices["logs"].mappings["_meta"] = {}
    c.aliases = {"films": "logs"}
    for more in ([], ["--rebuild"]):
        has(kino("push", "--to", c.url, "--index", "films", *more), "none of kino's", 4)
    assert list(c.indices) == ["logs"]
    has(ask(c, "recommend", "Alien"), "was not made by this version", 4)
    c.aliases.clear()
    has(ask(c, "recommend", "Alien"), "there is none of that name", 4)


def missing_shards_are_said():
    c = filled()

    def partial(method, path, body):
        if "_msearch" not in path:
            return None
        answer = c.call(method, path, body)
        answer["responses"][0]["_shards"].update(total=3, failed=1, failures=[{"reason": {"reason": "node left"}}])
        return 200, json.dumps(answer).encode()
    c.faults.append(partial)
    has(ask(c, "recommend", "Alien"), "127.0.0.1:%d, index films: 1 of its 3 shards did not answer: node left" % c.port, 4)
    r = ask(c, "recommend", "Alien", "--allow-partial")
    has(r, "1 of its 3 shards did not answer", 0)
    assert "Like Alien" in r.out
    c.faults = [lambda method, path, body: partial(method, path, body) if len(c.requests) % 2 else None]
    for more in ([], ["--allow-partial"]):  # gone when asked again
        r = ask(c, "recommend", "Alien", *more)
        assert r.code == 0 and not r.err, r

    def late(method, path, body):
        if "_msearch" not in path:
            return None
        answer = c.call(method, path, body)
        answer["responses"][0]["timed_out"] = True
        return 200, json.dumps(answer).encode()
    c.faults = [late]
    has(ask(c, "recommend", "Alien"), "shards did not answer", 4)
    for status in (503, 500, 429):
        c.faults = [once(200, b'{"responses":[{"error":{"reason":"node left"},"status":%d}]}' % status, "_msearch", 2),
                    once(status, b'{"error":{"reason":"node left"}}', "_msearch", 2)]
        assert ask(c, "recommend", "Alien").code == 0


def nonsense_is_refused():
    c = filled()

    def broken(change):
        def fault(method, path, body):
            if "_msearch" not in path:
                return None
            answer = c.call(method, path, body)
            change(answer["responses"][0]["hits"]["hits"][1])
            return 200, json.dumps(answer).encode()
        return fault
    nan = base64.b64encode(mock.floats(*[float("nan")] * 416)).decode()
    long = base64.b64encode(mock.floats(*[1.0] * 416)).decode()
    for change in (lambda h: h.update(_id="x"), lambda h: h.update(_id="-5"), lambda h: h.pop("_source"),
                   lambda h: h["_source"].update(codes="AAAA"), lambda h: h["_source"].update(codes=nan),
                   lambda h: h["_source"].update(codes=long), lambda h: h["_source"].update(year="soon"),
                   lambda h: h["_source"]["film"].update(genres=[[1]]), lambda h: h["_source"]["film"].update(title=7)):
        c.faults = [broken(change)]
        has(ask(c, "recommend", "Alien"), "is no film of kino's", 4)
    for data in (b"", b"{", b"[]", b'{"responses":[]}', b'{"responses":[{}]}', b'{"responses":[{"_shards":{"failed":0,'
                 b'"total":1},"hits":7}]}', b"\xff\xfe"):
        c.faults = [once(200, data, "_msearch", 9)]
        has(ask(c, "recommend", "Alien"), "its answer", 4)
    for data in (b"", b"<html>", b"[]", b"{}"):
        c.faults = [once(200, data, "_mapping", 9)]
        has(ask(c, "recommend", "Alien"), "what answers there is no search cluster", 4)
    c.faults = [once(200, b'{"a":{},"b":{}}', "_mapping", 9)]
    has(ask(c, "recommend", "Alien"), "it stands for several indices", 4)


def wrong_words_are_explained():
    has(kino("push"), "push needs --to URL and --index NAME", 2)
    has(kino("push", "--to", "127.0.0.1", "--index", "films"), "is no address of a cluster's host", 2)
    has(kino("push", "--to", "http://me:%s@127.0.0.1:9" % SECRET, "--index", "films"), "$KINO_BACKEND_USER", 2)
    has(kino("push", "--to", "http://127.0.0.1:9", "--index", "Films/.."), "cannot be an index", 2)
    has(kino("recommend", "Alien", "--backend", "films"), "a backend is named as", 2)
    has(kino("recommend", "Alien", "--backend", "http://127.0.0.1:9/films", "--offline"), "--offline", 4)
    has(kino("push", "--to", "http://127.0.0.1:9", "--index", "films", "--rebuild", "--since", "4"), "either --rebuild or", 2)
    has(kino("recommend", "Alien", "--index", "films"), "index", 2)


# ---- hosts ----

def another_host_is_asked():
    c = filled()
    dead = "http://127.0.0.1:%d" % mock.closed_port()
    for _ in range(4):
        r = kino("recommend", "Alien", "--backend", "%s,%s,%s/films" % (dead, c.url, dead), "--no-heal")
        assert r.code == 0, r
    c.faults.append(once(None, path="_msearch"))  # hangs up
    assert ask(c, "recommend", "Alien").code == 0


def all_down_is_one_clear_error():
    before = open(HOME + "/catalogue.db", "rb").read()
    dead = ",".join("http://127.0.0.1:%d" % mock.closed_port() for _ in range(3))
    began = time.monotonic()
    for r in (kino("recommend", "Alien", "--backend", dead + "/films"), kino("push", "--to", dead, "--index", "films")):
        has(r, "nor does any other host of the cluster answer", 4)
        assert "index films" in r.err and len(r.err.splitlines()) == 1, r
    assert time.monotonic() - began < 100, "minutes of waiting"
    assert open(HOME + "/catalogue.db", "rb").read() == before


def header(c, name):
    return [h.get(name) for _, _, h, _ in c.requests]


def secrets_are_sent_and_not_told():
    c = filled()
    c.requests.clear()
    basic = "Basic " + base64.b64encode(("me:" + SECRET).encode()).decode()
    assert ask(c, "recommend", "Alien", env={"KINO_BACKEND_USER": "me", "KINO_BACKEND_PASSWORD": SECRET}).code == 0
    assert set(header(c, "Authorization")) == {basic}
    c.requests.clear()
    assert ask(c, "recommend", "Alien", env={"KINO_BACKEND_API_KEY": SECRET}).code == 0
    assert set(header(c, "Authorization")) == {"ApiKey " + SECRET}
    file = WORK + "/secret"
    with open(file, "w") as f:
        f.write("me:%s\n" % SECRET)
    os.chmod(file, 0o644)
    has(ask(c, "recommend", "Alien", "--backend-auth", file), "others may read it", 1)
    os.chmod(file, 0o600)
    c.requests.clear()
    c.faults.append(once(401, b'{"error":{"reason":"security_exception"}}', "_msearch"))
    has(ask(c, "recommend", "Alien", "--backend-auth", file), "HTTP 401: security_exception", 4)
    assert set(header(c, "Authorization")) == {basic}
    has(kino("push", "--to", "http://192.0.2.1:9200", "--index", "films", env={"KINO_BACKEND_API_KEY": SECRET}),
        "in the clear; use https", 2)


def tls_is_checked_with_ones_own_authority():
    if not shutil.which("openssl"):
        return "no openssl"
    key, cert = WORK + "/key.pem", WORK + "/cert.pem"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"], check=True, capture_output=True)
    c = mock.Cluster(tls=(cert, key))
    r = kino("push", "--to", c.url, "--index", "films")
    assert r.code == 4 and "127.0.0.1:%d" % c.port in r.err, r
    push(c, "--backend-ca", cert)
    assert ask(c, "recommend", "Alien", env={"KINO_BACKEND_CA": cert}).code == 0
    has(ask(c, "recommend", "Alien", "--backend-ca", "/nonexistent"), "the certificates cannot be read", 3)


def main():
    tests = [f for name, f in globals().items() if callable(f) and getattr(f, "__module__", "") == "__main__" and
             "_" in name and name not in ("ask_batch",)]
    r = kino("build", "data/sample.csv", "-q", "--epochs", "5")
    assert r.code == 0, r
    print("1..%d" % len(tests))
    failed = 0
    for n, test in enumerate(tests, 1):
        name = test.__name__.replace("_", " ")
        try:
            why = test()
            print("ok %d - %s%s" % (n, name, " # SKIP " + why if why else ""), flush=True)
        except Exception as e:
            failed += 1
            print("not ok %d - %s\n# %s" % (n, name, ("%s: %s" % (type(e).__name__, e)).replace("\n", "\n# ")[:3000]), flush=True)
    shutil.rmtree(WORK)
    return failed != 0


if __name__ == "__main__":
    sys.exit(main())
