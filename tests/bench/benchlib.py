# SPDX-License-Identifier: GPL-2.0-or-later
"""Shared by the benches: runs commands in turns and keeps each one's best time.

Absolute times depend on the machine and on what else it does; commands that
take turns in one run can be compared, so a bench prints ratios.
"""
import os
import subprocess
import sys
import time


def once(cmd, out):
    """Seconds of wall time and peak memory in KiB of a shell command; its stdout goes to out."""
    with open(out, "wb") as f:
        start = time.perf_counter()
        p = subprocess.Popen(["bash", "-c", "exec " + cmd], stdout=f)
        _, status, usage = os.wait4(p.pid, 0)
        took = time.perf_counter() - start
        p.returncode = os.waitstatus_to_exitcode(status)
    if p.returncode:
        sys.exit("bench: status %d: %s" % (p.returncode, cmd))
    return took, usage.ru_maxrss


def turns(cmds, out, rounds=5):
    """cmds: {name: shell command}. Returns {name: (best seconds, highest peak KiB)}."""
    best = {}
    for _ in range(rounds):
        for name, cmd in cmds.items():
            took, rss = once(cmd, out)
            old = best.get(name, (took, rss))
            best[name] = (min(old[0], took), max(old[1], rss))
    return best


class Report:
    """Rows `what, figure, goal, holds, command`; printed as they come."""

    def __init__(self):
        self.rows = []

    def row(self, what, figure, goal, holds, command):
        self.rows.append((what, figure, goal, holds, command))
        mark = "" if holds is None else ("holds" if holds else "DOES NOT HOLD")
        # two blanks at least between the columns: tests/bench/results.py reads them
        print("%-58s  %-12s  %-22s  %s" % (what, figure, goal, mark), flush=True)
        print("    %s" % command.replace("\n", "\\n"), flush=True)

    def missed(self):
        return [r for r in self.rows if r[3] is False]
