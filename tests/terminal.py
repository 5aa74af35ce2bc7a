"""A program on a terminal of its own: types, and waits for what is to be seen.

    t = Terminal(["kino", "pick"], rows=24, columns=80)
    t.type("alien")
    t.see("Alien (1979)")
    t.end()
"""
import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time

PATIENCE = 60  # seconds until what is waited for is said to be missing; a sound run needs a few tenths of one


def are_there():
    """Whether this system has terminals to give: a chroot without /dev/pts has none."""
    try:
        for side in os.openpty():
            os.close(side)
        return True
    except OSError:
        return False


class Terminal:
    def __init__(self, command, rows=24, columns=80, env=None):
        self.text = ""
        self.child, self.file = pty.fork()
        if self.child == 0:
            try:
                os.execvpe(command[0], command, {**os.environ, **(env or {})})
            finally:
                os._exit(127)
        self.resize(rows, columns)

    def resize(self, rows, columns):
        fcntl.ioctl(self.file, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def type(self, keys):
        os.write(self.file, keys.encode())

    def read(self, wait):
        """What came within `wait` seconds; None at the end."""
        if not select.select([self.file], [], [], wait)[0]:
            return ""
        try:
            data = os.read(self.file, 65536)
        except OSError:
            data = b""
        if not data:
            return None
        got = data.decode("utf-8", "replace")
        self.text += got
        return got

    def plain(self):
        """What was written since the last forget(), without what moves and colours."""
        return re.sub(r"\x1b(\[[0-9;?>]*[A-Za-z]|[()][A-Z0-9]|[=>78M]|\][^\x07]*\x07)|[\x07\x0e\x0f]", "", self.text)

    def forget(self):
        self.text = ""

    def see(self, *what):
        """Waits until all of it is to be read; what was written until then is forgotten."""
        end = time.monotonic() + PATIENCE
        while not all(one in self.plain() for one in what):
            left = end - time.monotonic()
            if left < 0 or self.read(left) is None:
                raise AssertionError(f"{what!r} is not there, but {self.plain()[-600:]!r}")
        self.forget()

    def quiet(self, seconds=0.3):
        """Everything that is written until there is silence."""
        got = ""
        while True:
            more = self.read(seconds)
            if not more:
                return got
            got += more

    def end(self):
        """Waits for the end; the exit code."""
        limit = time.monotonic() + PATIENCE
        while self.read(max(limit - time.monotonic(), 0)):
            pass
        while time.monotonic() < limit:
            done, status = os.waitpid(self.child, os.WNOHANG)
            if done:
                os.close(self.file)
                return os.waitstatus_to_exitcode(status)
            time.sleep(0.02)
        os.kill(self.child, signal.SIGKILL)
        os.waitpid(self.child, 0)
        raise AssertionError("it does not end")
