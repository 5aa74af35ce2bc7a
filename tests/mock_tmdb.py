#!/usr/bin/env python3
"""A TMDB that plays every way in which the real one has been seen to answer, with invented films in the true shapes.

    mock_tmdb.py [--tls CERTIFICATE KEY]

Posters are under /t/p. Listens on 127.0.0.1 at a free port and prints "PORT CONTROL": the port of the API
(under /3, TLS where asked) and that of the questions about it, always plain HTTP:

    GET /_count  requests so far        GET /_peak   most at the same time
    GET /_last   path of the last one, and its Authorization behind a space
    GET /_times  milliseconds since the first, one for each       GET /_connections  made to the API
    GET /_reset  forget all that, and hold nothing
    GET /_hold   requests that come from now on wait      GET /_held  how many do      GET /_go  they are answered

Ends when its standard input does. What a request meets is in its title (SEARCHES) or its id (the table in `movie`).
Films from 100000 on are made up from their number."""
import gzip
import http.server
import json
import socket
import ssl
import struct
import sys
import threading
import time
from email.utils import formatdate
from urllib.parse import parse_qs, urlsplit

GOOD_V3 = "0123456789abcdef0123456789abcdef"
GOOD_V4 = "eyJhbGciOiJub25lIn0.eyJhdWQiOiJpbnZlbnRlZCJ9.c2lnbmF0dXJl"
PERSON = {"adult": False, "gender": 0, "known_for_department": "Acting", "popularity": 1.5, "profile_path": None}


def hit(id, title, date, votes, **more):
    item = {"adult": False, "backdrop_path": None, "genre_ids": [18], "id": id, "original_language": "en",
            "original_title": title, "overview": "An invented film.", "popularity": 7.25, "poster_path": None,
            "release_date": date, "title": title, "video": False, "vote_average": 6.5, "vote_count": votes}
    item.update(more)
    return item


SEARCHES = {
    "lantern bay": [hit(9001, "Lantern Bay", "2025-04-23", 812), hit(9101, "Lantern Bay", "2003-01-01", 2)],
    "the silver tide": [hit(9011, "The Silver Tide", "1961-05-02", 900),
                        hit(9012, "The Silver Tide", "1988-11-18", 1500),
                        hit(9013, "The Silver Tide", "2014-02-07", 700)],
    "paper harbour": [hit(9021, "Paper Harbour", "2019-12-28", 55)],
    "le phare perdu": [hit(9031, "Lighthouse Nine", "2010-06-01", 30)],
    "astral": [hit(9041, "Astral \U0001F3AC \U00020BB7野家", "2020-02-02", 10, original_title="\U0001F3AC")],
    "flipped": [hit("9051", "Flipped", "2001-01-01", 1), hit(9052.0, "Flipped", None, 12.0, popularity=None,
                original_title=None, original_language=7, vote_average="6", genre_ids=None, overview=3),
                hit(None, "Flipped", "2001-01-01", 1), "Flipped", None, 9053, hit(9054, None, "", None),
                hit(9055, "Flipped", "2001-13-45", 4.5), hit(9052, "Flipped", "1999-09-09", 3)],
}

FOUND = {f["id"]: f for t in ("the silver tide", "paper harbour") for f in SEARCHES[t]}


def film(id, **more):
    f = {"adult": False, "backdrop_path": "/b%d.jpg" % id, "belongs_to_collection": None, "budget": 1200000,
         "genres": [{"id": 18, "name": "Drama"}, {"id": 53, "name": "Thriller"}], "homepage": "", "id": id,
         "imdb_id": "tt%07d" % id, "origin_country": ["US"], "original_language": "en",
         "original_title": "Lantern Bay", "overview": "A keeper counts ships that never arrive.",
         "popularity": 93.9, "poster_path": "/p%d.jpg" % id,
         "production_companies": [{"id": 1, "logo_path": None, "name": "Invented", "origin_country": "US"}],
         "production_countries": [{"iso_3166_1": "US", "name": "United States of America"}],
         "release_date": "2025-04-23", "revenue": 0, "runtime": 103,
         "spoken_languages": [{"english_name": "English", "iso_639_1": "en", "name": "English"}],
         "status": "Released", "tagline": "Keep the light.", "title": "Lantern Bay", "video": False,
         "vote_average": 7.7, "vote_count": 812,
         "credits": {"cast": [dict(PERSON, id=500 + i, name="Actor %d" % i, character="Part %d" % i, order=i)
                              for i in (3, 1, 0, 2, 4, 5, 6, 7, 8, 9, 10, 11)],
                     "crew": [dict(PERSON, id=601, name="Ida Lens", department="Camera", job="Director of Photography"),
                              dict(PERSON, id=600, name="Ada Helm", department="Directing", job="Director")]},
         "keywords": {"keywords": [{"id": 818, "name": "lighthouse"}, {"id": 819, "name": "sea"}]},
         "external_ids": {"imdb_id": "tt%07d" % id, "wikidata_id": None},
         "alternative_titles": {"titles": [{"iso_3166_1": "FR", "title": "La Baie aux lanternes", "type": ""}]}}
    f.update(more)
    return f


def unfinished(id, **more):
    return film(id, backdrop_path=None, budget=0, genres=[], imdb_id=None, origin_country=[], original_title="Untitled",
                title="Untitled", overview="", popularity=0, poster_path=None, production_companies=[],
                production_countries=[], release_date="", runtime=0, spoken_languages=[], status="Planned", tagline="",
                vote_average=0, vote_count=0, credits={"cast": [], "crew": []}, keywords={"keywords": []},
                external_ids={"imdb_id": None}, alternative_titles={"titles": []}, **more)


def flipped(id):
    genres = [18, {"id": 35.0, "name": "Comedy"}, {"id": None, "name": "Odd"}, {"id": 1, "name": None}, None]
    return film(id, genres=genres, imdb_id="", original_language=None, original_title=None, overview=None,
                popularity=12, poster_path=None, production_countries={"name": "x"}, release_date=None,
                runtime=97.0, status=3, tagline=None, vote_average=7, vote_count=26279.0,
                belongs_to_collection={"id": 9.0, "name": "Bay Collection"}, credits={
                    "cast": None, "crew": [None, 5, {"id": "600", "job": "Director", "name": "Ada Helm"},
                                           {"id": 7, "job": None, "name": "Nobody"}]},
                keywords={"keywords": {}}, external_ids={"imdb_id": "tt0009611"}, alternative_titles=None, adult=0)


def made_up(id):
    words = ["Amber", "Basin", "Cipher", "Drift", "Ember", "Fjord", "Gable", "Hollow", "Inlet", "Juniper"]
    name = "The %s %s of %s %d" % (words[id % 10], words[id // 10 % 10], words[id // 100 % 10], id)
    plot = "In %s, a %s is lost and %d look for it." % (words[id // 7 % 10], words[id // 3 % 10].lower(), id % 97)
    return film(id, title=name, original_title=name, overview=plot, runtime=70 + id % 80,
                release_date="%d-%02d-11" % (1950 + id % 75, 1 + id % 12), popularity=(id * 37 % 1000) / 10,
                vote_count=id * 13 % 5000, vote_average=(id * 7 % 100) / 10, alternative_titles={"titles": []})


def error(code, message, success=True):
    body = {"status_code": code, "status_message": message}
    return dict(body, success=False) if success else body


class State:
    def __init__(self):
        self.lock = threading.Lock()
        self.gate, self.held = threading.Event(), 0
        self.gate.set()
        self.reset()

    def reset(self):
        self.connections = 0
        self.times, self.flying, self.peak, self.last, self.seen = [], 0, 0, "", {}


state = State()


class Api(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *args):
        pass

    def do_GET(self):
        with state.lock:
            state.times.append(time.monotonic())
            state.flying += 1
            state.peak = max(state.peak, state.flying)
            state.last = self.path + " " + self.headers.get("Authorization", "")
            state.held += 1
        state.gate.wait()
        with state.lock:
            state.held -= 1
        try:
            self.answer()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        finally:
            with state.lock:
                state.flying -= 1

    def do_HEAD(self):
        """Images, under /t/p."""
        with state.lock:
            state.times.append(time.monotonic())
            state.last = self.path + " " + self.headers.get("Authorization", "")
        known = {"/t/p/w92/p9001.jpg": 200, "/t/p/w92/moved.jpg": 302, "/t/p/w92/private.jpg": 403}
        status = known.get(self.path, 404)
        if self.path == "/t/p/w92/later.jpg":
            status = 503 if self.nth() == 1 else 200
        if self.path.startswith("/t/p/w92/p1"):  # of the films that are made up
            status = 200
        self.send_response(status)
        self.send_header("Content-Length", "2048" if status == 200 else "0")
        self.end_headers()

    def nth(self):
        """How often this path was asked for, from 1."""
        with state.lock:
            state.seen[self.path] = state.seen.get(self.path, 0) + 1
            return state.seen[self.path]

    def send(self, status, body, kind="application/json;charset=utf-8", headers=(), length=None):
        data = body if isinstance(body, bytes) else (body if isinstance(body, str) else json.dumps(body)).encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data) if length is None else length))
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def answer(self):
        url = urlsplit(self.path)
        query = {k: v[0] for k, v in parse_qs(url.query, keep_blank_values=True).items()}
        given = self.headers.get("Authorization", "")
        if given != "Bearer " + GOOD_V4 and query.get("api_key") != GOOD_V3:
            return self.send(401, error(7, "Invalid API key: You must be granted a valid key."))
        parts = url.path.split("/")[1:]
        if parts[:1] != ["3"]:
            return self.send(404, error(34, "The resource you requested could not be found."))
        if parts[1:] == ["search", "movie"]:
            return self.search(query)
        if parts[1:2] == ["find"]:
            known = {"tt0009001": [hit(9001, "Lantern Bay", "2025-04-23", 812)], "tt0009999": None}
            found = known.get(parts[2], [])
            return self.send(200, {"movie_results": found, "person_results": [], "tv_results": []})
        if parts[1:2] == ["movie"] and parts[-1] == "alternative_titles":
            titles = [{"iso_3166_1": "FR", "title": "Le Phare perdu", "type": ""}] if parts[2] == "9031" else []
            return self.send(200, {"id": int(parts[2]), "titles": titles})
        if parts[1:2] in (["movie"], ["moved"]) and parts[2].isdigit():
            return self.movie(int(parts[2]), query, parts[1] == "moved", given)
        self.send(404, error(34, "The resource you requested could not be found."))

    def search(self, query):
        title = query.get("query", "").lower()
        if not title or title == "refused text":
            return self.send(422, {"errors": ["query must be provided"]})
        if title == "no list":
            return self.send(200, {"page": 1, "total_pages": 1, "total_results": 0})
        if title == "page zero":
            return self.send(400, error(22, "Invalid page: Pages start at 1 and max at 500.", False))
        found = SEARCHES.get(title, [])
        year = query.get("primary_release_year")
        if year:
            found = [f for f in found if isinstance(f, dict) and str(f["release_date"]).startswith(year)]
        self.send(200, {"page": 1, "results": found, "total_pages": 1, "total_results": len(found)})

    def movie(self, id, query, moved, given):
        good = film(id)
        first = self.nth() == 1 if id not in (9003, 9430) else False
        if id == 9001 or moved:
            self.send(200, good)
        elif id == 9002:
            self.send(200, unfinished(id))
        elif id == 9003:
            plot = "Un gardien compte les navires." if query.get("language") == "fr" else ""
            self.send(200, film(id, original_language="fr", original_title="Le Gardien", overview=plot))
        elif id == 9400:
            self.send(400, error(22, "Invalid page: Pages start at 1 and max at 500."))
        elif id == 9422:
            self.send(422, {"errors": ["append_to_response must be shorter", "and another thing"]})
        elif id == 9429:
            wait = [("Retry-After", "1")]
            self.send(429, error(25, "Your request count (41) is over the allowed limit of 40."), headers=wait) \
                if first else self.send(200, good)
        elif id == 9430:
            self.send(429, error(25, "Your request count is over the allowed limit.")) \
                if self.nth() <= 2 else self.send(200, good)
        elif id == 9431:
            wait = [("Retry-After", "3600")]
            self.send(429, error(25, "Your request count is over the allowed limit."), headers=wait)
        elif id == 9432:
            date = [("Retry-After", formatdate(time.time() + 2, usegmt=True))]
            self.send(429, "", headers=date) if first else self.send(200, good)
        elif id == 9500:
            self.send(500, error(11, "Internal error: Something went wrong, contact TMDB.")) if first \
                else self.send(200, good)
        elif id == 9501:
            self.send(503, error(9, "Service offline: This service is temporarily offline, try again later.", False))
        elif id == 9502:
            self.send(503, "", headers=[("Retry-After", "1")]) if first else self.send(200, good)
        elif id == 9600:  # cut off behind what Content-Length promised
            if first:
                self.send(200, json.dumps(good)[:400], length=4000)
                self.close_connection = True
            else:
                self.send(200, good)
        elif id == 9601:
            self.send(200, json.dumps(good)[:400])
        elif id == 9602:
            self.send(200, "<!DOCTYPE html><html><body>Please log in</body></html>", "text/html") if first \
                else self.send(200, good)
        elif id == 9603:
            self.send(502, "<html><body><h1>502 Bad Gateway</h1></body></html>", "text/html")
        elif id == 9604:  # a byte now and then
            if first:
                self.drip(json.dumps(good), 2000)
            else:
                self.send(200, good)
        elif id == 9605:
            if first:
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                self.connection.close()
                self.close_connection = True
            else:
                self.send(200, good)
        elif id == 9606:
            packed = "gzip" in self.headers.get("Accept-Encoding", "")
            self.send(200, gzip.compress(json.dumps(good).encode()), headers=[("Content-Encoding", "gzip")]) if packed \
                else self.send(400, error(5, "this client does not take gzip"))
        elif id == 9607:
            extra = [dict(PERSON, id=70000 + i, name="Extra %d" % i, character="", order=20 + i) for i in range(8000)]
            self.send(200, film(id, credits={"cast": good["credits"]["cast"] + extra, "crew": good["credits"]["crew"]}))
        elif id == 9608:
            self.send(200, film(id, overview="x" * (5 << 20)))
        elif id == 9609:
            self.send(200, gzip.compress(b" " * (64 << 20)), headers=[("Content-Encoding", "gzip")])
        elif id == 9610:
            self.send(200, good, "text/html; charset=iso-8859-1")
        elif id == 9611:
            self.send(200, flipped(id))
        elif id == 9612:  # astral characters raw and escaped, half of a pair, NUL, controls, bytes that are no UTF-8
            body = json.dumps(film(id, title="T \U0001F3AC", original_title="HERE"), ensure_ascii=False)
            body = body.replace("HERE", r"\ud842\udfb7\u91ce").replace("A keeper", r"A\ud83c keeper\u0000 \u001b[31m")
            self.send(200, body.encode().replace(b"Keep the", b"Keep\xff the"))
        elif id == 9613:
            self.send(302, "", headers=[("Location", "https://%s/3/moved/%d" % (self.headers["Host"], id))])
        elif id == 9614:
            self.send(302, "", headers=[("Location", "https://collector.example/3/movie/%d" % id)])
        elif id == 9615:
            self.send(301, "", headers=[("Location", "https://%s%s" % (self.headers["Host"], self.path))])
        elif id == 9616:
            self.send(200, film(9001))
        elif id == 9617:  # a gateway that says what it was sent
            self.send(400, error(5, "bad request: " + self.path + " " + self.headers.get("Authorization", "")))
        elif id == 9624:  # an entry that somebody has just begun
            self.send(200, film(id, title="", original_title=None))
        elif id in (9622, 9623):  # the same, cut off in the middle of the key
            said = "x" * 140 + " " + given.split()[-1] if given else ""
            self.send(400 if id == 9622 else 200, error(5, said))
        elif id == 9618:
            self.send(200, error(34, "The resource you requested could not be found."))
        elif id == 9619:
            self.send(302, "", headers=[("Location", "http://%s/3/moved/%d" % (self.headers["Host"], id))])
        elif 9640 <= id < 9650:  # to where the key must not go
            to = ["https://127.0.0.1/3", "https://169.254.169.254/latest/meta-data", "https://10.0.0.1/3", "https://[::1]/3",
                  "https://user:word@%s/3" % self.headers["Host"], "ftp://%s/3" % self.headers["Host"], "file:///etc/passwd",
                  "//collector.example/3", "https://api.themoviedb.org.collector.example/3", "https://api.themoviedb.org:8443/3"]
            self.send(302, "", headers=[("Location", to[id - 9640])])
        elif id == 9620:
            self.drip(json.dumps(good), 3000)
        elif id == 9621:
            self.send(404, error(34, "The resource you requested could not be found.", False))
        elif 9700 <= id < 9800:
            time.sleep(0.05)
            self.send(200, good)
        elif id in FOUND:
            self.send(200, film(id, title=FOUND[id]["title"], original_title=FOUND[id]["original_title"],
                                release_date=FOUND[id]["release_date"], vote_count=FOUND[id]["vote_count"]))
        elif 100000 <= id < 1000000:
            self.send(200, made_up(id))
        else:
            self.send(404, error(34, "The resource you requested could not be found."))

    def drip(self, text, steps):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        for i in range(min(steps, len(text))):
            self.wfile.write(text[i].encode())
            self.wfile.flush()
            time.sleep(0.05)
        self.close_connection = True


class Control(http.server.BaseHTTPRequestHandler):
    def log_message(self, *args):
        pass

    def do_GET(self):
        with state.lock:
            begin = state.times[0] if state.times else 0
            answers = {"/_count": len(state.times), "/_peak": state.peak, "/_last": state.last, "/_reset": "ok",
                       "/_connections": state.connections, "/_held": state.held, "/_hold": "ok", "/_go": "ok",
                       "/_times": " ".join("%.0f" % ((t - begin) * 1e3) for t in state.times)}
            if self.path == "/_reset":
                state.reset()
                state.gate.set()
            elif self.path in ("/_hold", "/_go"):
                state.gate.clear() if self.path == "/_hold" else state.gate.set()
        text = str(answers.get(self.path, "")).encode()
        self.send_response(200 if self.path in answers else 404)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64
    tls = None

    def get_request(self):
        connection, address = super().get_request()
        if self.RequestHandlerClass is Api:
            state.connections += 1
        if self.tls:  # the handshake is made in the thread of the connection
            connection = self.tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def handle_error(self, request, client_address):
        pass


def main():
    api, control = Server(("127.0.0.1", 0), Api), Server(("127.0.0.1", 0), Control)
    if sys.argv[1:2] == ["--tls"]:
        api.tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        api.tls.load_cert_chain(sys.argv[2], sys.argv[3])
    for server in (api, control):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(api.server_address[1], control.server_address[1], flush=True)
    sys.stdin.buffer.read()


if __name__ == "__main__":
    main()
