"""Shells that complete kino's command line, on terminals, as somebody who types meets them; TAP.

    completions.py KINO DATA
"""
import os
import shutil
import sys

import terminal
from terminal import Terminal

if not terminal.are_there():
    print("ok 1 - completions # SKIP no terminals are given here")
    sys.exit()

kino, data = os.path.abspath(sys.argv[1]), sys.argv[2]
environment = {"PATH": os.path.dirname(kino) + ":" + os.environ["PATH"], "KINO_HOME": data, "TERM": "xterm",
               "PS1": "$ ", "HOME": data, "LC_ALL": "C.UTF-8"}
count = 0


def report(name, good, said=""):
    global count
    count += 1
    print(f"{'ok' if good else 'not ok'} {count} - {name}")
    if not good:
        print(f"#   {said!r}")


BEGIN = "\x01"  # the key that goes to the begin of the line


def press(t, shell, cases):
    """Types up to Tab and more, then makes the shell say what the words of the line are."""
    for name, typed, words in cases:
        t.forget()
        t.type(typed)
        t.type(BEGIN + "printf '<%s>' ")
        t.quiet(0.1)
        t.forget()
        t.type("\r")
        try:
            t.see("<kino>" + "".join(f"<{word}>" for word in words))
            report(f"{shell}: {name}", True)
        except AssertionError as missing:
            report(f"{shell}: {name}", False, str(missing))
        t.quiet(0.1)


EVERYWHERE = (
    ("a command", "kino reco\tx", ("recommend", "x")),
    ("a title, in the way the shell quotes", "kino show Spirited\tx", ("show", "Spirited Away (2001)", "x")),
    ("an option", "kino recommend --divers\tx", ("recommend", "--diversity", "x")),
    ("the words of a choice", "kino build --recipe cla\tx", ("build", "--recipe", "classic", "x")),
    ("a choice of an option whose name another one has", "kino search --index exa\tx", ("search", "--index", "exact", "x")),
    ("behind =", "kino build --recipe=cla\tx", ("build", "--recipe=classic", "x")),
    ("a genre", "kino recommend --genre weste\tx", ("recommend", "--genre", "Western", "x")),
    ("a genre of two words behind =", "kino recommend --genre=Scie\tx", ("recommend", "--genre=Science Fiction", "x")),
    ("the second genre of a list", "kino search --no-genre Drama,Weste\tx", ("search", "--no-genre", "Drama,Western", "x")),
    ("a language", "kino search --lang ger\tx", ("search", "--lang", "german", "x")),
    ("an actor, by the family name", "kino recommend --with skerri\tx", ("recommend", "--with", "Tom Skerritt", "x")),
    ("a director", "kino recommend --director ridle\tx", ("recommend", "--director", "Ridley Scott", "x")),
    ("a part of the score, whose weight follows", "kino recommend --weight direc\tx",
     ("recommend", "--weight", "director=x")),
    ("another part behind it", "kino recommend --weight plot=3,direc\tx", ("recommend", "--weight", "plot=3,director=x")),
    ("only options that the command has", "kino embed --divers\t\tx", ("embed", "--diversx")),
    ("the catalogue that the line names", f"kino --data {data}/none show Jaw\t\tx", ("--data", f"{data}/none", "show", "Jawx")),
    ("a title behind an option", "kino recommend --not Jaw\tx", ("recommend", "--not", "Jaws (1975)", "x")))
BASH = (
    ("a title in quotes", "kino show \"Spirited A\tx", ("show", "Spirited Away (2001)", "x")),
    ("a title without its article", "kino show lion\\ k\tx", ("show", "The Lion King (1994)", "x")),
    ("a title with a colon", "kino show Mad\\ Max:\\ Fu\tx", ("show", "Mad Max: Fury Road (2015)", "x")),
    ("what several titles have in common takes nothing away", "kino show dark\t\tx", ("show", "darkx")),  # Th
    ("nor what people have", "kino recommend --with har\t\tx", ("recommend", "--with", "harx")),
    ("what all titles have in common", "kino show alie\tx", ("show", "Alienx")))
ZSH = (
    ("a title in quotes", "kino show \"Spirited A\tx", ("show", "Spirited Away (2001)", "x")),
    ("of several titles the first takes the place of what was typed", "kino show alie\tx", ("show", "Alien (1979)x")),
    ("though they have no beginning in common", "kino recommend --with har\tx",
     ("recommend", "--with", "Harrison Fordx")))


def interactive(shell, arguments, begin, cases):
    if not shutil.which(shell):
        report(f"{shell} # SKIP no {shell}", True)
        return None
    t = Terminal([shell, *arguments], columns=200, env=environment)
    t.type(begin)
    t.see("ready")
    press(t, shell, EVERYWHERE + cases)
    return t


def shows_all(t, shell):
    if t:
        t.forget()
        t.type("kino show alie\t")
        t.quiet(0.5)  # bash takes what they have in common before it shows them
        t.type("\t\t")
        try:
            t.see("Aliens", "Alien³")
            report(f"{shell}: several titles are shown", True)
        except AssertionError as missing:
            report(f"{shell}: several titles are shown", False, str(missing))
        t.quiet(0.5)
        t.type("\x03")
        t.quiet(0.5)
        t.type("exit\r")
        t.end()


shows_all(interactive("bash", ["--norc", "--noprofile", "-i"], "source <(kino completions bash); echo re''ady\r", BASH),
          "bash")
shows_all(interactive("zsh", ["-f", "-i"], "autoload -U compinit; compinit -D -u; PS1='$ '\r"
                      "source <(kino completions zsh); echo re''ady\r", ZSH), "zsh")
shows_all(interactive("fish", ["-N", "-i"], "kino completions fish | source; echo re''ady\r", ()), "fish")
print(f"1..{count}")
