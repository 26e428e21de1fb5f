#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
load lib
load both

setup() {
	need_ip_6_1
}

# `prt get` is `ip route get`
@test "get: addresses, marks, interfaces, ports, flags" {
	both <<'END'
x route add default via 10.0.0.254
x route add 192.0.2.0/24 via 10.0.0.2 proto static mtu 1400
x route add 192.0.3.0/24 nexthop via 10.0.0.2 nexthop via 10.1.0.2
x route add blackhole 192.0.4.0/24
x route add 192.0.5.0/24 via 10.1.0.9 table 100
x -6 route add default via 2001:db8::fe
x -6 route add fd00:1::/64 via 2001:db8:1::2 mtu 1300
sys ip rule add fwmark 5 table 100
sys ip rule add iif v1 table 100
sys sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
sed 's/^/route get /' >ask <<'EOS'
8.8.8.8
10.0.0.7
10.0.0.1
127.0.0.1
10.0.0.255
224.0.0.1
255.255.255.255
0.0.0.0
to 8.8.8.8
8.8.8.8/24
default
any
192.0.2.1
192.0.4.1
192.0.5.1
192.0.5.1 mark 5
192.0.5.1 mark 0
8.8.8.8 from 10.0.0.1
8.8.8.8 from 10.0.0.9 iif v0
192.0.5.1 from 10.1.0.9 iif v1
10.0.0.1 from 10.0.0.9 iif v0
10.0.0.9 from 10.0.0.8 iif v0
8.8.8.8 oif v1
8.8.8.8 dev v1
8.8.8.8 tos 0x10
8.8.8.8 uid 1000
8.8.8.8 ipproto tcp sport 1 dport 2
8.8.8.8 connected
fibmatch 8.8.8.8
fibmatch 192.0.2.1
fibmatch 192.0.3.1
fibmatch 192.0.4.1
fibmatch 10.0.0.1
8.8.8.8 1.1.1.1
2001:db8::9
fd00:1::1
fd00:2::1
::1
ff02::1 oif v0
fd00:1::1 from 2001:db8::9 iif v0
fd00:1::1 mark 7
fd00:1::1 fibmatch
fd00:1::1/64
fd00:1::1 uid 5
fd00:1::1 connected
2001:db8::1
EOS
for f in '' -j '-d -s' '-o -N' '-j -d -s'; do x $f -force -batch ask; done
while read -r q; do
	x route get $q
	x -j route get $q
done <<'EOS'
8.8.8.8 as to 1.2.3.4
192.0.4.1
8.8.8.8 oif nosuch
8.8.8.8 iif nosuch
8.8.8.8 uid x
8.8.8.8 ipproto 17 dport 70000
8.8.8.8 ipproto nosuch
8.8.8.8 fibmatch connected
8.8.8.8 vrf v0
8.8.8.8 from fd00::1
8.8.8.8 table 100
zz
from 10.0.0.1
help
EOS
END
}

@test "get is route get, and a batch answers in the order asked" {
	# shellcheck disable=SC2016
	run -0 unshare -rn bash -c 'ip link set lo up
		prt get 127.0.0.1; prt route get 127.0.0.1
		printf "route get 127.0.0.%d\n" $(seq 1 120) | ip -batch - >"$0/a"
		printf "route get 127.0.0.%d\n" $(seq 1 120) | prt -batch - >"$0/b"
		cmp "$0/a" "$0/b" && grep -c cache "$0/b"' "$BATS_TEST_TMPDIR"
	[ "${lines[0]}" = "${lines[2]}" ]
	[ "${lines[4]}" = 120 ]
}

@test "a batch shows answers, lists and saved routes in the order of its lines" {
	both <<'END'
printf '%s\n' 'route get 10.0.0.7' 'route add 192.0.2.0/24 dev v0' 'route get 192.0.2.1' 'route show' \
	'route get 10.0.0.1' 'route flush 192.0.2.0/24' 'route get 192.0.2.1' >b
x -batch b
x -j -force -batch b
x -force -batch b
END
}
