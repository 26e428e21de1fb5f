#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Which real server do connections reach? One process holds both ends, in two namespaces.

  lvs_sched.py CLIENT-NS SERVER-NS PROTOCOL COUNT SRC CLIENTS SPORT DST VIPS PORT

Connection i goes from SRC + i % CLIENTS, port SPORT + i // CLIENTS (0: any), to DST + i % VIPS,
port PORT, and stays open. All that arrives in SERVER-NS at port 80 is real servers'. Prints the
address that each reached, "-" for one that was refused.
"""
import ctypes
import ipaddress
import os
import resource
import select
import socket
import sys

libc = ctypes.CDLL(None, use_errno=True)
client_ns, server_ns, protocol, count, src, clients, sport, dst, vips, port = sys.argv[1:]
src, dst = ipaddress.ip_address(src), ipaddress.ip_address(dst)
count, clients, sport, vips, port = (int(x) for x in (count, clients, sport, vips, port))
family = socket.AF_INET6 if src.version == 6 else socket.AF_INET
kind = {"tcp": socket.SOCK_STREAM, "udp": socket.SOCK_DGRAM}[protocol]
kept = []


def enter(namespace):
    with open(f"/run/netns/{namespace}", encoding="ascii") as f:
        if libc.setns(f.fileno(), 0):
            raise OSError(ctypes.get_errno(), f"setns {namespace}")


def bound(address, number):
    s = socket.socket(family, kind)
    if kind == socket.SOCK_STREAM:  # of UDP two sockets would be given the same port
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, number))
    return s


def make_server():
    s = bound("::" if src.version == 6 else "0.0.0.0", 80)
    if kind == socket.SOCK_STREAM:
        s.listen(4096)
    elif src.version == 6:
        s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    else:
        s.setsockopt(socket.IPPROTO_IP, 8, 1)  # IP_PKTINFO
    return s


def reached():
    """The address that what came in last was sent to."""
    # TCP: connect() returned, so it comes, however busy the machine is
    if not select.select([server], [], [], 10 if kind == socket.SOCK_STREAM else 0.2)[0]:
        return "-"
    if kind == socket.SOCK_STREAM:
        connection, _ = server.accept()
        kept.append(connection)
        return connection.getsockname()[0]
    info = server.recvmsg(64, 256)[1][0][2]
    return str(ipaddress.ip_address(info[:16] if src.version == 6 else info[8:12]))


resource.setrlimit(resource.RLIMIT_NOFILE, (20000, 20000))
os.sched_setaffinity(0, {0})
enter(server_ns)
server = make_server()
enter(client_ns)
for i in range(count):
    s = bound(str(src + i % clients), sport and sport + i // clients)
    try:
        s.connect((str(dst + i % vips), port))
        if kind == socket.SOCK_DGRAM:
            s.send(b"?")
        print(reached())
        kept.append(s)
    except ConnectionRefusedError:
        print("-")
