#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""outcomes.py send: a datagram for each line of stdin, ADDRESS PORT [source=ADDR] [ttl=N] [size=N].

outcomes.py left FILE: until it is ended, "PORT DEVICE" of each UDP packet to a port of 7000 to 7199
that leaves by an interface, as a packet socket sees it; FILE is there when it listens.
"""
import socket
import struct
import sys


def send(line):
    address, port, *words = line.split()
    option = dict(word.split("=") for word in words)
    six = ":" in address
    s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
    ttl = int(option.get("ttl", 64))
    if "source" in option:
        s.bind((option["source"], 0))
    if six:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_UNICAST_HOPS, ttl)
        s.setsockopt(socket.IPPROTO_IPV6, 23, 3)  # IPV6_MTU_DISCOVER: as below
    else:
        s.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, ttl)
        s.setsockopt(socket.IPPROTO_IP, 10, 3)  # IP_MTU_DISCOVER: DF, whatever was learnt before
    s.sendto(b"x" * int(option.get("size", 1)), (address, int(port)))


def udp_port(packet):
    """Of an IPv4 or IPv6 packet without extension headers; None: no UDP."""
    version = packet[0] >> 4
    at = (packet[0] & 15) * 4 if version == 4 else 40
    if packet[9 if version == 4 else 6] != socket.IPPROTO_UDP or len(packet) < at + 8:
        return None
    return struct.unpack_from("!H", packet, at + 2)[0]


def left(ready):
    s = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(3))
    open(ready, "w").close()
    while True:
        packet, (device, proto, kind, *_) = s.recvfrom(65536)
        if proto not in (0x0800, 0x86dd) or kind != socket.PACKET_OUTGOING:
            continue
        port = udp_port(packet)
        if port and 7000 <= port < 7200:
            print(port, device, flush=True)


if sys.argv[1] == "send":
    for text in sys.stdin:
        send(text)
else:
    left(sys.argv[2])
