"""What test_adding.sh runs: a server that may write, and a mock of TMDB behind it. Films come by POST, and what was said
before they came is said no longer. Prints TAP."""
import http.client
import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from urllib.parse import urlsplit

KINO = os.path.abspath(sys.argv[1])
KEY = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl"
WORK = tempfile.mkdtemp()
MOCK = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
PORT, CONTROL = (int(n) for n in MOCK.stdout.readline().split())
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, TMDB_API_KEY=KEY, LC_ALL="C.UTF-8",
           KINO_TMDB_URL="http://127.0.0.1:%d/3" % PORT, KINO_TMDB_IMAGES_URL="http://127.0.0.1:%d/t/p" % PORT)
POLICY = ("default-src 'self'; img-src 'self' https://image.tmdb.org data:; base-uri 'none'; form-action 'self'; "
          "frame-ancestors 'none'")


def kino(*args, **more):
    return subprocess.run([KINO, *args], env=ENV, capture_output=True, text=True, timeout=120, **more)


def ask(path, method="GET", body=None, headers={}):
    c = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    c.request(method, path, body, headers)
    r = c.getresponse()
    data = r.read()
    c.close()
    return r.status, dict((k.lower(), v) for k, v in r.getheaders()), data


def post(body, kind="application/json", path="/api/v1/movies", **headers):
    data = body if isinstance(body, bytes) else body.encode()
    status, _, answer = ask(path, "POST", data, {"Content-Type": kind, **headers})
    return status, json.loads(answer) if answer else None


def last():
    """What the mock was asked last."""
    return urllib.request.urlopen("http://127.0.0.1:%d/_last" % CONTROL).read().decode()


def forget():
    urllib.request.urlopen("http://127.0.0.1:%d/_reset" % CONTROL).read()


def requests():
    return int(urllib.request.urlopen("http://127.0.0.1:%d/_count" % CONTROL).read())


def is_equal(got, want, about=""):
    assert got == want, "%r, not %r %s" % (got, want, about)


def is_gone(film):
    assert kino("remove", str(film)).returncode == 0
    for _ in range(600):
        if ask("/api/v1/movie/%d" % film)[0] == 404:
            return
        time.sleep(.05)
    raise AssertionError("%d does not go" % film)


def a_film_comes_by_title_id_or_imdb_id():
    for body, film in (('{"title":"Lantern Bay"}', 9001), (' {"tmdb": 9021}\n', 9021), ('{"imdb":"tt0009001"}', 9001),
                       ('{"title":"The Silver Tide","year":1988}', 9012)):
        status, answer = post(body)
        is_equal((status, answer["movie"]["id"]), (201, film), body)
        is_equal(ask("/api/v1/movie/%d" % film)[0], 200, "at once")
        is_equal(post(body)[0], 200, "it is there now")
        is_gone(film)


def what_was_unknown_is_known_at_once():
    """Each answer of 201 is true of the next request, whatever else renews the catalogue meanwhile."""
    until = time.monotonic() + 60
    stop = threading.Event()

    def reload():
        while not stop.is_set() and time.monotonic() < until:
            process.send_signal(signal.SIGHUP)
            time.sleep(.02)

    reloading = threading.Thread(target=reload)
    reloading.start()
    try:
        for film in range(100100, 100110):
            is_equal(post('{"tmdb":%d}' % film)[0], 201)
            is_equal(ask("/api/v1/movie/%d" % film)[0], 200)
    finally:
        stop.set()
        reloading.join()


def the_body_is_read_as_json_is():
    forget()
    status, answer = post('{"title":"Am\\u00e9lie of Nowhere"}')
    is_equal(status, 404)
    assert "query=Am%C3%A9lie" in last(), last()
    assert "Am\u00e9lie of Nowhere" in answer["error"]["message"], answer
    status, answer = post(json.dumps({"nested": {"tmdb": 9021}, "list": ["tmdb", 9021], "title": "Paper \"Harbour"}))
    is_equal(status, 404)
    is_equal(ask("/api/v1/movie/9021")[0], 404, "a member of a member is none of the body's")
    assert "Paper%20%22Harbour" in last(), last()
    status, answer = post('{"t\\u0069tle":"Paper Harbour","year":2019}')
    is_equal((status, answer["movie"]["id"]), (201, 9021), "a name may be written with escapes too")
    is_gone(9021)
    is_equal(post('{"title":"Nothing","tmdb":9021}')[0], 201, "the id counts")
    is_gone(9021)


def what_is_no_question_is_refused_and_nobody_asked():
    forget()
    for body in ("", "{", "{}", "[]", "5", '"tmdb"', "null", '{"tmdb":9001}x', '{"tmdb":9001,}', "{'tmdb':9001}", '{"tmdb":0}',
                 '{"tmdb":-9001}', '{"tmdb":9001.5}', '{"tmdb":"9001"}', '{"tmdb":1e300}', '{"tmdb":null}', '{"tmdb":9001,"tmdb":9021}',
                 '{"title":""}', '{"title":7}', '{"title":["Lantern Bay"]}', '{"nested":{"title":"Lantern Bay"}}',
                 '{"title":"Lantern Bay","year":"2025"}', '{"title":"Lantern Bay","year":0}', '{"title":"Lantern Bay","year":10000}',
                 '{"title":"Lantern Bay","year":2025.5}', '{"title":"Lan\\ud800tern"}', '{"title":"a\\u0000b"}', '{"title":"Lantern Bay"',
                 b'{"title":"Lantern \xff Bay"}', '{"imdb":"9001"}', '{"imdb":"tt9"}', '{"title":"%s"}' % ("x" * 5000),
                 "[" * 5000, '{"title":"a\nb"}'):
        status, answer = post(body)
        is_equal((status, answer["error"]["code"]), (400, "bad_request"), body[:80])
        assert answer["error"]["message"], body
    is_equal(post('{"year":9999,"title":"Unheard Of"}')[0], 404)
    is_equal(post('{"year":1,"title":"Unheard Of"}')[0], 404)
    forget()
    for kind in ("text/plain", "", "application/jsonp", "application/json-patch+json", "application/x-www-form-urlencoded"):
        is_equal(post('{"tmdb":9001}', kind)[0], 415, kind)
    for origin in ("https://elsewhere.example", "null", "http://127.0.0.1:1", "http://127.0.0.1"):
        is_equal(post('{"tmdb":9001}', Origin=origin)[0], 403, origin)
    is_equal(requests(), 0)
    is_equal(ask("/api/v1/movie/9001")[0], 404)
    for kind in ("application/json; charset=utf-8", "Application/JSON"):
        status, _ = post('{"tmdb":9001}', kind, Origin="http://127.0.0.1:%d" % port)
        assert status in (200, 201), status
    is_gone(9001)


def what_goes_wrong_is_said():
    status, answer = post('{"title":"The Silver Tide"}')
    is_equal((status, answer["error"]["code"]), (404, "ambiguous"))
    is_equal(sorted(c["year"] for c in answer["candidates"]), [1961, 1988, 2014])
    is_equal(post('{"tmdb":9621}')[0], 404)
    is_equal((post('{"tmdb":9422}')[0]), 503)
    is_equal(ask("/api/v1/movies")[1]["allow"], "POST")


def the_form_of_the_page_adds_too():
    form = "application/x-www-form-urlencoded"
    for body in ("", "tmdb=", "tmdb=x", "tmdb=5x", "tmdb=0", "tmdb=-9031", "tmdb=99999999999999999999999", "x=1", "xtmdb=9031"):
        is_equal(ask("/add", "POST", body, {"Content-Type": form})[0], 400, body)
    is_equal(ask("/add", "POST", "tmdb=9031", {"Content-Type": form, "Origin": "https://elsewhere.example"})[0], 403)
    status, headers, body = ask("/add", "POST", "tmdb=9031", {"Content-Type": form})
    is_equal((status, headers.get("location"), body), (404, None, body))
    status, headers, body = ask("/add", "POST", "tmdb=9021", {"Content-Type": form})
    is_equal((status, headers["location"], body), (303, "./?like=9021", b""))
    is_equal(ask("/?like=9021")[0], 200)
    is_gone(9021)


def what_has_changed_is_not_called_the_same():
    """304 ends with the generation, on what was asked before as on what was not."""
    paths = ("/api/v1/recommend?like=348&k=3", "/api/v1/find?q=lantern", "/?like=348", "/map", "/api/v1/map",
             "/api/v1/movie/348")
    for _ in range(20):  # the server may still be about to see what an earlier test has changed
        tags = [ask(path)[1]["etag"] for path in paths]
        told = [ask(path, headers={"If-None-Match": tag})[0] for path, tag in zip(paths, tags)]
        if told == [304] * len(paths):
            break
    is_equal(told, [304] * len(paths))
    is_equal(post('{"tmdb":9001}')[0], 201)
    for path, tag in zip(paths, tags):
        status, headers, body = ask(path, headers={"If-None-Match": tag})
        assert status == 200 and headers["etag"] != tag and body, path
    assert b"Lantern Bay" in ask("/api/v1/find?q=lantern")[2]
    is_gone(9001)


def every_answer_has_its_headers():
    for path, method, status in (("/", "GET", 200), ("/api/v1/movie/348", "HEAD", 200), ("/style.css", "GET", 200),
                                 ("/nothing", "GET", 404), ("/api/v1/movies", "POST", 415), ("/?surprise=1", "GET", 303)):
        got, headers, _ = ask(path, method, headers={"Content-Type": "text/plain"})
        is_equal(got, status, path)
        is_equal(headers["content-security-policy"], POLICY, path)
        is_equal(headers["x-content-type-options"], "nosniff", path)
        is_equal(headers["referrer-policy"], "same-origin", path)
        is_equal(headers["vary"], "Accept-Encoding", path)
        is_equal(headers["cache-control"], "public, max-age=86400" if path == "/style.css" else "no-cache", path)
    is_equal(ask("/api/v1/movie/348")[1]["content-type"], "application/json; charset=utf-8")
    is_equal(ask("/")[1]["content-type"], "text/html; charset=utf-8")
    is_equal(ask("/style.css")[1]["content-type"], "text/css; charset=utf-8")


def the_limits_are_those_that_are_said():
    """8 KB of address, 16 KB of header, 64 KB of body: what just fits is answered."""
    is_equal(ask("/" + "x" * 8191)[0], 404)
    is_equal(ask("/" + "x" * 8192)[0], 414)
    is_equal(ask("/healthz", headers={"X-Long": "y" * 15800})[0], 200)
    is_equal(ask("/healthz", headers={"X-Long": "y" * 16400})[0], 431)
    space = 65536 - len('{"tmdb":0}')
    is_equal(post('{"tmdb":0}' + " " * space)[0], 400)
    is_equal(post('{"tmdb":0}' + " " * (space + 1))[0], 413)


class Other:
    """Another server over the same catalogue, with its log."""
    def __init__(self, *args):
        self.log = open(WORK + "/log", "w+")
        self.process = subprocess.Popen([KINO, "serve", "--port", "0", "--json", *args], env=ENV, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        self.port = urlsplit(json.loads(self.process.stdout.readline())["address"]).port

    def ask(self, path):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request("GET", path)
        status = c.getresponse().status
        c.close()
        return status

    def end(self):
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0
        self.log.seek(0)
        return self.log.read()


def a_base_path_is_the_whole_of_it():
    s = Other("-q", "--base-path", "/kino")
    for path, status in (("/kino/healthz", 200), ("/kino/", 200), ("/healthz", 404), ("/", 404), ("/film/healthz", 404),
                         ("/kinohealthz", 404), ("/kinox/healthz", 404), ("/kin/ohealthz", 404), ("/kino/style.css", 200), ("/kinoxstyle.css", 404),
                         ("/filmxstyle.css", 404)):
        is_equal(s.ask(path), status, path)
    is_equal(s.end(), "", "it was told to be quiet")


def the_log_is_of_one_line_a_request():
    s = Other()
    s.ask("/healthz")
    s.ask("/a%0a%1b%5b31m%ff127.0.0.1%20-%20-")
    said = s.end()
    is_equal(len(said.splitlines()), 3, said)  # where it is, and the two
    assert all(" " <= c < "\x7f" for c in said.replace("\n", "")), repr(said)
    assert '"GET /healthz HTTP/1.1" 200 3 ' in said, said


def told_to_reload_it_does_whatever_the_files_say():
    """Even where the file's size, time and inode are what they were."""
    path = WORK + "/home/catalogue.db"
    db = sqlite3.connect(path)
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    db.close()
    s = Other("-q")
    settled = os.stat(path)
    generation = json.loads(kino("info", "--json").stdout)["generation"]
    s.process.send_signal(signal.SIGSTOP)  # it does not see the file in between
    db = sqlite3.connect(path)
    with db:
        db.execute("UPDATE meta SET value = value + 1 WHERE name = 'generation'")
    is_equal(db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0], 0)
    db.close()
    os.utime(path, ns=(settled.st_atime_ns, settled.st_mtime_ns))
    is_equal((os.stat(path).st_size, os.stat(path).st_ino), (settled.st_size, settled.st_ino))
    s.process.send_signal(signal.SIGCONT)
    s.process.send_signal(signal.SIGHUP)
    for _ in range(600):
        c = http.client.HTTPConnection("127.0.0.1", s.port, timeout=60)
        c.request("GET", "/metrics")
        if "kino_generation %d\n" % (generation + 1) in c.getresponse().read().decode():
            break
        time.sleep(.05)
    else:
        raise AssertionError("it was not read anew")
    s.end()


TESTS = [a_film_comes_by_title_id_or_imdb_id, what_was_unknown_is_known_at_once, the_body_is_read_as_json_is,
         what_is_no_question_is_refused_and_nobody_asked, what_goes_wrong_is_said, the_form_of_the_page_adds_too,
         what_has_changed_is_not_called_the_same, every_answer_has_its_headers, the_limits_are_those_that_are_said,
         a_base_path_is_the_whole_of_it, the_log_is_of_one_line_a_request, told_to_reload_it_does_whatever_the_files_say]
bad = 0
process = None
try:
    made = kino("build", "data/sample.csv", "--epochs", "5", "-q")
    assert made.returncode == 0, made.stderr
    process = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "-q", "--allow-writes"], env=ENV,
                               stdout=subprocess.PIPE, text=True)
    port = urlsplit(json.loads(process.stdout.readline())["address"]).port
    for i, test in enumerate(TESTS):
        name = test.__name__.replace("_", " ")
        try:
            test()
            print("ok %d - %s" % (i + 1, name), flush=True)
        except Exception as e:
            bad += 1
            print("not ok %d - %s\n# %s" % (i + 1, name, ("%s: %s" % (type(e).__name__, e)).replace("\n", "\n# ")[:1500]),
                  flush=True)
    print("1..%d" % len(TESTS))
    process.terminate()
    bad += process.wait(timeout=60) != 0
finally:
    if process and process.poll() is None:
        process.kill()
    MOCK.stdin.close()
    MOCK.wait()
    shutil.rmtree(WORK, ignore_errors=True)
sys.exit(bad != 0)
