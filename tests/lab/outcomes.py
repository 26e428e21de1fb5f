#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""outcomes.py: a datagram for each line of stdin, ADDRESS PORT [source=ADDR] [ttl=N] [size=N]."""
import socket
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


for text in sys.stdin:
    send(text)
