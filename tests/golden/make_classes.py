#!/usr/bin/env python3
"""Prints src/model/wordpiece_classes.h: which code points beyond ASCII the model's own tokenizer.json drops, takes for
space or punctuation, or sets apart as CJK. Asked of the reference code point by code point, because its tables are of
several Unicode versions, none of which need be that of the installed utf8proc.

    make classes            (or: python3 tests/golden/make_classes.py tokenizer.json; needs: tokenizers)

Also checks what makes the tokeniser exact though its decomposition and lower case come from utf8proc of any version:
where versions may differ, the word becomes [UNK] either way, because no such character is in the vocabulary.
"""
import json
import sys
import unicodedata

from tokenizers import Tokenizer


def main():
    tokenizer = Tokenizer.from_file(sys.argv[1])
    classes = {}
    for c in range(0x80, 0x110000):
        if 0xD800 <= c < 0xE000:
            continue
        text = f"a{chr(c)}b"
        out = tokenizer.normalizer.normalize_str(text)[1:-1]
        if not out:
            classes[c] = "DROP"
        elif out == " ":
            classes[c] = "SPACE"
        elif out[0] == " " and out[-1] == " ":
            classes[c] = "CJK"
        elif len(tokenizer.pre_tokenizer.pre_tokenize_str(text)) == 3:
            classes[c] = "PUNCT"

    vocabulary = set("".join(json.load(open(sys.argv[1]))["model"]["vocab"]))
    for c in vocabulary:
        assert unicodedata.category(c) != "Cn" and unicodedata.combining(c) == 0 or ord(c) in classes, hex(ord(c))

    ranges = []
    for c, what in sorted(classes.items()):
        if ranges and ranges[-1][1] == c - 1 and ranges[-1][2] == what:
            ranges[-1][1] = c
        else:
            ranges.append([c, c, what])
    print("/* wordpiece_classes.h - the classes of code points from 0x80: made by tests/golden/make_classes.py. */")
    print("/* clang-format off */")
    print("static const struct {\n    uint32_t first, last : 24, kind : 8;\n} classes[] = {")
    line = "   "
    for first, last, what in ranges:
        item = f" {{0x{first:X}, 0x{last:X}, {what}}},"
        if len(line) + len(item) > 119:
            print(line)
            line = "   "
        line += item
    print(line + "\n};")


main()
