#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_read.py NAME...: /proc/net/static_nat as a file: reading it in any pieces, and who may write.

Runs in a namespace of its own with an empty table, which each function leaves empty.
"""
import collections
import ctypes
import mmap
import os
import random
import socket
import stat
import subprocess
import sys
import threading

from nat_file import (NAT, flush, libc, lines, mappings, put, raw, read, rows, run_named, same,
                      write)

GOOD = "+1.2.1.2 192.168.1.8 dst\n"


def pieces(size, fd=None, still=True):
    own = os.open(NAT, os.O_RDONLY) if fd is None else fd
    parts = []
    while part := os.read(own, size):
        assert len(part) <= size
        parts.append(part)
    if still:	# what is added goes behind the end
        same(os.read(own, size), b"", "read at the end, again")
    if fd is None:
        os.close(own)
    return b"".join(parts)


def chunks():
    """Pieces of any size are the same bytes."""
    for n in 0, 1, 60:
        same(write(lines(n)), 0, n)
        whole = read()
        for size in 1, 7, 61, 128, 4095, 4096, 4097, 1 << 20:
            same(pieces(size), whole, "%d rows in pieces of %d" % (n, size))
        flush()
    same(write(lines(3000)), 0, "3000")
    whole = read()
    for size in 61, 127, 1000, 4096, 65536, 1 << 24:
        same(pieces(size), whole, "3000 in pieces of %d" % size)
    flush()


def anywhere():
    """lseek and pread to anywhere."""
    same(write(lines(500)), 0, "500")
    whole = read()
    fd = os.open(NAT, os.O_RDONLY)
    rng = random.Random(6)
    for at in [0, 1, len(whole) - 1, len(whole), len(whole) + 100, 4096, 8192] + [
            rng.randrange(len(whole)) for _ in range(40)]:
        for size in 1, 77, 5000:
            got = b""	# a read may give less than was asked for
            while len(got) < size and (part := os.pread(fd, size - len(got), at + len(got))):
                got += part
            same(got, whole[at:at + size], "pread %d at %d" % (size, at))
        same(os.lseek(fd, at, os.SEEK_SET), at, "lseek")
        same(os.read(fd, 50)[:20], whole[at:at + 20], "read at %d" % at)
    os.lseek(fd, 0, os.SEEK_SET)
    same(pieces(999, fd), whole, "from the beginning")
    os.lseek(fd, 0, os.SEEK_SET)
    same(pieces(4096, fd), whole, "and once more")
    flush()
    os.close(fd)


def readers():
    """A reader holds no state but its own: several at once, ends not reached, a fork's."""
    same(write(lines(300)), 0, "300")
    whole = read()
    fds = [os.open(NAT, os.O_RDONLY) for _ in range(3)]
    got = [b""] * 3
    for _ in range(len(whole) // 50 + 2):
        for i, size in enumerate((50, 131, 4096)):
            got[i] += os.read(fds[i], size)
    same(got, [whole] * 3, "three, by turns")
    half = os.open(NAT, os.O_RDONLY)
    os.read(half, 100)	# one that goes in its middle
    os.close(half)
    same(read(), whole, "another begins at the beginning")
    results = []
    threads = [threading.Thread(target=lambda: results.append([read() for _ in range(20)]))
               for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    same({data for r in results for data in r}, {whole}, "four threads")
    flush()
    for fd in fds:
        os.close(fd)


def moving():
    """What is there all the time is listed once, whatever comes and goes meanwhile."""
    same(write(lines(400)), 0, "400")
    stay = {m for i, m in enumerate(sorted(mappings())) if i % 2}
    go = ["%s %s %s\n" % m for m in sorted(mappings() - stay)]
    stop = threading.Event()

    def change():
        while not stop.is_set():
            same(write("".join("-" + m for m in go)), 0, "delete")
            same(write("".join("+" + m for m in go)), 0, "add")

    t = threading.Thread(target=change)
    t.start()
    try:
        for size in 61, 1000, 4096:
            for _ in range(5):
                found = collections.Counter(
                    row.split()[0] for row in pieces(size, still=False).decode().split("\n") if row)
                for table, at in (("src", 1), ("dst", 0)):
                    for m in stay:
                        same(found["From:" + m[at]], 1, "%s in %s" % (m[at], table))
                same((found["Source"], found["Destination"]), (1, 1), "headings")
    finally:
        stop.set()
        t.join()
    flush()


def sizes():
    """Memory is not the reader's to ask for: a read of a gigabyte, a write of one."""
    area = mmap.mmap(-1, 1 << 30, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000)
    base = ctypes.addressof(ctypes.c_char.from_buffer(area))
    same(write(lines(1000)), 0, "1000")
    whole = read()
    fd = os.open(NAT, os.O_RDWR)
    n = raw(libc.read, fd, base, 1 << 30)
    assert isinstance(n, int) and 0 < n <= len(whole), n
    same(area[:n], whole[:n], "what it read")
    same(raw(libc.write, fd, base + (1 << 29), 1 << 29), "EINVAL", "half a gigabyte of zeros")
    same(read(), whole, "unchanged")
    os.close(fd)
    flush()


def mode():
    """0644, root's; no directory, no other name; opens in every way that its mode allows."""
    s = os.stat("/proc/self/net/static_nat")
    same(stat.filemode(s.st_mode), "-rw-r--r--", "mode")
    same((s.st_uid, s.st_gid), (0, 0), "owner")
    for flags in os.O_RDONLY, os.O_WRONLY, os.O_RDWR, os.O_WRONLY | os.O_TRUNC, \
            os.O_WRONLY | os.O_APPEND, os.O_WRONLY | os.O_CREAT:
        os.close(os.open(NAT, flags))
    fd = os.open(NAT, os.O_WRONLY | os.O_APPEND)
    same(put(fd, GOOD), 0, "append")
    same(put(fd, GOOD), "EEXIST", "append")
    os.close(fd)
    fd = os.open(NAT, os.O_RDWR)
    same(len(os.read(fd, 10)), 10, "a piece")
    same(put(fd, GOOD.replace("+", "-")), 0, "read and written")
    os.close(fd)
    for call in (lambda: os.write(os.open(NAT, os.O_RDONLY), b"x"),
                 lambda: os.read(os.open(NAT, os.O_WRONLY), 1)):
        try:
            call()
            raise AssertionError("not refused")
        except OSError as e:
            same(e.errno, 9, "EBADF")


def as_user(*arguments, stdin=None, stdout=None):
    """Runs this file's child part by setpriv; its exit status."""
    return subprocess.run(["setpriv", *arguments, sys.executable, __file__, "child"],
                          stdin=stdin, stdout=stdout, check=False).returncode


NOBODY = ("--reuid", "65534", "--regid", "65534", "--clear-groups")
NO_ADMIN = ("--bounding-set", "-net_admin", "--inh-caps", "-all")


def rights():
    """Only CAP_NET_ADMIN over the namespace may write, whoever opened it; anyone may read."""
    same(write("+9.9.9.9 8.8.8.8 dst\n"), 0, "one")
    before = read()
    ours = os.open(NAT, os.O_RDWR)
    same(as_user(*NOBODY, stdin=ours), 0b0110, "nobody: may not open, not write to ours")
    same(as_user(*NO_ADMIN, stdin=ours), 0b1010, "root without the capability: EPERM twice")
    same(subprocess.run(["unshare", "-Ur", sys.executable, __file__, "child"], stdin=ours,
                        check=False).returncode, 0b1010, "root of another user namespace")
    same(subprocess.run(["unshare", "-Urn", sys.executable, __file__, "own"],
                        check=False).returncode, 0, "root of its own")
    os.close(ours)
    here, there = socket.socketpair()	# opened without the right, handed to one that has it
    subprocess.run(["setpriv", *NO_ADMIN, sys.executable, __file__, "hand_over"], stdin=there,
                   check=True)
    fd = socket.recv_fds(here, 1, 1)[1][0]
    same(put(fd, GOOD), "EPERM", "a file that another one opened")
    os.close(fd)
    same(read(), before, "unchanged")
    flush()


def child():
    """Exit status: 1 read failed, 2 write to stdin: EPERM, 4 open to write: EACCES, 8 own: EPERM"""
    status = 0
    try:
        assert b"9.9.9.9" in read("/proc/self/net/static_nat")
    except OSError:
        status |= 1
    if put(0, GOOD) == "EPERM":
        status |= 2
    try:
        if write(GOOD) == "EPERM":
            status |= 8
    except PermissionError:
        status |= 4
    sys.exit(status)


def hand_over():
    there = socket.socket(fileno=0)
    socket.send_fds(there, [b"x"], [os.open(NAT, os.O_WRONLY)])


def own():
    same(rows(), {}, "an empty table")
    same(os.stat(NAT).st_uid, 0, "root's")
    same(write(GOOD), 0, "write")
    same(mappings(), {("1.2.1.2", "192.168.1.8", "dst")}, "written")


if __name__ == "__main__":
    run_named(globals())
