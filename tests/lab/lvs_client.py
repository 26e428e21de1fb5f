#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_client.py {tcp|udp ADDRESS PORT COUNT}...: asks lvs_server.py, each time anew.

Prints an answer a line, sorted within a group, or "none". Sockets are connected: what does not come
from ADDRESS is no answer. `hold ADDRESS PORT FILE`: one TCP connection that asks without end, until
FILE is gone; then prints how many answers came, and from how many servers.
"""
import os
import socket
import sys
import time

TIMEOUT = float(os.environ.get("TIMEOUT", "5"))


def connect(kind, address, port):
    s = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET,
                      socket.SOCK_DGRAM if kind == "udp" else socket.SOCK_STREAM)
    s.settimeout(TIMEOUT)
    s.connect((address, int(port)))
    return s


def ask(s):
    s.send(b"?\n")
    return s.recv(65536).decode().strip()


def once(kind, address, port):
    try:
        with connect(kind, address, port) as s:
            return ask(s)
    except OSError:
        return "none"


def hold(address, port, file):
    count, names = 0, set()
    with connect("tcp", address, port) as s:
        while os.path.exists(file):
            names.add(ask(s).split()[0])
            count += 1
            if count == 1:
                print("holding", flush=True)
            time.sleep(0.01)
    print(f"answers: {'many' if count > 20 else count}, servers: {len(names)}", flush=True)


if sys.argv[1] == "hold":
    hold(*sys.argv[2:])
else:
    for i in range(1, len(sys.argv), 4):
        words = sys.argv[i:i + 4]
        print("\n".join(sorted(once(*words[:3]) for _ in range(int(words[3])))))
