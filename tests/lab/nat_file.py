# SPDX-License-Identifier: GPL-2.0-or-later
"""What the tests of /proc/net/static_nat share: the file, its listing, what a write answers."""
import ctypes
import errno
import os
import re
import sys

NAT = "/proc/thread-self/net/static_nat"
ROW = re.compile(r"^From:(\S+) *To:(\S+) *\[(STATIC|AUTO)\]  \[Bytes:(\d+)  Packet:(\d+)\]$")

libc = ctypes.CDLL(None, use_errno=True)
libc.write.argtypes = libc.read.argtypes = [ctypes.c_int, ctypes.c_void_p, ctypes.c_size_t]
libc.write.restype = libc.read.restype = ctypes.c_ssize_t

with open("/proc/cmdline") as cmdline:
    # how much longer something may take: in a kernel that watches its memory
    SLOW = 10 if "lab.slow" in cmdline.read().split() else 1


def read(path=NAT):
    with open(path, "rb", buffering=0) as f:
        return f.readall()


def write(data, path=NAT):
    """One write(2) by an open file of its own; 0 or the name of the error."""
    fd = os.open(path, os.O_WRONLY)
    try:
        return put(fd, data)
    finally:
        os.close(fd)


def put(fd, data):
    try:
        n = os.write(fd, data.encode() if isinstance(data, str) else data)
    except OSError as e:
        return errno.errorcode[e.errno]
    return 0 if n == len(data) else "only %d of %d" % (n, len(data))


def raw(call, fd, address, count):
    """read(2) or write(2) with any address: the result, or the name of the error."""
    n = call(fd, address, count)
    return n if n >= 0 else errno.errorcode[ctypes.get_errno()]


def rows(text=None):
    """The listing: {(table, from): (to, tag, bytes, packets)}. Strict about every byte of it."""
    text = (read() if text is None else text).decode()
    found, table = {}, None
    source, blank, destination = [], 0, []
    for line in text.splitlines():
        if line == "Source trans table:":
            same(table, None, "the first heading")
            table, into = "src", source
        elif line == "":
            same(table, "src", "the empty line")
            blank += 1
        elif line == "Destination trans table:":
            same((table, blank), ("src", 1), "the second heading")
            table, into = "dst", destination
        else:
            m = ROW.match(line)
            if not m:
                raise AssertionError("no row: %r" % line)
            a, b, tag, size, packets = m.groups()
            same(line, "From:%-15s To:%-15s    [%s]  [Bytes:%s  Packet:%s]"
                 % (a, b, tag, size, packets), "a row")
            same((table, a) in found, False, "twice the same row")
            found[table, a] = b, tag, int(size), int(packets)
            into.append((a, b, tag))
    same(table, "dst", "the last heading")
    other = {"STATIC": "AUTO", "AUTO": "STATIC"}
    same([(b, a, other[tag]) for a, b, tag in source], destination, "the halves")
    return found


def mappings():
    """{(from, to, direction)} of the [STATIC] rows."""
    return {(a, v[0], table) for (table, a), v in rows().items() if v[1] == "STATIC"}


def flush():
    text = "".join("-%s %s %s\n" % m for m in mappings())
    if text:
        same(write(text), 0, "flush")


def lines(n, sign="+", direction="dst"):
    """n mappings, 11.0.0.0 and up to 12.0.0.0 and up."""
    return "".join("%s11.%d.%d.%d 12.%d.%d.%d %s\n" % (sign, i >> 16, i >> 8 & 255, i & 255,
                   i >> 16, i >> 8 & 255, i & 255, direction) for i in range(n))


def same(got, want, what):
    if got != want:
        raise AssertionError("%s: %r, and not %r" % (what, got, want))


def run_named(functions, more=()):
    """Runs the functions named on the command line."""
    for name in sys.argv[1:]:
        dict(functions, **dict(more))[name]()
