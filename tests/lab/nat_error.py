#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_error.py NAME...: ICMP errors about translated packets, and the router's own traffic.

In the network of nat_net.bash. An error must come to the socket that sent the packet, and quote it
as it was sent: the kernel finds the socket by the quoted addresses and ports, and nothing else.
"""
import contextlib
import errno
import os
import socket
import struct
import subprocess
import time

from nat_file import run_named, same
from nat_flow import A, B, C, MAPPING, PORT, each_mapping, hardware, raw, stream
from nat_wire import (ICMP, TCP, TIMEOUT, UDP, Taps, conntrack_count, counted, csum, flush_of,
                      icmp_socket, inside, ip, listing, nat, ping, sock, socket_error, udp)

R_OUT, R_IN, M, N = "192.0.2.254", "10.1.0.254", "10.1.0.1", "192.0.2.1"
CLOSED = 9


def asking(name, at, target, port=CLOSED, **options):
    s = sock(name, bind=(at, 0))
    s.setsockopt(0, 11, 1)	# IP_RECVERR
    s.setsockopt(0, 10, options.get("df", 0))
    s.setsockopt(0, 2, options.get("ttl", 64))
    s.connect((target, port))
    return s


def refused():
    """Port unreachable: ECONNREFUSED at the socket that asked, at no other."""
    for on in 1, 0:
        hardware(on)
        for _ in each_mapping():
            taps = Taps()
            for name, at, target in ("c", C, A), ("s", B, C):
                with asking(name, at, target) as s, asking(name, at, target, CLOSED + 1) as other:
                    s.send(b"anyone there")
                    same(socket_error(s), (errno.ECONNREFUSED, 3, 3, 0, target, target), "error")
                    same(other.getsockopt(1, 4), 0, "another socket")
            # without IP_RECVERR, as most programs see it
            with sock("c") as s:
                s.connect((A, CLOSED))
                s.send(b"x")
                try:
                    s.recv(1)
                    raise AssertionError("an answer")
                except ConnectionRefusedError:
                    pass
            time.sleep(0.1)
            seen = taps.check([A], [B])
            errors = [p for p in seen["c", "e"] if p.inner and not p.out]
            same([(p.src, p.dst, p.inner.src, p.inner.dst, p.inner.whole) for p in errors],
                 [(A, C, C, A, True)] * 2, "what c was told")
    hardware(1)


def connect_status(name, target):
    """errno of a connect that waits in the kernel.

    One that polls may be told 0: tcp_v4_err() queues the ICMP error, which wakes who polls, before
    it sets what SO_ERROR reads (net/ipv4/tcp_ipv4.c).
    """
    with sock(name, socket.SOCK_STREAM) as s:
        s.settimeout(None)
        s.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack("ll", TIMEOUT, 0))
        return s.connect_ex((target, CLOSED))


@contextlib.contextmanager
def unreachable(name, target):
    route = ["unreachable", target]
    subprocess.run(["ip", "-n", name, "route", "add"] + route, check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "-n", name, "route", "del"] + route, check=True)


def tcp_refused():
    """A reset, and an ICMP error for a SYN that is filtered by m."""
    for _ in each_mapping():
        for name, target in ("c", A), ("s", C):
            same(connect_status(name, target), errno.ECONNREFUSED, "reset")
    with unreachable("m", B):
        for _ in each_mapping():
            same(connect_status("c", A), errno.EHOSTUNREACH, "host unreachable")


def exceeded():
    """TTL exceeded, by each router on the way, this one too."""
    for _ in each_mapping():
        taps = Taps()
        for name, at, target, hops in (("c", C, A, ("203.0.113.254", R_OUT, M)),
                                       ("s", B, C, ("10.0.0.254", R_IN, N))):
            for ttl, hop in enumerate(hops, 1):
                with asking(name, at, target, ttl=ttl) as s:
                    s.send(b"how far")
                    same(socket_error(s), (errno.EHOSTUNREACH, 11, 0, 0, hop, target),
                         "%s, hop %d" % (name, ttl))
        time.sleep(0.1)
        taps.check([A], [B])


def mtu(value, *ends):
    for name, dev in ends:
        subprocess.run(["ip", "-n", name, "link", "set", dev, "mtu", str(value)], check=True)


def forget():
    for name in "c", "s", "r":
        subprocess.run(["ip", "-n", name, "route", "flush", "cache"], check=True)


def too_big(name, at, target, size, want, hop):
    with asking(name, at, target, PORT, df=2) as s:
        s.send(os.urandom(size - 28))
        same(socket_error(s), (errno.EMSGSIZE, 3, 4, want, hop, target), "need-frag by " + hop)
        same(s.getsockopt(0, 14), want, "IP_MTU")


def known_mtu(name, target):
    with sock(name) as s:
        s.connect((target, PORT))
        return s.getsockopt(0, 14)


def pmtu():
    """Need-frag: the path's MTU is known at the sender, for the address that it sent to."""
    links = (1400, ("m", "s"), ("s", "e")), (1450, ("r", "o"), ("n", "r")), \
            (1300, ("n", "c"), ("c", "e"))
    for _ in each_mapping():
        taps = Taps()
        for link in links[:2]:
            mtu(*link)
        too_big("c", C, A, 1500, 1450, "203.0.113.254")
        too_big("c", C, A, 1450, 1400, M)
        mtu(*links[2])
        mtu(1350, *links[1][1:])
        too_big("s", B, C, 1400, 1350, R_IN)	# this router's own error
        too_big("s", B, C, 1350, 1300, N)
        time.sleep(0.1)
        taps.check([A], [B])
        # TCP finds out by itself, and gets through; neither end's own link tells of 1350
        mtu(1500, *links[2][1:])
        for way in ("c", C, "s", B, A, C), ("s", B, "c", C, C, A):
            forget()
            same(known_mtu("c", A), 1500, "IP_MTU of c")
            stream(TCP, os.urandom(200000), *way)
            same((known_mtu("c", A), known_mtu("s", C)), (1350, 1350), "IP_MTU of c, of s")
        for _, *ends in links:
            mtu(1500, *ends)
        forget()


def error_itself():
    """Errors with the quoted packet's checksum, with options, of fragments; the other kinds."""
    nat("r", "+" + MAPPING["dst"])
    fixed = lambda m: m[:2] + csum(m).to_bytes(2, "big") + m[4:]
    taps = Taps()
    with raw("c") as s:
        n = 0
        for kind in 3, 4, 5, 11, 12:	# quotes a packet that s is said to have sent
            for options in b"", b"\1" * 8:
                for frag in 0, 0x2000, 5:
                    n += 1
                    inner = ip(A, C, UDP, udp(A, C, 5, 6, b"abcdefg"), options=options, frag=frag)
                    s.sendto(ip("203.0.113.77", A, ICMP, ident=n, payload=fixed(
                        bytes([kind, 1, 0, 0, 0, 0, 0, 0]) + inner)), (A, 0))
    time.sleep(0.3)
    seen = [p for p in taps.check([A], [B])["s", "e"] if not p.out and p.proto == ICMP]
    same(len(seen), n, "errors")
    for p in seen:
        same((p.src, p.dst, p.inner.src, p.inner.dst), ("203.0.113.77", B, B, C), p)
    nat("r", "-" + MAPPING["dst"])


def own_out():
    """What the router itself sends to A: by the route of B, not by A's, which leads out."""
    for _ in each_mapping():
        taps = Taps()
        stream(TCP, b"own" * 1000, "r", R_OUT, "s", B, A, R_OUT)
        with sock("s", bind=(B, PORT)) as server, sock("r") as s:
            s.connect((A, PORT))
            s.send(b"question")
            data, (peer, port) = server.recvfrom(100)
            same((data, peer), (b"question", R_OUT), "what came")
            server.sendto(b"answer", (peer, port))
            same(s.recv(100), b"answer", "the answer of A")
        with icmp_socket("r") as s:
            ping(s, A)
        with asking("r", R_OUT, A) as s:
            s.send(b"anyone there")
            same(socket_error(s), (errno.ECONNREFUSED, 3, 3, 0, A, A), "error")
        with asking("r", R_OUT, A, ttl=1) as s:
            s.send(b"how far")
            same(socket_error(s), (errno.EHOSTUNREACH, 11, 0, 0, M, A), "TTL")
        time.sleep(0.1)
        same([str(p) for p in taps["r", "o"].read()], [], "outside")
        for p in taps["r", "i"].read() + taps["s", "e"].read():
            assert not p.wrong and A not in p.addresses(), p
        rows = listing("r")
        same(rows["dst", A][3] > 5 and rows["src", B][3] > 5, True, "counters")


def own_in():
    """What comes to the router itself: from B it comes from A; to A of its own, it is translated."""
    for _ in each_mapping():
        stream(TCP, b"own" * 1000, "s", B, "r", R_IN, R_IN, A)
        with sock("r", bind=(R_IN, PORT)) as server, sock("s", bind=(B, 0)) as s:
            s.connect((R_IN, PORT))
            s.send(b"question")
            data, (peer, port) = server.recvfrom(100)
            same((data, peer), (b"question", A), "what came")
            server.sendto(b"answer", (peer, port))
            same(s.recv(100), b"answer", "the answer")
        with icmp_socket("s") as s:
            ping(s, R_IN)
    nat("r", "+198.51.100.7 %s dst" % R_IN)
    stream(TCP, b"own" * 1000, "c", C, "r", R_IN, "198.51.100.7", C)
    with icmp_socket("c") as s:
        ping(s, "198.51.100.7")
    with inside("r"):
        subprocess.run(["ip", "address", "add", "10.0.0.100/32", "dev", "lo"], check=True)
    nat("r", "+198.51.100.8 10.0.0.100 dst")	# from itself to itself
    with icmp_socket("r") as s:
        ping(s, "198.51.100.8")
    nat("r", "-198.51.100.7 %s dst\n-198.51.100.8 10.0.0.100 dst\n" % R_IN)


def untracked():
    """Errors of each router on the way, which has no mapping itself, are none of conntrack's."""
    exceeded()
    pmtu()
    for _ in each_mapping():
        with asking("r", R_OUT, A, ttl=1) as s:
            s.send(b"how far")
            same(socket_error(s), (errno.EHOSTUNREACH, 11, 0, 0, M, A), "TTL")
    for chain in "input", "forward", "output":
        same((counted(chain, "invalid"), counted(chain, "related")), (0, 0), chain)
        assert counted(chain, "untracked") > 0, chain
    same(conntrack_count(), 0, "entries")
    with asking("c", C, "10.0.0.2", ttl=3) as s:	# not translated
        s.send(b"how far")
        same(socket_error(s), (errno.EHOSTUNREACH, 11, 0, 0, M, "10.0.0.2"), "another flow")
    same(counted("forward", "related"), 1, "another flow's error")


def own_lost():
    """No route to B: an error for the router's own packet, and none of them goes elsewhere."""
    subprocess.run(["ip", "-n", "r", "route", "del", "default"], check=True)
    subprocess.run(["ip", "-n", "r", "route", "del", "10.0.0.0/24"], check=True)
    for _ in each_mapping():
        taps = Taps()
        with sock("r") as s:
            try:
                s.sendto(b"x", (A, PORT))
                raise AssertionError("sent")
            except OSError as e:
                assert e.errno in (errno.EHOSTUNREACH, errno.ENETUNREACH, errno.EPERM), e
        same([str(p) for p in taps["r", "o"].read(0.1)], [], "outside")
    subprocess.run(["ip", "-n", "r", "route", "add", "default", "via", N], check=True)
    subprocess.run(["ip", "-n", "r", "route", "add", "10.0.0.0/24", "via", M], check=True)


if __name__ == "__main__":
    flush_of("r")
    run_named(globals())
