"""kino pick as somebody meets it who sits at a terminal; TAP.

    pick.py KINO DATA
"""
import os
import re
import subprocess
import sys

import terminal
from terminal import Terminal

if not terminal.are_there():
    print("ok 1 - kino pick # SKIP no terminals are given here")
    sys.exit()

kino, data = sys.argv[1], sys.argv[2]
UP, DOWN, RIGHT, LEFT, ENTER, TAB, ESCAPE = "\x1bOA", "\x1bOB", "\x1bOC", "\x1bOD", "\r", "\t", "\x1b"
BACKSPACE, CTRL_C, CTRL_U, CTRL_W, CTRL_Z, CTRL_D = "\x7f", "\x03", "\x15", "\x17", "\x1a", "\x04"
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


def shows(terminal, name, *what):
    """As sees, of the screen as a whole: of what was there before, only what differs is sent."""
    terminal.quiet()
    terminal.forget()
    terminal.type("\x0c")
    sees(terminal, name, *what)


def pick(*words, rows=24, columns=80, **more):
    return Terminal([kino, "pick", "--data", data, *words], rows, columns, {**environment, **more})


def click(t, row, column):
    """As the terminal tells it, in the way that it was asked for."""
    t.type(f"\x1b[<0;{column};{row}M\x1b[<0;{column};{row}m" if sgr else "\x1b[M " + chr(32 + column) + chr(32 + row))


def wheel(t, down):
    t.type(f"\x1b[<{65 if down else 64};5;5M" if sgr else "\x1b[M" + ("a" if down else "`") + "%%")


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

# What is typed is a question in plain words, and the window tells of the chosen film.
t = pick("90s", "comedies", rows=28, columns=120)
shows(t, "wishes in words are understood, and it says how", "Read as year 1990-1999, genre Comedy")
t.type(CTRL_U + "alien")
shows(t, "beside the list stands what is known of the film", "117 min", "Directed by Ridley Scott")
t.quiet()
t.forget()
t.type(ENTER)
shows(t, "and why it is there", " like ", "Score: plot")
t.quiet()
t.forget()
t.type("?")
shows(t, "? shows the keys", "Ctrl-W", "Ctrl-Z")
t.type(ESCAPE)
shows(t, "and Escape no more than takes them away", " like ")
t.type("+" + DOWN + "+" + CTRL_Z)
shows(t, "Ctrl-Z takes back what was liked last", "Liked: ")
t.type(CTRL_Z + TAB)
shows(t, "and what was before it", "Nothing is liked yet")
t.type(CTRL_U + "it's slow, of the 80s" + CTRL_W)
shows(t, "Ctrl-W keeps a wish", "Wish: it's slow, of the 80s", "What you wish for")
t.type("heat" + ENTER)
shows(t, "which bounds every list", "Like Heat (1995)", "1980-1989")
t.quiet()
t.type("+")
t.quiet()
t.type(CTRL_D)
code = t.end()
command = re.search(r"kino recommend ([0-9]+) --about 'it'\\''s slow, of the 80s'", t.plain())
report("the question has the wish, as a shell takes it", code == 0 and command, (code, t.plain()[-300:]))
t = pick()
t.see("? keys")
t.type(CTRL_Z)
sees(t, "nothing to take back is said", "nothing to take back")
t.type(CTRL_W)
sees(t, "and no wish without words", "what it should be first")
t.type(CTRL_C)
t.end()

t = pick("--genre", "science fiction", "--year", "1980-1989", "--min-rating", "8")
t.see("Type a title")
t.type("alien")
sees(t, "filters of the command line bound what is found", "Aliens (1986)")
t.type("+")
t.quiet()
t.type(TAB)
t.quiet(0.5)
t.type(CTRL_D)
t.end()
listed = re.findall(r"\((\d{4})\)", t.plain())
report("and every list", listed and all("1980" <= year <= "1989" for year in listed), listed)
report("and stand in the command", "kino recommend 679 --genre 'science fiction' --year=1980-1989 --min-rating 8" in
       t.plain(), t.plain()[-300:])

t = pick("alien")
t.quiet(0.5)
sgr = "\x1b[?1006" in t.text
report("a terminal is asked for its mouse", "\x1b[?1000h" in t.text or "1000;1006h" in t.text or "1006;1000h" in t.text,
       t.text[:300])
report("colours are used", "\x1b[36m" in t.text or "\x1b[0;36m" in t.text or ";36m" in t.text, t.text[:300])
click(t, 5, 9)
sees(t, "a click chooses", "Ripley")
click(t, 5, 9)
sees(t, "a second one shows films like it", "Like Aliens (1986)")
t.quiet()
t.forget()
wheel(t, True)
report("the wheel moves", t.quiet() != "")
t.type(CTRL_D)
report("and the mouse is given back", t.end() == 0 and "1000l" in t.text, t.text[-200:])
for more in ({"NO_COLOR": "1"}, {}):
    t = pick("alien", *([] if more else ["--no-color"]), **more)
    t.quiet(0.5)
    report(f"no colours with {'NO_COLOR' if more else '--no-color'}", "Alien" in t.text and not re.search(
        r"\x1b\[([0-9;]*;)?3[0-7]m", t.text), t.text[:300])
    t.type(CTRL_D)
    t.end()

# For scripts: the screen is the terminal's, the ids are standard output's.
taken = data + "/taken"
for keys, name, wanted, exit_code in ((ENTER, "Enter takes the chosen film", "348\n", 0),
                                      ("+" + DOWN + "+" + ENTER, "or what is liked", "348\n679\n", 0),
                                      (ESCAPE + ESCAPE, "Escape takes none", "", 3),
                                      (CTRL_C, "nor does Ctrl-C", "", 130)):
    t = Terminal(["bash", "-c", f"'{kino}' pick --print --data '{data}' alien >'{taken}'"], env=environment)
    t.see("Enter takes it")
    t.type(keys)
    code = t.end()
    with open(taken, encoding="utf-8") as f:
        report(f"--print: {name}", (code, f.read()) == (exit_code, wanted), (code, t.plain()[-200:]))

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
