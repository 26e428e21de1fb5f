#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_stream.py CLIENT-NS SERVER-NS VIP: one connection to VIP port 80 carries numbers for some
seconds from SERVER-NS. Prints "begun" after the first, "whole" when none was missing."""
import ctypes
import os
import socket
import sys
import threading
import time

SECONDS, PAUSE = 12, 0.05
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
        connection.sendall(b"%d\n" % n)
        n += 1
        time.sleep(PAUSE)
    connection.sendall(b"end\n")
    connection.close()


enter(sys.argv[2])
server = socket.create_server(("0.0.0.0", 80))
threading.Thread(target=send_numbers, args=(server,), daemon=True).start()
enter(sys.argv[1])
with socket.create_connection((sys.argv[3], 80), timeout=10) as client:
    expected = 0
    for line in client.makefile():
        if line == "end\n":
            print("whole", flush=True)
            sys.exit(0)
        if int(line) != expected:
            sys.exit(f"got {line} in place of {expected}")
        if expected == 0:
            print("begun", flush=True)
        expected += 1
sys.exit("cut off")
