#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_round.py CORPUS LVSCTL EVERY: save, clear, restore, save is the same file after each scenario.

CORPUS has runner.py and t/*.t; each scenario's own commands are run first, with LVSCTL in ipvsadm's
place. Saved as -Sn and as -Sn --full, restored by -R; as JSON, restored by apply.
"""
import os
import sys
import types

corpus, command, every = sys.argv[1], sys.argv[2], int(sys.argv[3])
sys.path.insert(0, corpus)
sys.dont_write_bytecode = True
import runner  # noqa: E402

ROUND = """
exec 2>&1
for how in -Sn '-Sn --full'; do
	ipvsadm $how >first && ipvsadm -C && ipvsadm -R --strict <first && ipvsadm $how >second &&
		cmp first second || { diff first second; exit 1; }
done
ipvsadm -S --json >json && ipvsadm -C && ipvsadm apply -q json && ipvsadm -Sn --full >third &&
	cmp second third || { diff second third; exit 1; }
ipvsadm diff json && ipvsadm diff second && wc -l <third
"""

shim = runner.shims(os.path.abspath(command))
options = types.SimpleNamespace(no_netns=False, timeout=60, ipvsadm="ipvsadm")
files = sorted(f for f in os.listdir(f"{corpus}/t") if f.endswith(".t"))[::every]
bad = 0
for name in files:
    _, commands = runner.parse(f"{corpus}/t/{name}")
    commands.append({"cmd": ROUND, "out": [], "rc": 0})
    last = runner.scenario(commands, options, shim)[-1]
    if last["rc"]:
        bad += 1
    print("ok  " if not last["rc"] else "FAIL", name, *last["out"], flush=True)
print(f"{len(files) - bad} of {len(files)} are the same")
sys.exit(bad != 0)
