#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_diff.py LVSCTL SEED COUNT: random command lines, to ipvsadm and to LVSCTL, each in a
namespace of its own. The same must come of both: stdout, success or failure, something or nothing
on stderr, and the kernel's table. Prints each difference; exit status 1 if there was one."""
import ctypes
import os
import shlex
import subprocess
import sys
import tempfile

from lvs_diff_words import Words

libc = ctypes.CDLL(None, use_errno=True)
NEWNET = 0x40000000
LISTS = (["-Sn"], ["-Ln"], ["-Ln", "--thresholds"], ["-Ln", "--tun-info"], ["-L", "--timeout"],
         ["-L", "--daemon"])
REAL = "/usr/sbin"
EVERY = 20  # commands between two looks at all lists
TIMEOUT = 20


def sh(command):
    subprocess.run(command, shell=True, check=True)


def enter(fd):
    if libc.setns(fd, NEWNET):
        raise OSError(ctypes.get_errno(), "setns")


class Side:
    """A tool and its namespace; the process is there while it does something."""

    def __init__(self, folder):
        self.folder = folder
        if libc.unshare(NEWNET):
            raise OSError(ctypes.get_errno(), "unshare")
        self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
        sh("ip link set lo up; ip address add 10.0.0.254/8 dev lo; ip link add d0 type dummy;"
           "ip address add 192.0.2.1/24 dev d0; ip link set d0 up;"
           "ip -6 address add 2001:db8::fe/64 dev lo nodad")

    def run(self, words, stdin, name=""):
        enter(self.fd)
        try:
            p = subprocess.run([f"{self.folder}/ipvsadm{name}"] + words, input=stdin.encode(),
                               capture_output=True, timeout=TIMEOUT, check=False)
            return p.stdout.decode("utf-8", "replace"), p.returncode != 0, p.stderr.decode(
                "utf-8", "replace")
        except subprocess.TimeoutExpired:
            return "", "no end", ""

    def table(self):
        """/proc/net/ip_vs, whose order is of the namespace."""
        enter(self.fd)
        with open("/proc/thread-self/net/ip_vs", encoding="ascii") as f:
            services = []
            for line in f.read().splitlines()[3:]:
                if line.startswith("  ->"):
                    services[-1][1].append(line)
                else:
                    services.append((line, []))
        return sorted((s, sorted(d)) for s, d in services)

    def lists(self):
        enter(self.fd)
        return [subprocess.run([f"{REAL}/ipvsadm"] + words, capture_output=True, check=False).stdout.decode()
                for words in LISTS]


def comparable(words, stdin, result):
    """What has to be the same of a result: unsorted lists are in any order."""
    out, failed, said = result
    if "--nosort" in words or "--nosort" in stdin:
        out = "\n".join(sorted(out.splitlines()))
    return out, failed, bool(said)


class Comparison:
    def __init__(self, lvsctl, seed):
        self.words = Words(seed)
        folder = tempfile.mkdtemp()
        for name in ("", "-save", "-restore"):
            os.symlink(lvsctl, f"{folder}/ipvsadm{name}")
        self.real, self.ours = Side(REAL), Side(folder)
        self.differences = self.succeeded = 0
        self.done = []

    def tell(self, what, name, words, stdin, real, ours):
        self.differences += 1
        print(f"{what}: ipvsadm{name} {shlex.join(words)}", *([repr(stdin)] if stdin else []))
        print(f"    ipvsadm: {real}\n    lvsctl:  {ours}", flush=True)

    def begin_anew(self):
        for side in (self.real, self.ours):
            side.run(["-C"], "")
            for state in ("master", "backup"):
                side.run(["--stop-daemon", state], "")
            side.run(["--set", "900", "120", "300"], "")
        self.done = []

    def one(self):
        name, words, stdin = self.words.command()
        real, ours = self.real.run(words, stdin, name), self.ours.run(words, stdin, name)
        self.done.append((name, words, stdin))
        self.succeeded += not real[1]
        same = comparable(words, stdin, real) == comparable(words, stdin, ours)
        if not same:
            self.tell("result", name, words, stdin, real, ours)
        tables = self.real.table(), self.ours.table()
        if tables[0] != tables[1]:
            self.tell("table", name, words, stdin, *tables)
            self.begin_anew()

    def look(self):
        real, ours = self.real.lists(), self.ours.lists()
        for a, b, words in zip(real, ours, LISTS):
            if a != b:
                self.tell("after these", "", words, "", a, b)
        if real != ours:
            for name, words, stdin in self.done:
                print(f"     ipvsadm{name}", shlex.join(words), *([repr(stdin)] if stdin else []), flush=True)
            self.begin_anew()
        self.done = []


def main():
    lvsctl, seed, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    c = Comparison(lvsctl, seed)
    for i in range(1, count + 1):
        c.one()
        if i % EVERY == 0:
            c.look()
        if i % 200 == 0:
            c.begin_anew()
            print(f"# {i} commands, {c.differences} differences", flush=True)
    print(f"{count} commands of seed {seed}, {c.succeeded} succeeded, {c.differences} differences")
    return c.differences != 0


if __name__ == "__main__":
    sys.exit(main())
