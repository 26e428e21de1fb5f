#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_change.py NAME...: mappings that come, go and change under traffic; namespaces; the module.

In the network of nat_net.bash; the module's file is in $LAB_NAT.
"""
import errno
import os
import socket
import subprocess
import threading
import time

from nat_file import NAT, flush, lines, put, read, rows, run_named, same, write
from nat_flow import A, B, B2, C, MAPPING, PORT
from nat_wire import Tap, flush_of, inside, listing, nat, sock

ADD, DEL = "+" + MAPPING["dst"], "-" + MAPPING["dst"]
OTHER = "%s %s dst\n" % (A, B2)


class Echo:
    """Answers every datagram at s, by a name."""

    def __init__(self, at, name):
        self.s, self.name, self.count = sock("s", bind=(at, PORT)), name, 0
        self.s.setsockopt(socket.SOL_SOCKET, 33, 16 << 20)
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def run(self):
        try:
            while True:
                data, peer = self.s.recvfrom(2000)
                self.count += 1
                if data != b"count":
                    self.s.sendto(self.name, peer)
        except OSError:
            pass


def asker():
    s = sock("c", bind=(C, 0))
    s.connect((A, PORT))
    return s


def ask(s):
    s.send(b"?")
    return s.recv(100)


def at_once():
    """Flows that began before a mapping, or before it changed, follow it at once."""
    one, two = Echo(B, b"one"), Echo(B2, b"two")
    s, tap = asker(), Tap("r", "o")
    for _ in range(3):
        s.send(b"lost")
        tap.until(lambda p: p.out and p.dst == A)	# goes where nobody is
        nat("r", ADD)
        same(ask(s), b"one", "added")
        nat("r", DEL + "+" + OTHER)
        same(ask(s), b"two", "replaced")
        nat("r", "-" + OTHER + ADD)
        same(ask(s), b"one", "replaced back")
        nat("r", DEL)
    same((one.count, two.count), (6, 3), "questions")


def none_lost():
    """A replacement is atomic for packets, too: each goes to the one or to the other."""
    one, two = Echo(B, b"one"), Echo(B2, b"two")
    nat("r", ADD)
    s, stop, sent = asker(), threading.Event(), 0
    same(ask(s), b"one", "neighbours are known")
    nat("r", DEL + "+" + OTHER)
    same(ask(s), b"two", "neighbours are known")
    nat("r", "-" + OTHER + ADD)

    def change():
        fill = lines(50)
        while not stop.is_set():
            nat("r", DEL + fill + "+" + OTHER)
            nat("r", "-" + OTHER + fill.replace("+", "-") + ADD)

    t = threading.Thread(target=change)
    t.start()
    end = time.monotonic() + 4
    while time.monotonic() < end:
        for _ in range(20):
            s.send(b"count")
            sent += 1
        time.sleep(0.01)
    stop.set()
    t.join()
    end = time.monotonic() + 20
    while one.count + two.count < sent + 2 and time.monotonic() < end:
        time.sleep(0.1)
    same(one.count + two.count, sent + 2, "datagrams")
    assert one.count > 20 and two.count > 20, (one.count, two.count)
    nat("r", DEL)


def connection():
    """A TCP connection lives through changes of others, and through its own mapping's absence."""
    nat("r", ADD)
    listener = sock("s", socket.SOCK_STREAM, bind=(B, PORT))
    listener.listen()
    client = sock("c", socket.SOCK_STREAM)
    client.connect((A, PORT))
    server, _ = listener.accept()
    for i in range(20):
        nat("r", lines(200))
        nat("r", "+8.8.8.8 %s dst\n" % B, "EEXIST")
        client.send(b"question")
        same(server.recv(100), b"question", "question")
        nat("r", lines(200, "-"))
        server.send(b"answer")
        same(client.recv(100), b"answer", "answer")
    time.sleep(0.5)	# the acknowledgement: without a mapping the answer would be sent again, as from B
    nat("r", DEL)
    client.send(b"later")	# is sent again until it comes through
    time.sleep(0.3)
    nat("r", "+%s %s src\n" % (B, A))	# said the other way round it is the same
    same(server.recv(100), b"later", "what was on its way")
    for s in client, server, listener:
        s.close()
    nat("r", "-%s %s src\n" % (B, A))


def counters():
    """A new mapping counts from 0; a change of others leaves the counters; 1:1 with packets."""
    Echo(B, b"one")
    nat("r", ADD)
    s = asker()
    for _ in range(5):
        ask(s)
    same(listing("r")["dst", A], (B, "STATIC", 5 * 29, 5), "5 of 29 bytes")
    same(listing("r")["src", B], (A, "AUTO", 5 * 31, 5), "5 of 31 bytes")
    nat("r", lines(100))
    nat("r", "+%s 9.9.9.9 dst\n" % A, "EEXIST")
    same(listing("r")["dst", A][3], 5, "still 5")
    nat("r", DEL + ADD)
    same(listing("r")["dst", A][3], 0, "a new one")
    nat("r", lines(100, "-") + DEL)


def isolation():
    """Each namespace has its own; a packet that passes two is translated by both."""
    names = "c", "n", "r", "m", "s"
    nat("r", ADD)
    nat("n", "+198.51.100.9 %s dst\n" % A)
    for name in names:
        want = {"r": {("dst", A), ("src", B)}, "n": {("dst", "198.51.100.9"), ("src", A)}}
        same(set(listing(name)), want.get(name, set()), "listing of " + name)
    Echo(B, b"one")
    with sock("c", bind=(C, 0)) as s:
        s.connect(("198.51.100.9", PORT))
        same(ask(s), b"one", "through two")
    with asker() as s:
        s.send(b"?")	# comes back from 198.51.100.9, which is not who was asked
        with Tap("c", "e").s:
            pass
    nat("n", "-198.51.100.9 %s dst\n" % A)
    with asker() as s:
        same(ask(s), b"one", "through one")
    same(listing("n"), {}, "empty")
    nat("r", DEL)


def leaving():
    """A namespace goes with its mappings, though its file is open, under traffic."""
    Echo(B, b"one")
    nat("r", ADD)
    with asker() as s:
        for i in range(4):
            subprocess.run(["ip", "netns", "add", "x"], check=True)
            with inside("x"):
                same(rows(), {}, "a new namespace's table")
                same(write(lines(2000)), 0, "2000")
                fd = os.open(NAT, os.O_RDWR)
                os.read(fd, 100)
            subprocess.run(["ip", "netns", "del", "x"], check=True)
            same(ask(s), b"one", "traffic elsewhere")
            end = time.monotonic() + 20
            while time.monotonic() < end:	# it goes when nobody looks
                try:
                    os.read(fd, 1000)
                    os.lseek(fd, 0, 0)
                    time.sleep(0.02)
                except OSError as e:
                    same(e.errno, errno.EIO, "the file of a namespace that is gone")
                    break
            else:
                raise AssertionError("the namespace did not go")
            same(put(fd, "+1.1.1.1 2.2.2.2 dst\n"), "EIO", "write")
            os.close(fd)
    nat("r", DEL)


def unload():
    """rmmod under traffic, with readers, writers and an open file; what comes next is empty."""
    Echo(B, b"one")
    stop = threading.Event()
    done = [0, 0, 0]

    def traffic():
        with sock("c", bind=(C, 0)) as s, sock("r") as own:
            while not stop.is_set():
                s.sendto(b"?" * 1000, (A, PORT))
                own.sendto(b"?", (A, PORT))
                done[0] += 1

    def control(at, work):
        with inside("r"):
            while not stop.is_set():
                try:
                    work()
                    done[at] += 1
                except (OSError, KeyError):
                    time.sleep(0.01)

    threads = [threading.Thread(target=traffic),
               threading.Thread(target=control, args=(1, read)),
               threading.Thread(target=control, args=(2, lambda: write(ADD) and write(DEL)))]
    for t in threads:
        t.start()
    for _ in range(3):
        with inside("r"):
            fd = os.open(NAT, os.O_RDWR)
            os.read(fd, 10)
            before = list(done)
            end = time.monotonic() + 30
            while any(a == b for a, b in zip(before, done)) and time.monotonic() < end:
                time.sleep(0.05)
            subprocess.run(["rmmod", "static_nat"], check=True)
            same(os.path.exists(NAT), False, "the file is gone")
            same(put(fd, ADD), "EIO", "a file that was open")
            os.close(fd)
            time.sleep(0.1)
            subprocess.run(["insmod", os.environ["LAB_NAT"]], check=True)
    stop.set()
    for t in threads:
        t.join()
    assert min(done) > 3, done
    with inside("r"):
        flush()
        same(read(), b"Source trans table:\n\nDestination trans table:\n", "empty")


if __name__ == "__main__":
    flush_of("r")
    run_named(globals())
