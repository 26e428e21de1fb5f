#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""results.py head | NAME: a page of what the benches say, in Markdown, on stdout.

head: the machine and the versions. NAME: stdin is what the bench of that name printed
(benchlib.Report's rows, each with its command below); a table of its rows.
"""
import os
import re
import subprocess
import sys

VERSIONS = (("netpath", "git log -1 --format=%h"), ("ip", "ip -V"), ("mawk", "mawk -W version"),
            ("grep", "grep -V"), ("python3", "python3 -V"), ("ipvsadm", "dpkg-query -W -f ${Version} ipvsadm"), ("compiler", "cc --version"))


def first_line(command):
    p = subprocess.run(command.split(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, text=True, errors="replace")
    return p.stdout.split("\n")[0] if p.returncode == 0 else ""


def field(path, pattern):
    with open(path, encoding="utf-8") as f:
        found = re.search(pattern, f.read(), re.M)
    return found.group(1) if found else "?"


def versions():
    for name, command in VERSIONS:
        try:
            yield name, first_line(command) or "?"
        except FileNotFoundError:
            yield name, "not here"


def head():
    print("# Figures\n\nFrom one run of `make bench`. Each is a ratio of commands that took turns in that run, or a\n"
          "count; the command stands beside it.\n")
    print("| machine | |\n|---|---|")
    print("| processor | %d × %s |" % (os.cpu_count(), field("/proc/cpuinfo", r"^model name\s*: (.*)")))
    print("| memory | %d MiB |" % (int(field("/proc/meminfo", r"^MemTotal: *(\d+)")) // 1024))
    print("| kernel | %s |" % os.uname().release)
    print("| system | %s |" % field("/etc/os-release", r'^PRETTY_NAME="?([^"\n]*)'))
    for row in versions():
        print("| %s | %s |" % row)


def cell(text):
    return text.replace("|", "\\|")


def code(text):
    """A code span in a table; more backquotes around it than within."""
    fence = "``" if "`" in text else "`"
    space = " " if "`" in text else ""
    return fence + space + cell(text) + space + fence


def table(name):
    text = [line.rstrip() for line in sys.stdin.read().replace("\r", "").split("\n")]
    rows, intro = [], []
    for line, below in zip(text, text[1:] + [""]):
        columns = re.split(r"  +", line)
        if not line.startswith(" ") and len(columns) in (3, 4) and below.startswith("    "):
            rows.append(columns + [""] * (4 - len(columns)) + [below.strip()])
        elif not line.startswith(" ") and not rows:
            intro.append(line)
    print("\n## %s\n\n%s\n\n| what | figure | goal | | command |\n|---|---|---|---|---|" % (name, " ".join(intro).strip()))
    for what, figure, goal, holds, command in rows:
        print("| %s | %s | %s | %s | %s |" % (cell(what), figure, goal, holds, code(command)))
    if not rows:
        print("\nNot run.")
        return 1
    return 0


if len(sys.argv) != 2:
    sys.exit("usage: results.py head | NAME <WHAT-THE-BENCH-SAID")
sys.exit(head() if sys.argv[1] == "head" else table(sys.argv[1]))
