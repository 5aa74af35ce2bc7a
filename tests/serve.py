"""What test_serve.sh runs: a server on a free port of 127.0.0.1, asked by Python's standard library. Prints TAP."""
import gzip
import http.client
import json
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from urllib.parse import quote, urlsplit

KINO = os.path.abspath(sys.argv[1])
WORK = tempfile.mkdtemp()
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, TMDB_API_KEY="", LC_ALL="C.UTF-8")
ZIPPED = {"Accept-Encoding": "gzip, deflate"}
HOSTILE = '<img src=x onerror=alert(1)> "\'&amp; ' + "\u202e" + "x" * 300


def kino(*args, **more):
    return subprocess.run([KINO] + list(args), env=ENV, capture_output=True, text=True, timeout=120, **more)


class Server:
    started = []

    def __init__(self, *args):
        self.process = subprocess.Popen([KINO, "serve", "--port", "0", "--json"] + list(args), env=ENV,
                                        stdout=subprocess.PIPE, stderr=open(WORK + "/log", "a"), text=True)
        self.started.append(self.process)
        self.address = json.loads(self.process.stdout.readline())["address"]
        self.port = urlsplit(self.address).port

    def ask(self, path, method="GET", body=None, headers={}):
        c = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        c.request(method, path, body, headers)
        r = c.getresponse()
        data = r.read()
        c.close()
        return r.status, dict((k.lower(), v) for k, v in r.getheaders()), data

    def json(self, path, **more):
        status, headers, data = self.ask(path, **more)
        assert headers["content-type"].startswith("application/json"), headers
        return status, json.loads(data)

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

    def end(self, number=signal.SIGTERM):
        self.process.send_signal(number)
        return self.process.wait(timeout=60)


def is_equal(got, want, about=""):
    assert got == want, "%r, not %r %s" % (got, want, about)


def error_of(answer, status, code):
    is_equal(answer[0], status, answer)
    is_equal(answer[1]["error"]["code"], code)
    assert answer[1]["error"]["message"]


def the_same_json_as_the_command_line():
    for path, command in (("/api/v1/find?q=spirited", ["find", "spirited"]),
                          ("/api/v1/recommend?like=348&k=5&year=1980-", ["recommend", "348", "-k5", "--year", "1980-"]),
                          ("/api/v1/recommend?like=348,129&not=11&about=robots", ["recommend", "348", "129", "--not", "11",
                                                                                 "--about", "robots"]),
                          ("/api/v1/recommend?about=a+quiet+film", ["search", "a quiet film"]),
                          ("/api/v1/movie/348", ["show", "348"])):
        status, served = server.json(path)
        told = json.loads(kino(*command, "--json").stdout)
        is_equal(status, 200)
        for answer in (served, told):
            answer.pop("took_ms", None)
        is_equal(served, told, path)


def the_description_is_true():
    status, headers, data = server.ask("/api/v1/openapi.json", headers=ZIPPED)
    is_equal(headers["content-encoding"], "gzip")
    api = json.loads(gzip.decompress(data))

    def fits(value, schema, where):
        if "$ref" in schema:
            for step in schema["$ref"].split("/")[1:]:
                api_part = locals().get("part", api)
                part = api_part[step]
            return fits(value, part, where)
        for name in schema.get("required", []):
            assert name in value, "%s: no %s" % (where, name)
        for name, inner in schema.get("properties", {}).items():
            if name in value:
                fits(value[name], inner, where + "." + name)
        for item in value if schema.get("type") == "array" else []:
            fits(item, schema.get("items", {}), where + "[]")
        if "const" in schema:
            is_equal(value, schema["const"], where)

    for path, asked in (("/api/v1/find", "?q=alien"), ("/api/v1/recommend", "?like=348"), ("/api/v1/movie/{id}", "")):
        schema = api["paths"][path]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        status, value = server.json(path.replace("{id}", "348") + asked)
        fits(value, schema, path)
    error = api["components"]["schemas"]["Error"]
    fits(server.json("/api/v1/find")[1], error, "error")


def every_error_is_json():
    error_of(server.json("/api/v1/find"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend?like=348&k=0"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend?like=348&k=x"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend?like=348&year=19x"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend?like=348&popularity=2"), 400, "bad_request")
    error_of(server.json("/api/v1/recommend?like=999999999"), 404, "not_found")
    error_of(server.json("/api/v1/movie/999999999"), 404, "not_found")
    error_of(server.json("/api/v1/movie/x"), 404, "not_found")
    error_of(server.json("/nothing"), 404, "not_found")
    error_of(server.json("/api/v1/find?q=x", method="DELETE"), 405, "method_not_allowed")
    error_of(server.json("/api/v1/movies"), 405, "method_not_allowed")
    error_of(server.json("/api/v1/movies", method="POST", body="{}"), 403, "forbidden")
    is_equal(server.ask("/", method="POST", body="x")[1]["allow"], "GET, HEAD")
    many = "&".join("a%d=1" % i for i in range(100))
    error_of(server.json("/api/v1/recommend?like=348&" + many), 400, "bad_request")


def a_title_that_is_several_has_candidates():
    status, answer = server.json("/api/v1/recommend?like=Alienn")
    is_equal(status, 404)
    assert any(c["title"] == "Alien" for c in answer["candidates"])


def comes_to(film, status):
    """The server has seen what another program did to a film."""
    for _ in range(200):
        if server.json("/api/v1/movie/%d" % film)[0] == status:
            return
        time.sleep(0.1)
    raise AssertionError("%d does not come to %d" % (film, status))


def a_number_is_an_id_first():
    assert kino("add", "-", input="id,title,overview\n300004,348,A number.\n").returncode == 0
    comes_to(300004, 200)
    is_equal(server.json("/api/v1/recommend?like=348&k=1")[1]["query"]["like"][0]["title"], "Alien")
    assert b"Aliens" in server.ask("/?like=348")[2]
    assert kino("remove", "300004").returncode == 0
    comes_to(300004, 404)


def limits_hold():
    error_of(server.json("/x" * 5000), 414, "uri_too_long")
    error_of(server.json("/healthz", headers={"X-Long": "y" * 20000}), 431, "headers_too_large")
    error_of(server.json("/api/v1/movies", method="POST", body="z" * 100000), 413, "too_large")
    is_equal(server.ask("/healthz")[0], 200)


def paths_lead_nowhere_else():
    for path in ("/../../etc/passwd", "/map/../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/index.html", "/map.html",
                 "//etc/passwd", "/style.css/x", "/api/v1/movie/../movie/348"):
        status, _, data = server.ask(path)
        assert status in (400, 404), "%s: %d" % (path, status)
        assert b"root:" not in data


def head_etag_and_headers():
    status, headers, body = server.ask("/api/v1/movie/348", method="HEAD")
    is_equal((status, body), (200, b""))
    status, headers, _ = server.ask("/api/v1/recommend?like=348")
    status, again, body = server.ask("/api/v1/recommend?like=348", headers={"If-None-Match": headers["etag"]})
    is_equal((status, body), (304, b""))
    status, other, _ = server.ask("/api/v1/recommend?like=129", headers={"If-None-Match": headers["etag"]})
    is_equal(status, 200)
    for path in ("/", "/api/v1/find?q=x", "/main.js", "/nothing"):
        _, h, _ = server.ask(path)
        assert "default-src 'self'" in h["content-security-policy"], path
        is_equal(h["x-content-type-options"], "nosniff")
        assert "access-control-allow-origin" not in h


def what_is_kept_is_what_was_computed():
    def counted():
        text = server.ask("/metrics")[2].decode()
        return [int(re.search(r'from="%s"\} (\d+)' % name, text).group(1)) for name in ("cache", "catalogue")]

    for path in ("/api/v1/recommend?like=129&k=7&year=1980-", "/api/v1/find?q=al&limit=50", "/api/v1/movie/129",
                 "/?like=129&about=sea", "/map?like=129", "/api/v1/map"):
        hits, misses = counted()
        first = server.ask(path)
        is_equal(first[0], 200)
        is_equal(server.ask(path)[2], first[2], path)
        for _ in range(2):
            status, headers, data = server.ask(path, headers=ZIPPED)
            if "content-encoding" in headers:
                assert len(data) < len(first[2])
                data = gzip.decompress(data)
            if path.startswith(("/api/v1/recommend", "/?")):  # computed once more, in another time
                data, want = (re.sub(rb'"took_ms":[^}]*|in [0-9.]+ ms', b"", x) for x in (data, first[2]))
            else:
                want = first[2]
            is_equal(data, want, path)
        is_equal(server.ask(path, method="HEAD")[1]["content-length"], str(len(first[2])))
        is_equal(counted(), [hits + 3, misses + 2], path)
    hits, misses = counted()
    one = server.ask("/api/v1/recommend?k=3&year=1980-&like=129&not=")[2]
    is_equal(server.ask("/api/v1/recommend?like=129&genre=&k=3&year=1980-")[2], one, "order and empty values say nothing")
    assert server.ask("/api/v1/recommend?like=129&k=4&year=1980-")[2] != one
    first, second = (server.json("/api/v1/recommend?like=%s&k=3" % ids)[1] for ids in ("129&like=348", "348&like=129"))
    is_equal([f["id"] for f in first["query"]["like"]], [129, 348])
    is_equal([f["id"] for f in second["query"]["like"]], [348, 129], "the order of one parameter's values does")
    is_equal(counted(), [hits + 1, misses + 4])
    is_equal(server.ask("/api/v1/recommend?like=999999999")[0], 404)
    is_equal(server.ask("/api/v1/recommend?like=999999999")[0], 404)
    is_equal(counted(), [hits + 1, misses + 6], "errors are not kept")


def all_of_the_page_is_small():
    size = sum(len(server.ask(path, headers=ZIPPED)[2])
               for path in ("/?like=348", "/style.css", "/main.js", "/combobox.js", "/map.js"))
    assert size < 60000, size


def the_page_works_without_a_script():
    status, headers, data = server.ask("/?like=348&not=129")
    page = data.decode()
    is_equal(status, 200)
    is_equal(page.count("<summary>Why"), 24)
    assert "Aliens" in page and 'like=348' in page and "not endorsed" in page
    assert "<script>" not in page and " style=" not in page and " onclick" not in page, "against the CSP"
    page = server.ask("/?q=spirited+away")[2].decode()
    assert "Howl" in page, "a title that names one film is that film"
    status, headers, _ = server.ask("/?surprise=1")
    is_equal(status, 303)
    is_equal(server.ask("/" + headers["location"][2:])[0], 200)
    is_equal(server.ask("/map?like=348")[0], 200)
    status, headers, data = server.ask("/api/v1/map")
    assert status == 200 and len(data) > 8 * 697, "points of all films"
    for name in ("style.css", "main.js", "combobox.js", "map.js"):
        status, headers, data = server.ask("/" + name, headers=ZIPPED)
        assert status == 200 and gzip.decompress(data) == server.ask("/" + name)[2], name


def titles_are_text():
    path = "/?like=" + quote("300002")
    page = server.ask(path)[2].decode()
    assert "<img src=x" not in page and "&lt;img src=x onerror=alert(1)&gt;" in page
    page = server.ask("/?about=" + quote('"><script>alert(1)</script>'))[2].decode()
    assert "<script>alert" not in page


def nonsense_is_refused_and_nothing_breaks():
    chance = random.Random(5)
    seeds = [b"GET /api/v1/find?q=alien HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
             b"POST /api/v1/movies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\nConnection: close\r\n\r\n{\"tmdb\":5}",
             b"GET /?like=348&about=%ff%00%zz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"]
    for i in range(int(os.environ.get("KINO_TEST_REQUESTS", "150"))):
        data = bytearray(seeds[i % 3])
        for _ in range(chance.randrange(1, 6)):
            at = chance.randrange(len(data))
            choice = chance.randrange(3)
            if choice == 0:
                data[at] = chance.randrange(256)
            elif choice == 1:
                del data[at:at + chance.randrange(1, 10)]
            else:
                data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randrange(1, 20)))
            data = data or bytearray(b"x")
        s = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        s.sendall(bytes(data))
        s.shutdown(socket.SHUT_WR)
        s.settimeout(0.5)
        try:
            s.recv(65536)
        except (TimeoutError, ConnectionResetError):
            pass
        s.close()
    is_equal(server.ask("/healthz")[0], 200)
    is_equal(server.process.poll(), None)


def pipelined_requests_are_answered_in_order():
    one = b"GET /api/v1/movie/%d HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
    got = server.raw(one % (348, b"") + one % (129, b"") + one % (11, b"Connection: close\r\n"))
    is_equal(re.findall(rb'"movie":\{"id":(\d+)', got), [b"348", b"129", b"11"])


def a_client_that_closed_its_half_is_let_go():
    """With all answers, and at once: nothing more can come from there."""
    patient = Server("--timeout", "600")
    for paths in ("/healthz",), ("/api/v1/movie/348", "/api/v1/recommend?like=348", "/healthz"):
        s = socket.create_connection(("127.0.0.1", patient.port), timeout=30)
        s.sendall(b"".join(b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n" % path.encode() for path in paths))
        s.shutdown(socket.SHUT_WR)
        got = b""
        while True:
            piece = s.recv(65536)
            if not piece:
                break
            got += piece
        is_equal(got.count(b"HTTP/1.1 200"), len(paths))
        s.close()


def slow_clients_hold_nobody_up():
    slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(200)]
    for s in slow:
        s.sendall(b"GET /api/v1/find?q=a HTTP/1.1\r\nHost: localhost\r\nX-")
    began = time.monotonic()
    for _ in range(20):
        is_equal(server.ask("/api/v1/recommend?like=348")[0], 200)
    assert time.monotonic() - began < 60, "as long as the slow ones may take"
    for s in slow:
        s.close()


def who_takes_too_long_is_told():
    """A byte now and then is not silence, and is not enough."""
    strict = Server("--timeout", "1")
    s = socket.create_connection(("127.0.0.1", strict.port), timeout=30)
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert s.recv(4096).startswith(b"HTTP/1.1 200")
    got = b""
    s.settimeout(0.2)
    s.sendall(b"GET /api/v1/find?q=a HTTP/1.1\r\nX-Slow: ")
    for _ in range(300):
        try:
            s.sendall(b"a")
            piece = s.recv(4096)
            if not piece:
                break
            got += piece
        except TimeoutError:
            continue
        except (ConnectionResetError, BrokenPipeError):
            break
    else:
        raise AssertionError("a slow request is waited for without an end")
    head, body = got.split(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 408"), head
    is_equal(json.loads(body)["error"]["code"], "timeout")
    assert "content-length: %d" % len(body) in head.decode().lower()
    s.close()
    s = socket.create_connection(("127.0.0.1", strict.port), timeout=30)
    is_equal(s.recv(10), b"", "silence is ended without a word")
    s.close()
    assert "\nkino_late_total 1\n" in strict.ask("/metrics")[2].decode()
    is_equal(strict.end(), 0)


def what_another_program_adds_is_seen():
    assert kino("add", "-", input="id,title,overview\n300003,Seen At Once,A baker bakes.\n").returncode == 0
    comes_to(300003, 200)
    assert kino("remove", "300003").returncode == 0
    comes_to(300003, 404)


def readers_go_on_while_films_are_added():
    wrong = []

    def read():
        for _ in range(60):
            status, _, data = server.ask("/api/v1/recommend?like=348&k=5")
            if status != 200 or len(json.loads(data)["results"]) != 5:
                wrong.append(data)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for t in readers:
        t.start()
    for i in range(8):
        assert kino("add", "-", input="id,title,overview\n%d,Film,A plot.\n" % (310000 + i)).returncode == 0
    for t in readers:
        t.join()
    is_equal(wrong, [])


def it_counts_and_is_healthy():
    is_equal(server.ask("/healthz")[2], b"ok\n")
    text = server.ask("/metrics")[2].decode()
    assert re.search(r'kino_requests_total\{class="2xx"\} [1-9]', text) and re.search(r"^kino_films \d{3}$", text, re.M), text


def writing_is_allowed_from_the_same_origin_alone():
    writer = Server("--allow-writes", "--base-path", "/kino")
    send = {"method": "POST", "body": '{"title":"Unheard Of"}', "headers": {"Content-Type": "application/json"}}
    error_of(writer.json("/kino/api/v1/movies", **send), 503, "network")  # no key here
    send["headers"]["Origin"] = "https://elsewhere.example"
    error_of(writer.json("/kino/api/v1/movies", **send), 403, "forbidden")
    send["headers"] = {"Content-Type": "text/plain"}
    error_of(writer.json("/kino/api/v1/movies", **send), 415, "unsupported_media_type")
    is_equal(writer.ask("/kino/")[0], 200)
    is_equal(writer.ask("/")[0], 404)
    is_equal(writer.end(), 0)


def a_unix_socket_will_do():
    path = WORK + "/kino.sock"
    process = subprocess.Popen([KINO, "serve", "--socket", path, "--json", "-q"], env=ENV, stdout=subprocess.PIPE, text=True)
    is_equal(json.loads(process.stdout.readline())["address"], "unix:" + path)
    s = socket.socket(socket.AF_UNIX)
    s.connect(path)
    s.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    assert s.recv(4096).startswith(b"HTTP/1.1 200")
    s.close()
    process.terminate()
    is_equal(process.wait(timeout=60), 0)
    assert not os.path.exists(path)


def a_socket_is_taken_over():
    """As systemd hands it: descriptor 3, LISTEN_FDS and LISTEN_PID."""
    s = socket.create_server(("127.0.0.1", 0))
    code = "import os,sys; os.dup2(%d, 3); os.set_inheritable(3, True); os.environ['LISTEN_PID'] = str(os.getpid()); " \
           "os.environ['LISTEN_FDS'] = '1'; os.execv(sys.argv[1], sys.argv[1:])" % s.fileno()
    process = subprocess.Popen([sys.executable, "-c", code, KINO, "serve", "-q", "--json"], env=ENV, pass_fds=[s.fileno()],
                               stdout=subprocess.PIPE, text=True)
    process.stdout.readline()
    c = http.client.HTTPConnection("127.0.0.1", s.getsockname()[1], timeout=30)
    c.request("GET", "/healthz")
    is_equal(c.getresponse().read(), b"ok\n")
    process.terminate()
    is_equal(process.wait(timeout=60), 0)
    s.close()


def signals():
    server.process.send_signal(signal.SIGHUP)
    time.sleep(0.6)
    is_equal(server.ask("/healthz")[0], 200)
    is_equal(server.end(), 0)
    log = open(WORK + "/log").read()
    assert re.search(r'^127\.0\.0\.1 - - \[.*\] "GET /healthz HTTP/1\.1" 200 3 ', log, re.M), log[-300:]


TESTS = [the_same_json_as_the_command_line, the_description_is_true, every_error_is_json,
         a_title_that_is_several_has_candidates, a_number_is_an_id_first, limits_hold, paths_lead_nowhere_else, head_etag_and_headers,
         what_is_kept_is_what_was_computed, all_of_the_page_is_small,
         the_page_works_without_a_script, titles_are_text, nonsense_is_refused_and_nothing_breaks,
         pipelined_requests_are_answered_in_order, a_client_that_closed_its_half_is_let_go, slow_clients_hold_nobody_up,
         who_takes_too_long_is_told,
         what_another_program_adds_is_seen,
         readers_go_on_while_films_are_added, it_counts_and_is_healthy, writing_is_allowed_from_the_same_origin_alone,
         a_unix_socket_will_do, a_socket_is_taken_over, signals]
made = kino("build", "data/sample.csv", "--epochs", "5", "-q")
assert made.returncode == 0, made.stderr
hostile = 'id,title,overview\n300002,"%s",A plot.\n' % HOSTILE.replace('"', '""').replace("&", "&amp;")
assert kino("add", "-", input=hostile).returncode == 0
server = Server()
bad = 0
try:
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
    shutil.rmtree(WORK, ignore_errors=True)
sys.exit(bad != 0)
