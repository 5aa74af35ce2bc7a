"""What `make siege` runs: a server in the middle of all that strangers do. Thousands of connections that send a byte now and
then, clients that close their half, that send sixteen requests at once or read a page drop by drop, films that come and go
over HTTP and beside it, and among them readers, whose answers are checked. Prints TAP.

    siege.py KINO [SECONDS [CONNECTIONS]]      60 s, 5,000 connections

A connection may be turned away (503, 429, 408), with a reason in JSON; everything else is a fault. Clients come from many
addresses of this machine, since nobody has all connections."""
import asyncio
import collections
import csv
import errno
import io
import json
import logging
import os
import random
import re
import resource
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from urllib.parse import urlsplit

KINO = os.path.abspath(sys.argv[1])
SECONDS = float(sys.argv[2]) if len(sys.argv) > 2 else 60
CONNECTIONS = int(sys.argv[3]) if len(sys.argv) > 3 else 5000
FIRST, POSTED, PATIENCE = 400000, 500000, 60  # ids of films that come and go; seconds that an answer may take
WORK = tempfile.mkdtemp()
MOCK = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, LC_ALL="C.UTF-8",
           TMDB_API_KEY="eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl",
           KINO_TMDB_URL="http://127.0.0.1:%d/3" % int(MOCK.stdout.readline().split()[0]))
counts, faults, times = collections.Counter(), [], []


def fault(who, what):
    counts["faults"] += 1
    if len(faults) < 20:
        faults.append(f"{who}: {what}")


async def connect(port, source):
    return await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port, local_addr=(source, 0)), PATIENCE)


def request(path, method="GET", body="", more=""):
    length = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n" if body else ""
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{length}{more}\r\n{body}".encode()


async def read_answer(reader):
    """(status, body); status 0: the connection was closed before it began."""
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    body = await asyncio.wait_for(reader.readexactly(int(length[1])), PATIENCE) if length else b""
    return int(head.split()[1]), body


def turned_away(who, status, body):
    """Whether the answer is a refusal; one without a reason is a fault."""
    if status not in (408, 429, 503):
        return False
    counts[f"{who}: {status}"] += 1
    try:
        reason = json.loads(body)["error"]
        if not reason["code"] or not reason["message"]:
            raise ValueError
    except (ValueError, KeyError):
        fault(who, f"{status} without a reason: {body[:100]!r}")
    return True


def check(who, path, status, body):
    counts[who] += 1
    if turned_away(who, status, body):
        return
    film = int(path.rsplit("/", 1)[1]) if path.startswith("/api/v1/movie/") else 0
    if film >= FIRST and status == 404:
        return
    good = status == 200
    if good and path.startswith("/api/v1/recommend"):
        good = len(json.loads(body)["results"]) == 5
    elif good and film:
        good = json.loads(body)["movie"]["id"] == film
    elif good and path.startswith("/?"):
        good = body.count(b"<summary>Why") == 24
    if not good:
        fault(who, f"{path}: {status} {body[:150]!r}")


def some_path(chance, ids):
    film = chance.choice(ids[:20] if chance.random() < .8 else ids)
    return chance.choice([f"/api/v1/recommend?like={film}&k=5"] * 6 + [f"/api/v1/movie/{film}"] * 4 + [
        f"/?like={film}", f"/api/v1/movie/{FIRST + chance.randrange(9)}", "/healthz", "/metrics", "/style.css"])


# ---- who comes ----

async def read_on(number, port, ids, until):
    chance, streams = random.Random(number), None
    while time.monotonic() < until:
        path = some_path(chance, ids)
        began = time.monotonic()
        try:
            streams = streams or await connect(port, "127.0.2.1")
            streams[1].write(request(path))
            status, body = await read_answer(streams[0])
            check("reader", path, status, body)
            times.append(time.monotonic() - began)
            if status in (408, 429, 503):
                streams[1].close()
                streams = None
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as e:
            if not (isinstance(e, asyncio.IncompleteReadError) and not e.partial) and not isinstance(e, ConnectionError):
                fault("reader", f"{path}: {e!r}")
            else:
                counts["reader: closed"] += 1
            streams = None
        await asyncio.sleep(.02 * chance.random())


async def slow_on(number, port, ids, until):
    """A header that never ends, a byte of it now and then."""
    chance = random.Random(number)
    source = f"127.0.9.{1 + number % 50}"
    while time.monotonic() < until:
        try:
            reader, writer = await connect(port, source)
            writer.write(b"GET /api/v1/find?q=a HTTP/1.1\r\nHost: localhost\r\nX-")
            counts["slow"] += 1
            while time.monotonic() < until and not reader.at_eof():
                writer.write(b"a")
                try:
                    await asyncio.wait_for(writer.drain(), 5)
                except asyncio.TimeoutError:
                    pass
                await asyncio.sleep(1 + 3 * chance.random())
            answer = await asyncio.wait_for(reader.read(4096), 5)
            if answer and not turned_away("slow", int(answer.split()[1]), answer.split(b"\r\n\r\n", 1)[-1]):
                fault("slow", answer[:100])
            writer.close()
        except (OSError, asyncio.TimeoutError):
            counts["slow: reset"] += 1
        await asyncio.sleep(chance.random())


async def half_on(number, port, ids, until):
    """Says all that it has to say, closes its half and waits for the answer."""
    chance = random.Random(number)
    while time.monotonic() < until:
        path = some_path(chance, ids)
        try:
            reader, writer = await connect(port, "127.0.3.1")
            writer.write(request(path))
            if not writer.is_closing():
                writer.write_eof()
            status, body = await read_answer(reader)
            check("half", path, status, body)
            writer.close()
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as e:
            if isinstance(e, ConnectionError) or getattr(e, "errno", 0) == errno.ENOTCONN:  # it was turned away
                counts["half: reset"] += 1
            else:
                fault("half", f"{path}: {e!r}")
        await asyncio.sleep(.1 * chance.random())


async def pipeline_on(number, port, ids, until):
    chance = random.Random(number)
    while time.monotonic() < until:
        paths = [f"/api/v1/movie/{chance.choice(ids)}" for _ in range(16)]
        try:
            reader, writer = await connect(port, "127.0.3.1")
            writer.write(b"".join(request(path) for path in paths))
            for path in paths:
                status, body = await read_answer(reader)
                check("pipeline", path, status, body)
                if status != 200:
                    break
            writer.close()
        except ConnectionError:
            counts["pipeline: reset"] += 1
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as e:
            fault("pipeline", repr(e))
        await asyncio.sleep(.2 * chance.random())


async def drop_on(number, port, ids, until):
    """Asks for large pages and reads them drop by drop, until it is ended."""
    chance = random.Random(number)
    while time.monotonic() < until:
        try:
            reader, writer = await connect(port, "127.0.4.1")
            for _ in range(8):
                writer.write(request(f"/?like={chance.choice(ids)}&k=120"))
            counts["drop"] += 1
            while time.monotonic() < until and await asyncio.wait_for(reader.read(64), PATIENCE):
                await asyncio.sleep(.5)
            writer.close()
        except (OSError, asyncio.TimeoutError):
            counts["drop: ended"] += 1
        await asyncio.sleep(chance.random())


async def post_on(number, port, ids, until):
    """A film is there with the answer that says so."""
    film = POSTED + 10000 * number
    while time.monotonic() < until:
        film += 1
        try:
            reader, writer = await connect(port, "127.0.2.1")
            for method, body, want in (("POST", json.dumps({"tmdb": film}), 201), ("GET", "", 200)):
                path = "/api/v1/movies" if body else f"/api/v1/movie/{film}"
                writer.write(request(path, method, body))
                status, answer = await read_answer(reader)
                counts["poster"] += 1
                if turned_away("poster", status, answer):
                    break
                if status != want or json.loads(answer)["movie"]["id"] != film:
                    fault("poster", f"{method} {film}: {status} {answer[:150]!r}")
            writer.close()
        except ConnectionError:
            counts["poster: reset"] += 1
        except (OSError, asyncio.IncompleteReadError, asyncio.TimeoutError) as e:
            fault("poster", repr(e))
        await asyncio.sleep(.5)


# ---- what changes ----

async def kino(*args, text=""):
    p = await asyncio.create_subprocess_exec(KINO, *args, env=ENV, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                             stderr=subprocess.PIPE)
    said = (await p.communicate(text.encode()))[1]
    if p.returncode:
        fault("kino " + args[0], said.decode())


async def change_on(process, until):
    changes = 0
    while time.monotonic() < until:
        some = range(FIRST, FIRST + changes % 9 + 1)
        await kino("add", "-", text="id,title,overview\n" + "".join(f"{i},A Film,Somebody looks for it.\n" for i in some))
        process.send_signal(signal.SIGHUP)
        await asyncio.sleep(1)
        await kino("remove", *map(str, some))
        await asyncio.sleep(1)
        changes += 1
        counts["changes"] += 1


def memory_of(process):
    with open(f"/proc/{process.pid}/status") as f:
        return int(re.search(r"RssAnon:\s+(\d+)", f.read())[1])


async def watch(process, until, samples):
    while time.monotonic() < until:
        samples.append((memory_of(process), len(os.listdir(f"/proc/{process.pid}/fd"))))
        await asyncio.sleep(1)


async def siege(process, port, ids, samples):
    until = time.monotonic() + SECONDS
    some = CONNECTIONS - 80
    tasks = [slow_on(i, port, ids, until) for i in range(some)]
    for call, many in ((read_on, 8), (half_on, 16), (pipeline_on, 8), (drop_on, 40), (post_on, 2)):
        tasks += [call(i, port, ids, until) for i in range(many)]
    await asyncio.gather(*tasks, change_on(process, until), watch(process, until, samples))


def main():
    logging.getLogger("asyncio").setLevel(logging.ERROR)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4 * CONNECTIONS), hard))
    subprocess.run([KINO, "build", "data/sample.csv", "--epochs", "5", "-q"], env=ENV, check=True)
    listed = subprocess.run([KINO, "export", "-"], env=ENV, capture_output=True, text=True, check=True).stdout
    ids = [int(row["id"]) for row in csv.DictReader(io.StringIO(listed))]
    log = open(WORK + "/log", "w+")
    process = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "-q", "--cache", "4", "--allow-writes"], env=ENV,
                               stdout=subprocess.PIPE, stderr=log, text=True)
    samples = []
    try:
        port = urlsplit(json.loads(process.stdout.readline())["address"]).port
        asyncio.run(siege(process, port, ids, samples))
        process.terminate()
        status = process.wait(timeout=60)
    finally:
        if process.poll() is None:
            process.kill()
    log.seek(0)
    said = log.read()
    third = max(1, len(samples) // 3)
    early, late = (statistics.median(s[0] for s in part) for part in (samples[third:2 * third] or samples, samples[-third:]))
    flat = late < 1.1 * early + 4000
    times.sort()
    for name, count in sorted(counts.items()):
        print(f"# {name}: {count:,}")
    print(f"# readers: p50 {1e3 * times[len(times) // 2]:.1f} ms, p99 {1e3 * times[len(times) * 99 // 100]:.1f} ms, "
          f"longest {1e3 * times[-1]:.0f} ms; own memory {early / 1e3:.1f} MB in the second third, {late / 1e3:.1f} MB in the "
          f"last, most {max(s[0] for s in samples) / 1e3:.1f} MB; most files {max(s[1] for s in samples):,}")
    results = [(not faults and counts["reader"] and counts["half"] and counts["pipeline"], "every answer was right", faults),
               (counts["changes"] and counts["poster"], "while the catalogue changed", []),
               (flat, "and memory did not grow", []),
               (status == 0 and not said, "nothing was said, and the end was as told", [f"status {status}", said[:2000]])]
    for i, (good, name, why) in enumerate(results):
        print("%sok %d - %s" % ("" if good else "not ", i + 1, name))
        if not good:
            print("# " + "\n".join(map(str, why)).replace("\n", "\n# "))
    print("1..%d" % len(results))
    return not all(good for good, _, _ in results)


try:
    sys.exit(main())
finally:
    MOCK.stdin.close()
    MOCK.wait()
    shutil.rmtree(WORK, ignore_errors=True)
