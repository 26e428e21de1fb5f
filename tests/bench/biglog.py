#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""biglog.py LINES OUT [SEED]: a large kernel log made of captured packets.

Replays the TCP and UDP packets of the captured scenarios (tests/fixtures/trace)
with new IDs, sequence numbers and times; up to four are woven, as on a busy host.
"""
import glob
import json
import os
import random
import re
import sys

lines, out = int(sys.argv[1]), sys.argv[2]
rnd = random.Random(int(sys.argv[3]) if len(sys.argv) > 3 else 1)
here = os.path.dirname(os.path.abspath(__file__))

packets = []
for truth in sorted(glob.glob(os.path.join(here, "../fixtures/trace/*/truth.json"))):
    doc = json.load(open(truth))
    if doc.get("derived"):
        continue
    log = open(os.path.join(os.path.dirname(truth), "kern.log"), errors="replace").read().split("\n")
    for p in doc["packets"]:
        if p.get("checked") and p["steps"] and p["proto"] in ("tcp", "udp") and ":" not in p["src"]:
            packets.append([log[i - 1].split("TRACE: ", 1)[1] for i in p["lines"]])
if not packets:
    sys.exit("biglog: no captured packets in tests/fixtures/trace")

ID, SEQ = re.compile(r" ID=\d+"), re.compile(r"SEQ=\d+")
clock, count, woven = 1000000000, 0, []
with open(out, "w") as f:
    for _ in range(lines):
        while not woven or (len(woven) < 4 and rnd.random() < 0.5):
            count += 1
            new_id, new_seq = " ID=%d" % (count % 65535 + 1), "SEQ=%d" % rnd.randrange(1, 1 << 32)
            steps = []
            for line in rnd.choice(packets):
                head, tail = line.split(" PROTO=", 1)
                steps.append(ID.sub(new_id, head) + " PROTO=" + SEQ.sub(new_seq, tail))
            woven.append(steps)
        i = rnd.randrange(len(woven)) if rnd.random() < 0.2 else len(woven) - 1
        clock += rnd.randrange(8, 40)
        s, us = divmod(clock, 1000000)
        f.write("May %2d %02d:%02d:%02d gw1 kernel: [%6d.%06d] TRACE: %s\n" % (
            8 + s // 86400, s // 3600 % 24, s // 60 % 60, s % 60, s, us, woven[i].pop(0)))
        if not woven[i]:
            woven.pop(i)
