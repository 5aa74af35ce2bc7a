"""What test_secrets.sh runs: kino with a key of TMDB, and a mock that holds its answers meanwhile. Prints TAP."""
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

KINO = os.path.abspath(sys.argv[1])
KEYS = {"v4": "eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl", "v3": "0123456789abcdef0123456789abcdef"}
WORK = tempfile.mkdtemp()
os.chmod(WORK, 0o755)
MOCK = subprocess.Popen([sys.executable, "tests/mock_tmdb.py"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
PORT, CONTROL = (int(n) for n in MOCK.stdout.readline().split())
ENV = dict(os.environ, KINO_HOME=WORK + "/home", HOME=WORK, LC_ALL="C.UTF-8",
           KINO_TMDB_URL="http://127.0.0.1:%d/3" % PORT, KINO_TMDB_IMAGES_URL="http://127.0.0.1:%d/t/p" % PORT)
ENV.pop("TMDB_API_KEY", None)
NOBODY = 65534


def control(what):
    return urllib.request.urlopen("http://127.0.0.1:%d/_%s" % (CONTROL, what)).read().decode()


def is_equal(got, want, about=""):
    assert got == want, "%r, not %r %s" % (got, want, about)


def waiting(*args, dump=False, **more):
    """A kino that has sent its key and waits for the answer."""
    control("reset")
    control("hold")

    def allow():
        resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))

    folder = tempfile.mkdtemp(dir=WORK)
    os.chmod(folder, 0o777)
    p = subprocess.Popen([KINO, *args], cwd=folder, preexec_fn=allow if dump else None, stdout=subprocess.PIPE,
                         stderr=subprocess.PIPE, **more)
    until = time.monotonic() + 60
    while not int(control("held")):
        assert time.monotonic() < until and p.poll() is None, "it asks nothing"
        time.sleep(.02)
    return p, folder


def a_crash_leaves_no_key():
    """A core dump has all the memory there is, the environment too."""
    for name, key in KEYS.items():
        p, folder = waiting("recommend", "Unheard Of", dump=True, env=dict(ENV, TMDB_API_KEY=key))
        try:
            p.send_signal(signal.SIGABRT)
            p.communicate(timeout=60)
            is_equal(p.returncode, -signal.SIGABRT)
            for core in os.listdir(folder):
                assert key.encode() not in open(os.path.join(folder, core), "rb").read(), "in %s, %s" % (core, name)
        finally:
            control("go")


def other_programs_of_the_user_cannot_read_it():
    if os.geteuid():
        print("# skipped: only root can become somebody else")
        return
    file = WORK + "/key"
    with open(file, "w") as f:
        f.write(KEYS["v4"])
    os.chmod(file, 0o600)
    os.chown(file, NOBODY, NOBODY)
    for args, env in ((["recommend", "Unheard Of"], dict(ENV, TMDB_API_KEY=KEYS["v4"])),
                      (["recommend", "Unheard Of", "--api-key-file", file], ENV)):
        p, _ = waiting(*args, env=env, user=NOBODY, group=NOBODY, extra_groups=[])
        try:
            for what in ("environ", "mem", "maps"):
                read = subprocess.run(["head", "-c1", "/proc/%d/%s" % (p.pid, what)], user=NOBODY, group=NOBODY, extra_groups=[],
                                      capture_output=True, text=True)
                assert "ermission denied" in read.stderr, (what, read.stdout, read.stderr)
            command = open("/proc/%d/cmdline" % p.pid, "rb").read()
            assert not any(key.encode() in command for key in KEYS.values())
        finally:
            control("go")
            p.communicate(timeout=60)


def no_output_and_no_log_has_it():
    for name, key in KEYS.items():
        env = dict(ENV, TMDB_API_KEY=key)
        control("reset")
        said = b""
        for args in (["recommend", "Unheard Of", "-v"], ["add", "--tmdb", "9617", "-v"], ["add", "--tmdb", "9622", "-v"], ["add", "--tmdb", "9614"],
                     ["add", "--tmdb", "9619"], ["info", "--json"], ["check", "--json"], ["add", "--tmdb", "9617", "--json"],
                     ["show", key], ["recommend", "x", "--tmdb-url", "http://127.0.0.1:1/3"]):
            done = subprocess.run([KINO, *args], env=env, capture_output=True, timeout=100)
            if args[0] != "show":  # which is asked for it
                said += done.stdout + done.stderr
        server = subprocess.Popen([KINO, "serve", "--port", "0", "--json", "--allow-writes"], env=env, stdout=subprocess.PIPE,
                                  stderr=subprocess.PIPE, text=False)
        port = urlsplit(json.loads(server.stdout.readline())["address"]).port
        for film in (9617, 9622, 9614, 9422):
            r = urllib.request.Request("http://127.0.0.1:%d/api/v1/movies" % port, b'{"tmdb":%d}' % film,
                                       {"Content-Type": "application/json"})
            try:
                said += urllib.request.urlopen(r).read()
            except urllib.error.HTTPError as e:
                said += e.read()
        server.terminate()
        out, err = server.communicate(timeout=60)
        said += out + err
        assert b"POST /api/v1/movies" in said, said[-300:]
        assert key.encode() not in said and key[:20].encode() not in said, "%s: %s" % (name, said)
        for folder, _, files in os.walk(WORK + "/home"):
            for f in files:
                assert key.encode() not in open(os.path.join(folder, f), "rb").read(), f


TESTS = [a_crash_leaves_no_key, other_programs_of_the_user_cannot_read_it, no_output_and_no_log_has_it]
bad = 0
try:
    made = subprocess.run([KINO, "build", "data/sample.csv", "--epochs", "5", "-q"], env=ENV, capture_output=True, text=True)
    assert made.returncode == 0, made.stderr
    for folder, _, files in os.walk(WORK + "/home"):
        os.chmod(folder, 0o777)
        for f in files:
            os.chmod(os.path.join(folder, f), 0o666)
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
    MOCK.stdin.close()
    MOCK.wait()
    shutil.rmtree(WORK, ignore_errors=True)
sys.exit(bad != 0)
