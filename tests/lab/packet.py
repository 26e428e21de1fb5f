#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""packet.py LOG JSON [EXPRESSION VALUE]...: holds what pkttrace says of one packet against the log.

The steps must be the log's TRACE lines, no less, no more, in their order; then each EXPRESSION, in
which p is the packet and end its outcome, must be VALUE. Prints what differs; status 1.
"""
import json
import re
import sys


def differences(log, packets, wants):
    if len(packets) != 1:
        yield "%d packets, not 1" % len(packets)
        return
    p = packets[0]
    logged = re.findall(r"TRACE: (\S+)", log)
    shown = ["%(table)s:%(chain)s:%(event)s:%(number)d" % step for step in p["steps"]]
    if logged != shown:
        yield "logged %s\nshown  %s" % (" ".join(logged), " ".join(shown))
    for expression, value in zip(wants[::2], wants[1::2]):
        got = str(eval(expression, {"p": p, "end": p["outcome"]}))
        if got != value:
            yield "%s\n  is      %s\n  and not %s" % (expression, got, value)


def main():
    with open(sys.argv[1]) as log, open(sys.argv[2]) as shown:
        found = list(differences(log.read(), json.load(shown), sys.argv[3:]))
    print("\n".join(found), file=sys.stderr)
    return 1 if found else 0


sys.exit(main())
