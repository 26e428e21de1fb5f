#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""trace.py PKTTRACE WORKDIR [LINES]: pkttrace show on a large log, against what one would type instead."""
import os
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import benchlib  # noqa: E402

tool, work = os.path.abspath(sys.argv[1]), sys.argv[2]
lines = int(sys.argv[3]) if len(sys.argv) > 3 else 1000000
here = os.path.dirname(os.path.abspath(__file__))
log, log10, out = (os.path.join(work, n) for n in ("big.log", "big10.log", "out"))

subprocess.run([sys.executable, os.path.join(here, "biglog.py"), str(lines), log], check=True)

GREP = "grep -c TRACE LOG"
COUNT = "mawk 'match($0, / ID=[0-9]+/) { n[substr($0, RSTART, RLENGTH)]++ } END { for (i in n) c++; print c }' LOG"
GROUP = ("mawk 'match($0, / ID=[0-9]+/) { k = substr($0, RSTART, RLENGTH); g[k] = g[k] $0 \"\\n\" } "
         "END { for (i in g) c++; print c }' LOG")
PYTHON = ("python3 -c 'import sys\nfor l in open(sys.argv[1]):\n"
          " d = dict(w.partition(\"=\")[::2] for w in l.split())' LOG")
cmds = {
    "grep": GREP, "count": COUNT, "group": GROUP, "python": PYTHON,
    "summary": "pkttrace show --summary LOG",
    "brief": "pkttrace -b show LOG",
    "json": "pkttrace -j show LOG",
    "text": "pkttrace show LOG",
}


def real(cmd, path):
    return cmd.replace("LOG", path).replace("pkttrace", tool, 1)


best = benchlib.turns({n: real(c, log) for n, c in cmds.items()}, out)
t = {n: b[0] for n, b in best.items()}
r = benchlib.Report()
print("%d lines, %d MB; ratios of best-of-five wall times, in turns" % (lines, os.path.getsize(log) // 1000000))
r.row("--summary: times as fast as mawk grouping lines by ID", "%.2f" % (t["group"] / t["summary"]), "at least 3",
      t["group"] / t["summary"] >= 3, GROUP)
r.row("--summary: times as fast as mawk counting IDs", "%.2f" % (t["count"] / t["summary"]), "(no goal)", None, COUNT)
r.row("--summary: time over that of grep -c TRACE", "%.2f" % (t["summary"] / t["grep"]), "at most 4",
      t["summary"] / t["grep"] <= 4, GREP)
r.row("-b: times as fast as mawk grouping lines by ID", "%.2f" % (t["group"] / t["brief"]), "at least 1",
      t["group"] / t["brief"] >= 1, cmds["brief"])
r.row("-j: times as fast as python, split and dict", "%.2f" % (t["python"] / t["json"]), "at least 5",
      t["python"] / t["json"] >= 5, PYTHON)
r.row("text: times as fast as mawk grouping lines by ID", "%.2f" % (t["group"] / t["text"]), "(no goal)", None,
      cmds["text"])
peak = max(best[n][1] for n in ("summary", "brief", "json", "text"))
r.row("peak memory, the largest of the four", "%.1f MiB" % (peak / 1024), "under 32 MiB", peak < 32 * 1024,
      "pkttrace show …")

os.unlink(log)
subprocess.run([sys.executable, os.path.join(here, "biglog.py"), str(lines * 10), log10], check=True)
peak10 = 0
for n in ("summary", "brief", "json"):
    took, rss = benchlib.once(real(cmds[n], log10), "/dev/null")
    peak10 = max(peak10, rss)
os.unlink(log10)
r.row("peak memory on a log ten times as long", "%.1f MiB" % (peak10 / 1024), "under 32 MiB", peak10 < 32 * 1024,
      "pkttrace show …")
sys.exit(1 if r.missed() else 0)
