# SPDX-License-Identifier: GPL-2.0-or-later
"""Puts an echo request (or a reply to one) of SRC to DST on the link of DEV, as a host there
would, and prints what comes out of the host by enp3s0 and enp5s0 then: wire.py DEV SRC DST
[LEN [reply]]. A link's other end is pN in the same namespace, where no address is."""
import fcntl
import ipaddress
import select
import socket
import struct
import sys
import time

DEVS = {"enp3s0": "p3", "enp5s0": "p5"}
ETH_P_ALL = 3


def mac(dev):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        req = struct.pack("16s16x", dev.encode())
        return fcntl.ioctl(s, 0x8927, req)[18:24]  # SIOCGIFHWADDR


def checksum(data):
    data += bytes(len(data) % 2)
    n = sum(struct.unpack(f"!{len(data) // 2}H", data))
    n = (n >> 16) + (n & 0xffff)
    return ~(n + (n >> 16)) & 0xffff


def ipv4(src, dst, length, reply):
    echo = bytearray(struct.pack("!BBHHH", 0 if reply else 8, 0, 0, 7, 1) + bytes(length - 28))
    echo[2:4] = struct.pack("!H", checksum(bytes(echo)))
    head = bytearray(struct.pack("!BBHHHBBH", 0x45, 0, length, 1, 0x4000, 64, 1, 0) +
                     src.packed + dst.packed)
    head[10:12] = struct.pack("!H", checksum(bytes(head)))
    return b"\x08\x00" + head + echo


def ipv6(src, dst, length, reply):
    echo = bytearray(struct.pack("!BBHHH", 129 if reply else 128, 0, 0, 7, 1) + bytes(length - 48))
    pseudo = src.packed + dst.packed + struct.pack("!IxxxB", len(echo), 58)
    echo[2:4] = struct.pack("!H", checksum(pseudo + bytes(echo)))
    return (b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, len(echo), 58, 64) + src.packed +
            dst.packed + echo)


def say(dev, frame):
    kinds = {(1, 8): "request", (1, 0): "reply", (1, 3): "ICMP 3", (58, 128): "request",
             (58, 129): "reply", (58, 2): "ICMPv6 2"}
    if frame[12:14] == b"\x08\x00":
        proto, addrs, icmp = frame[23], frame[26:34], frame[34:42]
    elif frame[12:14] == b"\x86\xdd":
        proto, addrs, icmp = frame[20], frame[22:54], frame[54:62]
    else:
        return
    kind = kinds.get((proto, icmp[0]))
    if not kind:
        return
    if kind.startswith("ICMP"):
        kind += f"/{icmp[1]} mtu {int.from_bytes(icmp[4:8], 'big')}"
    src, dst = (ipaddress.ip_address(addrs[i:i + len(addrs) // 2])
                for i in (0, len(addrs) // 2))
    print(f"wire {dev}: {kind} {src} > {dst}")


def main(dev, src, dst, length="84", reply=""):
    src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
    ends = {}
    for name, end in DEVS.items():
        ends[name] = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(ETH_P_ALL))
        ends[name].bind((end, ETH_P_ALL))
    make = ipv4 if src.version == 4 else ipv6
    ends[dev].send(mac(dev) + mac(DEVS[dev]) + make(src, dst, int(length), reply))
    end = time.monotonic() + 0.3
    while (left := end - time.monotonic()) > 0:
        for s in select.select(ends.values(), [], [], left)[0]:
            frame, (*_, kind, _, _) = s.recvfrom(65536)
            if kind != socket.PACKET_OUTGOING:
                say(next(n for n in ends if ends[n] is s), frame)


main(*sys.argv[1:])
