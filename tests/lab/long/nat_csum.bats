#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# A sum of the whole packet that its receiver has made (CHECKSUM_COMPLETE) stays right when
# static_nat changes an address. By hand: tests/lab/run tests/lab/long/nat_csum.bats
load ../lib

setup() {
	load_static_nat
	load_modules veth ip_gre fou
	namespaces c r
	# r is to sum nothing but what is sent below
	sysctls c net.ipv6.conf.all.disable_ipv6=1 net.ipv6.conf.default.disable_ipv6=1
	background c python3 -c 'import socket, time
with socket.socket(socket.AF_INET, socket.SOCK_RAW, 47): time.sleep(600)'
	veth c e 203.0.113.1/24 r o 203.0.113.254/24
}

teardown() {
	echo >/sys/kernel/tracing/kprobe_events || true
	nat_end
}

counter() {	# of r's ICMPv6
	at r cat /proc/net/snmp6 | awk -v name="$1" '$1 == name { print $2 }'
}

arrived() {
	(($(counter Icmp6InEchos) == $1))
}

# GRE with a checksum is summed as a whole, and so leaves a sum of what it carries. That is UDP
# without checksum, which carries ICMPv6, whose checksum is of the last address. Each packet is
# summed once, by GRE; a second time only where the sum that GRE has left is found wrong.
@test "UDP over IPv6 without checksum: the receiver's sum follows the address" {
	ip -n r link add g type gre local 203.0.113.254 icsum
	ip -n r link set g up
	ip -n r address add 2001:db8::1/128 dev lo nodad
	ip -n r fou add port 5555 ipproto 58 -6
	at r prt nat add dst 2001:db8:1::1 to 2001:db8::1
	mountpoint -q /sys/kernel/tracing || mount -t tracefs t /sys/kernel/tracing
	echo p:sums __skb_checksum_complete >/sys/kernel/tracing/kprobe_events
	echo 1 >/sys/kernel/tracing/events/kprobes/sums/enable
	at c python3 - <<-'X'
		import socket, struct
		def csum(data):
		    n = sum(struct.unpack("!%dH" % (len(data) // 2), data))
		    while n >> 16:
		        n = (n >> 16) + (n & 0xffff)
		    return 0xffff ^ n
		a = lambda text: socket.inet_pton(socket.AF_INET6, text)
		c, public, own = a("2001:db8:c::1"), a("2001:db8:1::1"), a("2001:db8::1")
		def packet(size):
		    echo = lambda n: struct.pack("!BBHHH", 128, 0, n, 1, 1) + b"x" * size
		    icmp = echo(csum(c + own + struct.pack("!II", 8 + size, 58) + echo(0)))
		    udp = struct.pack("!HHHH", 7, 5555, 8 + len(icmp), 0) + icmp
		    six = struct.pack("!IHBB", 6 << 28, len(udp), 17, 64) + c + public + udp
		    gre = lambda n: struct.pack("!HHHH", 0x8000, 0x86dd, n, 0) + six
		    return gre(csum(gre(0)))
		with socket.socket(socket.AF_INET, socket.SOCK_RAW, 47) as s:
		    for size in 8, 200, 1000:
		        s.sendto(packet(size), ("203.0.113.254", 0))
	X
	wait_for 20 arrived 3
	echo 0 >/sys/kernel/tracing/events/kprobes/sums/enable
	cat /sys/kernel/tracing/kprobe_profile
	(($(counter Icmp6InCsumErrors) == 0))
	(($(at r prt -s -j nat list | jq '.[0].stats.dst.packets') == 3))
	(($(awk '$1 == "sums" { print $2 }' /sys/kernel/tracing/kprobe_profile) == 3))
}
