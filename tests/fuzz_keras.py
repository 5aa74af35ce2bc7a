"""Damaged .keras files for weights/keras_encoder.py: whatever is in them it converts them or says in one line why not, in
little time. Changes the golden model's configuration, its weights and the archive, the same way each time.

    fuzz_keras.py [SECONDS]        without: a few hundred files
"""
import io
import os
import random
import signal
import sys
import tempfile
import time
import traceback
import zipfile

sys.path[0] = "weights"  # and not tests/, whose secrets.py is another than that of the library
import container  # noqa: E402
import keras_encoder  # noqa: E402

GOLDEN = "tests/golden/autoencoder.keras"
FILES, LONGEST = 400, 20  # files without SECONDS; seconds that one may take
WORDS = [b"null", b"[]", b"{}", b"-1", b"0", b"1e999", b"true", b'""', b'"x"', b'"Dense"', b"\xff", b"[" * 100000]
NUMBERS = [b"\0", b"\xff", b"\x01", b"\x10", b"\x11", b"\x7f", b"\x80"]


def change(rng, data, pieces, most):
    data = bytearray(data)
    for _ in range(rng.randint(1, most)):
        at = rng.randrange(len(data) + 1)
        how = rng.randrange(5)
        if how == 0 and data:
            data[at % len(data)] ^= 1 << rng.randrange(8)
        elif how == 1:
            piece = rng.choice(pieces)
            data[at:at + len(piece)] = piece
        elif how == 2:
            del data[at:at + rng.randrange(16)]
        elif how == 3:
            to = rng.randrange(len(data) + 1)
            data[to:to + 8] = data[at:at + 8]
        elif rng.random() < .1:
            del data[at:]
    return bytes(data)


def change_value(rng, text):
    """What stands behind one of the colons becomes something else."""
    colons = [i for i, c in enumerate(text) if c == ord(":")]
    at = rng.choice(colons) + 1
    end = min(i for i in (text.find(c, at) for c in (b",", b"}", b"]")) if i >= 0)
    return text[:at] + rng.choice(WORDS) + text[end:]


def change_head(rng, data):
    """The beginning of the weights, where addresses are and no numbers."""
    heads = [i for i in range(0, len(data) - 8, 8) if data[i:i + 4] in (b"TREE", b"HEAP", b"SNOD") or i < 96]
    at = rng.choice(heads) + rng.randrange(96)
    value = rng.choice([rng.choice(heads).to_bytes(8, "little"), rng.choice(NUMBERS) * rng.choice([1, 2, 4, 8])])
    return data[:at] + value + data[at + len(value):]


def make(rng, config, weights):
    out = io.BytesIO()
    which = rng.randrange(6)
    if which == 0:
        config = change(rng, config, WORDS, 3)
    elif which == 1:
        config = change_value(rng, config)
    elif which == 2:
        weights = change(rng, weights, NUMBERS, 20)
    elif which < 5:
        for _ in range(rng.randint(1, 4)):
            weights = change_head(rng, weights)
    with zipfile.ZipFile(out, "w", rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])) as z:
        z.writestr("config.json", config)
        z.writestr("model.weights.h5", weights)
    data = out.getvalue()
    if which == 5:
        tail = len(data) - 300
        data = data[:tail] + change(rng, data[tail:], NUMBERS, 3) if rng.random() < .7 else change(rng, data, NUMBERS, 3)
    return data


def late(*_):
    raise TimeoutError(f"longer than {LONGEST} s")


def main():
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 0
    began, number, made, faults = time.monotonic(), 0, 0, 0
    signal.signal(signal.SIGALRM, late)
    with zipfile.ZipFile(GOLDEN) as z:
        config, weights = z.read("config.json"), z.read("model.weights.h5")
    with tempfile.TemporaryDirectory() as folder:
        path, out = os.path.join(folder, "x.keras"), os.path.join(folder, "x.kino")
        while time.monotonic() - began < seconds if seconds else number < FILES:
            data = make(random.Random(number), config, weights)
            number += 1
            with open(path, "wb") as f:
                f.write(data)
            signal.alarm(LONGEST)
            try:
                keras_encoder.convert(path, out)
                container.read(out, container.ENCODER)
                made += 1
            except SystemExit as e:
                if "\n" in str(e) or not str(e).startswith("convert.py: "):
                    faults += 1
                    print(f"# file {number - 1}: {e}")
            except BaseException:  # also what no program should catch
                faults += 1
                print(f"# file {number - 1}: {traceback.format_exc(limit=-3)}".replace("\n", "\n# "))
            signal.alarm(0)
    print(f"# {number} files, {made} of them converted")
    print(f"{'not ok' if faults else 'ok'} 1 - no damaged .keras file breaks the converter\n1..1")
    sys.exit(faults > 0)


if __name__ == "__main__":
    main()
