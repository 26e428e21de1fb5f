#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# IPv6: c - r - s; r translates, s is fd00:5::1 and, for RFC 6296, fd01:203:405:1::1234.
load ../lib
load ../nat_net

# each test has a network of its own, not nat_net's
setup_file() { :; }
teardown_file() { :; }

setup() {
	nat_begin c r s
	veth c e 2001:db8:c::1/64 r o 2001:db8:c::fe/64
	veth r i fd00:5::fe/64,fd01:203:405:1::fe/64 s e fd00:5::1/64,fd01:203:405:1::1234/64
	ip -n c -6 route add default via 2001:db8:c::fe
	ip -n s -6 route add default via fd00:5::fe
	sysctls r net.ipv6.conf.all.forwarding=1
}

teardown() {
	nat_end
}

nat() {
	at r prt nat "$@"
}

pings() {	# FROM TO [OPTION...]
	at "$1" busybox ping -6 -c 1 -W 3 "${@:3}" "$2"
}

counted() {	# JSON: packets to and from, of each mapping
	at r prt -s -j nat list | jq -c '[.[].stats | .dst.packets, .src.packets]' | tee /dev/stderr | grep -Fx "$1"
}

# exchange TO [BYTES]: c's UDP and TCP to port 7, whose server sends all back; "done"
exchange() {
	at c timeout 30 python3 - "$1" "${2:-5}" <<-'X'
		import socket, sys
		to, data = (sys.argv[1], 7), b"x" * int(sys.argv[2])
		udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		udp.settimeout(3)
		udp.connect(to)
		udp.send(b"hello")
		assert udp.recv(9) == b"hello"
		tcp = socket.create_connection(to)
		tcp.sendall(data)
		tcp.shutdown(socket.SHUT_WR)
		assert tcp.recv(99) == b"%d" % len(data)
		print("done")
	X
}

# On s: UDP comes back, of TCP the number of its bytes
serve() {
	# a background command has no stdin
	background s python3 -c "$(cat <<-'X'
		import socket, threading
		udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		udp.bind(("fd00:5::1", 7))
		def echo():
		    while True:
		        udp.sendto(*udp.recvfrom(99))
		threading.Thread(target=echo, daemon=True).start()
		tcp = socket.create_server(("fd00:5::1", 7), family=socket.AF_INET6)
		while True:
		    peer, n = tcp.accept()[0], 0
		    while data := peer.recv(65536):
		        n += len(data)
		    peer.send(b"%d" % n)
		    peer.close()
	X
	)"
	wait_for 20 eval 'at s ss -Hltn sport = 7 | grep -q .'
}

# refused FROM TO: the ICMPv6 error of a UDP packet reaches its socket
refused() {
	[[ $(at "$1" timeout 10 python3 - "$2" <<-'X'
		import socket, sys
		udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		udp.settimeout(5)
		udp.connect((sys.argv[1], 9))
		udp.send(b"hello")
		try:
		    udp.recv(9)
		except ConnectionRefusedError:
		    print("refused")
	X
	) == refused ]]
}

@test "IPv6 one to one: ping, UDP, TCP, errors, a smaller link" {
	nat add dst 2001:db8:1::1 to fd00:5::1
	pings c 2001:db8:1::1
	pings s 2001:db8:c::1 -I fd00:5::1
	counted '[2,2]'
	serve
	[[ $(exchange 2001:db8:1::1) == "done" ]]
	refused c 2001:db8:1::1
	# r answers what is too long for the link to s, quoting what it has translated
	ip -n r link set i mtu 1300
	at c busybox ip -6 route flush cache
	[[ $(exchange 2001:db8:1::1 200000) == "done" ]]
	(($(at r prt -j nat stats | jq '.. | .icmp? // empty') >= 2))
	(($(at r prt -j nat stats | jq '.. | .dropped? // empty') == 0))
	nat delete dst 2001:db8:1::1 to fd00:5::1
	run ! pings c 2001:db8:1::1
}

@test "IPv6 prefixes by offset, and the router's own traffic" {
	nat add dst 2001:db8:2::/64 to fd00:5::/64
	pings c 2001:db8:2::1
	ip -n r -6 route add 2001:db8:2::/64 via 2001:db8:c::1 # of no use once it is translated
	pings r 2001:db8:2::1
	refused c 2001:db8:2::1
	nat flush
	nat add dst 2001:db8:2::/64 to fd00:5::/64 dev i
	run ! pings c 2001:db8:2::1
}

# tells NAMESPACE FROM TO: the error of a UDP packet, as `errno type code info offender`
tells() {
	at "$1" timeout 20 python3 - "${@:2}" <<-'X'
		import errno, socket, struct, sys
		udp = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
		udp.setsockopt(41, 25, 1)	# IPV6_RECVERR
		udp.setsockopt(41, 78, 1)	# IPV6_FREEBIND
		udp.bind((sys.argv[1], 0))
		udp.settimeout(10)
		try:
		    udp.connect((sys.argv[2], 9))
		    udp.send(b"hello")
		    udp.recv(9)
		except OSError as e:
		    code = e.errno
		udp.setblocking(False)
		try:
		    _, aux, _, _ = udp.recvmsg(2000, 512, socket.MSG_ERRQUEUE)
		except BlockingIOError:
		    print(errno.errorcode[code])
		    sys.exit()
		number, origin, t, c, info = struct.unpack("=IBBBxI", aux[0][2][:12])
		print(errno.errorcode[number], t, c, info, socket.inet_ntop(10, aux[0][2][24:40]))
	X
}

@test "NPTv6: who sends what has no address is told as RFC 6296, 3.2 and 3.7 says" {
	sysctls r net.ipv6.icmp.ratelimit=0
	ip -n r address add fd01:203:405:ffff::fe/64 dev i nodad
	ip -n s address add fd01:203:405:ffff::1/64 dev e nodad
	# of o, or the router's answers from its own fd01:203:405:ffff::fe would have no address either
	nat add src fd01:203:405::/48 to 2001:db8:1::/48 nptv6 dev o
	run -0 --separate-stderr tells s fd01:203:405:ffff::1 2001:db8:c::1
	[[ $output == "EHOSTUNREACH 1 3 0 fd01:203:405:ffff::fe" ]]
	run -0 --separate-stderr tells c 2001:db8:c::1 2001:db8:1:ffff::1
	[[ $output == "EHOSTUNREACH 1 3 0 2001:db8:c::fe" ]]
	nat flush
	nat add src fd01:203:405::/48 to 2001:db8:1::/48 nptv6
	ip -n r -6 route add 2001:db8:1::/48 via 2001:db8:c::1 # of no use: it is refused first
	run -0 --separate-stderr tells r :: 2001:db8:1:ffff::1
	[[ $output == EHOSTUNREACH ]]
	run -0 --separate-stderr tells r fd01:203:405:ffff::fe 2001:db8:c::1 # where it leaves
	[[ $output == EHOSTUNREACH ]]
	# longer than /48: identifiers of ones have no word for the balance, those of zeros no mapping
	nat flush
	nat add src fd01:203:405:1::/64 to 2001:db8:1:7::/64 nptv6 dev o
	ip -n s address add fd01:203:405:1:ffff:ffff:ffff:ffff/64 dev e nodad
	run -0 --separate-stderr tells s fd01:203:405:1:ffff:ffff:ffff:ffff 2001:db8:c::1
	[[ $output == "EHOSTUNREACH 1 3 0 fd01:203:405:1::fe" ]]
	run -0 --separate-stderr tells c 2001:db8:c::1 2001:db8:1:7::
	[[ $output == "EPROTO 4 0 32 2001:db8:c::fe" ]]
	# zeros are the anycast address of all routers: no error goes there (RFC 4443, 2.4 (e.6))
	at s python3 -c 'import socket
k = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); k.setsockopt(41, 78, 1)
k.bind(("fd01:203:405:1::", 0)); k.sendto(b"x", ("2001:db8:c::1", 9))'
	dropped() { [[ $(at r prt -j nat stats | jq '.. | .dropped? // empty') == "$1" ]]; }
	wait_for 10 dropped 7
	[[ $(at r cat /proc/net/snmp6 | awk '$1 == "Icmp6OutParmProblems" { print $2 }') == 1 ]]
	pings s 2001:db8:c::1 -I fd01:203:405:1::1234
}

@test "IPv6: no conntrack entry, and no invalid state, of errors by routers without mapping" {
	count_states ip6 input forward output
	nat add dst 2001:db8:1::/64 to fd00:7::/64
	ip -n r -6 route add fd00:7::/64 via fd00:5::1	# s is a router that has no route
	sysctls s net.ipv6.conf.all.forwarding=1 net.ipv6.icmp.ratelimit=0
	ip -n s -6 route add unreachable fd00:7::/64
	run -0 --separate-stderr tells c 2001:db8:c::1 2001:db8:1::1
	[[ $output == "ENETUNREACH 1 0 0 "* ]]
	at r nft list table ip6 t
	at r nft -j list chain ip6 t forward | jq -e '[.. | .counter? | select(.) | .packets] == [2, 0, 0, 0, 0]'
	ip -n r -6 route delete fd00:7::/64
	ip -n r -6 route add unreachable fd00:7::/64
	run -0 --separate-stderr tells c 2001:db8:c::1 2001:db8:1::1
	[[ $output == "ENETUNREACH 1 0 0 2001:db8:c::fe" ]]
	at r nft -j list chain ip6 t output |
		jq -e '[.. | .counter? | select(.) | .packets] | .[0] > 0 and .[4] == 0'
	[[ $(at r cat /proc/sys/net/netfilter/nf_conntrack_count) == 0 ]]
	at r nft flush ruleset
}

@test "NPTv6: the address of RFC 6296, 3.6, both ways, no checksum touched" {
	run -1 nat add src 10.0.0.0/8 to 11.0.0.0/8 nptv6
	run -2 nat add src fd01::/96 to 2001:db8::/96 nptv6
	nat add src fd01:203:405::/48 to 2001:db8:1::/48 nptv6
	pings c 2001:db8:1:d550::1234
	refused c 2001:db8:1:d550::1234
	counted '[2,2]'
	# longer than /48: the balance is in the interface identifier
	nat flush
	nat add src fd01:203:405:1::/64 to 2001:db8:1:7::/64 nptv6
	background c timeout 20 python3 -uc 'import socket
k = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); k.bind(("::", 9))
a = k.recvfrom(9)[1]; print(a[0]); k.sendto(b"back", a)' >"$BATS_TEST_TMPDIR/from"
	wait_for 20 eval 'at c ss -Hlun sport = 9 | grep -q .'
	at s timeout 10 python3 -c 'import socket
k = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); k.settimeout(5); k.bind(("fd01:203:405:1::1234", 0))
k.sendto(b"x", ("2001:db8:c::1", 9)); assert k.recv(9) == b"back"'
	grep '^2001:db8:1:7:d549::1234$' "$BATS_TEST_TMPDIR/from"
}
