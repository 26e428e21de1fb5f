#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_stress.py SECONDS: writers, readers, namespaces that come and go, traffic, all at once.

In the network of nat_net.bash. Nothing of it may fail; the kernel's log is the harness's to judge.
"""
import os
import random
import subprocess
import sys
import threading
import time

from nat_change import ADD, DEL, Echo, asker
from nat_file import NAT, lines, rows, same, write
from nat_flow import A, B, PORT
from nat_wire import flush_of, inside, listing, nat, sock

stop = time.monotonic() + float(sys.argv[1])
counts, failures = {}, []


def worker(work, *arguments):
    name = " ".join(map(str, (work.__name__,) + arguments))
    counts[name] = 0
    try:
        while time.monotonic() < stop:
            work(*arguments)
            counts[name] += 1
    except BaseException as e:
        failures.append("%s: %r" % (name, e))
        raise


def writer(first, n):
    """So many of its own, all at once, and away again."""
    text = lines(n).replace("+11.", "+%d." % first).replace(" 12.", " %d." % (first + 1))
    nat("r", text)
    nat("r", text + "x\n", "EINVAL")
    nat("r", "+1.2.3.4 4.3.2.1 dst\n" + text, "EEXIST")
    nat("r", text.replace("+", "-"))


def reader(size):
    with inside("r"):
        fd = os.open(NAT, os.O_RDONLY)
    data = b""
    while part := os.read(fd, size):
        data += part
    os.close(fd)
    same(data.count(b"table:"), 2, "headings")
    same(b"From:%-15s To:" % A.encode() in data, True, "what stays")


def namespace(name):
    subprocess.run(["ip", "netns", "add", name], check=True)
    with inside(name):
        same(rows(), {}, "empty")
        same(write(lines(random.choice((0, 10, 3000)))) in (0,), True, "write")
    subprocess.run(["ip", "netns", "del", name], check=True)


def traffic(at, size):
    with sock(at) as s:
        for _ in range(50):
            s.sendto(b"?" * size, (A, PORT))
            s.sendto(b"?" * size, ("11.0.0.7", PORT))	# comes and goes
    time.sleep(0.01)


def answers(s):
    s.send(b"?")
    s.recv(100)


def main():
    Echo(B, b"one")
    nat("r", ADD)
    s = asker()
    s.settimeout(60)
    jobs = [(writer, 11, 1000), (writer, 21, 3000), (reader, 100), (reader, 65536), (namespace, "x1"),
            (namespace, "x2"), (traffic, "c", 100), (traffic, "r", 4000)]
    threads = [threading.Thread(target=worker, args=job) for job in jobs]
    for t in threads:
        t.start()
    while time.monotonic() < stop:
        time.sleep(5)
        with open(os.environ["LAB_OUT"] + "/progress", "a") as f:
            f.write("stress\n")
    for t in threads:
        t.join()
    same(failures, [], "failures")
    print(counts)
    assert min(counts.values()) >= 3, counts
    same(set(listing("r")), {("dst", A), ("src", B)}, "what is left")
    nat("r", DEL)


flush_of("r")
main()
