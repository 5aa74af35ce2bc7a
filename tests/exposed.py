"""What test_exposed.sh runs: a server as strangers meet it, with a mock of TMDB behind it that may fall silent. Prints
TAP."""
import gzip
import http.client
import json
import os
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from urllib.parse import quote, urlsplit

KINO = os.path.abspath(sys.argv[1])
KEY = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl"
WORK = tempfile.mkdtemp()
MOCK = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
PORT, CONTROL = (int(n) for n in MOCK.stdout.readline().split())
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, TMDB_API_KEY=KEY, LC_ALL="C.UTF-8",
           KINO_TMDB_URL="http://127.0.0.1:%d/3" % PORT, KINO_TMDB_IMAGES_URL="http://127.0.0.1:%d/t/p" % PORT)
READS = int(os.environ.get("KINO_TEST_READS", "1000"))  # beside writers that wait
SNAPSHOT = WORK + "/home/snapshot.kino"


def kino(*args, **more):
    return subprocess.run([KINO, *args], env=ENV, capture_output=True, text=True, timeout=300, **more)


def is_equal(got, want, about=""):
    assert got == want, "%r, not %r %s" % (got, want, about)


class Server:
    started = []

    def __init__(self, *args, home=None):
        self.log = open(WORK + "/log", "w+")
        env = dict(ENV, KINO_HOME=home) if home else ENV
        self.process = subprocess.Popen([KINO, "serve", "--port", "0", "--json", *args], env=env, stdout=subprocess.PIPE,
                                        stderr=self.log, text=True)
        self.started.append(self.process)
        self.port = urlsplit(json.loads(self.process.stdout.readline())["address"]).port

    def ask(self, path, method="GET", body=None, **headers):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        c.request(method, path, body, {k.replace("_", "-"): v for k, v in headers.items()})
        r = c.getresponse()
        data = r.read()
        c.close()
        return r.status, dict((k.lower(), v) for k, v in r.getheaders()), data

    def post(self, body, **headers):
        return self.ask("/api/v1/movies", "POST", body, Content_Type="application/json", **headers)

    def raw(self, data, seconds=30):
        s = socket.create_connection(("127.0.0.1", self.port), timeout=seconds)
        s.sendall(data)
        got = b""
        try:
            while True:
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
        except (TimeoutError, ConnectionResetError):
            pass
        s.close()
        return got

    def count(self, name):
        return int(re.search(r"^%s (\d+)$" % re.escape(name), self.ask("/metrics")[2].decode(), re.M).group(1))

    def said(self):
        self.log.flush()
        return open(WORK + "/log").read()

    def end(self):
        self.process.terminate()
        is_equal(self.process.wait(timeout=60), 0)
        return self.said()


def control(what):
    return urllib.request.urlopen("http://127.0.0.1:%d/_%s" % (CONTROL, what)).read().decode()


def comes(true, seconds=60):
    until = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < until, "it does not come to that"
        time.sleep(.02)


def status_of(raw):
    return int(raw.split(b" ", 2)[1]) if raw.startswith(b"HTTP/1.1 ") else 0


# ---- how much ----

def an_answer_is_not_many_times_its_question():
    """Every link of a page carries the question on: what it carries, and how many links there are, have an end."""
    s = Server("-q")
    usual = len(s.ask("/?like=348&k=120")[2])
    junk = "&".join("x%d=%s" % (i, quote("\u20ac" * 13)) for i in range(60))
    long = s.ask("/?like=348&k=1000&" + junk)
    is_equal(long[0], 200)
    assert b"x1=" not in long[2], "a link carries what is no part of a question"
    assert len(long[2]) <= usual + 1000, "%d bytes, usually %d" % (len(long[2]), usual)
    is_equal(long[2].count(b"<summary>Why"), 120, "a page has at most 120 films")
    assert b'id="further"' not in long[2], "and offers no more"
    is_equal(len(json.loads(s.ask("/api/v1/recommend?like=348&k=200")[2])["results"]), 200, "the API gives what is asked")
    known = s.ask("/?like=348&k=1000&about=" + "%22" * 2700)
    assert known[0] in (200, 400) and len(known[2]) <= 16 << 20, (known[0], len(known[2]))
    s.end()


def path_and_question_have_one_limit():
    s = Server("-q")
    for path in ("/?about=", "/api/v1/recommend?like=", "/" + "y" * 4000 + "?x="):
        is_equal(s.ask(path + "z" * (8193 - len(path)))[0], 414, path[:40])
        assert s.ask(path + "z" * (8192 - len(path)))[0] != 414, path[:40]
    status, headers, body = s.ask("/?x=" + "%41" * 2800)
    is_equal((status, json.loads(body)["error"]["code"]), (414, "uri_too_long"), "as it was sent, not as it is read")
    s.end()


def answers_under_way_have_a_limit_together():
    """Clients that ask and do not read hold their answers: beyond 256 MB nothing more is computed for anybody, until some
    of them have gone."""
    s = Server("-q", "--cache", "0", "--timeout", "600")
    held, before, peak = [], s.count("kino_held_bytes"), 0
    for i in range(1500):
        c = socket.socket()
        c.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        c.connect(("127.0.0.1", s.port))
        c.sendall(b"GET /?like=348&k=120&about=%s HTTP/1.1\r\nHost: localhost\r\n\r\n" % (b"%%22%d" % i + b"%22" * 2000))
        held.append(c)
        if i % 10 == 0:
            status, headers, body = s.ask("/api/v1/recommend?like=129&k=%d" % (i + 1))
            peak = max(peak, s.count("kino_held_bytes"))
            if status == 503:
                break
    is_equal((status, json.loads(body)["error"]["code"]), (503, "busy"), peak)
    assert int(headers["retry-after"]) > 0
    assert 256 << 20 <= peak <= 300 << 20, peak
    is_equal(s.ask("/healthz")[0], 200, "what is not computed is answered")
    for c in held:
        c.close()
    comes(lambda: s.count("kino_held_bytes") <= before + 4096)
    is_equal(s.ask("/api/v1/recommend?like=129")[0], 200)
    s.end()


# ---- whom ----

def only_who_calls_it_by_its_name_is_answered():
    s = Server("-q", "--host", "films.example", "--host", "other.example")
    for host, status in (("127.0.0.1:%d" % s.port, 200), ("localhost", 200), ("films.example", 200), ("Other.Example:80", 200),
                         ("attacker.example", 421), ("attacker.example:%d" % s.port, 421), ("10.0.0.1", 421)):
        for path in ("/", "/healthz", "/api/v1/movie/348", "/metrics", "/style.css"):
            is_equal(s.ask(path, Host=host)[0], status, host + path)
    got = s.raw(b"GET /healthz HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n")
    is_equal(json.loads(got.split(b"\r\n\r\n", 1)[1])["error"]["code"], "wrong_host")
    for request, status in ((b"GET /healthz HTTP/1.1\r\n\r\n", 400),
                            (b"GET /healthz HTTP/1.0\r\n\r\n", 200),
                            (b"GET /healthz HTTP/1.0\r\nHost: attacker.example\r\n\r\n", 421),
                            (b"GET /healthz HTTP/1.1\r\nHost:\r\nConnection: close\r\n\r\n", 421),
                            (b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", 400),
                            (b"GET http://films.example/healthz HTTP/1.1\r\nHost: attacker.example\r\nConnection: close\r\n\r\n", 200),
                            (b"GET HTTP://localhost:1/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
                            (b"GET http://localhost HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
                            (b"GET http://localhost?q=alien HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200),
                            (b"GET http://attacker.example/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 421),
                            (b"GET http://local%68ost/healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 421),
                            (b"GET http:///healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", 200)):
        is_equal(status_of(s.raw(request)), status, request)
    s.end()
    assert kino("serve", "--host", "http://films.example").returncode == 2
    assert kino("serve", "--trust-proxy", "films.example").returncode == 2


def films_are_added_from_the_own_origin_alone():
    s = Server("-q", "--allow-writes", "--host", "films.example")
    own = "127.0.0.1:%d" % s.port
    for host, origin, refused in ((own, "http://" + own, False), (own, "https://" + own, True), (own, "http://localhost", True),
                                  ("films.example", "http://films.example", False), ("films.example", "https://films.example", True),
                                  ("films.example", "http://attacker.example", True), (own, "null", True)):
        status = s.post("{}", Host=host, Origin=origin, X_Forwarded_Proto="https")[0]
        is_equal(status, 403 if refused else 400, origin)
    s.end()
    s = Server("--allow-writes", "--host", "films.example", "--trust-proxy", "127.0.0.1")
    told = dict(X_Forwarded_Host="films.example", X_Forwarded_Proto="https", X_Forwarded_For="6.6.6.6, 203.0.113.7")
    is_equal(s.post("{}", Origin="https://films.example", **told)[0], 400)
    is_equal(s.post("{}", Origin="http://films.example", **told)[0], 403)
    is_equal(s.ask("/healthz", **dict(told, X_Forwarded_Host="attacker.example"))[0], 421)
    said = s.end()
    assert '203.0.113.7 - - [' in said and '6.6.6.6' not in said, said


def a_request_has_one_end():
    """Else a proxy in front and this server could see different requests in the same bytes."""
    s = Server("-q", "--allow-writes")
    hidden = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    post = b"POST /api/v1/movies HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    for lines in (b"Content-Length: 2\r\nContent-Length: 2\r\n", b"Content-Length: 0\r\nContent-Length: %d\r\n" % len(hidden),
                  b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
                  b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n"):
        got = s.raw(post + lines + b"\r\n0\r\n\r\n" + hidden, 10)
        is_equal(status_of(got), 400, lines)
        is_equal(got.count(b"HTTP/1.1 "), 1, lines)
        assert b"onnection: close" in got, got
    got = s.raw(post + b"Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n")
    assert status_of(got) == 400 and b"the body is" in got, got
    s.end()


def odd_values_are_read_to_their_end_and_no_further():
    s = Server("-q")
    for name in ("year", "runtime", "min_rating", "min_votes", "weight", "k", "diversity", "popularity"):
        for value in ("-", "--", "-;", "1-;X", ";X", "=", "plot=1;X", "plot=", "=1", ",", "%00", "1%001", "%ff", "+", "e", "."):
            for path in ("/api/v1/recommend?like=348&", "/?like=348&"):
                status, _, body = s.ask("%s%s=%s" % (path, name, value))
                assert status in (200, 400), (path, name, value, status)
                if status == 400 and path.startswith("/api"):
                    assert json.loads(body)["error"]["message"]
    for blank in ("", "+", "%20%20", "%09", "%0a+", "%c2%a0"):
        is_equal(s.ask("/api/v1/recommend?about=" + blank)[0], 400, "blanks say nothing: %r" % blank)
        is_equal([f["id"] for f in json.loads(s.ask("/api/v1/recommend?like=348&about=" + blank)[2])["results"]],
                 [f["id"] for f in json.loads(s.ask("/api/v1/recommend?like=348")[2])["results"]], blank)
        page = s.ask("/?about=" + blank)
        assert page[0] == 200 and b"For example" in page[2], "the page of the beginning: %r" % blank
    s.end()


# ---- tags ----

def a_tag_is_of_one_catalogue_and_one_program():
    """The same generation of another catalogue, or another way to start the server, has another page."""
    other = WORK + "/other"
    assert kino("build", "data/sample.csv", "--epochs", "5", "-q", "--data", other).returncode == 0
    generations = [json.loads(kino("info", "--json", *more).stdout)["generation"] for more in ((), ("--data", other))]
    is_equal(generations[0], generations[1])
    paths = ("/", "/?like=348", "/api/v1/recommend?like=348", "/api/v1/movie/348", "/map", "/api/v1/map")
    servers = [Server("-q"), Server("-q", home=other), Server("-q", "--allow-writes")]
    tags = [[s.ask(path)[1]["etag"] for path in paths] for s in servers]
    for i, s in enumerate(servers):
        for j in range(len(servers)):
            told = [s.ask(path, If_None_Match=tag)[0] for path, tag in zip(paths, tags[j])]
            is_equal(told, [304 if i == j else 200] * len(paths), "%d asked with the tags of %d" % (i, j))
    is_equal(servers[0].ask("/", If_None_Match=tags[0][0][2:])[0], 304, "weak and strong tags compare alike")
    is_equal(servers[0].ask("/", If_None_Match='"x", %s' % tags[0][0])[0], 304)
    is_equal(servers[0].ask("/", If_None_Match="*")[0], 304)
    for s in servers:
        s.end()


# ---- how long ----

def more_connections_than_there_may_be_stop_nobody():
    """All of them at one moment, since the server was held: none is counted yet when the next one comes."""
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    many = min(4600, hard - 200)  # 4,096 are let in
    s = Server("--quiet")
    for _ in range(3):
        open_ones = []
        for i in range(many):
            if i % 300 == 0:
                s.process.send_signal(signal.SIGCONT)
                time.sleep(.05)
                s.process.send_signal(signal.SIGSTOP)
            c = socket.socket()
            c.bind(("127.0.9.%d" % (1 + i % 50), 0))
            c.setblocking(False)
            c.connect_ex(("127.0.0.1", s.port))
            open_ones.append(c)
        s.process.send_signal(signal.SIGCONT)
        time.sleep(.5)
        for c in open_ones:
            c.close()
    comes(lambda: s.ask("/healthz")[0] == 200)
    s.process.terminate()
    is_equal(s.process.wait(timeout=60), 0)


def readers_wait_for_no_writer():
    """TMDB is silent, and more films are asked for than there are threads: everybody else is answered meanwhile."""
    s = Server("-q", "--allow-writes")
    control("reset")
    control("hold")
    answers = []
    posts = [threading.Thread(target=lambda i=i: answers.append(s.post('{"tmdb":%d}' % (100200 + i)))) for i in range(50)]
    try:
        for p in posts:
            p.start()
        comes(lambda: int(control("held")) >= 1 and len(answers) >= 30)
        for status, headers, body in answers:
            is_equal((status, json.loads(body)["error"]["code"]), (503, "busy"), "the queue has an end")
            assert int(headers["retry-after"]) > 0
        waited = len(answers)
        slow, gone, first = 0, False, time.monotonic()
        for i in range(READS):
            began = time.monotonic()
            is_equal(s.ask(("/healthz", "/api/v1/movie/348", "/?like=348", "/api/v1/recommend?like=129&k=%d" % (i % 50 + 1))[i % 4])[0], 200)
            slow += time.monotonic() - began > .1
            if i == 20:
                is_equal(len(answers), waited, "the others still wait")
            if not gone and (i == READS - 200 or time.monotonic() - first > 4):  # before the time of TMDB is over
                control("go")
                gone = True
        print("# %d of %d reads took longer than 100 ms" % (slow, READS))
    finally:
        control("go")
        for p in posts:
            p.join()
    is_equal(len(answers), 50)
    came = [json.loads(body)["movie"]["id"] for status, _, body in answers if status == 201]
    assert len(came) == 50 - waited, "what waited was done: %d" % len(came)
    for film in came:
        is_equal(s.ask("/api/v1/movie/%d" % film)[0], 200)
    s.end()


def a_silent_tmdb_costs_so_long_and_no_longer():
    control("reset")
    control("hold")
    try:
        began = time.monotonic()
        told = kino("recommend", "Unheard Of", "--timeout", "1")
        is_equal(told.returncode, 4, told.stderr)
        assert "within the time" in told.stderr, told.stderr
        assert time.monotonic() - began < 30
    finally:
        control("go")
    assert kino("recommend", "348", "--timeout", "0").returncode == 2


def who_is_asked_to_stop_stops():
    """What waits for the network is told so; nothing waits for TMDB to speak."""
    s = Server("-q", "--allow-writes")
    control("reset")
    control("hold")
    answers = []
    posts = [threading.Thread(target=lambda i=i: answers.append(s.post('{"tmdb":%d}' % (100300 + i)))) for i in range(8)]
    try:
        for p in posts:
            p.start()
        comes(lambda: int(control("held")) >= 1 and s.count("kino_waiting") >= 4)
        s.end()
    finally:
        control("go")
        for p in posts:
            p.join()
    is_equal(sorted(status for status, _, _ in answers), [503] * 8)


# ---- files that are cut ----

def a_snapshot_that_is_cut_costs_one_answer():
    """`cp` over the snapshot cuts the file that is mapped: the pages behind its end are gone."""
    if os.environ.get("SANITIZE") == "thread":
        print("# skipped: this sanitizer takes a handler that was left by a jump for one that still runs")
        return
    whole = open(SNAPSHOT, "rb").read()
    ENV["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "") + ":detect_leaks=0"  # what was cut is lost, and that is meant
    s = Server("-q")
    ENV["ASAN_OPTIONS"] = os.environ.get("ASAN_OPTIONS", "")
    want = [f["id"] for f in json.loads(s.ask("/api/v1/recommend?like=348")[2])["results"]]
    seen = set()
    try:
        for i in range(3):
            os.truncate(SNAPSHOT, 8192)
            for n in range(400):
                status, headers, body = s.ask("/api/v1/recommend?like=%d&min_votes=%d" % ((348, 129, 11)[n % 3], n % 100))
                assert status in (200, 500), (status, body)
                seen.add(status)
                if status == 500:
                    is_equal(json.loads(body)["error"]["code"], "damaged")
                    assert "retry-after" in headers
            comes(lambda: s.ask("/api/v1/recommend?like=348&min_votes=%d" % (200 + i))[0] == 200)
            with open(SNAPSHOT, "r+b") as f:
                f.write(whole)
            is_equal(s.ask("/healthz")[0], 200)
        comes(lambda: s.ask("/api/v1/recommend?like=348")[0] == 200)
        is_equal([f["id"] for f in json.loads(s.ask("/api/v1/recommend?like=348")[2])["results"]], want)
        is_equal(s.process.poll(), None)
        is_equal(seen, {200, 500}, "else nothing was cut while it was read")
        s.end()
    finally:
        with open(SNAPSHOT, "wb") as f:
            f.write(whole)


def a_command_says_what_was_cut():
    """kino reads the mapped weights for some time: they are cut meanwhile."""
    weights = WORK + "/weights.kino"
    shutil.copy(os.environ.get("KINO_TEST_WEIGHTS", "weights/minilm-l6-v2.int8.kino"), weights)
    p = subprocess.Popen([KINO, "embed", "--weights", weights, "--threads", "1"], env=ENV, stdin=subprocess.PIPE,
                         stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        p.stdin.write(b"a film about grief\n" * 2000)  # more than are embedded at once
        p.stdin.flush()
        p.stdout.read(100)
        os.truncate(weights, 4096)
        p.stdin.write(b"another film about grief\n" * 2000)
    except BrokenPipeError:
        pass
    told = p.communicate()[1].decode()
    is_equal(p.returncode, 5, told)
    assert "cut" in told and told.count("\n") == 1, told


# ---- a catalogue that cannot be opened ----

def a_fault_that_lasts_is_said_once():
    s = Server()
    os.rename(WORK + "/home/catalogue.db", WORK + "/home/away.db")
    try:
        comes(lambda: "was not opened anew" in s.said())
        time.sleep(5)
        is_equal(s.ask("/api/v1/movie/348")[0], 200, "what it has it answers")
    finally:
        os.rename(WORK + "/home/away.db", WORK + "/home/catalogue.db")
    comes(lambda: "is open again" in s.said())
    said = s.end()
    is_equal(said.count("was not opened anew"), 1, said)


TESTS = [an_answer_is_not_many_times_its_question, path_and_question_have_one_limit, answers_under_way_have_a_limit_together,
         only_who_calls_it_by_its_name_is_answered, films_are_added_from_the_own_origin_alone, a_request_has_one_end,
         odd_values_are_read_to_their_end_and_no_further, a_tag_is_of_one_catalogue_and_one_program, readers_wait_for_no_writer,
         more_connections_than_there_may_be_stop_nobody,
         a_silent_tmdb_costs_so_long_and_no_longer, who_is_asked_to_stop_stops, a_snapshot_that_is_cut_costs_one_answer,
         a_command_says_what_was_cut, a_fault_that_lasts_is_said_once]
bad = 0
try:
    made = kino("build", "data/sample.csv", "--epochs", "5", "-q")
    assert made.returncode == 0, made.stderr
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
finally:
    for process in Server.started:  # a test that failed may have left its own
        if process.poll() is None:
            process.kill()
    MOCK.stdin.close()
    MOCK.wait()
    shutil.rmtree(WORK, ignore_errors=True)
sys.exit(bad != 0)
