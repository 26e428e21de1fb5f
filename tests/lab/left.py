#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""left.py FILE PORT...: until it is ended, "DEVICE SOURCE DESTINATION PROTOCOL" of each packet to
one of these UDP ports, or in IPIP or GRE, that leaves by an interface, as a packet socket sees it;
FILE is there when it listens.
"""
import socket
import struct
import sys

PACKET_OUTGOING = 4
TUNNELS = (4, 47)


def seen(packet, ports):
    """(source, destination, protocol), or None."""
    four = packet[0] >> 4 == 4
    at = (packet[0] & 15) * 4 if four else 40
    proto = packet[9 if four else 6]
    if proto == socket.IPPROTO_UDP:
        if struct.unpack_from("!H", packet, at + 2)[0] not in ports:
            return None
    elif proto not in TUNNELS:
        return None
    family, first, size = (socket.AF_INET, 12, 4) if four else (socket.AF_INET6, 8, 16)
    ends = [socket.inet_ntop(family, packet[i:i + size]) for i in (first, first + size)]
    return (*ends, str(proto))


def main():
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    open(sys.argv[1], "w").close()
    ports = [int(port) for port in sys.argv[2:]]
    while True:
        packet, (device, proto, kind, *_) = s.recvfrom(65536)
        if proto in (0x0800, 0x86dd) and kind == PACKET_OUTGOING:
            found = seen(packet, ports)
            if found:
                print(device, *found, flush=True)


main()
