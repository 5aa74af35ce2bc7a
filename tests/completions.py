"""Shells that complete kino's command line, on terminals, as somebody who types meets them; TAP.

    completions.py KINO DATA
"""
import os
import shutil
import subprocess
import sys

from terminal import Terminal

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


def interactive(shell, arguments, begin):
    if not shutil.which(shell):
        report(f"{shell} # SKIP no {shell}", True)
        return
    t = Terminal([shell, *arguments], env=environment)
    t.type(begin + f"source <(kino completions {shell}); echo re''ady\r")
    t.see("ready")
    for name, typed, shown in (
            ("a command", "kino reco\t", "kino recommend "),
            ("a title, in the way the shell quotes", "kino show Spirited\t", "Spirited\\ Away\\ \\(2001\\) "),
            ("a title in quotes", "kino show \"Spirited A\t", "\"Spirited Away (2001)\" "),
            ("a title without its article", "kino recommend godf\t", "The\\ Godfather"),
            ("a title behind an option", "kino recommend --not Jaw\t", "Jaws\\ \\(1975\\) "),
            ("an option", "kino recommend --divers\t", "--diversity "),
            ("only options that the command has", "kino embed --divers\t\tx", "--diversx"),
            ("the words of a choice", "kino build --recipe cla\t", "--recipe classic "),
            ("a part of the score, whose weight follows", "kino recommend --weight direc\tx", "--weight director=x"),
            ("the catalogue that the line names", f"kino --data {data}/none show Jaw\t\tx", "show Jawx")):
        t.forget()
        t.type(typed)
        try:
            t.see(shown)
            report(f"{shell}: {name}", True)
        except AssertionError as missing:
            report(f"{shell}: {name}", False, str(missing))
        t.type("\x15")  # the line is deleted
    t.type("exit\r")
    t.end()


def fish():
    if not shutil.which("fish"):
        report("fish # SKIP no fish", True)
        return

    def ask(line):
        script = f"kino completions fish | source; complete -C '{line}'"
        return subprocess.run(["fish", "-N", "-c", script], env={**os.environ, **environment}, capture_output=True,
                              text=True, check=False)
    for name, line, shown in (
            ("a command", "kino recomm", "recommend"), ("a title", "kino show Spirited", "Spirited Away (2001)"),
            ("a title without its article", "kino recommend godf", "The Godfather (1972)"),
            ("a title behind an option", "kino recommend --not Jaw", "Jaws (1975)"),
            ("an option", "kino recommend --divers", "--diversity"),
            ("the words of a choice", "kino build --recipe cla", "classic"),
            ("a part of the score, whose weight follows", "kino recommend --weight direc", "director="),
            ("only options that the command has", "kino embed --divers", None),
            ("the catalogue that the line names", f"kino --data {data}/none show Jaw", None)):
        got = ask(line)
        lines = [one.split("\t")[0] for one in got.stdout.splitlines()]
        report(f"fish: {name}", not got.stderr and (shown in lines if shown else not lines), got.stdout + got.stderr)


interactive("bash", ["--norc", "--noprofile", "-i"], "")
interactive("zsh", ["-f", "-i"], "autoload -U compinit; compinit -D -u; PS1='$ '\r")
fish()
print(f"1..{count}")
