#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""What the kernel's drop_monitor does and how it is set: "off mode 0 trunc 0 queue 1000"."""
import errno
import socket
import struct

GET_FAMILY, CONFIG, CONFIG_GET = 3, 2, 6
MODE, TRUNC, QUEUE = 1, 9, 11

sock = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)  # NETLINK_GENERIC


def ask(family, command, attributes=b"", flags=1, version=2):
    sock.send(struct.pack("=IHHII", 20 + len(attributes), family, flags, 1, 0) +
              struct.pack("=BBH", command, version, 0) + attributes)
    return sock.recv(65536)


def attributes(message):
    at, found = 20, {}
    while at + 4 <= len(message):
        size, kind = struct.unpack_from("=HH", message, at)
        found[kind & 0x3fff] = message[at + 4:at + size]
        at += (size + 3) & ~3
    return found


name = struct.pack("=HH", 11, 2) + b"NET_DM\0\0"
family = struct.unpack("=H", attributes(ask(16, GET_FAMILY, name, version=1))[1])[0]
have = attributes(ask(family, CONFIG_GET))
mode = have[MODE][0]
trunc, queue = (struct.unpack("=I", have[a])[0] for a in (TRUNC, QUEUE))
# while it runs nothing may be set, not even what is
answer = ask(family, CONFIG, struct.pack("=HHB3x", 5, MODE, mode), flags=5)
code = -struct.unpack_from("=i", answer, 16)[0]
assert code in (0, errno.EBUSY), code
print("on" if code else "off", "mode", mode, "trunc", trunc, "queue", queue)
