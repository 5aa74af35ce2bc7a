#!/usr/bin/env python3
"""Makes the golden data of test_wordpiece and test_minilm from the reference implementations.

    python3 tests/golden/make_minilm.py DIR_OF_THE_MODEL      (needs: tokenizers, sentence-transformers, torch, numpy)

wordpiece.txt   one text a line: its bytes, all but plain ASCII as %XX, a tab, the ids of HF tokenizers with the model's
                tokenizer.json cut at 256
minilm.txt      the texts of the vectors, one a line, in the same writing
minilm.kino     a container: "vectors" f32 [texts][384] by sentence-transformers; "layers" f32 [3][7][4][384], the
                hidden states of the first four tokens of the first three texts after the embedding and each layer
"""
import os
import random
import sys
from urllib.parse import quote_from_bytes

import numpy as np

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "..", "weights"))
import container  # noqa: E402

SENTENCES = [
    "A retired clockmaker teaches her deaf grandson to listen to the town's last steam engine.",
    "Two rival bakers must share one oven after a flood, and neither will say who lit it first.",
    "The lighthouse keeper's radio answers in a voice he buried ten years ago.",
    "A chess prodigy loses on purpose, once, and spends forty years explaining why.",
    "On the night ferry everyone tells the same lie about the missing captain.",
    "An astronaut stranded behind the moon writes letters to a daughter who is older than she is.",
    "Three sisters drive their father's ashes across a country that no longer exists.",
    "A forger of passports falls in love with the only honest man in Marseille.",
    "During the heat wave a small-time detective is hired to find a swimming pool.",
    "The orchestra keeps rehearsing although the concert hall was sold to a supermarket.",
    "A village elects its weather by show of hands, until one summer the vote is tied.",
    "He remembers every face he has ever seen, except that of the woman he robbed.",
    "A mute ghostwriter gives a disgraced politician the first true sentence of his life.",
    "Soldiers of both armies are snowed in at the same inn over Christmas.",
    "The boy who sold maps of invented islands gets a postcard from one of them.",
    "A stunt driver, a nun and a runaway accountant share a stolen ice-cream van.",
]
QUERIES = ["a quiet film about grief", "space opera", "heist gone wrong", "love story in paris", "funny robots",
           "samurai revenge", "courtroom drama with a twist", "kids lost in the forest", "film noir", "zombies",
           "slow burn horror in the snow", "a dog that comes home", "based on a true story", "time travel paradox",
           "boxing underdog", "coming of age summer"]


def adversarial():
    t = ["", " ", "   \t\n\r  ", "a", "A", ".", "...", "?!", "'", "don't", "rock'n'roll", "U.S.A.", "3.14", "1,000,000",
         "$9.99", "50%", "e-mail@example.org", "http://example.org/a?b=c&d=e#f", "C++", "#hashtag", "##ing", "##", "#",
         "a##b", "snake_case", "kebab-case", "CamelCase", "ALLCAPS", "x" * 18, "x" * 19, "x" * 40]
    # accents, composed and not; letters that do not decompose
    t += ["café", "cafe\u0301", "naïve", "Ångström", "A\u030angstro\u0308m", "São Paulo", "Amélie", "Übermensch",
          "Łódź", "Øresund", "Đặng Thùy Trâm", "Tiếng Việt", "Phở", "piñata", "garçon", "crème brûlée", "ŞŢȘȚ", "ČŠŽ",
          "ſtreſſed", "straße", "STRASSE", "GROẞ", "ß", "ẞ", "Æsir", "œuvre", "Œdipe", "Ǆ ǅ ǆ", "ĳsberg", "ŉ",
          "ﬁlm noir", "ﬂash", "oﬃce", "ﬅop", "İstanbul", "ISTANBUL", "ıssız", "I\u0307", "i\u0307", "Diyarbakır",
          "ὈΔΥΣΣΕΎΣ", "Ὀδυσσεύς", "ΣΊΣΥΦΟΣ", "ά", "α\u0301", "Война и мир", "Ёлки", "ЁЛКИ", "Й", "Й".lower(), "Ґ ґ Ї ї",
          "Қазақ", "Ђорђе", "ՀԱՅ", "ქართული", "ᲥᲐᲠᲗᲣᲚᲘ", "Ꭰ ꭰ", "Ⴀ", "ℌ", "ℵ", "Ω", "\u2126", "\u212a", "\u212b", "Å",
          "\u0344", "\u0340a", "\u1e9b\u0323", "\u01d5", "q\u0323\u0307", "q\u0307\u0323", "a" + "\u0301" * 50,
          "e" + "\u0308\u0301\u0327" * 40 + "nd", "\u0301", "\u0301\u0301 a", "Z\u0351\u036b\u0343a\u0329l\u0334go"]
    # CJK, kana, Hangul, composed and in jamo; extension planes and the hole the reference leaves at U+2B820
    t += ["千と千尋の神隠し", "千と千尋の神隠し Spirited Away", "七人の侍", "卧虎藏龙", "臥虎藏龍 (2000)", "東京物語a東b京c",
          "となりのトトロ", "ｶﾀｶﾅ", "ガ", "カ\u3099", "が", "ぱ", "기생충", "기생충".encode().decode(), "\u1100\u1161\u11a8",
          "\u110b\u1169\u11af\u1103\u1173\u1107\u1169\u110b\u1175", "올드보이 Oldboy", "각", "힣", "\u3131\u314f", "\uac00\u11a8",
          "\uf900", "\ufa0e", "\U0002f800", "\U00020000", "\U0002a6df", "\U0002a700", "\U0002b81f", "\U0002b820",
          "\U0002b91f", "\U0002b920", "\U0002ceaf", "\U0002ceb0", "\U00030000", "\u33ff\u3400\u4dbf\u4dc0\u4dff\u4e00\u9fff\ua000",
          "a\u4e00b", "〇", "々", "「かぎ」", "、。", "・", "～", "！？", "（全角）", "ＡＢＣ１２３", "Ａ", "ａ"]
    # emoji, joiners, selectors, flags, symbols
    t += ["🎬", "🎬🍿", "love ❤️ story", "❤", "❤\ufe0f", "👨‍👩‍👧‍👦", "👩🏽‍🚀", "🇫🇷", "🏴\U000e0067\U000e0062\U000e007f", "☺️", "1️⃣", "©", "®",
          "™", "℃", "№", "½", "²", "x²+y²", "∞", "√2", "→", "←→", "±", "×", "÷", "≠", "≤", "∑", "€", "£5", "¥", "₹", "₿",
          "¢", "°", "a°b", "♥", "★★★☆☆", "✓", "■", "♪♫", "🂡", "𝕂𝕚𝕟𝕠", "𝓶𝓸𝓿𝓲𝓮", "①②", "Ⅷ", "ⅷ", "ª", "º", "µ", "μ", "\u00a8",
          "\u00b4", "\u02c6", "`tick`", "^", "~", "|", "\\", "<b>bold</b>", "{x}", "a|b", "a=b", "a+b", "$", "a$b"]
    # punctuation of many kinds, quotes and dashes, spaces
    t += ["“quoted”", "‘single’", "it’s", "«guillemets»", "‹x›", "„low“", "—", "em—dash", "en–dash", "a‐b", "a‑b", "a―b", "…",
          "wait…", "¿qué?", "¡hola!", "·", "WALL·E", "•", "a•b", "†", "§ 5", "¶", "‰", "′″", "⁂", "‽", "\u3001", "،", "؟", "؛",
          "।", "॥", "\u0964a", "՞", "׃", "־", "\u2e3a", "\u2e43", "\u1400", "\u166d", "\U00010100", "\U0001039f",
          "a\u00a0b", "a\u2003b", "a\u3000b", "a\u202fb", "a\u205fb", "a\u1680b", "a\u2028b", "a\u2029b", "a\u0085b",
          "a\u200bb", "a\u200cb", "a\u200db", "a\u2060b", "a\ufeffb", "\ufeffstart", "a\u00adb", "a\u061cb", "a\u180eb",
          "a\tb", "a\nb", "a\rb", "a\r\nb", "a\x0bb", "a\x0cb", "a\x1cb", "a\x1fb", "a\x00b", "\x00", "a\x7fb", "a\x80b",
          "a\x9fb", "a\x01\x02\x03b", "\ufffd", "a\ufffdb", "\ufffe", "\uffff", "\ue000", "a\ue000b", "\U000f0000x",
          "\U0010ffff", "a\U000e0001b", "\u034f", "a\u034fb", "\u2061", "\ufff9a\ufffab\ufffb", "\u0378", "a\u0378b"]
    # right to left, Indic, Thai and others
    t += ["جدایی نادر از سیمین", "مُحَمَّد", "لا", "ﷲ", "ﻻ", "ـ", "שָׁלוֹם", "שלום עולם", "\u202eabc\u202c", "\u200fאב\u200e", "नमस्ते", "हिन्दी फ़िल्म",
          "क़", "क\u093c", "বাংলা", "ਪੰਜਾਬੀ", "தமிழ்", "తెలుగు", "ಕನ್ನಡ", "മലയാളം", "සිංහල", "ไทย", "ภาพยนตร์", "ລາວ", "བོད་", "မြန်မာ",
          "ខ្មែរ", "ⵜⴰⵎⴰⵣⵉⵖⵜ", "አማርኛ", "ᓀᐦᐃᔭᐍᐏᐣ", "𐌰𐌱", "𝄞", "\U0001d15e", "\U0001d165\U0001d16d", "𐐀𐐨", "𞤀𞤢", "𓀀",
          "\u302e\u302f", "가\u302e", "\u1abf", "a\u1abfb", "\u08ca", "\u1734", "\ua8c5", "\U0001e944", "\U00011938",
          "Ꞌ\ua7ae", "\u1c89", "\ua7cb", "\U00010d50", "\u2c2f", "\u1c90", "\U00016e40"]
    # special tokens in the text
    t += ["[SEP]", "[CLS]", "[MASK]", "[PAD]", "[UNK]", "a [SEP] b", "a[SEP]b", "[SEP][SEP]", "[sep]", "[Mask]", "[[SEP]]",
          "[SEP", "SEP]", "[ SEP ]", "[SE\u0301P]", "[S\u200bEP]", "x[MASK]y z[PAD]", "un[UNK]known", "[CLS] the end [SEP]",
          "[unused0]", "[unused99]", "e[SEP]\u0301", "[", "]", "[]", "[PAD", "[MASK[MASK]", "<s>", "<pad>", "[SEP]é[SEP]"]
    # the limit of 100 characters a word, counted after normalisation
    t += ["a" * n for n in (99, 100, 101, 102, 200)]
    t += ["é" * 100, "é" * 101, "e\u0301" * 100, "e\u0301" * 101, "각" * 33 + "a", "각" * 33 + "ab", "各" * 101, "b" * 100 + ".",
          "b" * 101 + ".", "." * 120, "x" + "\u200b" * 150 + "y", "Ж" * 100, "Ж" * 101, "🎬" * 100, "🎬" * 101, "ab" * 51 + " end",
          "the " + "qz" * 50 + " end", "the " + "qz" * 51 + " end", "\u0301" * 300 + "a"]
    # pieces and words that are unknown as a whole
    t += ["unaffable", "electroencephalographically", "antidisestablishmentarianism", "pneumonoultramicroscopic",
          "zzyzx", "qwertyuiop", "hydroxychloroquine", "playing played player", "supercalifragilisticexpialidocious",
          "known🎬word", "word\U00010400", "ab\u4e00cd\u0378ef", "thea☃", "☃", "☃man snow", "embeddings", "tokenization"]
    # length: around 254 pieces, far over it, one piece words, [UNK] words, truncation within a word
    for n in (252, 253, 254, 255, 256, 300):
        t.append(" ".join(["film"] * n))
    t += [" ".join(SENTENCES), " ".join(SENTENCES * 3), " ".join(["film"] * 253) + " electroencephalographically",
          " ".join(["film"] * 252) + " electroencephalographically more", "." * 400, "千" * 400, "🎬 " * 300,
          "[SEP]" * 300, " ".join(["film"] * 253) + " playing☃", " ".join(["film"] * 254) + "[SEP]",
          " ".join(["film"] * 251) + " electroencephalo☃graph tail", "a" * 5000, " " * 3000 + "late", "é" * 600]
    # invalid UTF-8
    t += [b"\xff", b"a\xffb", b"\xc3", b"caf\xc3", b"caf\xc3 x", b"\xe2\x82", b"\xe2\x82x", b"\xf0\x9f\x98", b"\xf0\x9f\x98\x80",
          b"\xed\xa0\x80", b"a\xed\xa0\x80b", b"\xc0\xaf", b"\xf5\x80\x80\x80", b"\xf4\x90\x80\x80", b"\x80\x80\x80", b"ok\xfe\xffok",
          b"[SE\xffP]", b"\xe9t\xe9", b"Am\xe9lie", b"\xe0\x80\x80", b"\xef\xbf", b"x\xef\xbf\xbdy", b"\xc3\xa9\xc3"]
    t += SENTENCES + QUERIES
    # random mixtures of all of the above, joined with and without space, and random code points
    rng = random.Random(20240229)
    pieces = [x for x in t if isinstance(x, str) and 0 < len(x) < 40]
    for i in range(120):
        t.append(("" if i % 3 == 0 else " ").join(rng.choice(pieces) for _ in range(rng.randint(2, 12))))
    for i in range(120):
        top = [0x250, 0x700, 0x3000, 0x10000, 0x20000][i % 5]
        text = ""
        while len(text) < 30:
            c = rng.randrange(0x20, top)
            if not 0xD800 <= c < 0xE000:
                text += chr(c) + rng.choice(["", "", " ", "the", "s"])
        t.append(text)
    for i in range(20):
        t.append(bytes(rng.choice(b"abc \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\xff[SEP]") for _ in range(40)))
    return [x.encode() if isinstance(x, str) else x for x in t]


def written(text):
    return quote_from_bytes(text, safe=" !\"#$&'()*+,/:;<=>?@[\\]^`{|}")


def main():
    model = sys.argv[1]
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Tokenizer
    tokenizer = Tokenizer.from_file(os.path.join(model, "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)

    def ids(text):
        return tokenizer.encode(text.decode("utf-8", "replace")).ids

    texts = adversarial()
    with open(os.path.join(HERE, "wordpiece.txt"), "w") as f:
        for text in texts:
            f.write(written(text) + "\t" + " ".join(map(str, ids(text))) + "\n")

    some = SENTENCES[:3] + QUERIES + [" ".join(SENTENCES[i:i + n]) for i, n in
                                      ((0, 2), (3, 2), (6, 3), (9, 3), (12, 4), (0, 6), (6, 8), (0, 16))]
    some += SENTENCES[3:] + ["", " ", "a", "?", "[SEP]", "a [MASK] b", "千と千尋の神隠し", "기생충", "Amélie", "🎬", "x" * 101, "Война и мир",
                             "film " * 253, "film " * 300, ". " * 60, "The The The", "1984", "don't look now", "WALL·E",
                             "جدایی نادر از سیمین", "[CLS] again [SEP] and again"]
    st = SentenceTransformer(model, device="cpu")
    assert st.max_seq_length == 256
    for text in some:
        theirs = st.tokenize([text])["input_ids"][0].tolist()
        assert theirs == ids(text.encode()), text
    vectors = np.stack([st.encode(text, normalize_embeddings=True) for text in some])
    bert = st[0].auto_model
    layers = []
    for text in some[:3]:
        with torch.no_grad():
            states = bert(input_ids=torch.tensor([ids(text.encode())]), output_hidden_states=True).hidden_states
        layers.append(np.stack([s[0, :4].numpy() for s in states]))
    with open(os.path.join(HERE, "minilm.txt"), "w") as f:
        f.writelines(written(text.encode()) + "\n" for text in some)
    container.write(os.path.join(HERE, "minilm.kino"), container.MINILM,
                    [("vectors", vectors.astype(np.float32)), ("layers", np.stack(layers).astype(np.float32))])
    print(len(texts), "texts,", len(some), "vectors")


main()
