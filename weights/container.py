"""Reads and writes .kino containers (format: weights/README.md; the C side: src/base/container.h).

    write("x.kino", MINILM, [("layer.0.qkv.bias", array), ("license", b"...")])
    sections = read("x.kino", MINILM)      # {"layer.0.qkv.bias": array, ...}, every checksum verified

Arrays are numpy arrays; bytes are written as u8; ("name", "bf16" or "f16", array of uint16) sets a type numpy lacks.
"""
import os
import struct

import numpy as np

MAGIC = b"KINO\r\n\x1a\n"
VERSION = 1
MINILM, ENCODER, SNAPSHOT = 1, 2, 3
HEADER, ENTRY, ALIGN, NAME = 64, 128, 64, 48
TYPES = {"uint8": 1, "int8": 2, "uint16": 3, "int16": 4, "uint32": 5, "int32": 6, "uint64": 7, "int64": 8,
         "float16": 9, "bf16": 10, "float32": 11, "float64": 12}
DTYPES = {v: np.dtype(k).newbyteorder("<") for k, v in TYPES.items() if k != "bf16"} | {10: np.dtype("<u2")}

# ---- CRC-32C ----
# One long chain of table look-ups is slow in Python. The bytes are cut into LANES pieces whose checksums advance side
# by side as one numpy array; then neighbours are joined pairwise: crc(A B) = shift(crc(A), length of B) ^ crc(B), where
# shift is linear over bits and so a matrix, or four tables of 256.

POLYNOMIAL = 0x82F63B78
LANES = 1 << 15


def _table():
    t = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        t = np.where(t & 1, (t >> 1) ^ np.uint32(POLYNOMIAL), t >> 1)
    return t


TABLE = _table()


def _matrix_times(m, v):
    """m: the images of the 32 unit bits; v: a number or an array."""
    r = np.zeros_like(v)
    for bit in range(32):
        r ^= np.where((v >> np.uint32(bit)) & np.uint32(1), m[bit], np.uint32(0))
    return r


def _shift(length):
    """The matrix that sends a checksum's register over `length` zero bytes."""
    unit = np.uint32(1) << np.arange(32, dtype=np.uint32)
    power = TABLE[unit & 255] ^ (unit >> 8)  # one byte
    result = unit
    while length:
        if length & 1:
            result = _matrix_times(power, result)
        power = _matrix_times(power, power)
        length >>= 1
    return result


def crc32c(data):
    data = np.frombuffer(data, np.uint8)
    size = len(data) // LANES
    crc = np.uint32(0xFFFFFFFF)
    if size:
        block = np.ascontiguousarray(data[:size * LANES].reshape(LANES, size).T)
        state = np.zeros(LANES, np.uint32)
        for row in block:
            state = TABLE[(state ^ row) & np.uint32(255)] ^ (state >> np.uint32(8))
        shift = _shift(size)
        while len(state) > 1:
            state = _matrix_times(shift, state[0::2]) ^ state[1::2]
            shift = _matrix_times(shift, shift)
        crc = _matrix_times(_shift(size * LANES), np.array([crc]))[0] ^ state[0]
    crc = int(crc)
    table = TABLE.tolist()
    for byte in data[size * LANES:].tolist():
        crc = table[(crc ^ byte) & 255] ^ (crc >> 8)
    return crc ^ 0xFFFFFFFF


def crc32c_rows(rows):
    """The checksum of each row of a matrix, as u32."""
    raw = np.ascontiguousarray(rows).view(np.uint8).reshape(len(rows), -1)
    state = np.full(len(raw), 0xFFFFFFFF, np.uint32)
    for column in raw.T:
        state = TABLE[(state ^ column) & np.uint32(255)] ^ (state >> np.uint32(8))
    return ~state


# ---- files ----

def _aligned(offset):
    return (offset + ALIGN - 1) // ALIGN * ALIGN


def write(path, kind, sections):
    names, entries, parts = set(), [], []
    end = HEADER + ENTRY * len(sections)
    for section in sections:
        name, value = section[0], section[-1]
        if isinstance(value, (bytes, bytearray)):
            value = np.frombuffer(value, np.uint8)
        value = np.ascontiguousarray(value)
        type_name = section[1] if len(section) == 3 else value.dtype.newbyteorder("=").name
        code = TYPES["float16" if type_name == "f16" else type_name]
        raw = value.astype(DTYPES[code], copy=False).tobytes() if len(section) == 2 else value.astype("<u2").tobytes()
        encoded = name.encode()
        if not 0 < len(encoded) < NAME or name in names or not 1 <= value.ndim <= 4:
            raise ValueError(f"section {name!r}: bad name or rank")
        names.add(name)
        dims = list(value.shape) + [0] * (4 - value.ndim)
        offset = _aligned(end)
        entries.append(struct.pack("<48sII4QQQI20x", encoded, code, value.ndim, *dims, offset, len(raw), crc32c(raw)))
        parts += [bytes(offset - end), raw]
        end = offset + len(raw)
    directory = b"".join(entries)
    head = struct.pack("<8sIIQQII20x", MAGIC, VERSION, kind, end, HEADER, len(entries), crc32c(directory))
    with open(path + ".part", "wb") as f:
        f.write(head + struct.pack("<I", crc32c(head)) + directory)
        f.writelines(parts)
        f.flush()
        os.fsync(f.fileno())
    os.replace(path + ".part", path)


def read(path, kind):
    with open(path, "rb") as f:
        data = f.read()
    if data[:8] != MAGIC or len(data) < HEADER:
        raise ValueError(f"{path}: not a kino file")
    _, version, found, length, directory, count, crc = struct.unpack_from("<8sIIQQII", data)
    end = HEADER + ENTRY * count
    if version != VERSION or found != kind or length != len(data) or directory != HEADER or end > length or \
            crc32c(data[:60]) != struct.unpack_from("<I", data, 60)[0] or crc32c(data[HEADER:end]) != crc:
        raise ValueError(f"{path}: damaged, or of another kind or version")
    out = {}
    for i in range(count):
        name, code, rank, *rest = struct.unpack_from("<48sII4QQQI", data, HEADER + ENTRY * i)
        dims, offset, size, crc = rest[:rank], rest[4], rest[5], rest[6]
        raw = data[offset:offset + size]
        if len(raw) != size or crc32c(raw) != crc:
            raise ValueError(f"{path}: section {name} is damaged")
        out[name.rstrip(b"\0").decode()] = np.frombuffer(raw, DTYPES[code]).reshape(dims)
    return out
