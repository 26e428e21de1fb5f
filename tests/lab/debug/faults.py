#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""faults.py WHAT [ARGUMENT...]: static_nat when the kernel has no memory for it.

changes, readings, namespaces, module: each allocation of each of them fails once, by turns; what
fails says so and has changed nothing. suite FILE NAME...: the functions of another file's, each of
whose changes fails some times before it comes to be.

By /proc/thread-self/fail-nth (the kernel's fault-injection.rst): the Nth allocation of this thread
from now on fails. In a namespace of its own with an empty table; suite: where FILE wants to be.
"""
import ctypes
import errno
import os
import runpy
import struct
import subprocess
import sys
import threading

LAB = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, LAB)
import nat_file  # noqa: E402
import nat_netlink as nl  # noqa: E402
from nat_file import lines, read, same  # noqa: E402

NO_MEMORY = {"ENOMEM", "ENOBUFS"}
CLONE_NEWNET = 0x40000000
FINIT_MODULE = 313
real_write, real_ask = nat_file.write, nl.Family.ask
own = threading.local()
libc = ctypes.CDLL(None, use_errno=True)


def fail_everywhere():
    """Also where the kernel would wait for memory; and without a word in its log."""
    if not os.path.isdir("/sys/kernel/debug/failslab"):     # `ip netns exec` has a /sys of its own
        subprocess.run(["mount", "-t", "debugfs", "debugfs", "/sys/kernel/debug"], check=True)
    for kind in "failslab", "fail_page_alloc":
        for name, value in ("ignore-gfp-wait", "N"), ("verbose", "0"):
            with open("/sys/kernel/debug/%s/%s" % (kind, name), "w") as f:
                f.write(value)
    with open("/sys/kernel/debug/fail_page_alloc/min-order", "w") as f:
        f.write("0")


def failing(n, work):
    """(what work returned or the name of its error, how many allocations were left to the nth)"""
    if not hasattr(own, "fd"):
        own.fd = os.open("/proc/thread-self/fail-nth", os.O_RDWR)
    os.pwrite(own.fd, b"%d" % n, 0)
    try:
        got = work()
    except OSError as e:
        got = errno.errorcode[e.errno]
    left = int(os.pread(own.fd, 20, 0))
    os.pwrite(own.fd, b"0", 0)
    return got, left


def tries(first=1):
    """Each of the first ones; of many, some."""
    n = first
    while True:
        yield n
        n += 1 if n < first + 40 else n // 4


def sign_of_life():
    with open(os.environ["LAB_OUT"] + "/progress", "a") as f:
        f.write("x")


def attributes(data, at, end):
    while at < end:
        size, kind = struct.unpack_from("HH", data, at)
        yield kind & 0x3fff, at + 4, at + size
        at += (size + 3) & ~3


def table(family):
    """The mappings, as netlink tells them; without their numbers and counters."""
    found = set()
    for m in real_ask(family, nl.GET, b"", nl.DUMP):
        for kind, at, end in attributes(m, 20, len(m)):
            if kind == nl.MAPPING:
                found.add(tuple(m[a - 4:b] for k, a, b in attributes(m, at, end)
                                if k <= nl.MODE))
    return found


MANY = 300
ONE, NEW = "+9.9.9.9 8.8.8.8 dst\n", "-9.9.9.9 8.8.8.8 dst\n+9.9.9.9 7.7.7.7 dst\n"
PREFIX = nl.mapping("198.51.100.0", "10.0.0.0", nl.u8(nl.PREFIXLEN, 24))
NPT = nl.mapping("2001:db8::", "fd00::", nl.u8(nl.PREFIXLEN, 48), nl.u8(nl.MODE, 1))
DEV = nl.mapping("198.51.100.1", "10.0.0.1", nl.u32(nl.IFINDEX, 1))
OTHER = nl.mapping("198.51.100.0", "10.9.9.0", nl.u8(nl.PREFIXLEN, 24))
STAGED = nl.attr(nl.STAGED)

# What is there before, and the change: text for /proc, or netlink commands.
CHANGES = [
    ("a line", [ONE], [lines(1)]),
    ("%d lines" % MANY, [ONE], [lines(MANY)]),
    ("%d deletions" % MANY, [ONE + lines(MANY)], [lines(MANY, "-")]),
    ("replaced by a write", [ONE], [NEW]),
    ("a prefix", [], [(nl.ADD, PREFIX)]),
    ("NPTv6", [ONE], [(nl.ADD, NPT)]),
    ("an interface's", [ONE], [(nl.ADD, DEV)]),
    ("three in a message", [], [(nl.ADD, PREFIX + NPT + DEV)]),
    ("deletion", [(nl.ADD, PREFIX + NPT)], [(nl.DEL, NPT)]),
    ("replaced", [(nl.ADD, PREFIX)], [(nl.ADD, OTHER + nl.attr(nl.REPLACE))]),
    ("flush", [ONE + lines(MANY), (nl.ADD, NPT)], [(nl.FLUSH, b"")]),
    ("flush of a family", [ONE, (nl.ADD, NPT)], [(nl.FLUSH, nl.nest(nl.u8(nl.FAMILY, 10)))]),
    ("another table", [ONE + lines(MANY)], [(nl.BEGIN, b""), (nl.ADD, PREFIX + NPT + STAGED),
                                            (nl.ADD, DEV + STAGED), (nl.COMMIT, b"")]),
]


def do(family, steps):
    for step in steps:
        if isinstance(step, tuple):
            real_ask(family, *step)
        else:
            got = real_write(step)
            if got:
                return got
    return 0


def reset(family, steps):
    try:
        real_ask(family, nl.ABORT)
    except OSError as e:
        same(e.errno, errno.ENOENT, "no table is staged")
    real_ask(family, nl.FLUSH)
    same(do(family, steps), 0, "what is there before")


def changes():
    family = nl.Family()
    for name, before, steps in CHANGES:
        reset(family, before)
        old, failed, left = table(family), 0, 0
        for n in tries():
            got, left = failing(n, lambda: do(family, steps))
            now = table(family)
            if got:
                same(not left and got in NO_MEMORY, True, "%s, %d: %s" % (name, n, got))
                failed += 1
                # ENOBUFS: done, and no memory for the answer
                same(got == "ENOBUFS" or now == old, True, "%s, %d: table untouched" % (name, n))
            else:
                same(now == old, False, "%s, %d: table changed" % (name, n))
            if left:
                break
            reset(family, before)
            sign_of_life()
        print("%s: %d allocations, %d tries failed" % (name, n - left, failed))
        assert failed, name
    reset(family, [])


def readings():
    """As much as there is, or an error."""
    family = nl.Family()
    reset(family, [lines(MANY), (nl.ADD, NPT)])
    whole, dump = read(), table(family)
    for name, work, want in (("listing", read, whole), ("dump", lambda: table(family), dump),
                             ("stats", lambda: len(real_ask(family, nl.STATS, b"", 0)), 1)):
        for n in tries():
            got, left = failing(n, work)
            same(got == want or (not left and got in NO_MEMORY), True, "%s, %d" % (name, n))
            if got != want:     # what is left of an answer that was cut
                family = nl.Family()
            if left:
                break
        print("%s: %d allocations" % (name, n - left))
    reset(family, [])


def in_child(n, work):
    """The same as failing(), in a process of its own."""
    r, w = os.pipe()
    pid = os.fork()
    if not pid:
        os.write(w, repr(failing(n, work)).encode())
        os._exit(0)
    os.close(w)
    with open(r) as f:
        got = f.read()
    os.waitpid(pid, 0)
    return eval(got)


def syscall(call, *arguments):
    if call(*arguments) < 0:
        raise OSError(ctypes.get_errno(), "")
    return 0


def last_ones(name, work, undo, count):
    """Of something long, in which static_nat comes at the end: its last allocations."""
    most = 1000000
    got, left = in_child(most, work)
    same((got, left > 0), (0, True), name)
    undo()
    total, failed = most - left, 0
    for n in range(max(1, total - count), total + 50):
        got, left = in_child(n, work)
        if not got:
            undo()
        same(not got or (not left and got in NO_MEMORY), True, "%s, %d: %s" % (name, n, got))
        failed += bool(got)
        sign_of_life()
    print("%s: %d allocations, of the last %d failed %d" % (name, total, count, failed))
    assert failed > 5, name


def namespaces():
    last_ones("a namespace", lambda: syscall(libc.unshare, CLONE_NEWNET), lambda: None, 60)


def module():
    """Loading it, with the namespaces that there are; it is not loaded before nor afterwards."""
    fd = os.open(os.environ["LAB_NAT"], os.O_RDONLY)
    last_ones("the module", lambda: syscall(libc.syscall, FINIT_MODULE, fd, b"", 0),
              lambda: subprocess.run(["rmmod", "static_nat"], check=True), 80)


GENL_ID_CTRL = 16
refused_for_memory = []	# in suite: the n of each failing() that was


def stubborn_write(data, path=nat_file.NAT):
    for n in list(range(1, 13)) + [25, 100, 400]:
        alone = threading.active_count() == 1
        before = read() if alone else None
        got, left = failing(n, lambda: real_write(data, path))
        if left or got != "ENOMEM":
            return got
        refused_for_memory.append(n)
        if alone:
            same(read(), before, "without memory: the table")
    return real_write(data, path)


def stubborn_ask(family, command, data=b"", flags=nl.ACK):
    if family.number == GENL_ID_CTRL:	# it is only asked for its number yet
        return real_ask(family, command, data, flags)
    refused = None
    for n in list(range(1, 13)) + [25, 100, 400]:
        before = table(family)

        def work():
            nonlocal refused
            refused = None
            try:
                return real_ask(family, command, data, flags)
            except OSError as e:
                refused = e
                raise
        got, left = failing(n, work)
        if left or isinstance(got, list) or got not in NO_MEMORY:
            if refused:
                raise refused
            return got
        refused_for_memory.append(n)
        if table(family) != before:
            return []
    return real_ask(family, command, data, flags)


def suite(file, *arguments):
    nat_file.write, nl.Family.ask = stubborn_write, stubborn_ask
    if file == "nat_netlink":
        same(nl.main(), 0, file)
    else:
        sys.argv[:] = [os.path.join(LAB, file + ".py"), *arguments]
        runpy.run_path(sys.argv[0], run_name="__main__")
    print("%d changes failed for want of memory" % len(refused_for_memory))
    assert refused_for_memory


if __name__ == "__main__":
    fail_everywhere()
    {f.__name__: f for f in (changes, readings, namespaces, module, suite)}[sys.argv[1]](*sys.argv[2:])
