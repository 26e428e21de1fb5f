#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""left.py FILE PORT[-PORT]...: until it is ended, "PORT DEVICE SOURCE DESTINATION" of each packet to
one of these UDP ports, or, with port 0, in IPIP or GRE, that leaves by an interface, as a packet
socket sees it; FILE is there when it listens.
"""
import socket
import struct
import sys

TUNNELS = (4, 47)


def port_of(packet, proto, at, ports):
    """0 of a tunnel's packet; None: it is not looked for."""
    if proto in TUNNELS:
        return 0
    if proto != socket.IPPROTO_UDP or len(packet) < at + 8:
        return None
    port = struct.unpack_from("!H", packet, at + 2)[0]
    return port if any(port in some for some in ports) else None


def look(packet, device, ports):
    """An IPv4 packet, or IPv6 without extension headers."""
    four = packet[0] >> 4 == 4
    port = port_of(packet, packet[9 if four else 6], (packet[0] & 15) * 4 if four else 40, ports)
    if port is not None:
        family, first, size = (socket.AF_INET, 12, 4) if four else (socket.AF_INET6, 8, 16)
        ends = [socket.inet_ntop(family, packet[i:i + size]) for i in (first, first + size)]
        print(port, device, *ends, flush=True)


def main(ready, *words):
    ports = []
    for word in words:
        first, _, last = word.partition("-")
        ports.append(range(int(first), int(last or first) + 1))
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    open(ready, "w").close()
    while True:
        packet, (device, proto, kind, *_) = s.recvfrom(65536)
        if proto in (0x0800, 0x86dd) and kind == socket.PACKET_OUTGOING:
            look(packet, device, ports)


main(*sys.argv[1:])
