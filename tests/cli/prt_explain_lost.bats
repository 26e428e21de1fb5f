#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# prt explain: the route is fine, and the packet is lost all the same: behind the route stand
# the link and the neighbour.

# The scripts in single quotes are for the shell in the namespace.
# shellcheck disable=SC2016
load lib
load explain_lib

# A datagram to each of these, and what the kernel says of it.
send='send() {
		python3 -c "
import errno, socket, sys
six = \":\" in sys.argv[1]
s = socket.socket(socket.AF_INET6 if six else socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(*((41, 25, 1) if six else (socket.SOL_IP, 11, 1)))  # RECVERR
s.settimeout(20)
try:
    s.connect((sys.argv[1], 9))
    s.send(b\".\" * int((sys.argv + [1])[2]))
    s.recv(1)
except OSError as e:
    print(\"sent:\", errno.errorcode.get(e.errno, e))
" "$@"
	}
	# live: somebody is at the other end of enp5s0, and has 10.0.1.1
	live() {
		unshare -n sleep 30 &
		peer=$!
		wait_for is_apart $peer
		ip link set p5 netns $peer
		nsenter -t $peer -n ip link set p5 up
		nsenter -t $peer -n ip addr add 10.0.1.1/24 dev p5
	}
	sysctl -qw net.ipv4.neigh.enp5s0.retrans_time_ms=50 net.ipv6.neigh.enp5s0.retrans_time_ms=50
'

@test "FAILED is of the last packet: the next one starts ARP again, and arrives" {
	host "$send"'live
		carrier enp5s0
		ip neigh replace 10.0.1.1 dev enp5s0 nud failed
		ask 10.0.1.1
		prt -j explain 10.0.1.1
		send 10.0.1.1
		again
		kill $peer'
	shows "unicast: sent dev enp5s0" "neighbour 10.0.1.1 did not answer ARP when it was last asked: FAILED on enp5s0; the packet waits for a new ARP, and is lost if nobody answers (EHOSTUNREACH)" \
		'"verdict":"unicast"' "sent: ECONNREFUSED" "unicast: sent dev enp5s0"
	[ "$(grep -c 'did not answer' <<<"$output")" = 2 ]
	line=$(grep -n '^{' <<<"$output" | cut -d: -f1)
	[ "$(json $((line - 1)) 'd["notes"][0]["lost"], d["notes"][0]["maybe"]')" = "(False, True)" ]
}

@test "the next hop does not answer ARP: it is named, and what is sent is lost" {
	host "$send"'
		prt route add default via 10.0.1.1
		ask 8.8.8.8
		send 8.8.8.8
		ip neigh show dev enp5s0
		again
		prt -j explain 8.8.8.8
		echo 8.8.8.8 | prt explain -b -
		ip neigh replace 10.0.1.1 lladdr 00:00:5e:00:01:01 dev enp5s0 nud reachable
		again
		ask -d 8.8.8.8'
	shows "unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12 kernel agrees" \
		"sent: EHOSTUNREACH" "10.0.1.1 FAILED" \
		"unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12 kernel agrees" \
		"neighbour 10.0.1.1 did not answer ARP when it was last asked: FAILED on enp5s0" \
		"cure see that it is up and on this link: its address, the cable, the VLAN" \
		'"verdict":"unicast"' \
		"8.8.8.8: unicast: sent via 10.0.1.1 dev enp5s0 from 10.0.1.12, but 10.0.1.1 has not answered ARP; kernel agrees" \
		"unicast: sent via 10.0.1.1 dev enp5s0" \
		"neighbour 10.0.1.1: REACHABLE on enp5s0, lladdr 00:00:5e:00:01:01"
	[ "$(grep -c 'not answer' <<<"$output")" = 3 ]
	line=$(grep -n '^{' <<<"$output" | cut -d: -f1)
	[ "$(json $((line - 1)) 'd["neighbour"], [n["name"] for n in d["notes"]], d["remedy"]')" = \
		"({'dst': '10.0.1.1', 'dev': 'enp5s0', 'state': ['FAILED']}, ['neighbour'], [])" ]
	[[ $(json $((line - 1)) 'd["notes"][0]["says"]') == \
		"10.0.1.1 did not answer ARP when it was last asked: FAILED on enp5s0"* ]]
}

@test "on a link without ARP nobody is asked for" {
	host 'ip tuntap add t0 mode tun
		ip link set t0 up
		ip addr add 10.8.0.1/24 dev t0
		ask -d 10.8.0.7
		ask -d 10.0.1.7'
	shows "unicast: sent dev t0" "unicast: sent dev enp5s0" "neighbour 10.0.1.7: not asked for on enp5s0 yet"
	[ "$(grep -c neighbour <<<"$output")" = 1 ]
}

@test "a neighbour that is still asked for" {
	host 'ip neigh add 10.0.1.7 dev enp5s0 nud incomplete
		ask 10.0.1.7
		ask 192.168.235.7 from 10.0.1.9 iif enp5s0
		ip neigh add 192.168.235.7 dev enp3s0 nud failed
		again'
	shows "unicast: sent dev enp5s0" \
		"neighbour 10.0.1.7 has not answered ARP yet: INCOMPLETE on enp5s0; the packet waits, and is lost if nobody does (EHOSTUNREACH)" \
		"unicast: forwarded dev enp3s0" "unicast: forwarded dev enp3s0" \
		"neighbour 192.168.235.7 did not answer ARP when it was last asked: FAILED on enp3s0"
}

@test "IPv6: neighbour discovery; a snapshot has no neighbours and says nothing" {
	host "$send"'
		ip -6 addr add 2001:db8:5::12/64 dev enp5s0 nodad
		prt -6 route add default via 2001:db8:5::1
		send 2001:db8::8
		ask 2001:db8::8
		prt snapshot host.json
		prt explain -F host.json 2001:db8::8
		ip neigh add 2001:db8:5:0:1:: dev enp5s0 nud failed
		echo 2001:db8:5:0:1:: | prt explain -b -'
	shows "sent: EHOSTUNREACH" "unicast: sent via 2001:db8:5::1 dev enp5s0" \
		"neighbour 2001:db8:5::1 did not answer ND when it was last asked: FAILED on enp5s0" \
		", but 2001:db8:5:0:1:: has not answered ND; kernel agrees"
	[ "$(grep -c neighbour <<<"$output")" = 1 ]
}

@test "many questions: the neighbours are read together, and each is told of his own" {
	host 'ip neigh add 10.0.1.7 dev enp5s0 nud failed
		ip neigh add 10.0.1.8 dev enp5s0 lladdr 00:00:5e:00:01:01 nud reachable
		for i in {2..40}; do echo 10.0.1.$i; done | prt explain -b - >out
		grep -c "" out; grep "has not answered" out
		for i in {2..40}; do echo 10.0.1.$i; done | ASAN_OPTIONS=detect_leaks=0 strace -f -e trace=network -o calls prt explain -b - >/dev/null
		grep -c RTM_GETNEIGH calls'
	shows 39 "10.0.1.7: unicast: sent dev enp5s0 from 10.0.1.12, but 10.0.1.7 has not answered ARP; kernel agrees" 1
}

@test "watch: a neighbour that stops to answer changes the answer" {
	host 'prt route add default via 10.0.1.1
		prt watch --timeout 20 --count 3 8.8.8.8 >out &
		until [ -s out ] || [ ! -e /proc/$! ]; do sleep .05; done
		ip neigh add 10.0.1.1 dev enp5s0 nud failed
		until [ "$(wc -l <out)" = 2 ] || [ ! -e /proc/$! ]; do sleep .05; done
		ip neigh replace 10.0.1.1 lladdr 00:00:5e:00:01:01 dev enp5s0 nud reachable
		wait
		cat out'
	[[ ${lines[0]} == *"dev enp5s0 from 10.0.1.12; kernel agrees" ]]
	[[ ${lines[1]} == *"from 10.0.1.12, but 10.0.1.1 has not answered ARP; kernel agrees" ]]
	[[ ${lines[2]} == *"dev enp5s0 from 10.0.1.12; kernel agrees" ]]
}

@test "no carrier on the way out: the route is taken, and the packet lost" {
	host 'prt route add 30.0.0.0/8 via 192.168.235.1
		carrier_gone enp3s0
		ask 30.0.0.1
		ask 10.0.1.12 from 192.168.235.7 iif enp3s0
		echo 192.168.235.7 | prt explain -b -
		prt snapshot host.json
		prt explain -F host.json 30.0.0.1
		ip link set p3 up
		carrier enp3s0
		ask 30.0.0.1'
	shows "unicast: sent via 192.168.235.1 dev enp3s0" \
		"link enp3s0 has no carrier: what is sent there is lost" \
		"cure bring back the carrier of the link: its other end, the cable" \
		"link enp3s0 has no carrier: nothing comes in by it" \
		"192.168.235.7: unicast: sent dev enp3s0 from 192.168.235.14, but enp3s0 has no carrier; kernel agrees" \
		"link enp3s0 has no carrier: what is sent there is lost" "unicast: sent via 192.168.235.1"
	[ "$(grep -c 'has no carrier' <<<"$output")" = 4 ]
}

@test "the link of the destination's network is down: the cure brings it up" {
	host 'ip link set enp5s0 down
		ask 10.0.1.7
		cure
		again
		ip link set enp5s0 down
		ask 10.0.1.7 from 192.168.235.7 iif enp3s0
		cure
		again'
	shows "NO ROUTE to 10.0.1.7 kernel agrees (ENETUNREACH)" \
		"link enp5s0 is down: the destination is in the network of its 10.0.1.12/24" \
		"cure ip link set enp5s0 up" "+ ip link set enp5s0 up" "unicast: sent dev enp5s0" \
		"NO ROUTE to 10.0.1.7 kernel agrees" "+ ip link set enp5s0 up" \
		"unicast: forwarded dev enp5s0"
	[[ $output != *GATEWAY* ]]
}

@test "a link that is down had a nearer route than the one that is taken" {
	host 'prt route add default via 192.168.235.1
		ip link set enp5s0 down
		ask 10.0.1.7
		cure
		again
		ip link set enp5s0 down
		ask 192.168.235.14 from 10.0.1.9 iif enp5s0
		cure
		again'
	shows "unicast: sent via 192.168.235.1 dev enp3s0" \
		"link enp5s0 is down: the destination is in the network of its 10.0.1.12/24" "+ ip link set enp5s0 up" \
		"unicast: sent dev enp5s0" "local: for this host" \
		"link enp5s0 is down: nothing comes in by it" "+ ip link set enp5s0 up" \
		"local: for this host"
}

@test "an address without a route of its network: to bring up its link is no cure" {
	host 'ip link set enp5s0 down
		ip addr del 10.0.1.12/24 dev enp5s0
		ip addr add 10.0.1.12/24 dev enp5s0 noprefixroute
		ask 10.0.1.7
		prt route add default via 192.168.235.1
		again'
	shows "NO ROUTE to 10.0.1.7" "cure prt route add 10.0.1.7 via GATEWAY" "unicast: sent via"
	[[ $output != *"is down"* && $output != *"link set"* ]]
}

@test "lo is down, as in a new namespace" {
	run -0 unshare -rn bash -ec "source '$BATS_TEST_DIRNAME/explain_say.bash'
		ask 127.0.0.1
		cure
		again
		ip link set lo down
		ask ::1
		cure
		again"
	shows "NO ROUTE to 127.0.0.1" "+ ip link set lo up" "local: to this host itself" \
		"NO ROUTE to ::1" "+ ip link set lo up" "local: to this host itself"
}

@test "too long for the way out: sent in fragments, or refused to a socket that forbids them" {
	host "$send"'
		ip link set enp5s0 mtu 1400
		ip neigh add 10.0.1.7 lladdr 00:00:5e:00:01:01 dev enp5s0
		ask 10.0.1.7 len 1500
		python3 -c "
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.setsockopt(socket.SOL_IP, 10, 2)  # IP_MTU_DISCOVER, IP_PMTUDISC_DO
for n in 1400, 1401:
    try:
        s.sendto(bytes(n - 28), (\"10.0.1.7\", 9))
        print(n, \"sent\")
    except OSError as e:
        print(n, e.strerror)
"
		python3 -c "
import socket
socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(bytes(4000), (\"10.0.1.7\", 9))"
		echo "fragments $(awk "/^Ip: [0-9]/ { print \$20 }" /proc/net/snmp)"
		ask -d 10.0.1.7 len 1400
		prt -j explain 10.0.1.7 len 1401
		prt route add 10.0.1.7 dev enp5s0 mtu 1300
		echo "10.0.1.7 len 1301" | prt explain -b -'
	shows "unicast: sent dev enp5s0" \
		"mtu 1500 bytes are 100 too long for the 1400 of enp5s0: sent in fragments, or refused (EMSGSIZE) where the socket forbids them" \
		"cure send less" "1400 sent" "1401 Message too long" "fragments 3" "unicast: sent dev enp5s0" \
		"mtu 1400 of enp5s0" '"len":1401' "unicast: sent dev enp5s0 from 10.0.1.12, but in one piece 1301 bytes are 1 too long for the 1300 of the route; kernel agrees"
	line=$(grep -n '^{' <<<"$output" | cut -d: -f1)
	[ "$(json $((line - 1)) '(d["mtu"], *map(d["notes"][0].get, ("name", "lost", "maybe")))')" = \
		"(1400, 'mtu', False, True)" ]
}

@test "too long for the way out: dropped when forwarded, and the sender is told" {
	host 'others
		ip link set enp3s0 mtu 1400
		for len in 1400 1401; do
			ask 192.168.235.77 from 10.0.1.9 iif enp5s0 len $len
			wire enp5s0 10.0.1.9 192.168.235.77 $len
		done
		prt route add 192.168.235.77 dev enp3s0 mtu 1300
		ask 192.168.235.77 from 10.0.1.9 iif enp5s0 len 1400
		wire enp5s0 10.0.1.9 192.168.235.77 1400
		prt snapshot host.json
		prt explain -F host.json 192.168.235.77 from 10.0.1.9 iif enp5s0 len 1400
		echo "${question[*]}" | prt explain -b -'
	shows "unicast: forwarded dev enp3s0" "wire enp3s0: request 10.0.1.9 > 192.168.235.77" \
		"mtu 1401 bytes are 1 too long for the 1400 of enp3s0: it goes on in fragments; with DF it is dropped, and 10.0.1.9 is told (ICMP fragmentation needed, mtu 1400)" \
		"wire enp5s0: ICMP 3/4 mtu 1400 10.0.1.12 > 10.0.1.9" \
		"mtu 1400 bytes are 100 too long for the 1300 of the route: it goes on in fragments; with DF" \
		"wire enp5s0: ICMP 3/4 mtu 1300 10.0.1.12 > 10.0.1.9" \
		"mtu 1400 bytes are 100 too long for the 1300 of the route: it goes on in fragments; with DF" \
		"dev enp3s0, but with DF 1400 bytes are 100 too long for the 1300 of the route; kernel agrees"
	[ "$(grep -c 'wire enp3s0' <<<"$output")" = 1 ]
}

@test "IPv6: packet too big" {
	host 'others
		sysctl -qw net.ipv6.conf.all.forwarding=1
		ip addr add 2001:db8:3::1/64 dev enp3s0 nodad
		ip addr add 2001:db8:5::1/64 dev enp5s0 nodad
		ip neigh add 2001:db8:3::7 lladdr $them dev enp3s0
		ip neigh add 2001:db8:5::9 lladdr $them dev enp5s0
		sysctl -qw net.ipv6.conf.enp3s0.mtu=1400
		for len in 1400 1401; do
			ask 2001:db8:3::7 from 2001:db8:5::9 iif enp5s0 len $len
			wire enp5s0 2001:db8:5::9 2001:db8:3::7 $len
		done
		prt -j explain "${question[@]}"
		echo "${question[*]}" | prt explain -b -'
	shows "unicast: forwarded dev enp3s0" "wire enp3s0: request 2001:db8:5::9 > 2001:db8:3::7" \
		"mtu 1401 bytes are 1 too long for the 1400 of enp3s0: it is dropped, and 2001:db8:5::9 is told (ICMPv6 packet too big, mtu 1400)" \
		"wire enp5s0: ICMPv6 2/0 mtu 1400" '"lost":true' \
		"dev enp3s0, but 1401 bytes are 1 too long for the 1400 of enp3s0; kernel agrees"
	[ "$(grep -c 'wire enp3s0' <<<"$output")" = 1 ]
}
