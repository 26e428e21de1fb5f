#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""static_nat's generic netlink by hand: requests that it must refuse, and what a change leaves.

Numbers are those of kmod/static_nat_uapi.h. Prints nothing but what is wrong; exit status 0: all
as it should be."""
import errno
import socket
import struct
import sys

NESTED = 0x8000
REQUEST, ACK, DUMP = 1, 4, 0x300
GET, ADD, DEL, FLUSH, BEGIN, COMMIT, ABORT, STATS = range(1, 9)
MAPPING, STAGED, GENERATION, PORTID, STATS_NEST, REPLACE = range(1, 7)
FAMILY, KIND, FROM, TO, PREFIXLEN, IFINDEX, MODE, ID = range(1, 9)


def attr(kind, data=b""):
    return struct.pack("HH", 4 + len(data), kind) + data + bytes(-len(data) % 4)


def u8(kind, n):
    return attr(kind, bytes([n]))


def u32(kind, n):
    return attr(kind, struct.pack("I", n))


def nest(*attrs):
    return attr(MAPPING | NESTED, b"".join(attrs))


def address(text):
    family = socket.AF_INET6 if ":" in text else socket.AF_INET
    return socket.inet_pton(family, text)


def mapping(a, b, *more, kind=1):
    return nest(u8(KIND, kind), attr(FROM, address(a)), attr(TO, address(b)), *more)


class Family:
    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 16)
        self.socket.bind((0, 0))
        self.number, self.seq = 16, 0
        answer = self.ask(3, attr(2, b"static_nat\0"), 0)[0]
        at = 20
        while at < len(answer):
            size, kind = struct.unpack_from("HH", answer, at)
            if kind == 1:
                self.number = struct.unpack_from("H", answer, at + 4)[0]
            at += (size + 3) & ~3

    def ask(self, command, data=b"", flags=ACK):
        """The messages of the answer; raises OSError where it is a refusal."""
        self.seq += 1
        message = struct.pack("BBH", command, 1, 0) + data
        self.socket.send(struct.pack("IHHII", 16 + len(message), self.number, REQUEST | flags,
                                     self.seq, 0) + message)
        got = []
        while True:
            data, at = self.socket.recv(1 << 17), 0
            while at < len(data):
                size, kind, flag = struct.unpack_from("IHH", data, at)
                if kind == 2:
                    code = -struct.unpack_from("i", data, at + 16)[0]
                    if code:
                        raise OSError(code, "refused")
                    return got
                if kind == 3:
                    return got
                got.append(data[at:at + size])
                at += (size + 3) & ~3
            if not flags & (ACK | DUMP):
                return got

    def table(self):
        return b"".join(m[20:] for m in self.ask(GET, b"", DUMP))


A, B = "198.51.100.1", "10.0.0.1"
FROM_A, TO_B, DST = attr(FROM, address(A)), attr(TO, address(B)), u8(KIND, 1)
NEW = mapping("198.51.100.7", "10.0.0.7")

REFUSED = [
    ("no mapping", ADD, b"", errno.EINVAL),
    ("no nest flag", ADD, attr(MAPPING, DST + FROM_A + TO_B), errno.EINVAL),
    ("no kind", ADD, nest(FROM_A, TO_B), errno.EINVAL),
    ("kind 0", ADD, nest(u8(KIND, 0), FROM_A, TO_B), errno.ERANGE),
    ("kind 3", ADD, nest(u8(KIND, 3), FROM_A, TO_B), errno.ERANGE),
    ("a kind of 4 bytes", ADD, nest(u32(KIND, 1), FROM_A, TO_B), errno.EINVAL),
    ("no FROM", ADD, nest(DST, TO_B), errno.EINVAL),
    ("no TO", ADD, nest(DST, FROM_A), errno.EINVAL),
    ("FROM of 3 bytes", ADD, nest(DST, attr(FROM, b"abc"), TO_B), errno.ERANGE),
    ("FROM of 5 bytes", ADD, nest(DST, attr(FROM, b"abcde"), TO_B), errno.EINVAL),
    ("FROM of 17 bytes", ADD, nest(DST, attr(FROM, b"a" * 17), TO_B), errno.ERANGE),
    ("two families", ADD, nest(DST, FROM_A, attr(TO, address("fd00::1"))), errno.EINVAL),
    ("another family", ADD, mapping(A, B, u8(FAMILY, socket.AF_INET6)), errno.EINVAL),
    ("family 0", ADD, mapping(A, B, u8(FAMILY, 0)), errno.EINVAL),
    ("prefix 0", ADD, mapping(A, B, u8(PREFIXLEN, 0)), errno.ERANGE),
    ("prefix 33", ADD, mapping(A, B, u8(PREFIXLEN, 33)), errno.EINVAL),
    ("prefix 129", ADD, mapping("fd00::", "fd01::", u8(PREFIXLEN, 129)), errno.ERANGE),
    ("bits behind", ADD, mapping(A, B, u8(PREFIXLEN, 24)), errno.EINVAL),
    ("bits behind, IPv6", ADD, mapping("fd00::1", "fd01::", u8(PREFIXLEN, 64)), errno.EINVAL),
    ("itself", ADD, mapping(A, A), errno.EINVAL),
    ("zero", ADD, mapping("0.0.0.0", B), errno.EINVAL),
    ("to zero", ADD, mapping(A, "0.0.0.0"), errno.EINVAL),
    ("loopback", ADD, mapping("127.0.0.1", B), errno.EINVAL),
    ("to loopback", ADD, mapping(A, "127.1.2.3"), errno.EINVAL),
    ("loopback in a prefix", ADD, mapping("64.0.0.0", "128.0.0.0", u8(PREFIXLEN, 2)), errno.EINVAL),
    ("loopback, IPv6", ADD, mapping("fd00::1", "::1"), errno.EINVAL),
    ("multicast", ADD, mapping("224.0.0.1", B), errno.EINVAL),
    ("to multicast", ADD, mapping(A, "239.255.255.255"), errno.EINVAL),
    ("multicast in a prefix", ADD, mapping("64.0.0.0", "192.0.0.0", u8(PREFIXLEN, 2)), errno.EINVAL),
    ("multicast, IPv6", ADD, mapping("ff02::1", "fd00::1"), errno.EINVAL),
    ("multicast in a prefix, IPv6", ADD, mapping("2000::", "fe00::", u8(PREFIXLEN, 7)), errno.EINVAL),
    ("mode 2", ADD, mapping(A, B, u8(MODE, 2)), errno.ERANGE),
    ("NPTv6 of IPv4", ADD, mapping(A, B, u8(MODE, 1)), errno.EINVAL),
    ("NPTv6 /65", ADD, mapping("fd00::", "fd01::", u8(PREFIXLEN, 65), u8(MODE, 1)), errno.EINVAL),
    ("an interface that is not there", ADD, mapping(A, B, u32(IFINDEX, 4711)), errno.ENODEV),
    ("interface -1", ADD, mapping(A, B, u32(IFINDEX, 0xffffffff)), errno.ENODEV),
    ("an id", ADD, mapping(A, B, u32(ID, 5)), errno.EINVAL),
    ("an attribute that is none", ADD, mapping(A, B, u8(99, 1)), errno.EINVAL),
    ("an outer one that is none", ADD, NEW + u8(99, 1), errno.EINVAL),
    ("a generation in ADD", ADD, NEW + u32(GENERATION, 1), errno.EINVAL),
    ("STAGED with a value", ADD, NEW + u8(STAGED, 1), errno.ERANGE),
    ("staged without BEGIN", ADD, NEW + attr(STAGED), errno.ENOENT),
    ("bytes behind", ADD, NEW + b"ab", errno.EINVAL),
    ("a nest cut short", ADD, struct.pack("HH", 40, MAPPING | NESTED) + DST, errno.EINVAL),
    ("the second one", ADD, NEW + mapping(A, A), errno.EINVAL),
    ("the same twice", ADD, NEW + NEW, errno.EEXIST),
    ("what is there", ADD, NEW + mapping("203.0.113.1", "10.9.9.9"), errno.EEXIST),
    ("its other side", ADD, NEW + mapping("203.0.113.9", "10.0.0.10"), errno.EEXIST),
    ("deletion of another end", DEL, mapping("203.0.113.1", "10.9.9.9"), errno.ENOENT),
    ("deletion of another kind", DEL, mapping("10.0.0.10", "203.0.113.1", kind=2), errno.ENOENT),
    ("deletion twice", DEL, 2 * mapping("203.0.113.1", "10.0.0.10"), errno.ENOENT),
    ("STAGED in DEL", DEL, NEW + attr(STAGED), errno.EINVAL),
    ("a mapping in BEGIN", BEGIN, NEW, errno.EINVAL),
    ("COMMIT without BEGIN", COMMIT, b"", errno.ENOENT),
    ("ABORT without BEGIN", ABORT, b"", errno.ENOENT),
    ("a flush by FROM", FLUSH, nest(FROM_A), errno.EINVAL),
    ("a flush by two filters", FLUSH, nest(u8(KIND, 1)) + nest(u8(KIND, 2)), errno.EINVAL),
    ("a flush by two filters, the last empty", FLUSH, nest(u8(KIND, 2)) + nest(), errno.EINVAL),
    ("GET of two", GET, 2 * mapping("203.0.113.1", "10.0.0.10"), errno.EINVAL),
    ("a flush by family 99", FLUSH, nest(u8(FAMILY, 99)), errno.EINVAL),
    ("GET of nothing", GET, b"", errno.EINVAL),
    ("GET of what is not there", GET, NEW, errno.ENOENT),
    ("command 0", 0, b"", errno.EOPNOTSUPP),
    ("command NEW", 9, NEW, errno.EOPNOTSUPP),
]


def refusals(family):
    bad = 0
    family.ask(ADD, mapping("203.0.113.1", "10.0.0.10"))
    before = family.table()
    for name, command, data, code in REFUSED:
        got = 0
        try:
            family.ask(command, data)
        except OSError as e:
            got = e.errno
        if got != code:
            print(f"{name}: {errno.errorcode.get(got, got)}, not {errno.errorcode[code]}")
            bad += 1
        if family.table() != before:
            print(f"{name}: the table has changed")
            return bad + 1
    return bad


def stale(family):
    """A commit for a table that has changed meanwhile leaves both; then it is done."""
    family.ask(BEGIN)
    family.ask(ADD, NEW + attr(STAGED))
    before = family.table()
    try:
        family.ask(COMMIT, u32(GENERATION, 0xfffffff0))
        print("a commit of another generation")
        return 1
    except OSError as e:
        bad = e.errno != errno.ESTALE
    bad += family.table() != before
    family.ask(COMMIT)
    bad += family.table() == before
    family.ask(DEL, nest(DST, attr(FROM, address("198.51.100.7"))))    # TO may be left out
    if bad or family.table():
        print("a stale commit")
    return bad


def dump(family, data=b"", between=lambda: None):
    """A dump of which the first messages have come when between is called: mappings, DONE's flags."""
    message = struct.pack("BBH", GET, 1, 0) + data
    family.socket.send(struct.pack("IHHII", 16 + len(message), family.number, REQUEST | DUMP, 1, 0)
                       + message)
    n = 0
    while True:
        data, at = family.socket.recv(1 << 17), 0
        while at < len(data):
            size, kind, flags = struct.unpack_from("IHH", data, at)
            if kind in (2, 3):
                return n, flags, -struct.unpack_from("i", data, at + 16)[0]
            place = at + 20
            while place < at + size:
                length, kind = struct.unpack_from("HH", data, place)
                n += kind & 0x3fff == MAPPING
                place += (length + 3) & ~3
            at += (size + 3) & ~3
        between()
        between = lambda: None


def dumps(family):
    """One that a flush has cut off says so in its last message; one by two filters is refused."""
    for first in range(0, 3000, 500):
        family.ask(ADD, b"".join(mapping(f"11.0.{i >> 8}.{i & 255}", f"12.0.{i >> 8}.{i & 255}")
                                 for i in range(first, first + 500)))
    bad = 0
    got = [dump(family)]
    got.append(dump(family, nest(u8(KIND, 2))))
    got.append(dump(family, nest(u8(KIND, 1)) + nest(u8(KIND, 2))))
    got.append(dump(family, between=lambda: Family().ask(FLUSH)))
    got.append(dump(family))
    # all; none fits; refused; cut off; empty
    want = [(3000, 0, 0), (0, 0, 0), (0, 0, errno.EINVAL), (1, 0x10, 0), (0, 0, 0)]
    for (n, flags, code), (m, interrupted, error) in zip(got, want):
        if (n == m or 0 < n < 3000 and m == 1, flags & 0x10, code) != (True, interrupted, error):
            print(f"dump: {n} mappings, flags {flags:#x}, errno {code}; not {m}, {interrupted:#x}, {error}")
            bad += 1
    return bad


def main():
    family = Family()
    return 1 if refusals(family) + stale(family) + dumps(family) else 0


if __name__ == "__main__":
    sys.exit(main())
