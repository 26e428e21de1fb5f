#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_proc.py NAME...: /proc/net/static_nat as a language: what is taken, refused, with which errno.

Runs in a namespace of its own with an empty table, which each function leaves empty.
"""
import ctypes
import mmap
import os
import threading
import time
from functools import partial

from nat_file import (NAT, SLOW, flush, libc, lines, mappings, put, raw, read, rows, run_named,
                      same, write)

EMPTY = b"Source trans table:\n\nDestination trans table:\n"
GOOD = "+1.2.1.2 192.168.1.8 dst\n"

# Each is refused with EINVAL, as it stands and with a newline, alone and behind good lines.
MALFORMED = """
1.2.3.4 5.6.7.8 dst|*1.2.3.4 5.6.7.8 dst|++1.2.3.4 5.6.7.8 dst|+-1.2.3.4 5.6.7.8 dst
=1.2.3.4 5.6.7.8 dst| +1.2.3.4 5.6.7.8 dst|+ 1.2.3.4 5.6.7.8 dst|+|-|+ |- |+\t1.2.3.4 5.6.7.8 dst
+1.2.3.4|+1.2.3.4 |+1.2.3.4 5.6.7.8|+1.2.3.4 5.6.7.8 |+1.2.3.4 dst|+dst|+1.2.3.4  dst
+1.2.3.4  5.6.7.8 dst|+1.2.3.4 5.6.7.8  dst|+1.2.3.4\t5.6.7.8 dst|+1.2.3.4 5.6.7.8\tdst
+1.2.3.4,5.6.7.8,dst|+1.2.3.4 5.6.7.8 dst |+1.2.3.4 5.6.7.8 dst\t|+1.2.3.4 5.6.7.8 dst\r
+1.2.3.4 5.6.7.8 dst x|+1.2.3.4 5.6.7.8 dst dst|+1.2.3.4 5.6.7.8 dst src|+1.2.3.4 5.6.7.8 dst#
+1.2.3.4 5.6.7.8 xdst|+1.2.3.4 5.6.7.8 dstx|+1.2.3.4 5.6.7.8 srcdst|+1.2.3.4 5.6.7.8 dstsrc
+1.2.3.4 5.6.7.8 xsrc|+1.2.3.4 5.6.7.8 srcx|+1.2.3.4 5.6.7.8 DST|+1.2.3.4 5.6.7.8 Src
+1.2.3.4 5.6.7.8 d|+1.2.3.4 5.6.7.8 ds|+1.2.3.4 5.6.7.8 sr|+1.2.3.4 5.6.7.8 dest
+1.2.3.4 5.6.7.8 source|+1.2.3.4 5.6.7.8 both|+1.2.3.4 5.6.7.8 \0dst|+1.2.3.4 5.6.7.8 dst\0
+1.2.3 5.6.7.8 dst|+1.2.3. 5.6.7.8 dst|+1.2.3.4. 5.6.7.8 dst|+1.2.3.4.5 5.6.7.8 dst
+.1.2.3.4 5.6.7.8 dst|+1..3.4 5.6.7.8 dst|+1.2.3.4 5.6.7 dst|+1.2.3.4 5.6.7.8.9 dst
+1.2.3.256 5.6.7.8 dst|+256.2.3.4 5.6.7.8 dst|+1.2.3.4 5.6.7.256 dst|+1.2.3.4 300.6.7.8 dst
+1.2.3.1000 5.6.7.8 dst|+1.2.3.4294967300 5.6.7.8 dst|+1.2.3.-4 5.6.7.8 dst|+1.2.3.+4 5.6.7.8 dst
+01.2.3.4 5.6.7.8 dst|+1.02.3.4 5.6.7.8 dst|+1.2.3.004 5.6.7.8 dst|+1.2.3.4 5.6.7.08 dst
+1.2.3.4 00.6.7.8 dst|+0x1.2.3.4 5.6.7.8 dst|+1.2.3.a 5.6.7.8 dst|+1.2.3.4a 5.6.7.8 dst
+1.2.3.4/32 5.6.7.8 dst|+1.2.3.4 5.6.7.8/32 dst|+1.2.3.0/24 5.6.7.0/24 dst|+16909060 5.6.7.8 dst
+1.2.3.4:80 5.6.7.8 dst|+::1 5.6.7.8 dst|+::ffff:1.2.3.4 5.6.7.8 dst|+localhost 5.6.7.8 dst
+0.0.0.0 5.6.7.8 dst|+1.2.3.4 0.0.0.0 dst|+0.0.0.0 0.0.0.0 src|+1.2.3.4 1.2.3.4 dst
+1.2.3.4 1.2.3.4 src|-0.0.0.0 5.6.7.8 dst|-1.2.3.4 1.2.3.4 dst|-1.2.1.2 192.168.1.8 xdst
-1.2.1.2|-1.2.1.2 dst|-1.2.1.2 192.168.1.8|-1.2.1.2 192.168.1.8 dst x|# comment|flush|help
+1.2.3.4 5.6.7.8 dst +1.2.3.5 5.6.7.9 dst|+1.2.3.4 5.6.7.8 dst;+1.2.3.5 5.6.7.9 dst
+127.0.0.1 5.6.7.8 dst|+5.6.7.8 127.1.2.3 src|+224.0.0.1 5.6.7.8 dst|+5.6.7.8 239.9.9.9 dst
+255.255.255.255 255.255.255.254 dst.............................................................
\0|\x01|\x7f|\xff\xfe|\0\0\0\0|+1.2.3.4\0 5.6.7.8 dst|\xef\xbb\xbf+1.2.3.4 5.6.7.8 dst|\t\t| 
"""


def malformed():
    table = [w.encode().decode("unicode_escape").encode("latin-1")
             for line in MALFORMED.strip("\n").split("\n") for w in line.split("|")]
    assert len(table) >= 100 and len(set(table)) == len(table), len(table)
    same(write(GOOD), 0, "a good line")
    before = read()
    good = lines(3).encode()
    for w in table:
        for text in (w, w + b"\n", good + w, good + w + b"\n" + lines(2, "-").encode()):
            same(write(text), "EINVAL", "%r" % text)
    same(write(b"\n"), "EINVAL", "an empty line")
    same(write(GOOD.replace("+", "-") + "\n"), "EINVAL", "an empty line behind a good one")
    same(read(), before, "the table")
    flush()


def taken():
    """What is right: the ends of the range, every sign and direction, with and without newline."""
    for a, b in (("0.0.0.1", "255.255.255.255"), ("255.255.255.255", "0.0.0.1"),
                 ("10.0.0.0", "0.1.0.0"), ("126.255.255.255", "128.0.0.0"),
                 ("223.255.255.255", "240.0.0.0"),
                 ("192.168.100.200", "1.1.1.1"), ("100.10.1.0", "9.99.199.249")):
        for direction in "dst", "src":
            for end in "", "\n":
                text = "%s %s %s%s" % (a, b, direction, end)
                same(write("+" + text), 0, text)
                same(mappings(), {(a, b, direction)}, text)
                same(write("-" + text), 0, text)
    same(read(), EMPTY, "all deleted")
    same(write(b""), 0, "nothing")


def article():
    """The article's own two commands, by its own echo; its listing, byte for byte."""
    same(os.system("echo +1.2.1.2 192.168.1.8 dst >/proc/net/static_nat"), 0, "the first")
    same(os.system("echo +192.168.184.250 192.168.184.154 src >/proc/net/static_nat"), 0, "2nd")
    same(read(), b"""Source trans table:
From:192.168.1.8     To:1.2.1.2            [AUTO]  [Bytes:0  Packet:0]
From:192.168.184.250 To:192.168.184.154    [STATIC]  [Bytes:0  Packet:0]

Destination trans table:
From:1.2.1.2         To:192.168.1.8        [STATIC]  [Bytes:0  Packet:0]
From:192.168.184.154 To:192.168.184.250    [AUTO]  [Bytes:0  Packet:0]
""", "the listing")
    same(os.system("echo -1.2.1.2 192.168.1.8 dst >/proc/net/static_nat"), 0, "deleted")
    same(os.system("echo -192.168.184.250 192.168.184.154 src >/proc/net/static_nat"), 0, "2nd")
    same(read(), EMPTY, "the end")


def errors():
    """EEXIST and ENOENT, by a table: what is there, the line, its answer."""
    same(write("+1.1.1.1 2.2.2.2 dst\n+3.3.3.3 4.4.4.4 src\n"), 0, "two")
    before = read()
    for line, want in (
            ("+1.1.1.1 2.2.2.2 dst", "EEXIST"),	# the same
            ("+1.1.1.1 9.9.9.9 dst", "EEXIST"),	# its destination
            ("+9.9.9.9 2.2.2.2 dst", "EEXIST"),	# the source of its reverse entry
            ("+2.2.2.2 1.1.1.1 src", "EEXIST"),	# the same, said the other way round
            ("+2.2.2.2 9.9.9.9 src", "EEXIST"),	# source
            ("+9.9.9.9 1.1.1.1 src", "EEXIST"),	# the destination of its reverse entry
            ("+3.3.3.3 4.4.4.4 src", "EEXIST"), ("+3.3.3.3 9.9.9.9 src", "EEXIST"),
            ("+9.9.9.9 4.4.4.4 src", "EEXIST"), ("+4.4.4.4 3.3.3.3 dst", "EEXIST"),
            ("+4.4.4.4 9.9.9.9 dst", "EEXIST"), ("+9.9.9.9 3.3.3.3 dst", "EEXIST"),
            ("-1.1.1.1 2.2.2.2 src", "ENOENT"),	# the wrong direction
            ("-2.2.2.2 1.1.1.1 src", "ENOENT"),	# the [AUTO] side
            ("-1.1.1.1 9.9.9.9 dst", "ENOENT"),	# half of it: A alone is not enough
            ("-9.9.9.9 2.2.2.2 dst", "ENOENT"), ("-2.2.2.2 1.1.1.1 dst", "ENOENT"),
            ("-3.3.3.3 4.4.4.4 dst", "ENOENT"), ("-4.4.4.4 3.3.3.3 dst", "ENOENT"),
            ("-3.3.3.3 2.2.2.2 src", "ENOENT"), ("-9.9.9.9 8.8.8.8 dst", "ENOENT")):
        same(write(line), want, line)
        same(write("+7.7.7.7 8.8.8.8 dst\n" + line + "\n-7.7.7.7 8.8.8.8 dst\n"), want, line)
        same(read(), before, line)
    # addresses of one mapping in other places are no conflict
    chain = "+2.2.2.2 1.1.1.1 dst\n+5.5.5.5 1.1.1.1 dst\n"
    same(write(chain), "EEXIST", "two that become the same source")
    same(write("+2.2.2.2 1.1.1.1 dst\n+4.4.4.4 3.3.3.3 src\n"), 0, "the way back of both")
    flush()


def atomic():
    """Several lines in one write: all of them or none; each sees what those before it did."""
    same(write("+1.1.1.1 2.2.2.2 dst\n"), 0, "one")
    before = read()
    same(write("-1.1.1.1 2.2.2.2 dst\n+1.1.1.1 3.3.3.3 dst\n+1.1.1.1 4.4.4.4 dst\n"), "EEXIST",
         "the last of three")
    same(write("-1.1.1.1 2.2.2.2 dst\n-1.1.1.1 2.2.2.2 dst\n"), "ENOENT", "deleted twice")
    same(write("+5.5.5.5 6.6.6.6 dst\n+5.5.5.5 6.6.6.6 dst\n"), "EEXIST", "added twice")
    same(read(), before, "unchanged")
    same(write("+5.5.5.5 6.6.6.6 dst\n-5.5.5.5 6.6.6.6 dst\n"), 0, "came and went")
    same(read(), before, "unchanged")
    same(write("-1.1.1.1 2.2.2.2 dst\n+1.1.1.1 3.3.3.3 dst\n"), 0, "replaced")
    same(mappings(), {("1.1.1.1", "3.3.3.3", "dst")}, "replaced")
    same(write("-1.1.1.1 3.3.3.3 dst\n+1.1.1.1 3.3.3.3 dst\n-1.1.1.1 3.3.3.3 dst"), 0, "thrice")
    same(read(), EMPTY, "the end")
    text = lines(5000)
    same(write(text + "+11.0.0.0 1.1.1.1 dst\n"), "EEXIST", "5000, of which the last is wrong")
    same(write(text + "x\n"), "EINVAL", "5000, and no line")
    same(read(), EMPTY, "nothing")


def racing():
    """Of many that add the same at once one succeeds, of many that delete it one, each time."""
    answers = []
    gate = threading.Barrier(4)

    def work():
        fd = os.open(NAT, os.O_WRONLY)
        for i in range(60):
            gate.wait()
            answers.append((i, put(fd, "+1.1.%d.1 2.2.2.2 dst\n" % (i & 1) if i % 4 < 2 else
                                   "-1.1.%d.1 2.2.2.2 dst\n" % (i & 1))))
        os.close(fd)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    for i in range(60):
        got = sorted(str(a) for n, a in answers if n == i)
        want = (["0"] + ["EEXIST"] * 3, ["EEXIST"] * 4, ["0"] + ["ENOENT"] * 3, ["ENOENT"] * 4)
        same(got, want[i % 4], "step %d" % i)
    same(read(), EMPTY, "the end")


def order():
    """In the order in which they were added, in both halves; a deleted one leaves no gap."""
    same(write("+9.0.0.1 1.0.0.1 dst\n+1.0.0.2 9.0.0.2 src\n+5.0.0.3 5.0.0.4 dst\n"), 0, "three")
    same(list(rows()), [("src", "1.0.0.1"), ("src", "1.0.0.2"), ("src", "5.0.0.4"),
                        ("dst", "9.0.0.1"), ("dst", "9.0.0.2"), ("dst", "5.0.0.3")], "order")
    same(write("-1.0.0.2 9.0.0.2 src\n+1.0.0.2 9.0.0.2 src\n"), 0, "again")
    same([a for _, a in rows()][:3], ["1.0.0.1", "5.0.0.4", "1.0.0.2"], "order")
    flush()


def tail():
    """The end of a write: a short one's is the end of its line, a long one's may be its middle."""
    fd = os.open(NAT, os.O_WRONLY)
    same(put(fd, "+1.1.1.1 2.2.2.2 d"), "EINVAL", "a short write is no piece")
    same(put(fd, "st\n"), "EINVAL", "nor is the next")
    same(put(fd, "+1.1.1.1 2.2.2.2 dst"), 0, "a whole line without newline")
    same(put(fd, "+3.3.3.3 4.4.4.4 dst\n-1.1.1.1 2.2.2.2 dst\n"), 0, "two more")
    os.close(fd)
    flush()
    for size in 1024, 4096, 131072:	# stdio's, a page, cat's
        text = lines(2 * size // 24)
        fd = os.open(NAT, os.O_WRONLY)
        for at in range(0, len(text), size):
            same(put(fd, text[at:at + size]), 0, "%d of %d" % (at, size))
        os.close(fd)
        same(len(mappings()), text.count("\n"), "pieces of %d" % size)
        flush()
    text = lines(80)
    for cut in range(1030, 1056):	# at every place of a line
        fd = os.open(NAT, os.O_WRONLY)
        same(put(fd, text[:cut]), 0, "cut at %d" % cut)
        same(put(fd, text[cut:]), 0, "behind %d" % cut)
        os.close(fd)
        same(len(mappings()), 80, "cut at %d" % cut)
        flush()


def tail_close():
    """What is left at close is judged then: taken when it is a line, otherwise forgotten."""
    text = lines(400)
    end = len(text) - 1
    fd = os.open(NAT, os.O_WRONLY)
    same(put(fd, text[:end]), 0, "all but the newline")
    os.close(fd)
    same(len(mappings()), 400, "all")
    flush()
    fd = os.open(NAT, os.O_WRONLY)
    same(put(fd, text[:end - 2]), 0, "all but an end")
    same(len(mappings()), 399, "before close")
    os.close(fd)
    same(len(mappings()), 399, "after close")
    flush()
    # one file's tail is not another's
    one, two = os.open(NAT, os.O_WRONLY), os.open(NAT, os.O_WRONLY)
    same(put(one, text[:end - 2]), 0, "a piece")
    same(put(two, "st\n"), "EINVAL", "another's end")
    same(put(one, "st\n"), 0, "its own")
    same(len(mappings()), 400, "all")
    flush()
    # an error forgets the tail
    same(put(one, text[:end - 2]), 0, "a piece")
    same(put(one, "x\n"), "EINVAL", "no end")
    same(put(one, "st\n"), "EINVAL", "nothing to end")
    same(put(one, text[:-24] + "garbage"), "EINVAL", "the beginning of nothing")
    os.close(one)
    os.close(two)
    same(len(mappings()), 399, "the first piece's")
    flush()


def buffers():
    """The user's memory: read up to its end and no further, from nowhere else, never written."""
    page = mmap.PAGESIZE
    area = mmap.mmap(-1, 3 * page)
    base = ctypes.addressof(ctypes.c_char.from_buffer(area))
    same(libc.mprotect(ctypes.c_void_p(base), page, 0), 0, "mprotect")
    same(libc.mprotect(ctypes.c_void_p(base + 2 * page), page, 0), 0, "mprotect")
    fd = os.open(NAT, os.O_RDWR)
    for text in (GOOD, GOOD.replace("+", "-").strip()):		# up to the very end of a page
        area[2 * page - len(text):2 * page] = text.encode()
        same(raw(libc.write, fd, base + 2 * page - len(text), len(text)), len(text), text)
    same(read(), EMPTY, "added and deleted")
    area[page:page + 3] = b"\n\n\n"				# nothing to trim before it
    same(raw(libc.write, fd, base + page, 3), "EINVAL", "newlines at a page's beginning")
    area[page:2 * page] = (lines(200).encode())[:page]
    same(raw(libc.write, fd, base + page, 2 * page), "EFAULT", "half of it is not there")
    same(raw(libc.write, fd, None, 10), "EFAULT", "NULL")
    same(raw(libc.write, fd, base, 10), "EFAULT", "a page without access")
    same(raw(libc.write, fd, 0xffff888000000000, 10), "EFAULT", "the kernel's")
    same(raw(libc.read, fd, base, 10), "EFAULT", "read to a page without access")
    same(read(), EMPTY, "nothing")
    same(raw(libc.read, fd, base + page, page), len(EMPTY), "and the file still reads")
    os.close(fd)


def beside(work, other):
    """What work() returns; meanwhile other(busy) runs."""
    got = []
    thread = threading.Thread(target=lambda: got.append(work()))
    thread.start()
    other(thread.is_alive)
    thread.join()
    return got[0]


def many():
    """100,000 in one write, listed, refused again, deleted in one write: in seconds."""
    text, took, waits = lines(100000), [], []

    def timed(what, f, *args):
        begin = time.monotonic()
        result = f(*args)
        took.append((what, time.monotonic() - begin))
        return result

    def others(busy):
        """What the long write does not touch is changed meanwhile."""
        while busy():
            for sign in "+-":
                begin = time.monotonic()
                same(write(sign + "3.3.3.3 4.4.4.4 dst"), 0, "beside it")
                waits.append(time.monotonic() - begin)

    def heir(busy):
        """What it does touch has to wait for its end."""
        while (answer := write("+11.0.0.0 9.9.9.9 dst")) == "EEXIST":
            pass
        same((answer, mappings()), (0, {("11.0.0.0", "9.9.9.9", "dst")}), "after it")

    same(beside(partial(timed, "add", write, text), others), 0, "100,000")
    assert max(waits) < took[0][1] / 3, "a long write keeps others out"
    data = timed("list", read)
    same(data.count(b"\n"), 200003, "rows")
    last = b"From:%-15s To:%-15s    [%s]  [Bytes:0  Packet:0]\n"
    assert last % (b"12.1.134.159", b"11.1.134.159", b"AUTO") + b"\n" in data, "the last source"
    assert data.endswith(last % (b"11.1.134.159", b"12.1.134.159", b"STATIC")), data[-200:]
    same(timed("refuse", write, "+1.1.1.1 2.2.2.2 dst\n" + text), "EEXIST", "again")
    same(timed("replace", write, text.replace("+", "-") + text), 0, "replaced by the same")
    same(beside(partial(timed, "delete", write, text.replace("+", "-")), heir), 0, "deleted")
    same(write("-11.0.0.0 9.9.9.9 dst"), 0, "the heir")
    same(read(), EMPTY, "the end")
    print(", ".join("%s %.1f s" % t for t in took), "others waited %.2f s" % max(waits))
    assert all(seconds < 20 * SLOW for _, seconds in took), took


if __name__ == "__main__":
    run_named(globals())
