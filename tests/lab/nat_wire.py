# SPDX-License-Identifier: GPL-2.0-or-later
"""Sockets in other namespaces, taps that check every packet that passes, ICMP errors at a socket."""
import contextlib
import ctypes
import select
import socket
import struct
import subprocess
import time

libc = ctypes.CDLL(None, use_errno=True)
TIMEOUT = 20	# for what must come; the guest is slow and may be slower
ICMP_ERRORS = {3, 4, 5, 11, 12}
TCP, UDP, ICMP, SCTP = 6, 17, 1, 132


@contextlib.contextmanager
def inside(name):
    """This thread in another namespace."""
    with open("/proc/thread-self/ns/net") as home, open("/run/netns/" + name) as there:
        if libc.setns(there.fileno(), 0x40000000):
            raise OSError(ctypes.get_errno(), "setns " + name)
        try:
            yield
        finally:
            libc.setns(home.fileno(), 0x40000000)


def sock(name, kind=socket.SOCK_DGRAM, proto=0, family=socket.AF_INET, bind=None):
    with inside(name):
        s = socket.socket(family, kind, proto)
    s.settimeout(TIMEOUT)
    if bind:
        s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        s.bind(bind)
    return s


def nat(name, text, want=0):
    """One write in that namespace."""
    from nat_file import same, write
    with inside(name):
        same(write(text), want, text)


def flush_of(name):
    """Of what a test that failed left behind."""
    from nat_file import flush
    with inside(name):
        flush()


def listing(name):
    from nat_file import rows
    with inside(name):
        return rows()


def conntrack_count():
    with inside("r"):
        with open("/proc/sys/net/netfilter/nf_conntrack_count") as f:
            return int(f.read())


def counted(chain, state):
    """Packets that r's nft table ip t has counted there by their ct state."""
    text = subprocess.run(["ip", "netns", "exec", "r", "nft", "list", "chain", "ip", "t", chain],
                          capture_output=True, check=True, text=True).stdout
    return next(int(line.split(" packets ")[1].split()[0]) for line in text.split("\n")
                if "ct state %s " % state in line)


def fold(n):
    while n >> 16:
        n = (n >> 16) + (n & 0xffff)
    return n


def total(data):
    if len(data) & 1:
        data += b"\0"
    return fold(sum(struct.unpack("!%dH" % (len(data) // 2), data)))


def csum(data):
    return 0xffff ^ total(data)


def crc32c(data):
    crc = 0xffffffff
    for byte in data:
        crc ^= byte
        for _ in range(8):
            crc = crc >> 1 ^ (0x82f63b78 if crc & 1 else 0)
    return crc ^ 0xffffffff


def ip(src, dst, proto, payload, ttl=64, frag=0, ident=1, options=b"", check=None):
    """An IPv4 packet."""
    head = struct.pack("!BBHHHBBH4s4s", 0x45 + len(options) // 4, 0,
                       20 + len(options) + len(payload), ident, frag, ttl, proto, 0,
                       socket.inet_aton(src), socket.inet_aton(dst)) + options
    check = csum(head) if check is None else check
    return head[:10] + struct.pack("!H", check) + head[12:] + payload


def pseudo(src, dst, proto, n):
    return socket.inet_aton(src) + socket.inet_aton(dst) + struct.pack("!HH", proto, n)


def udp(src, dst, sport, dport, payload, check=None):
    n = 8 + len(payload)
    head = struct.pack("!HHHH", sport, dport, n, 0)
    if check is None:
        check = csum(pseudo(src, dst, UDP, n) + head + payload) or 0xffff
    return head[:6] + struct.pack("!H", check) + payload


class Packet:
    """What a tap saw. wrong lists what is not right about it."""

    def __init__(self, data, ready=True, out=False, gso=0):
        self.data, self.ready, self.out, self.gso = data, ready, out, gso
        size, self.frag = struct.unpack("!2xH2xH", data[:8])
        self.data = data = data[:size]
        self.ihl, self.proto = (data[0] & 15) * 4, data[9]
        self.src, self.dst = (socket.inet_ntoa(data[at:at + 4]) for at in (12, 16))
        self.payload = data[self.ihl:]
        self.inner, self.wrong = None, []
        if csum(data[:self.ihl]):
            self.wrong.append("IP checksum")
        if not self.frag & 0x3fff:
            self.transport()

    def transport(self):
        proto, body = self.proto, self.payload
        at = {TCP: 16, UDP: 6}.get(proto)
        if at and len(body) >= at + 2:
            self.check = struct.unpack("!H", body[at:at + 2])[0]
            sum_of = pseudo(self.src, self.dst, proto, len(body))
            if proto == UDP and not self.check and self.ready:
                return
            if not self.ready:	# left to the device: the pseudo header's alone
                if self.check != total(sum_of):
                    self.wrong.append("pseudo header's checksum")
            elif csum(sum_of + body):
                self.wrong.append("transport checksum")
        elif proto == ICMP and len(body) >= 8:
            if csum(body):
                self.wrong.append("ICMP checksum")
            if body[0] in ICMP_ERRORS and len(body) >= 28:
                self.quoted(body[8:])
        elif proto == SCTP and self.ready:
            if struct.unpack("<I", body[8:12])[0] != crc32c(body[:8] + bytes(4) + body[12:]):
                self.wrong.append("SCTP checksum")

    def quoted(self, data):
        size = struct.unpack("!2xH", data[:4])[0]
        if csum(data[:(data[0] & 15) * 4]):
            self.wrong.append("inner IP checksum")
        self.inner = Packet(data, ready=True)
        self.inner.whole = len(data) >= size
        self.inner.wrong = self.inner.wrong if self.inner.whole else []

    def addresses(self):
        own = {self.src, self.dst}
        return own | self.inner.addresses() if self.inner else own

    def segments(self):
        """(packets, bytes) on a wire."""
        if not self.gso:
            return 1, len(self.data)
        head = self.ihl + (self.payload[12] >> 4) * 4
        n = -(-(len(self.data) - head) // self.gso)
        return n, len(self.data) + (n - 1) * head

    def __str__(self):
        return "%s %s>%s %d bytes%s%s%s" % (
            {TCP: "TCP", UDP: "UDP", ICMP: "ICMP", SCTP: "SCTP"}.get(self.proto, self.proto),
            self.src, self.dst, len(self.data), " frag %x" % self.frag if self.frag & 0x3fff else "",
            " (%s)" % self.inner if self.inner else "",
            ", wrong: " + ", ".join(self.wrong) if self.wrong else "")


class Tap:
    """A packet socket at a device; IPv4 only, both directions."""

    def __init__(self, name, dev):
        self.name, self.dev = name, dev
        self.s = sock(name, socket.SOCK_RAW, socket.htons(3), socket.AF_PACKET)
        self.s.setsockopt(socket.SOL_SOCKET, 33, 32 << 20)	# SO_RCVBUFFORCE
        self.s.setsockopt(263, 8, 1)	# PACKET_AUXDATA: is the checksum there yet
        self.s.setsockopt(263, 15, 1)	# PACKET_VNET_HDR: how many segments is it
        self.s.bind((dev, 3))

    def read(self, seconds=0.0):
        """What has come, and comes within so many seconds."""
        packets, end = [], time.monotonic() + seconds
        while select.select([self.s], [], [], max(0, end - time.monotonic()))[0]:
            data, aux, _, address = self.s.recvmsg(70000, 256)
            if address[1] != 0x800:
                continue
            status = struct.unpack("I", aux[0][2][:4])[0] if aux else 0
            kind, gso = struct.unpack("=xBxxH", data[:6])
            packets.append(Packet(data[24:], not status & 8, address[2] == 4, gso if kind else 0))
        return packets

    def until(self, test):
        """Up to and with the first packet for which test is true; that one is last."""
        seen, end = [], time.monotonic() + TIMEOUT
        while time.monotonic() < end:
            seen += self.read(0.05)
            for i, p in enumerate(seen):
                if test(p):
                    return seen[:i + 1]
        raise AssertionError("%s %s: did not come; %s" % (self.name, self.dev,
                                                         "; ".join(map(str, seen))))


class Taps:
    """All along the way. check(): every packet is right, and says nothing of the other side."""

    OUTSIDE, INSIDE = (("c", "e"), ("r", "o")), (("r", "i"), ("s", "e"))

    def __init__(self):
        self.all = {where: Tap(*where) for where in self.OUTSIDE + self.INSIDE}

    def __getitem__(self, where):
        return self.all[where]

    def check(self, outer, inner):
        """outer addresses must not be seen inside, inner ones not outside. All packets, by tap."""
        seen = {where: tap.read() for where, tap in self.all.items()}
        for where, packets in seen.items():
            assert packets, "nothing passed %s %s" % where
            hidden = set(inner if where in self.OUTSIDE else outer)
            for p in packets:
                assert not p.wrong, "%s %s: %s" % (*where, p)
                assert not p.addresses() & hidden, "%s %s: %s" % (*where, p)
        return seen


def offload(name, dev, on):
    """Checksums, TSO and GSO of the sending side, by the device or by us."""
    with inside(name), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
        for command in (0x17, 0x1f, 0x24):	# ETHTOOL_STXCSUM, STSO, SGSO
            value = ctypes.create_string_buffer(struct.pack("II", command, on))
            ifreq = struct.pack("16sP8x", dev.encode(), ctypes.addressof(value))
            if libc.ioctl(s.fileno(), 0x8946, ifreq) and on and command == 0x17:
                raise OSError(ctypes.get_errno(), "ethtool %s" % dev)


def socket_error(s):
    """The next of IP_RECVERR: (errno, ICMP type, code, info, offender, destination)."""
    end = time.monotonic() + TIMEOUT
    poll = select.poll()
    poll.register(s, 0)
    while time.monotonic() < end:
        if not poll.poll(1000):
            continue
        _, aux, _, address = s.recvmsg(2000, 512, socket.MSG_ERRQUEUE)
        for level, kind, data in aux:
            if (level, kind) == (0, 11):
                number, origin, t, code, info = struct.unpack("=IBBBxI", data[:12])
                assert origin == 2, origin	# ICMP
                return number, t, code, info, socket.inet_ntoa(data[20:24]), address[0]
    raise AssertionError("no ICMP error at the socket")


def icmp_socket(name):
    return sock(name, socket.SOCK_DGRAM, ICMP)


def ping(s, address, payload=b"x" * 56):
    """By a ping socket, which knows its own; the answer must be the same and from there."""
    s.sendto(b"\x08\0\0\0\0\0\0\1" + payload, (address, 0))
    data, (peer, _) = s.recvfrom(70000)
    assert (data[0], data[8:], peer) == (0, payload, address), (data[:8], len(data), peer)
