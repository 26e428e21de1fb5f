#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""nat_flow.py NAME...: translated packets of every kind in the network of nat_net.bash.

Every packet that passes is checked on the way (nat_wire.Taps): checksums, and that nothing on one
side speaks of an address of the other one.
"""
import hashlib
import os
import socket
import struct
import subprocess
import threading
import time

from nat_file import run_named, same
from nat_wire import (ICMP, SCTP, TCP, UDP, Packet, Tap, Taps, conntrack_count, counted, csum,
                      flush_of, icmp_socket, inside, ip, listing, nat, offload, ping, pseudo, sock,
                      total, udp)

A, B, C, B2 = "198.51.100.1", "10.0.0.1", "203.0.113.1", "10.0.0.2"
PORT = 4000
MAPPING = {"dst": "%s %s dst\n" % (A, B), "src": "%s %s src\n" % (B, A)}
# who asks whom, by which address, and how it is seen there
OUT_IN, IN_OUT = ("c", C, "s", B, A, C), ("s", B, "c", C, C, A)


def stream(proto, payload, asks, from_, serves, at, target, seen):
    listener = sock(serves, socket.SOCK_STREAM, proto, bind=(at, PORT))
    listener.listen()
    client = sock(asks, socket.SOCK_STREAM, proto, bind=(from_, 0))
    client.connect((target, PORT))
    same(client.getpeername()[0], target, "the client's peer")
    server, (peer, _) = listener.accept()
    same(peer, seen, "the server's peer")
    for a, b in (client, server), (server, client):
        # who sends more than both sides' buffers hold waits for whoever reads
        sending = threading.Thread(target=a.sendall, args=(payload,))
        sending.start()
        got = b""
        while len(got) < len(payload):
            more = b.recv(65536)
            assert more, "the connection ended after %d bytes" % len(got)
            got += more
        sending.join()
        same(got, payload, "what came")
    for s in client, server, listener:
        s.close()


def datagram(payload, asks, from_, serves, at, target, seen, prepare=lambda s: None):
    with sock(serves, bind=(at, PORT)) as server, sock(asks, bind=(from_, 0)) as client:
        for s in server, client:
            prepare(s)
        client.sendto(payload, (target, PORT))
        got, (peer, port) = server.recvfrom(70000)
        same((got == payload, peer), (True, seen), "what came")
        server.sendto(payload, (peer, port))
        got, (peer, _) = client.recvfrom(70000)
        same((got == payload, peer), (True, target), "what came back")


def echo(payload, asks, from_, _serves, _at, target, _seen):
    with icmp_socket(asks) as s:
        s.bind((from_, 0))
        ping(s, target, payload)


PROTOCOLS = {
    "tcp": lambda *a: stream(TCP, b"0123456789" * 500, *a),
    "udp": lambda *a: datagram(b"question", *a),
    "icmp": lambda *a: echo(b"x" * 56, *a),
    "sctp": lambda *a: stream(SCTP, b"sctp", *a),
}


def each_mapping():
    for direction in "dst", "src":
        nat("r", "+" + MAPPING[direction])
        yield direction
        nat("r", "-" + MAPPING[direction])


def counters(seen, direction):
    """The listing's numbers are those of the packets that passed r's outer device."""
    rows = listing("r")
    other = {"dst": "AUTO", "src": "STATIC"}[direction]
    tags = {"STATIC": "AUTO", "AUTO": "STATIC"}
    packets = seen["r", "o"]
    for table, a, b, out, tag in (("dst", A, B, False, tags[other]), ("src", B, A, True, other)):
        mine = [p.segments() for p in packets
                if p.out == out and (p.src if out else p.dst) == A]
        want = (b, tag, sum(size for _, size in mine), sum(n for n, _ in mine))
        same(rows[table, a], want, "counters of %s %s" % (table, a))


def hardware(on):
    for where in ("c", "e"), ("n", "c"), ("n", "r"), ("r", "o"), ("r", "i"), ("m", "r"), \
            ("m", "s"), ("s", "e"):
        offload(*where, on)


def flow(protocol):
    """Both kinds, both directions, checksums by the device and by us."""
    for on in 1, 0:
        hardware(on)
        for direction in each_mapping():
            taps = Taps()
            PROTOCOLS[protocol](*OUT_IN)
            PROTOCOLS[protocol](*IN_OUT)
            time.sleep(0.1)
            counters(taps.check([A], [B]), direction)
    hardware(1)


def whole(packets):
    """Fragments put together: complete packets only."""
    parts, done = {}, []
    for p in packets:
        key = p.src, p.dst, p.proto, p.data[4:6]
        parts.setdefault(key, {})[(p.frag & 0x1fff) * 8] = p
    for (src, dst, proto, _), frags in parts.items():
        data = b"".join(frags[at].payload for at in sorted(frags))
        last = frags[max(frags)]
        if not last.frag & 0x2000 and len(data) == max(frags) + len(last.payload):
            done.append(Packet(ip(src, dst, proto, data)))
    return done


def fragments():
    """Each has its addresses translated; the one with a transport header, and only it, a checksum."""
    payload = os.urandom(8000)
    for direction in each_mapping():
        taps = Taps()
        for way in OUT_IN, IN_OUT:
            datagram(payload, *way, prepare=lambda s: s.setsockopt(0, 10, 0))	# no DF
            echo(payload, *way)
        time.sleep(0.1)
        seen = taps.check([A], [B])
        counters(seen, direction)
        for where in ("s", "e"), ("c", "e"):
            done = whole(seen[where])
            same(len(done), 8, "whole packets at %s" % where[0])
            for p in done:
                assert not p.wrong, "%s: %s" % (where, p)


def fragments_any_order():
    """The last one first; the first one as short as may be."""
    payload = os.urandom(64)
    with sock("s", bind=(B, PORT)) as server, raw("c") as s:
        data = udp(C, A, 9, PORT, payload)
        nat("r", "+" + MAPPING["dst"])
        for cuts in (8,), (8, 16, 24), (40,):
            ends = [*cuts, len(data)]
            parts = [(at, end) for at, end in zip([0, *cuts], ends)]
            for at, end in reversed(parts):
                s.sendto(ip(C, A, UDP, data[at:end], ident=0x100 + len(parts) + cuts[0],
                            frag=at // 8 | (0x2000 if end < len(data) else 0)), (A, 0))
            same(server.recvfrom(1000), (payload, (C, 9)), "cut at %s" % (cuts,))
    nat("r", "-" + MAPPING["dst"])


def raw(name):
    return sock(name, socket.SOCK_RAW, socket.IPPROTO_RAW)


def bulk():
    """Megabytes of TCP, in GSO packets, both ways; counted as what they are on a wire."""
    payload = os.urandom(1 << 20) * 2
    want = hashlib.sha256(payload).hexdigest()
    for direction in each_mapping():
        taps = Taps()
        for asks, from_, serves, at, target, _ in OUT_IN, IN_OUT:
            listener = sock(serves, socket.SOCK_STREAM, bind=(at, PORT))
            listener.listen()
            client = sock(asks, socket.SOCK_STREAM, bind=(from_, 0))
            client.connect((target, PORT))
            server, _ = listener.accept()
            t = threading.Thread(target=lambda a=client: (a.sendall(payload),
                                                          a.shutdown(socket.SHUT_WR)))
            t.start()
            digest = hashlib.sha256()
            while data := server.recv(1 << 20):
                digest.update(data)
            t.join()
            same(digest.hexdigest(), want, "the data")
            for s in client, server, listener:
                s.close()
        time.sleep(0.3)
        seen = taps.check([A], [B])
        assert max(len(p.data) for p in seen["r", "o"]) > 10000, "no GSO packet was seen"
        counters(seen, direction)


def no_checksum():
    """UDP: 0 says that there is none, and stays; a sum that becomes 0 is sent as 0xffff."""
    for direction in each_mapping():
        taps = Taps()
        for way in OUT_IN, IN_OUT:
            datagram(b"unchecked", *way, prepare=lambda s: s.setsockopt(1, 11, 1))
        time.sleep(0.1)
        for where, packets in taps.check([A], [B]).items():
            same([p.check for p in packets if p.proto == UDP], [0] * 4, where)
    nat("r", "+" + MAPPING["dst"])
    for asks, serves, way, after in (("c", "s", (C, A), (C, B)), ("s", "c", (B, C), (A, C))):
        tap = Tap(serves, "e")
        head = struct.pack("!HHHH", 7, PORT, 10, 0)
        word = 0xffff ^ total(pseudo(*after, UDP, 10) + head + b"\0\0")
        with sock(serves, bind=(after[1], PORT)) as server, raw(asks) as s:
            s.sendto(ip(*way, UDP, udp(*way, 7, PORT, struct.pack("!H", word))), (way[1], 0))
            same(server.recvfrom(10), (struct.pack("!H", word), (after[0], 7)), "what came")
        p = tap.until(lambda p: p.proto == UDP)[-1]
        same((p.check, p.wrong), (0xffff, []), "the checksum")
    nat("r", "-" + MAPPING["dst"])


def conntrack():
    """Neither half of a translated flow is seen by conntrack, in either kind; others are."""
    before = counted("forward", "untracked")
    for _ in each_mapping():
        taps = Taps()
        for f in PROTOCOLS.values():
            f(*OUT_IN)
            f(*IN_OUT)
        time.sleep(0.1)
        taps.check([A], [B])
        # Put together by conntrack, and cut again: the kernel then writes headers into what a tap
        # on the way in still holds (ip_fraglist_prepare()), so there is none.
        del taps
        for way in OUT_IN, IN_OUT:
            datagram(os.urandom(8000), *way, prepare=lambda s: s.setsockopt(0, 10, 0))
    states = "established", "new", "related", "invalid"
    same((conntrack_count(), *[counted("forward", s) for s in states]), (0,) * 5, "tracked")
    assert counted("forward", "untracked") > before + 40, "untracked"
    datagram(b"x", "c", C, "s", B2, B2, C)
    same(conntrack_count(), 1, "a flow that is not translated is tracked")


def broken():
    """Packets that are cut, lie, or carry options: translated as far as they go, nothing breaks.

    One that ends before its transport checksum is dropped: nobody could make it right.
    """
    inner = ip(A, C, UDP, udp(A, C, 5, 6, b"abcdefgh"))
    error = lambda data: fixed(b"\3\3\0\0\0\0\0\0" + data)
    fixed = lambda m: m[:2] + struct.pack("!H", csum(m)) + m[4:]
    bodies = [(TCP, b"\0\1\0\2" + b"x" * n) for n in (0, 5, 12, 13, 14, 16)]
    bodies += [(UDP, udp(C, A, 1, 2, b"x" * 40)[:n]) for n in (0, 1, 4, 6, 7, 8, 20)]
    bodies += [(ICMP, b"\3\3\0\0\0\0\0\0"[:n]) for n in (0, 1, 4, 7)]
    bodies += [(ICMP, error(inner[:n])) for n in (0, 1, 12, 19, 20, 24, 26, 27, 28, 30, 36)]
    bodies += [(ICMP, error(inner[:0] + bytes([b]) + inner[1:])) for b in (0x60, 0x44, 0x4f, 0)]
    bodies += [(proto, b"payload of no meaning") for proto in (0, 2, 4, 33, 41, 47, 50, 58, 136, 255)]
    nat("r", "+" + MAPPING["dst"])
    tap = Tap("r", "i")
    with raw("c") as s:
        for options in b"", b"\1" * 4, b"\1" * 40:
            for i, (proto, body) in enumerate(bodies):
                s.sendto(ip(C, A, proto, body, ident=len(options) << 8 | i + 1, options=options),
                         (A, 0))
    last = len(bodies), 40
    passed = {p.data[4:6]: p for p in tap.until(
        lambda p: p.out and p.data[4:6] == struct.pack("!H", last[1] << 8 | last[0]))
        if p.out and p.src == C}
    for n in 0, 4, 40:
        for i, (proto, body) in enumerate(bodies):
            p = passed.get(struct.pack("!H", n << 8 | i + 1))
            if len(body) < {TCP: 18, UDP: 8}.get(proto, 0):
                same(p, None, "dropped")
                continue
            assert p, "%d bytes of protocol %d, options %d: not passed" % (len(body), proto, n)
            same((p.dst, p.proto, len(p.payload), p.ihl), (B, proto, len(body), 20 + n), p)
            assert "IP checksum" not in p.wrong, p
            if proto not in (TCP, UDP, ICMP, 33, 136):
                same(p.payload, body, p)
            if proto == ICMP and len(body) == 8 + len(inner) and body[8] == 0x45:
                same((p.inner.src, p.inner.wrong, p.wrong), (B, [], []), p)
    nat("r", "-" + MAPPING["dst"])


def scattered():
    """Headers that do not lie in one piece, and shared ones: only the link's is linear."""
    nat("r", "+" + MAPPING["dst"])
    with Tap("n", "r").s as s, sock("s", bind=(B, PORT)) as server:
        with inside("r"):
            with socket.socket(socket.AF_PACKET, socket.SOCK_RAW) as q:
                q.bind(("o", 0))
                mac = q.getsockname()[4]
        payload = os.urandom(4400)
        data = ip(C, A, UDP, udp(C, A, 77, PORT, payload))
        vnet = struct.pack("=BBHHHH", 0, 0, 14, 0, 0, 0)	# 14 bytes linear, no GSO
        for _ in range(3):
            s.send(vnet + mac + b"\2\0\0\0\0\1" + b"\x08\0" + data)
            same(server.recvfrom(9000), (payload, (C, 77)), "what came")
    nat("r", "-" + MAPPING["dst"])


if __name__ == "__main__":
    flush_of("r")
    run_named(globals(), {p: lambda p=p: flow(p) for p in PROTOCOLS})
