"""A search cluster of one process: the calls of OpenSearch that kino uses, answered from memory, every film looked at.
What a test wants to go wrong is a function in `faults`: (method, path, body) -> (status, bytes), or None."""
import json
import re
import socket
import ssl
import struct
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Refused(Exception):
    def __init__(self, status, kind, reason):
        self.status = status
        self.error = {"type": kind, "reason": reason}


class Index:
    def __init__(self, body):
        self.mappings, self.settings = body["mappings"], body["settings"]
        self.docs, self.versions = {}, {}
        self.unseen = set()  # documents that no search finds before a refresh

    def dimension(self):
        return self.mappings["properties"]["vector"]["dimension"]

    def put(self, action, doc):
        (verb, head), = action.items()
        key, version, kind = head["_id"], head["version"], head["version_type"]
        if kind not in ("external", "external_gte"):
            return verb, {"_id": key, "status": 400, "error": {"type": "illegal_argument", "reason": "version_type " + kind}}
        if self.versions.get(key, -1) >= version + (kind == "external_gte"):
            return verb, {"_id": key, "status": 409, "error": {"type": "version_conflict_engine_exception", "reason": "old"}}
        if verb == "index":
            unknown = set(doc) - set(self.mappings["properties"]) if self.mappings["dynamic"] == "strict" else set()
            if unknown or len(doc["vector"]) != self.dimension():
                return verb, {"_id": key, "status": 400, "error": {
                    "type": "mapper_parsing_exception", "reason": "failed to parse",
                    "caused_by": {"type": "strict", "reason": "mapping set to strict: %s" % (sorted(unknown) or "dimension")}}}
        self.versions[key] = version
        self.unseen.add(key)
        there = self.docs.pop(key, None) is not None
        if verb == "index":
            self.docs[key] = doc
            return verb, {"_id": key, "status": 200 if there else 201}
        return verb, {"_id": key, "status": 200 if there else 404}


def passes(doc, key, clause):
    (kind, what), = clause.items()
    if kind == "ids":
        return key in what["values"]
    if kind == "bool":
        return (all(passes(doc, key, c) for c in what.get("must", [])) and
                not any(passes(doc, key, c) for c in what.get("must_not", [])))
    (column, value), = what.items()
    have = doc.get(column)
    if kind == "terms":
        return bool(set(have if isinstance(have, list) else [have]) & set(value))
    assert kind == "range", kind
    return have is not None and have >= value.get("gte", have) and have <= value.get("lte", have)


class Cluster:
    def __init__(self, tls=None):
        self.indices, self.aliases, self.faults, self.requests = {}, {}, [], []
        self.lock = threading.Lock()
        self.pause = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.requests.append((self.command, self.path, dict(self.headers), body))
                if outer.pause:
                    time.sleep(outer.pause)
                status, data = outer.respond(self.command, self.path, body)
                if status is None:  # hangs up
                    self.close_connection = True
                    return
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_PUT = do_POST = do_DELETE = do_HEAD = answer

            def log_message(self, *unused):
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *unused):  # a client that was killed
                pass

        self.server = Server(("127.0.0.1", 0), Handler)
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.url = "http%s://127.0.0.1:%d" % ("s" if tls else "", self.port)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def respond(self, method, path, body):
        for fault in list(self.faults):
            answer = fault(method, path, body)
            if answer is not None:
                return answer
        try:
            with self.lock:
                return 200, json.dumps(self.call(method, path.split("?")[0], body)).encode()
        except Refused as r:
            return r.status, json.dumps({"error": r.error, "status": r.status}).encode()

    def find(self, name):
        physical = self.aliases.get(name, name)
        if physical not in self.indices:
            raise Refused(404, "index_not_found_exception", "no such index [%s]" % name)
        return physical

    def call(self, method, path, body):
        parts = path.strip("/").split("/")
        if parts == ["_aliases"]:
            for action in json.loads(body)["actions"]:
                (verb, what), = action.items()
                if verb == "remove_index":
                    if what["index"] not in self.indices:
                        raise Refused(400, "illegal_argument_exception", "an alias is no index: [%s]" % what["index"])
                    self.drop(what["index"])
                else:
                    self.aliases[what["alias"]] = self.find(what["index"])
            return {"acknowledged": True}
        if len(parts) == 1:
            return self.whole(method, parts[0], body)
        name, verb = parts
        physical = self.find(name)
        index = self.indices[physical]
        if verb == "_mapping" and method == "GET":
            return {physical: {"mappings": index.mappings}}
        if verb == "_mapping":
            index.mappings.update(json.loads(body))
            return {"acknowledged": True}
        if verb == "_refresh":
            index.unseen.clear()
            return {"_shards": {"total": 1, "successful": 1, "failed": 0}}
        if verb == "_bulk":
            return self.bulk(index, body)
        assert verb == "_msearch", path
        lines = body.decode().splitlines()
        return {"took": 1, "responses": [self.search(physical, index, json.loads(q)) for q in lines[1::2]]}

    def drop(self, name):
        del self.indices[self.find(name)]
        self.aliases = {a: i for a, i in self.aliases.items() if i in self.indices}

    def whole(self, method, name, body):
        if method == "DELETE":
            self.drop(name)
        else:
            if name in self.indices:
                raise Refused(400, "resource_already_exists_exception", "index [%s] already exists" % name)
            made = json.loads(body)
            self.indices[name] = Index(made)
            for alias in made.get("aliases", {}):
                self.aliases[alias] = name
        return {"acknowledged": True}

    def bulk(self, index, body):
        lines, items = body.decode().splitlines(), []
        while lines:
            action = json.loads(lines.pop(0))
            doc = json.loads(lines.pop(0)) if "index" in action else None
            verb, result = index.put(action, doc)
            items.append({verb: result})
        return {"items": items}

    def search(self, physical, index, query):
        if "bool" in query["query"]:
            return self.match(physical, index, query)
        knn = query["query"]["knn"]["vector"]
        if len(knn["vector"]) != index.dimension():
            raise Refused(400, "x", "dimension")
        wanted, hits = knn["vector"], []
        for key, doc in index.docs.items():
            if key not in index.unseen and passes(doc, key, knn["filter"]):
                hits.append((1 + sum(a * b for a, b in zip(wanted, doc["vector"])), key))
        return self.told(physical, index, query, hits)

    def match(self, physical, index, query):
        """Documents that have one of the words, each by the share of the words that it has."""
        (must,), (filtered,) = query["query"]["bool"]["must"], query["query"]["bool"]["filter"]
        words = set(re.findall(r"\w+", must["match"]["words"]))
        hits = []
        for key, doc in index.docs.items():
            have = words & set(re.findall(r"\w+", doc.get("words", "").lower()))
            if have and key not in index.unseen and passes(doc, key, filtered):
                hits.append((len(have) / len(words), key))
        return self.told(physical, index, query, hits)

    def told(self, physical, index, query, hits):
        hits.sort(key=lambda h: (-h[0], h[1]))
        source = lambda key: {k: v for k, v in index.docs[key].items() if k not in ("vector", "words")}
        return {"took": 1, "timed_out": False, "_shards": {"total": 1, "successful": 1, "skipped": 0, "failed": 0},
                "hits": {"hits": [{"_index": physical, "_id": key, "_score": score, "_source": source(key)}
                                  for score, key in hits[:query["size"]]]}, "status": 200}


def closed_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def floats(*numbers):
    return struct.pack("<%df" % len(numbers), *numbers)
