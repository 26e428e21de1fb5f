#!/usr/bin/env bats
# SPDX-License-Identifier: GPL-2.0-or-later
#
# lvsctl rs on a real server of a real director.
#
#   c: client --c0-- d0 director d --d1-- s0 real server s
#      10.0.0.1      10.0.0.254   10.2.0.254  10.2.0.1         2001:db8:1:: 2001:db8:2::
#      `------c1------------- 10.3.0.0/24 -------------s1 ------´   the answers' way
load lib

VIP=10.9.0.9 VIP6=2001:db8:9::9
ECHO=$LAB_TOP/tests/cli/udp_echo.py

setup() {
	local name
	progress "$BATS_TEST_NAME"
	load_modules ip_vs ip_vs_rr ip_vs_wrr ipip ip6_tunnel
	namespaces c d s
	veth c c0 10.0.0.1/24,2001:db8:1::1/64 d d0 10.0.0.254/24,2001:db8:1::fe/64
	veth d d1 10.2.0.254/24,2001:db8:2::fe/64 s s0 10.2.0.1/24,2001:db8:2::1/64
	veth c c1 10.3.0.1/24,2001:db8:3::1/64 s s1 10.3.0.2/24,2001:db8:3::2/64
	for name in c s; do
		sysctls "$name" net.ipv4.conf.all.rp_filter=0
	done
	ip -n c route add default via 10.0.0.254
	ip -n c -6 route add default via 2001:db8:1::fe
	ip -n s route add default via 10.3.0.1
	ip -n s -6 route add default via 2001:db8:3::1
	ip -n d address add $VIP/32 dev d0
	ip -n d address add $VIP6/128 dev d0 nodad
	wait_for 20 settled
}

# The link-local addresses of the real server's two links are no longer tentative: what
# changes by itself must not be in a comparison of before and after.
settled() {
	(($(ip -n s -6 -o address show scope link -tentative | wc -l) == 2))
}

teardown() {
	lab_end
}

# All that rs may change, of the real server. IPv6 gives tunl0 sysctls of its own when it is first up.
found() {
	at s grep -r . /proc/sys/net/ipv4/conf /proc/sys/net/ipv6/conf 2>/dev/null |
		grep -vE 'stable_secret|ipv6/conf/tunl0/'
	ip -n s -o address show | sed 's/valid_lft.*//'
	ip -n s -br link show
	ls /run/netpath 2>/dev/null || true
}

# balance MODEL: the two services, with the real server by -g or -i
balance() {
	at d ipvsadm -A -u $VIP:7 -s rr
	at d ipvsadm -a -u $VIP:7 -r 10.2.0.1:7 "$1"
	at d ipvsadm -A -u "[$VIP6]:7" -s rr
	at d ipvsadm -a -u "[$VIP6]:7" -r "[2001:db8:2::1]:7" "$1"
}

ask() {
	progress "$BATS_TEST_NAME: ask $1"
	at c python3 "$ECHO" ask "$1" "${2:-5}"
}

serve() {
	background s python3 "$ECHO" serve $VIP $VIP6 >"$BATS_TEST_TMPDIR/said"
	wait_for 20 grep -q ready "$BATS_TEST_TMPDIR/said"
}

# serves MODE OPTION: start, start again, traffic, status, stop
serves() {
	balance "$2"
	progress "$BATS_TEST_NAME: start"
	found >"$BATS_TEST_TMPDIR/before"
	at s lvsctl rs start $VIP "$1"
	at s lvsctl rs start $VIP6 "$1"
	found >"$BATS_TEST_TMPDIR/started"
	progress "$BATS_TEST_NAME: again"
	at s lvsctl rs start $VIP
	at s lvsctl rs start $VIP6 "$1"
	found | diff "$BATS_TEST_TMPDIR/started" -
	at s lvsctl rs status
	serve
	ask $VIP
	ask $VIP6
	at s lvsctl rs stop $VIP
	at s lvsctl rs stop $VIP6
	found | diff "$BATS_TEST_TMPDIR/before" -
	run -3 at s lvsctl rs status
}

@test "DR: the real server answers clients, and is as it was after stop" {
	serves dr -g
}

@test "TUN: the real server answers clients, and is as it was after stop" {
	serves tun -i
}
