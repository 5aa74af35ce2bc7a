"""Turns an autoencoder, or its encoder half, that Keras 3 saved as a .keras file into a kino container.

    convert("model.keras", "encoder.kino")

The file must hold, in a row, Dense 128 relu, BatchNormalization, Dense 64 relu, Dense 32 relu, and for a whole
autoencoder Dense 64 relu, BatchNormalization, Dense 128 relu, Dense D linear or sigmoid; dropouts anywhere, models
nested or not. Sections: src/model/autoencoder.h.

A .keras file is a zip of config.json and model.weights.h5. HDF5 as h5py writes it by default is read right here, so
that nothing but numpy is needed; any other flavour of it needs h5py.
"""
import io
import json
import re
import struct
import sys
import zipfile
import zlib

import numpy as np

import container

ENCODER = [("dense", 128), ("norm", 128), ("dense", 64), ("dense", 32)]
DECODER = [("dense", 64), ("norm", 64), ("dense", 128)]  # and a dense layer as wide as the input
EPSILON = 1e-3  # of kino's batch norm
MOST_OBJECTS = 10000  # of the weights: groups that hold each other would never end
LARGEST = 1 << 30  # bytes of a member of the archive
SILENT = {"InputLayer", "Dropout", "Activation"}  # an Activation must be linear


class Unreadable(Exception):
    pass


# ---- HDF5: superblock 0, groups as symbol tables, contiguous or compact datasets ----

class Hdf5:
    """datasets: {path: array} of all floats in the file."""

    def __init__(self, data):
        self.data = data
        self.datasets = {}
        self.objects = 0
        if data[:8] != b"\x89HDF\r\n\x1a\n":
            raise Unreadable("model.weights.h5 is not HDF5")
        if data[8] != 0 or data[13] != 8 or data[14] != 8:
            raise NotImplementedError
        self.walk(struct.unpack_from("<Q", data, 64)[0], "", 0)

    def messages(self, at):
        """(type, offset, size) of an object header of version 1."""
        if self.data[at] != 1:
            raise NotImplementedError
        count, _, size = struct.unpack_from("<HII", self.data, at + 2)
        blocks, seen = [(at + 16, size)], 0
        while blocks and seen < count:
            at, size = blocks.pop(0)
            end = at + size
            while at + 8 <= end and seen < count:
                kind, length = struct.unpack_from("<HH", self.data, at)
                seen += 1
                if kind == 0x10:
                    blocks.append(struct.unpack_from("<QQ", self.data, at + 8))
                yield kind, at + 8, length
                at += 8 + length

    def walk(self, at, path, depth):
        self.objects += 1
        if depth > 16 or self.objects > MOST_OBJECTS:
            raise Unreadable("model.weights.h5 is damaged (groups nested too deep)")
        found = {kind: (offset, size) for kind, offset, size in self.messages(at)}
        if 0x11 in found:
            tree, heap = struct.unpack_from("<QQ", self.data, found[0x11][0])
            if self.data[heap:heap + 4] != b"HEAP":
                raise Unreadable("model.weights.h5 is damaged (a group without names)")
            self.walk_tree(tree, struct.unpack_from("<Q", self.data, heap + 24)[0], path, depth)
        elif 0x08 in found and 0x01 in found and 0x03 in found:
            self.dataset(path, found)
        elif 0x02 in found or 0x06 in found:  # groups of newer files
            raise NotImplementedError

    def walk_tree(self, at, names, path, depth):
        self.objects += 1
        if self.objects > MOST_OBJECTS or self.data[at:at + 4] != b"TREE" or depth > 16:
            raise Unreadable("model.weights.h5 is damaged (a group that is none)")
        level, count = struct.unpack_from("<BH", self.data, at + 5)
        for i in range(count):
            child = struct.unpack_from("<Q", self.data, at + 32 + 16 * i)[0]
            if level:
                self.walk_tree(child, names, path, depth + 1)
                continue
            if self.data[child:child + 4] != b"SNOD":
                raise Unreadable("model.weights.h5 is damaged (a group that is none)")
            for j in range(struct.unpack_from("<H", self.data, child + 6)[0]):
                name, header = struct.unpack_from("<QQ", self.data, child + 8 + 40 * j)
                end = self.data.index(b"\0", names + name)
                self.walk(header, f"{path}/{self.data[names + name:end].decode()}", depth + 1)

    def dataset(self, path, found):
        space, kind, layout = found[0x01][0], found[0x03][0], found[0x08][0]
        version, rank = self.data[space], self.data[space + 1]
        dims = struct.unpack_from(f"<{rank}Q", self.data, space + (8 if version == 1 else 4))
        size = struct.unpack_from("<I", self.data, kind + 4)[0]
        if self.data[kind] & 15 != 1 or size not in (4, 8) or self.data[kind + 1] & 1:
            return  # not little-endian floats: a counter of the optimizer
        if self.data[layout] != 3 or self.data[layout + 1] > 1 or 0x0B in found:
            raise NotImplementedError  # chunks or filters
        if self.data[layout + 1] == 1:
            start, length = struct.unpack_from("<QQ", self.data, layout + 2)
        else:
            start, length = layout + 4, struct.unpack_from("<H", self.data, layout + 2)[0]
        count = int(np.prod(dims, dtype=object)) if rank else 1
        if count * size > length or start + count * size > len(self.data):
            raise Unreadable(f"{path} is cut off")
        self.datasets[path] = np.frombuffer(self.data, f"<f{size}", count, start).reshape(dims).astype(np.float32)


def read_hdf5(data):
    try:
        return Hdf5(data).datasets
    except (struct.error, IndexError, ValueError, OverflowError) as e:
        raise Unreadable(f"model.weights.h5 is damaged ({e})") from e
    except NotImplementedError:
        pass
    try:
        import h5py
    except ImportError:
        raise Unreadable("model.weights.h5 is of a newer HDF5 flavour: install h5py (pip install h5py) and try "
                         "again") from None
    out = {}
    try:
        with h5py.File(io.BytesIO(data), "r") as f:
            f.visititems(lambda name, o: out.update({"/" + name: np.asarray(o, np.float32)})
                         if isinstance(o, h5py.Dataset) and o.dtype.kind == "f" else None)
    except (OSError, RuntimeError, KeyError, ValueError) as e:
        raise Unreadable(f"model.weights.h5 is damaged ({e})") from e
    return out


# ---- the model ----

def layers(config):
    """The layers of a model and of the models in it, in order, as (class, config)."""
    for layer in config.get("config", {}).get("layers", []):
        if "layers" in layer.get("config", {}):
            yield from layers(layer)
        else:
            yield layer["class_name"], layer["config"]


def number(value):
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Unreadable(f"{value!r:.40} is no number")
    return value


def read_shape(config):
    """[("dense", units, activation) or ("norm", epsilon)], of the layers that hold weights."""
    out = []
    for kind, c in layers(config):
        name = c.get("name", kind)
        if kind == "Dense":
            if not c.get("use_bias", True):
                raise Unreadable(f"layer {name} has no bias")
            out.append(("dense", number(c["units"]), c.get("activation")))
        elif kind == "BatchNormalization":
            if not (c.get("center", True) and c.get("scale", True)):
                raise Unreadable(f"layer {name} has no gamma or no beta")
            out.append(("norm", number(c.get("epsilon", EPSILON))))
        elif kind not in SILENT or kind == "Activation" and c.get("activation") != "linear":
            raise Unreadable(f"layer {name} ({kind}) is not part of an autoencoder that kino knows")
    if not out:
        raise Unreadable("no layers found: save a Sequential or functional model, not one of a class of its own")
    return out


def check_shape(found):
    """How many layers of the pattern there are: 4 or 8."""
    wanted = ENCODER if len(found) <= len(ENCODER) else ENCODER + DECODER + [("dense", None)]
    good = len(found) == len(wanted) and all(
        f[0] == w[0] and (w[0] == "norm" or w[1] is None or f[1:] == (w[1], "relu")) for f, w in zip(found, wanted))
    if not good or len(found) > len(ENCODER) and found[-1][2] not in ("linear", "sigmoid", None):
        told = ", ".join(f"Dense {f[1]} {f[2]}" if f[0] == "dense" else "BatchNormalization" for f in found)
        raise Unreadable(f"its layers are {told}; see the head of keras_encoder.py for those wanted")
    return len(found)


def natural(path):
    return [int(p) if p.isdigit() else p for p in re.split(r"(\d+)", path)]


def collect(datasets):
    """Matrices with biases and batch norms, in the order of the layers' names: dense, dense_1, ..."""
    groups = {}
    for path in sorted(datasets, key=natural):
        m = re.fullmatch(r"(.*)/vars/(\d+)", path)
        if m and not path.startswith("/optimizer"):
            groups.setdefault(m[1], []).append(datasets[path])
    values = list(groups.values())
    return [v for v in values if len(v) == 2 and v[0].ndim == 2], [v for v in values if len(v) == 4]


def take(candidates, shape, what):
    """The first with that shape; shapes tell the layers apart, names only where two shapes are equal."""
    for i, c in enumerate(candidates):
        if all(d in (None, e) for d, e in zip(shape, c[0].shape)) and c[0].ndim == len(shape):
            return candidates.pop(i)
    raise Unreadable(f"no weights of shape {shape} for {what}")


def sections(found, datasets):
    count = check_shape(found)
    matrices, norms = collect(datasets)
    out, dense, before = [], 0, None
    for f in found[:count]:
        if f[0] == "dense":
            kernel, bias = take(matrices, (before, f[1]), f"dense layer {dense}")
            if bias.shape != (f[1],):
                raise Unreadable(f"dense layer {dense} has a bias of shape {bias.shape}")
            out += [(f"autoencoder.{dense}.weight", kernel), (f"autoencoder.{dense}.bias", bias)]
            columns = len(kernel) if dense == 0 else columns
            before, dense = f[1], dense + 1
        else:
            gamma, beta, mean, variance = norm = take(norms, (before,), f"the batch norm behind dense layer {dense - 1}")
            if any(v.shape != (before,) for v in norm):
                raise Unreadable(f"the batch norm behind dense layer {dense - 1} is not of {before} numbers each")
            if f[1] != EPSILON:  # gamma / sqrt(variance + epsilon) is what counts
                gamma = gamma * np.sqrt((variance.astype(np.float64) + EPSILON) / (variance.astype(np.float64) + f[1]))
            out.append((f"autoencoder.{dense - 1}.norm", np.stack([gamma, beta, mean, variance]).astype(np.float32)))
    if count > len(ENCODER):
        if found[-1][1] != columns:
            raise Unreadable(f"it reads {columns} columns and writes {found[-1][1]}")
        out.append(("autoencoder.sigmoid", np.full(columns, found[-1][2] == "sigmoid", np.uint8)))
    if not all(np.isfinite(a).all() for _, a in out):
        raise Unreadable("its weights are not all finite")
    return out


def read_archive(path):
    """The configuration, as far as it is JSON, and the bytes of the weights."""
    try:
        with zipfile.ZipFile(path) as z:
            if max(z.getinfo(name).file_size for name in ("config.json", "model.weights.h5")) > LARGEST:
                raise Unreadable("a part of it is larger than a gigabyte")
            return json.loads(z.read("config.json")), z.read("model.weights.h5")
    except FileNotFoundError:
        sys.exit(f"convert.py: {path}: no such file")
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError) as e:
        raise Unreadable(f"no archive that can be read ({e})") from e
    except KeyError as e:
        raise Unreadable(e.args[0]) from e
    except ValueError as e:
        raise Unreadable(f"config.json is damaged ({e})") from e


def convert(path, out):
    try:
        config, weights = read_archive(path)
        try:
            found = read_shape(config)
        except (AttributeError, KeyError, TypeError, RecursionError) as e:  # what should be an object is none
            raise Unreadable(f"config.json does not tell the layers as Keras 3 does ({e!r:.80})") from e
        made = sections(found, read_hdf5(weights))
    except Unreadable as e:
        sys.exit(f"convert.py: {path}: not an autoencoder saved by Keras 3 (.keras): {e}")
    container.write(out, container.ENCODER, made)
