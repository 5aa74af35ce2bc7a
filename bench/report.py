"""What the benchmarks share: engines behind pipes, charts and tables. Standard library alone."""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BUILD = os.path.join(HERE, "..", "build")
PEERS_PYTHON = os.path.join(BUILD, "peers", "bin", "python")


class Engine:
    """A process that says "ready", then answers each line with one line."""

    def __init__(self, name, command):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                                        stderr=subprocess.DEVNULL)
        if self.process.stdout.readline().strip() != "ready":
            self.process.kill()
            self.process.wait()
            raise RuntimeError(f"{name} does not start: {' '.join(command)}")

    def ask(self, command):
        self.process.stdin.write(command + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().split()
        if not answer:
            raise RuntimeError(f"{self.name} ended at: {command}")
        return answer

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def start_peers(commands):
    """Engines of {name: arguments} in the peers' Python; those that are not installed are left out, with a word."""
    engines = []
    if not os.path.exists(PEERS_PYTHON):
        print("no peers (make bench-peers installs them): kino alone", file=sys.stderr)
        return engines
    for name, arguments in commands.items():
        try:
            engines.append(Engine(name, [PEERS_PYTHON, *arguments]))
        except RuntimeError as e:
            print(f"{e}: left out", file=sys.stderr)
    return engines


def chart(title, rows, path):
    """Horizontal bars of (name, value, label); kino's own in colour."""
    left = 30 + 7.5 * max(len(name) for name, _, _ in rows)
    top, bar, width = max(value for _, value, _ in rows), 26, round(left + 580)
    height = 60 + bar * len(rows)
    s = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-family="sans-serif">',
         f'<rect width="{width}" height="{height}" fill="#fff"/>',
         f'<text x="20" y="28" font-size="16" fill="#222">{title}</text>']
    for i, (name, value, label) in enumerate(rows):
        y, w = 44 + i * bar, 460 * value / top
        s.append(f'<text x="{left:.0f}" y="{y + 15}" font-size="13" text-anchor="end" fill="#222">{name}</text>')
        s.append(f'<rect x="{left + 10:.0f}" y="{y}" width="{w:.1f}" height="{bar - 7}" rx="3" '
                 f'fill="{"#c2410c" if name.startswith("kino") else "#94a3b8"}"/>')
        s.append(f'<text x="{left + 16 + w:.1f}" y="{y + 15}" font-size="13" fill="#222">{label}</text>')
    s.append("</svg>")
    with open(path, "w") as f:
        f.write("\n".join(s) + "\n")


def table(head, rows):
    """Markdown lines."""
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return lines + ["| " + " | ".join(str(cell) for cell in row) + " |" for row in rows]


class Goals:
    """Ratios that are to stay at or below a goal."""

    def __init__(self):
        self.rows = []

    def at_most(self, name, ours, theirs, goal):
        if ours and theirs:
            ratio = ours / theirs
            self.rows.append((name, f"{goal:.3f}", f"{ratio:.3f}", "yes" if ratio <= goal else "no"))

    def table(self):
        return table(("ratio", "at most", "measured", "reached"), self.rows) if self.rows else []


def write(folder, name, lines):
    os.makedirs(folder, exist_ok=True)
    text = "\n".join(lines) + "\n"
    with open(os.path.join(folder, name), "w") as f:
        f.write(text)
    print(text)
