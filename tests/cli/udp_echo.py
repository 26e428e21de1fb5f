# SPDX-License-Identifier: GPL-2.0-or-later
"""udp_echo.py serve ADDRESS...: echoes on port 7 of each. udp_echo.py ask ADDRESS SECONDS: 0 if echoed."""
import select
import socket
import sys


def made(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.socket(family, socket.SOCK_DGRAM)


if sys.argv[1] == "serve":
    socks = [made(a) for a in sys.argv[2:]]
    for sock, address in zip(socks, sys.argv[2:]):
        sock.bind((address, 7))
    print("ready", flush=True)
    while True:
        for sock in select.select(socks, [], [])[0]:
            data, peer = sock.recvfrom(2000)
            sock.sendto(data, peer)
sock = made(sys.argv[2])
sock.settimeout(float(sys.argv[3]))
try:
    sock.connect((sys.argv[2], 7))
    sock.send(b"hello")
    sys.exit(sock.recv(100) != b"hello")
except OSError:
    sys.exit(1)
