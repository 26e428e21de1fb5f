#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_stream.py CLIENT-NS SERVER-NS VIP SECONDS: one connection to VIP port 80 carries lines, each
with its number, for so long from SERVER-NS. Prints "begun" after the first, "whole" when none was
missing and none came later than LATE seconds after the one before."""
import ctypes
import os
import socket
import sys
import threading
import time

SECONDS, PAUSE, LATE = int(sys.argv[4]), 0.02, 4
FILL = b"." * 1000
libc = ctypes.CDLL(None, use_errno=True)


def enter(namespace):
    fd = os.open(f"/run/netns/{namespace}", os.O_RDONLY)
    if libc.setns(fd, 0):
        raise OSError(ctypes.get_errno(), f"setns {namespace}")
    os.close(fd)


def send_numbers(listener):
    connection, _ = listener.accept()
    end, n = time.monotonic() + SECONDS, 0
    while time.monotonic() < end:
        connection.sendall(b"%d %s\n" % (n, FILL))
        n += 1
        time.sleep(PAUSE)
    connection.sendall(b"end\n")
    connection.close()


enter(sys.argv[2])
server = socket.create_server(("0.0.0.0", 80))
threading.Thread(target=send_numbers, args=(server,), daemon=True).start()
enter(sys.argv[1])
with socket.create_connection((sys.argv[3], 80), timeout=10) as client:
    expected, last = 0, time.monotonic()
    for line in client.makefile():
        if line == "end\n":
            print("whole", flush=True)
            sys.exit(0)
        if int(line.split()[0]) != expected:
            sys.exit(f"got {line} in place of {expected}")
        if expected and time.monotonic() - last > LATE:
            sys.exit(f"{expected} came {time.monotonic() - last:.1f} s after the one before")
        last = time.monotonic()
        if expected == 0:
            print("begun", flush=True)
        expected += 1
sys.exit("cut off")
