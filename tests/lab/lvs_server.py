#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""lvs_server.py NAME PORT...: a real server, on TCP and UDP, IPv4 and IPv6.

Every line or datagram is answered with "NAME CLIENT ADDRESS": who answers, whom it sees, and at
which of its addresses it was asked. A datagram is answered from that address. Prints "ready".
"""
import selectors
import socket
import struct
import sys

IP_PKTINFO = 8  # linux/in.h; not in this Python


def listen(selector, family, kind, port):
    s = socket.socket(family, kind)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if family == socket.AF_INET6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        s.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)
    s.bind(("", port))
    if kind == socket.SOCK_STREAM:
        s.listen(64)
    selector.register(s, selectors.EVENT_READ,
                      accept if kind == socket.SOCK_STREAM else datagram)


def accept(selector, name, s):
    connection, _ = s.accept()
    selector.register(connection, selectors.EVENT_READ, line)


def line(selector, name, s):
    try:
        data = s.recv(65536)
        if data:
            s.sendall(f"{name} {s.getpeername()[0]} {s.getsockname()[0]}\n".encode())
            return
    except OSError:
        pass
    selector.unregister(s)
    s.close()


def datagram(selector, name, s):
    _, control, _, peer = s.recvmsg(65536, 256)
    if s.family == socket.AF_INET6:
        address, _ = struct.unpack("16sI", control[0][2][:20])
        control = [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, address + bytes(4))]
    else:
        address = control[0][2][8:12]
        control = [(socket.IPPROTO_IP, IP_PKTINFO, bytes(4) + address + bytes(4))]
    text = f"{name} {peer[0]} {socket.inet_ntop(s.family, address)}\n"
    s.sendmsg([text.encode()], control, 0, peer)


def main():
    selector = selectors.DefaultSelector()
    for port in sys.argv[2:]:
        for family in socket.AF_INET, socket.AF_INET6:
            for kind in socket.SOCK_STREAM, socket.SOCK_DGRAM:
                listen(selector, family, kind, int(port))
    print("ready", flush=True)
    while True:
        for key, _ in selector.select():
            key.data(selector, sys.argv[1], key.fileobj)


main()
