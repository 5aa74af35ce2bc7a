"""kino pick as somebody meets it who sits at a terminal; TAP.

    pick.py KINO DATA
"""
import os
import re
import subprocess
import sys

from terminal import Terminal

kino, data = sys.argv[1], sys.argv[2]
UP, DOWN, RIGHT, LEFT, ENTER, TAB, ESCAPE = "\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD", "\r", "\t", "\x1b"
BACKSPACE, CTRL_C, CTRL_U = "\x7f", "\x03", "\x15"
environment = {"TERM": "xterm", "LC_ALL": "C.UTF-8"}
count = 0


def report(name, good, said=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print(f"#   {said!r}"[:800])


def sees(terminal, name, *what):
    try:
        terminal.see(*what)
        report(name, True)
    except AssertionError as missing:
        report(name, False, str(missing))


def pick(rows=24, columns=80, **more):
    return Terminal([kino, "pick", "--data", data], rows, columns, {**environment, **more})


t = pick()
sees(t, "it begins with an empty line", "Type a title")
t.type("spirited")
sees(t, "typing finds", "Spirited Away (2001)")
t.quiet()
t.forget()
t.type(ENTER)
sees(t, "Enter shows films like it", "Like Spirited Away (2001)")
t.quiet()
t.forget()
t.type("+")
sees(t, "+ likes the chosen film", "Liked: ")
t.type(LEFT)
sees(t, "Left goes back", "Films of that name")
t.type(CTRL_U)
sees(t, "Ctrl-U clears", "Type a title")
t.type("amelie")
sees(t, "accents need not be typed", "Amélie (2001)")
t.type("-")
sees(t, "- does not like it", "Not: Amélie (2001)")
t.type(TAB)
sees(t, "Tab shows films for what is liked", "or what you like")  # the F of "Films" stays
t.quiet()
t.forget()
t.type(DOWN)
moved = t.quiet()
report("an arrow sends a part of the screen, not all of it", 0 < len(moved) < 1200, moved)
t.type(UP + ESCAPE)
t.quiet()
t.type(BACKSPACE * 10 + "alien")
sees(t, "Backspace takes letters away", "Alien (1979)")
t.type(ESCAPE)
sees(t, "Escape clears", "Type a title")
t.forget()
t.type(ESCAPE)
code = t.end()
report("and ends", code == 0, code)
command = re.search(r"kino recommend ([0-9]+) --not 194", t.plain())
report("the question is printed at the end", command is not None, t.plain()[-300:])
if command:
    answer = subprocess.run([kino, "recommend", command[1], "--not", "194", "--data", data, "--offline"],
                            capture_output=True, text=True, check=False)
    report("and is one", answer.returncode == 0, answer.stderr)

t = pick()
t.see("Type a title")
t.type("aliens")
t.see("Aliens (1986)")
t.quiet()
t.type("++")
t.quiet()
t.type(TAB)
sees(t, "+ twice is as if nothing was said", "Nothing is liked yet")
t.type(CTRL_C)
code = t.end()
report("Ctrl-C ends as elsewhere", code == 130 and "kino: interrupted" in t.plain(), (code, t.plain()[-200:]))

t = Terminal([kino, "pick", "--data", data, "spirited", "away"], env=environment)
sees(t, "words of the command line are typed already", "spirited away", "Spirited Away (2001)")
t.type(CTRL_U + "\u0416\u30a6\u00e9")
sees(t, "letters that are not Latin are themselves", "\u0416\u30a6\u00e9")
t.type(ESCAPE + ESCAPE)
t.end()

t = pick(rows=8, columns=40)
t.see("Type a title")
t.type("the lord of the rings")
sees(t, "a small window", "The Lord of the Rings")
t.resize(30, 100)
sees(t, "that grows", "Enter films like it")
t.type("\x1b[B" * 3 + "\x1b[6~\x1b[5~\x1b[H\x1b[F" + RIGHT)  # keys of both kinds, and some that it does not have
sees(t, "goes on", "Like ")
for _ in range(40):  # deeper than it remembers
    t.type(DOWN + ENTER)
t.quiet(0.5)
t.type(LEFT * 60)
sees(t, "and comes back from any depth", "Films of that name")
t.resize(2, 10)
t.quiet()
t.resize(1, 1)
t.quiet()
t.type(DOWN + "x" + ENTER + TAB + "+-")
t.quiet()
t.type(CTRL_C)
report("a window of one cell does no harm", t.end() == 130)

t = pick()
t.see("Type a title")
t.type("x" * 1000 + CTRL_U)
t.quiet(0.5)
os.write(t.file, b"\x80\xff\xc3")  # no letters
t.quiet()
t.type("\u0416" + "ウ" * 100 + CTRL_U)
t.quiet(0.5)
t.type("psycho")
sees(t, "whatever was typed", "Psycho (1960)")
os.kill(t.child, 15)
report("SIGTERM leaves the terminal in order", t.end() == 130 and "\x1b[?1049l" in t.text, t.text[-200:])

t = pick(LC_ALL="C")
t.see("Type a title")
t.type("amelie")
sees(t, "where only ASCII is shown", "Am?lie (2001)")
t.type(CTRL_C)
t.end()

# Where a terminal is not known, ncurses keeps what it had begun to prepare.
t = pick(TERM="no-such-terminal", ASAN_OPTIONS="detect_leaks=0")
report("a terminal that nobody knows: exit 2", t.end() == 2 and "not known" in t.text, t.text)
t = pick(TERM="dumb")
report("a terminal without a cursor: exit 2", t.end() == 2 and "needs a terminal" in t.text, t.text)
t = Terminal([kino, "pick", "--data", data + "/none"], env=environment)
report("no catalogue: exit 3, told on the usual screen", t.end() == 3 and "\x1b[?1049h" not in t.text, t.text)
r = subprocess.run([kino, "pick", "--data", data], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
report("no terminal: exit 2", r.returncode == 2 and "needs a terminal" in r.stderr, r.stderr)
print(f"1..{count}")
